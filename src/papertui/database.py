"""Opening the database file: what it must be, and what is never touched."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from papertui import migrations

APPLICATION_ID = int.from_bytes(b"ptui", "big")
PATIENCE = 5.0
_MAGIC = b"SQLite format 3\x00"


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class Busy(DatabaseError):
    """Another program holds the database; nothing was written, trying again may work."""


def open_database(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open the papertui database at `path`, making it or bringing it up to date.

    Returns the connection and whether its schema was changed. Raises
    DatabaseError for a file that is of another program, of a newer papertui,
    damaged or out of reach; such a file is left as it was.
    """
    try:
        _prepare(path)
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(
            f"Cannot open {path}: {_reason(error)}. Name another with --db."
        ) from error
    try:
        with explained(path):
            for pragma in ("trusted_schema = off", "cell_size_check = on", "synchronous = full"):
                connection.execute(f"pragma {pragma}")
            changed = _bring_up_to_date(connection, path)
            connection.execute("pragma journal_mode = truncate")
        return connection, changed
    except BaseException:
        connection.close()
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into DatabaseError, with words for a reader."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy("Another program is using the database; try again in a moment.") from error
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
            raise DatabaseError(
                f"Nothing was saved: the disk that holds {path} is full."
            ) from error
        raise DatabaseError(f"Nothing was saved: {path}: {_reason(error)}.") from error
    except sqlite3.DatabaseError as error:
        raise DatabaseError(
            f"{path} is damaged ({_reason(error)}). Keep it, and name another with --db."
        ) from error


@contextmanager
def writing(connection: sqlite3.Connection, patience: float = PATIENCE) -> Iterator[None]:
    """Run a write transaction, waiting up to `patience` seconds for its turn.

    Raises sqlite3.OperationalError with nothing written when the turn does not come.
    """
    connection.execute(f"pragma busy_timeout = {int(patience * 1000)}")
    try:
        connection.execute("begin immediate")
    finally:
        connection.execute(f"pragma busy_timeout = {int(PATIENCE * 1000)}")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _prepare(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    except FileExistsError:
        pass
    with path.open("rb") as file:
        header = file.read(100)
    if header and not header.startswith(_MAGIC):
        raise DatabaseError(f"{path} is not a database. Name another file with --db.")
    if header and int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise DatabaseError(
            f"{path} is the database of another program. Name another file with --db."
        )


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> bool:
    found = migrations.applied(connection)
    if unknown := [name for name in found if name not in migrations.NAMES]:
        raise DatabaseError(
            f"{path} was written by a newer papertui (it knows {unknown[-1]}). "
            "Update papertui, or name another file with --db."
        )
    if len(found) == len(migrations.NAMES):
        return False
    with writing(connection):
        migrations.apply(connection)
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
    return True


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
