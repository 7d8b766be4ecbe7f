"""The reader's day: it turns while the app is open, and flights bring an earlier one back."""

import asyncio
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from papertui.cli.main import papertui
from papertui.config import Config
from papertui.core import journal
from papertui.core.streaks import WeekRules
from papertui.errors import Refused
from papertui.exporters.review import dumps, review_of
from papertui.pages.progress_summary import summarise
from papertui.pages.weeks import week_rules
from papertui.storage.store import Store
from papertui.tui import app as app_module
from papertui.tui.app import PaperTui
from tests.conftest import FRIDAY, TODAY
from tests.support.clocks import StillClock, machine_at
from tests.support.screen import SMALL, WIDE, find, look, press, type_in, wait_for

ATTENTION = "vaswani2017attention"
AUCKLAND, LOS_ANGELES = "Pacific/Auckland", "America/Los_Angeles"
HOUR = 3600
Make = Callable[[], PaperTui]


def shell(*arguments: str) -> str:
    """Run a command and return its output; raises what it raises."""
    result = CliRunner().invoke(papertui, list(arguments))
    if isinstance(result.exception, Refused):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def stats(*arguments: str) -> Any:
    return json.loads(shell("stats", "--json", *arguments))


@pytest.fixture
def quick_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "POLL_INTERVAL", 0.02)


@pytest.mark.usefixtures("quick_poll")
async def test_an_open_app_turns_with_the_day_without_a_key(
    make: Make, store: Store, clock: StillClock
) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY))
    async with make().run_test(size=WIDE) as pilot:
        assert "week met · 1 week" in await look(pilot)
        clock.passed += 60.9 * HOUR  # Monday, 03:54
        await asyncio.sleep(0.1)
        assert "week met · 1 week" in await look(pilot)
        clock.passed += 0.2 * HOUR
        await wait_for(pilot, "week on track · 1 week · 1 more full read by Sunday")


@pytest.mark.usefixtures("quick_poll")
async def test_in_the_last_night_of_a_week_the_app_says_when_the_week_ends(
    make: Make, store: Store, clock: StillClock
) -> None:
    store.record(journal.set_goal("scanned", 3, TODAY))
    async with make().run_test(size=WIDE) as pilot:
        clock.passed += 32 * HOUR  # Saturday, 23:00
        await wait_for(pilot, "1 more full read by Sunday")
        clock.passed += 24 * HOUR
        await wait_for(pilot, "1 more full read by tonight")
        screen = await look(pilot, "p")
        assert "full reads this week, by tonight" in screen
        assert screen.count(", by tonight") == 2
        # In 40 columns it still says one more what.
        await pilot.resize_terminal(40, 24)
        assert "week at risk · 1 more read" in await look(pilot)
        await pilot.resize_terminal(*WIDE)
        await press(pilot, "p")
        clock.passed += 3 * HOUR
        await wait_for(pilot, "1 more full read by 04:00")
        screen = await look(pilot, "p")
        assert "full reads this week, by 04:00" in screen
        assert screen.count(", by 04:00") == 2
        assert "by Sun" not in screen
        sunday = TODAY + timedelta(days=2)
        streak = summarise(store, Config(), sunday).as_json()["streak"]
        assert streak["headline"].endswith("by 04:00")
        assert "by 04:00" in dumps(review_of(store, Config(), "week", sunday, sunday))


@pytest.mark.usefixtures("quick_poll")
@pytest.mark.parametrize("keys", [(), ("left", "right")])
async def test_the_progress_screen_turns_with_the_day(
    make: Make, clock: StillClock, keys: tuple[str, ...]
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        assert "Fri 20 Nov 2026, today" in await look(pilot, "p", *keys)
        clock.passed += 24 * HOUR
        await wait_for(pilot, "Sat 21 Nov 2026, today")
        assert "Fri 20 Nov 2026: nothing logged" in await look(pilot, "left")


@pytest.mark.usefixtures("quick_poll")
async def test_an_open_app_turns_with_the_time_zone(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine_at("2028-02-29T15:00", "UTC"), Store(database) as store:
        async with PaperTui(store, Config()).run_test(size=WIDE) as pilot:
            assert "Tue 29 Feb 2028, today" in await look(pilot, "p")
            monkeypatch.setenv("TZ", "Pacific/Kiritimati")
            await wait_for(pilot, "Wed 1 Mar 2028, today")


@pytest.mark.usefixtures("indexed")
def test_a_full_read_of_saturday_counts_on_the_friday_after_a_flight() -> None:
    with machine_at("2026-11-21T09:00", AUCKLAND):
        shell("log", ATTENTION, "--pass", "2", "--minutes", "1h")
        before = stats()
    with machine_at("2026-11-20T16:00", LOS_ANGELES):
        after = stats()
        assert (before["week"]["state"], after["week"]["state"]) == ("met", "met")
        for name in ("streak", "week", "passes", "minutes", "latest", "days", "weeks", "sections"):
            assert after[name] == before[name], name
        assert "Week met" in shell("review")
        # As of an earlier day it had not been logged yet.
        assert stats("--as-of", "2026-11-19")["week"]["full_reads"] == 0


@pytest.mark.usefixtures("indexed")
def test_the_last_day_that_was_read_on_is_not_to_come() -> None:
    with machine_at("2026-11-21T09:00", AUCKLAND):
        shell("log", ATTENTION, "--pass", "1")
    with machine_at("2026-11-20T16:00", LOS_ANGELES):
        shell("log", ATTENTION, "--pass", "2", "--on", "2026-11-21")
        with pytest.raises(Refused, match="still to come: today is Fri 20 Nov 2026"):
            shell("log", ATTENTION, "--pass", "2", "--on", "2026-11-22")
        with pytest.raises(Refused, match="still to come"):
            shell("log", ATTENTION, "--pass", "2", "--on", "tomorrow", "--again")


async def test_a_session_begun_in_auckland_is_logged_in_los_angeles(
    store: Store, make: Make, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    auckland = datetime(2026, 11, 21, 9, tzinfo=ZoneInfo(AUCKLAND))
    los_angeles = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo(LOS_ANGELES))
    app = make()
    app.clock = lambda: auckland
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"words")
        app.clock = lambda: los_angeles
        assert "2 2026-11-21" in await look(pilot, "ctrl+l")
        assert "Logged: second pass of Attention" in await look(pilot, "enter")
    (reading,) = store.reading_log.work(ATTENTION).readings
    assert reading.read_on == date(2026, 11, 21)


@given(
    st.lists(st.integers(-3, 3), max_size=6, unique=True),
    st.sampled_from(["mon", "sat", "sun"]),
)
def test_no_entry_of_the_running_week_is_left_out(offsets: list[int], start: str) -> None:
    """Whatever days are logged, those of the week of today count, later ones too."""

    rules = WeekRules(week_start=start)
    reads = [(TODAY + timedelta(days=number), f"w{number}") for number in offsets]
    *_, running = rules.history(reads, TODAY)
    expected = {w for day, w in reads if rules.week_of(day) == rules.week_of(TODAY)}
    assert set(running.works) == expected


@pytest.mark.usefixtures("indexed")
def test_a_day_that_has_not_begun_is_to_come_in_the_small_hours() -> None:
    with machine_at("2026-11-23T01:00"):
        for command in (
            ["log", ATTENTION, "--pass", "2", "--on", "2026-11-23"],
            ["stats", "--as-of", "2026-11-23"],
            ["review", "--week", "2026-11-23"],
        ):
            with pytest.raises(Refused, match="to come: before 04:00 it is still Sun 22 Nov 2026"):
                shell(*command)
        assert "for Sun 22 Nov (before 04:00)" in shell("log", ATTENTION, "--pass", "2")
        assert stats()["week"]["full_reads"] == 1


def test_minutes_as_of_a_day_leave_out_those_read_later_in_the_week(store: Store) -> None:
    monday = TODAY - timedelta(days=4)
    store.record(journal.log_pass(ATTENTION, 2, monday, 30), now=FRIDAY)
    store.record(journal.log_pass("he2015deep", 2, TODAY, 40), now=FRIDAY)
    for as_of, minutes in ((monday, 30), (TODAY - timedelta(days=1), 30), (TODAY, 70)):
        summary = summarise(store, Config(), as_of)
        assert summary.bars[-1].minutes == summary.minutes == minutes
        assert sum(day.minutes for day in summary.days.values()) == minutes


@pytest.mark.parametrize(
    ("zone", "logged", "read_on", "backfilled"),
    [
        # East of Greenwich the UTC day is the day before, west of it the day after.
        ("Pacific/Kiritimati", "2026-11-20T08:00", "2026-11-18", True),
        ("Pacific/Kiritimati", "2026-11-20T08:00", "2026-11-19", False),
        ("America/Los_Angeles", "2026-11-20T18:00", "2026-11-19", False),
        ("America/Los_Angeles", "2026-11-20T18:00", "2026-11-18", True),
        # Before the day starts it is still the day before.
        ("UTC", "2026-11-20T03:00", "2026-11-18", False),
        ("UTC", "2026-11-20T04:00", "2026-11-18", True),
    ],
)
def test_an_entry_is_logged_later_by_the_readers_own_day(
    store: Store, zone: str, logged: str, read_on: str, backfilled: bool
) -> None:
    now = datetime.fromisoformat(logged).replace(tzinfo=ZoneInfo(zone))
    store.record(journal.log_pass(ATTENTION, 2, date.fromisoformat(read_on)), now=now)
    (entry,) = summarise(store, Config(), TODAY).latest
    assert entry.is_logged_later is backfilled


def test_the_review_of_a_week_before_the_first_pass_says_nothing_of_it(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 1, TODAY - timedelta(weeks=1)), now=FRIDAY)
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    expected = {3: "", 2: "", 1: "**Week missed**", 0: "**Week met · 1 week**"}
    for ago, headline in expected.items():
        text = dumps(review_of(store, Config(), "week", TODAY - timedelta(weeks=ago), TODAY))
        assert ("**" in text) is bool(headline)
        assert headline in text


def test_a_rest_week_is_marked_before_the_first_full_read_and_to_come(store: Store) -> None:
    for weeks in (-2, 1):
        store.record(journal.rest(TODAY + timedelta(weeks=weeks), on=True))
        text = dumps(review_of(store, Config(), "week", TODAY + timedelta(weeks=weeks), TODAY))
        assert "**Rest week**" in text
    later = dumps(review_of(store, Config(), "week", TODAY + timedelta(weeks=2), TODAY))
    assert "**" not in later
    summary = summarise(store, Config(), TODAY)
    assert {bar.start for bar in summary.bars} & summary.rests == {date(2026, 11, 2)}


async def test_a_rest_week_to_come_is_set_and_taken_back(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "rest week" not in await look(pilot, "p")
        screen = await look(pilot, "L", "L", "r")
        assert "The week of Mon 30 Nov 2026 is a rest week" in screen
        assert "Fri 4 Dec 2026: to come, in a rest week" in screen
        assert "rest week ·" not in screen.splitlines()[0]
        assert "no longer a rest week" in await look(pilot, "left", "r")
        await press(pilot, "u")
    assert store.reading_log.habits().rests == {date(2026, 12, 4): True}


async def test_bars_mark_a_rest_week_before_the_first_full_read(make: Make, store: Store) -> None:
    store.record(journal.rest(TODAY - timedelta(weeks=2), on=True))
    store.record(journal.rest(TODAY - timedelta(weeks=3), on=True))
    store.record(journal.log_pass(ATTENTION, 1, TODAY - timedelta(weeks=3), 30))
    async with make().run_test(size=(120, 60)) as pilot:
        lines = (await look(pilot, "p")).splitlines()
    assert any("2 Nov  ╌ rest week" in line for line in lines)
    assert any("26 Oct" in line and "30 min rest week" in line for line in lines)


@pytest.mark.usefixtures("indexed")
def test_the_shell_sets_rest_weeks_and_takes_them_back(tmp_path: Path) -> None:
    with machine_at("2026-11-20T15:00"):
        assert "The week of Mon 21 Dec 2026 is a rest week." in shell("rest", "2026-12-24")
        with pytest.raises(Refused, match="a rest week already"):
            shell("rest", "2026-12-21")
        assert "Mon 9 Nov 2026 is a rest week." in shell("rest", "-7d")
        (tmp_path / "config.toml").write_text('week_start = "sun"', encoding="utf-8")
        with pytest.raises(Refused, match="a rest week already"):
            shell("rest", "2026-12-20")
        assert "The week of Sun 20 Dec 2026 is no longer a rest week" in shell(
            "rest", "2026-12-26", "--off"
        )
        with pytest.raises(Refused, match="is not a rest week"):
            shell("rest", "2026-12-26", "--off")


@pytest.mark.usefixtures("indexed")
def test_a_day_has_1440_minutes_in_all_its_entries_together() -> None:
    with machine_at("2026-11-20T15:00"):
        shell("log", ATTENTION, "--pass", "2", "--minutes", "23h")
        with pytest.raises(Refused, match="1,441 minutes in all; a day has 1,440"):
            shell("log", "he2015deep", "--pass", "2", "--minutes", "1:01")
        shell("log", "he2015deep", "--pass", "2", "--minutes", "60m")
        shell("log", "he2015deep", "--pass", "3", "--minutes", "1h", "--on", "yesterday")
        with pytest.raises(Refused, match="Fri 20 Nov 2026 would have 1,441 minutes"):
            shell("log", "he2015deep", "--pass", "1", "--minutes", "1")


async def test_33_hours_on_one_day_are_refused_and_the_line_stays(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", "ctrl+l", *"33h")
        assert "Fri 20 Nov 2026 would have 1,980 minutes in all" in await look(pilot, "enter")
        assert "2 2026-11-20 33h" in await look(pilot)
        await press(pilot, "backspace", "backspace", "backspace", *"1h10", "enter")
    assert [r.minutes for r in store.reading_log.work(ATTENTION).readings] == [70]


async def test_a_correction_replaces_the_minutes_of_its_entry(make: Make, store: Store) -> None:
    store.record(journal.log_pass("he2015deep", 1, TODAY, 400))
    store.record(journal.log_pass(ATTENTION, 2, TODAY, 1000))
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", "right_square_bracket", "enter", *["backspace"] * 3)
        assert "1,441 minutes in all" in await look(pilot, *"441", "enter")
        assert "Corrected" in await look(pilot, "backspace", "0", "enter")
    assert store.reading_log.minutes() == {TODAY: 1440}


async def test_a_wrong_goal_keeps_the_line_open(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", "t", *"99")
        assert "Type a number from 1 to 50" in await look(pilot, "enter")
        # The next keys go into the line and are no commands.
        assert "99qr" in await look(pilot, "q", "r")
        assert store.events() == []
        await press(pilot, "backspace", "backspace", "backspace", "enter")
    assert week_rules(store, Config()).target(date(2026, 11, 16)) == 9


@pytest.mark.usefixtures("indexed")
async def test_what_was_done_before_the_day_starts_is_of_the_day_before(
    make: Make, store: Store, clock: StillClock
) -> None:
    clock.passed += 11 * HOUR  # Saturday, 02:00, before the day starts
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", *"words", "ctrl+s", "escape")
        assert "today 02:00" in await look(pilot)
        await press(pilot, "2")
        clock.passed += 3 * HOUR
        assert "(logged yesterday)?" in " ".join((await look(pilot, "u")).split())


def test_yesterday_in_the_small_hours_says_which_day_was_logged() -> None:
    with machine_at("2026-11-25T02:00"):
        result = CliRunner().invoke(
            papertui, ["log", ATTENTION, "--pass", "2", "--on", "yesterday"]
        )
        assert "for Mon 23 Nov (before 04:00 it is still Tue 24 Nov)." in result.stderr
        with pytest.raises(Refused, match=r"second pass is logged already, for Mon 23 Nov"):
            shell("log", ATTENTION, "--pass", "2", "--on", "-1d")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "2 yesterday 62",
            "second pass of Attention Is All You Need, for Thu 19 Nov, 1 h 2 min",
        ),
        ("2", "for Fri 20 Nov · u takes it back"),
        ("1 before", "before papertui · u takes it back"),
        ("2 tomorrow", "is still to come"),
        ("2 yesterday 25h", "Thu 19 Nov 2026 would have 1,500 minutes"),
    ],
)
async def test_a_key_of_the_library_logs_any_day(make: Make, typed: str, said: str) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "day: yesterday, fri, -3d" in await look(pilot, "ctrl+l", "ctrl+u")
        await type_in(pilot, typed)
        assert said in await look(pilot, "enter")
