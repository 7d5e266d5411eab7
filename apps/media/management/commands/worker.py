"""`manage.py worker`: jobs of the studios, made in a process of their own, beside one or more that serve pages."""

import asyncio
import contextlib
import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.media.jobs.workshop import attached

USUAL = 8


class Command(BaseCommand):
    help = "Works on jobs of the studios until it is stopped. Servers leave them to it with PLAYGROUND_JOBS=0."

    def add_arguments(self, parser) -> None:
        at_once = settings.JOBS_AT_ONCE or USUAL
        parser.add_argument("--jobs", type=int, default=at_once, help="how many at once (%(default)s)")

    def handle(self, *, jobs: int, **options) -> None:
        if jobs < 1:
            raise CommandError("A worker works on one job at least: --jobs 1")
        asyncio.run(self._work(jobs))

    async def _work(self, jobs: int) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with attached(jobs):
            self.stdout.write("The worker is ready.")
            self.stdout.flush()
            await stop.wait()
