"""The live runs of this process. A run belongs to the process: closing a tab, a socket or a request stops nothing."""

import asyncio
import contextlib
import uuid

from apps.upstreams import client
from apps.work import news

from . import reaper, runner, titles
from .compare import following
from .journal import Journal
from .plan import Plan
from .progress import Progress

TITLES = 8  # at once: nobody waits for one, and a hundred answers may end together


class Hub:
    """One per process, on its event loop. `start` and `stop` may be called from any thread."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.journal = Journal()
        self._titling = asyncio.Semaphore(TITLES)
        self._live: dict[uuid.UUID, tuple[Progress, asyncio.Task]] = {}
        self._tasks: set[asyncio.Task] = set()

    def attach(self) -> None:
        """Binds the hub to the running loop and begins its housekeeping; more calls on the same loop do nothing."""
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        self.loop = loop
        client.warm()
        news.send_on(loop)
        self.journal, self._titling = Journal(), asyncio.Semaphore(TITLES)
        self.spawn(self.journal.keep(self._stop))
        self.spawn(reaper.keep(self.journal))
        self.spawn(reaper.sweep_files())
        self.spawn(reaper.roll_up())

    async def close(self) -> None:
        """The end of the process: live runs are interrupted with what they have, connections are closed."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.journal.end()
        await client.aclose()
        news.send_on(None)
        self.loop = None

    def spawn(self, work) -> asyncio.Task:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def start(self, plan: Plan) -> None:
        """Hands a run to the event loop, at once and without waiting for it."""
        if self.loop is None:
            raise RuntimeError("The hub is not attached to an event loop.")
        self.loop.call_soon_threadsafe(self._start, plan)

    def stop(self, run_id: uuid.UUID) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._stop, run_id)

    def progress(self, run_id: uuid.UUID) -> Progress | None:
        """The live run, if this process is the one that works on it."""
        entry = self._live.get(run_id)
        return entry[0] if entry else None

    @property
    def live_count(self) -> int:
        return len(self._live)

    def begin(self, plan: Plan) -> tuple[Progress, asyncio.Task]:
        """Starts the run on the running loop."""
        progress = Progress(
            run_id=plan.run_id,
            user_id=plan.user_id,
            message_id=plan.message_id,
            prior=plan.prior,
            model=plan.model_label,
            by_hand=frozenset(tool.name for tool in plan.tools if tool.by_hand),
            document=bool(plan.schema),
        )
        progress.tab, progress.is_hidden = plan.tab, plan.is_hidden
        self.journal.open(progress)
        task = self.spawn(self._run(plan, progress))
        self._live[plan.run_id] = progress, task
        return progress, task

    def _start(self, plan: Plan) -> None:
        if plan.run_id not in self._live:
            self.begin(plan)

    def _stop(self, run_id: uuid.UUID) -> None:
        """Cancels once, and never before the task's first step: an unstarted task could not write its end."""
        if (entry := self._live.get(run_id)) and not entry[0].stopping:
            entry[0].stopping = True
            asyncio.get_running_loop().call_soon(entry[1].cancel)

    async def _run(self, plan: Plan, progress: Progress) -> runner.Ending:
        try:
            ending = await runner.run(plan, progress, self.journal)
        finally:
            self._live.pop(plan.run_id, None)
            progress.finish()
        if plan.wants_title and ending.status in ("completed", "stopped"):
            self.spawn(self._title(plan, progress.text))
        if plan.is_column and ending.status == "completed":
            self.spawn(self._go_on(plan))
        return ending

    async def _title(self, plan: Plan, answer: str) -> None:
        async with self._titling:
            await titles.make(plan, answer, self.journal)

    async def _go_on(self, plan: Plan) -> None:
        """A column of a comparison may be behind the others."""
        if further := await following.next_plan(plan, self.journal):
            self._start(further)


hub = Hub()


@contextlib.asynccontextmanager
async def attached():
    """The hub on the running loop, for commands and tests."""
    hub.attach()
    try:
        yield hub
    finally:
        await hub.close()
