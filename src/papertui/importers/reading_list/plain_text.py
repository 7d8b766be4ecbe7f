"""Plain text to Markdown: numbered entries, bullets or paragraphs, and their headings."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from papertui.core.identifiers import is_like_arxiv_id, lone_arxiv_id
from papertui.core.identity import MAX_TITLE
from papertui.importers.reading_list import inline
from papertui.importers.reading_list.blocks import Entry
from papertui.importers.reading_list.facts import field_key
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
_STEP = re.compile(
    r"(?:week|day|session|meeting|lecture|unit|part|chapter|month) \d{1,3}\b[^?!]{0,60}",
    re.IGNORECASE,
)
_SENTENCE_END = tuple('.!?;,…"”')

# What a line begins with in Markdown; one that is JOINED goes on with the line above.
ENTRY, BODY, JOINED, TITLE, HEADING, TEXT = "- ", "  ", " ", "# ", "## ", ""
Row = tuple[str, Line]
IsTitle = Callable[[str], bool]


def is_plain_text(text: str) -> bool:
    """Return True if nothing in `text` is written as in Markdown."""
    if _MARKDOWN.search(text):
        return False
    lines = text.split("\n")
    has_entry = any(_BULLET.match(line) or line.lstrip().startswith("|") for line in lines)
    return bool(_entry_marker(lines)) or not has_entry


def as_markdown(text: str, is_title: IsTitle) -> list[tuple[int, str]]:
    """Return the lines of a plain text as Markdown, with their numbers.

    `is_title` says whether words are the title of a known work.
    """
    texts = text.split("\n")
    marker = _entry_marker(texts)
    read = [*(_entries(texts, marker) if marker else _paragraphs(texts, is_title))]
    rows: list[tuple[int, str]] = []
    for (start, line), (below, _) in pairwise([*read, (TITLE, _line("", 0))]):
        if start in (TITLE, HEADING) and below in (TITLE, start) and line.text[-1] != ":":
            start = ENTRY  # nothing is below this heading
        if start in (TITLE, HEADING, TEXT):
            rows.append((line.number, ""))
        number, above = rows.pop() if start == JOINED else (line.number, "")
        rows.append((number, above + start + _ACTIVE.sub(r"\\\g<0>", line.text)))
    return rows


def _entry_marker(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the pattern that entries begin with, None if they have neither number nor bullet."""
    numbers, bullets = (sum(map(bool, map(x.match, lines))) for x in (_NUMBER, _BULLET))
    return _NUMBER if numbers > 1 else _BULLET if bullets > numbers else None


def _line(text: str, number: int) -> Line:
    return Line((inline.InlineSpan(text.strip()),), number, number + 1)


def _is_id(line: Line) -> bool:
    """Return True if a line is an arXiv id, perhaps a mistyped one, or begins with one."""
    is_alone = is_like_arxiv_id(line.text)
    return is_alone or any(map(lone_arxiv_id, (line.text, line.text.split()[0])))


def _is_heading(line: Line, most: int = MAX_HEADING) -> bool:
    """Return True if a line of at most so many characters has the form of a heading."""
    is_plain = not (line.is_quoted or line.kind is Kind.ADDRESS)
    is_plain = is_plain and not line.text.endswith(_SENTENCE_END)
    return is_plain and len(line.text) <= most and not line.field


def _has_colon(line: Line) -> bool:
    """Return True if a line has the form of a heading with a colon."""
    return line.text.endswith(":") and _is_heading(line)


def _is_label(name: str, below: Sequence[str]) -> bool:
    """Return True if a line's name is that of a field, or of the address in the line `below`."""
    key = field_key(name)
    return bool(key) and (key != name or any(_line(x, 0).kind is Kind.ADDRESS for x in below))


def _is_listed(line: Line) -> bool:
    """Return True if a line may be one of several titles, perhaps with credits behind it."""
    has_form = line.text.endswith("?") or _is_heading(line, MAX_TITLE)
    is_title = line.kind is Kind.WORK or (line.kind is Kind.WORDS and has_form)
    return is_title and not line.urls


def _are_titles(lines: Sequence[Line]) -> bool:
    """Return True if each of these lines is a title, and none only credits of the first.

    Some of them, fewer than half and not the first, may have their address.
    """
    addressed = [line for line in lines if line.kind is Kind.WORK and line.urls]
    if lines[0].urls or len(addressed) * 2 >= len(lines):
        addressed = []
    has_credits = any(line.kind is Kind.WORK for line in lines)
    are_credits = has_credits and all(x.is_detail or x.is_citation for x in lines[1:])
    return all(line in addressed or _is_listed(line) for line in lines) and not are_credits


def _start_above(lines: Sequence[Line]) -> str | None:
    """Return the start of the first line if it is above titles, None if it is not.

    It is a HEADING with a colon, or such as *Week 2*, or a TEXT.
    """
    first, kinds = lines[0], [line.kind for line in lines[1:]]
    has_works = Kind.WORDS in kinds or Kind.WORK in kinds or kinds.count(Kind.ADDRESS) > 1
    if has_works and (_has_colon(first) or _STEP.fullmatch(first.text)):
        return HEADING
    is_sentence = first.kind is Kind.WORDS and not _is_listed(first) and len(kinds) > 1
    return TEXT if is_sentence and _are_titles(lines[1:]) else None


def _entries(texts: Sequence[str], marker: re.Pattern[str]) -> Iterator[Row]:
    """Yield the rows of a text whose entries begin with a number or a bullet."""
    matches = ((number, marker.match(text)) for number, text in enumerate(texts, 1))
    starts = {number: start.end() for number, start in matches if start}
    written = [(number, text) for number, text in enumerate(texts, 1) if text.strip()]
    lines = [_line(text[starts.get(number, 0) :], number) for number, text in written]
    bodies = {line.number for line in lines if line.number - 1 in starts} - starts.keys()
    # If most entries have lines below them, the first of these is not a heading.
    have_bodies = len(bodies) * 2 > len(starts) > 1
    end = section = 0  # the numbers of the lines that entry and section would go on in
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        in_entry = end == line.number or (have_bodies and end > 0)
        is_apart = not (in_entry and (have_bodies or texts[line.number - 1][0].isspace()))
        is_body, is_heading = line.number in bodies, _is_heading(line)
        end = line.number + 1
        in_section = section == line.number
        section = end if in_section else 0
        is_listed = in_section and _is_listed(line) and not _has_colon(line)
        # Away from the entries, an address is one too.
        if line.number in starts or is_listed or (line.urls and not in_entry):
            yield ENTRY, line
        elif is_heading and below and below.number in starts and not (have_bodies and is_body):
            yield HEADING, line
            end = 0
        elif is_apart and below and below.number == end and _start_above([line, below]):
            yield TITLE if line is lines[0] else HEADING, line
            end, section = 0, end
        elif in_entry:
            # Between the title and the first field is the second half of the title.
            is_above_field = below and (below.field or below.kind is Kind.ADDRESS)
            is_half = is_above_field and is_body and is_heading and not line.facts
            yield JOINED if is_half else BODY, line
        else:
            yield TITLE if line is lines[0] and is_heading else TEXT, line
            end = 0


def _paragraphs(texts: Sequence[str], is_title: IsTitle) -> Iterator[Row]:
    """Yield the rows of a text without numbers and bullets: a work is a paragraph or a line."""
    groups: list[list[Line]] = [[]]
    for number, text in enumerate(texts, 1):
        line = _line(text, number)
        is_above = _has_colon(line) and not _is_label(line.text[:-1], texts[number : number + 1])
        if groups[-1] and (is_above or not line.text):
            groups.append([])
        groups[-1] += [line] if line.text else []
    ends = [(x, at) for x in groups for at, line in enumerate(x) if line.kind is Kind.ADDRESS]
    above = [x[at - 2 : at] for x, at in ends if at and not x[at - 1].urls]
    # If there are two lines above every address, the second does not begin a work.
    has_credits = len(above) > 1 and all(len(x) == 2 and not x[0].urls for x in above)
    # If one line of each paragraph has credits, at the same place, a paragraph is a work.
    several = [x for x in groups if len(x) > 1 and _start_above(x) is None]
    places = [[at for at, y in enumerate(x) if y.kind is Kind.WORK] for x in several]
    is_work = len(places) > 1 and len(places[0]) == 1 and places.count(places[0]) == len(places)
    for group in filter(None, groups):
        start, heading = _start_above(group), TITLE if group is groups[0] else HEADING
        if start is not None:
            yield start, group.pop(0)
        are_titles = (start is not None or (len(group) > 1 and not is_work)) and _are_titles(group)
        known = {line.number for line in group if not line.urls and is_title(line.text)}
        yield from _paragraph(
            group, heading if start is None else None, known, are_titles, has_credits
        )


def _paragraph(
    lines: list[Line], heading: str | None, known: set[int], are_titles: bool, has_credits: bool
) -> Iterator[Row]:
    """Yield the rows of a paragraph, whose first line may be a `heading`.

    `known` are the numbers of the lines that are titles of known works.
    """
    kinds, top = {line.kind for line in lines}, lines[0]
    is_text = kinds <= {Kind.WORDS, Kind.NOTHING} and not are_titles
    # Of ids alone each is a work, one that is mistyped too, which is then named.
    are_ids = sum(map(_is_id, lines)) * 2 > len(lines)
    owners = {} if are_ids else _titles_above_addresses(lines, has_credits)
    first = min(owners, default=top.number)
    works = {line.number for line in lines if line.kind is Kind.WORK} - owners.keys()
    are_works = len(works.union(owners.values(), known)) > 1
    is_above = are_works or are_ids or first > top.number or len(lines) == 1
    is_above = is_above and top.kind is Kind.WORDS and top.number not in owners
    if heading and is_above and _is_heading(top) and top.number not in known:
        yield heading, lines.pop(0)
    for line in lines:
        at, is_first, kind = line.number, line is lines[0], line.kind
        begins = are_titles or (are_works and kind in (Kind.WORK, Kind.ADDRESS))
        begins = begins or (are_ids and _is_id(line)) or lines[0].kind is kind is Kind.ADDRESS
        begins = begins or (are_works and at in known)
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
