"""How people call what the ledger names."""

from collections.abc import Iterable
from http import HTTPStatus

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.wire.formats import FORMATS
from apps.wire.media.dialects import DIALECTS

from ..models import Call

KINDS = {
    "chat": gettext_lazy("Chat"),
    "title": gettext_lazy("Titles"),
    "images": gettext_lazy("Images"),
    "video": gettext_lazy("Video"),
    "speech": gettext_lazy("Speech"),
    "transcription": gettext_lazy("Transcribe"),
    "music": gettext_lazy("Music"),
    "embeddings": gettext_lazy("Embeddings"),
    "rerank": gettext_lazy("Rerank"),
}
CAUSES = {
    "address": gettext_lazy("The address or the key cannot be sent"),
    "dns": gettext_lazy("The host was not found"),
    "refused": gettext_lazy("The connection was refused"),
    "tls": gettext_lazy("No secure connection"),
    "connect_timeout": gettext_lazy("No connection in time"),
    "network": gettext_lazy("The network failed"),
    "proxy": gettext_lazy("The proxy failed"),
    "first_byte_timeout": gettext_lazy("No answer in time"),
    "idle_timeout": gettext_lazy("The answer stood still"),
    "total_timeout": gettext_lazy("The answer took too long"),
    "cut": gettext_lazy("The answer was cut off"),
    "redirect": gettext_lazy("The upstream redirects elsewhere"),
    "not_http": gettext_lazy("The answer was not HTTP"),
    "not_json": gettext_lazy("The answer was not JSON"),
    "too_large": gettext_lazy("The answer was too large"),
    "paused": gettext_lazy("The upstream is paused after failures"),
    "reply": gettext_lazy("An error within the answer"),
}
STATUSES = {
    "400": gettext_lazy("The request was not accepted"),
    "401": gettext_lazy("The key was not accepted"),
    "402": gettext_lazy("No credit left"),
    "403": gettext_lazy("Not allowed"),
    "404": gettext_lazy("Model or address not found"),
    "413": gettext_lazy("The request was too large"),
    "429": gettext_lazy("Too many requests"),
    "500": gettext_lazy("The upstream had an error"),
    "502": gettext_lazy("The gateway got no good answer"),
    "503": gettext_lazy("The upstream is overloaded"),
    "504": gettext_lazy("The gateway got no answer in time"),
    "529": gettext_lazy("The upstream is overloaded"),
}
OUTCOMES = dict(Call.Outcome.choices)
NONE = pgettext_lazy("in a table, where there is no name", "(none)")


def kind(name: str) -> str:
    return str(KINDS.get(name, name))


def wire(name: str) -> str:
    known = FORMATS.get(name) or DIALECTS.get(name)
    return known.label if known else name


def outcome(name: str) -> str:
    return str(OUTCOMES.get(name, name))


def cause(name: str) -> str:
    """Such as "429 Too many requests"."""
    if not name.isdigit():
        return str(CAUSES.get(name, _("Not known")))
    said = STATUSES.get(name) or next((status.phrase for status in HTTPStatus if str(status.value) == name), "")
    return f"{name} {said}".strip()


def members(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Names as written; whoever was deleted has none left."""
    known = get_user_model().objects.filter(pk__in=[id for id in ids if id is not None])
    return {None: _("Deleted account"), **{user.pk: str(user) for user in known}}


def groups_of() -> dict[int, list[tuple[int, str]]]:
    """For each member their groups of today, as ids and names."""
    found: dict[int, list[tuple[int, str]]] = {}
    through = get_user_model().groups.through.objects.select_related("group").order_by("group__name")
    for row in through:
        found.setdefault(row.user_id, []).append((row.group_id, row.group.name))
    return found


def groups() -> dict[str, str]:
    return {str(group.pk): group.name for group in Group.objects.order_by("name")}
