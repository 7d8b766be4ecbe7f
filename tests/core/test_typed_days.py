"""Days, weeks, months and years as readers type them."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.journal import EARLIEST
from papertui.core.labels import day_name, full_date
from papertui.core.typed_days import (
    parse_day,
    parse_day_ahead,
    parse_past_day,
    parse_period,
    parse_rest_day,
    parse_year,
)
from papertui.core.typed_entries import parse_entry, parse_pass
from papertui.errors import Refused

MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 20)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("today", "2026-11-16"),
        ("Yesterday", "2026-11-15"),
        ("-3d", "2026-11-13"),
        ("-2w", "2026-11-02"),
        ("-3m", "2026-08-16"),
        ("2026-02-28", "2026-02-28"),
        ("mon", "2026-11-16"),
        ("Friday", "2026-11-13"),
        ("tues", "2026-11-10"),
        ("14 Nov", "2026-11-14"),
        ("Nov 14, 2026", "2026-11-14"),
        ("Saturday, 14 november", "2026-11-14"),
        ("1 june", "2026-06-01"),
    ],
)
def test_days_are_named_as_readers_name_them(written: str, meant: str) -> None:
    assert parse_day(written, MONDAY) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    ("written", "week", "month"),
    [
        ("this", "2026-11-16", "2026-11-16"),
        ("Last", "2026-11-09", "2026-10-01"),
        ("-3w", "2026-10-26", "2026-10-26"),
        ("today", "2026-11-16", "2026-11-16"),
        ("14 nov", "2026-11-14", "2026-11-14"),
        ("-1m", "2026-10-16", "2026-10-01"),
        ("last week", "2026-11-09", ""),
        ("last month", "", "2026-10-01"),
        ("2026-11", "", "2026-11-01"),
        ("2026-9", "", "2026-09-01"),
        ("nov", "", "2026-11-01"),
        ("December", "", "2025-12-01"),
        ("feb 2024", "", "2024-02-01"),
        ("2024 feb", "", "2024-02-01"),
        ("-12m", "2025-11-16", "2025-11-01"),
        *(
            (no, "", "")
            for no in ("", "before", "2026", "2026-13", "2026-00", "next", "1 2", "week")
        ),
        *(
            (ahead, "", "")
            for ahead in ("2030-01", "2026-12", "dec 2026", "2030-01-01", "1w", "1m")
        ),
        *((long_ago, "", "") for long_ago in ("1900-01", "-99999m", "1900-01-01")),
    ],
)
def test_weeks_and_months_are_named_alike(written: str, week: str, month: str) -> None:
    for period_name, meant in (("week", week), ("month", month)):
        if meant:
            assert parse_period(period_name, written, MONDAY) == date.fromisoformat(meant)
        else:
            with pytest.raises(Refused) as refused:
                parse_period(period_name, written, MONDAY)
            assert "\n" not in str(refused.value)
            assert "before for" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "year"),
    [
        *((text, 2026) for text in ("this", "this year", "2026", "-0y", "today", "nov", "-1w")),
        *((text, 2025) for text in ("last", "Last  year", "previous", "2025", "-1y", "dec", "-1m")),
        *(("2024", 2024), ("2024-05-01", 2024), ("may 2024", 2024), ("-2y", 2024)),
        *((text, None) for text in ("", "year", "next", "25", "2y", "-2", "2024-13", "before")),
    ],
)
def test_a_year_is_named_as_weeks_and_months_are(written: str, year: int | None) -> None:
    today = date(2026, 11, 20) if written != "-1m" else date(2026, 1, 20)
    if year:
        assert parse_year(written, today) == year
    else:
        with pytest.raises(Refused, match="is not a year: write 2025, last, -1y"):
            parse_year(written, today)


@given(days, st.integers(0, 200))
def test_months_are_counted_back_by_the_calendar(today: date, back: int) -> None:
    meant = parse_period("month", f"-{back}m", today)
    assert meant.day == 1
    assert (today.year - meant.year) * 12 + today.month - meant.month == back


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    assert parse_day("-1m", date(2026, 3, 31)) == date(2026, 2, 28)
    for written in ("3m", "3 months", "in 3 months"):
        assert parse_day_ahead(written, date(2026, 11, 30)) == date(2027, 2, 28)


def test_before_names_no_day_and_is_offered_only_where_it_may_be_written() -> None:
    assert parse_day("before", MONDAY) is None
    with pytest.raises(Refused, match="-2w, fri or before"):
        parse_day("nov", MONDAY)
    for written in ("nov", "before"):
        with pytest.raises(Refused, match=r"-2w or fri\."):
            parse_past_day(written, MONDAY)


@pytest.mark.parametrize(
    "written",
    [
        *("2026-11-17", "tomorrow", "+1d", "-xd", "2026-02-30", "", "--1d", "3d", "3w", "fridge"),
        *("mo", "17 nov", "1 dec", "31 nov", "fri 14 nov", "14 nov 26", "14 novel", "14", "nov"),
    ],
)
def test_days_to_come_and_nonsense_are_refused(written: str) -> None:
    with pytest.raises(Refused):
        parse_day(written, MONDAY)


@pytest.mark.parametrize(
    ("written", "today", "past", "to_come"),
    [
        ("14 jan", "2026-11-26", "2026-01-14", "2027-01-14"),
        ("28 dec", "2027-01-03", "2026-12-28", "2027-12-28"),
        ("sat 29 feb", "2031-11-26", None, None),
    ],
)
def test_a_date_without_its_year_is_the_latest_or_the_next(
    written: str, today: str, past: str | None, to_come: str | None
) -> None:
    for parse, expected in ((parse_day, past), (parse_day_ahead, to_come)):
        if expected:
            assert parse(written, date.fromisoformat(today)) == date.fromisoformat(expected)
        else:
            with pytest.raises(Refused, match="is not a day"):
                parse(written, date.fromisoformat(today))


@pytest.mark.parametrize("parse", [parse_day, parse_past_day, parse_day_ahead, parse_rest_day])
def test_a_date_with_another_weekday_is_refused_with_its_own(
    parse: Callable[[str, date], date | None],
) -> None:
    with pytest.raises(Refused) as refused:
        parse("wed 15 nov 2026", MONDAY)
    assert str(refused.value) == ("'wed 15 nov 2026' is not a day: that date is Sun 15 Nov 2026.")
    # A date that does not exist has none.
    with pytest.raises(Refused, match="is not a day: write"):
        parse("wed 31 nov", MONDAY)


def test_a_rest_week_of_a_date_without_its_year_is_the_nearest() -> None:
    assert parse_rest_day("4 jan", MONDAY) == date(2027, 1, 4)
    assert parse_rest_day("9 nov", MONDAY) == date(2026, 11, 9)


def test_a_day_to_come_is_refused_in_words() -> None:
    for written in ("tomorrow", "2026-11-17"):
        with pytest.raises(Refused, match="still to come: today is Mon 16 Nov 2026"):
            parse_day(written, MONDAY)
    with pytest.raises(Refused, match="is not in the future: today is Mon 16 Nov 2026"):
        parse_day_ahead("yesterday", MONDAY)
    # The day that is named as an example may be written.
    with pytest.raises(Refused, match="fri or 2026-12-28"):
        parse_day_ahead("tomorow", MONDAY)


def named_adam(name: str, *, whole: bool = False) -> str:
    if whole:
        raise Refused(f"No work is {name}")
    return "adam"


@pytest.mark.parametrize("written", ["tomorrow", "2026-11-17", "tue", "1d"])
def test_after_midnight_a_refusal_says_until_when_it_is_the_day_before(written: str) -> None:
    if written == "tue":
        assert parse_day(written, MONDAY, None, time(4)) == date(2026, 11, 10)
        return
    with pytest.raises(Refused, match="come: before 04:00 it is still Mon 16 Nov 2026"):
        parse_day(written, MONDAY, None, time(4))
    with pytest.raises(Refused, match="come: before 04:00"):
        parse_entry(f"adam 2 {written}", named_adam, MONDAY, None, time(4), unnamed="")
    with pytest.raises(Refused, match="Wed 18 Nov 2026 is still to come: today is"):
        parse_day("2026-11-18", MONDAY, None, time(4))


@given(days, st.integers(1, 999), st.sampled_from("dwm"))
def test_a_count_without_a_sign_is_to_come_and_with_a_minus_ago_everywhere(
    today: date, number: int, unit: str
) -> None:
    word = f"{number}{unit}"
    try:
        ahead = parse_day_ahead(word, today)
    except Refused:
        return
    with pytest.raises(
        Refused, match=rf"is still to come: .*; -{word} is {number} (day|week|month)s? ago"
    ):
        parse_day(word, today)
    if today - (ahead - today) < EARLIEST + timedelta(days=31):
        return
    back = parse_day(f"-{word}", today)
    assert back
    if unit == "m":
        assert (today.year - back.year) * 12 + today.month - back.month == number
        assert (ahead.year - today.year) * 12 + ahead.month - today.month == number
        assert back.day <= today.day >= ahead.day
    else:
        assert today - back == ahead - today


@given(days, st.integers(0, 20_000), st.sampled_from([str.upper, str.lower, str]))
def test_a_day_can_be_typed_as_papertui_writes_it(
    today: date, back: int, spelt: Callable[[str], str]
) -> None:
    day = today - timedelta(days=back)
    assert parse_day(spelt(full_date(day)), today) == day
    assert parse_pass(f"2 {spelt(full_date(day))} 62", today) == (2, day, 62)
    written = spelt(day_name(day, today))
    assert parse_day(written, today) == day
    assert parse_pass(f"2 {written}", today) == (2, day, None)
    assert parse_rest_day(full_date(today), today) == today
    ahead = today + timedelta(days=back + 1)
    assert parse_day_ahead(full_date(ahead), today) == ahead


@given(days, st.integers(0, 6), st.integers(3, 9))
def test_a_weekday_is_the_latest_one_or_the_next(today: date, number: int, length: int) -> None:
    word = WEEKDAYS[number][:length]
    past, ahead = parse_day(word, today), parse_day_ahead(word, today)
    assert past is not None
    assert past.weekday() == ahead.weekday() == number
    assert past <= today < ahead == past + timedelta(days=7)
    assert parse_rest_day(word, today) == (today if past == today else ahead)
    before_today = past - timedelta(days=7 * (past == today))
    assert parse_day(f"last {word}", today) == before_today
    assert parse_pass(f"2 last {word} 30", today) == (2, before_today, 30)


@given(days, days)
def test_a_day_may_be_logged_up_to_the_last_day_known(today: date, last: date) -> None:
    latest = max(today, last)
    assert parse_day(latest.isoformat(), today, last) == latest
    with pytest.raises(Refused):
        parse_day((latest + timedelta(days=1)).isoformat(), today, last)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[("today", 0), ("2w", 14), ("-7d", -7), ("tomorrow", 1), ("2026-12-24", 34), ("fri", 0)],
        *[("last week", -7), ("this week", 0), ("next week", 7)],
    ],
)
def test_a_rest_week_is_named_by_a_day_past_or_to_come(written: str, meant: int) -> None:
    assert parse_rest_day(written, TODAY) == TODAY + timedelta(days=meant)


@pytest.mark.parametrize("written", ["", "someday", "2099-01-01", "1949-12-31"])
def test_a_day_too_far_away_is_no_rest_week(written: str) -> None:
    with pytest.raises(Refused):
        parse_rest_day(written, TODAY)
    assert parse_rest_day(EARLIEST.isoformat(), TODAY) == EARLIEST
