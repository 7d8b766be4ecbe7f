"""How long the counted tests go on: briefly, or as `make endurance` has it."""

import os

import pytest
from hypothesis import settings

LONG = bool(os.environ.get("PAPERTUI_ENDURANCE"))
counted = pytest.mark.endurance


def times(short: int, long: int) -> int:
    """Return how often something is tried."""
    return long if LONG else short


def examples(usual: int) -> settings:
    """Return how many examples a slow law is tried on where a quick one has a hundred."""
    return settings(max_examples=usual * settings().max_examples // 100)


def tell(text: str) -> None:
    """Say what was counted, for docs/reliability.md."""
    print(f"counted: {text}")
