"""What papertui cannot read in a database that SQLite calls whole.

Nothing here is run while all is well: values are checked once one of them could not
be read, by the doctor, and before a database is mended.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from papertui.core.catalog import work_faults
from papertui.core.journal import DEPTHS, DROPPED, PARKED
from papertui.core.labels import DIFFICULTIES, KINDS, ORDER_RULES
from papertui.core.reading_session import Session
from papertui.core.recall import RATINGS
from papertui.core.replay import MAX_OFFSET
from papertui.core.tags import is_tag
from papertui.storage import migrations
from papertui.storage.integrity import TABLES, connect, foreign_triggers
from papertui.storage.stored_paper import load_paper

_TYPES: dict[str, tuple[type, ...]] = {
    "TEXT": (str,),
    "INTEGER": (int,),
    "FLOAT": (int, float),
    "REAL": (int, float),
}
# Columns without a value in some rows; in all others a row without one makes no sense.
_MAY_BE_EMPTY = {
    "event": {"work"},
    "draft": {"base", "session", "owner"},
    "reading": {"read_on", "minutes"},
    "note": {"depth"},
    "standing": {"rank", "aside", "until", "reason"},
    "work": {"arxiv", "doi", "url", "year", "difficulty"},
    "section": {"parent"},
    "item": {"tier"},
    "reading_list": {"caution", "event"},
    "bib_entry": {"work"},
    "detail": {"came"},
    "placed": {"position"},
    "section_edit": {"title", "position"},
    "card": {"stability", "difficulty", "reviewed", "last_rating"},
    "recalled": {"gap"},
    "group_event": {"work"},
    "group_work": {"arxiv", "doi"},
    "group_pass": {"read_on"},
    "group_explained": {"day"},
    "group_note": {"depth"},
}
_STEP = re.compile(r"m\d{3}_\w+")


class _NoText:
    """Takes the place of a text that is not UTF-8."""


def content_flaws(path: Path) -> Iterator[str]:
    """Yield what papertui cannot read or did not write; nothing for a database out of reach."""
    try:
        with closing(connect(path)) as connection:
            connection.text_factory = _text
            yield from foreign_triggers(connection)
            yield from _flaws_of_schema(connection)
            if migrations.applied(connection) == list(migrations.NAMES):
                for table in TABLES:
                    yield from _flaws_of_table(connection, table)
    except sqlite3.Error:
        return


def _flaws_of_schema(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield a list of the schema's steps that is neither that of an older nor of a newer file."""
    tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    names = migrations.applied(connection)
    steps = names[: len(migrations.NAMES)]
    count = "select count(*) from _sqlite_migrations"
    number = connection.execute(count).fetchone()[0] if "_sqlite_migrations" in tables else 0
    is_sound = all(isinstance(name, str) and _STEP.fullmatch(name) for name in names)
    if (
        not is_sound
        or number != len(names)
        or steps != list(migrations.NAMES[: len(steps)])
        or ("event" in tables and not names)
    ):
        yield "the list of its updates cannot be read"


def _flaws_of_table(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    info = connection.execute(f"pragma table_info({table})").fetchall()
    if not info:
        yield f"the table {table} is missing"
        return
    columns = [
        (
            name,
            _TYPES.get(kind, (str,)),
            name not in _MAY_BE_EMPTY.get(table, ()),
            _FORMS.get((table, name)),
        )
        for _, name, kind, *_ in info
    ]
    for row in connection.execute(f"select * from {table}"):
        for (name, types, needed, form), value in zip(columns, row, strict=True):
            if value is None and needed:
                yield f"{table}.{name} is empty"
            elif value is not None and not (type(value) in types and _fits(form, value, row)):
                yield f"{table}.{name} cannot be read"


def _text(raw: bytes) -> Any:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _NoText()


def _fits(form: Callable[[Any, tuple[Any, ...]], object] | None, value: Any, row: Any) -> bool:
    try:
        return form is None or form(value, row) is not False
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False
    except RecursionError:
        # Nothing is read of what is nested so deeply, and nothing falls over it.
        return True


def _object(value: str, _: object) -> bool:
    return isinstance(json.loads(value), dict)


def _json(value: str, _: object) -> None:
    json.loads(value)


def _session(value: str, _: object) -> bool:
    return Session.from_json(json.loads(value)).depth in DEPTHS


def _fields(value: str, _: object) -> bool:
    fields = json.loads(value)
    leads_to = fields.pop("leads_to", [])
    return all(isinstance(work, str) for work in leads_to) and not any(work_faults(fields))


def _new_paper(value: str, _: object) -> None:
    load_paper(value)


def _setting(value: str, row: tuple[Any, ...]) -> bool:
    return row[0] != "device" or _object(value, row)


def _day(value: str, _: object) -> None:
    date.fromisoformat(value)


def _moment(value: str, _: object) -> None:
    datetime.fromisoformat(value)


def _one_of(*words: str) -> Callable[[Any, tuple[Any, ...]], object]:
    return lambda value, _: value in words


def _offset(value: int, _: object) -> bool:
    return abs(value) <= MAX_OFFSET


def _depth(value: int, _: object) -> bool:
    return value in (0, *DEPTHS)


_FORMS: dict[tuple[str, str], Callable[[Any, tuple[Any, ...]], object]] = {
    ("event", "wall"): _moment,
    ("event", "utc_offset"): _offset,
    ("event", "data"): _json,
    ("draft", "saved"): _moment,
    ("draft", "session"): _session,
    ("setting", "value"): _setting,
    ("standing", "aside"): _one_of(PARKED, DROPPED),
    ("work", "origin"): _one_of("shipped", "added", "imported"),
    ("work", "kind"): _one_of(*KINDS),
    ("work", "difficulty"): _one_of(*DIFFICULTIES),
    ("reading_list", "reading_order"): _one_of(*ORDER_RULES),
    ("detail", "fields"): _fields,
    ("detail", "came"): _fields,
    ("edited", "fields"): _object,
    ("tag", "tag"): lambda value, _: is_tag(value),
    ("reading_list", "marks"): _object,
    ("bib_entry", "entry"): _object,
    ("note", "saved"): _moment,
    ("reading", "logged"): _moment,
    ("reading", "read_on"): _day,
    ("standing", "until"): _day,
    ("goal", "since"): _day,
    ("rest", "day"): _day,
    ("scanned", "day"): _day,
    ("shared", "day"): _day,
    ("seen", "day"): _day,
    ("glance", "day"): _day,
    ("new_paper", "announced"): _day,
    ("new_paper", "fields"): _new_paper,
    ("sitting", "day"): _day,
    ("card", "due"): _day,
    ("card", "reviewed"): _day,
    ("recalled", "day"): _day,
    ("recalled", "rating"): lambda value, _: value in RATINGS,
    ("group_event", "wall"): _moment,
    ("group_event", "utc_offset"): _offset,
    ("group_event", "data"): _json,
    ("group_pass", "read_on"): _day,
    ("group_explained", "day"): _day,
    ("group_note", "saved"): _moment,
    ("group_note", "utc_offset"): _offset,
    ("group_list", "content"): _object,
    **{
        (table, "depth"): _depth
        for table in ("reading", "standing", "note", "group_pass", "group_note")
    },
}
