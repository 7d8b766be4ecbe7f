"""A work to export: its facts, the reader's record of it, the sections it is in."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from papertui.core import labels
from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import Work
from papertui.core.records import Note, Reading, WorkRecord, notes_for_others
from papertui.storage.store import Store


class ExportedWork(NamedTuple):
    """A work with the reader's record of it and the sections it is in, as ``List/Section``.

    `entry` is the BibTeX entry that it came in with.
    """

    work: Work
    record: WorkRecord
    sections: tuple[str, ...] = ()
    entry: BibEntry | None = None

    @property
    def key(self) -> str:
        """The key that citations of it use: the reader's own, else the citekey."""
        return (self.entry and self.entry.key) or self.work.citekey

    def without(self, private: Collection[str]) -> "ExportedWork":
        """Return the work without those of its notes that are private."""
        notes = tuple(notes_for_others(self.record.notes, private))
        return self._replace(record=self.record._replace(notes=notes))

    @property
    def status(self) -> str:
        """The status of the work in a word."""
        return self.record.aside or labels.STATUSES[self.record.depth]

    @property
    def minutes(self) -> int:
        """The minutes of all its passes."""
        return sum(reading.minutes or 0 for reading in self.record.readings)

    @property
    def last_read(self) -> date | None:
        """The day of its latest pass that has one."""
        return max((r.read_on for r in self.record.readings if r.read_on), default=None)

    @property
    def authors(self) -> list[str]:
        """Its authors, the last one "others" if more exist than are known."""
        return [*self.work.authors, *(["others"] if self.work.more_authors else [])]

    def facts(self) -> dict[str, str | int | date | None]:
        """Return the fields that are the same in every format, in this order."""
        work, record = self.work, self.record
        return {
            "year": work.year,
            "venue": work.venue,
            "kind": work.kind,
            "length": work.length,
            "arxiv": work.arxiv,
            "doi": work.doi,
            "url": work.page,
            "status": self.status,
            "reason": record.reason,
            "until": record.until,
        }

    @property
    def own_words(self) -> list[str]:
        """The reader's tags of it, and the word for its star."""
        return [*(["starred"] if self.record.is_starred else []), *self.record.tags]

    def passes(self) -> list[str]:
        """Return its passes as texts, the latest first."""
        return [_pass(reading, self.work.kind) for reading in self.record.readings]


def exported_works(
    store: Store, today: date, citekeys: Collection[str] = (), all_: bool = False
) -> list[ExportedWork]:
    """Return works with their records as of `today`, in the order they came in.

    They are the works of `citekeys`; without any, all works, or those that the
    reader dealt with, added or brought in with BibTeX.
    """
    works, reading_log = store.works, store.reading_log
    entries = store.bib_entries.first_of(citekeys)
    if not citekeys:
        known = works.citekeys()
        touched = {*reading_log.touched(), *works.own(), *entries}
        citekeys = [key for key in known if all_ or key in touched]
        # The reader's notes on a work that has left the catalogue are exported too.
        citekeys += sorted(touched.difference(known))
    sections = works.sections()
    return [
        ExportedWork(
            works.work(key) or Work(key, works.title(key)),
            reading_log.work(key).on(today),
            sections.get(key, ()),
            entries.get(key),
        )
        for key in dict.fromkeys(citekeys)
    ]


def begun_on(note: Note) -> date:
    """Return the day on which a note was begun, by the reader's clock then."""
    return (note.begun or labels.local_time(note.saved, note.utc_offset)).date()


def of_pass(note: Note, kind: str) -> str:
    """Return the pass that a note belongs to, so that it can follow a day; empty if it has none."""
    return f", {labels.pass_name(note.depth, kind)}" if note.depth else ""


def _pass(reading: Reading, kind: str) -> str:
    day = reading.read_on.isoformat() if reading.read_on else "before papertui"
    minutes = f", {reading.minutes} min" if reading.minutes else ""
    return f"{day}, {labels.pass_name(reading.depth, kind)}{minutes}"
