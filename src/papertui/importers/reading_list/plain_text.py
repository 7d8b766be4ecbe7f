"""Plain text to Markdown: numbered entries, bullets or paragraphs, and their headings."""

import re
from collections.abc import Iterator, Sequence

from papertui.importers.reading_list import inline
from papertui.importers.reading_list.line import GOES_ON, Kind, Line

MAX_HEADING = 80
_MARKDOWN = re.compile(
    r"^ {0,3}#{1,6}\s|\]\s?[(\[]|^ {0,3}\[[^\]\n]{1,99}\]:\s|\*\*|^ {0,3}(?:=+|-{2,})[ \t]*$"
    r"|^ {0,3}(?:```|~~~)|^[ \t]+[-*+]\s"
    r"|</?(?:a|b|i|p|em|br|hr|h\d|li|ul|ol|tr|td|div|img|sub|sup|strong|table|center|details)\b",
    re.MULTILINE | re.IGNORECASE,
)
_NUMBER = re.compile(r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+(?=\S)")
_BULLET = re.compile(r"\s{0,3}[-*+•◦‣·–—]\s+(?=\S)")
_ACTIVE = re.compile(r"[\\`*_\[\]<>&|#~]|^[-+=]|(?<=\d)[.)](?=\s)")
_SENTENCE_END = tuple('.!?;,…"”')

ENTRY, BODY, TITLE, HEADING, TEXT = "- ", "  ", "# ", "## ", ""
Row = tuple[str, Line]  # the Markdown that a line begins with, and the line


def is_plain_text(text: str) -> bool:
    """Return True if nothing in `text` is written as in Markdown."""
    if _MARKDOWN.search(text):
        return False
    lines = text.split("\n")
    has_entry = any(_BULLET.match(line) or line.lstrip().startswith("|") for line in lines)
    return bool(_entry_marker(lines)) or not has_entry


def as_markdown(text: str) -> list[tuple[int, str]]:
    """Return the lines of a plain text as Markdown, with their numbers."""
    texts = text.split("\n")
    marker = _entry_marker(texts)
    rows = list(_entries(texts, marker) if marker else _paragraphs(texts))
    return [
        (line.number, start + _ACTIVE.sub(r"\\\g<0>", line.text) if line.text else "")
        for start, line in rows
    ]


def _entry_marker(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the pattern that entries begin with, None if they have neither number nor bullet."""
    for marker in (_NUMBER, _BULLET):
        if sum(1 for line in lines if marker.match(line)) > 1:
            return marker
    return None


def _line(text: str, number: int) -> Line:
    return Line((inline.InlineSpan(text.strip()),), number, number + 1)


def _is_heading(line: Line) -> bool:
    """Return True if a line has the form of a heading."""
    is_plain = not line.is_quoted and not line.text.endswith(_SENTENCE_END)
    return is_plain and 0 < len(line.text) <= MAX_HEADING and not line.field


def _entries(texts: Sequence[str], marker: re.Pattern[str]) -> list[Row]:
    """Return the rows of a text whose entries begin with a number or a bullet."""
    starts = [marker.match(text) for text in texts]
    lines = [
        _line(text[start.end() :] if start else text, number)
        for number, (text, start) in enumerate(zip(texts, starts, strict=True), 1)
    ]
    has_text_below = (
        start and text.strip() and not after
        for start, after, text in zip(starts, starts[1:], texts[1:], strict=False)
    )
    # If most entries have lines below them, the first of these is not a heading.
    have_bodies = sum(map(bool, has_text_below)) * 2 > sum(map(bool, starts))
    rows: list[Row] = []
    size = 0  # of the open entry, in lines
    for index, line in enumerate(lines):
        is_body = have_bodies and index > 0 and starts[index - 1]
        start = starts[index]
        if start:
            rows.append((ENTRY, line))
            size = 1
        elif not line.text:
            size = size if have_bodies else 0
            rows.extend([] if size else [(TEXT, line)])
        elif not is_body and _is_heading(line) and _is_above_entry(index, starts, lines):
            rows.append((HEADING, line))
            size = 0
        elif size:
            size = _continue_entry(rows, line, size)
        else:
            is_title = not any(row.text for _, row in rows) and _is_heading(line)
            rows.append((TEXT, _line("", line.number)))
            rows.append((TITLE if is_title else TEXT, line))
            size = 0
    return rows


def _is_above_entry(
    index: int, starts: Sequence[re.Match[str] | None], lines: Sequence[Line]
) -> bool:
    """Return True if the next line that is not blank begins an entry."""
    after = zip(starts[index + 1 :], lines[index + 1 :], strict=True)
    return next((bool(start) for start, line in after if line.text), False)


def _continue_entry(rows: list[Row], line: Line, size: int) -> int:
    """Add a line to the last row if the sentence there goes on, else as a row; return the size."""
    is_field = line.field or line.kind is Kind.ADDRESS
    if is_field and size == 2 and _is_heading(rows[-1][1]) and not rows[-1][1].facts:
        # Between the title and the first field is the second half of the title.
        _join(rows, rows.pop()[1])
        size = 1
    last = rows[-1][1].text
    goes_on = bool(GOES_ON.search(last[-20:])) or line.text[:1].islower()
    if goes_on and not (is_field or line.is_quoted):
        _join(rows, line)
        return size
    rows.append((BODY, line))
    return size + 1


def _join(rows: list[Row], line: Line) -> None:
    start, last = rows.pop()
    rows.append((start, _line(f"{last.text} {line.text}", last.number)))


def _paragraphs(texts: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a text without numbers and bullets: a work is a paragraph or a line."""
    groups: list[list[Line]] = [[]]
    for number, text in enumerate(texts, 1):
        begins_work = text[:20].lstrip().lower().startswith("title:")
        if groups[-1] and (not text.strip() or begins_work):
            groups.append([])
        if text.strip():
            groups[-1].append(_line(text, number))
    for group in filter(None, groups):
        yield TEXT, _line("", group[0].number)
        yield from _paragraph(group, TITLE if group is groups[0] else HEADING)


def _paragraph(lines: list[Line], heading: str) -> Iterator[Row]:
    """Yield the rows of a paragraph, whose first line may be a `heading`."""
    kinds = {line.kind for line in lines}
    has_heading = lines[0].kind is Kind.WORDS and _is_heading(lines[0])
    are_works = sum(line.kind is Kind.WORK for line in lines) > 1
    are_titles = kinds == {Kind.WORDS} and all(map(_is_heading, lines))
    if has_heading and (are_works or len(lines) == 1):
        yield heading, lines.pop(0)
    is_text = kinds <= {Kind.WORDS, Kind.NOTHING} and not are_titles
    for number, line in enumerate(lines):
        begins = are_titles or (are_works and line.kind in (Kind.WORK, Kind.ADDRESS))
        is_entry = number == 0 or begins or kinds == {Kind.ADDRESS}
        yield TEXT if is_text else ENTRY if is_entry else BODY, line
