"""The line to type into: it stays open until an answer is taken."""

import ast
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.screen import ModalScreen

from papertui.core import journal
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens import import_list
from papertui.tui.widgets.inputs import LineInput
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
)
from tests.tui.test_bars import make_app, syntax

Make = Callable[[], PaperTui]


async def test_a_reader_may_leave_a_line_after_a_wrong_answer(make: Make, store: Store) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        assert "Type one goal" in await look(pilot, "p", "t", "x", "enter")
        screen = await look(pilot, "ctrl+u", "enter")
        assert "Nothing is typed yet. Full reads a week" in screen
        assert "1 to 50; or one of titles" in screen
        assert "Full reads a week" not in await look(pilot, "escape")
        assert "to come" in await look(pilot, "right")
    assert store.events() == []


async def test_the_numbers_that_a_question_offers_are_taken(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "p", "t")
        assert "1 to 50; or one of titles 15, reproduced 1, explained 2, each 0 for none" in screen
        await press(pilot, *"50", "enter")
        for goal in ("1", "titles 0", "reproduced 0", "explained 2", "shared 0"):
            await press(pilot, "t")
            await type_in(pilot, goal)
            assert "Goal: " in await look(pilot, "enter")


async def test_an_empty_log_has_no_entry_to_select(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "No pass is logged yet" in await look(pilot, "p", "delete")


async def test_a_title_that_asks_gets_no_second_sign_for_it(make: Make, store: Store) -> None:
    store.record(journal.add_work("mine", {"title": "How deep are tides?", "kind": "paper"}))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "how deep")
        screen = await look(pilot, "E", *"x", "escape")
        assert "How deep are tides? " in screen
        assert "??" not in screen


async def test_a_refusal_goes_with_the_next_letter_and_the_question_comes_back(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "Type one goal" in await look(pilot, "p", "t", "x", "enter")
        screen = await look(pilot, "backspace")
        assert "Type one goal" not in screen
        assert "Full reads a week, from this week on" in screen


async def test_works_that_a_name_may_mean_stay_as_long_as_the_line_fits_them(
    make: Make, store: Store
) -> None:
    store.record(journal.add_work("mine", {"title": "Attention of mine", "kind": "paper"}))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        # What is typed on is no command.
        assert "papertui comes with Attention" in await look(pilot, "M", *"2303", "enter")
        assert not store.reading_log.touched()
        await press(pilot, "escape")
        await find(pilot, "attention of mine")
        await press(pilot, "M")
        await type_in(pilot, "deep")
        screen = await look(pilot, "enter")
        assert "Several works fit 'deep'" in screen
        assert "he2015deep" in screen
        assert "tab chooses" in screen
        first = await look(pilot, "tab")
        assert "Several works fit" not in first
        assert first != await look(pilot, "tab")
        for typed in ("", "2"):
            screen = await look(pilot, "ctrl+u", *typed)
            assert "he2015deep" not in screen
            assert "tab chooses" not in screen
        screen = await look(pilot, "ctrl+u", *"deep", "enter", "ctrl+u", *"he2015")
        assert "Merge" in screen
        assert "Several works fit" not in screen
        assert "he2015deep" in screen
        assert "solergibert2024deep" not in screen
        assert "he2015deep" not in await look(pilot, "z")
        # A work is not merged into itself.
        screen = await look(pilot, "ctrl+u", *"attention", "enter")
        assert "Several works fit 'attention'" in screen
        assert "mine  Attention of mine" not in screen
        # However small the window, what is typed stays in view.
        for width, height in ((60, 15), (40, 10)):
            await pilot.resize_terminal(width, height)
            screen = await look(pilot)
            assert screen.split("\n")[-1].strip() == "attention"
            assert "esc leave" in screen
        await pilot.resize_terminal(*WIDE)
        # Of a line with more than a name, tab completes the name.
        await press(pilot, "escape", "ctrl+l", *"he2015 2 today", "tab")
        assert "he2015deep 2 today" in await look(pilot)
        # One of several is chosen by its title, whatever follows its name.
        await press(pilot, "ctrl+u", *"learning 2 today", "enter", "tab")
        screen = await look(pilot, "tab")
        assert "he2015deep  Deep Residual Learning" in screen
        assert screen.count("2 today") == 1


async def test_a_line_that_takes_time_to_read_stays_until_it_is_taken(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, go_on = tmp_path / "list.md", threading.Event()
    path.write_text("# A list\n\n- A title of a paper\n", encoding="utf-8")
    read = import_list._plan_or_events

    def slowly(path: Path, store: Store) -> object:
        go_on.wait(30)
        return read(path, store)

    monkeypatch.setattr(import_list, "_plan_or_events", slowly)
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(path))
        await pilot.press("enter")
        # Only keys that work meanwhile are offered.
        assert "enter done" not in await wait_for(pilot, "One moment")
        # Keys wait for the answer.
        await pilot.press("j")
        assert f"{path.name}j" not in screen_text(app)
        go_on.set()
        await wait_for_workers(app)
        screen = await look(pilot)
        assert "A title of a paper" in screen
        assert "One moment" not in screen


# ── enter alone does what a question says, or nothing ────────────────────────

# What asks, by its keys, and what it says to enter alone.
ASKED_AGAIN = {
    ("ctrl+l",): "Nothing is typed yet. Log Att",
    ("plus",): "Nothing is typed yet. Add a work",
    ("number_sign",): "Nothing is typed yet. Tags of",
    ("m",): "Nothing is typed yet. Copy Att",
    ("I",): "Nothing is typed yet. Import",
    ("semicolon",): "A letter is wanted. Jump",
    ("x",): "Press one of these keys. Att",
}


async def test_enter_alone_does_what_the_question_says_or_has_it_asked_again(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        for keys, says in ASKED_AGAIN.items():
            assert says in await look(pilot, *keys, "enter"), keys
            assert says not in await look(pilot, "escape"), keys
        assert store.events() == []
        for key, default in (("d", "just enter: for none"), ("p", "just enter: until you take")):
            assert default in await look(pilot, "x", key)
            await press(pilot, "enter")
        assert len(store.events()) == 2


# ── every question says how to leave it ──────────────────────────────────────

QUESTIONS = {
    "choice": ("x",),
    "yes or no": ("2", "2"),
    "pass of a session": ("s",),
    "view": ("v",),
    "line": ("plus",),
    "pass and day": ("ctrl+l",),
    "reason": ("x", "d"),
    "list": ("m",),
    "refusal": ("ctrl+l", "x", "enter"),
    "works that fit": ("ctrl+l", *"deep", "space", "1", "enter"),
    "goal": ("p", "t"),
    "letters": ("semicolon",),
    "session": ("s", "2", *"text", "ctrl+l"),
}


ANSWERED_BY_KEYS = [
    QUESTIONS[name] for name in ("choice", "yes or no", "pass of a session", "view", "letters")
]


@pytest.mark.parametrize("size", [(40, 24), SMALL])
@pytest.mark.parametrize("keys", QUESTIONS.values(), ids=QUESTIONS)
async def test_every_question_names_the_key_that_leaves_it(
    make: Make, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        await find(pilot, "attention is all")
        # A question of yes or no is left by no, and says it once; a session is not left by it.
        ways_out = {"yes or no": "n/esc no", "session": "esc go on reading"}
        leaves = next((ways_out[name] for name in ways_out if keys == QUESTIONS[name]), "esc leave")
        screen = await look(pilot, *keys)
        assert screen.count("esc") == screen.count(leaves) == 1
        assert isinstance(pilot.app.screen, ModalScreen)
        if size == SMALL:
            screen = await look(pilot, "f1")
            assert "What a pass is" in screen
            assert ("Complete what is typed" in screen) == (keys[0] == "ctrl+l")
            assert ("Give this answer" in screen) == (keys not in ANSWERED_BY_KEYS)
            # None of these keys can be changed.
            assert "under [keys]" not in await look(pilot, "G")
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ModalScreen)
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, ModalScreen)


def test_all_questions_are_of_a_kind_that_names_the_key() -> None:
    kinds = {node.name: node for _, node in syntax() if isinstance(node, ast.ClassDef)}
    bases = {name: [ast.unparse(base) for base in node.bases] for name, node in kinds.items()}
    modal = {name for name in bases if any("ModalScreen" in base for base in bases[name])}
    # The filter names enter, which leaves it: what it chose holds already.
    assert modal == {"Choose", "Letters", "LineScreen", "FilterScreen"}


@pytest.mark.parametrize("keys", [("plus",), ("ctrl+l",), ("m",), ("I",), ("x", "p")])
async def test_a_hint_is_shown_whole_in_any_width(make: Make, keys: tuple[str, ...]) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, *keys)
        hint = pilot.app.screen.query_one(LineInput).placeholder
        assert hint in screen_text(make_app(pilot))
        await pilot.resize_terminal(40, 24)
        words = " ".join((await look(pilot)).split())
        assert hint in words
        await pilot.resize_terminal(80, 24)
        assert hint in await look(pilot)


async def test_the_help_of_a_question_that_is_stopped_names_the_way_out_alone(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "drop it" in await look(pilot, "x", "question_mark")
        screen = await look(pilot, "escape", "z", "question_mark")
        assert "drop it" not in screen
        assert "Leave the question" in screen


async def test_a_wrong_key_leaves_the_choices_of_what_is_shown(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "v", "v")
        assert "That is none of these keys. View:" in screen
        assert "y year" in screen
        assert "1980s 0/1" in await look(pilot, "y")
        assert "y year •" in await look(pilot, "v", "x")
        assert "View" not in await look(pilot, "escape")


@pytest.mark.parametrize("text", ["-3d", "/adding", "/apply", "/\rd\r", "opd"])
async def test_a_text_typed_into_a_question_does_not_answer_it(
    make: Make, store: Store, text: str
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        keys = ("enter" if letter == "\r" else letter for letter in text)
        asked = await look(pilot, "x", *keys)
        assert "That was no answer: esc, then begin again. esc leave" in " ".join(asked.split())
        assert "d drop" not in asked
        await press(pilot, "escape")
        assert store.events() == []
        assert "Why drop Attention" in await look(pilot, "x", "d")
