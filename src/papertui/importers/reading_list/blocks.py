"""Blocks: headings, paragraphs, entries and tables of a list, each with its lines as read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from papertui.importers.reading_list.line import Kind, Line, kind_of
from papertui.importers.reading_list.spans import split_marks

MAX_TITLE_WORDS = 30
MAX_WORDS_WITH_FULL_STOP = 5
_STUBS = ("tbd", "todo", "wip", "coming soon", "to be added", "more to come", "etc", "etc.", "n/a")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading or table cell."""

    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The text without styles and links."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the highest, FOLD that of an HTML <details>."""

    level: float
    passage: Passage


FOLD = 7.5


@dataclass(frozen=True, slots=True)
class FoldEnd:
    """The end of an HTML <details>."""


@dataclass
class ListEntry:
    """A bullet or numbered entry: its lines and the entries below it."""

    lines: list[Line] = field(default_factory=list)
    entries: list["ListEntry"] = field(default_factory=list)

    def all_lines(self) -> Iterator[Line]:
        """Yield the lines of the entry and of all below it."""
        yield from self.lines
        for entry in self.entries:
            yield from entry.all_lines()

    @property
    def has_link(self) -> bool:
        """True if a line of the entry has a link."""
        return any(line.urls for line in self.lines)

    @property
    def may_be_title(self) -> bool:
        """True if the words of the entry have the form of a title."""
        text = split_marks(self.lines[0].text if self.lines else "")[0].strip()
        longest = MAX_WORDS_WITH_FULL_STOP if text.endswith(".") else MAX_TITLE_WORDS
        is_short = len(text.split()) <= longest
        return any(map(str.isalpha, text)) and is_short and text.casefold() not in _STUBS

    @cached_property
    def role(self) -> Kind:
        """What the entry is by itself and by the entries below it."""
        own = kind_of(self.lines)
        has_box = bool(self.lines) and self.lines[0].is_checked is not None
        if own is Kind.WORDS and has_box and self.may_be_title:
            own = Kind.WORK
        below = [entry.role for entry in self.entries]
        has_works = Kind.WORK in below or Kind.SECTION in below
        is_work = own in (Kind.WORK, Kind.ADDRESS)
        if has_works and not self.has_link and (has_box or not is_work):
            return Kind.SECTION
        if own is not Kind.WORDS:
            return own
        if has_works or below.count(Kind.ADDRESS) > 1:
            return Kind.SECTION
        is_linked = any(e.has_link for e in self.entries if e.role is not Kind.WORDS)
        return Kind.WORK if is_linked else own


@dataclass(slots=True)
class BulletList:
    """Bullets or numbered entries that follow one another."""

    entries: list[ListEntry] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """The header and the rows of a table."""

    header: list[str] = field(default_factory=list)
    rows: list[list[Passage]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, such as a template for new entries."""

    lines: tuple[Line, ...]


Block = Heading | FoldEnd | Passage | BulletList | Table | Code


class BlockWriter:
    """Collects `blocks` in their order; what is in an entry belongs to it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.row: list[Passage] = []
        self._open: list[ListEntry] = []

    @property
    def in_entry(self) -> bool:
        """True within an entry that has not ended."""
        return bool(self._open)

    def open_entry(self) -> None:
        """Begin an entry: below the open one, else in the list that is last."""
        entry = ListEntry()
        if self._open:
            self._open[-1].entries.append(entry)
        elif self.blocks and isinstance(last := self.blocks[-1], BulletList):
            last.entries.append(entry)
        else:
            self.blocks.append(BulletList([entry]))
        self._open.append(entry)

    def close_entry(self) -> None:
        """End the entry that was opened last."""
        self._open.pop()

    def add(self, lines: tuple[Line, ...], level: float = 0) -> None:
        """Add a paragraph, or a heading if it has a level."""
        if self._open:
            self._open[-1].lines.extend(lines)
        elif lines:
            passage = Passage(lines)
            self.blocks.append(Heading(level, passage) if level else passage)

    def end_row(self, is_header: bool) -> None:
        """Add the cells since the last row to the table that is last."""
        table = self.blocks[-1] if self.blocks else None
        if isinstance(table, Table) and self.row:
            if is_header and not table.header and not table.rows:
                table.header = [cell.text.strip() for cell in self.row]
            else:
                table.rows.append(self.row)
        self.row = []
