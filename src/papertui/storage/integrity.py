"""The checks of a database file for damage."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NOT_THE_FILE = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
)  # fmt: skip
# Memory for pages that serves one walk through a file as well as more would.
SMALL_CACHE = "cache_size = -512"
# In SQLite's words for flaws of an index.
_OF_AN_INDEX = ("missing from index", "entries in index", "entry in index")

# Every table but those inside the index of words.
TABLES = (
    "event", "draft", "setting", "reading", "note", "standing", "shared", "sitting", "goal",
    "rest", "scanned", "seen", "undone", "merged", "edited", "placed", "section_edit",
    "tag", "star",
    "work", "name", "detail", "requirement", "searched", "unsearched", "section", "item",
    "reading_list", "bib_entry", "glance", "new_paper", "card",
    "recalled", "log_file", "group_event", "group_member", "group_work", "group_pass",
    "group_explained", "group_note", "group_list",
)  # fmt: skip
_OWN_TRIGGERS = [
    f"CREATE TRIGGER event_{verb} before {verb} on event "
    "begin select raise(abort, 'the journal is append-only'); end"
    for verb in ("update", "delete")
]


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
            connection.execute(f"pragma {SMALL_CACHE}")
            return flaws(connection, check)
    except sqlite3.DatabaseError as error:
        if code_of(error) in _NOT_THE_FILE:
            raise
        return [in_words(str(error))]


def flaws(connection: sqlite3.Connection, check: str) -> list[str]:
    """Return the first flaws that SQLite's check finds, a line each.

    `quick_check` does not compare tables with their indexes.
    """
    rows = connection.execute(f"pragma {check}(10)").fetchall()
    lines = [line for (text,) in rows for line in str(text).splitlines()]
    return [in_words(line) for line in lines if line != "ok" and not line.startswith("***")]


def in_words(flaw: str) -> str:
    """Return a flaw that SQLite found in plain words, with SQLite's own behind them."""
    if "not a database" in flaw:
        plain = "its beginning cannot be read"
    elif any(words in flaw for words in _OF_AN_INDEX):
        plain = "an index and its table do not fit"
    else:
        plain = "a part of it cannot be read"
    return f"{plain}; SQLite: {flaw}"


def foreign_triggers(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the triggers on papertui's tables, in words, that are not its own.

    They may change or swallow what is written.
    """
    rows = connection.execute(
        "select name, tbl_name, sql from sqlite_master where type = 'trigger'"
    )
    for name, table, sql in rows:
        if table in TABLES and sql not in _OWN_TRIGGERS:
            yield f"the trigger {name} is not papertui's"
