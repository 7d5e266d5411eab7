"""A tool of somebody's library, as they write it."""

import re

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apps.upstreams.fetch import FetchRefused

from ..models import Tool
from . import endpoint, schemas
from .built_in import BUILT_IN
from .names import is_name
from .schemas import SchemaRefused

EXAMPLE = """{
  "type": "object",
  "properties": {
    "city": {"type": "string", "description": "Name of the city"}
  },
  "required": ["city"]
}"""
LONGEST_SECRET = 4000
# Tells on the spot whether it is a schema.
CHECKED = {
    "hx-post": reverse_lazy("schema_check"),
    "hx-trigger": "input changed delay:400ms",
    "hx-vals": '{"of": "arguments"}',
    "hx-target": "#schema-checked",
    "hx-swap": "innerHTML",
}
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")
# Headers that say where a request goes, how long it is, or who is asked.
_OURS = {"host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "te", "trailer"}


class ToolForm(forms.ModelForm):
    """The secret is never rendered; left empty, the stored one stays."""

    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        max_length=LONGEST_SECRET,
        help_text=_(
            "Sent as the value of that header. It is encrypted and never shown again; empty keeps what is stored."
        ),
        widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=_("Who answers"), choices=Tool.Kind.choices, initial=Tool.Kind.HAND, widget=forms.RadioSelect
    )
    forget_secret = forms.BooleanField(label=_("Forget the stored secret"), required=False)

    class Meta:
        model = Tool
        fields = ("name", "description", "schema", "strict", "kind", "url", "seconds", "header")
        widgets = {
            "description": forms.Textarea({"rows": 2}),
            "schema": forms.Textarea({"rows": 10, "spellcheck": "false", **CHECKED}),
            "strict": forms.CheckboxInput({**CHECKED, "hx-trigger": "change"}),
        }
        help_texts = {
            "name": _("What models call it: letters, digits, _ and -, at most 64."),
            "description": _("What it does and when to call it. Models read this."),
            "strict": _(
                "Models are held to the schema, where the format can promise it. Not every schema can be strict."
            ),
            "url": _("Arguments are posted there as JSON; the answer is the result. Redirects are not followed."),
            "seconds": _("From 1 to 120."),
        }

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.owner = owner
        self.fields["name"].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
        if self.instance._state.adding:
            self.fields["schema"].initial = EXAMPLE
        if not self.instance.secret:
            del self.fields["forget_secret"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not is_name(name):
            raise forms.ValidationError(_("Only letters, digits, _ and -, at most 64."))
        if name in BUILT_IN:
            raise forms.ValidationError(_("A built-in tool has this name."))
        others = Tool.objects.for_user(self.instance.owner).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("You have a tool of this name."))
        return name

    def clean_schema(self) -> str:
        try:
            schemas.read(self.cleaned_data["schema"], of_arguments=True, strict=bool(self.data.get("strict")))
        except SchemaRefused as error:
            raise forms.ValidationError(str(error)) from error
        return self.cleaned_data["schema"]

    def clean_seconds(self) -> int:
        if not 1 <= self.cleaned_data["seconds"] <= 120:
            raise forms.ValidationError(_("From 1 to 120."))
        return self.cleaned_data["seconds"]

    def clean_header(self) -> str:
        header = self.cleaned_data["header"].strip()
        if header and (not _HEADER.fullmatch(header) or header.lower() in _OURS):
            raise forms.ValidationError(_("This is no name of a header that can carry a secret."))
        return header

    def clean_secret(self) -> str:
        secret = self.cleaned_data["secret"].strip()
        if not all(32 <= ord(letter) < 127 for letter in secret):
            raise forms.ValidationError(_("A header's value has only plain letters, digits and signs, on one line."))
        return secret

    def clean(self):
        """An endpoint has an address that may be asked, and its secret a header. Another address gets no old secret."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") != Tool.Kind.ENDPOINT:
            return cleaned
        try:
            endpoint.check(cleaned.get("url", ""))
        except FetchRefused as error:
            self.add_error("url", str(error))
        if cleaned.get("secret") and not cleaned.get("header"):
            self.add_error("header", _("Name the header that carries the secret."))
        return cleaned

    def save(self, commit=True) -> Tool:
        if self.cleaned_data.get("secret"):
            self.instance.set_secret(self.cleaned_data["secret"])
        elif self.cleaned_data.get("forget_secret") or self._goes_elsewhere():
            self.instance.set_secret("")
        return super().save(commit)

    def _goes_elsewhere(self) -> bool:
        """A secret was given for one address: whoever gets at this form must not have it sent to their own."""
        return "url" in self.changed_data and bool(self.instance.secret)
