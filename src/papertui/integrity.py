"""Whether a database file is whole."""

import sqlite3
from contextlib import closing
from pathlib import Path

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NOT_THE_FILE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
)


def connect(path: Path) -> sqlite3.Connection:
    """Open a database file that is there; another program's lock is seen at once."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)


def code_of(error: sqlite3.Error) -> int:
    """Return SQLite's primary code of an error, 0 for one that has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def faults(path: Path, check: str = "integrity_check") -> list[str]:
    """Return what is wrong with a database file, nothing where it is whole; changes nothing.

    Raises sqlite3.DatabaseError where the file is out of reach or locked.
    """
    try:
        with closing(connect(path)) as connection:
            return flaws(connection, check)
    except sqlite3.DatabaseError as error:
        if code_of(error) in _NOT_THE_FILE:
            raise
        return [str(error)]


def flaws(connection: sqlite3.Connection, check: str) -> list[str]:
    """Return the first things that SQLite's check finds, each in a line.

    `quick_check` leaves out whether tables and indexes agree.
    """
    found = connection.execute(f"pragma {check}(10)").fetchall()
    lines = [line for (text,) in found for line in str(text).splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")]
