"""The page of one work: what it is, why it matters, and what the reader did with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from papertui import words
from papertui.catalog import Work
from papertui.journal import PARKED, Note, Reading, WorkRecord
from papertui.library import Place
from papertui.pages.layout import DIM, GOOD, LINK, STRONG, TITLE, Line, Span, Writer
from papertui.text import safe_line
from papertui.words import Glyphs


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A related work: its title, and how far the reader has come with it."""

    citekey: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class WorkView:
    """All that a work's page shows."""

    work: Work
    record: WorkRecord
    places: Sequence[Place]
    neighbours: Mapping[str, Neighbour]
    today: date


def work_page(view: WorkView, width: int, glyphs: Glyphs) -> list[Line]:
    """Lay a work's page out in lines of at most `width` cells."""
    page = Writer(width)
    work = view.work
    page.text(safe_line(work.title), TITLE)
    page.facts(authors(work), str(work.year) if work.year else None, work.venue)
    grade = work.difficulty and f"{work.difficulty} ({grader(work)})"
    ident = f"arXiv {work.arxiv}" if work.arxiv else f"doi {work.doi}" if work.doi else None
    page.facts(work.kind, grade, ident, work.citekey)
    page.facts(citations(work), work.impact)
    page.blank()
    _status(page, view, glyphs)
    if work.unidentified:
        _nearest(page, work)
    for heading, text in (
        ("Summary", work.summary),
        ("Key insight", work.insight),
        ("Why it matters", work.matters),
    ):
        if text:
            page.heading(heading)
            page.text(text)
    _readings(page, view)
    _notes(page, view)
    _before(page, view, glyphs)
    _neighbours(page, "See also", work.see_also, view, glyphs)
    _places(page, view.places)
    _links(page, work)
    return page.lines


def authors(work: Work) -> str:
    """Return the authors in one line: eight at most, and whether there are more."""
    if not work.authors:
        return ""
    names = ", ".join(work.authors)
    return f"{names} and others" if work.more_authors else names


def grader(work: Work) -> str:
    """Return whose grade a work's difficulty is."""
    return "the list's grade" if work.graded_by == "list" else "our grade"


def citations(work: Work) -> str | None:
    """Return the citations as the approximate, dated number they are."""
    found = work.citations
    return f"about {found.count:,} citations, {found.as_of}" if found else None


def _status(page: Writer, view: WorkView, glyphs: Glyphs) -> None:
    record, kind = view.record, view.work.kind
    glyph = glyphs.of(record.depth, record.aside, view.work.unidentified)
    if record.aside:
        until = f" until {words.day_name(record.until, view.today)}" if record.until else ""
        reason = f": {safe_line(record.reason)}" if record.reason else ""
        page.text(f"{record.aside}{until}{reason}", STRONG, lead=Span(f"{glyph} ", DIM))
        if record.aside == PARKED:
            return
    status = words.STATUSES[record.depth]
    if not record.readings:
        page.line(Span(f"{glyph} ", DIM), Span(status, STRONG))
        return
    deepest = max(record.readings, key=lambda r: (r.depth, r.read_on or date.min))
    when = words.day_name(deepest.read_on, view.today)
    page.line(
        Span(f"{glyph} ", GOOD),
        Span(status, STRONG),
        Span(f" · {words.pass_name(deepest.depth, kind)} {when}", DIM),
    )


def _nearest(page: Writer, work: Work) -> None:
    page.heading("Not identified")
    page.text("No published work has this title and link. The nearest real works:")
    for near in work.nearest:
        where = f"arXiv {near.arxiv}" if near.arxiv else near.url
        tail = ", ".join(filter(None, [str(near.year) if near.year else None, near.why, where]))
        page.text(f"{near.title} ({tail})", lead="  · ")


def _before(page: Writer, view: WorkView, glyphs: Glyphs) -> None:
    if not view.work.prerequisites and not view.work.requires:
        return
    page.heading("Before it")
    if view.work.prerequisites:
        page.text(view.work.prerequisites)
    _list_neighbours(page, view.work.requires, view, glyphs)


def _neighbours(
    page: Writer, heading: str, citekeys: Sequence[str], view: WorkView, glyphs: Glyphs
) -> None:
    if citekeys:
        page.heading(heading)
        _list_neighbours(page, citekeys, view, glyphs)


def _list_neighbours(page: Writer, citekeys: Sequence[str], view: WorkView, glyphs: Glyphs) -> None:
    for citekey in citekeys:
        if other := view.neighbours.get(citekey):
            glyph = Span(f"{glyphs.status[other.depth]} ", GOOD if other.depth else DIM)
            page.text(safe_line(other.title), LINK, lead=glyph, target=citekey)


def _places(page: Writer, places: Sequence[Place]) -> None:
    if places:
        page.heading("Stands in")
    for place in places:
        tier = f" ({words.tier_name(place.tier)})" if place.tier else ""
        page.text(" › ".join(place.titles) + tier, lead="  ")


def _links(page: Writer, work: Work) -> None:
    shown = [("abstract", work.page)] if work.arxiv else []
    shown += [(link.label, link.url) for link in work.links]
    if shown:
        page.heading("Links")
    for label, url in shown:
        page.text(str(url), lead=Span(f"  {label} ", DIM))


def _readings(page: Writer, view: WorkView) -> None:
    if view.record.readings:
        page.heading("Passes")
    for reading in view.record.readings:
        page.text(reading_line(reading, view.work.kind, view.today), lead="  ")


def reading_line(reading: Reading, kind: str, today: date) -> str:
    """Return a logged pass in a few words."""
    when = words.day_name(reading.read_on, today)
    minutes = f" · {words.span(reading.minutes)}" if reading.minutes else ""
    return f"{words.pass_name(reading.depth, kind)} {when}{minutes}"


def _notes(page: Writer, view: WorkView) -> None:
    if view.record.notes:
        page.heading("Notes")
        write_notes(page, view.record.notes, view.today)


def write_notes(page: Writer, notes: Sequence[Note], today: date) -> None:
    """Write notes with the moment each was saved."""
    for index, note in enumerate(notes):
        if index:
            page.blank()
        apart = sum(note.id == other.id for other in notes) > 1
        page.line(Span(_note_line(note, today) + (" · written apart" if apart else ""), DIM))
        page.text(note.body)


def _note_line(note: Note, today: date) -> str:
    local = datetime.fromisoformat(note.saved) + timedelta(minutes=note.utc_offset)
    depth = f" · {words.PASSES[note.depth]}" if note.depth else ""
    return f"{words.day_name(local.date(), today)} {local:%H:%M}{depth}"
