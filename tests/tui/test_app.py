"""The app through the keys a person presses and what the screen then says."""

import asyncio
import os
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.errors import Refused
from papertui.pages.progress_summary import summarise
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.system import desktop
from papertui.tui.app import PaperTui
from papertui.tui.screens.note_editor import DRAFT_INTERVAL
from papertui.tui.widgets.bars import MessageLine
from papertui.tui.widgets.marked_tree import MarkedTree
from tests.conftest import FRIDAY, TODAY
from tests.support.documents import key_tables
from tests.support.drafts import draft_texts
from tests.support.parsed_lists import import_of
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
Make = Callable[[], PaperTui]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_the_library_opens_with_lists_counts_and_the_week(
    make: Make, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        screen = await look(pilot)
        for line in ("Deep Learning Papers 0/34", "Papers to Read Later 0/42", "Foundations 0/6"):
            assert line in screen
        assert "week on track · 1 more full read by Sunday" in screen
        assert "? help" in screen


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_one_key_logs_a_pass_and_ticks_the_work_everywhere(
    make: Make, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "2")
        assert "Logged: second pass of Attention Is All You" in screen
        assert "for Fri 20 Nov · u takes it back" in " ".join(screen.split())
        assert "◑ Attention Is All You Need" in screen
        assert "week met · 1 week" in screen
        for count in ("Deep Learning Papers 1/34", "NLP and Language Models 1/9"):
            assert count in screen
        await find(pilot, "attention is all")
        screen = screen_text(pilot.app)
        await press(pilot, "p")
        progress = screen_text(pilot.app)
        assert "week met · 1 week" in progress


async def test_the_screen_and_the_shell_agree(make: Make, store: Store) -> None:
    async with make().run_test(size=(100, 110)) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "2")
        screen = await look(pilot, "p")
        for branch in summarise(store, Config(), TODAY).branches:
            line = next(
                line for line in screen.splitlines() if re.match(rf" +{branch.title}  ", line)
            )
            assert line.rstrip(" ▁▂▃▄▅▆▇█").endswith(f" {branch.done}/{branch.total}")
        assert re.search("second pass +today", screen)


async def test_u_takes_a_pass_back_and_ctrl_r_brings_it_again(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "2")
        screen = await look(pilot, "u")
        assert "Undone: second pass of Attention Is All You Need" in screen
        assert "Deep Learning Papers 0/34" in screen
        screen = await look(pilot, "ctrl+r")
        assert "Done again: second pass of Attention Is All You Need" in screen
        assert "Deep Learning Papers 1/34" in screen
        await press(pilot, "u")
        assert "nothing to undo" in await look(pilot, "u")


async def test_undo_works_after_a_restart(make: Make) -> None:
    async with make().run_test() as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "2", "q")
    async with make().run_test() as pilot:
        assert "Deep Learning Papers 1/34" in await look(pilot, "g")
        assert "Deep Learning Papers 0/34" in await look(pilot, "u")


async def test_undoing_what_was_done_on_another_day_asks_first(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), now=datetime(2026, 11, 18, 12, tzinfo=UTC))
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "u")
        assert "Undo second pass of Attention Is All You Need, for Fri 20 Nov 2026" in screen
        assert "(logged Wed 18 Nov)?" in screen
        assert "1/34" in await look(pilot, "n")
        assert "0/34" in await look(pilot, "u", "y")


async def test_the_same_pass_twice_on_a_day_asks_first(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "2")
        assert "Second pass of Attention Is All You Need is logged already" in await look(
            pilot, "2"
        )
        refused = await look(pilot, "n")
        assert "Not logged again · p lists it: select it, enter corrects it" in refused
        assert len(store.reading_log.work(ATTENTION).readings) == 1
        # A text that is typed without looking is no answer, however it ends.
        await press(pilot, "2", "ctrl+l", *"2", "space", *"today", "space", *"30")
        assert "That was no answer" in await look(pilot, "enter", "y", "y")
        assert len(store.reading_log.work(ATTENTION).readings) == 1
        await press(pilot, "escape", "2", "y")
        assert len(store.reading_log.work(ATTENTION).readings) == 2
        await press(pilot, "2", "y")
        assert len(store.reading_log.work(ATTENTION).readings) == 3


async def test_a_pass_before_papertui_counts_for_the_status_but_no_week(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "1 first pass · 2 second pass · 3 third pass" in await look(pilot, "b")
        screen = await look(pilot, "2")
        assert "before papertui" in screen
        assert "Deep Learning Papers 1/34" in screen
        assert "week on track" in screen


async def test_a_whole_section_can_be_marked_as_read_before(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "j", "b")
        screen = await look(pilot, "2")
        assert "Log a second pass of 6 works of Foundations, before papertui?" in screen
        assert "Foundations 6/6" in await look(pilot, "y")
        assert "Foundations 0/6" in await look(pilot, "u")


async def test_a_pass_of_a_section_is_refused_in_words(make: Make) -> None:
    async with make().run_test() as pilot:
        assert "Go to a work first" in await look(pilot, "2")


async def test_a_pass_of_any_work_can_be_logged_wherever_the_cursor_is(
    make: Make, store: Store
) -> None:
    async with make().run_test() as pilot:
        # On a list no key that is typed for the line acts on the list.
        await press(pilot, "ctrl+l", *"2 1:10", "enter")
        assert "Write the work first" in screen_text(pilot.app)
        await press(pilot, "ctrl+u", *"attention is all 2 1h10 yesterday", "enter")
        assert store.reading_log.work(ATTENTION).readings[0].minutes == 70
        await find(pilot, "deep residual")
        screen = await look(pilot, "ctrl+l", *"attention is all 3", "enter")
        assert "Logged: third pass of Attention" in screen
        assert store.reading_log.work(ATTENTION).depth == 3


async def test_the_tree_is_walked_with_letters_and_arrows(make: Make) -> None:
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        assert "○ Learning representations" in await look(pilot, "j", "l")
        await press(pilot, "l")
        assert "Rumelhart" in screen_text(app)
        await press(pilot, "h", "h")
        assert "○ Learning representations" not in screen_text(app)
        assert "Read tier 1 of every topic" in await look(pilot, "G")
        assert "ML in practice" in screen_text(app)
        assert "Caution" in await look(pilot, "g")
        assert "in Deep Learning Papers" in await look(pilot, "right_square_bracket")


async def test_a_narrow_screen_shows_one_pane_at_a_time(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        screen = screen_text(pilot.app)
        assert "Insight" not in screen
        screen = await look(pilot, "enter")
        assert "Insight" in screen
        assert "Foundations 0/6" not in screen
        assert "Foundations 0/6" in await look(pilot, "escape")


async def test_open_sections_are_open_again_after_a_restart(make: Make) -> None:
    async with make().run_test() as pilot:
        await press(pilot, "j", "enter", "j", "j", "q")
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot)
        assert "▾ Foundations" in screen
        assert "Kurt Hornik" in screen
        await press(pilot, "G", "l", "j", "j", "j", "q")
    async with make().run_test(size=(80, 9)) as pilot:
        # The heading of the work under the cursor is in view with it.
        await press(pilot)
        tree = pilot.app.screen.query_one(MarkedTree)
        heading = max(at for at, row in enumerate(tree._rows[: tree._cursor]) if row.open)
        assert 0 < tree.scroll_offset.y <= heading < tree._cursor


# ── finding ──────────────────────────────────────────────────────────────────


async def test_finding_shows_works_in_their_sections_and_goes_there(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "lukasz aidan")
        screen = screen_text(pilot.app)
        assert "▾ NLP and Language Models 0/9" in screen
        assert "○ Attention Is All You Need" in screen
        assert "1 work found" in screen
        screen = await look(pilot, "enter")
        assert "▾ NLP and Language Models" in screen
        assert "▸ Computer Vision" in screen


async def test_escape_leaves_the_search_and_goes_back(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "j", "j", "slash")
        await type_in(pilot, "year:20")
        assert "works found" in screen_text(pilot.app)
        await type_in(pilot, "x")
        assert "Nothing found: a year has four digits" in screen_text(pilot.app)
        await type_in(pilot, " zzz")
        assert "Nothing found" in screen_text(pilot.app)
        # Nothing acts on the row where the search began.
        for keys in (("enter",), ("1",), ("enter", "2"), ("tab",), ("shift+tab",)):
            screen = await look(pilot, *keys)
            assert "Nothing found" in screen
            assert "Logged" not in screen
        screen = await look(pilot, "escape")
        assert "Computer Vision" in screen
        assert "esc back" not in screen
        assert "in Deep Learning Papers" in screen


@pytest.mark.parametrize("size", [SMALL, WIDE, (180, 50)])
async def test_a_page_that_was_opened_from_a_search_leads_back_to_it(
    make: Make, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        began_at = pilot.app.screen.query_one(MarkedTree).row
        await press(pilot, "slash")
        await type_in(pilot, "resid")
        await press(pilot, "down", "tab")
        tree = pilot.app.screen.query_one(MarkedTree)
        assert pilot.app.focused is pilot.app.screen.query_one("#detail")
        row = tree.row
        screen = await look(pilot, "escape")
        assert "works found" in screen
        assert "resid" in "".join(screen.split("\n")[1:3])
        # The match that was looked at has the cursor still.
        await press(pilot, "tab")
        assert tree.row == row
        # Leaving it all leads back to where the search began.
        await press(pilot, "escape", "escape")
        assert tree.row == began_at
        await press(pilot, "slash", *"resid", "down", "tab")
        assert "works found" not in await look(pilot, "escape", "escape", "tab", "escape")


# ── notes ────────────────────────────────────────────────────────────────────


async def test_a_note_is_saved_on_leaving_and_shown(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        assert "Nothing is written yet" in await look(pilot, "n", "ctrl+s")
        await type_in(pilot, "shortcuts [red]carry[/] all")
        assert "Saved already" in await look(pilot, "ctrl+s", "ctrl+s")
        assert "Saved already" not in await look(pilot, "backspace")
        screen = await look(pilot, "l", "escape")
        assert "Note saved (3 words)" in screen
        assert "shortcuts [red]carry[/] all" in screen
        assert store.drafts.waiting() == []


async def test_the_end_of_a_line_that_a_terminal_sends_alone_is_one(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n", *"Q", "ctrl+j", *"A", "escape")
    assert store.reading_log.work("he2015deep").notes[0].body == "Q\nA"


async def test_the_latest_note_can_be_edited(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        assert "There is no note on this work yet" in await look(pilot, "N")
        await press(pilot, "n")
        await type_in(pilot, "one")
        await press(pilot, "escape", "N")
        await type_in(pilot, " two")
        await press(pilot, "ctrl+s", "escape")
        assert [note.body for note in store.reading_log.work("he2015deep").notes] == ["one two"]


async def test_of_several_notes_the_reader_chooses_which_to_edit_or_to_keep_private(
    make: Make, store: Store
) -> None:
    for number, words in enumerate(("the oldest", "# Heading\n\nthe middle", "the latest")):
        saved_at = FRIDAY + timedelta(days=number - 3)
        store.record(journal.save_note(ATTENTION, str(number), words, depth=2), now=saved_at)
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "N")
        assert "Which note to edit, on Attention Is All You Need?" in screen
        assert "yesterday 15:00 · second pass · the latest" in screen
        assert "· Heading" in screen
        assert "nothing fits zzz" in await look(pilot, *"zzz", "enter")
        await press(pilot, "ctrl+u", "down", "down")
        assert "the oldest" in (screen := await look(pilot, "enter"))
        assert "Note · Attention" in screen
        await type_in(pilot, ", once more")
        screen = " ".join((await look(pilot, "escape")).split())
        assert "Note saved" in screen
        # It stays one of the day on which it was begun.
        assert "Tue 17 Nov 15:00 · second pass · edited today" in await look(pilot, "N")
        await press(pilot, "escape")
        screen = " ".join((await look(pilot, "u")).split())
        assert "Undo edit of the note on Attention" in screen
        assert "(Fri 20 Nov 2026" in screen
        await press(pilot, "n")
        screen = " ".join((await look(pilot, "P", *"head", "enter")).split())
        assert "of Wed 18 Nov 15:00 · second pass (Heading) is private: no sync sends it" in screen
        # The next choice says which ones are private already.
        screen = await look(pilot, "P")
        assert "second pass · private · Heading" in screen
        assert screen.count("· private ·") == 1
        await press(pilot, "escape")
    assert store.private_notes() == {"1"}
    bodies = {note.id: note.body for note in store.reading_log.work(ATTENTION).notes}
    assert bodies["0"] == "the oldest, once more"
    assert bodies["2"] == "the latest"


async def test_typed_text_is_kept_within_a_second(make: Make, store: Store) -> None:
    async with make().run_test() as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await press(pilot, *"half")
        await type_in(pilot, " a thought")
        await wait_until(lambda: draft_texts(store) == ["half a thought"])
    assert DRAFT_INTERVAL < 1


async def test_a_draft_that_waits_is_offered_and_gone_on_with(make: Make, store: Store) -> None:
    store.drafts.save(Draft("d", ATTENTION, "n", (), "half a thought"))
    async with make().run_test(size=WIDE) as pilot:
        assert "Unsaved note on Attention Is All You Need: 3 words" in await look(pilot)
        assert "half a thought" in await look(pilot, "n")
        assert "Note saved" in await look(pilot, "escape")


async def test_an_edit_found_again_after_a_crash_is_saved(make: Make, store: Store) -> None:
    saved = store.record(journal.save_note(ATTENTION, "n", "old"), now=FRIDAY)
    store.drafts.save(Draft("d", ATTENTION, "n", saved.versions, "an hour of work"))
    async with make().run_test(size=WIDE) as pilot:
        assert "an hour of work" in await look(pilot, "n")
        assert "Note saved (4 words)" in await look(pilot, "escape")
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["an hour of work"]
    assert store.drafts.waiting() == []


async def test_emptying_a_note_removes_it_and_undo_brings_it_back(make: Make, store: Store) -> None:
    store.record(journal.save_note(ATTENTION, "n", "old"), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "N", "backspace", "backspace", "backspace", "escape")
        assert "Note removed" in screen
        assert store.reading_log.work(ATTENTION).notes == ()
        await press(pilot, "u", "y")
        assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["old"]


async def test_writing_goes_on_after_a_save(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", "a", "b", "ctrl+s", "u", "escape")
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["abu"]
    assert store.drafts.waiting() == []


async def test_a_new_note_emptied_again_is_no_note_and_no_draft(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", "a")
        await wait_until(lambda: draft_texts(store) == ["a"])
        await press(pilot, "backspace", "escape")
    assert store.events() == []
    assert store.drafts.waiting() == []


async def test_of_a_note_that_was_written_apart_one_is_removed_and_both_are_private(
    make: Make, store: Store
) -> None:
    for words in ("first text", "other words"):
        store.record(journal.save_note(ATTENTION, "n", words))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        screen = " ".join((await look(pilot, "P", "down", "enter")).split())
        assert "with what was written apart from it, is private" in screen
        assert "written apart · private · first text" in await look(pilot, "N")
        await press(pilot, *"first", "enter", "ctrl+a", "backspace")
        assert "Note removed" in await look(pilot, "escape")
        assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["other words"]
        await press(pilot, "u", "y")
    assert len(store.reading_log.work(ATTENTION).notes) == 2


async def test_notes_written_apart_are_offered_by_what_is_in_one_alone(
    make: Make, store: Store
) -> None:
    for words in ("heads differ", "all heads agree"):
        store.record(journal.save_note(ATTENTION, "n", f"On attention\n{words}"), now=FRIDAY)
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "N")
        for words in ("heads differ", "all heads agree"):
            assert f"written apart · {words}" in screen


async def test_two_notes_on_one_work_both_keep_their_text(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", *"mine")
        await wait_until(lambda: draft_texts(store) == ["mine"])
        store.drafts.save(Draft("other", ATTENTION, "m", (), "theirs"))
        await press(pilot, *" too")
        await wait_until(lambda: set(draft_texts(store)) == {"mine too", "theirs"})
        await press(pilot, "escape")
    assert draft_texts(store) == ["theirs"]


async def test_typing_goes_on_while_another_program_writes(
    make: Make, store: Store, database: Path
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n", *"one")
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("begin exclusive")
        await pilot.press("ctrl+s", *" two")
        assert "one two" in screen_text(pilot.app)
        other.close()
        await wait_for_workers(pilot.app)
        await press(pilot, "escape")
        await wait_for_workers(pilot.app)
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["one two"]


async def test_keys_of_the_library_stay_out_of_the_editor(make: Make, store: Store) -> None:
    store.undo(store.record(journal.log_pass(ATTENTION, 2, TODAY), now=FRIDAY))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n", "ctrl+r", "u")
    assert store.reading_log.work(ATTENTION).readings == ()


async def test_a_work_that_goes_away_elsewhere_breaks_nothing(
    make: Make, store: Store, database: Path
) -> None:
    store.record(journal.add_work("mine-1", {"title": "Mine", "kind": "paper"}), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "G", "enter")
        with Store(database) as other:
            other.undo(other.last_act())
        await press(pilot, "G", "n", "escape", "o", "k", "k")
        await wait_until(lambda: "Mine" not in screen_text(pilot.app))


async def test_a_key_that_acts_on_a_work_as_it_goes_away_elsewhere_keeps_it(
    make: Make, store: Store, database: Path
) -> None:
    store.record(journal.add_work("mine-1", {"title": "Mine", "kind": "paper"}), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "G", "enter", "n")
        with Store(database) as other:
            other.undo(other.last_act())
        await press(pilot, *"words", "escape")
        await wait_until(lambda: "Unlisted" in screen_text(pilot.app))
        assert "Mine" in screen_text(pilot.app)


async def test_marking_a_list_leaves_out_dropped_and_unidentified_works(
    make: Make, store: Store
) -> None:
    store.record(journal.Change(journal.ASIDE, ATTENTION, {"state": "dropped"}), now=FRIDAY)
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, *["right_square_bracket"] * 7, "b")
        assert "Log a second pass of 41 works of Papers to Read Later" in await look(pilot, "2")
        assert "Papers to Read Later 41/41" in await look(pilot, "y")
    assert store.reading_log.work(ATTENTION).aside == "dropped"


async def test_a_video_is_watched_not_passed(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "but what is a gpt")
        assert "Logged: watched with notes: But what" in await look(pilot, "2")
        assert "Undone: watched with notes: But what" in await look(pilot, "u")


async def test_logging_leaves_the_page_where_it_is(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "enter", "j", "j", "j")
        assert pilot.app.screen.query_one("#detail").scroll_offset.y == 3
        await press(pilot, "1")
        assert pilot.app.screen.query_one("#detail").scroll_offset.y == 3


async def test_quitting_from_the_editor_saves_the_note(make: Make, store: Store) -> None:
    async with make().run_test() as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "wait")
        await pilot.press("ctrl+q")
    assert [note.body for note in store.reading_log.work("he2015deep").notes] == ["wait"]
    assert store.drafts.waiting() == []


async def test_undoing_a_note_asks_first(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "precious")
        await press(pilot, "escape")
        screen = await look(pilot, "u")
        assert "Undo note on Deep Residual" in screen
        assert "(Fri 20 Nov 2026, " in screen
        assert "precious" in await look(pilot, "escape")


async def test_a_locked_database_loses_no_note(make: Make, store: Store, database: Path) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "wait for it")
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("begin immediate")
        asyncio.get_running_loop().call_later(0.7, other.close)
        await pilot.press("ctrl+s")
        await wait_for_workers(pilot.app)
        assert "Note saved" in await look(pilot)
        assert [note.body for note in store.reading_log.work("he2015deep").notes] == ["wait for it"]


# ── links, adding, help ──────────────────────────────────────────────────────


async def test_with_no_browser_the_address_is_shown_and_copied(make: Make) -> None:
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "o")
        await wait_for_workers(app)
        assert "No browser here" in await look(pilot)
        assert "https://arxiv.org/abs/1512.03385" in screen_text(app)
        assert app.clipboard == "https://arxiv.org/abs/1512.03385"
        await press(pilot, "O")
        await wait_for_workers(app)
        assert app.clipboard == "https://arxiv.org/pdf/1512.03385"


async def test_a_browser_is_opened_and_reading_is_not_assumed(
    make: Make, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    async def browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(desktop, "open_in_browser", browser)
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "o")
        await wait_for_workers(app)
        assert "Opened in the browser: https://arxiv.org/abs/1512.03385" in await look(pilot)
    assert opened == ["https://arxiv.org/abs/1512.03385"]
    assert store.events() == []


async def test_the_app_ends_while_an_address_is_being_opened(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make()

    async def slowly(url: str) -> bool:
        while app.screen.query(MessageLine):
            await asyncio.sleep(0)
        return True

    monkeypatch.setattr(desktop, "open_in_browser", slowly)
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "o")


@pytest.mark.parametrize(("key", "name"), [("o", "open_in_browser"), ("y", "copy")])
async def test_what_becomes_of_an_address_replaces_no_newer_message(
    make: Make, monkeypatch: pytest.MonkeyPatch, key: str, name: str
) -> None:
    answer = asyncio.Event()

    async def slowly(text: str) -> bool:
        await answer.wait()
        return True

    monkeypatch.setattr(desktop, name, slowly)
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, key, "1")
        answer.set()
        await wait_for_workers(app)
        assert "Logged: first pass of Deep Residual" in await look(pilot)


async def test_a_work_without_an_address_says_so(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "secure aggregation")
        assert "no published work has this title" in screen_text(pilot.app)
        assert "no address" in await look(pilot, "o")
        assert "no link" in await look(pilot, "y")
        assert "no citation" in await look(pilot, "Y")


async def test_link_and_citation_are_copied(make: Make) -> None:
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "y")
        await wait_for_workers(app)
        assert "Sent to the terminal's clipboard: link" in await look(pilot)
        await press(pilot, "Y")
        await wait_for_workers(app)
        assert app.clipboard.startswith("@inproceedings{he2015deep,")


async def test_a_work_of_a_bibtex_file_is_copied_as_its_entry_came_in(
    make: Make, store: Store
) -> None:
    store.record(import_of("A", {"B": ["he2015deep"]}, {}, {"mine2015": "he2015deep"}))
    for _ in store.catch_up():
        pass
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "mine2015")
        await press(pilot, "Y")
        await wait_until(lambda: app.clipboard.startswith("@misc{mine2015,"))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("My own paper", "My own paper"),
        ("2401.12345", "arXiv:2401.12345"),
        ("Some post https://example.org/post", "Some post"),
        ("[red]x[/] [@click=app.quit]y", "[red]x[/] [@click=app.quit]y"),
        ("影森 שלום 👩‍🔬", "影森 שלום 👩‍🔬"),
    ],
)
async def test_a_work_is_added_by_title_id_or_address(make: Make, typed: str, title: str) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, typed)
        screen = await look(pilot, "enter")
        assert f"Added: {title}" in screen
        assert ("as a title, with no id" in screen) is (typed == title)
        assert "Added by you 0/1" in screen
        assert f"○ {title}" in screen
        assert "Added by you" not in await look(pilot, "u")


async def test_refused_text_stays_to_be_corrected(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, "javascript:alert(1)")
        screen = await look(pilot, "enter")
        assert "neither an arXiv id nor a full http(s) address" in screen
        assert "javascript:alert(1)" in screen
        assert store.events() == []


async def test_a_known_work_is_not_added_again(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, "arXiv:1706.03762")
        screen = await look(pilot, "enter")
        assert "Known already: Attention Is All You Need" in screen
        assert "Ashish Vaswani" in screen
    assert store.events() == []


async def test_help_lists_the_keys_and_the_documents_have_them_all(make: Make) -> None:
    documented = key_tables()
    app = make()
    async with app.run_test(size=(120, 90)) as pilot:
        screen = await look(pilot, "question_mark")
        for does in ("Log a first pass, today", "Find works as you type", "Undo the latest act"):
            assert does in screen
        await press(pilot, "q")
        for active in app.screen.active_bindings.values():
            if active.binding.id and active.tooltip:
                assert active.tooltip in documented, active.tooltip


async def test_the_palette_offers_the_commands(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "ctrl+p")
        await type_in(pilot, "second pass")
        await wait_for(pilot, "Log a second pass")
        assert "enter does it · esc leave" in screen_text(pilot.app)
        assert "log a pass" not in screen_text(pilot.app)
        # Commands that only have these letters in this order are none.
        assert "Explain the selected work" not in screen_text(pilot.app)
        await press(pilot, "enter")
        await press(pilot)
        assert store.reading_log.work(ATTENTION).depth == 2
        await press(pilot, "ctrl+p")
        await type_in(pilot, "restore")
        await wait_for(pilot, "No matches found")


async def test_changes_of_another_program_are_shown(make: Make, database: Path) -> None:
    async with make().run_test(size=WIDE) as pilot:
        with Store(database) as other:
            other.record(journal.log_pass(ATTENTION, 2, date(2026, 11, 20)))
        await wait_for(pilot, "Deep Learning Papers 1/34")


async def test_what_another_program_changed_is_neither_said_nor_offered_nor_undone_instead(
    make: Make, store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertui.tui.app.POLL_INTERVAL", 60.0)
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        with Store(database) as other:
            # The act in view is undone, and then another one.
            await find(pilot, "attention is all")
            assert "u takes it back" in await look(pilot, "asterisk", "a")
            other.undo(other.last_act())
            screen = await look(pilot, "u")
            assert "acted meanwhile; the latest act is now: star of Attention" in screen
            assert ATTENTION in store.tree.starred()
            assert "Undone: star of Attention" in await look(pilot, "u")
            other.redo()
            other.undo(other.last_act())
            assert "ctrl+r brings it back" in screen_text(app)
            other.record(journal.log_pass(ATTENTION, 1, date(2026, 11, 20)))
            assert "There is nothing to redo" in await look(pilot, "ctrl+r")
            # What is noticed before a key goes from view.
            assert "Number 1 in the queue" in await look(pilot, "a")
            other.record(journal.unqueue(ATTENTION))
            app._notice_changes()
            assert "Number 1 in the queue" not in await look(pilot)
            assert "Up next: Learning representations" in await look(pilot, "full_stop")
            said = app.paper_screens[-1].message
            assert "next in Foundations" in said
            other.record(journal.star(ATTENTION, True))
            app._notice_changes()
            assert app.paper_screens[-1].message == said
            other.record(journal.park("rumelhart1986learning", None))
            app._notice_changes()
            assert app.paper_screens[-1].message == ""


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (40, 10), (200, 60)])
async def test_no_size_breaks_it(make: Make, size: tuple[int, int]) -> None:
    async with make().run_test(size=size) as pilot:
        await press(pilot, "j", "enter", "j", "tab", "tab", "p", "q", "question_mark", "q")


async def test_resizing_moves_between_one_pane_and_two(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await pilot.resize_terminal(*SMALL)
        assert "Insight" not in await look(pilot)
        await pilot.resize_terminal(*WIDE)
        assert "Insight" in await look(pilot)


async def test_ascii_draws_the_tree_without_symbols(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), journal.save_note(ATTENTION, "n", "…"))
    app = PaperTui(store, Config(ascii=True))
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "2 Attention Is All You Need #14 [n]" in screen_text(pilot.app)
        assert "[n] has a note" in await look(pilot, "question_mark")


def test_the_style_sheet_names_classes_that_exist() -> None:
    style_sheet = Path(str(PaperTui.CSS_PATH)).read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![.#$\w-])[A-Z]\w+", re.sub(r"{[^}]*}|/\*.*?\*/", "", style_sheet)))
    defined = {
        name
        for module in Path(str(PaperTui.CSS_PATH)).parent.rglob("*.py")
        for name in re.findall(r"^class (\w+)", module.read_text(encoding="utf-8"), re.M)
    }
    of_textual = {
        *("Screen", "ModalScreen", "CommandPalette", "CommandInput", "CommandList", "SearchIcon"),
        "Vertical",
    }
    assert named - of_textual <= defined


async def test_without_a_shell_to_go_to_papertui_stays(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getsid", lambda _: os.getpgrp())
    async with make().run_test(size=SMALL) as pilot:
        assert "There is no shell to go to" in await look(pilot, "ctrl+z")


async def test_an_action_that_ends_as_the_app_is_left_says_nothing_and_breaks_nothing(
    make: Make,
) -> None:
    app = make()
    async with app.run_test(size=SMALL):
        pass
    app.show_message("Done", "", app.takes_back)
    app.show_error(Refused("No."))
