"""Restoring a database: from a copy, or from what a damaged file and its backups still hold.

The file that was there is kept beside it and never written to; what it holds can be added to
the database later.
"""

import json
import mmap
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from papertui.config import command_line
from papertui.core.journal import NOTE, PASS, SESSION_ENDED
from papertui.core.labels import full_time
from papertui.core.text import quantity
from papertui.storage.backups import (
    BEFORE,
    DAMAGED,
    Backup,
    BackupError,
    Backups,
    SourceDamaged,
    aside,
    copy,
    kept_files,
)
from papertui.storage.contents import content_flaws
from papertui.storage.database import (
    BUSY_TIMEOUT,
    Busy,
    Damaged,
    Database,
    DatabaseError,
    InUse,
    check_identity,
    database_errors,
    exclusive_lock,
    stored_values,
)
from papertui.storage.event_log import COLUMNS, STANDING, insert_rows
from papertui.storage.integrity import connect, faults
from papertui.storage.salvage import DraftRow, Salvaged, repair, salvage
from papertui.storage.store import OWN_SETTINGS, Store
from papertui.system.files import flush

DAMAGED_FILE = "the damaged file"
_INSERT_DRAFT = (
    "insert into draft (id, work, note, base, body, saved, session) values (?, ?, ?, ?, ?, ?, ?)"
)
# Sessions that some events log or end, and whose text one of the notes has.
_FINISHED = f"""
delete from draft where session is not null and exists (
    select 1 from json_each(?) join event on event.id = value where kind in (?, ?) and {STANDING}
    and iif(json_valid(data), json_extract(data, '$.session.note') = draft.note, 0)
) and (trim(body) = '' or exists (
    select 1 from event where kind = ? and iif(json_valid(data),
        json_extract(data, '$.note') = draft.note
        and instr(json_extract(data, '$.body'), draft.body) > 0, 0)))"""


@dataclass(frozen=True, slots=True)
class Mended:
    """The sources of a mended database, and the path under which the damaged file is kept.

    `events` are all events in it, `saved` those that no backup has, which came from `source`.
    """

    backup: Backup | None
    events: int
    saved: int
    kept: Path | None
    source: str = DAMAGED_FILE

    @property
    def words(self) -> str:
        """The numbers and sources as a phrase."""
        entries = quantity(self.events, "entry", "entries")
        if not self.backup:
            return f"{entries}, all from {self.source}"
        backup = f"from the copy of {full_time(self.backup.taken)}"
        if not self.saved:
            return f"{entries}, all {backup}"
        copied = f"{self.events - self.saved:,} {backup}"
        return f"{entries}, {copied} and {self.saved:,} from {self.source}"


class Joined(NamedTuple):
    """What was added to a database, and how many events it has now."""

    added: Salvaged
    events: int

    @property
    def words(self) -> str:
        """The numbers as a phrase."""
        entries = quantity(self.events, "entry", "entries")
        if not self.added:
            return f"nothing was missing; the database has {entries}"
        return f"{self.added.words} added; the database has {entries} now"


class WholeCopy(NamedTuple):
    """A backup that is whole, and how many events it holds."""

    backup: Backup
    events: int


def restore(database: Path, source: Path, now: datetime) -> Path | None:
    """Put a copy of `source` in the place of a database.

    Return the path under which the old file is kept, None if there was none.
    Raises DatabaseError and BackupError, and has changed nothing then.
    """
    database = Path(os.path.realpath(database))
    try:
        check_identity(source)
    except Damaged as error:
        raise _unusable(source, error.how) from error
    except OSError as error:
        raise BackupError(f"Cannot read {source}: {error.strerror}.") from error
    word = DAMAGED if is_damaged(database) else BEFORE
    with _workshop(database) as made:
        try:
            _copy_whole(source, made)
        except SourceDamaged as error:
            raise _unusable(source, f"is damaged ({error.flaw})") from error
        except Damaged as error:
            raise _unusable(source, error.how) from error
        return _put(made, database, word, now)


def _unusable(source: Path, how: str) -> BackupError:
    salvages = command_line("restore", "--salvage", str(source))
    return BackupError(f"{source} {how}; name another, or add what it still holds: {salvages}")


def bring_back(database: Path, file: Path, now: datetime) -> Joined | Mended:
    """Add what can be read of a file, damaged or whole, to a database, which loses nothing.

    A damaged or missing database is mended with it. Raises DatabaseError and BackupError.
    """
    database = Path(os.path.realpath(database))
    try:
        file.open("rb").close()
    except OSError as error:
        raise BackupError(f"Cannot read {file}: {error.strerror}.") from error
    sources = _sources(database, file)
    found = readable(*sources)
    if not found:
        raise BackupError(f"There is no entry of papertui in {file} that can be read.")
    if database.exists() and not is_damaged(database):
        return _join(database, found)
    was_damaged = f"{DAMAGED_FILE} and " if database.exists() else ""
    found = readable(*sources, database)
    return mend(database, found, now, source=f"{was_damaged}{file}")


def missing(database: Path, file: Path) -> Salvaged:
    """Return what `bring_back` would add of a file to a database that is whole.

    Raises sqlite3.Error for another database.
    """
    return _unknown(database, readable(*_sources(database, file)))


def _sources(database: Path, file: Path) -> list[Path]:
    """Return a file and, if it is kept as damaged, the newest whole backup from before."""
    path = Path(os.path.realpath(file))
    for kept in kept_files(database):
        if kept.word == DAMAGED and kept.path == path:
            whole = newest_whole(database, kept.moment)
            return [path, *([whole.backup.path] if whole else [])]
    return [path]


def newest_whole(database: Path, until: datetime | None = None) -> WholeCopy | None:
    """Return the newest backup that is whole, of those that were made until a moment."""
    for backup in Backups(database).all():
        with suppress(DatabaseError, sqlite3.Error):
            if (until is None or backup.taken <= until) and not is_damaged(backup.path):
                with closing(connect(backup.path)) as connection:
                    (events,) = connection.execute("select count(*) from event").fetchone()
                return WholeCopy(backup, events)
    return None


def _unknown(database: Path, found: Salvaged) -> Salvaged:
    """Return the events that a database lacks, and the drafts whose text it has nowhere."""
    of_note = (
        "select 1 from event where kind = ? and iif(json_valid(data),"
        " json_extract(data, '$.note') = ? and {}, 0)"
    )
    saved = of_note.format("json_extract(data, '$.body') = ?")
    begun = of_note.format("instr(json_extract(data, '$.body'), ?) > 0")
    # A session without a text that was logged or ended since has nothing more to give.
    ended = (
        "select 1 from event where kind in (?, ?) and iif(json_valid(data),"
        " json_extract(data, '$.session.note') = ?, 0)"
    )
    with closing(connect(database)) as connection:
        known = {id_ for (id_,) in connection.execute("select id from event")}
        waiting = connection.execute("select note, body from draft").fetchall()

        def is_known(draft: DraftRow) -> bool:
            if any(note == draft.note and draft.body in body for note, body in waiting):
                return True
            if connection.execute(saved, (NOTE, draft.note, draft.body)).fetchone():
                return True
            if not draft.session:
                return False
            # What was typed on in the session before it was logged begins with the text.
            is_in_note = connection.execute(begun, (NOTE, draft.note, draft.body)).fetchone()
            has_ended = connection.execute(ended, (PASS, SESSION_ENDED, draft.note)).fetchone()
            return bool(has_ended and (is_in_note or not draft.body.strip()))

        drafts = {d.id: d for d in found.drafts.values() if not is_known(d)}
    events = {id_: event for id_, event in found.events.items() if id_ not in known}
    return Salvaged(events, drafts, found.settings)


def _join(database: Path, found: Salvaged) -> Joined:
    """Add rows to a whole database; of its settings and drafts none is changed."""
    with Store(database) as store:
        with database_errors(database):
            added = _unknown(database, found)
        store.merge_stored(added.events.values())
        for _ in store.catch_up():
            pass
        events = store.count()
    with closing(Database(database, BUSY_TIMEOUT)) as db, db.writing():
        db.run(_FINISHED, json.dumps([*added.events]), PASS, SESSION_ENDED, NOTE)
        # Another text may have been typed under the id since.
        taken = {id_ for (id_,) in db.rows("select id from draft")}
        drafts = [
            draft._replace(id=uuid4().hex) if draft.id in taken else draft
            for draft in added.drafts.values()
        ]
        db.run_many(_INSERT_DRAFT, drafts)
        db.run_many("insert or ignore into setting values (?, ?)", _shared_settings(added))
    return Joined(added, events)


def _shared_settings(found: Salvaged) -> list[tuple[str, str]]:
    return [(key, value) for key, value in found.settings.items() if key not in OWN_SETTINGS]


def mend(
    database: Path,
    found: Salvaged,
    now: datetime,
    from_scratch: bool = False,
    source: str = DAMAGED_FILE,
) -> Mended:
    """Put the newest whole backup and the `found` rows in the place of a damaged database.

    With `from_scratch` no backup is used. `source` says where the rows are from. Raises
    DatabaseError, and has changed nothing then.
    """
    database = Path(os.path.realpath(database))
    with _workshop(database) as made:
        backup = None if from_scratch else _newest_whole(Backups(database), made)
        Store(made).close()
        saved = _take_in(made, found)
        with Store(made) as store:
            events = store.rebuild()
        return Mended(backup, events, saved, _put(made, database, DAMAGED, now), source)


def readable(*databases: Path) -> Salvaged:
    """Return the rows that can be read of damaged databases, none of a missing one."""
    parts = [_readable(database) for database in databases]
    return Salvaged(
        {id_: row for part in parts for id_, row in part.events.items()},
        {
            draft.id: draft
            for draft in sorted((d for part in parts for d in part.drafts.values()), key=_saved)
        },
        {key: value for part in parts for key, value in part.settings.items()},
    )


def _saved(draft: DraftRow) -> str:
    return draft.saved


def _readable(database: Path) -> Salvaged:
    with suppress(sqlite3.Error, OSError):
        if not faults(database):
            return _readable_rows(database)
    with suppress(OSError, ValueError), database.open("rb") as file:  # noqa: SIM117
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return salvage(content)
    return Salvaged({}, {})


def _readable_rows(database: Path) -> Salvaged:
    with closing(connect(database)) as connection:
        connection.text_factory = _text_or_bytes
        return repair(
            connection.execute(f"select {COLUMNS} from event"),
            connection.execute("select id, work, note, base, body, saved, session from draft"),
            connection.execute("select key, value from setting"),
        )


def _text_or_bytes(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def is_damaged(database: Path) -> bool:
    """Return True if a database of papertui is damaged, or gone though there are backups of it.

    Raises DatabaseError for other files.
    """
    try:
        check_identity(database)
        return bool(faults(database)) or any(content_flaws(database))
    except Damaged:
        return True
    except FileNotFoundError:
        return Backups(database).latest() is not None
    except (OSError, sqlite3.Error):
        return False


def _newest_whole(backups: Backups, made: Path) -> Backup | None:
    for backup in backups.all():
        with suppress(BackupError, DatabaseError):
            _copy_whole(backup.path, made)
            return backup
        made.unlink(missing_ok=True)
        # One that was brought up to date was copied before.
        shutil.rmtree(Backups(made).folder, ignore_errors=True)
    return None


def _copy_whole(source: Path, made: Path) -> None:
    """Copy a database and bring it up to date; raise Damaged if a value of it cannot be read."""
    copy(source, made)
    with stored_values(made):
        Store(made).close()
    for flaw in content_flaws(made):
        raise Damaged.by(flaw, made)


def _take_in(made: Path, found: Salvaged) -> int:
    """Add the rows that are new to a database and return the number of new events."""
    with closing(Database(made, BUSY_TIMEOUT)) as db:
        before = db.row("select count(*) from event")[0]
        with db.writing():
            insert_rows(db, "event", found.events.values())
            db.run_many(
                f"{_INSERT_DRAFT} on conflict (id) do update set"
                " body = excluded.body, saved = excluded.saved, session = excluded.session"
                " where excluded.saved > saved",
                found.drafts.values(),
            )
            db.run_many("insert or replace into setting values (?, ?)", _shared_settings(found))
        return int(db.row("select count(*) from event")[0]) - int(before)


@contextmanager
def _workshop(database: Path) -> Iterator[Path]:
    """Yield the path for a new database in a folder of its own, on the same disk."""
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".mending-", dir=database.parent))
    except OSError as error:
        raise DatabaseError(f"Cannot write in {database.parent}: {error.strerror}.") from error
    try:
        yield folder / database.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(made: Path, database: Path, word: str, now: datetime) -> Path | None:
    """Move a database into place and keep the old file; at every moment there is one of them."""
    kept = aside(database, word, now)
    journal = database.with_name(f"{database.name}-journal")
    try:
        with exclusive_lock(database):
            there = database.exists() and database.stat().st_size > 0
            if there:
                _keep(database, kept)
                if journal.exists() and journal.stat().st_size:
                    _keep(journal, kept.with_name(f"{kept.name}-journal"))
            # SQLite would play the old one's journal into the new one.
            journal.unlink(missing_ok=True)
            made.replace(database)
            flush(database.parent)
    except InUse:
        raise Busy(f"Another papertui is using {database}; leave it first.") from None
    except OSError as error:
        raise DatabaseError(f"Cannot write {kept}: {error.strerror}.") from error
    return kept if there else None


def _keep(path: Path, under: Path) -> None:
    try:
        os.link(path, under)
    except OSError:
        # Some file systems have no links.
        shutil.copy2(path, under)
