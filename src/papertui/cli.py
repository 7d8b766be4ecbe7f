"""The command line: what stands before the commands, and the app when none is given."""

import os
import sys
from pathlib import Path

import click

from papertui import __version__
from papertui.commands import acting, asking, importing, mending
from papertui.commands.common import Settings


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
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
    from papertui import config

    if db and not db.parent.is_dir():
        raise click.UsageError(f"there is no folder {db.parent}; make it first.")
    context.obj = Settings(db or config.database_path(), config.load(config.config_path()))
    if demo:
        if db or context.invoked_subcommand:
            raise click.UsageError("--demo goes alone: it has a database of its own.")
        _start_demo(context.obj)
    if context.invoked_subcommand is None:
        _start(context.obj)


def _start_demo(settings: Settings) -> None:
    from tempfile import TemporaryDirectory

    from papertui.demo import fill
    from papertui.store import Store

    with TemporaryDirectory(prefix="papertui-") as folder:
        database = Path(folder) / "demo.db"
        with Store(database) as store:
            fill(store, settings.config.today())
        _start(Settings(database, settings.config))


def _start(settings: Settings) -> None:
    # The app draws on stderr, so all three must be the terminal.
    if not all(map(os.isatty, (0, 1, 2))) or os.environ.get("TERM") == "dumb":
        raise click.UsageError(
            "the app needs a terminal; in a script use a command, see papertui --help."
        )
    from papertui.tui.app import run

    sys.exit(run(settings.database, settings.config))


for command in (
    asking.next_,
    asking.list_,
    asking.find,
    asking.show,
    acting.log,
    acting.note,
    acting.undo,
    acting.redo,
    importing.import_,
    importing.merge,
    asking.stats,
    asking.review,
    mending.doctor,
    asking.paths,
):
    papertui.add_command(command)
