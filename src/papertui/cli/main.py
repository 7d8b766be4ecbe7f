"""The command line: the register of the commands, and the app if none is given."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit, NoSuchCommand

from papertui import __version__
from papertui.core.shell_commands import COMMANDS
from papertui.errors import PapertuiError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Commands(click.Group):
    """Imports the module of a command only to run it or to print its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, which its module holds as NAME_command; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"papertui.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; the error for an unknown name suggests the nearest ones."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as unknown:
            raise NoSuchCommand(unknown.command_name, None, COMMANDS, ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that a value in the database causes is damage of that."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            from papertui.cli.arguments import with_quotes
            from papertui.system import clock

            raise with_quotes(error, clock.now().date()) from None
        except (PapertuiError, OSError, click.ClickException, click.Abort, Exit):
            raise
        except Exception as error:
            from papertui.config import database_path
            from papertui.storage.database import stored_values

            with stored_values(ctx.params["db"] or database_path()):
                raise error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of the commands from the register."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Offer the commands of the register, and the options."""
        from click.shell_completion import CompletionItem

        return [
            CompletionItem(name, help=line)
            for name, (_, line) in COMMANDS.items()
            if name.startswith(incomplete)
        ] + click.Command.shell_complete(self, ctx, incomplete)


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

    A WORK is named by its citekey, its arXiv id or address, a part of its title, or words of
    its title and authors.
    """
    if demo and (db or context.invoked_subcommand):
        raise click.UsageError("--demo takes no command and no --db: it has its own database.")
    if db:
        os.environ["PAPERTUI_DB"] = str(db)
    if context.invoked_subcommand is None:
        # The app costs 75 ms, which no command pays.
        from papertui.cli.start import start, start_demo

        sys.exit(start_demo() if demo else start())
