"""Models that refuse what others take, by name: a function of request and format that gives the error, or nothing."""

from collections.abc import Callable

from apps.wire.events import Failed
from apps.wire.messages import GenerationRequest, Message, ToolCall, ToolResult

from . import signatures

# In the vendors' own words, for clients know by them what to leave away when they ask once more.
NOT_AS_GIVEN = {
    "openai_chat": "Invalid `reasoning_details`: the thoughts are not as they were given.",
    "openai_responses": "The encrypted content could not be verified. Reason: it could not be decrypted or parsed.",
    "anthropic_messages": "messages.1.content.0: Invalid `signature` in `thinking` block",
    "gemini": "Thought signature is not valid.",
}
MISSING = {
    "openai_chat": "The `reasoning_content` in the thinking mode must be passed back to the API.",
    "openai_responses": "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item.",
    "anthropic_messages": "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found "
    "`tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.",
    "gemini": "Function call is missing a thought_signature in functionCall parts.",
}
ENCRYPTED = "invalid_encrypted_content"
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
    return Failed(NOT_AS_GIVEN[format], code=ENCRYPTED, status=400)


def _checked(request: GenerationRequest, format: str) -> Failed | None:
    if all(signatures.returned(request, format)):
        return None
    code = ENCRYPTED if format == "openai_responses" else ""
    return Failed(NOT_AS_GIVEN[format], code=code, param="messages", status=400)


def _checked_in_a_loop(request: GenerationRequest, format: str) -> Failed | None:
    """In a tool loop each round's thoughts must come back, in the order in which they were said."""
    missing = sum(_calls(message) for message in _since_the_prompt(request)) > len(
        list(signatures.returned(request, format))
    )
    if not missing:
        return _checked(request, format)
    return Failed(MISSING[format], param="messages", status=400)


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
