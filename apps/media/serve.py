"""A file to its reader: whole or a part of it, read piece by piece, and never as something that could act."""

import re
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from .models import Asset

PIECE = 256 * 1024
# Whatever a browser makes of such a file, it runs nothing, sends nothing and is framed by nobody.
POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
SHOWN = frozenset((Asset.Kind.IMAGE, Asset.Kind.PDF, Asset.Kind.AUDIO, Asset.Kind.VIDEO))
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.ASCII)


def whole_or_part(request: HttpRequest, asset: Asset) -> HttpResponseBase:
    """The file, as the headers Range, If-Range and If-None-Match want it."""
    etag = f'"{asset.sha256[:32]}"'
    if _has(request, etag):
        return _for_ever(HttpResponseNotModified(), etag)
    wanted = _wanted(request, asset.size, etag)
    if wanted == UNSATISFIABLE:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{asset.size}"
        return _inert(response)
    response = _body(request, asset.path, *(wanted or (0, asset.size)))
    if wanted:
        response.status_code = 206
        start, length = wanted
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{asset.size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = "text/plain; charset=utf-8" if asset.kind == Asset.Kind.TEXT else asset.media_type
    is_file = asset.kind not in SHOWN or "download" in request.GET
    response["Content-Disposition"] = content_disposition_header(is_file, asset.name)
    return _for_ever(_inert(response), etag)


def thumbnail(request: HttpRequest, asset: Asset) -> HttpResponseBase:
    etag = f'"{asset.sha256[:32]}-small"'
    if not asset.has_thumbnail:
        raise Http404
    if _has(request, etag):
        return _for_ever(HttpResponseNotModified(), etag)
    with _open(asset.thumbnail_path) as file:
        response = HttpResponse(file.read(), content_type="image/webp")
    response["Content-Disposition"] = "inline"
    return _for_ever(_inert(response), etag)


UNSATISFIABLE = (-1, 0)


def _wanted(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Start and length of the one part that is asked for; None for the whole, as where several are asked for."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or request.headers.get("If-Range", etag) != etag or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else UNSATISFIABLE
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return (start, end - start + 1) if start < size else UNSATISFIABLE


def _has(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in (tag.removeprefix("W/") for tag in known)


def _open(path: str) -> BinaryIO:
    try:
        return default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error


class _Pieces:
    """A part of a file, read as it is sent."""

    def __init__(self, file: BinaryIO, start: int, length: int):
        self._file, self._left = file, length
        file.seek(start)

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(PIECE, self._left))
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()


def _body(request: HttpRequest, path: str, start: int, length: int) -> HttpResponseBase:
    pieces = _Pieces(_open(path), start, length)
    if request.method == "HEAD":
        pieces.close()
        response: HttpResponseBase = HttpResponse()
    else:
        response = StreamingHttpResponse(pieces)
    response["Content-Length"] = str(length)
    return response


def _inert(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _for_ever(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """What stands under an id never changes, and is nobody else's."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
