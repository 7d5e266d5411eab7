"""Work that takes its time: where each task stands is read off a clock, so that nothing runs while nobody asks."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from apps.wire.media.shapes import MediaReply

from .orders import Declined, Order, moderated

MOST, MOST_BYTES = 1000, 256_000_000
BEGINS, FAILS = 0.15, 0.9
Clock = Callable[[], float]


@dataclass
class Task:
    """`finish` makes the end of it, `sketch` what can be had before; `polls` counts how often it was asked about.

    `begun` is read off the clock, `told` is the time of day.
    """

    id: str
    dialect: str
    order: Order
    begun: float
    finish: Callable[["Task"], MediaReply]
    sketch: Callable[["Task", float], MediaReply] | None = None
    polls: int = 0
    told: float = field(default_factory=time.time)

    def part(self, now: float) -> float:
        """How much of the work is done, 0 to 1."""
        if self.order.maker.fault == "stuck":
            return min(0.5, now - self.begun)
        seconds = self.order.maker.seconds
        return min(1.0, (now - self.begun) / seconds) if seconds else 1.0

    def reply(self, now: float) -> MediaReply:
        part = self.part(now)
        if self.order.maker.fault == "moderated" and part >= FAILS:
            return MediaReply("failed", self.id, progress=90, error=moderated().failed)
        if part >= 1:
            return self._finished()
        if self.sketch and part >= BEGINS:
            return self.sketch(self, part)
        return MediaReply("running" if part >= BEGINS else "queued", self.id, progress=int(part * 100))

    def _finished(self) -> MediaReply:
        try:
            return self.finish(self)
        except Declined as error:
            return MediaReply("failed", self.id, error=error.failed)


class Tasks:
    def __init__(self, clock: Clock = time.monotonic):
        self.clock = clock
        self._tasks: OrderedDict[str, Task] = OrderedDict()

    def begin(self, task: Task) -> Task:
        self._tasks[task.id] = task
        while len(self._tasks) > MOST or (len(self._tasks) > 1 and self._held() > MOST_BYTES):
            self._tasks.popitem(last=False)
        return task

    def _held(self) -> int:
        """The bytes of what tasks were given to go by."""
        return sum(len(data) for task in self._tasks.values() for data in task.order.data)

    def __len__(self) -> int:
        return len(self._tasks)

    def drop(self, id: str) -> bool:
        """True if there was one."""
        return self._tasks.pop(id, None) is not None

    def find(self, id: str) -> Task | None:
        return self._tasks.get(id)


def new_id(dialect: str, model: str) -> str:
    """As each dialect's ids look: some hold a colon, which paths must escape."""
    token = secrets.token_hex(12)
    if dialect in ("video_v2", "video_create"):
        return f"{model}:{int(time.time())}-{token[:10]}"
    return f"video_{token}" if dialect == "openai_videos" else f"task_{token}"
