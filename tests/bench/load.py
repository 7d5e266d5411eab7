"""Drives many users at once and measures them."""

import asyncio
import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.connections import now
from tests.bench.machine import cpu_seconds, own_memory_mib
from tests.bench.replay import Reading, Wrong
from tests.bench.users import Exchange, User

Read = Callable[[Exchange, int], Reading]
PATIENCE = 120
SETTLE = 3


@dataclass(frozen=True, slots=True)
class Work:
    """What each user does: `asks` prompts one after another for `tokens` at `rate` a second (0 = flat out)."""

    users: int
    tokens: int
    rate: int
    asks: int = 1
    ramp: float = 0.0

    @property
    def model(self) -> str:
        return f"fake-n{self.tokens}-r{self.rate}"


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    cpu: float
    mib_before: float
    mib_peak: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds to the first token (the upstream adds none), how much longer than the ideal, and what it cost."""

    exchanges: int
    wrong: list[str]
    first_p50: float
    first_p95: float
    pace_worst: float
    pace_p50: float
    tokens_per_second: float
    tokens_per_frame: float
    cpu_ms_per_1000: float
    kib_per_stream: float


async def drive(users: Sequence[User], work: Work, server: int) -> tuple[list[Exchange], Cost]:
    before = own_memory_mib(server)
    for start in range(0, len(users), 20):
        await asyncio.gather(*(user.open() for user in users[start : start + 20]))
        await asyncio.gather(*(user.warm_up() for user in users[start : start + 20]))
    await asyncio.sleep(SETTLE)
    gc.collect()
    gc.disable()
    peak = Peak(server)
    watching = asyncio.create_task(peak.watch())
    began, cpu = now(), cpu_seconds(server)
    talks = [_talk(user, work, work.ramp * place / len(users)) for place, user in enumerate(users)]
    exchanges = [exchange for talk in await asyncio.gather(*talks) for exchange in talk]
    cost = Cost(now() - began, cpu_seconds(server) - cpu, before, peak.mib)
    watching.cancel()
    gc.enable()
    for user in users:
        user.close()
    return exchanges, cost


class Peak:
    def __init__(self, server: int):
        self.server, self.mib = server, 0.0

    async def watch(self) -> None:
        while True:
            self.mib = max(self.mib, own_memory_mib(self.server))
            await asyncio.sleep(0.5)


async def _talk(user: User, work: Work, delay: float) -> list[Exchange]:
    await asyncio.sleep(delay)
    exchanges: list[Exchange] = []
    for _ in range(work.asks):
        try:
            exchanges.append(await asyncio.wait_for(user.ask(work.model), PATIENCE))
        except (TimeoutError, ConnectionError) as error:
            user.exchange.problem = repr(error) or "no end"
            exchanges.append(user.exchange)
        if exchanges[-1].problem:
            break
    return exchanges


def measure(exchanges: Sequence[Exchange], cost: Cost, work: Work, read: Read) -> Measured:
    readings, wrong = [], []
    for exchange in exchanges:
        try:
            if exchange.problem:
                raise Wrong(exchange.problem)
            readings.append((exchange, read(exchange, work.tokens)))
        except Wrong as error:
            wrong.append(str(error))
    tokens = work.tokens * len(readings)
    first = [(reading.steps[0][0] - exchange.asked) * 1000 for exchange, reading in readings]
    pace = [_stretch(reading, work) for _, reading in readings] if work.rate else []
    return Measured(
        exchanges=len(exchanges),
        wrong=wrong,
        first_p50=_percentile(first, 50),
        first_p95=_percentile(first, 95),
        pace_p50=_percentile(pace, 50),
        pace_worst=max(pace, default=0.0),
        tokens_per_second=tokens / cost.seconds,
        tokens_per_frame=tokens / max(1, sum(reading.frames for _, reading in readings)),
        cpu_ms_per_1000=cost.cpu * 1e6 / max(1, tokens),
        kib_per_stream=(cost.mib_peak - cost.mib_before) * 1024 / work.users,
    )


def _stretch(reading: Reading, work: Work) -> float:
    """1.0 keeps the upstream's pace, 1.02 is 2 % behind: from the first token's arrival to the last one's."""
    (began, had), (ended, has) = reading.steps[0], reading.steps[-1]
    return (ended - began) / ((has - had) / work.rate) if has > had else 0.0


def _percentile(values: Sequence[float], percent: int) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
