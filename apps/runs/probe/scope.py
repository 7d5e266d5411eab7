"""What is to be tried: each trial is one question to one model in one format, and the checks judged by it."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.upstreams import chat_formats
from apps.upstreams.models import Model, Upstream
from apps.wire import formats

from ..refusals import Refused
from .checks import CHECKS
from .questions import QUESTIONS


class Trial(msgspec.Struct, frozen=True):
    """`question` is '' for what the list of models tells."""

    model_id: uuid.UUID
    format: str
    question: str
    checks: tuple[str, ...]


class Scope(msgspec.Struct, frozen=True):
    """Without `formats` each model is asked for all in its own format, and for a plain answer in the others; without
    `checks` for everything."""

    models: tuple[Model, ...]
    formats: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        return self.checks or tuple(CHECKS)


def chosen(upstream: Upstream, names: Sequence[str] = ()) -> tuple[Model, ...]:
    """The models of these names or ids, else all that chat and are switched on. Raises Refused."""
    known = list(upstream.models.select_related("upstream").order_by("position", "name"))
    if not names:
        found = tuple(model for model in known if model.enabled and model.listed and model.can("chat"))
        if not found:
            none = _("%(name)s has no model that chats: read its list of models first.")
            raise Refused(none % {"name": upstream.name})
        return found
    by_name = {key: model for model in known for key in (model.name.lower(), str(model.id))}
    missing = [name for name in names if name.lower() not in by_name]
    if missing:
        told = {"name": upstream.name, "missing": ", ".join(missing[:10])}
        raise Refused(_("%(name)s has no model called %(missing)s.") % told)
    return tuple({id(model): model for model in (by_name[name.lower()] for name in names)}.values())


def checked(formats_wanted: Iterable[str], checks_wanted: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names, if they are known. Raises Refused."""
    found = []
    for wanted, known, told in (
        (formats_wanted, formats.FORMATS, _("The format %(name)s is not known. There are: %(known)s.")),
        (checks_wanted, CHECKS, _("The check %(name)s is not known. There are: %(known)s.")),
    ):
        names = tuple(dict.fromkeys(wanted))
        for name in names:
            if name not in known:
                raise Refused(told % {"name": name, "known": ", ".join(known)})
        found.append(names)
    return found[0], found[1]


def possible(model: Model) -> list[str]:
    """The formats that may be tried: all, or those of a vendor whose own API it is. What was accepted is not asked."""
    return chat_formats.offered(Model(upstream=model.upstream, name=model.name))


def trials(scope: Scope) -> list[Trial]:
    found: list[Trial] = []
    for model in scope.models:
        if "list" in scope.wanted:
            found.append(Trial(model.id, "", "", ("list",)))
        for format in possible(model):
            found += _of_format(scope, model, format)
    return found


def _of_format(scope: Scope, model: Model, format: str) -> list[Trial]:
    if scope.formats and format not in scope.formats:
        return []
    in_full = scope.formats or format == model.default_format
    wanted = scope.wanted if in_full else [name for name in scope.wanted if name == "chat"]
    takes = formats.get(format).takes
    found = []
    for name, question in QUESTIONS.items():
        checks = tuple(check for check in wanted if CHECKS[check].asks == name)
        if checks and (not question.needs or question.needs in takes):
            found.append(Trial(model.id, format, name, checks))
    return found


def dumped(found: Iterable[Trial]) -> list[Any]:
    return msgspec.to_builtins(list(found))


def loaded(kept: Iterable[Any]) -> list[Trial]:
    return msgspec.convert(list(kept), list[Trial])
