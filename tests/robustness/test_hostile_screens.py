"""Every screen with hostile titles, notes and lists: text is shown as text."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.robustness.test_hostile_text import MARKUP, SEQUENCES, poison, uncleaned_sequences
from tests.support.endurance import LONG, counted, report_count
from tests.support.screen import WIDE, find, look, screen_text, type_in
from tests.support.terminal import Terminal

TEXTS = {
    "escape sequences": "".join(SEQUENCES),
    "markup": f"{MARKUP} [[ [/x] [bold [@click=app.bell]]",
    "directions": "a\u202eb\u2066c\u2069\u200fd \u05d0\u05d1 \u0639\u0631",
    "length": "Zebra" * 2000,
    "no width": "z\u200be\u200db\u2060r\ufeffa" + "e\u0301\u0323\u0330" * 40,
    "emoji": "👩\u200d🔬👨\u200d👩\u200d👧🏳️\u200d🌈🌲" * 12,
    "wide": "深度残差学习" * 40,
    "lines": "a\nb\r\nc\rd\u2028e\u2029f\tg\x0bh\x0ci\x85j",
    "nothing": " \u00a0\u3000",
}
CONTROL_CATEGORIES = {"Cc", "Zl", "Zp", "Cs"}
DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Keys to press one after the other; "find" goes to a work, "…" pastes a hostile text.
WALK = (
    *("j", "l", "j", "v", "t", "v", "y", "v", "s", "v", "l", "slash", "…", "escape", "escape"),
    *("f", "end", "escape", "find", "tab", "end", "tab", "f2"),
    *("N", "enter", "…", "f2", "f2", "f3", "…", "escape", "f8", "enter", "escape", "escape"),
    *("escape",),
    *("s", "2", "enter", "…", "f4", "ctrl+l", "…", "escape", "escape", "escape"),
    *("p", "end", "escape", "e", "end", "r", "x", "1", "space", "k", "a", "tab", "end", "v"),
    *("slash", "…", "escape", "escape", "escape", "escape", "question_mark", "escape"),
    *("ctrl+p", "…", "escape", "plus", "…", "enter", "escape", "a", "x", "escape", "S", "u"),
)
EDITORS = ("NoteScreen", "SessionScreen")
SCREENS = {
    "LibraryScreen", "Choose", "FilterScreen", "NoteScreen", "VersionsScreen", "SessionScreen",
    "ProgressScreen", "KeepUpScreen", "NewPapersScreen", "HelpScreen", "Palette", "Prompt",
    "Pick",
}  # fmt: skip


def control_characters(screen: str) -> set[str]:
    """Return the characters on a screen that control a terminal."""
    return {
        character
        for character in set(screen) - {"\n"}
        if unicodedata.category(character) in CONTROL_CATEGORIES
    }


def without_directions(text: str) -> str:
    """Return a text without direction marks, since a reader may paste those."""
    return "".join(character for character in text if character not in DIRECTIONS)


@counted
@pytest.mark.parametrize("texts", [[*TEXTS], *([[name] for name in TEXTS] if LONG else [])])
async def test_every_screen_shows_any_text_as_text(
    make: Callable[[], PaperTui], store: Store, database: Path, texts: list[str]
) -> None:
    hostile = [TEXTS[name] for name in texts]
    poison(database, *hostile)
    app = make()
    screens: dict[str, int] = {}
    async with app.run_test(size=WIDE) as pilot:
        for step, key in enumerate(WALK):
            if key == "…":
                await type_in(pilot, without_directions(hostile[step % len(hostile)]))
                screen = screen_text(pilot.app)
            elif key == "find":
                await find(pilot, "deep residual")
                screen = screen_text(pilot.app)
            else:
                screen = await look(pilot, key)
            name = type(app.screen).__name__
            forbidden = control_characters(screen)
            if name not in EDITORS:
                forbidden |= set(screen) & DIRECTIONS
            assert not forbidden, (step, key, forbidden)
            assert len(screen.splitlines()) <= WIDE[1]
            screens[name] = screens.get(name, 0) + 1
    assert set(screens) == SCREENS
    report_count(f"{sum(screens.values())} screens of {len(screens)} kinds with {', '.join(texts)}")


def test_no_text_on_any_screen_controls_the_terminal(database: Path) -> None:
    # The emulator fails on characters without width after wide ones.
    poison(database, *(TEXTS[name] for name in TEXTS if name not in ("no width", "emoji", "wide")))
    terminal = Terminal(database, size=(24, 100))
    paste = f"\x1b[200~{''.join(SEQUENCES)}{MARKUP}\x1b[201~"
    try:
        terminal.wait_for("? help")
        for keys in (
            *("/", paste, "\x1b", "/", "deep residual", "\r", "\t", "\t"),
            *("N", "\r", paste, "\x1bOQ", "\x1bOQ", "\x1bOR", paste, "\x1b", "\x1b[19~", "\x1b"),
            *("\x13",),
            *("\x1b", "s", "2", paste, "\x0c", paste, "\x1b", "\x1b", "p", "a", "]", "\r", paste),
            *(
                "\x1b",
                "\x1b",
                "e",
                "r",
                "x",
                "a",
                "/",
                paste,
                "\x1b",
                "q",
                "q",
                "?",
                "q",
                "\x10",
                paste,
                "\x1b",
                "S",
                "y",
                "Y",
                "u",
                "n",
            ),
            *("+", paste, "\r", "\x1b"),
        ):
            terminal.type(keys)
            terminal.settle()
            assert uncleaned_sequences(terminal.received) == [], keys
        assert terminal.process.isalive()
    finally:
        terminal.end()
