"""Child processes without a terminal, which run no code of the folder papertui was started in."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping, Sequence
from subprocess import DEVNULL

from papertui.system.daemon_threads import DaemonThreads

# Modules come from Python's own folders only, and programs not from the current one. This is
# isolated mode (-I), but for packages that were installed for this user.
PYTHON = (sys.executable, "-E", "-P", "-X", "utf8")
_FOLDER = "/"
_waiting = DaemonThreads()
# Python complains of a child that it forgets while that runs.
_left_behind: list[object] = []


def run(
    command: Sequence[str],
    env: Mapping[str, str],
    *,
    stdin: bytes | None = None,
    output: int = DEVNULL,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end. Raises OSError.

    Raises subprocess.TimeoutExpired after `timeout` seconds, when the program has been killed.
    """
    return subprocess.run(  # noqa: S603
        command,
        input=stdin, stdin=DEVNULL if stdin is None else None, stdout=output, stderr=output,
        cwd=_FOLDER, env=env, start_new_session=True, timeout=timeout, check=False,
    )  # fmt: skip


async def run_in_background(
    command: Sequence[str],
    env: Mapping[str, str],
    *,
    stdin: bytes | None = None,
    output: int = DEVNULL,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program as `run` does; if the caller gives up, it goes on and ends by itself."""
    ended = _waiting.submit(run, command, env, stdin=stdin, output=output, timeout=timeout)
    return await asyncio.wrap_future(ended)


def leave_behind(command: Sequence[str], env: Mapping[str, str]) -> None:
    """Start a program and let it end by itself. Raises OSError."""
    child = subprocess.Popen(  # noqa: S603
        command,
        stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
        cwd=_FOLDER, env=env, start_new_session=True,
    )  # fmt: skip
    _left_behind.append(child)
