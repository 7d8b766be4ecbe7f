"""How long the counted tests go on: briefly, or as `make endurance` has it."""

import os

import pytest

LONG = bool(os.environ.get("PAPERTUI_ENDURANCE"))
counted = pytest.mark.endurance


def times(short: int, long: int) -> int:
    """Return how often something is tried."""
    return long if LONG else short


def tell(text: str) -> None:
    """Say what was counted, for docs/reliability.md."""
    print(f"counted: {text}")
