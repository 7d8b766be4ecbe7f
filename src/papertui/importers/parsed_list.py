"""A parsed list: items and sections of a file before they are matched to known works."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath

from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import Link
from papertui.core.text import clipped, quantity, safe_line

MAX_LIST_TITLE = 200
MAX_ORIGINAL = 4_000


def title_of_file(name: str) -> str:
    """Return the title of a list that has none but the name of its file."""
    stem = PurePath(name).stem.replace("-", " ").replace("_", " ")
    return clipped(stem, MAX_LIST_TITLE) or "Reading list"


def original_text(originals: Mapping[int, str], first: int, end: int) -> str | None:
    """Return the text of repaired lines as it was, those before `end`, None if none was."""
    numbers = range(first, end) if originals else ()
    return clipped(" ".join(originals[x] for x in numbers if x in originals), MAX_ORIGINAL) or None


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item of a list as its file describes it; `line` counts from 1.

    `original` is the item's text in the file if that had to be repaired;
    `more_authors` is True if the work has others than those named; `is_read` is True if
    the file says that its owner has read it, `is_skimmed` if only a first pass; `note` is what its
    owner wrote on it; `entry` is the index of its BibTeX entry. The year `is_of_day` if it is no
    more than that of a day beside the title, which may be that of a meeting.
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
    note: str | None = None
    tier: int | None = None
    marks: tuple[str, ...] = ()
    citekey: str | None = None
    original: str | None = None
    more_authors: bool = False
    is_read: bool = False
    is_skimmed: bool = False
    entry: int | None = None
    length: str | None = None
    is_of_day: bool = False


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


class Noted:
    """Texts by their lines in the file, under what is to say of them."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[int, str]] = {}

    def add(self, reason: str, line: int, text: str) -> None:
        """Note a text, unless its line has been noted for the same reason."""
        self._texts.setdefault(reason, {}).setdefault(line, text)

    def groups(self) -> tuple[LeftOut, ...]:
        """Return what was noted by the reasons, in the order of their first lines."""
        ordered = sorted(self._texts.items(), key=lambda group: min(group[1]))
        return tuple(LeftOut(why, tuple(sorted(x)), x[min(x)]) for why, x in ordered)


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

    @property
    def digest(self) -> str:
        """A name for what is in the file, which differs if anything of the list does."""
        content = self.title, self.sections, self.purpose, self.marks, self.entries
        return sha256(repr(content).encode("utf-8", "backslashreplace")).hexdigest()[:16]

    def all_items(self) -> Iterator[ParsedItem]:
        """Yield every item, in order."""
        for section in self.sections:
            yield from section.all_items()
