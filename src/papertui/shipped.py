"""The catalogue that papertui comes with, and whether a database is up to date with it."""

import zlib
from pathlib import Path

from papertui import migrations
from papertui.database import Database

CATALOG = Path(__file__).with_name("catalog.json")
# The settings that say which catalogue is indexed, and by which schema the rest was derived.
INDEXED, PROJECTED = "catalog", "projected"


def digest(source: bytes) -> str:
    """Return what tells one catalogue from another: enough to see that it has changed."""
    return f"{len(source)}:{zlib.crc32(source):08x}"


def is_current(database: Database) -> bool:
    """Say whether a database can be asked as it is; a Store brings it up to date."""
    wanted = {INDEXED: digest(CATALOG.read_bytes()), PROJECTED: migrations.NAMES[-1]}
    found = database.rows("select key, value from setting where key in (?, ?)", *wanted)
    return dict(found) == wanted
