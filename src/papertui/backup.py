"""Backups: whole, checked copies of the database, made while others read and write it."""

import os
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from papertui.config import backups_folder
from papertui.errors import PapertuiError
from papertui.integrity import DAMAGE, code_of, connect, faults
from papertui.thinning import kept

STAMP = "%Y%m%dT%H%M%SZ"
# A megabyte at a time: between two steps whoever wants to write can.
_PAGES = 256
_PATIENCE = 5.0
_FORGOTTEN_AFTER = timedelta(days=1)


class BackupError(PapertuiError):
    """No copy was made, and nothing else was touched; the message says why."""


class SourceDamaged(BackupError):
    """The database itself is damaged; `flaw` is the first that was found."""

    def __init__(self, source: Path, flaw: str) -> None:
        super().__init__(f"{source} is damaged ({flaw}); papertui doctor says more.")
        self.flaw = flaw


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A copy of the database, and the reader's local time of when it was made."""

    taken: datetime
    path: Path


class Backups:
    """The backups of one database, in a folder beside it."""

    def __init__(self, database: Path) -> None:
        self._database = Path(os.path.realpath(database))
        self.folder = backups_folder(self._database)
        self._name = re.compile(re.escape(f"{self._database.name}.") + r"(\d{8}T\d{6}Z)")

    def all(self) -> list[Backup]:
        """Return the backups there are, the newest first."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208
        except OSError:
            return []
        found = []
        for match in filter(None, map(self._name.fullmatch, names)):
            with suppress(ValueError):
                taken = datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)
                found.append(Backup(taken.astimezone(), self.folder / match[0]))
        return sorted(found, reverse=True)

    def latest(self) -> Backup | None:
        """Return the newest backup."""
        return next(iter(self.all()), None)

    def due(self, now: datetime) -> bool:
        """Return True if the day of `now`, local time, has no backup yet."""
        return now.astimezone().date() not in (backup.taken.date() for backup in self.all())

    def take(self, now: datetime, stopped: Callable[[], bool] = lambda: False) -> Backup:
        """Make a backup and, once it is whole, let those go that `thinning` does not keep.

        Stops early when `stopped` says so. Raises BackupError.
        """
        taken = now.astimezone().replace(microsecond=0)
        while (path := self._path(taken)).exists():
            taken += timedelta(seconds=1)
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise BackupError(f"Cannot make {self.folder}: {error.strerror}.") from error
        copy(self._database, path, stopped)
        self._thin(now)
        return Backup(taken, path)

    def _path(self, moment: datetime) -> Path:
        stamp = moment.astimezone(UTC).strftime(STAMP)
        return self.folder / f"{self._database.name}.{stamp}"

    def _thin(self, now: datetime) -> None:
        backups = self.all()
        staying = kept([backup.taken for backup in backups])
        old = (now - _FORGOTTEN_AFTER).timestamp()
        with suppress(OSError):
            for backup in backups:
                if backup.taken not in staying:
                    backup.path.unlink()
            for partial in self.folder.glob("*.partial"):
                if partial.stat().st_mtime < old:
                    partial.unlink()


def copy(source: Path, target: Path, stopped: Callable[[], bool] = lambda: False) -> None:
    """Make a copy of a database, whole or not at all, for its owner alone.

    Others may read and write meanwhile; the copy is of one moment. It belongs
    to no device, so that whoever goes on with it becomes a new one. Raises
    BackupError, also where `target` is there already.
    """
    import tempfile

    partial: Path | None = None
    try:
        handle, name = tempfile.mkstemp(
            prefix=f"{target.name}.", suffix=".partial", dir=target.parent
        )
        os.close(handle)
        partial = Path(name)
        _fill(partial, source, stopped)
        flush(partial)
        if fault := next(iter(faults(partial)), None):
            raise SourceDamaged(source, fault)
        _put(partial, target)
        flush(target.parent)
    except sqlite3.Error as error:
        if code_of(error) in DAMAGE:
            raise SourceDamaged(source, str(error)) from error
        raise BackupError(f"No copy of {source} was made: {error}.") from error
    except OSError as error:
        raise BackupError(f"Cannot write {target}: {error.strerror}.") from error
    finally:
        if partial:
            partial.unlink(missing_ok=True)


def _fill(partial: Path, source: Path, stopped: Callable[[], bool]) -> None:
    moved = time.monotonic()

    def look(status: int, remaining: int, total: int) -> None:
        nonlocal moved
        if stopped():
            raise BackupError("The copy was given up.")
        if status == sqlite3.SQLITE_OK:
            moved = time.monotonic()
        elif time.monotonic() > moved + _PATIENCE:
            raise BackupError("Another program is using the database; try again soon.")

    with closing(connect(source)) as live, closing(connect(partial)) as made:
        live.backup(made, pages=_PAGES, progress=look, sleep=0.01)
        made.execute("pragma journal_mode = memory")
        with made:
            made.execute("delete from setting where key = 'device'")


def flush(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put(partial: Path, target: Path) -> None:
    """Give a file its name, unless another has it."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise BackupError(f"{target} is there already; name a new file.") from None
    except OSError:
        # Some file systems have no links.
        if target.exists():
            raise BackupError(f"{target} is there already; name a new file.") from None
        partial.rename(target)
