"""Tags as typed and compared, and as a search asks for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.search_words import asked_tags, marked_beginnings
from papertui.core.tags import (
    MAX_TAG,
    completions_of_tags,
    is_tag,
    parse_tags,
    spelt_as_known,
)
from papertui.core.text import fold
from papertui.errors import Refused


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("nlp to-cite", ["nlp", "to-cite"]),
        ("#nlp, #NLP;  nlp", ["nlp"]),
        ("project/Übersicht a_b", ["project/Übersicht", "a_b"]),
        ("", []),
        (" # ", []),
    ],
)
def test_a_line_of_tags_is_parted_at_blanks_and_commas(typed: str, tags: list[str]) -> None:
    assert parse_tags(typed) == tags


@pytest.mark.parametrize(
    "typed", ["2024", "a.b", "C++", "x" * (MAX_TAG + 1), "<b>", "#a#b", "\x1b"]
)
def test_a_word_that_is_no_tag_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="tag"):
        parse_tags(f"nlp {typed}")


@given(st.text())
def test_what_is_parsed_is_a_tag_and_is_asked_for_by_its_sign(typed: str) -> None:
    try:
        tags = parse_tags(typed)
    except Refused:
        return
    for tag in tags:
        assert is_tag(tag)
        assert asked_tags(f"words #{tag}") == ([fold(tag)], "words  ")
        assert asked_tags(f"Tag:{tag}")[0] == [fold(tag)]


@pytest.mark.parametrize("query", ["C#", "C# types", "#17", "# 17", "tag: nlp", "a#b", ""])
def test_other_signs_are_words_of_the_search(query: str) -> None:
    assert asked_tags(query) == ([], query)


@pytest.mark.parametrize("query", ["#", " # ", "tag:", "Tag:#"])
def test_the_sign_alone_asks_for_any_tag(query: str) -> None:
    assert asked_tags(query) == ([""], "")


def test_a_tag_that_is_asked_for_is_marked_in_no_title() -> None:
    assert marked_beginnings("attention #nlp") == ["attention"]


def test_a_tag_is_spelt_as_it_is_known() -> None:
    assert spelt_as_known(["NLP", "new"], ["nlp", "other"]) == ["nlp", "new"]


def test_the_last_word_of_a_line_is_completed() -> None:
    known = ["nlp", "nature", "vision"]
    assert completions_of_tags("vision #n", known) == ["vision nlp ", "vision nature "]
    assert completions_of_tags("VI", known) == ["vision "]
    assert completions_of_tags("x", known) == []
