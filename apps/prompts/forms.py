"""Prompts and presets as their owner, or a member who may, writes them."""

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from .models import Kept, Preset, Prompt, PromptVersion


class KeptForm(forms.Form):
    """What prompts and presets have in common. Only the owner says with whom it is shared."""

    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    description = forms.CharField(label=_("Description"), required=False, max_length=400)

    def __init__(self, data=None, *, kept: Kept, user):
        known = {"title": kept.title, "description": kept.description, "members_edit": kept.members_edit}
        stored = not kept._state.adding
        super().__init__(data, initial={**known, "groups": kept.groups.all() if stored else [], **self.first(kept)})
        mine = Group.objects.filter(user=user).order_by("name")
        self.shares = (not stored or kept.owner_id == user.pk) and mine.exists()
        if self.shares:
            self.fields["groups"] = forms.ModelMultipleChoiceField(
                mine, label=_("Share with"), required=False, widget=forms.CheckboxSelectMultiple
            )
            self.fields["members_edit"] = forms.BooleanField(label=_("Its members may change it"), required=False)

    def first(self, kept) -> dict:
        return {}

    @property
    def sharing(self) -> dict:
        return {"groups": self.cleaned_data["groups"], "members_edit": self.cleaned_data["members_edit"]}


class PromptForm(KeptForm):
    kind = forms.ChoiceField(
        label=_("Where it goes"),
        choices=[
            (PromptVersion.Kind.USER, _("Into the message")),
            (PromptVersion.Kind.SYSTEM, _("Becomes the system prompt")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea({"rows": 10, "spellcheck": "true"}),
        help_text=_(
            "{{name}} is asked for when the prompt is used, {{language=English}} stands there with what is given, "
            "{{text:long}} takes many lines."
        ),
    )
    base = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def first(self, kept: Prompt) -> dict:
        current = kept.current
        if current is None:
            return {"kind": PromptVersion.Kind.USER, "base": 0}
        return {"kind": current.kind, "text": current.text, "base": current.number}


class PresetForm(KeptForm):
    def save(self, kept: Preset) -> None:
        kept.title, kept.description = self.cleaned_data["title"], self.cleaned_data["description"]
        kept.save(update_fields=["title", "description", "updated_at"])
