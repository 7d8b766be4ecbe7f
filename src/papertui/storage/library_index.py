"""The index of works and lists: those shipped, those imported, those added by the reader.

The caller of a method that writes holds the transaction.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

from papertui.core import catalog, identifiers
from papertui.core.catalog import ReadingList, Section, Work
from papertui.core.identity import fuller
from papertui.core.records import WorkRecord
from papertui.core.replay import Imported
from papertui.core.text import fold, title_key
from papertui.storage.bib_entries import BibEntries, EntryRow, entry_rows
from papertui.storage.database import Database
from papertui.storage.reading_log import TOUCHED
from papertui.storage.search import SearchIndex
from papertui.storage.tree_queries import section_counts


@dataclass(frozen=True, slots=True)
class WorkRows:
    """The rows of a work; `columns` are those of the table `work` after its origin.

    `came` are the fields that it had before the reader edited them, None if that did not happen.
    """

    citekey: str
    columns: tuple[Any, ...]
    fields: str
    names: tuple[str, ...]
    needs: tuple[str, ...]
    came: str | None = None


@dataclass(frozen=True, slots=True)
class SectionRows:
    """A section with its items."""

    path: str
    parent: str | None
    position: int
    title: str
    items: list[tuple[int, str, int | None, str]]


@dataclass(frozen=True, slots=True)
class ListRows:
    """The rows of a list and its sections, outer before inner; `event` is its import, if any."""

    key: str
    columns: tuple[Any, ...]
    sections: tuple[SectionRows, ...]
    event: str | None = None


def work_rows(work: Work, fields: Mapping[str, Any]) -> WorkRows:
    """Return the rows of a work that was made from some JSON fields."""
    arxiv, doi = work.arxiv and identifiers.arxiv_id(work.arxiv), work.doi and work.doi.lower()
    url = work.links[0].url if work.links else None
    columns = (
        work.title, work.kind, arxiv, doi, url, work.year, work.difficulty,
        int(work.unidentified),
    )  # fmt: skip
    # A title with markup is known as it came too.
    titles = (work.title, *work.aliases, str(fields["title"]))
    names = tuple(filter(None, dict.fromkeys(map(title_key, titles))))
    stored = json.dumps(fields, ensure_ascii=False)
    return WorkRows(work.citekey, columns, stored, names, tuple(dict.fromkeys(work.requires)))


def edited_rows(rows: WorkRows, edits: Mapping[str, Any]) -> WorkRows:
    """Return the rows of a work with the fields that the reader edited."""
    from papertui.core.work_edits import edited_fields

    fields = edited_fields(json.loads(rows.fields), edits)
    edited = work_rows(catalog.work_from(rows.citekey, fields), fields)
    return replace(edited, came=rows.fields)


def list_rows(
    entry: ReadingList, event: str | None = None, merges: Mapping[str, str] = MappingProxyType({})
) -> ListRows:
    """Return the rows of a list; `event` is the import that it is from.

    By `merges`, the places of merged works are those of the works they were merged into.
    """
    marks = json.dumps(dict(entry.marks), ensure_ascii=False)
    root = Section(entry.title, sections=entry.sections)
    return ListRows(
        entry.key,
        (entry.title, entry.origin, entry.order, entry.purpose, marks, entry.caution, event),
        tuple(_sections(entry.key, None, root, count(), merges)),
        event,
    )


def _sections(
    path: str, parent: str | None, section: Section, order: Iterator[int], merges: Mapping[str, str]
) -> list[SectionRows]:
    items: dict[str, tuple[int, str, int | None, str]] = {}
    for position, item in enumerate(section.items):
        work = merges.get(item.work, item.work)
        items.setdefault(work, (position, work, item.tier, item.signs))
    rows = [SectionRows(path, parent, next(order), section.title, [*items.values()])]
    for inner in section.sections:
        rows += _sections(f"{path}/{inner.step}", path, inner, order, merges)
    return rows


class ListIndex:
    """Writes the tables of lists."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write(self, position: int, rows: ListRows) -> None:
        """Write a list in the place of its older self; sections keep their ids."""
        db, key = self._db, rows.key
        db.run(
            "insert or replace into reading_list"
            " (key, position, title, origin, reading_order, purpose, marks, caution, event)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            key, position, *rows.columns,
        )  # fmt: skip
        ids = dict(db.rows("select path, id from section where list = ?", key))
        db.run("delete from item where section in (select id from section where list = ?)", key)
        gone = ids.keys() - {section.path for section in rows.sections}
        db.run_many("delete from section where id = ?", [(ids[path],) for path in gone])
        for section in rows.sections:
            parent = ids[section.parent] if section.parent else None
            ids[section.path] = db.run(
                "insert or replace into section (id, parent, list, path, position, title, total)"
                " values (?, ?, ?, ?, ?, ?, 0)",
                ids.get(section.path), parent, key, section.path, section.position, section.title,
            )  # fmt: skip
        db.run_many(
            "insert into item values (?, ?, ?, ?, ?)",
            [(ids[section.path], *item) for section in rows.sections for item in section.items],
        )
        self.count(key)

    def count(self, key: str) -> None:
        """Count the works of every section of a list and store the counts."""
        of_list = "item.section in (select id from section where list = :key)"
        counts = section_counts(self._db, of_list, key=key)
        self._db.run("update section set total = 0, done = 0, dropped = 0 where list = ?", key)
        self._db.run_many(
            "update section set total = ?, done = ?, dropped = ? where id = ?",
            [(c.identified, c.done, c.identified - c.counted, c.branch) for c in counts],
        )

    def recount(self) -> None:
        """Count what is done and dropped in all sections; only works that were read can be."""
        counts = section_counts(self._db, "item.work in (select work from standing)")
        self._db.run("update section set done = 0, dropped = 0")
        self._db.run_many(
            "update section set done = ?, dropped = ? where id = ?",
            [(c.done, c.identified - c.counted, c.branch) for c in counts],
        )

    def drop_others(self, which: str, but: Collection[str]) -> None:
        """Delete the lists that meet a condition in SQL, but for those with some keys."""
        for (key,) in self._db.rows(f"select key from reading_list where {which}"):
            if key not in but:
                self._drop(key)

    def own(self, entry: ReadingList, position: int) -> int:
        """Return the section of a list that papertui keeps; make the list if there is none."""
        find = "select id from section where path = ?"
        if self._db.row(find, entry.key) is None:
            self.write(position, list_rows(entry))
        return int(self._db.row(find, entry.key)[0])

    def settle(self, entry: ReadingList, section: int) -> None:
        """Count the works of such a list, and delete it if it is empty."""
        if self._db.row("select 1 from item where section = ?", section):
            self.count(entry.key)
        else:
            self._drop(entry.key)

    def _drop(self, key: str) -> None:
        db = self._db
        db.run("delete from item where section in (select id from section where list = ?)", key)
        db.run("delete from section where list = ?", key)
        db.run("delete from reading_list where key = ?", key)


# If a work has several origins, the first of them is believed.
SHIPPED, ADDED, IMPORTED = _ORIGINS = ("shipped", "added", "imported")
_FIRST_IMPORTED, _LAST = 1000, 1_000_000
_ADDED_LIST = ReadingList(
    ADDED, "Added by you", "Your own.", "list", "Works you added with +.", (), {}
)
_UNLISTED_LIST = ReadingList(
    "unlisted", "Unlisted", "Your own.", "list",
    "Works that left a list you imported after you had read, noted or queued them.", (), {},
)  # fmt: skip
_LISTED = f"""exists (select 1 from item join section on section.id = item.section
    where item.work = citekey and section.list <> '{_UNLISTED_LIST.key}')"""


class ImportRows(NamedTuple):
    """All imported lists, works and BibTeX entries; `placed` are the works that are in a list."""

    lists: Sequence[ListRows]
    works: Mapping[str, WorkRows]
    placed: Collection[str]
    entries: Sequence[EntryRow]


def import_rows(imported: Imported, merges: Mapping[str, str]) -> ImportRows:
    """Return the rows of all imported lists and works, merged works by `merges`."""
    lists = [list_rows(each.contents, each.event, merges) for each in imported.lists]
    works: dict[str, Mapping[str, Any]] = {}
    for citekey, fields in imported.works.items():
        if citekey not in merges:
            works[citekey] = fuller(fields, works[citekey]) if citekey in works else fields
        elif (target := merges[citekey]) in imported.works:
            works[target] = fuller(works[target], fields) if target in works else fields
    rows = {key: work_rows(catalog.work_from(key, fields), fields) for key, fields in works.items()}
    placed = {work for each in lists for section in each.sections for _, work, *_ in section.items}
    return ImportRows(lists, rows, placed, [*entry_rows(imported.entries)])


class LibraryIndex:
    """Writes the tables of works and lists."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._lists = ListIndex(database)
        self._entries = BibEntries(database)
        self.search = SearchIndex(database)

    def write_shipped(self, shipped: catalog.Catalog) -> None:
        """Write the shipped catalogue."""
        self._delete_works([*self.shipped() - shipped.works.keys()])
        works = [work_rows(work, catalog.fields_of(work)) for work in shipped.works.values()]
        self._write_works(SHIPPED, works)
        keys = [entry.key for entry in shipped.lists]
        self._lists.drop_others(f"position < {_FIRST_IMPORTED}", keys)
        for position, entry in enumerate(shipped.lists):
            self._lists.write(position, list_rows(entry))

    def write_imported(self, imports: ImportRows) -> None:
        """Write all imported works and lists.

        A work that left its list is kept if the reader has done something with it.
        The words of works are left to `SearchIndex.catch_up`, as writing them may
        take longer than a lock should be held.
        """
        db = self._db
        touched = {work for (work,) in db.rows(TOUCHED)}
        known = imports.works
        self._write_works(
            IMPORTED, [known[work] for work in known if work in imports.placed or work in touched]
        )
        self._delete_works([*self._of(IMPORTED) - known.keys()])
        self._lists.drop_others("event is not null", [rows.key for rows in imports.lists])
        indexed = dict(db.rows("select key, event from reading_list"))
        for position, rows in enumerate(imports.lists, _FIRST_IMPORTED):
            if indexed.get(rows.key) != rows.event:
                self._lists.write(position, rows)
            else:
                db.run("update reading_list set position = ? where key = ?", position, rows.key)
                self._lists.count(rows.key)
        self._write_unlisted()
        self.search.write_later(self._entries.write(imports.entries))

    def counted(self, citekey: str) -> tuple[int, int]:
        """Return what a work adds to the counts of its sections: to done, to dropped."""
        sql = "select done, not unidentified and not counted from work_state where work = ?"
        return self._db.row(sql, citekey) or (0, 0)

    def correct_counts(self, citekey: str, before: tuple[int, int]) -> None:
        """Correct the stored counts of a work's sections, given what it added to them before."""
        after = self.counted(citekey)
        if after != before:
            self._db.run(
                "with recursive around (id) as (select section from item where work = ?1"
                " union select parent from section join around using (id) where parent is not null)"
                " update section set done = done + ?2, dropped = dropped + ?3"
                " where id in (select id from around) and list not in (?4, ?5)",
                citekey, after[0] - before[0], after[1] - before[1],
                _ADDED_LIST.key, _UNLISTED_LIST.key,
            )  # fmt: skip

    def recount(self) -> None:
        """Count what is done and dropped in all sections again."""
        self._lists.recount()

    def write_record(self, citekey: str, record: WorkRecord) -> bool:
        """Write a work that the reader added or touched, its place and its words.

        Return True if the list of added works is to be counted again.
        """
        row = self._db.row(
            "select number, origin, fields, came from work left join detail on detail.work = number"
            " where citekey = ?",
            citekey,
        )
        number, origin, fields, came = row or (None, None, None, None)
        if record.added and origin != SHIPPED:
            work = catalog.work_from(citekey, record.added)
            self._write_works(ADDED, [work_rows(work, record.added)])
            (number,) = self._db.row("select number from work where citekey = ?", citekey)
            self._place_added(citekey, record.added_at)
        elif origin == ADDED:
            self._delete_works([citekey])
            self._place_added(citekey, None)
        elif origin == IMPORTED and fields and (record.edited or came):
            known = json.loads(came or fields)
            self._write_works(IMPORTED, [work_rows(catalog.work_from(citekey, known), known)])
        listed = f"select 1 from work where citekey = ? and origin = '{IMPORTED}' and {_LISTED}"
        if origin == IMPORTED and not self._db.row(listed, citekey):
            self._write_unlisted()
        if number:
            self.search.write([number])
        return origin == ADDED or (bool(record.added) and origin != SHIPPED)

    def count_added(self) -> None:
        """Count the list of added works, and delete it if it is empty."""
        self._lists.settle(_ADDED_LIST, self._lists.own(_ADDED_LIST, _LAST))

    def added(self) -> set[str]:
        """Return the works that the reader added."""
        return self._of(ADDED)

    def unknown(self, works: Iterable[str]) -> bool:
        """Return True if any of some works is not in the index."""
        sql = "select 1 from json_each(?) where value not in (select citekey from work)"
        return self._db.row(sql, json.dumps(list(works))) is not None

    def shipped(self) -> set[str]:
        """Return the works of the catalogue."""
        return self._of(SHIPPED)

    def invalidate(self) -> None:
        """Forget what is up to date, so that all that follows from the journal is written again."""
        self.invalidate_lists()
        sql = "delete from detail where work in (select number from work where origin <> ?)"
        self._db.run(sql, SHIPPED)

    def invalidate_lists(self) -> None:
        """Forget which lists are up to date, so that every imported one is written again."""
        self._db.run("update reading_list set event = '' where event is not null")

    def _of(self, origin: str) -> set[str]:
        rows = self._db.rows("select citekey from work where origin = ?", origin)
        return {citekey for (citekey,) in rows}

    # ── works ───────────────────────────────────────────────────────────────

    def _write_works(self, origin: str, works: Sequence[WorkRows]) -> None:
        db = self._db
        rank = _ORIGINS.index(origin)
        named = json.dumps([work.citekey for work in works])
        rows = db.rows(
            "select citekey, origin, fields, came from json_each(?) join work on citekey = value"
            " left join detail on detail.work = number",
            named,
        )
        known = {citekey: (of, fields, came) for citekey, of, fields, came in rows}
        if origin != SHIPPED:
            works = self._edited(works, named)
        changed = [
            work
            for work in works
            if known.get(work.citekey) != (origin, work.fields, work.came)
            and rank <= _ORIGINS.index(known.get(work.citekey, (origin,))[0])
        ]
        db.run_many(
            "insert or replace into work values ((select number from work where citekey = ?1),"
            " ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            [(work.citekey, origin, *work.columns) for work in changed],
        )
        sql = "select citekey, number from json_each(?) join work on citekey = value"
        numbers = dict(db.rows(sql, named))
        again = [(numbers[work.citekey], work.citekey) for work in changed if work.citekey in known]
        self._forget_names(again)
        db.run_many(
            "insert or replace into detail values (?, ?, ?)",
            [(numbers[work.citekey], work.fields, work.came) for work in changed],
        )
        db.run_many(
            "insert into name values (?, ?)",
            [(name, numbers[work.citekey]) for work in changed for name in work.names],
        )
        db.run_many(
            "insert into requirement values (?, ?)",
            [(work.citekey, needs) for work in changed for needs in work.needs],
        )
        self.search.write_later(numbers[work.citekey] for work in changed)

    def _edited(self, works: Sequence[WorkRows], named: str) -> Sequence[WorkRows]:
        """Return the rows of works, `named` in JSON, with the fields that the reader edited."""
        sql = "select work, fields from json_each(?) cross join edited on work = value"
        edits = dict(self._db.rows(sql, named))
        return [
            edited_rows(work, json.loads(edits[work.citekey])) if work.citekey in edits else work
            for work in works
        ]

    def _delete_works(self, citekeys: Sequence[str]) -> None:
        sql = "select number, citekey from json_each(?) join work on citekey = value"
        works = self._db.rows(sql, json.dumps(citekeys))
        self._forget_names(works)
        self._db.run_many("delete from detail where work = ?", [(number,) for number, _ in works])
        self._db.run_many("delete from work where number = ?", [(number,) for number, _ in works])
        self.search.write_later(number for number, _ in works)

    def _forget_names(self, works: Sequence[tuple[int, str]]) -> None:
        self._db.run_many("delete from name where work = ?", [(number,) for number, _ in works])
        self._db.run_many("delete from requirement where work = ?", [(key,) for _, key in works])

    # ── lists of papertui's own ─────────────────────────────────────────────

    def _place_added(self, citekey: str, at: int | None) -> None:
        """Put a work into the list of added ones at its place in time; without one, take it out."""
        db = self._db
        section = self._lists.own(_ADDED_LIST, _LAST)
        db.run("delete from item where section = ? and work = ?", section, citekey)
        if at is not None:
            db.run("insert into item values (?, ?, ?, null, '')", section, at, citekey)

    def _write_unlisted(self) -> None:
        """Delete imported works that are in no list, but for those that the reader touched."""
        loose = self._db.rows(
            f"select citekey, title, citekey in ({TOUCHED}) from work"
            f" where origin = '{IMPORTED}' and not {_LISTED}"
        )
        self._delete_works([citekey for citekey, _, touched in loose if not touched])
        kept = sorted((fold(title), citekey) for citekey, title, touched in loose if touched)
        section = self._lists.own(_UNLISTED_LIST, _LAST + 1)
        self._db.run("delete from item where section = ?", section)
        self._db.run_many(
            "insert into item values (?, ?, ?, null, '')",
            [(section, place, citekey) for place, (_, citekey) in enumerate(kept)],
        )
        self._lists.settle(_UNLISTED_LIST, section)
