"""Gemini's own way to draw, `:generateContent` with the modality IMAGE (nano-banana): pictures given are redrawn."""

from msgspec.structs import replace

from ... import gemini
from ...events import Event, PartEnded, PartStarted
from ...messages import GenerationRequest, HttpRequest
from ...parameters import Parameter
from ..dialect import Dialect, Inputs
from ..reading import NO_ANSWER
from ..shapes import HttpReply, MediaEvent, MediaReply, MediaRequest, PartialImage, Replied
from .drawn import Drawn, asked, conversation, events_of, picture, status_of
from .openai import units

MODALITIES = ["TEXT", "IMAGE"]
NAMES = ("aspectRatio", "imageSize", "temperature", "seed", "safetySettings")
FIRST, SECOND = "2.5-flash-image", "3.1-flash-image"
_KNOWN = {parameter.name: parameter for parameter in gemini.PARAMETERS}
_LATER_RATIOS = ("1:4", "4:1", "1:8", "8:1")


def build(request: MediaRequest) -> HttpRequest:
    """The HTTP request; without the modality some models answer in words alone."""
    return gemini.build(
        GenerationRequest(
            model=request.model,
            messages=conversation(request),
            parameters={"responseModalities": MODALITIES, **request.parameters},
            stream=request.stream,
            extra=request.extra,
        )
    )


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest."""
    found = gemini.parse(request)
    prompt, sources = asked(found, "reference")
    parameters = dict(found.parameters)
    if parameters.get("responseModalities") == MODALITIES:
        del parameters["responseModalities"]
    return MediaRequest(found.model, prompt, parameters, sources, stream=found.stream, extra=found.extra)


def parameters(model: str, task: str) -> tuple[Parameter, ...]:
    """The size is of the larger models alone, the narrowest ratios of the second nano-banana."""
    name = model.lower()
    first = FIRST in name or name.endswith("nano-banana")
    second = SECOND in name or "banana-2" in name
    ratio = _KNOWN["aspectRatio"]
    if not second and ("banana" in name or "image" in name):
        ratio = replace(ratio, choices=tuple(choice for choice in ratio.choices if choice not in _LATER_RATIOS))
    size = replace(_KNOWN["imageSize"], choices=("1K", "2K", "4K"))
    return (ratio, *(() if first else (size,)), *(_KNOWN[name] for name in NAMES[2:]))


def inputs(model: str, task: str) -> Inputs:
    return Inputs({"reference": 14})


def events(reply: MediaReply, request: MediaRequest) -> list[Event]:
    if reply.state not in ("succeeded", "failed"):
        reply = MediaReply("failed", error=NO_ANSWER)
    return events_of(reply, request.model, "STOP")


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    said = events(reply, request)
    return HttpReply(gemini.build_reply(said), status=status_of(said))


def encode(event: MediaEvent, request: MediaRequest) -> bytes:
    """A draft is a picture that is a thought."""
    encoder = gemini.Encoder()
    if isinstance(event, PartialImage):
        draft = replace(picture(event.image), opaque={"thought": True})
        return encoder.encode(PartStarted(0, draft)) + encoder.encode(PartEnded(0))
    return b"".join(map(encoder.encode, events(event.reply, request))) if isinstance(event, Replied) else b""


DIALECT = Dialect(
    name="gemini_images",
    label="Gemini images",
    family="images",
    build=build,
    parse=parse,
    reader=lambda content_type, request: Drawn(gemini.Decoder(content_type)),
    write=write,
    parameters=parameters,
    inputs=inputs,
    streams=lambda model: True,
    encode=encode,
    units=units,
)
