"""Our rules on top of django-allauth: who may sign up, where a redirect may lead, what is encrypted."""

from io import BytesIO

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from . import at_rest, invitations
from .models import Instance, User
from .refusals import invitation_over
from .signup_mode import signup_mode


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("That email and password do not match."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return signup_mode() == Instance.Signup.OPEN or invitations.pending(request) is not None

    def is_safe_url(self, url: str) -> bool:
        """Only this very host: another name in ALLOWED_HOSTS, or another port of it, is somebody else's page."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def clean_email(self, email: str) -> str:
        invitation = invitations.pending(context.request)
        if invitation and invitation.email and invitation.email != email.lower():
            raise ValidationError(gettext("This invitation is for %(email)s.") % {"email": invitation.email})
        return email

    @transaction.atomic
    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data.get("name", "")
        user = super().save_user(request, user, form, commit)
        _use_invitation(request, user)
        return user


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or "")[:120]
        return user

    @transaction.atomic
    def save_user(self, request, sociallogin, form=None):
        """Without a form the account adapter is not asked, so the invitation is used up here."""
        user = super().save_user(request, sociallogin, form)
        if form is None:
            _use_invitation(request, user)
        return user


class MFAAdapter(DefaultMFAAdapter):
    def build_totp_svg(self, url: str) -> str:
        """On white whatever the theme: cameras do not read a black code on a dark page."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return at_rest.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return at_rest.decrypt(encrypted_text)


def _use_invitation(request: HttpRequest, user: User) -> None:
    """Raises, and thereby undoes the sign-up, when somebody else used the link in the meantime."""
    invitation = invitations.pending(request)
    try:
        if invitation:
            invitations.claim(invitation=invitation, user=user)
        elif signup_mode() != Instance.Signup.OPEN:
            raise invitations.InvitationOver
    except invitations.InvitationOver as error:
        raise ImmediateHttpResponse(invitation_over(request, error)) from error
    request.session.pop(invitations.SESSION_KEY, None)
