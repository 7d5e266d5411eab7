"""What an administrator must say before the glass breaks, and what is typed before somebody is deleted."""

import re
import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.conversations.models import Conversation

from .openings import MINUTES

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class OpeningForm(forms.Form):
    """Titles are contents, so that one conversation is named by its address, which its owner can tell."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=10,
        max_length=1000,
        help_text=_("Its owner reads this, and it stays in the audit log."),
        widget=forms.Textarea({"rows": 3}),
    )
    conversation = forms.CharField(
        label=_("Only this conversation"),
        required=False,
        max_length=300,
        help_text=_("Its address, as its owner sees it. Empty: all conversations of this person."),
    )
    minutes = forms.TypedChoiceField(label=_("For how long"), coerce=int)

    def __init__(self, owner: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.fields["minutes"].choices = [
            (minutes, ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
            for minutes in MINUTES
        ]

    def clean_conversation(self) -> Conversation | None:
        given = self.cleaned_data["conversation"].strip()
        if not given:
            return None
        found = _ID.search(given)
        own = Conversation.objects.for_user(self.owner).filter(column_of=None)
        conversation = own.filter(pk=uuid.UUID(found[0])).first() if found else None
        if conversation is None:
            raise forms.ValidationError(_("This person has no conversation at this address."))
        return conversation


class DeletionForm(forms.Form):
    """The address of who is deleted, typed out: a click too many deletes nobody."""

    email = forms.CharField(label=_("Their email"), widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, person: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["email"].help_text = _("Type %(email)s to confirm.") % {"email": person.email}

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if email != self.person.email:
            raise forms.ValidationError(_("That is not the address of this person."))
        return email


class OwnDeletionForm(DeletionForm):
    """One's own account needs the password too, where there is one."""

    password = forms.CharField(
        label=_("Current password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, person: User, *args, **kwargs):
        super().__init__(person, *args, **kwargs)
        self.fields["email"].label = _("Your email")
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        if not self.person.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("That is not your current password."))
        return self.cleaned_data["password"]
