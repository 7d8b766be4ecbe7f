"""A paper as arXiv announces it, and the catalogue fields of the work that it is."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from papertui.core.identity import MAX_AUTHORS
from papertui.core.reading_time import length_in_pages
from papertui.core.text import shorten

Announcement = Literal["new", "cross", "replace"]


class NewPaper(NamedTuple):
    """A paper as arXiv sends it, its texts without control characters but with their TeX.

    `arxiv_id` is without `version`, which is None if arXiv did not say it. `authors` are full
    names, `categories` the primary one first. `announced` is the day of the announcement, at
    arXiv (midnight in New York); `announcement` says whether the paper is "new" there, a "cross"
    list of a paper of another category, or a "replace"ment by a later version. `published` is
    the day on which the first version was sent in, None if arXiv did not say it.
    """

    arxiv_id: str
    version: int | None
    title: str
    authors: tuple[str, ...]
    abstract: str
    categories: tuple[str, ...]
    comment: str | None
    announced: date
    announcement: Announcement
    doi: str | None
    journal_ref: str | None
    published: date | None = None


MAX_VENUE = 300
_WITHDRAWN = re.compile(
    r"(?:arxiv admin note:\s*)?"
    r"(?:this (?:paper|article|manuscript|preprint|work|submission|version)"
    r" (?:has been|is being|is|was) )?withdrawn\b",
    re.IGNORECASE,
)
_PAGES = re.compile(r"(?<![\d.+–-])(\d{1,4})\s?(?:pages?|pp)\b", re.IGNORECASE)
_YEAR_OF_ID = re.compile(r"(?:.*/)?(\d\d)\d\d")
_FIRST_YEAR = 91  # of arXiv, in two digits


def fields_of_paper(paper: NewPaper) -> dict[str, Any]:
    """Return the catalogue fields of a paper; the abstract of a withdrawn one begins with that."""
    pages = _PAGES.search(paper.comment or "")
    values: Mapping[str, Any] = {
        "title": paper.title,
        "kind": "paper",
        "arxiv": paper.arxiv_id,
        "authors": list(paper.authors[:MAX_AUTHORS]),
        "more_authors": len(paper.authors) > MAX_AUTHORS,
        "year": paper.published.year if paper.published else _year_of(paper.arxiv_id),
        "venue": shorten(paper.journal_ref or "", MAX_VENUE),
        "doi": paper.doi,
        "length": length_in_pages(int(pages[1])) if pages else None,
        "summary": f"{withdrawal(paper)} {paper.abstract}".strip(),
    }
    return {name: value for name, value in values.items() if value}


def withdrawal(paper: NewPaper) -> str:
    """Return what the authors or arXiv say of a paper's withdrawal, if only in its comment.

    It is empty for a paper that was not withdrawn, or whose abstract says so itself.
    """
    comment = paper.comment or ""
    return comment if is_withdrawn_by(comment) and not is_withdrawn_by(paper.abstract) else ""


def is_withdrawn_by(text: str) -> bool:
    """Return True if a comment or an abstract begins by saying that a paper was withdrawn."""
    return bool(_WITHDRAWN.match(text))


def _year_of(arxiv_id: str) -> int | None:
    """Return the year in which arXiv gave an id."""
    match = _YEAR_OF_ID.match(arxiv_id)
    if not match:
        return None
    year = int(match[1])
    return year + (1900 if year >= _FIRST_YEAR else 2000)
