"""What is listed: in new-api's shape, in Anthropic's and in Gemini's."""

from typing import Any

from .doors import CHAT, RESPONSES, served
from .drawing import DRAWING
from .faults import FAULTS
from .scenarios import SCENARIOS
from .studio.models import LISTED

CREATED, CREATED_AT = 1_626_777_600, "2021-07-20T10:40:00Z"
COUNTS = ("sandbox-count-200-50", "sandbox-count-300-40", "sandbox-count-400-40")
STATUSES = ("fault-400", "fault-401", "fault-403", "fault-404", "fault-429", "fault-429-once", "fault-500", "fault-502")


def names() -> list[str]:
    """The models, those that chat first. Any other count, status, size or pace may be asked for, too, unlisted."""
    return [*_chatting(), *LISTED]


def _chatting() -> list[str]:
    return [*SCENARIOS, *COUNTS, *sorted([*FAULTS, *STATUSES])]


def openai() -> dict[str, Any]:
    return {"success": True, "object": "list", "data": [entry(name) for name in names()]}


def entry(name: str) -> dict[str, Any]:
    """One model in new-api's shape. The types that it names are those of the formats that it is served in."""
    types = list(LISTED.get(name) or [door.listed for door in served()])
    if name == "sandbox-responses-only":
        types = [RESPONSES.listed]
    return {
        "id": name,
        "object": "model",
        "created": CREATED,
        "owned_by": "sandbox",
        "supported_endpoint_types": types or [CHAT.listed],
    }


def anthropic() -> dict[str, Any]:
    known = {"type": "model", "created_at": CREATED_AT, "lifecycle": "active"}
    data = [{**known, "id": name, "display_name": name} for name in _chatting()]
    return {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}


def gemini() -> dict[str, Any]:
    talks, embeds = ["generateContent", "streamGenerateContent"], ["embedContent", "batchEmbedContents"]
    methods = dict.fromkeys([*_chatting(), *DRAWING], talks) | {"sandbox-embed-google": embeds}
    models = [
        {"name": f"models/{name}", "displayName": name, "supportedGenerationMethods": known}
        for name, known in methods.items()
    ]
    return {"models": models, "nextPageToken": None}
