"""Blocks: a list as a tree of headings and entries, with paragraphs and tables, as read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from papertui.importers.reading_list import headings, inline
from papertui.importers.reading_list.line import Kind, Line, Lines, kind_of, text_of_lines
from papertui.importers.reading_list.vocabulary import TITLES

MAX_OPEN = 20
MAX_TITLE_WORDS = 30
MAX_WORDS_WITH_FULL_STOP = 5
_REMINDERS = ("TODO", "See also ", "see also ")
# Levels below those of headings: an HTML <details>, paragraphs in bold type, entries of lists.
FOLD = 7
BOLD_LEVEL = 8
ENTRY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a block of code, such as a template for new entries."""

    lines: Lines
    is_code: bool = False


@dataclass(slots=True)
class Table:
    """The header and the rows of a table; no row has fewer cells than the header."""

    header: list[str] = field(default_factory=list)
    rows: list[list[Lines]] = field(default_factory=list)


@dataclass
class Entry:
    """A heading, or an entry of a list, with what is below it; level 1 is the highest."""

    level: int
    lines: list[Line] = field(default_factory=list)
    below: list["Block"] = field(default_factory=list)

    @property
    def entries(self) -> list["Entry"]:
        """The entries of the lists below this one."""
        return [entry for block in self.below if isinstance(block, list) for entry in block]

    def all_lines(self) -> Iterator[Line]:
        """Yield the lines of the entry and of all that is below it."""
        yield from self.lines
        for block in self.below:
            if isinstance(block, Table):
                yield from (line for row in block.rows for cell in row for line in cell)
            elif isinstance(block, Passage):
                yield from block.lines
            else:
                for entry in block if isinstance(block, list) else [block]:
                    yield from entry.all_lines()

    @property
    def has_link(self) -> bool:
        """True if a line of the entry has a link."""
        return any(line.urls for line in self.lines)

    @property
    def may_be_title(self) -> bool:
        """True if the words of the entry have the form of a title."""
        text = inline.split_marks(self.lines[0].text if self.lines else "")[0].strip()
        longest = MAX_WORDS_WITH_FULL_STOP if text.endswith(".") else MAX_TITLE_WORDS
        is_note = text.startswith(_REMINDERS) or text.casefold() in TITLES["no_entry"]
        return any(map(str.isalpha, text)) and not is_note and len(text.split()) <= longest

    @cached_property
    def role(self) -> Kind:
        """What an entry of a list is by itself and by the entries below it."""
        own = kind_of(self.lines)
        below = [entry.role for entry in self.entries]
        has_works = Kind.WORK in below or Kind.SECTION in below
        if own is not Kind.WORDS:
            is_section = has_works and own is not Kind.WORK and not self.has_link
            return Kind.SECTION if is_section else own
        if has_works or below.count(Kind.ADDRESS) > 1:
            return Kind.SECTION
        is_linked = any(e.has_link for e in self.entries if e.role is not Kind.WORDS)
        return Kind.WORK if is_linked else own


Block = Entry | list[Entry] | Passage | Table  # entries that follow one another are a list


class BlockWriter:
    """Collects the blocks of a list below its `root`, in their order."""

    def __init__(self) -> None:
        self.root = Entry(0)
        self.row: list[Lines] = []
        self._open = [self.root]
        self._lists = [0]  # how many are open in each <dl>, 0 if it is no folder of bookmarks

    @property
    def in_entry(self) -> bool:
        """True within an entry of a list that has not ended."""
        return self._open[-1].level == ENTRY_LEVEL

    def open_entry(self) -> None:
        """Begin an entry of a list."""
        self._open.append(self._add_entry(()))

    def close_entry(self) -> None:
        """End the entry that was opened last."""
        self._open.pop()

    @property
    def _section(self) -> Entry:
        return next(entry for entry in reversed(self._open) if entry.level < ENTRY_LEVEL)

    def _add_entry(self, lines: Lines) -> Entry:
        below, entry = self._open[-1].below, Entry(ENTRY_LEVEL, [*lines])
        if below and isinstance(entries := below[-1], list):
            entries.append(entry)
        else:
            below.append([entry])
        return entry

    def add(self, lines: Lines, level: int = 0) -> None:
        """Add a paragraph, or a heading if it has a level or the form of one."""
        if self.in_entry:
            self._open[-1].lines.extend(lines)
        elif lines and (level := level or (BOLD_LEVEL if headings.is_heading(lines) else 0)):
            self._add_heading(lines, level)
        elif lines:
            self.add_block(Passage(lines))

    def add_block(self, block: Passage | Table) -> None:
        """Add a block to the section that is open, though it may be written within an entry."""
        self._section.below.append(block)

    def _add_heading(self, lines: Lines, level: int) -> None:
        """Open a section; a linked title that would end the whole list is an entry instead."""
        is_stray = level == 1 < self._open[-1].level and len(self._open) > 2
        if is_stray and headings.is_linked_title(lines):
            self._add_entry(lines)
            return
        while self._open[-1].level >= level and len(self._open) > max(self._lists):
            self._open.pop()
        if len(self._open) < MAX_OPEN:
            heading = Entry(level, [*lines])
            self._open[-1].below.append(heading)
            self._open.append(heading)
        else:
            self.add_block(Passage(lines))

    def end_fold(self) -> None:
        """End the HTML <details> that was opened last, with the sections in it."""
        if any(entry.level == FOLD for entry in self._open):
            while self._open.pop().level != FOLD:
                pass

    def open_list(self, is_folder: bool) -> None:
        """Begin an HTML <dl>; all in a folder of bookmarks belongs to the heading before it."""
        self._lists.append(len(self._open) if is_folder else 0)

    def end_list(self) -> None:
        """End the HTML <dl> that was opened last, and with a folder its heading."""
        if len(self._lists) > 1 and (inner := self._lists.pop()) > max(self._lists):
            del self._open[max(1, inner - 1) :]

    def end_row(self, is_header: bool) -> None:
        """Add the cells since the last row to the table that is last."""
        table = self._section.below[-1] if self._section.below else None
        if isinstance(table, Table) and self.row:
            if is_header and not table.header and not table.rows:
                table.header = [text_of_lines(cell).strip() for cell in self.row]
            else:
                missing = len(table.header) - len(self.row)
                table.rows.append([*self.row, *([()] * missing)])
        self.row = []
