"""Weeks, goals and streaks: pure functions of dates.

The rules: a week is met by distinct works with a second or third pass; the streak
runs back over met weeks, rest weeks bridge it, and the running week never breaks it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from papertui.core.days import week_of
from papertui.core.goals import FULL_READS, GOALS
from papertui.core.journal import EARLIEST
from papertui.core.text import quantity

if TYPE_CHECKING:
    from papertui.core.records import Goal

AT_RISK_DAYS = 2


class State(Enum):
    """The state of a week."""

    MET = "met"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    REST = "rest"
    MISSED = "missed"


class Week(NamedTuple):
    """A week: its first day, the works read in full, the target, the state.

    A rest week that is met all the same counts as met, and `is_rest` too.
    """

    start: date
    works: tuple[str, ...]
    target: int
    state: State
    is_rest: bool = False

    @property
    def words(self) -> str:
        """The state in words."""
        if self.state is State.REST:
            return "rest week"
        return f"week {self.state.value}{', a rest week' if self.is_rest else ''}"

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

    `run` holds the weeks of the run, the rest weeks it bridges among them; `ends_at` says
    when the running week ends on its last day, see `end_of_day`, "" before it.
    `gap` holds the week that was missed last, and the rest weeks between it and the run.
    """

    weeks: int
    longest: int
    current: Week
    run: tuple[Week, ...] = ()
    ends_at: str = ""
    gap: tuple[Week, ...] = ()

    @property
    def headline(self) -> str:
        """The one line every screen and command shows."""
        return self.headlines[0]

    @property
    def headlines(self) -> tuple[str, str, str, str, str]:
        """The headline and four shorter forms of it, for lines without room."""
        week = self.current
        parts = [week.words, *([quantity(self.weeks, "week")] if self.weeks else ())]
        more, less, least = [*parts], [*parts], [week.words]
        if week.missing and week.state is not State.REST:
            reads = "full read" if week.missing == 1 else "full reads"
            more.append(f"{week.missing} more {reads} by {self.ends_at or f'{week.last_day:%A}'}")
            least.append(f"{week.missing} more {reads.removeprefix('full ')}")
            less.append(f"{least[-1]} by {self.ends_at or f'{week.last_day:%a}'}")
        forms = " · ".join(more), " · ".join(less), " · ".join(least)
        # Beside the reads that are missing, what is on track can only be the week.
        shortest = forms[2].removeprefix("week ") if week.missing else forms[2]
        return *forms, shortest, week.words


class WeekRules(NamedTuple):
    """The goals and rest weeks, as in Habits, and the weekday that weeks start on."""

    goals: Collection["Goal"] = ()
    rests: Mapping[date, bool] = MappingProxyType({})
    week_start: str = "mon"

    def week_of(self, day: date) -> date:
        """Return the first day of the week that holds `day`."""
        return week_of(day, self.week_start)

    def rest_weeks(self) -> frozenset[date]:
        """Return the first days of all rest weeks: of two acts for one week the later holds."""
        weeks = {self.week_of(day): on for day, on in self.rests.items()}
        return frozenset(week for week, on in weeks.items() if on)

    def rest_days(self, week: date) -> list[date]:
        """Return the days that make a week a rest week, none if it is not one."""
        if week not in self.rest_weeks():
            return []
        return [day for day, on in self.rests.items() if on and self.week_of(day) == week]

    def target(self, week: date, metric: str = FULL_READS) -> int:
        """Return the target in a week: the latest set for it or a week before it.

        Of two goals for one week the one set later holds. A week before the first keeps
        papertui's own.
        """
        targets = self._targets(week, metric)
        return targets[max(targets)] if targets else GOALS[metric].default

    def is_set(self, metric: str, week: date) -> bool:
        """Return True if the reader had set a goal by a week, False if papertui's own held."""
        return any(first > self.week_of(EARLIEST) for first in self._targets(week, metric))

    def own_target(self, metric: str, day: date) -> int | None:
        """Return the target that the reader has set for the week of a day, or that is none.

        None means that papertui's own holds.
        """
        week = self.week_of(day)
        target = self.target(week, metric)
        return target if self.is_set(metric, week) or not target else None

    def _targets(self, week: date, metric: str) -> dict[date, int]:
        """Return the targets set for a week and those before it, by their weeks."""
        goals = [(self.week_of(g.since), g.target) for g in self.goals if g.metric == metric]
        return {first: target for first, target in goals if first <= week}

    def history(self, full_reads: Iterable[tuple[date, str]], today: date) -> list[Week]:
        """Return every week from the first full read to the running one, as of `today`.

        `full_reads` are the days and works of all full reads. One logged for a day to come,
        before a flight over the date line, counts for the running week all the same.
        """
        days: dict[date, dict[str, None]] = {}
        for day, work in full_reads:
            days.setdefault(day, {})[work] = None
        works: dict[date, dict[str, None]] = {}
        for day in sorted(days):
            works.setdefault(self.week_of(day), {}).update(dict.fromkeys(sorted(days[day])))
        resting = self.rest_weeks()
        running = self.week_of(today)
        weeks = []
        week = min([running, *works])
        while week <= running:
            read = tuple(works.get(week, ()))
            target = self.target(week)
            state = _state(week, len(read) >= target, resting, today)
            weeks.append(Week(week, read, target, state, week in resting))
            week += timedelta(days=7)
        return weeks


def streak(history: Iterable[Week]) -> Streak:
    """Return the streak at the end of a reader's weeks, of which the last is the running one."""
    *past, current = history
    run: list[Week] = []
    gap: list[Week] = []
    met = longest = 0
    for week in past:
        if week.state is State.MISSED:
            run, gap, met = [], [week], 0
        elif week.state is State.MET or run:
            run.append(week)
            met += week.state is State.MET
        else:
            gap.append(week)
        longest = max(longest, met)
    if current.state is State.MET:
        run.append(current)
        met += 1
    return Streak(met, max(longest, met), current, tuple(run), gap=tuple(gap))


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
WEEKS_AHEAD = 26
LEVELS = 4


class Heatmap(NamedTuple):
    """Levels from 0 to 4 by week and day; None for days to come without a pass."""

    first: date
    columns: tuple[tuple[int | None, ...], ...]

    @property
    def last(self) -> date:
        """The last day of the grid."""
        return self.day(len(self.columns) - 1, 6)

    def day(self, column: int, row: int) -> date:
        """Return the day at a place in the grid."""
        return self.first + timedelta(days=7 * column + row)

    def with_day(self, day: date, weeks: int = WEEKS) -> "Heatmap":
        """Return some weeks, those up to the running one or others with the week of `day`."""
        column = (day - self.first).days // 7
        start = max(0, min(column, max(WEEKS, column + 1) - weeks))
        return Heatmap(self.day(start, 0), self.columns[start : start + weeks])

    def months(self) -> list[tuple[int, date]]:
        """Return the columns in which a month begins, each with the first day of the month."""
        days = [(number // 7, self.day(0, number)) for number in range(7 * len(self.columns))]
        return [(column, day) for column, day in days if day.day == 1]


def heatmap_start(today: date, week_start: str = "mon") -> date:
    """Return the first day of the last WEEKS weeks."""
    return week_of(today, week_start) - timedelta(weeks=WEEKS - 1)


def level(depths: int) -> int:
    """Return the level of a day by the summed depths of its passes.

    A deeper pass weighs more: a first pass makes level 1, a second 2, a third 3, and more on
    one day up to 4.
    """
    return min(LEVELS, depths)


def heatmap(depths: Mapping[date, int], today: date, week_start: str = "mon") -> Heatmap:
    """Return the last WEEKS weeks and WEEKS_AHEAD to come.

    `depths` are the summed depths of a day's passes.
    """
    first = heatmap_start(today, week_start)
    days = [first + timedelta(days=number) for number in range(7 * (WEEKS + WEEKS_AHEAD))]
    levels = [level(depths.get(day, 0)) if day <= today or day in depths else None for day in days]
    return Heatmap(first, tuple(tuple(levels[at : at + 7]) for at in range(0, len(levels), 7)))
