"""Starting the app, from the shell or from a command."""

import os
from pathlib import Path

from papertui.errors import PapertuiError


class NoTerminal(PapertuiError):
    """The app was asked for where no terminal is; the message says what to do."""


def start(database: Path | None = None) -> int:
    """Run the app on a database, the usual one where none is named; return its exit code.

    Raises NoTerminal, and ConfigError for settings that cannot be used.
    """
    # The app draws on stderr, so all three must be the terminal.
    if not all(map(os.isatty, (0, 1, 2))) or os.environ.get("TERM") == "dumb":
        raise NoTerminal(
            "the app needs a terminal; in a script use a command, see papertui --help."
        )
    from papertui.config import config_path, database_path, load
    from papertui.tui.launch import run

    return run(database or database_path(), load(config_path()))


def start_demo() -> int:
    """Run the app on a made-up year of reading, which is thrown away afterwards."""
    from tempfile import TemporaryDirectory

    from papertui.config import config_path, load
    from papertui.demo import fill
    from papertui.storage.store import Store
    from papertui.system.clock import now

    with TemporaryDirectory(prefix="papertui-") as folder:
        database = Path(folder) / "demo.db"
        with Store(database) as store:
            fill(store, load(config_path()).today(now()))
        return start(database)
