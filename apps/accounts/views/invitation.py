"""The link somebody was sent. Opening it uses nothing up: mail scanners and chat previews open links too."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from .. import invitations
from ..refusals import invitation_over, signed_in_already


@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    if request.user.is_authenticated:
        return signed_in_already(request)
    try:
        invitation = invitations.find(token)
    except invitations.InvitationOver as reason:
        return invitation_over(request, reason)
    request.session[invitations.SESSION_KEY] = token
    query = f"?{urlencode({'email': invitation.email})}" if invitation.email else ""
    return redirect(reverse("account_signup") + query)
