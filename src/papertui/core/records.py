"""Readings, notes, goals and habits, as the replay makes them and the tables keep them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple


class Reading(NamedTuple):
    """A logged pass: `depth` is 1, 2 or 3; no `read_on` means before papertui."""

    id: str
    depth: int
    read_on: date | None
    minutes: int | None
    logged: str
    sittings: tuple[tuple[date, int], ...] = ()


class Note(NamedTuple):
    """One version of a note; two versions of one id were written apart and both are valid."""

    id: str
    version: str
    depth: int | None
    body: str
    saved: str
    utc_offset: int


class WorkRecord(NamedTuple):
    """The reader's record of one work; `added_at` is the clock of its first adding."""

    readings: tuple[Reading, ...] = ()
    notes: tuple[Note, ...] = ()
    rank: float | None = None
    aside: str | None = None
    until: date | None = None
    reason: str | None = None
    shared: tuple[date, ...] = ()
    added: Mapping[str, Any] | None = None
    added_at: int = 0

    @property
    def depth(self) -> int:
        """The deepest pass made, 0 for none: the work's status."""
        return max((reading.depth for reading in self.readings), default=0)

    def has(self, depth: int, read_on: date | None) -> bool:
        """Return True if that pass is logged for that day."""
        return any(r.depth == depth and r.read_on == read_on for r in self.readings)


class Goal(NamedTuple):
    """A target per week or month that holds from the week or month of a day on."""

    metric: str
    target: int
    since: date


class Habits(NamedTuple):
    """Goals, rest weeks and counts, which belong to no work."""

    goals: tuple[Goal, ...] = ()
    rests: frozenset[date] = frozenset()
    scanned: Mapping[date, int] = MappingProxyType({})
