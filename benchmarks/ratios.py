"""Percentiles, spreads, and ratios held against their targets."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Figures = Mapping[str, float]
# The figures of each program in one round.
Round = Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Spread:
    """The least value, the median, and the greatest value."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of one program to compare with `base_figure` of another, round by round.

    `limit` and `goal` bound the median of the ratio; `max_ms` bounds the figure itself.
    """

    figure: str
    base_figure: str
    limit: float | None = None
    goal: float | None = None
    max_ms: float | None = None


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the least of `values` that `percent` of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def spread(values: Iterable[float]) -> Spread | None:
    """Return the spread of `values`, or None if there are none."""
    ordered = sorted(values)
    return Spread(ordered[0], statistics.median(ordered), ordered[-1]) if ordered else None


def figure_spread(rounds: Iterable[Round], program: str, figure: str) -> Spread | None:
    """Return the spread of a program's figure over the rounds that have it."""
    return spread(
        figures_of[program][figure]
        for figures_of in rounds
        if figure in figures_of.get(program, {})
    )


def ratio_spread(rounds: Iterable[Round], program: str, base: str, target: Target) -> Spread | None:
    """Return the spread of the ratios of two programs' figures, each taken within one round."""
    return spread(
        figures_of[program][target.figure] / figures_of[base][target.base_figure]
        for figures_of in rounds
        if target.figure in figures_of.get(program, {})
        and figures_of.get(base, {}).get(target.base_figure)
    )


def verdict(target: Target, ratio: Spread, figure: Spread) -> str:
    """Return `++` if the goal is met, `+` if only the limit is, and `−` if neither is."""
    if target.limit is None:
        return ""
    if ratio.median > target.limit:
        return "−"
    if target.max_ms is not None and figure.median > target.max_ms:
        return "−"
    return "++" if target.goal is not None and ratio.median <= target.goal else "+"
