"""The parts of the benchmarks that only compute."""

import pytest

from benchmarks.figures import Round, Spread, Target, measured, percentile, ratio, verdict
from benchmarks.report import TITLES, TO_BARE, TO_FLOOR, TO_LIKE, TO_SMALLEST, report
from benchmarks.terminal import left_on

START = Target("start", "start", must=1.0, aim=0.75, most=150)
ROUNDS: list[Round] = [
    {"floor": {"start": 100, "key p95": 10}, "153": {"start": 50, "done p95": 40}},
    {"floor": {"start": 200, "key p95": 20}, "153": {"start": 180, "done p95": 20}},
    {"floor": {"start": 400}, "153": {"start": 280}},
]


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 50), (95, 95), (99, 99), (100, 100), (0, 1)]
)
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_the_percentiles_of_one_value_are_that_value() -> None:
    assert percentile([7.0], 50) == percentile([7.0], 95) == 7.0


def test_a_ratio_is_taken_within_a_round_and_not_of_the_medians() -> None:
    assert ratio(ROUNDS, "153", "floor", START) == Spread(0.5, 0.7, 0.9)


def test_a_ratio_leaves_out_rounds_that_lack_a_figure() -> None:
    assert ratio(ROUNDS, "153", "floor", Target("done p95", "key p95")) == Spread(1, 2.5, 4)
    assert ratio(ROUNDS, "floor", "153", Target("key p95", "search p95")) is None


def test_a_figure_spreads_from_its_least_to_its_greatest() -> None:
    assert measured(ROUNDS, "floor", "start") == Spread(100, 200, 400)


@pytest.mark.parametrize(
    ("middle", "milliseconds", "expected"),
    [(0.75, 100, "++"), (0.76, 100, "+"), (1.0, 100, "+"), (1.01, 100, "−"), (0.5, 151, "−")],
)
def test_a_target_is_judged_by_the_median_and_by_its_limit(
    middle: float, milliseconds: float, expected: str
) -> None:
    found = Spread(0, middle, 9)
    assert verdict(START, found, Spread(0, milliseconds, 999)) == expected


def test_the_page_holds_each_ratio_beside_its_targets() -> None:
    page = report(ROUNDS, {"Python": "3.11"}, "papertui paths")
    rows = [[cell.strip() for cell in line.split("|")] for line in page.splitlines()]
    assert ["", "first usable screen", "0.70 [0.50–0.90] ++", "", "", "≤ 1", "≤ 0.75", ""] in rows
    assert "- Python: 3.11" in page


def test_every_target_names_figures_that_have_a_title() -> None:
    targets = (*TO_FLOOR, *TO_SMALLEST, TO_LIKE, TO_BARE)
    assert {name for t in targets for name in (t.figure, t.base_figure)} <= TITLES.keys()


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (b"\x1b[?1049h\x1b[?25l text \x1b[?1016h \x1b[?1049l\x1b[?25h", ["?1016"]),
        (b"\x1b[?1000;1006h\x1b[?1006l", ["?1000"]),
        (b"\x1b[?25l\x1b[?7l", ["?25", "?7"]),
        (b"\x1b[?2004h\x1b[?2004l", []),
    ],
)
def test_a_terminal_is_clean_when_every_mode_is_as_it_was(written: bytes, left: list[str]) -> None:
    assert left_on(written) == left
