"""The backups that are kept, and those that are deleted."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from papertui.storage.backups import retained

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
moments = st.datetimes(
    datetime.fromisoformat("2019-01-01"),
    datetime.fromisoformat("2027-01-01"),
    timezones=st.just(UTC),
)


def ago(days: int, hour: int = 15) -> datetime:
    return (NOW - timedelta(days=days)).replace(hour=hour)


def test_all_of_the_newest_day_stay_and_the_last_of_each_day_before() -> None:
    taken = {ago(days, hour) for days in (0, 1) for hour in (8, 12, 15)}
    assert retained(taken) == {ago(0, 8), ago(0, 12), ago(0), ago(1)}


def test_two_years_of_days_come_down_to_days_weeks_and_months() -> None:
    stay: set[datetime] = set()
    for days in range(730, -1, -1):
        stay = retained({*stay, ago(days)})
    assert {ago(days) for days in range(7)} <= stay
    assert {(moment.year, moment.month) for moment in stay} == {
        (2025, 12),
        *((2026, month) for month in range(1, 12)),
    }
    assert len({moment for moment in stay if moment > ago(31)}) >= 9
    assert len(stay) <= 7 + 4 + 12


def test_a_year_away_costs_nothing() -> None:
    before = {ago(days) for days in range(400, 405)}
    assert retained({*before, NOW}) == {*before, NOW}


def test_nothing_stays_of_nothing() -> None:
    assert retained([]) == set()


@given(st.sets(moments, max_size=60))
def test_thinning_twice_is_thinning_once(taken: set[datetime]) -> None:
    assert retained(retained(taken)) == retained(taken) <= taken


@given(st.sets(moments, min_size=1, max_size=60))
def test_the_newest_backup_always_stays_and_few_of_the_others(taken: set[datetime]) -> None:
    stay = retained(taken)
    assert max(taken) in stay
    assert len({moment.date() for moment in stay}) <= 7 + 4 + 12
