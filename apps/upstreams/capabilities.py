"""What a model can do, from what its catalogue says, else from its name.

What it is for: chat, images, video, speech, transcription, music, realtime, embeddings, rerank, moderation.
What it can besides, where it chats: vision, pdf, audio, tools, reasoning, schema, prefill.
"""

import re
from collections.abc import Iterable, Mapping

from apps.wire.media.dialects import DIALECTS

# Read from the top, the first that fits decides; a name that fits none is a chat model.
PURPOSES = [
    (r"^(sandbox|fault)-", "chat"),
    (r"rerank", "rerank"),
    (r"embed|^bge-|/bge-|\bgte-|\be5-|^m3e|voyage-\d|text-similarity", "embeddings"),
    (r"whisper|transcri|paraformer|sensevoice|\basr\b|\bstt\b|scribe", "transcription"),
    (r"realtime|native-audio|gemini-live", "realtime"),
    (r"\btts\b|text-to-speech|cosyvoice|eleven_|elevenlabs|speech-\d", "speech"),
    (r"moderation", "moderation"),
    (r"suno|udio\b|lyria|music", "music"),
    (r"\bsora|\bveo-?\d|kling|runway|hailuo|vidu|\bluma|\bpika|seedance|cogvideo|\bwanx?\d|t2v|i2v|video", "video"),
    (r"dall-?e|gpt-image|imagen|\bflux|stable-?diffusion|sdxl|\bsd3|midjourney|\bmj_|seedream|qwen-image", "images"),
    (r"cogview|ideogram|recraft|kolors|hunyuan-image|grok-\d-image", "images"),
]

# All that fit are added to a chat model.
TRAITS = [
    (r"-image\b|nano-banana", "images"),
    (r"gpt-4o|gpt-4\.[15]|gpt-4-(turbo|vision)|gpt-[5-9]|\bo1(?!-(mini|preview))|\bo[34]\b", "vision"),
    (r"claude-(3|4|opus|sonnet|haiku)|gemini|gemma-?[34]|grok-4|mistral-(medium|small)-3", "vision"),
    (r"\bvl\b|-vl|vision|llava|pixtral|omni|qvq|internvl|minicpm-v|llama-4|llama-3\.2-(11|90)b", "vision"),
    (r"glm-4(\.\d)?v|step-\d+v|kimi-(latest|k2\.5)", "vision"),
    (r"audio|omni|voxtral|gemini-([2-9]|1\.5)", "audio"),
    (r"gpt-(3\.5-turbo|[4-9]|oss)|\bo[134]\b|claude|gemini|grok|command-(r|a)|llama-(3\.[1-9]|4)", "tools"),
    (r"mistral|mixtral|ministral|nova-(micro|lite|pro|premier)", "tools"),
    (r"qwen|deepseek|glm-[4-9]|kimi|moonshot|doubao|minimax|hunyuan", "tools"),
    (r"\bo[134]\b|gpt-[5-9]|gpt-oss|claude-(3-7|(opus|sonnet|haiku)-[4-9])|gemini-(2\.5|[3-9])", "reasoning"),
    (r"reason|thinking|grok-(3-mini|[4-9])|magistral", "reasoning"),
    (r"\br1\b|deepseek-(r|v3\.[1-9])|qwq|qvq|qwen3|glm-(4\.[5-9]|[5-9]|z1)|minimax-m", "reasoning"),
    (r"gpt-4o|gpt-4\.1|gpt-[5-9]|\bo[134]\b|gemini-([2-9]|1\.5)|grok|mistral", "schema"),
    (r"claude-(opus|sonnet|haiku)-4", "schema"),
    (r"claude-(2|3|(opus|sonnet|haiku)-4(-[015]\b|-\d{8}|$))|smollm", "prefill"),
]

# The sandbox's own, by the beginnings of their names.
SANDBOX_TRAITS = {
    "sandbox-attachments": ["vision", "audio"],
    "sandbox-banana": ["images"],
    "sandbox-image-chat": ["images"],
}

# new-api's supported_endpoint_types. It adds `openai` to nearly everything, so that says nothing by itself.
TYPES = {
    "image-generation": "images",
    "embeddings": "embeddings",
    "jina-rerank": "rerank",
    "openai-video": "video",
    "video": "video",
    "audio-speech": "speech",
    "audio-transcription": "transcription",
}

# What a probe may prove. Searching the web is proved by format, as `web_search:<format>`.
PROVABLE = ("chat", "tools", "schema", "vision", "pdf", "reasoning")
# What catalogues seldom say: a model that has the second is taken to have the first, unless a probe proved otherwise.
FOLLOWS = {"pdf": "vision"}

_PURPOSES = [(re.compile(pattern), purpose) for pattern, purpose in PURPOSES]
_TRAITS = [(re.compile(pattern), trait) for pattern, trait in TRAITS]


def corrected(capabilities: Iterable[str], accepted: Mapping[str, bool]) -> list[str]:
    """The capabilities with what was proved: by name, whether it has them, whatever a catalogue says."""
    kept = [name for name in capabilities if accepted.get(name, True)]
    return list(dict.fromkeys([*kept, *(name for name, proved in accepted.items() if proved and name in PROVABLE)]))


def able(name: str, capabilities: Iterable[str], accepted: Mapping[str, bool]) -> bool:
    """Whether a model with these capabilities, of which that was proved, has the one of that name."""
    return name in capabilities or (name in FOLLOWS and accepted.get(name, FOLLOWS[name] in capabilities))


def guess(name: str, types: Iterable[str] = ()) -> list[str]:
    """Capabilities of a model of that name, with its endpoint types where the catalogue gave them."""
    name = name.lower()
    stated = [purpose for kind in types if (purpose := TYPES.get(kind) or _made_in(kind))]
    purpose = next((purpose for pattern, purpose in _PURPOSES if pattern.search(name)), "chat")
    traits = _traits(name)
    if purpose == "chat" and stated and "images" not in traits:
        purpose = stated[0]
    if purpose != "chat":
        return [purpose]
    return list(dict.fromkeys(["chat", *traits]))


def _made_in(kind: str) -> str:
    """The purpose of what a media dialect of that name makes: a catalogue may name ours where nobody has a word."""
    return DIALECTS[kind].family if kind in DIALECTS else ""


def _traits(name: str) -> list[str]:
    if name.startswith(("sandbox-", "fault-")):
        return next((traits for begin, traits in SANDBOX_TRAITS.items() if name.startswith(begin)), [])
    return [trait for pattern, trait in _TRAITS if pattern.search(name)]
