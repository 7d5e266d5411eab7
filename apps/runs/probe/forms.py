"""What an administrator wants probed, before and while they are asked whether it may cost that."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.upstreams.models import Upstream
from apps.wire.formats import FORMATS

from .checks import CHECKS
from .scope import Scope, checked, chosen


class ProbeForm(forms.Form):
    """`model` names models by id, as the buttons of a row and a cell do; it goes before the names that were typed."""

    models = forms.CharField(
        label=_("Models"),
        required=False,
        max_length=20_000,
        help_text=_("Names, separated by commas. Empty: all that chat and are switched on."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    max_cost = forms.DecimalField(
        label=_("Ceiling in US dollars"),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=8,
        help_text=_("Empty: what it costs at most."),
    )
    checks = forms.MultipleChoiceField(
        label=_("Checks"),
        required=False,
        choices=[(name, check.label) for name, check in CHECKS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    formats = forms.MultipleChoiceField(
        label=_("Everything in these formats"),
        required=False,
        choices=[(name, wire.label) for name, wire in FORMATS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def scope(self, upstream: Upstream) -> Scope:
        """Raises Refused."""
        given = self.cleaned_data
        names = self.model_ids or [name.strip() for name in given["models"].split(",") if name.strip()]
        formats, checks = checked(given["formats"], given["checks"])
        return Scope(models=chosen(upstream, names), formats=formats, checks=checks)

    @property
    def model_ids(self) -> list[str]:
        return self.data.getlist("model") if hasattr(self.data, "getlist") else []
