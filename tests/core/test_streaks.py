from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import streaks
from papertui.core.days import reading_day, week_of
from papertui.core.goals import FULL_READS, GOALS
from papertui.core.journal import EARLIEST
from papertui.core.records import Goal
from papertui.core.streaks import State, Streak, WeekRules

Day = Callable[[str], date]
MONDAY = date(2026, 11, 16)
days = st.dates(date(2024, 1, 1), date(2026, 11, 22))
reads = st.lists(st.tuples(days, st.sampled_from("abcdef")), max_size=40)


def weeks_ago(number: int, work: str = "w") -> tuple[date, str]:
    return (MONDAY - timedelta(weeks=number), work)


def streak(
    full_reads: list[tuple[date, str]],
    today: date,
    goals: Collection[Goal] = (),
    rests: Collection[date] = (),
    week_start: str = "mon",
) -> Streak:
    return streaks.streak(
        WeekRules(goals, dict.fromkeys(rests, True), week_start).history(full_reads, today)
    )


@pytest.mark.parametrize(
    ("moment", "counts_for"),
    [
        ("2026-11-20T15:00", "2026-11-20"),
        ("2026-11-20T03:59", "2026-11-19"),
        ("2026-11-20T04:00", "2026-11-20"),
        ("2026-01-01T00:30", "2025-12-31"),
        ("2024-03-01T02:00", "2024-02-29"),
    ],
)
def test_a_night_counts_for_the_day_before(moment: str, counts_for: str) -> None:
    assert reading_day(datetime.fromisoformat(moment)) == date.fromisoformat(counts_for)


def test_a_reader_may_start_the_day_at_midnight() -> None:
    assert reading_day(datetime(2026, 11, 20, 0, 1, tzinfo=UTC), time(0)) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/Denver", "2026-11-01"),
    ],
)
def test_a_day_of_23_or_25_hours_is_one_day(zone: str, change: str) -> None:
    day = date.fromisoformat(change)
    start = datetime(day.year, day.month, day.day, 4, tzinfo=ZoneInfo(zone))
    found = set()
    moment = start.astimezone(ZoneInfo("UTC"))
    while (local := moment.astimezone(ZoneInfo(zone))).date() <= day:
        found.add(reading_day(local))
        moment += timedelta(minutes=30)
    assert found == {day}
    assert reading_day(start.replace(hour=2, minute=30)) == day - timedelta(days=1)


def test_a_flight_back_over_the_date_line_moves_no_day_already_logged() -> None:
    tokyo = datetime(2026, 11, 20, 17, tzinfo=ZoneInfo("Asia/Tokyo"))
    landed = (tokyo + timedelta(hours=10)).astimezone(ZoneInfo("America/Los_Angeles"))
    assert reading_day(tokyo) == date(2026, 11, 20)
    assert reading_day(landed) == date(2026, 11, 20)
    reads = [(reading_day(tokyo), "a"), (reading_day(landed), "b")]
    assert streak(reads, reading_day(landed)).current.reads == 2


def test_rest_weeks_in_a_row_bridge_as_one_does() -> None:
    rests = [MONDAY - timedelta(weeks=n) for n in range(1, 6)]
    assert streak([weeks_ago(6), weeks_ago(7)], MONDAY, rests=rests).weeks == 2
    assert streak([weeks_ago(6), weeks_ago(7)], MONDAY, rests=rests[1:]).weeks == 0


def test_the_run_names_its_weeks() -> None:
    found = streak([weeks_ago(1), weeks_ago(3)], MONDAY, rests=[MONDAY - timedelta(weeks=2)])
    assert [week.state for week in found.run] == [State.MET, State.REST, State.MET]


def test_a_longest_streak_is_remembered() -> None:
    assert streak([weeks_ago(n) for n in (1, 3, 4, 5)], MONDAY).longest == 3


@pytest.mark.parametrize(
    ("start", "first"), [("mon", "2026-12-28"), ("sun", "2026-12-27"), ("sat", "2026-12-26")]
)
def test_the_53rd_week_of_2026_is_one_week(start: str, first: str) -> None:
    assert week_of(date(2027, 1, 1), start) == week_of(date(2026, 12, 31), start)
    assert week_of(date(2027, 1, 1), start) == date.fromisoformat(first)


def test_a_new_reader_has_the_week_before_them() -> None:
    found = streak([], MONDAY)
    assert (found.weeks, found.current.state) == (0, State.ON_TRACK)
    assert found.headline == "week on track · 1 more full read by Sunday"


def test_every_form_of_the_headline_says_what_is_missing_and_by_when_while_it_can() -> None:
    goals = [Goal(FULL_READS, 2, date(2026, 1, 1))]
    assert streak([], MONDAY, goals).headlines == (
        "week on track · 2 more full reads by Sunday",
        "week on track · 2 more reads by Sun",
        "week on track · 2 more reads",
        "on track · 2 more reads",
        "week on track",
    )
    last = streak([], MONDAY + timedelta(days=6))._replace(ends_at="tonight")
    assert last.headlines[:3] == (
        "week at risk · 1 more full read by tonight",
        "week at risk · 1 more read by tonight",
        "week at risk · 1 more read",
    )


def test_one_full_read_meets_the_week() -> None:
    found = streak([weeks_ago(0)], MONDAY)
    assert found.headline == "week met · 1 week"


def test_the_running_week_does_not_break_the_streak() -> None:
    found = streak([weeks_ago(1), weeks_ago(2)], MONDAY)
    assert found.headline == "week on track · 2 weeks · 1 more full read by Sunday"


@pytest.mark.parametrize(("weekday", "state"), [(4, State.ON_TRACK), (5, State.AT_RISK)])
def test_the_last_two_days_are_at_risk(weekday: int, state: State) -> None:
    assert streak([], MONDAY + timedelta(days=weekday)).current.state is state


def test_a_missed_week_ends_the_streak() -> None:
    assert streak([weeks_ago(1), weeks_ago(3), weeks_ago(4)], MONDAY).weeks == 1
    # That week, and what bridges nothing since, tell why.
    ended = streak([weeks_ago(4), weeks_ago(3)], MONDAY, rests=[MONDAY - timedelta(weeks=1)])
    assert [(week.start, week.state) for week in ended.gap] == [
        (MONDAY - timedelta(weeks=2), State.MISSED),
        (MONDAY - timedelta(weeks=1), State.REST),
    ]


def test_rest_weeks_bridge_and_add_nothing() -> None:
    done = [weeks_ago(1), weeks_ago(4)]
    rests = [MONDAY - timedelta(weeks=2), MONDAY - timedelta(weeks=3, days=-3)]
    assert streak(done, MONDAY, rests=rests).weeks == 2


def test_a_met_rest_week_is_met() -> None:
    found = streak([weeks_ago(0)], MONDAY, rests=[MONDAY])
    assert found.current.state is State.MET
    assert (
        found.headlines == ("week met, a rest week · 1 week",) * 2 + ("week met, a rest week",) * 3
    )


def test_a_resting_week_asks_for_nothing() -> None:
    assert streak([weeks_ago(1)], MONDAY, rests=[MONDAY]).headline == "rest week · 1 week"


def test_one_work_read_twice_is_one_full_read() -> None:
    goals = [Goal(FULL_READS, 2, date(2026, 1, 1))]
    found = streak([weeks_ago(0), weeks_ago(0)], MONDAY, goals)
    assert found.headline == "week on track · 1 more full read by Sunday"


def test_a_raised_goal_holds_from_its_week_on() -> None:
    goals = [Goal(FULL_READS, 1, date(2026, 1, 1)), Goal(FULL_READS, 2, MONDAY + timedelta(days=2))]
    assert WeekRules(goals).target(MONDAY) == 2
    assert WeekRules(goals).target(MONDAY - timedelta(weeks=1)) == 1
    assert streak([weeks_ago(1), weeks_ago(2)], MONDAY, goals).weeks == 2


@pytest.mark.parametrize("metric", GOALS)
def test_a_week_before_a_goal_was_set_keeps_what_held_in_it(metric: str) -> None:
    before = MONDAY - timedelta(weeks=1)
    # An older journal sets papertui's own goal for all the weeks before the first one.
    own = Goal(metric, GOALS[metric].default, EARLIEST)
    for goals in ([Goal(metric, 9, MONDAY)], [own, Goal(metric, 9, MONDAY)]):
        rules = WeekRules(goals)
        assert rules.target(before, metric) == GOALS[metric].default
        assert not rules.is_set(metric, before)
        assert (rules.target(MONDAY, metric), rules.is_set(metric, MONDAY)) == (9, True)


def test_a_streak_may_run_for_years() -> None:
    assert streak([weeks_ago(n) for n in range(300)], MONDAY).weeks == 300


def test_a_backdated_read_joins_two_streaks() -> None:
    apart = [weeks_ago(n) for n in (1, 2, 4, 5)]
    assert streak(apart, MONDAY).weeks == 2
    assert streak([*apart, weeks_ago(3)], MONDAY).weeks == 5


@given(reads, st.tuples(days, st.sampled_from("abcdef")), st.sampled_from(["mon", "sat", "sun"]))
def test_another_read_never_shortens_a_streak(
    done: list[tuple[date, str]], more: tuple[date, str], start: str
) -> None:
    today = date(2026, 11, 22)
    before = streak(done, today, week_start=start)
    after = streak([*done, more], today, week_start=start)
    assert after.weeks >= before.weeks
    assert after.longest >= before.longest >= before.weeks


@given(reads)
def test_the_order_of_entries_does_not_matter(done: list[tuple[date, str]]) -> None:
    today = date(2026, 11, 22)
    assert streak(done, today) == streak(done[::-1], today)
