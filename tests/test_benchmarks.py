"""The computations of the benchmarks: ratios, verdicts, the page, modes left on."""

import pytest

from benchmarks.imports import library
from benchmarks.ratios import (
    Round,
    Spread,
    Target,
    figure_spread,
    percentile,
    ratio_spread,
    verdict,
)
from benchmarks.report import (
    TITLES,
    TO_BARE_PYTHON,
    TO_BASELINE,
    TO_LIKE,
    TO_SECOND,
    TO_SMALLEST,
    TO_SPLIT,
    report,
)
from benchmarks.terminal import changed_modes
from papertui.importers.bibtex import parse_bibtex

START = Target("start", "start", limit=1.0, goal=0.75, max_ms=150)
ROUNDS: list[Round] = [
    {"baseline": {"start": 100, "key p95": 10}, "153": {"start": 50, "done p95": 40}},
    {"baseline": {"start": 200, "key p95": 20}, "153": {"start": 180, "done p95": 20}},
    {"baseline": {"start": 400}, "153": {"start": 280}},
]


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 50), (95, 95), (99, 99), (100, 100), (0, 1)]
)
def test_a_percentile_is_one_of_the_measured_values(percent: float, expected: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_the_percentiles_of_one_value_are_that_value() -> None:
    assert percentile([7.0], 50) == percentile([7.0], 95) == 7.0


def test_ratios_are_taken_within_rounds_and_not_between_medians() -> None:
    assert ratio_spread(ROUNDS, "153", "baseline", START) == Spread(0.5, 0.7, 0.9)


def test_rounds_that_lack_a_figure_have_no_ratio() -> None:
    assert ratio_spread(ROUNDS, "153", "baseline", Target("done p95", "key p95")) == Spread(
        1, 2.5, 4
    )
    assert ratio_spread(ROUNDS, "baseline", "153", Target("key p95", "search p95")) is None


def test_a_spread_has_the_least_the_median_and_the_greatest_value() -> None:
    assert figure_spread(ROUNDS, "baseline", "start") == Spread(100, 200, 400)


@pytest.mark.parametrize(
    ("median", "milliseconds", "expected"),
    [(0.75, 100, "++"), (0.76, 100, "+"), (1.0, 100, "+"), (1.01, 100, "−"), (0.5, 151, "−")],
)
def test_the_verdict_depends_on_the_median_of_the_ratio_and_on_the_limit_in_ms(
    median: float, milliseconds: float, expected: str
) -> None:
    ratio = Spread(0, median, 9)
    assert verdict(START, ratio, Spread(0, milliseconds, 999)) == expected


def test_the_page_shows_each_ratio_beside_its_limit_and_goal() -> None:
    page = report(ROUNDS, {"Python": "3.11"}, "papertui paths")
    rows = [[cell.strip() for cell in line.split("|")] for line in page.splitlines()]
    assert ["", "first usable screen", "0.70 [0.50–0.90] ++", "", "", "≤ 1", "≤ 0.75", ""] in rows
    assert "- Python: 3.11" in page


def test_the_invented_library_is_read_without_a_problem() -> None:
    parsed = parse_bibtex(library(50, 1), "library.bib")
    kept = ("Fields that are kept for the export only: keywords.",)
    assert (len([*parsed.all_items()]), parsed.problems) == (50, kept)


def test_every_target_names_figures_that_have_a_title() -> None:
    targets = (*TO_BASELINE, *TO_SMALLEST, TO_LIKE, TO_BARE_PYTHON, TO_SPLIT, TO_SECOND)
    assert {name for t in targets for name in (t.figure, t.base_figure)} <= TITLES.keys()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"\x1b[?1049h\x1b[?25l text \x1b[?1016h \x1b[?1049l\x1b[?25h", ["?1016"]),
        (b"\x1b[?1000;1006h\x1b[?1006l", ["?1000"]),
        (b"\x1b[?25l\x1b[?7l", ["?25", "?7"]),
        (b"\x1b[?2004h\x1b[?2004l", []),
    ],
)
def test_modes_that_are_not_as_they_were_are_named(written: bytes, expected: list[str]) -> None:
    assert changed_modes(written) == expected
