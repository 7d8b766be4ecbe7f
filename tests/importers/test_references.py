"""References in the common styles of citation: each is the work that it names."""

import re

import pytest

from papertui.importers.parsed_list import ParsedItem
from papertui.importers.reading_list.parser import parse_reading_list
from tests.support.lists.references import BEHIND, REFERENCES, STYLES, Reference

MARKS = {"plain": "{}", "italic": "*{}*"}


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


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("style", STYLES)
def test_a_reference_is_the_work_that_it_names(style: str, behind: str, mark: str) -> None:
    lines = [
        STYLES[style].print(work, MARKS[mark].format(work.venue)) + BEHIND[behind]
        for work in REFERENCES
    ]
    items = read(lines)
    assert [item.line for item in items] == [*range(3, 3 + len(lines))]
    wrong = [
        (line, item.title, found)
        for line, item, work in zip(lines, items, REFERENCES, strict=True)
        if (found := faults(item, work, style))
    ]
    assert wrong == []
