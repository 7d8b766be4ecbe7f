"""The clocks of the tests: the machine's, set far away, and one that stands still."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

# A Sunday's night that counts for Saturday, far from any date in a test.
FAR = "2051-07-30T02:47:19"
NOW = os.environ.get("PAPERTUI_TEST_NOW", FAR)
ZONE = os.environ.get("PAPERTUI_TEST_ZONE", "UTC")


class StillClock:
    """A clock that stands at a moment until a test lets seconds pass."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self.passed = 0.0

    def __call__(self) -> datetime:
        """Return the moment."""
        return self._start + timedelta(seconds=self.passed)


@contextmanager
def machine_at(moment: str = NOW, zone: str = ZONE) -> Iterator[None]:
    """Set the machine's clock, which then goes on, to local time `moment` in a time zone.

    Programs that are started are in that zone too, but at the real time.
    """
    there = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    with time_machine.travel(there, tick=True):
        yield
