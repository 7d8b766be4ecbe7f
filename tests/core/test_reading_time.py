import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.reading_time import (
    MAX_PACE,
    MIN_TIMED,
    TimedPass,
    length_in_pages,
    pace,
    pages_of_range,
    pass_times,
)

NONE = (None, None, None)


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("2278-2324", 47),
        ("2278--2324", 47),
        ("2278–324", 47),
        ("436 - 444", 9),
        ("9:1--9:39", 39),
        ("145:1-145:39", 39),
        ("7", None),
        ("e1234", None),
        ("12, 40-50", None),
        ("", None),
    ],
)
def test_a_range_of_pages_says_how_many_there_are(text: str, pages: int | None) -> None:
    assert pages_of_range(text) == pages


@pytest.mark.parametrize(
    ("pages", "length"),
    [(12, "12 pages"), (1, None), (0, None), (-3, None), (None, None), (10**9, None)],
)
def test_a_senseless_number_of_pages_is_no_length(pages: int | None, length: str | None) -> None:
    assert length_in_pages(pages) == length


@pytest.mark.parametrize(
    ("kind", "length", "minutes"),
    [
        ("paper", "12 pages", (10, 60, 240)),
        ("paper", "24 pages", (10, 120, 480)),
        ("paper", "9 pages, 12 on arXiv", (10, 45, 180)),
        ("paper", "15 pages in print", (10, 75, 300)),
        ("article", "about 30 min", (10, 30, 120)),
        ("article", "about 8 min", (8, 8, 30)),
        ("video", "19 min", (19, 40, 75)),
        ("video", "2 h 26 min", (150, 300, 570)),
        ("video", "2 h", (120, 240, 480)),
        ("book", "600 pages", (120, 1500, 6000)),
    ],
)
def test_the_time_of_each_pass_follows_from_the_length(
    kind: str, length: str, minutes: tuple[int, int, int]
) -> None:
    times = pass_times(kind, length, NONE)
    assert times is not None
    assert (times.minutes, times.by_length) == (minutes, True)


def test_a_paper_of_unknown_length_takes_the_usual_time() -> None:
    for length in (None, "", "long", "a few pages", "3 posters"):
        times = pass_times("paper", length, NONE)
        assert times is not None
        assert (times.minutes, times.by_length) == ((10, 60, 240), False)


@pytest.mark.parametrize("kind", ["book", "video", "course"])
def test_of_other_works_of_unknown_length_nothing_is_said(kind: str) -> None:
    assert pass_times(kind, None, NONE) is None


def test_five_timed_passes_scale_the_estimate_and_fewer_do_not() -> None:
    timed = [TimedPass(90, "paper", "12 pages")] * MIN_TIMED
    assert pace(timed[1:], 2) is None
    assert pace(timed, 2) == 1.5
    times = pass_times("paper", "24 pages", (None, pace(timed, 2), None))
    assert times is not None
    assert times.minutes == (10, 180, 480)
    assert times.own_pace == (False, True, False)


def test_one_pass_that_went_on_over_lunch_changes_nothing() -> None:
    timed = [TimedPass(60, "paper", "12 pages")] * MIN_TIMED
    assert pace([*timed, TimedPass(6000, "paper", "12 pages")], 2) == 1


def test_passes_of_works_whose_time_is_unknown_count_for_no_pace() -> None:
    assert pace([TimedPass(60, "book", None)] * MIN_TIMED, 2) is None


@given(
    st.lists(
        st.builds(
            TimedPass,
            st.integers(1, 6000),
            st.sampled_from(("paper", "article", "video", "book", "course")),
            st.sampled_from((None, "12 pages", "0 pages", "about 30 min", "0 min", "700 pages")),
        )
    ),
    st.sampled_from((1, 2, 3)),
    st.text(max_size=20) | st.from_regex(r"\d{1,7} pages", fullmatch=True),
)
def test_an_estimate_is_a_number_of_minutes_whatever_was_logged(
    timed: list[TimedPass], depth: int, length: str
) -> None:
    own = pace(timed, depth)
    assert own is None or 1 / MAX_PACE <= own <= MAX_PACE
    times = pass_times("paper", length, (own, own, own))
    assert times is not None
    assert all(minutes >= 1 for minutes in times.minutes)
