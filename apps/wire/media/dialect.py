"""What a media dialect is: one endpoint's way of being asked, and of answering."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ..events import Failed
from ..messages import HttpRequest
from ..parameters import Parameter
from . import absent
from .shapes import Family, HttpReply, MediaEvent, MediaReply, MediaRequest, Role, Source


class Reader(Protocol):
    """Reads the answer to one request, however it is cut: `finish` ends it, with one `Replied` in all.

    What the answer is (a document, a stream of events, a file) is told by its content type and first bytes, never by
    what was asked for.
    """

    def feed(self, chunk: bytes) -> list[MediaEvent]: ...
    def finish(self) -> list[MediaEvent]: ...


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that a model takes: how many by role. For those of `heard` the sound of a film will do."""

    most: Mapping[Role, int] = field(default_factory=dict)
    least: Mapping[Role, int] = field(default_factory=dict)
    heard: tuple[Role, ...] = ()


Step = Literal["begin", "finish", "look", "initialise"]


@dataclass(frozen=True, slots=True)
class Brings:
    """How a file comes to the upstream before the request that names it. No step costs; each may be asked again.

    The reply to `begin(source)` has an id in `remote_id`, and in `result` the `url` at which the file is posted as a
    form, behind these `fields`: that is another host's, and gets no key. Then `finish(id, source)`, `look(id)` until
    it has succeeded, and `initialise(id)`, whose `result` has the name. `named(request, name)` is the request with the
    name in place of the file, or what came of it where nothing more is to be asked.
    """

    begin: Callable[[Source], HttpRequest]
    finish: Callable[[str, Source], HttpRequest]
    look: Callable[[str], HttpRequest]
    initialise: Callable[[str], HttpRequest]
    reader: Callable[[Step], Reader]
    named: Callable[[MediaRequest, str], MediaRequest | MediaReply]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Both directions of one way to have something made.

    `parameters(model, task)` are the controls that this model has, `inputs(model, task)` the files that it takes,
    `tasks(model)` the kinds of requests, "" first. `reader(content_type, request)` reads what `build(request)` got.
    Where the answer may be a task, `poll(remote_id)` asks for it, `poll_reader` reads it, and `content(remote_id)` gets
    the file where no address was told. `write` makes the server's answer, `write_poll` that to a poll, and `encode` the
    bytes of a streamed event (b"" for what the dialect cannot stream). `parts(request)` are the requests that it
    takes, in their order. `withdraw(remote_id)` asks that a task be given up, where there is a way to. Where the
    dialect `brings` files, `build` of a request with one is the first step of that. `missing` says what the upstream
    does not have, by the way it refused: see `absent`.
    """

    name: str
    label: str
    family: Family
    build: Callable[[MediaRequest], HttpRequest]
    parse: Callable[[HttpRequest], MediaRequest]
    reader: Callable[[str, MediaRequest], Reader]
    write: Callable[[MediaReply, MediaRequest], HttpReply]
    parameters: Callable[[str, str], tuple[Parameter, ...]]
    inputs: Callable[[str, str], Inputs] = lambda model, task: Inputs()
    tasks: Callable[[str], tuple[str, ...]] = lambda model: ("",)
    streams: Callable[[str], bool] = lambda model: False
    encode: Callable[[MediaEvent, MediaRequest], bytes] = lambda event, request: b""
    poll: Callable[[str], HttpRequest] | None = None
    poll_reader: Callable[[str], Reader] | None = None
    parse_poll: Callable[[HttpRequest], str] | None = None
    write_poll: Callable[[MediaReply], HttpReply] | None = None
    content: Callable[[str], HttpRequest] | None = None
    withdraw: Callable[[str], HttpRequest] | None = None
    parse_withdraw: Callable[[HttpRequest], str] | None = None
    write_withdraw: Callable[[str], HttpReply] | None = None
    units: Callable[[MediaRequest], tuple[str, float]] = lambda request: ("request", 1)
    parts: Callable[[MediaRequest], list[MediaRequest]] = lambda request: [request]
    brings: Brings | None = None
    missing: Callable[[MediaRequest, Failed], str] = absent.model
