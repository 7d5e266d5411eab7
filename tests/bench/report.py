"""The table that `make bench` prints."""

from collections.abc import Sequence

from tests.bench.load import Measured, Work

PACED = (
    ("added to the first token, p50", "ms", "first_p50", 1),
    ("added to the first token, p95", "ms", "first_p95", 1),
    ("time over ideal, median stream", "x", "pace_p50", 3),
    ("time over ideal, slowest stream", "x", "pace_worst", 3),
    ("CPU per 1,000 tokens", "ms", "cpu_ms_per_1000", 1),
    ("tokens a frame", "", "tokens_per_frame", 2),
    ("memory a stream", "KiB", "kib_per_stream", 0),
)
FLAT_OUT = (
    ("tokens a second", "", "tokens_per_second", 0),
    ("CPU per 1,000 tokens", "ms", "cpu_ms_per_1000", 1),
)


def title(work: Work) -> str:
    if work.rate:
        return f"{work.users} streams of {work.tokens} tokens at {work.rate} a second"
    return f"{work.users} streams flat out, {work.tokens:,} tokens"


def line(label: str, unit: str, values: Sequence[float], digits: int) -> str:
    ratio = f"{values[-1] / values[0]:.2f}" if values[0] > 0 else "-"
    return "".join((f"  {label:<34}{unit:<5}", *(f"{value:>14,.{digits}f}" for value in values), f"{ratio:>10}"))


def head(text: str, names: Sequence[str]) -> str:
    return "".join((f"\n{text:<41}", *(f"{name:>14}" for name in names), f"{'ratio':>10}"))


def show(work: Work, names: Sequence[str], measured: Sequence[Measured]) -> None:
    print(head(title(work), names))
    for label, unit, name, digits in PACED if work.rate else FLAT_OUT:
        print(line(label, unit, [getattr(each, name) for each in measured], digits))
    right = ", ".join(f"{each.exchanges - len(each.wrong)} of {each.exchanges}" for each in measured)
    print(f"  answers right in every frame: {right}", flush=True)


def show_idle(names: Sequence[str], mib: Sequence[float]) -> None:
    print(head("Nothing to do", names))
    print(line("memory", "MiB", mib, 0))


def show_wrong(problems: Sequence[str]) -> None:
    for problem in problems[:5]:
        print(f"wrong: {problem}")
