"""The days on which arXiv announces papers, in its own time zone: Monday to Friday.

What is sent in until 14:00 is announced at 20:00, from Sunday to Thursday, and its feed has
the date of the next day. Holidays are not known here: their papers come a day later.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAY = timedelta(days=1)
_DEADLINE = time(14)
_SATURDAY = 5


def arxiv_zone() -> tzinfo:
    """Return the zone of New York; on a machine without zones, its winter time."""
    try:
        return ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=-5))


def announcement_day(sent: datetime) -> date:
    """Return the day of the feed that announces a paper sent in at some moment."""
    local = sent.astimezone(arxiv_zone())
    day = local.date() + (_DAY if local.time() >= _DEADLINE else timedelta(0))
    while day.weekday() >= _SATURDAY:
        day += _DAY
    return _next_weekday(day)


def announcement_days(after: date, until: date) -> Iterator[date]:
    """Yield the days of announcement after a day, until another, the first of them first."""
    day = _next_weekday(after)
    while day <= until:
        yield day
        day = _next_weekday(day)


def submission_span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments between which the papers of some days of announcement were sent in."""
    zone = arxiv_zone()
    before = _previous_weekday(_previous_weekday(_next_weekday(first - _DAY)))
    return (
        datetime.combine(before, _DEADLINE, zone),
        datetime.combine(_previous_weekday(last), _DEADLINE, zone),
    )


def _next_weekday(day: date) -> date:
    day += _DAY
    while day.weekday() >= _SATURDAY:
        day += _DAY
    return day


def _previous_weekday(day: date) -> date:
    day -= _DAY
    while day.weekday() >= _SATURDAY:
        day -= _DAY
    return day
