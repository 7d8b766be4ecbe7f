"""Opening the database file: what it must be, and what is never touched."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import starmap
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from papertui.errors import PapertuiError
from papertui.storage import migrations
from papertui.storage.backups import DAMAGE, Backups, code_of, flaws
from papertui.system import clock
from papertui.system.clock import Clock

APPLICATION_ID = int.from_bytes(b"ptui", "big")
BUSY_TIMEOUT = 5.0
_ASK_AGAIN = 0.003
_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
# Bytes; takes about a millisecond for each of them in a million.
LOOKED_THROUGH = 8_000_000
_JOURNAL = b'CREATE TABLE "event"'


class DatabaseError(PapertuiError):
    """The database cannot be used; the message says why and what to do."""


class Busy(DatabaseError):
    """Another program holds the database; nothing was written, trying again may work."""


class ReadOnly(DatabaseError):
    """The file or its folder takes nothing; reading it works."""


class Damaged(DatabaseError):
    """The file was a database of papertui and is none any more; `how` follows its name."""

    def __init__(self, path: Path, how: str) -> None:
        super().__init__(
            f"{path} {how}. Start papertui without a command to mend it, or see papertui restore."
        )
        self.path, self.how = path, how


R = TypeVar("R")


class Database:
    """One connection to the reader's database; each statement's failure is in words.

    `busy_timeout` is how many seconds anything waits for another program before it
    raises Busy. Opening raises DatabaseError for a file that is of another
    program, of a newer papertui, damaged or out of reach, and leaves it as it was.
    A backup of an older file is dated by the `clock`.
    """

    def __init__(self, path: Path, busy_timeout: float, clock: Clock = clock.now) -> None:
        self.path = path = Path(os.path.realpath(path))
        self._clock = clock
        self._busy_timeout = BUSY_TIMEOUT
        try:
            _prepare(path)
            self._share = shared_lock(path)
            self.connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
        except InUse as error:
            raise Busy(f"Another copy of {path} is being put in its place; try again.") from error
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(
                f"Cannot open {path}: {_reason(error)}. Name another with --db."
            ) from error
        try:
            with database_errors(path):
                for pragma in (
                    "trusted_schema = off",
                    "cell_size_check = on",
                    "cache_size = -512",
                    "synchronous = full",
                    # Others can read until a large transaction commits.
                    "cache_spill = off",
                ):
                    self.connection.execute(f"pragma {pragma}")
                self._refuse_damage()
                self._bring_up_to_date()
                self.connection.execute("pragma journal_mode = truncate")
                self.wait(busy_timeout)
        except BaseException:
            self.close()
            raise

    def wait(self, busy_timeout: float) -> None:
        """Let all that follows wait so many seconds for another program."""
        self._busy_timeout = busy_timeout
        self.run(f"pragma busy_timeout = {int(busy_timeout * 1000)}")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
        if self._share is not None:
            os.close(self._share)
            self._share = None

    def rows(self, sql: str, /, *values: Any, **named: Any) -> list[Any]:
        """Return all rows of a query, with `values` for its ? or `named` ones for its :names."""
        with database_errors(self.path):
            return self.connection.execute(sql, named or values).fetchall()

    def records(self, kind: Callable[..., R], sql: str, /, *values: Any, **named: Any) -> list[R]:
        """Return all rows of a query as NamedTuples of a `kind`.

        Its columns must bear the names of the fields, in their order.
        """
        with database_errors(self.path):
            cursor = self.connection.execute(sql, named or values)
            columns = tuple(column for column, *_ in cursor.description)
            fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
            assert columns == fields[: len(columns)], f"{columns} are not {fields}"
            return list(starmap(kind, cursor))

    def each(self, sql: str, /, **named: Any) -> Iterator[Any]:
        """Yield the rows of a query one by one, so that asking may stop early."""
        with database_errors(self.path):
            yield from self.connection.execute(sql, named)

    def row(self, sql: str, *values: Any) -> Any:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement inside `writing`; returns the id of the row it made."""
        with database_errors(self.path):
            return self.connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement inside `writing` once for each of `values`."""
        with database_errors(self.path):
            self.connection.executemany(sql, values)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let several questions be answered from one state, whatever others write meanwhile."""
        self.run("begin")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self.run("commit")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a write transaction: all of it is saved, or nothing is."""
        self._begin()
        try:
            yield
            self.run("commit")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
            raise

    def _begin(self) -> None:
        """Take the right to write once nobody has it.

        SQLite asks ten times a second, too seldom to find a gap between those
        who write without a pause.
        """
        deadline = time.monotonic() + self._busy_timeout
        self.run("pragma busy_timeout = 0")
        try:
            while True:
                try:
                    self.run("begin immediate")
                    return
                except Busy:
                    if time.monotonic() >= deadline:
                        raise
                    time.sleep(_ASK_AGAIN)
        finally:
            self.wait(self._busy_timeout)

    def _refuse_damage(self) -> None:
        """Look through the file before anything is written to it, where that takes no time."""
        if self.path.stat().st_size <= LOOKED_THROUGH:
            for flaw in flaws(self.connection, "quick_check"):
                raise Damaged(self.path, f"is damaged ({flaw}) and left as it is")

    def _bring_up_to_date(self) -> None:
        if len(self._known_steps()) == len(migrations.NAMES):
            return
        with self.writing():
            # Another papertui may have been faster; and nothing changes before it is kept.
            known = self._known_steps()
            if 0 < len(known) < len(migrations.NAMES):
                Backups(self.path).take(self._clock())
            migrations.apply(self.connection)
            self.run(f"pragma application_id = {APPLICATION_ID}")

    def _known_steps(self) -> list[str]:
        found = migrations.applied(self.connection)
        if unknown := [name for name in found if name not in migrations.NAMES]:
            raise DatabaseError(
                f"{self.path} was written by a newer papertui (it knows {unknown[-1]}). "
                "Update papertui, or name another file with --db."
            )
        return found


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises on the file at `path` into DatabaseError, in words."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = code_of(error)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy("Another program is using the database; try again soon.") from error
        if code == sqlite3.SQLITE_FULL:
            raise DatabaseError(f"Nothing was saved: the disk is full ({path}).") from error
        if code in DAMAGE:
            raise Damaged(path, f"is damaged ({error}) and left as it is") from error
        no_journal = code == sqlite3.SQLITE_CANTOPEN and not os.access(path.parent, os.W_OK)
        if code == sqlite3.SQLITE_READONLY or no_journal:
            raise ReadOnly(
                f"Nothing was saved: the database can only be read here ({path})."
            ) from error
        if isinstance(error, sqlite3.OperationalError):
            raise DatabaseError(f"Nothing was saved: {path}: {error}.") from error
        raise


def _prepare(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists() and _has_backups(path):
        raise Damaged(path, "is gone, though there are backups of it")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    except FileExistsError:
        check_identity(path)
    # Where the file is another's, the doctor says that others can read it.
    with suppress(PermissionError):
        if (mode := path.stat().st_mode) & 0o077:
            path.chmod(mode & 0o700)


def check_identity(path: Path) -> None:
    """Refuse a file that is no database of papertui. Raises DatabaseError and OSError."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header:
        if _has_backups(path):
            raise Damaged(path, "is empty, though there are backups of it")
    elif len(header) < _HEADER or not header.startswith(_MAGIC):
        if _has_backups(path) or _holds_a_journal(path):
            raise Damaged(path, "is damaged (its header is none) and left as it is")
        raise DatabaseError(f"{path} is not a database. Name another file with --db.")
    elif int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise DatabaseError(
            f"{path} is the database of another program. Name another file with --db."
        )


def _has_backups(path: Path) -> bool:
    return Backups(path).latest() is not None


def _holds_a_journal(path: Path) -> bool:
    import mmap

    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return content.find(_JOURNAL) >= 0


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


class InUse(Exception):
    """Another papertui uses the database, or is putting another in its place."""


def shared_lock(database: Path) -> int | None:
    """Use a database beside others until the file returned is closed.

    Returns None where no lock can be had. Raises InUse while it is being replaced.
    """
    return _locked(database, fcntl.LOCK_SH)


@contextmanager
def exclusive_lock(database: Path) -> Iterator[None]:
    """Keep every other papertui off a database. Raises InUse where one uses it."""
    file = _locked(database, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if file is not None:
            os.close(file)


def _locked(database: Path, kind: int) -> int | None:
    path = database.with_name(f"{database.name}.lock")
    try:
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if isinstance(error, BlockingIOError):
            raise InUse from error
        return None
    return file


class ProcessMark:
    """A name for this process, and a locked file beside the database while it is shown."""

    def __init__(self, database: Path) -> None:
        self.name = uuid4().hex
        self._database = database
        self._file: int | None = None

    def show(self) -> None:
        """Let others see that this process runs; where no file can be made, they do not."""
        if self._file is None:
            try:
                self._file = os.open(self._path(self.name), os.O_CREAT | os.O_RDWR, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self.leave()

    def leave(self) -> None:
        """Take the file away again."""
        if self._file is not None:
            self._path(self.name).unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def runs(self, name: str | None) -> bool:
        """Say whether another process of that name runs; clears up after one that does not."""
        if not name or name == self.name:
            return False
        try:
            file = os.open(self._path(name), os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            self._path(name).unlink(missing_ok=True)
            return False
        finally:
            os.close(file)

    def _path(self, name: str) -> Path:
        return self._database.with_name(f"{self._database.name}.open-{name}")
