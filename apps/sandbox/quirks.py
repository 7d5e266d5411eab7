"""Models that refuse what others take, by name: a function of request and format that gives the error, or nothing."""

from collections.abc import Callable

from apps.wire.events import Failed
from apps.wire.messages import GenerationRequest, Message, ToolCall, ToolResult

from . import signatures

ELSEWHERE = {
    "anthropic_messages": "messages.1.content.0: Invalid `signature` in `thinking` block",
    "gemini": "Thought signature is not valid.",
}
Quirk = Callable[[GenerationRequest, str], Failed | None]


def find(model: str) -> Quirk:
    return QUIRKS.get(model, _takes_all)


def _takes_all(request: GenerationRequest, format: str) -> Failed | None:
    return None


def _whole_only(request: GenerationRequest, format: str) -> Failed | None:
    message = f"The model {request.model} does not support streaming. Set stream to false."
    return Failed(message, code="unsupported_value", param="stream", status=400) if request.stream else None


def _responses_only(request: GenerationRequest, format: str) -> Failed | None:
    message = "This model is only supported in v1/responses and not in v1/chat/completions."
    return None if format == "openai_responses" else Failed(message, param="model", status=404)


def _of_another_account(request: GenerationRequest, format: str) -> Failed | None:
    """What a pooled gateway does when the next turn comes to another account than the last."""
    if not any(True for _ in signatures.returned(request, format)):
        return None
    message = ELSEWHERE.get(format, "The encrypted content could not be verified: it belongs to another organization.")
    return Failed(message, code="invalid_encrypted_content", status=400)


def _checked(request: GenerationRequest, format: str) -> Failed | None:
    if all(signatures.returned(request, format)):
        return None
    name = signatures.PLACES[format].name
    return Failed(f"Invalid `{name}`: the thoughts are not as they were given.", param="messages", status=400)


def _checked_in_a_loop(request: GenerationRequest, format: str) -> Failed | None:
    """In a tool loop each round's thoughts must come back, in the order in which they were said."""
    missing = sum(_calls(message) for message in _since_the_prompt(request)) > len(
        list(signatures.returned(request, format))
    )
    if not missing:
        return _checked(request, format)
    name = signatures.PLACES[format].name
    return Failed(f"A call came back without its `{name}`.", param="messages", status=400)


def _since_the_prompt(request: GenerationRequest) -> list[Message]:
    prompts = [place for place, message in enumerate(request.messages) if _is_prompt(message)]
    return list(request.messages[prompts[-1] :] if prompts else request.messages)


def _is_prompt(message: Message) -> bool:
    return message.role == "user" and any(not isinstance(part, ToolResult) for part in message.parts)


def _calls(message: Message) -> bool:
    return any(isinstance(part, ToolCall) for part in message.parts)


QUIRKS: dict[str, Quirk] = {
    "sandbox-no-stream": _whole_only,
    "sandbox-other-account": _of_another_account,
    "sandbox-responses-only": _responses_only,
    "sandbox-signed": _checked,
    "sandbox-signed-tools": _checked_in_a_loop,
}
