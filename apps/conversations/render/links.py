"""Links and images: which addresses may be followed, and what an image becomes."""

import base64
import binascii
import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from .escape import escape

REL = "noopener noreferrer nofollow"
IMAGE_LIMIT = 4_000_000  # characters of a data: address
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
