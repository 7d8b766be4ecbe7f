"""Clocks for tests: the machine's, set to a distant date, and one that a test moves."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

# A Sunday before the day starts, so that Saturday is today; far from any date in a test.
FAR = "2051-07-30T02:47:19"
NOW = os.environ.get("PAPERTUI_TEST_NOW", FAR)
ZONE = os.environ.get("PAPERTUI_TEST_ZONE", "UTC")


class StillClock:
    """A clock that shows `start` until a test adds seconds to `passed`."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self.passed = 0.0

    def __call__(self) -> datetime:
        """Return the time that the clock shows."""
        return self._start + timedelta(seconds=self.passed)


@contextmanager
def machine_at(moment: str = NOW, zone: str = ZONE) -> Iterator[None]:
    """Set the machine's clock to the local time `moment` in a time zone; it goes on from there.

    Programs that are started get the time zone too, but read the real clock.
    """
    local_time = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    with time_machine.travel(local_time, tick=True):
        yield
