"""Calls of tools that a person answers: which they are, and what the person posts."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from apps.conversations.models import Message
from apps.wire.messages import Part, ToolCall, ToolResult
from apps.work import storable

from .models import Run
from .refusals import Refused
from .tools.definitions import loaded
from .tools.pairs import unanswered
from .tools.work import is_for_person


def waiting(answer: Message, parts: Sequence[Part]) -> list[int]:
    """The places of the calls among the parts that nobody but a person answers."""
    run = Run.objects.filter(message=answer).order_by("id").last()
    known = loaded(run.tools) if run else {}
    calls = ((place, parts[place]) for place in unanswered(parts))
    return [place for place, call in calls if isinstance(call, ToolCall) and is_for_person(call, known)]


def read(form: Mapping[str, str], parts: Sequence[Part], places: Sequence[int]) -> list[ToolResult]:
    """A result for each of the calls, from `result.<place>`, which `failed.<place>` calls an error. Raises Refused."""
    return [_result(form, parts[place], place) for place in places]


def _result(form: Mapping[str, str], call: Part, place: int) -> ToolResult:
    content = form.get(f"result.{place}", "")
    if not content.strip():
        raise Refused(_("Write a result for each call that waits for one."), field=f"result.{place}")
    if len(content) > settings.MESSAGE_MAX_CHARS:
        raise Refused(_("A result is too long: shorten it."), status=413, field=f"result.{place}")
    if not isinstance(call, ToolCall):
        raise TypeError("Only calls have results.")
    failed = form.get(f"failed.{place}") == "1"
    return ToolResult(call_id=call.id, content=storable.text(content), is_error=failed, name=call.name)
