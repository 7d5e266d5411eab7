"""Follows what a page watches, at the page's pace: the first text at once, then at most 20 frames a second.

The more answers the process writes at once, the longer each page waits: 50 ms for one, 250 ms for a hundred. The
beginning and the end of an answer wait for nothing.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Awaitable, Callable

from autobahn.exception import Disconnected
from django.utils import translation

from apps.runs.hub import hub
from apps.runs.progress import Progress
from apps.work.news import run_group

from . import fragments, mirror
from .readers import readers

PACE = 0.05
PACE_PER_RUN = 0.002
SLOWEST = 0.5
METRICS_EVERY = 1.0
HISTORY_AFTER = 0.5
HISTORY_PER_RUN = 0.02

logger = logging.getLogger(__name__)


class Seen:
    """How far a page has been told of one run: finished blocks and version of each part, pieces of its sound."""

    def __init__(self, progress: Progress, hears: bool, wake: Callable[[], None], hurry: Callable[[], None]):
        self.progress, self.hears = progress, hears
        self.wake, self.hurry = wake, hurry
        self.heard = 0
        self.parts: list[tuple[int, int, int]] | None = None
        self.metrics_at = 0.0
        self.waiting = ""
        progress.watch(self.woken)

    def woken(self) -> None:
        self.wake()
        if self.progress.done or not self.parts:
            self.hurry()

    def close(self) -> None:
        self.progress.unwatch(self.woken)


class Follower:
    """One per socket. Everything that changed since the last frame goes into the next one."""

    def __init__(self, user, send: Callable[..., Awaitable], language: str, subscribe: Callable[[str], Awaitable]):
        self.user, self.language = user, language
        self._send, self._subscribe = send, subscribe
        self._runs: dict[uuid.UUID, Seen] = {}
        self._conversation: tuple[uuid.UUID, str] | None = None
        self._reread: set[uuid.UUID] = set()
        self._jobs: dict[uuid.UUID, bool] = {}  # whether it is gone
        self._history_changed = self._order_changed = False
        self._history_timer: asyncio.TimerHandle | None = None
        self._wake, self._rested = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._follow())

    async def watch(self, what: str, id: uuid.UUID, *, version: int, tab: str) -> None:
        if what == "run":
            await self._watch_run(id, tab)
        elif what == "conversation":
            self._conversation = id, tab
            if await readers.run(fragments.version_of, self.user, id) not in (None, version):
                self._reread.add(id)
                self._wake.set()

    def heard(self, news: dict) -> None:
        """News of another page or process."""
        if news["about"] == "run":
            mirror.poke(uuid.UUID(news["id"]))
        elif news["about"] == "job":
            self._jobs[uuid.UUID(news["id"])] = "gone" in news
            self._wake.set()
        else:
            self._heard_of_conversations(news)

    def _heard_of_conversations(self, news: dict) -> None:
        """News without an id is about several: the one on show may be among them."""
        shown, tab = self._conversation or (None, "")
        own = bool(tab) and news["by"] == tab
        if news["thread"] and shown and news["id"] in ("", str(shown)) and not own:
            self._reread.add(shown)
            self._wake.set()
        if not (news["thread"] and own):
            self._order_changed |= not news["id"]
            self._history_soon()

    def close(self) -> None:
        self._task.cancel()
        if self._history_timer:
            self._history_timer.cancel()
        for seen in self._runs.values():
            seen.close()

    async def _watch_run(self, id: uuid.UUID, tab: str) -> None:
        """Begins, or begins again, with the whole body: an element that was just put into the page asks for it."""
        progress = hub.progress(id)
        if progress is None:
            progress = await mirror.of(id, self.user)
            await self._subscribe(run_group(id))
        if progress is None or progress.user_id != self.user.pk:
            return
        if old := self._runs.get(id):
            old.close()
        hears = bool(tab) and tab == progress.tab
        self._runs[id] = seen = Seen(progress, hears, self._wake.set, self._rested.set)
        seen.woken()

    async def _follow(self) -> None:
        translation.activate(self.language)  # of this task
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._rested.clear()
            started = time.monotonic()
            frames = [*self._sounds(), *self._changed_jobs()]
            try:
                frames.append(await self._frame())
            except Exception:
                logger.exception("A frame could not be made; the page is told at its next change.")
            for frame in filter(None, frames):
                with contextlib.suppress(Disconnected):
                    await self._send(text_data=frame)
            await self._rest(time.monotonic() - started)

    async def _rest(self, cost: float) -> None:
        """Waits longer when frames are dear or the loop is late, so that a busy machine sends fewer of them."""
        pause = min(max(PACE + hub.live_count * PACE_PER_RUN, cost * 8), SLOWEST)
        due = time.monotonic() + pause
        await self._pause(pause)
        late = time.monotonic() - due
        if late > PACE:
            await self._pause(min(late, SLOWEST))

    async def _pause(self, seconds: float) -> None:
        """That long, or until something must not wait."""
        timer = asyncio.get_running_loop().call_later(seconds, self._rested.set)
        await self._rested.wait()
        self._rested.clear()
        timer.cancel()

    def _sounds(self) -> list[str]:
        """Frames of data alone with what came to be played, for the page that asked."""
        found = []
        for seen in self._runs.values():
            new = seen.progress.sound[seen.heard :] if seen.hears else ()
            found += fragments.sounds(seen.progress.message_id, seen.heard, new) if new else ()
            seen.heard += len(new)
        return found

    def _changed_jobs(self) -> list[str]:
        """A frame of data alone: each page asks for the cards that it shows, and is authorised afresh."""
        changed, self._jobs = self._jobs, {}
        return [fragments.jobs(changed)] if changed else []

    async def _frame(self) -> str:
        """What changed; work that needs the database goes to a thread, the rest costs no hop."""
        ended = [id for id, seen in self._runs.items() if seen.progress.done]
        frame = "".join(self._news_of(seen) for seen in self._runs.values() if not seen.progress.done)
        for id in ended:
            seen = self._runs.pop(id)
            seen.close()
            frame += await _rendered(fragments.ended, self.language, seen.progress.message_id)
        for id in self._take_reread():
            self._begin_again()
            frame += await _rendered(fragments.thread, self.language, self.user, id)
        if self._history_changed:
            shown = self._conversation[0] if self._conversation else None
            ordered, self._history_changed, self._order_changed = self._order_changed, False, False
            frame += await _rendered(fragments.history, self.language, self.user, shown, ordered)
        return frame

    def _history_soon(self) -> None:
        """The list of conversations waits a moment: a first token is more urgent, and several news make one list."""
        if self._history_timer is None:
            pause = HISTORY_AFTER + hub.live_count * HISTORY_PER_RUN
            self._history_timer = asyncio.get_running_loop().call_later(pause, self._history_due)

    def _history_due(self) -> None:
        self._history_timer, self._history_changed = None, True
        self._wake.set()

    def _begin_again(self) -> None:
        """A re-read thread shows running turns as they were journaled: their bodies are sent whole behind it."""
        for seen in self._runs.values():
            seen.parts = None
        self._wake.set()

    def _take_reread(self) -> set[uuid.UUID]:
        taken, self._reread = self._reread, set()
        return taken

    def _news_of(self, seen: Seen) -> str:
        now = time.monotonic()
        frame = fragments.body(seen) if seen.parts is None else fragments.delta(seen)
        if now - seen.metrics_at >= METRICS_EVERY or seen.waiting != seen.progress.waiting:
            seen.metrics_at, seen.waiting = now, seen.progress.waiting
            frame += fragments.metrics(seen.progress)
        return frame


def _rendered(make: Callable[..., str], language: str, *args) -> Awaitable[str]:
    return readers.run(_in_language, language, make, *args)


def _in_language(language: str, make: Callable[..., str], *args) -> str:
    with translation.override(language):
        return make(*args)
