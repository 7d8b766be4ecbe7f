"""The index of lists, written: their sections, what stands where, how many works that is.

Whoever calls holds the transaction.
"""

from collections.abc import Collection

from papertui.core.catalog import ReadingList
from papertui.database import Database
from papertui.indexed import ListRows, list_rows


class Listing:
    """Writes the tables of lists."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write(self, position: int, rows: ListRows) -> None:
        """Put a list in the place of what is indexed of it; sections keep their ids."""
        db = self._db
        db.run(
            "insert or replace into reading_list"
            " (key, position, title, origin, reading_order, purpose, marks, caution, event)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows.key, position, *rows.columns,
        )  # fmt: skip
        ids = dict(db.rows("select path, id from section where list = ?", rows.key))
        db.run(
            "delete from item where section in (select id from section where list = ?)", rows.key
        )
        gone = ids.keys() - {section.path for section in rows.sections}
        db.run_many("delete from section where id = ?", [(ids[path],) for path in gone])
        for section in rows.sections:
            parent = ids[section.parent] if section.parent else None
            ids[section.path] = db.run(
                "insert or replace into section (id, parent, list, path, position, title, total)"
                " values (?, ?, ?, ?, ?, ?, 0)",
                ids.get(section.path), parent, rows.key, section.path, section.position,
                section.title,
            )  # fmt: skip
        db.run_many(
            "insert into item values (?, ?, ?, ?, ?)",
            [(ids[section.path], *item) for section in rows.sections for item in section.items],
        )
        self.count(rows)

    def count(self, rows: ListRows) -> None:
        """Count the distinct works of every section and those within it, unidentified ones not."""
        done = "iif(depth >= 2 and aside is not 'dropped', citekey, null)"
        self._db.run_many(
            "update section set (total, done, dropped) = (select count(distinct citekey),"
            f" count(distinct {done}), count(distinct iif(aside = 'dropped', citekey, null))"
            " from section as part join item on item.section = part.id"
            " join work on citekey = item.work left join standing on standing.work = item.work"
            " where part.list = section.list and part.position between section.position and ?"
            " and not unidentified) where path = ?",
            [(section.last, section.path) for section in rows.sections],
        )

    def drop_others(self, which: str, but: Collection[str]) -> None:
        """Take out the lists that meet a condition in SQL, but for some by their keys."""
        for (key,) in self._db.rows(f"select key from reading_list where {which}"):
            if key not in but:
                self._drop(key)

    def own(self, entry: ReadingList, position: int) -> int:
        """Return the section of a list of papertui's own, made where it is not there."""
        find = "select id from section where path = ?"
        if self._db.row(find, entry.key) is None:
            self.write(position, list_rows(entry))
        return int(self._db.row(find, entry.key)[0])

    def settle(self, entry: ReadingList, section: int) -> None:
        """Count what such a list holds, and drop it where it is empty."""
        if self._db.row("select 1 from item where section = ?", section):
            self.count(list_rows(entry))
        else:
            self._drop(entry.key)

    def _drop(self, key: str) -> None:
        db = self._db
        db.run("delete from item where section in (select id from section where list = ?)", key)
        db.run("delete from section where list = ?", key)
        db.run("delete from reading_list where key = ?", key)
