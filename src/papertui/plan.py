"""What to read next, and why; what to read before what; the order of the queue."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

READ = 2


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
        if candidate.depth >= READ:
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
