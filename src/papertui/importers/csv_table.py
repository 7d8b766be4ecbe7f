"""CSV and TSV to a ParsedList: a work in each row, read by the names of the columns."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import NamedTuple
from urllib.parse import unquote

from papertui.core import identifiers
from papertui.core.catalog import Link
from papertui.core.html_text import html_to_lines, is_html
from papertui.core.identity import MAX_TITLE
from papertui.core.labels import KINDS
from papertui.core.reading_time import length_in_pages, pages_of_range
from papertui.core.strict_json import MAX_BYTES
from papertui.core.text import clipped, safe_line, title_key, whole_number
from papertui.core.work_edits import given_name_first
from papertui.errors import Refused
from papertui.importers.parsed_list import (
    Noted,
    ParsedItem,
    ParsedList,
    ParsedSection,
    original_text,
    title_of_file,
)
from papertui.importers.reading_list import addresses
from papertui.importers.reading_list.author_pairs import (
    People,
    as_pair,
    has_surnames_first,
    settle_pairs,
)
from papertui.importers.reading_list.facts import MONTHS, parse_authors
from papertui.importers.reading_list.parser import repair_text
from papertui.importers.reading_list.works import is_tick

MAX_ROWS = 100_000
MAX_AUTHORS = 1_000
MAX_LINKS = 50
MAX_ADDRESS = 2_000
MAX_PEOPLE = 50_000  # letters of a cell of names
MAX_CERTAIN = 3_000  # letters of names that are taken apart as in a line of a list
MAX_DAY = 40
MAX_VENUE = 200
MAX_SUMMARY = 5_000
MAX_HEADER = 8_192
# What columns hold, by their names, as Zotero, Goodreads, search engines and people call them;
# the first of these that a row fills counts.
_NAMES = {
    "title": (
        "title", "paper title", "article title", "document title", "work title", "name",
        "paper name", "paper", "papers", "article", "work", "book", "book title", "reading",
        "video", "course", "talk", "item", "reference", "resource", "publication",
    ),
    "authors": (
        "author full names", "authors", "author", "author names", "by", "written by", "creators",
        "creator", "primary author", "first author", "editors", "editor",
    ),
    "more authors": ("additional authors", "secondary authors", "secondary author"),
    "year": (
        "original publication year", "year", "publication year", "year published", "published",
        "publication date", "date published", "pub date", "pubdate", "issued", "date",
    ),
    "venue": (
        "venue", "journal", "publication title", "conference", "conference name", "source title",
        "proceedings title", "container title", "publication", "published in",
        "proceedings", "meeting name", "book title", "publisher",
    ),
    "doi": ("doi", "doi link", "doi url"),
    "arxiv": ("arxiv", "arxiv id", "arxiv link", "arxiv url", "eprint", "preprint"),
    "isbn": ("isbn 13", "isbn13", "isbn", "isbn 10", "isbn10", "isbns"),
    "url": (
        "url", "urls", "link", "links", "paper url", "paper link", "article url", "articleurl",
        "source url", "web", "website", "web page", "webpage", "address", "href", "uri", "pdf",
        "pdf link", "pdf url",
    ),
    "kind": ("kind", "item type", "entry type", "document type", "type"),
    "pages": ("num pages", "number of pages", "page count", "length", "pages"),
    "status": ("status", "reading status", "read status", "exclusive shelf", "progress", "state"),
    "read": (
        "read", "is read", "date read", "dates read", "last date read", "read on", "read at",
        "done", "finished", "date finished", "completed", "date completed", "✓", "✔", "✅", "☑",
    ),
    "summary": (
        "abstract", "abstract note", "summary", "description", "tl dr", "tldr", "about", "excerpt",
        "key idea", "key insight", "takeaway", "takeaways",
    ),
    "note": (
        "notes", "note", "my notes", "my review", "review", "private notes", "comments", "comment",
    ),
}  # fmt: skip
_KINDS = {
    **dict.fromkeys(("book", "ebook", "textbook", "hardcover", "paperback", "audiobook"), "book"),
    **dict.fromkeys(("webpage", "website", "blogpost", "blog post", "blog", "post"), "article"),
    **dict.fromkeys(("magazinearticle", "newspaperarticle", "forumpost"), "article"),
    **dict.fromkeys(("videorecording", "video", "film", "talk", "tvbroadcast", "podcast"), "video"),
    **dict.fromkeys(("course", "lecture", "mooc"), "course"),
}
# Statuses of works that were read, besides the ticks of any list; others, of which no day beside
# them makes more.
_READ = ("reproduced", "watched")
_SKIMMED = ("skimmed", "skim", "scanned", "first pass", "1st pass")
_UNREAD = (
    "to read", "want to read", "to be read", "tbr", "unread", "not read", "not started", "to do",
    "todo", "queued", "reading", "currently reading", "in progress", "started", "not yet read",
    "skimming", "scanning", "partly read", "partially read", "half read", "not finished",
    "unfinished", "paused", "on hold", "abandoned", "did not finish", "dnf",
)  # fmt: skip
# Words of a status that say nothing of how far a work was read, papertui's own among them.
_NEUTRAL = ("no", "n", "false", "0", "", "parked", "dropped")
_DELIMITERS = ("\t", ";", ",")
_SEPARATOR = re.compile(r"sep=.\n?")  # Excel's word for the sign between two cells
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# papertui's own mark of a cell that a spreadsheet would run.
_GUARD = re.compile(r"'(?=[=+@\t\r\n-])")
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_DAY = re.compile(rf"\d{{4}}-\d\d-\d\d\D.*|(?:{MONTHS}|[\d\s.,/-])+", re.IGNORECASE)
_OTHERS = re.compile(r"(?i)(?:^|[\s,;]+)(?:(?:and )?others|et\.? al\.?|…|\.\.\.)$")
_AND = re.compile(r"\s*,?\s(?:and|&)\s+")
# Zotero's, each of which is HTML or plain text.
_BETWEEN_NOTES = re.compile(r";\s+(?=<(?:p|div|h[1-6])\b)|(?:(?<=</p>)|(?<=</div>));\s+", re.I)
_SCOPUS_ID = re.compile(r" \(\d+\)")  # behind a name
# A journal's abstract may be longer than what Python reads as a cell by default.
csv.field_size_limit(MAX_BYTES)


def is_csv(text: str) -> bool:
    """Return True if the first line of `text` names a column of titles and others of works."""
    columns, _ = _columns_of_lines(_lines_of(text[:MAX_HEADER]))
    # The signs of Markdown before a word are no part of a name.
    are_names = all(name.strip()[:1].isalnum() for name in columns.names if name.strip())
    return columns.title is not None and columns.known > 1 and are_names


def parse_csv(source: str, name: str) -> ParsedList:
    """Return the works of the rows of a table, whose first row names its columns.

    Rows that are no works, and cells and columns that are not read, are named. Raises Refused
    if no column holds titles, or if there are too many rows.
    """
    text, originals = repair_text(source)
    lines = _lines_of(text)
    columns, delimiter = _columns_of_lines(lines)
    if columns.title is None and any(map(str.strip, lines)):
        names = clipped(", ".join(filter(None, map(safe_line, columns.names))), 160)
        raise Refused(
            f"{name} is CSV without a column of titles: it has {names or 'none with a name'}."
            " Call that column title; authors, year, venue, doi, arxiv, isbn, url, read and notes"
            " are read too."
        )
    rows = _written_rows(lines, delimiter)
    next(rows, None)  # the header
    reader = _RowReader(columns, originals)
    items = []
    for number, row in enumerate(rows):
        if number == MAX_ROWS:
            raise Refused(f"{name} has more than {MAX_ROWS:,} rows: split it and import the parts.")
        if item := reader.item(row):
            items.append(item)
    title = title_of_file(name)
    sections = (ParsedSection(title, tuple(items)),) if items else ()
    return ParsedList(
        title,
        sections if columns.is_own else settle_pairs(sections, reader.surnames_first),
        problems=tuple(reader.problems()),
        left_out=reader.left_out.groups(),
    )


def _lines_of(text: str) -> list[str]:
    lines = StringIO(text).readlines()
    if lines and _SEPARATOR.fullmatch(lines[0]):
        lines[0] = "\n"
    return lines


class _Row(NamedTuple):
    """The cells of a row, with its lines in the file; no cells if its quotation marks are odd."""

    first: int
    last: int
    cells: Sequence[str]
    text: str


def _written_rows(lines: Sequence[str], delimiter: str) -> Iterator[_Row]:
    """Yield the rows in which something is written."""
    rows = _rows(lines, delimiter)
    return (row for row in rows if any(map(str.strip, row.cells)) or row.text.strip())


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[_Row]:
    """Yield all rows. A fault in the quotation marks of one costs no other row."""
    start = 0
    while start < len(lines):
        following = (lines[at] for at in range(start, len(lines)))
        reader = csv.reader(following, delimiter=delimiter, strict=True, skipinitialspace=True)
        try:
            cells, end = next(reader), start + reader.line_num
        except csv.Error:
            # The row ends where they are in pairs; pairs on its only line are part of the text.
            quotes, end = lines[start].count('"'), start + 1
            while quotes % 2 and end < len(lines):
                quotes += lines[end].count('"')
                end += 1
            is_plain = end == start + 1 and quotes % 2 == 0
            cells = [_unquoted(x) for x in lines[start].split(delimiter)] if is_plain else []
        yield _Row(start + 1, end, cells, lines[start] if not cells else "")
        start = end


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


@dataclass(frozen=True, slots=True)
class _Columns:
    """The names of the columns of a file, and which of them hold what.

    `is_own` is True for a file that papertui exported.
    """

    names: Sequence[str]
    title: int | None
    places: Mapping[str, Sequence[int]]
    is_own: bool

    @property
    def known(self) -> int:
        """How many columns are known by their names."""
        return len({at for places in self.places.values() for at in places})

    def cells(self, row: Sequence[str], held: str) -> list[str]:
        """Return what is written in the columns that hold something, the surest first."""
        return [row[at] for at in self.places[held] if row[at]]


def _columns_of_lines(lines: Sequence[str]) -> tuple[_Columns, str]:
    """Return the columns that the first row names, and the sign between two cells."""
    tables = []
    for delimiter in _DELIMITERS:
        header = next(_written_rows(lines, delimiter), None)
        tables.append((_columns_of(header.cells if header else ()), delimiter))
    return max(tables, key=lambda x: (x[0].title is not None, x[0].known, len(x[0].names)))


def _label(name: str) -> str:
    """Return the name of a column for comparing; of two, such as ``Journal/Book``, the first."""
    whole, first = (title_key(_IN_BRACKETS.sub("", x)) for x in (name, name.partition("/")[0]))
    is_known = any(first in names for names in _NAMES.values())
    return first if "/" in name and is_known else whole or name.strip()


def _columns_of(names: Sequence[str]) -> _Columns:
    labels = list(map(_label, names))
    title = next((labels.index(name) for name in _NAMES["title"] if name in labels), None)
    is_own = {"citekey", "passes"}.issubset(labels)
    places = {
        held: [at for name in known for at, label in enumerate(labels) if label == name]
        for held, known in _NAMES.items()
    }
    if is_own:  # the journal has the rest
        places["summary"] = [labels.index("summary")] if "summary" in labels else []
        places["note"] = []
    places = {held: [at for at in own if at != title] for held, own in places.items()}
    places["title"] = [] if title is None else [title]
    places["citekey"] = [labels.index("citekey")] if is_own else []
    return _Columns(names, title, places, is_own)


@dataclass(slots=True)
class _RowReader:
    """Reads rows as works; notes which rows, cells and columns are not read."""

    columns: _Columns
    originals: Mapping[int, str]
    left_out: Noted = field(default_factory=Noted)
    odd_cells: Noted = field(default_factory=Noted)
    unread: set[int] = field(default_factory=set)
    surnames_first: bool = False  # in a cell of several people
    with_days: set[int] = field(default_factory=set)  # that only say that a work was read
    odd_statuses: dict[str, None] = field(default_factory=dict)

    def problems(self) -> Iterator[str]:
        """Yield a line for each kind of cell, and one for the columns, that were not read."""
        yield from (cells.note.replace("line", "Line", 1) for cells in self.odd_cells.groups())
        if self.unread:
            yield f"Columns that are not read: {self._names(self.unread)}."
        if self.with_days:
            yield f"Days that are taken as ticks alone: {self._names(self.with_days)}."
        if self.odd_statuses:
            words = clipped(", ".join(map(safe_line, self.odd_statuses)), 400)
            yield f"Statuses that are not known: {words}."

    def _names(self, columns: Iterable[int]) -> str:
        names = (safe_line(self.columns.names[at]) or f"number {at + 1}" for at in sorted(columns))
        return clipped(", ".join(names), 400)

    def item(self, row: _Row) -> ParsedItem | None:
        """Return the work of a row; if it is none, note its lines and return None."""
        cells = [cell.strip() for cell in row.cells]
        if self.columns.is_own:
            cells = [_GUARD.sub("", cell, count=1) if cell[:1] == "'" else cell for cell in cells]
        missing = len(self.columns.names) - len(cells)
        cells += [""] * missing
        if not row.cells:
            self._leave(row, "its quotation marks do not match", row.text)
        elif any(cells[len(self.columns.names) :]):
            self._leave(row, "it has more cells than the first line has names", ", ".join(cells))
        elif item := self._work(row, cells):
            return item
        else:
            self._leave(row, "a row without a title", ", ".join(filter(None, cells)))
        return None

    def _leave(self, row: _Row, reason: str, text: str) -> None:
        for line in range(row.first, row.last + 1):
            self.left_out.add(reason, line, text)

    def _note(self, row: _Row, reason: str, cells: Sequence[str]) -> None:
        """Note cells of a work that are left out of it."""
        if cells:
            self.odd_cells.add(
                f"a cell is left out, as it is {reason}", row.first, "; ".join(cells)
            )

    def _work(self, row: _Row, cells: Sequence[str]) -> ParsedItem | None:
        def of(held: str) -> list[str]:
            return self.columns.cells(cells, held)

        def first(held: str) -> str:
            return next(iter(of(held)), "")

        title, ticks, url_cells = clipped(first("title"), MAX_TITLE), of("read"), of("url")
        id_cells = [*of("arxiv"), *of("doi")]
        if identifiers.lone_arxiv_id(title) or identifiers.is_like_arxiv_id(title):
            title, id_cells = "", [title, *id_cells]
        elif any(addresses.ids_in(title)) or identifiers.is_web_address(title):
            title, url_cells = "", [title, *url_cells]
        url_cells += filter(identifiers.is_web_address, ticks)  # a link to read it by
        arxiv, doi, urls = self._addresses(row, id_cells, url_cells)
        isbn, year = self._isbn(row, of("isbn")), self._year(row, of("year"))
        venue = clipped(first("venue"), MAX_VENUE) or None
        kind = self._kind(first("kind"), bool(arxiv or doi), urls, bool(isbn), bool(venue))
        labels = {url: addresses.label_for(url, kind) for url in urls}
        if isbn and kind == "book":
            labels.setdefault(identifiers.book_page(isbn), "Open Library")
        for url, label in self._other_links(cells).items():
            labels.setdefault(url, label)
        links = tuple(Link(label, url) for url, label in labels.items())[:MAX_LINKS]
        if not any(map(str.isalnum, title)):
            title = identifiers.stand_in_title(arxiv, doi, links[0].url if links else None)
        if not title:
            return None
        self.with_days.update(at for at in self.columns.places["read"] if _is_day(cells[at]))
        people = first("authors")
        authors, more = parse_people(people, are_in_order=self.columns.is_own)
        is_list = ";" in people.rstrip("; ") or has_surnames_first(_AND.sub("; ", people))
        self.surnames_first = self.surnames_first or is_list
        others, more_still = parse_people(first("more authors"))
        return ParsedItem(
            title[:MAX_TITLE],
            row.first,
            authors=(*authors, *others)[:MAX_AUTHORS],
            year=year,
            venue=venue,
            kind=kind,
            arxiv=arxiv,
            doi=doi,
            links=links,
            summary="\n\n".join(of("summary"))[:MAX_SUMMARY].strip() or None,
            note="\n\n".join(map(_note, of("note"))).strip() or None,
            citekey=first("citekey") or None,
            original=original_text(self.originals, row.first, row.last + 1),
            more_authors=more or more_still or len(authors) + len(others) > MAX_AUTHORS,
            is_read=self._is_read(row, of("status"), ticks),
            is_skimmed=_is_skimmed(of("status"), ticks),
            length=self._length(of("pages")),
        )

    def _addresses(
        self, row: _Row, id_cells: Sequence[str], url_cells: Sequence[str]
    ) -> tuple[str | None, str | None, list[str]]:
        """Return the arXiv id, the DOI and the other addresses that cells hold."""
        id_cells = [cell[:MAX_ADDRESS] for cell in id_cells]
        ids = [(identifiers.lone_arxiv_id(cell), identifiers.doi(cell)) for cell in id_cells]
        odd = [cell for cell, own in zip(id_cells, ids, strict=True) if not any(own)]
        odd_cells: list[str] = []
        urls: dict[str, None] = {}
        for cell in (*odd, *(cell[:MAX_ADDRESS] for cell in url_cells)):
            found = [cell] if addresses.web_address(cell) else []
            found = found or [address for _, address in addresses.find_addresses(cell)]
            urls |= dict.fromkeys(filter(None, map(addresses.web_address, found)))
            if not found:
                odd_cells.append(cell)
        self._note(row, "no address, DOI or arXiv id", odd_cells)
        ids += map(addresses.ids_in, urls)
        arxiv = next((arxiv for arxiv, _ in ids if arxiv), None)
        doi = next((doi for at_arxiv, doi in ids if doi and not at_arxiv), None)
        pages = [
            url
            for url in urls
            if not (arxiv and identifiers.arxiv_id(url) == arxiv)
            and not (doi and identifiers.doi(unquote(url)) == doi)
        ]
        return arxiv, doi, pages

    def _isbn(self, row: _Row, cells: Sequence[str]) -> str | None:
        # Goodreads has them as formulas, so that a spreadsheet takes them for texts.
        numbers = [cell.strip('="') for cell in cells if cell.strip('="')]
        candidates = (x for number in numbers for x in (number, *re.split(r"[\s,;]+", number)))
        isbn = next(filter(None, map(identifiers.isbn, candidates)), None)
        if numbers and not isbn:
            self._note(row, "no ISBN", numbers)
        return isbn

    def _year(self, row: _Row, cells: Sequence[str]) -> int | None:
        year = next(filter(None, map(_YEAR.search, cells)), None)
        if cells and not year:
            self._note(row, "no year", cells)
        return int(year[0]) if year else None

    def _kind(
        self, named: str, has_id: bool, urls: Sequence[str], has_isbn: bool, has_venue: bool
    ) -> str:
        """Return the kind that is named, else that of the id or the address."""
        own = named if self.columns.is_own and named in KINDS else _KINDS.get(title_key(named))
        if own or has_id:
            return own or "paper"
        # A file with ISBNs is one of books, unless it has the columns of papers too.
        places = self.columns.places
        are_books = bool(places["isbn"]) and not (places["doi"] or places["arxiv"] or named)
        if are_books or (has_isbn and not named):
            return "book"
        kind = addresses.kind_of(urls[0]) if urls else "paper"
        return kind or ("paper" if has_venue or named else "article")

    def _is_read(self, row: _Row, statuses: Sequence[str], ticks: Sequence[str]) -> bool:
        """Return True if a status says that a work was read, or else a tick, which may be a day."""
        if _has_tick(statuses):
            return True
        is_open, is_ticked = _says(_UNREAD, statuses), "1" in ticks or _has_tick(ticks)
        if is_open and is_ticked and not any(map(_is_day, ticks)):
            self._note(row, "a tick, and the status says that the work is not read", ticks)
        odd = (x for x in statuses if not _says((*_UNREAD, *_SKIMMED, *_NEUTRAL), (x,)))
        self.odd_statuses |= dict.fromkeys(odd)
        return is_ticked and not is_open and not _says(_SKIMMED, (*statuses, *ticks))

    def _other_links(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the addresses in columns of other names, as their links; note the other cells."""
        read = {at for places in self.columns.places.values() for at in places}
        links = {}
        for at, name in enumerate(self.columns.names):
            if at in read or not cells[at]:
                continue
            if identifiers.is_web_address(cells[at]):
                links[cells[at]] = clipped(name, 80) or "page"
            else:
                self.unread.add(at)
        return links

    def _length(self, cells: Sequence[str]) -> str | None:
        if self.columns.is_own:
            return next(iter(cells), None)
        pages = (whole_number(cell) or pages_of_range(cell) for cell in cells)
        return length_in_pages(next(filter(None, pages), None))


def _note(cell: str) -> str:
    """Return the notes in a cell without tags, and anything but HTML as it is written."""
    notes = _BETWEEN_NOTES.split(cell)
    if not any(map(is_html, notes)):
        return cell
    return "\n\n".join(html_to_lines(note) if is_html(note) else note for note in notes)


def _has_tick(cells: Sequence[str]) -> bool:
    return any(is_tick(cell) or cell.casefold() in _READ or _is_day(cell) for cell in cells)


def _is_skimmed(statuses: Sequence[str], ticks: Sequence[str]) -> bool:
    """Return True if a row says that the work was skimmed, and no status that it was read."""
    return _says(_SKIMMED, (*statuses, *ticks)) and not _has_tick(statuses)


def _says(words: Sequence[str], cells: Iterable[str]) -> bool:
    return any(title_key(cell) in words for cell in cells)


def _is_day(cell: str) -> bool:
    is_long_enough = len(cell) <= MAX_DAY and sum(map(str.isdigit, cell)) > 3
    return is_long_enough and bool(_DAY.fullmatch(cell))


def parse_people(text: str, are_in_order: bool = False) -> tuple[tuple[str, ...], bool]:
    """Return the names in a cell, given names first, and True if it says that there are others.

    Understands ``Doe, Jane; Roe, Rick``, ``Jane Doe, Rick Roe`` and ``Doe, Jane and Roe, Rick``;
    ``Doe, Jane`` stays a pair, which may be two surnames. Names that `are_in_order` are separated
    by semicolons, and have no family name first.
    """
    text = text[:MAX_PEOPLE].rstrip(" \n,;")
    others = _OTHERS.search(text, max(0, len(text) - 40))
    known = text[: others.start()] if others else text
    names_alone = _SCOPUS_ID.sub("", known)
    parts = [part for part in map(safe_line, re.split(r"[;\n|]", names_alone)) if part]
    if len(parts) == 1 and not are_in_order:
        by_and = _AND.split(parts[0])
        _, comma, rest = parts[0].partition(",")
        if by_and[1:] and all(part.count(",") == 1 for part in by_and):
            parts = by_and
        elif ";" not in text and not (comma and rest.strip() and " " not in rest.strip()):
            is_short = len(parts[0]) <= MAX_CERTAIN
            names = parse_authors(parts[0], certain=True) if is_short else None
            parts = list(names or filter(None, re.split(r"\s*,\s*|\s(?:and|&)\s", parts[0])))
            are_in_order = True
    if len(parts) == 1 and not are_in_order and (pair := as_pair(parts[0], People.ONE)):
        return (pair,), bool(others)
    names = tuple(part if are_in_order else given_name_first(part) for part in parts)
    return names, bool(others)
