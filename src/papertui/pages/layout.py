"""Lines of styled text, and the writer that wraps paragraphs and Markdown into them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from papertui.core.text import cells, chop, terminal_safe, wrap

EMPHASIS, CODE = "emphasis", "code"
TITLE, HEADING, DIM, STRONG, GOOD, LINK = "title", "heading", "dim", "strong", "good", "link"
LABEL = 9
LEVELS = tuple(f"level{level}" for level in range(5))
SELECTED = "selected"
STYLES = (TITLE, HEADING, DIM, STRONG, GOOD, LINK, EMPHASIS, CODE, SELECTED, *LEVELS)
_HEADING = r"(#{1,6})\s+(.*?)\s*#*$"
_ITEM = r"(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(?:\[([ xX])\]\s+)?(.*)"
_RULE = r"\s*([-*_])(\s*\1){2,}\s*$"
_FENCE = r"\s*(```+|~~~+)"
_INLINE = (
    r"(?P<code>`[^`]+`)|(?P<strong>\*\*(?=\S)[^*]+\*\*|__(?=\S)[^_]+__)"
    r"|(?P<em>\*(?=\S)[^*]+\*|(?<!\w)_(?=\S)[^_]+_(?!\w))"
)
MAX_LINES = 5_000
# Returns the sign of a command's key, as the reader has set it.
KeyOf = Callable[[str], str]
# None in the shell, whose pages name no keys.
Key = KeyOf | None


class Span(NamedTuple):
    """Text in one style; the empty style is plain. A click on it leads to a `target`."""

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
    words = span.text.strip(" ") if span.style == LINK else span.text
    if words == span.text:
        return (span,)
    before, _, after = span.text.partition(words) if words else (span.text, "", "")
    parts = (Span(before, "", span.target), span._replace(text=words), Span(after, "", span.target))
    return [part for part in parts if part.text]


def write_markdown(page: Writer, text: str) -> None:
    """Add a Markdown text to a page, at most `MAX_LINES` lines of it."""
    lines = terminal_safe(text).split("\n")
    fenced = False
    for line in lines[:MAX_LINES]:
        if re.match(_FENCE, line):
            fenced = not fenced
        elif fenced:
            for piece in chop(line, max(8, page.width - 2)):
                page.line("  ", Span(piece, CODE))
        else:
            _write_line(page, line)
    if len(lines) > MAX_LINES:
        page.line(Span(f"… and {len(lines) - MAX_LINES:,} more lines", DIM))


def _write_line(page: Writer, line: str) -> None:
    if "$" in line and "`" not in line:
        # Few notes have formulas.
        from papertui.core.tex import formulas_to_text

        line = formulas_to_text(line)
    if heading := re.match(_HEADING, line):
        page.blank()
        page.text(heading[2], HEADING)
    elif re.match(_RULE, line):
        page.line(Span("─" * min(page.width, 40), DIM))
    elif item := re.match(_ITEM, line):
        indent, _, number, box, text = item.groups()
        mark = f"{number}." if number else "•"
        mark = mark if box is None else "☑" if box in "xX" else "☐"
        _flow(page, text, f"{indent}{mark} ")
    elif line.startswith(">"):
        _flow(page, line.lstrip("> "), "│ ")
    elif line.strip():
        _flow(page, line, "")
    else:
        page.blank()


def _flow(page: Writer, text: str, lead: str) -> None:
    """Wrap text with emphasis in it; its lines are indented by the width of `lead`."""
    lead = lead[-min(len(lead), page.width // 2) :] if lead else lead
    room = max(8, page.width - cells(lead))
    line: list[Span] = []
    used = 0
    first = lead
    for word, style in _words(text, room):
        size = cells(word)
        if line and used + size > room and word.strip():
            page.line(first, *line)
            first, line, used = " " * cells(lead), [], 0
        if line or word.strip():
            # A blank that no longer fits only ends the line.
            if used + size <= room:
                line.append(Span(word, style))
            used += size
    page.line(first, *line)


def _words(text: str, room: int) -> Iterator[tuple[str, str]]:
    """Yield words and the blanks between them, none wider than `room`, each with its style."""
    for piece, style in _inline(text):
        for word in re.findall(r"\s+|\S+", piece):
            for part in chop(word, room):
                yield part, style


def _inline(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for found in re.finditer(_INLINE, text):
        yield text[at : found.start()], ""
        whole = found[0]
        if found["code"]:
            yield whole[1:-1], CODE
        elif found["strong"]:
            yield whole[2:-2], STRONG
        else:
            yield whole[1:-1], EMPHASIS
        at = found.end()
    yield text[at:], ""
