"""The store: appends to the journal and keeps what follows from it up to date."""

import json
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from papertui.core import catalog, journal, labels
from papertui.core.catalog import PassMethod
from papertui.core.journal import Change, Event, Note
from papertui.errors import Refused
from papertui.storage import event_log, migrations
from papertui.storage.database import BUSY_TIMEOUT, Database, ReadOnly
from papertui.storage.drafts import Drafts
from papertui.storage.reading_log import ReadingLog
from papertui.storage.search import Search
from papertui.storage.tree_queries import TreeQueries
from papertui.storage.up_next import UpNextQueries
from papertui.storage.work_queries import WorkQueries
from papertui.system import clock
from papertui.system.clock import Clock

if TYPE_CHECKING:
    from papertui.storage.library_index import LibraryIndex
    from papertui.storage.projector import Projector


CATALOG = Path(__file__).parent.parent / "catalog.json"
# The settings that say which catalogue is indexed, and by which schema the rest was derived.
INDEXED, PROJECTED = "catalog", "projected"


def digest(source: bytes) -> str:
    """Return what tells one catalogue from another: enough to see that it has changed."""
    return f"{len(source)}:{zlib.crc32(source):08x}"


def is_current(database: Database) -> bool:
    """Say whether a database can be asked as it is; a Store brings it up to date."""
    wanted = {INDEXED: digest(CATALOG.read_bytes()), PROJECTED: migrations.LAST_REBUILD}
    found = database.rows("select key, value from setting where key in (?, ?)", *wanted)
    return dict(found) == wanted


_OURS = ("device", INDEXED, PROJECTED)
# Works made searchable while the database is locked, and the seconds others then have.
STEP, PAUSE = 250, 0.02
_NEITHER = f"kind not in ('{journal.UNDO}', '{journal.REDO}')"


class Act(NamedTuple):
    """Events that belong together; `moment` is the reader's local time of the first.

    One that `takes_long` has to do with whole lists.
    """

    id: str
    words: str
    moment: datetime
    is_note: bool
    takes_long: bool
    versions: tuple[str, ...]


class Store:
    """One reader's database.

    Every method that writes takes effect wholly or not at all, and has taken
    effect once it returns. `busy_timeout` is how many seconds anything waits for
    another program before it raises Busy; opening always waits. What is written
    without a moment of its own is written at the moment of the `clock`.
    """

    def __init__(
        self,
        path: Path,
        busy_timeout: float = BUSY_TIMEOUT,
        shipped: Path = CATALOG,
        clock: Clock = clock.now,
    ) -> None:
        self.clock = clock
        self._db = Database(path, BUSY_TIMEOUT, clock)
        try:
            self.works = WorkQueries(self._db)
            self.tree = TreeQueries(self._db)
            self.search = Search(self._db)
            self.up_next = UpNextQueries(self._db)
            self.reading_log = ReadingLog(self._db)
            self.device = self._device()
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
        """Let go of the file."""
        self.drafts.close()
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def record(self, *changes: Change, now: datetime | None = None) -> Act:
        """Append `changes` as one act and return it."""
        events = self._drafted(changes, now)
        self._foresee(events)
        with self._db.writing():
            return self._commit(events)

    def finish(
        self, drafts: Sequence[str | None], *changes: Change, now: datetime | None = None
    ) -> Act:
        """Record what drafts have come to, in one step with forgetting them."""
        with self._db.writing():
            act = self._commit(self._drafted(changes, now))
            self.drafts.drop(*drafts)
        self.drafts.clear_files(*drafts)
        return act

    def forget(self, *drafts: str | None) -> None:
        """Forget drafts that came to nothing."""
        with self._db.writing():
            self.drafts.drop(*drafts)
        self.drafts.clear_files(*drafts)

    def last_act(self) -> Act:
        """Return what an undo takes back: this device's latest act not yet undone.

        Raises Refused when there is none.
        """
        row = self._db.row(
            f"select act from event where device = ? and {_NEITHER}"
            " and act not in (select act from undone) order by seq desc limit 1",
            self.device,
        )
        if row is None:
            raise Refused("There is nothing to undo.")
        return self._act(self.events("act = ?", row[0]))

    def undo(self, act: Act, now: datetime | None = None) -> Act:
        """Take an act back and return it. Raises Refused when it has been undone meanwhile."""
        events = self._drafted([Change(journal.UNDO, None, {"act": act.id})], now)
        self._foresee(events)
        with self._db.writing():
            if self._db.row("select 1 from undone where act = ?", act.id):
                raise Refused("That has been undone already.")
            self._commit(events)
            self.drafts.bring_back(act.id, self.events("act = ?", act.id))
        return act

    def next_redo(self) -> Act:
        """Return what a redo brings back.

        Raises Refused when there is nothing, or something was done since.
        """
        if (act := self._redoable()) is None:
            raise Refused("There is nothing to redo.")
        events = self.events("act = ?", act)
        if any(event.data.get("session") for event in events) and not self.drafts.waits(act):
            raise Refused("That session was taken up again; log it again with ctrl+l.")
        return self._act(events)

    def redo(self, now: datetime | None = None) -> Act:
        """Bring back what the last undo took; raises Refused as `next_redo` does."""
        act = self.next_redo()
        events = self._drafted([Change(journal.REDO, None, {"act": act.id})], now)
        self._foresee(events)
        with self._db.writing():
            if self._redoable() != act.id:
                raise Refused("Something else was done just now; look again.")
            self._commit(events)
            self.drafts.drop(act.id)
        return act

    def merge(self, events: Iterable[Event]) -> int:
        """Take in another journal's events, by id, and return how many were not yet here."""
        events = list(events)
        if any(event.kind == journal.IMPORT for event in events):
            self._projection.prepare(events)
        with event_log.staged(self._db, events), self._db.writing():
            merged = event_log.take_in(self._db)
            self._projection.derive(merged.about)
        return merged.events

    def events(self, condition: str = "true", *values: Any) -> list[Event]:
        """Return the journal's events that meet a condition in SQL, in their order."""
        found = self._db.rows(
            f"select {event_log.COLUMNS} from event where {condition} order by at, device, seq, id",
            *values,
        )
        return [Event(*(*row, _data(data))) for *row, data in found]

    def rebuild(self) -> int:
        """Throw away all that follows from the journal, derive it again, return the events."""
        self._projection.prepare()
        with self._db.writing():
            self._projection.derive_all()
            self._remember(PROJECTED, migrations.LAST_REBUILD)
        for _ in self.catch_up():
            pass
        return int(self._db.row("select count(*) from event")[0])

    def unsearched(self) -> int:
        """Return of how many works the search does not know the words yet."""
        return int(self._db.row("select count(*) from unsearched")[0])

    def catch_up(self) -> Iterator[int]:
        """Make imported works searchable, step by step; yields how many are left.

        Whoever else writes comes in between two steps.
        """
        while left := self.unsearched():
            yield left
            with self._db.writing():
                self._index.wording.catch_up(STEP)
            time.sleep(PAUSE)

    def versions(self, work: str, note: str) -> list[Note]:
        """Return every saved version of a note, undone ones too, the latest first."""
        found = self.events(
            "work in (select ?1 union select work from merged where target = ?1) and kind = ?2",
            work,
            journal.NOTE,
        )
        return [
            Note(note, event.id, None, str(event.data["body"]), event.wall, event.utc_offset)
            for event in reversed(found)
            if event.data.get("note") == note and "body" in event.data
        ]

    @property
    def path(self) -> Path:
        """Where the database lies."""
        return self._db.path

    def version(self) -> int:
        """Return a number that changes when another program has written."""
        return int(self._db.row("pragma data_version")[0])

    def setting(self, key: str) -> str | None:
        """Return a remembered setting of the view."""
        row = self._db.row("select value from setting where key = ?", key)
        return row[0] if row else None

    def settings(self) -> dict[str, str]:
        """Return what the view remembers."""
        marks = ",".join("?" * len(_OURS))
        sql = f"select key, value from setting where key not in ({marks})"
        return dict(self._db.rows(sql, *_OURS))

    def set_setting(self, key: str, value: str) -> None:
        """Remember a setting of the view."""
        if self.setting(key) != value:
            with self._db.writing():
                self._remember(key, value)

    def _remember(self, key: str, value: str) -> None:
        self._db.run("insert or replace into setting values (?, ?)", key, value)

    def _redoable(self) -> str | None:
        since = f"select coalesce(max(seq), 0) from event where device = ? and {_NEITHER}"
        latest = self.events(f"device = ? and seq > ({since})", self.device, self.device)
        return journal.redoable(latest)

    def _drafted(self, changes: Iterable[Change], now: datetime | None) -> list[Event]:
        """Return `changes` as the events of one act, before they have their place."""
        now = now or self.clock()
        at = int(now.timestamp() * 1_000_000)
        wall = now.astimezone(UTC).isoformat(timespec="milliseconds")
        offset = round((now.utcoffset() or timedelta()).total_seconds() / 60)
        act = uuid.uuid4().hex
        return [
            Event(
                uuid.uuid4().hex, self.device, 0, at, wall, offset, act,
                change.kind, change.work, change.data,
            )
            for change in changes
        ]  # fmt: skip

    def _placed(self, drafted: Iterable[Event]) -> list[Event]:
        """Return events at the end of the journal."""
        seq, latest = self._db.row(
            "select coalesce((select max(seq) from event where device = ?), 0),"
            " coalesce((select max(at) from event), 0)",
            self.device,
        )
        return [
            event._replace(seq=seq + number, at=max(event.at, latest + 1) + number - 1)
            for number, event in enumerate(drafted, 1)
        ]

    def _foresee(self, drafted: Sequence[Event]) -> None:
        """Prepare what a change of lists, or its undo, takes long for before the lock."""
        lists = f"kind in ('{journal.IMPORT}', '{journal.MERGED}')"
        if any(
            event.kind in (journal.IMPORT, journal.MERGED)
            or self._db.row(
                f"select 1 from event where {lists} and act = ?", str(event.data.get("act"))
            )
            for event in drafted
        ):
            self._projection.prepare(self._placed(drafted))

    def _commit(self, drafted: Iterable[Event]) -> Act:
        events = self._placed(drafted)
        event_log.insert(self._db, "event", events)
        about = [(event.kind, event.work) for event in events]
        for event in events:
            if event.kind in (journal.UNDO, journal.REDO):
                sql = "select kind, work from event where act = ?"
                about += self._db.rows(sql, str(event.data.get("act")))
        self._projection.derive(about)
        return self._act(events)

    @cached_property
    def _index(self) -> "LibraryIndex":
        from papertui.storage.library_index import LibraryIndex

        return LibraryIndex(self._db)

    @cached_property
    def _projection(self) -> "Projector":
        from papertui.storage.projector import Projector

        return Projector(self._db, self.reading_log, self._index, self.events)

    def _act(self, events: list[Event]) -> Act:
        first = events[0]
        notes = (journal.NOTE, journal.NOTE_REMOVED)
        return Act(
            first.act,
            labels.describe(events, self.works.about),
            labels.local_time(first.wall, first.utc_offset),
            any(event.kind in notes for event in events),
            any(event.kind in (journal.IMPORT, journal.MERGED) for event in events),
            tuple(event.id for event in events if event.kind == journal.NOTE),
        )

    def _device(self) -> str:
        """Return who writes here: a copy of the file, or another machine, is another device."""
        here = f"{_machine()}:{self._db.path.stat().st_ino}"
        known = json.loads(self.setting("device") or "{}")
        if known.get("here") == here:
            return str(known["id"])
        # Whoever can only read signs nothing with it.
        with suppress(ReadOnly), self._db.writing():
            known = json.loads(self.setting("device") or "{}")
            if known.get("here") != here:
                known = {"id": uuid.uuid4().hex, "here": here}
                self._remember("device", json.dumps(known))
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
            self._index.wording.catch_up(len(whole.works))
            self._projection.derive_imports()
            self._remember(INDEXED, shipped_digest)


def _data(stored: str) -> dict[str, Any]:
    """Return an event's data; what is no object holds nothing anyone could use."""
    try:
        data = json.loads(stored)
    except RecursionError:
        return {}
    return data if isinstance(data, dict) else {}


def _machine() -> str:
    try:
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return f"{uuid.getnode():x}"


def work_merge(store: Store, work: str, into: str) -> Change:
    """Return what makes a work one with another. Raises Refused where that cannot be."""
    title = store.works.title(work)
    if work == into:
        raise Refused("That is the same work already.")
    if store.works.is_shipped(work):
        raise Refused(f"papertui comes with {title}: merge the other work into it.")
    if any(draft.work == work for draft in store.drafts.waiting()):
        raise Refused(f"A note or session on {title} waits: finish it first.")
    return journal.merge_works(work, into)


@cache
def shipped_catalog() -> catalog.Catalog:
    """Return the catalogue that papertui comes with."""
    return catalog.load(CATALOG.read_bytes(), CATALOG.name)


def reading_method() -> tuple[PassMethod, ...]:
    """Return how each pass is made, from the shipped catalogue."""
    return shipped_catalog().method
