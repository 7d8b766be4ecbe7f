"""Minutes and log entries as readers type them."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.journal import MAX_MINUTES
from papertui.core.labels import span
from papertui.core.typed_entries import Before, parse_entry, parse_minutes, parse_pass
from papertui.errors import Refused

MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 20)
YESTERDAY = date(2026, 11, 19)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


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
        ("3 on yesterday, for 62 min", (3, YESTERDAY, 62)),
        ("3 the day before yesterday", (3, YESTERDAY - timedelta(days=1), None)),
        ("2 1 hr 10 mins", (2, TODAY, 70)),
        ("2 before papertui", (2, None, None)),
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


WORKS = (
    "attention is all you need", "gpt 2", "3 ways", "adam", "adam 2", "1706.03762",
    "https://a.org/b,c",
)  # fmt: skip


def resolve(name: str, *, whole: bool = False) -> str:
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
        ("2 today 62x", "'62x' is not a number of minutes"),
        ("2 yesterday early 62", "'early' is not a number of minutes"),
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
        ("2 2", "Which '2' is the pass"),
        ("2 before 2020", "'2020' looks like a year: write before alone, or 2020m"),
        ("2 1998, before", "'1998' looks like a year"),
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
    def resolve_parts(name: str, *, whole: bool = False) -> str:
        is_part = not whole and name in ("before", "second", "full")
        return "a title with these words" if is_part else resolve(name)

    with pytest.raises(Refused, match=refusal):
        parse_entry(line, resolve_parts, MONDAY, unnamed="adam")


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("3", ("adam", 3, YESTERDAY, 62)),
        ("3 nov", ("adam", 2, date(2026, 11, 3), 62)),
        ("2 days ago", ("adam", 2, date(2026, 11, 14), 62)),
        ("3 h", ("adam", 2, YESTERDAY, 180)),
        ("3 2 nov", ("adam", 3, date(2026, 11, 2), 62)),
        ("3 3 nov", ("adam", 3, date(2026, 11, 3), 62)),
        ("2, 2 days ago", ("adam", 2, date(2026, 11, 14), 62)),
        ("3 sat", ("adam", 3, date(2026, 11, 14), 62)),
        ("gpt 2 3", ("gpt 2", 3, YESTERDAY, 62)),
        ("attention is all you need", ("attention is all you need", 2, YESTERDAY, 62)),
        (
            "attention is all you need 3 nov",
            ("attention is all you need", 2, date(2026, 11, 3), 62),
        ),
        ("attention is all you need sat", ("attention is all you need", 2, date(2026, 11, 14), 62)),
        ("0", ("adam", 2, YESTERDAY, 0)),
    ],
)
def test_what_a_correction_leaves_out_is_as_it_was(
    line: str, entry: tuple[str, int, date | None, int | None]
) -> None:
    before = Before(2, YESTERDAY, 62)
    assert parse_entry(line, resolve, MONDAY, unnamed="adam", before=before) == entry


@pytest.mark.parametrize("line", ["2 nov 14", "3 nov, 14", "adam 1 nov 7"])
def test_a_correction_that_can_be_read_in_two_ways_is_refused(line: str) -> None:
    before = Before(2, YESTERDAY, 62)
    with pytest.raises(Refused, match="write that as 2026-11-14"):
        parse_entry(line, resolve, MONDAY, unnamed="adam", before=before)


@pytest.mark.parametrize("line", ["4 yesterday 50", "adam 4 50"])
def test_a_correction_to_a_pass_that_there_is_not_says_so(line: str) -> None:
    with pytest.raises(Refused, match="'4' is no pass: write 1, 2 or 3"):
        parse_entry(line, resolve, MONDAY, unnamed="adam", before=Before(2, YESTERDAY, 62))


def test_a_correction_with_minutes_twice_says_so() -> None:
    with pytest.raises(Refused, match="'30' and '14' are both minutes"):
        parse_entry("2 30 14", resolve, MONDAY, unnamed="adam", before=Before(2, YESTERDAY, 62))


def test_a_line_without_a_work_says_so_where_none_is_meant() -> None:
    with pytest.raises(Refused, match="Write the work first"):
        parse_entry("2 1h10", resolve, MONDAY, unnamed=None)
