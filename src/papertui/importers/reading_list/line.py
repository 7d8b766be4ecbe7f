"""A line of a reading list, analysed once: its title, facts, links, marks, and what it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import cached_property

from papertui.importers.reading_list import addresses, inline
from papertui.importers.reading_list.citations import leading_names
from papertui.importers.reading_list.facts import Facts, leading_facts, parse_field
from papertui.importers.reading_list.titles import (
    Title,
    plain_titles,
    set_off_titles,
    with_roles,
    words_of,
)
from papertui.importers.reading_list.vocabulary import WORDS

MAX_LEAD = 3  # words before a linked title
MAX_WORDS_WITH_LINK = 20
MAX_CREDITED = 1000  # characters of a line whose facts are a work's; a longer one is prose
_REFERENCES = {"here", "this", "this link", "website", "homepage"}
# Words before an address that say nothing of what is there.
_POINTERS = frozenset.union(*map(WORDS.__getitem__, ("pointers", "labels", "label_extras")))
_NUMBER = re.compile(
    r"\s*(?P<box>\[[ xX]\]\s+)?(?P<number>(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])(?=\s|$)\s*)?"
)
_QUOTED = re.compile(r"[\"“”«„][^\"“”«»„\n]{2,400}[\"”»“](?!\s?:)|\[\[[^\[\]\n]{2,400}\]\]")
# The end of a line whose sentence is not at its end.
GOES_ON = re.compile(
    r"\b(?:a|an|and|at|by|for|from|in|into|of|on|or|the|to|using|via|with),?\s*$|[^\W\d_][-,]\s*$"
)

_ADDRESS_ALONE = re.compile(r"\s*(?:https?://|www\.|doi\.org/|arxiv\.org/)\S+\s*")

# What a line or entry is; an ADDRESS is a web address without other words.
Kind = Enum("Kind", ["WORK", "SECTION", "DETAIL", "ADDRESS", "WORDS", "NOTHING"])


class Line:
    """A line of text; each thing that it says is found when it is asked for, and only once.

    `number` counts from 1, `end` is the line after its last. `spans` are its parts without
    number, check box and marks; `field` is the key and value of a labelled line.
    """

    def __init__(self, raw: inline.Spans, number: int, end: int) -> None:
        self.raw, self.number, self.end = raw, number, end
        pieces, self.marks, prefix = _without_edges(raw)
        # None without a check box.
        self.is_checked = "[x]" in prefix.lower() if "[" in prefix else None
        self.is_numbered = prefix.strip() not in ("", "[ ]", "[x]", "[X]")
        starts_with_address = bool(pieces and pieces[0].url and _is_address(pieces[0]))
        self.field = None if starts_with_address else parse_field(pieces)
        self.spans = with_roles(self.field[1] if self.field and self.names_title else pieces)

    @property
    def names_title(self) -> bool:
        """True if the line is labelled as a title."""
        return self.field is not None and self.field[0].casefold() in ("title", "paper")

    @cached_property
    def text(self) -> str:
        """The whole text without styles and links."""
        return inline.text_of(self.raw)

    @cached_property
    def urls(self) -> list[str]:
        """The addresses that the line links to, outside of the list."""
        return [span.url or "" for span in self.spans if span.is_external]

    @cached_property
    def has_paper(self) -> bool:
        """True if a link leads to a paper, or is called one."""
        links = (span for span in self.spans if span.is_external)
        return any(addresses.is_paper(x.url or "") or addresses.names_paper(x.text) for x in links)

    @cached_property
    def words(self) -> str:
        """The words without number, check box, marks and links that are only labels."""
        return words_of(self.spans)

    @cached_property
    def facts(self) -> Facts:
        """The facts at the beginning of the line."""
        return leading_facts(self.words)

    @cached_property
    def titles(self) -> tuple[Title, ...]:
        """The titles: none, one, or several that are joined by "and"."""
        if titles := set_off_titles(self.spans):
            return titles
        words = addresses.words_in(self.words)
        points = words and self.urls and words <= _POINTERS
        return () if points else plain_titles(self.words, self.facts)

    @property
    def title_urls(self) -> list[str]:
        """The addresses that the titles link to."""
        return [title.link.url or "" for title in self.titles if title.link]

    @cached_property
    def kind(self) -> Kind:
        """What the line is by itself."""
        external = tuple(span for span in self.spans if span.is_external)
        is_way = not external and any(span.url for span in self.spans)
        if is_way or not any(map(str.isalnum, inline.text_of(self.spans))):
            return Kind.NOTHING
        if external and all(map(addresses.SHARING.search, self.urls)):
            return Kind.NOTHING
        if self.field and self.field[0] != "title":
            return Kind.DETAIL
        if not self.titles:
            is_address = external and all(map(_is_address, external))
            return Kind.ADDRESS if is_address and not self.facts else Kind.DETAIL
        if external:
            return Kind.WORK if self._links_work(external) else Kind.WORDS
        return Kind.WORK if self.field or self._has_credits else Kind.WORDS

    def _links_work(self, external: inline.Spans) -> bool:
        title = self.titles[0]
        if self.has_paper:
            return True
        if title.link:
            return len(title.lead.remainder.split()) <= MAX_LEAD
        labels = [p.text.strip().casefold() for p in external if p.role is not inline.Role.TITLE]
        is_short = len(self.words.split()) <= MAX_WORDS_WITH_LINK
        names_target = is_short and not _REFERENCES.issuperset(labels)
        return bool(labels) and (self._has_credits or names_target)

    @property
    def _has_credits(self) -> bool:
        """True if authors, a venue or a year are beside the title, and not in long prose."""
        title = self.titles[0]
        length = sum(len(span.text) for span in self.spans)
        return bool(title.tail or title.lead) and length <= MAX_CREDITED

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
        is_plain = all(_is_address(span) for span in self.spans if span.url)
        # Names alone have no title.
        has_title = any(map(str.isalnum, self.facts.remainder))
        return is_plain and has_title and self.kind is Kind.WORK and bool(leading_names(self.text))

    @property
    def sets_off_title(self) -> bool:
        """True if a title is a link or set in bold type or quotes."""
        return any(p.role is inline.Role.TITLE and (p.strong or p.is_external) for p in self.spans)

    @property
    def is_detail(self) -> bool:
        """True if the line, below a title, is a quoted title, or only facts or links."""
        return self.is_quoted or bool(self.field) or not any(map(str.isalnum, self.facts.remainder))


Lines = tuple[Line, ...]  # of a heading, a paragraph or a cell


def text_of_lines(lines: Iterable[Line]) -> str:
    """Return the text of lines without styles and links."""
    return "\n".join(line.text for line in lines)


def read_lines(spans: inline.Spans, number: int, end: int, in_cell: bool = False) -> Lines:
    """Return the lines of a paragraph or cell; one whose sentence goes on takes in the next."""
    if in_cell:  # its bars are a part of its text
        spans = tuple(span._replace(text=span.text.replace("|", inline.BAR)) for span in spans)
    lines: list[tuple[int, list[inline.InlineSpan]]] = []
    for at, row in _rows(spans, number):
        if lines and _is_continued(lines[-1][1], row):
            lines[-1][1].extend([inline.InlineSpan(" "), *row])
        else:
            lines.append((at, row))
    ends = [*(at for at, _ in lines[1:]), end][: len(lines)]
    return tuple(
        _line(tuple(row), at, max(stop, at + 1))
        for (at, row), stop in zip(lines, ends, strict=True)
    )


def _line(spans: inline.Spans, number: int, end: int) -> Line:
    """Return the line of these spans; a work is read without the ways to its notes behind it."""
    line = Line(spans, number, end)
    if _ends_in_notes(line.spans):
        work = Line(tuple(span for span in spans if not span.url), number, end)
        return work if work.kind is Kind.WORK else line
    return line


def _ends_in_notes(spans: inline.Spans) -> bool:
    """Return True if all links of a line lead to notes within the list, and no words follow."""
    first = next((at for at, span in enumerate(spans) if span.url), len(spans))
    links = [span for span in spans[first:] if span.url]
    if not links or any(x.is_external or not addresses.names_notes(x.text) for x in links):
        return False
    before, after = (
        inline.text_of(x for x in y if not x.url) for y in (spans[:first], spans[first:])
    )
    points = addresses.words_in(before.split()[-1] if before.split() else "") & _POINTERS
    return bool(before.strip()) and not points and not any(map(str.isalnum, after))


def _rows(spans: inline.Spans, number: int) -> Iterator[tuple[int, list[inline.InlineSpan]]]:
    """Yield the lines that a paragraph is written in, with their numbers; no empty ones."""
    row: list[inline.InlineSpan] = []
    start = number
    for span in spans:
        if span.url is not None or ((span.strong or span.italic) and inline.BREAK not in span.text):
            row.append(span._replace(text=span.text.replace("\n", " ")))
            number += span.text.count("\n")
            continue
        for text in span.text.splitlines(keepends=True):
            if bare := text.rstrip("\n"):
                row.append(span if bare == span.text else span._replace(text=bare))
            if text.endswith(("\n", inline.BREAK)):
                if inline.text_of(row).strip():
                    yield start, row
                number += text.endswith("\n")
                row, start = [], number
    if inline.text_of(row).strip():
        yield start, row


def _is_continued(row: list[inline.InlineSpan], after: list[inline.InlineSpan]) -> bool:
    text, start = inline.text_of(row), after[0]
    is_lower = not start.url and start.text.lstrip()[:1].islower()
    is_lower = is_lower and not _ADDRESS_ALONE.fullmatch(inline.text_of(after))
    goes_on = not text.endswith(inline.BREAK) and (is_lower or bool(GOES_ON.search(text[-20:])))
    return goes_on and not parse_field(tuple(after))


def _is_address(span: inline.InlineSpan) -> bool:
    """Return True if the text of a span is a web address or an id."""
    return addresses.web_address(span.text) is not None


def _without_edges(spans: inline.Spans) -> tuple[inline.Spans, tuple[str, ...], str]:
    """Return spans without number, check box and marks; the marks; the box and number."""
    pieces = [piece for span in spans for piece in _split_words(span)]
    marks: list[str] = []
    prefix = ""
    for end in (0, -1):
        while pieces:
            piece = pieces[end]
            text = piece.text
            if end == 0 and (number := _NUMBER.match(text)):
                prefix, text = prefix + number[0], text[number.end() :]
            if not piece.url:
                bare, own = inline.split_marks(text)
                # A blank towards the middle of the line stays.
                text = text if not own else f" {bare}" if end else f"{bare} "
                marks.extend(own)
            if text is not piece.text:
                pieces[end] = piece._replace(text=text)
            if text.strip():
                break
            pieces.pop(end)
    return tuple(inline.coalesced(pieces)), tuple(marks), prefix


def _split_words(span: inline.InlineSpan) -> Iterator[inline.InlineSpan]:
    """Yield the parts of a span; addresses in it become links, quoted titles bold words."""
    if span.url is not None:
        yield span
        return
    urls = addresses.find_addresses(span.text)
    links = [(at, inline.InlineSpan(url, addresses.web_address(url) or url)) for at, url in urls]
    for part in _cut(span, links):
        is_plain = not (part.url or part.strong or part.italic)
        quotes = _QUOTED.finditer(part.text) if is_plain else ()
        yield from _cut(part, [(x.start(), inline.InlineSpan(x[0], strong=True)) for x in quotes])


def _cut(
    span: inline.InlineSpan, parts: Sequence[tuple[int, inline.InlineSpan]]
) -> Iterator[inline.InlineSpan]:
    """Yield `parts`, which begin at these places of a span, and what is between them."""
    if not parts:
        yield span
        return
    end = 0
    for start, part in parts:
        yield span._replace(text=span.text[end:start])
        yield part
        end = start + len(part.text)
    yield span._replace(text=span.text[end:])


def kind_of(lines: Sequence[Line]) -> Kind:
    """Return what an entry of these lines is by itself, by the first of them."""
    if not lines:
        return Kind.NOTHING
    first = lines[0]
    is_described = any(line.is_detail or line.has_paper for line in lines[1:8])
    return Kind.WORK if first.kind is Kind.WORDS and is_described else first.kind
