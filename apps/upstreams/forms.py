"""What administrators enter about upstreams and models."""

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from .address import BadAddress, check_key, normalise
from .models import Model, Upstream


class UpstreamForm(forms.ModelForm):
    """An existing upstream. The key is never rendered; left empty, the stored one stays."""

    key = forms.CharField(
        label=_("New key"),
        required=False,
        help_text=_("Leave it empty to keep the stored key. A key is never shown again."),
        widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"}),
    )

    class Meta:
        model = Upstream
        fields = ("name", "base_url", "enabled", "position")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind != Upstream.Kind.GATEWAY:
            del self.fields["base_url"], self.fields["key"]

    def clean_base_url(self) -> str:
        try:
            return normalise(self.cleaned_data["base_url"])
        except BadAddress as error:
            raise forms.ValidationError(str(error)) from error

    def clean_key(self) -> str:
        try:
            return check_key(self.cleaned_data["key"])
        except BadAddress as error:
            raise forms.ValidationError(str(error)) from error

    def save(self, commit=True) -> Upstream:
        if self.cleaned_data.get("key"):
            self.instance.set_key(self.cleaned_data["key"])
        return super().save(commit)

    def needs_test(self) -> bool:
        return bool({"base_url", "key"} & set(self.changed_data))


class ModelForm(forms.ModelForm):
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        required=False,
        label=_("Only for groups"),
        help_text=_("None chosen: for everybody."),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Model
        fields = ("label", "position", "enabled", "groups")
        help_texts = {"label": _("What people read instead of the name."), "position": _("Small numbers come first.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.fields["groups"].queryset.exists():
            del self.fields["groups"]
