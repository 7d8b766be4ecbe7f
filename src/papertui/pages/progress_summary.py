"""The reader's progress as of a day, the same for the screen, the shell and JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.config import Config
from papertui.core import goals, streaks
from papertui.core.days import period, week_of
from papertui.core.labels import local_time
from papertui.core.library_tree import Branch
from papertui.core.records import Reading, Triage
from papertui.core.streaks import Heatmap, Streak, Week, WeekRules
from papertui.pages.weeks import end_of_day, milestones, streak_of, week_rules, week_triage
from papertui.storage.store import Store

if TYPE_CHECKING:
    from papertui.storage.recall_cards import RecallCounts

LATEST = 15
BARS = 12
PACE_WEEKS = 12
# A pace says nothing before the reader has read for so long.
MIN_PACE_WEEKS = 4
MAX_PACE_WEEKS = 520


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A pass in the log, with its work and the reading day on which it was logged."""

    work: str
    title: str
    kind: str
    reading: Reading
    logged_on: date

    def as_json(self) -> dict[str, Any]:
        """Return the pass as plain data."""
        reading = self.reading
        return {
            "work": self.work,
            "title": self.title,
            "pass": reading.depth,
            "read_on": reading.read_on and reading.read_on.isoformat(),
            "minutes": reading.minutes,
        }

    @property
    def is_logged_later(self) -> bool:
        """True if the pass was logged more than a day after it was made."""
        read_on = self.reading.read_on
        return read_on is not None and self.logged_on - read_on > timedelta(days=1)


class DayLog(NamedTuple):
    """A day, the passes of each day of its week, and those of other days that it had a part of.

    Of these it has the minutes of the part; `own` has the minutes on the day of each of its
    passes that took some of other days.
    """

    day: date
    week: Mapping[date, Sequence[LogEntry]]
    parts: Sequence[tuple[LogEntry, int]]
    own: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A goal beside the streak: its name, how many are done of how many, and its last day.

    One that the reader has not set is as the lists advise.
    """

    name: str
    done: int
    target: int
    period: str
    until: date
    is_set: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the goal as plain data."""
        until = self.until.isoformat()
        return {"name": self.name, "done": self.done, "target": self.target, "until": until}


class DayTotals(NamedTuple):
    """How many passes a day has, the sum of their depths, and the minutes read on it."""

    passes: int = 0
    depths: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """The passes and minutes of a week."""

    start: date
    passes: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Pace:
    """A list or section, its works left, and the day they are done at the present pace."""

    title: str
    left: int
    done_by: date


@dataclass(frozen=True, slots=True)
class Summary:
    """All data of the progress page.

    `week` is the running one, `rests` are the first days of rest weeks.
    `ends_at` says when `today` ends, if it is the present day, else it is ""; `is_past` tells that
    it is a day before.
    If all is later than `today`, the log `begins` on a day.
    """

    today: date
    day_log: DayLog
    week_start: str
    week: Week
    streak: Streak | None
    rests: frozenset[date]
    goals: tuple[GoalProgress, ...]
    triage: Triage
    heatmap: Heatmap
    days: Mapping[date, DayTotals]
    bars: tuple[Bar, ...]
    pace: tuple[Pace, ...]
    pace_weeks: int
    branches: tuple[Branch, ...]
    passes: dict[int, int]
    minutes: int
    latest: tuple[LogEntry, ...]
    milestones: tuple[str, ...]
    recall: "RecallCounts | None" = None
    ends_at: str = ""
    is_past: bool = False
    begins: date | None = None

    def by(self, day: date) -> str:
        """Return the end of a day, by which a goal must be met, in words."""
        if self.ends_at and day == self.today:
            return f"by {self.ends_at}"
        return f"by {day:%a} {day.day} {day:%b}"

    def as_json(self) -> dict[str, Any]:
        """Return the summary as plain data; scripts rely on its names."""
        return {
            "today": self.today.isoformat(),
            "streak": self.streak
            and {
                "headline": self.streak.headline,
                "weeks": self.streak.weeks,
                "longest": self.streak.longest,
            },
            "week": {
                "start": self.week.start.isoformat(),
                "state": self.week.state.value,
                "full_reads": self.week.reads,
                "target": self.week.target,
                "rest": self.week.is_rest,
            },
            "goals": [goal.as_json() for goal in self.goals],
            "new_papers": self.triage._asdict(),
            "weeks": [{**asdict(bar), "start": bar.start.isoformat()} for bar in self.bars],
            "days": {
                day.isoformat(): totals.depths for day, totals in self.days.items() if totals.passes
            },
            "passes": {str(depth): self.passes.get(depth, 0) for depth in (1, 2, 3)},
            "minutes": self.minutes,
            "milestones": list(self.milestones),
            "sections": [
                {"path": branch.path, "done": branch.done, "total": branch.total}
                for branch in self.branches
            ],
            "recall": self.recall and self.recall.as_json(),
            "latest": [entry.as_json() for entry in self.latest],
        }


def summarise(
    store: Store,
    config: Config,
    as_of: date,
    latest: int = LATEST,
    looked_at: date | None = None,
) -> Summary:
    """Gather the reader's progress as of a day, with the last `latest` entries of the log.

    As of another day, later entries do not count. As of today all do: one may be logged
    for a day to come, before a flight over the date line.
    """
    log, rules = store.reading_log, week_rules(store, config)
    until = _last_counted(store, config, as_of)
    full_reads = log.full_reads(until)
    history = rules.history(full_reads, as_of)
    week, first = rules.week_of(as_of), streaks.heatmap_start(as_of, config.week_start)
    passes_of_day, minutes = log.passes_by_day(first, until), log.minutes(first, until)
    days = {
        day: DayTotals(*passes_of_day.get(day, (0, 0)), minutes.get(day, 0))
        for day in sorted(passes_of_day.keys() | minutes)
    }
    levels = {day: totals.depths or 1 for day, totals in days.items()}
    shown = history if config.streak else []
    goal_progress, triage = (
        _goals(store, rules, as_of, until),
        week_triage(store, config, as_of, until),
    )
    passes, begins = log.pass_counts(until), log.first_day()
    total = log.total_minutes(until)
    is_before = not (passes or total or triage.scanned or any(goal.done for goal in goal_progress))
    branches = tuple(store.tree.sections(until))
    return Summary(
        as_of,
        day_log(store, config, as_of, looked_at or as_of),
        config.week_start,
        history[-1],
        streak_of(store, config, history) if config.streak else None,
        rules.rest_weeks(),
        goal_progress,
        triage,
        streaks.heatmap(levels, as_of, config.week_start),
        days,
        _bars(days, week),
        _pace(store, branches, as_of, history[0].start) if len(history) >= MIN_PACE_WEEKS else (),
        min(PACE_WEEKS, len(history)),
        branches,
        passes,
        total,
        log_entries(store, config, log.readings(until, latest)),
        tuple(milestones(store, full_reads, shown, week, min(until, week + timedelta(days=6)))),
        _recall(store, as_of, until) if config.recall else None,
        end_of_day(store, config, as_of),
        until < date.max,
        begins if begins and begins > until and is_before else None,
    )


def day_log(store: Store, config: Config, as_of: date, day: date) -> DayLog:
    """Return the log of a day and its week, with the passes that count as of another day."""
    first = week_of(day, config.week_start)
    last = min(first + timedelta(days=6), _last_counted(store, config, as_of))
    days: dict[date, list[LogEntry]] = {}
    for entry in log_entries(store, config, store.reading_log.between_days(first, last)):
        assert entry.reading.read_on is not None
        days.setdefault(entry.reading.read_on, []).append(entry)
    readings = [entry.reading for entry in days.get(day, ())]
    sittings = {reading.id: dict(store.reading_log.sittings_of(reading)) for reading in readings}
    own = {id_: read.get(day, 0) for id_, read in sittings.items() if read.keys() - {day}}
    return DayLog(day, days, parts_read(store, config, day, day), own)


def parts_read(store: Store, config: Config, first: date, last: date) -> list[tuple[LogEntry, int]]:
    """Return the passes of other days that took minutes from one day to another, and these."""
    sittings = store.reading_log.sittings(first, last)
    parts = log_entries(store, config, [(work, reading) for work, reading, _ in sittings])
    return [*zip(parts, (minutes for *_, minutes in sittings), strict=True)]


def _last_counted(store: Store, config: Config, as_of: date) -> date:
    """Return the last day of which passes count as of a day."""
    return date.max if as_of == config.today(store.clock()) else as_of


def _recall(store: Store, as_of: date, until: date) -> "RecallCounts | None":
    """Return how recall stands, None as of a day after which something was read or rated.

    It is not known what was due then.
    """
    last = max(store.reading_log.last_day() or date.min, store.recall.last_day() or date.min)
    return store.recall.counts(as_of) if as_of >= last or until == date.max else None


def log_entries(
    store: Store, config: Config, readings: list[tuple[str, Reading]]
) -> tuple[LogEntry, ...]:
    """Return readings as entries of the log."""
    about = store.works.about_each({work for work, _ in readings})
    logged = [config.today(local_time(r.logged, r.utc_offset)) for _, r in readings]
    return tuple(
        LogEntry(work, *about[work], reading, logged_on)
        for (work, reading), logged_on in zip(readings, logged, strict=True)
    )


def _goals(store: Store, rules: WeekRules, as_of: date, until: date) -> tuple[GoalProgress, ...]:
    """Return the goals beside the streak: titles scanned, works reproduced or explained."""
    log, week = store.reading_log, rules.week_of(as_of)
    names = (
        ("titles scanned", goals.SCANNED),
        ("reproduced", goals.REPRODUCED),
        ("explained", goals.SHARED),
    )
    shown = []
    for name, metric in names:
        of = goals.GOALS[metric].period
        start, end = period(of, as_of, rules.week_start)
        if target := rules.target(week, metric):
            done = log.between(metric, start, min(end, until))
            is_set = rules.is_set(metric, week)
            shown.append(GoalProgress(name, done, target, of, end, is_set))
    return tuple(shown)


def _bars(days: Mapping[date, DayTotals], week: date) -> tuple[Bar, ...]:
    bars = []
    for start in (week - timedelta(weeks=number) for number in range(BARS - 1, -1, -1)):
        week_days = [days.get(start + timedelta(number), DayTotals()) for number in range(7)]
        passes, minutes = (sum(day.passes for day in week_days), sum(d.minutes for d in week_days))
        bars.append(Bar(start, passes, minutes))
    return tuple(bars)


def _pace(
    store: Store, branches: tuple[Branch, ...], today: date, first_week: date
) -> tuple[Pace, ...]:
    """Return when each list and section is done at the pace of the last weeks.

    Weeks before the `first_week` of the reader are none of them.
    """
    since = max(today - timedelta(weeks=PACE_WEEKS), first_week - timedelta(days=1))
    done_then = {branch.path: branch.done for branch in store.tree.sections(since)}
    paces = []
    for branch in branches:
        gained = branch.done - done_then.get(branch.path, 0)
        left = branch.total - branch.done
        if gained > 0 and left > 0:
            days = left * (today - since).days / gained
            if days < 7 * MAX_PACE_WEEKS:
                paces.append(Pace(branch.title, left, today + timedelta(days=days)))
    return tuple(paces)
