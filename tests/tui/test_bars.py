"""The lines around every screen, in 80 columns: nothing that tells what to press is cut off."""

import ast
import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from papertui.config import Config
from papertui.core import journal, library_tree
from papertui.core.identity import parse_new_work
from papertui.core.reading_session import Session
from papertui.core.text import cells, fitted, packed
from papertui.pages.layout import Line, Span
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.dialogs import Choose
from papertui.tui.key_queue import BURST
from papertui.tui.keymap import usable_keys
from papertui.tui.widgets.bars import MAX_MESSAGE_LINES, KeyBar, MessageLine
from papertui.tui.widgets.page import PagePane
from tests.conftest import TODAY
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    look,
    press,
    screen_text,
    wait_for,
    wait_for_workers,
    wait_until,
)

ATTENTION = "vaswani2017attention"
LONG = "An Analysis of the Convergence of Decentralized Optimization over Slow and Faulty Links"
# The width of a message in 80 columns.
ROOM = 78
Make = Callable[[], PaperTui]
texts = st.text(st.sampled_from("ab·… 影"), max_size=120)


def add_long(store: Store) -> str:
    """Add a work with a long title and return its citekey."""
    new = parse_new_work(LONG)
    store.record(journal.add_work(new.citekey, new.fields))
    return new.citekey


@given(texts, texts, texts, st.integers(20, 100), st.integers(1, 3))
def test_a_message_fits_and_keeps_its_end(
    before: str, title: str, after: str, width: int, max_lines: int
) -> None:
    lines = fitted(before, title, after, width, max_lines)
    assert 1 <= len(lines) <= max_lines
    assert all(cells(line) <= width for line in lines)
    end = f"{before}{title}{after}".split(" ")[-1]
    if cells(end) < width - 2 and end in after:
        assert lines[-1].endswith(end)


def test_a_message_has_another_line_rather_than_a_title_that_says_too_little() -> None:
    after = ", for Thu 24 Dec 2026 · u takes it back"
    assert fitted("Logged: first pass of ", "Style-Based Tides of a Small Sea", after, 78, 3) == [
        "Logged: first pass of Style-Based Tides of a Small Sea, for Thu 24 Dec 2026",
        "· u takes it back",
    ]
    assert len(fitted("Logged: first pass of ", LONG, after, 78, 1)) == 1


@given(st.lists(st.text("ab ", max_size=30)), st.integers(30, 80))
def test_packed_lines_hold_every_part_whole(parts: list[str], width: int) -> None:
    lines = packed(parts, width)
    assert all(cells(line) <= width for line in lines)
    assert " · ".join(lines) == " · ".join(parts)


SHOWN = ("show_message", "confirm", "choose", "Choose", "prompt", "Refused")


def texts_of(node: ast.expr) -> str:
    """Return the text of an argument; what is put in while the app runs is a few letters."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "nnnn" for part in node.values
        )
    return str(node.value) if isinstance(node, ast.Constant) else LONG


def syntax() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the source with its place."""
    for module in sorted(Path(str(PaperTui.CSS_PATH)).parents[1].rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            yield f"{module.name}:{getattr(node, 'lineno', 0)}", node


def messages() -> Iterator[tuple[str, list[str]]]:
    """Yield every message, question and refusal that the app shows, as its parts."""
    for at, node in syntax():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            starred = any(isinstance(argument, ast.Starred) for argument in node.args)
            if called in SHOWN and node.args and not starred:
                # The label of a line to type into and its hint are on lines of their own.
                each = [[arg] for arg in node.args] if called == "prompt" else [node.args]
                yield from ((at, [*map(texts_of, parts)]) for parts in each)


@pytest.mark.parametrize("width", [38, ROOM])
@pytest.mark.parametrize("parts", [pytest.param(parts, id=at) for at, parts in messages()])
def test_every_message_shows_all_but_a_long_title(parts: list[str], width: int) -> None:
    # Those of the shell have lines of their own.
    lines = MessageLine(*(part.replace("\n", " ") for part in parts)).lines(width)
    assert len(lines) <= MAX_MESSAGE_LINES * (1 if width == ROOM else 3)
    shown = "".join(" ".join(lines).split())
    for part in parts:
        if part != LONG:
            assert "".join(part.split()) in shown


def test_the_messages_are_found() -> None:
    assert len([*messages()]) > 50


def test_the_hint_of_every_prompt_fits_into_80_columns() -> None:
    hints = {
        at: node.value.value
        for at, node in syntax()
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("hint", "label")
        and isinstance(node.value, ast.Constant)
    }
    assert len(hints) > 3
    assert not [at for at, hint in hints.items() if cells(str(hint)) > ROOM]


async def test_a_question_shows_all_its_choices(make: Make, store: Store) -> None:
    add_long(store)
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "faulty links")
        screen = await look(pilot, "s")
        assert "First pass of An Analysis" in screen
        for choice in ("1/enter first pass", "2 second pass", "3 third pass"):
            assert choice in screen
        screen = await look(pilot, "escape", "x")
        for choice in ("An Analysis", "p park it", "d drop it"):
            assert choice in screen


async def test_a_message_of_two_lines_gives_its_room_back(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        app = make_app(pilot)
        app.show_message("What was done is told at length, " * 3, "", "· u takes it back")
        assert "u takes it back" in await look(pilot)
        line = app.screen.query_one(MessageLine)
        assert line.size.height == 2
        app.show_message("Done")
        await press(pilot)
        assert line.size.height == 1


@pytest.mark.parametrize("weeks", [0, 12])
async def test_the_header_keeps_what_is_up_next_and_the_state_of_the_week(
    make: Make, store: Store, weeks: int
) -> None:
    for week in range(1, weeks + 1):
        store.record(journal.log_pass(ATTENTION, 2, TODAY - timedelta(weeks=week)))
    async with make().run_test(size=SMALL) as pilot:
        first = (await look(pilot)).split("\n")[0]
        assert "Up next: Learning representations" in first
        assert "on track · 1 more" in first
        assert " read by Sunday" in first or "1 more read" in first
        assert ("1 to recall" in first) is (weeks > 0)


@pytest.mark.parametrize("columns", [100, 140])
async def test_the_reason_of_up_next_is_shown_whole_or_not_at_all(
    make: Make, store: Store, columns: int
) -> None:
    store.record(journal.queue("srivastava2014dropout", 1))
    async with make().run_test(size=(columns, 24)) as pilot:
        first = (await look(pilot)).split("\n")[0]
        reason = "first in your queue: first pass, about 10 min  "
        assert (reason in first) is (columns == 140)
        assert ("first in" in first) is (columns == 140)
        assert "1 more full read by Sunday" in first


async def test_the_time_of_up_next_is_shown_where_its_reason_does_not_fit(
    make: Make, store: Store
) -> None:
    store.record(journal.queue("gu2023mamba", 1), journal.log_pass("gu2023mamba", 1, None))
    store.record(journal.queue("gu2023mamba", 1))
    async with make().run_test(size=(106, 24)) as pilot:
        first = (await look(pilot)).split("\n")[0]
        assert "Up next: Mamba" in first
        assert " · about 3 h  " in first
        assert "first in your queue: second pass, about 3 h" in await look(pilot, ".")


async def test_ctrl_c_says_on_the_line_of_messages_how_to_leave(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "ctrl+q leaves papertui" in (await look(pilot, "ctrl+c")).split("\n")[-2]


async def test_the_header_of_a_waiting_session_keeps_the_state_of_the_week(
    make: Make, store: Store
) -> None:
    work = add_long(store)
    store.drafts.save(Draft("d", work, "n", (), "half a thought", Session(2).sit_down(TODAY)))
    store.drafts.close()
    async with make().run_test(size=SMALL) as pilot:
        first = (await look(pilot)).split("\n")[0]
        assert "Waiting (w): Second pass of An" in first
        assert "3 words, today" in first
        assert first.endswith("week on track")
    store.record(journal.log_pass(ATTENTION, 2, TODAY - timedelta(days=30)))
    async with make().run_test(size=SMALL) as pilot:
        # The cards that are due are told, too.
        first = (await look(pilot)).split("\n")[0]
        assert "Waiting (w): Second pass of An" in first
        assert "1 due (R) · on track" in first


async def test_every_value_of_a_filter_is_shown(make: Make, store: Store) -> None:
    facets = [
        facet for facet in library_tree.facets(store.tree.lists(), store.tree.decades())
        if facet.name in ("status", "kind", "difficulty")
    ]  # fmt: skip
    chosen = {facet.name: frozenset(facet.values) for facet in facets}
    store.set_setting("filter", library_tree.dump_filter(chosen))
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot)
        for facet in facets:
            assert " or ".join(facet.values.values())[:60] in screen
        assert "Deep Learning Papers" in screen
        assert "[" not in await look(pilot, "F")


async def test_the_filter_leaves_the_header_and_the_lines_below(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        before = (await look(pilot)).split("\n")
        screen = (await look(pilot, "f")).split("\n")
        assert screen[0] == before[0]
        keys = "space chooses · ← → other kinds · c clears · enter done"
        assert screen[-1].strip() == keys
        # A kind of values is shown with all of them.
        page = pilot.app.screen.query_one("#filter", PagePane)
        while not (page.selected or "").startswith("difficulty="):
            below = await look(pilot, "right")
        assert "Difficulty" in below
        assert "Expert" in below
        assert "Status" not in await look(pilot, "G")
        assert "Status" in await look(pilot, *["pageup"] * 8)


def make_app(pilot: object) -> PaperTui:
    app = getattr(pilot, "app", None)
    assert isinstance(app, PaperTui)
    return app


# ── keys in text fields, and how long a message stays ────────────────────────


# Keys of the reader's own that are letters.
OWN = {"help": "!", "back": "Q", "redo": "U", "palette": ":"}


@pytest.mark.parametrize(
    ("keys", "own"),
    [
        (("n",), {}), (("n", "f3"), {}), (("s", "enter"), {}), (("slash",), {}),
        (("n", "f2", "f2"), {}), (("s", "2", "f3"), {}), (("slash",), OWN), (("s", "enter"), OWN),
    ],
)  # fmt: skip
async def test_the_footer_of_a_text_field_names_no_key_that_types(
    store: Store, keys: tuple[str, ...], own: dict[str, str]
) -> None:
    app = PaperTui(store, Config(keys=usable_keys(own)[0]))
    async with app.run_test(size=(200, 24)) as pilot:
        assert f"{own.get('help', '?')} help" in await look(pilot)
        await find(pilot, "attention is all")
        screen = await look(pilot, *keys)
        assert app.is_typing
        signs = {sign for sign, _ in app.screen.query_one(KeyBar).keys.values()}
        assert signs
        letters = "".join(sign for sign in signs if all(len(word) == 1 for word in sign.split()))
        # The sign of enter is no letter.
        assert letters.strip("⏎") == ""
        assert "f1 help" in screen.split("\n")[-1]
        await press(pilot, "f1")
        assert "What the signs mean" in screen_text(app)


class OnePage(App[None]):
    """A page with a link and the line of its keys."""

    def compose(self) -> ComposeResult:
        """Lay out the page, which has no room at first, and the keys."""
        yield PagePane(id="page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill the page."""
        page = self.query_one(PagePane)
        page.styles.width = 0
        page.show(lambda width: [Line((Span("adam"),), target="adam")])
        page.focus()


async def test_the_keys_of_links_are_shown_once_the_page_has_room() -> None:
    app = OnePage()
    async with app.run_test(size=SMALL) as pilot:
        page, keys = app.query_one(PagePane), app.query_one(KeyBar)
        await wait_until(lambda: page.has_focus)
        await pilot.pause()
        assert "page.follow" not in keys.keys
        page.styles.width = 40
        await wait_until(lambda: "page.follow" in keys.keys)


async def footer(pilot: Pilot[int], *keys: str) -> str:
    """Press keys and return the line of keys."""
    return (await look(pilot, *keys)).split("\n")[-1]


async def test_the_footer_names_the_keys_of_what_has_the_focus(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "⏎ go to it" in await footer(pilot, "slash", *"attention")
        await press(pilot, "enter")
        # A session's own keys come first, as a small window has no room for more.
        assert (await footer(pilot, "s", "enter")).strip().startswith("^l log  f4 list")
        checklist = await footer(pilot, "f4")
        for key in ("space tick", "f4 esc note"):
            assert key in checklist
        assert "^l log  f4 list" in await footer(pilot, "escape")


async def test_the_palette_names_its_own_keys_and_not_those_below(make: Make) -> None:
    async with make().run_test(size=(120, 40)) as pilot:
        await find(pilot, "attention is all")
        before = await footer(pilot, "s", "enter")
        assert "f1 help" in before
        assert (await footer(pilot, "ctrl+p")).strip() == "enter does it · esc leave"
        # Nothing that is found is nothing to do.
        await press(pilot, *"xyzzy")
        assert (await wait_for(pilot, "No matches")).split("\n")[-1].strip() == "esc leave"
        assert (await footer(pilot, *["backspace"] * 5)).strip() == "enter does it · esc leave"
        assert await footer(pilot, "escape") == before


async def test_help_names_every_key_of_the_footer_and_the_arrows(make: Make) -> None:
    async with make().run_test(size=(120, 60)) as pilot:
        await press(pilot, "p")
        progress = await look(pilot, "question_mark")
        assert "← h" in progress
        assert "→ l" in progress
        await press(pilot, "escape", "escape")
        await find(pilot, "attention is all")
        checklist = await look(pilot, "s", "enter", "f4", "f1")
        for line in ("space ⏎ x", "↓ j", "Tick the line"):
            assert line in checklist


async def test_enter_closes_the_filter_and_keeps_what_space_chose(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "f", "space", "enter")
        assert "[status: to read]" in screen
        assert "space chooses" not in screen


async def test_a_key_for_works_says_that_the_filter_matches_nothing(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "f", *["down"] * 3, "space", "enter")
        for key in ("1", "n", "b", "x"):
            screen = await look(pilot, key)
            assert "Nothing fits the filter." in screen.split("\n")[-2]
            # The line of the filter names the key, so that nothing else needs to.
            assert screen.count("F clears it") == 1


async def test_clearing_a_filter_that_matches_nothing_goes_back_to_the_work(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "f", *["down"] * 3, "space", "enter", "F")
        assert "Logged: first pass of Attention Is All" in await look(pilot, "1")


async def test_every_key_of_the_filter_is_named_in_a_narrow_terminal(make: Make) -> None:
    async with make().run_test(size=(40, 12)) as pilot:
        screen = await look(pilot, "f")
        for key in ("space chooses", "← → other kinds", "c clears", "enter done"):
            assert key in screen


async def test_saving_in_a_note_names_no_key_that_types(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "n", *"kept", "ctrl+s")
        assert "Note saved (1 word)" in screen
        assert "u takes it back" not in screen
        assert "Note saved (1 word) · u takes it back" in await look(pilot, "escape")
        await press(pilot, "u", "y")
    assert store.reading_log.work(ATTENTION).notes == ()


async def test_a_message_goes_with_the_next_command(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "Logged: first pass" in await look(pilot, "1")
        assert "Logged: first pass" in await look(pilot, "f12")
        assert "Logged: first pass" not in await look(pilot, "v", "escape")
        assert "Logged: first pass" not in await look(pilot, "k")
        # What is refused holds only where the cursor was.
        assert "No row é" in await look(pilot, "semicolon", "é")
        await asyncio.sleep(2 * BURST)
        assert "No row é" not in await look(pilot, "j")


async def test_the_message_of_an_act_stays_through_three_keys_that_only_move_the_cursor(
    make: Make,
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        # In vi 3 j goes down three rows.
        logged = "; no earlier pass is logged · u takes it back"
        assert logged in await look(pilot, "3")
        for key in "jjk":
            assert logged in await look(pilot, key)
        assert "Logged: third" not in await look(pilot, "k")
        undone = "Undone: third pass"
        assert undone in await look(pilot, "u", "j", "k", "j")
        assert undone not in await look(pilot, "k")
        # The first digit of a number may have logged a pass; the key that moves uses it up.
        assert "Logged: first" in await look(pilot, "1", "5")
        assert "5 times" not in await look(pilot, "j")
        await find(pilot, "attention is all")
        assert "no earlier pass" not in await look(pilot, "3")


@pytest.mark.parametrize(
    ("keys", "idle", "offered"),
    [
        (("slash", *"zqzq"), ("go to it",), ("esc back",)),
        ((), ("log a pass", "s read", "n note", "o open"), ("v view", "/ find")),
        (("v", "q"), ("J K move", "log a pass", "s read", "n note"), ("v view",)),
        (("e", "r"), ("a queue", "1 first", "space"), ("/ search", "esc back")),
        (("R",), ("show the answer", "type", "library", "note"), ("esc back",)),
        (("B",), ("look for news",), ("esc back",)),
        (("question_mark", "slash", *"zqzq"), ("scroll",), ("esc back",)),
    ],
)
async def test_where_nothing_is_shown_the_footer_offers_no_key_that_would_do_nothing(
    make: Make, store: Store, keys: tuple[str, ...], idle: tuple[str, ...], offered: tuple[str, ...]
) -> None:
    store.set_setting("filter", '{"kind": ["video"], "star": ["yes"]}')
    async with make().run_test(size=(160, 24)) as pilot:
        footer = (await look(pilot, *keys)).split("\n")[-1]
        assert [words for words in idle if words in footer] == []
        assert [words for words in offered if words not in footer] == []


async def test_on_a_section_the_footer_offers_no_key_that_needs_a_work(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        for keys, offers in (((), "section"), (("full_stop",), "work"), (("h",), "section")):
            footer = (await look(pilot, *keys)).split("\n")[-1]
            assert ("open/close" in footer) == (offers == "section")
            for needs_a_work in ("log a pass", "s read", "n note", "o open  "):
                assert (needs_a_work in footer) == (offers == "work"), (keys, footer)


async def test_the_keys_of_a_row_are_in_the_footer_once_there_is_one(make: Make) -> None:
    async with make().run_test(size=(160, 24)) as pilot:
        screen = await look(pilot, "full_stop", "space", "v", "q")
        # What acts on marked works needs no row.
        assert "log a pass" in screen.split("\n")[-1]
        assert "s read" not in screen.split("\n")[-1]
        assert "J K move  1 2 3 log a pass  s read" in await look(pilot, "a", "l", "j")
        # Of several marked works none is moved.
        assert "J K move" not in await look(pilot, "space")
        assert "J K move" in await look(pilot, "escape")
        # It is out of the queue then, and stays in view.
        assert "J K move" not in await look(pilot, "1")


async def test_a_message_never_comes_back_when_a_screen_is_closed(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        for opened in (("p",), ("e",), ("question_mark",), ("n",), ("x",), ("f",), ("v",)):
            assert "Logged: second pass" in await look(pilot, "2", *"y" * (opened != ("p",)))
            assert "Logged: second pass" not in await look(pilot, *opened, "escape")


async def test_a_message_stays_while_text_is_typed(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "s", "2", *"a thought", "left", "backspace", "up")
        assert "f7 puts in the template" in screen
        await press(pilot, "escape", "slash")
        assert "works found" in await look(pilot, *"att", "down", "down")


@pytest.mark.parametrize(
    "between", [(), ("j",), ("v",), ("question_mark", "escape"), ("o",), ("p",)]
)
async def test_the_key_b_holds_only_while_it_asks(
    make: Make, store: Store, between: tuple[str, ...]
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "Read before papertui: Attention" in await look(pilot, "b", *between)
        screen = await look(pilot, "escape")
        assert "Read before papertui" not in screen
        assert "Attention Is All" in screen
        assert "for Fri 20 Nov" in await look(pilot, "1")
    assert [reading.read_on for reading in store.reading_log.work(ATTENTION).readings] == [TODAY]


async def test_waiting_is_said_only_while_it_lasts(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("begin exclusive")
        await press(pilot, "f")
        await wait_for(pilot, "Waiting for another program")
        other.close()
        await wait_for_workers(pilot.app)
        screen = await look(pilot)
        assert "space chooses" in screen
        assert "Waiting for another program" not in screen


# ── every question says what enter does, and every message only keys that work ───


@pytest.mark.parametrize("offered", ["", "y", "n", "2"])
async def test_a_question_marks_the_choice_that_enter_takes(make: Make, offered: str) -> None:
    choices = {"y": "yes", "n": "no", "2": "second pass"}
    async with make().run_test(size=SMALL) as pilot:
        answers: list[str | None] = []
        app = make_app(pilot)
        app.push_screen(Choose("Really?", choices=choices, offered=offered), answers.append)
        screen = await look(pilot)
        for key, label in choices.items():
            assert (f"{key}/enter {label}" in screen) is (key == offered)
        await press(pilot, "enter")
        assert answers == [offered] * bool(offered)


async def test_all_questions_with_yes_and_no_are_asked_in_one_form(
    make: Make, store: Store
) -> None:
    # Choices of other words are a question of their own.
    asked = [at for at, node in syntax() if ast.unparse(node) == "{'y': 'yes', 'n': 'no'}"]
    assert len(asked) == 1
    store.record(journal.log_pass(ATTENTION, 2, TODAY))
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        for keys in (("2",), ("s", "2", "f9")):
            assert "y/enter yes · n/esc no" in await look(pilot, *keys)
            await press(pilot, "n")


PLACES = {
    "library": (),
    "details": ("tab",),
    "search": ("slash",),
    "note": ("n",),
    "find in a note": ("n", "f3"),
    "preview": ("n", *"text", "f2"),
    "session": ("s", "2"),
    "checklist": ("s", "2", "f4"),
    "progress": ("p",),
    "keep up": ("e",),
}


@pytest.mark.parametrize("keys", PLACES.values(), ids=PLACES)
async def test_a_key_is_offered_only_where_it_works(
    make: Make, store: Store, keys: tuple[str, ...]
) -> None:
    """Whatever is on the screen, a message offers the keys that work there."""
    store.undo(store.record(journal.queue(ATTENTION, 1)))
    store.record(journal.log_pass("he2015deep", 2, TODAY))
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, *keys)
        app = make_app(pilot)
        # What types a letter is not offered.
        assert bool(app.takes_back) is not app.is_typing
        assert bool(app.offer("redo", "brings it back")) is not app.is_typing
        before = len(store.events())
        screen = await look(pilot, "u")
        assert (len(store.events()) > before) is ("Undone:" in screen)
        if app.is_typing:
            assert len(store.events()) == before


async def test_a_message_names_the_readers_own_key(store: Store) -> None:
    app = PaperTui(store, Config(keys={"undo": "Q"}))
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        assert "· Q takes it back" in await look(pilot, "1")
        assert "Undone: first pass" in await look(pilot, "Q")


def test_no_message_names_the_keys_of_undo_and_redo_by_itself() -> None:
    named = [
        (at, node.value)
        for at, node in syntax()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"· u |· ctrl\+r", node.value)
    ]
    assert named == []


async def test_a_draft_that_is_offered_is_not_offered_in_the_search(
    make: Make, store: Store
) -> None:
    store.drafts.save(Draft("d", ATTENTION, "n", (), "half a thought"))
    store.drafts.close()
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot)
        assert "n goes on with it" in screen
        assert "Waiting (w): Unsaved note" in screen
        screen = await look(pilot, "slash")
        assert "goes on with it" not in screen
        assert "Waiting: Unsaved note" in screen
        assert "Waiting (w): Unsaved note" in await look(pilot, "escape")


@pytest.mark.parametrize("keys", [("tab",), ("n",), ("s", "1"), ("p",), ("e",)], ids=" ".join)
async def test_the_footer_of_a_small_window_names_the_way_out(
    make: Make, keys: tuple[str, ...]
) -> None:
    async with make().run_test(size=(40, 12)) as pilot:
        await find(pilot, "attention is all")
        footer = (await look(pilot, *keys)).split("\n")[-1]
        assert " esc " in footer
        assert " help" in footer


async def test_a_filter_says_which_key_clears_it(store: Store) -> None:
    app = PaperTui(store, Config(keys={"clear-filter": "f6"}))
    async with app.run_test(size=SMALL) as pilot:
        assert "clears it" not in await look(pilot, "f", "j")
        assert "]  f6 clears it" in await look(pilot, "space", "escape")


@pytest.mark.parametrize("width", range(24, 140, 4))
def test_no_choice_of_a_question_is_parted(width: int) -> None:
    title = "A Style-Based Generator Architecture for Generative Adversarial Networks"
    choices = ("p park it", "d drop it", "t take it up again", "esc leave")
    line = MessageLine("", title, ": ", choices=choices)
    lines = line.lines(width)
    assert all(any(choice in each for each in lines) for choice in choices)
