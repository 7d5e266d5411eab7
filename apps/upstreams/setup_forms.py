"""Second step of first run: where the answers come from."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GatewayForm(forms.Form):
    """The key is never rendered again, not even after a mistake: it must not reach a browser."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("What people see. Left empty, the host's name.")
    )
    url = forms.CharField(
        label=_("Base URL"),
        max_length=500,
        help_text=_("Without /v1. A pasted endpoint is shortened for you."),
        widget=forms.TextInput(
            {"inputmode": "url", "spellcheck": "false", "placeholder": "https://gateway.example.com"}
        ),
    )
    key = forms.CharField(
        label=_("Key"),
        required=False,
        help_text=_("Stored encrypted. It never reaches a browser again."),
        widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"}),
    )
