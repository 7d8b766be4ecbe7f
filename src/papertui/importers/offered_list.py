"""A list that a member of the reading group offers, as a ParsedList to import."""

from collections.abc import Iterator, Mapping
from typing import Any

from papertui.core.catalog import ReadingList, Section, Work, list_from, work_from
from papertui.core.own_lists import MADE_PURPOSE
from papertui.core.strict_json import Fault, faults
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection


def parse_offered(content: Mapping[str, Any], member: str) -> ParsedList:
    """Return the list in what a member offers, which bears that name beside its own.

    Its lines count its items, as there is no file. Raises Refused, with the first fault, if it
    cannot be read.
    """
    if fault := next(_faults(content), None):
        raise Refused(f"That list cannot be read: {fault}.")
    reading_list = list_from(content["list"])
    works = {key: work_from(key, fields) for key, fields in content["works"].items()}
    numbers = iter(range(1, 1_000_000))

    def section(each: Section) -> ParsedSection:
        items = [
            _item(works[item.work], item.tier, next(numbers))
            for item in each.items
            if item.work in works
        ]
        return ParsedSection(each.title, tuple(items), tuple(map(section, each.sections)))

    try:
        sections = tuple(map(section, reading_list.sections))
    except RecursionError:
        raise Refused("That list cannot be read: it is nested too deeply.") from None
    # That the member made it is not so for who takes it.
    purpose = reading_list.purpose if reading_list.purpose != MADE_PURPOSE else ""
    return ParsedList(f"{reading_list.title} (from {member})", sections, purpose)


def _faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        yield from faults(content.get("list"), ReadingList, "list")
        yield from faults(content.get("works"), Mapping[str, Work], "works")
    except RecursionError:
        yield Fault("list", "is nested too deeply")


def _item(work: Work, tier: int | None, number: int) -> ParsedItem:
    return ParsedItem(
        work.title,
        number,
        work.authors,
        work.year,
        work.venue,
        work.kind,
        work.arxiv,
        work.doi,
        work.links,
        tier=tier,
        length=work.length,
        more_authors=work.more_authors,
    )
