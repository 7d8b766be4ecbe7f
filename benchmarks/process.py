"""The resources that a running process has used, as Linux counts them."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process, threads that have ended included."""
    # The kernel's clock id of another process; see clock_getcpuclockid(3).
    return time.clock_gettime((~pid << 3) | 2)


def peak_memory(pid: int) -> float:
    """Return the summed peaks of resident memory of a process and its descendants, in MB."""
    return sum(_field(_status(member), "VmHWM") for member in _process_tree(pid)) / 1024


def is_running(pid: int) -> bool:
    """Return True if a thread of a process has a CPU or waits for one."""
    # The state follows the name, which may contain any character.
    return any(stat.rpartition(")")[2].split()[0] == "R" for stat in _thread_files(pid, "stat"))


def wake_ups(pid: int) -> int:
    """Return how often the threads of a process have gone to sleep voluntarily."""
    statuses = _thread_files(pid, "status")
    return sum(_field(status, "voluntary_ctxt_switches") for status in statuses)


def _process_tree(pid: int) -> Iterator[int]:
    yield pid
    for children in _thread_files(pid, "children"):
        for child in children.split():
            yield from _process_tree(int(child))


def _status(pid: int) -> str:
    return (_PROC / str(pid) / "status").read_text(encoding="utf-8")


def _thread_files(pid: int, name: str) -> Iterator[str]:
    """Yield the text of the file `name` of each thread of a process."""
    for thread in (_PROC / str(pid) / "task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # A thread may end meanwhile.
            yield (thread / name).read_text(encoding="utf-8")


def _field(status: str, name: str) -> int:
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))
