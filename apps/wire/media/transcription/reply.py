"""The server's answer, in the format that was asked for."""

from ..reading import answer, error_document, event, refusal
from ..shapes import HttpReply, MediaEvent, MediaReply, MediaRequest, Replied, TextDelta
from . import subtitles
from .documents import diarized, plain, spoken, verbose

TEXT = "text/plain; charset=utf-8"
SUBTITLES = {"srt": subtitles.srt, "vtt": subtitles.vtt}


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    """JSON, unless a text or subtitles were asked for."""
    if reply.state != "succeeded":
        return refusal(reply.error)
    wanted = str(request.parameters.get("response_format") or "json")
    if wanted == "text":
        return HttpReply(f"{reply.result.get('text', '')}\n".encode("utf-8", "replace"), TEXT)
    if wanted in SUBTITLES:
        text = reply.result.get("subtitles") or SUBTITLES[wanted](subtitles.segments_of(reply.result))
        return HttpReply(str(text).encode("utf-8", "replace"), TEXT)
    if wanted == "verbose_json":
        return answer(verbose(reply, request.task))
    return answer(diarized(reply) if wanted == "diarized_json" else plain(reply))


def encode(found: MediaEvent, request: MediaRequest) -> bytes:
    """Speakers' segments come when they are whole; here all of them before the end."""
    if isinstance(found, TextDelta):
        return event({"type": "transcript.text.delta", "delta": found.text})
    if not isinstance(found, Replied):
        return b""
    reply = found.reply
    if reply.state == "failed":
        return event({"type": "error", **error_document(reply.error)})
    told = reply.result.get("segments") or ()
    wanted = told if request.parameters.get("response_format") == "diarized_json" else ()
    segments = [event(spoken(place, segment)) for place, segment in enumerate(wanted)]
    done = {"type": "transcript.text.done", **plain(reply)}
    return b"".join([*segments, event(done), b"data: [DONE]\n\n"])
