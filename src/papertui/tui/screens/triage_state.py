"""The state of the triage: the papers shown, those looked at in this sitting, what can go back."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from papertui.config import Config
from papertui.core.days import period
from papertui.core.follow import Attention, attention_by, in_order
from papertui.core.goals import SCANNED
from papertui.core.journal import Change, see_papers
from papertui.core.labels import Glyphs
from papertui.core.library_tree import Row
from papertui.core.new_paper import NewPaper
from papertui.core.records import SeenPaper
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.pages.new_papers import PaperDetails, known_works, paper_details
from papertui.pages.weeks import week_rules
from papertui.storage.acts import Act
from papertui.storage.new_papers import work_changes
from papertui.storage.store import Store


class Look(NamedTuple):
    """A paper that was looked at or dismissed, what it was before, and the latest act then.

    `glance` is that of this sitting, `seen` also that of an earlier one.
    """

    paper: NewPaper
    dismissed: bool
    glance: SeenPaper | None
    seen: SeenPaper | None
    latest_act: str | None


class TriageState:
    """The new papers in their order, or those that a search found; it asks the store.

    A sitting lasts until `finish`, which makes one event of the papers looked at in it.
    """

    def __init__(self, store: Store, config: Config, today: Callable[[], date]) -> None:
        self._store = store
        self._today = today
        self.follow(config)
        self._judged: list[tuple[NewPaper, Attention]] = []
        self._details: dict[str, PaperDetails] = {}
        # Works by arXiv id, and the papers for which they were looked up.
        self._works: dict[str, str] = {}
        self._looked_up: set[str] = set()
        self._rows: dict[PaperDetails, Row] = {}
        self._sitting: dict[str, SeenPaper] = {}
        self._unsaved: dict[str, SeenPaper | None] = {}
        self._looks: list[Look] = []
        # As of the last refresh: a key does not wait for another program that writes.
        self._latest_act: str | None = None
        self._found: Sequence[NewPaper] = ()
        self.query = ""
        self.shows_all = self.was_fetched = False
        # True if arXiv could not be asked the last time.
        self.is_cut_off = False

    def follow(self, config: Config) -> None:
        """Take the categories, authors and words that are followed from a config."""
        self._config = config
        self._attention = cache(attention_by(config.follow))

    # ── what is shown ───────────────────────────────────────────────────────

    def load(self) -> None:
        """Show what was fetched and not looked at; what is shown already stays."""
        self.was_fetched = bool(self._store.new_papers.fetched_until())
        if self.query:
            papers = list(self._found)
        else:
            fetched = self._store.new_papers.fetched()
            seen = self._seen(fetched)
            papers = [
                paper
                for paper in fetched
                if self.shows_all or paper.arxiv_id in self._details or paper.arxiv_id not in seen
            ]
        self._judged = in_order(papers, self._attention)
        not_looked_up = [paper for paper in papers if paper.arxiv_id not in self._looked_up]
        self._works |= known_works(self._store, not_looked_up)
        self._looked_up |= {paper.arxiv_id for paper in not_looked_up}
        self.refresh()

    def refresh(self) -> None:
        """Read again what the reader did with the papers shown."""
        self._latest_act = self._store.latest_act_id()
        papers = [paper for paper, _ in self._judged]
        ids = {paper.arxiv_id for paper in papers}
        works = {arxiv_id: work for arxiv_id, work in self._works.items() if arxiv_id in ids}
        seen, today = self._seen(papers), self._today()
        shown = paper_details(self._store, self._judged, works, seen, today)
        self._details = {details.paper.arxiv_id: details for details in shown}

    def _seen(self, papers: Sequence[NewPaper]) -> dict[str, SeenPaper]:
        ids = [paper.arxiv_id for paper in papers]
        return self._store.reading_log.seen(ids) | self._sitting

    def rows(self, glyphs: Glyphs) -> list[Row]:
        """Return the papers as the rows of a list."""
        # Most rows are those of the key before.
        rows_before = self._rows
        self._rows = {
            details: rows_before.get(details) or Row(0, details.leaf(glyphs))
            for details in self._details.values()
        }
        return list(self._rows.values())

    def details_of(self, arxiv_id: str) -> PaperDetails | None:
        """Return a paper that is shown."""
        return self._details.get(arxiv_id)

    @property
    def first(self) -> str | None:
        """The arXiv id of the first paper."""
        return next(iter(self._details), None)

    def next_new(self, arxiv_id: str) -> str | None:
        """Return the next paper not looked at, below another one or else above it."""
        ids = list(self._details)
        below = ids.index(arxiv_id) + 1
        below_first = (*ids[below:], *ids[:below])
        return next((id_ for id_ in below_first if not self._details[id_].seen), None)

    def show_found(self, query: str, papers: Sequence[NewPaper]) -> None:
        """Show what a search found."""
        self.query, self._found, self._details = query, papers, {}
        self.load()

    def leave_search(self) -> None:
        """Show the new papers again."""
        self.query, self._found, self._details = "", (), {}
        self.load()

    def toggle_all(self) -> None:
        """Show papers that were looked at too, or only new ones."""
        self.shows_all, self._details = not self.shows_all, {}
        self.load()

    @property
    def headline(self) -> tuple[str, str, str]:
        """How many papers are left, and how many titles of the week's goal are scanned.

        It has three parts, the middle one being what was searched for.
        """
        log, rules = self._store.reading_log, week_rules(self._store, self._config)
        first, last = period("week", self._today(), rules.week_start)
        target = rules.target(first, SCANNED) if rules.is_set(SCANNED, first) else 0
        scanned = log.between("scanned", first, last) + sum(
            first <= seen.day <= last for seen in self._new_in_sitting().values()
        )
        titles = f"{scanned} of {target} titles" if target else quantity(scanned, "title")
        progress = f" · {titles} this week"
        if self.query:
            return f"{quantity(len(self._details), 'paper')} found: ", self.query, progress
        left, follows = sum(not each.seen for each in self._details.values()), self._config.follow
        if left or (self._details and not follows.categories):
            return quantity(left, "new paper"), "", progress
        if not follows.categories:
            return "You follow no category yet", "", ""
        nothing = "arXiv cannot be reached" if self.is_cut_off else "No new papers"
        return nothing, "", progress

    def _new_in_sitting(self) -> dict[str, SeenPaper]:
        known = self._store.reading_log.seen(self._sitting)
        return {arxiv_id: seen for arxiv_id, seen in self._sitting.items() if arxiv_id not in known}

    # ── the sitting ─────────────────────────────────────────────────────────

    def look_at(self, arxiv_id: str) -> None:
        """Note that a new paper was looked at; one that a search found is not of this week."""
        details = self.details_of(arxiv_id)
        if details and (not details.seen or details.seen.cleared) and not self.query:
            self._look(details, dismissed=False)

    def _look(self, details: PaperDetails, *, dismissed: bool) -> None:
        arxiv_id = details.paper.arxiv_id
        glance, act = self._sitting.get(arxiv_id), self._latest_act
        self._looks.append(Look(details.paper, dismissed, glance, details.seen, act))
        self._set(arxiv_id, SeenPaper(self._today(), dismissed))

    def dismiss(self, arxiv_id: str) -> bool:
        """Note that a paper is not for the reader, or is after all; return True if it is not.

        Raises Refused for a paper that was dismissed in an earlier sitting.
        """
        details, glance = self._details[arxiv_id], self._sitting.get(arxiv_id)
        if glance and glance.dismissed:
            self._set(arxiv_id, SeenPaper(self._today(), dismissed=False))
            return False
        if details.seen and details.seen.dismissed:
            raise Refused(
                "You dismissed it in an earlier sitting",
                offers={"new.queue": "queues it", "new.log": "logs a first pass all the same"},
            )
        self._look(details, dismissed=True)
        return True

    def take_back(self) -> list[Look]:
        """Take the latest dismissal back, or all looks since; return what was taken back.

        What an act came after stays.
        """
        taken: list[Look] = []
        latest_act = self._store.latest_act_id()
        while self._looks and self._looks[-1].latest_act == latest_act:
            if taken and (taken[-1].dismissed or self._looks[-1].dismissed):
                break
            taken.append(look := self._looks.pop())
            arxiv_id = look.paper.arxiv_id
            self._set(arxiv_id, look.glance)
            if details := self.details_of(arxiv_id):
                self._details[arxiv_id] = details._replace(seen=look.seen)
        return taken

    @property
    def new_papers(self) -> list[NewPaper]:
        """The papers shown that were not looked at. Raises Refused if there are none."""
        if self.query:
            raise Refused("Go back from the search first: escape.")
        papers = [details.paper for details in self._details.values() if not details.seen]
        if not papers:
            raise Refused("There is no new paper to clear.")
        return papers

    def clear(self, papers: Sequence[NewPaper]) -> Act:
        """Take papers off the list for good without looking at them, as one act."""
        self.finish()
        cleared = [paper.arxiv_id for paper in papers]
        return self._store.record(see_papers(self._today(), (), (), cleared))

    def record_beside(self, changes: Sequence[Change]) -> Act:
        """Record what the reader did not do; what was looked at can be taken back as before."""
        before = self._store.latest_act_id()
        act = self._store.record(*changes)
        self._latest_act = act.id
        self._looks = [
            look._replace(latest_act=act.id) if look.latest_act == before else look
            for look in self._looks
        ]
        return act

    def _set(self, arxiv_id: str, seen: SeenPaper | None) -> None:
        self._unsaved[arxiv_id] = seen
        if seen:
            self._sitting[arxiv_id] = seen
        else:
            self._sitting.pop(arxiv_id, None)
        if details := self.details_of(arxiv_id):
            self._details[arxiv_id] = details._replace(seen=seen)

    def save(self) -> None:
        """Save what was looked at, so that no crash loses it. Raises DatabaseError."""
        if self._unsaved:
            self._store.new_papers.glance(self._unsaved)
            self._unsaved = {}

    def finish(self) -> None:
        """End the sitting: what was looked at becomes one event. Raises DatabaseError."""
        self.save()
        self._store.finish_triage()
        self._sitting, self._looks = {}, []

    def work_of(self, paper: NewPaper) -> tuple[str, list[Change]]:
        """Return the citekey of the work that a paper is, and the changes that make it one."""
        citekey, changes = work_changes(self._store.works, paper)
        self._works[paper.arxiv_id] = citekey
        return citekey, changes
