"""References in the common styles of citation: each is the work that it names."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from papertui.importers.parsed_list import ParsedItem
from papertui.importers.reading_list.parser import parse_reading_list
from tests.support.lists.described import made_up
from tests.support.lists.references import BEHIND, REFERENCES, STYLES, Reference

QUOTING = ("IEEE", "MLA", "Chicago, dates", "Chicago, notes")


def read(lines: list[str], sign: str = "- ") -> list[ParsedItem]:
    text = "".join(f"{sign}{line}\n" for line in lines)
    return [*parse_reading_list(f"# Seas\n\n{text}", "list.md").all_items()]


def faults(item: ParsedItem, work: Reference, style: str) -> list[str]:
    """Return what an item says otherwise than the reference."""
    found = []
    if item.title.rstrip("?") != work.title.rstrip("?"):
        found.append("title")
    families = [name.casefold() for _, name in work.names]
    if style.startswith(("MLA", "Chicago, dates")) and (work.is_more or len(families) > 3):
        families = families[:1]
    named = [name.casefold() for name in item.authors]
    if len(named) != len(families) or not all(map(str.endswith, named, families)):
        found.append(f"authors {item.authors}")
    initials = [name[0][0] for name in work.names][: len(named)]
    if [name[0] for name in item.authors] != initials:
        found.append("initials")
    if item.year != work.year:
        found.append(f"year {item.year}")
    pieces = {word for _, name in work.names for word in name.split()} | set(work.title.split())
    pieces = {piece for piece in pieces if len(piece) > 3}
    venue = item.venue or ""
    is_cut = re.match(r"In\b", venue) or re.search(r"\b(?:pp?|vol|no)(?: \W?\d{4}\W?)?$", venue)
    if work.venue not in venue or is_cut or pieces & set(re.findall(r"[\w'-]+", venue)):
        found.append(f"venue {venue}")
    return found


def assert_read(
    style: str, lines: list[str], works: Sequence[Reference] = REFERENCES, sign: str = "- "
) -> None:
    rows = zip(lines, read(lines, sign), works, strict=True)
    wrong = [(line, item.title, faults(item, work, style)) for line, item, work in rows]
    assert [row for row in wrong if row[2]] == []


@pytest.mark.parametrize("italic", [False, True])
@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("style", STYLES)
def test_a_reference_is_the_work_that_it_names(style: str, behind: str, italic: bool) -> None:
    lines = []
    for work in REFERENCES:
        line = STYLES[style].print(work, f"*{work.venue}*" if italic else work.venue)
        lines.append((line.replace("et al.", "*et al.*") if italic else line) + BEHIND[behind])
    assert_read(style, lines)


@pytest.mark.parametrize("style", STYLES)
def test_titles_of_all_sorts_are_read_behind_names_of_all_sorts(style: str) -> None:
    names = [name for work in REFERENCES for name in work.names]
    works = []
    for number, item in enumerate(made_up(60)):
        # Nobody could tell the quotes in a title from those around it.
        title = item.title.replace('"', "") if style in QUOTING else item.title
        people = tuple(names[(number + n) % len(names)] for n in range(1 + number % 4))
        works.append(Reference(title, people, item.year, "Sea Letters", number % 4 > 2))
    assert_read(style, [STYLES[style].print(work, work.venue) for work in works], works)


@pytest.mark.parametrize("sign", ["* ", "3. ", "- [ ] ", "\n[3] "])
@pytest.mark.parametrize("style", STYLES)
def test_a_reference_is_read_behind_any_sign_of_a_list(style: str, sign: str) -> None:
    assert_read(style, [STYLES[style].print(work, work.venue) for work in REFERENCES], sign=sign)


@pytest.mark.parametrize(
    "venue", ["arXiv preprint arXiv:2105.00001", "*arXiv preprint arXiv:2105.00001* [cs.LG]"]
)
@pytest.mark.parametrize("style", STYLES)
def test_an_arxiv_id_in_place_of_a_venue_is_the_works(style: str, venue: str) -> None:
    text = STYLES[style].text.partition("{venue}")[0]
    behind = "" if "{year}" in text else ", {year}."
    short = replace(STYLES[style], text=f"{text}{{venue}}{behind}")
    works = [replace(work, venue="arXiv") for work in REFERENCES]
    lines = [short.print(work, venue) for work in works]
    assert_read(style, lines, works)
    assert {item.arxiv for item in read(lines)} == {"2105.00001"}


@pytest.mark.parametrize(
    "title",
    ["Plan B. A story of the sea", "Vitamin D, Omega X and the sea", "Part I. Foam of the deep"],
)
@pytest.mark.parametrize("behind", [" (2014)", ". 2014", ", ICML 2014"])
def test_words_that_could_be_names_are_no_authors_of_a_shorter_title(
    title: str, behind: str
) -> None:
    (item,) = read([title + behind])
    assert (item.title, item.authors, item.year) == (title, (), 2014)
