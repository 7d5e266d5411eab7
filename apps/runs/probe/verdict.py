"""What a check found: a state, a sentence for people, and the upstream's own words."""

import msgspec
from django.utils.translation import gettext as _

from ..models import Run
from .models import ProbeResult
from .seen import Seen

OK, FAILED, NOT_OFFERED = ProbeResult.State.OK, ProbeResult.State.FAILED, ProbeResult.State.NOT_OFFERED

# These say that nobody was reached: of the model they say nothing.
DOWN = frozenset({"dns", "refused", "tls", "connect_timeout", "network", "address"})
# Statuses that speak of the request itself: another day they would be the same.
OF_THE_REQUEST = frozenset({400, 404, 405, 415, 422, 501})
NO_SUCH_ADDRESS = frozenset({404, 405, 501})


class Verdict(msgspec.Struct, frozen=True):
    state: str
    sentence: str = ""
    says: str = ""
    conclusive: bool = True


def yes(sentence: str = "") -> Verdict:
    return Verdict(OK, sentence)


def no(sentence: str) -> Verdict:
    return Verdict(FAILED, sentence)


def unsure(sentence: str, says: str = "") -> Verdict:
    """Red, though it may be no fault of the model's."""
    return Verdict(FAILED, sentence, says, conclusive=False)


def is_down(run: Run) -> bool:
    """Whether nobody was reached: then all that would follow fails alike."""
    return (run.error or {}).get("kind") in DOWN


def failure(seen: Seen, is_first: bool) -> Verdict | None:
    """Why there is no answer that could be judged; None where there is one. `is_first` is the plain chat."""
    run = seen.run
    if run.status == Run.Status.FAILED:
        return _refused(run, is_first)
    if run.status == Run.Status.INTERRUPTED or (run.status == Run.Status.STOPPED and not seen.stopped_by_us):
        return unsure(_("It had not ended when its time was over: it was stopped."))
    if run.truncated and not seen.stopped_by_us:
        return unsure(_("The stream ended without its closing mark: the answer may be cut."))
    return None


def _refused(run: Run, is_first: bool) -> Verdict:
    error = run.error or {}
    title, says, status = error.get("title", ""), error.get("upstream_says") or "", error.get("status") or 0
    if is_first and status in NO_SUCH_ADDRESS and "not exist" not in says:
        return Verdict(NOT_OFFERED, title, says)
    return Verdict(FAILED, title, says, conclusive=status in OF_THE_REQUEST)
