"""The lists behind the catalogue: imports have its sections, order, tiers and marks."""

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
from papertui.storage.shipped import CATALOG

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
FILES = {
    "deep-learning-papers": "deep-learning-papers.txt",
    "papers-to-read-later": "papers-to-read-later.md",
    "elicit-machine-learning": "elicit-machine-learning-list.md",
}
# The titles in the files; one list writes its headings without capitals.
TITLES = {
    "deep-learning-papers": "Deep Learning Papers Reading List",
    "papers-to-read-later": "(quintessential) papers to read later (hopefully someday)",
    "elicit-machine-learning": "Elicit Machine Learning Reading List",
}
WITHOUT_CAPITALS = "papers-to-read-later"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the reading lists are not available")
every_list = pytest.mark.parametrize("key", FILES)


@cache
def shipped() -> Catalog:
    return catalog.load(CATALOG.read_bytes())


def listed(key: str) -> ReadingList:
    return next(reading_list for reading_list in shipped().lists if reading_list.key == key)


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


def names_the_work(item: Item, parsed: ParsedItem) -> bool:
    """Return True if title and id are the work's own; the id may be missing."""
    work = shipped().works[item.work]
    titles = {title_key(title) for title in (work.title, *work.aliases)}
    return title_key(parsed.title) in titles and parsed.arxiv in (None, work.arxiv)


@every_list
def test_a_list_has_the_title_of_its_file(key: str) -> None:
    assert imported(key).title == TITLES[key]


@every_list
def test_sections_are_those_of_the_catalogue_with_as_many_items_each(key: str) -> None:
    actual, expected = list(tree(imported(key).sections)), list(tree(listed(key).sections))
    if key == WITHOUT_CAPITALS:
        expected = [(depth, title.lower(), count) for depth, title, count in expected]
    assert actual == expected


@every_list
def test_tiers_and_marks_are_those_of_the_catalogue(key: str) -> None:
    # That a paper is a bonus is said by the heading above it, and by a mark in the catalogue.
    for item, parsed in rows(key):
        marks = tuple(mark for mark in item.marks if mark != "bonus")
        assert (parsed.tier, parsed.marks) == (item.tier, marks), parsed.title


def test_a_mark_has_its_meaning() -> None:
    assert imported("elicit-machine-learning").marks == (("✨", "Added after 2024/4/1"),)
    assert set(listed("elicit-machine-learning").marks) == {"✨"}


@every_list
def test_nothing_is_left_out(key: str) -> None:
    assert imported(key).problems == ()


def test_links_beside_the_title_are_kept() -> None:
    by_title = {item.title: item for item in imported("elicit-machine-learning").all_items()}
    s4 = by_title["Efficiently Modeling Long Sequences with Structured State Spaces"]
    assert s4.arxiv == "2111.00396"
    assert [(link.label, link.url) for link in s4.links] == [
        ("video", "https://www.youtube.com/watch?v=EvQ3ncuriCM")
    ]
    assert by_title["Language Modeling Is Compression"].arxiv == "2309.10668"


def test_one_entry_with_two_titles_gives_two_works() -> None:
    by_title = {item.title: item for item in imported("deep-learning-papers").all_items()}
    few_shot = by_title["Language Models are Few-Shot Learners"]
    scaling = by_title["Scaling Laws for Neural Language Models"]
    assert (few_shot.authors, scaling.authors) == (("Brown",), ("Kaplan",))
    assert few_shot.line == scaling.line


def test_kinds_follow_from_addresses_and_headings() -> None:
    wrong = {
        parsed.title: parsed.kind
        for key in FILES
        for item, parsed in rows(key)
        if shipped().works[item.work].kind != parsed.kind
    }
    # One links to another book than it names; the address of the other is not telling.
    assert wrong == {
        "UL2: Unifying Language Learning Paradigms": "article",
        "Designing Data-Intensive Applications": "article",
    }


def test_only_link_conflicts_and_entries_that_name_no_work_are_unknown() -> None:
    apart = {
        parsed.title for key in FILES for it, parsed in rows(key) if not names_the_work(it, parsed)
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
    assert apart == another_id | no_such_work
