"""What nobody was prepared for: the details go into a log, one line to the reader."""

import os
import platform
import sqlite3
import traceback
from contextlib import suppress
from pathlib import Path

from papertui import __version__
from papertui.config import log_path
from papertui.core.text import safe_line, shorten, terminal_safe
from papertui.system.clock import now

LARGEST = 200_000
_MOST_OF_ONE = 20_000
_WIDEST = 160


def report(error: BaseException, kept: bool = True) -> str:
    """Write the details of an error down and return the line that tells the reader.

    `kept` says whether what was being typed could be kept. Never raises.
    """
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    what = shorten(safe_line(what), _WIDEST)
    safety = "Nothing was lost." if kept else "What was typed last could not be kept."
    where = "The details could not be written down."
    with suppress(Exception):
        path = log_path()
        _append(path, _entry(error))
        where = f"The details are in {path}"
    return f"Something broke that should not: {what}. {safety} {where}"


def _entry(error: BaseException) -> str:
    head = (
        f"{now():%Y-%m-%d %H:%M:%S%z} papertui {__version__},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {platform.platform()}"
    )
    # Without local variables: what the reader wrote stays out of it.
    details = terminal_safe("".join(traceback.format_exception(error)))
    if len(details) > _MOST_OF_ONE:
        half = _MOST_OF_ONE // 2
        details = f"{details[:half]}\n…\n{details[-half:]}"
    return f"{head}\n{details}\n"


def _append(path: Path, entry: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "ab") as file:
        content = entry.encode("utf-8", "replace")
        if file.tell() + len(content) > LARGEST:
            file.truncate(0)
        file.write(content)
