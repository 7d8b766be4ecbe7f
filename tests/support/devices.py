"""Devices that exchange their journals, and repositories that they exchange them through."""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from papertui.core import journal_file
from papertui.storage.store import Store, _machine
from papertui.sync import sync
from papertui.sync.sync import Outcome
from papertui.system.clock import Clock
from tests.support.fresh_database import fresh_database


def bare_repository(folder: Path) -> Path:
    """Make an empty repository without a working copy, as git init does in a process."""
    for name in ("objects", "refs"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    config = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
    (folder / "config").write_text(config, encoding="ascii")
    return folder


def git(*arguments: str) -> str:
    """Run git as somebody else does."""
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody"]
    done = subprocess.run(
        ["git", *who, *arguments], check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def copy_as_the_same(store: Store, path: Path) -> None:
    """Copy a database to a machine that passes for the one that it is from."""
    shutil.copy(store.path, path)
    here = f"{_machine()}:{path.stat().st_ino}"
    name = json.dumps({"id": store.device, "here": here})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update setting set value = ? where key = 'device'", [name])


class Device:
    """A database that syncs."""

    def __init__(self, database: Path, clock: Clock) -> None:
        if not database.exists():
            fresh_database(database)
        self.clock = clock
        self.store = Store(database, clock=clock)

    def joins(self, place: Path | str) -> Outcome:
        """Set the sync up and sync."""
        sync.set_up(self.store, str(place))
        return self.syncs()

    def syncs(self, notes: bool = True) -> Outcome:
        """Sync, and expect no failure."""
        outcome = self.tries(notes)
        assert not outcome.failure, outcome.failure
        return outcome

    def tries(self, notes: bool = True) -> Outcome:
        """Sync."""
        return sync.sync(self.store, self.clock(), notes)

    def export(self) -> str:
        """Return the export of the journal, whatever time it is here."""
        return journal_file.document(
            self.store.events(), {}, {}, datetime(2026, 11, 20, tzinfo=UTC)
        )
