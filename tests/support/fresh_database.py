"""Databases that are made once in a run, then copied, to save time."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from papertui.storage.store import Store


@cache
def _content(make: Callable[[Path], None]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "papertui.db"
        make(path)
        return path.read_bytes()


def copied(path: Path, make: Callable[[Path], None]) -> Path:
    """Write what `make` wrote when it was first called to `path`; return `path`.

    Like every copy of a database, it gets a device name of its own when it is first opened.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_content(make))
    return path


def fresh_database(path: Path) -> Path:
    """Write a database with the shipped lists and an empty journal to `path`; return `path`."""
    return copied(path, _create)


def _create(path: Path) -> None:
    Store(path).close()
