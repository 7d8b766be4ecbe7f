"""A parsed list: items and sections of a file before they are matched to known works."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import Link
from papertui.core.text import clipped, quantity, safe_line


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item of a list as its file describes it; `line` counts from 1.

    `original` is the item's text in the file if that had to be repaired;
    `more_authors` is True if the work has others than those named; `is_read` is True if
    the file says that its owner has read it; `entry` is the index of its BibTeX entry.
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
    is_read: bool = False
    entry: int | None = None
    length: str | None = None


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
class LeftOut:
    """Lines of a file that are no works, for one reason; `text` is that of the first of them."""

    reason: str
    lines: tuple[int, ...]
    text: str

    @property
    def note(self) -> str:
        """A sentence that shows the first line and counts the others."""
        text = clipped(safe_line(self.text), 80)
        return f"line {self.lines[0]}: {self.reason}: {text}{lines_alike(self.lines)}"


def lines_alike(numbers: Sequence[int]) -> str:
    """Return a remark on all lines but the first: ``(and 4 lines like it: 3–5, 9)``."""
    if not (others := numbers[1:]):
        return ""
    return f" (and {quantity(len(others), 'line')} like it: {_ranges(others)})"


def _ranges(numbers: Sequence[int]) -> str:
    """Return rising numbers in short: ``3–5, 9``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return ", ".join("–".join(map(str, pair)) for pair in ranges)


@dataclass(frozen=True, slots=True)
class ParsedList:
    """A whole list; each of the `problems` is a line that names a place and what is wrong there.

    `left_out` are the lines of the file that are no works; `marks` are the list's own signs
    with their meanings, as far as the file explains them; `entries` are all of a BibTeX
    file, those that are no works too.
    """

    title: str
    sections: tuple[ParsedSection, ...]
    purpose: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    entries: tuple[BibEntry, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def all_items(self) -> Iterator[ParsedItem]:
        """Yield every item, in order."""
        for section in self.sections:
            yield from section.all_items()
