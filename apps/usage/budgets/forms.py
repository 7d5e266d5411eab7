"""A budget as it is typed in."""

from decimal import Decimal

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User

from .models import Budget
from .words import facts, name_of

EACH, TOGETHER, PERSON = "each", "together", "person"


class BudgetForm(forms.ModelForm):
    whom = forms.ChoiceField(label=gettext_lazy("For whom"))
    email = forms.EmailField(label=gettext_lazy("Email of the person"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Budget
        fields = ["limit", "measure", "period"]
        widgets = {"limit": forms.NumberInput({"min": "0", "step": "any", "inputmode": "decimal"})}

    field_order = ["whom", "email", "limit", "measure", "period"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = _choices()
        self.fields["whom"].initial, self.fields["email"].initial = _whom(self.instance)
        if self.instance.limit is not None:
            self.initial["limit"] = self.instance.limit.normalize().__format__("f")
            self.initial["seen"] = "|".join(map(str, facts(self.instance).values()))

    def clean(self):
        data = super().clean()
        self._check_seen(data.get("seen"))
        if data.get("period") == Budget.Period.ONCE and data.get("measure") != Budget.Measure.CALLS:
            self.add_error("measure", _("At the same time there are calls: choose these."))
        limit = data.get("limit")
        if limit is not None and limit < 0:
            self.add_error("limit", _("This cannot be less than nothing."))
        elif limit is not None and data.get("measure") != Budget.Measure.MONEY and limit != limit.to_integral():
            self.add_error("limit", _("Tokens and calls are whole numbers."))
        if data.get("whom") == PERSON:
            self._find_person(data.get("email") or "")
        return data

    def _check_seen(self, seen: str | None) -> None:
        """Two windows, or two administrators: what the other one set is not undone unseen."""
        if seen and seen != self.initial.get("seen"):
            words = _("It was changed meanwhile, and is {name} now. Save again to put this in its place.")
            self.add_error(None, words.format(name=name_of(self.instance)))
            self.data = self.data.copy()
            self.data["seen"] = self.initial["seen"]

    def _find_person(self, email: str) -> None:
        self.person = User.objects.filter(email__iexact=email).first()
        if self.person is None and not self.has_error("email"):
            self.add_error("email", _("Nobody here has this address."))

    def named(self) -> Budget:
        """The budget as the form says, not saved yet."""
        budget, whom = self.instance, self.cleaned_data["whom"]
        kind, _sign, group = whom.partition(":")
        budget.user = self.person if whom == PERSON else None
        budget.group_id = int(group) if group else None
        budget.together = kind == TOGETHER
        budget.limit = Decimal(self.cleaned_data["limit"])
        return budget


def _choices() -> list:
    groups = Group.objects.order_by("name")
    return [
        (EACH, _("Each member")),
        (TOGETHER, _("Everybody together")),
        (PERSON, _("One person")),
        *((f"{EACH}:{group.pk}", _("Each member of {group}").format(group=group)) for group in groups),
        *((f"{TOGETHER}:{group.pk}", _("The group {group} together").format(group=group)) for group in groups),
    ]


def _whom(budget: Budget) -> tuple[str, str]:
    if budget.user_id:
        return PERSON, budget.user.email
    kind = TOGETHER if budget.together else EACH
    return (f"{kind}:{budget.group_id}" if budget.group_id else kind), ""
