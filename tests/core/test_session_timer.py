"""The timer of a session: what was reading, what is in question, and in which sitting."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.reading_session import Session
from papertui.core.session_timer import IDLE_AFTER, Passed, SittingTimer, Timer, Written
from tests.support.clocks import StillClock

TODAY = date(2026, 11, 20)
YESTERDAY = date(2026, 11, 19)
TOMORROW = date(2026, 11, 21)


@pytest.fixture
def watch() -> StillClock:
    return StillClock(datetime(2026, 11, 20, 15, tzinfo=UTC))


def ticks(timer: Timer, watch: StillClock, seconds: int) -> Passed:
    passed = [tick_after(1, timer, watch) for _ in range(seconds)]
    return Passed(sum(part.read for part in passed), sum(part.doubt for part in passed))


def tick_after(seconds: float, timer: Timer, watch: StillClock) -> Passed:
    watch.passed += seconds
    return timer.tick()


def test_a_timer_counts_what_passes(watch: StillClock) -> None:
    assert ticks(Timer(watch), watch, 60) == Passed(60)


def test_a_pause_counts_nothing(watch: StillClock) -> None:
    timer = Timer(watch)
    watch.passed += 10
    assert timer.pause() == Passed(10)
    assert ticks(timer, watch, 60) == Passed()
    timer.pause()
    assert ticks(timer, watch, 5) == Passed(5)


def test_a_closed_laptop_is_asked_about_and_not_counted(watch: StillClock) -> None:
    timer = Timer(watch)
    assert tick_after(3600, timer, watch) == Passed(doubt=3600)
    assert ticks(timer, watch, 5) == Passed(5)


def test_ten_still_minutes_are_counted_and_what_follows_is_asked_about(watch: StillClock) -> None:
    timer = Timer(watch)
    assert ticks(timer, watch, 900) == Passed(IDLE_AFTER, 900 - IDLE_AFTER)
    timer.key()
    assert ticks(timer, watch, 60) == Passed(60)


def test_a_clock_that_goes_back_takes_nothing_away(watch: StillClock) -> None:
    timer = Timer(watch)
    assert tick_after(-600, timer, watch) == Passed()
    assert tick_after(1, timer, watch) == Passed(1)


class Days:
    """A session that is read on a screen, day by day."""

    def __init__(self, session: Session) -> None:
        self.day, self.text = TODAY, "heads"
        self._watch = StillClock(datetime(2026, 11, 20, 15, tzinfo=UTC))
        self.take_up(session)

    def take_up(self, session: Session) -> None:
        self._timer = SittingTimer(self._watch, lambda: self.day)
        self.session = self._timer.take_up(session, self._written, measures=True)

    def read(self, seconds: float) -> None:
        self._watch.passed += seconds
        self.session = self._timer.tick(self.session, self._written)

    def write_outside(self, seconds: float) -> None:
        self._watch.passed += seconds
        self.session = self._timer.tick(self.session, self._written, outside=True)

    def pause(self, after: float = 0) -> None:
        self._watch.passed += after
        self.session = self._timer.pause(self.session, self._written)

    def settle(self, *, count: bool) -> None:
        self.session = self._timer.settle_doubt(self.session, count)

    def key(self) -> None:
        self._timer.key()

    def settle_sittings(self) -> None:
        self.session = self._timer.settle_sittings(self.session, self._written)

    def write(self) -> None:
        self.text += " words"

    @property
    def _written(self) -> Written:
        return self.text, frozenset()

    @property
    def read_on(self) -> list[tuple[date, float]]:
        return [(sitting.day, sitting.seconds) for sitting in self.session.sittings]


WAITING = Session(2).sit_down(YESTERDAY).read_for(1500)


def test_what_is_read_goes_to_a_sitting_of_today() -> None:
    days = Days(WAITING)
    days.read(20)
    assert days.read_on == [(YESTERDAY, 1500), (TODAY, 20)]


def test_a_sitting_of_the_shell_goes_on_unless_its_timer_was_forgotten() -> None:
    now = datetime(2026, 11, 20, 15, tzinfo=UTC)
    goes_on = Days(WAITING._replace(since=now - timedelta(minutes=10)))
    assert goes_on.read_on == [(YESTERDAY, 2100)]
    forgotten = Days(WAITING._replace(since=now - timedelta(hours=20)))
    assert forgotten.read_on == [(YESTERDAY, 1500), (TODAY, 0)]
    assert forgotten.session.doubt == 20 * 3600
    forgotten.read(5)
    forgotten.settle(count=True)
    assert forgotten.read_on == [(YESTERDAY, 1500 + 20 * 3600), (TODAY, 5)]


def test_time_in_question_counts_for_the_sitting_in_which_it_came_up() -> None:
    days = Days(WAITING)
    days.read(20)
    days.read(3600)
    days.day = TOMORROW
    days.read(5)
    days.settle(count=True)
    assert days.read_on == [(YESTERDAY, 1500), (TODAY, 3620), (TOMORROW, 5)]


def test_time_in_question_stays_in_its_sitting_over_looks_and_sittings_of_later_days() -> None:
    days = Days(WAITING)
    days.read(25)
    days.read(3600)
    days.day = TOMORROW
    days.take_up(days.session)
    days.take_up(days.session)
    days.read(20)
    days.read(1800)
    days.take_up(Session.from_json(days.session.as_json()))
    assert days.session.doubt == 5400
    days.settle(count=True)
    days.settle_sittings()
    assert [read for _, read in days.read_on] == [1500, 3625, 0, 1820, 0]


def test_a_look_at_a_session_leaves_no_sitting_wherever_its_question_is_answered() -> None:
    days = Days(WAITING.question(600))
    days.settle(count=False)
    days.settle_sittings()
    assert days.read_on == [(YESTERDAY, 1500)]
    days.settle(count=True)
    assert days.read_on == [(YESTERDAY, 2100)]


def test_a_look_with_time_away_that_is_left_out_leaves_no_sitting() -> None:
    days = Days(WAITING)
    days.read(3600)
    days.settle_sittings()
    assert len(days.read_on) == 2
    days.settle(count=False)
    days.settle_sittings()
    assert days.read_on == [(YESTERDAY, 1500)]
    days.settle(count=True)
    assert days.read_on == [(YESTERDAY, 1500)]
    days.read(20)
    assert days.read_on == [(YESTERDAY, 1500), (TODAY, 20)]


def test_an_answer_can_be_changed_until_a_key_comes() -> None:
    days = Days(WAITING)
    days.read(3600)
    for count, seconds in ((False, 0), (True, 3600), (True, 3600), (False, 0), (True, 3600)):
        days.settle(count=count)
        assert days.read_on[1:] == [(TODAY, seconds)]
    days.key()
    days.settle(count=False)
    assert days.read_on[1:] == [(TODAY, 3600)]
    days.read(1800)
    days.settle(count=True)
    days.settle(count=False)
    assert days.read_on[1:] == [(TODAY, 3600)]


def test_what_is_read_after_a_pause_on_another_day_goes_to_a_sitting_of_that_day() -> None:
    days = Days(WAITING)
    days.read(20)
    days.pause()
    days.day = TOMORROW
    days.pause()
    days.read(5)
    assert days.read_on == [(YESTERDAY, 1500), (TODAY, 20), (TOMORROW, 5)]


def test_a_session_that_is_only_looked_at_has_no_sitting_more_until_something_is_done() -> None:
    days = Days(WAITING)
    days.read(20)
    days.settle_sittings()
    days.settle_sittings()
    assert days.session.sittings == WAITING.sittings
    days.write()
    days.read(0)
    days.settle_sittings()
    assert days.read_on == [(YESTERDAY, 1500), (TODAY, 0)]


def test_looks_of_several_days_leave_no_sitting_however_often_they_are_settled() -> None:
    days = Days(WAITING)
    days.write()
    for _ in range(3):
        days.read(25)
        days.read(3600)
        days.settle(count=False)
        days.day += timedelta(days=1)
    for _ in range(3):
        days.settle_sittings()
        assert days.read_on == [(YESTERDAY, 1500), (TODAY, 25)]


def test_a_look_that_was_kept_for_its_question_goes_once_that_is_left_out_on_another_day() -> None:
    days = Days(WAITING)
    days.read(3600)
    days.settle_sittings()
    days.day = TOMORROW
    days.take_up(Session.from_json(days.session.as_json()))
    days.settle(count=False)
    days.settle_sittings()
    assert days.read_on == [(YESTERDAY, 1500)]


def test_short_sittings_of_a_day_on_which_more_was_read_count() -> None:
    days = Days(WAITING)
    days.write()
    days.read(25)
    for sittings in (1, 2, 3):
        days.take_up(days.session)
        days.read(25)
        days.settle_sittings()
        assert days.session.seconds == 1500 + 25 * (1 + sittings)


@pytest.mark.parametrize("pauses", [False, True])
def test_what_is_written_in_a_break_is_of_the_day_on_which_it_is_written(pauses: bool) -> None:
    for day in (TODAY, TOMORROW):
        days = Days(WAITING)
        days.read(25)
        if pauses:
            days.pause()
            days.read(1)
        else:
            days.read(3600)
            days.settle(count=False)
        days.day = day
        days.write()
        days.read(1)
        days.day = TOMORROW
        if pauses:
            days.pause()
        days.read(4)
        days.settle_sittings()
        assert days.session.day == day


@pytest.mark.parametrize("writes", [False, True])
def test_an_editor_that_is_left_open_over_a_night_counts_for_the_day_before(writes: bool) -> None:
    days = Days(WAITING)
    days.write()
    days.read(25)
    days.day = TOMORROW
    days.write_outside(16 * 3600)
    days.settle(count=False)
    if writes:
        days.write()
    days.read(0)
    days.settle_sittings()
    assert days.read_on == [(YESTERDAY, 1500), (TODAY, 625), *[(TOMORROW, 0)] * writes]


def test_a_pause_right_after_an_answer_begins_no_sitting() -> None:
    days = Days(WAITING)
    days.write()
    days.read(25)
    days.read(3600)
    days.settle(count=False)
    days.day = TOMORROW
    days.pause(after=1)
    days.settle_sittings()
    assert days.session.day == TODAY


@given(st.lists(st.one_of(st.floats(0, 4000), st.booleans(), st.just("pause"), st.just("night"))))
def test_no_second_is_counted_twice_and_the_days_of_sittings_are_in_order(
    steps: list[float | bool | str],
) -> None:
    days = Days(WAITING)
    passed = 0.0
    for step in steps:
        if step == "pause":
            days.pause()
        elif step == "night":
            days.day += timedelta(days=1)
        elif isinstance(step, bool):
            days.settle(count=step)
        elif isinstance(step, float):
            days.read(step)
            passed += step
        session = days.session
        assert session.seconds - WAITING.seconds + session.doubt <= passed + 1e-6
        assert session.sittings[0] == WAITING.sittings[0]
        assert Session.from_json(session.as_json()).minutes == session.minutes
        assert [s.day for s in session.sittings] == sorted(s.day for s in session.sittings)
