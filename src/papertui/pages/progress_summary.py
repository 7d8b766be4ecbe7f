"""The reader's progress as of a day, the same for the screen, the shell and JSON."""

from collections.abc import Mapping, Sized
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from papertui.config import Config
from papertui.core import streaks
from papertui.core.library_tree import Branch
from papertui.core.records import Reading
from papertui.core.streaks import Heatmap, Streak, Week, WeekRules
from papertui.storage.store import Store

LATEST = 15
BARS = 12
PACE_WEEKS = 12
MAX_PACE_WEEKS = 520


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A pass in the log, with its work."""

    work: str
    title: str
    kind: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A goal beside the streak: its name, how many are done of how many, and its last day."""

    name: str
    done: int
    target: int
    until: date


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
    """All data of the progress page."""

    today: date
    week_start: str
    streak: Streak | None
    history: tuple[Week, ...]
    goals: tuple[GoalProgress, ...]
    heatmap: Heatmap
    days: Mapping[date, tuple[LogEntry, ...]]
    day_minutes: Mapping[date, int]
    bars: tuple[Bar, ...]
    pace: tuple[Pace, ...]
    branches: tuple[Branch, ...]
    passes: dict[int, int]
    minutes: int
    latest: tuple[LogEntry, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the summary as plain data; scripts rely on its names."""
        week = self.streak and self.streak.current
        return {
            "today": self.today.isoformat(),
            "streak": self.streak
            and {
                "headline": self.streak.headline,
                "weeks": self.streak.weeks,
                "longest": self.streak.longest,
            },
            "week": week
            and {
                "start": week.start.isoformat(),
                "state": week.state.value,
                "full_reads": week.reads,
                "target": week.target,
            },
            "goals": [{**asdict(goal), "until": goal.until.isoformat()} for goal in self.goals],
            "weeks": [{**asdict(bar), "start": bar.start.isoformat()} for bar in self.bars],
            "days": {
                day.isoformat(): sum(entry.reading.depth for entry in entries)
                for day, entries in self.days.items()
            },
            "passes": {str(depth): self.passes.get(depth, 0) for depth in (1, 2, 3)},
            "minutes": self.minutes,
            "sections": [
                {"path": branch.path, "done": branch.done, "total": branch.total}
                for branch in self.branches
            ],
            "latest": [
                {
                    "work": entry.work,
                    "title": entry.title,
                    "pass": entry.reading.depth,
                    "read_on": entry.reading.read_on and entry.reading.read_on.isoformat(),
                    "minutes": entry.reading.minutes,
                }
                for entry in self.latest
            ],
        }


def summarise(store: Store, config: Config, today: date, latest: int = LATEST) -> Summary:
    """Gather the reader's progress as of `today`, with the last `latest` entries of the log."""
    log, rules = store.reading_log, week_rules(store, config)
    history = rules.history(log.full_reads(), today)
    week, first = rules.week_of(today), streaks.heatmap_start(today, config.week_start)
    days: dict[date, list[LogEntry]] = {}
    for entry in _entries(store, log.between_days(first, today)):
        assert entry.reading.read_on is not None
        days.setdefault(entry.reading.read_on, []).append(entry)
    depths = {day: sum(entry.reading.depth for entry in entries) for day, entries in days.items()}
    branches = tuple(store.tree.sections(today))
    return Summary(
        today,
        config.week_start,
        streaks.streak(history) if config.streak else None,
        tuple(history),
        _goals(store, rules, today, week),
        streaks.heatmap(depths, today, config.week_start),
        {day: tuple(entries) for day, entries in days.items()},
        log.minutes(first, today),
        _bars(store, days, week),
        _pace(store, branches, today),
        branches,
        log.pass_counts(today),
        log.total_minutes(today),
        _entries(store, log.readings(today, latest)),
    )


def _entries(store: Store, readings: list[tuple[str, Reading]]) -> tuple[LogEntry, ...]:
    about = {work: store.works.about(work) for work in {work for work, _ in readings}}
    return tuple(LogEntry(work, *about[work], reading) for work, reading in readings)


def _goals(store: Store, rules: WeekRules, today: date, week: date) -> tuple[GoalProgress, ...]:
    """Return the goals beside the streak: titles scanned, results reproduced."""
    log, month = store.reading_log, today.replace(day=1)
    month_end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    periods = (
        ("titles scanned", streaks.SCANNED, week, week + timedelta(days=6)),
        ("reproduced", streaks.REPRODUCED, month, month_end),
    )
    return tuple(
        GoalProgress(name, log.between(metric, start, today), rules.target(week, metric), end)
        for name, metric, start, end in periods
    )


def _bars(store: Store, days: Mapping[date, Sized], week: date) -> tuple[Bar, ...]:
    starts = [week - timedelta(weeks=number) for number in range(BARS - 1, -1, -1)]
    minutes = store.reading_log.minutes(starts[0], week + timedelta(days=6))
    return tuple(
        Bar(
            start,
            sum(len(days.get(day, ())) for day in week_days),
            sum(minutes.get(day, 0) for day in week_days),
        )
        for start in starts
        for week_days in [[start + timedelta(days=number) for number in range(7)]]
    )


def _pace(store: Store, branches: tuple[Branch, ...], today: date) -> tuple[Pace, ...]:
    """Return when each list and section is done at the pace of the last weeks."""
    since = today - timedelta(weeks=PACE_WEEKS)
    done_then = {branch.path: branch.done for branch in store.tree.sections(since)}
    paces = []
    for branch in branches:
        gained = branch.done - done_then.get(branch.path, 0)
        left = branch.total - branch.done
        if gained > 0 and left > 0 and (weeks := left * PACE_WEEKS / gained) < MAX_PACE_WEEKS:
            paces.append(Pace(branch.title, left, today + timedelta(weeks=weeks)))
    return tuple(paces)


def week_rules(store: Store, config: Config) -> WeekRules:
    """Return the rules of the reader's weeks."""
    habits = store.reading_log.habits()
    return WeekRules(habits.goals, habits.rests, config.week_start)


def current_streak(store: Store, config: Config, today: date) -> Streak | None:
    """Return the streak as of `today`, None if the reader has switched it off."""
    if not config.streak:
        return None
    history = week_rules(store, config).history(store.reading_log.full_reads(), today)
    return streaks.streak(history)
