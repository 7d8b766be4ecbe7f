"""DOIs to catalogue fields: by Crossref, and for the DOIs of others by doi.org; books too."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from papertui.core import identifiers
from papertui.core.catalog import work_faults
from papertui.core.identity import MAX_AUTHORS, MAX_TITLE
from papertui.core.markup import readable
from papertui.core.reading_time import length_in_pages, pages_of_range
from papertui.core.text import safe_line, shorten, whole_number
from papertui.sources.answers import makes_no_sense, objects_of, parse_json
from papertui.sources.cache import Answer
from papertui.sources.http import HttpClient
from papertui.sources.service import Request, Service

CROSSREF = Service(
    "Crossref",
    "PAPERTUI_CROSSREF",
    "https://api.crossref.org/works",
    ("api.crossref.org",),
    "crossref",
    0.2,
)
DOI_ORG = Service(
    "doi.org",
    "PAPERTUI_DOI",
    "https://doi.org",
    ("doi.org", "dx.doi.org", "data.crosscite.org", "data.datacite.org", "api.crossref.org"),
    "doi",
    0.2,
)
MAX_FIELD = 300
_CSL = "application/vnd.citationstyles.csl+json"
_FRESH_FOR = timedelta(days=1)
_BOOKS = ("book", "monograph", "edited-book", "reference-book", "book-set", "book-series")
_DATES = ("issued", "published", "published-print", "published-online", "posted", "approved")
_Data = Mapping[str, Any]


def work_by_doi(doi: str, http: HttpClient) -> dict[str, Any] | None:
    """Return the catalogue fields of the work with a DOI, None if neither service knows it.

    Raises SourceError.
    """

    def from_crossref(answer: Answer) -> dict[str, Any] | None:
        if answer.status == 404:
            return None
        message = parse_json(answer.body, CROSSREF.name).get("message")
        return _fields_of(message, doi, CROSSREF.name)

    def from_doi_org(answer: Answer) -> dict[str, Any] | None:
        if answer.status in (400, 404):
            return None
        return _fields_of(parse_json(answer.body, DOI_ORG.name), doi, DOI_ORG.name)

    path = f"/{quote(doi, safe='')}"
    request = Request(path, statuses=(200, 404), fresh_for=_FRESH_FOR)
    if fields := http.get(CROSSREF, request, from_crossref):
        return fields
    request = Request(f"/{quote(doi)}", {}, _CSL, (200, 400, 404), _FRESH_FOR)
    return http.get(DOI_ORG, request, from_doi_org)


def book_by_isbn(isbn: str, http: HttpClient) -> dict[str, Any] | None:
    """Return the catalogue fields of the book with an ISBN, None if Crossref knows none.

    Raises SourceError.
    """

    def parse(answer: Answer) -> dict[str, Any] | None:
        message = parse_json(answer.body, CROSSREF.name).get("message")
        items = message.get("items") if isinstance(message, dict) else None
        if not isinstance(items, list):
            raise makes_no_sense(CROSSREF.name)
        # The chapters of a book have its ISBN too.
        books = [item for item in items if isinstance(item, dict) and _text(item, "type") in _BOOKS]
        doi = identifiers.doi(_text(books[0], "DOI")) if books else None
        return _fields_of(books[0], doi, CROSSREF.name) if doi else None

    params = {"filter": f"isbn:{isbn}", "rows": "20"}
    return http.get(CROSSREF, Request(params=params, fresh_for=_FRESH_FOR), parse)


def _fields_of(data: object, doi: str, name: str) -> dict[str, Any]:
    """Return the catalogue fields in the JSON of a work. Raises SourceError if it is none."""
    if not isinstance(data, dict):
        raise makes_no_sense(name)
    kind = _text(data, "type")
    is_book = kind in _BOOKS
    title, subtitle = _text(data, "title"), _text(data, "subtitle")
    if is_book and subtitle and subtitle.lower() not in title.lower():
        title = f"{title}: {subtitle}"
    authors = _names(data, "author") or _names(data, "editor")
    venue = _text(data, "container-title") or _institution(data)
    values = {
        "title": title if len(title) <= MAX_TITLE else shorten(readable(title), MAX_TITLE),
        "kind": "book" if is_book else "paper",
        "authors": authors[:MAX_AUTHORS],
        "more_authors": len(authors) > MAX_AUTHORS,
        "year": _year(data),
        "venue": shorten(venue or (_text(data, "publisher") if is_book else ""), MAX_FIELD),
        "doi": doi,
        "length": length_in_pages(pages_of_range(_text(data, "page"))),
        "summary": _text(data, "abstract"),
    }
    fields = {name: value for name, value in values.items() if value}
    faults = {fault.place.split("[")[0] for fault in work_faults(fields)}
    fields = {name: value for name, value in fields.items() if name not in faults}
    if "title" not in fields:
        raise makes_no_sense(name)
    return fields


def _text(data: _Data, name: str) -> str:
    """Return a field that is a text, or the first of a list of texts."""
    value = data.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return safe_line(value) if isinstance(value, str) else ""


def _names(data: _Data, role: str) -> list[str]:
    """Return the names of the people and groups of a role, given names first."""
    return list(filter(None, map(_name, objects_of(data, role))))


def _name(person: _Data) -> str:
    parts = (_text(person, name) for name in ("given", "family", "suffix"))
    name = " ".join(filter(None, parts)) if _text(person, "family") else ""
    return shorten(name or _text(person, "name") or _text(person, "literal"), MAX_FIELD)


def _institution(data: _Data) -> str:
    value = data.get("institution")
    first = value[0] if isinstance(value, list) and value else value
    return _text(first, "name") if isinstance(first, dict) else ""


def _year(data: _Data) -> int | None:
    """Return the year of the first date that has one."""
    for name in _DATES:
        date = data.get(name)
        parts = date.get("date-parts") if isinstance(date, dict) else None
        first = parts[0] if isinstance(parts, list) and parts else None
        year = first[0] if isinstance(first, list) and first else None
        if number := whole_number(str(year)):
            return number
    return None
