"""Python with the vendor's package: openai, anthropic, google-genai."""

from typing import Any

from . import python, sdk
from .literals import Expression, value
from .python import quote
from .sample import VARIABLE, Composed, Sample

_CLIENTS = {
    sdk.CHAT: ("openai", "OpenAI", "client.chat.completions.create"),
    sdk.RESPONSES: ("openai", "OpenAI", "client.responses.create"),
    sdk.MESSAGES: ("anthropic", "Anthropic", "client.messages.create"),
}
_STREAM = {
    sdk.CHAT: """for chunk in answer:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
print()
""",
    sdk.RESPONSES: """for event in answer:
    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)
print()
""",
    sdk.MESSAGES: """for event in answer:
    if event.type == "content_block_delta" and event.delta.type == "text_delta":
        print(event.delta.text, end="", flush=True)
print()
""",
    sdk.GEMINI: """for chunk in answer:
    print(chunk.text or "", end="", flush=True)
print()
""",
}
_WHOLE = {
    sdk.CHAT: "print(answer.choices[0].message.content)\n",
    sdk.RESPONSES: "print(answer.output_text)\n",
    sdk.MESSAGES: 'print("".join(block.text for block in answer.content if block.type == "text"))\n',
    sdk.GEMINI: "print(answer.text)\n",
}


def write(sample: Sample) -> str:
    request = sdk.request(sample)
    if request is None:
        return python.write(sample)
    printing = (_STREAM if sample.is_stream else _WHOLE)[sample.format]
    if sample.format == sdk.GEMINI:
        return _gemini(sample, request) + printing
    package, name, method = _CLIENTS[sample.format]
    arguments = request.arguments | ({"extra_body": request.extra} if request.extra else {})
    return (
        _imports(f"from {package} import {name}", base64=bool(sample.files), encoded=bool(sample.files))
        + f"client = {name}(\n    base_url={quote(request.base_url)},\n    api_key={_key()},\n{_headers(request)})\n"
        + f"answer = {method}(\n{_arguments(arguments)})\n"
        + printing
    )


def _imports(package: str, *, base64: bool, encoded: bool = False) -> str:
    names = "import base64\nimport os\n" if base64 else "import os\n"
    return f"{names}\n{package}\n" + (f"{python.ENCODED}\n\n" if encoded else "\n")


def _key() -> str:
    return f'os.environ["{VARIABLE}"]'


def _headers(request: sdk.Request) -> str:
    if not request.headers:
        return ""
    return f"    default_headers={value(python.DIALECT, request.headers, '    ')},\n"


def _arguments(arguments: dict[str, Any]) -> str:
    return "".join(f"    {name}={value(python.DIALECT, data, '    ')},\n" for name, data in arguments.items())


def _gemini(sample: Sample, request: sdk.Request) -> str:
    options: dict[str, Any] = {"base_url": request.base_url, "api_version": request.version}
    if request.headers:
        options["headers"] = request.headers
    if request.extra:
        options["extra_body"] = request.extra
    arguments = _with_bytes(request.arguments)
    method = "generate_content_stream" if sample.is_stream else "generate_content"
    decodes = "base64." in _arguments(arguments)
    return (
        _imports("from google import genai", base64=decodes)
        + f"client = genai.Client(\n    api_key={_key()},\n"
        + f"    http_options={value(python.DIALECT, options, '    ')},\n)\n"
        + f"answer = client.models.{method}(\n{_arguments(arguments)})\n"
    )


def _with_bytes(data: Any, name: str = "") -> Any:
    """The SDK wants bytes where REST has base64: in inline data and in signatures."""
    if isinstance(data, dict):
        return {key: _with_bytes(item, key) for key, item in data.items()}
    if isinstance(data, list):
        return [_with_bytes(item) for item in data]
    if name in ("data", "thoughtSignature"):
        if isinstance(data, Composed) and not any(data.pieces):
            return Expression(f'open({quote(data.files[0])}, "rb").read()')
        if isinstance(data, str):
            return Expression(f"base64.b64decode({quote(data)})")
    return data
