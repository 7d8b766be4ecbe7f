"""The index of works and lists: those shipped, those imported, those added by the reader.

The caller of a method that writes holds the transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from papertui.core import catalog, identifiers
from papertui.core.catalog import ReadingList, Work
from papertui.core.edited_list import MADE, ListRows, edited_list, list_rows
from papertui.core.identity import fuller
from papertui.core.own_lists import (
    ADDED_LIST,
    KEPT_LISTS,
    MADE_PURPOSE,
    UNLISTED_LIST,
    ListEdits,
    SectionEdit,
    list_of,
)
from papertui.core.records import WorkRecord
from papertui.core.replay import Imported
from papertui.core.text import fold, title_key
from papertui.storage.bib_entries import BibEntries, EntryRow, entry_rows
from papertui.storage.database import Database
from papertui.storage.list_index import ListIndex
from papertui.storage.merged_works import merged_fields
from papertui.storage.reading_log import ACTED_ON, TOUCHED
from papertui.storage.search import SearchIndex


@dataclass(frozen=True, slots=True)
class WorkRows:
    """The rows of a work; `columns` are those of the table `work` after its origin.

    `came` are the fields that it had before the reader edited them or merged another work into
    it, None if neither happened.
    """

    citekey: str
    columns: tuple[Any, ...]
    fields: str
    names: tuple[str, ...]
    needs: tuple[str, ...]
    came: str | None = None


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


def edited_rows(
    rows: WorkRows, edits: Mapping[str, Any], merged: Iterable[Mapping[str, Any]] = ()
) -> WorkRows:
    """Return the rows of a work with the fields that the reader edited.

    Those that it lacks are taken from works that were `merged` into it.
    """
    from papertui.core.work_edits import edited_fields, taken_over

    came = json.loads(rows.fields)
    fields = edited_fields(came, {**taken_over(came, edits, merged), **edits})
    edited = work_rows(catalog.work_from(rows.citekey, fields), fields)
    return replace(edited, came=rows.fields)


# If a work has several origins, the first of them is believed.
SHIPPED, ADDED, IMPORTED = _ORIGINS = ("shipped", "added", "imported")
_FIRST_IMPORTED, _LAST = 1000, 1_000_000
_ADDED_LIST = ReadingList(
    ADDED_LIST, KEPT_LISTS[ADDED_LIST], "Your own.", "list", "Works that you added.", (), {}
)
_UNLISTED_LIST = ReadingList(
    UNLISTED_LIST, KEPT_LISTS[UNLISTED_LIST], "Your own.", "list",
    "Works that are in no other list and that you have read, noted, tagged, queued or edited.",
    (), {},
)  # fmt: skip
_LISTED = f"""exists (select 1 from item join section on section.id = item.section
    where item.work = citekey and section.list <> '{UNLISTED_LIST}')"""
_UNLISTED = f"""exists (select 1 from item join section on section.id = item.section
    where item.work = citekey and section.list = '{UNLISTED_LIST}')"""
# A work in no list stays if it was acted on, or added or edited and not taken out by hand; not
# if it was taken out of the unlisted ones too.
_STAYS = f"""(citekey in ({ACTED_ON})
    or (origin = '{ADDED}' or citekey in (select work from edited))
        and citekey not in (select work from placed group by work having count(position) = 0))
    and citekey not in (select work from placed where section = '{UNLISTED_LIST}')"""


class ImportRows(NamedTuple):
    """All imported lists as they came, their works and BibTeX entries."""

    lists: Sequence[ListRows]
    works: Mapping[str, WorkRows]
    entries: Sequence[EntryRow]


def import_rows(imported: Imported, merges: Mapping[str, str]) -> ImportRows:
    """Return the rows of all imported lists and works, merged works by `merges`."""
    lists = [list_rows(each.contents, each.event) for each in imported.lists]
    works: dict[str, Mapping[str, Any]] = {}
    for citekey, fields in imported.works.items():
        if citekey not in merges:
            works[citekey] = fuller(fields, works[citekey]) if citekey in works else fields
        elif (target := merges[citekey]) in imported.works:
            works[target] = fuller(works[target], fields) if target in works else fields
    rows = {key: work_rows(catalog.work_from(key, fields), fields) for key, fields in works.items()}
    return ImportRows(lists, rows, [*entry_rows(imported.entries)])


def own_lists(
    imported: Sequence[ListRows], edits: ListEdits, merges: Mapping[str, str]
) -> list[ListRows]:
    """Return the lists that the reader imported and made, as edited, in their order."""
    came = {rows.key: rows for rows in imported}
    for key, edit in edits.sections.items():
        if edit.made and key == list_of(key) and key not in came:
            came[key] = made_list(key, edit.title or key)
    ranked = []
    for number, (key, rows) in enumerate(came.items()):
        edit = edits.sections.get(key, SectionEdit())
        if not edit.removed:
            position = number if edit.position is None else edit.position
            ranked.append((position, key, edited_list(rows, edits, merges)))
    return [rows for *_, rows in sorted(ranked, key=lambda each: each[:2])]


def made_list(key: str, title: str) -> ListRows:
    """Return the rows of a list that the reader made, with nothing in it."""
    made = ReadingList(key, title, "Your own.", "list", MADE_PURPOSE, (), {})
    return list_rows(made, MADE)


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

    def write_imported(
        self, imports: ImportRows, edits: ListEdits, merges: Mapping[str, str]
    ) -> None:
        """Write all works and lists that were imported, and the lists that the reader made.

        A work that left its list is kept if the reader has done something with it.
        The words of many works are left to `SearchIndex.catch_up`, as writing them may
        take longer than a lock should be held.
        """
        db = self._db
        touched = {work for (work,) in db.rows(TOUCHED)}
        known = imports.works
        lists = own_lists(imports.lists, edits, merges)
        placed = {item[1] for rows in lists for section in rows.sections for item in section.items}
        self._write_works(
            IMPORTED, [known[work] for work in known if work in placed or work in touched]
        )
        self._delete_works([*self._of(IMPORTED) - known.keys()])
        self._lists.drop_others("event is not null", [rows.key for rows in lists])
        indexed = dict(db.rows("select key, event from reading_list"))
        for position, rows in enumerate(lists, _FIRST_IMPORTED):
            if indexed.get(rows.key) != rows.event:
                self._lists.write(position, rows)
            else:
                db.run("update reading_list set position = ? where key = ?", position, rows.key)
                self._lists.count(rows.key)
        self._write_unlisted()
        self.search.write_later(self._entries.write(imports.entries))
        self.search.write_few()

    def left_without(self, imported: Iterable[str]) -> set[str]:
        """Return the works that were acted on and that nothing brings, beside those imported."""
        touched = {work for (work,) in self._db.rows(TOUCHED)}
        return touched.difference(imported, self._of(SHIPPED), self._of(ADDED))

    def as_it_came(self, key: str) -> ListRows | None:
        """Return the rows of an own list before the reader's edits, None if it is not there."""
        row = self._db.row(
            "select reading_list.event, title, data from reading_list"
            " left join event on event.id = reading_list.event where key = ?",
            key,
        )
        event, title, data = row or (None, "", None)
        if event == MADE:
            return made_list(key, title)
        return list_rows(catalog.list_from(json.loads(data)["list"]), event) if data else None

    def write_own(self, lists: Sequence[ListRows]) -> bool:
        """Write own lists in their places. Return False if a work of them is not known here."""
        for rows in lists:
            sql = "select position from reading_list where key = ?"
            self._lists.write(self._db.row(sql, rows.key)[0], rows)
        self._write_unlisted()
        works = {item[1] for each in lists for section in each.sections for item in section.items}
        return not self.unknown(works)

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
                ADDED_LIST, UNLISTED_LIST,
            )  # fmt: skip

    def recount(self) -> None:
        """Count what is done and dropped in all sections again."""
        self._lists.recount()

    def write_record(
        self, citekey: str, record: WorkRecord, is_searched_later: bool = False
    ) -> bool:
        """Write a work that the reader added or touched, its place and its words.

        With `is_searched_later` its words are left to `SearchIndex.catch_up`. Return True if
        the list of added works is to be counted again.
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
            self._place_added(citekey, record.added_at or None)
        elif origin == ADDED:
            self._delete_works([citekey])
            self._place_added(citekey, None)
        elif origin and fields and (record.edited or came or merged_fields(self._db, [citekey])):
            known = json.loads(came or fields)
            self._write_works(origin, [work_rows(catalog.work_from(citekey, known), known)])
        places = f"select {_LISTED}, {_UNLISTED} from work where citekey = ?"
        is_own = origin == IMPORTED or (record.added and origin != SHIPPED)
        if is_own and self._db.row(places, citekey) != (1, 0):
            self._write_unlisted()
        if number:
            write = self.search.write_later if is_searched_later else self.search.write
            write([number])
        return origin == ADDED or (bool(record.added) and origin != SHIPPED)

    def count_added(self) -> None:
        """Count the list of added works, and delete it if it is empty."""
        self._lists.settle(_ADDED_LIST, self._lists.kept_section(_ADDED_LIST, _LAST))

    def added(self) -> set[str]:
        """Return the works that the reader added."""
        return self._of(ADDED)

    def edited(self) -> set[str]:
        """Return the works that differ from what they came as."""
        sql = "select citekey from work join detail on detail.work = number where came is not null"
        return {citekey for (citekey,) in self._db.rows(sql)}

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

    def invalidate_lists(self, keys: Iterable[str] | None = None) -> None:
        """Forget that some own lists, or all, are up to date, so that they are written again."""
        sql = "update reading_list set event = '' where event is not null"
        if keys is None:
            self._db.run(sql)
        else:
            sql += " and key in (select value from json_each(?))"
            self._db.run(sql, json.dumps(list(keys)))

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
        works = self._edited(works, named, origin)
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

    def _edited(self, works: Sequence[WorkRows], named: str, origin: str) -> Sequence[WorkRows]:
        """Return the rows of works, `named` in JSON, with what the reader edited and merged."""
        sql = "select work, fields from json_each(?) cross join edited on work = value"
        edits = dict(self._db.rows(sql, named)) if origin != SHIPPED else {}
        merged = merged_fields(self._db, [work.citekey for work in works])
        return [
            edited_rows(work, json.loads(edits.get(key, "{}")), merged.get(key, ()))
            if (key := work.citekey) in edits or key in merged
            else work
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
        section = self._lists.kept_section(_ADDED_LIST, _LAST)
        db.run("delete from item where section = ? and work = ?", section, citekey)
        if at is not None:
            db.run("insert into item values (?, ?, ?, null, '')", section, at, citekey)

    def _write_unlisted(self) -> None:
        """Delete own works that are in no list, but for those that stay."""
        loose = self._db.rows(
            f"select citekey, title, {_STAYS} from work"
            f" where origin <> '{SHIPPED}' and not {_LISTED}"
        )
        self._delete_works([citekey for citekey, _, stays in loose if not stays])
        kept = sorted((fold(title), citekey) for citekey, title, stays in loose if stays)
        section = self._lists.kept_section(_UNLISTED_LIST, _LAST + 1)
        self._db.run("delete from item where section = ?", section)
        self._db.run_many(
            "insert into item values (?, ?, ?, null, '')",
            [(section, place, citekey) for place, (_, citekey) in enumerate(kept)],
        )
        self._lists.settle(_UNLISTED_LIST, section)
