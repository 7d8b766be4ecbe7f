"""What the services know of works that are known by an arXiv id, a DOI or an ISBN."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from papertui.core.catalog import work_faults
from papertui.core.identifiers import isbn_of
from papertui.core.new_paper import fields_of_paper
from papertui.sources.arxiv_api import API, MAX_IDS, papers_by_id
from papertui.sources.doi import CROSSREF, DOI_ORG, book_by_isbn, work_by_doi
from papertui.sources.http import HttpClient
from papertui.sources.open_library import OPEN_LIBRARY, work_by_isbn
from papertui.sources.service import SourceError, Unreachable

MAX_FAILURES = 3  # of a service, after which it is asked no more

Fields = Mapping[str, Any]
Problems = dict[str, set[str]]  # the citekeys of the works that were not looked up for it


class Found(NamedTuple):
    """The catalogue fields that were found, by citekey, and each problem with its works."""

    fields: Mapping[str, Fields]
    problems: Mapping[str, Collection[str]]

    def problem_of(self, citekeys: Collection[str]) -> str:
        """Return what went wrong with any of some works, "" if nothing did."""
        problems = self.problems.items()
        return " ".join(text for text, works in problems if not set(works).isdisjoint(citekeys))


def look_up(works: Mapping[str, Fields], http: HttpClient) -> Found:
    """Ask for what is known of works, given the fields that they have, by citekey.

    arXiv is asked about the works with an arXiv id, Crossref and doi.org about those with only
    a DOI, Open Library and Crossref about those with an ISBN. What was found beside a failure
    is kept. Raises Refused for an unusable mirror.
    """
    problems: Problems = {}
    found = dict(_at_arxiv(works, http, problems))
    dois = {key: f["doi"] for key, f in works.items() if f.get("doi") and not f.get("arxiv")}
    found |= _each(dois, lambda doi: work_by_doi(doi, http), problems)
    # A journal's name is at Crossref if the authors told arXiv no more than the DOI.
    unplaced = {key: f["doi"] for key, f in found.items() if "doi" in f and "venue" not in f}
    published = _each({k: d for k, d in unplaced.items() if k not in dois}, _venue_of(http), {})
    found = {key: {**fields, **published.get(key, {})} for key, fields in found.items()}
    isbns = {key: isbn for key, fields in works.items() if (isbn := isbn_of(fields))}
    found |= _each(isbns, lambda isbn: _book(isbn, http), problems)
    return Found(found, problems)


def services_of(works: Iterable[Fields]) -> str:
    """Return the names of the services that `look_up` asks about works: ``arXiv or Crossref``."""
    names: dict[str, None] = {}
    for fields in works:
        if fields.get("arxiv"):
            names[API.name] = None
        elif fields.get("doi"):
            names |= {CROSSREF.name: None, DOI_ORG.name: None}
        elif isbn_of(fields):
            names |= {OPEN_LIBRARY.name: None, CROSSREF.name: None}
    return " or ".join(names)


def _at_arxiv(
    works: Mapping[str, Fields], http: HttpClient, problems: Problems
) -> Iterator[tuple[str, Fields]]:
    ids = list(dict.fromkeys(fields["arxiv"] for fields in works.values() if fields.get("arxiv")))
    for start in range(0, len(ids), MAX_IDS):
        try:
            papers = papers_by_id(ids[start : start + MAX_IDS], http)
        except SourceError as error:
            left = {key for key, fields in works.items() if fields.get("arxiv") in ids[start:]}
            problems.setdefault(str(error), set()).update(left)
            return
        for citekey, fields in works.items():
            if paper := papers.get(fields.get("arxiv", "")):
                known = fields_of_paper(paper)
                if not any(work_faults(known)):
                    yield citekey, known


def _each(
    ids: Mapping[str, str], ask: Callable[[str], Fields | None], problems: Problems
) -> dict[str, Fields]:
    """Ask for each id, until a service cannot be reached or has failed a few times."""
    found: dict[str, Fields] = {}
    failures = 0
    for at, (citekey, id_) in enumerate(ids.items()):
        try:
            fields = ask(id_)
        except SourceError as error:
            failures += 1
            is_last = isinstance(error, Unreachable) or failures == MAX_FAILURES
            left = list(ids)[at:] if is_last else [citekey]
            problems.setdefault(str(error), set()).update(left)
            if is_last:
                break
        else:
            found |= {citekey: fields} if fields else {}
    return found


def _venue_of(http: HttpClient) -> Callable[[str], Fields | None]:
    def ask(doi: str) -> Fields | None:
        fields = work_by_doi(doi, http) or {}
        return {"venue": fields["venue"]} if "venue" in fields else None

    return ask


def _book(isbn: str, http: HttpClient) -> Fields | None:
    return work_by_isbn(isbn, http) or book_by_isbn(isbn, http)
