"""The page of a work: its facts, why it matters, and what the reader did with it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from papertui.core import journal, labels
from papertui.core.labels import Glyphs
from papertui.core.library_tree import Leaf
from papertui.core.records import Note, Reading, WorkRecord, notes_for_others
from papertui.core.text import cells, quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.pages import layout
from papertui.pages.layout import DIM, GOOD, LINK, STRONG, TITLE, Layout, Line, Span, Writer
from papertui.storage.store import Store
from papertui.storage.work_queries import Place

if TYPE_CHECKING:
    from papertui.core.catalog import Work
    from papertui.core.reading_time import PassTimes
    from papertui.storage.group import GroupWork

MAX_NEIGHBOURS = 6


class WorkDetails(NamedTuple):
    """The data of the page of a work."""

    work: "Work"
    record: WorkRecord
    places: Sequence[Place]
    neighbours: Mapping[str, Leaf]
    today: date
    keys: Sequence[str] = ()  # of its BibTeX entries
    times: "PassTimes | None" = None
    private: Collection[str] = ()  # of its notes
    group: "GroupWork | None" = None
    name: str = ""  # by which it is named, if that is not its citekey

    @property
    def notes_for_others(self) -> list[Note]:
        """The notes that are not private."""
        return notes_for_others(self.record.notes, self.private)

    @property
    def kept_back(self) -> int:
        """The number of private notes."""
        return len(self.record.notes) - len(self.notes_for_others)


def work_page(details: WorkDetails, width: int, glyphs: Glyphs) -> list[Line]:
    """Lay out the page of a work in lines of at most `width` cells, the deciding facts on top."""
    page = Writer(width)
    _write_work(page, details, glyphs)
    _write_around(page, details, glyphs)
    return page.lines


def work_pages(details: WorkDetails, glyphs: Glyphs) -> tuple[Layout, Layout]:
    """Return the page of a work in two parts: the work itself; notes, related works and links."""

    def itself(width: int) -> list[Line]:
        page = Writer(width)
        _write_work(page, details, glyphs)
        return page.lines

    def around(width: int) -> list[Line]:
        page = Writer(width)
        _write_around(page, details, glyphs)
        return page.lines

    return itself, around


def _write_work(page: Writer, details: WorkDetails, glyphs: Glyphs) -> None:
    work = details.work
    page.text(safe_line(work.title), TITLE)
    when = " · ".join(str(part) for part in (work.year, work.venue) if part)
    if line := byline(work, when, page.width):
        page.line(Span(line, DIM))
    _status(page, details, glyphs)
    star = Span(f"{glyphs.starred} ", GOOD) if details.record.is_starred else ""
    if tags := " ".join(f"#{safe_line(tag)}" for tag in details.record.tags):
        page.text(tags, lead=star)
    elif star:
        page.text("starred", lead=star)
    grader = {"list": "list's grade", None: "your grade"}.get(work.graded_by, "our grade")
    grade = work.difficulty and f"{work.difficulty} ({grader})"
    arxiv, doi = work.arxiv and f"arXiv {work.arxiv}", work.doi and f"doi {work.doi}"
    cited = work.citations
    citations = cited and f"~{cited.count:,} citations (list, {cited.as_of})"
    keys = f"cited as {safe_line(', '.join(details.keys))}" if details.keys else None
    page.facts(work.kind, work.length, arxiv, doi, grade, keys, citations, work.impact)
    write_claims(page, work)
    if work.unidentified:
        _nearest(page, work)
    _readings(page, details)


def _write_around(page: Writer, details: WorkDetails, glyphs: Glyphs) -> None:
    work = details.work
    if details.record.notes:
        page.heading("Notes")
        write_notes(page, details.record.notes, details.today, details.private)
    if details.group:
        # Most readers are in no group.
        from papertui.pages.group import write_group

        write_group(page, details.group, details.today)
    _before(page, details, glyphs)
    _neighbours(page, "After it", work.leads_to, details, glyphs)
    _neighbours(page, "See also", work.see_also, details, glyphs)
    _places(page, details.places)
    _links(page, details)


def write_claims(page: Writer, work: "Work") -> None:
    """Write the summary of a work, its key insight, and why it matters."""
    if work.summary:
        page.blank()
        page.text(work.summary)
    for label, text in (("Insight", work.insight), ("Matters", work.matters)):
        if text:
            page.labelled(label, text)


def _times(times: "PassTimes | None") -> str:
    """Return how long the three passes take, as words that follow the status."""
    if times is None:
        return ""
    first, second, third = map(labels.span, times.minutes)
    usually = "" if times.by_length else " usually"
    own_pace = " at your pace" if any(times.own_pace) else ""
    return f": passes{usually} {first}, {second}, {third}{own_pace}"


# So many names are in one line, most often: of more, all are named further down.
BYLINE_NAMES = 3


def byline(work: "Work", when: str, width: int) -> str:
    """Return one line of authors, as many as fit in `width` cells, and `when`."""
    # A name takes two cells and a comma.
    for shown in range(min(len(work.authors), width // 3 + 1), 0, -1):
        some = shown < len(work.authors) or work.more_authors
        names = ", ".join(work.authors[:shown]) + (" and others" if some else "")
        line = " · ".join(filter(None, [names, when]))
        if cells(line) <= width:
            return safe_line(line)
    names = ", ".join(work.authors) + (" and others" if work.more_authors else "")
    return shorten(safe_line(names if work.authors else when), width)


def _readiness(details: WorkDetails) -> str:
    """Return how many of the works to read before it are not begun, or how deep they were read."""
    known = map(details.neighbours.get, details.work.requires)
    wanted = [other for other in known if other and (other.depth or other.aside != journal.DROPPED)]
    depths = {other.depth for other in wanted}
    left = sum(not other.depth for other in wanted)
    if not wanted:
        return "nothing to read first"
    if not left:
        some_skimmed = "skimmed" if max(depths) == 1 else "read or skimmed"
        return f"you have {some_skimmed if 1 in depths else 'read'} what comes before it"
    helpful = f"{quantity(len(wanted), 'work')} helpful to read first"
    if left == len(wanted):
        return helpful
    return f"{left} of {helpful} {'is' if left == 1 else 'are'} left"


def _status(page: Writer, details: WorkDetails, glyphs: Glyphs) -> None:
    record, kind = details.record, details.work.kind
    glyph = glyphs.of(record.depth, record.aside, details.work.unidentified)
    if record.aside:
        until = f" until {labels.day_name(record.until, details.today)}" if record.until else ""
        reason = f": {safe_line(record.reason)}" if record.reason else ""
        page.text(f"{record.aside}{until}{reason}", STRONG, lead=Span(f"{glyph} ", DIM))
        if not record.readings:
            return
        glyph = glyphs.of(record.depth, None, details.work.unidentified)
    status = labels.STATUSES[record.depth]
    if not record.readings:
        unknown = "not identified: no published work has this title and link"
        ready = unknown if details.work.unidentified else _readiness(details)
        lead = Span(f"{glyph} ", DIM)
        page.facts(f"{status}{_times(details.times)}", ready, style=STRONG, lead=lead)
        return
    deepest = max(record.readings, key=lambda r: (r.depth, r.read_on or date.min))
    made = reading_line(deepest, kind, details.today, ", ")
    following, next_pass = deepest.depth + 1, None
    if details.times and following in journal.DEPTHS:
        next_pass = f"{labels.pass_name(following, kind)} {details.times.words(following)}"
    page.facts(status, made, next_pass, style=STRONG, lead=Span(f"{glyph} ", GOOD))


def _nearest(page: Writer, work: "Work") -> None:
    page.heading("The nearest real works")
    for near in work.nearest:
        tail = ", ".join(filter(None, [str(near.year) if near.year else None, near.why]))
        page.text(f"{near.title} ({tail})", LINK, lead="· ", target=near.address)


def _before(page: Writer, details: WorkDetails, glyphs: Glyphs) -> None:
    work = details.work
    if work.prerequisites:
        page.labelled("Before", work.prerequisites)
    elif work.requires:
        page.labelled("Before", "helpful to read first:")
    _list_neighbours(page, work.requires, details, glyphs, indent=" " * layout.LABEL)


def _neighbours(
    page: Writer, heading: str, citekeys: Sequence[str], details: WorkDetails, glyphs: Glyphs
) -> None:
    if citekeys:
        page.heading(heading)
        # A single one more takes the place of the words that would count it.
        limit = MAX_NEIGHBOURS + (len(citekeys) == MAX_NEIGHBOURS + 1)
        _list_neighbours(page, citekeys[:limit], details, glyphs)
        if more := citekeys[limit:]:
            page.line(Span(f"  and {len(more)} more", DIM))


def _list_neighbours(
    page: Writer, citekeys: Sequence[str], details: WorkDetails, glyphs: Glyphs, indent: str = ""
) -> None:
    for citekey in citekeys:
        if other := details.neighbours.get(citekey):
            page.line(*neighbour_line(other, page.width, glyphs, indent), target=citekey)


def neighbour_line(
    other: Leaf, width: int, glyphs: Glyphs, indent: str = ""
) -> tuple[str, Span, Span]:
    """Return the line of a related work: the sign of its status, and its title."""
    sign = glyphs.of(other.depth, other.aside, other.unidentified)
    title = shorten(safe_line(other.title), width - cells(indent) - 2)
    return indent, Span(f"{sign} ", GOOD if other.depth else DIM), Span(title, LINK)


def _places(page: Writer, places: Sequence[Place]) -> None:
    if places:
        page.heading("In lists")
    for place in places:
        signs = ", ".join(
            filter(None, [labels.tier_name(place.tier) if place.tier else "", place.marks])
        )
        page.text(" › ".join(place.titles) + (f" ({signs})" if signs else ""), lead="  ")


def _links(page: Writer, details: WorkDetails) -> None:
    work = details.work
    shown = [(link.label, link.url) for link in work.links]
    if work.page and work.page not in [url for _, url in shown]:
        shown.insert(0, ("abstract" if work.arxiv else "DOI", work.page))
    page.heading("Links and citekey" if shown else "Citekey")
    for label, url in shown:
        page.text(str(url), LINK, lead=Span(f"  {label} ", DIM), target=url)
    if work.replaced_link:
        page.text(work.replaced_link, DIM, lead="  ")
    if len(work.authors) > BYLINE_NAMES:
        others = " and others" if work.more_authors else ""
        page.text(safe_line(", ".join(work.authors) + others), lead=Span("  authors ", DIM))
    page.text(details.name or work.citekey, lead=Span("  citekey ", DIM))


def _readings(page: Writer, details: WorkDetails) -> None:
    # The status says which pass the only one was.
    readings = details.record.readings if len(details.record.readings) > 1 else ()
    if readings:
        page.heading("Passes")
    for reading in readings:
        page.text(reading_line(reading, details.work.kind, details.today), lead="  ")


def reading_line(reading: Reading, kind: str, today: date, between: str = " · ") -> str:
    """Return the line of a logged pass: which, when, how long."""
    when = labels.day_name(reading.read_on, today)
    minutes = f"{between}{labels.span(reading.minutes)}" if reading.minutes else ""
    return f"{labels.pass_name(reading.depth, kind)} {when}{minutes}"


def write_notes(
    page: Writer, notes: Sequence[Note], today: date, private: Collection[str] = ()
) -> None:
    """Write notes, each below the time at which it was saved; some are `private`."""
    # The first screen often shows no note.
    from papertui.pages.markdown import write_markdown

    for index, (note, name) in enumerate(
        zip(notes, note_names(notes, today, private), strict=True)
    ):
        if index:
            page.blank()
        page.line(Span(name, DIM))
        write_markdown(page, note.body)


def note_names(notes: Sequence[Note], today: date, private: Collection[str]) -> list[str]:
    """Return the names of all notes on a work, with what else is to be said of each."""
    ids = [note.id for note in notes]
    return [
        note_name(note, today)
        + " · written apart" * (ids.count(note.id) > 1)
        + " · private" * (note.id in private)
        for note in notes
    ]


def note_name(note: Note, today: date) -> str:
    """Return what tells a note from others on a work: when it was begun, its pass, its edit."""
    saved, local = labels.local_time(note.saved, note.utc_offset), labels.note_time(note)
    depth = f" · {labels.PASSES[note.depth]}" if note.depth else ""
    is_edited = local != saved
    # Before the day starts, the calendar is a day ahead of today.
    began_on, saved_on = (
        labels.day_name(min(each.date(), today), today) for each in (local, saved)
    )
    return f"{began_on} {local:%H:%M}{depth}{f' · edited {saved_on}' * is_edited}"


def work_details(store: Store, citekey: str, today: date) -> WorkDetails:
    """Gather the data of the page of a work. Raises Refused for an unknown citekey."""
    work = store.works.work(citekey)
    if work is None:
        raise Refused(f"No work has the citekey {citekey!r}.")
    near = {*work.requires, *work.see_also, *work.leads_to}
    record = store.reading_log.work(work.citekey).on(today)
    return WorkDetails(
        work,
        record,
        store.works.places(work.citekey),
        neighbours(store, near, today),
        today,
        store.bib_entries.keys_of(work.citekey),
        None if work.unidentified else store.reading_times.of(work.kind, work.length),
        store.private_notes() if record.notes else (),
        store.group.of_work(work.citekey) if store.group_state.place() else None,
        store.bib_entries.name(work.citekey),
    )


def neighbours(store: Store, citekeys: Collection[str], today: date) -> dict[str, Leaf]:
    """Return the works of `citekeys` that are known, with their status as of a day."""
    return {leaf.work: leaf for leaf in store.tree.of_works(list(citekeys), today)}
