"""The store: appends to the journal and keeps what follows from it up to date."""

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from papertui import catalog, journal
from papertui.database import PATIENCE, explained, open_database, writing
from papertui.journal import Change, Event, Refused
from papertui.library import Library
from papertui.reader import Reader

_EVENT = "id, device, seq, at, wall, utc_offset, act, kind, work, data"
_NEITHER = f"kind not in ('{journal.UNDO}', '{journal.REDO}')"


@dataclass(frozen=True, slots=True)
class Act:
    """Events that belong together, in words and with what undoing them should ask about."""

    id: str
    words: str
    day: date
    is_note: bool
    works: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Text being typed: of which note, and on top of which of its versions."""

    id: str
    work: str
    note: str
    base: str | None
    body: str


class Store:
    """One reader's database.

    Every method that writes takes effect wholly or not at all, and has taken
    effect once it returns. `patience` is how many seconds a write waits for
    another program's before it raises Busy.
    """

    def __init__(
        self, path: Path, patience: float = PATIENCE, shipped: Path = catalog.SHIPPED
    ) -> None:
        self.path = path
        self._patience = patience
        self._db, changed = open_database(path)
        self.library = Library(self._db)
        self.reader = Reader(self._db)
        try:
            self.device = self._setting_once("device", lambda: uuid.uuid4().hex)
            self._index_shipped(shipped)
            if changed:
                self.rebuild()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
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

    # ── the journal ─────────────────────────────────────────────────────────

    def record(self, *changes: Change, now: datetime | None = None) -> Act:
        """Append `changes` as one act and return it."""
        with self._writing():
            events = self._append(changes, now or datetime.now().astimezone())
            self._project(events)
        return self._act(events)

    def last_act(self) -> Act | None:
        """Return this device's latest act not yet undone: what an undo takes back."""
        row = self._row(
            f"select act from event where device = ? and {_NEITHER}"
            " and act not in (select act from undone) order by seq desc limit 1",
            self.device,
        )
        return self._act(self.events("act = ?", row[0])) if row else None

    def undo(self, act: Act) -> Act:
        """Take an act back and return it. Raises Refused when it has been undone meanwhile."""
        with self._writing():
            if self._row("select 1 from undone where act = ?", act.id):
                raise Refused("That has been undone already.")
            self._switch(journal.UNDO, act.id)
        return act

    def redo(self) -> Act | None:
        """Bring back what the last undo took, unless something was done since."""
        with self._writing():
            events = self.events(
                f"device = ? and seq >= (select coalesce(max(seq), 0) from event where device = ?"
                f" and {_NEITHER})",
                self.device,
                self.device,
            )
            if (act := journal.redoable(events)) is None:
                return None
            self._switch(journal.REDO, act)
        return self._act(self.events("act = ?", act))

    def events(self, condition: str = "true", *values: Any) -> list[Event]:
        """Return the journal's events that meet a condition in SQL, in their order."""
        found = self._db.execute(
            f"select {_EVENT} from event where {condition} order by at, device, seq",
            values,
        ).fetchall()
        return [Event(*(*row, json.loads(data))) for *row, data in found]

    def rebuild(self) -> None:
        """Throw away all that follows from the journal and derive it again."""
        with self._writing():
            self.reader.clear()
            self._project_undone()
            works = self._db.execute("select distinct work from event").fetchall()
            self._project_works({work for (work,) in works})

    def _append(self, changes: Iterable[Change], now: datetime) -> list[Event]:
        seq, latest = self._row(
            "select coalesce((select max(seq) from event where device = ?), 0),"
            " coalesce((select max(at) from event), 0)",
            self.device,
        )
        at = max(int(now.timestamp() * 1_000_000), latest + 1)
        wall = now.astimezone(UTC).isoformat(timespec="milliseconds")
        offset = round((now.utcoffset() or (now - now)).total_seconds() / 60)
        act = uuid.uuid4().hex
        events = [
            Event(
                uuid.uuid4().hex, self.device, seq + number, at + number - 1, wall, offset, act,
                change.kind, change.work, change.data,
            )
            for number, change in enumerate(changes, 1)
        ]  # fmt: skip
        self._db.executemany(
            f"insert into event ({_EVENT}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    e.id, e.device, e.seq, e.at, e.wall, e.utc_offset, e.act, e.kind, e.work,
                    json.dumps(dict(e.data), ensure_ascii=False),
                )
                for e in events
            ],
        )  # fmt: skip
        return events

    def _switch(self, kind: str, act: str) -> None:
        events = self._append([Change(kind, None, {"act": act})], datetime.now().astimezone())
        self._project([*events, *self.events("act = ?", act)])

    def _act(self, events: list[Event]) -> Act:
        first = events[0]
        local = datetime.fromisoformat(first.wall).timestamp() + first.utc_offset * 60
        return Act(
            first.act,
            journal.describe(events, self.library.title),
            datetime.fromtimestamp(local, UTC).date(),
            any(event.kind in (journal.NOTE, journal.NOTE_REMOVED) for event in events),
            tuple(dict.fromkeys(event.work for event in events if event.work)),
        )

    # ── projections ─────────────────────────────────────────────────────────

    def _project(self, events: Iterable[Event]) -> None:
        events = list(events)
        if any(event.kind in (journal.UNDO, journal.REDO) for event in events):
            self._project_undone()
        self._project_works({event.work for event in events})

    def _project_undone(self) -> None:
        self.reader.write_undone(journal.undone_acts(self.events(f"not ({_NEITHER})")))

    def _project_works(self, works: Iterable[str | None]) -> None:
        for work in works:
            events = self.events("work is ? and act not in (select act from undone)", work)
            if work is None:
                self.reader.write_habits(journal.fold_habits(events))
            else:
                record = journal.fold_work(events)
                self.reader.write_work(work, record)
                self.library.index_added(work, record.added)

    # ── drafts and settings ─────────────────────────────────────────────────

    def version(self) -> int:
        """Return a number that changes when another program has written."""
        return int(self._row("pragma data_version")[0])

    def save_draft(self, draft: Draft, now: datetime | None = None) -> None:
        """Keep the text being typed."""
        saved = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        with self._writing():
            self._db.execute(
                "insert or replace into draft values (?, ?, ?, ?, ?, ?)",
                [draft.id, draft.work, draft.note, draft.base, draft.body, saved],
            )

    def drop_draft(self, draft: str) -> None:
        """Forget a draft."""
        with self._writing():
            self._db.execute("delete from draft where id = ?", [draft])

    def drafts(self) -> list[Draft]:
        """Return the drafts that wait, the last typed first."""
        found = self._db.execute(
            "select id, work, note, base, body from draft order by saved desc, rowid desc"
        )
        return [Draft(*row) for row in found.fetchall()]

    def finish_draft(self, draft: Draft, now: datetime | None = None) -> Act:
        """Make a draft a saved version of its note, in one step with forgetting it."""
        change = journal.save_note(draft.work, draft.note, draft.body, draft.base)
        with self._writing():
            events = self._append([change], now or datetime.now().astimezone())
            self._project(events)
            self._db.execute("delete from draft where id = ?", [draft.id])
        return self._act(events)

    def setting(self, key: str) -> str | None:
        """Return a remembered setting of the view."""
        row = self._row("select value from setting where key = ?", key)
        return row[0] if row else None

    def set_setting(self, key: str, value: str) -> None:
        """Remember a setting of the view."""
        if self.setting(key) != value:
            with self._writing():
                self._db.execute("insert or replace into setting values (?, ?)", [key, value])

    def _setting_once(self, key: str, make: Any) -> str:
        if (found := self.setting(key)) is None:
            with self._writing():
                self._db.execute("insert or ignore into setting values (?, ?)", [key, make()])
            found = self.setting(key)
        assert found is not None
        return found

    def _index_shipped(self, path: Path) -> None:
        source = path.read_bytes()
        digest = blake2b(source, digest_size=16).hexdigest()
        if self.setting("catalog") == digest:
            return
        shipped = catalog.load(source, path.name)
        with self._writing():
            self.library.index_shipped(shipped)
            self._db.execute("insert or replace into setting values ('catalog', ?)", [digest])

    def _row(self, sql: str, *values: Any) -> Any:
        return self._db.execute(sql, values).fetchone()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self.path), writing(self._db, self._patience):
            yield
