"""The catalogue that papertui comes with, and whether a database has it and its tables."""

import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from papertui.storage import migrations
from papertui.storage.database import Database

if TYPE_CHECKING:
    from papertui.core.catalog import Catalog

CATALOG = Path(__file__).parent.parent / "catalog.json"
# The settings that say which catalogue is indexed, and by which schema the rest was derived.
INDEXED, PROJECTED = "catalog", "projected"


def digest(source: bytes) -> str:
    """Return what tells one catalogue from another: enough to see that it has changed."""
    return f"{len(source)}:{zlib.crc32(source):08x}"


def is_current(database: Database) -> bool:
    """Return True if a database can be queried as it is; else a Store brings it up to date."""
    wanted = {INDEXED: digest(CATALOG.read_bytes()), PROJECTED: migrations.LAST_REBUILD}
    found = database.rows("select key, value from setting where key in (?, ?)", *wanted)
    return dict(found) == wanted


@cache
def shipped_catalog() -> "Catalog":
    """Return the catalogue that papertui comes with."""
    from papertui.core import catalog

    return catalog.load(CATALOG.read_bytes(), CATALOG.name)
