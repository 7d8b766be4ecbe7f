"""What arXiv announced: today's feed of some categories, and the days missed from its API."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from papertui.core.new_paper import NewPaper
from papertui.sources.http import HttpClient


class Announced(NamedTuple):
    """Papers, the newest announcement first, each once.

    `until` is the last day that they cover: the next call asks for what came `since` then. It
    is None if nothing could be fetched. `missing` says in one-line messages what could not be.
    """

    papers: tuple[NewPaper, ...]
    until: date | None
    missing: tuple[str, ...] = ()


def fetch_announced(categories: Sequence[str], since: date | None, http: HttpClient) -> Announced:
    """Return what arXiv announced in these categories after the day `since`, None for today only.

    Today's papers come from the feed, those of the days between from the API. Raises
    SourceError if there is neither, and Refused if a category is none.
    """
    raise NotImplementedError
