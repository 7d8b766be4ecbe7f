"""The index of works and lists, written: shipped ones from the catalogue, added ones one by one.

Whoever calls holds the transaction.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from papertui import catalog
from papertui.catalog import Section, Work
from papertui.database import Database
from papertui.records import WorkRecord
from papertui.shelves import counts_of
from papertui.text import fold_title, searchable

SHIPPED, ADDED = "shipped", "added"
ADDED_TITLE = "Added by you"
_LAST = 1_000_000


class Index:
    """Writes the tables that the library, its shelves and the search read."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write_shipped(self, shipped: catalog.Catalog) -> None:
        """Make the index of the shipped catalogue anew."""
        db = self._db
        known = db.rows("select citekey from work where origin = ?", SHIPPED)
        for (citekey,) in known:
            if citekey not in shipped.works:
                self._delete_work(citekey, SHIPPED)
        for work in shipped.works.values():
            self._write_work(SHIPPED, work)
        self._clear_sections("list <> ?")
        for position, entry in enumerate(shipped.lists):
            marks = json.dumps(dict(entry.marks), ensure_ascii=False)
            db.run(
                "insert into reading_list"
                " (key, position, title, origin, reading_order, purpose, marks, caution)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                entry.key, position, entry.title, entry.origin, entry.order, entry.purpose,
                marks, entry.caution,
            )  # fmt: skip
            root = Section(entry.title, sections=entry.sections)
            self._insert_section(entry.key, entry.key, None, root, count(), shipped.works)
        self.recount_all()

    def clear_added(self) -> None:
        """Take all works of the reader's own out of the index."""
        for (citekey,) in self._db.rows("select citekey from work where origin = ?", ADDED):
            self._delete_work(citekey, ADDED)
        self._clear_sections("list = ?")

    def standing(self, citekey: str) -> tuple[int, int]:
        """Return what a work adds to the counts of its sections: to done, to dropped."""
        found = self._db.row(
            "select depth >= 2 and aside is not 'dropped', aside is 'dropped' from standing"
            " join work on citekey = standing.work where citekey = ? and not unidentified",
            citekey,
        )
        return found or (0, 0)

    def recount(self, citekey: str, before: tuple[int, int]) -> None:
        """Correct the counts of a work's sections, given what it added to them before."""
        after = self.standing(citekey)
        if after != before:
            self._db.run(
                "with recursive around (id) as (select section from item where work = ?1"
                " union select parent from section join around using (id) where parent is not null)"
                " update section set done = done + ?2, dropped = dropped + ?3"
                " where id in (select id from around) and list <> ?4",
                citekey, after[0] - before[0], after[1] - before[1], ADDED,
            )  # fmt: skip

    def recount_all(self) -> None:
        """Count anew what is done and dropped in every section."""
        db = self._db
        parents = dict(db.rows("select id, parent from section"))
        db.run("update section set done = 0, dropped = 0")
        db.run_many(
            "update section set done = ?, dropped = ? where id = ?",
            [(*counts, section) for section, counts in counts_of(db, parents).items()],
        )

    def write_record(self, citekey: str, record: WorkRecord) -> None:
        """Bring what is indexed of a work up to date: a work of the reader's own, and notes."""
        known = self._db.row("select origin from work where citekey = ?", citekey)
        if record.added and (known is None or known[0] == ADDED):
            work = catalog.work_from(citekey, record.added)
            if work != self._indexed(citekey):
                self._write_work(ADDED, work)
            self._search_notes(citekey)
            self._place_added(citekey, record.added_at)
        elif known and known[0] == ADDED:
            self._delete_work(citekey, ADDED)
            self._place_added(citekey, None)
        elif known:
            self._search_notes(citekey)

    def _indexed(self, citekey: str) -> Work | None:
        row = self._db.row(
            "select fields from work join detail on detail.work = number where citekey = ?", citekey
        )
        return catalog.work_from(citekey, json.loads(row[0])) if row else None

    def _place_added(self, citekey: str, at: int | None) -> None:
        """Put a work into the list of added ones at its place in time, or take it out."""
        db = self._db
        row = db.row("select id from section where path = ?", ADDED)
        if row is None:
            db.run(
                "insert into reading_list"
                " (key, position, title, origin, reading_order, purpose, marks)"
                " values (?, ?, ?, 'Your own.', 'list', 'Works you added with +.', '{}')",
                ADDED, _LAST, ADDED_TITLE,
            )  # fmt: skip
            self._insert_section(ADDED, ADDED, None, Section(ADDED_TITLE), count(), {})
            row = db.row("select id from section where path = ?", ADDED)
        db.run("delete from item where section = ? and work = ?", row[0], citekey)
        if at is not None:
            db.run("insert into item values (?, ?, ?, null, '')", row[0], at, citekey)
        (total,) = db.row("select count(*) from item where section = ?", row[0])
        if not total:
            self._clear_sections("list = ?")
        done = "from item join standing using (work) where item.section = section.id and"
        db.run(
            "update section set total = ?,"
            f" done = (select count(*) {done} depth >= 2 and aside is not 'dropped'),"
            f" dropped = (select count(*) {done} aside = 'dropped') where id = ?",
            total,
            row[0],
        )

    def _clear_sections(self, lists: str) -> None:
        db = self._db
        db.run(f"delete from item where section in (select id from section where {lists})", ADDED)
        db.run(f"delete from section where {lists}", ADDED)
        db.run(f"delete from reading_list where {lists.replace('list', 'key')}", ADDED)

    def _write_work(self, origin: str, work: Work) -> None:
        db = self._db
        db.run(
            "insert into work (citekey, origin, title, kind, arxiv, doi, url, year, difficulty,"
            " unidentified) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " on conflict (citekey) do update set title = excluded.title, kind = excluded.kind,"
            " arxiv = excluded.arxiv, doi = excluded.doi, url = excluded.url,"
            " year = excluded.year, difficulty = excluded.difficulty,"
            " unidentified = excluded.unidentified where origin = excluded.origin",
            work.citekey, origin, work.title, work.kind, work.arxiv,
            work.doi and work.doi.lower(), work.links[0].url if work.links else None, work.year,
            work.difficulty, int(work.unidentified),
        )  # fmt: skip
        number, owner = db.row("select number, origin from work where citekey = ?", work.citekey)
        if owner != origin:
            return
        fields = json.dumps(catalog.fields_of(work), ensure_ascii=False)
        db.run("insert or replace into detail values (?, ?)", number, fields)
        self._forget_names(work.citekey, number)
        names = (work.title, *work.aliases)
        folded = dict.fromkeys(map(fold_title, names))
        db.run_many("insert into name values (?, ?)", [(name, number) for name in folded if name])
        needs = dict.fromkeys(work.requires)
        db.run_many("insert into requirement values (?, ?)", [(work.citekey, n) for n in needs])
        ids = (*work.authors, work.citekey, work.arxiv, work.doi, work.venue)
        prose = (work.summary, work.insight, work.matters)
        self._search(
            number,
            _words(names),
            _words(ids),
            _words(prose),
            self._words_of_notes(work.citekey),
        )

    def _delete_work(self, citekey: str, origin: str) -> None:
        db = self._db
        row = db.row("select number from work where citekey = ? and origin = ?", citekey, origin)
        if row is None:
            return
        self._forget_words(row[0])
        self._forget_names(citekey, row[0])
        db.run("delete from searched where work = ?", row[0])
        db.run("delete from detail where work = ?", row[0])
        db.run("delete from work where number = ?", row[0])

    def _forget_names(self, citekey: str, number: int) -> None:
        self._db.run("delete from name where work = ?", number)
        self._db.run("delete from requirement where work = ?", citekey)

    # ── words ───────────────────────────────────────────────────────────────

    def _search_notes(self, citekey: str) -> None:
        found = self._db.row(
            "select searched.* from searched join work on number = work where citekey = ?", citekey
        )
        notes = self._words_of_notes(citekey)
        if found and found[-1] != notes:
            self._search(*(*found[:-1], notes))

    def _words_of_notes(self, citekey: str) -> str:
        found = self._db.rows("select body from note where work = ? order by saved", citekey)
        return _words(body for (body,) in found)

    def _search(self, number: int, title: str, names: str, body: str, notes: str) -> None:
        words = (number, title, names, body, notes)
        self._forget_words(number)
        self._db.run("insert or replace into searched values (?, ?, ?, ?, ?)", *words)
        self._db.run(
            "insert into search (rowid, title, names, body, notes) values (?, ?, ?, ?, ?)", *words
        )

    def _forget_words(self, number: int) -> None:
        # A table without text of its own must be told what it forgets.
        self._db.run(
            "insert into search (search, rowid, title, names, body, notes)"
            " select 'delete', * from searched where work = ?",
            number,
        )

    # ── sections ────────────────────────────────────────────────────────────

    def _insert_section(
        self,
        key: str,
        path: str,
        parent: int | None,
        section: Section,
        counter: Iterator[int],
        works: Mapping[str, Work],
    ) -> set[str]:
        id_ = self._db.run(
            "insert into section (parent, list, path, position, title, total)"
            " values (?, ?, ?, ?, ?, 0)",
            parent, key, path, next(counter), section.title,
        )  # fmt: skip
        self._db.run_many(
            "insert into item values (?, ?, ?, ?, ?)",
            [
                (id_, position, item.work, item.tier, "".join(item.marks))
                for position, item in enumerate(section.items)
            ],
        )
        within = {
            item.work
            for item in section.items
            if item.work not in works or not works[item.work].unidentified
        }
        for inner in section.sections:
            inner_path = f"{path}/{inner.title.replace('/', '∕')}"
            within |= self._insert_section(key, inner_path, id_, inner, counter, works)
        self._db.run("update section set total = ? where id = ?", len(within), id_)
        return within


def _words(texts: Iterable[str | None]) -> str:
    return searchable("\n".join(text for text in texts if text))
