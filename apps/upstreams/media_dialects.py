"""In which media dialects a model may be asked to make something, and in which by default.

The administrator's word comes first, then what the catalogue says, then the vendor's own API, then the model's name.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from apps.wire.media.dialects import DIALECTS, get, of_family

if TYPE_CHECKING:
    from .models import Model

# Catalogues' words for where a model can be asked, new-api's first; a dialect's own name counts too.
TYPES = {
    "image-generation": "openai_images",
    "openai-video": "openai_videos",
    "video": "video_generations",
    "audio-speech": "openai_speech",
    "audio-transcription": "openai_transcription",
    "embeddings": "openai_embeddings",
    "jina-rerank": "jina_rerank",
}
GOOGLE = "generativelanguage.googleapis.com"
# By family: the first pattern that the model's name fits decides.
LIKELY = {
    "images": [
        (r"^gpt-image|dall-?e|imagen|flux|seedream|qwen-image|stable|sd3|sdxl", "openai_images"),
        (r"gemini|nano-?banana|sandbox-banana", "gemini_images"),
        (r"image-chat", "chat_images"),
    ],
    "video": [
        (r"video-v2|\bveo-?[23]", "video_v2"),
        (r"video-create", "video_create"),
        (r"video-generations|sandbox-veo", "video_generations"),
        (r"sora|^(sandbox|fault)-video", "openai_videos"),
        (r"", "video_generations"),
    ],
    "embeddings": [(r"gemini-embedding|^text-embedding-00\d|^embedding-001", "gemini_embeddings")],
    "rerank": [(r"^rerank-(v\d|english|multilingual)|cohere", "cohere_rerank")],
}


def dialects_of_types(types: Iterable[str]) -> list[str]:
    """The dialects that a catalogue's endpoint types name."""
    named = (TYPES.get(kind, kind) for kind in types)
    return [name for name in dict.fromkeys(named) if name in DIALECTS]


def families_of(model: "Model") -> list[str]:
    """What it makes: its abilities that have a studio or a bench."""
    return [name for name in dict.fromkeys(dialect.family for dialect in DIALECTS.values()) if name in _makes(model)]


def _makes(model: "Model") -> set[str]:
    chosen = [get(name).family for name in (model.own_dialect, *model.stated_dialects) if name in DIALECTS]
    return {*model.capabilities, *chosen}


def dialects_of(model: "Model", family: str = "") -> list[str]:
    """The dialects that may be chosen for it, of all that it makes or of one family; its default comes first."""
    families = [family] if family else families_of(model)
    return [name for each in families for name in _of(model, each)]


def _of(model: "Model", family: str) -> list[str]:
    if family not in _makes(model):
        return []
    first = default(model, family)
    return sorted((dialect.name for dialect in of_family(family)), key=lambda name: name != first)


def default(model: "Model", family: str) -> str:
    """The dialect in which the model is asked at first; '' where there is none of that family."""
    names = [dialect.name for dialect in of_family(family)]
    return next((name for name in _wanted(model, family) if name in names), names[0] if names else "")


def _wanted(model: "Model", family: str) -> Iterable[str]:
    yield model.own_dialect
    yield from model.stated_dialects
    if model.upstream.base_url.partition("://")[2] == GOOGLE:
        yield f"gemini_{family}"
    for pattern, name in LIKELY.get(family, ()):
        if re.search(pattern, model.name.lower()):
            yield name
    if family == "images" and "chat" in model.capabilities:
        yield "chat_images"
