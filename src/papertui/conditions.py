"""Filters as conditions in SQL, and items as rows: what the shelves and the search share.

Asked of `work`, `standing` and, for items, `item` and `section`; `:today` is bound.
"""

from typing import Any

from papertui.core import library_tree
from papertui.core.labels import STATUSES
from papertui.core.library_tree import Filter, Leaf

# Parked works come back on their day.
ASIDE = """case when standing.aside = 'parked' and standing.until <= :today
    then null else standing.aside end"""
DEPTH = "coalesce(standing.depth, 0)"
STATUS = f"""coalesce({ASIDE}, case {DEPTH}
    {" ".join(f"when {depth} then '{status}'" for depth, status in enumerate(STATUSES))} end)"""

CONDITIONS = {
    library_tree.STATUS: STATUS,
    library_tree.KIND: "work.kind",
    library_tree.DIFFICULTY: "coalesce(work.difficulty, 'none')",
    library_tree.YEAR: "coalesce((work.year / 10 * 10) || 's', 'none')",
    library_tree.NOTES: (
        "iif(exists (select 1 from note where note.work = work.citekey), 'yes', 'no')"
    ),
    library_tree.QUEUE: "iif(standing.rank is null, 'no', 'yes')",
}
_OF_A_PLACE = {
    library_tree.TIER: "cast(coalesce(item.tier, 'none') as text)",
    library_tree.LIST: "section.list",
}


def condition(chosen: Filter, of_items: bool) -> tuple[str, dict[str, Any]]:
    """Return a filter as a condition in SQL, for items or for works, with its values."""
    parts, values = ["true"], {}
    of_place = []
    for facet, wanted in chosen.items():
        names = []
        for number, value in enumerate(sorted(wanted)):
            names.append(f":{facet}{number}")
            values[f"{facet}{number}"] = value
        marks = ",".join(names)
        if facet == library_tree.PASS:
            parts.append(
                "exists (select 1 from reading where reading.work = work.citekey"
                f" and cast(reading.depth as text) in ({marks}))"
            )
        elif facet not in _OF_A_PLACE:
            parts.append(f"{CONDITIONS[facet]} in ({marks})")
        else:
            of_place.append(f"{_OF_A_PLACE[facet]} in ({marks})")
    if of_place and not of_items:
        # One place must meet all of them.
        of_place = [
            "exists (select 1 from item join section on section.id = item.section"
            f" where item.work = work.citekey and {' and '.join(of_place)})"
        ]
    parts += of_place
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
