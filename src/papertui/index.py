"""The index of works and lists, written: shipped ones from the catalogue, added ones one by one.

Whoever calls holds the transaction.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from papertui import catalog
from papertui.catalog import Section, Work
from papertui.database import Database
from papertui.text import fold, fold_title

SHIPPED, ADDED = "shipped", "added"
ADDED_TITLE = "Added by you"


class Index:
    """Writes the tables that `Library` asks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write_shipped(self, shipped: catalog.Catalog) -> None:
        """Make the index of the shipped catalogue anew."""
        db = self._db
        self._clear(SHIPPED, "list <> ?")
        for work in shipped.works.values():
            self._insert_work(SHIPPED, work)
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

    def clear_added(self) -> None:
        """Take all works of the reader's own out of the index."""
        self._clear(ADDED, "list = ?")

    def write_added(self, works: Mapping[str, Mapping[str, Any] | None]) -> None:
        """Put works of the reader's own into the index or, without fields, take them out."""
        db = self._db
        known = dict(db.rows("select citekey, fields from work where origin = ?", ADDED))
        changed = False
        for citekey, fields in works.items():
            work = catalog.work_from(citekey, fields) if fields else None
            if (_json(work) if work else None) == known.get(citekey):
                continue
            changed = True
            if work:
                self._insert_work(ADDED, work)
            else:
                db.run("delete from work where citekey = ? and origin = ?", citekey, ADDED)
        if not changed:
            return
        self._clear_sections("list = ?")
        found = db.rows("select citekey from work where origin = ? order by rowid", ADDED)
        if added := [citekey for (citekey,) in found]:
            db.run(
                "insert into reading_list"
                " (key, position, title, origin, reading_order, purpose, marks)"
                " values (?, 1000000, ?, 'Your own.', 'list', 'Works you added with +.', '{}')",
                ADDED, ADDED_TITLE,
            )  # fmt: skip
            root = Section(ADDED_TITLE, items=tuple(catalog.Item(key) for key in added))
            self._insert_section(ADDED, ADDED, None, root, count(), {})

    def _clear(self, origin: str, lists: str) -> None:
        self._db.run("delete from work where origin = ?", origin)
        self._clear_sections(lists)

    def _clear_sections(self, lists: str) -> None:
        db = self._db
        db.run(f"delete from item where section in (select id from section where {lists})", ADDED)
        db.run(f"delete from section where {lists}", ADDED)
        db.run(f"delete from reading_list where {lists.replace('list', 'key')}", ADDED)

    def _insert_work(self, origin: str, work: Work) -> None:
        names = (work.title, *work.aliases)
        searched = (*names, *work.authors, work.citekey, work.arxiv, work.doi, work.summary)
        self._db.run(
            "insert into work (citekey, origin, title, kind, arxiv, unidentified,"
            " folded_title, folded, fields) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " on conflict do update set title = excluded.title, kind = excluded.kind,"
            " arxiv = excluded.arxiv, folded_title = excluded.folded_title,"
            " folded = excluded.folded, fields = excluded.fields where origin = excluded.origin",
            work.citekey, origin, work.title, work.kind, work.arxiv, int(work.unidentified),
            "|" + "|".join(map(fold_title, names)) + "|",
            fold("\n".join(text for text in searched if text)),
            _json(work),
        )  # fmt: skip

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


def _json(work: Work) -> str:
    return json.dumps(catalog.fields_of(work), ensure_ascii=False)
