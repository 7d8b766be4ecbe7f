"""A connection to the database file, the checks before it is opened, and locks beside it."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import starmap
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

from papertui.errors import PapertuiError
from papertui.storage import migrations
from papertui.storage.integrity import (
    DAMAGE,
    SMALL_CACHE,
    code_of,
    flaws,
    foreign_triggers,
    in_words,
)
from papertui.system import clock
from papertui.system.clock import Clock

APPLICATION_ID = int.from_bytes(b"ptui", "big")
BUSY_TIMEOUT = 5.0
# Seconds that a program waits while another one updates the schema, which may write all anew.
_UPDATE_TIMEOUT = 60.0
_RETRY_INTERVAL = 0.003
_MAGIC = b"SQLite format 3\x00"
_HEADER_SIZE = 100
# Bytes of a file that is checked when it is opened; a million take about a millisecond.
MAX_CHECKED_AT_OPENING = 8_000_000


class DatabaseError(PapertuiError):
    """The database cannot be used; the message says why and what to do."""


class Busy(DatabaseError):
    """Another program holds the database; nothing was written, trying again may work."""


class ReadOnly(DatabaseError):
    """The file or its folder cannot be written to; reading works."""


class Damaged(DatabaseError):
    """The file is no longer the database that it was; `how` completes the sentence."""

    def __init__(self, path: Path, how: str, remedy: str = "") -> None:
        # Few databases are damaged.
        from papertui.config import command_line

        starts, restores = command_line(), command_line("restore")
        remedy = remedy or f"{starts} without a command mends it; or see {restores}."
        super().__init__(f"{path} {how}. {remedy}")
        self.path, self.how = path, how

    @classmethod
    def by(cls, flaw: object, path: Path, remedy: str = "") -> Self:
        """Return the error for a flaw of a file that is left as it is."""
        return cls(path, f"is damaged ({flaw}) and left as it is", remedy)


class Moved(Damaged):
    """The file was deleted, or another one was put in its place, while it was open.

    `kept` is a copy of what it held, None as long as there is none.
    """

    kept: Path | None = None


R = TypeVar("R")


class Database:
    """One connection to the reader's database; it raises DatabaseError for each failure.

    `busy_timeout` is how many seconds anything waits for another program before it
    raises Busy. A file of another program, of a newer papertui, damaged or out of
    reach is left as it was. A backup of an older file is dated by the `clock`.
    """

    def __init__(self, path: Path, busy_timeout: float, clock: Clock = clock.now) -> None:
        self.path = path = Path(os.path.realpath(path))
        self._clock = clock
        self._busy_timeout = BUSY_TIMEOUT
        try:
            _prepare(path)
            self._share = shared_lock(path)
            self.connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
            self._file = path.stat()
        except InUse as error:
            raise Busy(f"Another copy of {path} is being put in its place; try again.") from error
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise DatabaseError(f"Cannot open {path}: {reason}. Name another with --db.") from error
        try:
            with database_errors(path):
                for pragma in (
                    "trusted_schema = off",
                    "cell_size_check = on",
                    SMALL_CACHE,
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
        """Set how many seconds statements wait for another program."""
        self._busy_timeout = busy_timeout
        self.run(f"pragma busy_timeout = {int(busy_timeout * 1000)}")

    def close(self) -> None:
        """Release the file."""
        self.connection.close()
        if self._share is not None:
            os.close(self._share)
            self._share = None

    def rows(self, sql: str, /, *values: Any, **named: Any) -> list[Any]:
        """Return all rows of a query with `values` for its ?, or with `named` ones."""
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
        """Yield the rows of a query one by one, so that the caller may stop early."""
        with database_errors(self.path):
            yield from self.connection.execute(sql, named)

    def row(self, sql: str, *values: Any) -> Any:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement and return the id of the row that it inserted."""
        with database_errors(self.path):
            return self.connection.execute(sql, values).lastrowid or 0

    def setting(self, key: str) -> str | None:
        """Return what is remembered under a key, None if nothing is."""
        row = self.row("select value from setting where key = ?", key)
        return str(row[0]) if row else None

    def remember(self, key: str, value: str) -> None:
        """Remember a value under a key; the caller holds the transaction."""
        self.run("insert or replace into setting values (?, ?)", key, value)

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each of `values`."""
        if values == []:
            return
        with database_errors(self.path):
            self.connection.executemany(sql, values)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read from one state of the database, whatever others write meanwhile."""
        self.run("begin")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self.run("commit")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a write transaction: all of it is saved, or nothing is."""
        self._refuse_moved()
        self._begin()
        try:
            yield
            self._refuse_foreign_triggers()
            self._refuse_moved()
            self.run("commit")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
            raise

    def _begin(self) -> None:
        """Begin a write transaction as soon as no other program is in one.

        SQLite tries ten times a second, too seldom to find a gap between programs
        that write without a pause.
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
                    time.sleep(_RETRY_INTERVAL)
        finally:
            self.wait(self._busy_timeout)

    def _refuse_damage(self) -> None:
        """Check the file before anything is written to it, unless that would take long."""
        if self.path.stat().st_size <= MAX_CHECKED_AT_OPENING:
            for flaw in flaws(self.connection, "quick_check"):
                raise Damaged.by(flaw, self.path)
        self._refuse_foreign_triggers()

    def _refuse_moved(self) -> None:
        """Nothing is called saved that is written to a file without a name."""
        try:
            is_there = os.path.samestat(self._file, self.path.stat())
        except FileNotFoundError:
            raise Moved(self.path, "was deleted while papertui was open") from None
        except OSError:
            return
        if not is_there:
            raise Moved(self.path, "was replaced by another file while papertui was open")

    def keep_copy(self, path: Path) -> None:
        """Copy what is open, wherever its file is, to a new file. Raises DatabaseError, OSError."""
        from papertui.system.files import whole_file

        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole_file(path) as partial, database_errors(path):  # noqa: SIM117
            with closing(sqlite3.connect(partial)) as copy:
                self.connection.backup(copy)

    def _refuse_foreign_triggers(self) -> None:
        """Nothing is called saved that something else may have changed or swallowed."""
        with database_errors(self.path):
            for flaw in foreign_triggers(self.connection):
                raise Damaged.by(flaw, self.path)

    def _bring_up_to_date(self) -> None:
        if self._steps_taken() == len(migrations.NAMES):
            return
        self._busy_timeout = _UPDATE_TIMEOUT
        with self.writing():
            # Another papertui may have been faster. Nothing changes before there is a backup.
            if 0 < self._steps_taken() < len(migrations.NAMES):
                from papertui.storage.backups import Backups

                Backups(self.path).take(self._clock())
            migrations.apply(self.connection)
            self.run(f"pragma application_id = {APPLICATION_ID}")

    def _steps_taken(self) -> int:
        applied = migrations.applied(self.connection)
        if unknown := [name for name in applied if name not in migrations.NAMES]:
            error = DatabaseError(
                f"{self.path} was written by a newer papertui (it knows {unknown[-1]}). "
                "Update papertui, or name another file with --db."
            )
            _raise_damage(self.path, error)
            raise error
        return len(applied)


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turn an error of SQLite about the file at `path` into a DatabaseError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = code_of(error)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy("Another program is using the database; try again soon.") from error
        if code == sqlite3.SQLITE_FULL:
            raise DatabaseError(f"Nothing was saved: the disk is full ({path}).") from error
        if code in DAMAGE:
            raise Damaged.by(in_words(str(error)), path) from error
        no_journal = code == sqlite3.SQLITE_CANTOPEN and not os.access(path.parent, os.W_OK)
        if code == sqlite3.SQLITE_READONLY or no_journal:
            raise ReadOnly(
                f"Nothing was saved: the database can only be read here ({path})."
            ) from error
        if isinstance(error, sqlite3.OperationalError):
            # A text that is no UTF-8 has no code; JSON that is none has this one.
            if code in (0, sqlite3.SQLITE_ERROR):
                _raise_damage(path, error)
            raise DatabaseError(f"Nothing was saved: {path}: {error}.") from error
        raise


@contextmanager
def stored_values(path: Path) -> Iterator[None]:
    """Turn any error that a value stored at `path` causes, whatever it is used for, into Damaged.

    The values are only checked after an error, so that it costs nothing while all is well.
    """
    try:
        yield
    except (PapertuiError, OSError):
        raise
    except Exception as error:
        _raise_damage(path, error)
        raise


def _raise_damage(path: Path, error: Exception) -> None:
    """Raise Damaged if the file at `path`, which SQLite calls whole, is behind an error."""
    from papertui.storage.contents import content_flaws

    for flaw in content_flaws(path):
        raise Damaged.by(flaw, path, "papertui restore --salvage mends it.") from error


def _prepare(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists() and _has_backups(path):
        raise Damaged(path, "is gone, though there are backups of it")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    except FileExistsError:
        check_identity(path)
    # If the file belongs to another user, only the doctor can say that others can read it.
    with suppress(PermissionError):
        if (mode := path.stat().st_mode) & 0o077:
            path.chmod(mode & 0o700)


def check_identity(path: Path) -> None:
    """Raise DatabaseError for a file that is no database of papertui. Raises OSError too."""
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if not header:
        if _has_backups(path):
            raise Damaged(path, "is empty, though there are backups of it")
    elif len(header) < _HEADER_SIZE or not header.startswith(_MAGIC):
        if _has_backups(path) or _holds_a_journal(path):
            raise Damaged(path, "is damaged (its beginning cannot be read) and left as it is")
        raise DatabaseError(f"{path} is not a database. Name another file with --db.")
    elif int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise DatabaseError(
            f"{path} is the database of another program. Name another file with --db."
        )


def _has_backups(path: Path) -> bool:
    # Only a file that is missing, empty or damaged needs to know; it costs `next` two milliseconds.
    from papertui.storage.backups import Backups

    return Backups(path).latest() is not None


def _holds_a_journal(path: Path) -> bool:
    import mmap

    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b'CREATE TABLE "event"') >= 0


class InUse(PapertuiError):
    """Another papertui uses the database or replaces it."""


def shared_lock(database: Path) -> int | None:
    """Keep a database from being replaced until the descriptor that is returned is closed.

    Return None if there can be no lock. Raises InUse while it is being replaced.
    """
    return _locked(database, fcntl.LOCK_SH)


@contextmanager
def exclusive_lock(database: Path) -> Iterator[None]:
    """Keep every other papertui from opening a database. Raises InUse if one has it open."""
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
    """A name for this process; a locked file beside the database tells others that it runs."""

    def __init__(self, database: Path) -> None:
        self.name = uuid4().hex
        self._database = database
        self._file: int | None = None

    def show(self) -> None:
        """Tell others that this process runs, if the file can be made."""
        if self._file is None:
            try:
                self._file = os.open(self._path(self.name), os.O_CREAT | os.O_RDWR, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self.leave()

    def leave(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._path(self.name).unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def runs(self, name: str | None) -> bool:
        """Return True if another process of that name runs; else remove the file that it left."""
        # A name that is none of a process must not become a path.
        if not name or name == self.name or not name.isalnum():
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
