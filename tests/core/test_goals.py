"""Goals as readers type them."""

from datetime import date

import pytest

from papertui.core.goals import FULL_READS, REPRODUCED, SCANNED, SHARED, goal_change, parse_goal
from papertui.core.records import Goal
from papertui.core.streaks import WeekRules
from papertui.errors import Refused

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("2", (FULL_READS, 2)),
        ("reads 3", (FULL_READS, 3)),
        (" Titles  75 ", (SCANNED, 75)),
        ("explained 0", (SHARED, 0)),
        ("shared 2", (SHARED, 2)),
        ("reproduced 1", (REPRODUCED, 1)),
        ("3 full reads a week", (FULL_READS, 3)),
        ("3 a week", (FULL_READS, 3)),
        ("15 titles", (SCANNED, 15)),
        ("1 explained work", (SHARED, 1)),
        ("explain 1 each week", (SHARED, 1)),
        ("scan 15", (SCANNED, 15)),
        ("reproduce 3", (REPRODUCED, 3)),
    ],
)
def test_a_goal_is_a_number_alone_or_beside_what_it_counts(
    typed: str, goal: tuple[str, int]
) -> None:
    assert parse_goal(typed) == goal
    assert goal_change(*goal, TODAY, None).data["target"] == goal[1]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "-1",
        "titles",
        "pages 5",
        "1.5",
        "0",
        "51",
        "2 works",
        "2 3",
        "2 reads a month",
        "2 per month",
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"from 1 to 50|one goal"):
        goal_change(*parse_goal(typed), TODAY, None)


def test_the_goal_that_holds_is_not_set_again() -> None:
    rules = WeekRules((Goal(FULL_READS, 2, TODAY),))
    own = rules.own_target(FULL_READS, TODAY)
    with pytest.raises(Refused, match="the goal already: 2 full reads a week"):
        goal_change(FULL_READS, 2, TODAY, own)
    assert goal_change(FULL_READS, 3, TODAY, own)
    # What papertui advises is no goal of the reader's yet.
    assert rules.own_target(SCANNED, TODAY) is None
