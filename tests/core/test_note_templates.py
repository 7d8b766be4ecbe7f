"""Templates of notes: where writing begins, and what of a note is the reader's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.journal import DEPTHS
from papertui.core.note_templates import (
    first_field,
    is_replaced,
    own_beginning,
    own_words,
    template,
)


@pytest.mark.parametrize(
    ("former", "text", "is_so"),
    [
        ("one two three four five", "one two three four", False),
        ("one two three four five", "one two", True),
        ("one two three", "", False),
        (f"{template(2, {})}one two three four five", template(2, {}), True),
    ],
)
def test_a_text_is_replaced_once_most_of_its_own_words_are_gone(
    former: str, text: str, is_so: bool
) -> None:
    assert is_replaced(former, text, {}) is is_so


def test_writing_begins_at_the_first_field_of_a_template() -> None:
    lines = [template(depth, {}).split("\n")[first_field(template(depth, {}))] for depth in DEPTHS]
    assert lines == [
        "- **Category**: what kind of paper is it?",
        "",
        "- Goal (which number, which figure):",
    ]
    assert first_field(template(2, {})) == 1
    assert first_field("My questions:\n\n- ") == 2


def test_a_note_is_named_by_the_first_words_that_are_not_its_templates() -> None:
    log = template(3, {})
    assert own_beginning(log.replace("figure):", "figure): table 2"), {}) == "table 2"
    assert own_beginning(log, {}) == "Reproduction log"


def test_each_pass_has_a_template_and_the_readers_own_wins() -> None:
    assert template(1, {}).count("**C") == 5
    assert "Key equations" in template(2, {})
    assert "Reproduction log" in template(3, {})
    assert template(1, {"first": "mine"}) == "mine"


@given(st.integers(1, 3), st.lists(st.text("ab -#:", max_size=20), max_size=8), st.integers(0, 9))
def test_only_the_words_of_the_reader_are_counted(depth: int, lines: list[str], at: int) -> None:
    own = {"second": "## Mine\n\n- what I ask:\n"}
    inserted = template(depth, own).split("\n")
    mixed = "\n".join([*lines[:at], *inserted, *lines[at:]])
    assert own_words(mixed, own) == own_words("\n".join(lines), own)
    assert own_words("\n".join(inserted), own) == 0
    assert own_words("- what I ask: why it works\n## Mine and yours", own) == 5
