"""The log of unexpected errors: the details go there, the reader gets one line."""

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

MAX_BYTES = 200_000
_MAX_DETAILS = 20_000
_MAX_WIDTH = 160


def report(error: BaseException, kept: bool = True) -> str:
    """Log the details of an error and return the line for the reader.

    `kept` is False if the text being typed could not be saved. Never raises.
    """
    name = shorten(safe_line(f"{type(error).__name__}: {error}").rstrip(":. "), _MAX_WIDTH)
    safety = "Nothing was lost." if kept else "The text typed last could not be saved."
    where = "The details could not be written to the log."
    with suppress(Exception):
        path = log_path()
        _append(path, _entry(error))
        where = f"The details are in {path}"
    return f"Something broke that should not: {name}. {safety} {where}"


def _entry(error: BaseException) -> str:
    head = (
        f"{now():%Y-%m-%d %H:%M:%S%z} papertui {__version__},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {platform.platform()}"
    )
    # Without local variables, so that the reader's texts stay out of the log.
    details = terminal_safe("".join(traceback.format_exception(error)))
    if len(details) > _MAX_DETAILS:
        half = _MAX_DETAILS // 2
        details = f"{details[:half]}\n…\n{details[-half:]}"
    return f"{head}\n{details}\n"


def _append(path: Path, entry: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "ab") as file:
        content = entry.encode("utf-8", "replace")
        if file.tell() + len(content) > MAX_BYTES:
            file.truncate(0)
        file.write(content)
