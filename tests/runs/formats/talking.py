"""A conversation as somebody's page holds it: prompts by HTTP, and for each its answer, once it has ended."""

import html
import re
import uuid
from dataclasses import dataclass, field
from functools import cached_property

import msgspec
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.conversations import edit, queries
from apps.media.models import Asset
from apps.media.store import data_of
from apps.runs.models import Run
from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call
from apps.wire.formats import FORMATS
from apps.wire.messages import Citation, Image, Part, said
from tests.processes import wait_until

ABLE = ["chat", "vision", "audio", "tools"]


def upstream_at(url: str, key: str) -> Upstream:
    """An upstream that serves every format, as the sandbox does."""
    upstream = Upstream(name=f"Sandbox at {url}", base_url=url, kind=Upstream.Kind.SANDBOX)
    upstream.set_key(key)
    upstream.save()
    return upstream


@dataclass
class Answer:
    """One that has ended."""

    talk: "Talk"
    run: Run
    parts: list[Part]
    calls: list[Call]

    @cached_property
    def shown(self) -> str:
        """Its place in the page that its owner opens."""
        response = self.talk.client.get(f"/c/{self.run.conversation_id}/")
        assert response.status_code == 200
        return response.content.decode().partition(f'id="m-{self.run.message_id}"')[2].partition("</article>")[0]

    @property
    def text(self) -> str:
        return said(self.parts)

    @property
    def kinds(self) -> list[type]:
        return [type(part) for part in self.parts]

    @property
    def words(self) -> str:
        """What `shown` says, without its markup."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.shown)).split())

    def of(self, kind: type) -> list:
        return [part for part in self.parts if isinstance(part, kind)]

    def cited(self) -> list[tuple[str, str, str]]:
        """Address, title, and the words that rest on it."""
        return [(part.url, part.title, self.text[part.start : part.end]) for part in self.of(Citation)]

    def stored(self) -> list[Part]:
        """The parts as they can be compared: without what a clock said, with a file's content in place of its id."""
        return [_comparable(part) for part in self.parts]


@dataclass
class Talk:
    """A titled conversation, so that nobody asks the model for a title."""

    client: object
    person: object
    upstream: Upstream
    format: str = ""
    conversation: object = None
    runs: int = field(default=0)

    def __post_init__(self) -> None:
        self.conversation = edit.create(owner=self.person, first_text="A talk", title_source="person")

    def model(self, name: str) -> Model:
        made, _new = Model.objects.get_or_create(
            upstream=self.upstream, name=name, defaults={"capabilities": ABLE, "own_formats": list(FORMATS)}
        )
        return made

    def attach(self, data: bytes, name: str) -> Asset:
        sent = {"file": SimpleUploadedFile(name, data), "conversation": str(self.conversation.pk)}
        response = self.client.post("/assets/", sent)
        assert response.status_code == 200, response.content.decode()
        return Asset.objects.order_by("seen_at").last()

    def post(self, model: str, text: str, *, assets=(), **more):
        """The reply to a prompt, whatever it is."""
        form = {"text": text, "turn": str(uuid.uuid4()), "model": str(self.model(model).pk), "format": self.format}
        form |= {"conversation": str(self.conversation.pk), "asset": [str(asset.pk) for asset in assets]}
        return self.client.post("/send/", form | more)

    def send(self, model: str, text: str = "How is it?", **more) -> None:
        response = self.post(model, text, **more)
        assert response.status_code == 200, response.content.decode()
        self.runs += 1

    def ask(self, model: str, text: str = "How is it?", **more) -> Answer:
        self.send(model, text, **more)
        return self.ended()

    def answer_calls(self, run: Run, **results: str) -> Answer:
        """What a person says to the calls that wait: `result_<place>`."""
        form = {name.replace("_", "."): result for name, result in results.items()}
        response = self.client.post(f"/m/{run.message_id}/results/", {"turn": str(uuid.uuid4()), **form})
        assert response.status_code == 200, response.content.decode()
        self.runs += 1
        return self.ended()

    def newest(self) -> Run | None:
        return Run.objects.filter(conversation=self.conversation).order_by("id").last()

    def ended(self) -> Answer:
        done = Run.objects.filter(conversation=self.conversation).exclude(status=Run.Status.RUNNING)
        wait_until(lambda: done.count() == self.runs, f"{self.runs} runs have ended")
        run = done.order_by("id").last()
        parts = queries.parts_of([run.message_id]).get(run.message_id, [])
        calls = list(Call.objects.filter(run_id=run.id, kind="chat").order_by("started_at"))
        return Answer(self, run, parts, calls)


def is_complete(answer: Answer, rounds: int = 1) -> bool:
    """A plain end, each round a call of its own that was metered by what the upstream said."""
    run, calls = answer.run, answer.calls
    assert (run.status, run.error, run.truncated) == ("completed", None, False), (run.status, run.error)
    metered = [(call.format, call.outcome, call.tokens_source, call.retries) for call in calls]
    assert metered == [(run.format, "completed", "reported", 0)] * rounds, metered
    assert all(call.input_tokens and call.output_tokens for call in calls)
    assert FORMATS[run.format].label in answer.words
    return True


def content_of(part: Image) -> str:
    """The content of a kept file, base64."""
    return data_of(Asset.objects.get(pk=part.asset))


def _comparable(part: Part) -> Part:
    changed = {name: None for name in ("seconds",) if hasattr(part, name)}
    if getattr(part, "asset", ""):
        changed |= {"asset": "", "data": content_of(part)}
    return msgspec.structs.replace(part, **changed)
