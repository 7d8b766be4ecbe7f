"""Which other papertui on the same database still runs: locks that die with their process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


class InUse(Exception):
    """Another papertui uses the database, or is putting another in its place."""


def share(database: Path) -> int | None:
    """Use a database beside others until the file returned is closed.

    Returns None where no lock can be had. Raises InUse while it is being replaced.
    """
    return _locked(database, fcntl.LOCK_SH)


@contextmanager
def alone(database: Path) -> Iterator[None]:
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


class Presence:
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
