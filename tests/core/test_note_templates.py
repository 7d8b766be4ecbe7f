"""Templates of notes: where writing begins, and what of a note is the reader's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.journal import DEPTHS
from papertui.core.note_templates import (
    answered,
    first_field,
    has_template,
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


@pytest.mark.parametrize(
    ("depth", "place", "words", "left"),
    [
        (1, "build on?", " Adam.", "## Five Cs\n\n- **Context**: which work is it related to, {}"),
        (1, "second pass?\n", "Yes.", "## Five Cs\n\nGo on to a {}"),
        (2, "## Key equations\n", "\n    a = b\n\n\n    c", "{}"),
        (
            3,
            "--- | --- |\n",
            "| 1 | 2 | 3 | 4 |",
            "## Reproduction log\n\n### Runs\n\n"
            "| run | changed | expected | got |\n| --- | --- | {}",
        ),
    ],
)
def test_what_is_answered_in_a_template_stays_with_its_headings_alone(
    depth: int, place: str, words: str, left: str
) -> None:
    text = template(depth, {}).replace(place, place + words + "\n" * place.endswith("\n"))
    question = "what does it build on?" if place == "build on?" else place
    assert answered(text, {}) == left.format(question + words)
    assert answered(template(depth, {}), {}) == ""


@given(st.lists(st.sampled_from(["## Of mine", "", "words", "```", "# code", "  "])))
def test_a_note_without_a_template_stays_as_it_is(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert answered(text, {}) == text.strip("\n")


@pytest.mark.parametrize(
    ("text", "inserted", "has_it"),
    [
        ("- a point", "- \n- \n", False),
        ("Goal: rebuilt", "Goal:", True),
        ("## Five Cs\n", "## Five Cs\n\n- one", True),
        ("words", "## Five Cs\n\n- one", False),
    ],
)
def test_a_template_is_there_if_its_first_line_is_written_on_or_not(
    text: str, inserted: str, has_it: bool
) -> None:
    assert has_template(text, inserted) is has_it
