"""How far a task is, out of the words and numbers of all dialects."""

import re
from typing import Any

from .shapes import State

RUNNING = (
    *("in_progress", "processing", "running", "video_generating", "video_generation_completed"),
    *("video_upsampling", "video_upsampling_completed"),
)
STATES: dict[str, State] = {
    **dict.fromkeys(("not_start", "submitted", "queued", "pending", "image_downloading", "", "unknown"), "queued"),
    **dict.fromkeys(RUNNING, "running"),
    **dict.fromkeys(("success", "succeeded", "completed", "complete"), "succeeded"),
    **dict.fromkeys(("failure", "failed", "fail", "error", "cancelled", "canceled", "expired"), "failed"),
}
# With a film beside it this is the end: what follows it is only a larger picture.
GENERATED = "video_generation_completed"
_PERCENT = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*%?\s*")


def state_of(word: str) -> State:
    """The state that a word means, however it is cased. A new word is no end: its task is asked about again."""
    word = word.strip().lower()
    return "failed" if word.endswith("_failed") else STATES.get(word, "queued")


def progress_of(told: Any, state: State, fraction: bool = False) -> int | None:
    """0 to 100 of 35, "35%" or 0.35, None if it is none of these; 100 means that it has succeeded, and only that.

    `fraction` is for a field where 1 is all.
    """
    if state == "succeeded":
        return 100
    if isinstance(told, str) and (found := _PERCENT.fullmatch(told)):
        told = float(found.group(1))
    elif isinstance(told, float) and 0 < told < 1:
        fraction = True
    if isinstance(told, bool) or not isinstance(told, int | float) or told != told:
        return None
    return round(min(max(told * 100 if fraction else told, 0), 99))


def further(before: int | None, told: int | None) -> int | None:
    """The progress to show: it never goes back."""
    return before if told is None else told if before is None else max(before, told)
