"""Links and images: which addresses may be followed, and what an image becomes."""

import base64
import binascii
import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from .escape import escape

REL = "noopener noreferrer nofollow"
# Characters of a data: address. A greater picture is seen at the answer's end, when it has become a file: while the
# answer is written, each frame would hold it.
IMAGE_LIMIT = 256_000
_BARE = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]\u3000-\u303f\uff00-\uffef]+")
_MAGIC = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/]+={0,2})")


def followable(url: str) -> str:
    """The address if it leads to the web or to mail, else nothing: a relative one would lead into our own site."""
    url = url.strip()
    if not url.isprintable() or not re.match(r"(?:https?://[^/\s]|mailto:[^\s])", url, re.IGNORECASE):
        return ""
    return url


def start_link(url: str, title: str) -> str:
    named = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(url)}"{named} rel="{REL}" target="_blank">'


def after_address(text: str, at: int) -> int:
    """The place, or the end of the bare web address that it lies in."""
    if "://" not in text:
        return at
    return next((match.end() for match in _BARE.finditer(text) if match.start() < at < match.end()), at)


def linkify(text: str) -> str:
    """Escaped text in which bare web addresses are links."""
    out, end = [], 0
    for match in _BARE.finditer(text):
        url = _without_tail(match[0])
        out += [escape(text[end : match.start()]), start_link(url, ""), escape(url), "</a>"]
        end = match.start() + len(url)
    return "".join(out) + escape(text[end:])


def _without_tail(url: str) -> str:
    """Punctuation after an address belongs to the sentence, a bracket too unless it was opened inside."""
    url = url.rstrip(".,;:!?*_~")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:!?*_~")
    return url


def remote_image(url: str, alt: str) -> str:
    """A link in the place of a picture elsewhere: it is fetched by a click only, for fetching tells who reads."""
    host = urlsplit(url).hostname or ""
    label = _("Image: %(alt)s") % {"alt": alt} if alt else _("Image")
    return (
        f'<a class="remote-image" href="{escape(url)}" data-url="{escape(url)}" rel="{REL}" target="_blank">'
        f"{escape(label)} <span>({escape(host)})</span></a>"
    )


_KEPT = re.compile(r"/assets/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[\w.~%-]+", re.ASCII)


def is_kept(url: str) -> bool:
    """Whether the address is that of a file that we keep: only those who may see it are given it."""
    return bool(_KEPT.fullmatch(url))


def is_picture(url: str) -> bool:
    """Whether the address holds a raster picture that is what it says, within the size limit."""
    match = _DATA.fullmatch(url) if len(url) <= IMAGE_LIMIT else None
    if not match:
        return False
    try:
        head = base64.b64decode(match[2][:64], validate=True)
    except binascii.Error:
        return False
    return head.startswith(_MAGIC[match[1]]) and (match[1] != "webp" or head[8:12] == b"WEBP")
