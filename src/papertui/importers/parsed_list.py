"""What a file holds, as it was found there: before any of it is matched to a known work."""

from collections.abc import Iterator
from dataclasses import dataclass

from papertui.core.catalog import Link


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item of a list with whatever the file says of it; `line` counts from 1.

    `original` is the item as the file has it where its text had to be repaired;
    `more_authors` says that the work has others than those named.
    """

    title: str
    line: int
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    kind: str = "paper"
    arxiv: str | None = None
    doi: str | None = None
    links: tuple[Link, ...] = ()
    summary: str | None = None
    tier: int | None = None
    marks: tuple[str, ...] = ()
    citekey: str | None = None
    original: str | None = None
    more_authors: bool = False


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A part of a list: its own items first, then the sections within it."""

    title: str
    items: tuple[ParsedItem, ...] = ()
    sections: tuple["ParsedSection", ...] = ()

    def all_items(self) -> Iterator[ParsedItem]:
        """Yield the items of the section and of all within it, in order."""
        yield from self.items
        for section in self.sections:
            yield from section.all_items()


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A whole list; `problems` say in one line each what could not be read, and where.

    `marks` gives the meaning of the list's own signs where the file explains them.
    """

    title: str
    sections: tuple[ParsedSection, ...]
    purpose: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    def all_items(self) -> Iterator[ParsedItem]:
        """Yield every item, in order."""
        for section in self.sections:
            yield from section.all_items()
