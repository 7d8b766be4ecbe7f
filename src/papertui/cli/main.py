"""The command line: what stands before the commands, and the app when none is given."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from papertui import __version__
from papertui.cli.context import Settings
from papertui.cli.start import NoTerminal, start, start_demo

COMMANDS = {
    "next": "next_up:next_",
    "list": "library:list_",
    "find": "library:find",
    "show": "library:show",
    "open": "library:open_",
    "log": "reading:log",
    "note": "reading:note",
    "undo": "reading:undo",
    "redo": "reading:redo",
    "add": "works:add",
    "import": "import_export:import_",
    "merge": "works:merge",
    "stats": "reading:stats",
    "review": "reading:review",
    "export": "import_export:export",
    "backup": "maintenance:backup",
    "restore": "maintenance:restore",
    "doctor": "maintenance:doctor",
    "paths": "maintenance:paths",
    "completion": "completion:completion",
}


class Commands(click.Group):
    """Imports a command when it is asked for, so that none pays for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None for a name that none has."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"papertui.cli.{module}"), name)
        return command


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="papertui", message="%(prog)s %(version)s")
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Use this database file instead of the usual one.",
)
@click.option("--demo", is_flag=True, help="Open the app on a made-up year of reading.")
@click.pass_context
def papertui(context: click.Context, db: Path | None, demo: bool) -> None:
    """Track your reading of papers. Without a command, the app starts.

    A WORK is named by its citekey, its arXiv id or address, or a part of its title.
    """
    if db and not db.parent.is_dir():
        raise click.UsageError(f"there is no folder {db.parent}; make it first.")
    context.obj = Settings(db)
    if demo:
        if db or context.invoked_subcommand:
            raise click.UsageError("--demo goes alone: it has a database of its own.")
        _start(start_demo)
    if context.invoked_subcommand is None:
        _start(lambda: start(db))


def _start(app: Callable[[], int]) -> NoReturn:
    try:
        sys.exit(app())
    except NoTerminal as error:
        raise click.UsageError(str(error)) from None
