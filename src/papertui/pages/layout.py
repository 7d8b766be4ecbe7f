"""Lines of styled text, and the writer that lays paragraphs out into them."""

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from papertui.core.text import cells, safe, wrap

EMPHASIS, CODE = "emphasis", "code"
TITLE, HEADING, DIM, STRONG, GOOD, LINK = "title", "heading", "dim", "strong", "good", "link"
LABEL = 9
LEVELS = tuple(f"level{level}" for level in range(5))
SELECTED = "selected"
STYLES = (TITLE, HEADING, DIM, STRONG, GOOD, LINK, EMPHASIS, CODE, SELECTED, *LEVELS)


class Span(NamedTuple):
    """Text in one style; the empty style is plain."""

    text: str
    style: str = ""


class Line(NamedTuple):
    """Spans side by side; `target` is the citekey of the work the line leads to."""

    spans: tuple[Span, ...] = ()
    target: str | None = None

    @property
    def text(self) -> str:
        """The line without its styles."""
        return "".join(span.text for span in self.spans)


@dataclass(slots=True)
class Writer:
    """Collects lines no wider than `width` cells."""

    width: int
    lines: list[Line] = field(default_factory=list)
    _end_of_labels: int = 0

    def line(self, *spans: Span | str, target: str | None = None) -> None:
        """Add one line as it is; whatever its text is, it steers no terminal."""
        made = (span if isinstance(span, Span) else Span(span) for span in spans)
        safely = (Span(safe(span.text).replace("\n", " "), span.style) for span in made)
        self.lines.append(Line(tuple(safely), target))

    def blank(self) -> None:
        """Add an empty line, unless one is there or nothing is above it."""
        if self.lines and self.lines[-1].spans:
            self.line()

    def heading(self, text: str) -> None:
        """Begin a part of the page."""
        self.blank()
        self.line(Span(text, HEADING))

    def text(
        self,
        text: str,
        style: str = "",
        lead: Span | str = "",
        target: str | None = None,
    ) -> None:
        """Add text, wrapped; its lines hang below the end of `lead`."""
        first = lead if isinstance(lead, Span) else Span(lead)
        indent = cells(first.text)
        for paragraph in safe(text).split("\n"):
            for line in wrap(paragraph, max(8, self.width - indent)):
                self.line(first, Span(line, style), target=target)
                first = Span(" " * indent)

    def labelled(self, label: str, text: str, style: str = "") -> None:
        """Add text beside a label; labels one after the other form a column."""
        if len(self.lines) != self._end_of_labels:
            self.blank()
        self.text(text, style, lead=Span(f"{label:<{LABEL}}", HEADING))
        self._end_of_labels = len(self.lines)

    def beside(self, left: "Writer", right: "Writer", gap: int = 4) -> None:
        """Add two pages side by side, each in the width it was written for."""
        for a, b in zip_longest(left.lines, right.lines, fillvalue=Line()):
            blanks = Span(" " * (left.width - cells(a.text) + gap))
            self.lines.append(Line((*a.spans, blanks, *b.spans), a.target or b.target))

    def facts(self, *parts: str | None, style: str = DIM) -> None:
        """Add the parts that are there on as few lines as they need, a dot between them."""
        shown = [part for part in parts if part]
        if shown:
            self.text(" · ".join(shown), style)
