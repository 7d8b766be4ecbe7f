"""What a new version of a list changes in it: works that are new, moved, changed or gone."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from papertui.core.catalog import list_from
from papertui.core.edited_list import ItemRow, ListRows, edited_list, list_rows
from papertui.core.identity import KnownWorks, fuller
from papertui.core.labels import tier_name
from papertui.core.own_lists import ListEdits

Fields = Mapping[str, Any]  # of a work, list, section or item, as in the catalogue
SectionPath = tuple[str, ...]
_LOST = "leaves the library"


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
class _Layout:
    """The places of each work of a list by section, the works of each section, in order."""

    places: dict[str, dict[str, ItemRow]] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


def works_below(sections: Iterable[Fields]) -> Iterator[str]:
    """Yield the works of sections as in the catalogue, as often as they are there."""
    for section in sections:
        yield from (item["work"] for item in section.get("items", ()))
        yield from works_below(section.get("sections", ()))


def works_in(rows: ListRows) -> dict[str, None]:
    """Return the works of a list, in its order."""
    return dict.fromkeys(item[1] for section in rows.sections for item in section.items)


def list_diff(
    earlier: Fields,
    newer: Fields,
    titles: Mapping[str, str],
    known: KnownWorks,
    edits: ListEdits,
) -> ListDiff:
    """Compare a list as the reader has it with what an import would make of it.

    Both are compared as the reader's `edits` make them. `earlier` and `newer` are the data of the
    list's earlier import and of this one; `titles` are those of its works.
    """
    merges = known.merges()
    old_rows, new_rows = (list_rows(list_from(each["list"])) for each in (earlier, newer))
    before, after = (_layout(edited_list(rows, edits, merges)) for rows in (old_rows, new_rows))
    names = {work.citekey: work.title for work in known.alike((), list(before.places))}
    names |= {merges.get(work, work): title for work, title in titles.items()}
    doubles: dict[str, list[str]] = {}
    for double, work in merges.items():
        doubles.setdefault(work, []).append(double)
    old_entries, new_entries = (
        _entries_by_work(each.get("bibtex", ()), merges) for each in (earlier, newer)
    )
    reordered = _reordered(before, after)
    moved, changed = [], []
    for work in (work for work in after.places if work in before.places):
        title = names.get(work, work)
        move = _move(work, before, after)
        if move or work in reordered:
            moved.append(WorkChange(work, title, move or "in another order"))
        of_double = [key for key in doubles.get(work, ()) if key in earlier["works"]]
        fields = (
            _taken_over(work, of_double, earlier["works"], newer["works"], known)
            if of_double and work not in earlier["works"]
            else _changed_fields(earlier["works"].get(work), newer["works"].get(work))
        )
        if _signs(before.places[work]) != _signs(after.places[work]):
            fields.append("marks")
        if old_entries.get(work) != new_entries.get(work):
            fields.append("BibTeX entry")
        if fields:
            named = ", ".join(name.replace("_", " ") for name in fields)
            changed.append(WorkChange(work, title, named))
    same_list = {**earlier["list"], "origin": ""} == {**newer["list"], "origin": ""}
    return ListDiff(
        tuple(
            WorkChange(work, names.get(work, work))
            for work in after.places
            if work not in before.places
        ),
        tuple(moved),
        tuple(changed),
        _gone(
            earlier["list"]["key"],
            [work for work in before.places if work not in after.places],
            names,
            known,
        ),
        same_list and earlier["works"] == newer["works"] and old_entries == new_entries,
    )


def _taken_over(
    work: str,
    doubles: Sequence[str],
    earlier: Mapping[str, Fields],
    newer: Mapping[str, Fields],
    known: KnownWorks,
) -> list[str]:
    """Return the changed fields that a work of no list, or of another one, has of some doubles.

    It has of what was merged into it, in this order, only what it lacks.
    """
    before, after = (_together(works, doubles) for works in (earlier, newer))
    taken_in = known.work(work)
    return [
        name
        for name in _changed_fields(before, after)
        if getattr(taken_in, name, None) in (None, "", (), before and before.get(name))
    ]


def _together(works: Mapping[str, Fields], keys: Iterable[str]) -> Fields | None:
    """Return the fields of some works as those of one, None without any."""
    described = [works[key] for key in keys if key in works]
    return reduce(fuller, described) if described else None


def _entries_by_work(
    entries: Iterable[Fields], merges: Mapping[str, str]
) -> dict[str | None, list[Fields]]:
    """Return the entries of each work, and those of none, in the order of their keys."""
    by_work: dict[str | None, list[Fields]] = {}
    for entry in sorted(entries, key=lambda entry: str(entry.get("key"))):
        work = entry.get("work")
        work = merges.get(work, work) if work else None
        by_work.setdefault(work, []).append({**entry, "work": work})
    return by_work


def _layout(rows: ListRows) -> _Layout:
    layout = _Layout()
    for section in rows.sections:
        around = layout.titles.get(section.parent or "", "")
        # The list's own title says nothing within it.
        is_inner = section.parent is not None and section.parent != rows.key
        layout.titles[section.path] = f"{around} › {section.title}" if is_inner else section.title
        for item in section.items:
            layout.places.setdefault(item[1], {})[section.path] = item
        layout.orders[section.path] = [item[1] for item in section.items]
    return layout


def _move(work: str, before: _Layout, after: _Layout) -> str:
    """Return how a work moved between sections or tiers, "" if it did not."""
    old, new = before.places[work], after.places[work]
    left = ", ".join(before.titles[path] for path in old if path not in new)
    entered = ", ".join(after.titles[path] for path in new if path not in old)
    if left and entered:
        return f"from {left} to {entered}"
    if left or entered:
        return f"also in {entered}" if entered else f"no longer in {left}"
    tiers = [(old[path][2], item[2]) for path, item in new.items()]
    return next((f"from {_tier(was)} to {_tier(now)}" for was, now in tiers if was != now), "")


def _tier(tier: int | None) -> str:
    return tier_name(tier) if tier else "no tier"


def _signs(places: Mapping[str, ItemRow]) -> set[str]:
    return {sign for *_, signs in places.values() for sign in signs}


def _changed_fields(before: Fields | None, after: Fields | None) -> list[str]:
    """Return the names of the fields that differ, none for a work of the shipped catalogue."""
    if before is None or after is None:
        return []
    names = dict.fromkeys((*before, *after))
    return [name for name in names if before.get(name) != after.get(name)]


def _gone(
    key: str, works: Sequence[str], titles: Mapping[str, str], known: KnownWorks
) -> tuple[WorkChange, ...]:
    """Return works that a list loses and what becomes of them, those that are lost first."""
    touched, listed = known.touched(works), known.listed_beside(key, works)

    def how(work: str) -> str:
        if work in listed:
            return f"still in {listed[work]}"
        return "now in Unlisted, as you acted on it" if work in touched else _LOST

    gone = [WorkChange(work, titles.get(work, work), how(work)) for work in works]
    return tuple(sorted(gone, key=lambda each: (each.how != _LOST, each.work in listed)))


def _reordered(before: _Layout, after: _Layout) -> set[str]:
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
