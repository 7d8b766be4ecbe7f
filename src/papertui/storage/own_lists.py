"""The tables of what the reader did to lists, and what is asked of own lists.

The caller of a method that writes holds the transaction.
"""

from collections.abc import Mapping
from glob import escape

from papertui.core.own_lists import UNLISTED_LIST, ListEdits, SectionEdit
from papertui.storage.database import Database


class OwnLists:
    """Edits of sections, and works placed in them by hand."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write_places(self, work: str, places: Mapping[str, float | None]) -> None:
        """Replace the places that a work was given by hand."""
        self._db.run("delete from placed where work = ?", work)
        self._db.run_many(
            "insert into placed values (?, ?, ?)",
            [(work, section, position) for section, position in places.items()],
        )

    def write_sections(self, sections: Mapping[str, SectionEdit]) -> None:
        """Replace the edits of all sections."""
        self._db.run("delete from section_edit")
        self._db.run_many(
            "insert into section_edit values (?, ?, ?, ?, ?)",
            [(path, *edit) for path, edit in sections.items()],
        )

    def edits(self) -> ListEdits:
        """Return all edits of lists."""
        # The order of the rows is that in which the lists were made.
        rows = self._db.rows(
            "select section, title, position, made, removed from section_edit order by rowid"
        )
        sections = {
            path: SectionEdit(title, position, bool(made), bool(removed))
            for path, title, position, made, removed in rows
        }
        places: dict[str, dict[str, float | None]] = {}
        for section, work, position in self._db.rows("select section, work, position from placed"):
            places.setdefault(section, {})[work] = position
        return ListEdits(sections, places)

    def taken(self) -> set[str]:
        """Return the paths that sections have or had."""
        sql = "select path from section union select section from section_edit"
        return {path for (path,) in self._db.rows(f"{sql} union select section from placed")}

    def end_of(self, path: str) -> float:
        """Return the position after the last work of a section."""
        sql = "select max(item.position) from item join section on id = section where path = ?"
        last = self._db.row(sql, path)[0]
        return 0.0 if last is None else last + 1.0

    def items(self, path: str) -> list[tuple[str, float]]:
        """Return the works of a section with their positions, in order."""
        return self._db.rows(
            "select work, item.position from item join section on id = section where path = ?"
            " order by item.position, work",
            path,
        )

    def imported_only_within(self, path: str) -> set[str]:
        """Return the works of imports that are in a list or section and in no other."""
        rows = self._db.rows(
            "with inside (id) as (select id from section where path = ?1 or path glob ?2)"
            " select item.work from item join inside on id = section"
            " join work on citekey = item.work and origin = 'imported'"
            " where not exists (select 1 from item as other"
            " where other.work = item.work and other.section not in (select id from inside))",
            path, f"{escape(path)}/*",
        )  # fmt: skip
        return {work for (work,) in rows}

    def unlisted(self) -> set[str]:
        """Return the works that are in no list."""
        return {work for work, _ in self.items(UNLISTED_LIST)}

    def end_beside(self, parent: str | None) -> float:
        """Return the position after the last section within another, or after the last list."""
        number, last = self._db.row(
            # Removed ones keep their number in the file.
            "select count(*) + (select count(*) from section_edit where removed),"
            " max(edit.position) from section"
            " join reading_list on key = section.list and event is not null"
            " left join section as around on around.id = section.parent"
            " left join section_edit as edit on edit.section = section.path"
            " where around.path is ?",
            parent,
        )
        return max(float(number), (last or 0.0) + 1.0)

    def paths(self, work: str) -> list[str]:
        """Return the paths of the sections that a work is in, lists in order."""
        rows = self._db.rows(
            "select path from item join section on section.id = section"
            " join reading_list on key = list where work = ?"
            " order by reading_list.position, section.position",
            work,
        )
        return [path for (path,) in rows]

    def clear(self) -> None:
        """Empty the tables."""
        self._db.run("delete from placed")
        self._db.run("delete from section_edit")
