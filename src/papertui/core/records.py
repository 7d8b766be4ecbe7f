"""Readings, notes, goals and habits, as the replay makes them and the tables keep them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from papertui.core.journal import PARKED

Sittings = tuple[tuple[date, int], ...]  # days with the minutes read on them


class Reading(NamedTuple):
    """A logged pass: `depth` is 1, 2 or 3; no `read_on` means before papertui.

    `logged` is the instant in UTC at which it was logged, `utc_offset` the reader's
    distance from UTC then, in minutes.
    """

    id: str
    depth: int
    read_on: date | None
    minutes: int | None
    logged: str
    utc_offset: int = 0
    sittings: Sittings = ()


def moved_sittings(sittings: Sittings, before: date | None, day: date | None) -> Sittings:
    """Return the sittings of a pass of the day `before` as they are if it counts for `day`.

    What was read on the day of the pass goes with it, and nothing is read after it.
    """
    if not day or day == before:
        return sittings if day else ()
    minutes: dict[date, int] = {}
    for sat_on, read_for in sittings:
        counts_for = day if sat_on == before else min(sat_on, day)
        minutes[counts_for] = minutes.get(counts_for, 0) + read_for
    return tuple(sorted(minutes.items()))


class Saving(NamedTuple):
    """When a version of a note was saved, by the reader's clock.

    `read_on` is the day of the pass that was logged with it, None without one.
    """

    moment: datetime
    read_on: date | None = None


class Note(NamedTuple):
    """One version of a note; two versions of one id were written apart and both are valid.

    The `others` were written apart too, and fit together with it: `body` has the text of all.
    The note was `begun` at a local time, which is known of one in the database.
    """

    id: str
    version: str
    depth: int | None
    body: str
    saved: str
    utc_offset: int
    others: tuple[str, ...] = ()
    begun: datetime | None = None


def notes_for_others(notes: Iterable[Note], private: Collection[str]) -> list[Note]:
    """Return the notes that may be sent to somebody: those that are not `private`."""
    return [note for note in notes if note.id not in private]


class SavedVersion(NamedTuple):
    """A version of a note, those that it replaced, and its place in the journal."""

    note: Note
    bases: frozenset[str]
    order: tuple[int, str, int, str]


class WorkRecord(NamedTuple):
    """The reader's record of one work.

    `added_at` is the clock of its first adding, 0 if it was not added or taken out of the
    list of such works. `edited` are the fields that the reader gave it, None for those that
    were cleared. `tags` are in the order of the alphabet.
    """

    readings: tuple[Reading, ...] = ()
    notes: tuple[Note, ...] = ()
    rank: float | None = None
    aside: str | None = None
    until: date | None = None
    reason: str | None = None
    shared: tuple[date, ...] = ()
    added: Mapping[str, Any] | None = None
    added_at: int = 0
    edited: Mapping[str, Any] = MappingProxyType({})
    tags: tuple[str, ...] = ()
    is_starred: bool = False

    @property
    def depth(self) -> int:
        """The deepest pass made, 0 for none: the work's status."""
        return max((reading.depth for reading in self.readings), default=0)

    def on(self, today: date) -> Self:
        """Return the record as it holds on a day: a work is parked only until its day comes."""
        is_over = self.aside == PARKED and self.until is not None and self.until <= today
        return self._replace(aside=None, until=None) if is_over else self

    def has(self, depth: int, read_on: date | None, besides: str = "") -> bool:
        """Return True if that pass is logged for that day by another reading than `besides`."""
        others = [reading for reading in self.readings if reading.id != besides]
        return any(r.depth == depth and r.read_on == read_on for r in others)


class Goal(NamedTuple):
    """A target that holds from the week of the day `since` on."""

    metric: str
    target: int
    since: date


class SeenPaper(NamedTuple):
    """The first day on which a new paper was looked at, and whether it is not for the reader.

    One that was `cleared` was not looked at: on that day it left the list with many others.
    """

    day: date
    dismissed: bool
    cleared: bool = False

    def joined(self, other: "SeenPaper") -> "SeenPaper":
        """Return what holds for a paper of which both are said."""
        if self.cleared != other.cleared:
            return other if self.cleared else self
        return SeenPaper(min(self.day, other.day), self.dismissed or other.dismissed, self.cleared)


class Triage(NamedTuple):
    """How many new papers were scanned, how many of these are queued now, how many were read.

    `skimmed` ones have a first pass or a deeper one.
    """

    scanned: int
    queued: int
    skimmed: int


class Habits(NamedTuple):
    """Goals, rest weeks and counts, which belong to no work.

    Goals are in the order in which they were set. So are `rests`: True for a day in whose
    week the reader rests, False for one in whose week that was taken back.
    """

    goals: tuple[Goal, ...] = ()
    rests: Mapping[date, bool] = MappingProxyType({})
    scanned: Mapping[date, int] = MappingProxyType({})
