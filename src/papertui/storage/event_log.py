"""The journal's table: read, appended to, and joined with the events of another journal."""

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from papertui.core import journal
from papertui.core.journal import Change, Event
from papertui.core.text import escaped, valid_unicode
from papertui.storage.database import Database

if TYPE_CHECKING:
    from papertui.core.journal_file import StoredEvent

COLUMNS = "id, device, seq, at, wall, utc_offset, act, kind, work, data"
_ORDER = "order by at, device, seq, id"
_TURNS = (journal.UNDO, journal.REDO)
_NO_TURN = f"kind not in {_TURNS}"
STANDING = "act not in (select act from undone)"

# In KiB, negative as SQLite has it; enough for the indexes of some hundred thousand events.
_STAGING_CACHE = -64_000
# What the records of many works follow from.
_FIRST = f"(work is null or kind = '{journal.MERGED}')"

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

# The kind of an event, the work that it is about, and its id.
About = tuple[str, str | None, str]


def insert_rows(database: Database, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows of events into a table, but for those whose id it has already."""
    database.run_many(
        f"insert into {table} ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict (id) do nothing",
        rows,
    )


class EventLog:
    """The journal of a database. The caller of a method that writes holds the transaction.

    `device` names the one who writes here.
    """

    def __init__(self, database: Database, device: str) -> None:
        self._db = database
        self.device = device
        self._encoded: dict[str, str] = {}

    def read(self, condition: str = "true", *values: Any) -> list[Event]:
        """Return the events that meet a condition in SQL, in their order."""
        rows = self._db.rows(f"select {COLUMNS} from event where {condition} {_ORDER}", *values)
        return list(map(event_from, rows))

    def private_notes(self) -> frozenset[str]:
        """Return the notes that are kept from other devices."""
        return journal.private_notes(self.read(f"kind = ? and {STANDING}", journal.PRIVATE))

    def turns(self) -> list[Event]:
        """Return every undo and redo."""
        return self.read(f"kind in {_TURNS}")

    def imports(self) -> list[Event]:
        """Return the imports that are not undone, with nothing but the keys of their lists."""
        rows = self._db.rows(
            "select id, device, seq, at, wall, utc_offset, act, kind, work,"
            " iif(json_valid(data), json_extract(data, '$.list.key'), null)"
            f" from event where kind = ? and {STANDING} {_ORDER}",
            journal.IMPORT,
        )
        return [Event(*(*columns, {"list": {"key": key}})) for *columns, key in rows]

    def act(self, act: str) -> list[Event]:
        """Return the events of an act."""
        return self.read("act = ?", act)

    def count(self) -> int:
        """Return the number of events."""
        return int(self._db.row("select count(*) from event")[0])

    def latest_act(self) -> str | None:
        """Return this device's latest act that is not undone, None if there is none."""
        row = self._db.row(
            f"select act from event where device = ? and {_NO_TURN} and {STANDING}"
            " order by seq desc limit 1",
            self.device,
        )
        return row and str(row[0])

    def redoable_act(self) -> str | None:
        """Return the act that this device undid last, None if it has done something since."""
        since = f"select coalesce(max(seq), 0) from event where device = ?1 and {_NO_TURN}"
        return journal.redoable(self.read(f"device = ?1 and seq > ({since})", self.device))

    def about(self, events: Iterable[Event]) -> list[About]:
        """Return what some events, and the acts that they undo or redo, are about."""
        events = list(events)
        acts = [str(event.data.get("act")) for event in events if event.kind in _TURNS]
        sql = "select kind, work, id from event where act in (select value from json_each(?))"
        turned = self._db.rows(sql, json.dumps(acts)) if acts else []
        return [(event.kind, event.work, event.id) for event in events] + turned

    def drafted(self, changes: Iterable[Change], now: datetime) -> list[Event]:
        """Return `changes` as the events of one new act, not yet in their place.

        Their data are encoded here: a large list takes longer than a lock should be held.
        """
        at = int(now.timestamp() * 1_000_000)
        wall = now.astimezone(UTC).isoformat(timespec="milliseconds")
        offset = round((now.utcoffset() or timedelta()).total_seconds() / 60)
        act = uuid.uuid4().hex
        events = [
            Event(uuid.uuid4().hex, self.device, 0, at, wall, offset, act, *change)
            for change in changes
        ]
        self._encoded = {event.id: encoded(event) for event in events}
        return events

    def placed(self, drafted: Iterable[Event]) -> list[Event]:
        """Return events with the place that they have at the end of the journal."""
        seq, latest = self._db.row(
            "select coalesce((select max(seq) from event where device = ?), 0),"
            " coalesce((select max(at) from event), 0)",
            self.device,
        )
        return [
            event._replace(
                seq=seq + number, at=min(max(event.at, latest + 1) + number - 1, journal.MAX_AT)
            )
            for number, event in enumerate(drafted, 1)
        ]

    def append(self, events: Iterable[Event]) -> None:
        """Append events that have their place."""
        rows = [(*e[:-1], self._encoded.get(e.id) or encoded(e)) for e in events]
        insert_rows(self._db, "event", rows)
        self._encoded = {}

    @contextmanager
    def staged(self, events: "Iterable[StoredEvent]") -> Iterator[None]:
        """Hold the events that the journal lacks in a table of this connection, for `join`.

        It locks nobody out.
        """
        db, pages = self._db, self._db.row("pragma cache_size")[0]
        db.run(f"create temp table incoming ({COLUMNS})")
        try:
            places = ", ".join("?" * 10)
            # One transaction of this table only, which locks nobody out.
            with db.reading():
                db.run_many(f"insert into temp.incoming values ({places})", events)
            # Ids are scattered over their index, all of which the usual cache does not hold.
            db.run(f"pragma cache_size = {_STAGING_CACHE}")
            db.run("delete from temp.incoming where id in (select id from main.event)")
            # All that is asked of them but their data.
            db.run("create index temp.incoming_work on incoming (work, kind, id)")
            yield
        finally:
            db.run(f"pragma cache_size = {pages}")
            db.run("drop table temp.incoming")

    def steps(self, size: int) -> list[tuple[str, str] | None]:
        """Return the steps in which to `join` the staged events, of some `size` at least.

        All events of a work are of one step. The first, None, has those that others follow
        from; it has all if they are few.
        """
        sql = f"select work, count(*) from temp.incoming where not {_FIRST} group by 1 order by 1"
        works = self._db.rows(sql)
        if sum(number for _, number in works) <= size:
            return [None]
        steps: list[tuple[str, str] | None] = [None]
        first, waiting = None, 0
        for work, number in works:
            first, waiting = (work if first is None else first), waiting + number
            if waiting >= size or work == works[-1][0]:
                steps.append((first, work))
                first, waiting = None, 0
        return steps

    def staged_lists(self) -> list[Event]:
        """Return the staged events that whole lists may follow from."""
        kinds = (journal.IMPORT, journal.MERGED, *_TURNS)
        sql = f"select {COLUMNS} from temp.incoming where kind in {kinds} {_ORDER}"
        return list(map(event_from, self._db.rows(sql)))

    def devices(self) -> dict[str, int]:
        """Return every device with the number of its last event."""
        sql = (
            "with recursive each(device) as (select min(device) from event union all select"
            " (select min(device) from event where device > each.device) from each"
            " where each.device is not null) select device,"
            " (select max(seq) from event where event.device = each.device) from each"
            " where device is not null"
        )
        return dict(self._db.rows(sql))

    def of_device(self, device: str, after: int, until: int) -> Iterator[Event]:
        """Yield the events of a device with numbers above `after`, up to `until`, in their order.

        Others can write meanwhile.
        """
        sql = (
            f"select {COLUMNS} from event where device = ? and seq <= ? and (seq, id) > (?, ?)"
            " order by seq, id limit 500"
        )
        place: tuple[int, str] = (after, "\U0010ffff")
        while rows := self._db.rows(sql, device, until, *place):
            yield from map(event_from, rows)
            place = rows[-1][2], rows[-1][0]

    def join(self, step: tuple[str, str] | None, is_all: bool) -> tuple[int, list[About]]:
        """Append the staged events of a step, or all of them.

        Return their number, and what they, and the acts they undo or redo, are about.
        """
        db = self._db
        which = f"work between ? and ? and not {_FIRST}" if step else _FIRST
        which, values = ("true", ()) if is_all else (which, step or ())
        staged = f"from temp.incoming where {which}"
        db.run(f"insert into main.event select {COLUMNS} {staged} on conflict do nothing", *values)
        (number,) = db.row("select changes()")
        about = db.rows(f"select kind, work, id {staged}", *values)
        turns = db.rows(f"select data {staged} and kind in {_TURNS}", *values)
        acts = {str(_data(stored).get("act")) for (stored,) in turns}
        sql = "select kind, work, id from main.event where act in (select value from json_each(?))"
        turned = db.rows(sql, json.dumps([*acts])) if acts else []
        return number, about + turned


def encoded(event: Event) -> str:
    """Return the data of an event as they are stored."""
    return escaped(json.dumps(dict(event.data), ensure_ascii=False))


def event_from(row: Sequence[Any]) -> Event:
    """Return the event in a row of `COLUMNS`."""
    *columns, stored = row
    return Event(*(*columns, _data(stored)))


def _data(stored: str) -> dict[str, Any]:
    """Return the data of an event, nothing if it is no JSON object that Python can read."""
    try:
        data = json.loads(stored)
        # Half a pair of surrogates is no text that SQLite, a file or a program takes.
        if _SURROGATE.search(stored):
            data = _valid(data)
    except RecursionError:
        return {}
    return data if isinstance(data, dict) else {}


def _valid(value: Any) -> Any:
    if isinstance(value, dict):
        return {valid_unicode(key): _valid(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(_valid, value))
    return valid_unicode(value) if isinstance(value, str) else value
