"""Progress: the year, goals, rest weeks, the log corrected, the week's review, the demo."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from papertui.cli.main import papertui
from papertui.config import Config
from papertui.core import journal
from papertui.core.days import week_of
from papertui.core.journal import Change
from papertui.core.labels import local_time
from papertui.core.library_tree import TreeQuery
from papertui.core.note_templates import template
from papertui.core.recall import scheduling
from papertui.core.streaks import LEVELS, WEEKS, WEEKS_AHEAD, State, WeekRules, heatmap
from papertui.core.text import cells, shorten
from papertui.demo import fill
from papertui.exporters.review import as_json, dumps, review_of
from papertui.pages.progress import progress_page
from papertui.pages.progress_summary import LATEST, summarise
from papertui.pages.weeks import week_rules
from papertui.storage import edits
from papertui.storage.edits import work_merge
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.widgets.page import PagePane
from tests.conftest import FRIDAY, TODAY
from tests.support.clocks import machine_at
from tests.support.endurance import examples
from tests.support.fresh_database import fresh_database
from tests.support.screen import (
    SMALL,
    WIDE,
    look,
    press,
    screen_text,
    type_in,
    wait_for,
    wait_for_workers,
    wait_until,
)

ATTENTION = "vaswani2017attention"
Make = Callable[[], PaperTui]


@pytest.mark.parametrize("start", ["mon", "sat", "sun"])
def test_a_year_is_53_weeks_that_end_with_the_running_one_and_some_to_come(start: str) -> None:
    grid = heatmap({}, TODAY, start)
    assert len(grid.columns) == WEEKS + WEEKS_AHEAD
    assert grid.day(WEEKS - 1, 0) == week_of(TODAY, start)
    days = [grid.day(column, row) for column in range(WEEKS + WEEKS_AHEAD) for row in range(7)]
    assert days == [grid.first + timedelta(days=n) for n in range(7 * (WEEKS + WEEKS_AHEAD))]
    assert grid.last == days[-1]
    assert (
        grid.with_day(TODAY)
        == grid.with_day(grid.first)
        == grid._replace(columns=grid.columns[:WEEKS])
    )
    later = grid.with_day(TODAY + timedelta(weeks=3))
    assert (later.first, len(later.columns)) == (grid.first + timedelta(weeks=3), WEEKS)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_days_to_come_are_empty_and_today_is_not(today: date) -> None:
    grid = heatmap({today: 9}, today)
    columns = range(WEEKS + WEEKS_AHEAD)
    levels = {grid.day(c, r): grid.columns[c][r] for c in columns for r in range(7)}
    assert levels[today] == LEVELS
    assert all((level is None) == (day > today) for day, level in levels.items())
    assert [day for _, day in grid.months()] == sorted(d for d in levels if d.day == 1)


def test_history_names_what_met_each_week() -> None:
    weeks = WeekRules().history([(TODAY, "b"), (TODAY - timedelta(weeks=2), "a")], TODAY)
    assert [(week.works, week.state) for week in weeks] == [
        (("a",), State.MET),
        ((), State.MISSED),
        (("b",), State.MET),
    ]


async def test_the_year_is_walked_and_shows_what_was_read(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, date(2026, 11, 19), 62), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "p")
        assert "Fri 20 Nov 2026, today: nothing logged" in screen
        assert "Nov" in screen
        screen = await look(pilot, "left")
        assert "Thu 19 Nov 2026: second pass of Attention Is All You Need · 1 h 2 min" in screen
        assert "Thu 12 Nov 2026" in await look(pilot, "H")
        assert "Fri 20 Nov 2026, today" in await look(pilot, "L", "right")
        assert "Fri 27 Nov 2026: to come" in await look(pilot, "L")
        screen = await look(pilot, *["L"] * WEEKS_AHEAD)
        assert "Sun 23 May 2027: to come" in screen
        assert "Mon  ···" in screen


async def test_a_new_reader_sees_the_progress_of_the_week(make: Make, store: Store) -> None:
    for weeks_ago in (1, 2):
        day = TODAY - timedelta(weeks=weeks_ago)
        store.record(journal.log_pass(ATTENTION, 2, day), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "p")
        assert "week on track · 2 weeks · 1 more" in screen
        assert "0/1 full reads this week, by Sun 22 Nov" in screen
        screen = await look(pilot, "r")
        assert "rest week · 2 weeks" in screen
        assert "a rest week asks for none" in screen
        screen = await look(pilot, "r")
        assert "week on track · 2 weeks" in screen


async def test_a_past_week_can_be_a_rest_week(make: Make, store: Store) -> None:
    for weeks_ago in (0, 2):
        day = TODAY - timedelta(weeks=weeks_ago)
        store.record(journal.log_pass(ATTENTION, 2, day), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        assert "week met · 1 week" in await look(pilot, "p")
        assert "week met · 2 weeks" in await look(pilot, "H", "r")
        assert "week met · 1 week" in await look(pilot, "u")


async def test_a_rest_week_that_is_met_is_named_everywhere(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "p", "r")
        assert "week met, a rest week · 1 week" in screen.split("\n")[0]
        assert "1/1 full reads; a rest week asks for none" in screen
        assert "Attention Is All You Need, in a rest week" in screen
        assert "1 rest week" in " ".join(screen.split())
        assert "(a rest week)" in await look(pilot, "y")
    assert summarise(store, Config(), TODAY).as_json()["week"]["rest"] is True
    review = review_of(store, Config(), "week", TODAY, TODAY + timedelta(weeks=1))
    assert review.headline == "week met, a rest week · 1 week"


async def test_why_offers_only_the_keys_that_do_something_there(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        assert "r rest" in await look(pilot, "p")
        why = await look(pilot, "y")
        for label in ("r rest", "t goal", "w review", "← → day"):
            assert label not in why
        for key in ("r", "t", "left", "H", "a", "w", "delete"):
            *shown, message, _ = (await look(pilot, key)).split("\n")
            assert message.strip() == "y goes back to the days"
            assert shown == why.split("\n")[:-2]
        screen = await look(pilot, "escape")
        assert "today" in screen
        assert "r rest" in screen
        assert "That week is still to come" in await look(pilot, "L", "w")
    assert len(store.events()) == 1


async def test_what_is_not_in_view_is_undone_only_if_that_is_wanted(
    make: Make, store: Store
) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    store.record(journal.tag(ATTENTION, ["nlp"]), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        for screen in ("question_mark", "p"):
            asks = await look(pilot, screen, "u")
            assert "Undo #nlp on Attention Is All You Need (today)?" in asks
            await press(pilot, "n", *["escape"] * (screen != "p"))
        await press(pilot, "u")
        assert "Undone: #nlp" in await look(pilot, "y")
        assert "Undone: second pass" in await look(pilot, "u")


async def test_a_goal_holds_from_this_week_on(make: Make, store: Store) -> None:
    for weeks_ago in (0, 1):
        day = TODAY - timedelta(weeks=weeks_ago)
        store.record(journal.log_pass(ATTENTION, 2, day), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "p", "t", "2")
        screen = await look(pilot, "enter")
        assert "1/2 full reads this week" in screen
        assert "Streak: 1 week in a row" in screen
        assert "1 more full read by Sunday" in screen


async def test_the_streak_is_explained_week_by_week(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    for weeks_ago in (1, 3):
        read_on = TODAY - timedelta(weeks=weeks_ago)
        store.record(journal.log_pass("he2015deep", 2, read_on), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "p", "y")
        assert "Why the streak is 2 weeks" in screen
        assert re.search(r"2 Nov 2026 +missed +nothing in full", screen)
        assert re.search(r"16 Nov 2026 +met +Attention Is All You Need", screen)
        assert re.search(r"9 Nov 2026 +met +Deep Residual Learning", screen)
        assert "Log" in await look(pilot, "escape")


async def test_an_entry_is_corrected_in_the_log_and_undone(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 1, TODAY, 10), now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", "right_square_bracket")
        assert "vaswani2017attention 1 2026-11-20 10" in await look(pilot, "enter")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "vaswani2017attention 2 yesterday 62")
        assert "second pass  yesterday  1 h 2 min" in await look(pilot, "enter")
        assert "first pass  today  10 min" in await look(pilot, "u")


async def test_an_entry_can_be_moved_to_another_work_or_removed(make: Make, store: Store) -> None:
    sittings = [(TODAY - timedelta(days=3), 50), (TODAY, 30)]
    store.record(journal.log_pass(ATTENTION, 2, TODAY, 80, sittings), now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", "right_square_bracket", "enter", "ctrl+u")
        await type_in(pilot, "nobody 2 today")
        assert "No work fits 'nobody'" in await look(pilot, "enter")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "he2015deep 2 today")
        await press(pilot, "enter")
        assert store.reading_log.work(ATTENTION).readings == ()
        assert store.reading_log.work("he2015deep").depth == 2
        assert store.reading_log.minutes() == dict(sittings)
        # On another day it is another entry.
        await press(pilot, "enter", "ctrl+u")
        await type_in(pilot, "adam 2 2026-11-14 90")
        await press(pilot, "enter")
        assert store.reading_log.minutes() == {date(2026, 11, 14): 90}
        await press(pilot, "u")
        screen = await look(pilot, "right_square_bracket", "delete")
        assert "Taken out: second pass of Deep Residual" in screen
        assert ", for Fri 20 Nov · u takes it back" in screen
        assert store.reading_log.work("he2015deep").depth == 0
        await press(pilot, "u")
        assert store.reading_log.work("he2015deep").depth == 2


@pytest.mark.parametrize("is_moved", [False, True])
async def test_an_entry_that_an_undo_brings_back_is_selected(
    make: Make, store: Store, is_moved: bool
) -> None:
    for work in ("he2015deep", "kingma2014adam", ATTENTION):
        store.record(journal.log_pass(work, 2, TODAY, 62), now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", *["right_square_bracket"] * 2)
        if is_moved:
            await press(pilot, "enter", "ctrl+u")
            await type_in(pilot, "rumelhart 2 2026-11-03")
            await press(pilot, "enter", "u")
        else:
            await press(pilot, "delete", "u")
        assert "kingma2014adam 2 2026-11-20 62" in await look(pilot, "enter")


async def test_undo_selects_each_entry_that_it_brings_back_and_none_that_it_does_not(
    make: Make, store: Store
) -> None:
    works = ("he2015deep", "kingma2014adam", ATTENTION, "hu2021lora")
    for work in works:
        store.record(journal.log_pass(work, 2, TODAY, 62), now=FRIDAY)
    select = "right_square_bracket"
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", select, select, "delete", select, "delete", "u")
        assert "the cursor is on it" in " ".join((await look(pilot, "u")).split())
        assert "Taken out: second pass of Adam" in await look(pilot, "delete")
        # What another papertui logs, and an undo of it, selects nothing.
        store.record(journal.log_pass("rumelhart1986learning", 2, TODAY), now=FRIDAY)
        assert "Select an entry of the log first" in await look(pilot, "y", "y", "delete")


@pytest.mark.parametrize(
    ("before", "where"),
    [
        ((journal.queue(ATTENTION, 3.0, enters=True),), ", in the queue again"),
        ((journal.park(ATTENTION, None),), ", parked again"),
        ((journal.drop(ATTENTION, "Known."),), ", dropped again"),
        ((), ", for Fri 20 Nov ·"),
    ],
)
@pytest.mark.parametrize("is_moved", [False, True])
async def test_a_work_is_where_it_was_once_a_pass_of_it_is_taken_out(
    make: Make, store: Store, before: tuple[Change, ...], where: str, is_moved: bool
) -> None:
    for change in before:
        store.record(change, now=FRIDAY)
    was = store.reading_log.work(ATTENTION)
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", "right_square_bracket")
        if is_moved:
            await press(pilot, "enter", "ctrl+u")
            await type_in(pilot, "he2015deep 2")
            screen = await look(pilot, "enter")
        else:
            screen = await look(pilot, "delete")
        assert (where in " ".join(screen.split())) or (is_moved and not before)
        assert store.reading_log.work(ATTENTION) == was
        await press(pilot, "u")
        assert store.reading_log.work(ATTENTION)[1:5] == (was.notes, None, None, None)


async def said_of_the_latest_that_is_taken_out(make: Make) -> str:
    """Take the latest entry out of the log; return what is said then."""
    async with make().run_test(size=(120, 60)) as pilot:
        screen = await look(pilot, "p", "right_square_bracket", "delete")
    before, _, said = screen.partition("Taken out: ")
    assert said, before
    return said


async def test_a_work_is_in_the_queue_again_once_all_passes_after_it_are_taken_out(
    make: Make, store: Store
) -> None:
    store.record(journal.queue(ATTENTION, 3.0, enters=True), now=FRIDAY)
    for depth in (1, 2):
        store.record(journal.log_pass(ATTENTION, depth, TODAY), now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", "right_square_bracket")
        assert "in the queue again" not in await look(pilot, "delete")
        assert "in the queue again" in await look(pilot, "right_square_bracket", "delete")
    assert store.reading_log.work(ATTENTION).rank == 3.0


@pytest.mark.parametrize("later", ["queued", "parked"])
async def test_a_removal_gives_nothing_back_that_a_later_act_speaks_against(
    make: Make, store: Store, later: str
) -> None:
    parked, queued = journal.park(ATTENTION, None), journal.queue(ATTENTION, 3.0, enters=True)
    first, second = (parked, queued) if later == "queued" else (queued, parked)
    for change in (first, journal.log_pass(ATTENTION, 1, TODAY), second):
        store.record(change, now=FRIDAY)
    assert "again" not in await said_of_the_latest_that_is_taken_out(make)


async def test_a_removal_long_ago_gives_nothing_back_to_a_work_that_was_to_read_since(
    make: Make, store: Store
) -> None:
    store.record(journal.drop(ATTENTION, "Dull."), now=FRIDAY)
    store.record(journal.log_pass(ATTENTION, 1, TODAY), now=FRIDAY)
    (reading,) = store.reading_log.work(ATTENTION).readings
    store.record(journal.remove_reading(ATTENTION, reading.id), now=FRIDAY)
    store.record(journal.log_pass(ATTENTION, 1, TODAY), now=FRIDAY)
    assert "again" not in await said_of_the_latest_that_is_taken_out(make)
    assert store.reading_log.work(ATTENTION).aside is None


async def test_of_two_passes_of_one_act_the_other_one_has_ended_what_it_has(
    make: Make, store: Store
) -> None:
    store.record(journal.add_work("two", {"title": "Two", "kind": "paper"}), now=FRIDAY)
    store.record(journal.queue(ATTENTION, 3.0, enters=True), now=FRIDAY)
    store.record(*(journal.log_pass(w, 2, TODAY) for w in (ATTENTION, "two")), now=FRIDAY)
    store.record(work_merge(store, "two", ATTENTION), now=FRIDAY)
    assert "again" not in await said_of_the_latest_that_is_taken_out(make)
    assert store.reading_log.work(ATTENTION).rank is None


async def test_a_pass_that_was_taken_out_ended_nothing_that_a_pass_of_a_merged_work_ends(
    make: Make, store: Store
) -> None:
    work = {"title": "Two", "kind": "paper"}
    store.record(journal.add_work("two", work), now=FRIDAY)
    store.record(journal.drop(ATTENTION, "Dull."), now=FRIDAY)
    for depth in (1, 2):
        store.record(journal.log_pass("two", depth, TODAY), now=FRIDAY)
    store.record(work_merge(store, "two", ATTENTION), now=FRIDAY)
    assert "again" not in await said_of_the_latest_that_is_taken_out(make)
    assert store.reading_log.work(ATTENTION).aside is None


@pytest.mark.parametrize(
    "name", ["adam", "1412.6980", "Adam: A Method for Stochastic Optimization"]
)
async def test_a_correction_takes_a_work_by_the_names_of_the_shell(
    make: Make, store: Store, name: str
) -> None:
    noted = journal.save_note(ATTENTION, "n", "Weighs all.", depth=2)
    dropped = journal.drop("kingma2014adam", "Known.")
    store.record(dropped, journal.log_pass(ATTENTION, 2, TODAY), noted, now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        # Without a choice it is the latest entry that enter corrects.
        await press(pilot, "p")
        assert "Nothing has changed" in await look(pilot, "enter", "enter")
        await press(pilot, "enter", "ctrl+u")
        await type_in(pilot, f"{name} 3 yesterday 50")
        corrected = await look(pilot, "enter")
        assert "Corrected: third pass of Adam" in corrected
        words = " ".join(corrected.split())
        assert "50 min, no longer dropped; it was the second pass of Attention Is All You" in words
        assert "; its note stays with the former work" in words
        assert "for Thu 19 Nov, 50 min" in corrected
        assert store.reading_log.work(ATTENTION).readings == ()
        assert store.reading_log.work("kingma2014adam").depth == 3
        undone = " ".join((await look(pilot, "u")).split())
        assert "Undone: correction of a pass of Attention" in undone
        assert ": second pass, Fri 20 Nov 2026, no minutes, to third pass of Adam" in undone
        assert "Stochastic Optimization, Thu 19 Nov 2026, 50 min" in undone
        # What has not changed is not named again.
        await press(pilot, "enter", "ctrl+u")
        await type_in(pilot, name)
        undone = " ".join((await look(pilot, "enter", "u")).split())
        assert ": second pass, Fri 20 Nov 2026, to second pass of Adam" in undone
        assert "Stochastic Optimization · the cursor is on it · ctrl+r" in undone


async def test_an_entry_that_was_corrected_to_another_day_is_the_next_to_be_corrected(
    make: Make, store: Store
) -> None:
    noted = journal.save_note(ATTENTION, "n", "Weighs all.", depth=2)
    store.record(journal.log_pass(ATTENTION, 2, TODAY), noted, now=FRIDAY)
    store.record(journal.log_pass("kingma2014adam", 2, TODAY), now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        assert "Correct Attention" in await look(pilot, "p", "right_square_bracket", "enter")
        await press(pilot, "ctrl+u", *"1 yesterday")
        said = " ".join((await look(pilot, "enter")).split())
        assert "its note stays with the second pass" in said
        assert "vaswani2017attention 1 2026-11-19" in await look(pilot, "enter")
        # So is one that has gone to another work.
        await press(pilot, "ctrl+u", *"he2015deep 3 yesterday", "enter")
        assert "he2015deep 3 2026-11-19" in await look(pilot, "enter")


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("1", (1, TODAY - timedelta(days=9), 62)),
        ("adam 2 70", (2, TODAY - timedelta(days=9), 70)),
        ("adam 2 yesterday", (2, TODAY - timedelta(days=1), 62)),
        ("adam 2 0", (2, TODAY - timedelta(days=9), None)),
        ("30m", (2, TODAY - timedelta(days=9), 30)),
        ("yesterday, 1h10", (2, TODAY - timedelta(days=1), 70)),
    ],
)
async def test_what_a_correction_leaves_out_stays_as_it_was(
    make: Make, store: Store, typed: str, entry: tuple[int, date, int | None]
) -> None:
    adam = "kingma2014adam"
    store.record(journal.log_pass(adam, 2, TODAY - timedelta(days=9), 62), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", "right_square_bracket", "enter", "ctrl+u")
        await type_in(pilot, typed)
        assert "Corrected" in await look(pilot, "enter")
    (reading,) = store.reading_log.work(adam).readings
    assert (reading.depth, reading.read_on, reading.minutes) == entry


async def test_an_entry_that_another_papertui_took_out_is_not_corrected(
    make: Make, store: Store
) -> None:
    act = store.record(journal.log_pass(ATTENTION, 2, TODAY, 62), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", "enter", "ctrl+u", *"1 9")
        with Store(store.path, clock=store.clock) as other:
            other.undo(act)
        events = store.count()
        assert "not in the log any more" in " ".join((await look(pilot, "enter")).split())
        assert store.count() == events


async def test_an_entry_is_corrected_whose_work_was_merged_and_whose_minutes_are_of_two_days(
    make: Make, store: Store
) -> None:
    for work in ("mine", "yours"):
        store.record(journal.add_work(work, {"title": f"{work} of old", "kind": "paper"}))
    sittings = [(TODAY - timedelta(days=1), 800), (TODAY, 800)]
    store.record(journal.log_pass("mine", 2, TODAY, 1600, sittings), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", "enter", "ctrl+u", *"1500")
        with Store(store.path, clock=store.clock) as other:
            other.record(journal.merge_works("mine", "yours"))
        assert "Corrected: second pass of yours" in await look(pilot, "enter")
    assert list(store.reading_log.minutes().values()) == [750, 750]


async def test_the_keys_of_links_go_through_the_lines_of_the_log_as_they_stand(
    make: Make, store: Store
) -> None:
    store.record(*(journal.log_pass(ATTENTION, depth, TODAY) for depth in (1, 2)), now=FRIDAY)
    store.record(journal.log_pass("kingma2014adam", 1, TODAY - timedelta(days=3)), now=FRIDAY)
    readings = [*store.reading_log.readings(TODAY, 15)]
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p")
        page = pilot.app.screen.query_one("#page", PagePane)
        selected = []
        for _ in range(5):
            await press(pilot, "right_square_bracket")
            selected.append(page.selected)
        assert {part.partition(":")[0] for part in map(str, selected[:2])} == {"read"}
        assert selected[2:] == [f"log:{reading.id}" for _, reading in readings]


async def test_a_selected_entry_stays_in_view_as_others_come_in_above_it(
    make: Make, store: Store
) -> None:
    days = [TODAY - timedelta(days=ago) for ago in range(12)]
    store.record(*(journal.log_pass(ATTENTION, 1, day, 11) for day in days), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", *["right_square_bracket"] * 6)
        lines = screen_text(pilot.app).split("\n")
        (before,) = [y for y, line in enumerate(lines) if "Sun 15 Nov" in line and "11 min" in line]
        with Store(store.path, clock=store.clock) as other:
            other.record(*(journal.log_pass("kingma2014adam", depth, TODAY) for depth in (1, 2, 3)))
        await wait_for(pilot, "Adam")
        lines = screen_text(pilot.app).split("\n")
        assert "Sun 15 Nov" in lines[before]


async def test_the_next_entry_is_the_one_after_that_which_was_taken_out(
    make: Make, store: Store
) -> None:
    events = [journal.log_pass(ATTENTION, 1, TODAY - timedelta(days=ago)) for ago in (1, 2)]
    others = [journal.log_pass("kingma2014adam", depth, TODAY) for depth in (1, 2, 3)]
    store.record(*others, *events, now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p", *["right_square_bracket"] * 2)
        log = pilot.app.screen.query_one(PagePane)
        links, selected = log.links, log.selected
        assert selected == links[1]
        await press(pilot, "delete", "right_square_bracket")
        assert log.selected == links[2]
        await press(pilot, "delete", "left_square_bracket")
        assert log.selected == links[0]


async def test_another_day_leaves_no_entry_selected(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    store.record(journal.log_pass("kingma2014adam", 1, TODAY - timedelta(days=3)), now=FRIDAY)
    events = store.events()
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", "right_square_bracket", "left", "left", "left")
        assert "Select an entry of the log first: ] selects one" in await look(pilot, "delete")
        assert "Correct Adam" in await look(pilot, "enter")
        assert "Select an entry" in await look(pilot, "escape", "H", "delete")
    assert store.events() == events


async def test_enter_corrects_the_entry_of_another_day_after_one_was_taken_out(
    make: Make, store: Store
) -> None:
    works = ["kingma2014adam", "he2015deep", ATTENTION]
    store.record(*(journal.log_pass(work, 1, TODAY) for work in works), now=FRIDAY)
    early = journal.log_pass("kingma2014adam", 2, TODAY - timedelta(days=1))
    store.record(early, now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", *["right_square_bracket"] * 3, "delete", "left")
        assert "kingma2014adam 2 " in await look(pilot, "enter")


@pytest.mark.parametrize("name", ["attention", "the", "nobody", "9999.99999"])
async def test_a_name_is_refused_in_the_same_words_everywhere(make: Make, name: str) -> None:
    said = str(CliRunner().invoke(papertui, ["log", name, "--pass", "1"]).exception)
    assert "fit" in said
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, "A paper of mine")
        await press(pilot, "enter", "2", "M")
        await type_in(pilot, name)
        merging = await look(pilot, "enter")
        await press(pilot, "escape", "p", "right_square_bracket", "enter", "ctrl+u")
        await type_in(pilot, f"{name} 2 today")
        correcting = await look(pilot, "enter")
        for line in said.split("\n"):
            for screen in (merging, correcting):
                assert shorten(line.strip(), 60).rstrip("…") in screen


async def test_an_undone_goal_says_what_holds_again(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "p", "t", "2", "enter")
        assert "Undone: goal of 2 full reads a week, back to 1" in await look(pilot, "u")
        assert "Done again: goal of 2 full reads a week ·" in await look(pilot, "ctrl+r")
        await press(pilot, "t", "4", "enter")
    said = CliRunner().invoke(papertui, ["undo", "--yes"]).stderr
    assert said == "Undone: goal of 4 full reads a week, back to 2.\n"


async def test_an_entry_that_is_logged_later_says_so(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY - timedelta(days=9)), now=FRIDAY)
    async with make().run_test(size=(120, 60)) as pilot:
        screen = await look(pilot, "p")
        assert "second pass  Wed 11 Nov    Attention Is All" in screen
        assert "· logged later" in screen


async def test_the_review_of_a_week_is_copied(make: Make, store: Store) -> None:
    store.record(
        journal.log_pass(ATTENTION, 2, TODAY, 62),
        journal.save_note(ATTENTION, "n", "# Heads\n\nThey differ."),
        now=FRIDAY,
    )
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "p", "w")
        await wait_for_workers(app)
    assert app.clipboard == (
        "# Week of Mon 16 Nov 2026 to Sun 22 Nov 2026\n\n"
        "I read 1 work in full, in 1 h 2 min.\n\n"
        "**Week met · 1 week**\n\n"
        "## Attention Is All You Need\n\n"
        "Second pass on Friday, 1 h 2 min\n\n"
        "### Heads\n\nThey differ.\n\n"
        "## Next\n\n"
        "- Learning representations by back-propagating errors"
        " (Deep Learning Papers: next in Foundations)\n"
        "- BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding"
        " (next in Papers to Read Later)\n"
        "- A short introduction to machine learning"
        " (Elicit Machine Learning: tier 1 of Introduction to machine learning)\n"
    )


def test_the_review_holds_no_text_of_a_private_note(store: Store) -> None:
    store.record(
        journal.log_pass(ATTENTION, 2, TODAY),
        journal.save_note(ATTENTION, "n", "Mine alone."),
        journal.keep_private(ATTENTION, "n", True),
        journal.save_note(ATTENTION, "o", "For all."),
        now=FRIDAY,
    )
    review = review_of(store, Config(), "week", TODAY, TODAY)
    text = dumps(review)
    assert "Second pass on Friday; 1 private note kept back\n\nFor all." in text
    assert "Mine alone." not in f"{text}{as_json(review)}"
    assert as_json(review)["private_notes"] == 1


def test_a_review_takes_the_time_of_some_passes_for_that_of_no_others(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    store.record(journal.log_pass("he2015deep", 1, TODAY, 8), now=FRIDAY)
    text = dumps(review_of(store, Config(), "week", TODAY, TODAY))
    assert "I read 2 works, 1 of them in full. I logged 8 min of reading in all." in text


def test_what_was_read_of_a_pass_of_another_week_is_in_the_review_of_each(store: Store) -> None:
    sittings = [(TODAY - timedelta(weeks=1), 23), (TODAY, 3)]
    store.record(journal.log_pass(ATTENTION, 2, TODAY, 26, sittings), now=FRIDAY)
    reviews = [review_of(store, Config(), "week", day, TODAY) for day, _ in sittings]
    before, now = map(dumps, reviews)
    assert "I read for 23 min." in before
    assert (
        "## Attention Is All You Need\n\nPart of the second pass of Fri 20 Nov 2026, 23 min"
        in before
    )
    assert "Nothing was logged" not in before
    assert "I read 1 work in full. I read for 3 min in all." in now
    assert "Second pass on Friday, 26 min, 3 min of it this week" in now
    (part,), (whole,) = as_json(reviews[0])["parts"], as_json(reviews[1])["passes"]
    assert [(each["minutes"], each["of_period"]) for each in (part, whole)] == [(26, 23), (26, 3)]


def test_a_note_without_a_pass_is_in_the_review_of_the_week_in_which_it_was_begun(
    store: Store,
) -> None:
    store.record(journal.save_note(ATTENTION, "n", "It weighs al."), now=FRIDAY)
    (note,) = store.reading_log.work(ATTENTION).notes
    later = FRIDAY + timedelta(weeks=1)
    mended = journal.save_note(ATTENTION, "n", "It weighs all.", [note.version])
    private = (
        journal.save_note("he2015deep", "m", "Mine."),
        journal.keep_private("he2015deep", "m", True),
    )
    store.record(mended, *private, now=later)
    then, now = (
        dumps(review_of(store, Config(), "week", day.date(), later.date()))
        for day in (FRIDAY, later)
    )
    assert "I wrote notes on 1 work." in then
    assert "## Attention Is All You Need\n\nIt weighs all." in then
    assert "It weighs" not in now
    # One that is sent to nobody gives no work away.
    assert "Nothing was logged this week." in now
    assert "Deep Residual" not in now.partition("## Next")[0]


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2026, 12, 7), date(2027, 1, 3)])
@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_year_names_the_running_month_from_its_first_day_on(
    store: Store, day: date, width: int
) -> None:
    summary = summarise(store, Config(), day)
    lines = [line.text.split() for line in progress_page(summary, width)]
    (months,) = [names for names in lines if {"Apr", "May", "Jun"} < {*names}]
    assert months[-1] == f"{day:%b}"


def test_a_note_that_is_mended_later_stays_in_the_review_of_its_time(store: Store) -> None:
    saved = journal.save_note(ATTENTION, "n", "It weighs al.")
    store.record(journal.log_pass(ATTENTION, 2, TODAY), saved, now=FRIDAY)
    (note,) = store.reading_log.work(ATTENTION).notes
    mended = journal.save_note(ATTENTION, "n", "It weighs all.", [note.version])
    store.record(mended, now=FRIDAY + timedelta(weeks=5))
    later = TODAY + timedelta(weeks=5)
    assert "It weighs all." in dumps(review_of(store, Config(), "week", TODAY, later))
    store.record(journal.log_pass(ATTENTION, 3, later), now=FRIDAY + timedelta(weeks=5))
    assert "It weighs all." in dumps(review_of(store, Config(), "week", later, later))
    between = TODAY + timedelta(weeks=2)
    store.record(journal.log_pass(ATTENTION, 1, between), now=FRIDAY + timedelta(weeks=5))
    assert "It weighs all." not in dumps(review_of(store, Config(), "week", between, later))


def test_the_review_goes_on_with_what_is_up_next(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    store.record(journal.queue("srivastava2014dropout", 1), now=FRIDAY)
    _, following = dumps(review_of(store, Config(), "week", TODAY, TODAY)).split("## Next\n\n")
    assert following.startswith("- Dropout: A Simple Way")
    assert "(first in your queue: first pass)" in following.split("\n")[0]
    # The queue says more of a work than a list that would choose it too.
    store.record(journal.queue("rumelhart1986learning", 0), now=FRIDAY)
    text = dumps(review_of(store, Config(), "week", TODAY, TODAY))
    assert "- Learning representations by back-propagating errors (first in your queue" in text


def test_the_note_of_a_pass_is_in_the_review_of_its_week_whenever_it_was_logged(
    store: Store,
) -> None:
    sunday = TODAY - timedelta(days=5)
    note = journal.save_note(ATTENTION, "n", "It weighs all.", depth=2)
    store.record(journal.log_pass(ATTENTION, 2, sunday, 25), note, now=FRIDAY)
    assert "It weighs all." in dumps(review_of(store, Config(), "week", sunday, TODAY))
    assert "It weighs all." not in dumps(review_of(store, Config(), "week", TODAY, TODAY))
    # A corrected day takes it along.
    (reading,) = store.reading_log.work(ATTENTION).readings
    store.record(journal.correct_reading(ATTENTION, reading.id, 2, TODAY, 25), now=FRIDAY)
    assert "It weighs all." in dumps(review_of(store, Config(), "week", TODAY, TODAY))


def test_what_papertui_collects_by_itself_is_no_list_to_finish(store: Store) -> None:
    store.record(journal.add_work("mine", {"title": "Mine", "kind": "paper"}))
    store.record(journal.log_pass("mine", 2, TODAY), now=FRIDAY)
    assert "is finished" not in dumps(review_of(store, Config(), "week", TODAY, TODAY))
    store.record(*edits.taking_out(store, "mine", "added"))
    assert store.own_lists.unlisted() == {"mine"}
    assert "is finished" not in dumps(review_of(store, Config(), "week", TODAY, TODAY))


def test_the_review_of_a_past_week_says_how_it_ended(store: Store) -> None:
    past = TODAY - timedelta(weeks=2)
    body = "# Top\n```\n# code\n```\n####### seven"
    monday = FRIDAY - timedelta(days=4)
    store.record(journal.log_pass(ATTENTION, 2, past), now=FRIDAY)
    store.record(journal.save_note(ATTENTION, "n", body), now=monday)
    text = dumps(review_of(store, Config(), "week", past, TODAY))
    assert "**Week met · 1 week**" in text
    assert "Top" not in text
    missed = dumps(review_of(store, Config(), "week", TODAY - timedelta(weeks=1), TODAY))
    assert "**Week missed**" in missed
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    text = dumps(review_of(store, Config(), "week", TODAY, TODAY))
    assert "### Top\n```\n# code\n```\n####### seven" in text


def test_the_review_leaves_out_what_a_template_asks_and_nothing_answers(store: Store) -> None:
    blank, begun = template(2, {}), template(2, {}) + "- LoRA"
    store.record(
        journal.log_pass(ATTENTION, 2, TODAY),
        journal.save_note(ATTENTION, "n", begun),
        journal.save_note("he2015deep", "o", blank),
        now=FRIDAY,
    )
    review = review_of(store, Config(), "week", TODAY, TODAY)
    text = dumps(review)
    assert "Second pass on Friday\n\n### To read next\n- LoRA" in text
    assert "Figure 1" not in text
    assert [note["body"] for note in as_json(review)["notes"]] == [begun, blank]


def test_a_corrected_day_takes_its_minutes_along(store: Store) -> None:
    logged = journal.log_pass(ATTENTION, 2, TODAY, 60, [(TODAY, 60)])
    store.record(logged, now=FRIDAY)
    (reading,) = store.reading_log.work(ATTENTION).readings
    earlier = TODAY - timedelta(days=10)
    store.record(journal.correct_reading(ATTENTION, reading.id, 2, earlier, 60), now=FRIDAY)
    assert store.reading_log.minutes(earlier, TODAY) == {earlier: 60}


async def test_every_entry_is_within_reach(make: Make, store: Store) -> None:
    fill(store, TODAY)
    store.record(journal.log_pass("kleppmann2017designing", 2, None), now=FRIDAY)
    async with make().run_test(size=(120, 160)) as pilot:
        assert "Designing Data-Intensive" not in await look(pilot, "p")
        assert "second pass  before papertui" in await look(pilot, "a")


async def test_how_much_of_the_log_is_shown_is_said_where_the_log_is_out_of_sight(
    make: Make, store: Store
) -> None:
    days = range(LATEST + 1)
    store.record(*(journal.log_pass(ATTENTION, 1, TODAY - timedelta(days=day)) for day in days))
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p")
        assert "The log shows all 16 entries" in await look(pilot, "a")
        assert "The log shows the latest of 16 entries" in await look(pilot, "a")


def test_an_empty_week_has_a_review_too(store: Store) -> None:
    text = dumps(review_of(store, Config(), "week", TODAY, TODAY))
    assert "Nothing was logged this week." in text


def test_the_review_is_written_only_to_a_new_file(tmp_path: Path, database: Path) -> None:
    runner = CliRunner()
    out = tmp_path / "week.md"
    assert runner.invoke(papertui, ["review", "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("# Week of ")
    again = runner.invoke(papertui, ["review", "--out", str(out)])
    assert "is there already" in str(again.exception)
    assert runner.invoke(papertui, ["review", "--week", "-7d"]).stdout.startswith("# Week of ")


def test_the_summary_of_an_earlier_day_leaves_out_later_entries(store: Store) -> None:
    store.record(journal.log_pass("he2015deep", 2, date(2026, 3, 4), 50), now=FRIDAY)
    store.record(journal.log_pass(ATTENTION, 2, TODAY, 60), now=FRIDAY)
    then = summarise(store, Config(), date(2026, 3, 8))
    assert then.streak is not None
    assert (then.streak.weeks, then.passes, then.minutes) == (1, {2: 1}, 50)
    assert [entry.work for entry in then.latest] == ["he2015deep"]
    done = {branch.path: branch.done for branch in then.branches}
    assert done["deep-learning-papers"] == 1
    assert summarise(store, Config(), TODAY).minutes == 110


def test_stats_as_of_a_day_and_the_screen_agree(store: Store, database: Path) -> None:
    fill(store, TODAY)
    for day in (TODAY, TODAY - timedelta(days=100)):
        result = CliRunner().invoke(papertui, ["stats", "--json", "--as-of", day.isoformat()])
        assert json.loads(result.stdout) == json.loads(
            json.dumps(summarise(store, Config(), day).as_json())
        )


@given(
    st.lists(
        st.tuples(
            st.sampled_from((ATTENTION, "he2015deep", "kingma2014adam")),
            st.integers(1, 3),
            st.integers(0, 60),
        ),
        max_size=8,
    ),
    st.lists(st.integers(0, 60), max_size=2),
    st.none() | st.integers(1, 3),
)
@examples(25)
def test_header_page_and_json_never_disagree_and_undo_restores_them(
    passes: list[tuple[str, int, int]], rests: list[int], goal: int | None
) -> None:
    changes = [journal.log_pass(w, d, TODAY - timedelta(days=ago)) for w, d, ago in passes]
    changes += [journal.rest(TODAY - timedelta(days=ago), on=True) for ago in rests]
    if goal:
        changes.append(journal.set_goal("full-reads-a-week", goal, TODAY))
    with (
        TemporaryDirectory() as folder,
        Store(fresh_database(Path(folder) / "papertui.db"), clock=lambda: FRIDAY) as store,
    ):
        before = summarise(store, Config(), TODAY).as_json()
        acts = [store.record(change) for change in changes]
        summary = summarise(store, Config(), TODAY)
        # Before the week, the header says what is to recall.
        headline = PaperTui(store, Config()).headlines()[0].split(" to recall · ")[-1]
        assert headline == summary.as_json()["streak"]["headline"]
        week = summary.as_json()["week"]
        done = f"{week['full_reads']}/{week['target']} full reads"
        assert done in progress_page(summary, 80)[0].text
        for act in reversed(acts):
            store.undo(act)
        assert summarise(store, Config(), TODAY).as_json() == before


def test_undo_restores_the_picture_exactly(store: Store) -> None:
    fill(store, TODAY)
    before = summarise(store, Config(), TODAY).as_json()
    for change in (
        journal.log_pass(ATTENTION, 3, TODAY, 200),
        journal.rest(TODAY, on=True),
        journal.set_goal("full-reads-a-week", 3, TODAY),
        journal.scan(TODAY, 5),
    ):
        act = store.record(change)
        assert summarise(store, Config(), TODAY).as_json() != before or change.kind == journal.REST
        store.undo(act)
        assert summarise(store, Config(), TODAY).as_json() == before


def test_the_demo_is_a_year_of_reading(store: Store) -> None:
    fill(store, TODAY)
    summary = summarise(store, Config(), TODAY)
    assert summary.streak is not None
    assert summary.streak.weeks > 5
    assert sum(summary.passes.values()) > 50
    assert all(local_time(e.wall, e.utc_offset).date() <= TODAY for e in store.events())
    history = week_rules(store, Config()).history(store.reading_log.full_reads(), TODAY)
    assert {State.REST, State.MISSED} <= {week.state for week in history}
    # `e r` shows them without asking arXiv, as nothing is followed.
    assert len(store.new_papers.fetched()) > 3


@pytest.mark.parametrize("width", [36, 40, 60, 80, 111, 112, 120, 185, 186, 200, 240])
def test_the_page_fits_its_width_and_uses_it(store: Store, width: int) -> None:
    fill(store, TODAY)
    lines = [line.text for line in progress_page(summarise(store, Config(), TODAY), width)]
    assert any("(a first pass is 1, a third 3)" in line for line in lines), "what adds up"
    assert max(map(cells, lines)) <= width
    assert width < 80 or max(map(cells, lines)) > 0.8 * width
    page = "\n".join(lines)
    for part in (
        "that week: ",
        "Passes and time by week",
        "Log",
        "Works done",
        "In all",
        "third pass",
    ):
        assert page.count(part) >= 1, part


def test_a_goal_that_the_reader_never_set_is_as_the_lists_advise(store: Store) -> None:
    def goals() -> list[str]:
        page = progress_page(summarise(store, Config(), TODAY), 80)
        return [line.text for line in page if "scanned" in line.text or "reproduced" in line.text]

    assert goals()[0].endswith("titles scanned, by Sun 22 Nov, as the lists advise")
    assert goals()[1].endswith("0/1 reproduced this month, as the lists advise")
    store.record(journal.set_goal("scanned", 15, TODAY))
    assert "0/15 titles scanned, by Sun 22 Nov" in goals()[0]
    assert ["advise" in line for line in goals()] == [False, True]


def test_the_time_of_a_day_is_beside_what_took_it(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY, 62), now=FRIDAY)
    page = "\n".join(line.text for line in progress_page(summarise(store, Config(), TODAY), 100))
    assert "today: second pass of Attention Is All You Need · 1 h 2 min" in page
    store.record(journal.log_pass("he2015deep", 1, TODAY, 10), now=FRIDAY)
    page = "\n".join(line.text for line in progress_page(summarise(store, Config(), TODAY), 100))
    assert "today · 1 h 12 min in all" in page
    assert "second pass of Attention Is All You Need · 1 h 2 min" in page
    assert "first pass of Deep Residual Learning for Image Recognition · 10 min" in page
    page = "\n".join(line.text for line in progress_page(summarise(store, Config(), TODAY), 38))
    assert "     second pass · 1 h 2 min\n       Attention Is All You Need\n" in page
    # Of a pass that took some of another day, its part is beside the others.
    sittings = [(TODAY - timedelta(days=1), 41), (TODAY, 24)]
    store.record(journal.log_pass("kingma2014adam", 2, TODAY, 65, sittings), now=FRIDAY)
    page = "\n".join(line.text for line in progress_page(summarise(store, Config(), TODAY), 100))
    assert "today · 1 h 36 min in all" in page
    assert "Stochastic Optimization · 24 min of 1 h 5 min" in page


@pytest.mark.parametrize("today", [11, 0])
def test_a_day_of_a_sitting_counts_where_days_are_shown_and_says_its_part(
    store: Store, today: int
) -> None:
    before = TODAY - timedelta(days=3)
    minutes = [(before, 21 - today), *([(TODAY, today)] if today else [])]
    store.record(journal.log_pass(ATTENTION, 3, TODAY, 21, minutes), now=FRIDAY)
    summary = summarise(store, Config(), TODAY)
    page = "\n".join(line.text for line in progress_page(summary, 100))
    assert f"today: third pass of Attention Is All You Need · {today} min of 21 min" in page
    assert "in all" not in page
    days = {
        summary.heatmap.day(column, row): level
        for column, levels in enumerate(summary.heatmap.columns)
        for row, level in enumerate(levels)
    }
    assert (days[before], days[TODAY]) == (1, 3)


@pytest.mark.parametrize("size", [(40, 24), (80, 24), (120, 40), (200, 50)])
async def test_a_click_on_a_day_selects_it(make: Make, store: Store, size: tuple[int, int]) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY - timedelta(days=8)), now=FRIDAY)
    async with make().run_test(size=size) as pilot:
        lines = (await look(pilot, "p")).split("\n")
        y = next(y for y, line in enumerate(lines) if line.startswith(" Thu  ") or "Wed  " in line)
        # Thursday a week ago is below Wednesday, where the second pass is.
        x = lines[y + 1].index("▒")
        await pilot.click(offset=(x, y + 1))
        assert "Thu 12 Nov 2026: second pass" in " ".join((await look(pilot)).split())


def test_a_narrow_page_shows_the_weeks_around_the_cursor(store: Store) -> None:
    grid = summarise(store, Config(), TODAY).heatmap
    for weeks in (10, 35, 53):
        for column in range(len(grid.columns)):
            window = grid.with_day(grid.day(column, 3), weeks)
            assert len(window.columns) == weeks
            assert window.first <= grid.day(column, 0)
            assert grid.day(column, 6) <= window.last


def test_a_review_tells_what_was_new_and_what_was_explained(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY, 62), journal.scan(TODAY, 12), now=FRIDAY)
    store.record(journal.log_pass("he2015deep", 1, TODAY, 8), now=FRIDAY)
    store.record(journal.share(ATTENTION, TODAY), now=FRIDAY)
    text = dumps(review_of(store, Config(), "week", TODAY, TODAY))
    assert "I read 2 works, 1 of them in full, in 1 h 10 min." in text
    assert "I scanned 12 new titles. I explained *Attention Is All You Need*." in text


def test_a_review_tells_what_was_recalled(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY - timedelta(days=9)), now=FRIDAY)
    settings = scheduling((), 0.9).as_json()
    store.record(journal.rate_card(ATTENTION, "", TODAY - timedelta(days=1), 1, settings))
    store.record(journal.rate_card(ATTENTION, "", TODAY, 3, settings))
    assert "I recalled 1 of 2 answers." in dumps(review_of(store, Config(), "week", TODAY, TODAY))
    hidden = Config(recall=False)
    assert "recalled" not in dumps(review_of(store, hidden, "week", TODAY, TODAY))


def test_a_month_has_a_review_of_its_weeks(store: Store) -> None:
    for day in (date(2026, 10, 1), date(2026, 10, 14), date(2026, 11, 2)):
        store.record(journal.log_pass(ATTENTION, 2, day), now=FRIDAY)
    store.record(journal.rest(date(2026, 10, 20), on=True), now=FRIDAY)
    text = dumps(review_of(store, Config(), "month", date(2026, 10, 31), TODAY))
    assert text.startswith("# October 2026\n\nI read 1 work in full, in 2 passes.")
    # Those that end in October: of the 4th, 11th, 18th and 25th.
    assert "**2 of 3 weeks met, and 1 rest week**" in text
    assert "Second pass on Thu 1 Oct; second pass on Wed 14 Oct" in text
    assert "## Next" not in text
    for month in ("2026-10-31", "2026-10"):
        shell = CliRunner().invoke(papertui, ["review", "--month", month])
        assert shell.stdout.startswith("# October 2026")
    with machine_at("2026-10-31T12:00", "UTC"):
        shell = CliRunner().invoke(papertui, ["review", "--month"])
    assert shell.stdout.startswith("# October 2026")


def milestones_of(store: Store, day: date, config: Config | None = None) -> list[str]:
    return list(review_of(store, config or Config(), "week", day, day).milestones)


async def test_a_milestone_is_a_line_in_its_week_only(make: Make, store: Store) -> None:
    section = next(b for b in store.tree.sections() if b.title == "Computer Vision")
    works = dict.fromkeys(
        leaf.work for leaf in store.tree.leaves(TreeQuery(TODAY), [section.id])[section.id]
    )
    store.record(*(journal.log_pass(work, 2, TODAY) for work in works), now=FRIDAY)
    line = "The section Computer Vision is finished."
    async with make().run_test(size=SMALL) as pilot:
        assert f"This week: {line}" in await look(pilot, "p")
    assert line in dumps(review_of(store, Config(), "week", TODAY, TODAY))
    for weeks in (-1, 1):
        day = TODAY + timedelta(weeks=weeks)
        assert milestones_of(store, day) == []


def test_hundredth_reads_and_years_in_a_row_are_milestones(store: Store) -> None:
    monday = date(2025, 11, 24)
    for number in range(52):
        week = monday + timedelta(weeks=number)
        works = [journal.log_pass(f"w{number}-{n}", 2, week) for n in range(2)]
        store.record(*works, now=FRIDAY)
    assert milestones_of(store, monday + timedelta(weeks=49)) == ["100 works read in full."]
    last = monday + timedelta(weeks=51)
    assert milestones_of(store, last) == ["52 weeks in a row: 1 year."]
    assert milestones_of(store, last, Config(streak=False)) == []


@pytest.mark.parametrize(
    ("typed", "shown", "undone"),
    [
        ("titles 15", "0/15 titles scanned", "goal of 15 scanned titles a week, back to 10"),
        ("explained 2", "0/2 explained", "goal of 2 explained works a week, back to none"),
        ("reproduced 3", "0/3 reproduced", "goal of 3 reproduced works a month, back to 1"),
    ],
)
async def test_every_goal_that_is_shown_is_set_and_taken_away_in_one_place(
    make: Make, typed: str, shown: str, undone: str
) -> None:
    name, number = typed.split()
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "p", "t")
        await type_in(pilot, typed)
        assert shown in await look(pilot, "enter")
        assert f", goal {number}" in await look(pilot, "escape", "e")
        assert f"Undone: {undone}" in await look(pilot, "escape", "p", "u")
        await press(pilot, "ctrl+r", "t")
        await type_in(pilot, f"{name} 0")
        screen = await look(pilot, "enter")
        assert "Goal: no " in screen
        assert shown.removeprefix("0") not in screen


@pytest.mark.usefixtures("indexed")
def test_goals_are_set_and_printed_in_the_shell() -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(papertui, ["goal", *words])
        assert result.exit_code == 0
        return result.output

    # A Monday before the day starts.
    with machine_at("2026-11-30T03:00"):
        since = "from the week of Mon 23 Nov 2026 on. papertui undo takes it back.\n"
        assert run("titles", "15") == f"Goal: 15 scanned titles a week, {since}"
        assert run("2") == f"Goal: 2 full reads a week, {since}"
        assert run().splitlines() == [
            "reads       2 full reads a week",
            "titles      15 scanned titles a week",
            "reproduced  1 reproduced work a month, as the lists advise",
            "explained   no goal",
        ]


async def test_a_correction_shows_what_can_be_typed_and_asks_before_a_pass_is_there_twice(
    make: Make, store: Store
) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    store.record(journal.log_pass(ATTENTION, 1, TODAY, 9), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "p", "right_square_bracket", "enter")
        for form in ("yesterday", "fri", "2026-11-14", "1h10"):
            assert form in screen
        await press(pilot, "ctrl+u")
        await type_in(pilot, f"{ATTENTION} 1 today 9")
        screen = await look(pilot, "enter")
        assert "logged already, for Fri 20 Nov. Keep both?" in " ".join(screen.split())
        assert f"{ATTENTION} 1 today 9" in await look(pilot, "n")
        assert sorted(r.depth for r in store.reading_log.work(ATTENTION).readings) == [1, 2]
        await press(pilot, *(["backspace"] * 7))
        await type_in(pilot, "yesterday 9")
        assert "Corrected: first pass" in await look(pilot, "enter")


async def test_the_footer_says_what_enter_does_to_an_entry(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        assert "⏎ correct" in (await look(pilot, "p")).split("\n")[-1]
        # Of a day without entries, the key selects the first of the log.
        for keys, label in ((("left",), "⏎ [ ] select"), (("enter",), "⏎ correct")):
            assert label in (await look(pilot, *keys)).split("\n")[-1]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_titles_of_the_log_begin_in_one_column(store: Store, width: int) -> None:
    for number, minutes in enumerate((5, 62, 605)):
        now = FRIDAY - timedelta(days=number)
        for work, depth in (("sanderson2017neural", 2), (ATTENTION, 1)):
            store.record(journal.log_pass(work, depth, now.date(), minutes), now=now)
    page = [line.text for line in progress_page(summarise(store, Config(), TODAY), width)]
    heading = next(number for number, line in enumerate(page) if "Log" in line.split())
    columns = {
        line.index(title)
        for line in page[heading:]
        for title in ("Attention Is", "But what is")
        if title in line
    }
    assert len(columns) == 1


def test_a_pace_leaves_out_weeks_before_the_reader_began(store: Store) -> None:
    works = ("he2015deep", "kingma2014adam", "srivastava2014dropout", "rumelhart1986learning")
    for week, work in enumerate(works):
        store.record(journal.log_pass(work, 2, TODAY - timedelta(weeks=week)))
    summary = summarise(store, Config(), TODAY)
    pace = next(each for each in summary.pace if each.title == "Deep Learning Papers")
    # Four in 26 days, from a Monday to a Friday.
    assert (pace.left, pace.done_by) == (30, TODAY + timedelta(days=30 * 26 // 4))
    assert "pace of the last 4 weeks" in "\n".join(x.text for x in progress_page(summary, 80))


@pytest.mark.parametrize(("weeks", "is_told"), [(2, False), (5, True)])
def test_when_a_list_will_be_done_is_told_after_some_weeks(
    store: Store, weeks: int, is_told: bool
) -> None:
    for week, work in zip(range(weeks), ("he2015deep", "kingma2014adam") * 3, strict=False):
        store.record(journal.log_pass(work, 2, TODAY - timedelta(weeks=week)))
    summary = summarise(store, Config(), TODAY)
    assert bool(summary.pace) is is_told
    # However narrow it is, when that will be stands in one line.
    texts = [line.text for line in progress_page(summary, 40)]
    assert all(re.search(r" left, done \w{3} \d{4}$", text) for text in texts if " left" in text)


async def test_a_hidden_streak_is_not_offered_to_be_explained(store: Store) -> None:
    async with PaperTui(store, Config(streak=False)).run_test(size=SMALL) as pilot:
        screen = await look(pilot, "p")
        assert "y why" not in screen
        assert "0/1 full reads this week" in screen
        assert "The streak is hidden" in await look(pilot, "y")


@pytest.mark.parametrize(("key", "line"), [("home", 0), ("k", 11), ("j", 13)])
async def test_a_key_scrolls_as_far_while_a_message_goes(
    make: Make, store: Store, key: str, line: int
) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "p", *"jjjjjjjjjjjj")
        page = pilot.app.screen.query_one(PagePane)
        await wait_until(lambda: page.scroll_offset.y == 12)
        pilot.app.screen.show_message("A message of words. " * 10)  # type: ignore[attr-defined]
        await look(pilot)
        assert page.scroll_offset.y == 12
        await look(pilot, key)
        await wait_until(lambda: page.scroll_offset.y == page.scroll_target_y)
        assert page.scroll_offset.y == line
