"""The work to read next: from the queue, then from the lists, read no further than needed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from papertui.core.labels import PASSES, tier_name
from papertui.core.reading_time import PassTimes
from papertui.storage.database import Database
from papertui.storage.merged_works import CITEKEY
from papertui.storage.reading_times import ReadingTimes


class Candidate(NamedTuple):
    """A work that may come next.

    It is `ready` if all works that it requires are done, of those that its list has
    before it or at its rank: in the same tier, if the list goes by tiers.
    """

    work: str
    title: str
    section: str
    tier: int | None
    depth: int
    ready: bool


class UpNext(NamedTuple):
    """The work to read next, the pass to make of it, why that one, and how long it takes.

    `list` is the key of the list that it comes from, if any.
    """

    work: str
    title: str
    depth: int
    reason: str
    list: str | None = None
    times: PassTimes | None = None

    @property
    def time(self) -> str:
        """The time of the pass in words: ``about 1 h``; empty if it is unknown."""
        return self.times.words(self.depth) if self.times else ""

    @property
    def why(self) -> str:
        """The reason, and the time of the pass."""
        return ", ".join(filter(None, [self.reason, self.time]))


class Choice(NamedTuple):
    """The candidate that comes next, and how many before it are skimmed or not ready."""

    candidate: Candidate
    skimmed: int
    waiting: int


def choose(candidates: Iterable[Candidate]) -> Choice | None:
    """Choose the first work that is ready and not even skimmed, else the first one skimmed.

    If all of them wait for other works, choose the first of those. No more
    candidates are taken than needed.
    """
    skimmed: list[Candidate] = []
    waiting: list[Candidate] = []
    for candidate in candidates:
        if not candidate.ready:
            waiting.append(candidate)
        elif candidate.depth:
            skimmed.append(candidate)
        else:
            return Choice(candidate, len(skimmed), len(waiting))
    passed_over = skimmed or waiting
    return Choice(passed_over[0], len(skimmed), len(waiting)) if passed_over else None


def moved(queue: Sequence[tuple[str, float]], work: str, by: int) -> list[tuple[str, float]]:
    """Return works with new ranks so that `work` moves by some places, down if `by` is above 0.

    `queue` holds works and ranks in their order. It goes no further than to an end; nothing
    is returned if it is there. It comes first, before those that yield their places to it.
    """
    works = [each for each, _ in queue]
    at = works.index(work)
    to = max(0, min(at + by, len(queue) - 1))
    if to == at:
        return []
    others = [rank for each, rank in queue if each != work]
    before = others[to - 1] if to else others[0] - 2
    after = others[to] if to < len(others) else others[-1] + 2
    middle = (before + after) / 2
    if before < middle < after:
        return [(work, middle)]
    works.insert(to, works.pop(at))
    ranks = {work: float(to)} | {each: float(number) for number, each in enumerate(works)}
    return [*ranks.items()]


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
select item.work, work_state.title, section.title as section, item.tier, depth, not exists (
    select 1 from requirement cross join work_state as needed
    cross join item as place cross join section as around
    where requirement.work = item.work and needed.work = needs
    and needed.counted and not needed.done
    and place.work = needs and around.id = place.section and around.list = :list
    and case when :by_tier then coalesce(place.tier, 9) <= coalesce(item.tier, 9)
        else (around.position, place.position) < (section.position, item.position) end
) as ready
from section cross join item cross join work_state
where section.list = :list and item.section = section.id and work_state.work = item.work
and (item.tier is :tier or not :by_tier) and counted and not work_state.done
and (aside is null or parked_until <= :today)
order by section.position, item.position"""
_QUEUED = """
select work, title, depth, not exists (
    select 1 from standing as before
    where (before.rank, before.work) < (work_state.rank, work_state.work)
) as is_first
from work_state
where rank is not null and counted and (aside is null or parked_until <= :today)
order by rank, work limit 1"""


class UpNextQueries:
    """Queries for what to read next."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.times = ReadingTimes(database)

    def next(self, today: date) -> UpNext | None:
        """Return what to read next, and why; None when nothing is left to read.

        An unfinished session comes first, then the queue, then the list in focus
        by its own rule, then the other lists.
        """
        proposal = self._next(today)
        if proposal is None:
            return None
        return proposal._replace(times=self.times.of_work(proposal.work))

    def _next(self, today: date) -> UpNext | None:
        for work, depth, title in self._db.rows(
            "select coalesce(citekey, draft.work), json_extract(session, '$.depth'), title"
            f" from draft left join work on citekey = {CITEKEY.format('draft.work')}"
            " where session is not null order by saved desc limit 1"
        ):
            return UpNext(work, title or work, depth, f"{PASSES[depth]} under way")
        for work, title, depth, is_first in self._db.rows(_QUEUED, today=today.isoformat()):
            place = f"first in your queue{'' if is_first else ' that can be read now'}"
            depth = min(3, depth + 1)
            return UpNext(work, title, depth, f"{place}: {PASSES[depth]}")
        lists = self._db.rows(
            "select key, title, reading_order from reading_list"
            " order by key is not ?, position, key",
            self.focus(),
        )
        for key, title, order in lists:
            if choice := choose(self.of_list(key, order, today)):
                work = choice.candidate
                depth = min(3, work.depth + 1)
                return UpNext(work.work, work.title, depth, reason(choice, title, order), key)
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


def reason(choice: Choice, title: str, order: str) -> str:
    """Return why a work of a list comes next: `title` and `order` are those of the list."""
    work = choice.candidate
    if work.depth:
        return "skimmed; its second pass is next, as nothing is left to skim"
    place = {
        "tier": f"{tier_name(work.tier)} of {work.section}" if work.tier else work.section,
        "section": f"next in {work.section}",
    }.get(order, f"next in {title}")
    if not work.ready:
        return f"{place}, though it builds on works not read yet"
    if choice.waiting:
        place += "; works before it wait for what they build on"
    if choice.skimmed:
        place += "; first passes come before second ones"
    return place
