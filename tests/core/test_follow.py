"""What comes first and last among new papers, and why."""

from datetime import date
from typing import Any

import pytest

from papertui.core.follow import Attention, Follow, attention_by, in_order
from papertui.core.new_paper import NewPaper

DAY = date(2026, 11, 20)


def paper(arxiv_id: str = "2611.00001", **fields: Any) -> NewPaper:
    """Return an invented paper."""
    values = {
        "version": 1,
        "title": f"A Title of {arxiv_id}",
        "authors": ("Ada Example", "Björn Beispiel"),
        "abstract": "We prune, and find that it is enough.",
        "categories": ("cs.LG",),
        "comment": None,
        "announced": DAY,
        "announcement": "new",
        "doi": None,
        "journal_ref": None,
    }
    return NewPaper(arxiv_id, **{**values, **fields})


def attention(follow: Follow, **fields: Any) -> Attention:
    return attention_by(follow)(paper(**fields))


@pytest.mark.parametrize(
    ("word", "text", "is_there"),
    [
        ("pruning", "Structured Pruning at Scale", True),
        ("pruning", "Unpruning of Trees", False),
        ("prun", "Structured Pruning", False),
        ("prun*", "Structured Pruning", True),
        ("state space", "State-Space Models", True),
        ("state space", "States, Spaces", False),
        ("LoRA", "Étude of lora adapters", True),
        ("etude", "Étude of adapters", True),
        ("*", "Anything at all", False),
        ("rl", "World Models", False),
    ],
)
def test_a_followed_word_is_a_whole_word_unless_it_ends_in_a_star(
    word: str, text: str, is_there: bool
) -> None:
    for fields in ({"title": text, "abstract": ""}, {"title": "", "abstract": text}):
        assert attention(Follow(words=(word,)), **fields).words == ((word,) if is_there else ())


@pytest.mark.parametrize(
    ("name", "author", "is_same"),
    [
        ("Ada Example", "Ada Example", True),
        ("Example, Ada", "Ada B. Example", True),
        ("ada EXAMPLE", "A. Example", True),
        ("A. Example", "Ada Example", True),
        ("Example", "Ada Example", True),
        ("Ada Example", "Adam Example", False),
        ("Ada Example", "Example", False),
        ("Ada Example", "B. Example", False),
        ("Ada Example", "Ada Exampleton", False),
        ("Bjorn Beispiel", "Björn Beispiel", True),
        (" ", "Ada Example", False),
    ],
)
def test_an_initial_may_stand_for_a_first_name(name: str, author: str, is_same: bool) -> None:
    found = attention(Follow(authors=(name,)), authors=("Somebody Else", author)).authors
    assert found == ((name,) if is_same else ())


def test_a_followed_author_outweighs_a_muted_word_and_that_a_followed_word() -> None:
    follow = Follow(authors=("Ada Example",), words=("prune",), muted=("enough",))
    assert attention(follow).rank == 0
    assert attention(follow, authors=("C. Other",)).rank == 2
    assert attention(follow, authors=("C. Other",)).reason == "muted: enough"
    assert attention(follow, authors=("C. Other",), abstract="We prune.").rank == 0
    assert attention(follow, authors=("C. Other",), abstract="We grow.").rank == 1
    assert attention(follow, authors=("C. Other",), abstract="We grow.").reason == ""
    assert attention(follow).reason == "Ada Example, prune"


def test_followed_papers_come_first_muted_ones_last_and_each_part_newest_first() -> None:
    follow = Follow(words=("gates",), muted=("survey",))
    papers = [
        paper("2611.00001", announced=date(2026, 11, 18)),
        paper("2611.00002", announcement="cross"),
        paper("2611.00003"),
        paper("2611.00004"),
        paper("2611.00005", title="Gates", announced=date(2026, 11, 18)),
        paper("2611.00006", title="Gates"),
        paper("2611.00007", title="A Survey of Gates"),
    ]
    assert [found.arxiv_id[-1] for found, _ in in_order(papers, attention_by(follow))] == [
        *"65", *"4321", "7"
    ]  # fmt: skip
