"""The names of keys, as a reader writes them and as they are known to the app."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import product
from string import ascii_lowercase, digits

from textual.keys import REPLACED_KEYS, _character_to_key, key_to_character

SUCH_AS = "such as ctrl+g or f5"
# Other names, of readers and of terminals, for keys that are one to most terminals.
SAME_KEYS = {
    "ctrl+@": "ctrl+space",
    "ctrl+at": "ctrl+space",
    "ctrl+shift+2": "ctrl+space",
    "ctrl+slash": "ctrl+underscore",
    "ctrl+shift+minus": "ctrl+underscore",
    "ctrl+shift+6": "ctrl+circumflex_accent",
}
# Names that papertui shows, and one of keyboards.
_NAMES = {"return": "enter", "esc": "escape", "del": "delete", "pgup": "pageup", "pgdn": "pagedown"}
# Keys of which terminals send others, as they always have.
_SENT_AS = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "escape",
    "ctrl+h": "backspace",
    "alt+b": "ctrl+left",
    "alt+f": "ctrl+right",
    "alt+shift+o": "the beginning of other keys",
}
_MODIFIERS = ("alt", "ctrl", "shift")
_BARE = ("enter", "tab", "backspace", "escape", "space", "f3")
# Keys that say which modifiers are held. With one, f3 looks like the answer where the cursor is.
_FUNCTIONS = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"),
    *(f"f{n}" for n in range(1, 13) if n != 3),
)


@cache
def _signs() -> Collection[str]:
    """Return the names of all signs."""
    return {_character_to_key(chr(code)) for code in range(33, 0x250) if chr(code).isprintable()}


@cache
def _sent() -> Collection[str]:
    """Return the keys, other than signs, that every terminal sends."""
    return {
        *_BARE,
        "shift+tab",
        *(
            "+".join((*(each for each, held in zip(_MODIFIERS, holds, strict=True) if held), name))
            for name in _FUNCTIONS
            for holds in product((False, True), repeat=len(_MODIFIERS))
        ),
        *(f"ctrl+{name}" for name in (*ascii_lowercase, "space", "underscore", "backslash")),
        *("ctrl+circumflex_accent", "ctrl+right_square_bracket"),
        *(f"alt+{name}" for name in ascii_lowercase + digits),
        *(f"alt+shift+{name}" for name in ascii_lowercase),
    } - _SENT_AS.keys()


def spelt(written: str) -> str:
    """Return the name of the key that a reader writes, or what is written if it cannot be typed."""
    return written.strip() if why_no_key(written) else _named(written.strip())


def why_no_key(written: str) -> str:
    """Return why a key cannot be typed in a terminal, "" if it can."""
    written = written.strip()
    key = full_name(_named(written))
    *modifiers, name = key.split("+")
    if sent := _SENT_AS.get(key):
        return f"terminals send {written!r} as {sent}: choose another"
    if key in _sent() or key in _signs() or types(written):
        return ""
    is_known = name in _sent() or name in _signs() or re.fullmatch(r"f(1[3-9]|2[0-4])", name)
    if not is_known or {*modifiers} - {*_MODIFIERS, "super"}:
        return f"{written!r} is not a key, {SUCH_AS}"
    if modifiers == ["shift"] and name in _signs():
        return f"write {written!r} as the sign that it types, such as !"
    return f"not all terminals send {written!r}: choose one {SUCH_AS}"


def types(key: str) -> bool:
    """Return True for a key that types a character."""
    character = key if len(key) == 1 else key_to_character(REPLACED_KEYS.get(key, key))
    is_known = len(key) == 1 or key in _signs() or key == "space"
    return is_known and character is not None and character.isprintable()


def full_name(key: str) -> str:
    """Return a key by its name, even if a sign stands for it."""
    return _character_to_key(key) if len(key) == 1 else key


def with_ctrl(sign: str) -> str:
    """Return the sign of a key with ``ctrl+`` in the place of the ``^`` that stands for it."""
    return re.sub(r"\^(?=.)", "ctrl+", sign, count=1)


def sent_with_alt(keys: Iterable[str]) -> Mapping[str, str]:
    """Return those of some keys that are an escape and a letter to most terminals, by these."""
    named = (key for key in keys if key.startswith("alt+") and key in _sent())
    letters = {key: key.removeprefix("alt+").removeprefix("shift+") for key in named}
    return {
        f"\x1b{letter.upper() if 'shift+' in key else letter}": key
        for key, letter in letters.items()
        if len(letter) == 1
    }


def _named(key: str) -> str:
    """Return a key as Textual names it: modifiers in the order of the alphabet, signs by name."""
    if len(key) == 1:
        return key
    held, _, name = key.rpartition("+")
    modifiers = {*held.lower().split("+")} - {""}
    if len(name) == 1 and modifiers:
        # Only of a letter by itself, or with alt, the case tells two keys apart.
        if modifiers == {"shift"} and name.isalpha() and len(name.upper()) == 1:
            return name.upper()
        if name.isupper() and modifiers == {"alt"}:
            modifiers.add("shift")
        name = full_name(name.lower())
    elif len(name) > 1:
        name = _NAMES.get(name.lower(), name.lower())
    named = "+".join((*sorted(modifiers), name))
    return SAME_KEYS.get(named, named)
