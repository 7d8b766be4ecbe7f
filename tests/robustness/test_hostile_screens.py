"""Every screen, with titles, notes and lists that nobody should have: text is shown as text."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.robustness.test_hostile_text import MARKUP, SEQUENCES, poison, steered
from tests.support.endurance import LONG, counted, report_count
from tests.support.screen import WIDE, find, press, type_in
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
STEERING = {"Cc", "Zl", "Zp", "Cs"}
DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Keys one after the other; "find" goes to a work, "…" pastes a hostile text.
WALK = (
    *("j", "l", "j", "v", "t", "v", "y", "v", "s", "v", "l", "slash", "…", "escape", "escape"),
    *("f", "end", "escape", "find", "tab", "end", "tab", "f2"),
    *("N", "…", "f2", "f2", "f3", "…", "escape", "f8", "enter", "escape", "escape", "escape"),
    *("s", "2", "enter", "…", "f4", "ctrl+l", "…", "escape", "escape", "escape"),
    *("p", "end", "escape", "e", "end", "escape", "question_mark", "escape"),
    *("ctrl+p", "…", "escape", "plus", "…", "enter", "escape", "a", "x", "escape", "S", "u"),
)
EDITORS = ("NoteScreen", "SessionScreen")
SCREENS = {
    "LibraryScreen", "Choose", "FilterScreen", "NoteScreen", "VersionsScreen", "SessionScreen",
    "ProgressScreen", "KeepUpScreen", "HelpScreen", "CommandPalette", "Prompt",
}  # fmt: skip


def controls(screen: str) -> set[str]:
    """Return the signs of a screen that steer a terminal."""
    return {sign for sign in set(screen) - {"\n"} if unicodedata.category(sign) in STEERING}


def pasted(text: str) -> str:
    """Return a text without the direction marks, which a reader may type."""
    return "".join(sign for sign in text if sign not in DIRECTIONS)


@counted
@pytest.mark.parametrize("texts", [[*TEXTS], *([[name] for name in TEXTS] if LONG else [])])
async def test_every_screen_shows_any_text_as_text(
    make: Callable[[], PaperTui], store: Store, database: Path, texts: list[str]
) -> None:
    given = [TEXTS[name] for name in texts]
    poison(database, *given)
    app = make()
    screens: dict[str, int] = {}
    async with app.run_test(size=WIDE) as pilot:
        for at, key in enumerate(WALK):
            if key == "…":
                screen = await type_in(pilot, pasted(given[at % len(given)]))
            elif key == "find":
                screen = await find(pilot, "deep residual")
            else:
                screen = await press(pilot, key)
            name = type(app.screen).__name__
            steering = controls(screen) | (set() if name in EDITORS else set(screen) & DIRECTIONS)
            assert not steering, (at, key, steering)
            assert len(screen.splitlines()) <= WIDE[1]
            screens[name] = screens.get(name, 0) + 1
    assert set(screens) == SCREENS
    report_count(f"{sum(screens.values())} screens of {len(screens)} kinds with {', '.join(texts)}")


def test_no_text_on_any_screen_controls_the_terminal(database: Path) -> None:
    # The emulator fails at letters of no width behind wide ones.
    poison(database, *(TEXTS[name] for name in TEXTS if name not in ("no width", "emoji", "wide")))
    terminal = Terminal(database, size=(24, 100))
    paste = f"\x1b[200~{''.join(SEQUENCES)}{MARKUP}\x1b[201~"
    try:
        terminal.wait_for("? help")
        for keys in (
            *("/", paste, "\x1b", "/", "deep residual", "\r", "\t", "\t"),
            *("N", paste, "\x1bOQ", "\x1bOQ", "\x1bOR", paste, "\x1b", "\x1b[19~", "\x1b", "\x13"),
            *("\x1b", "s", "2", paste, "\x0c", paste, "\x1b", "\x1b", "p", "a", "]", "\r", paste),
            *("\x1b", "\x1b", "e", "q", "?", "q", "\x10", paste, "\x1b", "S", "y", "Y", "u", "n"),
            *("+", paste, "\r", "\x1b"),
        ):
            terminal.type(keys)
            terminal.settle()
            assert steered(terminal.received) == [], keys
        assert terminal.process.isalive()
    finally:
        terminal.end()
