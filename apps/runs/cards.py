"""A call of a tool as a page shows it: what it was given, what it gave, and in which state it is."""

import json
import uuid

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.conversations.render.escape import fit
from apps.wire.exceptions import Undecodable
from apps.wire.messages import ToolCall, ToolResult
from apps.wire.tolerant import loads
from apps.work.figures import decimal

SHOWN = 20_000
SHORT = 160


class Card(msgspec.Struct):
    """`state` is writing, running, waiting (for a person), ok, error or off; `label` says it in words.

    `field` is the name under which a person's answer is posted, `failed` that of the word that it is an error, and
    `form` the id of the form; '' where nobody is asked.
    """

    state: str
    label: str
    name: str
    short: str
    given: str
    result: str = ""
    more: str = ""
    has_result: bool = False
    field: str = ""
    failed: str = ""
    form: str = ""

    def ask(self, message_id: uuid.UUID, place: int) -> None:
        """Asks the person; `place` is that of the call among the message's parts."""
        self.field, self.failed, self.form = f"result.{place}", f"failed.{place}", f"answers-{message_id}"


def card(call: ToolCall, result: ToolResult | None, *, ended: bool, running: bool, by_hand: bool) -> Card:
    """`running`: its run still works."""
    state = _state(result, ended, running, by_hand)
    given = pretty(call.arguments) if ended else fit(call.arguments)
    shown = Card(
        state=state,
        label=_label(state, result),
        name=fit(call.name)[:80] or _("Tool"),
        short=" ".join(fit(call.arguments[: 2 * SHORT]).split())[:SHORT] if ended else fit(call.arguments[:SHORT]),
        given=given,
    )
    if result is not None:
        text = pretty(result.content)
        shown.has_result = True
        shown.result, shown.more = text[:SHOWN], _more(len(text) - SHOWN)
    return shown


def pretty(text: str) -> str:
    """JSON of more than one value over several lines; anything else as it is."""
    if not text.lstrip().startswith(("{", "[")) or len(text) > 5 * SHOWN:
        return fit(text)
    try:
        return fit(json.dumps(loads(text.encode("utf-8", "replace")), indent=2, ensure_ascii=False))
    except (Undecodable, RecursionError):
        return fit(text)


def _state(result: ToolResult | None, ended: bool, running: bool, by_hand: bool) -> str:
    if result is not None:
        return "error" if result.is_error else "ok"
    if running and not ended:
        return "writing"
    if by_hand:
        return "waiting"
    return "running" if running else "off"


def _label(state: str, result: ToolResult | None) -> str:
    words = {
        "writing": _("Writing"),
        "running": _("Running"),
        "waiting": _("Waits for you"),
        "ok": _("Done"),
        "error": _("Failed"),
        "off": _("not run"),
    }
    if result is None or result.seconds is None:
        return words[state]
    return f"{words[state]} · {_time(result.seconds)}"


def _time(seconds: float) -> str:
    if seconds < 1:
        return _("%(number)s ms") % {"number": round(seconds * 1000)}
    return _("%(seconds)s s") % {"seconds": decimal(seconds, 1)}


def _more(count: int) -> str:
    if count <= 0:
        return ""
    told = ngettext("… and one more character.", "… and %(count)s more characters.", count)
    return told % {"count": decimal(count, 0, grouped=True)}
