"""What the library shows: a person's files, where each came from, and what uses it. Few queries, however many files."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from apps.conversations.models import Conversation, Message
from apps.media import queries
from apps.media.jobs.models import Job
from apps.media.models import Asset, Use
from apps.media.store import bytes_of
from apps.runs.models import Run
from apps.usage.models import Call

from .families import BY_NAME
from .findings import Head, head_of

PAGE = 48
UPLOADED, MADE = "uploaded", "made"
MOST_USES = 50
EXCERPT = 20_000


class Wanted(msgspec.Struct, frozen=True):
    """What the reader looks for; '' is everything."""

    kind: str = ""
    origin: str = ""
    search: str = ""


class Origin(msgspec.Struct, frozen=True):
    """How a file came to be: `url` leads to the job or the conversation."""

    prompt: str = ""
    model: str = ""
    family: Any = None
    conversation: Conversation | None = None
    url: str = ""


class Item(msgspec.Struct, frozen=True):
    asset: Asset
    origin: Origin


class Used(msgspec.Struct, frozen=True):
    """Something that holds a file, as the reader knows it."""

    label: str
    url: str
    icon: str


class Quota(msgspec.Struct, frozen=True):
    """`share` is in percent; `limit` None is no limit."""

    count: int
    used: int
    limit: int | None
    share: int


def page(user, wanted: Wanted, before: uuid.UUID | None = None) -> tuple[list[Item], uuid.UUID | None]:
    """A page, the newest first, and the file that the next one begins behind."""
    found = _found(user, wanted)
    if before:
        found = found.filter(pk__lt=before)
    assets = list(found.order_by("-pk").defer("peaks")[: PAGE + 1])
    more = assets[PAGE - 1].pk if len(assets) > PAGE else None
    return items(user, assets[:PAGE]), more


def _found(user, wanted: Wanted) -> QuerySet[Asset]:
    found = queries.shown_to(user)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.origin == UPLOADED:
        found = found.filter(origin=Asset.Origin.UPLOAD)
    elif wanted.origin == MADE:
        found = found.exclude(origin=Asset.Origin.UPLOAD)
    return found.filter(_says(user, wanted.search)) if wanted.search else found


def _says(user, search: str) -> Q:
    """In its name, or in the prompt that it came from."""
    jobs = Job.objects.for_user(user).filter(prompt__icontains=search).values("pk")
    answers = Asset.objects.for_user(user).filter(message_id__isnull=False).values("message_id")
    asked = Message.objects.for_user(user).filter(pk__in=answers, parent__parts__text__icontains=search).values("pk")
    return Q(name__icontains=search) | Q(job_id__in=jobs) | Q(message_id__in=asked)


def items(user, assets: Sequence[Asset]) -> list[Item]:
    """With their origins, as far as those are still there."""
    jobs = Job.objects.for_user(user).filter(pk__in={asset.job_id for asset in assets if asset.job_id})
    by_job = {job.pk: _of_job(job) for job in jobs.only("family", "prompt", "model_name")}
    by_message = _of_messages(user, [asset for asset in assets if asset.message_id])
    none = Origin()
    return [Item(each, by_job.get(each.job_id) or by_message.get(each.message_id) or none) for each in assets]


def _of_job(job: Job) -> Origin:
    family = BY_NAME.get(job.family)
    return Origin(job.prompt, job.model_name, family, url=reverse("job", args=[job.pk]) if family else "")


def _of_messages(user, assets: Sequence[Asset]) -> Mapping[Any, Origin]:
    if not assets:
        return {}
    wanted = Message.objects.for_user(user).filter(pk__in={asset.message_id for asset in assets})
    answers = wanted.select_related("conversation__column_of").prefetch_related("parent__parts")
    runs = Run.objects.filter(user=user, pk__in={asset.run_id for asset in assets})
    models = {run.message_id: run.model_name for run in runs.only("message_id", "model_name")}
    return {answer.pk: _of_answer(answer, models.get(answer.pk, "")) for answer in answers}


def _of_answer(answer: Message, model: str) -> Origin:
    parts = answer.parent.parts.all() if answer.parent else ()
    prompt = "\n".join(part.text for part in parts if part.kind == "text" and part.text)
    shown = shown_in(answer.conversation)
    return Origin(prompt, model, conversation=shown, url=reverse(shown.place, args=[shown.pk]) if shown else "")


def shown_in(conversation: Conversation) -> Conversation | None:
    """Where its messages are read; None for what was asked to try a model."""
    if conversation.column_of is None:
        return conversation
    return None if conversation.kind == Conversation.Kind.CHAT else conversation.column_of


def cost_of(user, asset: Asset) -> Decimal | None:
    """What the job or the run cost that it came from, with all else that it made."""
    made_by = asset.job_id or asset.run_id
    calls = Call.objects.filter(user=user, run_id=made_by) if made_by else Call.objects.none()
    return calls.aggregate(cost=Sum("cost"))["cost"]


def uses_of(user, asset: Asset) -> list[Used]:
    """Messages and jobs that hold it, the newest first."""
    messages = Message.objects.for_user(user).filter(pk__in=Use.objects.filter(asset=asset).values("message_id"))
    shown = [shown_in(message.conversation) for message in _newest(messages.select_related("conversation__column_of"))]
    talks = {talk.pk: talk for talk in shown if talk}.values()
    of_it = Q(inputs__asset=asset) | Q(outputs__asset=asset) | Q(outputs__poster=asset)
    jobs = _newest(Job.objects.for_user(user).filter(of_it, family__in=BY_NAME).distinct().defer("result", "values"))
    return [
        *(Used(str(talk), reverse(talk.place, args=[talk.pk]), "chat") for talk in talks),
        *(Used(job.prompt or job.model_name, reverse("job", args=[job.pk]), BY_NAME[job.family].icon) for job in jobs),
    ]


def _newest(found: QuerySet) -> Sequence:
    return found.order_by("-pk")[:MOST_USES]


def quota(user) -> Quota:
    kept = Asset.objects.for_user(user).aggregate(count=Count("pk"), size=Sum("size"))
    used, limit = kept["size"] or 0, queries.quota_bytes()
    return Quota(kept["count"], used, limit, min(100, round(100 * used / limit)) if limit else 0)


def excerpt(asset: Asset) -> str:
    """How a text begins; '' for what is none, or is no longer in the storage."""
    if asset.kind != Asset.Kind.TEXT:
        return ""
    try:
        text = bytes_of(asset)[:EXCERPT].decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return f"{text}…" if asset.size > EXCERPT else text


def head(user, asset: Asset) -> Head | None:
    """How vectors begin; None for any other file, and where their job or the storage has them no longer."""
    if asset.kind != Asset.Kind.FILE or not asset.job_id:
        return None
    job = Job.objects.for_user(user).filter(pk=asset.job_id, family="embeddings", outputs__asset=asset).first()
    return head_of(job) if job else None
