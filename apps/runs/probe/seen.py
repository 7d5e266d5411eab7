"""What was seen of one run, for those who judge it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from apps.wire.events import Event, PartDelta
from apps.wire.messages import Part, said

from ..models import Run


@dataclass(slots=True)
class Witness:
    """Counts the pieces in which each part came, and acts at the first one."""

    at_first: Callable[[], None] | None = None
    pieces: dict[int, int] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        if not isinstance(event, PartDelta):
            return
        self.pieces[event.index] = self.pieces.get(event.index, 0) + 1
        if self.at_first is not None:
            act, self.at_first = self.at_first, None
            act()

    @property
    def most(self) -> int:
        return max(self.pieces.values(), default=0)


@dataclass(frozen=True, slots=True)
class Seen:
    """`pieces` is in how many deltas the longest part came; tokens are None where the upstream counted none.

    `stopped_by_us` says that Stop was pressed at the first word.
    """

    run: Run
    parts: Sequence[Part]
    pieces: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    stopped_by_us: bool = False

    @property
    def text(self) -> str:
        return said(self.parts)
