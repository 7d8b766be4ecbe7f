"""The reader's clock: the only module that asks the machine for the time."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present moment, aware, in the time zone that the machine is set to now."""
    moment = datetime.now(UTC)  # noqa: TID251
    # papertui may stay open while its reader travels. The C library reads the zone once, and
    # a file that TZ names never again.
    named = os.environ.get("TZ", "").removeprefix(":")
    if named.startswith("/"):
        with suppress(OSError, ValueError):
            return moment.astimezone(timezone(_offset(Path(named), moment)))
    if hasattr(time, "tzset"):
        time.tzset()
    return moment.astimezone()


def _offset(path: Path, moment: datetime) -> timedelta:
    from zoneinfo import ZoneInfo

    with path.open("rb") as file:
        return moment.astimezone(ZoneInfo.from_file(file)).utcoffset() or timedelta()
