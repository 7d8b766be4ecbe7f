"""Reading days, weeks, goals and streaks: pure functions of dates.

The rules: a day starts at `day_start`; a week is named by the date it starts
on; a week is met by distinct works with a second or third pass; the streak
runs back over met weeks, rest weeks bridge it, and the running week never
breaks it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from papertui.core.journal import EARLIEST
from papertui.core.text import quantity
from papertui.errors import Refused

if TYPE_CHECKING:
    from papertui.core.records import Goal

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK_STARTS = {"mon": 0, "sat": 5, "sun": 6}
DAY_START = time(4)
FULL_READS = "full-reads-a-week"
SCANNED = "scanned"
REPRODUCED = "reproduced"
DEFAULT_TARGETS = {FULL_READS: 1, SCANNED: 10, REPRODUCED: 1}
AT_RISK_DAYS = 2


class State(Enum):
    """The state of a week."""

    MET = "met"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    REST = "rest"
    MISSED = "missed"


class Week(NamedTuple):
    """A week: its first day, the works read in full, the target, the state."""

    start: date
    works: tuple[str, ...]
    target: int
    state: State

    @property
    def reads(self) -> int:
        """The number of works read in full."""
        return len(self.works)

    @property
    def last_day(self) -> date:
        """The day by whose end the goal must be met."""
        return self.start + timedelta(days=6)

    @property
    def missing(self) -> int:
        """The number of full reads still wanted."""
        return max(0, self.target - self.reads)


class Streak(NamedTuple):
    """The run of met weeks up to today, the longest there was, and the running week.

    `run` holds the weeks of the run, the rest weeks it bridges among them.
    """

    weeks: int
    longest: int
    current: Week
    run: tuple[Week, ...] = ()

    @property
    def headline(self) -> str:
        """The one line every screen and command shows."""
        return self.headlines[0]

    @property
    def headlines(self) -> tuple[str, str, str]:
        """The headline and two shorter forms of it, for lines without room."""
        week = self.current
        state = f"week {week.state.value}" if week.state is not State.REST else "rest week"
        parts = [state, *([quantity(self.weeks, "week")] if self.weeks else ())]
        more, less = [*parts], [*parts]
        if week.missing and week.state is not State.REST:
            reads = "full read" if week.missing == 1 else "full reads"
            more.append(f"{week.missing} more {reads} by {week.last_day:%A}")
            less.append(f"{week.missing} more by {week.last_day:%a}")
        return " · ".join(more), " · ".join(less), state


def reading_day(moment: datetime, day_start: time = DAY_START) -> date:
    """Return the day a reading at `moment`, the reader's local time, counts for."""
    late_night = moment.time() < day_start
    return moment.date() - timedelta(days=1) if late_night else moment.date()


def parse_day(text: str, today: date, latest: date | None = None) -> date | None:
    """Return the day that `text` names: ISO, today, yesterday, -3d; None for "before".

    Raises Refused for anything else, for a day after `latest` (or `today`) and for
    one before `EARLIEST`.
    """
    word = text.strip().lower()
    if word == "before":
        return None
    try:
        if word in ("today", "yesterday"):
            day = today - timedelta(days=word == "yesterday")
        elif word.startswith("-") and word.endswith("d"):
            day = today - timedelta(days=int(word[1:-1]))
        else:
            day = date.fromisoformat(word)
    except (ValueError, OverflowError):
        raise Refused(
            f"{text!r} is no day: write 2026-11-14, today, yesterday, -3d or before."
        ) from None
    if day > max(today, latest or today):
        raise Refused(f"{day.isoformat()} is still to come: a pass is logged once it is made.")
    if day < EARLIEST:
        raise Refused(f"{day.isoformat()} is too long ago; write before for a day you do not know.")
    return day


def parse_day_ahead(text: str, today: date) -> date:
    """Return the day to come that `text` names: ISO, 10d, 2w, 3m, fri.

    Raises Refused for anything else and for a day that is not to come.
    """
    word = text.strip().lower().removeprefix("+")
    number, unit = word[:-1], word[-1:]
    days = {"d": 1, "w": 7, "m": 30}
    try:
        if number.isdecimal() and unit in days:
            day = today + timedelta(days=int(number) * days[unit])
        elif word[:3] in WEEKDAYS and len(word) >= 3:
            day = today + timedelta(days=(WEEKDAYS.index(word[:3]) - today.weekday() - 1) % 7 + 1)
        else:
            day = date.fromisoformat(word)
    except (ValueError, OverflowError):
        raise Refused(f"{text!r} is no day: write 2w, 10d, 3m, fri or 2027-01-15.") from None
    if day <= today:
        raise Refused(f"{day.isoformat()} is not to come.")
    return day


def week_of(day: date, week_start: str = "mon") -> date:
    """Return the first day of the week that holds `day`."""
    return day - timedelta(days=(day.weekday() - WEEK_STARTS[week_start]) % 7)


class WeekRules(NamedTuple):
    """The goals set, a day or more of each rest week, and the weekday that weeks start on."""

    goals: Collection["Goal"] = ()
    rests: Collection[date] = ()
    week_start: str = "mon"

    def week_of(self, day: date) -> date:
        """Return the first day of the week that holds `day`."""
        return week_of(day, self.week_start)

    def rests_in(self, week: date) -> list[date]:
        """Return the days that make a week a rest week, none if it is not one."""
        return [day for day in self.rests if self.week_of(day) == week]

    def target(self, week: date, metric: str = FULL_READS) -> int:
        """Return the target in a week: the latest set by then, else the first ever set.

        A goal holds from the week of its day on; the first also covers all weeks before.
        """
        goals = [goal for goal in self.goals if goal.metric == metric]
        goals.sort(key=lambda goal: goal.since)
        if not goals:
            return DEFAULT_TARGETS[metric]
        set_by_then = [goal for goal in goals if self.week_of(goal.since) <= week]
        return (set_by_then[-1] if set_by_then else goals[0]).target

    def history(self, full_reads: Iterable[tuple[date, str]], today: date) -> list[Week]:
        """Return every week from the first full read to the running one, as of `today`.

        `full_reads` are the days and works of all full reads; those after `today`
        do not count.
        """
        days: dict[date, dict[str, None]] = {}
        for day, work in full_reads:
            days.setdefault(day, {})[work] = None
        works: dict[date, dict[str, None]] = {}
        for day in sorted(days):
            if day <= today:
                works.setdefault(self.week_of(day), {}).update(dict.fromkeys(sorted(days[day])))
        resting = {self.week_of(day) for day in self.rests}
        running = self.week_of(today)
        weeks = []
        week = min([running, *works])
        while week <= running:
            read = tuple(works.get(week, ()))
            target = self.target(week)
            state = _state(week, len(read) >= target, resting, today)
            weeks.append(Week(week, read, target, state))
            week += timedelta(days=7)
        return weeks


def streak(history: Iterable[Week]) -> Streak:
    """Return the streak at the end of a reader's weeks, of which the last is the running one."""
    *past, current = history
    run: list[Week] = []
    met = longest = 0
    for week in past:
        if week.state is State.MISSED:
            run, met = [], 0
        elif week.state is State.MET or run:
            run.append(week)
            met += week.state is State.MET
        longest = max(longest, met)
    if current.state is State.MET:
        run.append(current)
        met += 1
    return Streak(met, max(longest, met), current, tuple(run))


def _state(week: date, met: bool, resting: Collection[date], today: date) -> State:
    if met:
        return State.MET
    if week in resting:
        return State.REST
    days_left = (week + timedelta(days=7) - today).days
    if days_left <= 0:
        return State.MISSED
    return State.AT_RISK if days_left <= AT_RISK_DAYS else State.ON_TRACK


WEEKS = 53
LEVELS = 4


class Heatmap(NamedTuple):
    """Levels from 0 to 4 by week and day; None for days to come."""

    first: date
    columns: tuple[tuple[int | None, ...], ...]

    def day(self, column: int, row: int) -> date:
        """Return the day at a place in the grid."""
        return self.first + timedelta(days=7 * column + row)

    def months(self) -> list[tuple[int, date]]:
        """Return the columns in which a month begins, each with the first day of the month."""
        days = [(number // 7, self.day(0, number)) for number in range(7 * len(self.columns))]
        return [(column, day) for column, day in days if day.day == 1]


def heatmap_start(today: date, week_start: str = "mon", weeks: int = WEEKS) -> date:
    """Return the first day of the last `weeks` weeks."""
    return week_of(today, week_start) - timedelta(weeks=weeks - 1)


def heatmap(
    depths: Mapping[date, int], today: date, week_start: str = "mon", weeks: int = WEEKS
) -> Heatmap:
    """Return the last `weeks` weeks; `depths` are the summed depths of a day's passes.

    A deeper pass weighs more: a first pass makes level 1, a second 2, a third
    3, and more on one day up to 4.
    """
    first = heatmap_start(today, week_start, weeks)
    days = [first + timedelta(days=number) for number in range(7 * weeks)]
    levels = [min(LEVELS, depths.get(day, 0)) if day <= today else None for day in days]
    return Heatmap(first, tuple(tuple(levels[at : at + 7]) for at in range(0, len(levels), 7)))
