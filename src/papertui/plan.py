"""What to read before what."""

from collections.abc import Mapping, Sequence


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
