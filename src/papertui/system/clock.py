"""The reader's clock: no other module asks the machine what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the moment, aware, in the machine's time zone as it is set now."""
    # The C library reads the zone once; papertui may stay open while its reader travels.
    if hasattr(time, "tzset"):
        time.tzset()
    return datetime.now(UTC).astimezone()  # noqa: TID251
