"""References in the common styles of citation: each is the work that it names."""

import re
from dataclasses import replace

import pytest

from papertui.importers.parsed_list import ParsedItem
from papertui.importers.reading_list.parser import parse_reading_list
from tests.support.lists.references import BEHIND, REFERENCES, STYLES, Reference


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
    if pieces & set(re.findall(r"[\w'-]+", item.venue or "")):
        found.append(f"venue {item.venue}")
    return found


def assert_read(style: str, lines: list[str], sign: str = "- ") -> None:
    items = read(lines, sign)
    pairs = zip(items, REFERENCES, strict=True)
    assert [found for item, work in pairs if (found := faults(item, work, style))] == []


@pytest.mark.parametrize("italic", [False, True])
@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("style", STYLES)
def test_a_reference_is_the_work_that_it_names(style: str, behind: str, italic: bool) -> None:
    lines = []
    for work in REFERENCES:
        line = STYLES[style].print(work, f"*{work.venue}*" if italic else work.venue)
        lines.append((line.replace("et al.", "*et al.*") if italic else line) + BEHIND[behind])
    assert_read(style, lines)


@pytest.mark.parametrize("sign", ["* ", "3. ", "- [ ] ", "\n[3] "])
@pytest.mark.parametrize("style", STYLES)
def test_a_reference_is_read_behind_any_sign_of_a_list(style: str, sign: str) -> None:
    assert_read(style, [STYLES[style].print(work, work.venue) for work in REFERENCES], sign)


@pytest.mark.parametrize(
    "venue", ["arXiv preprint arXiv:2105.00001", "*arXiv preprint arXiv:2105.00001* [cs.LG]"]
)
@pytest.mark.parametrize("style", STYLES)
def test_an_arxiv_id_in_place_of_a_venue_is_the_works(style: str, venue: str) -> None:
    text = STYLES[style].text.partition("{venue}")[0]
    behind = "" if "{year}" in text else ", {year}."
    short = replace(STYLES[style], text=f"{text}{{venue}}{behind}")
    lines = [short.print(work, venue) for work in REFERENCES]
    assert_read(style, lines)
    assert {item.arxiv for item in read(lines)} == {"2105.00001"}
