"""Backups: whole, checked copies of the database, made while others read and write it."""

import os
import re
import sqlite3
import time
from collections.abc import Callable, Collection, Hashable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from papertui.config import backups_folder
from papertui.core.days import week_of
from papertui.errors import PapertuiError
from papertui.storage.integrity import DAMAGE, SMALL_CACHE, code_of, connect, faults, in_words
from papertui.system.files import whole_file

STAMP = "%Y%m%dT%H%M%SZ"
_STAMP = r"(\d{8}T\d{6}Z)"
# How a database was that another one took the place of.
DAMAGED, BEFORE = "damaged", "before"
# Copied at a time, about a megabyte; others can write in between.
_PAGES = 256
_BUSY_TIMEOUT = 5.0
_MAX_PARTIAL_AGE = timedelta(days=1)


class BackupError(PapertuiError):
    """No copy was made and nothing was changed; the message says why."""


class SourceDamaged(BackupError):
    """The database itself is damaged; `flaw` is the first one found."""

    def __init__(self, source: Path, flaw: str) -> None:
        super().__init__(f"{source} is damaged ({flaw}); papertui doctor says more.")
        self.flaw = flaw


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A copy of the database, and the local time at which it was made."""

    taken: datetime
    path: Path


class Backups:
    """The backups of one database, in a folder beside it."""

    def __init__(self, database: Path) -> None:
        self._database = Path(os.path.realpath(database))
        self.folder = backups_folder(self._database)
        self._name = re.compile(re.escape(f"{self._database.name}.") + _STAMP)

    def all(self) -> list[Backup]:
        """Return all backups, the newest first."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208
        except OSError:
            return []
        backups = []
        for match in filter(None, map(self._name.fullmatch, names)):
            with suppress(ValueError):
                taken = datetime.fromisoformat(match[1]).astimezone()
                backups.append(Backup(taken, self.folder / match[0]))
        return sorted(backups, reverse=True)

    def latest(self) -> Backup | None:
        """Return the newest backup."""
        return next(iter(self.all()), None)

    def due(self, now: datetime) -> bool:
        """Return True if the day of `now`, local time, has no backup yet."""
        return now.astimezone().date() not in (backup.taken.date() for backup in self.all())

    def take(self, now: datetime, stopped: Callable[[], bool] = lambda: False) -> Backup:
        """Make a backup and then delete those that are not `retained`.

        Stops early if `stopped` returns True. Raises BackupError.
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
        return self.folder / f"{self._database.name}.{_stamp(moment)}"

    def _thin(self, now: datetime) -> None:
        backups = self.all()
        staying = retained([backup.taken for backup in backups])
        # A damaged file may lack what only the backup from before has.
        for kept in kept_files(self._database):
            if kept.word == DAMAGED:
                older = (backup.taken for backup in backups if backup.taken <= kept.moment)
                staying.update(islice(older, 1))
        old = (now - _MAX_PARTIAL_AGE).timestamp()
        with suppress(OSError):
            for backup in backups:
                if backup.taken not in staying:
                    backup.path.unlink()
            for partial in self.folder.glob("*.partial"):
                if partial.stat().st_mtime < old:
                    partial.unlink()


def copy(source: Path, target: Path, stopped: Callable[[], bool] = lambda: False) -> None:
    """Make a copy of a database, whole or not at all, for its owner only.

    Others may read and write meanwhile; the copy is of one moment. It names no
    device, so that writing to it is done by a new one. Raises BackupError, also
    if `target` is there already.
    """
    try:
        with whole_file(target) as partial:
            _fill(partial, source, stopped)
            if fault := next(iter(faults(partial)), None):
                raise SourceDamaged(source, fault)
    except FileExistsError:
        raise BackupError(f"{target} is there already; name a new file.") from None
    except sqlite3.Error as error:
        if code_of(error) in DAMAGE:
            raise SourceDamaged(source, in_words(str(error))) from error
        raise BackupError(f"No copy of {source} was made: {error}.") from error
    except OSError as error:
        raise BackupError(f"Cannot write {target}: {error.strerror}.") from error


def _fill(partial: Path, source: Path, stopped: Callable[[], bool]) -> None:
    moved = time.monotonic()

    def look(status: int, remaining: int, total: int) -> None:
        nonlocal moved
        if stopped():
            raise BackupError("The copy was given up.")
        if status == sqlite3.SQLITE_OK:
            moved = time.monotonic()
        elif time.monotonic() > moved + _BUSY_TIMEOUT:
            raise BackupError("Another program is using the database; try again soon.")

    with closing(connect(source)) as live, closing(connect(partial)) as made:
        for connection in (live, made):
            # What holds a file is met again, and waited for, when it is copied.
            with suppress(sqlite3.OperationalError):
                connection.execute(f"pragma {SMALL_CACHE}")
        live.backup(made, pages=_PAGES, progress=look, sleep=0.01)
        made.execute("pragma journal_mode = memory")
        with made:
            made.execute("delete from setting where key = 'device'")


class KeptFile(NamedTuple):
    """A database that another one took the place of, when that was, and how it was."""

    moment: datetime
    path: Path
    word: str


def kept_files(database: Path) -> list[KeptFile]:
    """Return the files that are kept beside a database, under a name of `aside`, newest first."""
    database = Path(os.path.realpath(database))
    name = re.compile(re.escape(f"{database.name}.") + f"({DAMAGED}|{BEFORE})-" + _STAMP)
    kept = []
    with suppress(OSError):
        for path in database.parent.iterdir():
            if match := name.fullmatch(path.name):
                with suppress(ValueError):
                    moment = datetime.fromisoformat(match[2]).astimezone()
                    kept.append(KeptFile(moment, path, match[1]))
    return sorted(kept, reverse=True)


def aside(database: Path, word: str, now: datetime) -> Path:
    """Return the name under which a database is kept beside the one that takes its place."""
    while (path := database.with_name(f"{database.name}.{word}-{_stamp(now)}")).exists():
        now += timedelta(seconds=1)
    return path


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(STAMP)


MAX_DAYS, MAX_WEEKS, MAX_MONTHS = 7, 4, 12


def retained(taken: Collection[datetime]) -> set[datetime]:
    """Return the moments whose backups are kept.

    They are all of the newest day, and the last of each of the latest seven
    days, four weeks and twelve months that have any. Days without backups do
    not count, so that none is lost in a year without papertui.
    """
    newest = max(taken, default=None)
    return {
        *(moment for moment in taken if newest and moment.date() == newest.date()),
        *_last_of_each(taken, lambda moment: moment.date(), MAX_DAYS),
        *_last_of_each(taken, lambda moment: week_of(moment.date()), MAX_WEEKS),
        *_last_of_each(taken, lambda moment: (moment.year, moment.month), MAX_MONTHS),
    }


def _last_of_each(
    taken: Collection[datetime], span: Callable[[datetime], Hashable], limit: int
) -> list[datetime]:
    last = {span(moment): moment for moment in sorted(taken)}
    return list(last.values())[-limit:]
