"""Sessions below the screen: their sittings, ticks and minutes by day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.reading_session import Session, Sitting, elapsed, minutes_by_day

TODAY = date(2026, 11, 20)
YESTERDAY = date(2026, 11, 19)
TOMORROW = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("session", "is_under_way"),
    [
        (Session(1).sit_down(TODAY), False),
        (Session(1).sit_down(TODAY).read_for(59), False),
        (Session(1).sit_down(TODAY).read_for(60), True),
        (Session(1).sit_down(TODAY).toggle(2), True),
        (Session(1).sit_down(YESTERDAY).sit_down(TODAY), True),
    ],
)
def test_a_session_is_under_way_once_something_was_done_in_it(
    session: Session, is_under_way: bool
) -> None:
    assert session.is_under_way is is_under_way


def test_a_session_adds_up_over_sittings() -> None:
    session = Session(2).sit_down(YESTERDAY).read_for(1500).sit_down(TODAY).read_for(2220)
    assert session.minutes == 62
    assert session.sittings[-1].day == TODAY
    assert Session.from_json(session.as_json()) == session


def test_ticks_are_kept_and_taken_away() -> None:
    session = Session(1).toggle(0).toggle(2).toggle(0)
    assert Session.from_json(session.as_json()).ticks == {2}


def test_minutes_count_for_the_day_their_sitting_began_on() -> None:
    sittings = (Sitting(YESTERDAY, 1500.0), Sitting(TODAY, 0.0), Sitting(TODAY, 2220.0))
    assert minutes_by_day(sittings, 62) == [(YESTERDAY, 25), (TODAY, 37)]
    sittings = (Sitting(YESTERDAY, 370.0), Sitting(TODAY, 470.0), Sitting(TOMORROW, 3.0))
    assert minutes_by_day(sittings, 15) == [(YESTERDAY, 7), (TODAY, 8)]
    assert minutes_by_day((Sitting(TODAY, 0.0),), 60) == [(TODAY, 60)]


@pytest.mark.parametrize(
    ("minutes", "shared"),
    [
        (40, [(YESTERDAY, 30), (TODAY, 10)]),
        (90, [(YESTERDAY, 30), (TODAY, 60)]),
        (20, [(YESTERDAY, 15), (TODAY, 5)]),
    ],
)
def test_minutes_beyond_those_measured_count_for_the_day_that_is_typed(
    minutes: int, shared: list[tuple[date, int]]
) -> None:
    session = Session(2, sittings=(Sitting(YESTERDAY, 1800.0), Sitting(TODAY, 600.0)))
    assert session.minutes_by_day(TODAY, minutes) == shared


@pytest.mark.parametrize(
    ("day", "shared"),
    [
        (TOMORROW, [(YESTERDAY, 30), (TOMORROW, 10)]),
        (YESTERDAY, [(YESTERDAY, 40)]),
        (date(2026, 11, 1), [(date(2026, 11, 1), 40)]),
        (None, []),
    ],
)
def test_a_session_logged_for_another_day_takes_along_what_was_read_on_its_last(
    day: date | None, shared: list[tuple[date, int]]
) -> None:
    session = Session(2, sittings=(Sitting(YESTERDAY, 1800.0), Sitting(TODAY, 600.0)))
    assert session.minutes_by_day(day, 40) == shared


def test_looks_at_the_end_of_a_session_are_dropped_unless_there_is_nothing_else() -> None:
    session = Session(2, sittings=(Sitting(YESTERDAY, 1800.0), Sitting(TODAY, 20.0)))
    assert session.without_looks() == session
    looked = session.looked_at().sit_down(TOMORROW).looked_at()
    dropped = Session.from_json(looked.as_json()).without_looks()
    assert (dropped.day, dropped.minutes) == (YESTERDAY, 30)
    assert dropped.minutes_by_day(dropped.day, dropped.minutes) == [(YESTERDAY, 30)]
    assert looked.looked_at(False).without_looks().day == TOMORROW
    assert looked.read_for(60).without_looks().day == TOMORROW
    assert Session(2).sit_down(TODAY).looked_at().without_looks().day == TODAY


@given(
    st.lists(st.tuples(st.integers(0, 6), st.floats(0, 9000)), min_size=1, max_size=8),
    st.integers(1, 1440),
)
def test_minutes_shared_out_add_up(parts: list[tuple[int, float]], minutes: int) -> None:
    sittings = [Sitting(date(2026, 11, 1 + day), seconds) for day, seconds in parts]
    shared = minutes_by_day(sittings, minutes)
    assert sum(part for _, part in shared) == minutes
    assert len({day for day, _ in shared}) == len(shared)


def test_a_clock_is_read_at_a_glance() -> None:
    assert [elapsed(n) for n in (0, 59.9, 119.9, 3725)] == ["0 s", "59 s", "2 min", "1 h 2 min"]
