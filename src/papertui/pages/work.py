"""The page of one work: what it is, why it matters, and what the reader did with it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from papertui.core import labels
from papertui.core.journal import PARKED, Note, Reading, WorkRecord
from papertui.core.labels import Glyphs
from papertui.core.text import cells, quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.pages.layout import (
    DIM,
    GOOD,
    LABEL,
    LINK,
    STRONG,
    TITLE,
    Line,
    Span,
    Writer,
    write_markdown,
)
from papertui.storage.store import Store
from papertui.storage.work_queries import Place

if TYPE_CHECKING:
    from papertui.core.catalog import Work


MOST_NEIGHBOURS = 6


class Neighbour(NamedTuple):
    """A related work: its title, and how far the reader has come with it."""

    citekey: str
    title: str
    depth: int


class WorkDetails(NamedTuple):
    """All that a work's page shows."""

    work: "Work"
    record: WorkRecord
    places: Sequence[Place]
    neighbours: Mapping[str, Neighbour]
    today: date


def work_page(view: WorkDetails, width: int, glyphs: Glyphs) -> list[Line]:
    """Lay a work's page out in lines of at most `width` cells, what decides first on top."""
    page = Writer(width)
    work = view.work
    page.text(safe_line(work.title), TITLE)
    when = " · ".join(str(part) for part in (work.year, work.venue) if part)
    if byline := _byline(work, when, width):
        page.line(Span(byline, DIM))
    grade = work.difficulty and f"{work.difficulty} ({grader(work)})"
    ident = f"arXiv {work.arxiv}" if work.arxiv else f"doi {work.doi}" if work.doi else None
    page.facts(work.kind, grade, ident, citations(work), work.impact)
    _status(page, view, glyphs)
    if work.summary:
        page.blank()
        page.text(work.summary)
    for label, text in (("Insight", work.insight), ("Matters", work.matters)):
        if text:
            page.labelled(label, text)
    if work.unidentified:
        _nearest(page, work)
    _readings(page, view)
    _notes(page, view)
    _before(page, view, glyphs)
    _neighbours(page, "After it", work.leads_to, view, glyphs)
    _neighbours(page, "See also", work.see_also, view, glyphs)
    _places(page, view.places)
    _links(page, work)
    return page.lines


def _byline(work: "Work", when: str, width: int) -> str:
    """Return authors and year on one line, as many authors as there is room for."""
    for shown in range(len(work.authors), 0, -1):
        some = shown < len(work.authors) or work.more_authors
        line = ", ".join(work.authors[:shown]) + (" and others" if some else "")
        line += f" · {when}" if when else ""
        if cells(line) <= width:
            return safe_line(line)
    return shorten(safe_line(authors(work) or when), width)


def authors(work: "Work") -> str:
    """Return the authors in one line: eight at most, and whether there are more."""
    if not work.authors:
        return ""
    names = ", ".join(work.authors)
    return f"{names} and others" if work.more_authors else names


def grader(work: "Work") -> str:
    """Return whose grade a work's difficulty is."""
    return "the list's grade" if work.graded_by == "list" else "our grade"


def citations(work: "Work") -> str | None:
    """Return the citations as the approximate, dated number they are."""
    found = work.citations
    return f"about {found.count:,} citations, {found.as_of}" if found else None


def readiness(view: WorkDetails) -> str:
    """Return whether what should be read before has been read."""
    wanted = [view.neighbours[key] for key in view.work.requires if key in view.neighbours]
    left = sum(not other.depth for other in wanted)
    if not wanted:
        return "nothing to read first"
    if not left:
        return "you have read what comes before it"
    some = f"{left} of " if left < len(wanted) else ""
    return f"{some}{quantity(len(wanted), 'work')} to read first"


def _status(page: Writer, view: WorkDetails, glyphs: Glyphs) -> None:
    record, kind = view.record, view.work.kind
    glyph = glyphs.of(record.depth, record.aside, view.work.unidentified)
    if record.aside:
        until = f" until {labels.day_name(record.until, view.today)}" if record.until else ""
        reason = f": {safe_line(record.reason)}" if record.reason else ""
        page.text(f"{record.aside}{until}{reason}", STRONG, lead=Span(f"{glyph} ", DIM))
        if record.aside == PARKED:
            return
    status = labels.STATUSES[record.depth]
    if not record.readings:
        unknown = "not identified: no published work has this title and link"
        ready = f" · {unknown if view.work.unidentified else readiness(view)}"
        page.line(Span(f"{glyph} ", DIM), Span(status, STRONG), Span(ready, DIM))
        return
    deepest = max(record.readings, key=lambda r: (r.depth, r.read_on or date.min))
    when = labels.day_name(deepest.read_on, view.today)
    page.line(
        Span(f"{glyph} ", GOOD),
        Span(status, STRONG),
        Span(f" · {labels.pass_name(deepest.depth, kind)} {when}", DIM),
    )


def _nearest(page: Writer, work: "Work") -> None:
    page.heading("The nearest real works")
    for near in work.nearest:
        tail = ", ".join(filter(None, [str(near.year) if near.year else None, near.why]))
        page.text(f"{near.title} ({tail})", LINK, lead="· ", target=near.address)


def _before(page: Writer, view: WorkDetails, glyphs: Glyphs) -> None:
    work = view.work
    if work.prerequisites:
        page.labelled("Before", work.prerequisites)
    elif work.requires:
        page.labelled("Before", "these works:")
    _list_neighbours(page, work.requires, view, glyphs, indent=" " * LABEL)


def _neighbours(
    page: Writer, heading: str, citekeys: Sequence[str], view: WorkDetails, glyphs: Glyphs
) -> None:
    if citekeys:
        page.heading(heading)
        _list_neighbours(page, citekeys[:MOST_NEIGHBOURS], view, glyphs)
        if (more := len(citekeys) - MOST_NEIGHBOURS) > 0:
            page.line(Span(f"  and {more} more", DIM))


def _list_neighbours(
    page: Writer, citekeys: Sequence[str], view: WorkDetails, glyphs: Glyphs, indent: str = ""
) -> None:
    for citekey in citekeys:
        if other := view.neighbours.get(citekey):
            glyph = Span(f"{glyphs.status[other.depth]} ", GOOD if other.depth else DIM)
            title = shorten(safe_line(other.title), page.width - cells(indent) - 2)
            page.line(indent, glyph, Span(title, LINK), target=citekey)


def _places(page: Writer, places: Sequence[Place]) -> None:
    if places:
        page.heading("Stands in")
    for place in places:
        tier = f" ({labels.tier_name(place.tier)})" if place.tier else ""
        page.text(" › ".join(place.titles) + tier, lead="  ")


def _links(page: Writer, work: "Work") -> None:
    shown = [("abstract", work.page)] if work.arxiv else []
    shown += [(link.label, link.url) for link in work.links]
    page.heading("Links and citekey" if shown else "Citekey")
    for label, url in shown:
        page.text(str(url), LINK, lead=Span(f"  {label} ", DIM), target=url)
    page.text(work.citekey, lead=Span("  citekey ", DIM))


def _readings(page: Writer, view: WorkDetails) -> None:
    if view.record.readings:
        page.heading("Passes")
    for reading in view.record.readings:
        page.text(reading_line(reading, view.work.kind, view.today), lead="  ")


def reading_line(reading: Reading, kind: str, today: date) -> str:
    """Return a logged pass in a few words."""
    when = labels.day_name(reading.read_on, today)
    minutes = f" · {labels.span(reading.minutes)}" if reading.minutes else ""
    return f"{labels.pass_name(reading.depth, kind)} {when}{minutes}"


def _notes(page: Writer, view: WorkDetails) -> None:
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
        write_markdown(page, note.body)


def _note_line(note: Note, today: date) -> str:
    local = datetime.fromisoformat(note.saved) + timedelta(minutes=note.utc_offset)
    depth = f" · {labels.PASSES[note.depth]}" if note.depth else ""
    return f"{labels.day_name(local.date(), today)} {local:%H:%M}{depth}"


def work_details(store: Store, citekey: str, today: date) -> WorkDetails:
    """Gather everything the page of a work shows. Raises Refused for an unknown work."""
    work = store.works.work(citekey)
    if work is None:
        raise Refused(f"No work has the citekey {citekey!r}.")
    near = {*work.requires, *work.see_also, *work.leads_to}
    return WorkDetails(
        work,
        store.reading_log.work(work.citekey),
        store.works.places(work.citekey),
        neighbours(store, near),
        today,
    )


def neighbours(store: Store, citekeys: Collection[str]) -> dict[str, Neighbour]:
    """Return title and status of those among some works that are known."""
    depths = store.reading_log.depths(citekeys)
    titles = store.works.titles(citekeys)
    return {key: Neighbour(key, title, depths.get(key, 0)) for key, title in titles.items()}
