"""Queries for the tree: its branches with their counts, and their items, filtered."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from math import inf
from typing import Any, NamedTuple

from papertui.core import library_tree
from papertui.core.journal import PARKED
from papertui.core.labels import DIFFICULTIES, STATUSES, day_name, tier_name
from papertui.core.library_tree import Branch, Filter, Grouping, Leaf, Order, TreeQuery, trail
from papertui.storage.database import Database

# Expressions over `work_state`. A parked work comes back on its day.
ASIDE = "iif(parked_until <= :today, null, aside)"
STATUS = "iif(parked_until <= :today, progress, status)"
CONDITIONS = {
    library_tree.STATUS: STATUS,
    library_tree.KIND: "kind",
    library_tree.DIFFICULTY: "coalesce(difficulty, 'none')",
    library_tree.YEAR: "coalesce((year / 10 * 10) || 's', 'none')",
    library_tree.NOTES: (
        "iif(exists (select 1 from note where note.work = work_state.work), 'yes', 'no')"
    ),
    library_tree.QUEUE: "iif(work_state.rank is null, 'no', 'yes')",
    library_tree.STAR: (
        "iif(exists (select 1 from star where star.work = work_state.work), 'yes', 'no')"
    ),
    library_tree.WORK: "work_state.work",
}
_OF_A_PLACE = {
    library_tree.TIER: "cast(coalesce(item.tier, 'none') as text) {}",
    library_tree.LIST: "item.section in (select id from section where list {})",
}


def condition(chosen: Filter, of_items: bool) -> tuple[str, dict[str, str]]:
    """Return a filter as a condition in SQL, for items or for works, with its values."""
    parts, values = ["true"], {}
    of_place = []
    for facet, wanted in chosen.items():
        values[facet] = json.dumps(sorted(wanted))
        is_wanted = f"in (select value from json_each(:{facet}))"
        if facet == library_tree.PASS:
            parts.append(
                "exists (select 1 from reading where reading.work = work_state.work"
                f" and cast(reading.depth as text) {is_wanted})"
            )
        elif facet == library_tree.TAG:
            parts.append(
                "exists (select 1 from tag where tag.work = work_state.work"
                f" and tag.folded {is_wanted})"
            )
        elif facet not in _OF_A_PLACE:
            parts.append(f"{CONDITIONS[facet]} {is_wanted}")
        else:
            of_place.append(_OF_A_PLACE[facet].format(is_wanted))
    if of_place and not of_items:
        # One place must meet all of them.
        of_place = [
            "exists (select 1 from item where item.work = work_state.work"
            f" and {' and '.join(of_place)})"
        ]
    return " and ".join(parts + of_place), values


def _number(expression: str, names: Sequence[str]) -> str:
    """Return SQL for the place of a value among `names`, their number for any other value."""
    cases = " ".join(f"when '{name}' then {number}" for number, name in enumerate(names))
    return f"case {expression} {cases} else {len(names)} end"


# A topic of the grouping by tiers is named by its tier and its section.
_TIER = 1_000_000_000
_OF_TIER = f"coalesce(tier, 9) * {_TIER}"
# One that is not identified cannot be read, and is not to read either.
_STATUS_GROUPS = (*STATUSES, "parked", "dropped", "not identified")
_STATUS = f"iif(unidentified and {STATUS} = '{STATUSES[0]}', 'not identified', {STATUS})"
_BRANCHES = {
    Grouping.LISTS: "section",
    Grouping.TIERS: f"{_OF_TIER} + section",
    Grouping.DIFFICULTY: _number("difficulty", DIFFICULTIES),
    Grouping.YEAR: "coalesce(year / 10, 0)",
    Grouping.STATUS: _number(_STATUS, _STATUS_GROUPS),
    Grouping.QUEUE: "iif(rank is null, -1, 0)",
}
# With a plain `number`, SQLite would walk an index to no end.
_ORDERS = {
    Grouping.DIFFICULTY: "+number",
    Grouping.YEAR: "year, +number",
    Grouping.STATUS: "parked_until, +number",
    Grouping.QUEUE: "rank, work",
}
_EXTRAS = {
    Grouping.YEAR: "coalesce(cast(year as text), '')",
    Grouping.STATUS: f"iif({ASIDE} is null, '', coalesce('until ' || parked_until, reason, ''))",
    Grouping.QUEUE: f"coalesce({ASIDE} || coalesce(' until ' || parked_until, ''),"
    " iif(unidentified, 'not identified', ''))",
}
_PLACED = (Grouping.LISTS, Grouping.TIERS)
_CITATIONS = (
    "(select json_extract(fields, '$.citations.count') from detail where detail.work = number)"
)
_LENGTH = "(select json_extract(fields, '$.length') from detail where detail.work = number)"
_READ = "(select max(read_on) from reading where reading.work = work_state.work)"
# What an order compares, and what it shows of a work; by length Python compares.
_COMPARED = {
    Order.YEAR: "year is null, year,",
    Order.TITLE: "title collate nocase,",
    Order.CITATIONS: f"{_CITATIONS} desc,",
    Order.READ: f"{_READ} desc,",
}
_SHOWN = {
    Order.YEAR: "coalesce(cast(year as text), '')",
    Order.CITATIONS: f"coalesce(cast({_CITATIONS} as text), '')",
    Order.READ: f"coalesce({_READ}, '')",
    Order.LENGTH: f"coalesce({_LENGTH}, '')",
}

# The branches and leaves of a work in each of its places, or of a work by itself.
_OF_ITEMS = """
select {branch} as branch, item.position, work_state.work, title, kind, tier, marks, depth,
    {aside} as aside, unidentified, {extra} as extra
from item, work_state
where item.section in (select value % 1000000000 from json_each(:branches))
and branch in (select value from json_each(:branches)) and work_state.work = item.work and {where}
order by branch, {compared} item.position"""
_OF_WORKS = """
select {branch} as branch, number as position, work, title, kind, null as tier, '' as marks, depth,
    {aside} as aside, unidentified, {extra} as extra
from work_state
where branch in (select value from json_each(:branches)) and {where}
order by branch, {compared} {order}"""

# How many works of each branch are done, counted, identified. `works` holds each of them once
# for a branch. Cross joins keep their order: the condition comes before the sections around.
_COUNTS = """
select branch, sum(done) as done, sum(counted) as counted, sum(not unidentified) as identified,
    count(*) as works
from ({works}) group by branch order by branch"""
_WITHIN_SECTIONS = """
with recursive within (branch, section) as (
    select id, id from section
    union all
    select parent, within.section from within join section on id = branch where parent is not null
)
select distinct branch, number, done, counted, unidentified
from item cross join work_state cross join within
where work_state.work = item.work and within.section = item.section and {where}"""
_WITHIN_PLACES = """
select distinct {branch} as branch, number, done, counted, unidentified
from item, work_state
where work_state.work = item.work and {where}"""
_WITHIN_GROUPS = """
select {branch} as branch, done, counted, unidentified from work_state where {where}"""


class Counts(NamedTuple):
    """How many distinct works a branch holds: done, counted, identified, and in all."""

    branch: int
    done: int
    counted: int
    identified: int
    works: int

    @property
    def is_shelf(self) -> bool:
        """False if none of the works counts, so that how many are done says nothing."""
        return self.counted > 0

    @property
    def total(self) -> int:
        """How many works count, or else how many there are."""
        return self.counted or self.works

    def as_branch(self, parent: int | None, path: str, title: str) -> Branch:
        """Return the branch of a grouping other than the lists, with these counts."""
        return Branch(self.branch, parent, "", path, title, self.done, self.total, self.is_shelf)


def section_counts(database: Database, where: str = "true", **values: Any) -> list[Counts]:
    """Return the counts of each section that holds, itself or below, items that meet a condition.

    `where` is SQL over `item` and `work_state`, with `values` for its names.
    """
    works = _WITHIN_SECTIONS.format(where=where)
    return database.records(Counts, _COUNTS.format(works=works), **values)


_SECTIONS = """
select section.id, parent, list, path, section.title, done, total - dropped as total
from section join reading_list on key = list where {where}
order by reading_list.position, list, section.position"""
_AROUND = """section.id in (
    with recursive around(id) as (
        select value from json_each(:sections)
        union select parent from section join around using (id) where parent is not null)
    select id from around)"""


class TreeQueries:
    """Queries for the rows of the tree."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def branches(self, view: TreeQuery) -> list[Branch]:
        """Return the branches of a grouping in order, each before those within it.

        With a filter, only those that hold a work, with the counts of what they hold.
        """
        if view.grouping not in _PLACED:
            return self._groups(view)
        if view.grouping is Grouping.LISTS and not view.chosen:
            return self.sections()
        query = self._tiers if view.grouping is Grouping.TIERS else self._filtered_sections
        with self._db.reading():
            return query(view)

    def leaves(self, view: TreeQuery, branches: Collection[int]) -> dict[int, list[Leaf]]:
        """Return the items of some branches, in their order."""
        where, values = self._condition(view)
        query = (_OF_ITEMS if view.grouping in _PLACED else _OF_WORKS).format(
            branch=_BRANCHES[view.grouping],
            aside=ASIDE,
            order=_ORDERS.get(view.grouping),
            extra=_SHOWN.get(view.order) or _EXTRAS.get(view.grouping, "''"),
            compared=_COMPARED.get(view.order, ""),
            where=where,
        )
        leaves: dict[int, list[Leaf]] = {}
        for leaf in self._db.records(Leaf, query, branches=json.dumps([*branches]), **values):
            leaves.setdefault(leaf.branch, []).append(leaf)
        if view.order in _IN_WORDS:
            in_words = _IN_WORDS[view.order]
            return {branch: in_words(found, view.today) for branch, found in leaves.items()}
        if view.grouping in (Grouping.STATUS, Grouping.QUEUE):
            return {branch: _until_in_words(found, view.today) for branch, found in leaves.items()}
        return leaves

    def of_works(self, works: Sequence[str], today: date) -> list[Leaf]:
        """Return those of some works that are in the library, in their order."""
        query = TreeQuery(today, Grouping.STATUS, {library_tree.WORK: frozenset(works)})
        groups = self.leaves(query, range(len(_STATUS_GROUPS) + 1)).values()
        by_work = {leaf.work: leaf for group in groups for leaf in group}
        return [by_work[work] for work in works if work in by_work]

    def holding(self, view: TreeQuery, work: str) -> list[int]:
        """Return the branches of a grouping that hold a work, in order."""
        where, values = self._condition(view)
        works = _WITHIN_PLACES if view.grouping in _PLACED else _WITHIN_GROUPS
        query = works.format(
            branch=_BRANCHES[view.grouping], where=f"work_state.work = :work and {where}"
        )
        rows = self._db.rows(f"select branch from ({query}) order by 1", work=work, **values)
        return [branch for (branch,) in rows if branch >= 0]

    def sections(self, until: date | None = None) -> list[Branch]:
        """Return all lists and sections, with the counts of now or of the end of a day.

        Works dropped since that day are dropped there too.
        """
        sections = self._db.records(Branch, _SECTIONS.format(where="true"))
        if until is None:
            return sections
        # As a rule few works were read since: that is much quicker than to count the others.
        read_since = (
            "item.work in (select work from full_read as later where read_on > :until"
            " and not exists (select 1 from full_read as earlier"
            " where earlier.work = later.work and coalesce(earlier.read_on, '') <= :until))"
        )
        counts = section_counts(self._db, read_since, until=until.isoformat())
        since = {section.branch: section.done for section in counts}
        return [
            section._replace(done=section.done - since.get(section.id, 0)) for section in sections
        ]

    def sections_around(self, sections: Iterable[int]) -> list[Branch]:
        """Return some sections with the sections and lists around them, with the counts of now."""
        around = _SECTIONS.format(where=_AROUND)
        return self._db.records(Branch, around, sections=json.dumps([*sections]))

    def noted(self) -> set[str]:
        """Return the works that have notes."""
        return {work for (work,) in self._db.rows("select distinct work from note")}

    def queued(self) -> set[str]:
        """Return the works in the queue."""
        return {work for (work,) in self._db.rows("select work from standing where rank not null")}

    def starred(self) -> set[str]:
        """Return the works with a star."""
        return {work for (work,) in self._db.rows("select work from star")}

    def decades(self) -> list[str]:
        """Return the decades that works are of, in order."""
        rows = self._db.rows(
            f"select distinct {CONDITIONS[library_tree.YEAR]} from work order by year is null, year"
        )
        return list(dict.fromkeys(decade for (decade,) in rows))

    def lists(self) -> list[tuple[str, str]]:
        """Return key and title of every list."""
        return self._db.rows("select key, title from reading_list order by position, key")

    def years(self, decade: int, view: TreeQuery) -> list[tuple[int, int, int]]:
        """Return the years of a decade, such as 201, with works done and works in all."""
        where, values = condition(view.chosen, of_items=False)
        return self._db.rows(
            "select year, sum(done), count(*) from work_state"
            f" where year / 10 = :decade and counted and {where} group by year order by year",
            today=view.today.isoformat(),
            decade=decade,
            **values,
        )

    def _condition(self, view: TreeQuery) -> tuple[str, dict[str, str]]:
        where, values = condition(view.chosen, of_items=view.grouping in _PLACED)
        return where, {"today": view.today.isoformat(), **values}

    def _filtered_sections(self, view: TreeQuery) -> list[Branch]:
        where, values = self._condition(view)
        counts = {part.branch: part for part in section_counts(self._db, where, **values)}
        return [
            section._replace(done=part.done, total=part.total, is_shelf=part.is_shelf)
            for section in self.sections()
            if (part := counts.get(section.id))
        ]

    def _counts(self, works: str, branch: str, view: TreeQuery) -> list[Counts]:
        where, values = self._condition(view)
        query = _COUNTS.format(works=works.format(branch=branch, where=where))
        return self._db.records(Counts, query, **values)

    def _groups(self, view: TreeQuery) -> list[Branch]:
        by_reader = view.grouping in (Grouping.STATUS, Grouping.QUEUE)
        groups = self._counts(_WITHIN_GROUPS, _BRANCHES[view.grouping], view)
        # Unknown years, which sort first, come last.
        groups.sort(key=lambda group: view.grouping is Grouping.YEAR and not group.branch)
        return [
            Branch(
                group.branch, None, "", f"{view.grouping}:{group.branch}",
                _title(view.grouping, group.branch), group.done,
                _total(view.grouping, group), not by_reader and group.is_shelf,
            )
            for group in groups
            if group.branch >= 0
        ]  # fmt: skip

    def _tiers(self, view: TreeQuery) -> list[Branch]:
        tiers = self._counts(_WITHIN_PLACES, _OF_TIER, view)
        counts = self._counts(_WITHIN_PLACES, _BRANCHES[Grouping.TIERS], view)
        topics = {topic.branch: topic for topic in counts}
        sections = {section.id: section for section in self.sections()}
        branches = []
        for counted in tiers:
            root, tier = counted.branch, counted.branch // _TIER
            title = tier_name(tier).capitalize() if tier < 9 else "No tier"
            branches.append(counted.as_branch(None, f"tiers:{tier}", title))
            branches += [
                topic.as_branch(root, f"tiers:{tier}:{section.path}", trail(sections, id_))
                for id_, section in sections.items()
                if (topic := topics.get(root + id_))
            ]
        return branches


def _days_in_words(leaves: Sequence[Leaf], today: date) -> list[Leaf]:
    return [
        leaf._replace(extra=day_name(date.fromisoformat(leaf.extra), today)) if leaf.extra else leaf
        for leaf in leaves
    ]


def _until_in_words(leaves: Sequence[Leaf], today: date) -> list[Leaf]:
    """Return works with the days until which they are parked in words."""
    parted = [(leaf, *leaf.extra.rpartition(" ")) for leaf in leaves]
    return [
        leaf._replace(extra=f"{before} {day_name(date.fromisoformat(day), today)}")
        if leaf.aside == PARKED and before.endswith("until")
        else leaf
        for leaf, before, _, day in parted
    ]


def _counts_in_words(leaves: Sequence[Leaf], _: date) -> list[Leaf]:
    return [leaf._replace(extra=f"{int(leaf.extra):,}") if leaf.extra else leaf for leaf in leaves]


def _by_length(leaves: Sequence[Leaf], _: date) -> list[Leaf]:
    """Return works by the time that a second pass of them takes, those of unknown length last."""
    from papertui.core.reading_time import minutes_by_length

    def minutes(leaf: Leaf) -> float:
        times = minutes_by_length(leaf.kind, leaf.extra)
        return times[1] if times else inf

    return sorted(leaves, key=minutes)


_IN_WORDS: dict[Order, Callable[[Sequence[Leaf], date], list[Leaf]]] = {
    Order.READ: _days_in_words,
    Order.CITATIONS: _counts_in_words,
    Order.LENGTH: _by_length,
}


def _total(grouping: Grouping, group: Counts) -> int:
    """Return how many works of a group are counted: all where it has no share that is read."""
    return group.works if grouping in (Grouping.STATUS, Grouping.QUEUE) else group.total


def _title(grouping: Grouping, number: int) -> str:
    if grouping is Grouping.YEAR:
        return f"{number}0s" if number else "No year"
    if grouping is Grouping.STATUS:
        return _STATUS_GROUPS[number].capitalize()
    if grouping is Grouping.QUEUE:
        return "Queue"
    return (*DIFFICULTIES, "Not graded")[number]
