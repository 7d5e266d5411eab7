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
}


def write(sample: Sample) -> str:
    headers = [f"        {quote(name)}: {with_key(pieces)},\n" for name, pieces in sample.headers]
    imports = [*(["base64"] if sample.files else []), "json", "os", "sys", "urllib.error", "urllib.request"]
    body = "" if sample.body is None else f"\nbody = {value(DIALECT, sample.body)}\n"
    data = "" if sample.body is None else "    data=json.dumps(body).encode(),\n"
    return (
        "".join(f"import {name}\n" for name in imports)
        + (ENCODED + "\n" if sample.files else "")
        + f"{body}\nrequest = urllib.request.Request(\n    {with_key(sample.url)},\n{data}"
        + f'    headers={{\n{"".join(headers)}        "user-agent": "example",\n    }},\n'
        + f"    method={quote(sample.method)},\n)\ntry:\n    reply = urllib.request.urlopen(request)\n"
        + "except urllib.error.HTTPError as error:\n"
        + '    sys.exit(f"{error.code} {error.read().decode()}")\n'
        + _reading(sample)
    )


def with_key(pieces: tuple[str, ...]) -> str:
    """A text with the key in it, as an expression."""
    texts = [quote(piece) if piece else "" for piece in pieces]
    both = [item for text in texts for item in (text, f'os.environ["{VARIABLE}"]')][:-1]
    return " + ".join(filter(None, both)) or '""'


def _reading(sample: Sample) -> str:
    if not sample.is_stream:
        return "answer = json.load(reply)\n" + WHOLE.get(sample.format, "print(answer)") + "\n"
    lines = STREAM.get(sample.format, "print(event)").split("\n")
    return (
        "for line in reply:\n"
        '    if line.startswith(b"data:") and line[5:].strip() != b"[DONE]":\n'
        "        event = json.loads(line[5:])\n" + "".join(f"        {line}\n" for line in lines) + "print()\n"
    )
