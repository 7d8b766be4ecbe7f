"""Completion in the shell: the script a shell loads, and the citekeys it is offered."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


MOST_OFFERED = 50
PATIENCE = 0.2

# A shell puts what is chosen on its command line as it is: nothing that it would run is offered.
_PLAIN = r"[\w.:+-]+(?:/[\w.:+-]+)*"


def citekeys(context: click.Context, _: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Offer the citekeys that begin so, their titles beside them; none where that fails."""
    import re
    import sqlite3
    from contextlib import closing

    from click.shell_completion import CompletionItem

    from papertui.config import database_path
    from papertui.core.text import safe_line

    named = context.find_root().params.get("db")
    try:
        path = Path(named).expanduser() if named else database_path()
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as database:
            found = database.execute(
                "select citekey, title from work where citekey >= ?1 and citekey < ?1 || ?2"
                " order by citekey limit ?3",
                (incomplete, chr(0x10FFFF), MOST_OFFERED),
            ).fetchall()
    except (OSError, RuntimeError, ValueError, sqlite3.Error):
        return []
    return [
        CompletionItem(citekey, help=safe_line(title))
        for citekey, title in found
        if re.fullmatch(_PLAIN, citekey)
    ]


@click.command(epilog='Example: eval "$(papertui completion zsh)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that lets a SHELL complete commands, options and citekeys."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    program = context.find_root()
    click.echo(made(program.command, {}, "papertui", "_PAPERTUI_COMPLETE").source())
