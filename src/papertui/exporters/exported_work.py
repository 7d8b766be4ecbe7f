"""What an export says of a work: what is known of it, what was done with it, where it stands."""

from datetime import date
from typing import NamedTuple

from papertui.core import labels
from papertui.core.catalog import Work
from papertui.core.journal import Note, Reading, WorkRecord


class ExportedWork(NamedTuple):
    """A work with the reader's record of it and the paths of the sections it stands in."""

    work: Work
    record: WorkRecord
    paths: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """How the work stands, in a word."""
        return self.record.aside or labels.STATUSES[self.record.depth]

    @property
    def minutes(self) -> int:
        """All minutes logged for its passes."""
        return sum(reading.minutes or 0 for reading in self.record.readings)

    @property
    def last_read(self) -> date | None:
        """The day of its latest pass that has one."""
        return max((r.read_on for r in self.record.readings if r.read_on), default=None)

    @property
    def authors(self) -> list[str]:
        """Its authors, the last of them "others" where there are more than are known."""
        return [*self.work.authors, *(["others"] if self.work.more_authors else [])]

    def facts(self) -> dict[str, str | int | date | None]:
        """Return what every format says of it in the same words, in this order."""
        work, record = self.work, self.record
        return {
            "year": work.year,
            "venue": work.venue,
            "kind": work.kind,
            "arxiv": work.arxiv,
            "doi": work.doi,
            "url": work.page,
            "status": self.status,
            "reason": record.reason,
            "until": record.until,
        }

    def passes(self) -> list[str]:
        """Return its passes, the latest first, each as one text."""
        return [_pass(reading, self.work.kind) for reading in self.record.readings]


def noted(note: Note, kind: str) -> str:
    """Return when a note was saved and in which pass it was written."""
    day = labels.local_time(note.saved, note.utc_offset)
    written = f", {labels.pass_name(note.depth, kind)}" if note.depth else ""
    return f"{day:%Y-%m-%d}{written}"


def _pass(reading: Reading, kind: str) -> str:
    day = reading.read_on.isoformat() if reading.read_on else "before papertui"
    minutes = f", {reading.minutes} min" if reading.minutes else ""
    return f"{day}, {labels.pass_name(reading.depth, kind)}{minutes}"
