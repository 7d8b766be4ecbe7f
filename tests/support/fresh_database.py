"""A fresh database: created once in a run, then copied, to save time."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from papertui.storage.store import Store


@cache
def _content() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "papertui.db"
        Store(path).close()
        return path.read_bytes()


def fresh_database(path: Path) -> Path:
    """Write a database with the shipped lists and an empty journal to `path`; return `path`.

    Like every copy of a database, it gets a device name of its own when it is first opened.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_content())
    return path
