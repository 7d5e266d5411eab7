"""What administrators enter about upstreams and models."""

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from apps.wire.formats import FORMATS
from apps.wire.media.dialects import DIALECTS

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
        fields = ("name", "base_url", "gemini_version", "gemini_key", "enabled", "position")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind != Upstream.Kind.GATEWAY:
            for name in ("base_url", "key", "gemini_version", "gemini_key"):
                del self.fields[name]

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
        return bool({"base_url", "key", "gemini_version", "gemini_key"} & set(self.changed_data))


class ModelForm(forms.ModelForm):
    own_formats = forms.MultipleChoiceField(
        choices=[(name, wire.label) for name, wire in FORMATS.items()],
        required=False,
        label=_("Offered wire formats"),
        help_text=_("None chosen: those that the catalogue names, or all."),
        widget=forms.CheckboxSelectMultiple,
    )
    own_format = forms.ChoiceField(
        choices=[("", _("By itself")), *((name, wire.label) for name, wire in FORMATS.items())],
        required=False,
        label=_("Default wire format"),
        help_text=_("By itself: as the catalogue or the model's name says."),
    )
    own_dialect = forms.ChoiceField(
        choices=[("", _("By itself")), *((name, dialect.label) for name, dialect in DIALECTS.items())],
        required=False,
        label=_("Way to ask for media"),
        help_text=_(
            "How pictures, films, sound or vectors are asked for. By itself: as the catalogue or the name says."
        ),
    )
    unit = forms.ChoiceField(
        choices=[("", _("By itself")), *Model.Unit.choices],
        required=False,
        label=_("Unit"),
        help_text=_("Of what the price is one. By itself: of what the request counts."),
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        required=False,
        label=_("Only for groups"),
        help_text=_("None chosen: for everybody."),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Model
        fields = (
            "label",
            "position",
            "enabled",
            "own_formats",
            "own_format",
            "own_dialect",
            "unit_price",
            "unit",
            "groups",
        )
        help_texts = {
            "label": _("What people read instead of the name."),
            "position": _("Small numbers come first."),
            "unit_price": _("For what is not counted in tokens, such as pictures and seconds of film."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.fields["groups"].queryset.exists():
            del self.fields["groups"]

    def clean(self):
        default, offered = self.cleaned_data.get("own_format"), self.cleaned_data.get("own_formats")
        if default and offered and default not in offered:
            self.add_error("own_format", _("The default is not among the formats that are offered."))
        return self.cleaned_data

    def save(self, commit=True) -> Model:
        """Formats that are chosen now are a newer word than what a probe proved of them."""
        if "own_formats" in self.changed_data:
            kept = {name: proved for name, proved in self.instance.accepted.items() if not name.startswith("format:")}
            self.instance.accepted = kept
        return super().save(commit)
