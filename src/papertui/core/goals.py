"""The goals that a reader can set, their words, and what a reader types for one."""

from datetime import date
from typing import NamedTuple

from papertui.core import journal
from papertui.core.journal import Change
from papertui.core.text import quantity, whole_number
from papertui.errors import Refused

FULL_READS = "full-reads-a-week"
SCANNED = "scanned"
REPRODUCED = "reproduced"
SHARED = "shared"


class GoalKind(NamedTuple):
    """The name of a goal, what it counts in which period, its target unless one is set, its limits.

    A target of 0 is no goal.
    """

    name: str
    unit: str
    period: str
    default: int
    least: int
    most: int


GOALS = {
    FULL_READS: GoalKind("reads", "full read", "week", 1, 1, 50),
    SCANNED: GoalKind("titles", "scanned title", "week", 10, 0, 500),
    REPRODUCED: GoalKind("reproduced", "reproduced work", "month", 1, 0, 50),
    SHARED: GoalKind("explained", "explained work", "week", 0, 0, 50),
}


def goal_words(metric: str, target: int) -> str:
    """Return a goal in words: ``2 full reads a week``, ``no scanned titles``."""
    kind = GOALS[metric]
    return f"{quantity(target, kind.unit)} a {kind.period}" if target else f"no {kind.unit}s"


def goal_change(metric: str, target: int, today: date, own: int | None) -> Change:
    """Return the change that sets a goal from the week of today on, instead of the reader's `own`.

    Raises Refused if it is senseless, or the same goal.
    """
    kind = GOALS[metric]
    if not kind.least <= target <= kind.most:
        raise Refused(f"Type a number from {kind.least} to {kind.most} for {kind.unit}s.")
    if target == own:
        raise Refused(f"That is the goal already: {goal_words(metric, target)}.")
    return journal.set_goal(metric, target, today)


GOAL_FORMS = "1 to 50; or one of titles 15, reproduced 1, explained 2, each 0 for none"


def parse_goal(text: str) -> tuple[str, int]:
    """Return the metric and the target of a line such as ``2``, ``titles 15`` or ``3 full reads``.

    Raises Refused for anything else.
    """
    words = text.lower().split()
    targets = [target for word in words if (target := whole_number(word)) is not None]
    names = {word for word in words if whole_number(word) is None}
    for metric, kind in GOALS.items():
        fillers = {"a", "per", "each", "every", kind.period}
        known = {metric, kind.name, *kind.unit.split(), *f"{kind.unit}s".split()}
        # Explain is as good as explained.
        known |= {word for word in names for name in known if name.startswith(word) and word[3:]}
        is_usual = metric == FULL_READS and names <= fillers
        is_named = is_usual or names & known - {"work", "works"}
        if len(targets) == 1 and is_named and names <= fillers | known:
            return metric, targets[0]
    raise Refused("Type one goal: full reads as 2, or titles 15, reproduced 1 or explained 2.")
