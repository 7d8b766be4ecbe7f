"""A reading session: one pass of one work, in one or more timed sittings."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, groupby
from typing import Any, NamedTuple

from papertui.core.labels import span
from papertui.core.records import moved_sittings

# A session left before this many seconds, with nothing written or ticked, was begun by mistake.
FALSE_START = 60.0
# Seconds that the shell's timer ran after which it is asked whether all of it was reading.
MAX_UNASKED = 4 * 3600.0


class Sitting(NamedTuple):
    """Seconds of reading that count for the day they began on.

    `doubt` is the seconds of which the reader has yet to say whether they were reading; in a look
    nothing was written or ticked.
    """

    day: date
    seconds: float
    doubt: float = 0.0
    is_look: bool = False


class Session(NamedTuple):
    """The pass that is under way, its sittings, and the ticked lines of its checklist.

    `since` is the moment at which the shell began to time the last sitting; None if it does not.
    """

    depth: int
    sittings: tuple[Sitting, ...] = ()
    ticks: frozenset[int] = frozenset()
    since: datetime | None = None

    @property
    def seconds(self) -> float:
        """All time read so far."""
        return sum(sitting.seconds for sitting in self.sittings)

    @property
    def doubt(self) -> float:
        """The seconds of all sittings that are in question."""
        return sum(sitting.doubt for sitting in self.sittings)

    @property
    def minutes(self) -> int:
        """All time read so far, rounded to whole minutes."""
        return whole_minutes(self.seconds)

    @property
    def time_read(self) -> str:
        """All time read so far, and that in question, in words."""
        doubt = f", {span(int(self.doubt / 60))} in question" if self.doubt >= 60 else ""
        return f"{span(self.minutes)}{doubt}"

    @property
    def day(self) -> date:
        """The day of its last sitting."""
        return self.sittings[-1].day

    @property
    def is_under_way(self) -> bool:
        """True if a line is ticked, or if there was time to read or an earlier sitting."""
        may_have_read = self.seconds + self.doubt >= FALSE_START
        return bool(self.ticks) or len(self.sittings) > 1 or may_have_read

    def sit_down(self, today: date) -> "Session":
        """Begin a sitting."""
        return self._replace(sittings=(*self.sittings, Sitting(today, 0.0)))

    def looked_at(self, is_look: bool = True) -> "Session":
        """Say whether nothing was written or ticked in the last sitting."""
        *before, last = self.sittings
        return self._replace(sittings=(*before, last._replace(is_look=is_look)))

    def without_looks(self) -> "Session":
        """Return the session without its last days, after others, if they are short looks only."""
        days = [[*of_day] for _, of_day in groupby(self.sittings, lambda sitting: sitting.day)]
        while days[1:] and all(sitting.is_look for sitting in days[-1]):
            if sum(sitting.seconds + sitting.doubt for sitting in days[-1]) >= FALSE_START:
                break
            days.pop()
        return self._replace(sittings=tuple(chain(*days)))

    def read_for(self, seconds: float, at: int = -1) -> "Session":
        """Add reading time, or with a negative number take it away, in the sitting of a number."""
        sittings = [*self.sittings]
        sittings[at] = sittings[at]._replace(seconds=max(0.0, sittings[at].seconds + seconds))
        return self._replace(sittings=tuple(sittings))

    def question(self, seconds: float, at: int = -1) -> "Session":
        """Add time in question, or with a negative number settle it, in the sitting of a number."""
        sittings = [*self.sittings]
        sittings[at] = sittings[at]._replace(doubt=max(0.0, sittings[at].doubt + seconds))
        return self._replace(sittings=tuple(sittings))

    def settled_in(self, after: "Session") -> dict[int, float]:
        """Return the seconds that are in question no longer, by the numbers of their sittings."""
        pairs = enumerate(zip(self.sittings, after.sittings, strict=True))
        return {number: was.doubt - now.doubt for number, (was, now) in pairs}

    def running(self, now: datetime) -> float:
        """Return the seconds that the shell has timed and that are in no sitting yet."""
        return max(0.0, (now - self.since).total_seconds()) if self.since else 0.0

    def stop(self, now: datetime) -> "Session":
        """Count what the shell has timed in the last sitting, and time no longer.

        A timer that was forgotten leaves it in question.
        """
        if self.since is None:
            return self
        count = self.question if self.is_forgotten(now) else self.read_for
        return count(self.running(now))._replace(since=None)

    def is_forgotten(self, now: datetime) -> bool:
        """Return True if the shell's timer has run for longer than anybody reads at a time."""
        return self.running(now) > MAX_UNASKED

    def minutes_by_day(self, day: date | None, minutes: int | None) -> list[tuple[date, int]]:
        """Share minutes out over the days of the sittings; more than was measured are of the last.

        Over none if no time was measured. If the pass counts for another day than the last, what
        was read on the last goes with it, and nothing was read after it.
        """
        if not (day and minutes and self.seconds):
            return []
        parts = tuple(minutes_by_day(self.sittings, min(minutes, self.minutes)))
        if day != self.day:
            parts = moved_sittings(parts, self.day, day)
        shared = dict(parts)
        shared[day] = shared.get(day, 0) + max(0, minutes - self.minutes)
        return [(day, part) for day, part in shared.items() if part]

    def toggle(self, line: int) -> "Session":
        """Tick a line of the checklist, or take the tick away."""
        return self._replace(ticks=self.ticks ^ {line})

    def as_json(self) -> dict[str, Any]:
        """Return the session as plain data."""
        return {
            "depth": self.depth,
            "sittings": [[s.day.isoformat(), round(s.seconds, 1)] for s in self.sittings],
            "ticks": sorted(self.ticks),
            **({"since": self.since.isoformat()} if self.since else {}),
            **({"doubts": [round(s.doubt, 1) for s in self.sittings]} if self.doubt else {}),
            **({"looks": looks} if any(looks := [s.is_look for s in self.sittings]) else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Session":
        """Return the session that plain data describe."""
        doubts = data.get("doubts", [0.0] * len(data["sittings"]))
        # Once all of it was that of the last sitting.
        if "doubt" in data:
            doubts = [*doubts[:-1], data["doubt"]]
        looks = data.get("looks", [False] * len(doubts))
        sittings = (
            Sitting(date.fromisoformat(day), float(seconds), float(doubt), bool(is_look))
            for (day, seconds), doubt, is_look in zip(data["sittings"], doubts, looks, strict=True)
        )
        since = data.get("since")
        return cls(
            int(data["depth"]),
            tuple(sittings),
            frozenset(data["ticks"]),
            datetime.fromisoformat(since).astimezone(UTC) if since else None,
        )


def minutes_by_day(sittings: Sequence[Sitting], minutes: int) -> list[tuple[date, int]]:
    """Share `minutes` out over the days of the sittings, in proportion to their time.

    The parts add up to `minutes`: what rounding leaves goes to the days that lose most by it.
    """
    days: dict[date, float] = {}
    for sitting in sittings:
        days[sitting.day] = days.get(sitting.day, 0.0) + sitting.seconds
    total = sum(days.values())
    if not total:
        return [(day, minutes) for day in [*days][-1:]]
    exact = {day: minutes * seconds / total for day, seconds in days.items()}
    shared = {day: int(part) for day, part in exact.items()}
    left = minutes - sum(shared.values())
    for day in sorted(exact, key=lambda day: shared[day] - exact[day])[:left]:
        shared[day] += 1
    return [(day, part) for day, part in shared.items() if part]


def elapsed(seconds: float) -> str:
    """Return a duration with its units: in seconds, from a minute on rounded to minutes."""
    return span(whole_minutes(seconds)) if seconds >= 60 else f"{int(seconds)} s"


def whole_minutes(seconds: float) -> int:
    """Return a duration rounded to minutes."""
    return int(seconds / 60 + 0.5)
