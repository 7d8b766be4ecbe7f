"""Keys read together are the keys read one by one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key, Paste

from papertui.tui.key_parser import KeyParser
from tests.tui.test_key_queue import KEYS

LETTERS = [chr(code) for code in range(0x20, 0x7F)] + ["ä", "界", "\x0c", "\x13"]
# An escape before one of these is what terminals send for other keys.
AMBIGUOUS = ("[", "O", "b", "f", "back")


def parsed(*reads: str) -> list[str]:
    """Return the names of the keys, and the pastes, that a terminal sends in some reads."""
    parser = KeyParser()
    messages = [message for read in reads for message in parser.feed(read)]
    messages += parser.end_sequence()
    return [
        message.key if isinstance(message, Key) else message.text
        for message in messages
        if isinstance(message, Key | Paste)
    ]


@given(st.lists(st.sampled_from([*KEYS, *LETTERS]), max_size=60), st.data())
def test_keys_read_together_are_the_keys_read_one_by_one(
    names: list[str], data: st.DataObject
) -> None:
    names = [name for name in names if name not in AMBIGUOUS] if "esc" in names else names
    keys = [KEYS.get(name, name) for name in names]
    one_by_one = [key for sent in keys for key in parsed(sent)]
    assert parsed("".join(keys)) == one_by_one
    cut = data.draw(st.integers(0, len(keys)))
    reads = ["".join(keys[:cut]), "".join(keys[cut:])]
    assert parsed(*filter(None, reads)) == one_by_one


@pytest.mark.parametrize("key", ["j", "1", ".", "2", "/", "\r", "\t"])
def test_an_escape_before_a_key_is_a_key_of_its_own(key: str) -> None:
    assert parsed(f"\x1b{key}") == ["escape", *parsed(key)]
    assert parsed("\x1b", key) == ["escape", *parsed(key)]
    assert parsed(f"\x1b{key}", "x" * 40, "\x1b[A") == ["escape", *parsed(key), *"x" * 40, "up"]


def test_an_escape_before_a_letter_is_alt_only_if_that_is_a_key_of_the_reader() -> None:
    parser = KeyParser(own_keys=["alt+a", "alt+shift+x", "alt+5", "ctrl+g"])
    sent = "\x1ba\x1bA\x1bx\x1bX\x1b5\x1b4ja\x1b[1;3A"
    expected = [
        "alt+a",
        "escape",
        "A",
        "escape",
        "x",
        "alt+shift+x",
        "alt+5",
        "escape",
        "4",
        "j",
        "a",
        "alt+up",
    ]
    assert [event.key for event in parser.feed(sent) if isinstance(event, Key)] == expected


@pytest.mark.parametrize("letter", "Ogjqyz12")
def test_an_escape_before_an_o_is_one_if_what_follows_is_no_arrow(letter: str) -> None:
    expected = ["escape", "O", *parsed(letter)]
    assert parsed(f"\x1bO{letter}") == parsed("\x1b", f"O{letter}") == expected
    assert parsed(f"j\x1bO{letter}\x1bOP") == ["j", *expected, "f1"]


def test_an_escape_before_the_bracket_of_a_link_is_one_if_nothing_follows() -> None:
    assert parsed("\x1b[") == ["escape", "left_square_bracket"]
    for behind in ("\x1b[3~", "\x1b[A", "\x1bj", "\x1b[\x1b[B"):
        expected = ["escape", "left_square_bracket", *parsed(behind)]
        assert parsed(f"\x1b[{behind}") == expected


@given(st.lists(st.integers(0, 40), max_size=3))
def test_a_paste_is_text_whatever_is_in_it(cuts: list[int]) -> None:
    sent = "j\x1b[200~a\x1bj1\x1b[B2\x1b[20\x1b[200~\x1b[201~\x1bj"
    ends = [0, *sorted(cuts), len(sent)]
    reads = [sent[start:end] for start, end in pairwise(ends)]
    pasted = "a\ufffdj1\ufffd[B2\ufffd[20\ufffd[200~"
    assert parsed(*filter(None, reads)) == ["j", pasted, "escape", "j"]
