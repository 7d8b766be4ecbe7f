"""A walk over every screen and question, with a reader who has done a little of everything."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from papertui.config import Config
from papertui.core import journal
from papertui.core.follow import Follow
from papertui.core.recall import GOOD, INSIGHT, scheduling
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.conftest import TODAY
from tests.core.test_follow import paper
from tests.support.screen import find, look, screen_text, type_in

ATTENTION, RESNET, ADAM = "vaswani2017attention", "he2015deep", "kingma2014adam"
BERT = "devlin2018bert"
LIST = (
    "# Robots\n\n- [Walking Zebras](https://arxiv.org/abs/2401.12345) by A. Zebra\n- [ ] Nothing\n"
)
NOTE = """# In a sentence

A *note* with **strong** words, `code` and a rule.

- a thing
1. [x] a done one
- [ ] one to do

> quoted

---

Q: What is the width?
It is d.
"""
# Keys to press one after the other; "find …" goes to a work, "type …" pastes.
WALK = (
    *("g", "tab", "tab", "j", "l", "j", "tab", "tab", "v", "t", "v", "y", "v", "s", "v", "d"),
    *("v", "q", "v", "l", "slash", "type resid", "escape", "slash", "type zzz", "escape"),
    *("f", "space", "down", "space", "enter", "F", "slash", "type walking", "enter", "escape"),
    "find attention is all",
    *("tab", "right_square_bracket", "end", "tab", "a", "a", "x", "escape", "b", "escape"),
    *("2", "2", "escape", "u", "ctrl+l", "escape", "N", "f2", "f2", "f3", "type zz", "escape"),
    *("f8", "escape", "escape", "s", "2", "f4", "space", "f4", "type words", "ctrl+l", "escape"),
    *("escape", "w", "p", "left", "w", "escape", "g", "escape", "end", "t", "escape", "escape"),
    *("e", "end", "r", "j", "tab", "tab", "a", "v", "question_mark", "escape", "escape", "escape"),
    *("R", "space", "3", "escape", "plus", "escape", "I", "type LIST", "enter", "end", "escape"),
    *("A", "type Mine", "enter", "find attention is all", "m", "escape", "E", "escape"),
    *("question_mark", "end", "escape", "plus", "type Own", "enter", "E", "tab", "escape"),
    *("B", "escape"),
    *("ctrl+p", "type theme", "escape", "u", "ctrl+r", "M", "escape", "o"),
)
SCREENS = {
    "LibraryScreen", "Choose", "Prompt", "FilterScreen", "NoteScreen", "VersionsScreen",
    "SessionScreen", "ProgressScreen", "KeepUpScreen", "NewPapersScreen", "RecallScreen",
    "HelpScreen", "ImportScreen", "Pick", "Palette", "EditScreen", "GroupScreen",
}  # fmt: skip
CONFIG = Config(follow=Follow(("cs.LG",), ("Carla Muster",), (), ("survey",)))


def read_a_little(store: Store) -> None:
    """Log, note, queue, park, recall and fetch something."""
    settings = scheduling((), 0.9).as_json()
    earlier = store.clock() - timedelta(days=9)
    for work, depth, ago in ((ATTENTION, 2, 30), (RESNET, 3, 8), (RESNET, 1, 8), (ADAM, 1, 2)):
        store.record(journal.log_pass(work, depth, TODAY - timedelta(days=ago), 40 * depth))
    store.record(journal.rate_card(ATTENTION, INSIGHT, TODAY - timedelta(20), GOOD, settings))
    store.record(journal.save_note(ATTENTION, "n", NOTE), now=earlier)
    store.record(journal.queue(ADAM, 1.0))
    store.record(journal.scan(TODAY, 12))
    store.new_papers.keep([paper(f"2611.0000{n}", title=f"Paper {n}") for n in range(4)], TODAY)


async def walk(pilot: Pilot[int], tmp_path: Path) -> AsyncIterator[tuple[str, str]]:
    """Press the keys of `WALK`, and yield the kind of the screen and its text after each."""
    file = tmp_path / "robots.md"
    file.write_text(LIST, encoding="utf-8")
    for key in WALK:
        if key.startswith("type "):
            await type_in(pilot, key[5:].replace("LIST", str(file)))
            text = screen_text(pilot.app)
        elif key.startswith("find "):
            await find(pilot, key[5:])
            text = screen_text(pilot.app)
        else:
            text = await look(pilot, key)
        yield type(pilot.app.screen).__name__, text


def tour_app(store: Store, **settings: Any) -> PaperTui:
    """Return an app for the walk, with some settings in its config."""
    return PaperTui(store, CONFIG._replace(**settings))
