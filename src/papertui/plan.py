"""What to read before what."""

from collections.abc import Collection, Mapping, Sequence


def first_ready(requires: Mapping[str, Sequence[str]], read: Collection[str]) -> str | None:
    """Return the first work not read whose required works are; None when all are read."""
    for work, others in requires.items():
        if work not in read and all(other in read for other in others if other in requires):
            return work
    return None


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
