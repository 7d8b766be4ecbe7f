"""Two journals made one: the union of their events, staged where it locks nobody out."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from papertui.core import journal
from papertui.core.journal import Event
from papertui.core.text import escaped
from papertui.storage.database import Database

COLUMNS = "id, device, seq, at, wall, utc_offset, act, kind, work, data"


class Merged(NamedTuple):
    """How many events were new, and kind and work of each that changes what stands."""

    events: int
    about: list[tuple[str, str | None]]


def insert(database: Database, table: str, events: Iterable[Event]) -> None:
    """Write events into a table; one whose id is there already is passed over."""
    database.run_many(
        f"insert into {table} ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict (id) do nothing",
        (
            (
                e.id, e.device, e.seq, e.at, e.wall, e.utc_offset, e.act, e.kind, e.work,
                escaped(json.dumps(dict(e.data), ensure_ascii=False)),
            )
            for e in events
        ),
    )  # fmt: skip


@contextmanager
def staged(database: Database, events: Iterable[Event]) -> Iterator[None]:
    """Hold events in a table of this connection's own, which locks nobody out."""
    database.run(f"create temp table incoming ({COLUMNS}, primary key (id))")
    try:
        insert(database, "temp.incoming", events)
        yield
    finally:
        database.run("drop table temp.incoming")


def take_in(database: Database) -> Merged:
    """Append the staged events that the journal lacks; the caller holds the transaction."""
    database.run("delete from temp.incoming where id in (select id from main.event)")
    (number,) = database.row("select count(*) from temp.incoming")
    database.run(f"insert into main.event select {COLUMNS} from temp.incoming")
    undoing = database.rows(
        "select data from temp.incoming where kind in (?, ?)", journal.UNDO, journal.REDO
    )
    acts = [str(json.loads(data).get("act")) for (data,) in undoing]
    about = database.rows(
        "select kind, work from main.event where id in (select id from temp.incoming)"
        " or act in (select value from json_each(?)) order by at, device, seq, id",
        json.dumps(acts),
    )
    return Merged(number, about)
