"""Restoring a database: from a copy, or from what a damaged file and its backups still hold.

The file that was there is kept beside it and never written to.
"""

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

from papertui.core.labels import full_time
from papertui.core.text import quantity
from papertui.storage.backups import Backup, BackupError, Backups, aside, copy
from papertui.storage.contents import content_flaws
from papertui.storage.database import (
    Busy,
    Damaged,
    Database,
    DatabaseError,
    InUse,
    check_identity,
    exclusive_lock,
    stored_values,
)
from papertui.storage.event_log import COLUMNS, insert_rows
from papertui.storage.integrity import connect, faults
from papertui.storage.salvage import DraftRow, Salvaged, repair, salvage
from papertui.storage.store import OWN_SETTINGS, Store
from papertui.system.files import flush


@dataclass(frozen=True, slots=True)
class Mended:
    """The sources of a mended database, and the path under which the damaged file is kept.

    `events` are all events in it, `saved` those that came from the damaged file.
    """

    backup: Backup | None
    events: int
    saved: int
    kept: Path | None

    @property
    def words(self) -> str:
        """The numbers and sources as a phrase."""
        entries = quantity(self.events, "entry", "entries")
        if not self.backup:
            return f"{entries}, all from the damaged file"
        copied = f"{self.events - self.saved:,} from the copy of {full_time(self.backup.taken)}"
        return f"{entries}, {copied} and {self.saved:,} from the damaged file"


def restore(database: Path, source: Path, now: datetime) -> Path | None:
    """Put a copy of `source` in the place of a database.

    Return the path under which the old file is kept, None if there was none.
    Raises DatabaseError and BackupError, and has changed nothing then.
    """
    database = Path(os.path.realpath(database))
    try:
        check_identity(source)
    except Damaged as error:
        raise BackupError(f"{source} {error.how}; name another.") from error
    except OSError as error:
        raise BackupError(f"Cannot read {source}: {error.strerror}.") from error
    word = "damaged" if is_damaged(database) else "before"
    with _workshop(database) as made:
        try:
            _copy_whole(source, made)
        except Damaged as error:
            raise BackupError(f"{source} {error.how}; name another.") from error
        return _put(made, database, word, now)


def mend(database: Path, found: Salvaged, now: datetime, from_scratch: bool = False) -> Mended:
    """Put the newest whole backup and the `found` rows in the place of a damaged database.

    With `from_scratch` no backup is used. Raises DatabaseError, and has changed nothing then.
    """
    database = Path(os.path.realpath(database))
    with _workshop(database) as made:
        backup = None if from_scratch else _newest_whole(Backups(database), made)
        Store(made).close()
        saved = _take_in(made, found)
        with Store(made) as store:
            events = store.rebuild()
        return Mended(backup, events, saved, _put(made, database, "damaged", now))


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
    """Return True if a database of papertui is damaged. Raises DatabaseError for other files."""
    try:
        check_identity(database)
        return bool(faults(database)) or any(content_flaws(database))
    except Damaged:
        return True
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
    with closing(Database(made, busy_timeout=5.0)) as db:
        before = db.row("select count(*) from event")[0]
        with db.writing():
            insert_rows(db, "event", found.events.values())
            db.run_many(
                "insert into draft (id, work, note, base, body, saved, session)"
                " values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set"
                " body = excluded.body, saved = excluded.saved, session = excluded.session"
                " where excluded.saved > saved",
                found.drafts.values(),
            )
            db.run_many(
                "insert or replace into setting values (?, ?)",
                [(key, value) for key, value in found.settings.items() if key not in OWN_SETTINGS],
            )
        return int(db.row("select count(*) from event")[0]) - int(before)


@contextmanager
def _workshop(database: Path) -> Iterator[Path]:
    """Yield the path for a new database in a folder of its own, on the same disk."""
    try:
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
