"""Goals and rest weeks belong to days, on whichever weekday weeks begin."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal
from papertui.core.days import WEEK_STARTS
from papertui.core.goals import FULL_READS, GOALS
from papertui.core.journal import Change, Event
from papertui.core.replay import replay_habits
from papertui.core.streaks import WeekRules
from tests.core.test_journal import event

# Three weeks, so that acts often meet in one.
days = st.dates(date(2026, 11, 9), date(2026, 11, 29))
starts = st.sampled_from(sorted(WEEK_STARTS))
rests = st.builds(journal.rest, days, st.booleans())
goals = st.builds(lambda day, n: journal.set_goal(FULL_READS, n, day), days, st.integers(1, 9))
WEDNESDAY = date(2026, 11, 18)


def rules(changes: Iterable[Change], start: str) -> WeekRules:
    events = [event(at, change) for at, change in enumerate(changes, 1)]
    habits = replay_habits(reversed(events))
    return WeekRules(habits.goals, habits.rests, start)


def first_days(start: str) -> list[date]:
    """Return the first days of six weeks, found by counting days."""
    days = [date(2026, 11, 1) + timedelta(days=number) for number in range(42)]
    return [day for day in days if day.weekday() == WEEK_STARTS[start]]


def in_week(changes: Iterable[Change], week: date) -> list[Change]:
    """Return the changes for a day of a week, in the order in which they were made."""
    days = {(week + timedelta(days=number)).isoformat() for number in range(7)}
    return [change for change in changes if change.data["day"] in days]


@given(st.lists(rests, max_size=8), starts)
def test_the_latest_act_on_a_day_of_a_week_decides_whether_it_is_a_rest_week(
    changes: list[Change], start: str
) -> None:
    found = rules(changes, start)
    for week in first_days(start):
        acts = in_week(changes, week)
        rests = bool(acts) and acts[-1].data["rest"]
        assert (week in found.rest_weeks()) is rests
        assert bool(found.rest_days(week)) is rests


@given(st.lists(goals, max_size=8), starts)
def test_a_goal_holds_from_the_week_of_its_day_and_of_two_for_one_week_the_later(
    changes: list[Change], start: str
) -> None:
    found, weeks = rules(changes, start), first_days(start)
    by_week = [(week, in_week(changes, week)) for week in weeks]
    with_goals = [(week, acts[-1].data["target"]) for week, acts in by_week if acts]
    for week in weeks:
        so_far = [target for since, target in with_goals if since <= week]
        default = GOALS[FULL_READS].default
        assert found.target(week) == (so_far[-1] if so_far else default)


@given(days, starts, starts)
def test_a_change_of_the_first_weekday_moves_no_goal_and_no_rest_week_to_other_days(
    day: date, before: str, after: str
) -> None:
    for start in (before, after):
        found = rules([journal.rest(day, on=True), journal.set_goal(FULL_READS, 5, day)], start)
        assert found.rest_weeks() == {found.week_of(day)}
        earlier = journal.set_goal(FULL_READS, 2, day - timedelta(days=7))
        found = rules([journal.set_goal(FULL_READS, 5, day), earlier], start)
        assert found.target(found.week_of(day)) == 5
        assert found.target(found.week_of(day) - timedelta(days=7)) == 2


@given(days, starts, starts)
def test_events_of_older_versions_hold_for_the_week_with_most_of_their_days(
    day: date, before: str, after: str
) -> None:
    week = WeekRules(week_start=before).week_of(day)
    old = [
        Change(journal.REST, None, {"week": week.isoformat(), "rest": True}),
        Change(journal.GOAL, None, {"metric": FULL_READS, "target": 5, "since": week.isoformat()}),
        journal.set_goal(FULL_READS, 2, week - timedelta(days=7)),
    ]
    found = rules(old, after)
    (rest_week,) = found.rest_weeks()
    assert abs(rest_week - week) < timedelta(days=4)
    assert found.target(rest_week) == 5
    assert found.target(rest_week - timedelta(days=7)) == 2
    taken_back = Change(journal.REST, None, {"week": week.isoformat(), "rest": False})
    assert rules([*old, taken_back], after).rest_weeks() == set()


@pytest.mark.parametrize("start", WEEK_STARTS)
def test_a_goal_set_on_a_wednesday_holds_from_its_week_on(start: str) -> None:
    found = rules([journal.set_goal(FULL_READS, 3, WEDNESDAY)], start)
    assert found.target(found.week_of(WEDNESDAY)) == 3


def test_an_act_that_is_undone_leaves_the_one_before_it() -> None:
    events: list[Event] = [
        event(1, journal.set_goal(FULL_READS, 3, WEDNESDAY)),
        event(2, journal.set_goal(FULL_READS, 4, WEDNESDAY - timedelta(days=1))),
    ]
    habits = replay_habits(events[:1])
    assert WeekRules(habits.goals).target(date(2026, 11, 16)) == 3
    habits = replay_habits(events)
    assert WeekRules(habits.goals).target(date(2026, 11, 16)) == 4
