"""A year of reading days as a grid: a column a week, a row a day, a level a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from papertui.weeks import week_of

WEEKS = 53
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Levels from 0 to 4 by week and day; None for days to come."""

    first: date
    columns: tuple[tuple[int | None, ...], ...]

    def day(self, column: int, row: int) -> date:
        """Return the day at a place in the grid."""
        return self.first + timedelta(days=7 * column + row)

    def months(self) -> list[tuple[int, date]]:
        """Return the columns in which a month begins, with its first day."""
        found = []
        for column in range(len(self.columns)):
            for row in range(7):
                day = self.day(column, row)
                if day.day == 1:
                    found.append((column, day))
        return found


def heatmap(
    depths: Mapping[date, int], today: date, week_start: str = "mon", weeks: int = WEEKS
) -> Heatmap:
    """Return the last `weeks` weeks; `depths` are the summed depths of a day's passes.

    A deeper pass weighs more: a first pass makes level 1, a second 2, a third
    3, and more on one day up to 4.
    """
    last = week_of(today, week_start)
    first = last - timedelta(weeks=weeks - 1)
    return Heatmap(
        first,
        tuple(
            tuple(
                min(LEVELS, depths.get(day, 0)) if day <= today else None
                for day in (first + timedelta(days=7 * column + row) for row in range(7))
            )
            for column in range(weeks)
        ),
    )
