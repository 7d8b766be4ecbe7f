"""Lines of an entry or cells of a table row to works: title, facts, links and summary."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from papertui.core import identifiers
from papertui.core.catalog import Link
from papertui.core.identity import MAX_TITLE
from papertui.core.tex import formulas_to_text
from papertui.core.text import clipped, safe_line
from papertui.importers.parsed_list import ParsedItem, original_text
from papertui.importers.reading_list import addresses, inline
from papertui.importers.reading_list.author_pairs import as_one_person
from papertui.importers.reading_list.blocks import Table
from papertui.importers.reading_list.citations import leading_names
from papertui.importers.reading_list.facts import (
    OTHERS,
    Facts,
    field_key,
    is_name,
    parse_fact,
)
from papertui.importers.reading_list.line import Kind, Line, Lines, text_of_lines
from papertui.importers.reading_list.titles import Title, clean_title, spaced_title
from papertui.importers.reading_list.vocabulary import COLUMNS, KINDS, WORDS

MAX_SUMMARY = 4000
MAX_LINKS = 50
_COURSE = re.compile(r"\b(?:CS ?\d{3}[a-z]?|[Cc]ourse)\b")


@dataclass(slots=True)
class WorkBuilder:
    """A work while its entry is being read; faults are added to the list's `problems`."""

    title: str
    line: Line
    problems: list[str]
    facts: Facts = field(default_factory=Facts)
    marks: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)  # addresses with their labels
    own_urls: list[str] = field(default_factory=list)  # those that may identify the work
    summary: list[str] = field(default_factory=list)
    is_read: bool = False

    def add_line(self, line: Line) -> None:
        """Add a further line of the entry: a field, facts, links or a span of the summary."""
        if line.field:
            self.add_field(*line.field)
            return
        unlinked = inline.text_of(span for span in line.spans if not span.is_external)
        has_words = any(map(str.isalnum, line.facts.remainder))
        is_prose = has_words and any(map(str.isalpha, unlinked))
        if is_prose:
            self.summary.append(inline.text_of(line.spans).strip())
        else:
            self.facts.complete(line.facts)
        is_elsewhere = is_prose and bool(self.own_urls)
        for span in line.spans:
            self.add_link(span, in_prose=is_elsewhere or span.role is inline.Role.TITLE)

    def add_field(self, key: str, value: inline.Spans) -> None:
        """Add the value of a field or column with this key or name, and its links."""
        text = self.facts.add_field(key, value)
        if text and key == "summary":
            self.summary.append(text)
        for span in (span for span in value if span.is_external):
            self.add_link(span, in_prose=key == "summary", key=key)

    def add_cell(self, key: str | None, name: str, value: inline.Spans) -> None:
        """Add a cell of the work's row, unless it has no known name, link or fact."""
        if not key and (facts := parse_fact(inline.text_of(value))):
            facts.authors = as_one_person(facts.authors)
            self.facts.complete(facts)
        elif key or any(span.is_external for span in value):
            self.add_field(key or name or "link", value)

    def add_link(self, span: inline.InlineSpan, in_prose: bool = False, key: str = "") -> None:
        """Add an external link, labelled by its text or a `key`; one in prose names other works."""
        if not span.is_external:
            return
        url = addresses.web_address(span.url or "")
        if url is None:
            address = clipped(span.url or "", 60)
            self.problems.append(f"line {self.line.number}: the address {address} is left out")
            return
        labels = [clean_title(span.text), clean_title(key)]
        if (span.image or key) and not addresses.is_label(labels[0]):
            labels.pop(0)
        named = (x for x in labels if x and x.casefold() not in WORDS["vague_labels"])
        label = next((x for x in named if not addresses.web_address(x)), "")
        if len(self.links) < MAX_LINKS:
            self.links.setdefault(url, clipped(label, 80))
            if not in_prose:
                self.own_urls.append(url)

    def has_other_id(self, line: Line) -> bool:
        """Return True if a line has an arXiv id, and the work another; of DOIs it may have two."""
        own, others = (_ids_at(urls)[0] for urls in (self.own_urls, line.urls))
        return bool(own and others) and own.isdisjoint(others)

    def finish(
        self, hints: Iterable[str], originals: Mapping[int, str], is_title: Callable[[str], bool]
    ) -> ParsedItem | None:
        """Return the item, None if nothing names it; `hints` are the titles of its sections."""
        ids = list(map(addresses.ids_in, self.own_urls))
        arxiv = next((arxiv for arxiv, _ in ids if arxiv), None)
        doi = next((doi for _, doi in ids if doi), None)
        kind = self._kind(bool(arxiv), bool(arxiv or doi), hints)
        links = tuple(
            Link(label or addresses.label_for(url, kind), url)
            for url, label in self.links.items()
            if not (arxiv and identifiers.arxiv_id(url) == arxiv)
            and not (doi and identifiers.doi(url) == doi)
        )
        title = formulas_to_text(self.title) if "$" in self.title else self.title
        title = clipped(title, MAX_TITLE)
        if other := identifiers.lone_arxiv_id(title):
            if arxiv not in (None, other):
                says = f"line {self.line.number}: of several arXiv ids {arxiv} was taken"
                self.problems.append(f"{says}, not {other}")
            title, arxiv = "", arxiv or other
        elif identifiers.is_like_arxiv_id(title):
            title = ""
        if not any(map(str.isalnum, title)):
            url = links[0].url if links else None
            title = identifiers.stand_in_title(arxiv, doi, url)[:MAX_TITLE]
        if not title:
            return None
        authors, rest = _authors_before(title)
        if authors and is_title(rest):
            title, self.facts.authors = rest, self.facts.authors or authors
        return ParsedItem(
            title,
            self.line.number,
            authors=tuple(safe_line(name) for name in self.facts.authors if name != OTHERS),
            more_authors=OTHERS in self.facts.authors,
            year=self.facts.year,
            is_of_day=self.facts.is_of_day,
            venue=clipped(self.facts.venue, 120) if self.facts.venue else None,
            kind=kind,
            arxiv=arxiv,
            doi=doi,
            links=links,
            summary=clipped(" ".join(self.summary), MAX_SUMMARY) or None,
            tier=self.facts.tier,
            marks=tuple(dict.fromkeys(self.marks)),
            original=original_text(originals, self.line.number, self.line.end),
            is_read=self.is_read or bool(self.line.is_checked),
        )

    def _kind(self, has_arxiv: bool, has_id: bool, hints: Iterable[str]) -> str:
        """Return the kind by id, else by address, else by the sections around the entry."""
        url = next(iter([*self.own_urls, *self.links]), None)
        kind = "paper" if has_arxiv else addresses.kind_of(url) if url else None
        if has_arxiv or kind not in (None, "paper"):
            return str(kind)
        is_paper = kind or (url and addresses.names_paper(self.links[url]))
        titles = (addresses.words_in(title) for title in hints)
        kinds = (name for words in titles for name, own in KINDS.items() if words & own)
        hint = next(kinds, None)
        if url and not is_paper and _COURSE.search(self.title):
            return "course"
        if has_id or (is_paper and hint not in ("book", "course")):
            return "paper"
        # A paper may have a link to its code only; a title that leads to code is not a paper.
        is_code_beside = url is not None and addresses.is_on(url, "code") and self.links[url]
        return hint or ("article" if url and not is_code_beside else "paper")


def _ids_at(urls: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the arXiv ids and the DOIs, folded, that some addresses lead to."""
    ids = [*map(addresses.ids_in, urls)]
    return {arxiv for arxiv, _ in ids if arxiv}, {doi.lower() for _, doi in ids if doi}


def _authors_before(title: str) -> tuple[tuple[str, ...], str]:
    """Return the surnames of *Doe & Roe, Tides*, and the title behind them."""
    before, _, rest = title.partition(", ")
    names = tuple(re.split(r" (?:&|and) ", before))
    return (names, rest) if all(map(is_name, names)) else ((), title)


def works_of_entry(
    lines: Sequence[Line], problems: list[str], titles: Sequence[Title] = ()
) -> list[WorkBuilder]:
    """Return the works of an entry, nearly always one; their `titles` are the first line's own.

    A line that is no more than the id of another work is one by itself.
    """
    if not lines:
        return []
    titles, details = titles or lines[0].titles, lines[1:]
    works = _works_of_titles(lines[0], titles, problems)
    if details and not any(title.link for title in titles):
        works, details = _expand_short_name(works, details)
    if len(works[0].facts.groups) == len(works):
        for work, facts in zip(works, works[0].facts.groups, strict=True):
            work.facts = facts
    others: list[WorkBuilder] = []
    for line in details:
        is_other = any(_ids_at(line.urls)) if others else works[0].has_other_id(line)
        if len(works) == 1 and line.kind is Kind.ADDRESS and is_other:
            others += _works_of_titles(line, (), problems)
        else:
            for work in others[-1:] or works:
                work.add_line(line)
    return [*works, *others]


def _works_of_titles(line: Line, titles: Sequence[Title], problems: list[str]) -> list[WorkBuilder]:
    """Return the works of a line, with its facts, links and marks."""
    works = [WorkBuilder(x.text, line, problems, replace(x.facts), [*x.marks]) for x in titles]
    works = works or [WorkBuilder("", line, problems)]
    own = {title.at for title in titles if title.link}
    for work, title in zip(works, titles, strict=False):
        remark = title.facts.remainder
        if sum(word[0] != "#" for word in remark.split()) > 2:
            work.summary.append(remark.replace(inline.BAR, "|"))
        if title.link:
            work.add_link(title.link._replace(text=""))
    for work in works:
        for at, span in enumerate(line.spans):
            if at not in own:
                work.add_link(span, in_prose=span.role is inline.Role.TITLE)
        work.marks[:0] = [mark for mark in line.marks if mark not in work.marks]
    return works


def _expand_short_name(
    works: list[WorkBuilder], lines: Sequence[Line]
) -> tuple[list[WorkBuilder], Sequence[Line]]:
    """Return the works and further lines; a quoted or cited title replaces a short name above."""
    line, short = lines[0], works[0]
    is_quoted = line.is_quoted and line.titles and line.spans[0].strong
    if not is_quoted and (short.facts or not line.is_citation):
        return works, lines
    expanded = _works_of_titles(line, line.titles, short.problems)
    for work in expanded:
        if not (is_quoted or work.facts.authors):
            names = leading_names(work.title, is_certain=True)
            work.facts.complete(names)
            work.title = names.remainder
        work.line = short.line
        work.facts.complete(short.facts)
        work.marks += short.marks
        for url, label in short.links.items():
            work.links.setdefault(url, label)
        work.own_urls += short.own_urls
    return expanded, lines[1:]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table hold, learned from its header and the majority of its rows."""

    names: tuple[str, ...]
    keys: tuple[str | None, ...]
    title: int  # the index of the column of titles
    spaced: bool  # titles end at two blanks


def columns_of(table: Table) -> Columns | None:
    """Return what the columns of a table hold, None if its rows are no works."""
    names = tuple(clean_title(inline.split_marks(name)[0]) for name in table.header)
    labels = [(name or full[:1]).casefold() for name, full in zip(names, table.header, strict=True)]
    keys = tuple(
        "read" if label.rstrip(" ?") in ("status", *WORDS["ticks"]) else field_key(name)
        for label, name in zip(labels, names, strict=True)
    )
    urls = [url for row in table.rows for cell in row for line in cell for url in line.urls]
    title = _title_column(labels, table.rows, urls)
    has_others = any(key for at, key in enumerate(keys) if at != title)
    if title is None or not (urls or has_others):
        return None
    cells = [row[title][0] for row in table.rows if row[title]]
    spaced = sum(spaced_title(cell.spans) is not None for cell in cells)
    return Columns(names, keys, title, spaced * 2 >= len(cells) > 0)


def _title_column(labels: list[str], rows: list[list[Lines]], urls: list[str]) -> int | None:
    """Return the column that holds the titles: by its name, else by its links to papers."""
    roles = (inline.Role.TITLE, inline.Role.WORDS)

    def has_titles(column: int, linked: bool) -> bool:
        cells = [row[column] for row in rows if row[column]]
        spans = [[x for line in cell for x in line.spans if x.role in roles] for cell in cells]
        texts = [" ".join(x.text for x in cell if x.is_external or not linked) for cell in spans]
        return sum(any(map(str.isalpha, text)) for text in texts) * 2 >= len(cells) > 0

    named = [x for group in COLUMNS.values() for x, label in enumerate(labels) if label in group]
    linked = range(len(labels)) if any(map(addresses.is_paper, urls)) else ()
    candidates = [*((column, False) for column in named), *((column, True) for column in linked)]
    return next((column for column, by_link in candidates if has_titles(column, by_link)), None)


def works_of_row(row: Sequence[Lines], columns: Columns, problems: list[str]) -> list[WorkBuilder]:
    """Return the works of a table row: one, or none if it has no title."""
    lines = row[columns.title]
    spaced = spaced_title(lines[0].spans) if columns.spaced and lines else None
    works = works_of_entry(lines, problems, (spaced,) if spaced else ())
    for work in works:
        for at, (cell, key, name) in enumerate(zip(row, columns.keys, columns.names, strict=False)):
            if key == "read" and not any(line.urls for line in cell):
                work.is_read = work.is_read or is_tick(text_of_lines(cell))
            elif at != columns.title:
                work.marks += [mark for line in cell for mark in line.marks]
                spans = [span for line in cell for span in (*line.spans, inline.InlineSpan("\n"))]
                work.add_cell(key, name, tuple(spans[:-1]))
    return works


def is_tick(text: str) -> bool:
    """Return True if a cell that says whether a work was read says so: ``✓``, ``done``."""
    words, marks = inline.split_marks(text)
    answer = addresses.words_in(words) or {mark[:1] for mark in marks}
    return bool(answer) and answer <= WORDS["ticks"]
