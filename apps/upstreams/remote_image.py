"""An image from elsewhere, shown when a reader clicks on it: fetched by us, so that its host learns nothing of them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .fetch import FetchRefused, fetch

LIMIT = 10 * 1024 * 1024
ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif"


def raster_type(data: bytes) -> str:
    """The media type by the first bytes, '' for anything but a raster image. SVG can carry scripts and is not one."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if data[4:12] in {b"ftypavif", b"ftypavis"} else ""


@require_safe
@login_required
async def remote_image(request: HttpRequest) -> HttpResponse:
    try:
        fetched = await fetch(request.GET.get("url", ""), limit=LIMIT, accept=ACCEPT)
    except FetchRefused as error:
        return _refused(str(error), error.status)
    return image_of(fetched.data)


def image_of(data: bytes) -> HttpResponse:
    """The image, so that a browser takes it for nothing else; a sentence for what is none."""
    media_type = raster_type(data)
    if not media_type:
        return _refused(_("This is not an image of a kind that is shown here."), 415)
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _refused(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
