"""A parsed list: items and sections of a file before they are matched to known works."""

from collections.abc import Iterator
from dataclasses import dataclass

from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import Link


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item of a list as its file describes it; `line` counts from 1.

    `original` is the item's text in the file if that had to be repaired;
    `more_authors` is True if the work has others than those named, `read` if the list
    says that its owner has read it; `entry` is the index of its BibTeX entry.
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
    read: bool = False
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A section of a list: its own items, then the sections in it."""

    title: str
    items: tuple[ParsedItem, ...] = ()
    sections: tuple["ParsedSection", ...] = ()

    def all_items(self) -> Iterator[ParsedItem]:
        """Yield the items of the section and of all sections in it, in order."""
        yield from self.items
        for section in self.sections:
            yield from section.all_items()


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A whole list; each of the `problems` is a line that names a place and what is wrong there.

    `marks` are the list's own signs with their meanings, as far as the file explains them;
    `entries` are all of a BibTeX file, those that are no works too.
    """

    title: str
    sections: tuple[ParsedSection, ...]
    purpose: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    entries: tuple[BibEntry, ...] = ()

    def all_items(self) -> Iterator[ParsedItem]:
        """Yield every item, in order."""
        for section in self.sections:
            yield from section.all_items()
