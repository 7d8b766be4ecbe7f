"""ISBNs to catalogue fields, by Open Library."""

import re
from datetime import timedelta
from typing import Any

from papertui.core.catalog import work_faults
from papertui.core.identifiers import book_page
from papertui.core.identity import MAX_AUTHORS, MAX_TITLE
from papertui.core.reading_time import length_in_pages
from papertui.core.text import safe_line, shorten
from papertui.sources.answers import makes_no_sense, objects_of, parse_json
from papertui.sources.cache import Answer
from papertui.sources.http import HttpClient
from papertui.sources.service import Request, Service

OPEN_LIBRARY = Service(
    "Open Library",
    "PAPERTUI_OPENLIBRARY",
    "https://openlibrary.org",
    ("openlibrary.org", "www.openlibrary.org"),
    "openlibrary",
    1.0,
)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")


def work_by_isbn(isbn: str, http: HttpClient) -> dict[str, Any] | None:
    """Return the catalogue fields of the book with an ISBN, None if Open Library knows none.

    Raises SourceError.
    """
    key = f"ISBN:{isbn}"

    def parse(answer: Answer) -> dict[str, Any] | None:
        if answer.status == 404:
            return None
        data = parse_json(answer.body, OPEN_LIBRARY.name)
        if key not in data:
            return None
        if not isinstance(data[key], dict):
            raise makes_no_sense(OPEN_LIBRARY.name)
        return _fields_of(data[key], isbn)

    params = {"bibkeys": key, "format": "json", "jscmd": "data"}
    request = Request("/api/books.json", params, statuses=(200, 404), fresh_for=timedelta(days=1))
    return http.get(OPEN_LIBRARY, request, parse)


def _fields_of(book: dict[str, Any], isbn: str) -> dict[str, Any]:
    title, subtitle = _line(book.get("title")), _line(book.get("subtitle"))
    authors = _names(book, "authors")
    pages = book.get("number_of_pages")
    year = _YEAR.search(_line(book.get("publish_date")))
    values = {
        "title": shorten(f"{title}: {subtitle}" if title and subtitle else title, MAX_TITLE),
        "kind": "book",
        "authors": authors[:MAX_AUTHORS],
        "more_authors": len(authors) > MAX_AUTHORS,
        "year": int(year[0]) if year else None,
        "venue": next(iter(_names(book, "publishers")), ""),
        "links": [{"label": "Open Library", "url": book_page(isbn)}],
        "length": length_in_pages(pages) if isinstance(pages, int) else None,
    }
    fields = {name: value for name, value in values.items() if value}
    if "title" not in fields or any(work_faults(fields)):
        raise makes_no_sense(OPEN_LIBRARY.name)
    return fields


def _names(book: dict[str, Any], role: str) -> list[str]:
    names = (shorten(_line(named.get("name")), 300) for named in objects_of(book, role))
    return list(filter(None, names))


def _line(value: object) -> str:
    return safe_line(value) if isinstance(value, str) else ""
