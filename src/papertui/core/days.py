"""Reading days, and the weeks and months that hold them.

A day starts at `day_start`, and a week is named by the date it starts on.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from papertui.errors import Refused

WEEK_STARTS = {"mon": 0, "sat": 5, "sun": 6}
DAY_START = time(4)
DAY_MINUTES = 24 * 60


def reading_day(moment: datetime, day_start: time = DAY_START) -> date:
    """Return the day a reading at `moment`, the reader's local time, counts for."""
    late_night = moment.time() < day_start
    return moment.date() - timedelta(days=1) if late_night else moment.date()


def iso(day: date | None) -> str | None:
    """Return a day as it is stored, None for none."""
    return day.isoformat() if day else None


def from_iso(stored: Any) -> date | None:
    """Return the day that is stored, None for none."""
    return date.fromisoformat(stored) if stored else None


def check_minutes(parts: Iterable[tuple[date, int]], logged: Mapping[date, int]) -> None:
    """Raise Refused if a day has more minutes in all its entries together than a day has.

    `parts` are the days and minutes of new entries, `logged` those of all others.
    """
    totals = dict(logged)
    for day, minutes in parts:
        totals[day] = total = totals.get(day, 0) + minutes
        if total > DAY_MINUTES:
            from papertui.core.labels import full_date

            minutes_of = f"{full_date(day)} would have {total:,} minutes in all"
            raise Refused(f"{minutes_of}; a day has {DAY_MINUTES:,}.")


def week_of(day: date, week_start: str = "mon") -> date:
    """Return the first day of the week that holds `day`."""
    return day - timedelta(days=(day.weekday() - WEEK_STARTS[week_start]) % 7)


def period(name: str, day: date, week_start: str = "mon") -> tuple[date, date]:
    """Return the first and last day of the "week" or the "month" that holds `day`."""
    if name == "week":
        first = week_of(day, week_start)
        return first, first + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
