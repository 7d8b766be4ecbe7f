"""Lines of an entry or cells of a table row to works: title, facts, links and summary."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from papertui.core import identifiers
from papertui.core.catalog import Link
from papertui.core.identity import MAX_TITLE
from papertui.core.text import clipped, safe_line
from papertui.importers.parsed_list import ParsedItem
from papertui.importers.reading_list import blocks, recognise
from papertui.importers.reading_list.blocks import Passage, Spans, split_marks, text_of
from papertui.importers.reading_list.facts import (
    Facts,
    field_key,
    leading_facts,
    parse_aside,
    parse_fact,
    parse_field,
)
from papertui.importers.reading_list.titles import (
    Title,
    clean_title,
    find_titles,
    is_title,
    normalise,
    words_of,
)

MAX_SUMMARY = 4000
MAX_LINKS = 50
_LAST_ASIDE = re.compile(r"(?s)(?P<title>.*\S)\s*[(\[](?P<aside>[^()\[\]]{2,160})[)\]]\s*")
_QUOTED_LAST = re.compile(r"(?s)(?P<before>[^\"“]{3,200})[\"“](?P<title>[^\"”]{3,500})[\"”]?")
_SEPARATOR = re.compile(r",|&|\band\b")
_LAST_FACT = re.compile(r"[.(\[|,]\s*([^.()\[\]|,]{2,80})[)\].]*$")
_KIND_HINTS = (
    ("book", re.compile(r"\b(?:text)?books?\b")),
    ("course", re.compile(r"\b(?:courses?|lectures?|moocs?)\b")),
    ("video", re.compile(r"\b(?:videos?|talks?|podcasts?)\b")),
    ("article", re.compile(r"\b(?:blogs?|posts?|articles?|tutorials?|websites?)\b")),
)
_COURSE = re.compile(r"\b(?:CS ?\d{3}[a-z]?|[Cc]ourse)\b")
_VAGUE_LABELS = ("", "link", "here", "url", "this", "image", "badge", "star", "stars")
_TITLE_COLUMNS = (
    ("title", "paper title", "work", "article", "publication", "reading", "book", "video"),
    ("paper", "papers", "name", "reference", "resource"),
    ("method", "model", "approach", "algorithm"),
)


@dataclass(slots=True)
class WorkBuilder:
    """A work while its entry is being read.

    `links` are addresses with their labels, `own_urls` those of them that may
    identify the work; faults are added to the list's `problems`.
    """

    title: str
    passage: Passage
    problems: list[str]
    facts: Facts = field(default_factory=Facts)
    marks: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    own_urls: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)

    def add_line(self, line: Passage) -> None:
        """Add a further line of the entry: a field, facts, links or a part of the summary."""
        spans, _ = normalise(line.spans)
        if known_field := parse_field(spans):
            self.add_field(*known_field)
            return
        unlinked = text_of(span for span in spans if not span.is_external)
        facts = leading_facts(words_of(spans))
        is_prose = any(map(str.isalnum, facts.remainder)) and any(map(str.isalpha, unlinked))
        if is_prose:
            self.summary.append(text_of(spans).strip())
        else:
            self.facts.complete(facts)
        is_elsewhere = is_prose and bool(self.own_urls)
        for span in spans:
            self.add_link(span, in_prose=is_elsewhere or is_title(span))

    def add_field(self, key: str, value: Spans) -> None:
        """Add the value of a field or column with this key or name, and its links."""
        text = self.facts.add_field(key, value)
        if text and key == "summary":
            self.summary.append(text)
        for span in value:
            label = clean_title(span.text)
            is_specific = recognise.is_label(span.text) and label.casefold() not in _VAGUE_LABELS
            text = span.text if is_specific and not recognise.web_address(label) else key
            self.add_link(span._replace(text=text), in_prose=key == "summary")

    def add_link(self, span: blocks.InlineSpan, in_prose: bool = False) -> None:
        """Add the target of an external link; one in prose is not that of the work itself."""
        if not span.is_external:
            return
        url = recognise.web_address(span.url or "")
        if url is None:
            address = clipped(span.url or "", 60)
            self.problems.append(f"line {self.passage.line}: the address {address} is left out")
            return
        label = clean_title(span.text)
        is_vague = label.casefold() in _VAGUE_LABELS or recognise.web_address(label)
        if is_vague or (span.image and not recognise.is_label(label)):
            label = ""
        if len(self.links) < MAX_LINKS:
            self.links.setdefault(url, clipped(label, 80))
            if not in_prose and not is_title(span):
                self.own_urls.append(url)

    def finish(
        self, tier: int | None, hints: Iterable[str], originals: Mapping[int, str]
    ) -> ParsedItem | None:
        """Return the item, None if neither a title nor an address names it.

        `tier` is that of the section, for entries without their own; `hints`
        are the titles of the sections around the entry, innermost first;
        `originals` are the repaired lines of the file.
        """
        arxiv = next(filter(None, map(recognise.arxiv_id_in, self.own_urls)), None)
        doi = next(filter(None, map(recognise.doi_in, self.own_urls)), None)
        kind = self._kind(bool(arxiv), bool(arxiv or doi), hints)
        links = tuple(
            Link(label or recognise.label_for(url, kind), url)
            for url, label in self.links.items()
            if not (arxiv and identifiers.arxiv_id(url) == arxiv)
            and not (doi and identifiers.doi(url) == doi)
        )
        title = clipped(self.title, MAX_TITLE)
        if not any(map(str.isalnum, title)):
            url = links[0].url if links else None
            title = identifiers.stand_in_title(arxiv, doi, url)[:MAX_TITLE]
        if not title:
            return None
        lines = range(self.passage.line, self.passage.end) if originals else ()
        original = " ".join(originals[line] for line in lines if line in originals)
        return ParsedItem(
            title,
            self.passage.line,
            authors=tuple(map(safe_line, self.facts.authors)),
            year=self.facts.year,
            venue=clipped(self.facts.venue, 120) if self.facts.venue else None,
            kind=kind,
            arxiv=arxiv,
            doi=doi,
            links=links,
            summary=clipped(" ".join(self.summary), MAX_SUMMARY) or None,
            tier=self.facts.tier or tier,
            marks=tuple(dict.fromkeys(self.marks)),
            original=clipped(original, MAX_SUMMARY) or None,
        )

    def _kind(self, has_arxiv: bool, has_id: bool, hints: Iterable[str]) -> str:
        """Return the kind by id, else by address, else by the sections around the entry."""
        url = next(iter([*self.own_urls, *self.links]), None)
        kind = recognise.kind_of(url) if url else None
        if has_arxiv or kind not in (None, "paper"):
            return "paper" if has_arxiv else str(kind)
        folded = (title.casefold() for title in hints)
        kinds = (name for title in folded for name, word in _KIND_HINTS if word.search(title))
        hint = next(kinds, None)
        if url and kind is None and _COURSE.search(self.title):
            return "course"
        if has_id or (kind == "paper" and hint not in ("book", "course")):
            return "paper"
        # A paper may have a link to its code only; a title that leads to code is not a paper.
        is_code_beside = url is not None and recognise.is_code(url) and bool(self.links[url])
        return hint or ("article" if url and not is_code_beside else "paper")


def works_of_entry(lines: Sequence[Passage], problems: list[str]) -> list[WorkBuilder]:
    """Return the works that the lines of an entry describe: nearly always one."""
    if not lines:
        return []
    spans, marks = normalise(lines[0].spans)
    title_field = parse_field(spans)
    if title_field and title_field[0].casefold() in ("title", "paper"):
        spans = title_field[1]
    titles, details = find_titles(spans), lines[1:]
    works = [_titled_work(title, lines[0], problems) for title in titles]
    works = works or [WorkBuilder("", lines[0], problems)]
    if details and not any(title.link for title in titles):
        works, details = _expand_short_name(works, details)
    if len(works[0].facts.groups) == len(works):
        for work, facts in zip(works, works[0].facts.groups, strict=True):
            work.facts = facts
    title_links = [title.link for title in titles]
    for work, link in zip(works, title_links, strict=False):
        if link:
            work.add_link(link._replace(text=""))
    for work in works:
        for span in spans:
            if span not in title_links:
                work.add_link(span)
        work.marks[:0] = [mark for mark in marks if mark not in work.marks]
        for line in details:
            work.add_line(line)
    return works


def _titled_work(title: Title, passage: Passage, problems: list[str]) -> WorkBuilder:
    text, marks = split_marks(title.text)
    work = WorkBuilder(clean_title(text), passage, problems, marks=list(marks))
    work.facts.complete(leading_facts(title.before))
    if _SEPARATOR.search(title.before) and (facts := parse_fact(title.before, certain=True)):
        work.facts.complete(facts)
    after, marks = split_marks(title.after)
    work.marks += marks
    facts = leading_facts(after)
    work.facts.complete(facts)
    remark, marks = split_marks(facts.remainder)
    work.marks += marks
    if len(remark.split()) > 2 and any(map(str.isalpha, remark)):
        work.summary.append(remark)
    last = _LAST_FACT.search(remark[-200:])
    if last and (last_fact := parse_fact(last[1])):
        work.facts.complete(last_fact)
    _move_facts_out_of_title(work)
    return work


def _move_facts_out_of_title(work: WorkBuilder) -> None:
    """Take authors, venue and year out of the title's own words."""
    for _ in range(2):
        has_aside = work.title.endswith((")", "]")) and len(work.title) <= MAX_TITLE
        match = _LAST_ASIDE.fullmatch(work.title) if has_aside else None
        facts = parse_aside(match["aside"]) if match else None
        if not (match and facts):
            break
        work.facts.complete(facts)
        work.title = clean_title(match["title"])
    quoted = _QUOTED_LAST.fullmatch(work.title)
    if quoted and (facts := leading_facts(quoted["before"])) and not facts.remainder:
        work.facts.complete(facts)
        work.title = clean_title(quoted["title"])
    facts = leading_facts(work.title)
    if facts.authors and len(facts.remainder.split()) > 1:
        work.facts.complete(facts)
        work.title = clean_title(facts.remainder)


def _expand_short_name(
    works: list[WorkBuilder], lines: Sequence[Passage]
) -> tuple[list[WorkBuilder], Sequence[Passage]]:
    """Return the works and further lines; a quoted full title below a short name replaces it."""
    spans, _ = normalise(lines[0].spans)
    titles = find_titles(spans)
    if not (lines[0].text.lstrip().startswith(recognise.QUOTES) and titles and spans[0].strong):
        return works, lines
    short = works[0]
    expanded = [_titled_work(title, short.passage, short.problems) for title in titles]
    for work in expanded:
        work.facts.complete(short.facts)
        work.marks += short.marks
        for span in spans:
            work.add_link(span)
    return expanded, lines[1:]


def works_of_table(table: blocks.Table, problems: list[str]) -> list[WorkBuilder]:
    """Return the works in the rows of a table, none if the table is about something else."""
    names = [clean_title(split_marks(name)[0]) for name in table.header]
    rows = [[normalise(cell.spans) for cell in row] for row in table.rows]
    urls = [url for row in rows for spans, _ in row for url in blocks.external_urls(spans)]
    column = _title_column([name.casefold() for name in names], rows, urls)
    keys = [field_key(name) for name in names]
    if column is None or not (urls or "authors" in keys):
        return []
    works = []
    for row, cells in zip(table.rows, rows, strict=True):
        if column < len(row) and row[column].spans:
            for work in works_of_entry([row[column]], problems):
                for at, (spans, marks) in enumerate(cells[: len(names)]):
                    if at != column:
                        work.marks += marks
                        _add_cell(work, keys[at], names[at], spans)
                works.append(work)
    return works


def _title_column(
    names: list[str], rows: list[list[tuple[Spans, tuple[str, ...]]]], urls: list[str]
) -> int | None:
    """Return the column that holds the titles: by its name, else by its links to papers."""

    def has_titles(column: int, linked: bool) -> bool:
        cells = [row[column][0] for row in rows if column < len(row) and row[column][0]]
        titled = [any(is_title(s) and (s.is_external or not linked) for s in c) for c in cells]
        return bool(titled) and sum(titled) * 2 >= len(titled)

    for group in _TITLE_COLUMNS:
        for column, name in enumerate(names):
            if name in group and has_titles(column, linked=False):
                return column
    if not any(map(recognise.is_paper, urls)):
        return None
    return next((c for c in range(len(names)) if has_titles(c, linked=True)), None)


def _add_cell(work: WorkBuilder, key: str | None, name: str, spans: Spans) -> None:
    """Add a cell to the work of its row, unless it has no known name, link or fact."""
    if not key and (facts := parse_fact(text_of(spans))):
        work.facts.complete(facts)
    elif key or blocks.external_urls(spans):
        work.add_field(key or name or "link", spans)
