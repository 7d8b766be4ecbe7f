"""The session screen through keys: time, ticks, leaving and coming back, logging."""

import sqlite3
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from papertui.config import Config
from papertui.core import journal
from papertui.core.note_templates import template
from papertui.core.reading_session import Session
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.system import editor as outside
from papertui.tui.app import PaperTui
from papertui.tui.screens.session import SessionScreen
from papertui.tui.widgets.bars import MessageLine
from tests.conftest import FRIDAY, TODAY
from tests.support.clocks import StillClock
from tests.support.drafts import draft_texts
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    look,
    press,
    screen_text,
    type_in,
    wait_for,
    wait_for_workers,
    wait_until,
)

ATTENTION = "vaswani2017attention"


Make = Callable[..., PaperTui]


@pytest.fixture
def make(store: Store) -> Make:
    return lambda **config: PaperTui(store, Config(**config))


async def read_for(pilot: Pilot[int], clock: StillClock, minutes: int) -> None:
    """Let time pass a tick at a time, with a key every five minutes."""
    screen = pilot.app.screen
    assert isinstance(screen, SessionScreen)
    for third in range(minutes * 3):
        if third % 15 == 0:
            await pilot.press("end")
        clock.passed += 20
        screen.tick()


def time_passes(pilot: Pilot[int], clock: StillClock, seconds: float) -> None:
    """Let time pass without a tick, up to one at its end."""
    screen = pilot.app.screen
    assert isinstance(screen, SessionScreen)
    clock.passed += seconds
    screen.tick()


async def begin(pilot: Pilot[int], clock: StillClock, minutes: int, words: str = "") -> None:
    """Begin a second pass, write words and read for some minutes."""
    await find(pilot, "attention is all")
    await press(pilot, "s", "2", *words)
    await read_for(pilot, clock, minutes)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_s_offers_the_next_pass_and_starts(
    make: Make, store: Store, size: tuple[int, int]
) -> None:
    store.record(journal.log_pass(ATTENTION, 1, TODAY), now=FRIDAY)
    async with make().run_test(size=size) as pilot:
        await find(pilot, "attention is all")
        assert "Second pass of Attention" in await look(pilot, "s")
        screen = await look(pilot, "enter")
        assert "Second pass · Attention" in screen
        # As the page of the work and up next say.
        about = store.reading_times.of_work(ATTENTION)
        assert about and about.words(2) == "about 55 min"
        assert "of 55 min" in screen
        await type_in(pilot, "typed at once")
        assert "typed at once" in await look(pilot)


async def test_another_pass_can_be_chosen_on_the_way_in(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "s", "3")
        assert "Third pass · Attention" in screen
        assert "Reproduce the main result" in screen


async def test_time_ticks_and_text_wait_until_the_reader_comes_back(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2")
        await type_in(pilot, "half a thought")
        await press(pilot, "f4", "enter", "f4")
        await read_for(pilot, clock, 25)
        assert "waits · s goes on" in await look(pilot, "escape")
        logged = " ".join((await look(pilot, "2")).split())
        assert "its session waits on · w goes to it · u takes it back" in logged
        await press(pilot, "u", "q")
    clock.passed += 86_400
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot)
        assert "Waiting (w): Second pass of Attention Is All" in screen
        assert ": 25 min, 3 words, yesterday" in screen
        screen = await look(pilot, "s")
        assert "25 min of 55 min" in screen
        assert "half a thought" in screen
        assert "☑ The whole text" in screen


async def test_a_session_begun_by_mistake_leaves_nothing_behind(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        before = await look(pilot)
        await press(pilot, "s", "enter")
        await read_for(pilot, clock, 0)
        clock.passed += 20
        screen = await look(pilot, "f4", "escape", "escape")
        assert "Left within a minute, so no session waits on Attention" in screen
        assert screen.split("\n")[0] == before.split("\n")[0]
        assert store.drafts.waiting() == []
        await press(pilot, "s", "enter", "ctrl+q")
    assert store.drafts.waiting() == []
    assert store.events() == []


@pytest.mark.parametrize("timer", [True, False])
@pytest.mark.parametrize("done", ["a word", "a tick", "time", "an earlier sitting", "a saved note"])
async def test_a_session_in_which_anything_was_done_waits(
    make: Make, store: Store, clock: StillClock, timer: bool, done: str
) -> None:
    async with make(timer=timer).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "1")
        if done == "a word":
            await press(pilot, "w")
        elif done == "a tick":
            await press(pilot, "f4", "space", "f4")
        elif done == "time":
            clock.passed += 61
        elif done == "an earlier sitting":
            await press(pilot, "w", "escape", "s", "backspace")
        else:
            await press(pilot, "w", "ctrl+s", "backspace")
        assert "waits · s goes on with it" in await look(pilot, "escape")
        # Its text is not that of a note, which says so.
        if done == "a word":
            assert "waits with 1 word; this is another note" in await look(pilot, "n")
            await press(pilot, "escape")
            screen = await look(pilot, "N")
            assert "n writes one and s goes on with the session that waits" in screen
            assert "its session waits, and comes first" in await look(pilot, "x", "p", "enter")
    assert [draft.work for draft in store.drafts.waiting()] == [ATTENTION]


async def test_a_session_ends_unlogged_after_a_question_and_its_note_is_saved(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"heads")
        await read_for(pilot, clock, 5)
        screen = " ".join((await look(pilot, "f9")).split())
        assert "without logging it (5 min will not count, the note is saved)?" in screen
        assert "Second pass · Attention" in await look(pilot, "n")
        assert "Ended, not logged: Attention" in await look(pilot, "f9", "y")
        record = store.reading_log.work(ATTENTION)
        assert (record.readings, [note.body for note in record.notes]) == ((), ["heads"])
        assert store.drafts.waiting() == []
        await press(pilot, "s", "enter", "f9", "y")
        assert store.drafts.waiting() == []
        # Nothing was read in that one, so that undo is about the one before.
        screen = " ".join((await look(pilot, "u")).split())
        assert "Undo end of the session on Attention" in screen
        assert "the session waits again with its text (today)?" in screen
        screen = " ".join((await look(pilot, "y")).split())
        assert "the session waits again with its text" in screen
        assert store.reading_log.work(ATTENTION).notes == ()
        assert "Done again: end of the session" in await look(pilot, "ctrl+r")
        assert (store.drafts.waiting(), len(store.reading_log.work(ATTENTION).notes)) == ([], 1)
        screen = await look(pilot, "u", "y", "s")
        assert "5 min of 55 min" in screen
        assert "heads" in screen
        assert "Second pass" in screen


async def test_w_walks_the_drafts_that_wait_and_the_header_says_so(
    make: Make, store: Store, clock: StillClock
) -> None:
    session = Session(2).sit_down(TODAY).read_for(600)._replace(since=store.clock())
    store.drafts.save(Draft("d1", "he2015deep", "n1", (), "deep thought"))
    store.drafts.save(Draft("d2", ATTENTION, "n2", (), "a note"))
    store.drafts.save(Draft("d3", ATTENTION, "n3", (), "", session))
    store.drafts.close()
    clock.passed += 300
    waiting = {draft.id: draft.work for draft in store.drafts.waiting()}
    titles = {ATTENTION: "Attention Is All", "he2015deep": "Deep Residual"}
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot)
        assert "3 waiting (w): " in screen.split("\n")[0]
        seen = []
        for number in (1, 2, 3, 1):
            message = "".join(pilot.app.screen.query_one(MessageLine).message)
            assert f"({number} of 3: w goes to the next)" in message
            assert ("the timer runs, 15 min" in message) == ("Second pass" in message)
            seen.append(next(work for work, title in titles.items() if title in message))
            assert ("s goes" if "pass of" in message else "n goes") in message
            await press(pilot, "w")
        assert seen == [*waiting.values(), next(iter(waiting.values()))]
        assert "deep thought" in await look(pilot, "w", "n")


@pytest.mark.parametrize("hides", [False, True])
async def test_the_offer_of_a_session_goes_once_that_was_ended_elsewhere(
    make: Make, store: Store, hides: bool
) -> None:
    session = Session(2).sit_down(TODAY).read_for(600)
    store.drafts.save(Draft("d", ATTENTION, "n", (), "a note", session))
    store.drafts.close()
    store.set_setting("filter", '{"kind": ["video"]}' if hides else "{}")
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        assert "10 min, 2 words, today · s goes on with it" in await look(pilot)
        store.drafts.drop("d")
        app.changed()
        assert "goes on with it" not in await look(pilot)
        # Nor does the key go on with it.
        started = "First pass of Attention" if not hides else "Go to a work first"
        assert started in await look(pilot, "s")


@pytest.mark.parametrize("is_open", [False, True])
async def test_a_session_follows_its_work_into_the_one_that_another_device_merged_it_into(
    make: Make, store: Store, is_open: bool
) -> None:
    store.record(journal.add_work("mine", {"title": "Mine alone", "kind": "paper"}))
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "mine alone")
        await press(pilot, "s", "2", *"words", *["escape"] * (not is_open))
        # As a sync brings it: here such a merge would be refused.
        store.record(journal.merge_works("mine", ATTENTION))
        app.changed()
        if not is_open:
            await find(pilot, "attention is all")
            assert "‖" in await look(pilot)
            assert "its session waits on" in " ".join((await look(pilot, "2")).split())
            await press(pilot, "u", "home", "w")
            # The session itself, without asking for a pass, and with the words.
            await press(pilot, "s")
        screen = await look(pilot, *" here")
        assert "Second pass · Attention Is All" in screen.split("\n")[0]
        assert "Logged: second pass of Attention Is All" in await look(pilot, "ctrl+l", "enter")
        assert "Second pass · Attention" in await look(pilot, "u", "y", "s")


async def test_the_offer_of_a_session_follows_its_work_into_another(
    make: Make, store: Store
) -> None:
    store.record(journal.add_work("mine", {"title": "Mine alone", "kind": "paper"}))
    store.drafts.save(Draft("d", "mine", "n", (), "a note", Session(2).sit_down(TODAY)))
    store.drafts.close()
    # The cursor is elsewhere.
    store.set_setting("filter", '{"kind": ["video"]}')
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        assert "s goes on with it" in await look(pilot)
        store.record(journal.merge_works("mine", ATTENTION))
        app.changed()
        assert "Second pass · Attention" in await look(pilot, "s")


async def test_w_says_that_nothing_waits(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "No note and no session is waiting" in await look(pilot, "w")


async def test_a_filter_that_hides_a_waiting_work_gives_way_to_w(make: Make, store: Store) -> None:
    store.drafts.save(Draft("d", ATTENTION, "n", (), "a note"))
    store.drafts.close()
    store.set_setting("filter", '{"kind": ["video"]}')
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "w")
        shown = " ".join(screen.split())
        assert "hid it and is cleared: F brings it back · n goes on with it" in shown
        assert "Attention Is All" in screen


async def test_pass_minutes_and_note_are_one_entry_and_one_undo(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2")
        await type_in(pilot, "heads differ")
        await read_for(pilot, clock, 70)
        screen = await look(pilot, "ctrl+l")
        assert "1 h 10 min unless typed" in screen
        assert "2 2026-11-20" in screen
        await press(pilot, "6", "2", "enter")
        screen = await look(pilot)
        assert "1 h 2 min, with note" in screen
        record = store.reading_log.work(ATTENTION)
        assert [(r.depth, r.minutes) for r in record.readings] == [(2, 62)]
        assert [(note.body, note.depth) for note in record.notes] == [("heads differ", 2)]
        assert store.drafts.waiting() == []
        screen = await look(pilot, "u")
        screen = " ".join(screen.split())
        assert "with its note, for Fri 20 Nov 2026, 1 h 2 min; the session waits again" in screen
        assert "with its text (logged today)?" in screen
        await press(pilot, "y")
        record = store.reading_log.work(ATTENTION)
        assert (record.readings, record.notes) == ((), ())
        await press(pilot, "ctrl+r")
        assert store.reading_log.work(ATTENTION).depth == 2
        assert store.drafts.waiting() == []
        await press(pilot, "u", "y")
        screen = await look(pilot, "s")
        assert "heads differ" in screen
        assert "1 h 10 min of 55 min" in screen


@pytest.mark.parametrize("is_saved_before", [False, True])
async def test_a_session_logged_as_another_pass_has_its_note_on_that_pass(
    make: Make, store: Store, is_saved_before: bool
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "1", *"heads", *["ctrl+s"] * is_saved_before, "ctrl+l", "ctrl+u")
        await type_in(pilot, "2 today 90")
        assert "Logged: second pass" in await look(pilot, "enter")
    (note,) = store.reading_log.work(ATTENTION).notes
    assert (note.body, note.depth) == ("heads", 2)
    store.undo(store.last_act())
    (draft,) = store.drafts.waiting()
    assert draft.session
    assert (draft.session.depth, draft.body) == (1, "heads")


async def test_the_time_in_the_header_stands_while_the_line_to_log_has_it(
    make: Make, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2")
        session = pilot.app.screen
        assert isinstance(session, SessionScreen)
        await read_for(pilot, clock, 25)
        assert "25 min unless typed" in await look(pilot, "ctrl+l")
        for _ in range(3):
            clock.passed += 20
            session.tick()
        assert "25 min of 55 min" in await look(pilot)
        await press(pilot, "escape")
        session.tick()
        assert "26 min of 55 min" in await look(pilot)


async def test_minutes_count_for_the_days_they_were_read_on(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 25)
        await press(pilot, "escape")
        clock.passed += 86_400
        await press(pilot, "s")
        await read_for(pilot, clock, 35)
        assert "1 h unless typed" in await look(pilot, "ctrl+l")
        await press(pilot, "enter")
    (logged,) = [event for event in store.events() if event.kind == journal.PASS]
    assert logged.data["read_on"] == "2026-11-21"
    assert logged.data["sittings"] == [["2026-11-20", 25], ["2026-11-21", 35]]


@pytest.mark.parametrize("by_shell", [False, True])
@pytest.mark.parametrize(("answer", "away"), [("f5", 16 * 60), ("f6", 0)])
async def test_what_is_read_after_a_night_is_of_the_day_after_it(
    make: Make, store: Store, clock: StillClock, by_shell: bool, answer: str, away: int
) -> None:
    if by_shell:
        timed = Session(2).sit_down(TODAY)._replace(since=store.clock())
        store.drafts.save(Draft("d", ATTENTION, "n", (), "", timed))
        store.drafts.close()
        clock.passed += 16 * 3600
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, *("s" if by_shell else "s2"))
        if not by_shell:
            await read_for(pilot, clock, 25)
            time_passes(pilot, clock, 16 * 3600)
        assert "You were away" in await look(pilot)
        await press(pilot, answer)
        await read_for(pilot, clock, 35)
        await press(pilot, "ctrl+l", "enter")
        assert "Logged: second pass" in await look(pilot)
    before = away if by_shell else away + 25
    tomorrow = date(2026, 11, 21)
    assert store.reading_log.minutes() == {
        day: m for day, m in ((TODAY, before), (tomorrow, 35)) if m
    }
    assert [r.read_on for r in store.reading_log.work(ATTENTION).readings] == [tomorrow]


@pytest.mark.parametrize(
    ("evening", "morning", "day"),
    [("word", "", TODAY), ("", "", TODAY), ("word", "x", date(2026, 11, 21))],
)
@pytest.mark.parametrize("break_", ["", "ctrl+t"])
async def test_a_look_at_a_session_left_open_overnight_is_no_sitting(
    make: Make, store: Store, clock: StillClock, break_: str, evening: str, morning: str, day: date
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 25, evening)
        await press(pilot, *filter(None, [break_]))
        time_passes(pilot, clock, 16 * 3600)
        await press(pilot, break_ or "f6", *morning)
        clock.passed += 4
        if not morning:
            # Nor are the looks of two days.
            pilot.app.screen.tick()  # type: ignore[attr-defined]
            time_passes(pilot, clock, 24 * 3600)
            await press(pilot, "f6")
            time_passes(pilot, clock, 4)
        assert f"2 {day}" in await look(pilot, "ctrl+l")
        await press(pilot, "enter")
    assert [r.read_on for r in store.reading_log.work(ATTENTION).readings] == [day]
    assert store.reading_log.minutes() == {TODAY: 25}


@pytest.mark.parametrize("taken_back", [("ctrl+l", "n", "enter"), ("f6", "f9", "y")])
async def test_a_look_is_no_sitting_after_an_act_was_taken_back_either(
    make: Make, store: Store, clock: StillClock, taken_back: tuple[str, ...]
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 25, "word")
        time_passes(pilot, clock, 16 * 3600)
        time_passes(pilot, clock, 4)
        await press(pilot, *taken_back, "u", "y", "s")
        if taken_back[0] == "ctrl+l":
            await press(pilot, "f6")
        assert "2 2026-11-20" in await look(pilot, "ctrl+l")


@pytest.mark.parametrize("timer", [True, False])
async def test_what_is_written_after_a_night_is_of_the_day_after_it(
    make: Make, store: Store, clock: StillClock, timer: bool
) -> None:
    async with make(timer=timer).run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 0, "word")
        time_passes(pilot, clock, 1)
        time_passes(pilot, clock, 16 * 3600)
        if timer:
            await press(pilot, "f6")
        await press(pilot, *"more")
        time_passes(pilot, clock, 1)
        assert "2 2026-11-21" in await look(pilot, "ctrl+l")


async def test_a_pass_that_comes_in_while_the_line_to_log_is_asked_is_not_logged_twice_unasked(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 25)
        await press(pilot, "ctrl+l")
        store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
        assert "Log it twice?" in " ".join((await look(pilot, "enter")).split())


@pytest.mark.parametrize("minutes", [0, 25])
async def test_a_session_that_is_only_looked_at_is_of_the_day_when_it_was_read(
    make: Make, store: Store, clock: StillClock, minutes: int
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"word")
        await read_for(pilot, clock, minutes)
        await press(pilot, "escape")
        clock.passed += 2 * 86_400
        assert "1 word, Fri 20 Nov" in await look(pilot, "s", "escape")
        assert "2 2026-11-20" in await look(pilot, "s", "ctrl+l")
        # Neither the question nor an undo makes a sitting of the look.
        clock.passed += 20
        pilot.app.screen_stack[-2].tick()  # type: ignore[attr-defined]
        await press(pilot, "enter", "u", "y")
        assert "Fri 20 Nov" in (await look(pilot)).split("\n")[0]
        assert "2 2026-11-20" in await look(pilot, "s", "ctrl+l")
        # Who reads on after all does so today.
        await press(pilot, "escape")
        await read_for(pilot, clock, 5)
        await press(pilot, "ctrl+l", "enter")
    days = {TODAY: minutes, date(2026, 11, 22): 5}
    assert store.reading_log.minutes() == {day: read for day, read in days.items() if read}


@pytest.mark.parametrize("timer", [True, False])
async def test_a_look_takes_no_sitting_but_its_own_away(
    make: Make, store: Store, clock: StillClock, timer: bool
) -> None:
    async with make(timer=timer).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"monday", "escape")
        for words in (" wednesday", ""):
            clock.passed += 2 * 86_400
            await press(pilot, "s", *["space" if sign == " " else sign for sign in words], "escape")
        # However often it is asked, the day is that on which something was written last.
        await press(pilot, "s")
        for _ in range(3):
            assert "2 2026-11-22" in await look(pilot, "ctrl+l")
            await press(pilot, "escape")
        await press(pilot, "x")
        assert "2 2026-11-24" in await look(pilot, "ctrl+l")


@pytest.mark.parametrize(("typed", "day"), [("", 20), ("w", 21)])
async def test_a_sitting_in_which_something_is_written_is_the_last_one(
    make: Make, store: Store, clock: StillClock, typed: str, day: int
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 25)
        await press(pilot, "escape")
        clock.passed += 86_400
        assert f"2 2026-11-{day}" in await look(pilot, "s", "ctrl+t", *typed, "ctrl+l")
        await press(pilot, "enter")
    assert store.reading_log.minutes() == {TODAY: 25}


async def test_minutes_of_another_day_than_that_of_the_sitting_count_for_that_day(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 25)
        await press(pilot, "ctrl+l", *["backspace"] * 11, *"mon 1h10", "enter")
    monday = date(2026, 11, 16)
    assert store.reading_log.minutes(monday, date(2026, 11, 20)) == {monday: 70}


async def be_away(pilot: Pilot[int], clock: StillClock) -> None:
    """Read for five minutes in a second pass, and be away for twenty."""
    await begin(pilot, clock, 5)
    time_passes(pilot, clock, 1200)


async def test_time_away_is_asked_about(make: Make, clock: StillClock) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await be_away(pilot, clock)
        screen = await look(pilot)
        assert "f5 counts that time, f6 leaves it out" in screen
        assert "5 min of 55 min +20 min?" in screen
        screen = await look(pilot, "f5")
        assert "25 min of 55 min ·" in screen
        assert "Counted · f6 leaves it out after all" in screen
        screen = await look(pilot, "f6")
        assert "5 min of 55 min ·" in screen.replace("25 min", "")
        assert "Left out · f5 counts it after all" in screen
        assert "f5 count" in screen
        assert "f6 leave it out" not in screen
        assert "25 min of 55 min ·" in await look(pilot, "f5")
        # Who writes on has answered.
        assert "after all" not in await look(pilot, "x")
        await press(pilot, "f6")
        assert "25 min of 55 min ·" in await look(pilot)


@pytest.mark.parametrize("keys", [("f5",), ("f6",), ("f4", "f4", "f6"), ("ctrl+s", "f6")])
async def test_every_command_is_a_sign_of_the_reader(
    make: Make, clock: StillClock, keys: tuple[str, ...]
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2")
        session = pilot.app.screen
        assert isinstance(session, SessionScreen)

        def pass_minutes(minutes: int) -> None:
            for _ in range(3 * minutes):
                clock.passed += 20
                session.tick()

        pass_minutes(13)
        assert "10 min of 55 min +3 min?" in await look(pilot)
        read = 13 if keys == ("f5",) else 10
        assert f" {read} min of 55 min ·" in await look(pilot, *keys)
        pass_minutes(9)
        assert f" {read + 9} min of 55 min ·" in await look(pilot, "f2", "f2")
        pass_minutes(9)
        assert f" {read + 18} min of 55 min ·" in await look(pilot)


async def test_time_in_question_waits_with_its_session(make: Make, clock: StillClock) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await be_away(pilot, clock)
        await press(pilot, "escape")
        screen = await look(pilot, "s")
        assert "f5 counts that time, f6 leaves it out" in screen
        assert "5 min of 55 min +20 min?" in screen
        assert "25 min of 55 min ·" in await look(pilot, "f5")
        assert "25 min of 55 min ·" in await look(pilot, "escape", "s")


@pytest.mark.parametrize("find_first", [False, True])
async def test_a_reader_who_types_is_not_away(
    make: Make, clock: StillClock, find_first: bool
) -> None:
    """Keys that type never reach the screen itself."""
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *(["f3"] if find_first else []))
        for third in range(60):
            if third % 15 == 0:
                await pilot.press("x")
            time_passes(pilot, clock, 20)
        screen = await look(pilot)
        assert "20 min of 55 min ·" in screen
        assert "min?" not in screen


async def test_a_paused_session_counts_nothing(make: Make, clock: StillClock) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "^t go on" in await look(pilot, "s", "2", "ctrl+t")
        await read_for(pilot, clock, 5)
        assert "0 s of 55 min paused" in await look(pilot)
        assert "^t pause" in await look(pilot, "ctrl+t")
        await read_for(pilot, clock, 5)
        assert "5 min of 55 min ·" in await look(pilot)


async def test_a_reader_who_keeps_no_time_is_never_asked(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make(timer=False).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "s", "2")
        assert "of 55 min" not in screen
        assert "pause" not in screen
        clock.passed += 3600
        await press(pilot, "ctrl+l", "enter")
    assert [r.minutes for r in store.reading_log.work(ATTENTION).readings] == [None]


async def test_time_in_question_is_asked_about_also_once_no_time_is_kept(
    make: Make, store: Store
) -> None:
    session = Session(2).sit_down(TODAY).read_for(1500).question(600)
    store.drafts.save(Draft("d", ATTENTION, "n", (), "Heads.", session))
    store.drafts.close()
    async with make(timer=False).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Count the 10 min" in await look(pilot, "s", "ctrl+l")
        assert "35 min unless typed" in await look(pilot, "y")
        await press(pilot, "enter")
    assert [r.minutes for r in store.reading_log.work(ATTENTION).readings] == [35]


async def test_a_line_that_cannot_be_logged_stays_to_be_corrected(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", "ctrl+l", "x")
        assert "is not a number of minutes" in await look(pilot, "enter")
        await press(pilot, "escape")
        assert store.reading_log.work(ATTENTION).readings == ()


async def test_a_note_draft_becomes_the_text_of_the_session(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", *"old")
        await wait_until(lambda: draft_texts(store) == ["old"])
        pilot.app.pop_screen()
        screen = await look(pilot, "s", "2")
        assert "old" in screen
        assert "kept as a draft; ctrl+s saves it" in screen
        assert "kept as a draft" not in await look(pilot, *" new")
        await press(pilot, "ctrl+l", "enter")
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["old new"]
    assert store.drafts.waiting() == []


# ── the editor's tools ───────────────────────────────────────────────────────


async def test_the_template_of_the_pass_is_put_in(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "f7 puts in the template" in await look(pilot, "s", "1")
        assert "Five Cs" in await look(pilot, "f7")


@pytest.mark.parametrize("own", [{}, {"second": "My questions:\n\n- "}])
async def test_a_template_is_put_in_once_and_its_words_are_not_counted(
    make: Make, own: dict[str, str]
) -> None:
    async with make(templates=own).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", "f7", *"three more words")
        editor = pilot.app.screen.editor  # type: ignore[attr-defined]
        text = editor.text
        assert "already" in await look(pilot, "f7")
        await press(pilot, "ctrl+home", "f7")
        assert editor.text == text
        assert "already" not in await look(pilot, "x")
        await press(pilot, "backspace")
        assert editor.text == text
        assert "(3 words)" in await look(pilot, "ctrl+s")
        assert "· 3 words" in await look(pilot)
        assert "3 words" in await look(pilot, "f8")


@pytest.mark.parametrize("own", [{}, {"third": "Goal:"}])
async def test_what_is_typed_into_a_field_of_a_template_is_a_word_of_its_own(
    make: Make, own: dict[str, str]
) -> None:
    async with make(templates=own).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "3", "f7", *"rebuilt")
        lines = pilot.app.screen.editor.text.split("\n")  # type: ignore[attr-defined]
        assert [line for line in lines if line.endswith(": rebuilt")]
        assert "already" in await look(pilot, "f7")


async def test_the_keys_of_other_editors_go_to_both_ends_and_select_all(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n")
        await type_in(pilot, "one\ntwo\nthree")
        await press(pilot, "ctrl+home", *"A", "ctrl+end", *"Z")
        editor = pilot.app.screen.editor  # type: ignore[attr-defined]
        assert editor.text == "Aone\ntwo\nthreeZ"
        await press(pilot, "ctrl+shift+home")
        assert editor.selected_text == "Aone\ntwo\nthreeZ"
        await press(pilot, "ctrl+home", "ctrl+shift+end")
        assert editor.selected_text == "Aone\ntwo\nthreeZ"
        await press(pilot, "left", "ctrl+a", *"new")
        assert editor.text == "new"


async def test_a_broad_window_has_earlier_notes_beside_the_checklist(
    make: Make, store: Store
) -> None:
    store.record(journal.save_note(ATTENTION, "n1", "Heads differ."))
    async with make().run_test(size=(200, 60)) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "s", "1", *"[paper](https://example.org)")
        for text in ("Heads differ.", "☐ Title, abstract", "After it"):
            assert text in screen
        assert "f4 work" in await look(pilot, "f4")
        assert "f4 esc note" in await look(pilot, "f4")
        await pilot.resize_terminal(*SMALL)
        await press(pilot)
        # The keys are with the note, which is shown.
        assert "typed" in await look(pilot, *" typed")
        await press(pilot, "f2", "right_square_bracket", "enter")
        await wait_for(pilot, "https://example.org")
        await pilot.resize_terminal(200, 60)
        await press(pilot, "f2", "f4", "f4", "right_square_bracket", "enter")
        # Another work is in the library; the session waits.
        assert "Waiting" in await look(pilot)
    assert [draft.body for draft in store.drafts.waiting()] == [
        "[paper](https://example.org) typed"
    ]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_the_checklist_knows_the_keys_of_lists(make: Make, size: tuple[int, int]) -> None:
    async with make().run_test(size=size) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "1", "f4")
        screen = await look(pilot, "j", "space", "down", "space", "k", "k", "space")
        assert "space tick" in screen
        session = pilot.app.screen.session  # type: ignore[attr-defined]
        assert session.ticks == {0, 1, 2}
        await press(pilot, "enter", "f4", *" typed")
        assert pilot.app.screen.editor.text == " typed"  # type: ignore[attr-defined]


async def test_a_template_never_splits_a_line(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"words", "left", "left", "f7")
        text = pilot.app.screen.editor.text  # type: ignore[attr-defined]
        assert text.startswith("words\n\n## In a sentence")


async def test_the_note_stays_visible_while_it_is_searched(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"needle", "f3")
        await type_in(pilot, "need")
        assert "needle" in screen_text(pilot.app)


@pytest.mark.parametrize(
    ("keys", "typed"),
    [(("f3", *"goal", "escape"), "abc !goal"), (("f7",), "!"), (("f2", "f2"), "abc goal!")],
)
async def test_keys_of_the_note_lead_back_to_it_from_the_checklist(
    make: Make, keys: tuple[str, ...], typed: str
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"abc goal", "f4")
        assert "abc goal" not in await look(pilot)
        assert "abc goal" in await look(pilot, *keys)
        assert typed in await look(pilot, "!")


async def test_the_checklist_of_a_small_screen(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "1")
        screen = await look(pilot, "f4")
        assert "☐ Title, abstract and introduction" in screen
        assert "☑ Title, abstract and introduction" in await look(pilot, "enter")
        assert "☑" not in await look(pilot, "escape")


async def test_another_papertui_on_the_work_is_reported_and_keeps_its_text(
    make: Make, store: Store, database: Path
) -> None:
    with Store(database) as other:
        other.drafts.save(Draft("d", ATTENTION, "n", (), "theirs", Session(2)))
        async with make().run_test(size=WIDE) as pilot:
            assert "Waiting" not in await look(pilot)
            await find(pilot, "attention is all")
            screen = await look(pilot, "s", "2")
            assert "Another papertui is writing on this work" in screen
            assert "theirs" not in screen
            await press(pilot, *"mine", "escape")
    assert {draft.body for draft in store.drafts.left()} == {"mine", "theirs"}


async def test_a_session_that_was_left_goes_on_in_another_papertui_too(
    make: Make, database: Path, clock: StillClock
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"words", "ctrl+s")
        with Store(database, clock=clock) as elsewhere:
            assert elsewhere.drafts.left() == []
            async with PaperTui(elsewhere, Config()).run_test(size=WIDE) as other:
                await find(other, "attention is all")
                logged = " ".join((await look(other, "2")).split())
                assert "its session goes on in another papertui" in logged
                assert "w goes to it" not in await look(other, "u")
            await press(pilot, "escape")
            assert [draft.body for draft in elsewhere.drafts.left()] == ["words"]
            await press(pilot, "s")
            assert elsewhere.drafts.left() == []


async def test_a_note_leaves_a_waiting_session_as_it_is(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"session")
        await read_for(pilot, clock, 30)
        await press(pilot, "escape", "n", *"apart", "escape")
    (draft,) = store.drafts.waiting()
    assert draft.session is not None
    assert (draft.body, draft.session.minutes) == ("session", 30)
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["apart"]


async def test_words_typed_while_logging_waits_are_in_the_note(
    make: Make, store: Store, database: Path
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"before", "ctrl+l")
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("begin exclusive")
        await pilot.press("enter", *" after")
        other.close()
        await wait_until(lambda: bool(store.reading_log.work(ATTENTION).readings))
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["before after"]
    assert len(store.reading_log.work(ATTENTION).readings) == 1


async def test_a_screen_that_was_left_while_another_program_writes_is_not_shown_again(
    make: Make, store: Store, database: Path
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"words")
        session = pilot.app.screen
        assert isinstance(session, SessionScreen)
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("begin exclusive")
        session.refresh_from_store(session.reload)
        left = pilot.app.pop_screen()
        other.close()
        await left
        await wait_for_workers(pilot.app)


async def test_a_save_undone_from_the_checklist_is_saved_again_on_logging(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"kept", "ctrl+s", "f4", "u", "y")
        assert store.reading_log.work(ATTENTION).notes == ()
        await press(pilot, "f4", "ctrl+l", "enter")
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["kept"]


async def test_undoing_a_session_whose_note_was_saved_brings_its_text_back(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"saved", "ctrl+s", "ctrl+l", "enter", "u")
        assert "saved" in await look(pilot, "s")
        assert "taken up again" in await look(pilot, "escape", "ctrl+r")


async def test_time_in_question_is_asked_about_before_logging(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 5)
        clock.passed += 1200
        screen = await look(pilot, "ctrl+l")
        assert "Count the 20 min without a key?  y yes · n/enter no, leave it out · esc" in screen
        screen = await look(pilot, "escape")
        assert "unless typed" not in screen
        assert "+20 min?" in screen
        assert "f5 count  f6 leave it out  ^l log" in screen
        await press(pilot, "ctrl+l")
        # What comes while the question stands is asked about in another one.
        session = pilot.app.screen_stack[-2]
        assert isinstance(session, SessionScreen)
        clock.passed += 600
        session.tick()
        assert "Count the 10 min without a key?" in await look(pilot, "y")
        assert "25 min unless typed" in await look(pilot, "n")
        # What was left out is asked about again after an undo.
        assert ", 25 min, 10 min left out · u" in " ".join((await look(pilot, "enter")).split())
        assert "25 min of 55 min +10 min?" in await look(pilot, "u", "y", "s")
        # So it is said where the session waits.
        assert "25 min, 10 min in question" in await look(pilot, "escape", "w")
        await press(pilot, "s", "ctrl+l")
        session = pilot.app.screen_stack[-2]
        assert isinstance(session, SessionScreen)
        clock.passed += 300
        session.tick()
        assert "Count the 5 min without a key?" in await look(pilot, "n")
        assert "+15 min?" in await look(pilot, "n", "enter", "u", "y", "s")


async def test_the_time_of_the_question_is_none_of_reading_in_the_log_and_after_an_undo(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 5)
        await press(pilot, "ctrl+l")
        session = pilot.app.screen_stack[-2]
        assert isinstance(session, SessionScreen)
        for _ in range(9):
            clock.passed += 20
            session.tick()
        assert ", 5 min" in await look(pilot, "enter")
        assert "5 min of 55 min" in await look(pilot, "u", "y", "s")


async def test_a_look_goes_on_with_its_time_if_the_pass_is_not_logged(
    make: Make, store: Store, clock: StillClock
) -> None:
    session = Session(2).sit_down(TODAY).read_for(8)
    store.drafts.save(Draft("d", ATTENTION, "n", (), "Heads.", session))
    store.drafts.close()
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s")
        screen = pilot.app.screen
        assert isinstance(screen, SessionScreen)
        for _ in range(2):
            clock.passed += 23
            screen.tick()
        assert "54 s of" in await look(pilot, "ctrl+l")
        assert "54 s of" in await look(pilot, "escape")


async def test_the_readers_own_template_wins(make: Make) -> None:
    async with make(templates={"second": "My questions:"}).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "My questions:" in await look(pilot, "s", "2", "f7")


async def test_a_session_of_the_shell_that_is_looked_at_goes_on_waiting(
    make: Make, store: Store
) -> None:
    session = Session(2).sit_down(TODAY)._replace(since=store.clock())
    store.drafts.save(Draft("d", ATTENTION, "n", (), "", session))
    store.drafts.close()
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "no session waits" not in await look(pilot, "s", "escape")
    assert [draft.work for draft in store.drafts.waiting()] == [ATTENTION]


async def test_a_text_of_earlier_sittings_that_is_replaced_is_kept_as_a_version(
    make: Make, store: Store, clock: StillClock
) -> None:
    long = "Written over weeks in three sittings"
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2")
        await type_in(pilot, long)
        await press(pilot, "escape", "s")
        # What is changed in a few words is no other text.
        await press(pilot, *" so", "escape", "s")
        assert store.events() == []
        await press(pilot, "escape")
        clock.passed += 86_400
        await press(pilot, "s", "ctrl+a", "x", "escape", "s")
        assert f"{long} so" in await look(pilot, "f8")
        # To write is to sit down.
        assert "2 2026-11-21" in await look(pilot, "escape", "ctrl+l")
        await press(pilot, "enter")
    (note,) = store.reading_log.work(ATTENTION).notes
    assert (note.body, note.depth) == ("x", 2)


async def test_an_answer_in_the_words_of_its_template_is_kept_once_it_is_taken_out(
    make: Make, store: Store
) -> None:
    asked = template(2, {})
    body = asked.replace("sentence\n", "sentence\n\nFigures and equations read in a sentence\n")
    store.drafts.save(Draft("d", ATTENTION, "n", (), body, Session(2).sit_down(TODAY)))
    store.drafts.close()
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "ctrl+a", "delete", "f7", "escape")
    (note,) = store.reading_log.work(ATTENTION).notes
    assert note.body == body


async def test_minutes_that_were_measured_count_also_once_no_time_is_kept(
    make: Make, store: Store
) -> None:
    session = Session(2).sit_down(TODAY).read_for(1500)
    store.drafts.save(Draft("d", ATTENTION, "n", (), "Heads.", session))
    store.drafts.close()
    async with make(timer=False).run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "25 min unless typed" in await look(pilot, "s", "ctrl+l")
        await press(pilot, "enter")
    assert [r.minutes for r in store.reading_log.work(ATTENTION).readings] == [25]


async def test_a_session_waits_no_longer_once_another_papertui_logged_it(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "waits · s goes on with it" in await look(pilot, "s", "2", *"word", "escape")
        with Store(store.path, clock=store.clock) as other:
            (draft,) = other.drafts.waiting()
            other.finish([draft.id], journal.log_pass(ATTENTION, 2, TODAY))
        await wait_until(lambda: "goes on with it" not in screen_text(pilot.app))


async def test_a_preview_shows_the_note_as_it_reads(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n")
        await type_in(pilot, "# Title\n\n- **bold** item")
        screen = await look(pilot, "f2")
        assert "• bold item" in screen
        assert "# Title" not in screen
        assert "# Title" in await look(pilot, "f2")
        # What changes the text or is looked for in it leads back to it.
        assert "# Title" in await look(pilot, "f2", "f7")
        assert "# Title" in await look(pilot, "f2", "f3")


async def test_a_preview_begins_with_the_text_that_is_on_top(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n")
        await type_in(pilot, "# Title\n" + "".join(f"\n- item {n}" for n in range(60)))
        screen = await look(pilot, "f2")
        assert "• item 59" in screen
        assert "• item 30" not in screen
        assert "Title" in await look(pilot, "f2", "ctrl+home", "f2")


async def test_the_checklist_has_a_small_window_to_itself_before_and_after_a_preview(
    make: Make,
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"typed", "f2")
        for keys in (("f4",), ("f4", "f2", "f4")):
            screen = await look(pilot, *keys)
            assert "☐" in screen
            assert "typed" not in screen
        assert "typed" in await look(pilot, "f4")


async def test_a_template_in_which_nothing_is_filled_in_is_no_note(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "0 words" in await look(pilot, "s", "1", "f7")
        assert "with note" not in await look(pilot, "ctrl+l", "enter")
        assert store.reading_log.work(ATTENTION).notes == ()


async def test_the_key_that_goes_back_leaves_a_session_and_a_note_as_escape_does(
    make: Make, store: Store, clock: StillClock
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 5)
        assert "5 min of" in await look(pilot, "f4", "q")
        screen = await look(pilot, "f2", "q")
        assert "waits · s goes on with it" in screen
        assert [draft.session.minutes for draft in store.drafts.left() if draft.session] == [5]
        await press(pilot, "n", *"a thought", "f2")
        assert "Note saved" in await look(pilot, "q")
        assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["a thought"]


async def test_the_help_of_a_note_names_the_keys_that_undo_typing_and_bring_it_back(
    make: Make,
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", *"a thought")
        assert "Typing undone · ctrl+y brings it back" in await look(pilot, "ctrl+z")
        screen = await look(pilot, "ctrl+y")
        assert "a thought" in screen
        assert "Typing undone" not in screen
        help_page = await look(pilot, "f1", "G")
        assert "Undo what was typed" in help_page + await look(pilot, "pageup")
        assert "Go to the shell" not in screen_text(pilot.app)


async def test_words_are_found_in_the_note(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n")
        await type_in(pilot, "one Two\nthree two\nfour")
        screen = await look(pilot, "f3")
        assert "⏎ next match" in screen
        assert "esc back to the note" in screen
        await type_in(pilot, "two")
        editor = pilot.app.screen.editor  # type: ignore[attr-defined]
        assert (editor.selection.start, editor.selected_text) == ((0, 4), "Two")
        await press(pilot, "enter")
        assert (editor.selection.start, editor.selected_text) == ((1, 6), "two")
        await press(pilot, "enter")
        assert editor.selection.start == (0, 4)
        await press(pilot, *"zzz")
        assert "Not in this note" in await look(pilot)
        # Nothing is selected: what is typed then is put in where the cursor was, or at a match.
        await press(pilot, "escape", *"!", "f3", *"fourz", "escape", *"?")
        assert editor.text == "one !?Two\nthree two\nfour"
        await press(pilot, "f3", *"four", "tab", "f2", "f2")
        await press(pilot, *"fi")
        assert editor.text == "one !?Two\nthree two\nfifour"


async def test_saved_versions_are_seen_compared_and_restored(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n")
        assert "No version of this note is saved yet" in await look(pilot, "f8")
        await press(pilot, *"old", "ctrl+s", *" new", "ctrl+s")
        screen = await look(pilot, "f2", "f8")
        assert "Versions · Attention Is All You Need" in screen.split("\n")[0]
        assert "↓ ↑ select" in screen
        assert "the text as it is\n" in screen
        assert "2 words" in screen
        assert "1 word" in screen
        assert "There is no difference" in await look(pilot, "enter")
        screen = await look(pilot, "escape", "down", "enter")
        assert "- old" in screen
        assert "+ old new" in screen
        assert "Restored; ctrl+z takes it back" in await look(pilot, "r")
        # The text is back in view, with the keys that were named.
        assert "old new" in await look(pilot, "ctrl+z")
        assert "old new" not in await look(pilot, "ctrl+y", "escape")
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["old"]


async def test_a_long_paste_is_there_at_once(make: Make, store: Store) -> None:
    text = "A line of words that goes on for a while, about heads and layers.\n" * 1550
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n")
        await type_in(pilot, text)
        await press(pilot, "escape")
    assert len(store.reading_log.work(ATTENTION).notes[0].body) == len(text)


async def test_the_screen_names_the_setting_of_a_missing_editor(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Set VISUAL or EDITOR" in await look(pilot, "n", "ctrl+o")


@pytest.mark.parametrize(
    ("minutes", "read"), [(4, "4 min of 55 min ·"), (25, "10 min of 55 min +15")]
)
async def test_writing_in_an_editor_outside_counts_as_time_without_a_key_does(
    make: Make,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    minutes: int,
    read: str,
) -> None:
    def edit(argv: list[str], text: str, folder: Path) -> outside.Edited:
        clock.passed += 60 * minutes
        return outside.Edited(f"{text}heads", tmp_path / "note.md")

    monkeypatch.setattr(outside, "command", lambda: ["an-editor"])
    monkeypatch.setattr(outside, "edit", edit)
    monkeypatch.setattr(PaperTui, "suspend", lambda self: nullcontext())
    async with make().run_test(size=WIDE) as pilot:
        await begin(pilot, clock, 0)
        screen = await look(pilot, "ctrl+o")
        assert "heads" in screen
        assert read in screen
        assert ("You were away" in screen) is (minutes > 10)


async def test_a_crash_keeps_the_text(make: Make, store: Store) -> None:
    def crash() -> None:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError):
        async with make().run_test(size=WIDE) as pilot:
            await find(pilot, "attention is all")
            await press(pilot, "s", "2")
            await type_in(pilot, "not lost")
            pilot.app.call_later(crash)
            await pilot.pause()
    (draft,) = store.drafts.waiting()
    assert draft.body == "not lost"
    assert draft.session is not None


async def test_an_hour_with_a_crash_in_it_is_one_entry_in_the_journal(
    make: Make, store: Store, clock: StillClock
) -> None:
    def crash() -> None:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError):
        async with make().run_test(size=WIDE) as pilot:
            await find(pilot, "attention is all")
            await press(pilot, "s", "2", *"first half")
            await read_for(pilot, clock, 30)
            pilot.app.call_later(crash)
            await pilot.pause()
    async with make().run_test(size=WIDE) as pilot:
        assert "Second pass of Attention Is All You Need: 30 min, 2 words" in await look(pilot)
        assert "first half" in await look(pilot, "s", *", second half")
        await read_for(pilot, clock, 35)
        assert "1 h 5 min unless typed" in await look(pilot, "ctrl+l")
        await press(pilot, "6", "2")
        await press(pilot, "enter")
        await press(pilot, "u", "y")
    kinds = [event.kind for event in store.events()]
    assert kinds == [journal.PASS, journal.NOTE, journal.UNDO]
    logged, note, _ = store.events()
    assert (logged.data["depth"], logged.data["minutes"]) == (2, 62)
    assert note.data["body"] == "first half, second half"
    assert logged.act == note.act
    assert store.reading_log.work(ATTENTION).readings == ()


async def test_a_full_disk_loses_nothing_and_says_so(make: Make, store: Store) -> None:
    import resource

    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", *"kept")
        await wait_until(lambda: draft_texts(store) == ["kept"])
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            await press(pilot, *" more")
            assert "kept more" in await wait_for(pilot, "not saved yet, trying again")
            screen = await look(pilot, "escape")
            assert "kept more" in screen
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        await wait_until(lambda: draft_texts(store) == ["kept more"])
        assert "not saved yet" not in await wait_for(pilot, "The text is saved now")
        assert "Note saved" in await look(pilot, "escape")


@pytest.mark.parametrize(("answer", "passes"), [("n", 1), ("enter", 2)])
async def test_a_session_asks_before_it_logs_a_pass_twice(
    make: Make, store: Store, answer: str, passes: int
) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "s", "2", *"words", "ctrl+l", "enter")
        says = "already, for Fri 20 Nov. Log it twice?"
        assert says in " ".join(screen.split())
        screen = await look(pilot, answer)
        assert len(store.reading_log.work(ATTENTION).readings) == passes
        if passes == 1:
            # The line that was typed is there to be mended.
            assert "logged already: type another pass or day" in screen
            assert "2 2026-11-20" in screen
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, SessionScreen)


async def test_u_in_the_checklist_takes_back_the_latest_tick_and_nothing_unseen(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "1", "s", "2", "f4", "space", "j", "space")
        assert "☑" in await look(pilot)
        assert "Tick taken back" in await look(pilot, "u")
        assert "Ticked again" in (again := await look(pilot, "ctrl+r"))
        assert again.count("☑") == 2
        screen = await look(pilot, "u", "u")
        assert "Tick taken back" in screen
        assert "☑" not in screen
        assert "Nothing to take back in this note" in await look(pilot, "u")
        await press(pilot, "ctrl+r", "ctrl+r")
        assert "nothing to redo" in await look(pilot, "space", "ctrl+r")
        # What is undone last is brought back first.
        await press(pilot, "f4", *"kept", "ctrl+s", "f4", "u", "u", "u")
        assert "ctrl+r brings it back" in await look(pilot, "u", "y")
        assert "Done again: note" in await look(pilot, "ctrl+r")
        assert len(store.reading_log.work(ATTENTION).readings) == 1


async def test_u_and_ctrl_r_in_the_checklist_do_what_the_message_in_view_offers(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "s", "2", *"words", "ctrl+s", "f4", "space", "j", "u")
        assert "Tick taken back" in await look(pilot)
        # A question that is answered by no leaves the tick to be brought back.
        assert "Undo note" in await look(pilot, "u")
        assert "Ticked again" in await look(pilot, "n", "ctrl+r")
        await press(pilot, "u", "u")
        assert "ctrl+r brings it back" in await look(pilot, "y")
        await press(pilot, "space")
        assert "Tick taken back" in await look(pilot, "u")
        await press(pilot, "space")
        assert "u takes it back" in await look(pilot, "ctrl+r")
        assert "Undo note" in await look(pilot, "u")


async def test_a_wide_session_shows_what_is_known_of_the_work_beside_the_note(make: Make) -> None:
    async with make().run_test(size=(100, 40)) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "s", "enter")
        assert "Insight" in screen
        assert "Builds a translation model" in screen
