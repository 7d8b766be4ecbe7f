"""The works an entry names, with whatever its words, links and sub-entries say of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from papertui.core import identifiers
from papertui.core.catalog import Link
from papertui.core.text import clipped, safe_line
from papertui.importers.parsed_list import ParsedItem
from papertui.importers.reading_list import blocks, recognise
from papertui.importers.reading_list.blocks import InlineSpan, Passage, Table
from papertui.importers.reading_list.facts import (
    Facts,
    aside,
    fact,
    facts_in,
    field_of,
    key_of,
    take,
)
from papertui.importers.reading_list.titles import (
    Titled,
    clean,
    is_title,
    prepared,
    titles_in,
    words,
)

MAX_TITLE = 500
MAX_SUMMARY = 4000
_MOST_LINKS = 50
_LAST_ASIDE = re.compile(r"(?s)(?P<title>.*\S)\s*[(\[](?P<aside>[^()\[\]]{2,160})[)\]]\s*")
_QUOTED_LAST = re.compile(r"(?s)(?P<before>[^\"“]{3,200})[\"“](?P<title>[^\"”]{3,500})[\"”]?")
_SEVERAL = re.compile(r",|&|\band\b")
_LAST_FACT = re.compile(r"[.(\[|,]\s*([^.()\[\]|,]{2,80})[)\].]*$")
_HINTS = (
    ("book", re.compile(r"\b(?:text)?books?\b")),
    ("course", re.compile(r"\b(?:courses?|lectures?|moocs?)\b")),
    ("video", re.compile(r"\b(?:videos?|talks?|podcasts?)\b")),
    ("article", re.compile(r"\b(?:blogs?|posts?|articles?|tutorials?|websites?)\b")),
)
_COURSE = re.compile(r"\b(?:CS ?\d{3}[a-z]?|[Cc]ourse)\b")
VAGUE = ("", "link", "here", "url", "this", "image", "badge", "star", "stars")


@dataclass(slots=True)
class WorkBuilder:
    """A work as its entry is being read; `names` are the addresses that may name it."""

    title: str
    passage: Passage
    facts: Facts = field(default_factory=Facts)
    marks: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)


def drafts_of(lines: Sequence[Passage], problems: list[str]) -> list[WorkBuilder]:
    """Return the works that the lines of an entry name: one nearly always."""
    if not lines:
        return []
    spans, signs = prepared(lines[0].spans)
    named = field_of(spans)
    spans = named[1] if named and named[0].casefold() in ("title", "paper") else spans
    titles, others = titles_in(spans), lines[1:]
    drafts = [_draft(titled, lines[0]) for titled in titles] or [WorkBuilder("", lines[0])]
    if others and not any(titled.link for titled in titles):
        drafts, others = _named_below(drafts, others, problems)
    if len(drafts[0].facts.groups) == len(drafts):
        for draft, group in zip(drafts, drafts[0].facts.groups, strict=True):
            draft.facts = group
    chosen = [titled.link for titled in titles]
    for draft, titled in zip(drafts, [*chosen, *[None] * len(drafts)], strict=False):
        if titled:
            keep_link(draft, titled, problems, titled=True)
    for draft in drafts:
        for span in spans:
            if span.outward and span not in chosen:
                keep_link(draft, span, problems)
        draft.marks[:0] = [sign for sign in signs if sign not in draft.marks]
        for line in others:
            add(draft, line, problems)
    return drafts


def _draft(titled: Titled, passage: Passage) -> WorkBuilder:
    text, signs = blocks.split(titled.title)
    draft = WorkBuilder(clean(text), passage, marks=list(signs))
    draft.facts.add(facts_in(titled.before))
    if _SEVERAL.search(titled.before) and (alone := fact(titled.before, certain=True)):
        draft.facts.add(alone)
    after, more = blocks.split(titled.after)
    facts = facts_in(after)
    draft.marks += more
    draft.facts.add(facts)
    rest, more = blocks.split(facts.rest)
    draft.marks += more
    if len(rest.split()) > 2 and any(map(str.isalpha, rest)):
        draft.summary.append(rest)
    last = _LAST_FACT.search(rest[-200:])
    if last and (known := fact(last[1])):
        draft.facts.add(known)
    _strip_facts(draft)
    return draft


def _strip_facts(draft: WorkBuilder) -> None:
    """Take authors, venue and year out of a title's own words."""
    for _ in range(2):
        aside_last = draft.title.endswith((")", "]")) and len(draft.title) <= MAX_TITLE
        found = _LAST_ASIDE.fullmatch(draft.title) if aside_last else None
        known = aside(found["aside"]) if found else None
        if not (found and known):
            break
        draft.facts.add(known)
        draft.title = clean(found["title"])
    quoted = _QUOTED_LAST.fullmatch(draft.title)
    if quoted and (known := facts_in(quoted["before"])) and not known.rest:
        draft.facts.add(known)
        draft.title = clean(quoted["title"])
    lead = facts_in(draft.title)
    if lead.authors and len(lead.rest.split()) > 1:
        draft.facts.add(lead)
        draft.title = clean(lead.rest)


def _named_below(
    drafts: list[WorkBuilder], lines: Sequence[Passage], problems: list[str]
) -> tuple[list[WorkBuilder], Sequence[Passage]]:
    """Return works whose full titles stand in quotes on the line below their short names."""
    spans, _ = prepared(lines[0].spans)
    titles = titles_in(spans)
    if not (lines[0].text.lstrip()[:1] in tuple('"“„«') and titles and spans[0].strong):
        return drafts, lines
    named = [_draft(titled, drafts[0].passage) for titled in titles]
    for draft in named:
        draft.facts.add(drafts[0].facts)
        draft.marks += drafts[0].marks
        for span in spans:
            if span.outward:
                keep_link(draft, span, problems)
    return named, lines[1:]


def add(draft: WorkBuilder, line: Passage, problems: list[str]) -> None:
    """Add what a further line of an entry says of its work."""
    spans, _ = prepared(line.spans)
    if known := field_of(spans):
        add_field(draft, *known, problems)
        return
    outside = "".join(span.text for span in spans if not span.outward)
    facts = facts_in(words(spans))
    said = any(map(str.isalnum, facts.rest)) and any(map(str.isalpha, outside))
    if said:
        draft.summary.append("".join(span.text for span in spans).strip())
    else:
        draft.facts.add(facts)
    elsewhere = said and bool(draft.names)
    for span in spans:
        if span.outward:
            keep_link(draft, span, problems, prose=elsewhere or is_title(span))


def add_field(
    draft: WorkBuilder, key: str, value: tuple[InlineSpan, ...], problems: list[str]
) -> None:
    """Add what stands under `key`, a field's or a column's, with its links."""
    text = take(draft.facts, key, value)
    if text and key == "summary":
        draft.summary.append(text)
    for span in value:
        if span.outward:
            named = recognise.is_label(span.text) and clean(span.text).casefold() not in VAGUE
            address = recognise.full(clean(span.text)) is not None
            label = span.text if named and not address else key
            keep_link(draft, span._replace(text=label), problems, prose=key == "summary")


def keep_link(
    draft: WorkBuilder,
    span: InlineSpan,
    problems: list[str],
    titled: bool = False,
    prose: bool = False,
) -> None:
    """Keep where a span leads; a link within prose leads to something else than the work."""
    url = recognise.full(span.url or "")
    if url is None:
        shown = clipped(span.url or "", 60)
        problems.append(f"line {draft.passage.line}: the address {shown} is left out")
        return
    label = clean(span.text)
    unnamed = label.casefold() in VAGUE or recognise.full(label)
    if titled or unnamed or (span.image and not recognise.is_label(label)):
        label = ""
    if len(draft.links) < _MOST_LINKS:
        draft.links.setdefault(url, clipped(label, 80))
        if not prose and (titled or not is_title(span)):
            draft.names.append(url)


def found(
    draft: WorkBuilder, tier: int | None, hints: Iterable[str], originals: Mapping[int, str]
) -> ParsedItem | None:
    """Return the finished item, None where nothing names it.

    `tier` holds where the entry has none of its own; `hints` are the titles of
    the sections around it, the nearest first.
    """
    arxiv = next(filter(None, map(recognise.arxiv_in, draft.names)), None)
    doi = next(filter(None, map(recognise.doi_in, draft.names)), None)
    kind = _kind(draft, bool(arxiv), bool(arxiv or doi), hints)
    kept = tuple(
        Link(label or recognise.label_for(url, kind), url)
        for url, label in draft.links.items()
        if not (arxiv and identifiers.arxiv_id(url) == arxiv)
        and not (doi and identifiers.doi(url) == doi)
    )
    title = clipped(draft.title, MAX_TITLE)
    if not any(map(str.isalnum, title)):
        url = kept[0].url if kept else None
        title = identifiers.stand_in_title(arxiv, doi, url)[:MAX_TITLE]
    if not title:
        return None
    lines = range(draft.passage.line, draft.passage.end)
    before = " ".join(originals[line] for line in lines if line in originals) if originals else ""
    facts = draft.facts
    return ParsedItem(
        title,
        draft.passage.line,
        authors=tuple(map(safe_line, facts.authors)),
        year=facts.year,
        venue=clipped(facts.venue, 120) if facts.venue else None,
        kind=kind,
        arxiv=arxiv,
        doi=doi,
        links=kept,
        summary=clipped(" ".join(draft.summary), MAX_SUMMARY) or None,
        tier=facts.tier or tier,
        marks=tuple(dict.fromkeys(draft.marks)),
        original=clipped(before, MAX_SUMMARY) or None,
    )


def _kind(draft: WorkBuilder, arxiv: bool, known: bool, hints: Iterable[str]) -> str:
    """Return the kind by id, else by address, else by the sections around it."""
    url = next(iter([*draft.names, *draft.links]), None)
    kind = recognise.kind_of(url) if url else None
    if arxiv or kind not in (None, "paper"):
        return "paper" if arxiv else str(kind)
    folded = (title.casefold() for title in hints)
    hint = next((name for title in folded for name, word in _HINTS if word.search(title)), None)
    if url and kind is None and _COURSE.search(draft.title):
        return "course"
    if known or (kind == "paper" and hint not in ("book", "course")):
        return "paper"
    # What only comes with code is a paper all the same; a title that leads to code is none.
    coded = url is not None and recognise.is_code(url) and bool(draft.links[url])
    return hint or ("article" if url and not coded else "paper")


_TITLES = (
    ("title", "paper title", "work", "article", "publication", "reading", "book", "video"),
    ("paper", "papers", "name", "reference", "resource"),
    ("method", "model", "approach", "algorithm"),
)


def works_in(table: Table, problems: list[str]) -> list[WorkBuilder]:
    """Return the works in the rows of a table, none where it is about something else."""
    names = [clean(blocks.split(name)[0]) for name in table.header]
    cells = [[prepared(cell.spans) for cell in row] for row in table.rows]
    links = [span for row in cells for spans, _ in row for span in spans if span.outward]
    column = _title_column([name.casefold() for name in names], cells)
    keys = [key_of(name) for name in names]
    if column is None or not (links or "authors" in keys):
        return []
    drafts = []
    for row, read in zip(table.rows, cells, strict=True):
        if column < len(row) and row[column].spans:
            for draft in drafts_of([row[column]], problems):
                for at, (spans, signs) in enumerate(read):
                    if at != column and at < len(names):
                        draft.marks += signs
                        _add(draft, keys[at], names[at], spans, problems)
                drafts.append(draft)
    return drafts


def _title_column(
    names: list[str], cells: list[list[tuple[tuple[InlineSpan, ...], tuple[str, ...]]]]
) -> int | None:
    """Return which column holds the titles: by its name, else by the papers it leads to."""

    def titled(column: int, linked: bool) -> bool:
        found = [row[column][0] for row in cells if column < len(row) and row[column][0]]
        named = [any(is_title(s) and (s.outward or not linked) for s in spans) for spans in found]
        return bool(named) and sum(named) * 2 >= len(named)

    for group in _TITLES:
        for column, name in enumerate(names):
            if name in group and titled(column, linked=False):
                return column
    papers = any(
        recognise.is_paper(span.url)
        for row in cells
        for spans, _ in row
        for span in spans
        if span.outward
    )
    return next((c for c in range(len(names)) if papers and titled(c, linked=True)), None)


def _add(
    draft: WorkBuilder,
    key: str | None,
    name: str,
    spans: tuple[InlineSpan, ...],
    problems: list[str],
) -> None:
    """Add a cell to the work of its row; one that is neither known, link nor fact is left out."""
    text = "".join(span.text for span in spans)
    known = None if key else fact(text)
    if known:
        draft.facts.add(known)
    elif key or any(span.outward for span in spans):
        add_field(draft, key or name or "link", spans, problems)
