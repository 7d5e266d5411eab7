"""What holds for every page: its headers, and how much may be sent to it."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

ROOM = 64 * 1024  # of a form around its file
CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def headers(get_response):
    """Model text is hostile: even if some of it got through the cleaner, the browser refuses to run it."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
        return response

    return middleware


def is_too_large(method: str, path: str, length: int) -> bool:
    """By how long the body says it is. What is imported is larger than any file of a message."""
    is_import = method == "POST" and path == reverse("import")
    return length > (settings.IMPORT_MB * 1024 * 1024 + ROOM if is_import else settings.REQUEST_MAX_BYTES)


def size(get_response):
    """Answers for a body that the handler has not read: scripts show the sentence, and people get a page."""

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isdigit() and is_too_large(request.method, request.path, int(length))):
            return get_response(request)
        if "text/html" in request.headers.get("Accept", "") and not request.htmx:
            return render(request, "413.html", status=413)
        return HttpResponse(_("This file is too large."), content_type="text/plain", status=413)

    return middleware
