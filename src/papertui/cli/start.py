"""The start of the app, on the reader's database or on a made-up year of reading."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from papertui.config import config_path, database_path
from papertui.errors import PapertuiError
from papertui.tui import kept_screen


class NoTerminal(PapertuiError):
    """The app was started without a terminal."""

    exit_code = 2


def start(database: Path | None = None) -> int:
    """Run the app on a database, by default the reader's, and return its exit code.

    Raises NoTerminal, and ConfigError for a config that is not TOML.
    """
    _check_terminal()
    database = database or database_path()
    with kept_screen.shown(database) as taken:
        # What the kept screen does without.
        from papertui.tui.launch import run

        code = run(database, taken)
    if code == 0:
        kept_screen.keep_next(database)
    return code


def start_demo() -> int:
    """Run the app on a made-up year of reading that is deleted afterwards."""
    # The app itself does without it.
    from papertui.config import load_usable
    from papertui.demo import fill
    from papertui.storage.store import Store
    from papertui.system import clock
    from papertui.tui.launch import run

    _check_terminal()
    # A thread that is left behind may still write there.
    with TemporaryDirectory(prefix="papertui-", ignore_cleanup_errors=True) as folder:
        database = Path(folder) / "demo.db"
        with Store(database) as store:
            fill(store, load_usable(config_path())[0].today(clock.now()))
        return run(database)


def command_names() -> dict[str, str]:
    """Return the names of the app's commands, as the config file has them, with what they do."""
    # Only this needs every screen.
    from papertui.tui.keymap import all_commands

    return {
        str(binding.id): binding.tooltip or binding.description for binding, _ in all_commands()
    }


def _check_terminal() -> None:
    # The app draws on stderr, so all three must be the terminal.
    if not all(map(os.isatty, (0, 1, 2))) or os.environ.get("TERM") == "dumb":
        raise NoTerminal(
            "the app needs a terminal; in a script use a command, see papertui --help."
        )
