"""Days, minutes and log entries as readers type them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.goals import FULL_READS, REPRODUCED, SCANNED, SHARED, goal_change
from papertui.core.journal import EARLIEST, MAX_MINUTES
from papertui.core.labels import day_name, full_date, span
from papertui.core.typed import (
    parse_day,
    parse_day_ahead,
    parse_entry,
    parse_goal,
    parse_minutes,
    parse_pass,
    parse_past_day,
    parse_period,
    parse_rest_day,
    parse_year,
)
from papertui.errors import Refused

MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 20)
YESTERDAY = date(2026, 11, 19)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
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
    ("line", "entry"),
    [
        ("2 2026-11-19 62", (2, YESTERDAY, 62)),
        ("2, yesterday, 62", (2, YESTERDAY, 62)),
        ("3 today", (3, TODAY, None)),
        ("1 15", (1, TODAY, 15)),
        ("1", (1, TODAY, None)),
        ("2 before", (2, None, None)),
        ("2 today 0", (2, TODAY, 0)),
        ("2 1h10", (2, TODAY, 70)),
        ("2 1,5h", (2, TODAY, 90)),
        ("2, yesterday, 1.5 h", (2, YESTERDAY, 90)),
        ("2 yesterday 1:10", (2, YESTERDAY, 70)),
        ("2 thu 70m", (2, YESTERDAY, 70)),
        ("3 thursday 1 h 10 min", (3, YESTERDAY, 70)),
        ("2 Thu 19 Nov 62", (2, YESTERDAY, 62)),
        ("2 nov 19, 2026, 1h10", (2, YESTERDAY, 70)),
        ("2 1h10 thursday", (2, YESTERDAY, 70)),
        ("2 70 19 nov", (2, YESTERDAY, 70)),
        ("2 1 h 10 min yesterday", (2, YESTERDAY, 70)),
        ("1 19 nov", (1, YESTERDAY, None)),
        ("1 2 h 19 nov", (1, YESTERDAY, 120)),
        ("1 62 nov 19", (1, YESTERDAY, 62)),
        ("2 a day ago 3", (2, YESTERDAY, 3)),
        ("2 3m 1 day ago", (2, YESTERDAY, 3)),
        ("2 90' 2026-11-19", (2, YESTERDAY, 90)),
        ("3 yesterday half an hour", (3, YESTERDAY, 30)),
        ("2 1 hr 10 mins", (2, TODAY, 70)),
    ],
)
def test_a_log_line_holds_pass_day_and_minutes(
    line: str, entry: tuple[int, date | None, int | None]
) -> None:
    assert parse_pass(line, TODAY) == entry


@pytest.mark.parametrize(
    "line",
    [
        "",
        "4",
        "2 tomorrow",
        "2 today abc",
        "2 today 9999",
        "2 -5 today",
        "a b c d",
        "2 15 20",
        "2 today 1:75",
    ],
)
def test_a_line_that_cannot_be_logged_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        parse_pass(line, TODAY)


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


@pytest.mark.parametrize("written", ["tomorrow", "2026-11-17", "tue", "1d"])
def test_after_midnight_a_refusal_says_until_when_it_is_the_day_before(written: str) -> None:
    if written == "tue":
        assert parse_day(written, MONDAY, None, time(4)) == date(2026, 11, 10)
        return
    with pytest.raises(Refused, match="come: before 04:00 it is still Mon 16 Nov 2026"):
        parse_day(written, MONDAY, None, time(4))
    with pytest.raises(Refused, match="come: before 04:00"):
        parse_entry(f"adam 2 {written}", lambda _: "adam", MONDAY, None, time(4), unnamed="")
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


@given(days, st.integers(29, 31), st.sampled_from(MONTHS), st.integers(4, 28))
def test_the_number_before_a_month_is_its_day_or_the_line_is_refused(
    today: date, number: int, month: str, minutes: int
) -> None:
    with suppress(Refused):
        _, day, logged = parse_pass(f"2 {number} {month} {minutes}", today)
        assert day is not None
        assert (day.day, f"{day:%b}".lower(), logged) == (number, month, minutes)


@given(days, st.integers(0, 300), st.integers(4, 1440))
def test_a_comma_parts_day_and_minutes_in_any_order(today: date, back: int, minutes: int) -> None:
    day = today - timedelta(days=back)
    forms = ("%d %b", "%dth %b", "%b %d", "%b %d, %Y", "%a %d %b %Y", "%Y-%m-%d", "%Y%m%d")
    for written in (f"{day:{form}}" for form in forms):
        assert parse_pass(f"2, {written}, {minutes}", today) == (2, day, minutes)
        assert parse_pass(f"2 {minutes}, {written}", today) == (2, day, minutes)


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


@given(st.integers(1, MAX_MINUTES))
def test_minutes_are_understood_in_every_form(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    forms = [
        str(minutes),
        f"{minutes}m",
        f"{minutes} min",
        f"{hours}h{rest}",
        f"{hours}h {rest:02}m",
    ]
    for form in (*forms, f"{hours}:{rest:02}", f"{hours} H {rest} minutes", span(minutes)):
        assert parse_minutes(form) == minutes
        if form not in ("1", "2", "3"):
            assert parse_pass(f"2 {form}", TODAY) == (2, TODAY, minutes)
        assert parse_pass(f"2 yesterday {form}", TODAY) == (2, YESTERDAY, minutes)


@pytest.mark.parametrize(
    "written",
    ["", "h", "m", "1:5", "1:60", "1h60", "1h:10", "-5", "1.55h", "6001", "101h", "9" * 99],
)
def test_other_minutes_are_refused(written: str) -> None:
    with pytest.raises(Refused):
        parse_minutes(written)


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


# ── a line that names a work ─────────────────────────────────────────────────

WORKS = (
    "attention is all you need", "gpt 2", "3 ways", "adam", "adam 2", "1706.03762",
    "https://a.org/b,c",
)  # fmt: skip


def resolve(name: str) -> str:
    if name not in WORKS:
        raise Refused(f"No work fits {name}")
    return name


@given(
    st.sampled_from(WORKS),
    st.integers(1, 3),
    st.sampled_from(["today", "yesterday", "2026-11-14", "before"]),
    st.none() | st.integers(0, 999),
)
def test_an_entry_names_its_work_as_everywhere(
    work: str, depth: int, day: str, minutes: int | None
) -> None:
    logged = f"{depth} {day} {'' if minutes is None else minutes}"
    parsed = parse_entry(f"{work} {logged}", resolve, MONDAY, unnamed="adam")
    assert parsed == (work, *parse_pass(logged, MONDAY))
    unnamed = parse_entry(logged, resolve, MONDAY, unnamed="gpt")
    assert unnamed == ("gpt", *parse_pass(logged, MONDAY))


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("nobody 2 today", "No work fits nobody"),
        ("before 2 20", "'before' is no work: write its name, then 1, 2 or 3"),
        ("second 2", "'second' is no work"),
        ("adam", "Write the pass, 1, 2 or 3"),
        ("adam 4 today", "'4' is no pass: write 1, 2 or 3"),
        ("adam 2 1h70", "'1h70' is neither a day nor a number of minutes"),
        ("2 1:75 yesterday", "'1:75' is not a number of minutes"),
        ("adam 2 someday", "'someday' is neither a day nor a number of minutes"),
        ("gpt 2 2 someday", "'someday' is neither a day nor a number of minutes"),
        ("2 someday", "'someday' is neither a day nor a number of minutes"),
        ("2 today 62x", "is not a number of minutes"),
        ("62", "'62' is no pass: write 1, 2 or 3"),
        ("yesterday", "'yesterday' is no pass: write 1, 2 or 3"),
        ("30 yesterday", "'30' is no pass: write 1, 2 or 3"),
        ("4 30", "'4' is no pass: write 1, 2 or 3"),
        ("2 62x", "'62x' is neither a day nor a number of minutes"),
        ("2 2026-11-14 1h5 yesterday", "'2026-11-14' and 'yesterday' are both days"),
        ("2 before yesterday", "'before' and 'yesterday' are both days"),
        ("2 14 nov 15 nov 30", "'14 nov' and '15 nov' are both days"),
        ("2 adam", "The work comes first: write adam 2"),
        ("2 3", "'2' or '3', which is the pass\\? For minutes write 3m"),
        ("adam 3 1", "'3' or '1', which is the pass"),
        ("full 2", "'full' is no work"),
        ("2 3 days agoo", "'3 days agoo' is neither a day nor a number of minutes"),
        ("2 tomorow 62", "'tomorow' is neither a day nor a number of minutes"),
        ("2 31 nov 10", "'31 nov' is not a day"),
        ("adam 2 45 sep 31", "'sep 31' is not a day"),
        ("2 90 62", "'90' and '62' are both minutes"),
        ("adam 2 2026-11-14 60 1h", "'60' and '1h' are both minutes"),
    ],
)
def test_a_refused_entry_names_its_fault(line: str, refusal: str) -> None:
    def resolve_parts(part: str) -> str:
        is_part = part in ("before", "second", "full")
        return "a title with these words" if is_part else resolve(part)

    with pytest.raises(Refused, match=refusal):
        parse_entry(line, resolve_parts, MONDAY, unnamed="adam")


def test_a_line_without_a_work_says_so_where_none_is_meant() -> None:
    with pytest.raises(Refused, match="Write the work first"):
        parse_entry("2 1h10", resolve, MONDAY, unnamed=None)


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("2", (FULL_READS, 2)),
        ("reads 3", (FULL_READS, 3)),
        (" Titles  75 ", (SCANNED, 75)),
        ("explained 0", (SHARED, 0)),
        ("shared 2", (SHARED, 2)),
        ("reproduced 1", (REPRODUCED, 1)),
        ("3 full reads a week", (FULL_READS, 3)),
        ("3 a week", (FULL_READS, 3)),
        ("15 titles", (SCANNED, 15)),
        ("1 explained work", (SHARED, 1)),
        ("explain 1 each week", (SHARED, 1)),
        ("scan 15", (SCANNED, 15)),
        ("reproduce 3", (REPRODUCED, 3)),
    ],
)
def test_a_goal_is_a_number_alone_or_beside_what_it_counts(
    typed: str, goal: tuple[str, int]
) -> None:
    assert parse_goal(typed) == goal
    assert goal_change(*goal, TODAY).data["target"] == goal[1]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "-1",
        "titles",
        "pages 5",
        "1.5",
        "0",
        "51",
        "2 works",
        "2 3",
        "2 reads a month",
        "2 per month",
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"from 1 to 50|one goal"):
        goal_change(*parse_goal(typed), TODAY)
