"""What this database knows of a log that devices exchange: where it is, how far it is known."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from papertui.core.journal import Event
from papertui.storage.database import Database
from papertui.storage.event_log import EventLog

SYNC, GROUP = "sync", "group"  # the log of the reader's devices, and that of a reading group
_PLACE, _WRITTEN, _OUTCOME = "place", "written", "outcome"
SYNC_PLACES = tuple(f"{log}-{_PLACE}" for log in (SYNC, GROUP))
SYNC_NOTES = tuple(f"{log}-{key}" for log in (SYNC, GROUP) for key in (_WRITTEN, _OUTCOME))


class Mark(NamedTuple):
    """How far a file of the log was read.

    It had `size` bytes, was `modified` at a time in nanoseconds, and the digest of the first
    `read` bytes, which are whole lines, is `digest`; `skipped` of the lines were no events.
    """

    name: str
    size: int
    modified: int
    read: int
    digest: str
    skipped: int


class Written(NamedTuple):
    """What this database has written to the log.

    `last` has the number of the last event of each device that it writes for; `left_out`
    names what was kept back; `commit` is the state of the repository that was read.
    """

    last: Mapping[str, int] = {}
    left_out: str = ""
    commit: str = ""


class SyncState:
    """The place of a log, the marks of its files, and what was written."""

    def __init__(self, database: Database, log: EventLog, name: str = SYNC) -> None:
        self._db = database
        self._log = log
        self.name = name

    def place(self) -> str | None:
        """Return the address of the repository, or the folder, None if there is none."""
        return self._setting(_PLACE)

    def set_place(self, place: str | None) -> None:
        """Set where the log is, and forget what was known of another one."""
        if place is not None and place == self.place():
            return
        with self._db.writing():
            self._db.run("delete from log_file where log = ?", self.name)
            for key in (_PLACE, _WRITTEN, _OUTCOME):
                self._db.run("delete from setting where key = ?", f"{self.name}-{key}")
            if place is not None:
                self._remember(_PLACE, place)

    def marks(self) -> dict[str, Mark]:
        """Return the marks of all files by their names."""
        sql = "select name, size, modified, read, digest, skipped from log_file where log = ?"
        return {mark.name: mark for mark in self._db.records(Mark, sql, self.name)}

    def marked_devices(self) -> set[str]:
        """Return the devices of the files that have marks."""
        sql = "select distinct substr(name, 1, instr(name, '/') - 1) from log_file"
        return {device for (device,) in self._db.rows(sql)}

    def written(self) -> Written:
        """Return what was written."""
        return Written(**json.loads(self._setting(_WRITTEN) or "{}"))

    def save(self, before: Mapping[str, Mark], marks: Mapping[str, Mark], written: Written) -> None:
        """Keep the marks that differ from those `before`, and what was written."""
        gone = [(self.name, name) for name in before.keys() - marks.keys()]
        changed = [(self.name, *mark) for name, mark in marks.items() if before.get(name) != mark]
        with self._db.writing():
            self._db.run_many("delete from log_file where log = ? and name = ?", gone)
            self._db.run_many(
                "insert or replace into log_file values (?, ?, ?, ?, ?, ?, ?)", changed
            )
            self._remember(_WRITTEN, json.dumps(written._asdict()))

    def outcome(self) -> dict[str, Any] | None:
        """Return the outcome of the last sync, None if there was none."""
        outcome: dict[str, Any] | None = json.loads(self._setting(_OUTCOME) or "null")
        return outcome

    def set_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Keep the outcome of a sync."""
        with self._db.writing():
            self._remember(_OUTCOME, json.dumps(dict(outcome)))

    def devices(self) -> dict[str, int]:
        """Return every device in the journal with the number of its last event."""
        return self._log.devices()

    def own_devices(self) -> list[str]:
        """Return the names under which this database was written to, the present one first."""
        known = json.loads(self._db.setting("device") or "{}")
        return [self._log.device, *known.get("former", ())]

    def written_twice(self, device: str) -> int:
        """Return how many events have a number that another event of the device has too."""
        sql = "select count(*) - count(distinct seq) from event where device = ?"
        return int(self._db.row(sql, device)[0])

    def events(self, device: str, after: int, until: int) -> Iterator[Event]:
        """Yield the events of a device with numbers above `after`, up to `until`, in order."""
        return self._log.of_device(device, after, until)

    def _setting(self, key: str) -> str | None:
        return self._db.setting(f"{self.name}-{key}")

    def _remember(self, key: str, value: str) -> None:
        self._db.remember(f"{self.name}-{key}", value)
