"""What people type in: set-up, sign-up, their own account, an invitation."""

from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Instance, User


def password_rules() -> str:
    """The rules in one line, named where the password is typed and not only when it is refused."""
    return " ".join(str(text) for text in password_validation.password_validators_help_texts())


class SetupForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(label=_("Email"), widget=forms.EmailInput({"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = password_rules()

    def clean(self):
        data = super().clean()
        if "password" in data:
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            self._check_password(data["password"], person)
        return data

    def _check_password(self, password: str, person: User) -> None:
        try:
            password_validation.validate_password(password, person)
        except forms.ValidationError as error:
            self.add_error("password", error)


class SignupForm(forms.Form):
    """What sign-up asks besides email and password; allauth builds its own forms on top of this one."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request, user):
        """Asked for by allauth; the adapter stores the name."""


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "theme", "language"]
        widgets = {"name": forms.TextInput({"autocomplete": "name"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"] = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices, required=False)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[("", _("Follow the browser")), *settings.LANGUAGES], required=False
        )


class EmailForm(forms.Form):
    """A new address needs the password: who finds a browser open must not be able to take the account along."""

    email = forms.EmailField(label=_("New email"), widget=forms.EmailInput({"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Current password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, user: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        others = User.objects.exclude(pk=self.user.pk)
        claimed = EmailAddress.objects.filter(email__iexact=email).exclude(user=self.user)
        if others.filter(email__iexact=email).exists() or claimed.exists():
            raise forms.ValidationError(_("Somebody else uses this address."))
        return email

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("That is not your current password."))
        return self.cleaned_data["password"]


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"), required=False, help_text=_("If given, only this address can sign up with the link.")
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=90, initial=7)
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"), label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_administrator = forms.BooleanField(label=_("As administrator"), required=False)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email and User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("This person already has an account."))
        return email


class SignupModeForm(forms.Form):
    signup = forms.ChoiceField(label=_("Who may sign up"), choices=Instance.Signup.choices)


class GroupForm(forms.ModelForm):
    class Meta:
        model = Group
        fields = ["name"]
