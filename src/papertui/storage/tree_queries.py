"""The library arranged: branches and items of every view, filtered."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from papertui.core import library_tree
from papertui.core.labels import DIFFICULTIES, STATUSES, tier_name
from papertui.core.library_tree import (
    Branch,
    Filter,
    Grouping,
    Leaf,
    TreeQuery,
    branches_holding,
    trail,
)
from papertui.storage.database import Database

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


_COUNTED = "not work.unidentified and standing.aside is not 'dropped'"
_DONE = f"{_COUNTED} and standing.depth >= 2"
_WORKS = "work left join standing on standing.work = work.citekey"
_ITEMS = """item join section on section.id = item.section
    join work on work.citekey = item.work left join standing on standing.work = work.citekey"""
_STATUS_GROUPS = (*STATUSES, "parked", "dropped")
_GROUPS = {
    Grouping.DIFFICULTY: "case work.difficulty "
    + " ".join(f"when '{name}' then {number}" for number, name in enumerate(DIFFICULTIES))
    + f" else {len(DIFFICULTIES)} end",
    Grouping.YEAR: "coalesce(work.year / 10, 0)",
    Grouping.STATUS: f"case {STATUS} "
    + " ".join(f"when '{name}' then {number}" for number, name in enumerate(_STATUS_GROUPS))
    + " end",
    Grouping.QUEUE: "iif(standing.rank is null, -1, 0)",
}
_ORDER = {
    Grouping.DIFFICULTY: "work.number",
    Grouping.YEAR: "work.year, work.number",
    Grouping.STATUS: "standing.until, work.number",
    Grouping.QUEUE: "standing.rank, standing.work",
}
_EXTRA = {
    Grouping.YEAR: "coalesce(work.year, '')",
    Grouping.STATUS: f"""case {ASIDE} when 'parked' then coalesce('until ' || standing.until, '')
        when 'dropped' then coalesce(standing.reason, '') else '' end""",
}
# A topic of the view by tiers is named by its tier and its section.
_TIER = 1_000_000_000
_TOPIC = f"(coalesce(item.tier, 9) * {_TIER} + item.section)"


class TreeQueries:
    """Questions for the rows of the tree."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def branches(self, seen: TreeQuery) -> list[Branch]:
        """Return the branches of an arrangement in order, each before what is in it.

        With a filter, those alone that hold something, with the counts of that.
        """
        if seen.view not in (Grouping.LISTS, Grouping.TIERS):
            return self._groups(seen)
        if seen.view is Grouping.LISTS and not seen.chosen:
            return self.sections()
        with self._db.reading():
            return (
                self._tiers(seen) if seen.view is Grouping.TIERS else self._filtered_sections(seen)
            )

    def leaves(self, seen: TreeQuery, branches: Collection[int]) -> dict[int, list[Leaf]]:
        """Return the items of some branches, in their order."""
        named = {f"branch{number}": branch for number, branch in enumerate(branches)}
        group, order, source, extra = _parts(seen.view)
        where, values = condition(seen.chosen, of_items=source == _ITEMS)
        found = self._db.rows(
            f"select {group}, {leaf_fields(source == _ITEMS, extra)} from {source}"
            f" where {group} in ({','.join(f':{name}' for name in named)}) and {where}"
            f" order by 1, {order}",
            today=seen.today.isoformat(),
            **named,
            **values,
        )
        leaves: dict[int, list[Leaf]] = {}
        for row in found:
            leaves.setdefault(row[0], []).append(leaf_of(row))
        return leaves

    def holding(self, seen: TreeQuery, work: str) -> list[int]:
        """Return the branches of an arrangement that hold a work, in order."""
        group, _, source, _ = _parts(seen.view)
        where, values = condition(seen.chosen, of_items=source == _ITEMS)
        found = self._db.rows(
            f"select {group} from {source} where work.citekey = :work and {where} order by 1",
            today=seen.today.isoformat(),
            work=work,
            **values,
        )
        return [branch for (branch,) in found if branch >= 0]

    def sections(self, until: date | None = None) -> list[Branch]:
        """Return all lists and sections, with the counts of now or of the end of a day.

        Works dropped since that day are dropped there too.
        """
        found = self._sections()
        if until is None:
            return [Branch(*row[:-1]) for row in found]
        counts = counts_of(self._db, {row[0]: row[1] for row in found}, until)
        none: tuple[int, int] = (0, 0)
        return [
            Branch(*(*row[:5], counts.get(row[0], none)[0], row[-1] - counts.get(row[0], none)[1]))
            for row in found
        ]

    def decades(self) -> list[str]:
        """Return the decades that works are of, in order."""
        found = self._db.rows(
            f"select distinct {CONDITIONS[library_tree.YEAR]} from work order by year is null, year"
        )
        return list(dict.fromkeys(decade for (decade,) in found))

    def lists(self) -> list[tuple[str, str]]:
        """Return key and title of every list."""
        return self._db.rows("select key, title from reading_list order by position, key")

    def years(self, decade: int, seen: TreeQuery) -> list[tuple[int, int, int]]:
        """Return the years of a decade, such as 201, with works done and works in all."""
        where, values = condition(seen.chosen, of_items=False)
        return self._db.rows(
            f"select work.year, count(iif({_DONE}, 1, null)), count(*) from {_WORKS}"
            f" where work.year / 10 = :decade and {_COUNTED} and {where} group by 1 order by 1",
            today=seen.today.isoformat(),
            decade=decade,
            **values,
        )

    def _sections(self) -> list[Any]:
        return self._db.rows(
            "select section.id, parent, list, path, section.title, done, total - dropped, total"
            " from section"
            " join reading_list on key = list"
            " order by reading_list.position, list, section.position"
        )

    def _filtered_sections(self, seen: TreeQuery) -> list[Branch]:
        where, values = condition(seen.chosen, of_items=True)
        found = self._sections()
        parents = {row[0]: row[1] for row in found}
        done: dict[int, set[str]] = {}
        counted: dict[int, set[str]] = {}
        holding: set[int] = set()
        for section, work, counts, is_done in self._db.rows(
            f"select item.section, work.citekey, {_COUNTED}, {_DONE} from {_ITEMS} where {where}",
            today=seen.today.isoformat(),
            **values,
        ):
            holding.add(section)
            for branch in upwards(section, parents) if counts else ():
                counted.setdefault(branch, set()).add(work)
                if is_done:
                    done.setdefault(branch, set()).add(work)
        branches = [
            Branch(*(*row[:5], len(done.get(row[0], ())), len(counted.get(row[0], ()))))
            for row in found
        ]
        return branches_holding(branches, holding)

    def _groups(self, seen: TreeQuery) -> list[Branch]:
        where, values = condition(seen.chosen, of_items=False)
        by_reader = seen.view in (Grouping.STATUS, Grouping.QUEUE)
        found = self._db.rows(
            f"select {_GROUPS[seen.view]}, count(iif({_DONE}, 1, null)),"
            f" count({'*' if by_reader else f'iif({_COUNTED}, 1, null)'}) from {_WORKS}"
            f" where {where} group by 1 order by 1",
            today=seen.today.isoformat(),
            **values,
        )
        # Unknown years, which sort first, come last.
        found.sort(key=lambda row: (seen.view is Grouping.YEAR and row[0] == 0, row[0]))
        return [
            Branch(
                number, None, "", f"{seen.view}:{number}", _title(seen.view, number),
                done, total, not by_reader,
            )
            for number, done, total in found
            if number >= 0
        ]  # fmt: skip

    def _tiers(self, seen: TreeQuery) -> list[Branch]:
        where, values = condition(seen.chosen, of_items=True)
        values["today"] = seen.today.isoformat()
        counts = (
            f"count(distinct iif({_DONE}, work.citekey, null)),"
            f" count(distinct iif({_COUNTED}, work.citekey, null)) from {_ITEMS} where {where}"
        )
        totals = self._db.rows(
            f"select coalesce(item.tier, 9), {counts} group by 1 order by 1", **values
        )
        topics = self._db.rows(
            f"select coalesce(item.tier, 9), item.section, {counts} group by 1, 2", **values
        )
        sections = {row[0]: Branch(*(*row[:5], 0, 0)) for row in self._sections()}
        order = {section: number for number, section in enumerate(sections)}
        topics.sort(key=lambda row: (row[0], order[row[1]]))
        branches = []
        for tier, done, total in totals:
            root = tier * _TIER
            title = tier_name(tier).capitalize() if tier < 9 else "No tier"
            branches.append(Branch(root, None, "", f"tiers:{tier}", title, done, total))
            branches += [
                Branch(
                    root + section, root, "", f"tiers:{tier}:{sections[section].path}",
                    trail(sections, section), done, total,
                )
                for of, section, done, total in topics
                if of == tier
            ]  # fmt: skip
        return branches


def counts_of(
    database: Database, parents: Mapping[int, int | None], until: date | None = None
) -> dict[int, tuple[int, int]]:
    """Return how many distinct works are done and dropped within each section that has any.

    `parents` are those of all sections; done is what was done by the end of a day.
    """
    done: dict[int, set[str]] = {}
    dropped: dict[int, set[str]] = {}
    for section, work, aside in database.rows(
        "select distinct section, standing.work, aside from standing join item using (work)"
        " join work on citekey = standing.work"
        " where not unidentified and (aside = 'dropped' or standing.depth >= 2 and"
        " (?1 is null or exists (select 1 from reading where reading.work = standing.work"
        " and reading.depth >= 2 and coalesce(read_on, '') <= ?1)))",
        until.isoformat() if until else None,
    ):
        for branch in upwards(section, parents):
            (dropped if aside == "dropped" else done).setdefault(branch, set()).add(work)
    return {
        section: (len(done.get(section, ())), len(dropped.get(section, ())))
        for section in {*done, *dropped}
    }


def upwards(section: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    """Yield a section and those around it."""
    at: int | None = section
    while at is not None:
        yield at
        at = parents[at]


def _parts(view: Grouping) -> tuple[str, str, str, str]:
    """Return the group of a view, the order within it, what is asked, what is added."""
    if view is Grouping.LISTS:
        return "item.section", "item.position", _ITEMS, "''"
    if view is Grouping.TIERS:
        return _TOPIC, "item.position", _ITEMS, "''"
    return _GROUPS[view], _ORDER[view], _WORKS, _EXTRA.get(view, "''")


def _title(view: Grouping, number: int) -> str:
    if view is Grouping.YEAR:
        return f"{number}0s" if number else "No year"
    if view is Grouping.STATUS:
        return _STATUS_GROUPS[number].capitalize()
    if view is Grouping.QUEUE:
        return "Queue"
    return (*DIFFICULTIES, "Not graded")[number]
