"""The lists the catalogue was made from: they come in with its sections, order, tiers and marks."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from papertui.core import catalog
from papertui.core.catalog import Catalog, Item, ReadingList, Section
from papertui.core.text import title_key
from papertui.importers.formats import decode, detect_format
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.reading_list.parser import parse_reading_list
from papertui.storage.store import CATALOG

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
FILES = {
    "deep-learning-papers": "deep-learning-papers.txt",
    "papers-to-read-later": "papers-to-read-later.md",
    "elicit-machine-learning": "elicit-machine-learning-list.md",
}
# The file's own title, and the list that writes its headings without capitals.
TITLES = {
    "deep-learning-papers": "Deep Learning Papers Reading List",
    "papers-to-read-later": "(quintessential) papers to read later (hopefully someday)",
    "elicit-machine-learning": "Elicit Machine Learning Reading List",
}
WITHOUT_CAPITALS = "papers-to-read-later"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the reading lists are not at hand")
every_list = pytest.mark.parametrize("key", FILES)


@cache
def shipped() -> Catalog:
    return catalog.load(CATALOG.read_bytes())


def listed(key: str) -> ReadingList:
    return next(found for found in shipped().lists if found.key == key)


@cache
def imported(key: str) -> ParsedList:
    data = (SEEDS / FILES[key]).read_bytes()
    text, notes = decode(data, FILES[key])
    assert notes == ()
    assert detect_format(text, FILES[key]) == "markdown"
    return parse_reading_list(text, FILES[key])


def tree(
    sections: tuple[Section, ...] | tuple[ParsedSection, ...], depth: int = 0
) -> Iterator[tuple[int, str, int]]:
    """Yield depth, title and number of items of every section, in order."""
    for section in sections:
        yield depth, section.title, len(section.items)
        yield from tree(section.sections, depth + 1)


def items(sections: tuple[Section, ...]) -> Iterator[Item]:
    for section in sections:
        yield from section.items
        yield from items(section.sections)


def rows(key: str) -> Iterator[tuple[Item, ParsedItem]]:
    yield from zip(items(listed(key).sections), imported(key).all_items(), strict=True)


def names_the_work(item: Item, found: ParsedItem) -> bool:
    """Say whether title and id are a work's own, an id that is missing not counting."""
    work = shipped().works[item.work]
    titles = {title_key(title) for title in (work.title, *work.aliases)}
    return title_key(found.title) in titles and found.arxiv in (None, work.arxiv)


@every_list
def test_a_list_has_the_title_of_its_file(key: str) -> None:
    assert imported(key).title == TITLES[key]


@every_list
def test_sections_are_those_of_the_catalogue_with_as_many_items_each(key: str) -> None:
    found, expected = list(tree(imported(key).sections)), list(tree(listed(key).sections))
    if key == WITHOUT_CAPITALS:
        expected = [(depth, title.lower(), count) for depth, title, count in expected]
    assert found == expected


@every_list
def test_tiers_and_marks_are_those_of_the_catalogue(key: str) -> None:
    for item, found in rows(key):
        assert (found.tier, found.marks) == (item.tier, item.marks), found.title


def test_a_mark_comes_with_its_meaning() -> None:
    assert imported("elicit-machine-learning").marks == (("✨", "Added after 2024/4/1"),)
    assert set(listed("elicit-machine-learning").marks) == {"✨"}


@every_list
def test_nothing_is_left_out(key: str) -> None:
    assert imported(key).problems == ()


def test_links_beside_the_title_are_kept() -> None:
    found = {item.title: item for item in imported("elicit-machine-learning").all_items()}
    s4 = found["Efficiently Modeling Long Sequences with Structured State Spaces"]
    assert s4.arxiv == "2111.00396"
    assert [(link.label, link.url) for link in s4.links] == [
        ("video", "https://www.youtube.com/watch?v=EvQ3ncuriCM")
    ]
    assert found["Language Modeling Is Compression"].arxiv == "2309.10668"


def test_one_number_of_the_first_list_is_two_works() -> None:
    found = {item.title: item for item in imported("deep-learning-papers").all_items()}
    few_shot = found["Language Models are Few-Shot Learners"]
    scaling = found["Scaling Laws for Neural Language Models"]
    assert (few_shot.authors, scaling.authors) == (("Brown",), ("Kaplan",))
    assert few_shot.line == scaling.line


def test_kinds_are_told_from_addresses_and_headings() -> None:
    wrong = {
        found.title: found.kind
        for key in FILES
        for item, found in rows(key)
        if shipped().works[item.work].kind != found.kind
    }
    # One links to another book than it names, the other's address tells nothing.
    assert wrong == {
        "UL2: Unifying Language Learning Paradigms": "article",
        "Designing Data-Intensive Applications": "article",
    }


def test_only_rows_with_errors_of_their_own_differ_from_their_works() -> None:
    apart = {
        found.title for key in FILES for it, found in rows(key) if not names_the_work(it, found)
    }
    another_id = {
        "OPT: Open Pre-trained Transformer Language Models",
        "pipedream: fast and efficient pipeline parallel dnn training",
        "mesh-tensorflow: deep learning for supercomputers",
        "blockchain-based federated learning: a comprehensive survey",
    }
    no_such_work = {
        "distributed training of large language models: a comprehensive survey",
        "parameter-efficient fine-tuning of large language models",
        "decentralized machine learning: fundamentals, state of the art, and future directions",
        "differential privacy for machine learning: a survey",
        "secure aggregation for federated learning: a survey",
    }
    another_title = {
        "deepmind's dipaco: distributed path composition",
        "flash attention: fast and memory-efficient exact attention with io-awareness",
        "Learning to summarise with human feedback",
        "Machine Learning in Python: Main developments and technology trends in data science,"
        " machine learning, and AI",
    }
    another_title_and_no_id = {"An intuitive understanding of backpropagation"}
    assert apart == another_id | no_such_work | another_title | another_title_and_no_id
