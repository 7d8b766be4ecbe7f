"""The work to read next: from the queue, then from the lists, read no further than needed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from papertui.core.labels import PASSES, tier_name
from papertui.storage.database import Database


class Candidate(NamedTuple):
    """A work that may come next; it is `ready` if all works that it requires are done."""

    work: str
    title: str
    section: str
    tier: int | None
    depth: int
    ready: bool


class UpNext(NamedTuple):
    """The work to read next, and why that one."""

    work: str
    title: str
    reason: str


def first(candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the first work that is not even skimmed and ready, else the first one skimmed.

    If all of them wait for other works, return the first of those. No more
    candidates are taken than needed.
    """
    skimmed = waiting = None
    for candidate in candidates:
        if not candidate.ready:
            waiting = waiting or candidate
        elif candidate.depth:
            skimmed = skimmed or candidate
        else:
            return candidate
    return skimmed or waiting


def moved(queue: Sequence[tuple[str, float]], work: str, by: int) -> list[tuple[str, float]]:
    """Return works with new ranks so that `work` moves by one, down for 1 and up for -1.

    `queue` holds works and ranks in their order. Nothing is returned at its ends.
    """
    works = [each for each, _ in queue]
    at = works.index(work)
    to = at + by
    if not 0 <= to < len(queue):
        return []
    others = [rank for each, rank in queue if each != work]
    before = others[to - 1] if to else others[0] - 2
    after = others[to] if to < len(others) else others[-1] + 2
    middle = (before + after) / 2
    if before < middle < after:
        return [(work, middle)]
    works.insert(to, works.pop(at))
    return [(each, float(number)) for number, each in enumerate(works)]


def roadmap(requires: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return works in steps: each requires only works of the steps before it.

    Only works that are keys of `requires` are looked at; within a step they
    keep their order. Works that require one another in a circle come last.
    """
    steps: list[list[str]] = []
    left = dict(requires)
    while left:
        ready = [work for work, others in left.items() if not any(o in left for o in others)]
        steps.append(ready or list(left))
        left = {work: others for work, others in left.items() if work not in steps[-1]}
    return steps


FOCUS = "focus"
# Cross joins keep their order: a list is read from its top until something fits.
_IN_LIST = """
select item.work, work_state.title, section.title as section, tier, depth, not exists (
    select 1 from requirement, work_state as needed
    where requirement.work = item.work and needed.work = needs
    and needed.counted and not needed.done
) as ready
from section cross join item cross join work_state
where section.list = :list and item.section = section.id and work_state.work = item.work
and (item.tier is :tier or not :by_tier) and counted and not work_state.done
and (aside is null or parked_until <= :today)
order by section.position, item.position"""
_QUEUED = """
select work, title, 'first in your queue' as reason from work_state
where rank is not null and counted and (aside is null or parked_until <= :today)
order by rank, work limit 1"""


class UpNextQueries:
    """Queries for what to read next."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def next(self, today: date) -> UpNext | None:
        """Return what to read next, and why; None when nothing is left to read.

        An unfinished session comes first, then the queue, then the list in focus
        by its own rule, then the other lists.
        """
        for work, depth, title in self._db.rows(
            "select draft.work, json_extract(session, '$.depth'), title from draft"
            " left join work on citekey = draft.work where session is not null"
            " order by saved desc limit 1"
        ):
            return UpNext(work, title or work, f"{PASSES[depth]} under way")
        if queued := self._db.records(UpNext, _QUEUED, today=today.isoformat()):
            return queued[0]
        lists = self._db.rows(
            "select key, title, reading_order from reading_list"
            " order by key is not ?, position, key",
            self.focus(),
        )
        for key, title, order in lists:
            if found := first(self.of_list(key, order, today)):
                return UpNext(found.work, found.title, _reason(found, title, order))
        return None

    def focus(self) -> str | None:
        """Return the key of the list in focus: the reader's choice, else the first."""
        row = self._db.row(
            "select key from reading_list"
            " order by key is not (select value from setting where key = ?), position, key",
            FOCUS,
        )
        return row[0] if row else None

    def of_list(self, key: str, order: str, today: date) -> Iterator[Candidate]:
        """Yield the works of a list that may be read next, in the order its rule asks for.

        Works that are done, parked, dropped or unidentified are left out.
        """
        by_tier = order == "tier"
        for tier in (1, 2, 3, 4, None) if by_tier else (None,):
            values = {"list": key, "tier": tier, "by_tier": by_tier, "today": today.isoformat()}
            for work, title, section, of_tier, depth, ready in self._db.each(_IN_LIST, **values):
                yield Candidate(work, title, section, of_tier, depth, bool(ready))


def _reason(found: Candidate, title: str, order: str) -> str:
    if found.depth:
        return "skimmed, not read yet"
    place = {
        "tier": f"{tier_name(found.tier)} of {found.section}" if found.tier else found.section,
        "section": f"next in {found.section}",
    }.get(order, f"next in {title}")
    return place if found.ready else f"{place}, though it builds on works not read yet"
