"""Days, weeks, months and years as a reader types them."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, time, timedelta

from papertui.core.journal import EARLIEST
from papertui.core.labels import full_date
from papertui.core.text import quantity
from papertui.errors import Refused

MAX_REST_AHEAD = timedelta(weeks=53)
YEAR, HALF_A_YEAR, MONTH = timedelta(days=365), timedelta(days=182), timedelta(days=30)


def parse_day(
    text: str, today: date, latest: date | None = None, night_until: time | None = None
) -> date | None:
    """Return the day that `text` names as `parse_past_day` does; None for "before"."""
    if _is_before(text):
        return None
    return parse_past_day(text, today, latest, night_until, or_before=True)


def parse_past_day(
    text: str,
    today: date,
    latest: date | None = None,
    night_until: time | None = None,
    *,
    or_before: bool = False,
) -> date:
    """Return the day that `text` names.

    A day is today, yesterday, -3d, -2w, fri (the latest one), ISO, or as papertui writes it;
    a date without its year is the latest one too, but that of the month to come is refused.
    Raises Refused for anything else, for a day after `latest` and `today`, and for one before
    `EARLIEST`.
    `night_until` is when the day after `today` begins, if the clock is past midnight. What is
    said of no day names "before" too, where it may be written.
    """
    word = text.strip().lower()
    earliest = today + MONTH - YEAR
    day = _named_day(text, today, earliest, ahead=False)
    if day is None:
        last_form = ", fri or before" if or_before else " or fri"
        forms = f"2026-11-14, 14 nov, today, yesterday, -3d, -2w{last_form}"
        raise _no_day(text, earliest, forms)
    # A date may name a day that has begun elsewhere; "tomorrow" never does.
    is_date = word[:4].isdigit() or _count_date_words(word.split())
    last = max(today, latest or today) if is_date else today
    if day > last:
        is_night = night_until and day == today + timedelta(days=1)
        why = f"before {night_until:%H:%M} it is still" if is_night else "today is"
        counted = re.fullmatch("([0-9]+)([dwm])", word)
        hint = (
            f"; -{word} is {quantity(int(counted[1]), _NAMES[counted[2]])} ago" if counted else ""
        )
        if latest and day <= latest:
            hint = f"; write {day.isoformat()} for the day that has begun elsewhere"
        raise Refused(f"{full_date(day)} is still to come: {why} {full_date(today)}{hint}.")
    if day < EARLIEST:
        hint = "; write before for a day you do not know" if or_before else ""
        raise Refused(f"{full_date(day)} is too long ago{hint}.")
    return day


def parse_day_ahead(text: str, today: date) -> date:
    """Return the day to come that `text` names: ISO, tomorrow, 10d, 2w, 3m, fri, 14 jan.

    Raises Refused for anything else and for a day that is not to come.
    """
    tomorrow = today + timedelta(days=1)
    day = _named_day(text, today, tomorrow, ahead=True)
    if day is None:
        raise _no_day(text, tomorrow, f"tomorrow, 10d, 2w, 3m, fri or {a_day_ahead(today)}")
    if day <= today:
        raise Refused(f"{full_date(day)} is not in the future: today is {full_date(today)}.")
    return day


def a_day_ahead(today: date) -> str:
    """Return a day to come as it may be written."""
    return (today + timedelta(weeks=6)).isoformat()


def parse_rest_day(text: str, today: date) -> date:
    """Return the day, past or to come, that `text` names: as `parse_day_ahead`, and -7d.

    A date without its year is the nearest one. Raises Refused for anything else and for a
    day that is too far away.
    """
    day = _named_day(text, today, today - HALF_A_YEAR, ahead=True)
    if day is None:
        raise _no_day(text, today - HALF_A_YEAR, "2026-12-24, today, 2w, fri or -7d")
    if not EARLIEST <= day <= today + MAX_REST_AHEAD:
        raise Refused(f"{full_date(day)} is too far away for a rest week.")
    return day


def _no_day(text: str, earliest: date, forms: str) -> Refused:
    """Return what to say of a text that names no day: which day its date is, or what to write."""
    _, written = _weekday_and_date(text, earliest)
    hint = f"that date is {full_date(written)}" if written else f"write {forms}"
    return Refused(f"{text!r} is not a day: {hint}.")


_PERIOD_FORMS = {
    "week": "last, -1w, fri or 2026-11-14, which is a day of it",
    "month": "2026-11, nov, last, -1m or 2026-11-14, which is a day of it",
}


def parse_period(
    period_name: str,
    text: str,
    today: date,
    latest: date | None = None,
    night_until: time | None = None,
) -> date:
    """Return a day of the "week" or the "month" that `text` names: last, a day of it, nov.

    A month without its year is the latest one. Raises Refused for anything else, and for one
    that has not begun by `latest` and `today`, as in `parse_day`.
    """
    word = " ".join(text.lower().split())
    which = word.removesuffix(period_name).rstrip()
    if which in ("this", "last", "previous") and word != period_name:
        word = "-0d" if which == "this" else f"-1{period_name[0]}"
    first = _first_of_month(word, today) if period_name == "month" else None
    day = first or _named_day(word, today, today + MONTH - YEAR, ahead=False)
    if day is None:
        forms = _PERIOD_FORMS[period_name]
        raise Refused(f"{text.strip()!r} is not a {period_name}: write {forms}.")
    if day < EARLIEST:
        raise Refused(f"{text.strip()} is too long ago: papertui begins in {EARLIEST:%Y}.")
    if first and first > max(today, latest or today):
        raise Refused(f"{first:%B %Y} is still to come: today is {full_date(today)}.")
    return first or parse_past_day(word, today, latest, night_until)


def parse_year(text: str, today: date) -> int:
    """Return the year that `text` names: last, a month or a day of it. Raises Refused for no year.

    A month or a day without its year is the latest one.
    """
    word = " ".join(text.lower().split())
    which = word.removesuffix("year").rstrip()
    if which in ("this", "last", "previous"):
        return today.year - (which != "this")
    if written := re.fullmatch("(-?)([0-9]{1,4})(y?)", word):
        sign, number, unit = written.groups()
        if sign and unit:
            return today.year - int(number)
        if not (sign or unit) and len(number) == 4:
            return int(number)
    day = _first_of_month(word, today) or _named_day(word, today, today + MONTH - YEAR, ahead=False)
    if day is None:
        forms = "2025, last, -1y or 2025-11-14, which is a day of it"
        raise Refused(f"{text.strip()!r} is not a year: write {forms}.")
    return day.year


def _first_of_month(word: str, today: date) -> date | None:
    """Return the first day of the month that a word names, None if it names a day or nothing."""
    try:
        if written := re.fullmatch("([0-9]{4})-([0-9]{1,2})", word):
            return date(int(written[1]), int(written[2]), 1)
        if counted := re.fullmatch("-([0-9]{1,5})m", word):
            return _months_later(today.replace(day=1), -int(counted[1]))
    except ValueError:
        return None
    numbers = [n for each in word.split() if (n := _number_of(each, _MONTHS)) is not None]
    years = [int(each) for each in word.split() if re.fullmatch("[12][0-9]{3}", each)]
    if len(numbers) != 1 or len(years) > 1 or len(word.split()) != 1 + len(years):
        return None
    month = numbers[0] + 1
    return date(years[0] if years else today.year - (month > today.month), month, 1)


_NEAR_DAYS = {
    "day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2,
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_NEAR = {"last": -1, "this": 0, "next": 1}
_UNITS = {"d": 1, "w": 7}
_NAMES = {"d": "day", "w": "week", "m": "month"}


def _months_later(day: date, months: int) -> date:
    """Return the same day of another month, or the last of that. Raises ValueError beyond dates."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _number_of(word: str, names: Sequence[str]) -> int | None:
    """Return which of `names` a word is or begins, by three letters or more."""
    numbers = [number for number, name in enumerate(names) if name.startswith(word)]
    return numbers[0] if numbers and len(word) >= 3 else None


def _count_date_words(words: Sequence[str]) -> int:
    """Return how many of the first words write a date: ``Thu 26 Nov 2026``, ``nov 26``, ``26 nov``.

    0 if they write none; the date need not exist. No comma is between the day and the month.
    """
    is_parted = [word.endswith(",") for word in words]
    words = list(map(_date_word, words))
    start = int(bool(words) and _number_of(words[0], _WEEKDAYS) is not None)
    pair = words[start : start + 2]
    days = [word for word in pair if re.fullmatch("[0-9]{1,2}", word)]
    months = [word for word in pair if _number_of(word, _MONTHS) is not None]
    if not (days and months) or is_parted[start]:
        return 0
    has_year = any(re.fullmatch("(?:19|2[0-9])[0-9]{2}", word) for word in words[start + 2 :][:1])
    return start + 2 + has_year


def _date_word(word: str) -> str:
    """Return a word of a date without its comma, a number without its ending: 3 for ``3rd,``."""
    return re.sub("(?<=[0-9])(?:st|nd|rd|th)$", "", word.rstrip(",").lower())


def _written_date(text: str, earliest: date) -> date | None:
    """Return the date that `text` writes, None if there is none, or if it is another weekday.

    Without its year it is the first one from `earliest` on, within a year.
    """
    weekday, written = _weekday_and_date(text, earliest)
    return written if written and weekday in (None, written.weekday()) else None


def _weekday_and_date(text: str, earliest: date) -> tuple[int | None, date | None]:
    """Return the weekday and the date that `text` writes, None for what it does not."""
    words = list(map(_date_word, text.replace(",", " ").split()))
    if not words or _count_date_words(words) != len(words):
        return None, None
    weekday = _number_of(words[0], _WEEKDAYS)
    day, month, *written_year = words[weekday is not None :]
    if month.isdecimal():
        day, month = month, day
    number = (_number_of(month, _MONTHS) or 0) + 1
    for year in map(int, written_year or (earliest.year, earliest.year + 1)):
        with suppress(ValueError):
            written = date(year, number, int(day))
            if written_year or written >= earliest:
                return weekday, written
    return weekday, None


def _named_day(text: str, today: date, earliest: date, *, ahead: bool) -> date | None:
    """Return the day that `text` names, None if it names none.

    A weekday is the next one to come with `ahead`, else the latest up to today, or before it
    as in "last fri"; with `ahead`, next week is a week later on. A number of days, weeks or
    months without a sign counts forward; a date without its year is the first one from
    `earliest` on.
    """
    word = " ".join(text.lower().split()).removeprefix("on ").removeprefix("the ")
    if ago := re.fullmatch("([0-9]+|an?) (day|week|month)s? ago", word):
        word = f"-{ago[1] if ago[1].isdigit() else 1}{ago[2][0]}"
    if ahead and (near := re.fullmatch("(last|this|next) (week|month)", word)):
        word = f"{_NEAR[near[1]]}{near[2][0]}"
    if ahead and (later := re.fullmatch("(?:in )?([0-9]+|an?) (day|week|month)s?", word)):
        word = f"{later[1] if later[1].isdigit() else 1}{later[2][0]}"
    is_before_today = not ahead and word.startswith("last ")
    weekday_word = word.removeprefix("last ") if is_before_today else word
    try:
        if word in _NEAR_DAYS:
            return today + timedelta(days=_NEAR_DAYS[word])
        if (weekday := _number_of(weekday_word, _WEEKDAYS)) is not None:
            back = (today.weekday() - weekday - is_before_today) % 7 + is_before_today
            # Today is meant only where it may be.
            days_ahead = 7 - back if earliest > today else (7 - back) % 7
            return today + timedelta(days=days_ahead if ahead else -back)
        if counted := re.fullmatch("([+-]?[0-9]+)([dwm])", word):
            number, unit = int(counted[1]), counted[2]
            if unit == "m":
                return _months_later(today, number)
            return today + timedelta(days=number * _UNITS[unit])
        if in_numbers := re.fullmatch("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", word):
            return date(*map(int, in_numbers.groups()))
        return _written_date(word, earliest) or _iso_date(word)
    except (ValueError, OverflowError):
        return None


def _iso_date(word: str) -> date | None:
    # Python's reader passes over any letters behind eight digits.
    return date.fromisoformat(word) if re.fullmatch("[0-9W-]+", word.upper()) else None


def is_day(text: str, today: date) -> bool:
    """Return True if `text` names a day up to now, "before" included, or one to come."""
    is_named = _named_day(text, today, today + MONTH - YEAR, ahead=False) is not None
    return is_named or _is_before(text)


def _is_before(text: str) -> bool:
    """Return True if `text` names the time before papertui, as it is typed or as it is shown."""
    return text.strip().lower() in ("before", "before papertui")


def reads_as_day(text: str, today: date) -> bool:
    """Return True if `text` is written as a day, past or to come, whether or not it exists."""
    is_named = is_day(text, today) or _named_day(text, today, today, ahead=True) is not None
    return is_named or text in dates_written(text.split())


def dates_written(words: Sequence[str]) -> Iterator[str]:
    """Yield the parts of words that write a date, as ``31 nov``, whether or not it exists."""
    while words:
        parts = words[: _count_date_words(words)]
        is_date = parts and not any(re.fullmatch("(?:3[2-9]|[4-9][0-9]),?", p) for p in parts)
        if is_date:
            yield " ".join(part.rstrip(",") for part in parts)
        words = words[len(parts) if is_date else 1 :]
