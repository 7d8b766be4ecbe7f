"""The pause between two requests that a service asks for, kept by all processes together."""

import fcntl
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType

from papertui.sources.service import Service, SourceError

LOCK_TIMEOUT = 60.0  # seconds to wait for another papertui that is asking
_LOOK_INTERVAL = 0.1


class Pause:
    """Waits until a request may be sent, and lets no other process send one meanwhile.

    The file at `path` is locked during a request and holds the time of the end of the last
    one, in seconds since 1970. If it cannot be written, every request waits.
    """

    def __init__(self, path: Path, service: Service, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._service = service
        self._clock = clock
        self._file: int | None = None

    def __enter__(self) -> None:
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        if self._file is None:
            time.sleep(self._service.interval)
            return
        self._lock(self._file)
        passed = self._clock().timestamp() - _time_in(os.pread(self._file, 40, 0))
        # A clock that was set back says nothing about the time of the last request.
        if abs(passed) < self._service.interval:
            time.sleep(self._service.interval - max(passed, 0.0))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, str(self._clock().timestamp()).encode(), 0)
            os.close(self._file)
            self._file = None

    def _lock(self, file: int) -> None:
        deadline = time.monotonic() + LOCK_TIMEOUT
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(file)
                    self._file = None
                    raise SourceError(
                        f"Another papertui is asking {self._service.name}: try again in a minute."
                    ) from None
                time.sleep(_LOOK_INTERVAL)
            except OSError:
                return  # a disk without locks
            else:
                return


def _time_in(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
