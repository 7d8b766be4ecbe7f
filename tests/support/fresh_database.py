"""Databases that are made once in a run, then copied, to save time."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from papertui.storage.store import Store


@cache
def _made(make: Callable[[Path], None]) -> tuple[TemporaryDirectory[str], bytes]:
    """Return the folder of a database, which goes at the end of the run, and what is in it.

    Were the database gone sooner, a copy might get its inode and pass for the original.
    """
    folder = TemporaryDirectory()
    path = Path(folder.name) / "papertui.db"
    make(path)
    return folder, path.read_bytes()


def copied(path: Path, make: Callable[[Path], None]) -> Path:
    """Write what `make` wrote when it was first called to `path`; return `path`.

    Like every copy of a database, it gets a device name of its own when it is first opened.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    _, content = _made(make)
    path.write_bytes(content)
    return path


def fresh_database(path: Path) -> Path:
    """Write a database with the shipped lists and an empty journal to `path`; return `path`."""
    return copied(path, _create)


def _create(path: Path) -> None:
    Store(path).close()
