"""The new papers that were fetched from arXiv, and the sitting in which they are looked at.

Fetched papers are no part of the journal: another device fetches them again. Those that were
looked at are in `seen`, which follows from it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from papertui.core.identity import NewWork, citekey, complete_new_work
from papertui.core.journal import Change, add_work, complete_work, see_papers
from papertui.core.new_paper import NewPaper, fields_of_paper
from papertui.core.records import SeenPaper
from papertui.storage.database import Database
from papertui.storage.reading_log import seen_paper
from papertui.storage.stored_paper import dump_paper, load_paper
from papertui.storage.work_queries import WorkQueries

# Days after its announcement, and number of papers, until which one is kept.
KEPT_DAYS, MAX_KEPT = 30, 2_000
# The setting with the last day that was fetched of each category.
_FETCHED = "new-papers-fetched"


class NewPapers:
    """Fetched papers and glances at them. A method that writes takes a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def fetched(self) -> list[NewPaper]:
        """Return every paper that was fetched and is kept."""
        return [load_paper(fields) for (fields,) in self._db.rows("select fields from new_paper")]

    def looked_at(self, ids: Sequence[str]) -> dict[str, SeenPaper]:
        """Return those of some papers that were looked at, in this sitting or before it."""
        rows = self._db.rows(
            "select arxiv, day, dismissed from json_each(?) join"
            " (select * from seen union all select * from glance) on arxiv = value",
            json.dumps(list(ids)),
        )
        papers: dict[str, SeenPaper] = {}
        for arxiv, day, dismissed in rows:
            paper = seen_paper(day, dismissed)
            papers[arxiv] = papers.get(arxiv, paper).joined(paper)
        return papers

    def keep(self, papers: Iterable[NewPaper], today: date) -> tuple[int, int]:
        """Keep what was fetched, but for replacements, and drop what is too old.

        Return how many papers came in that nobody has looked at, and how many of that kind
        were dropped.
        """
        unseen = "select count(*) from new_paper where arxiv not in (select arxiv from seen)"
        with self._db.writing():
            db = self._db
            (before,) = db.row(unseen)
            db.run_many(
                "insert into new_paper values (?, ?, ?) on conflict (arxiv) do nothing",
                [
                    (paper.arxiv_id, paper.announced.isoformat(), dump_paper(paper))
                    for paper in papers
                    if paper.announcement != "replace"
                ],
            )
            (after,) = db.row(unseen)
            oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
            db.run("delete from new_paper where announced < ?", oldest)
            db.run(
                "delete from new_paper where arxiv in (select arxiv from new_paper"
                " left join seen using (arxiv) order by seen.arxiv is not null, announced desc"
                " limit -1 offset ?)",
                MAX_KEPT,
            )
            (left,) = db.row(unseen)
        return after - before, after - left

    def fetched_until(self) -> dict[str, date]:
        """Return the last day that was fetched of each category."""
        try:
            days = json.loads(self._db.setting(_FETCHED) or "{}")
            return {category: date.fromisoformat(day) for category, day in days.items()}
        except (AttributeError, RecursionError, TypeError, ValueError):
            return {}

    def set_fetched_until(self, categories: Sequence[str], day: date) -> None:
        """Remember the last day that was fetched of some categories."""
        with self._db.writing():
            days = self.fetched_until() | dict.fromkeys(categories, day)
            value = json.dumps({category: day.isoformat() for category, day in days.items()})
            self._db.remember(_FETCHED, value)

    def glance(self, papers: Mapping[str, SeenPaper | None]) -> None:
        """Note papers that were looked at, or with None that they were not after all."""
        with self._db.writing():
            taken_back = [(arxiv,) for arxiv, seen in papers.items() if seen is None]
            self._db.run_many("delete from glance where arxiv = ?", taken_back)
            self._db.run_many(
                "insert or replace into glance values (?, ?, ?)",
                [
                    (arxiv, seen.day.isoformat(), seen.dismissed)
                    for arxiv, seen in papers.items()
                    if seen
                ],
            )

    def is_sitting(self) -> bool:
        """Return True if there are glances that are not yet an event."""
        return self._db.row("select 1 from glance") is not None

    def sitting(self) -> list[Change]:
        """Return the changes that the glances of the sitting come to, one for each day."""
        rows = self._db.rows(
            "select glance.day, arxiv, glance.dismissed from glance left join seen using (arxiv)"
            # Another device may have sent it meanwhile.
            " where seen.arxiv is null or glance.dismissed > seen.dismissed"
            " order by glance.day, arxiv"
        )
        days: dict[str, tuple[list[str], list[str]]] = {}
        for day, arxiv, dismissed in rows:
            days.setdefault(day, ([], []))[bool(dismissed)].append(arxiv)
        return [see_papers(date.fromisoformat(day), *papers) for day, papers in days.items()]

    def forget_sitting(self) -> None:
        """Forget the glances; the caller holds the transaction in which they become an event."""
        self._db.run("delete from glance")


def work_changes(works: WorkQueries, paper: NewPaper) -> tuple[str, list[Change]]:
    """Return the citekey of the work that a paper is, and the changes that make it one.

    A work that is known stays as it is; one of which only the id was known is completed.
    """
    fields = fields_of_paper(paper)
    new = NewWork(citekey(fields), fields, titled=True)
    if known := works.known_as(new):
        own_fields = works.own_fields(known)
        completed = own_fields and complete_new_work(own_fields, fields)
        is_changed = completed and completed != own_fields
        return known, [complete_work(known, completed)] if completed and is_changed else []
    return new.citekey, [add_work(new.citekey, fields)]
