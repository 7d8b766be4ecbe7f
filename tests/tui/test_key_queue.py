"""Keys that come in one write act as the same keys typed slowly."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual.events import Key

from papertui.config import Config
from papertui.core.library_tree import Branch, Leaf
from papertui.pages.layout import Line
from papertui.storage.store import Store
from papertui.system.clock import Clock
from papertui.tui.app import PaperTui
from papertui.tui.key_parser import KeyParser
from papertui.tui.key_queue import BURST
from papertui.tui.screens import progress
from papertui.tui.screens.library import LibraryScreen
from papertui.tui.screens.library_panes import PAGE_INTERVAL, NodePanes
from tests.conftest import FRIDAY, TODAY
from tests.core.test_follow import paper
from tests.support.clocks import StillClock
from tests.support.documents import key_tables
from tests.support.endurance import examples
from tests.support.fresh_database import fresh_database
from tests.support.screen import SMALL, WIDE, look, press
from tests.support.terminal import Terminal

KEYS = {
    "esc": "\x1b", "enter": "\r", "tab": "\t", "back": "\x7f", "del": "\x1b[3~", "space": " ",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "s-left": "\x1b[1;2D", "s-right": "\x1b[1;2C",
    "home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdn": "\x1b[6~",
    "c-home": "\x1b[1;5H", "c-end": "\x1b[1;5F",
    "s-tab": "\x1b[Z",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~",
    "f9": "\x1b[20~",
}  # fmt: skip
# A word in KEYS or of the form ^s is one key; of other words each letter is one, and _ a space.
SEQUENCES = {
    "open a section and log a pass in it": "j l j j 1",
    "passes down the list": "j l j 1 j 2 j 3",
    "a section read before papertui": "j b 2 enter l j 1",
    "the same pass twice": "j l j 1 1 y 1 n j 1",
    "close all, open the last": "g h G l j l j 1",
    "pages": "j l pgdn 1 ^b ^f pgup 3 end home ^d ^u j l j up down 1",
    "search and log": "/ deep_resid enter 2 / adam down up down enter 1",
    "a search that is left": "/ adam esc j l j 1 / zzz enter 1 tab 2 esc j 1",
    "group by year": "v y l j 1 v q v l j 1",
    "group by tiers": "v t g l j l j 2",
    "queue": "j l j a j a K j a J v q j 1 a .",
    "up next": ". 1 . 2 . a",
    "this list next": "G L . 1",
    "several works marked": "j l j space j V a u V 1 V x d dull enter j space k space b 2 esc j 1",
    "tags and stars": "j l j # nlp_cite enter * j space V # nlp back lm enter V * j 1 ^e esc u",
    "counts": "5 j l 4 k 0 1 2 j 1 6 esc j 2 7 G 1 5 k k 1 4 j j 2",
    "jump labels": "; s l j 1 ; esc j 2 j l ; d 1",
    "places": "j l j ' m a G 1 ' a 2 ' esc j 1 ' x",
    "sorting": "z y j l j 1 J z o j 1 v q z t j 1",
    "filter": "f j space l space esc j l j 1 F j l j 1",
    "park and drop": "j l j x p 2w enter j x d dull enter j 1",
    "park with a wrong day": "j l j x p soon enter back back back back 3d enter 1",
    "take up again": "j l j x d enter x t 1",
    "undo and redo": "j l j 1 j 2 u ^r u u j 1",
    "undo a note": "j l j n Text esc u enter j 1",
    "a note": "j l j n One._ esc N Two. ^s _Three. esc j 1",
    "a note with tools": "j l j n heads enter f7 f3 heads enter esc ! f2 f2 esc 1",
    "both ends of a note": "j l j n one c-home 0 c-end 2 esc N ^a new esc j 1",
    "versions": "j l j n Old ^s er ^s f8 ] enter r ! esc j 1",
    "undo in a note": "j l j n word ^z other ^y esc j 1",
    "a session": "j l j s enter Read. f4 enter ] enter f4 _More. ^l enter j 1",
    "a session that waits": "j l j s 2 Some esc j 1 k s thing ^t ^l enter 1",
    "a session without its time": "j l j s 1 f5 f6 Fast. ^l enter j 1",
    "a session by mistake": "j l j s enter esc 1 j s 1 f9 y 2 k s 2 Some f9 n More f9 y 1",
    "drafts that wait": "j l j s 2 One esc j s 1 Two esc g w s _more esc w s ^l enter w 1",
    "add a work": "+ A_paper_of_mine enter 1 + A_paper_of_mine enter 2 G a",
    "merge": "+ Adamant enter 1 M kingma2014adam enter 2",
    "a link, and back": "j l j tab ] ] enter 1 back 1",
    "the pane shows the work": "j l j j tab ] enter 2 s-tab tab s-tab j 1",
    "progress": "j l j 1 p a ] enter _30 enter w q j 2",
    "take out": "j l j 1 j 2 p ] del q 1",
    "goal and rest": "p t 3 enter H r L left right h l s-left s-right y q q j l j 1",
    "keep up": "e t t T 12 enter S q j l j 1",
    "new papers": "e r space a x j 1 k a n Why? esc J K tab esc O y v esc q j l j 1",
    "new papers taken back": "e r x x a u u u ^r 1 up down r esc u q j l j 1",
    "escape before letters": "j l j p esc b 1 ? esc b 2 p esc O j esc f u 3 p esc back 1",
    "help and back": "? q j l j 1 f1 esc j 2",
    "explain": "j l j 1 S j 2",
    "a list of mine": "A Seminar enter g l j j m Seminar enter A Club enter E _two enter J X y j 1",
    "a work of mine": "+ A_paper_of_mine enter E end ! ^s E end ? esc n m Own enter X y u 1",
    "recall": "j l j 2 c c R space 3 u space 4 space 1 esc j 1",
    "reviews and the year": "j l j 2 p w W Y esc q j 1",
    "the desktop": "j l j y Y o O 1",
    "a command by its name": "j l j ^p second_pass enter j 1",
    "an import that is left": "I esc j l j 1",
    "sync and the group": "j l j n Text esc P Z B r esc H j 1",
    "sections": "j l [ ] [ l j 1 ] ] l down 2",
    "a note in the editor of the reader": "j l j n Text ^o ! esc j 1",
    "quit": "j l j 1 q 1",
    "quit at once": "j l j n Text ^q 1",
}


def keys_of(sequence: str) -> list[str]:
    """Return what a terminal sends for each key of a sequence."""
    keys: list[str] = []
    for word in sequence.split():
        if word in KEYS:
            keys.append(KEYS[word])
        elif word[0] == "^" and len(word) == 2:
            keys.append(chr(ord(word[1]) & 0x1F))
        else:
            keys += word.replace("_", " ")
    return keys


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(_: str) -> bool:
        return False

    monkeypatch.setattr("papertui.system.desktop.open_in_browser", refused)
    monkeypatch.setattr("papertui.system.desktop.copy", refused)


async def write(app: PaperTui, *keys: str) -> None:
    """Send keys as a terminal does that delivers them in one read, and wait for their effects."""
    parser = KeyParser()
    for message in [*parser.feed("".join(keys)), *parser.end_sequence()]:
        app.post_message(message)
    while app.return_code is None and not (
        not app.message_queue_size and app.keys.is_idle and await app.keys.is_settled()
    ):
        await asyncio.sleep(0.002)


async def journal_after(database: Path, clock: Clock, writes: list[list[str]]) -> list[str]:
    """Return the journal that keys make, and what else the database then holds.

    Names made at random are replaced by their numbers.
    """
    fresh_database(database)
    store = Store(database, busy_timeout=0, clock=clock)
    store.new_papers.keep([paper(f"2611.0000{number}") for number in range(1, 10)], TODAY)
    app = PaperTui(store, Config())
    async with app.run_test(size=SMALL):
        for keys in writes:
            await write(app, *keys)
    app.close()
    with Store(database, clock=clock) as store:
        lines = [f"{e.kind} {e.work} {json.dumps(e.data)} {e.act}" for e in store.events()]
        lines += [f"draft {d.work} {d.body!r} {d.session}" for d in store.drafts.waiting()]
        lines += sorted(f"{key} {value}" for key, value in store.settings().items())
    text = "\n".join(lines)
    names: dict[str, str] = {}
    text = re.sub(r"\b[0-9a-f]{32}\b", lambda m: names.setdefault(m[0], f"name {len(names)}"), text)
    return text.split("\n")


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES)
async def test_keys_in_one_write_do_what_they_do_one_by_one(
    sequence: str, tmp_path: Path, clock: Clock
) -> None:
    keys = keys_of(sequence)
    slowly = await journal_after(tmp_path / "slow" / "p.db", clock, [[key] for key in keys])
    assert await journal_after(tmp_path / "fast" / "p.db", clock, [keys]) == slowly


WORDS = sorted({word for sequence in SEQUENCES.values() for word in sequence.split()} - {"^q"})
CLOCK = StillClock(FRIDAY.replace(tzinfo=None).astimezone())
# Terminals send an escape and one of these for other keys.
AFTER_ESCAPE = ("[", "back", "b", "f", "O")


@examples(usual=50)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=40))
def test_any_keys_in_one_write_do_what_they_do_one_by_one(words: list[str]) -> None:
    after_escape = (after for word, after in pairwise(words) if word == "esc")
    assume(not any(after.startswith(AFTER_ESCAPE) for after in after_escape))
    keys = keys_of(" ".join(["j l j", *words, "^q"]))

    async def journals(folder: Path) -> tuple[list[str], list[str]]:
        slowly = await journal_after(folder / "slow.db", CLOCK, [[key] for key in keys])
        return slowly, await journal_after(folder / "fast.db", CLOCK, [keys])

    with TemporaryDirectory() as folder:
        slowly, in_one_write = asyncio.run(journals(Path(folder)))
    assert in_one_write == slowly


@pytest.mark.parametrize("delay", [0.02, 0.1])
async def test_enter_in_the_palette_runs_only_what_fits_all_that_is_typed(
    store: Store, delay: float
) -> None:
    app = PaperTui(store, Config())
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, *"jlj", "ctrl+p")
        # Commands fit the beginning of this word, none the whole.
        for letter in "restore":
            app.post_message(Key(letter, letter))
        await asyncio.sleep(delay)
        app.post_message(Key("enter", None))
        await press(pilot, "escape", "escape")
    assert store.events() == []


async def test_a_key_that_is_held_down_changes_the_page_a_few_times_a_second(
    make: Callable[[], PaperTui], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_at: list[float] = []
    show = NodePanes.show

    def count(panes: NodePanes, node: Branch | Leaf | None, top: bool = True) -> None:
        shown_at.append(time.monotonic())
        show(panes, node, top)

    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, *"jlj")
        library = app.screen
        assert isinstance(library, LibraryScreen)
        monkeypatch.setattr(NodePanes, "show", count)
        monkeypatch.setattr("papertui.tui.screens.library_panes.PAGE_INTERVAL", PAGE_INTERVAL)
        for key in "j" + "jk" * 15:
            app.post_message(Key(key, key))
            await asyncio.sleep(0.01)
        screen = await look(pilot)
        # One more for what else may have it drawn meanwhile.
        assert len(shown_at) <= (shown_at[-1] - shown_at[0]) / PAGE_INTERVAL + 2
        assert isinstance(leaf := library.node, Leaf)
        assert screen.count(leaf.title[:20]) == 2
        # The next key acts on the page of the row that the keys before it reached.
        await press(pilot, "k", "k", "tab")
        assert not library.is_behind


def test_the_sequences_use_every_key_of_the_documents() -> None:
    columns = re.findall(r"^\| ((?:`[^`]+` ?)+)\|", key_tables(), re.MULTILINE)
    documented = {key for column in columns for key in re.findall(r"`([^`]+)`", column)}
    names = {"↑": "up", "↓": "down", "←": "left", "→": "right", "escape": "esc", "delete": "del"}
    names |= {"backspace": "back", "shift+tab": "s-tab", "ctrl+home": "c-home", "ctrl+end": "c-end"}
    used = {key for sequence in SEQUENCES.values() for key in sequence.split()}
    # ctrl+z outside a text goes to the shell.
    wanted = {names.get(key, key.replace("ctrl+", "^")) for key in documented}
    assert len(wanted) > 50
    assert wanted - used == set()


def test_keys_that_a_terminal_delivers_at_once_log_the_pass_of_the_work_they_reach(
    indexed: None, database: Path
) -> None:
    terminal = Terminal(database)
    try:
        terminal.wait_for("Foundations")
        terminal.type("jljj1")
        terminal.wait_for("Logged: ")
    finally:
        terminal.end()
    with Store(database) as store:
        assert [event.work for event in store.events()] == ["hornik1991approximation"]


def test_an_escape_and_the_keys_after_it_in_one_read_are_keys_each(
    indexed: None, database: Path
) -> None:
    terminal = Terminal(database)
    try:
        terminal.wait_for("Foundations")
        terminal.type("jljn")
        terminal.wait_for("0 words")
        terminal.type("Text\x1bj2")
        terminal.wait_for("Logged: ")
    finally:
        terminal.end()
    with Store(database) as store:
        assert [(event.kind, event.work) for event in store.events()] == [
            ("note", "rumelhart1986learning"),
            ("pass", "hornik1991approximation"),
        ]


def test_a_paste_is_no_key_whatever_is_in_it(indexed: None, database: Path) -> None:
    terminal = Terminal(database)
    try:
        terminal.wait_for("Foundations")
        terminal.type("jlj\x1b[200~\x1b1\x1b[B3\x1b[201~2")
        terminal.wait_for("Logged: ")
    finally:
        terminal.end()
    with Store(database) as store:
        assert [(event.work, event.data["depth"]) for event in store.events()] == [
            ("rumelhart1986learning", 2)
        ]


async def test_the_key_that_quits_does_not_wait_for_an_action_that_takes_long(
    store: Store,
) -> None:
    app = PaperTui(store, Config())
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        app.keys.hold_for(app.run_worker(asyncio.sleep(60)))
        started_at = time.monotonic()
        await write(app, *keys_of("j l j 1 ^q"))
        assert app.return_code == 0
        assert time.monotonic() - started_at < 10


async def test_keys_behind_a_fault_wait_for_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[Line]:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(progress, "progress_page", broken)
    app = PaperTui(store, Config())
    with pytest.raises(ZeroDivisionError):
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            async with asyncio.timeout(20):
                await write(app, *keys_of("p j j k"))
    assert app.keys.is_idle


@pytest.mark.parametrize("steps", range(12))
async def test_a_screen_that_goes_while_a_key_waits_for_it_harms_nothing(
    store: Store, steps: int
) -> None:
    app = PaperTui(store, Config())
    async with app.run_test(size=SMALL):
        await write(app, *keys_of("j l"))
        await app.run_action("help")
        app.post_message(Key("j", "j"))
        for _ in range(steps):
            await asyncio.sleep(0.002)
        app.pop_screen()
        await write(app, *keys_of("j 1"))
    assert [event.kind for event in store.events()] == ["pass"]


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_letter_that_no_row_has_is_said_and_what_follows_in_one_go_is_no_command(
    store: Store, at_once: bool
) -> None:
    app = PaperTui(store, Config())
    async with app.run_test(size=SMALL) as pilot:
        await write(app, *keys_of("j l j"))
        if not at_once:
            await press(pilot, ";")
        await write(app, *keys_of(f"{';' * at_once}é1a*j q"))
        assert "No row é" in await look(pilot)
        assert store.events() == []
        assert app.is_running
        # Later keys are commands again.
        await asyncio.sleep(2 * BURST)
        assert "Logged: first pass of Learning" in await look(pilot, "1")


async def test_two_that_wait_for_effects_do_not_wait_for_each_other(store: Store) -> None:
    app = PaperTui(store, Config())
    async with app.run_test() as pilot:
        await press(pilot)
        async with asyncio.timeout(3):
            await asyncio.gather(*[app.keys.wait_for_effects() for _ in range(2)])
