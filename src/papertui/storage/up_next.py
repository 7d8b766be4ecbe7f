"""Asked: what to read next. Reads no more of the lists than it needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from papertui.core.journal import READ_DEPTH
from papertui.core.labels import PASSES, tier_name
from papertui.storage.database import Database


class Candidate(NamedTuple):
    """A work that may come next; `ready` where all it requires is read."""

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

    Where what is left all waits for other works, the first of it comes anyhow.
    Asks for no more candidates than it needs.
    """
    skimmed = waiting = None
    for candidate in candidates:
        if candidate.depth >= READ_DEPTH:
            continue
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
# The order of the joins is meant: a list is read from its top until something fits.
_IN_LISTS = """section cross join item on item.section = section.id
    cross join work on work.citekey = item.work left join standing on standing.work = item.work"""
_QUEUED = """standing join work on work.citekey = standing.work
    left join item on item.section = (select min(section) from item where item.work = work.citekey)
    and item.work = work.citekey left join section on section.id = item.section"""
_UNREAD_NEEDS = """select 1 from requirement join work as needed on needed.citekey = needs
    left join standing as done on done.work = needs
    where requirement.work = work.citekey and coalesce(done.depth, 0) < 2
    and done.aside is not 'dropped' and not needed.unidentified"""


class UpNextQueries:
    """Questions for what comes next."""

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
        if queued := next(self._queued(today), None):
            return UpNext(queued.work, queued.title, "first in your queue")
        focus = self.focus()
        lists = self._db.rows(
            "select key, title, reading_order from reading_list"
            " order by key is not ?, position, key",
            focus,
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

        Parked, dropped and unidentified works are left out.
        """
        tiers = " and item.tier is :tier" if order == "tier" else ""
        for tier in (1, 2, 3, 4, None) if order == "tier" else (None,):
            yield from self._candidates(
                _IN_LISTS,
                f"section.list = :list{tiers}",
                "section.position, item.position",
                today,
                list=key,
                tier=tier,
            )

    def _queued(self, today: date) -> Iterator[Candidate]:
        wanted, order = "standing.rank is not null", "standing.rank, standing.work"
        return self._candidates(_QUEUED, wanted, order, today)

    def _candidates(
        self, source: str, wanted: str, order: str, today: date, **named: Any
    ) -> Iterator[Candidate]:
        rows = self._db.each(
            "select work.citekey, work.title, section.title, item.tier,"
            f" coalesce(standing.depth, 0), not exists ({_UNREAD_NEEDS})"
            f" from {source} where {wanted} and not work.unidentified"
            " and (standing.aside is null or"
            "  (standing.aside = 'parked' and standing.until <= :today))"
            f" order by {order}",
            today=today.isoformat(),
            **named,
        )
        return (Candidate(*(*fields, bool(ready))) for *fields, ready in rows)


def _reason(found: Candidate, title: str, order: str) -> str:
    if found.depth:
        return "skimmed, not read yet"
    place = {
        "tier": f"{tier_name(found.tier)} of {found.section}" if found.tier else found.section,
        "section": f"next in {found.section}",
    }.get(order, f"next in {title}")
    return place if found.ready else f"{place}, though it builds on works not read yet"
