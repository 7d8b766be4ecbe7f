"""Markdown as lines of styled text: quick enough for the arrow keys' path.

A line at a time, in the common subset: headings, lists, quotes, code, rules,
emphasis. What is not understood is shown as it was typed.
"""

import re
from collections.abc import Iterator

from papertui.core.text import cells, chop, safe
from papertui.pages.layout import CODE, DIM, EMPHASIS, HEADING, STRONG, Span, Writer

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(?:\[([ xX])\]\s+)?(.*)")
_RULE = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_INLINE = re.compile(
    r"(?P<code>`[^`]+`)|(?P<strong>\*\*(?=\S)[^*]+\*\*|__(?=\S)[^_]+__)"
    r"|(?P<em>\*(?=\S)[^*]+\*|(?<!\w)_(?=\S)[^_]+_(?!\w))"
)
MOST_LINES = 5_000


def write_markdown(page: Writer, text: str) -> None:
    """Add a Markdown text to a page, at most `MOST_LINES` lines of it."""
    lines = safe(text).split("\n")
    fenced = False
    for line in lines[:MOST_LINES]:
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            for piece in chop(line, max(8, page.width - 2)):
                page.line("  ", Span(piece, CODE))
        else:
            _write_line(page, line)
    if len(lines) > MOST_LINES:
        page.line(Span(f"… and {len(lines) - MOST_LINES:,} more lines", DIM))


def _write_line(page: Writer, line: str) -> None:
    if heading := _HEADING.match(line):
        page.blank()
        page.text(heading[2], HEADING)
    elif _RULE.match(line):
        page.line(Span("─" * min(page.width, 40), DIM))
    elif item := _ITEM.match(line):
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
    """Wrap text with emphasis in it, its lines hanging below the end of `lead`."""
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
    for found in _INLINE.finditer(text):
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
