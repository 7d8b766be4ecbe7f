"""Random histories of a store: acts, drafts, devices, backups, exports, restarts."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from papertui.core import journal, journal_file
from papertui.core.journal import Change
from papertui.core.records import WorkRecord
from papertui.core.replay import replay_merges, replay_seen
from papertui.core.text import valid_unicode
from papertui.errors import Refused
from papertui.storage.backups import Backup, Backups
from papertui.storage.drafts import Draft
from papertui.storage.restore import restore
from papertui.storage.store import Store
from tests.core.test_journal import ADDED, LISTED, WORKS, caught_up, changes, imports, of_listed
from tests.support.endurance import counted, examples, report_count, times
from tests.support.fresh_database import fresh_database
from tests.support.whole_journal import replay

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
HISTORIES = times(12, 200)
STEPS = times(20, 30)
DRAFTS = st.sampled_from("abc")


class Content(NamedTuple):
    """The content that a store must have: ids of events, texts of drafts, settings."""

    event_ids: frozenset[str]
    drafts: dict[str, str]
    settings: dict[str, str]


class Histories(RuleBasedStateMachine):
    """A reader's database, the database of another device, and all acts on them."""

    histories = steps = 0

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self._path = Path(self._folder.name) / "papertui.db"
        self.store = Store(fresh_database(self._path))
        self.other = Store(fresh_database(Path(self._folder.name) / "other.db"))
        self.drafts: dict[str, str] = {}
        self.settings: dict[str, str] = {}
        self.copies: list[tuple[Backup, Content]] = []
        self.event_ids: frozenset[str] = frozenset()
        self._minutes = self._exports = 0
        Histories.histories += 1

    def teardown(self) -> None:
        self.store.close()
        self.other.close()
        self._folder.cleanup()

    def now(self) -> datetime:
        # The clock sometimes goes backwards, which the order of the journal must survive.
        self._minutes += 7 if self._minutes % 3 else -5
        Histories.steps += 1
        return MIDNIGHT + timedelta(minutes=self._minutes)

    @rule(act=st.lists(changes, min_size=1, max_size=3))
    def act(self, act: list[Change]) -> None:
        self.record(*act)

    @rule(change=imports)
    def import_a_list(self, change: Change) -> None:
        self.record(change)

    @rule(change=of_listed)
    def read_what_was_imported(self, change: Change) -> None:
        self.record(change)

    @rule(work=st.sampled_from((*LISTED[:2], ADDED[1])), into=st.sampled_from((*LISTED, ADDED[1])))
    def merge(self, work: str, into: str) -> None:
        fields = {"title": work, "kind": "book", "year": 1999, "doi": f"10.1000/{work}"}
        self.record(journal.merge_works(work, into, work, fields))

    def record(self, *act: Change) -> None:
        self.store.record(*act, now=self.now())
        self.note_events()

    @rule()
    def undo(self) -> None:
        try:
            act = self.store.last_act()
        except Refused:
            return
        before = self.rows()
        self.store.undo(act, self.now())
        assert self.store.redo(self.now()).id == act.id
        assert self.rows() == before
        self.store.undo(act, self.now())
        self.note_events()

    @rule()
    def redo(self) -> None:
        with suppress(Refused):
            self.store.redo(self.now())
        self.note_events()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store(self._path)

    @rule(id_=DRAFTS, work=st.sampled_from(WORKS), body=st.text(), instead=st.none() | DRAFTS)
    def type(self, id_: str, work: str, body: str, instead: str | None) -> None:
        instead = None if instead == id_ else instead
        assert self.store.drafts.save(Draft(id_, work, f"note-{id_}", (), body), instead)
        self.drafts[id_] = valid_unicode(body)
        self.drafts.pop(instead or "", None)

    @rule(id_=DRAFTS)
    def finish(self, id_: str) -> None:
        for draft in self.store.drafts.waiting():
            if draft.id == id_:
                act = self.store.finish([id_], *draft.changes(""), now=self.now())
                (event,) = self.store.events("act = ?", act.id)
                assert event.data["body"] == self.drafts.pop(id_)
        self.note_events()

    @rule(id_=DRAFTS)
    def forget(self, id_: str) -> None:
        self.store.forget(id_)
        self.drafts.pop(id_, None)

    @rule(
        key=st.sampled_from(["theme", "view", "filter"]), value=st.text(alphabet="aé🌲", max_size=3)
    )
    def set(self, key: str, value: str) -> None:
        self.store.set_setting(key, value)
        self.settings[key] = value

    @rule(act=st.lists(changes, min_size=1, max_size=3))
    def act_elsewhere(self, act: list[Change]) -> None:
        self.other.record(*act, now=self.now())

    @rule()
    def undo_elsewhere(self) -> None:
        with suppress(Refused):
            self.other.undo(self.other.last_act(), self.now())

    @rule()
    def exchange(self) -> None:
        """Import an export of each device on the other; both then have the same content."""
        for one, two in ((self.store, self.other), (self.other, self.store)):
            one.merge(journal_file.events(exported(two)))
            assert one.merge(two.events()) == 0
        assert self.store.events() == self.other.events()
        assert caught_up(self.other) == self.rows()
        self.note_events()

    @rule()
    def export(self) -> None:
        self._exports += 1
        with Store(fresh_database(Path(self._folder.name) / f"export-{self._exports}.db")) as new:
            new.merge(journal_file.events(exported(self.store)))
            assert new.events() == self.store.events()
            assert caught_up(new) == self.rows()

    @rule()
    def back_up(self) -> None:
        content = Content(self.event_ids, dict(self.drafts), dict(self.settings))
        self.copies.append((Backups(self._path).take(self.now()), content))

    @precondition(lambda self: self.copies)
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        copy, content = data.draw(st.sampled_from(self.copies))
        device = self.store.device
        self.store.close()
        restore(self._path, copy.path, self.now())
        self.store = Store(self._path)
        assert self.store.device != device
        self.event_ids = content.event_ids
        self.drafts, self.settings = dict(content.drafts), dict(content.settings)

    def note_events(self) -> None:
        """Note the events of the store, none of which may be missing afterwards."""
        ids = frozenset(event.id for event in self.store.events())
        assert ids >= self.event_ids
        self.event_ids = ids

    @invariant()
    def nothing_is_lost_or_invented(self) -> None:
        assert {event.id for event in self.store.events()} == self.event_ids
        assert {draft.id: draft.body for draft in self.store.drafts.waiting()} == self.drafts
        assert self.store.settings() == self.settings

    @invariant()
    def the_tables_agree_with_a_replay(self) -> None:
        records, habits = replay(self.store.events())
        assert self.store.reading_log.habits() == habits
        undone = journal.undone_acts(self.store.events())
        standing = [event for event in self.store.events() if event.act not in undone]
        assert self.store.reading_log.seen() == replay_seen(standing)
        for work in (*WORKS, *ADDED):
            expected = records.get(work, WorkRecord())
            stored = self.store.reading_log.work(work)
            readings = {reading._replace(sittings=()) for reading in expected.readings}
            assert set(stored.readings) == readings
            assert {note._replace(begun=None) for note in stored.notes} == {*expected.notes}
            assert (stored.rank, stored.aside) == (expected.rank, expected.aside)
            assert stored.shared == expected.shared

    @invariant()
    def a_rebuild_changes_nothing(self) -> None:
        before = self.rows()
        self.store.rebuild()
        assert self.rows() == before

    @invariant()
    def the_stored_counts_are_those_of_the_works(self) -> None:
        assert self.store.tree.sections() == self.store.tree.sections(date.max)

    @invariant()
    def lists_contain_what_their_latest_imports_say(self) -> None:
        undone = journal.undone_acts(self.store.events())
        events = [event for event in self.store.events() if event.act not in undone]
        effective_imports = [event.data for event in events if event.kind == journal.IMPORT]
        merges = replay_merges(events)
        latest = {data["list"]["title"]: data["list"] for data in effective_imports}
        listed = set()
        for fields in latest.values():
            for section in fields["sections"]:
                works = [merges.get(item["work"], item["work"]) for item in section["items"]]
                assert self.items(f"{fields['key']}/{section['title']}") == [*dict.fromkeys(works)]
                listed |= {*works}
        titles = [title for _, title in self.store.tree.lists()]
        assert [title for title in titles if title in ("One list", "Another list")] == [*latest]
        # A work that has left its list stays if something was done with it.
        records, _ = replay(self.store.events())
        touched = {
            work
            for work, record in records.items()
            if record._replace(added=None, added_at=0) != WorkRecord()
        }
        added = {work for work, record in records.items() if record.added}
        imported = {work for data in effective_imports for work in data["works"]} - merges.keys()
        assert set(self.items("unlisted")) == (imported & touched) - listed - added
        for work in (*LISTED, *ADDED):
            is_known = self.store.works.work(work) is not None
            root = merges.get(work, work)
            assert is_known == (root in WORKS or root in added | (imported & (listed | touched)))

    def items(self, path: str) -> list[str]:
        with closing(sqlite3.connect(self._path)) as database:
            rows = database.execute(
                "select work from item join section on id = section where path = ?"
                " order by item.position",
                [path],
            )
            return [work for (work,) in rows]

    def rows(self) -> dict[str, list[Any]]:
        return caught_up(self.store)


def exported(store: Store) -> str:
    return journal_file.document(store.events(), {}, store.settings(), MIDNIGHT)


Histories.TestCase.settings = settings(examples(HISTORIES), stateful_step_count=STEPS)
test_any_history = counted(Histories.TestCase)


@pytest.fixture(scope="module", autouse=True)
def counts() -> Iterator[None]:
    yield
    report_count(f"{Histories.histories:,} histories of {Histories.steps:,} steps that write")
