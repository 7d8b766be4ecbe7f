"""A fresh database without the work of making one: it is made once and copied from then on."""

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
    """Put a database at `path` in which nothing has happened, and return its path.

    The shipped lists are indexed in it. Its first opening names a device of its
    own, as with every copy of a database.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_content())
    return path
