"""Filters as conditions in SQL, and items as rows: what the shelves and the search share.

Asked of `work`, `standing` and, for items, `item` and `section`; `:today` is bound.
"""

from typing import Any

from papertui import facets
from papertui.facets import Filter
from papertui.outline import Leaf
from papertui.words import STATUSES

# Parked works come back on their day.
ASIDE = """case when standing.aside = 'parked' and standing.until <= :today
    then null else standing.aside end"""
DEPTH = "coalesce(standing.depth, 0)"
STATUS = f"""coalesce({ASIDE}, case {DEPTH}
    {" ".join(f"when {depth} then '{status}'" for depth, status in enumerate(STATUSES))} end)"""

CONDITIONS = {
    facets.STATUS: STATUS,
    facets.KIND: "work.kind",
    facets.DIFFICULTY: "coalesce(work.difficulty, 'none')",
    facets.YEAR: "coalesce((work.year / 10 * 10) || 's', 'none')",
    facets.NOTES: "iif(exists (select 1 from note where note.work = work.citekey), 'yes', 'no')",
    facets.QUEUE: "iif(standing.rank is null, 'no', 'yes')",
}
_OF_A_PLACE = {
    facets.TIER: "cast(coalesce(item.tier, 'none') as text)",
    facets.LIST: "section.list",
}


def condition(chosen: Filter, of_items: bool) -> tuple[str, dict[str, Any]]:
    """Return a filter as a condition in SQL, for items or for works, with its values."""
    parts, values = ["true"], {}
    for facet, wanted in chosen.items():
        names = []
        for number, value in enumerate(sorted(wanted)):
            names.append(f":{facet}{number}")
            values[f"{facet}{number}"] = value
        marks = ",".join(names)
        if facet == facets.PASS:
            parts.append(
                "exists (select 1 from reading where reading.work = work.citekey"
                f" and cast(reading.depth as text) in ({marks}))"
            )
        elif facet not in _OF_A_PLACE:
            parts.append(f"{CONDITIONS[facet]} in ({marks})")
        elif of_items:
            parts.append(f"{_OF_A_PLACE[facet]} in ({marks})")
        else:
            parts.append(
                "exists (select 1 from item join section on section.id = item.section"
                f" where item.work = work.citekey and {_OF_A_PLACE[facet]} in ({marks}))"
            )
    return " and ".join(parts), values


def leaf_fields(of_items: bool, extra: str = "''") -> str:
    """Return what is selected, after its branch, to make a leaf."""
    place = "item.position" if of_items else "work.number"
    own = "item.tier, item.marks" if of_items else "null, ''"
    return (
        f"{place}, work.citekey, work.title, work.kind, {own}, {DEPTH}, {ASIDE},"
        f" work.unidentified, {extra}"
    )


def leaf_of(row: Any) -> Leaf:
    """Return the leaf that a row of `leaf_fields` describes."""
    *fields, unidentified, extra = row
    return Leaf(*(*fields, bool(unidentified), str(extra)))
