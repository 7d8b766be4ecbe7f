"""A paper as arXiv announces it."""

from datetime import date
from typing import Literal, NamedTuple

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
