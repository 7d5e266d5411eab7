"""What a new chat begins with, where a layer above has something to say of it, such as somebody's preset."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from apps.conversations.models import Conversation


class Beginning(msgspec.Struct, frozen=True):
    """`chosen` is a conversation that is not stored: its fields are what the page shows as chosen. `name` is of what
    they come from, `notes` are sentences on what of it could not be used."""

    chosen: Conversation
    name: str = ""
    notes: Sequence[str] = ()


Sayer = Callable[..., Beginning | None]
_sayers: list[Sayer] = []


def say(sayer: Sayer) -> None:
    """Has `sayer(user, query)` asked for each new chat; `query` is what the page's address says."""
    _sayers.append(sayer)


def of(user, query: Mapping[str, str]) -> Beginning | None:
    return next((found for found in (sayer(user, query) for sayer in _sayers) if found), None)
