"""What the vendors' SDKs have in common: where they are told to go, and which fields of a body they know by name."""

import re
from typing import Any

import msgspec

from .sample import Sample

CHAT, RESPONSES, MESSAGES, GEMINI = "openai_chat", "openai_responses", "anthropic_messages", "gemini"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Arguments that every version of an SDK takes; the rest of a body goes beside them, unchecked.
ARGUMENTS = {
    CHAT: _words(
        """audio frequency_penalty logit_bias logprobs max_completion_tokens max_tokens messages metadata modalities
        model n parallel_tool_calls prediction presence_penalty reasoning_effort response_format seed service_tier stop
        store stream stream_options temperature tool_choice tools top_logprobs top_p user web_search_options"""
    ),
    RESPONSES: _words(
        """background include input instructions max_output_tokens metadata model parallel_tool_calls
        previous_response_id reasoning service_tier store stream temperature text tool_choice tools top_p truncation
        user"""
    ),
    MESSAGES: _words(
        """max_tokens messages metadata model service_tier stop_sequences stream system thinking tool_choice tools"""
    ),
}
CONFIG = _words(
    """audioTimestamp cachedContent candidateCount frequencyPenalty imageConfig labels logprobs maxOutputTokens
    mediaResolution presencePenalty responseJsonSchema responseLogprobs responseMimeType responseModalities
    responseSchema safetySettings seed speechConfig stopSequences systemInstruction temperature thinkingConfig
    toolConfig tools topK topP"""
)
_PATHS = {CHAT: "/chat/completions", RESPONSES: "/responses", MESSAGES: "/v1/messages"}
_OWN_HEADERS = {"content-type", "anthropic-version"}
_GEMINI_URL = re.compile(r"(?P<base>.*)/(?P<version>v\d\w*)/models/(?P<model>[^:?]+):(?P<verb>\w+)")


class Request(msgspec.Struct, frozen=True):
    """`arguments` of the SDK's method, and what of the body it does not know (`extra`); `version` is Gemini's."""

    base_url: str
    arguments: dict[str, Any]
    extra: dict[str, Any]
    headers: dict[str, str]
    version: str = ""


def request(sample: Sample) -> Request | None:
    """None where no SDK speaks the format, or the request is not one that it would make."""
    if sample.method != "POST" or not isinstance(sample.body, dict):
        return None
    headers = {name: pieces[0] for name, pieces in sample.headers if len(pieces) == 1 and name not in _OWN_HEADERS}
    if sample.format == GEMINI:
        return _gemini(sample, headers)
    path = _PATHS.get(sample.format, "")
    url = sample.plain_url.partition("?")[0]
    if not path or not url.endswith(path):
        return None
    known = ARGUMENTS[sample.format]
    return Request(
        base_url=url.removesuffix(path),
        arguments={name: value for name, value in sample.body.items() if name in known},
        extra={name: value for name, value in sample.body.items() if name not in known},
        headers=headers,
    )


def _gemini(sample: Sample, headers: dict[str, str]) -> Request | None:
    """The SDK lays what REST has in generationConfig and beside it into one config."""
    found = _GEMINI_URL.match(sample.plain_url)
    if found is None or sample.body is None:
        return None
    body = dict(sample.body)
    contents = body.pop("contents", [])
    settings = body.pop("generationConfig", {})
    config = {**(settings if isinstance(settings, dict) else {}), **body}
    return Request(
        base_url=found["base"],
        arguments={
            "model": found["model"],
            "contents": contents,
            "config": {name: value for name, value in config.items() if name in CONFIG},
        },
        extra={name: value for name, value in config.items() if name not in CONFIG},
        headers=headers,
        version=found["version"],
    )
