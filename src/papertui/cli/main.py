"""The command line: the register of the commands, and the app if none is given."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from papertui import __version__
from papertui.errors import PapertuiError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# The module of each command, which holds it as NAME_command, and the first line of its help.
COMMANDS = {
    "next": ("up_next", "Print what to read next, and why."),
    "list": ("library", "Print the lists with their sections and works."),
    "find": ("library", "Find works by title, author, id, summary or note."),
    "show": ("library", "Print all that is known of a WORK, its passes and notes."),
    "open": ("library", "Open a WORK in the browser."),
    "new": ("new_papers", "Print the new papers of the categories that you follow."),
    "log": ("reading", "Log a pass of a WORK."),
    "session": ("session", "Read with a timer: start, pause, log; or print what is under way."),
    "note": ("reading", "Save a note on a WORK, or print its notes."),
    "queue": ("queue", "Put works at the end of the queue, or print it."),
    "park": ("queue", "Park a WORK until a day, or print what is parked."),
    "drop": ("queue", "Drop a WORK that you will not read, or print what is dropped."),
    "explain": ("reading", "Print a WORK's explanation to send, and mark it as explained."),
    "tag": ("tags", "Tag a WORK with words of your own, or print the tags."),
    "star": ("tags", "Star a WORK, or take its star away."),
    "undo": ("reading", "Undo the latest act: a pass, a note, anything."),
    "redo": ("reading", "Redo the act that was undone last."),
    "add": ("works", "Add works by arXiv id, DOI, ISBN, address or title."),
    "edit": ("works", "Edit fields of a WORK of your own."),
    "import": ("import_export", "Import a reading list, or the journal of another papertui."),
    "move": ("own_lists", "Move a WORK to a SECTION of a list of your own."),
    "remove": ("own_lists", "Remove a WORK from a list of your own."),
    "section": ("own_lists", "Add, rename or remove a list or a section of your own."),
    "merge": ("works", "Merge a WORK INTO another one that is the same."),
    "stats": ("reading", "Print the week, the streak, the year and the lists' progress."),
    "goal": ("reading", "Set a goal from this week on, or print the goals."),
    "recall": ("recall", "Recall what you read: questions, answers, when they come back."),
    "rest": ("reading", "Make the week of a DATE a rest week, or print the rest weeks."),
    "review": ("reading", "Print a week's or a month's reading as Markdown."),
    "year": ("reading", "Print a year of reading, or draw it as a picture or a page."),
    "export": ("import_export", "Export works and notes, or the whole journal."),
    "sync": ("sync", "Sync with your other devices, through git or a shared folder."),
    "group": ("group", "Read together: who read what, who explains what, lists on offer."),
    "backup": ("maintenance", "Copy the database, even while papertui runs."),
    "restore": ("maintenance", "Restore the database from a COPY, or print the copies."),
    "doctor": ("maintenance", "Check the database, its backups, the terminal and the desktop."),
    "paths": ("maintenance", "Print where papertui keeps its files."),
    "config": ("settings", "Print the settings that hold, as the config file would give them."),
    "guide": ("guide", "Print how a script or an assistant reads and logs with papertui."),
    "completion": ("completion", "Print the script for completion in a SHELL."),
}


class Commands(click.Group):
    """Imports the module of a command only to run it or to print its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"papertui.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that a value in the database causes is damage of that."""
        try:
            return super().invoke(ctx)
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

    A WORK is named by its citekey, its arXiv id or address, or a part of its title.
    """
    if demo and (db or context.invoked_subcommand):
        raise click.UsageError("--demo takes no command and no --db: it has its own database.")
    if db:
        os.environ["PAPERTUI_DB"] = str(db)
    if context.invoked_subcommand is None:
        # The app costs 75 ms, which no command pays.
        from papertui.cli.start import start, start_demo

        sys.exit(start_demo() if demo else start())
