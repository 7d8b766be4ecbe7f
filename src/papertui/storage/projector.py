"""The projection: every table that follows from the journal, written from its events.

Whoever calls `derive` or `derive_all` holds the transaction.
"""

from collections.abc import Callable, Iterable, Sequence

from papertui.core import journal, replay
from papertui.core.journal import Event, WorkRecord
from papertui.core.replay import replay_imports
from papertui.storage.database import Database
from papertui.storage.library_index import ImportRows, LibraryIndex, import_rows
from papertui.storage.reading_log import ReadingLog

STANDS = "act not in (select act from undone)"

Events = Callable[..., list[Event]]


class Projector:
    """Writes what the reader has done and the index of works and lists.

    `events` returns the journal's events that meet a condition in SQL.
    """

    def __init__(
        self, database: Database, reader: ReadingLog, index: LibraryIndex, events: Events
    ) -> None:
        self._db = database
        self._reader = reader
        self._index = index
        self._events = events
        self._prepared: tuple[list[str], dict[str, str], ImportRows] | None = None

    def derive(self, about: Iterable[tuple[str, str | None]]) -> None:
        """Derive again what events have come to, given the kind of each and its work."""
        about = list(about)
        kinds = {kind for kind, _ in about}
        if kinds & {journal.UNDO, journal.REDO}:
            self._reader.write_undone(journal.undone_acts(self._turns()))
        works = dict.fromkeys(work for kind, work in about if kind != journal.IMPORT)
        if journal.MERGED in kinds:
            works |= dict.fromkeys(self._derive_merges())
        placed = self._derive_works(works)
        # A work without a place may be one that had left its list.
        if kinds & {journal.IMPORT, journal.MERGED} or self._index.unknown(placed):
            self.derive_imports()
        if journal.MERGED in kinds:
            self._index.recount_all()

    def derive_all(self) -> None:
        """Throw away all there is and derive it again."""
        self._reader.clear()
        self._index.distrust()
        self._reader.write_undone(journal.undone_acts(self._turns()))
        self._derive_merges()
        found = self._db.rows(
            "select work from event where kind <> ? order by at, device, seq, id", journal.IMPORT
        )
        works = dict.fromkeys(work for (work,) in found)
        self._derive_works(works)
        for work in self._index.added() - works.keys():
            self._index.write_record(work, WorkRecord())
        self.derive_imports()
        self._index.recount_all()

    def derive_imports(self) -> None:
        """Derive again what all imports have come to."""
        standing = self._db.rows(
            f"select id from event where kind = ? and {STANDS} order by at, device, seq, id",
            journal.IMPORT,
        )
        ids = [id_ for (id_,) in standing]
        if self._prepared is None or self._prepared[:2] != (ids, self._reader.merged()):
            self.prepare()
        if self._prepared:
            self._index.write_imported(self._prepared[2])
        self._prepared = None

    def prepare(self, drafted: Sequence[Event] = ()) -> None:
        """Do beforehand what takes long about the imports that stand once `drafted` are added."""
        undone = journal.undone_acts([*self._turns(), *drafted])
        known = self._events("kind in (?, ?)", journal.IMPORT, journal.MERGED)
        # Of what is merged some may be here already.
        found = {event.id: event for event in (*drafted, *known)}.values()
        standing = sorted((e for e in found if e.act not in undone), key=lambda e: e.order)
        ids = [event.id for event in standing if event.kind == journal.IMPORT]
        merges = replay.replay_merges(standing, self._index.shipped())
        self._prepared = ids, merges, import_rows(replay_imports(standing), merges)

    def _turns(self) -> list[Event]:
        return self._events("kind in (?, ?)", journal.UNDO, journal.REDO)

    def _derive_merges(self) -> set[str]:
        """Derive again which works others have taken in; returns those that concerns, emptied."""
        before = self._reader.merged()
        found = self._events(f"kind = ? and {STANDS}", journal.MERGED)
        merges = replay.replay_merges(found, self._index.shipped())
        self._reader.write_merged(merges)
        changed = {work for work, _ in before.items() ^ merges.items()}
        if changed:
            self._index.distrust_lists()
        concerned = changed.union(
            *({of[work] for work in changed if work in of} for of in (before, merges))
        )
        for work in concerned:
            self._reader.write_work(work, WorkRecord())
        return concerned

    def _derive_works(self, works: Iterable[str | None]) -> list[str]:
        """Derive again what works have come to; returns those, or what has taken them in."""
        merges = self._reader.merged()
        added = False
        for work in works:
            if work in merges:
                self._reader.write_work(work, WorkRecord())
                added |= self._index.write_record(work, WorkRecord())
        found = dict.fromkeys(merges.get(work or "", work) for work in works)
        for work in found:
            if work is None:
                self._derive_habits()
            else:
                added |= self._derive_work(work)
        if added:
            self._index.count_added()
        return [work for work in found if work]

    def _derive_habits(self) -> None:
        found = self._events(f"work is null and kind <> ? and {STANDS}", journal.IMPORT)
        self._reader.write_habits(replay.replay_habits(found))

    def _derive_work(self, work: str) -> bool:
        """Derive again what a work has come to; says whether the added ones are to be counted."""
        found = self._events(
            f"work in (select ?1 union select work from merged where target = ?1) and {STANDS}",
            work,
        )
        record = replay.replay_work(event for event in found if replay.counts_for(work, event))
        before = self._index.counted(work)
        self._reader.write_work(work, record)
        added = self._index.write_record(work, record)
        self._index.correct_counts(work, before)
        return added
