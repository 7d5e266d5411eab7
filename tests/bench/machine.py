"""What processes cost, read from /proc, and which core they may use."""

import contextlib
import os
from pathlib import Path


def _tasks(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(f"/proc/{pid}/task")
    return []


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    children = []
    for task in _tasks(pid):
        with contextlib.suppress(OSError):
            children += Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    return [pid, *(below for child in children for below in tree(int(child)))]


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree's live threads, by the scheduler's own count."""
    total = 0
    for process in tree(pid):
        for task in _tasks(process):
            with contextlib.suppress(OSError):
                total += int(Path(f"/proc/{process}/task/{task}/schedstat").read_text().split()[0])
    return total / 1e9


def memory_mib(pid: int) -> float:
    """Resident memory of the tree."""
    return _resident(pid, "VmRSS")


def own_memory_mib(pid: int) -> float:
    """The part of it that is not a mapped file: a database's pages are the system's to take back at any time."""
    return _resident(pid, "RssAnon")


def _resident(pid: int, field: str) -> float:
    kib = 0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            kib += sum(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
    return kib / 1024


def pin(pid: int, core: int) -> None:
    """Keeps every thread of the tree on one core, where there is more than one to choose from."""
    if (os.cpu_count() or 1) < 2 or not hasattr(os, "sched_setaffinity"):
        return
    for process in tree(pid):
        for task in _tasks(process):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(int(task), {core})
