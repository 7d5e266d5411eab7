"""Python with nothing but its standard library."""

from .literals import Dialect, quoted, value
from .sample import VARIABLE, Composed, Sample


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def quote(text: str) -> str:
    return quoted(text, _escape)


def composed(text: Composed) -> str:
    files = [f"encoded({quote(name)})" for name in text.files]
    pieces = [quote(piece) if piece else "" for piece in text.pieces]
    both = [item for pair in zip(pieces, [*files, ""], strict=True) for item in pair]
    return " + ".join(filter(None, both))


DIALECT = Dialect(quote, composed, quote, true="True", false="False", null="None", step="    ")

ENCODED = """

def encoded(name):
    with open(name, "rb") as file:
        return base64.b64encode(file.read()).decode()
"""
STREAM = {
    "openai_chat": """for choice in event.get("choices") or []:
    print((choice.get("delta") or {}).get("content") or "", end="", flush=True)""",
    "openai_responses": """if event.get("type") == "response.output_text.delta":
    print(event["delta"], end="", flush=True)""",
    "anthropic_messages": """if event.get("type") == "content_block_delta":
    print(event["delta"].get("text", ""), end="", flush=True)""",
    "gemini": """for candidate in event.get("candidates") or []:
    for part in candidate.get("content", {}).get("parts", []):
        if not part.get("thought"):
            print(part.get("text", ""), end="", flush=True)""",
    "openai_images": """if event.get("type", "").endswith(".completed"):
    with open("result.png", "wb") as file:
        file.write(base64.b64decode(event["b64_json"]))""",
}
WHOLE = {
    "openai_chat": 'print(answer["choices"][0]["message"].get("content") or "")',
    "openai_responses": """for item in answer["output"]:
    for part in item.get("content") or []:
        print(part.get("text", ""))""",
    "anthropic_messages": """for block in answer["content"]:
    print(block.get("text", ""))""",
    "gemini": """for part in answer["candidates"][0]["content"]["parts"]:
    if not part.get("thought"):
        print(part.get("text", ""))""",
    "openai_images": """for number, image in enumerate(answer["data"], 1):
    if image.get("b64_json"):
        with open(f"result-{number}.png", "wb") as file:
            file.write(base64.b64decode(image["b64_json"]))
    else:
        print(image.get("url"))""",
    "gemini_images": """for number, part in enumerate(answer["candidates"][0]["content"]["parts"], 1):
    if "inlineData" in part:
        with open(f"result-{number}.png", "wb") as file:
            file.write(base64.b64decode(part["inlineData"]["data"]))
    elif not part.get("thought"):
        print(part.get("text", ""))""",
}


FORM = """boundary = uuid.uuid4().hex
body = b""
for name, text in fields:
    head = f'--{boundary}\\r\\nContent-Disposition: form-data; name="{name}"\\r\\n\\r\\n'
    body += f"{head}{text}\\r\\n".encode()
for name, path, kind in files:
    head = f'--{boundary}\\r\\nContent-Disposition: form-data; name="{name}"; filename="{path}"\\r\\n'
    with open(path, "rb") as file:
        body += f"{head}Content-Type: {kind}\\r\\n\\r\\n".encode() + file.read() + b"\\r\\n"
body += f"--{boundary}--\\r\\n".encode()
"""


def write(sample: Sample) -> str:
    headers = [f"        {quote(name)}: {with_key(pieces)},\n" for name, pieces in sample.headers]
    if sample.form:
        headers.append('        "content-type": f"multipart/form-data; boundary={boundary}",\n')
    body, data = _body(sample)
    encodes, reading = bool(sample.files) and not sample.form, _reading(sample)
    return (
        "".join(f"import {name}\n" for name in _imports(sample, encodes or "base64." in reading))
        + (ENCODED + "\n" if encodes else "")
        + f"{body}\nrequest = urllib.request.Request(\n    {with_key(sample.url)},\n{data}"
        + f'    headers={{\n{"".join(headers)}        "user-agent": "example",\n    }},\n'
        + f"    method={quote(sample.method)},\n)\ntry:\n    reply = urllib.request.urlopen(request)\n"
        + "except urllib.error.HTTPError as error:\n"
        + '    sys.exit(f"{error.code} {error.read().decode()}")\n'
        + reading
    )


def _imports(sample: Sample, in_base64: bool) -> list[str]:
    encodes = ["base64"] if in_base64 else []
    reads = ["json"] if sample.body is not None or not sample.saves else []
    forms = ["uuid"] if sample.form else []
    return [*encodes, *reads, "os", "sys", "urllib.error", "urllib.request", *forms]


def _body(sample: Sample) -> tuple[str, str]:
    """The lines that make the body, and how it is given."""
    if sample.form:
        texts = "".join(f"    ({quote(part.field)}, {quote(part.text)}),\n" for part in sample.form if not part.file)
        files = "".join(
            f"    ({quote(part.field)}, {quote(part.file)}, {quote(part.media_type)}),\n"
            for part in sample.form
            if part.file
        )
        return f"\nfields = [\n{texts}]\nfiles = [\n{files}]\n{FORM}", "    data=body,\n"
    if sample.body is None:
        return "", ""
    return f"\nbody = {value(DIALECT, sample.body)}\n", "    data=json.dumps(body).encode(),\n"


def with_key(pieces: tuple[str, ...]) -> str:
    """A text with the key in it, as an expression."""
    texts = [quote(piece) if piece else "" for piece in pieces]
    both = [item for text in texts for item in (text, f'os.environ["{VARIABLE}"]')][:-1]
    return " + ".join(filter(None, both)) or '""'


def _reading(sample: Sample) -> str:
    if sample.saves:
        return f'with open({quote(sample.saves)}, "wb") as file:\n    file.write(reply.read())\n'
    if not sample.is_stream:
        return "answer = json.load(reply)\n" + WHOLE.get(sample.format, "print(answer)") + "\n"
    lines = STREAM.get(sample.format, "print(event)").split("\n")
    return (
        "for line in reply:\n"
        '    if line.startswith(b"data:") and line[5:].strip() != b"[DONE]":\n'
        "        event = json.loads(line[5:])\n" + "".join(f"        {line}\n" for line in lines) + "print()\n"
    )
