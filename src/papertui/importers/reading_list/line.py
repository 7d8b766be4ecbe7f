"""A line of a reading list, analysed once: its title, facts, links, marks, and what it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from papertui.importers.reading_list import addresses
from papertui.importers.reading_list.facts import (
    Facts,
    leading_facts,
    leading_names,
    parse_field,
)
from papertui.importers.reading_list.spans import (
    BREAK,
    InlineSpan,
    Spans,
    coalesced,
    external_urls,
    split_marks,
    text_of,
)
from papertui.importers.reading_list.titles import (
    Part,
    Role,
    Title,
    find_titles,
    parts_of,
    spaced_title,
    words_of,
)

MAX_LEAD = 3  # words before a linked title
MAX_WORDS_WITH_LINK = 20
MAX_CREDITED = 1000  # characters of a line whose facts are a work's; a longer one is prose
_REFERENCES = {"here", "this", "this link", "website", "homepage"}
_NUMBER = re.compile(
    r"\s*(?P<box>\[[ xX]\]\s+)?(?P<number>(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])(?=\s|$)\s*)?"
)
_QUOTED = re.compile(r"[\"“”«„]([^\"“”«»„\n]{2,400})[\"”»“](?!\s?:)")
_OPENERS = '"“”«„'
# The end of a line whose sentence is not at its end.
GOES_ON = re.compile(
    r"\b(?:a|an|and|at|by|for|from|in|into|of|on|or|the|to|using|via|with),?\s*$|[^\W\d_][-,]\s*$"
)

# What a line or entry is; an ADDRESS is a web address without other words.
Kind = Enum("Kind", ["WORK", "SECTION", "DETAIL", "ADDRESS", "WORDS", "NOTHING"])


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: `number` counts from 1, `end` is the line after its last.

    `parts` are its spans without its number, check box and marks. `is_checked` is
    None without a check box. `field` is
    the key and value of a labelled line, `facts` are those at its beginning.
    `spaced` is the title if two blanks end it, as in some tables.
    """

    number: int
    end: int
    raw: Spans
    parts: tuple[Part, ...]
    marks: tuple[str, ...]
    is_numbered: bool
    is_checked: bool | None
    field: tuple[str, Spans] | None
    facts: Facts
    titles: tuple[Title, ...]
    spaced: Title | None
    kind: Kind

    @property
    def text(self) -> str:
        """The whole text without styles and links."""
        return text_of(self.raw)

    @property
    def spans(self) -> Spans:
        """The spans without number, check box and marks."""
        return tuple(part.span for part in self.parts)

    @property
    def urls(self) -> list[str]:
        """The addresses that the line links to, outside of the list."""
        return external_urls(self.spans)

    @property
    def has_paper(self) -> bool:
        """True if a link leads to a paper."""
        return any(map(addresses.is_paper, self.urls))

    @property
    def is_bold(self) -> bool:
        """True if the words are bold throughout and no link."""
        return all(span.strong and not span.url for span in self.spans if span.text.strip())

    @property
    def is_quoted(self) -> bool:
        """True if the line begins with a quotation mark."""
        return self.text.lstrip().startswith(addresses.QUOTES)

    @property
    def is_citation(self) -> bool:
        """True if the line is authors, a title and more, without a link that has a name."""
        is_plain = all(addresses.web_address(p.span.text) for p in self.parts if p.span.url)
        return is_plain and self.kind is Kind.WORK and bool(leading_names(self.text).authors)

    @property
    def sets_off_title(self) -> bool:
        """True if a title is a link or set in bold type or quotes."""
        return any(
            p.role is Role.TITLE and (p.span.strong or p.span.is_external) for p in self.parts
        )


def read_lines(spans: Spans, number: int, end: int) -> tuple[Line, ...]:
    """Return the lines of a paragraph that begins in the line `number` of the file.

    A line whose sentence goes on in the next one is one with it.
    """
    lines: list[tuple[int, list[InlineSpan]]] = []
    for at, row in _rows(spans, number):
        if lines and _is_continued(lines[-1][1], row):
            lines[-1][1].extend([InlineSpan(" "), *row])
        else:
            lines.append((at, row))
    ends = [*(at for at, _ in lines[1:]), end][: len(lines)]
    return tuple(
        read_line(tuple(row), at, max(stop, at + 1))
        for (at, row), stop in zip(lines, ends, strict=True)
    )


def _rows(spans: Spans, number: int) -> Iterator[tuple[int, list[InlineSpan]]]:
    """Yield the lines that a paragraph is written in, with their numbers; no empty ones."""
    row: list[InlineSpan] = []
    start = number
    for span in spans:
        if span.url is not None:
            row.append(span)
            number += span.text.count("\n")
            continue
        if "\n" not in span.text and BREAK not in span.text:
            row.append(span)
            continue
        for at, text in enumerate(span.text.replace(BREAK, f"{BREAK}\n").split("\n")):
            if at:
                if text_of(row).strip():
                    yield start, row
                number += not row or not row[-1].text.endswith(BREAK)
                row, start = [], number
            if text:
                row.append(span._replace(text=text))
    if text_of(row).strip():
        yield start, row


def _is_continued(row: list[InlineSpan], after: list[InlineSpan]) -> bool:
    text, start = text_of(row), after[0]
    is_lower = not start.url and start.text.lstrip()[:1].islower()
    return not text.endswith(BREAK) and (is_lower or bool(GOES_ON.search(text[-20:])))


def read_line(spans: Spans, number: int, end: int) -> Line:
    """Return a line, analysed."""
    pieces, marks, prefix = _without_edges(spans)
    field = parse_field(pieces)
    value = field[1] if field and field[0].casefold() in ("title", "paper") else None
    parts = parts_of(pieces)
    titled = parts_of(value) if value else parts
    words = words_of(titled)
    first = titled[0] if titled else None
    is_title = first and first.role is Role.TITLE and (first.span.url or first.span.strong)
    facts = Facts(remainder=words) if is_title else leading_facts(words)
    titles = find_titles(titled, words, facts)
    kind = _kind_of(titled, titles, field, facts)
    is_checked = "[x]" in prefix.lower() if "[" in prefix else None
    is_numbered = prefix.strip() not in ("", "[ ]", "[x]", "[X]")
    return Line(
        number,
        end,
        spans,
        titled,
        marks,
        is_numbered,
        is_checked,
        field,
        facts,
        titles,
        spaced_title(titled),
        kind,
    )


def _without_edges(spans: Spans) -> tuple[Spans, tuple[str, ...], str]:
    """Return spans without number, check box and marks; the marks; the box and number.

    Addresses and quoted titles in plain words become spans of their own: links
    and bold words.
    """
    pieces = [piece for span in spans for piece in _split_addresses(span)]
    marks: list[str] = []
    prefix = ""
    for end in (0, -1):
        for _ in range(3):
            if not pieces:
                break
            piece = pieces[end]
            text = piece.text
            if end == 0 and (number := _NUMBER.match(text)):
                prefix, text = prefix + number[0], text[number.end() :]
            if not piece.url:
                text, piece_marks = _split_marks_at(text, end)
                marks.extend(piece_marks)
            pieces[end] = piece._replace(text=text)
            if text.strip():
                break
            pieces.pop(end)
    return tuple(coalesced(pieces)), tuple(marks), prefix


def _split_marks_at(text: str, end: int) -> tuple[str, tuple[str, ...]]:
    """Return `text` and its marks; a blank towards the middle of the line stays."""
    bare, marks = split_marks(text)
    if not marks:
        return text, ()
    return (bare + " " if end == 0 and bare else f" {bare}" if bare else ""), marks


def _split_addresses(span: InlineSpan) -> Iterator[InlineSpan]:
    if span.url is not None:
        yield span
        return
    at = 0
    for start, end in addresses.find_addresses(span.text):
        yield from _split_quotes(span._replace(text=span.text[at:start]))
        url = span.text[start:end]
        yield InlineSpan(url, addresses.web_address(url) or url)
        at = end
    yield from _split_quotes(span._replace(text=span.text[at:]))


def _split_quotes(span: InlineSpan) -> Iterator[InlineSpan]:
    if span.strong or span.italic or not any(map(span.text.__contains__, _OPENERS)):
        yield span
        return
    at = 0
    for quoted in _QUOTED.finditer(span.text):
        yield span._replace(text=span.text[at : quoted.start()])
        yield InlineSpan(quoted[0], strong=True)
        at = quoted.end()
    yield span._replace(text=span.text[at:])


def _kind_of(
    parts: Sequence[Part],
    titles: Sequence[Title],
    field: tuple[str, Spans] | None,
    facts: Facts,
) -> Kind:
    spans = [part.span for part in parts]
    if not any(any(map(str.isalnum, span.text)) for span in spans):
        return Kind.NOTHING
    external = [part for part in parts if part.span.is_external]
    if any(span.url for span in spans) and not external:
        return Kind.NOTHING
    if external and all(addresses.shares_list(part.span.url or "") for part in external):
        return Kind.NOTHING
    if field and field[0] != "title":
        return Kind.DETAIL
    if not titles:
        is_address = len(spans) == 1 and addresses.web_address(spans[0].text)
        return Kind.ADDRESS if is_address else Kind.DETAIL
    if external:
        return Kind.WORK if _is_linked_work(titles[0], parts, external) else Kind.WORDS
    return Kind.WORK if field or _has_credits(titles[0], spans) else Kind.WORDS


def _is_linked_work(title: Title, parts: Sequence[Part], external: Sequence[Part]) -> bool:
    if any(addresses.is_paper(part.span.url or "") for part in external):
        return True
    if title.link:
        return len(title.lead.remainder.split()) <= MAX_LEAD
    labels = [p.span.text.strip().casefold() for p in external if p.role is not Role.TITLE]
    is_short = len(words_of(parts).split()) <= MAX_WORDS_WITH_LINK
    names_target = is_short and not _REFERENCES.issuperset(labels)
    return bool(labels) and (_has_credits(title, [p.span for p in parts]) or names_target)


def _has_credits(title: Title, spans: Iterable[InlineSpan]) -> bool:
    """Return True if authors, a venue or a year are beside a title, and not in long prose."""
    return bool(title.tail or title.lead) and sum(len(s.text) for s in spans) <= MAX_CREDITED


def is_detail(line: Line) -> bool:
    """Return True if a line below a title is a quoted title, or only facts or links."""
    if line.is_quoted or line.field:
        return True
    has_words = any(map(str.isalnum, line.facts.remainder))
    return bool(line.facts or line.urls) and not has_words


def kind_of(lines: Sequence[Line]) -> Kind:
    """Return what an entry of these lines is by itself, by the first of them."""
    if not lines:
        return Kind.NOTHING
    first = lines[0]
    is_title = first.kind is Kind.WORDS and not first.urls
    is_described = any(is_detail(line) or line.has_paper for line in lines[1:8])
    return Kind.WORK if is_title and is_described else first.kind
