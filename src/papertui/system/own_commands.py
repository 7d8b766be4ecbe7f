"""papertui's own commands, run in the background for the app, which no key has to wait for.

A child does the work, so that the app can be left meanwhile: the child goes on and ends by
itself. It runs no code of the folder that papertui was started in.
"""

import json
import os
from pathlib import Path
from subprocess import PIPE

from papertui.config import Config, ConfigFault
from papertui.system import child_process

_PYTHON = (*child_process.PYTHON, "-m")


def checked_by_app(config: Config) -> tuple[Config, list[ConfigFault]]:
    """Return a config without the keys and the theme that the app cannot use, and their faults."""
    command = [*_PYTHON, "papertui.tui.config_check"]
    printed = child_process.run(command, _environment(), output=PIPE).stdout
    faults = [ConfigFault(*json.loads(line)) for line in printed.splitlines()]
    failing = {fault.name for fault in faults}
    keys = {name: key for name, key in config.keys.items() if f"keys.{name}" not in failing}
    theme = None if "theme" in failing else config.theme
    return config._replace(keys=keys, theme=theme), faults


def _command(database: Path, *arguments: str) -> list[str]:
    return [*_PYTHON, "papertui", "--db", str(database), *arguments]


async def run(database: Path, *arguments: str) -> tuple[str, str]:
    """Run a command on a database and return what it printed as data, and what else it said."""
    child = await child_process.run_in_background(
        _command(database, *arguments), _environment(), output=PIPE
    )
    return child.stdout.decode("utf-8", "replace"), child.stderr.decode("utf-8", "replace")


def leave_behind(database: Path, *arguments: str) -> None:
    """Start a command on a database and let it end by itself. Raises OSError."""
    child_process.leave_behind(_command(database, *arguments), _environment())


def leave_module_behind(module: str, *arguments: str) -> None:
    """Run a module of papertui's as a program and let it end by itself. Raises OSError."""
    child_process.leave_behind([*_PYTHON, module, *arguments], _environment())


def _environment() -> dict[str, str]:
    """Return the environment with paths that do not depend on the current folder."""
    paths = {
        name: str(Path(value).absolute())
        for name, value in os.environ.items()
        if name in ("PAPERTUI_CONFIG", "PAPERTUI_CACHE") and value
    }
    return {**os.environ, **paths}
