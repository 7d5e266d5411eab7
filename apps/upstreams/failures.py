"""UpstreamError, and the sentence for each way in which a call can fail.

`kind` is one of
    address             the URL or the key cannot be sent as they are
    dns, refused, tls, connect_timeout, network, proxy     no connection: nothing was sent
    first_byte_timeout, idle_timeout, total_timeout, cut   the request was sent: it may have been worked on
    http, redirect      the upstream answered with an error, or with another address
    not_http, not_json, not_models, too_large   the answer is something else than asked for
    paused              it failed too often just now: nothing was sent
"""

import re
import ssl
from collections.abc import Mapping
from urllib.parse import quote

import aiohttp
from django.utils.translation import gettext as _

from apps.wire import errors
from apps.wire.events import Failed

from .endpoint import Endpoint
from .said import in_words

_KEY = re.compile(r"(sk-|AIza)[A-Za-z0-9_-]{8,}")
_IN_ADDRESS = re.compile(r"([?&]key=)[^&#\s\"'<>]+")
REQUEST_ID_HEADERS = ("x-oneapi-request-id", "x-request-id", "request-id", "cf-ray")
UNSENT = {"address", "dns", "refused", "tls", "connect_timeout", "network", "proxy"}


class UpstreamError(Exception):
    """Why a call failed: its text says what happened and what to do. It never contains a key.

    `sent` is false when the upstream cannot have seen the request; `upstream_says` are its own words, and
    `reported` is what they mean. `location` is where a redirect leads to: an address from outside.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        status: int = 0,
        request_id: str = "",
        retry_after: float | None = None,
        code: str = "",
        upstream_says: str = "",
        sent: bool = True,
        retryable: bool = False,
        reported: Failed | None = None,
        location: str = "",
    ):
        super().__init__(message)
        self.kind, self.status, self.code, self.sent = kind, status, code, sent
        self.request_id, self.retry_after, self.upstream_says = request_id, retry_after, upstream_says
        self.retryable, self.reported, self.location = retryable, reported, location

    def whole(self, sentence: str = "") -> str:
        """The sentence, or one in its place, the upstream's own words and its request id: for terminals and logs."""
        says = _("It says: {words}").format(words=self.upstream_says) if self.upstream_says else ""
        known = _("Request id: {id}").format(id=self.request_id) if self.request_id else ""
        return " ".join(part for part in (sentence or str(self), says, known) if part)


def redact(text: str, key: str) -> str:
    """The text without our key or anything that looks like one: error bodies like to repeat what was sent."""
    if len(key) >= 6:
        text = text.replace(key, "…").replace(quote(key, safe=""), "…")
    return _IN_ADDRESS.sub(r"\1…", _KEY.sub(r"\1…", text))


def harmless(error: BaseException, key: str) -> BaseException | None:
    """The error as another's cause, None if its words hold the key: a cause is logged, and some name the address."""
    found: BaseException | None = error
    while found is not None:
        if redact(str(found), key) != str(found):
            return None
        found = found.__cause__ or found.__context__
    return error


def request_id_of(headers: Mapping[str, str]) -> str:
    return next((headers[name] for name in REQUEST_ID_HEADERS if headers.get(name)), "")


def unusable(endpoint: Endpoint, message: str) -> UpstreamError:
    return UpstreamError(message, kind="address", sent=False)


def from_connection(endpoint: Endpoint, error: BaseException) -> UpstreamError:
    """What ended a request before its reply began. The transport blurs the kinds; aiohttp's own error beneath tells."""
    cause = error if isinstance(error, aiohttp.ClientError) else error.__cause__ or error
    kind = _kind_of(cause)
    reason = redact(str(getattr(cause, "strerror", "") or cause), endpoint.key)[:300]
    return UpstreamError(_sentence(kind, endpoint, reason), kind=kind, sent=kind not in UNSENT, retryable=_again(kind))


def _again(kind: str) -> bool:
    return kind in {"dns", "refused", "connect_timeout", "network"}


def _kind_of(cause: BaseException) -> str:
    if isinstance(cause, aiohttp.ClientConnectorDNSError):
        return "dns"
    if isinstance(cause, (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError)):
        return "proxy"
    if isinstance(cause, (aiohttp.ClientSSLError, ssl.SSLError)):
        return "tls"
    if isinstance(cause, aiohttp.ClientConnectorError):
        return "refused" if isinstance(cause.os_error, ConnectionRefusedError) else "network"
    if isinstance(cause, TimeoutError):
        return "connect_timeout"
    if isinstance(cause, aiohttp.ClientResponseError):
        return "not_http"
    if isinstance(cause, (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError)):
        return "address"
    return "cut"


def _sentence(kind: str, endpoint: Endpoint, reason: str) -> str:
    sentences = {
        "dns": _("The name {host} could not be found. Check the address for a typing error, and this server's DNS."),
        "refused": _("{host} refused the connection. Check the address and the port, and that the service is running."),
        "tls": _("No secure connection to {host}: {reason}. Check its certificate, or use http:// if it has no TLS."),
        "connect_timeout": _("{host} did not accept a connection in time. Check the address and the firewall."),
        "network": _("{host} cannot be reached: {reason}. Check the address and this server's network."),
        "proxy": _("The proxy in front of {host} did not let us through: {reason}. Check HTTPS_PROXY and NO_PROXY."),
        "address": _("The request to {host} cannot be sent: {reason}. Check the address and the key."),
        "not_http": _("{host} does not speak HTTP. Check the port, and whether the address begins with https://."),
        "cut": _("{name} closed the connection before it answered. It may have counted the request; try again."),
    }
    return sentences[kind].format(host=endpoint.host, name=endpoint.title, reason=reason.rstrip("."))


def timed_out(endpoint: Endpoint, kind: str, seconds: float) -> UpstreamError:
    sentences = {
        "first_byte_timeout": _("{name} sent nothing for {seconds} s. It may have counted the request; try again."),
        "idle_timeout": _("{name} fell silent for {seconds} s in the middle of its answer. What arrived is kept."),
        "total_timeout": _("The answer took longer than {seconds} s and was ended. What arrived is kept."),
    }
    return UpstreamError(sentences[kind].format(name=endpoint.title, seconds=f"{seconds:g}"), kind=kind)


def cut(endpoint: Endpoint, status: int) -> UpstreamError:
    message = _("The connection to {name} broke in the middle of its answer. What arrived is kept; try again.")
    return UpstreamError(message.format(name=endpoint.title), kind="cut", status=status)


def too_much(endpoint: Endpoint, status: int, limit: int) -> UpstreamError:
    message = _("{name} answered with more than {limit} MB.")
    return UpstreamError(message.format(name=endpoint.title, limit=limit // 1024**2), kind="too_large", status=status)


def redirected(endpoint: Endpoint, status: int, location: str) -> UpstreamError:
    message = _("{name} sends us on to {location}. If you trust that address, use it as the base URL.")
    told = message.format(name=endpoint.title, location=redact(location, endpoint.key)[:300] or "–")
    return UpstreamError(told, kind="redirect", status=status, location=location)


def from_reply(endpoint: Endpoint, status: int, headers: Mapping[str, str], body: bytes) -> UpstreamError:
    """An error that the upstream answered with."""
    failed = errors.parse_error(status, body, headers.get("content-type", ""), headers)
    retry_after = errors.retry_after(headers, body)
    asked = {"true": True, "false": False}.get(headers.get("x-should-retry", "").lower(), failed.retryable)
    return UpstreamError(
        http_sentence(endpoint, status, failed, retry_after),
        kind="http",
        status=status,
        request_id=request_id_of(headers),
        retry_after=retry_after,
        code=failed.code or failed.type,
        upstream_says=redact(in_words(failed.message), endpoint.key),
        retryable=asked,
        reported=failed,
    )


def http_sentence(endpoint: Endpoint, status: int, failed: Failed, retry_after: float | None) -> str:
    text = _http_sentence(status, failed)
    if retry_after and status in {429, 503, 529}:
        text += " " + _("It asks to wait {seconds} s.").format(seconds=f"{retry_after:g}")
    return text.format(name=endpoint.title, status=status)


def _http_sentence(status: int, failed: Failed) -> str:
    if "model_not_found" in (failed.code, failed.type):
        return _("No channel of {name} serves this model for this key ({status}). Choose another model.")
    if "insufficient_quota" in (failed.code, failed.type) or status == 402:
        return _("The account at {name} has no credit left ({status}). Top it up, or use another upstream.")
    sentences = {
        400: _("{name} rejected the request ({status}). Change what it complains about and send it again."),
        401: _("{name} refused the key ({status}). Enter a valid key under Settings, Upstreams."),
        403: _("{name} does not allow this ({status}): quota used up, or the key may not use this model."),
        404: _("{name} knows no such address or model ({status}). Check the base URL and the model."),
        413: _("The request is too large for {name} ({status}). Shorten the conversation or remove files."),
        422: _("{name} rejected a value ({status}). Change what it complains about and send it again."),
        429: _("{name} has too many requests at the moment ({status}). Wait a little and try again."),
        501: _("{name} does not offer this function ({status})."),
    }
    if status >= 500:
        fallback = _("{name} failed to answer ({status}). Try again; if it stays, tell its operator the request id.")
    else:
        fallback = _("{name} answered with status {status}. Its own words may say more.")
    return sentences.get(status, fallback)
