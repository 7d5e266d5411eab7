"""The fields of a reply that are understood, or known to say nothing to a reader. Others are shown as unrecognized.

Some gateways write names in snake_case, as the official API takes them.
"""

import re
from collections.abc import Iterable
from typing import Any

from .counts import COUNTS

RESPONSE = frozenset(
    {
        *("candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId", "createTime", "modelStatus"),
    }
)
CANDIDATE = frozenset(
    {
        *("content", "finishReason", "finishMessage", "index", "safetyRatings", "tokenCount", "avgLogprobs"),
        *("logprobsResult", "citationMetadata", "groundingMetadata", "groundingAttributions", "urlContextMetadata"),
    }
)
CONTENT = frozenset({"parts", "role"})
PART = frozenset(
    {
        *("text", "thought", "thoughtSignature", "functionCall", "inlineData", "fileData", "executableCode"),
        *("codeExecutionResult", "toolCall", "toolResponse", "audioTranscription"),
    }
)
BLOB = frozenset({"mimeType", "data", "displayName", "fileUri"})
FEEDBACK = frozenset({"blockReason", "blockReasonMessage", "safetyRatings"})
GROUNDING = frozenset(
    {
        *("webSearchQueries", "imageSearchQueries", "retrievalQueries", "groundingChunks", "groundingSupports"),
        *("searchEntryPoint", "retrievalMetadata", "googleMapsWidgetContextToken", "sourceFlaggingUris"),
    }
)
REQUEST = frozenset(
    {
        *("contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings"),
        *("cachedContent", "serviceTier", "functionDeclarations", "googleSearch", "googleSearchRetrieval"),
        *("codeExecution", "urlContext", "functionCallingConfig", "allowedFunctionNames", "parametersJsonSchema"),
        *("functionResponse", "partialArgs", "willContinue", "videoMetadata"),
    }
)


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found.group().lower()}", name)


def snakes(names: Iterable[str]) -> dict[str, str]:
    """Names as they should be by the names in snake_case."""
    return {_snake(name): name for name in names if _snake(name) != name}


_CAMEL = snakes(frozenset(COUNTS) | RESPONSE | CANDIDATE | PART | BLOB | FEEDBACK | GROUNDING | REQUEST)


def camelled(found: dict[str, Any]) -> dict[str, Any]:
    """The object under the names that this format has; names of others stay."""
    return {_CAMEL.get(name, name): value for name, value in found.items()}
