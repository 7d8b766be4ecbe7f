"""A list beside its earlier version: what is new in it, moved, changed and gone."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from papertui.core.identity import KnownWorks
from papertui.core.labels import tier_name

Places = dict[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A work that stands otherwise than before, and how."""

    work: str
    title: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a list differs from its earlier version; `same` where it does in nothing at all."""

    new: tuple[Difference, ...] = ()
    moved: tuple[Difference, ...] = ()
    changed: tuple[Difference, ...] = ()
    gone: tuple[Difference, ...] = ()
    same: bool = False


@dataclass(slots=True)
class _Places:
    """Where the works of a list stand, with the items there, and the order of each section."""

    of: dict[str, Places] = field(default_factory=dict)
    orders: dict[tuple[str, ...], list[str]] = field(default_factory=dict)


def compare(
    earlier: Mapping[str, Any],
    reading_list: Mapping[str, Any],
    works: Mapping[str, Mapping[str, Any]],
    titles: Mapping[str, str],
    known: KnownWorks,
) -> Comparison:
    """Compare a list and its works with the data of its earlier import.

    `titles` are those of the list's works.
    """
    before, after = _places(earlier["list"]), _places(reading_list)
    both = [work for work in after.of if work in before.of]
    shuffled = _shuffled(before, after)
    moves = {work: _move(before.of[work], after.of[work]) for work in both}
    for work in both:
        if not moves[work] and work in shuffled:
            moves[work] = "in another order"
    changes = {
        work: [*_changed(earlier["works"].get(work), works.get(work))]
        + ["marks"] * (_marks(before.of[work]) != _marks(after.of[work]))
        for work in both
    }
    return Comparison(
        tuple(Difference(work, titles[work]) for work in after.of if work not in before.of),
        tuple(Difference(work, titles[work], how) for work, how in moves.items() if how),
        tuple(
            Difference(work, titles[work], ", ".join(names))
            for work, names in changes.items()
            if names
        ),
        _gone([work for work in before.of if work not in after.of], known),
        {**earlier["list"], "origin": ""} == {**reading_list, "origin": ""}
        and earlier["works"] == works,
    )


def _places(reading_list: Mapping[str, Any]) -> _Places:
    places = _Places()
    for trail, items in _sections(reading_list["sections"], ()):
        for item in items:
            places.of.setdefault(item["work"], {})[trail] = item
        places.orders[trail] = [item["work"] for item in items]
    return places


def _sections(
    sections: Sequence[Mapping[str, Any]], trail: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Sequence[Mapping[str, Any]]]]:
    for section in sections:
        here = (*trail, section["title"])
        yield here, section.get("items", ())
        yield from _sections(section.get("sections", ()), here)


def _move(before: Places, after: Places) -> str:
    """Say how the places of a work differ."""
    left = [" › ".join(trail) for trail in before if trail not in after]
    come = [" › ".join(trail) for trail in after if trail not in before]
    if left and come:
        return f"from {', '.join(left)} to {', '.join(come)}"
    if left or come:
        return f"also in {', '.join(come)}" if come else f"no longer in {', '.join(left)}"
    tiers = [(before[trail].get("tier"), item.get("tier")) for trail, item in after.items()]
    return next((f"from {_tier(old)} to {_tier(new)}" for old, new in tiers if old != new), "")


def _tier(tier: int | None) -> str:
    return tier_name(tier) if tier else "no tier"


def _marks(places: Places) -> set[str]:
    return {mark for item in places.values() for mark in item.get("marks", ())}


def _changed(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the names of the fields of a work that differ; of shipped works nothing is known."""
    if before is not None and after is not None:
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield name.replace("_", " ")


def _gone(works: Sequence[str], known: KnownWorks) -> tuple[Difference, ...]:
    titles = {each.citekey: each.title for each in known.alike((), works)}
    kept = known.touched(works)
    return tuple(
        Difference(work, titles.get(work, work), "kept, for you have done something with it")
        if work in kept
        else Difference(work, titles.get(work, work))
        for work in works
    )


def _shuffled(before: _Places, after: _Places) -> set[str]:
    """Return the fewest works that must have moved within their sections."""
    moved = set()
    for trail, works in after.orders.items():
        place = {work: number for number, work in enumerate(before.orders.get(trail, ()))}
        common = [work for work in works if work in place]
        kept = _longest_rise([place[work] for work in common])
        moved |= {work for number, work in enumerate(common) if number not in kept}
    return moved


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Return the indexes of a longest run, gaps allowed, in which distinct numbers rise."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        at = bisect_left(ends, number)
        before.append(last[at - 1] if at else None)
        ends[at : at + 1] = [number]
        last[at : at + 1] = [index]
    kept: set[int] = set()
    back = last[-1] if last else None
    while back is not None:
        kept.add(back)
        back = before[back]
    return kept
