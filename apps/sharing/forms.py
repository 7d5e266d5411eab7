"""What a person says of a link: what it shows, who may read it, until when."""

import re

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User

from .access import is_public_sharing_on
from .edit import Readers
from .freeze import Choice
from .models import ShareLink

NEVER, AS_IT_IS = "never", "keep"
ENDS = (
    ("1", gettext_lazy("in a day")),
    ("7", gettext_lazy("in a week")),
    ("30", gettext_lazy("in 30 days")),
    ("90", gettext_lazy("in 90 days")),
    (NEVER, gettext_lazy("never")),
)
WHOLE, ANSWER = "whole", "answer"


class ChoiceForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    scope = forms.ChoiceField(
        label=gettext_lazy("What is shared"),
        choices=[
            (WHOLE, gettext_lazy("The conversation up to this message")),
            (ANSWER, gettext_lazy("This answer and its prompt only")),
        ],
        initial=WHOLE,
        widget=forms.RadioSelect,
    )
    author = forms.BooleanField(label=gettext_lazy("My name"), required=False, initial=True)
    attachments = forms.BooleanField(label=gettext_lazy("Files that went along with prompts"), required=False)
    system_prompt = forms.BooleanField(label=gettext_lazy("System prompt"), required=False)
    parameters = forms.BooleanField(label=gettext_lazy("Parameters"), required=False)
    branches = forms.BooleanField(label=gettext_lazy("Other branches"), required=False)

    def choice(self) -> Choice:
        data = dict(self.cleaned_data)
        return Choice(whole=data.pop("scope") == WHOLE, **data)

    @staticmethod
    def initial_of(options: dict) -> dict:
        return {**options, "scope": WHOLE if options.get("whole", True) else ANSWER}


class ReadersForm(forms.Form):
    audience = forms.ChoiceField(label=gettext_lazy("Who may read it"), widget=forms.RadioSelect)
    people = forms.CharField(
        label=gettext_lazy("Members, by their emails"),
        required=False,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(), label=gettext_lazy("Groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        min_length=6,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    ends = forms.ChoiceField(label=gettext_lazy("The link ends"), choices=ENDS, initial="30")

    def __init__(self, user: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._user = user
        anyone = ShareLink.Audience.ANYONE
        allowed = [each for each in ShareLink.Audience.choices if each[0] != anyone or is_public_sharing_on()]
        self.fields["audience"].choices = allowed
        self.fields["audience"].initial = allowed[0][0]
        mine = Group.objects.all() if user.is_administrator else user.groups.all()
        self.fields["groups"].queryset = mine.order_by("name")
        self.fields["password"].help_text = _("Empty for none. It is asked of everybody but you.")

    def clean_people(self) -> list[User]:
        """Active members of those addresses."""
        emails = {email.lower() for email in re.split(r"[\s,;]+", self.cleaned_data["people"]) if email}
        found = list(User.objects.filter(is_active=True, email__in=emails))
        if missing := sorted(emails - {person.email for person in found}):
            raise forms.ValidationError(_("No member has this address: %(email)s") % {"email": ", ".join(missing[:5])})
        return found

    def clean(self):
        data = super().clean()
        is_empty = not data.get("people") and not data.get("groups") and "people" not in self.errors
        if data.get("audience") == ShareLink.Audience.NAMED and is_empty:
            self.add_error("people", _("Name at least one member or group."))
        return data

    def readers(self) -> Readers:
        data, ends = self.cleaned_data, self.cleaned_data["ends"]
        return Readers(
            audience=data["audience"],
            users=data["people"],
            groups=list(data["groups"]),
            password=self._password(),
            days=int(ends) if ends.isdecimal() else None,
            keeps_end=ends == AS_IT_IS,
        )

    def _password(self) -> str | None:
        return self.cleaned_data["password"]


class ChangeForm(ReadersForm):
    """For a link that is there: an empty password leaves it as it is."""

    forget_password = forms.BooleanField(label=gettext_lazy("Ask for no password any more"), required=False)

    def __init__(self, user: User, link: ShareLink, *args, **kwargs):
        initial = {
            "audience": link.audience,
            "people": "\n".join(link.users.order_by("email").values_list("email", flat=True)),
            "groups": link.groups.all(),
            "ends": AS_IT_IS,
        }
        super().__init__(user, *args, initial=initial, **kwargs)
        self.fields["groups"].queryset |= Group.objects.filter(pk__in=link.groups.values("pk"))
        self.fields["ends"].choices = [(AS_IT_IS, _("as it is")), *ENDS]
        if link.password:
            self.fields["password"].help_text = _("Empty to leave it as it is.")
        else:
            del self.fields["forget_password"]

    def _password(self) -> str | None:
        if self.cleaned_data.get("forget_password"):
            return ""
        return self.cleaned_data["password"] or None
