"""Opening the database file: what it must be, and what is never touched."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from papertui import migrations

APPLICATION_ID = int.from_bytes(b"ptui", "big")
PATIENCE = 5.0
_MAGIC = b"SQLite format 3\x00"


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class Busy(DatabaseError):
    """Another program holds the database; nothing was written, trying again may work."""


class Database:
    """One connection to the reader's database; each statement's failure is in words.

    `patience` is how many seconds anything waits for another program before it
    raises Busy. Opening raises DatabaseError for a file that is of another
    program, of a newer papertui, damaged or out of reach, and leaves it as it was.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self.path = path
        try:
            _prepare(path)
            self.connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(
                f"Cannot open {path}: {_reason(error)}. Name another with --db."
            ) from error
        try:
            with self._explained():
                for pragma in (
                    "trusted_schema = off",
                    "cell_size_check = on",
                    "synchronous = full",
                    # Others can read until a large transaction commits.
                    "cache_spill = off",
                ):
                    self.connection.execute(f"pragma {pragma}")
                self.upgraded = self._bring_up_to_date()
                self.connection.execute("pragma journal_mode = truncate")
                self.connection.execute(f"pragma busy_timeout = {int(patience * 1000)}")
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self, sql: str, *values: Any, **named: Any) -> list[Any]:
        """Return all rows of a query, with `values` for its ? or `named` ones for its :names."""
        with self._explained():
            return self.connection.execute(sql, named or values).fetchall()

    def each(self, sql: str, **named: Any) -> Iterator[Any]:
        """Yield the rows of a query one by one, so that asking may stop early."""
        with self._explained():
            yield from self.connection.execute(sql, named)

    def row(self, sql: str, *values: Any) -> Any:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement inside `writing`; returns the id of the row it made."""
        with self._explained():
            return self.connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement inside `writing` once for each of `values`."""
        with self._explained():
            self.connection.executemany(sql, values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a write transaction: all of it is saved, or nothing is."""
        self.run("begin immediate")
        try:
            yield
            self.run("commit")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
            raise

    def _bring_up_to_date(self) -> bool:
        found = migrations.applied(self.connection)
        if unknown := [name for name in found if name not in migrations.NAMES]:
            raise DatabaseError(
                f"{self.path} was written by a newer papertui (it knows {unknown[-1]}). "
                "Update papertui, or name another file with --db."
            )
        if len(found) == len(migrations.NAMES):
            return False
        with self.writing():
            migrations.apply(self.connection)
            self.run(f"pragma application_id = {APPLICATION_ID}")
        return True

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Busy("Another program is using the database; try again soon.") from error
            if code == sqlite3.SQLITE_FULL:
                raise DatabaseError(
                    f"Nothing was saved: the disk that holds {self.path} is full."
                ) from error
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise DatabaseError(
                    f"{self.path} is damaged ({error}). Keep it, and name another with --db."
                ) from error
            if isinstance(error, sqlite3.OperationalError):
                raise DatabaseError(f"Nothing was saved: {self.path}: {error}.") from error
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
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
