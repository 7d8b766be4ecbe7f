"""Random months of readers who travel, held against a count of days that shares no code."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from papertui.config import Config
from papertui.core import journal, journal_file
from papertui.core.goals import FULL_READS
from papertui.exporters.review import review_of
from papertui.pages.progress_summary import summarise
from papertui.storage.store import Store
from tests.support.endurance import counted, report_count, times
from tests.support.fresh_database import fresh_database

READERS = times(6, 200)
STEPS = times(25, 40)
ZONES = [
    ZoneInfo(name)
    for name in (
        "Pacific/Kiritimati", "Pacific/Auckland", "Asia/Kolkata", "Europe/Berlin", "UTC",
        "America/St_Johns", "America/Los_Angeles", "Pacific/Pago_Pago",
    )
]  # fmt: skip
WORKS = ("vaswani2017attention", "he2015deep", "kingma2014adam")
FIRST_WEEKDAYS = {"mon": 0, "sat": 5, "sun": 6}
ONE = timedelta(days=1)


class Pass(NamedTuple):
    """A pass as the reader remembers it."""

    work: str
    depth: int
    day: date
    minutes: int
    logged_on: date


class Reader:
    """A reader who remembers all that was done, in order, and counts on their fingers."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store, self.chance = store, chance
        self.instant = datetime(2026, 11, 20, 15, tzinfo=UTC)
        self.zone = chance.choice(ZONES)
        self.week_start = "mon"
        self.passes: list[Pass] = []
        self.rests: list[tuple[date, bool]] = []
        self.goals: list[tuple[date, int]] = []
        store.clock = lambda: self.instant.astimezone(self.zone)

    def today(self) -> date:
        return (self.instant.astimezone(self.zone).replace(tzinfo=None) - timedelta(hours=4)).date()

    def step(self) -> None:
        chance, today = self.chance, self.today()
        near = today + ONE * chance.randint(-12, 12)
        match chance.randrange(7):
            case 0:
                self.instant += timedelta(minutes=chance.randint(1, 3000))
            case 1:
                self.instant += timedelta(hours=chance.randint(1, 14))
                self.zone = chance.choice(ZONES)
            case 2:
                self.week_start = chance.choice([*FIRST_WEEKDAYS])
            case 3:
                self.rests.append((near, chance.random() < 0.6))
                self.store.record(journal.rest(*self.rests[-1]))
            case 4:
                self.goals.append((near, chance.randint(1, 3)))
                self.store.record(journal.set_goal(FULL_READS, self.goals[-1][1], near))
            case _:
                day = min(near, today)
                logged = Pass(chance.choice(WORKS), chance.randint(1, 3), day, 30, today)
                self.passes.append(logged)
                self.store.record(journal.log_pass(*logged[:4]))

    def week(self, day: date) -> list[date]:
        """Return the seven days of the week that holds `day`."""
        while day.weekday() != FIRST_WEEKDAYS[self.week_start]:
            day -= ONE
        return [day + ONE * number for number in range(7)]

    def full_reads(self, week: list[date]) -> set[str]:
        return {done.work for done in self.passes if done.depth > 1 and done.day in week}

    def rests_in(self, week: list[date]) -> bool:
        return next((on for day, on in reversed(self.rests) if day in week), False)

    def target(self, week: list[date]) -> int:
        if not self.goals:
            return 1
        first = min(day for day, _ in self.goals)
        while week[-1] >= first:
            for day, number in reversed(self.goals):
                if day in week:
                    return number
            week = [day - 7 * ONE for day in week]
        return 1

    def is_met(self, week: list[date]) -> bool:
        return len(self.full_reads(week)) >= self.target(week)

    def streak(self) -> int:
        week = self.week(self.today())
        weeks, first = int(self.is_met(week)), min((done.day for done in self.passes), default=None)
        while first and (week := [day - 7 * ONE for day in week])[-1] >= first:
            if self.is_met(week):
                weeks += 1
            elif not self.rests_in(week):
                break
        return weeks


def check(reader: Reader, store: Store) -> None:
    """Compare what the store says today with what the reader remembers."""
    config, today = Config(week_start=reader.week_start), reader.today()
    found, week = summarise(store, config, today), reader.week(today)
    assert found.today == config.today(store.clock())
    assert found.streak is not None
    running = found.streak.current
    assert running.start == week[0]
    assert set(running.works) == reader.full_reads(week)
    assert running.target == reader.target(week)
    assert (running.state.value == "met") is reader.is_met(week)
    assert (running.state.value == "rest") is (reader.rests_in(week) and not reader.is_met(week))
    assert found.streak.weeks == reader.streak()
    passes = [done for done in reader.passes if done.day in week]
    assert found.bars[-1].passes == len(passes)
    assert found.bars[-1].minutes == sum(done.minutes for done in passes)
    assert found.minutes == sum(done.minutes for done in reader.passes)
    assert sum(found.passes.values()) == len(reader.passes)
    late = [done for done in reader.passes if done.logged_on - done.day > ONE]
    every_entry = summarise(store, config, today, latest=1000).latest
    assert sum(entry.is_logged_later for entry in every_entry) == len(late)
    for ago in range(-2, 4):
        seen = [day - 7 * ago * ONE for day in week]
        headline = review_of(store, config, "week", seen[3], today).headline
        assert (seen[0] in found.rests) is reader.rests_in(seen)
        if ago > 0:
            assert headline.startswith("week met") is reader.is_met(seen)
        if ago < 0:
            assert headline == ("rest week" if reader.rests_in(seen) else "")


def readers(folder: Path) -> Iterator[Reader]:
    for number in range(READERS):
        with Store(fresh_database(folder / f"{number}.db")) as store:
            yield Reader(store, random.Random(number))


@counted
def test_weeks_agree_with_a_count_of_days(tmp_path: Path) -> None:
    checked = 0
    for reader in readers(tmp_path):
        for _ in range(STEPS):
            reader.step()
            check(reader, reader.store)
            checked += 1
        exported = journal_file.document(reader.store.events(), {}, {}, reader.instant)
        with ExitStack() as stack:
            copy = stack.enter_context(Store(fresh_database(tmp_path / "copy.db")))
            copy.clock = reader.store.clock
            copy.merge(journal_file.events(exported))
            check(reader, copy)
        (tmp_path / "copy.db").unlink()
    report_count(f"weeks: {READERS} readers, {checked:,} states, each as counted")
