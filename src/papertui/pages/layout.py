"""Lines of styled text, and the writer that wraps paragraphs into them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from typing import NamedTuple

from papertui.core.text import cells, chop, packed, terminal_safe, wrap

EMPHASIS, CODE, STRIKE = "emphasis", "code", "strike"
TITLE, HEADING, DIM, STRONG, GOOD, LINK = "title", "heading", "dim", "strong", "good", "link"
LABEL = 9
# Cells of the narrowest text.
MIN_ROOM = 8
# Cells of a column of prose at most, between two, and of the page from which on there are two.
_COLUMN, _GAP, _TWO_COLUMNS_FROM = 80, 4, 140
LEVELS = tuple(f"level{level}" for level in range(5))
SELECTED = "selected"
STYLES = (TITLE, HEADING, DIM, STRONG, GOOD, LINK, EMPHASIS, CODE, STRIKE, SELECTED, *LEVELS)
# Returns the sign of a command's key, as the reader has set it.
KeyOf = Callable[[str], str]
# None in the shell, whose pages name no keys.
Key = KeyOf | None


class Span(NamedTuple):
    """Text in one style, or in several, named with blanks between them; the empty one is plain.

    A click on it leads to a `target`.
    """

    text: str
    style: str = ""
    target: str | None = None


class Line(NamedTuple):
    """Spans side by side; `target` is the citekey or address that the line leads to."""

    spans: tuple[Span, ...] = ()
    target: str | None = None

    @property
    def text(self) -> str:
        """The line without its styles."""
        return "".join(span.text for span in self.spans)


# Returns the lines of a page of so many cells.
Layout = Callable[[int], Sequence[Line]]


@dataclass(slots=True)
class Writer:
    """Collects lines no wider than `width` cells."""

    width: int
    lines: list[Line] = field(default_factory=list)
    _end_of_labels: int = 0

    def line(self, *spans: Span | str, target: str | None = None) -> None:
        """Add a line, wrapped only if it is too wide; control characters are replaced."""
        styled = (span if isinstance(span, Span) else Span(span) for span in spans)
        safe = [span._replace(text=terminal_safe(span.text).replace("\n", " ")) for span in styled]
        is_wide = sum(cells(span.text) for span in safe) > self.width
        for line in wrapped(safe, max(MIN_ROOM, self.width)) if is_wide else (safe,):
            shown = tuple(part for span in line for part in _words_alone(span))
            self.lines.append(Line(shown, target))

    def blank(self) -> None:
        """Add an empty line, unless the last line is empty or there is none."""
        if self.lines and self.lines[-1].spans:
            self.line()

    def heading(self, text: str) -> None:
        """Begin a part of the page."""
        self.blank()
        self.line(Span(text, HEADING))

    def text(
        self, text: str, style: str = "", lead: Span | str = "", target: str | None = None
    ) -> None:
        """Add text, wrapped; its lines are indented by the width of `lead`.

        An address or id that fits only below `lead` is put there, and stays whole.
        """
        first = lead if isinstance(lead, Span) else Span(lead)
        indent = cells(first.text)
        if indent and " " not in text and self.width - indent < cells(text) <= self.width:
            self.line(first)
            first, indent = Span(""), 0
        for paragraph in terminal_safe(text).split("\n"):
            for line in wrap(paragraph, max(MIN_ROOM, self.width - indent)):
                self.line(first, Span(line, style), target=target)
                first = Span(" " * indent)

    def labelled(self, label: str, text: str, style: str = "") -> None:
        """Add text beside a label; labels that follow each other form a block."""
        if len(self.lines) != self._end_of_labels:
            self.blank()
        self.text(text, style, lead=Span(f"{label:<{LABEL}}", HEADING))
        self._end_of_labels = len(self.lines)

    def beside(self, *pages: "Writer", gap: int = _GAP) -> None:
        """Add pages side by side, each in its own width, `gap` cells apart.

        A line of them leads to the only target that is in it, and its spans to their own.
        """
        for lines in zip_longest(*(page.lines for page in pages), fillvalue=Line()):
            spans: list[Span] = []
            for page, line in zip(pages, lines, strict=True):
                spans += (span._replace(target=span.target or line.target) for span in line.spans)
                spans.append(Span(" " * (page.width - cells(line.text) + gap)))
            targets = [line.target for line in lines if line.target]
            self.lines.append(Line(tuple(spans[:-1]), targets[0] if len(targets) == 1 else None))

    def facts(self, *parts: str | None, style: str = DIM, lead: Span | str = "") -> None:
        """Add the parts that are not empty, a dot between them; one that fits stays whole."""
        first = lead if isinstance(lead, Span) else Span(lead)
        indent = cells(first.text)
        for line in packed(filter(None, parts), max(MIN_ROOM, self.width - indent)):
            self.text(line, style, lead=first)
            first = Span(" " * indent)


def columns(width: int) -> tuple[Writer, Writer]:
    """Return two columns for a page of `width` cells, or one column twice if there is no room."""
    if width < _TWO_COLUMNS_FROM:
        only = Writer(min(width, _COLUMN))
        return only, only
    half = min(_COLUMN, (width - _GAP) // 2)
    return Writer(half), Writer(half)


def _words_alone(span: Span) -> Iterable[Span]:
    """Return a span; the blanks around a link, which is underlined, by themselves."""
    words = span.text.strip(" ") if LINK in span.style else span.text
    if words == span.text:
        return (span,)
    before, _, after = span.text.partition(words) if words else (span.text, "", "")
    parts = (Span(before, "", span.target), span._replace(text=words), Span(after, "", span.target))
    return [part for part in parts if part.text]


def wrapped(spans: Sequence[Span], room: int) -> list[list[Span]]:
    """Return spans in lines of at most `room` cells, broken at blanks if possible."""
    lines: list[list[Span]] = [[]]
    used = 0
    for words in _words(spans, room):
        size = sum(cells(part.text) for part in words)
        is_blank = not words[0].text.strip()
        if used and used + size > room and not is_blank:
            lines.append([])
            used = 0
        if (used or not is_blank or len(lines) == 1) and used + size <= room:
            lines[-1] += words
        used += size
    return [[*_joined(line)] for line in lines]


def _joined(line: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans of a line, neighbours in the same style as one."""
    for (style, target), spans in groupby(line, key=lambda span: (span.style, span.target)):
        yield Span("".join(span.text for span in spans), style, target)


def _words(spans: Sequence[Span], room: int) -> Iterator[list[Span]]:
    """Yield words and the blanks between them; a word may be in several styles."""
    word: list[Span] = []
    for span in spans:
        for piece in re.findall(r"\s+|\S+", span.text):
            if piece.isspace() or (word and word[-1].text.isspace()):
                if word:
                    yield from _pieces(word, room)
                word = []
            word.append(span._replace(text=piece))
    if word:
        yield from _pieces(word, room)


def _pieces(word: list[Span], room: int) -> Iterator[list[Span]]:
    """Yield a word, in pieces if it is wider than `room`."""
    if sum(cells(part.text) for part in word) <= room:
        yield word
        return
    for part in word:
        for piece in chop(part.text, room):
            yield [part._replace(text=piece)]
