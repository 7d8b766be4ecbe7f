"""What needs no screen: a search in the database, a command in the shell."""

import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec

from benchmarks import corpus
from benchmarks.figures import percentile
from papertui.storage.store import Store

QUERIES = 10
COMMAND_RUNS = 5

P = ParamSpec("P")


def search(path: Path, seed: int) -> dict[str, float]:
    """Time the database at every keystroke of some searches: papertui's way, and LIKE; in ms."""
    ours, like = [], []
    with Store(path) as store, sqlite3.connect(path) as connection:
        for typed in _keystrokes(corpus.queries(path, QUERIES, seed)):
            ours.append(_timed(corpus.search, store, typed))
            like.append(_timed(corpus.search_by_like, connection, typed))
    return {
        "database p50": percentile(ours, 50),
        "database p95": percentile(ours, 95),
        "like p50": percentile(like, 50),
        "like p95": percentile(like, 95),
    }


def commands(
    lines: Mapping[str, tuple[Sequence[str], Mapping[str, str]]],
) -> dict[str, dict[str, float]]:
    """Time command lines, each with its environment, in turn; return the median of each in ms."""
    taken: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(COMMAND_RUNS):
        for name, (command, environment) in lines.items():
            taken[name].append(_timed(_run, command, environment))
    return {name: {"command": statistics.median(times)} for name, times in taken.items()}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


def _keystrokes(queries: Sequence[str]) -> Iterator[str]:
    for query in queries:
        yield from (query[: end + 1].strip() for end in range(len(query)))


def _timed(act: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> float:
    begin = time.perf_counter()
    act(*args, **kwargs)
    return (time.perf_counter() - begin) * 1000
