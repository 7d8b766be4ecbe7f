"""Plain text to Markdown: numbered entries, bullets or paragraphs, and their headings."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from papertui.core.identifiers import is_like_arxiv_id, lone_arxiv_id
from papertui.importers.reading_list import inline
from papertui.importers.reading_list.blocks import Entry
from papertui.importers.reading_list.line import GOES_ON, Kind, Line

MAX_HEADING = 80
_MARKDOWN = re.compile(
    r"^ {0,3}#{1,6}\s|\][ \t]?[(\[]|^ {0,3}\[[^\]\n]{1,99}\]:\s|\*\*|^ {0,3}(?:=+|-{2,})[ \t]*$"
    r"|^ {0,3}(?:```|~~~)|^[ \t]+[-*+]\s|\A\s*<[!?]?[a-z][^<>]*>"
    r"|</?(?:a|b|i|p|em|br|hr|h\d|li|ul|ol|tr|td|div|img|sub|sup|strong|table|center|details)\b",
    re.MULTILINE | re.IGNORECASE,
)
_NUMBER = re.compile(r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+(?=\S)")
_BULLET = re.compile(r"\s{0,3}[-*+•◦‣·–—]\s+(?=\S)")
_ACTIVE = re.compile(r"[\\`*_\[\]<>&|#~]|^[-+=]|(?<=\d)[.)](?=\s)")
_SENTENCE_END = tuple('.!?;,…"”')

# What a line begins with in Markdown; one that is JOINED goes on with the line above.
ENTRY, BODY, JOINED, TITLE, HEADING, TEXT = "- ", "  ", " ", "# ", "## ", ""
Row = tuple[str, Line]


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
    rows: list[tuple[int, str]] = []
    for start, line in _entries(texts, marker) if marker else _paragraphs(texts):
        if start in (TITLE, HEADING, TEXT):
            rows.append((line.number, ""))
        number, above = rows.pop() if start == JOINED else (line.number, "")
        rows.append((number, above + start + _ACTIVE.sub(r"\\\g<0>", line.text)))
    return rows


def _entry_marker(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the pattern that entries begin with, None if they have neither number nor bullet."""
    markers = (x for x in (_NUMBER, _BULLET) if sum(map(bool, map(x.match, lines))) > 1)
    return next(markers, None)


def _line(text: str, number: int) -> Line:
    return Line((inline.InlineSpan(text.strip()),), number, number + 1)


def _is_id(line: Line) -> bool:
    """Return True if a line is an arXiv id, perhaps a mistyped one, or begins with one."""
    is_alone = is_like_arxiv_id(line.text)
    return is_alone or any(map(lone_arxiv_id, (line.text, line.text.split()[0])))


def _is_heading(line: Line) -> bool:
    """Return True if a line has the form of a heading."""
    is_plain = not line.is_quoted and not line.text.endswith(_SENTENCE_END)
    return is_plain and len(line.text) <= MAX_HEADING and not line.field


def _entries(texts: Sequence[str], marker: re.Pattern[str]) -> Iterator[Row]:
    """Yield the rows of a text whose entries begin with a number or a bullet."""
    matches = ((number, marker.match(text)) for number, text in enumerate(texts, 1))
    starts = {number: start.end() for number, start in matches if start}
    written = [(number, text) for number, text in enumerate(texts, 1) if text.strip()]
    lines = [_line(text[starts.get(number, 0) :], number) for number, text in written]
    bodies = {line.number for line in lines if line.number - 1 in starts} - starts.keys()
    # If most entries have lines below them, the first of these is not a heading.
    have_bodies = len(bodies) * 2 > len(starts)
    end = 0  # the number of the line that the open entry would go on in
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        in_entry = end == line.number or (have_bodies and end > 0)
        is_body, is_heading = line.number in bodies, _is_heading(line)
        end = line.number + 1
        if line.number in starts:
            yield ENTRY, line
        elif is_heading and below and below.number in starts and not (have_bodies and is_body):
            yield HEADING, line
            end = 0
        elif in_entry:
            # Between the title and the first field is the second half of the title.
            is_above_field = below and (below.field or below.kind is Kind.ADDRESS)
            is_half = is_above_field and is_body and is_heading and not line.facts
            yield JOINED if is_half else BODY, line
        else:
            yield TITLE if line is lines[0] and is_heading else TEXT, line
            end = 0


def _paragraphs(texts: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a text without numbers and bullets: a work is a paragraph or a line."""
    groups: list[list[Line]] = [[]]
    for number, text in enumerate(texts, 1):
        if text.strip():
            groups[-1].append(_line(text, number))
        elif groups[-1]:
            groups.append([])
    ends = [(x, at) for x in groups for at, line in enumerate(x) if line.kind is Kind.ADDRESS]
    above = [x[at - 2 : at] for x, at in ends if at and not x[at - 1].urls]
    # If there are two lines above every address, the second does not begin a work.
    has_credits = len(above) > 1 and all(len(x) == 2 and not x[0].urls for x in above)
    for group in filter(None, groups):
        yield from _paragraph(group, TITLE if group is groups[0] else HEADING, has_credits)


def _paragraph(lines: list[Line], heading: str, has_credits: bool) -> Iterator[Row]:
    """Yield the rows of a paragraph, whose first line may be a `heading`."""
    kinds, top = {line.kind for line in lines}, lines[0]
    are_titles = kinds == {Kind.WORDS} and all(map(_is_heading, lines))
    is_text = kinds <= {Kind.WORDS, Kind.NOTHING} and not are_titles
    # Of ids alone each is a work, one that is mistyped too, which is then named.
    are_ids = sum(map(_is_id, lines)) * 2 > len(lines)
    owners = {} if are_ids else _titles_above_addresses(lines, has_credits)
    first = min(owners, default=top.number)
    works = {line.number for line in lines if line.kind is Kind.WORK} - owners.keys()
    are_works = len(works.union(owners.values())) > 1
    is_above = are_works or are_ids or first > top.number or len(lines) == 1
    if is_above and top.kind is Kind.WORDS and top.number not in owners and _is_heading(top):
        yield heading, lines.pop(0)
    for line in lines:
        at, is_first, kind = line.number, line is lines[0], line.kind
        begins = are_titles or (are_works and kind in (Kind.WORK, Kind.ADDRESS))
        begins = begins or (are_ids and _is_id(line)) or lines[0].kind is kind is Kind.ADDRESS
        begins = begins or (at < first and (_is_title(line) or bool(line.urls)))
        is_prose = is_text or (is_first and at < first and not begins)
        is_entry = owners.get(at, at) == at and (begins or is_first or at in owners)
        yield TEXT if is_prose else ENTRY if is_entry else BODY, line


def _titles_above_addresses(lines: Sequence[Line], has_credits: bool) -> dict[int, int]:
    """Return the numbers of titles by those of the lines from them to their addresses."""
    titles: dict[int, int] = {}
    title = None
    for above, line in pairwise([*lines[:1], *lines]):
        goes_on = not above.urls and (line.text[:1].islower() or GOES_ON.search(above.text))
        goes_on = goes_on or (has_credits and title == above.number != line.number)
        begins = line.is_quoted or line.kind is Kind.WORK
        begins = begins and (title in titles or line.field is not None)
        if title and not begins and (goes_on or line.is_detail):
            titles |= dict.fromkeys(range(title, line.number + 1) if line.urls else (), title)
        else:
            title = line.number if _is_title(line) else None
    return titles if lines[0].kind is not Kind.ADDRESS else {}


def _is_title(line: Line) -> bool:
    """Return True if a line has the form of a title that has no address."""
    is_apart = line.kind is Kind.WORK or line.is_quoted or not line.is_detail
    return is_apart and Entry(0, [line]).may_be_title and not (line.urls or line.text[-1] == ":")
