"""The front door to a reader's database: every act goes into the journal here."""

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from papertui.core import journal
from papertui.core.journal import Change, Event
from papertui.core.records import Note, WorkRecord
from papertui.core.streaks import WeekRules
from papertui.errors import Refused
from papertui.storage import migrations
from papertui.storage.database import BUSY_TIMEOUT, Database, DatabaseError, Moved, ReadOnly
from papertui.storage.drafts import Drafts
from papertui.storage.event_log import STANDING, EventLog
from papertui.storage.reading_log import ReadingLog
from papertui.storage.search import Search
from papertui.storage.shipped import CATALOG, INDEXED, PROJECTED, digest
from papertui.storage.sync_state import GROUP, SYNC_NOTES, SYNC_PLACES, SyncState
from papertui.storage.tree_queries import TreeQueries
from papertui.storage.up_next import UpNextQueries
from papertui.storage.work_queries import WorkQueries
from papertui.system import clock
from papertui.system.clock import Clock

if TYPE_CHECKING:
    from papertui.core.journal_file import StoredEvent
    from papertui.storage.acts import Act, Acts
    from papertui.storage.bib_entries import BibEntries
    from papertui.storage.group import ReadingGroup
    from papertui.storage.library_index import LibraryIndex
    from papertui.storage.new_papers import NewPapers
    from papertui.storage.own_lists import OwnLists
    from papertui.storage.projector import Projector
    from papertui.storage.recall_cards import RecallCards
    from papertui.storage.work_names import WorkNames

OWN_SETTINGS = ("device", INDEXED, PROJECTED, "new-papers-fetched", *SYNC_NOTES)
# Works made searchable while the database is locked, and the seconds that others then have.
STEP, PAUSE = 250, 0.02
# Events of another journal that are joined while the database is locked; twice as many on a new
# device, whose reader waits for all of them: each step writes most pages of the indexes again.
STEP_EVENTS = 5_000


class Store:
    """One reader's database.

    Every method that writes takes effect wholly or not at all, and has taken
    effect once it returns. `busy_timeout` is how many seconds anything waits for
    another program before it raises Busy; opening always waits. What is written
    without a moment of its own is written at the moment of the `clock`. Acts name
    a week by the day that weeks start on.
    """

    def __init__(
        self,
        path: Path,
        busy_timeout: float = BUSY_TIMEOUT,
        shipped: Path = CATALOG,
        clock: Clock = clock.now,
        week_start: str = "mon",
    ) -> None:
        self.clock = clock
        self.week_start = week_start
        self._db = Database(path, BUSY_TIMEOUT, clock)
        try:
            self.works = WorkQueries(self._db)
            self.tree = TreeQueries(self._db)
            self.search = Search(self._db)
            self.up_next = UpNextQueries(self._db)
            self.reading_log = ReadingLog(self._db)
            self.reading_times = self.up_next.times
            self._log = EventLog(self._db, self._device())
            with suppress(ReadOnly):
                self._index_shipped(shipped)
                if self.setting(PROJECTED) != migrations.LAST_REBUILD:
                    self.rebuild()
            self._db.wait(busy_timeout)
            self.drafts = Drafts(self._db, clock)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Release the file."""
        self.drafts.close()
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def record(self, *changes: Change, now: datetime | None = None) -> "Act":
        """Append `changes` as one act and return it."""
        with self._acting(changes, now) as commit:
            return commit()

    def finish(
        self, drafts: Sequence[str | None], *changes: Change, now: datetime | None = None
    ) -> "Act":
        """Record what drafts have come to, in one step with forgetting them."""
        with self._db.writing():
            if any(change.kind == journal.NOTE_REMOVED for change in changes):
                changes += tuple(self.group.taken_back(changes))
            # Works in no list stay for their drafts.
            self.drafts.drop(*drafts)
            act = self._commit(self._log.drafted(changes, now or self.clock()))
        self.drafts.clear_files(*drafts)
        return act

    def finish_triage(self, now: datetime | None = None) -> "Act | None":
        """Record the new papers that were looked at since the last time; None if there are none.

        A sitting is one event, and one more for each day that begins in it.
        """
        if not self.new_papers.is_sitting():
            return None
        with self._db.writing():
            changes = self.new_papers.sitting()
            self.new_papers.forget_sitting()
            return (
                self._commit(self._log.drafted(changes, now or self.clock())) if changes else None
            )

    def forget(self, *drafts: str | None) -> None:
        """Forget drafts that came to nothing."""
        with self._db.writing():
            works = {draft.work for draft in self.drafts.waiting() if draft.id in drafts}
            self.drafts.drop(*drafts)
            # A work in no list may have stayed for its draft.
            if works and (unlisted := works & self.own_lists.unlisted()):
                self._projector.apply([(journal.SESSION_ENDED, work, "") for work in unlisted])
        self.drafts.clear_files(*drafts)

    def latest_act_id(self) -> str | None:
        """Return the id of this device's latest act that is not undone, None if there is none."""
        return self._log.latest_act()

    def redoable_act_id(self) -> str | None:
        """Return the id of the act that a redo brings back, None if there is none."""
        return self._log.redoable_act()

    def last_act(self) -> "Act":
        """Return what an undo takes back: this device's latest act not yet undone.

        Raises Refused if there is none.
        """
        if (act := self._log.latest_act()) is None:
            if {*self._log.devices()} <= {self._log.device}:
                raise Refused("There is nothing to undo.")
            raise Refused(
                "There is nothing to undo: what was done on other devices, or before a copy was"
                " restored, is not undone here."
            )
        return self._acts.of(self._log.act(act))

    def undo(self, act: "Act", now: datetime | None = None) -> "Act":
        """Take an act back and return it, in words that say what holds again.

        Works that it brought stay if they were acted on. Raises Refused if it has been undone
        already.
        """
        from papertui.core.own_lists import unlisted_words

        brings = not act.kinds.isdisjoint((journal.ADDED, journal.IMPORT))
        unlisted = self.own_lists.unlisted if brings else set[str]
        with self._acting([Change(journal.UNDO, None, {"act": act.id})], now) as commit:
            if self._db.row("select 1 from undone where act = ?", act.id):
                raise Refused("That has been undone already.")
            before = unlisted()
            commit()
            events = self._log.act(act.id)
            waits = self.drafts.bring_back(act.id, events)
            if waits and not self.works.current(events[0].work or ""):
                # It is the draft for which the work stays.
                self._projector.apply([(event.kind, event.work, event.id) for event in events])
            stays = unlisted_words(len(unlisted() - before))
        act = act.with_words(f"{self._target_before(events)}{stays}")
        return act._replace(for_day=f"{act.for_day}{act.waits}") if waits else act

    def _target_before(self, events: Sequence[Event]) -> str:
        """Return the target that holds again once a goal is undone, in words."""
        with suppress(KeyError, TypeError, ValueError):
            goals = [event.data for event in events if event.kind == journal.GOAL]
            for goal in goals[-1:]:
                rules = WeekRules(self.reading_log.habits().goals)
                # Goals of an older papertui are for the first day of a week.
                week = rules.week_of(date.fromisoformat(goal.get("day") or goal["since"]))
                return f", back to {rules.target(week, goal['metric']) or 'none'}"
        return ""

    def next_redo(self) -> "Act":
        """Return what a redo brings back.

        Raises Refused if there is nothing, or something was done since.
        """
        if (act := self._log.redoable_act()) is None:
            raise Refused("There is nothing to redo.")
        events = self._log.act(act)
        if self.drafts.finished_by(act, events) and not self.drafts.waits(act):
            raise Refused("That session was taken up again; go on with it to log it.")
        return self._acts.of(events)

    def redo(self, now: datetime | None = None) -> "Act":
        """Bring back what the last undo took; raises Refused as `next_redo` does."""
        act = self.next_redo()
        with self._acting([Change(journal.REDO, None, {"act": act.id})], now) as commit:
            if self._log.redoable_act() != act.id:
                raise Refused("Something else was done just now; look again.")
            self.drafts.drop(act.id)
            commit()
        return act

    def merge(self, events: Iterable[Event]) -> int:
        """Join another journal's events, by their ids, and return how many were new here."""
        from papertui.core.journal_file import stored

        return self.merge_stored(map(stored, events))

    def merge_stored(self, events: "Iterable[StoredEvent]") -> int:
        """Join events as `merge` does.

        Many are joined in steps, between which others can write; what is in of a work, is
        whole. To join them again goes on with what an interruption left out.
        """
        with self._log.staged(events):
            lists = self._log.staged_lists()
            if any(event.kind == journal.IMPORT for event in lists):
                self._projector.prepare(lists)
            is_new = self.count() < STEP_EVENTS
            number, steps = 0, self._log.steps(STEP_EVENTS * (2 if is_new else 1))
            for step in steps:
                with self._db.writing():
                    joined, about = self._log.join(step, is_all=len(steps) == 1)
                    self._projector.apply(about)
                number += joined
                if step:
                    time.sleep(PAUSE)
        return number

    def count(self) -> int:
        """Return the number of events in the journal."""
        return self._log.count()

    def record_without(self, events: Sequence[Event], work: str) -> WorkRecord:
        """Return the reader's record of a work as it would be without some events.

        Nor do passes count that were taken out of the log later than these.
        """
        from papertui.core.replay import events_that_count, replay_work

        sql = f"(work = ? or work in (select work from merged where target = ?)) and {STANDING}"
        counting = events_that_count(work, self._log.read(sql, work, work))
        since = min(event.order for event in events)
        later = [e.data for e in counting if e.kind == journal.CORRECTION and e.order > since]
        left_out = {event.id for event in events}
        left_out |= {str(data.get("reading")) for data in later if data.get("removed")}
        return replay_work(event for event in counting if event.id not in left_out)

    def events(self, condition: str = "true", *values: str) -> list[Event]:
        """Return the journal's events that meet a condition in SQL, in their order."""
        return self._log.read(condition, *values)

    def rebuild(self) -> int:
        """Write all that follows from the journal again and return the number of events."""
        self._projector.prepare()
        with self._db.writing():
            self._projector.rebuild()
            self._db.remember(PROJECTED, migrations.LAST_REBUILD)
        for _ in self.catch_up():
            pass
        return self._log.count()

    def unsearched(self) -> int:
        """Return the number of works whose words the search does not know yet."""
        return int(self._db.row("select count(*) from unsearched")[0])

    def catch_up(self) -> Iterator[int]:
        """Make imported works searchable, step by step, and yield how many are left.

        Between two steps other programs can write.
        """
        while left := self.unsearched():
            yield left
            with self._db.writing():
                self._index.search.catch_up(STEP)
            time.sleep(PAUSE)

    def private_notes(self) -> frozenset[str]:
        """Return the notes that are kept from other devices."""
        return self._log.private_notes()

    def versions(self, work: str, note: str) -> list[Note]:
        """Return every saved version of a note, undone ones too, the latest first."""
        sql = "work in (select ?1 union select work from merged where target = ?1) and kind = ?2"
        events = self._log.read(sql, work, journal.NOTE)
        return [
            Note(note, event.id, None, str(event.data["body"]), event.wall, event.utc_offset)
            for event in reversed(events)
            if event.data.get("note") == note and "body" in event.data
        ]

    @property
    def device(self) -> str:
        """The name of who writes here."""
        return self._log.device

    @property
    def path(self) -> Path:
        """The path of the database."""
        return self._db.path

    def keep_copy(self, moved: Moved) -> None:
        """Copy what is open to a file beside the name that was taken from it, if that works."""
        from papertui.storage.backups import BEFORE, aside

        kept = aside(self.path, BEFORE, self.clock())
        with suppress(DatabaseError, OSError):
            self._db.keep_copy(kept)
            moved.kept = kept

    def version(self) -> int:
        """Return a number that changes when another program has written."""
        return int(self._db.row("pragma data_version")[0])

    def setting(self, key: str) -> str | None:
        """Return a remembered setting of the view."""
        return self._db.setting(key)

    def settings(self) -> dict[str, str]:
        """Return what the view remembers."""
        of_this_file = (*OWN_SETTINGS, *SYNC_PLACES)
        marks = ",".join("?" * len(of_this_file))
        sql = f"select key, value from setting where key not in ({marks})"
        return dict(self._db.rows(sql, *of_this_file))

    def set_setting(self, key: str, value: str | None) -> None:
        """Remember a setting of the view, or forget it if it is None."""
        if self.setting(key) != value:
            with self._db.writing():
                if value is None:
                    self._db.run("delete from setting where key = ?", key)
                else:
                    self._db.remember(key, value)

    @contextmanager
    def _acting(
        self, changes: Iterable[Change], now: datetime | None
    ) -> "Iterator[Callable[[], Act]]":
        """Hold the lock to write for one act, which the function that is yielded records.

        Work on whole lists, which takes long, is done before the lock.
        """
        drafted = self._log.drafted(changes, now or self.clock())
        if any(kind in journal.LIST_KINDS for kind, *_ in self._log.about(drafted)):
            self._projector.prepare(self._log.placed(drafted))
        with self._db.writing():
            yield lambda: self._commit(drafted)

    def _commit(self, drafted: Iterable[Event]) -> "Act":
        events = self._log.placed(drafted)
        self._log.append(events)
        self._projector.apply(self._log.about(events))
        return self._acts.of(events)

    @cached_property
    def bib_entries(self) -> "BibEntries":
        """The entries of BibTeX files that works came from."""
        from papertui.storage.bib_entries import BibEntries

        return BibEntries(self._db)

    @cached_property
    def names(self) -> "WorkNames":
        """The names that works are found by."""
        from papertui.storage.work_names import WorkNames

        return WorkNames(self._db, self.works)

    @cached_property
    def new_papers(self) -> "NewPapers":
        """The new papers that were fetched."""
        from papertui.storage.new_papers import NewPapers

        return NewPapers(self._db)

    @cached_property
    def own_lists(self) -> "OwnLists":
        """What the reader did to lists."""
        from papertui.storage.own_lists import OwnLists

        return OwnLists(self._db)

    @cached_property
    def recall(self) -> "RecallCards":
        """The cards that come back."""
        from papertui.storage.recall_cards import RecallCards

        return RecallCards(self._db)

    @cached_property
    def group(self) -> "ReadingGroup":
        """What the other members of the reading group show."""
        from papertui.storage.group import ReadingGroup

        return ReadingGroup(self._db, self._log)

    @cached_property
    def sync_state(self) -> SyncState:
        """What is known of the log that the reader's devices exchange."""
        return SyncState(self._db, self._log)

    @cached_property
    def group_state(self) -> SyncState:
        """What is known of the log that the members of the reading group exchange."""
        return SyncState(self._db, self._log, GROUP)

    @cached_property
    def _index(self) -> "LibraryIndex":
        from papertui.storage.library_index import LibraryIndex

        return LibraryIndex(self._db)

    @cached_property
    def _acts(self) -> "Acts":
        from papertui.storage.acts import Acts

        return Acts(self._log, self.works, self.reading_log, self.week_start)

    @cached_property
    def _projector(self) -> "Projector":
        from papertui.storage.projector import Projector

        return Projector(self._db, self._log, self.reading_log, self._index)

    def _device(self) -> str:
        """Return the name of who writes here; a copy of the file has another than its original."""
        here = f"{_machine()}:{self._db.path.stat().st_ino}"
        known = json.loads(self.setting("device") or "{}")
        if known.get("here") == here:
            return str(known["id"])
        # A reader of a file that cannot be written needs no name.
        with suppress(ReadOnly), self._db.writing():
            known = json.loads(self.setting("device") or "{}")
            if known.get("here") != here:
                former = [*known.get("former", ()), known["id"]] if "id" in known else []
                known = {"id": uuid.uuid4().hex, "here": here, "former": former}
                self._db.remember("device", json.dumps(known))
        return str(known.get("id", ""))

    def _index_shipped(self, path: Path) -> None:
        source = path.read_bytes()
        shipped_digest = digest(source)
        if self.setting(INDEXED) == shipped_digest:
            return
        from papertui.core import catalog

        whole = catalog.load(source, path.name)
        with self._db.writing():
            self._index.write_shipped(whole)
            self._index.search.catch_up(len(whole.works))
            self._projector.apply_imports()
            self._db.remember(INDEXED, shipped_digest)


def _machine() -> str:
    try:
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return f"{uuid.getnode():x}"
