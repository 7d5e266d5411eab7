"""A person with one of everything that an export holds, and files as other products give them."""

import io
import json
import uuid
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from apps.conversations import edit
from apps.conversations.models import Folder, Tag
from apps.media import store
from apps.media.jobs.models import Job, JobInput, JobOutput
from apps.runs.compare import begin as compare
from apps.runs.compare.columns import Wanted
from apps.runs.models import Run, Tool, Vote
from apps.transfer import begin, work
from apps.transfer.models import Transfer
from apps.transfer.writing.export import chosen, write
from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call
from apps.wire import messages as wire
from apps.wire.media.shapes import MediaRequest
from tests.media import files

AT = datetime(2025, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def model(db):
    upstream = Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")
    upstream.set_key("sk-never-in-an-export")
    upstream.save()
    return Model.objects.create(upstream=upstream, name="a-model", capabilities=["chat"])


def answered(talk, message, model, **more) -> Run:
    about = {"turn_id": uuid.uuid4(), "model_name": model.name, "upstream_name": "Gateway", "format": talk.format}
    about |= {"status": Run.Status.COMPLETED, **more}
    run = Run.objects.create(conversation=talk, message=message, user=talk.owner, model=model, **about)
    Call.objects.create(
        user=talk.owner, model=model, model_name=model.name, upstream_name="Gateway", format=talk.format, run_id=run.pk,
        outcome="completed", input_tokens=1200, output_tokens=34, tokens_source="reported", cost=Decimal("0.00123400"),
        cost_source="estimated", duration_ms=900, first_token_ms=120, started_at=AT,
    )  # fmt: skip
    return run


@pytest.fixture
def rich(user, model):
    """A member's history: branches, every kind of part, files, tools, a folder, tags, a draft and a comparison."""
    talk = edit.create(
        owner=user, model=model, first_text="A talk", system_prompt="Be brief.", parameters={"top_p": 0.5}
    )
    picture = store.keep_upload(owner=user, file=io.BytesIO(files.picture()), size=99, name="a.png")
    note = store.keep_upload(owner=user, file=io.BytesIO(b"remember this"), size=13, name="note.txt")
    parts = [wire.Image(media_type="image/png", asset=str(picture.pk)), wire.File(name="note.txt", asset=str(note.pk))]
    prompt = edit.add_message(conversation=talk, parent=None, role="user", parts=[*parts, wire.Text("What is it?")])
    answer = edit.add_message(conversation=talk, parent=prompt, role="assistant", parts=every_part(picture))
    tools = [{"name": "a_tool", "description": "d", "schema": '{"type": "object"}', "kind": "hand", "strict": True}]
    schema = {"name": "answer", "schema": '{"type": "object", "b": 1, "a": 2}', "strict": True}
    answered(talk, answer, model, tools=tools, response_schema=schema, violations=[["$.a", "is missing"]],
             left_out=[["parameter", "seed"]], extra={"user": "x"}, finish_reason="stop", finished_at=AT)  # fmt: skip
    again = edit.add_message(conversation=talk, parent=prompt, role="assistant", parts=[wire.Text("Another answer.")])
    error = {"title": "The upstream failed.", "detail": "503"}
    answered(talk, again, model, status=Run.Status.FAILED, error=error, truncated=True)
    edit.show_version(conversation=talk, message=answer)
    arrange(talk, user)
    comparison(user, model)
    return user


def every_part(picture) -> list[wire.Part]:
    signed = {"signature": "EqQBCg==", "z": 1, "a": {"n": 12345678901234567890123}}
    return [
        wire.Reasoning(text="Let me see…", opaque=signed, seconds=1.5),
        wire.ToolCall(id="call_1", name="a_tool", arguments='{"x": 1}', opaque={"id": "fc_1"}),
        wire.ToolResult(call_id="call_1", content="42", name="a_tool", seconds=0.25, is_error=True),
        wire.HostedTool(id="ws_1", name="web_search", arguments='{"query": "x"}', status="completed"),
        wire.Text(f"It is **red**: $x^2$ ![it](/assets/{picture.pk}/a.png)\n\n```python\nprint('<b>')\n```"),
        wire.Citation(url="https://example.org/", title="Example", start=0, end=5, quote="red"),
        wire.Refusal("No more."),
    ]


def arrange(talk, user) -> None:
    outer = Folder.objects.create(owner=user, name="Work")
    talk.folder = Folder.objects.create(owner=user, name="Clients", parent=outer)
    tool = Tool.objects.create(owner=user, name="a_tool", schema='{"type": "object"}', kind="endpoint",
                               url="https://tools.example/?key=hidden-in-the-address")  # fmt: skip
    tool.set_secret("secret-of-a-tool")
    tool.save()
    talk.tools = [str(tool.pk), "calculator"]
    talk.response_schema = {"name": "answer", "schema": '{"z": 1, "a": 2}', "strict": False}
    talk.pinned_at = AT
    talk.save()
    talk.tags.add(Tag.objects.create(owner=user, name="red", color=3), Tag.objects.create(owner=user, name="Blue"))
    edit.save_draft(owner=user, conversation=talk, text="not sent yet")


def comparison(user, model) -> None:
    found = compare.opened(owner=user, named="Which?", shared={}, wanted=[Wanted(model, "openai_chat")] * 2, blind=True)
    round = compare.new_round(found, uuid.uuid4(), [wire.Text("Which?")])
    columns = compare.columns_of(found)
    for number, column in enumerate(columns):
        prompt = edit.add_message(conversation=column, parent=None, role="user", parts=[wire.Text("Which?")])
        said = [wire.Text(f"Number {number}.")]
        answer = edit.add_message(conversation=column, parent=prompt, role="assistant", parts=said)
        answered(column, answer, model, turn_id=compare.derived(round.turn_id, column.pk))
    Vote.objects.create(round=round, column=columns[1])


@pytest.fixture
def everything(rich, model):
    """The same member, with a file that nothing holds, what studios made and did not make, and an empty folder."""
    store.keep_upload(owner=rich, file=io.BytesIO(b"nothing holds this"), size=18, name="alone.txt")
    Folder.objects.create(owner=rich, name="Empty")
    Tag.objects.create(owner=rich, name="unused", color=5)
    given = store.keep_upload(owner=rich, file=io.BytesIO(files.picture(colour="green")), size=99, name="given.png")
    drawn = a_job(rich, model, cost=Decimal("0.04"), remote_id="task-1", notes={"brought": "files/its-address"})
    picture = io.BytesIO(files.picture(colour="blue"))
    made = store.keep_result(owner=rich, file=picture, size=99, kind="image", name="A sea", job_id=drawn.pk)
    JobInput.objects.create(job=drawn, asset=given, role="image")
    about = {"kind": "image", "url": "https://files.example/?signed=secret-of-an-address", "text": "A wide sea"}
    JobOutput.objects.create(job=drawn, position=0, made=about, asset=made)
    a_job(rich, model, status="failed", error={"title": "No.", "status": 400, "upstream_says": "Not that."})
    vectors = {"fused": False, "lengths": [[3, 4]]}
    embedded = a_job(rich, model, "embeddings", "openai_embeddings", result=vectors)
    packed = store.keep_packed(owner=rich, data=b"\xff\xfb" * 24, name="vectors-3x4.f32", job_id=embedded.pk)
    JobOutput.objects.create(job=embedded, position=0, asset=packed)
    return rich


def a_job(user, model, family="images", dialect="openai_images", **fields) -> Job:
    values = msgspec.to_builtins(MediaRequest(model.name, prompt="A sea", texts=("a", "b", "c"), parameters={"n": 1}))
    about = {"owner": user, "model": model, "model_name": model.name, "prompt": "A sea", "values": values}
    about |= {"status": "succeeded", "created_at": AT, "finished_at": AT, "progress": 100, **fields}
    return Job.objects.create(family=family, dialect=dialect, **about)


@pytest.fixture
def exported():
    """`exported(user, "json", ids=None)`: the bytes of an export."""

    def make(user, format: str, ids=None) -> bytes:
        out = io.BytesIO()
        about = {"found": chosen(user, ids), "single": bool(ids), "whole": ids is None}
        write(user=user, format=format, **about, out=out, beat=lambda done: None)
        return out.getvalue()

    return make


@pytest.fixture
def bring():
    """`bring(user, data, name="export.json")`: an import that has been worked on, with its lines."""

    def run(user, data, name: str = "export.json") -> Transfer:
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        transfer = begin.bring(owner=user, file=upload(data, name))
        return worked(transfer)

    return run


def upload(data: bytes, name: str):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


def worked(transfer: Transfer) -> Transfer:
    """Carried out here and now, as the desk would."""
    claimed = work.claim()
    assert claimed == transfer
    work.carry_out(claimed)
    transfer.refresh_from_db()
    return transfer


def zipped(entries: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()
