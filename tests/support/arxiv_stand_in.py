"""What arXiv announces, in the place of the sources, for tests of what is done with it."""

from collections.abc import Sequence
from datetime import date
from threading import Event

import pytest

from papertui.core.new_paper import NewPaper
from papertui.errors import PapertuiError
from papertui.sources import arxiv_api, arxiv_feed
from papertui.sources.arxiv_feed import Announced
from papertui.sources.http import HttpClient


class ArxivStandIn:
    """Announces `papers` until `until`, or fails with `error`; notes what it was asked.

    It answers once `may_answer` is set.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.papers: Sequence[NewPaper] = ()
        self.until: date | None = None
        self.missing: tuple[str, ...] = ()
        self.error: PapertuiError | None = None
        self.asked: list[tuple[tuple[str, ...], date | None]] = []
        self.searched: list[str] = []
        self.may_answer = Event()
        self.may_answer.set()
        monkeypatch.setattr(arxiv_feed, "fetch_announced", self._fetch)
        monkeypatch.setattr(arxiv_api, "search_papers", self._search)

    def _fetch(self, categories: Sequence[str], since: date | None, http: HttpClient) -> Announced:
        self.asked.append((tuple(categories), since))
        self._answer()
        return Announced(tuple(self.papers), self.until, self.missing)

    def _search(self, query: str, http: HttpClient, limit: int = 50) -> Sequence[NewPaper]:
        self.searched.append(query)
        self._answer()
        return self.papers

    def _answer(self) -> None:
        assert self.may_answer.wait(10)
        if self.error:
            raise self.error
