"""Changing the address somebody signs in with."""

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .models import User


def change_email(request: HttpRequest, *, user: User, email: str) -> str:
    """Change it at once, or where addresses must be confirmed, once the mailed link is followed. Says which."""
    if app_settings.EMAIL_VERIFICATION == app_settings.EmailVerificationMethod.MANDATORY:
        EmailAddress.objects.add_new_email(request, user, email)
        return _("A link was sent to %(email)s. Follow it to confirm the address.") % {"email": email}
    _replace(user=user, email=email)
    return _("You now sign in with %(email)s.") % {"email": email}


@transaction.atomic
def _replace(*, user: User, email: str) -> None:
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    user.email = email
    user.save(update_fields=["email"])
