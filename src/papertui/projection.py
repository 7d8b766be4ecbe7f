"""The projection: every table that follows from the journal, written from its events.

Whoever calls `derive` or `derive_all` holds the transaction.
"""

from collections.abc import Callable, Iterable, Sequence

from papertui import fold, journal
from papertui.database import Database
from papertui.imported import fold_imports
from papertui.index import ImportRows, Index, import_rows
from papertui.journal import Event
from papertui.reader import Reader
from papertui.records import WorkRecord

STANDS = "act not in (select act from undone)"

Events = Callable[..., list[Event]]


class Projection:
    """Writes what the reader has done and the index of works and lists.

    `events` returns the journal's events that meet a condition in SQL.
    """

    def __init__(self, database: Database, reader: Reader, index: Index, events: Events) -> None:
        self._db = database
        self._reader = reader
        self._index = index
        self._events = events
        self._prepared: tuple[list[str], ImportRows] | None = None

    def derive(self, about: Iterable[tuple[str, str | None]]) -> None:
        """Derive again what events have come to, given the kind of each and its work."""
        about = list(about)
        kinds = {kind for kind, _ in about}
        if kinds & {journal.UNDO, journal.REDO}:
            self._reader.write_undone(journal.undone_acts(self._turns()))
        works = dict.fromkeys(work for kind, work in about if kind != journal.IMPORT)
        self._derive_works(works)
        # A work without a place may be one that had left its list.
        if journal.IMPORT in kinds or self._index.unknown(filter(None, works)):
            self.derive_imports()

    def derive_all(self) -> None:
        """Throw away all there is and derive it again."""
        self._reader.clear()
        self._index.distrust()
        self._reader.write_undone(journal.undone_acts(self._turns()))
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
        if self._prepared is None or self._prepared[0] != ids:
            self.prepare()
        if self._prepared:
            self._index.write_imported(self._prepared[1])
        self._prepared = None

    def prepare(self, drafted: Sequence[Event] = ()) -> None:
        """Do beforehand what takes long about the imports that stand once `drafted` are added."""
        undone = journal.undone_acts([*self._turns(), *drafted])
        # Of what is merged some may be here already.
        found = {e.id: e for e in (*drafted, *self._events("kind = ?", journal.IMPORT))}
        standing = [e for e in found.values() if e.kind == journal.IMPORT and e.act not in undone]
        standing.sort(key=lambda event: event.order)
        self._prepared = [e.id for e in standing], import_rows(fold_imports(standing))

    def _turns(self) -> list[Event]:
        return self._events("kind in (?, ?)", journal.UNDO, journal.REDO)

    def _derive_works(self, works: Iterable[str | None]) -> None:
        added = False
        for work in works:
            found = self._events(f"work is ? and kind <> ? and {STANDS}", work, journal.IMPORT)
            if work is None:
                self._reader.write_habits(fold.fold_habits(found))
            else:
                record = fold.fold_work(found)
                before = self._index.standing(work)
                self._reader.write_work(work, record)
                added |= self._index.write_record(work, record)
                self._index.recount(work, before)
        if added:
            self._index.count_added()
