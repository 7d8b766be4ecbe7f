"""The reader's progress as of a day: one summary for the screen, the shell and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from papertui.config import Config
from papertui.core.journal import Reading
from papertui.core.library_tree import Branch
from papertui.core.streaks import (  # fmt: skip
    REPRODUCED,
    SCANNED,
    Heatmap,
    Streak,
    Week,
    WeekRules,
    heatmap,
    heatmap_start,
    streak,
)
from papertui.storage.store import Store

LATEST = 15
BARS = 12
PACE_WEEKS = 12


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A pass in the log, with the work it was of."""

    work: str
    title: str
    kind: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A bar: what is counted, how many there are, how many are wanted, until when."""

    name: str
    done: int
    target: int
    until: date


@dataclass(frozen=True, slots=True)
class Bar:
    """A week's passes and minutes."""

    start: date
    passes: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Pace:
    """A list or section under way, and the day it is done at the pace of the last weeks."""

    title: str
    left: int
    done_by: date


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the progress page shows."""

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
        """Return the summary as plain data with lasting names."""
        week = self.streak and self.streak.current
        return {
            "today": self.today.isoformat(),
            "streak": self.streak
            and {
                "headline": self.streak.headline,
                "weeks": self.streak.weeks,
                "longest": self.streak.longest,
            },
            "week": week and _week(week),
            "goals": [
                {"name": g.name, "done": g.done, "target": g.target, "until": g.until.isoformat()}
                for g in self.goals
            ],
            "weeks": [
                {"start": bar.start.isoformat(), "passes": bar.passes, "minutes": bar.minutes}
                for bar in self.bars
            ],
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


def _week(week: Week) -> dict[str, Any]:
    return {
        "start": week.start.isoformat(),
        "state": week.state.value,
        "full_reads": week.reads,
        "target": week.target,
    }


def summarise(store: Store, config: Config, today: date, latest: int = LATEST) -> Summary:
    """Gather the reader's progress as of `today`, the last `latest` entries of the log in it."""
    reader, rules = store.reading_log, week_rules(store, config)
    history = rules.history(reader.full_reads(), today)
    first = heatmap_start(today, config.week_start)
    entries = _entries(store, reader.between_days(first, today))
    days: dict[date, list[LogEntry]] = {}
    for entry in entries:
        assert entry.reading.read_on is not None
        days.setdefault(entry.reading.read_on, []).append(entry)
    depths = {day: sum(e.reading.depth for e in found) for day, found in days.items()}
    week = rules.week_of(today)
    branches = tuple(store.tree.sections(today))
    return Summary(
        today,
        config.week_start,
        streak(history) if config.streak else None,
        tuple(history),
        _goals(store, rules, today, week),
        heatmap(depths, today, config.week_start),
        {day: tuple(found) for day, found in days.items()},
        reader.minutes(first, today),
        _bars(store, entries, week),
        _pace(store, branches, today),
        branches,
        reader.pass_counts(today),
        reader.total_minutes(today),
        _entries(store, reader.readings(today, latest)),
    )


def _entries(store: Store, found: list[tuple[str, Reading]]) -> tuple[LogEntry, ...]:
    about = {work: store.works.about(work) for work in {work for work, _ in found}}
    return tuple(LogEntry(work, *about[work], reading) for work, reading in found)


def _goals(store: Store, rules: WeekRules, today: date, week: date) -> tuple[GoalProgress, ...]:
    """Return the bars beside the one that decides: titles scanned, results reproduced."""
    month = today.replace(day=1)
    month_end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    scanned = store.reading_log.between(SCANNED, week, today)
    reproduced = store.reading_log.between(REPRODUCED, month, today)
    wanted, wanted_results = rules.target(week, SCANNED), rules.target(week, REPRODUCED)
    return (
        GoalProgress("titles scanned", scanned, wanted, week + timedelta(days=6)),
        GoalProgress("reproduced", reproduced, wanted_results, month_end),
    )


def _bars(store: Store, entries: tuple[LogEntry, ...], week: date) -> tuple[Bar, ...]:
    starts = [week - timedelta(weeks=number) for number in range(BARS - 1, -1, -1)]
    minutes = store.reading_log.minutes(starts[0], week + timedelta(days=6))
    bars = []
    for start in starts:
        end = start + timedelta(days=6)
        passes = sum(
            e.reading.read_on is not None and start <= e.reading.read_on <= end for e in entries
        )
        read = sum(part for day, part in minutes.items() if start <= day <= end)
        bars.append(Bar(start, passes, read))
    return tuple(bars)


def _pace(store: Store, branches: tuple[Branch, ...], today: date) -> tuple[Pace, ...]:
    """Return when what is under way is done, going on as in the last weeks."""
    since = today - timedelta(weeks=PACE_WEEKS)
    then = {branch.path: branch.done for branch in store.tree.sections(since)}
    found = []
    for branch in branches:
        gained, left = branch.done - then.get(branch.path, 0), branch.total - branch.done
        if gained > 0 and left > 0:
            weeks = left * PACE_WEEKS / gained
            if weeks < 52 * 10:
                found.append(Pace(branch.title, left, today + timedelta(weeks=weeks)))
    return tuple(found)


def week_rules(store: Store, config: Config) -> WeekRules:
    """Return the rules of the reader's weeks."""
    habits = store.reading_log.habits()
    return WeekRules(habits.goals, habits.rests, config.week_start)


def current_streak(store: Store, config: Config, today: date) -> Streak | None:
    """Return the streak as of `today`, or None for a reader who has switched it off."""
    if not config.streak:
        return None
    return streak(week_rules(store, config).history(store.reading_log.full_reads(), today))
