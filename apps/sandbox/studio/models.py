"""The models that make things: how each is listed, the vendors' names that mean it, and how long its work takes."""

import re
from dataclasses import dataclass

IMAGES, SPEECH, TRANSCRIPTION = ("image-generation",), ("audio-speech",), ("audio-transcription",)
VIDEO, EMBEDDINGS = ("openai-video",), ("embeddings",)
# By what a catalogue calls their endpoints: new-api's words, and our dialects' names where it has none.
LISTED: dict[str, tuple[str, ...]] = {
    "sandbox-banana": ("gemini", "gemini_images"),
    "sandbox-image-chat": ("openai", "chat_images"),
    "sandbox-image": IMAGES,
    "sandbox-image-url": IMAGES,
    "sandbox-image-stream": IMAGES,
    "sandbox-video": VIDEO,
    "sandbox-video-v2": ("video_v2",),
    "sandbox-video-create": ("video_create",),
    "sandbox-video-generations": ("video",),
    "sandbox-veo": ("video",),
    "sandbox-speech": SPEECH,
    "sandbox-speech-tone": SPEECH,
    "sandbox-transcribe": TRANSCRIPTION,
    "sandbox-transcribe-4o": TRANSCRIPTION,
    "sandbox-transcribe-fixed": TRANSCRIPTION,
    "sandbox-music": ("suno",),
    "sandbox-embed": EMBEDDINGS,
    "sandbox-embed-base64": EMBEDDINGS,
    "sandbox-embed-image": EMBEDDINGS,
    "sandbox-embed-google": ("gemini_embeddings",),
    "sandbox-rerank": ("jina-rerank",),
    "sandbox-rerank-cohere": ("cohere_rerank",),
    "fault-image-bomb": IMAGES,
    "fault-image-empty": IMAGES,
    "fault-image-fewer": IMAGES,
    "fault-image-html": IMAGES,
    "fault-image-moderated": IMAGES,
    "fault-image-type": IMAGES,
    "fault-media-429": IMAGES,
    "fault-media-429-once": IMAGES,
    "fault-media-500": IMAGES,
    "fault-media-cut": IMAGES,
    "fault-media-page": IMAGES,
    "fault-media-silent": IMAGES,
    "fault-video-broken": ("video",),
    "fault-video-cut": ("video",),
    "fault-video-elsewhere": ("video",),
    "fault-video-endless": ("video",),
    "fault-video-expired": ("video",),
    "fault-video-huge": ("video",),
    "fault-video-lost": ("video",),
    "fault-video-moderated": ("video",),
    "fault-video-page": ("video",),
    "fault-video-polls": ("video",),
    "fault-video-private": ("video",),
    "fault-video-reason": ("video",),
    "fault-video-slow": ("video",),
    "fault-video-stuck": ("video",),
}
# Served under vendors' names too, unlisted.
ALIASES = [
    (r"gpt-image.*", "sandbox-image-stream"),
    (r"dall-e-.*", "sandbox-image-url"),
    (r"sora-2.*", "sandbox-video"),
    (r"veo.*", "sandbox-veo"),
    (r"tts-1.*|.*-tts", "sandbox-speech"),
    (r"whisper.*", "sandbox-transcribe"),
    (r".*-transcribe.*", "sandbox-transcribe-4o"),
    (r"text-embedding-.*|gemini-embedding-.*", "sandbox-embed"),
    (r"jina-clip.*|doubao-embedding-vision.*", "sandbox-embed-image"),
    (r"jina-reranker.*", "sandbox-rerank"),
    (r"rerank-.*", "sandbox-rerank-cohere"),
    (r"suno.*|chirp.*", "sandbox-music"),
]
# How long each takes, by the beginning of its name; the longest that fits counts.
SECONDS = {
    "": 0.0,
    "sandbox-image": 0.3,
    "sandbox-ve": 2.0,
    "sandbox-video": 2.0,
    "sandbox-music": 2.0,
    "fault-music": 1.0,
    "fault-video": 1.0,
    "fault-video-slow": 4.0,
}
# Unlisted: a gateway that answers images with a task, and a stream of the fixed sentence.
KNOWN = {*LISTED, "sandbox-image-task", "sandbox-transcribe-4o-fixed"}
_TIMED = re.compile(r"(?P<name>.+)-(?P<seconds>\d{1,4}(\.\d{1,2})?)s")
_ALIASES = [(re.compile(pattern), name) for pattern, name in ALIASES]


@dataclass(frozen=True, slots=True)
class Maker:
    """`name` is the sandbox's own, `seconds` how long the work takes: as `sandbox-video-30s` says, or as is usual."""

    name: str
    seconds: float

    @property
    def fault(self) -> str:
        """What goes wrong: `moderated` of `fault-video-moderated`."""
        return self.name.split("-", 2)[2] if self.name.startswith("fault-") and self.name.count("-") > 1 else ""


def find(model: str) -> Maker | None:
    """The maker of that name, or of a vendor's; None if nobody has it."""
    timed = _TIMED.fullmatch(model)
    name = timed["name"] if timed else model
    ours = name if name in KNOWN else next((ours for pattern, ours in _ALIASES if pattern.fullmatch(name.lower())), "")
    if not ours and not name.startswith("fault-"):
        return None
    ours = ours or name
    return Maker(ours, float(timed["seconds"]) if timed else _usual(ours))


def _usual(name: str) -> float:
    return SECONDS[max((begin for begin in SECONDS if name.startswith(begin)), key=len)]
