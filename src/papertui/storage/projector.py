"""Projections: the tables that follow from the journal, written from its events.

The caller of a method holds the transaction, except for `prepare`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from papertui.core import journal, replay
from papertui.core.catalog import work_from
from papertui.core.edited_list import edited_list
from papertui.core.journal import Event
from papertui.core.own_lists import is_own, list_of, replay_places, replay_sections
from papertui.core.recall import CARD_EVENTS, replay_recall
from papertui.core.records import WorkRecord
from papertui.core.replay import replay_imports
from papertui.storage.database import Database
from papertui.storage.event_log import STANDING, About, EventLog
from papertui.storage.library_index import (
    ImportRows,
    LibraryIndex,
    WorkRows,
    import_rows,
    work_rows,
)
from papertui.storage.own_lists import OwnLists
from papertui.storage.reading_log import ReadingLog
from papertui.storage.recall_cards import RecallCards
from papertui.storage.search import MAX_SEARCHED_AT_ONCE

# They are about no work and are no habits: applied by themselves, as there may be many.
_OF_NO_WORK = (journal.IMPORT, journal.SEEN, journal.SECTION)
_OF_LISTS = {journal.IMPORT, journal.SECTION, journal.PLACED}


class Projector:
    """Writes what the reader has done and the index of works and lists."""

    def __init__(
        self, database: Database, log: EventLog, reading_log: ReadingLog, index: LibraryIndex
    ) -> None:
        self._db = database
        self._log = log
        self._reading_log = reading_log
        self._index = index
        self._own_lists = OwnLists(database)
        self._cards = RecallCards(database)
        self._prepared: tuple[list[str], dict[str, str], ImportRows] | None = None

    def apply(self, about: Sequence[About]) -> None:
        """Bring the tables up to date, given what the events since are about."""
        kinds = {kind for kind, *_ in about}
        is_turned = bool(kinds & {journal.UNDO, journal.REDO})
        if is_turned:
            self._reading_log.write_undone(journal.undone_acts(self._log.turns()))
        if journal.SEEN in kinds:
            seen = [id_ for kind, _, id_ in about if kind == journal.SEEN]
            self._apply_seen(None if is_turned else seen)
        works = dict.fromkeys(work for kind, work, _ in about if kind not in _OF_NO_WORK)
        if journal.MERGED in kinds:
            works |= dict.fromkeys(self._apply_merges())
        edited = self._edits_of_lists([id_ for kind, _, id_ in about if kind in _OF_LISTS])
        if kinds & _OF_LISTS:
            self._apply_sections()
        placed = self._apply_works(works, cards=bool(kinds & CARD_EVENTS))
        # A work without a place may be one that had left its list.
        if kinds & {journal.IMPORT, journal.MERGED} or self._index.unknown(placed):
            self._index.invalidate_lists(edited)
            self.apply_imports()
        elif edited:
            self._apply_lists(edited)
        if journal.MERGED in kinds:
            self._index.recount()

    def rebuild(self) -> None:
        """Empty the tables and write them again."""
        self._reading_log.clear()
        self._own_lists.clear()
        self._cards.clear()
        self._index.invalidate()
        self._reading_log.write_undone(journal.undone_acts(self._log.turns()))
        self._apply_merges()
        self._apply_seen()
        self._apply_sections()
        sql = "select work from event where kind not in (?, ?, ?) order by at, device, seq, id"
        rows = self._db.rows(sql, *_OF_NO_WORK)
        works = dict.fromkeys(work for (work,) in rows)
        self._apply_works(works, cards=True)
        for work in (self._index.added() | self._index.edited()) - works.keys():
            self._index.write_record(work, WorkRecord())
        self.apply_imports()
        self._index.recount()

    def apply_imports(self) -> None:
        """Write what all imports add up to."""
        sql = f"select id from event where kind = ? and {STANDING} order by at, device, seq, id"
        ids = [id_ for (id_,) in self._db.rows(sql, journal.IMPORT)]
        if self._prepared is None or self._prepared[:2] != (ids, self._reading_log.merged()):
            self.prepare()
        if self._prepared:
            _, merges, imports = self._prepared
            if left := self._index.left_without(imports.works):
                imports = imports._replace(works={**imports.works, **self._as_brought(left)})
            self._index.write_imported(imports, self._own_lists.edits(), merges)
        self._prepared = None

    def _as_brought(self, works: Iterable[str]) -> dict[str, WorkRows]:
        """Return the rows of works as the acts that are undone had brought them."""
        within = "in (select value from json_each(?))"
        has_it = f"exists (select 1 from json_each(data, '$.works') where key {within})"
        sql = f"kind = ? and iif(json_valid(data), {has_it}, false)"
        named = json.dumps([*works])
        imported = replay_imports(self._log.read(sql, journal.IMPORT, named)).works
        fields = {work: imported[work] for work in works if work in imported}
        for event in self._log.read(f"kind = ? and work {within}", journal.ADDED, named):
            if event.work and (added := replay.replay_work([event]).added):
                fields[event.work] = added
        return {work: work_rows(work_from(work, known), known) for work, known in fields.items()}

    def prepare(self, drafted: Sequence[Event] = ()) -> None:
        """Replay the imports as they are once `drafted` are appended, which takes long."""
        undone = journal.undone_acts([*self._log.turns(), *drafted])
        known = self._log.read("kind in (?, ?)", journal.IMPORT, journal.MERGED)
        # Some of another journal's events may be here already.
        events = {event.id: event for event in (*drafted, *known)}.values()
        standing = sorted((e for e in events if e.act not in undone), key=lambda e: e.order)
        ids = [event.id for event in standing if event.kind == journal.IMPORT]
        merges = replay.replay_merges(standing, self._index.shipped())
        self._prepared = ids, merges, import_rows(replay_imports(standing), merges)

    def _edits_of_lists(self, ids: Sequence[str]) -> dict[str, bool]:
        """Return the keys of the own lists that some events edit or place works in.

        Each is with True if it may come, go, or be at another place among the lists.
        """
        keys: dict[str, bool] = {}
        sql = "kind in (?, ?) and id in (select value from json_each(?))"
        kinds = journal.SECTION, journal.PLACED
        for event in self._log.read(sql, *kinds, json.dumps(ids)) if ids else ():
            for name in ("section", "out", "into"):
                path = event.data.get(name)
                if isinstance(path, str) and is_own(path):
                    key, is_list = list_of(path), path == list_of(path)
                    moves = is_list and not event.data.keys().isdisjoint(("position", "removed"))
                    keys[key] = keys.get(key, False) or (moves and name == "section")
        return keys

    def _apply_sections(self) -> None:
        """Write what the reader did to sections and lists."""
        sql = f"kind in (?, ?) and {STANDING}"
        events = self._log.read(sql, journal.SECTION, journal.PLACED)
        if any(event.kind == journal.SECTION for event in events):
            events += self._log.imports()
        self._own_lists.write_sections(replay_sections(events))

    def _apply_lists(self, edited: Mapping[str, bool]) -> None:
        """Write own lists that were edited again, all lists if one of them comes, goes or moves."""
        edits, merges = self._own_lists.edits(), self._reading_log.merged()
        as_they_came = {key: self._index.as_it_came(key) for key in edited}
        if any(edited.values()) or None in as_they_came.values():
            self._index.invalidate_lists(edited)
            self.apply_imports()
            return
        lists = [edited_list(rows, edits, merges) for rows in as_they_came.values() if rows]
        if not self._index.write_own(lists):
            self.apply_imports()

    def _apply_merges(self) -> set[str]:
        """Write which works are merged; empty and return the works that this changes."""
        before = self._reading_log.merged()
        found = self._log.read(f"kind = ? and {STANDING}", journal.MERGED)
        merges = replay.replay_merges(found, self._index.shipped())
        self._reading_log.write_merged(merges)
        changed = {work for work, _ in before.items() ^ merges.items()}
        if changed:
            self._index.invalidate_lists()
        concerned = changed | {of[work] for of in (before, merges) for work in changed & of.keys()}
        for work in concerned:
            self._forget(work)
        return concerned

    def _apply_works(self, works: Iterable[str | None], cards: bool) -> list[str]:
        """Write the records of works; return those, or the ones that they were merged into.

        Their cards are written only with `cards`, as to schedule them may take a slow library.
        """
        merges = self._reading_log.merged()
        added = False
        for work in works:
            if work:
                self._apply_places(work)
            if work in merges:
                self._forget(work)
                added |= self._index.write_record(work, WorkRecord())
        found = dict.fromkeys(merges.get(work or "", work) for work in works)
        are_many = len(found) > MAX_SEARCHED_AT_ONCE
        for work in found:
            if work is None:
                self._apply_habits()
            else:
                added |= self._apply_work(work, cards, are_many)
        if added:
            self._index.count_added()
        return [work for work in found if work]

    def _apply_places(self, work: str) -> None:
        sql = f"work = ? and kind in (?, ?) and {STANDING}"
        events = self._log.read(sql, work, journal.ADDED, journal.PLACED)
        self._own_lists.write_places(work, replay_places(events))

    def _apply_habits(self) -> None:
        sql = f"work is null and kind not in (?, ?, ?) and {STANDING}"
        found = self._log.read(sql, *_OF_NO_WORK)
        self._reading_log.write_habits(replay.replay_habits(found))

    def _apply_seen(self, added: Sequence[str] | None = None) -> None:
        """Write which papers were looked at again, or what events that were `added` say of it."""
        sql = f"kind = ? and {STANDING}"
        if added is None:
            self._reading_log.clear_seen()
            events = self._log.read(sql, journal.SEEN)
        else:
            sql += " and id in (select value from json_each(?))"
            events = self._log.read(sql, journal.SEEN, json.dumps(added))
        self._reading_log.write_seen(replay.replay_seen(events))

    def _forget(self, work: str) -> None:
        """Empty the record of a work, and its cards."""
        self._reading_log.write_work(work, WorkRecord())
        self._cards.write_work(work, (), ())

    def _apply_work(self, work: str, cards: bool, is_searched_later: bool) -> bool:
        """Write the record of a work. Return True if the added works are to be counted again."""
        sql = f"work in (select ?1 union select work from merged where target = ?1) and {STANDING}"
        events = self._log.read(sql, work)
        events = replay.events_that_count(work, events)
        record = replay.replay_work(events)
        before = self._index.counted(work)
        self._reading_log.write_work(work, record)
        if cards:
            self._cards.write_work(work, *replay_recall(record, events))
        added = self._index.write_record(work, record, is_searched_later)
        self._index.correct_counts(work, before)
        return added
