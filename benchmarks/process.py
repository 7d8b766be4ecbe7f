"""What a running process has used, as Linux counts it."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process, of threads that have ended too."""
    # The kernel's clock id of another process; see clock_getcpuclockid(3).
    return time.clock_gettime((~pid << 3) | 2)


def peak_memory(pid: int) -> float:
    """Return the summed peak of resident memory of a process and all it has started, in MB."""
    return sum(_field(_status(each), "VmHWM") for each in _tree(pid)) / 1024


def is_running(pid: int) -> bool:
    """Say whether a thread of a process has a CPU or waits for one."""
    # The state stands behind the name, which may hold anything.
    return any(stat.rpartition(")")[2].split()[0] == "R" for stat in _of_tasks(pid, "stat"))


def wake_ups(pid: int) -> int:
    """Return how often the threads of a process went to sleep of their own will."""
    return sum(_field(status, "voluntary_ctxt_switches") for status in _of_tasks(pid, "status"))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in _of_tasks(pid, "children"):
        for child in children.split():
            yield from _tree(int(child))


def _status(pid: int) -> str:
    return (_PROC / str(pid) / "status").read_text(encoding="utf-8")


def _of_tasks(pid: int, name: str) -> Iterator[str]:
    for task in (_PROC / str(pid) / "task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # A thread may end meanwhile.
            yield (task / name).read_text(encoding="utf-8")


def _field(status: str, name: str) -> int:
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))
