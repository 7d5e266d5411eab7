"""From what somebody pasted to a base URL."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

# Everything from the first of these on is an endpoint, not a base.
_ENDPOINT = re.compile(
    r"(/v\d+[a-z]*(/openai)?)?/(chat/completions|completions|responses|messages|models|embeddings|rerank|images|audio"
    r"|videos?|realtime|moderations)(/.*)?$",
    re.IGNORECASE,
)
_VERSION = re.compile(r"/(v1|v1beta)$", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class BadAddress(ValueError):
    """What was entered cannot be used; the text says why."""


def normalise(url: str) -> str:
    """The base URL, without /v1 and without a trailing slash. Raises BadAddress."""
    text = url.strip()
    if not text:
        raise BadAddress(_("Enter the base URL of the gateway, such as https://gateway.example."))
    if any(letter.isspace() or ord(letter) < 32 for letter in text):
        raise BadAddress(_("The address has a space or a line break in it. Paste it again without."))
    parts, port = _split(text if _SCHEME.match(text) else f"{_scheme_for(text)}://{text}")
    _refuse_extras(parts)
    host = parts.hostname or ""
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        netloc += f":{port}"
    return f"{parts.scheme}://{netloc}{_base_path(parts.path)}"


def _split(text: str):
    try:
        parts = urlsplit(text)
        return parts, parts.port
    except ValueError as error:
        raise BadAddress(_("This is not an address. It should look like https://gateway.example.")) from error


def _scheme_for(text: str) -> str:
    """https, but http for the own machine, where nobody has a certificate."""
    try:
        host = urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return "https"
    if host == "localhost" or host.endswith(".localhost"):
        return "http"
    try:
        return "http" if ipaddress.ip_address(host).is_loopback else "https"
    except ValueError:
        return "https"


def _refuse_extras(parts) -> None:
    if parts.scheme not in {"http", "https"}:
        raise BadAddress(
            _("The address must begin with https:// or http://, not {scheme}://.").format(scheme=parts.scheme)
        )
    if "@" in parts.netloc:
        raise BadAddress(_("Leave user and password out of the address: the key has a field of its own."))
    if parts.query or parts.fragment:
        raise BadAddress(_("Leave out what follows ? or # in the address: the key has a field of its own."))
    if not parts.hostname or not re.fullmatch(r"[^\s/\\<>\"'%]+", parts.hostname):
        raise BadAddress(_("This address names no host. It should look like https://gateway.example."))


def _base_path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    ending = _ENDPOINT.search(path)
    if ending:
        path = path[: ending.start()] + (ending.group(1) or "")
    return _VERSION.sub("", path)


def check_key(key: str) -> str:
    """The key without the blanks around it. Raises BadAddress where it could not be sent in a header."""
    key = key.strip().removeprefix("Bearer ").strip()
    if not all(33 <= ord(letter) < 127 for letter in key):
        raise BadAddress(_("The key has characters that no key has, such as spaces or dots from a shortened copy."))
    return key
