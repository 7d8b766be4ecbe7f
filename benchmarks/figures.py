"""From measured figures to ratios: percentiles, spreads, targets. All of it is pure."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Figures = Mapping[str, float]
# What a round measured: program → figure → value.
Round = Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the median and the greatest of some values."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of a program to hold against `base_figure` of another, round by round.

    `must` and `aim` bound the ratio of the medians; `most` the figure itself.
    """

    figure: str
    base_figure: str
    must: float | None = None
    aim: float | None = None
    most: float | None = None


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the least of `values` that `percent` of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def spread(values: Iterable[float]) -> Spread | None:
    """Return the spread of `values`, None for none."""
    found = sorted(values)
    return Spread(found[0], statistics.median(found), found[-1]) if found else None


def measured(rounds: Iterable[Round], program: str, figure: str) -> Spread | None:
    """Return how a figure of a program spread over the rounds that have it."""
    return spread(
        of_round[program][figure] for of_round in rounds if figure in of_round.get(program, {})
    )


def ratio(rounds: Iterable[Round], program: str, base: str, target: Target) -> Spread | None:
    """Return how a program's figure stood to the base's, each taken within one round."""
    return spread(
        of_round[program][target.figure] / of_round[base][target.base_figure]
        for of_round in rounds
        if target.figure in of_round.get(program, {})
        and of_round.get(base, {}).get(target.base_figure)
    )


def verdict(target: Target, found: Spread, value: Spread) -> str:
    """Return whether a ratio reaches the aim (++), what must be (+), or misses it (−)."""
    if target.must is None:
        return ""
    if found.middle > target.must or (target.most is not None and value.middle > target.most):
        return "−"
    return "++" if target.aim is not None and found.middle <= target.aim else "+"
