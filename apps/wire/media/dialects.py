"""The media dialects by name: each module of this package holds the dialects of one family, both directions.

What `MediaReply.result` holds, by family:
transcription  {"text", "language", "seconds", "words": [{"word", "start", "end"}],
               "segments": [{"start", "end", "text", "speaker"}], "subtitles": "srt or vtt text as it came"}
embeddings     {"vectors": [[float, …], …], "fused": bool}            in the order of the inputs
rerank         {"scores": [{"index": int, "score": float}, …]}        best first, indexes into the documents
music          {"lyrics", "title"} for the task "lyrics", {"clip_id"} for "upload"; clips are `made`
"""

from ..exceptions import UnknownFormat
from . import embeddings, images, music, rerank, speech, transcription, video
from .dialect import Dialect

_FAMILIES = (images, video, speech, transcription, music, embeddings, rerank)
DIALECTS: dict[str, Dialect] = {dialect.name: dialect for family in _FAMILIES for dialect in family.DIALECTS}


def get(name: str) -> Dialect:
    """The dialect of that name; raises UnknownFormat."""
    try:
        return DIALECTS[name]
    except KeyError:
        raise UnknownFormat(f"There is no media dialect named {name}.") from None


def of_family(family: str) -> list[Dialect]:
    """Those of one family, the commonest first."""
    return [dialect for dialect in DIALECTS.values() if dialect.family == family]
