"""Papers of arXiv's API, by id, by the words of a search and by the day of submission."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from papertui.core import identifiers
from papertui.core.identity import MAX_TITLE
from papertui.core.new_paper import NewPaper
from papertui.core.text import safe_line, whole_number
from papertui.errors import Refused
from papertui.sources.answers import child_text, makes_no_sense, parse_xml
from papertui.sources.arxiv_days import announcement_day
from papertui.sources.cache import Answer
from papertui.sources.http import HttpClient
from papertui.sources.service import Request, Service, SourceError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ARXIV_INTERVAL = 3.0  # seconds, as arXiv asks
API = Service(
    "arXiv",
    "PAPERTUI_ARXIV",
    "https://export.arxiv.org/api/query",
    ("export.arxiv.org", "arxiv.org"),
    "arxiv",
    ARXIV_INTERVAL,
)
MAX_IDS = 50  # in one request
MAX_PAGE = 500  # papers in one answer
MAX_ERRORS = 10
ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
_AUTHOR = f"{ATOM}author"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_TERM = re.compile(r'(?:(ti|au|abs|cat|all):)?(?:"([^"]*)"?|([^\s"]+))')
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")


class Page(NamedTuple):
    """Papers of one answer, how many there are in all, and how many could not be read."""

    papers: tuple[NewPaper, ...]
    total: int
    unread: int


def papers_by_id(ids: Sequence[str], http: HttpClient) -> Mapping[str, NewPaper]:
    """Return the papers with these arXiv ids, by id; one that arXiv does not know is missing.

    Raises SourceError.
    """
    papers: dict[str, NewPaper] = {}
    for start in range(0, len(ids), MAX_IDS):
        papers |= _some_by_id(ids[start : start + MAX_IDS], http)
    return papers


def search_papers(query: str, http: HttpClient, limit: int = 50) -> Sequence[NewPaper]:
    """Return at most `limit` papers that a search finds, the newest first.

    Words stand anywhere in a paper; "quoted words" follow each other; ti:word, au:name, abs:word
    and cat:cs.LG look in the title, the authors, the abstract, the category. `announced` is the
    day on which a paper of that time of submission is announced. Raises SourceError, and Refused
    for a query without a word.
    """
    return fetch_page(search_terms(query), http, size=min(limit, MAX_PAGE)).papers


def search_terms(query: str) -> str:
    """Return what a reader searches for in the words of arXiv's API. Raises Refused if nothing."""
    terms = []
    for field, quoted, word in _TERM.findall(safe_line(query)):
        words = _WORD.findall(quoted or word)
        if words:
            phrase = words[0] if len(words) == 1 else f'"{" ".join(words)}"'
            terms.append(f"{field or 'all'}:{phrase}")
    if not terms:
        raise Refused("Type a word of a title, an abstract or a name.")
    return " AND ".join(terms)


def fetch_page(terms: str, http: HttpClient, start: int = 0, size: int = MAX_PAGE) -> Page:
    """Return one page of the papers that `terms` of the API find, the newest first.

    Raises SourceError.
    """
    params = {
        "search_query": terms,
        "start": str(start),
        "max_results": str(size),
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }

    def parse(answer: Answer) -> Page:
        feed, entries = _parse_feed(answer.body)
        if error := _error_in(entries):
            raise SourceError(f"arXiv refused: {error[:100]}.")
        papers = tuple(filter(None, map(_parse_entry, entries)))
        total = whole_number(child_text(feed, _TOTAL)) or 0
        return Page(papers, max(total, start + len(entries)), len(entries) - len(papers))

    return http.get(API, Request(params=params, statuses=(200, 400)), parse)


def _some_by_id(ids: Sequence[str], http: HttpClient) -> dict[str, NewPaper]:
    """Fetch the papers of all `ids`, and again without an id for which arXiv refuses them all."""

    def parse(answer: Answer) -> tuple[str | None, list[NewPaper]]:
        _, entries = _parse_feed(answer.body)
        return _error_in(entries), list(filter(None, map(_parse_entry, entries)))

    for _ in range(MAX_ERRORS):
        params = {"id_list": ",".join(ids), "max_results": str(len(ids))}
        # What arXiv does not know today it may know in an hour.
        request = Request(params=params, statuses=(200, 400), fresh_for=timedelta(0))
        error, papers = http.get(API, request, parse)
        if error is None:
            return {paper.arxiv_id: paper for paper in papers if paper.arxiv_id in ids}
        valid_ids = [key for key in ids if key not in error.split()]
        if len(valid_ids) == len(ids):
            raise SourceError(f"arXiv refused: {error[:100]}.")
        if not valid_ids:
            return {}
        ids = valid_ids
    raise SourceError("arXiv refused several of the ids.")


def _parse_feed(body: bytes) -> "tuple[Element, list[Element]]":
    feed = parse_xml(body, "arXiv")
    if feed.tag != f"{ATOM}feed":
        raise makes_no_sense("arXiv")
    return feed, feed.findall(f"{ATOM}entry")


def _error_in(entries: "Sequence[Element]") -> str | None:
    """Return the message of the entry that stands for an error."""
    for entry in entries:
        if "/api/errors" in child_text(entry, f"{ATOM}id"):
            return child_text(entry, f"{ATOM}summary") or "it does not say why"
    return None


def _parse_entry(entry: "Element") -> NewPaper | None:
    """Return the paper of an entry, None if it is incomplete."""
    id_ = child_text(entry, f"{ATOM}id")
    arxiv_id, title = identifiers.arxiv_id(id_), child_text(entry, f"{ATOM}title")
    sent = _moment(child_text(entry, f"{ATOM}published"))
    authors = tuple(filter(None, (child_text(a, f"{ATOM}name") for a in entry.iter(_AUTHOR))))
    if not (arxiv_id and sent and title and len(title) <= MAX_TITLE and authors):
        return None
    return NewPaper(
        arxiv_id,
        identifiers.arxiv_version(id_),
        title,
        authors,
        child_text(entry, f"{ATOM}summary"),
        _categories(entry),
        child_text(entry, f"{ARXIV}comment") or None,
        announcement_day(sent),
        "new",
        identifiers.doi(child_text(entry, f"{ARXIV}doi").split(" ")[0]),
        child_text(entry, f"{ARXIV}journal_ref") or None,
        sent.date(),
    )


def _categories(entry: "Element") -> tuple[str, ...]:
    """Return the categories of an entry, the primary one first."""

    def terms() -> Iterator[str]:
        for name in (f"{ARXIV}primary_category", f"{ATOM}category"):
            for element in entry.findall(name):
                yield safe_line(element.get("term") or "")

    return tuple(dict.fromkeys(filter(None, terms())))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1990 <= moment.year <= 2100:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
