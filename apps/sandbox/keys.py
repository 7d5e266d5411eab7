"""Whether a client gave the key, in a place where its format has it."""

import hmac

from .doors import BEARER, DOORS
from .exchange import Exchange

ANYWHERE = tuple(dict.fromkeys(place for door in DOORS for place in door.keys))


def knows(exchange: Exchange, key: str) -> bool:
    places = exchange.door.keys if exchange.door else ANYWHERE
    return any(hmac.compare_digest(_given(exchange, place).encode(), key.encode()) for place in places)


def _given(exchange: Exchange, place: str) -> str:
    if place == "key":
        return exchange.query.get("key", "")
    given = exchange.headers.get(place, "")
    if place != BEARER:
        return given
    scheme, _, key = given.partition(" ")
    return key if scheme == "Bearer" else ""
