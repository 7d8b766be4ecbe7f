"""Days in words."""

from datetime import UTC, date, datetime, time

import pytest

from papertui.core import labels
from papertui.core.text import cells
from papertui.pages.branch import progress_bar

DAY = date(2026, 11, 20)
LAST_YEAR = "for Thu 31 Dec 2026 (before 04:00 it is still Fri 1 Jan)"


def test_a_date_is_written_one_way() -> None:
    assert labels.full_date(DAY) == "Fri 20 Nov 2026"
    assert labels.full_time(datetime(2026, 11, 20, 9, 5, tzinfo=UTC)) == "Fri 20 Nov 2026, 09:05"
    assert labels.day_name(DAY, date(2027, 1, 1)) == "Fri 20 Nov 2026"
    assert labels.day_name(date(2026, 2, 3), DAY) == "Tue 3 Feb"


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("▾ Foundations 3/6", "v Foundations 3/6"),
        ("week met · 6 weeks", "week met - 6 weeks"),
        ("Attention Is All You…", "Attention Is All You~"),
        ("Attention Is…    #14", "Attention Is~    #14"),
        ("Reading file …       ", "Reading file ...     "),
        ("Reading file …", "Reading file ~"),
        ("… 12 more", "~ 12 more"),
        ("Łukasz Ørsted", "Łukasz Ørsted"),
        ("深… ", "深~ "),
    ],
)
def test_a_sign_has_a_plain_twin_of_its_width(line: str, plain: str) -> None:
    assert labels.plain_signs(line) == plain
    assert cells(plain) == cells(line)


def test_keys_that_are_named_by_signs_have_words() -> None:
    assert labels.spelt_keys("^←") == "^left"
    assert labels.spelt_keys("⏎") == "enter"


@pytest.mark.parametrize(
    ("now", "day", "words"),
    [
        ("2026-11-25T12:00", "2026-11-24", "for Tue 24 Nov"),
        ("2026-11-25T02:00", "2026-11-24", "for Tue 24 Nov (before 04:00)"),
        ("2026-11-25T02:00", "2026-11-23", "for Mon 23 Nov (before 04:00 it is still Tue 24 Nov)"),
        ("2026-11-25T02:00", "2026-11-20", "for Fri 20 Nov (before 04:00 it is still Tue 24 Nov)"),
        ("2026-11-25T02:00", "2026-10-23", "for Fri 23 Oct"),
        ("2027-01-02T02:00", "2026-12-31", LAST_YEAR),
        ("2026-11-25T02:00", None, "before papertui"),
    ],
)
def test_a_day_of_the_small_hours_says_which_day_it_is(
    now: str, day: str | None, words: str
) -> None:
    counted = date.fromisoformat(day) if day else None
    assert labels.counts_for(counted, datetime.fromisoformat(now), time(4)) == words


def test_the_filled_part_of_a_bar_differs_from_the_rest_in_ascii() -> None:
    bar = progress_bar(3, 10, 10).text
    assert labels.plain_signs(bar) == "===------- 3/10"
