"""The tables of what the reader did to lists, and what is asked of own lists.

The caller of a method that writes holds the transaction.
"""

from collections.abc import Mapping

from papertui.core.own_lists import ListEdits, SectionEdit
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

    def clear(self) -> None:
        """Empty the tables."""
        self._db.run("delete from placed")
        self._db.run("delete from section_edit")
