"""The reader's clock: the only module that asks the machine for the time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present moment, aware, in the time zone that the machine is set to now."""
    # The C library reads the zone once; papertui may stay open while its reader travels.
    if hasattr(time, "tzset"):
        time.tzset()
    return datetime.now(UTC).astimezone()  # noqa: TID251
