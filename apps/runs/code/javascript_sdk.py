"""JavaScript with the vendor's package: openai, @anthropic-ai/sdk, @google/genai."""

from typing import Any

from . import javascript, sdk
from .literals import json_quote, value
from .sample import VARIABLE, Sample

_CLIENTS = {
    sdk.CHAT: ("openai", "OpenAI", "client.chat.completions.create"),
    sdk.RESPONSES: ("openai", "OpenAI", "client.responses.create"),
    sdk.MESSAGES: ("@anthropic-ai/sdk", "Anthropic", "client.messages.create"),
}
_STREAM = {
    sdk.CHAT: 'for await (const chunk of answer) process.stdout.write(chunk.choices[0]?.delta?.content ?? "");\n',
    sdk.RESPONSES: """for await (const event of answer)
  if (event.type === "response.output_text.delta") process.stdout.write(event.delta);
""",
    sdk.MESSAGES: """for await (const event of answer)
  if (event.type === "content_block_delta" && event.delta.type === "text_delta") process.stdout.write(event.delta.text);
""",
    sdk.GEMINI: 'for await (const chunk of answer) process.stdout.write(chunk.text ?? "");\n',
}
_WHOLE = {
    sdk.CHAT: "console.log(answer.choices[0].message.content);\n",
    sdk.RESPONSES: "console.log(answer.output_text);\n",
    sdk.MESSAGES: 'for (const block of answer.content) if (block.type === "text") console.log(block.text);\n',
    sdk.GEMINI: "console.log(answer.text);\n",
}


def write(sample: Sample) -> str:
    request = sdk.request(sample)
    if request is None:
        return javascript.write(sample)
    printing = _STREAM[sample.format] + 'process.stdout.write("\\n");\n' if sample.is_stream else _WHOLE[sample.format]
    encoded = javascript.ENCODED.partition("\n")[2] if sample.files else "\n"
    files = javascript.ENCODED.partition("\n")[0] + "\n" if sample.files else ""
    return files + (_gemini if sample.format == sdk.GEMINI else _plain)(sample, request, encoded) + printing


def _plain(sample: Sample, request: sdk.Request, encoded: str) -> str:
    package, name, method = _CLIENTS[sample.format]
    body = request.arguments | request.extra
    options = {"baseURL": request.base_url} | ({"defaultHeaders": request.headers} if request.headers else {})
    return (
        f"import {name} from {json_quote(package)};\n{encoded}"
        + f"const client = new {name}({{\n  apiKey: process.env.{VARIABLE},\n{_fields(options)}}});\n\n"
        + f"const answer = await {method}({value(javascript.DIALECT, body)});\n"
    )


def _gemini(sample: Sample, request: sdk.Request, encoded: str) -> str:
    options: dict[str, Any] = {"baseUrl": request.base_url, "apiVersion": request.version}
    if request.headers:
        options["headers"] = request.headers
    if request.extra:
        options["extraBody"] = request.extra
    method = "generateContentStream" if sample.is_stream else "generateContent"
    return (
        f'import {{ GoogleGenAI }} from "@google/genai";\n{encoded}'
        + f"const client = new GoogleGenAI({{\n  apiKey: process.env.{VARIABLE},\n"
        + f"{_fields({'httpOptions': options})}}});\n\n"
        + f"const answer = await client.models.{method}({value(javascript.DIALECT, request.arguments)});\n"
    )


def _fields(options: dict[str, Any]) -> str:
    return "".join(f"  {name}: {value(javascript.DIALECT, data, '  ')},\n" for name, data in options.items())
