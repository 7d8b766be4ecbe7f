"""papertui's own commands, run in the background for the app, which no key has to wait for.

A child does the work, so that the app can be left meanwhile: the child goes on and ends by
itself. It runs no code of the folder that papertui was started in.
"""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

_FOLDER = "/"
_PYTHON = (sys.executable, "-E", "-P", "-X", "utf8", "-m")
# Python complains of a child that it forgets while that runs.
_left_behind: list[object] = []


def printed_by(module: str) -> str:
    """Return what a module of papertui prints when it is run."""
    child = subprocess.run(  # noqa: S603
        [*_PYTHON, module],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=_FOLDER, env=_environment(), check=False,
    )  # fmt: skip
    return child.stdout.decode("utf-8", "replace")


def _command(database: Path, *arguments: str) -> list[str]:
    return [*_PYTHON, "papertui", "--db", str(database), *arguments]


async def run(database: Path, *arguments: str) -> tuple[str, str]:
    """Run a command on a database and return what it printed as data, and what else it said."""
    child = await asyncio.create_subprocess_exec(
        *_command(database, *arguments),
        stdin=DEVNULL, stdout=PIPE, stderr=PIPE, cwd=_FOLDER, start_new_session=True,
        env=_environment(),
    )  # fmt: skip
    try:
        data, remarks = await child.communicate()
    except asyncio.CancelledError:
        _left_behind.append(child)
        raise
    return data.decode("utf-8", "replace"), remarks.decode("utf-8", "replace")


def leave_behind(database: Path, *arguments: str) -> None:
    """Start a command on a database and let it end by itself. Raises OSError."""
    _leave(_command(database, *arguments))


def leave_module_behind(module: str, *arguments: str) -> None:
    """Run a module of papertui's as a program and let it end by itself. Raises OSError."""
    _leave([*_PYTHON, module, *arguments])


def _leave(command: list[str]) -> None:
    child = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=_FOLDER, start_new_session=True, env=_environment(),
    )  # fmt: skip
    _left_behind.append(child)


def _environment() -> dict[str, str]:
    """Return the environment with paths that do not depend on the current folder."""
    paths = {
        name: str(Path(value).absolute())
        for name, value in os.environ.items()
        if name in ("PAPERTUI_CONFIG", "PAPERTUI_CACHE") and value
    }
    return {**os.environ, **paths}
