"""The first screen, kept on the way out and shown at the next start before the app is loaded.

It is shown only if nothing that it was drawn from has changed since. A child draws it, by
the start of the app itself (`screen_painter`), so that leaving takes no longer.
"""

import json
import os
import signal
import sys
import termios
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from papertui import __version__
from papertui.config import cache_folder, config_path
from papertui.errors import PapertuiError
from papertui.system import clock

# The terminal's screen for programs, which leaves the reader's own as it is.
ENTER = "\x1b[?1049h"
_LEAVE = "\x1b[?1049l\x1b[?7h\x1b[?25h"
# No cursor, no wrapping, and all of it at once.
_BEGIN, _END = "\x1b[?25l\x1b[?7l\x1b[?2026h", "\x1b[?2026l"
_IFLAG, _LFLAG, _CC = 0, 3, 6
EXIT_TIMEOUT = 0.9  # seconds
# What colours and signs follow from, with the size where it is set.
_ENVIRONMENT = (
    "TERM", "COLORTERM", "NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "COLUMNS", "LINES", "TZ",
    "LANG", "LC_ALL", "LC_CTYPE", "LC_TIME", "LC_MESSAGES", "PYTHONUTF8", "PYTHONIOENCODING",
)  # fmt: skip

Size = tuple[int, int]


class TakenTerminal(NamedTuple):
    """A terminal that shows the kept screen, and its attributes before."""

    attributes: list[Any]


def screen_key(database: Path, size: Size) -> str | None:
    """Return what the first screen follows from but for the time, as JSON.

    None if the database is not there.
    """
    try:
        # Text that was typed while the database was locked lies in a file beside it.
        beside = database.parent.glob(f"{database.name}*")
        files = [(path.name, *_stamp(path)) for path in (*sorted(beside), config_path())]
    except (OSError, PapertuiError):
        return None
    environment = sorted(
        (name, value) for name, value in os.environ.items() if name in _ENVIRONMENT
    )
    parts = [__version__, sys.prefix, str(database), size, files, environment]
    return json.dumps(parts) if database.exists() else None


def keep(database: Path, key: str, frame: str, now: datetime, day_start: time) -> None:
    """Keep a frame for as long as its day lasts. Raises Refused if it cannot be written."""
    # `system.files` is not needed at a start.
    from papertui.system import files

    midnight = datetime.combine(now.date() + timedelta(days=1), time())
    start = datetime.combine(now.date(), day_start)
    local = now.replace(tzinfo=None)
    until = start if local < start else midnight
    path = _path(database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    head = [key, local.isoformat(), until.isoformat(), zlib.crc32(frame.encode())]
    # The frame steers the terminal: it is written as bytes, as it is.
    files.write(path, f"{json.dumps(head)}\n{frame}".encode(), force=True)


def kept_frame(database: Path, size: Size, now: datetime) -> str | None:
    """Return the frame that the app is going to draw first, None if it may be another."""
    try:
        head, frame = _path(database).read_text(encoding="utf-8").split("\n", 1)
        key, since, until, checksum = json.loads(head)
    except (OSError, PapertuiError, ValueError):
        return None
    if zlib.crc32(frame.encode()) != checksum or key != screen_key(database, size):
        return None
    return frame if since <= now.replace(tzinfo=None).isoformat() < until else None


@contextmanager
def shown(database: Path) -> Iterator[TakenTerminal | None]:
    """Show the kept screen, if there is one that holds, until the app takes the terminal.

    Keys that are typed meanwhile wait unseen for the app. In the end the terminal is as it was.
    """
    frame = None
    if not _is_unwanted():
        frame = kept_frame(database, os.get_terminal_size(), clock.now())
    if frame is None:
        yield None
        return
    before = termios.tcgetattr(sys.stdin)
    leave = partial(_leave, before)
    handlers = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    taken = TakenTerminal(before)
    try:
        _take_keys(before)
        os.write(2, f"{ENTER}{_BEGIN}{frame}{_END}".encode())
        yield taken
    except BaseException:
        _show_what_was_there()
        raise
    finally:
        _give_back(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def keep_next(database: Path) -> None:
    """Have a child draw the first screen of the next start, unless it is kept already."""
    size = os.get_terminal_size()
    if _is_unwanted():
        with suppress(OSError, PapertuiError):
            _path(database).unlink()
    elif screen_key(database, size) and kept_frame(database, size, clock.now()) is None:
        from papertui.system.own_commands import leave_module_behind

        with suppress(OSError):
            leave_module_behind("papertui.tui.screen_painter", str(database), *map(str, size))


def _is_unwanted() -> bool:
    """Return True if the reader wants no text kept outside the database."""
    return os.environ.get("PAPERTUI_KEEP_SCREEN") == "off"


def _path(database: Path) -> Path:
    # Two databases of one checksum only take turns; a hash would load a library of 4 MB.
    name = f"{zlib.crc32(os.fsencode(os.path.realpath(database))):08x}"
    return cache_folder() / "screens" / name


def _stamp(path: Path) -> list[int]:
    """Return what changes when a file is written, nothing if it is not there."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def _take_keys(before: list[Any]) -> None:
    """Let the terminal hand over keys as they are typed, without showing them, as the app does."""
    raw = [*before[:_CC], list(before[_CC])]
    raw[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    raw[_IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[_CC][termios.VMIN] = 1
    termios.tcsetattr(sys.stdin, termios.TCSANOW, raw)


def _give_back(before: list[Any]) -> None:
    # After a hang-up there is no terminal.
    with suppress(termios.error):
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def _show_what_was_there() -> None:
    with suppress(OSError):
        os.write(2, _LEAVE.encode())


def _leave(before: list[Any], number: int, _frame: FrameType | None) -> NoReturn:
    """Leave the app; if something on the way takes long, or the way up, end it all the same."""

    def end(*_: object) -> None:
        _show_what_was_there()
        _give_back(before)
        os._exit(128 + number)

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, EXIT_TIMEOUT)
    raise SystemExit(128 + number)
