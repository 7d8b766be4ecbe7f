"""The checks of a database file for damage."""

import sqlite3
from contextlib import closing
from pathlib import Path

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NOT_THE_FILE = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
)  # fmt: skip


def connect(path: Path) -> sqlite3.Connection:
    """Open a database file that exists, without waiting for a lock of another program."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)


def code_of(error: sqlite3.Error) -> int:
    """Return SQLite's primary code of an error, 0 if it has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def faults(path: Path, check: str = "integrity_check") -> list[str]:
    """Return the flaws of a database file, without changing anything.

    Raises sqlite3.DatabaseError if the file is out of reach or locked.
    """
    try:
        with closing(connect(path)) as connection:
            return flaws(connection, check)
    except sqlite3.DatabaseError as error:
        if code_of(error) in _NOT_THE_FILE:
            raise
        return [str(error)]


def flaws(connection: sqlite3.Connection, check: str) -> list[str]:
    """Return the first flaws that SQLite's check finds, a line each.

    `quick_check` does not compare tables with their indexes.
    """
    rows = connection.execute(f"pragma {check}(10)").fetchall()
    lines = [line for (text,) in rows for line in str(text).splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")]
