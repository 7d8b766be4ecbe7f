"""The reader's progress as of a day: one summary for the screen, the shell and JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from papertui.config import Config
from papertui.fold import Reading
from papertui.outline import Branch
from papertui.store import Store
from papertui.weeks import Streak, streak

LATEST = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """A pass in the log, with the work it was of."""

    work: str
    title: str
    kind: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the progress page shows."""

    today: date
    streak: Streak | None
    branches: tuple[Branch, ...]
    passes: dict[int, int]
    latest: tuple[Entry, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the summary as plain data with lasting names."""
        week = self.streak and self.streak.current
        return {
            "today": self.today.isoformat(),
            "streak": self.streak and {"weeks": self.streak.weeks, "longest": self.streak.longest},
            "week": week
            and {
                "start": week.start.isoformat(),
                "state": week.state.value,
                "full_reads": week.reads,
                "target": week.target,
            },
            "passes": {str(depth): self.passes.get(depth, 0) for depth in (1, 2, 3)},
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


def current_streak(store: Store, config: Config, today: date) -> Streak | None:
    """Return the streak as of `today`, or None for a reader who has switched it off."""
    if not config.streak:
        return None
    habits = store.reader.habits()
    return streak(store.reader.full_reads(), today, habits.goals, habits.rests, config.week_start)


def summarise(store: Store, config: Config, today: date) -> Summary:
    """Gather the reader's progress as of `today`."""
    return Summary(
        today,
        current_streak(store, config, today),
        tuple(store.library.branches()),
        store.reader.pass_counts(),
        tuple(
            Entry(work, *store.library.about(work), reading)
            for work, reading in store.reader.readings(LATEST)
        ),
    )
