"""A list as rows of sections and works: as it came, and as the reader edited it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from papertui.core.catalog import ReadingList, Section
from papertui.core.own_lists import ListEdits, SectionEdit, around, list_of

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

    A section with the title of its list, as that of works under no other heading, is the list
    itself. By `merges`, the places of merged works are those of the works they were merged
    into.
    """
    sections = {p: edit for p, edit in edits.sections.items() if list_of(p) == rows.key}
    places = {p: {**works} for p, works in edits.places.items() if list_of(p) == rows.key}
    if (same := _same_as_list(rows)) and same not in sections:
        rows = replace(rows, sections=tuple(_without(same, rows.sections)))
        sections = {_outside(same, path): edit for path, edit in sections.items()}
        # What was placed since the section is the list's own is placed in the list.
        for path in sorted(places, key=len, reverse=True):
            outer = _outside(same, path)
            if outer != path:
                places[outer] = places.pop(path) | places.get(outer, {})
    if sections or places:
        rows = replace(rows, sections=tuple(_edited_sections(rows, sections, places)))
    if merges:
        merged = (replace(s, items=_merged(s.items, merges)) for s in rows.sections)
        rows = replace(rows, sections=tuple(merged))
    return replace(rows, columns=(rows.sections[0].title, *rows.columns[1:]))


def _same_as_list(rows: ListRows) -> str | None:
    """Return the path of the section with the title of its list, if the list can be it.

    It cannot if it has works beside those of the section, or a section that one in it is called.
    """
    root, *inner = rows.sections
    outermost = (each for each in inner if each.parent == root.path)
    same = next((each.path for each in outermost if each.title == root.title), None)
    if root.items or same is None:
        return None
    paths = [_outside(same, each.path) for each in inner]
    return same if len({*paths}) == len(paths) else None


def _outside(section: str, path: str) -> str:
    """Return what a path becomes once its section is the one around it."""
    is_within = path == section or path.startswith(f"{section}/")
    return section.rpartition("/")[0] + path[len(section) :] if is_within else path


def _without(path: str, sections: Iterable[SectionRows]) -> Iterator[SectionRows]:
    """Yield sections without that of a path: what it holds is the outer one's, which is empty."""
    by_path = {section.path: section for section in sections}
    outer = by_path[path].parent
    for each in by_path.values():
        if each.path == outer:
            yield replace(each, items=by_path[path].items)
        elif each.path != path:
            parent = each.parent and _outside(path, each.parent)
            yield replace(each, path=_outside(path, each.path), parent=parent)


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
