"""The length of the counted tests: short, or full with `make endurance`."""

import os

import pytest
from hypothesis import settings

LONG = bool(os.environ.get("PAPERTUI_ENDURANCE"))
counted = pytest.mark.endurance


def times(short: int, long: int) -> int:
    """Return the number of repetitions for this run: `short`, or `long` at full length."""
    return long if LONG else short


def examples(usual: int) -> settings:
    """Return settings for a slow property: `usual` examples where a quick one has a hundred."""
    return settings(max_examples=max(1, usual * settings().max_examples // 100))


def report_count(text: str) -> None:
    """Print a count for docs/reliability.md."""
    print(f"counted: {text}")
