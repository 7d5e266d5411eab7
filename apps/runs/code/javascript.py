"""JavaScript for Node 18 and later, with nothing but what it brings; without files it runs in a browser too."""

from .literals import Dialect, json_quote, value
from .sample import VARIABLE, Composed, FormPart, Sample


def composed(text: Composed) -> str:
    files = [f"await encoded({json_quote(name)})" for name in text.files]
    pieces = [json_quote(piece) if piece else "" for piece in text.pieces]
    both = [item for pair in zip(pieces, [*files, ""], strict=True) for item in pair]
    return " + ".join(filter(None, both))


def _key(name: str) -> str:
    """`__proto__: …` would not make a property of that name but another prototype."""
    quoted = json_quote(name)
    if name == "__proto__":
        return f"[{quoted}]"
    return name if name.isascii() and name.isidentifier() else quoted


DIALECT = Dialect(json_quote, composed, _key, padding=" ")

ENCODED = """import { readFile } from "node:fs/promises";

const encoded = async (name) => (await readFile(name)).toString("base64");

"""
WRITE = 'import { writeFile } from "node:fs/promises";\n\n'
STREAM = {
    "openai_chat": 'process.stdout.write(event.choices?.[0]?.delta?.content ?? "");',
    "openai_responses": 'if (event.type === "response.output_text.delta") process.stdout.write(event.delta);',
    "anthropic_messages": 'if (event.type === "content_block_delta") process.stdout.write(event.delta.text ?? "");',
    "gemini": """for (const part of event.candidates?.[0]?.content?.parts ?? [])
  if (!part.thought) process.stdout.write(part.text ?? "");""",
    "openai_images": """if (event.type?.endsWith(".completed"))
  await writeFile("result.png", Buffer.from(event.b64_json, "base64"));""",
}
WHOLE = {
    "openai_chat": "console.log(answer.choices[0].message.content);",
    "openai_responses": """for (const item of answer.output)
  for (const part of item.content ?? []) console.log(part.text ?? "");""",
    "anthropic_messages": 'for (const block of answer.content) console.log(block.text ?? "");',
    "gemini": """for (const part of answer.candidates[0].content.parts)
  if (!part.thought) console.log(part.text ?? "");""",
    "openai_images": """for (const [number, image] of answer.data.entries()) {
  if (image.b64_json) await writeFile(`result-${number + 1}.png`, Buffer.from(image.b64_json, "base64"));
  else console.log(image.url);
}""",
    "gemini_images": """for (const [number, part] of answer.candidates[0].content.parts.entries()) {
  if (part.inlineData) await writeFile(`result-${number + 1}.png`, Buffer.from(part.inlineData.data, "base64"));
  else if (!part.thought) console.log(part.text ?? "");
}""",
}
LINES = """let rest = "";
for await (const chunk of reply.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + chunk).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    if (!line.startsWith("data:") || line.slice(5).trim() === "[DONE]") continue;
    const event = JSON.parse(line.slice(5));
"""


def write(sample: Sample) -> str:
    headers = "".join(f"    {_key(name)}: {with_key(pieces)},\n" for name, pieces in sample.headers)
    body, sent = _body(sample)
    reading = _reading(sample)
    return (
        _imports(sample, "writeFile(" in reading)
        + body
        + f"const reply = await fetch({with_key(sample.url)}, {{\n  method: {json_quote(sample.method)},\n"
        + f"  headers: {{\n{headers}  }},\n{sent}}});\n"
        + "if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);\n\n"
        + reading
    )


def _imports(sample: Sample, writes: bool) -> str:
    if not sample.form:
        return (ENCODED if sample.files else "") + (WRITE if writes else "")
    reads = any(part.file for part in sample.form)
    names = ", ".join([*(["readFile"] if reads else []), *(["writeFile"] if writes else [])])
    return f'import {{ {names} }} from "node:fs/promises";\n\n' if names else ""


def _body(sample: Sample) -> tuple[str, str]:
    """The lines that make the body, and how it is given."""
    if sample.form:
        parts = "".join(f"body.append({_part(part)});\n" for part in sample.form)
        return f"const body = new FormData();\n{parts}\n", "  body,\n"
    if sample.body is None:
        return "", ""
    return f"const body = {value(DIALECT, sample.body)};\n\n", "  body: JSON.stringify(body),\n"


def _part(part: FormPart) -> str:
    if not part.file:
        return f"{json_quote(part.field)}, {json_quote(part.text)}"
    blob = f"new Blob([await readFile({json_quote(part.file)})], {{ type: {json_quote(part.media_type)} }})"
    return f"{json_quote(part.field)}, {blob}, {json_quote(part.file)}"


def with_key(pieces: tuple[str, ...]) -> str:
    texts = [json_quote(piece) if piece else "" for piece in pieces]
    both = [item for text in texts for item in (text, f"process.env.{VARIABLE}")][:-1]
    return " + ".join(filter(None, both)) or '""'


def _reading(sample: Sample) -> str:
    if sample.saves:
        return f"await writeFile({json_quote(sample.saves)}, Buffer.from(await reply.arrayBuffer()));\n"
    if not sample.is_stream:
        return "const answer = await reply.json();\n" + WHOLE.get(sample.format, "console.log(answer);") + "\n"
    lines = STREAM.get(sample.format, "console.log(event);").split("\n")
    return LINES + "".join(f"    {line}\n" for line in lines) + '  }\n}\nprocess.stdout.write("\\n");\n'
