"""Lines of styled text, and the writer that wraps paragraphs into them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from papertui.core.text import cells, terminal_safe, wrap

EMPHASIS, CODE, STRIKE = "emphasis", "code", "strike"
TITLE, HEADING, DIM, STRONG, GOOD, LINK = "title", "heading", "dim", "strong", "good", "link"
LABEL = 9
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


@dataclass(slots=True)
class Writer:
    """Collects lines no wider than `width` cells."""

    width: int
    lines: list[Line] = field(default_factory=list)
    _end_of_labels: int = 0

    def line(self, *spans: Span | str, target: str | None = None) -> None:
        """Add a line without wrapping it; control characters are replaced."""
        styled = (span if isinstance(span, Span) else Span(span) for span in spans)
        safe = (span._replace(text=terminal_safe(span.text).replace("\n", " ")) for span in styled)
        self.lines.append(Line(tuple(part for span in safe for part in _words_alone(span)), target))

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
        """Add text, wrapped; its lines are indented by the width of `lead`."""
        first = lead if isinstance(lead, Span) else Span(lead)
        indent = cells(first.text)
        for paragraph in terminal_safe(text).split("\n"):
            for line in wrap(paragraph, max(8, self.width - indent)):
                self.line(first, Span(line, style), target=target)
                first = Span(" " * indent)

    def labelled(self, label: str, text: str, style: str = "") -> None:
        """Add text beside a label; labels that follow each other form a block."""
        if len(self.lines) != self._end_of_labels:
            self.blank()
        self.text(text, style, lead=Span(f"{label:<{LABEL}}", HEADING))
        self._end_of_labels = len(self.lines)

    def beside(self, *pages: "Writer", gap: int = 4) -> None:
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

    def facts(self, *parts: str | None, style: str = DIM) -> None:
        """Add the parts that are not empty, with a dot between them."""
        if text := " · ".join(filter(None, parts)):
            self.text(text, style)


def _words_alone(span: Span) -> Iterable[Span]:
    """Return a span; the blanks around a link, which is underlined, by themselves."""
    words = span.text.strip(" ") if LINK in span.style else span.text
    if words == span.text:
        return (span,)
    before, _, after = span.text.partition(words) if words else (span.text, "", "")
    parts = (Span(before, "", span.target), span._replace(text=words), Span(after, "", span.target))
    return [part for part in parts if part.text]
