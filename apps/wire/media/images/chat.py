"""Chat models that draw, `POST /v1/chat/completions`: pictures in `images`, in the content, or in its Markdown."""

import re

from ... import openai_chat
from ...events import Event
from ...messages import GenerationRequest, HttpRequest
from ...parameters import Parameter, gettext_noop
from ..dialect import Dialect, Inputs
from ..pictures import made_at
from ..reading import NO_ANSWER
from ..shapes import HttpReply, Made, MediaEvent, MediaReply, MediaRequest, Replied
from .drawn import Drawn, Found, asked, conversation, events_of, status_of
from .openai import units

_ = gettext_noop

NAMES = ("modalities", "temperature", "seed")
CONFIG = Parameter(
    "image_config",
    "json",
    "output",
    _("Picture settings"),
    _('As in {"aspect_ratio": "16:9"}. OpenRouter.'),
)
_KNOWN = {parameter.name: parameter for parameter in openai_chat.PARAMETERS}
PARAMETERS = (*(_KNOWN[name] for name in NAMES), CONFIG)
# No bracket in an address: a picture that is never closed must not be looked for to the end again and again.
_WITHIN = re.compile(
    r"!\[[^\]\[]{0,500}\]\(\s{0,9}<?((?:data:image/|https?://)[^()\[\]<>\s]+)>?[^()\[\]]{0,500}\)"
    r"|(data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]+)"
)


def build(request: MediaRequest) -> HttpRequest:
    return openai_chat.build(
        GenerationRequest(
            model=request.model,
            messages=conversation(request),
            parameters=request.parameters,
            stream=request.stream,
            extra=request.extra,
        )
    )


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest."""
    found = openai_chat.parse(request)
    prompt, sources = asked(found, "reference")
    extra = dict(found.extra)
    settings = {CONFIG.name: extra.pop(CONFIG.name)} if isinstance(extra.get(CONFIG.name), dict) else {}
    parameters = {**found.parameters, **settings}
    return MediaRequest(found.model, prompt, parameters, sources, stream=found.stream, extra=extra)


def pictures_within(text: str) -> Found:
    """The text without the pictures that it holds, and those: of Markdown, and bare data URIs."""
    made: list[Made] = []

    def take(found: re.Match[str]) -> str:
        picture = made_at("image", found.group(1) or found.group(2))
        if picture and picture not in made:
            made.append(picture)
        return "" if picture else found.group()

    return _WITHIN.sub(take, text), made


def events(reply: MediaReply, request: MediaRequest) -> list[Event]:
    if reply.state not in ("succeeded", "failed"):
        reply = MediaReply("failed", error=NO_ANSWER)
    return events_of(reply, request.model, "stop")


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    said = events(reply, request)
    return HttpReply(openai_chat.build_reply(said), status=status_of(said))


def encode(event: MediaEvent, request: MediaRequest) -> bytes:
    """All of it at the end: the format has no pictures in the making."""
    if not isinstance(event, Replied):
        return b""
    encoder = openai_chat.Encoder()
    return b"".join(map(encoder.encode, events(event.reply, request))) + encoder.finish()


DIALECT = Dialect(
    name="chat_images",
    label="Chat Completions images",
    family="images",
    build=build,
    parse=parse,
    reader=lambda content_type, request: Drawn(openai_chat.Decoder(content_type), pictures_within),
    write=write,
    parameters=lambda model, task: PARAMETERS,
    inputs=lambda model, task: Inputs({"reference": 10}),
    streams=lambda model: True,
    encode=encode,
    units=units,
)
