"""The goals that a reader can set, and their words."""

from datetime import date
from typing import NamedTuple

from papertui.core import journal
from papertui.core.journal import Change
from papertui.core.text import quantity
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


def goal_change(metric: str, target: int, today: date) -> Change:
    """Return the change that sets a goal from the week of today on. Raises Refused if senseless."""
    kind = GOALS[metric]
    if not kind.least <= target <= kind.most:
        raise Refused(f"Type a number from {kind.least} to {kind.most} for {kind.unit}s.")
    return journal.set_goal(metric, target, today)
