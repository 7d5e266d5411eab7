"""Every address, walked as the owner, another member, an administrator and nobody."""

import io
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts.models import Invitation
from apps.conversations import bin, edit, folders, tags
from apps.media import store
from apps.media.jobs.models import Job
from apps.oversight.openings import open_for
from apps.prompts import library
from apps.prompts.models import Preset
from apps.runs.compare import begin
from apps.runs.compare.columns import Wanted
from apps.runs.models import Run, Tool
from apps.sharing import edit as sharing
from apps.sharing.freeze import Choice
from apps.transfer import begin as start_transfer
from apps.transfer.models import Transfer
from apps.transfer.work import carry_out, claim
from apps.upstreams.models import Model, Upstream
from apps.usage import meter
from apps.usage.models import Budget, Price
from apps.wire.messages import GenerationRequest, Image, Usage
from tests.architecture.gates import ABSENT, ADMINISTRATOR, EMPTY, GATES, OWNER, PUBLIC, SIGNED_IN, all_names
from tests.media import files

# What each kind of visitor meets at each kind of gate.
MEETS = {
    PUBLIC: {"owner": "in", "other": "in", "administrator": "in", "nobody": "in"},
    SIGNED_IN: {"owner": "in", "other": "in", "administrator": "in", "nobody": "sign in"},
    OWNER: {"owner": "in", "other": 404, "administrator": 404, "nobody": "sign in"},
    ADMINISTRATOR: {"owner": 403, "other": 403, "administrator": "in", "nobody": "sign in"},
    EMPTY: {"owner": 404, "other": 404, "administrator": 404, "nobody": "sign in"},
    ABSENT: {"owner": 404, "other": 404, "administrator": 404, "nobody": 404},
}
# The owner and the administrator come last: what they do may remove the thing.
ORDER = ("nobody", "other", "owner", "administrator")
# The things are made anew for each part of the addresses, as many as there are workers to share them.
WALKS = 8


@pytest.fixture
def people(user, member, administrator):
    return {"owner": user, "other": member, "administrator": administrator, "nobody": None}


@pytest.fixture
def things(people):
    """One of each thing that has an address, by its id there. The conversation is the owner's."""
    owner = people["owner"]
    upstream = Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")
    model = Model.objects.create(upstream=upstream, name="a-model", capabilities=["chat"])
    return {
        **WORDS,
        **talked(owner, model),
        **kept(owner, model),
        **administered(people, model),
        "upstream": upstream.id,
        "model": model.id,
    }


# What stands in an address and is the id of nothing.
WORDS = {
    **{"action": "archive", "tab": "wire", "export_format": "md", "number": 1, "kind": "har", "index": 0},
    **{"studio": "images", "bench": "embeddings", "uid": "1", "key": "no-such-key", "provider": "no-such-provider"},
}


def talked(owner, model: Model) -> dict:
    """What comes of talking."""
    talk = edit.create(
        owner=owner, model=model, format="openai_chat", system_prompt="", parameters={}, first_text="Hello"
    )
    prompt = edit.add_message(conversation=talk, parent=None, role="user")
    picture = store.keep_upload(owner=owner, file=io.BytesIO(files.picture()), size=99, name="a.png")
    image = Image(media_type="image/png", asset=str(picture.id))
    answer = edit.add_message(conversation=talk, parent=prompt, role="assistant", parts=[image])
    about = {"turn_id": uuid.uuid4(), "model_name": "a-model", "upstream_name": "Gateway", "format": "openai_chat"}
    run = Run.objects.create(
        conversation=talk, message=answer, user=owner, model=model, status=Run.Status.COMPLETED, **about
    )
    record_call(run.user, run.id, model, run.format)
    comparison = begin.opened(owner=owner, named="Which?", shared={}, wanted=[Wanted(model, "openai_chat")] * 2)
    binned = edit.create(owner=owner, first_text="Deleted")
    bin.put(owner=owner, ids=[binned.id])
    return {
        **shared(answer),
        **{"conversation": talk.id, "prompt": prompt.id, "answer": answer.id, "run": run.id, "binned": binned.id},
        **{"comparison": comparison.pk, "column": begin.columns_of(comparison)[0].pk},
        **{"asset": picture.id, "name": picture.name, "transfer": exported(owner).pk},
    }


def kept(owner, model: Model) -> dict:
    """What a member makes and keeps besides."""
    job = Job.objects.create(owner=owner, family="images", dialect="openai_images", model=model, model_name="a-model")
    record_call(owner, job.id, model, job.dialect)
    return {
        "job": job.id,
        "folder": folders.create(owner=owner, name="A folder").id,
        "tag": tags.get_or_create(owner=owner, name="a tag").id,
        "kept_prompt": library.make(owner=owner, title="A prompt", text="Hello").pk,
        "preset": Preset.objects.create(owner=owner, title="A preset", model=model).pk,
        "tool": Tool.objects.create(owner=owner, name="a_tool", schema='{"type": "object"}').id,
    }


def administered(people, model: Model) -> dict:
    """What an administrator looks after."""
    chief = people["administrator"]
    invitation = Invitation.objects.create(invited_by=chief, expires_at=timezone.now() + timedelta(days=1))
    opening = open_for(administrator=chief, owner=people["owner"], reason="To see it", minutes=15)
    return {
        "price": Price.objects.create(model=model, starts_at=timezone.now() + timedelta(days=1)).pk,
        "opening": opening.pk,
        "invitation": invitation.id,
        "token": invitation.token,
        "group": Group.objects.create(name="Testers").id,
        "budget": Budget.objects.create(measure="calls", limit=1_000).id,
        "person": people["other"].id,
    }


def shared(answer) -> dict:
    """A link to the answer, and the draft of another."""
    draft = sharing.draft(message=answer, choice=Choice())
    link = sharing.publish(revision=draft)
    another = sharing.draft(message=answer, choice=Choice())
    return {"share": link.token, "shared_file": draft.files.get().pk, "link": link.pk, "draft": another.pk}


def exported(owner) -> Transfer:
    """An export that is done, with its file."""
    transfer = start_transfer.export(owner=owner, format="json")
    carry_out(claim())
    return transfer


def record_call(user, run_id: uuid.UUID, model: Model, format: str) -> None:
    """A call of the run or job, and what went over its wire."""
    call = meter.open_call(user=user, model=model, format=format, run_id=run_id)
    measured = meter.Measured()
    tape = measured.take.begin("", GenerationRequest(model=model.name))
    tape.send("POST", "http://127.0.0.1:9/v1/chat/completions", {}, b"{}")
    tape.answer(200, {})
    tape.hear(b"data: {}\n\n")
    meter.settle(call, outcome="completed", measured=measured, usage=Usage(), estimated=True)


def met(response) -> str | int:
    """How a visitor was received: "in", "sign in", or the status of a refusal."""
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(f"{reverse(settings.LOGIN_URL)}?next="):
        return "sign in"
    return response.status_code if response.status_code in {403, 404, 405} or response.status_code >= 500 else "in"


def test_every_address_has_its_gate():
    named = {name for name in all_names() if not name.startswith("admin:")}
    assert named == set(GATES)


@pytest.mark.parametrize("some", [tuple(GATES)[start::WALKS] for start in range(WALKS)], ids=lambda names: names[0])
def test_everybody_meets_what_the_gate_says(some, people, things, client_of):
    """Some of the addresses; what is done at one is undone before the next."""
    wrong = []
    for name in some:
        with transaction.atomic():
            wrong += walked(name, people, things, client_of)
            transaction.set_rollback(True)
    assert wrong == []


def walked(name: str, people, things, client_of) -> list[str]:
    """Who was not received there as the gate says."""
    gate, method, wanted = GATES[name]
    address = reverse(name, args=[things[thing] for thing in wanted]) + f"?before={things['answer']}"
    received = {visitor: client_of(people[visitor]).generic(method, address) for visitor in ORDER}
    return [
        f"{visitor} at {address}: {response.status_code}"
        for visitor, response in received.items()
        if met(response) != MEETS[gate][visitor]
    ]


def admin_addresses() -> list[str]:
    """Those of Django's admin that take no arguments; leaving it and its words are for everybody."""
    addresses = []
    for name in all_names() - {"admin:logout", "admin:login", "admin:jsi18n"}:
        if name.startswith("admin:"):
            with suppress(NoReverseMatch):
                addresses.append(reverse(name))
    return addresses


def test_the_admin_is_for_administrators_alone(people, client_of):
    assert client_of(people["administrator"]).get(reverse("admin:index")).status_code == 200
    for address in admin_addresses():
        for visitor in ("owner", "other", "nobody"):
            assert client_of(people[visitor]).get(address).status_code in {302, 403}, f"{visitor} at {address}"
