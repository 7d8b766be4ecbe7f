"""The tables of lists, and how they are written."""

from collections.abc import Collection

from papertui.core.catalog import ReadingList
from papertui.core.edited_list import ListRows, list_rows
from papertui.storage.database import Database
from papertui.storage.tree_queries import section_counts


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

    def kept_section(self, entry: ReadingList, position: int) -> int:
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
