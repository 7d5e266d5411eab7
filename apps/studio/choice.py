"""Which model, which of its dialects and which of their tasks: as a form wants it, else the first that there is."""

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from apps.media.jobs.refusals import NotMade
from apps.upstreams import media_dialects, queries
from apps.upstreams.models import Model
from apps.wire.media import dialects
from apps.wire.media.dialect import Dialect

from .draft import Draft
from .family import Family


class Choice(msgspec.Struct, frozen=True):
    """`groups` are the models by upstream, `offered` the dialects of the model, `tasks` those of the dialect."""

    groups: Sequence[tuple[str, Sequence[Model]]]
    model: Model | None = None
    dialect: Dialect | None = None
    offered: Sequence[Dialect] = ()
    tasks: Sequence[str] = ()
    task: str = ""

    @property
    def name(self) -> str:
        """The model's name on the wire."""
        return self.model.name if self.model else ""


def models_of(user, family: Family) -> list[Model]:
    """The models that a person may use here."""
    return [model for model in queries.usable_models(user) if dialects_of(model, family)]


def dialects_of(model: Model, family: Family) -> list[Dialect]:
    """The dialects of the family in which the model may be asked, the one to begin with first."""
    return [dialects.DIALECTS[name] for name in media_dialects.dialects_of(model, family.name)]


def choose(user, family: Family, draft: Draft) -> Choice:
    models = models_of(user, family)
    groups: dict[str, list[Model]] = {}
    for each in models:
        groups.setdefault(each.upstream.name, []).append(each)
    model = next((each for each in models if str(each.pk) == draft.model), models[0] if models else None)
    if model is None:
        return Choice(())
    offered = dialects_of(model, family)
    dialect = next((each for each in offered if each.name == draft.dialect), offered[0])
    tasks = dialect.tasks(model.name)
    task = draft.task if draft.task in tasks else tasks[0]
    return Choice(list(groups.items()), model, dialect, offered, tasks, task)


def check(choice: Choice, draft: Draft) -> tuple[Model, Dialect]:
    """What was chosen. Raises NotMade where it is not what the form showed: something else would be paid for."""
    if choice.model is None or choice.dialect is None:
        raise NotMade(_("There is no model for this here. Connect a gateway that has one."), field="model")
    if draft.model and draft.model != str(choice.model.pk):
        raise NotMade(
            _("This model cannot be used: it is switched off, gone, or not open to you. Choose another one."),
            field="model",
        )
    if draft.dialect not in ("", choice.dialect.name) or draft.task not in ("", choice.task):
        raise NotMade(_("The model is not offered in this way any more: look at the form again."), field="dialect")
    return choice.model, choice.dialect
