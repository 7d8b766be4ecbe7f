"""What a new version of a list changes in it: works that are new, moved, changed or gone."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from papertui.core.identity import KnownWorks
from papertui.core.labels import tier_name

Fields = Mapping[str, Any]  # of a work, list, section or item, as in the catalogue
SectionPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkChange:
    """A work that a new version of a list adds, moves, changes or removes, and how."""

    work: str
    title: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class ListDiff:
    """The differences between a list and its earlier version; `same` if there are none at all."""

    new: tuple[WorkChange, ...] = ()
    moved: tuple[WorkChange, ...] = ()
    changed: tuple[WorkChange, ...] = ()
    gone: tuple[WorkChange, ...] = ()
    same: bool = False


@dataclass(slots=True)
class ListLayout:
    """The items of each work of a list by section, and the order of works in each section."""

    items: dict[str, dict[SectionPath, Fields]] = field(default_factory=dict)
    orders: dict[SectionPath, list[str]] = field(default_factory=dict)


def list_diff(
    earlier: Fields,
    reading_list: Fields,
    works: Mapping[str, Fields],
    entries: Sequence[Fields],
    titles: Mapping[str, str],
    known: KnownWorks,
) -> ListDiff:
    """Compare a list, its works and its BibTeX entries with the data of its earlier import.

    `titles` are those of the list's works.
    """
    old_entries = _entries_by_work(earlier.get("bibtex", ()))
    new_entries = _entries_by_work(entries)
    before, after = list_layout(earlier["list"]), list_layout(reading_list)
    reordered = _reordered(before, after)
    moved, changed = [], []
    for work in (work for work in after.items if work in before.items):
        move = _move(before.items[work], after.items[work])
        if move or work in reordered:
            moved.append(WorkChange(work, titles[work], move or "in another order"))
        names = _changed_fields(earlier["works"].get(work), works.get(work))
        if _marks(before.items[work]) != _marks(after.items[work]):
            names.append("marks")
        if old_entries.get(work) != new_entries.get(work):
            names.append("BibTeX entry")
        if names:
            changed.append(WorkChange(work, titles[work], ", ".join(names)))
    same_list = {**earlier["list"], "origin": ""} == {**reading_list, "origin": ""}
    return ListDiff(
        tuple(WorkChange(work, titles[work]) for work in after.items if work not in before.items),
        tuple(moved),
        tuple(changed),
        _gone([work for work in before.items if work not in after.items], known),
        same_list and earlier["works"] == works and old_entries == new_entries,
    )


def _entries_by_work(entries: Sequence[Fields]) -> dict[str | None, list[Fields]]:
    by_work: dict[str | None, list[Fields]] = {}
    for entry in entries:
        by_work.setdefault(entry.get("work"), []).append(entry)
    return by_work


def list_layout(reading_list: Fields) -> ListLayout:
    """Return where the works of a list are."""
    layout = ListLayout()
    for path, items in _items_by_section(reading_list["sections"], ()):
        for item in items:
            layout.items.setdefault(item["work"], {})[path] = item
        layout.orders[path] = [item["work"] for item in items]
    return layout


def _items_by_section(
    sections: Sequence[Fields], path: SectionPath
) -> Iterator[tuple[SectionPath, Sequence[Fields]]]:
    for section in sections:
        own_path = (*path, section["title"])
        yield own_path, section.get("items", ())
        yield from _items_by_section(section.get("sections", ()), own_path)


def _move(before: Mapping[SectionPath, Fields], after: Mapping[SectionPath, Fields]) -> str:
    """Return how a work moved between sections or tiers, "" if it did not."""
    left = ", ".join(" › ".join(path) for path in before if path not in after)
    entered = ", ".join(" › ".join(path) for path in after if path not in before)
    if left and entered:
        return f"from {left} to {entered}"
    if left or entered:
        return f"also in {entered}" if entered else f"no longer in {left}"
    tiers = [(before[path].get("tier"), item.get("tier")) for path, item in after.items()]
    return next((f"from {_tier(old)} to {_tier(new)}" for old, new in tiers if old != new), "")


def _tier(tier: int | None) -> str:
    return tier_name(tier) if tier else "no tier"


def _marks(items: Mapping[SectionPath, Fields]) -> set[str]:
    return {mark for item in items.values() for mark in item.get("marks", ())}


def _changed_fields(before: Fields | None, after: Fields | None) -> list[str]:
    """Return the names of the fields that differ, none for a work of the shipped catalogue."""
    if before is None or after is None:
        return []
    names = dict.fromkeys((*before, *after))
    return [name.replace("_", " ") for name in names if before.get(name) != after.get(name)]


def _gone(works: Sequence[str], known: KnownWorks) -> tuple[WorkChange, ...]:
    titles = {work.citekey: work.title for work in known.alike((), works)}
    touched = known.touched(works)
    kept = "kept, because you have done something with it"
    return tuple(
        WorkChange(work, titles.get(work, work), kept if work in touched else "") for work in works
    )


def _reordered(before: ListLayout, after: ListLayout) -> set[str]:
    """Return the smallest set of works whose moves explain the new order in their sections."""
    reordered = set()
    for path, works in after.orders.items():
        rank = {work: number for number, work in enumerate(before.orders.get(path, ()))}
        common = [work for work in works if work in rank]
        in_order = _longest_rise([rank[work] for work in common])
        reordered |= {work for index, work in enumerate(common) if index not in in_order}
    return reordered


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Return the indexes of a longest increasing subsequence of distinct numbers."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        at = bisect_left(ends, number)
        before.append(last[at - 1] if at else None)
        ends[at : at + 1] = [number]
        last[at : at + 1] = [index]
    rise: set[int] = set()
    back = last[-1] if last else None
    while back is not None:
        rise.add(back)
        back = before[back]
    return rise
