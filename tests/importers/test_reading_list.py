"""Reading lists in ten styles and as found on the web: the same works are imported."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from papertui.importers.formats import decode
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.reading_list.parser import parse_reading_list
from tests.support.lists.described import Item, Section, Shelf, a_list
from tests.support.lists.styles import STYLES, further, main

WRITTEN = Path(__file__).parents[1] / "support" / "lists"


def tiered(section: Section) -> Section:
    """Return a section whose works are in four tiers, in their order."""
    share = len(section.items) // 4 + 1
    items = tuple(replace(item, tier=at // share + 1) for at, item in enumerate(section.items))
    return replace(section, items=items, sections=tuple(map(tiered, section.sections)))


SHELF = Shelf()
LISTS = {name: tuple(map(tiered, a_list(SHELF))) for name in STYLES}
every_style = pytest.mark.parametrize("name", STYLES)


@cache
def imported(name: str) -> ParsedList:
    return parse_reading_list(STYLES[name](LISTS[name]), f"{name}.md")


def pairs(name: str) -> Iterator[tuple[Item, ParsedItem]]:
    described = [item for section in LISTS[name] for item in section.all_items()]
    yield from zip(described, imported(name).all_items(), strict=True)


def tree(section: Section | ParsedSection) -> Any:
    return section.title, [it.title for it in section.items], [tree(s) for s in section.sections]


def without_levels(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        if section.items:
            yield replace(section, sections=())
        yield from without_levels(section.sections)


def test_the_lists_hold_520_different_works_in_ten_styles() -> None:
    titles = [
        it.title for sections in LISTS.values() for part in sections for it in part.all_items()
    ]
    assert len(STYLES) == 10
    assert len(titles) == len(set(titles)) == 520


@every_style
def test_every_title_is_in_its_section_and_in_order(name: str) -> None:
    described: tuple[Section, ...] = LISTS[name]
    if name == "plain_text":
        described = tuple(without_levels(described))
    assert list(map(tree, imported(name).sections)) == list(map(tree, described))


@every_style
def test_every_work_has_its_links(name: str) -> None:
    for item, parsed in pairs(name):
        assert (parsed.arxiv, parsed.doi) == (item.arxiv, item.doi), item.title
        first = () if item.arxiv or item.doi else (main(item),)
        urls = [*first, *(url for _, url in further(item))]
        assert [link.url for link in parsed.links] == urls, item.title


@every_style
def test_links_keep_their_labels(name: str) -> None:
    for item, parsed in pairs(name):
        labels = {link.url: link.label.casefold() for link in parsed.links}
        assert all(labels[url] == label for label, url in further(item)), item.title


@every_style
def test_authors_and_years_are_separated_from_titles(name: str) -> None:
    for item, parsed in pairs(name):
        assert (parsed.authors, parsed.year) == (item.authors, item.year), item.title
        assert parsed.venue == (None if name == "nested_bullets" else item.venue), item.title


@every_style
def test_marks_stay_with_their_works(name: str) -> None:
    has_none = name in ("plain_text", "heading_a_paper")
    for item, parsed in pairs(name):
        assert parsed.marks == ((item.mark,) if item.mark and not has_none else ()), item.title


@every_style
def test_tiers_are_read_where_a_list_has_them(name: str) -> None:
    for item, parsed in pairs(name):
        assert parsed.tier == (item.tier if name == "bold_in_tiers" else None), item.title


@pytest.mark.parametrize(
    "name", ["linked_titles", "nested_bullets", "plain_text", "heading_a_paper"]
)
def test_text_about_a_work_becomes_its_summary(name: str) -> None:
    for item, parsed in pairs(name):
        assert (parsed.summary or "").strip(".") == (item.note or ""), item.title


@every_style
def test_a_complete_list_has_no_problems(name: str) -> None:
    assert imported(name).problems == ()


def test_a_legend_gives_marks_their_meanings() -> None:
    assert imported("linked_titles").marks == (
        ("⭐", "a classic"),
        ("🔥", "everybody talks about it"),
    )


def test_the_text_before_the_first_work_is_the_purpose() -> None:
    purpose = "A list of papers that are worth an evening each."
    assert imported("linked_titles").purpose == purpose


def as_text(parsed: ParsedList) -> Iterator[str]:
    """Yield the lines of a list in the form of the .expected files."""
    yield f"= {parsed.title}"
    if parsed.purpose:
        yield f"purpose: {parsed.purpose}"
    yield from (f"{mark}: {meaning}" for mark, meaning in parsed.marks)
    yield from (f"problem: {problem}" for problem in parsed.problems)
    for section in parsed.sections:
        yield from section_text(section, 1)


def section_text(section: ParsedSection, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {section.title}"
    for item in section.items:
        yield "- " + " | ".join(item_parts(item))
    for part in section.sections:
        yield from section_text(part, depth + 1)


def item_parts(item: ParsedItem) -> Iterator[str]:
    yield item.title
    yield from filter(None, [", ".join(item.authors), item.venue])
    yield from [str(item.year)] if item.year else []
    yield from [item.kind] if item.kind != "paper" else []
    yield from [f"arXiv:{item.arxiv}"] if item.arxiv else []
    yield from [f"doi:{item.doi}"] if item.doi else []
    yield from (f"{link.label} <{link.url}>" for link in item.links)
    yield from [f"tier {item.tier}"] if item.tier else []
    yield from item.marks
    yield from [f'"{item.summary}"'] if item.summary else []
    yield from [f"was {item.original}"] if item.original else []


@pytest.mark.parametrize(
    "path", [path for path in sorted(WRITTEN.iterdir()) if path.suffix in (".md", ".txt")], ids=str
)
def test_an_unusual_list_is_read_as_expected(path: Path) -> None:
    text, notes = decode(path.read_bytes(), path.name)
    expected = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert list(as_text(parse_reading_list(text, path.name))) == expected
    assert notes == ()
