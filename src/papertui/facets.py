"""Filters: which works the library shows. Values of one facet are alternatives."""

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from papertui.words import DIFFICULTIES, KINDS, PASSES, STATUSES, tier_name

Filter = Mapping[str, frozenset[str]]
EVERYTHING: Filter = MappingProxyType({})

STATUS, PASS, KIND, DIFFICULTY = "status", "pass", "kind", "difficulty"
TIER, LIST, YEAR, NOTES, QUEUE = "tier", "list", "year", "notes", "queue"
NAMES = (STATUS, PASS, KIND, DIFFICULTY, TIER, LIST, YEAR, NOTES, QUEUE)
NONE, YES, NO = "none", "yes", "no"


class Facet(NamedTuple):
    """Something to filter by, with its values and what they are called."""

    name: str
    values: Mapping[str, str]


def facets(lists: Iterable[tuple[str, str]], decades: Iterable[str]) -> list[Facet]:
    """Return every facet, given keys and titles of the lists and the decades there are."""
    passes = {str(depth): PASSES[depth] for depth in (1, 2, 3)}
    return [
        Facet(STATUS, {status: status for status in (*STATUSES, "parked", "dropped")}),
        Facet(PASS, passes),
        Facet(KIND, {kind: kind for kind in KINDS}),
        Facet(DIFFICULTY, {**{d: d for d in DIFFICULTIES}, NONE: "not graded"}),
        Facet(TIER, {**{str(t): tier_name(t) for t in (1, 2, 3, 4)}, NONE: "no tier"}),
        Facet(LIST, dict(lists)),
        Facet(YEAR, {decade: "no year" if decade == NONE else decade for decade in decades}),
        Facet(NOTES, {YES: "with notes", NO: "without notes"}),
        Facet(QUEUE, {YES: "in the queue", NO: "not in the queue"}),
    ]


def toggled(chosen: Filter, facet: str, value: str) -> Filter:
    """Return a filter with one value more, or without it where it was there."""
    values = chosen.get(facet, frozenset()) ^ {value}
    rest = {name: kept for name, kept in chosen.items() if name != facet}
    return {**rest, facet: values} if values else rest


def among(chosen: Filter, all_facets: Iterable[Facet]) -> Filter:
    """Return a filter without the values that are no longer there."""
    kept = {
        facet.name: chosen.get(facet.name, frozenset()) & {*facet.values} for facet in all_facets
    }
    return {name: kept[name] for name in chosen if kept[name]}


def chips(chosen: Filter, all_facets: Sequence[Facet]) -> list[str]:
    """Return the filter in words, a facet each: ``status: to read or skimmed``."""
    return [
        f"{facet.name}: "
        + " or ".join(label for value, label in facet.values.items() if value in chosen[facet.name])
        for facet in all_facets
        if facet.name in chosen
    ]


def dumped(chosen: Filter) -> str:
    """Return a filter as JSON, to be remembered."""
    return json.dumps({name: sorted(values) for name, values in chosen.items()})


def loaded(remembered: str | None) -> Filter:
    """Return the filter that was remembered; what makes no sense any more is left out."""
    try:
        data: Any = json.loads(remembered or "{}")
    except (RecursionError, ValueError):
        return EVERYTHING
    if not isinstance(data, dict):
        return EVERYTHING
    return {
        name: frozenset(map(str, values))
        for name, values in data.items()
        if name in NAMES and isinstance(values, list) and values
    }
