"""The BibTeX entries that came in with lists, kept with their works.

The caller of a method that writes holds the transaction.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from papertui.core.bib_entry import BibEntry, entries_from
from papertui.core.journal import MERGED
from papertui.storage.database import Database
from papertui.storage.event_log import STANDING
from papertui.storage.merged_works import CITEKEY

# A row of the table: list, position, key, key in lower case, work, entry.
EntryRow = tuple[str, int, str, str, str | None, str]
_WORK = CITEKEY.format("bib_entry.work")
_OF_WORKS = (
    "bib_entry.work in (select value from json_each(?1) union"
    "  select work from merged where target in (select value from json_each(?1)))"
)
_ENTRIES = f"""select entry, {_WORK} as known, edited.fields
from bib_entry left join reading_list on key = list left join edited on edited.work = {_WORK}
where {{}} order by {{}} reading_list.position, list, bib_entry.position"""
_HAS = "ifnull(instr(lower(entry), {}) > 0, 0)"
_FACTS = ("'\"year\": \"' || year || '\"'", '\'"date": "\' || year', "lower(arxiv)", "lower(doi)")
# A work's own entry, then that of a merged one with most of the work's facts, the latest of equals.
_BEST_FIRST = f"""bib_entry.work <> {_WORK},
iif(bib_entry.work = {_WORK}, 0, (
  select {" + ".join(map(_HAS.format, _FACTS))} from work where citekey = {_WORK}
)) desc,
iif(bib_entry.work = {_WORK}, '', (
  select max(printf('%020d %s %020d', at, device, seq)) from event
  where event.work = bib_entry.work and kind = '{MERGED}' and {STANDING}
)) desc,"""


def entry_rows(entries: Mapping[str, Sequence[BibEntry]]) -> Iterator[EntryRow]:
    """Yield the rows of the entries that came with some lists."""
    for key, of_list in entries.items():
        for position, entry in enumerate(of_list):
            stored = json.dumps(entry._replace(work=None).as_json(), ensure_ascii=False)
            yield key, position, entry.key, entry.key.lower(), entry.work, stored


class BibEntries:
    """The table of entries."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write(self, rows: Collection[EntryRow]) -> list[int]:
        """Write all entries. Return the numbers of the works that have other keys now."""
        db = self._db
        old = set(db.rows("select list, position, citekey, folded, work, entry from bib_entry"))
        gone, new = old.difference(rows), set(rows).difference(old)
        sql = "delete from bib_entry where list = ? and position = ?"
        db.run_many(sql, [row[:2] for row in gone])
        db.run_many(
            "insert into bib_entry values (?, ?, ?, ?, ?, ?)",
            sorted(new, key=lambda row: (row[0], row[1])),
        )
        keys = [{(row[2], row[4]) for row in some} for some in (gone, new)]
        works = {work for _, work in keys[0] ^ keys[1] if work}
        numbers = db.rows(
            f"select number from json_each(?) join work on citekey = {CITEKEY.format('value')}",
            _json(works),
        )
        return [number for (number,) in numbers]

    def of(self, citekeys: Collection[str]) -> list[BibEntry]:
        """Return the entries of some works, and after them those that they refer to."""
        entries = self._entries("known in (select value from json_each(?))", _json(citekeys))
        read = {entry.key.lower() for entry in entries}
        new = entries
        while wanted := {key for entry in new for key in entry.references()} - read:
            new = self._entries("folded in (select value from json_each(?))", _json(wanted))
            entries += new
            read |= wanted
        return entries

    def all(self) -> list[BibEntry]:
        """Return all entries, those that are no works too, lists in order."""
        return self._entries("bib_entry.work is null or known in (select citekey from work)")

    def first(self, citekey: str) -> BibEntry | None:
        """Return the entry that a work is cited by, its own before that of one merged into it."""
        return self.first_of([citekey]).get(citekey)

    def first_of(self, citekeys: Collection[str] = ()) -> dict[str, BibEntry]:
        """Return the entry that each of some works is cited by, or all works, if it has any."""
        condition, values = "known in (select citekey from work)", list[str]()
        if citekeys:
            condition, values = _OF_WORKS, [_json(citekeys)]
        entries = self._entries(condition, *values, order=_BEST_FIRST)
        return {entry.work: entry for entry in reversed(entries) if entry.work}

    def keys(self, citekeys: Collection[str]) -> dict[str, str]:
        """Return those of some works that a BibTeX key names, and no other work, with that key."""
        rows = self._db.rows(
            f"select {_WORK} as known, citekey from bib_entry left join reading_list on key = list"
            f" where citekey <> '' and {_OF_WORKS}"
            f" order by {_BEST_FIRST} reading_list.position, list, bib_entry.position",
            _json(citekeys),
        )
        folded = _json([key.lower() for _, key in rows])
        shared = self._db.rows(
            f"select folded from (select folded, {_WORK} as known from bib_entry"
            " where folded in (select value from json_each(?1))"
            " union select value, citekey from json_each(?1) join work on citekey = value)"
            " group by folded having count(*) > 1",
            folded,
        )
        ambiguous = {key for (key,) in shared}
        return {work: key for work, key in reversed(rows) if key.lower() not in ambiguous}

    def name(self, citekey: str) -> str:
        """Return the name of a work in what is printed: its BibTeX key, or else its citekey."""
        return self.keys([citekey]).get(citekey, citekey)

    def keys_of(self, citekey: str) -> list[str]:
        """Return the keys that a work has in BibTeX entries."""
        sql = f"select distinct citekey from bib_entry where citekey <> '' and {_OF_WORKS}"
        return [key for (key,) in self._db.rows(sql, _json([citekey]))]

    def _entries(self, condition: str, *values: str, order: str = "") -> list[BibEntry]:
        rows = self._db.rows(_ENTRIES.format(condition, order), *values)
        return [
            entry._replace(work=work, edited=tuple(json.loads(edited or "{}")))
            for stored, work, edited in rows
            for entry in entries_from([json.loads(stored)])
        ]


def _json(values: Collection[str]) -> str:
    return json.dumps(list(values))
