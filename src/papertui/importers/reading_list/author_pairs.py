"""Authors such as *Halm, Kern*: two surnames, or the surname and the given name of one person.

A pair stays one text, with its comma, until the whole list is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from papertui.core.work_edits import given_name_first
from papertui.importers.parsed_list import ParsedItem, ParsedSection

MAX_PAIRS = 2  # of surnames in a list without any other authors
_WORD = r"\b[^\W\d_a-z](?=[\w'’])[^\W\d_]{0,30}(?:[-'’][^\W\d_]{1,30}){0,3}"
# The second may not be initials.
_PAIR = re.compile(rf"({_WORD})(\s?,\s?)(?=\S*[^\W\d_A-Z])({_WORD})")
_NAMES = rf"{_WORD},\s{_WORD}(?:\s{_WORD}|(?:\s[^\W\d_a-z]\.){{1,3}})?"
_SURNAMES_FIRST = re.compile(rf"{_NAMES};\s?{_NAMES}")


class People(StrEnum):
    """How many people a pair is by where it is written, as its comma with or without blanks."""

    ONE, OPEN, TWO = ",", ", ", " , "


def as_pair(text: str, people: People = People.OPEN) -> str | None:
    """Return a text that is a pair as such a pair, None for other text."""
    pair = _PAIR.fullmatch(text)
    return f"{pair[1]}{people}{pair[3]}" if pair else None


def as_one_person(names: Iterable[str]) -> tuple[str, ...]:
    """Return names, each pair among them as one that is a person."""
    return tuple(as_pair(name, People.ONE) or name for name in names)


def has_surnames_first(text: str) -> bool:
    """Return True if several people are written as *Halm, Vera; Kern, Udo* in a text."""
    return bool(_SURNAMES_FIRST.search(text))


def settle_pairs(
    sections: tuple[ParsedSection, ...], surnames_first: bool
) -> tuple[ParsedSection, ...]:
    """Return sections with each pair among the authors as two surnames or one name.

    They are names if the list has people with `surnames_first`, and surnames if it has several
    authors by surnames alone. If it has neither, they are what they are where they are written;
    those that are open are two if the list has authors by full names in order, or few such pairs.
    """
    items = [item for section in sections for item in section.all_items()]
    pairs = {name for item in items for name in item.authors if as_pair(name)}
    if not pairs:
        return sections
    others = [
        item.authors
        for item in items
        if len(item.authors) + item.more_authors > 1 and pairs.isdisjoint(item.authors)
    ]
    surnames_alone = any(not any(" " in name for name in names) for names in others)
    in_order = any(all(" " in name for name in names) for names in others)
    are_two = in_order or sum(People.TWO not in pair for pair in pairs) <= MAX_PAIRS

    def names_of(pair: str) -> tuple[str, ...]:
        first, second = map(str.strip, pair.split(","))
        is_two = People.TWO in pair or (are_two and People.OPEN in pair)
        if not surnames_first and (surnames_alone or is_two):
            return first, second
        return (given_name_first(f"{first}, {second}"),)

    names = {pair: names_of(pair) for pair in pairs}
    return tuple(_with_names(sections, names))


def _with_names(
    sections: Iterable[ParsedSection], names: Mapping[str, tuple[str, ...]]
) -> Iterator[ParsedSection]:
    """Yield sections with some names among the authors in the place of each pair."""

    def settled(item: ParsedItem) -> ParsedItem:
        if names.keys().isdisjoint(item.authors):
            return item
        authors = (name for each in item.authors for name in names.get(each, (each,)))
        return replace(item, authors=tuple(authors))

    for section in sections:
        inner = tuple(_with_names(section.sections, names))
        yield replace(section, items=tuple(map(settled, section.items)), sections=inner)
