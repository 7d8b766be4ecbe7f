"""The recall screen, key by key."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from papertui.config import Config
from papertui.core import journal, recall
from papertui.core.labels import full_date
from papertui.core.reading_session import Session
from papertui.core.recall import GOOD, INSIGHT, scheduling
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.launch import look_after
from tests.conftest import TODAY
from tests.support.clocks import StillClock
from tests.support.screen import SMALL, WIDE, find, look, press, screen_text, type_in

ATTENTION, RESNET, ADAM = "vaswani2017attention", "he2015deep", "kingma2014adam"
both_sizes = pytest.mark.parametrize("size", [SMALL, WIDE])
Make = Callable[[], PaperTui]


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def reader(store: Store) -> Store:
    """A store whose reader has three cards due: of Attention, rated once, ResNet and a note."""
    # A skim after the second pass, which the card is about.
    store.record(journal.log_pass(ATTENTION, 1, before(25)))
    note = "It adds nothing, it multiplies.\n\nQ: What is d_k?\nThe width of a key."
    store.record(journal.log_pass(ATTENTION, 2, before(30)))
    settings = scheduling((), 0.9).as_json()
    store.record(journal.rate_card(ATTENTION, INSIGHT, before(20), GOOD, settings))
    store.record(journal.log_pass(RESNET, 2, before(9)))
    earlier = store.clock() - timedelta(days=5)
    store.record(journal.save_note(ATTENTION, "n", note), now=earlier)
    return store


def ratings(store: Store) -> list[tuple[str | None, int]]:
    events = store.events("kind = ?", journal.RECALLED)
    return [(event.work, event.data["rating"]) for event in events[1:]]


@both_sizes
async def test_a_session_asks_shows_and_rates_one_card_after_the_other(
    make: Make, reader: Store, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        assert "3 to recall" in (await look(pilot)).split("\n")[0]
        screen = await look(pilot, "R")
        assert "Recall 1 of 3" in screen
        assert "to recall" not in screen
        assert "Attention Is All You Need" in screen
        assert "What is its key insight?" in screen
        assert "space show the answer" in screen
        assert "It adds nothing" not in screen
        screen = await look(pilot, "space")
        assert "Insight" in screen
        assert "It adds nothing, it multiplies." in screen
        keys = screen.split("\n")[-1]
        assert keys.startswith(" 1 again tomorrow  2 hard ")
        assert all(name in keys for name in ("3 good ", "4 easy ", "? help"))
        screen = await look(pilot, "3")
        assert "Good: Attention Is All You Need, back " in screen
        assert "Recall 2 of 3" in screen
        assert "Deep Residual Learning" in screen
        screen = await look(pilot, "space", "1")
        assert "Again: Deep Residual Learning" in screen
        assert "back tomorrow · u takes it back" in screen
        assert "What is d_k?" in screen
        screen = await look(pilot, "space")
        assert "The width of a key." in screen
        screen = await look(pilot, "4")
        assert "Done for today" in screen
        assert "2 of 3 recalled, 1 to be asked again soon." in screen
        assert "1 card is due tomorrow." in screen
        assert "to recall" not in (await look(pilot, "escape")).split("\n")[0]
    assert ratings(reader) == [(ATTENTION, 3), (RESNET, 1), (ATTENTION, 4)]


@both_sizes
async def test_undo_brings_the_card_back_and_redo_takes_it_again(
    make: Make, reader: Store, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        await press(pilot, "R", "space", "3", "space", "2")
        screen = await look(pilot, "u")
        assert "Undone: rating of Deep Residual Learning" in screen
        assert "Recall 2 of 3" in screen
        screen = await look(pilot, "u")
        assert "Recall 1 of 3" in screen
        assert "Attention Is All You Need" in screen
        assert "Recall 2 of 3" in await look(pilot, "ctrl+r")
    assert reader.reading_log.cards_due(TODAY) == 2


async def test_no_key_rates_what_was_not_shown(make: Make, reader: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "R", "3", "1")
        assert "Recall 1 of 3" in screen
        assert "space shows the answer\n" in screen
        assert "again" not in screen.split("\n")[-1]
        # Enter shows the answer, and grades nothing.
        screen = await look(pilot, "enter", "enter")
        assert "It adds nothing, it multiplies." in screen
        await pilot.resize_terminal(40, 12)
        screen = await look(pilot)
        assert screen.endswith(" 1 again 2 hard 3 good 4 easy esc ?")
    assert ratings(reader) == []


async def test_what_is_typed_stands_beside_the_answer(make: Make, reader: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "R", "t")
        await type_in(pilot, "weights from all to all")
        screen = await look(pilot, "enter")
        assert "You typed  weights from all to all" in screen
        assert "Insight" in screen
        assert "weights from all" not in await look(pilot, "3", "space")


async def test_a_card_is_stopped_and_the_work_is_gone_to(make: Make, reader: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "R", "x")
        assert "Not asked any more: Attention Is All You Need" in screen
        assert "Deep Residual Learning" in screen
        assert "g library" in screen
        screen = await look(pilot, "g")
        assert "Up next" in screen
        assert "2 to recall" in screen


async def test_a_session_ends_at_its_limit_and_goes_on_if_asked(
    store: Store, reader: Store
) -> None:
    async with PaperTui(store, Config(recall_limit=2)).run_test(size=SMALL) as pilot:
        screen = await look(pilot, "R", "space", "3", "space", "3")
        assert "Done for now" in screen
        assert "1 more card is due: R goes on." in screen
        assert "R go on" in screen
        assert "Recall 1 of 1" in await look(pilot, "R")
        # An undo asks the card of the session before again, too.
        screen = await look(pilot, "u")
        assert "Recall 1 of 2" in screen
        assert "Deep Residual Learning" in screen
        screen = await look(pilot, "space", "3", "space", "3")
        assert "Done for today" in screen
        assert "go on" not in screen
        assert "No card is due" in await look(pilot, "R")


async def test_a_question_that_is_stopped_is_named(make: Make, store: Store) -> None:
    note = journal.save_note(ATTENTION, "n", "Q: Why [so]?\nSo.")
    store.record(note, now=store.clock() - timedelta(days=2))
    async with make().run_test(size=SMALL) as pilot:
        screen = " ".join((await look(pilot, "R", "x")).split())
        assert "Not asked any more: 'Why [so]?' on Attention" in screen
        assert "Undone: stopping a question on Attention" in await look(pilot, "u")


@both_sizes
async def test_a_newcomer_is_told_how_cards_start(
    make: Make, store: Store, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        screen = await look(pilot, "R")
        assert "Nothing to recall" in screen
        assert "A second pass of a work" in screen
        assert "There is no card" not in await look(pilot, "space", "x")


async def test_the_library_starts_and_stops_a_card(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "full_stop", "c")
        assert "Asked in recall: Learning representations" in screen
        assert "1 to recall" in screen
        assert "No longer asked in recall" in await look(pilot, "c")
        assert "Asked in recall" in await look(pilot, "c")
        assert "Learning representations" in await look(pilot, "R")
        await press(pilot, "escape", "n")
        await type_in(pilot, "Q: What is beta?\nAn average.")
        screen = " ".join((await look(pilot, "escape", "c")).split())
        assert "Its key insight is no longer asked: Learning representations" in screen
        assert "; 1 question of your notes still is" in screen
        await press(pilot, "c")
    assert store.reading_log.cards_due(TODAY) == 1


async def test_recall_off_hides_it_and_keeps_the_data(store: Store, reader: Store) -> None:
    async with PaperTui(store, Config(recall=False)).run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        assert "Recall is off" in await look(pilot, "c")
        await press(pilot, "p", "ctrl+p")
        await type_in(pilot, "recall")
        assert "Ask about it in recall" not in await look(pilot)
        await press(pilot, "escape", "escape")
        assert "to recall" not in await look(pilot)
        assert 'recall = "on" in the config file' in await look(pilot, "R")
        assert "Recall" not in await look(pilot, "p")
    assert reader.reading_log.cards_due(TODAY) == 3


async def test_the_day_turns_in_a_session(make: Make, reader: Store, clock: StillClock) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "R", "space", "1", "space", "1", "space", "1")
        clock.passed += 24 * 3600
        screen = await look(pilot, "R")
        assert "Recall 1 of 3" in screen


@both_sizes
async def test_progress_shows_what_is_known_due_and_forgotten(
    make: Make, reader: Store, size: tuple[int, int]
) -> None:
    settings: Any = scheduling((), 0.9).as_json()
    reader.record(journal.rate_card(ATTENTION, INSIGHT, TODAY, 1, settings))
    async with make().run_test(size=size) as pilot:
        await press(pilot, "p", *["j"] * (10 if size == SMALL else 0))
        screen = await look(pilot)
        assert "2 due · 1 forgotten" in screen
        assert "0 % recalled, 0 of 1 time asked again in 90 days" in screen
        assert "█▄" in screen
        assert "the next 30 days, at most 2 a day" in screen
        assert "Recall 1 of 2" in await look(pilot, "R")


async def test_messages_and_pages_name_the_keys_that_the_reader_has_set(
    store: Store, reader: Store
) -> None:
    own = {"recall.show": "f6", "recall.type": "z", "recall.note": "N", "recall.more": "ctrl+g"}
    own |= {"card": "C", "queue": "Q", "waiting": "ctrl+w"}
    app = PaperTui(store, Config(keys=own, recall_limit=1))
    async with app.run_test(size=SMALL) as pilot:
        screen = await look(pilot, "R")
        assert "type it with z. Then f6 shows the answer" in screen
        assert "ctrl+g goes on" in await look(pilot, "f6", "3")
        await press(pilot, "escape")
        await find(pilot, "attention is all")
        assert "not in the queue: Q puts it there" in await look(pilot, "J")


@pytest.mark.parametrize("number", [1, 2])
async def test_the_header_tells_of_due_cards_beside_what_waits(
    make: Make, reader: Store, number: int
) -> None:
    for work in (ATTENTION, ADAM)[:number]:
        reader.drafts.save(Draft(work, work, work, (), "", Session(2).sit_down(TODAY).read_for(60)))
    reader.drafts.close()
    async with make().run_test(size=SMALL) as pilot:
        first = (await look(pilot)).split("\n")[0]
        assert ("Waiting (w): Second pass of", "2 waiting (w): Second pass of")[number - 1] in first
        assert "3 due (R)" in first


@both_sizes
async def test_a_newcomer_sees_which_key_recalls_why_a_card_is_asked_and_how_to_rate(
    make: Make, reader: Store, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        assert "3 to recall (R)" in (await look(pilot)).split("\n")[0]
        assert "3 to recall (R) ·" in (await look(pilot, "p")).split("\n")[0]
        if size == WIDE:
            assert "3 due · R asks what is due" in screen_text(pilot.app)
        # Other screens do not have the key, or a letter types there.
        assert "3 to recall ·" in (await look(pilot, "escape", "e")).split("\n")[0]
        screen = await look(pilot, "escape", "R")
        assert "Recall 1 of 3 " in screen
        read = f"{full_date(before(30))[:-5]}"
        assert (
            f"Second pass {read}; asked once, rated 'good' {full_date(before(20))[:-5]}" in screen
        )
        screen = await look(pilot, "space")
        assert "How well did you recall it? 1 to 4: 1 if you had forgotten it" in screen
        asked = await look(pilot, "3", "space", "3")
        assert "Second pass" in asked
        assert "; not asked before" in asked


async def test_fsrs_is_loaded_ahead_only_where_cards_were_rated(
    make: Make, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(recall, "load", lambda: loaded.append(True))
    store.record(journal.log_pass(RESNET, 2, before(9)))
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await look_after(app).wait()
        assert loaded == []
        await press(pilot, "R", "space", "3", "escape")
        await look_after(app).wait()
        assert loaded == [True]


async def test_a_saved_note_says_how_many_questions_it_asks(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "Q: What is added?\nThe input.")
        assert "Note saved (6 words, 1 question to recall)" in await look(pilot, "ctrl+s")
    app = PaperTui(store, Config(recall=False))
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "N")
        await type_in(pilot, "\n\nQ: Why?")
        assert "to recall" not in await look(pilot, "ctrl+s")
