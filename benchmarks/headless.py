"""Measurements without a terminal: searches in the database, commands in the shell."""

import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec

from benchmarks import corpus
from benchmarks.ratios import percentile
from papertui.storage.store import Store

QUERIES = 10
COMMAND_RUNS = 5

P = ParamSpec("P")


def time_searches(path: Path, seed: int) -> dict[str, float]:
    """Return figures in ms of the database at every keystroke of some searches.

    Each is asked as papertui asks and with LIKE.
    """
    index_times, like_times = [], []
    with Store(path) as store, sqlite3.connect(path) as connection:
        for typed in _keystrokes(corpus.queries(path, QUERIES, seed)):
            index_times.append(_milliseconds(corpus.search, store, typed))
            like_times.append(_milliseconds(corpus.search_by_like, connection, typed))
    return {
        "database p50": percentile(index_times, 50),
        "database p95": percentile(index_times, 95),
        "like p50": percentile(like_times, 50),
        "like p95": percentile(like_times, 95),
    }


def time_commands(
    command_lines: Mapping[str, tuple[Sequence[str], Mapping[str, str]]],
) -> dict[str, dict[str, float]]:
    """Run command lines in turn, each in its environment; return the median of each in ms."""
    times: dict[str, list[float]] = {name: [] for name in command_lines}
    for _ in range(COMMAND_RUNS):
        for name, (command, environment) in command_lines.items():
            times[name].append(_milliseconds(_run, command, environment))
    return {name: {"command": statistics.median(values)} for name, values in times.items()}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


def _keystrokes(queries: Sequence[str]) -> Iterator[str]:
    """Yield the text of the search line after each key of each query."""
    for query in queries:
        yield from (query[: end + 1].strip() for end in range(len(query)))


def _milliseconds(function: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> float:
    """Call a function and return how many milliseconds that took."""
    started_at = time.perf_counter()
    function(*args, **kwargs)
    return (time.perf_counter() - started_at) * 1000
