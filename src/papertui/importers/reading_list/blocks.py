"""Blocks: headings, paragraphs, entries and tables of a list, each with its lines as read."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from papertui.importers.reading_list.line import Line


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading or table cell."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The text without styles and links."""
        return "\n".join(line.text for line in self.lines)


@dataclass(slots=True)
class Heading:
    """A heading; level 1 is the highest."""

    level: float
    passage: Passage


@dataclass(slots=True)
class ListEntry:
    """A bullet or numbered entry: its lines and the entries below it."""

    line: int
    lines: list[Line] = field(default_factory=list)
    entries: list["ListEntry"] = field(default_factory=list)

    def all_lines(self) -> Iterator[Line]:
        """Yield the lines of the entry and of all below it."""
        yield from self.lines
        for entry in self.entries:
            yield from entry.all_lines()


@dataclass(slots=True)
class BulletList:
    """Bullets or numbered entries that follow one another."""

    entries: list[ListEntry] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """The header and the rows of a table."""

    header: list[str] = field(default_factory=list)
    rows: list[list[Passage]] = field(default_factory=list)

    def add_row(self, row: list[Passage], is_header: bool) -> None:
        """Add a row of cells, or take their texts as the header."""
        if is_header:
            self.header = [cell.text.strip() for cell in row]
        else:
            self.rows.append(row)


@dataclass(slots=True)
class Details:
    """The summary of an HTML <details>, whose content follows up to a DetailsEnd."""

    passage: Passage


@dataclass(slots=True)
class DetailsEnd:
    """The end of the last Details."""


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, such as a template for new entries."""

    lines: tuple[Line, ...]


Block = Heading | Passage | BulletList | Table | Details | DetailsEnd | Code
