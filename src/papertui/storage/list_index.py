"""The tables of lists: their rows, what the reader did to them, and how they are written."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from papertui.core.catalog import ReadingList, Section
from papertui.core.own_lists import ListEdits, SectionEdit, around, list_of
from papertui.storage.database import Database
from papertui.storage.tree_queries import section_counts

# A work in a section: its position, citekey, tier and signs.
ItemRow = tuple[float, str, int | None, str]
# In the place of an import: the list was made by the reader.
MADE = "made"


@dataclass(frozen=True, slots=True)
class SectionRows:
    """A section with its items."""

    path: str
    parent: str | None
    position: int
    title: str
    items: list[ItemRow]


@dataclass(frozen=True, slots=True)
class ListRows:
    """The rows of a list and its sections, outer before inner.

    `columns` are those of the table after its position; `event` is the import of the list,
    MADE for one that the reader made.
    """

    key: str
    columns: tuple[str | None, ...]
    sections: tuple[SectionRows, ...]
    event: str | None = None


def list_rows(entry: ReadingList, event: str | None = None) -> ListRows:
    """Return the rows of a list as it came; `event` is the import that it is from."""
    marks = json.dumps(dict(entry.marks), ensure_ascii=False)
    root = Section(entry.title, sections=entry.sections)
    return ListRows(
        entry.key,
        (entry.title, entry.origin, entry.order, entry.purpose, marks, entry.caution, event),
        tuple(_sections(entry.key, None, root, count())),
        event,
    )


def _sections(
    path: str, parent: str | None, section: Section, order: Iterator[int]
) -> Iterator[SectionRows]:
    items: dict[str, ItemRow] = {}
    for position, item in enumerate(section.items):
        items.setdefault(item.work, (position, item.work, item.tier, item.signs))
    yield SectionRows(path, parent, next(order), section.title, [*items.values()])
    for inner in section.sections:
        yield from _sections(f"{path}/{inner.step}", path, inner, order)


def edited_list(rows: ListRows, edits: ListEdits, merges: Mapping[str, str]) -> ListRows:
    """Return the rows of an own list as the reader edited it.

    By `merges`, the places of merged works are those of the works they were merged into.
    """
    sections = {p: edit for p, edit in edits.sections.items() if list_of(p) == rows.key}
    places = {p: works for p, works in edits.places.items() if list_of(p) == rows.key}
    if sections or places:
        rows = replace(rows, sections=tuple(_edited_sections(rows, sections, places)))
    if merges:
        merged = (replace(s, items=_merged(s.items, merges)) for s in rows.sections)
        rows = replace(rows, sections=tuple(merged))
    return replace(rows, columns=(rows.sections[0].title, *rows.columns[1:]))


def _merged(items: list[ItemRow], merges: Mapping[str, str]) -> list[ItemRow]:
    by_work: dict[str, ItemRow] = {}
    for position, work, tier, signs in items:
        into = merges.get(work, work)
        by_work.setdefault(into, (position, into, tier, signs))
    return [*by_work.values()]


def _edited_sections(
    rows: ListRows,
    edits: Mapping[str, SectionEdit],
    places: Mapping[str, Mapping[str, float | None]],
) -> Iterator[SectionRows]:
    """Yield the sections of a list, each before those within it; its own comes first."""
    sections = {section.path: section for section in rows.sections}
    made = [path for path, edit in edits.items() if edit.made]
    # What the reader placed stays, though its section has left a newer version of the list.
    held = [path for path, works in places.items() if {*works.values()} != {None}]
    for path in (*made, *sorted(held)):
        for each in around(path):
            parent, _, step = each.rpartition("/")
            sections.setdefault(each, SectionRows(each, parent or None, 0, step, []))
    removed = {path for path, edit in edits.items() if edit.removed and path != rows.key}
    children: dict[str | None, list[tuple[float, str]]] = {}
    for path, section in sections.items():
        beside = children.setdefault(section.parent, [])
        position = edits[path].position if path in edits else None
        beside.append((len(beside) if position is None else position, path))
    signs: dict[str, tuple[int | None, str]] = {}
    for section in rows.sections:
        for _, work, tier, marks in section.items:
            signs.setdefault(work, (tier, marks))
    order = count()

    def visit(path: str) -> Iterator[SectionRows]:
        section = sections[path]
        items = {item[1]: item for item in section.items}
        for work, position in places.get(path, {}).items():
            items.pop(work, None)
            if position is not None:
                items[work] = (position, work, *signs.get(work, (None, "")))
        title = (edits[path].title if path in edits else None) or section.title
        in_order = sorted(items.values(), key=lambda item: item[:2])
        yield SectionRows(path, section.parent, next(order), title, in_order)
        for _, inner in sorted(children.get(path, ())):
            if inner not in removed:
                yield from visit(inner)

    yield from visit(rows.key)


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
