"""Completion in the shell: the script for a shell, and the citekeys and tags that it offers."""

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

MAX_OFFERED = 50
BUSY_TIMEOUT = 0.2

# A shell puts a citekey on its command line as it is: none that it would run is offered.
_PLAIN = re.compile(r"[\w.:+-]+(?:/[\w.:+-]+)*")


# Only a completion needs the database, not the script that a shell runs as it starts: 20 ms.
_CITEKEYS = """select citekey, title from (select citekey, title from work union
    select bib_entry.citekey, title from bib_entry join work on work.citekey =
    coalesce((select target from merged where merged.work = bib_entry.work), bib_entry.work))
    where citekey >= ?1 and citekey < ?1 || ?2
    and typeof(citekey) = 'text' and typeof(title) = 'text' order by citekey limit ?3"""
_TAGS = """select tag, count(*) || iif(count(*) = 1, ' work', ' works') from tag
    where tag >= ?1 and tag < ?1 || ?2 and typeof(tag) = 'text'
    group by tag order by folded limit ?3"""


def citekeys(context: click.Context, _: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Offer the citekeys that begin with `incomplete`, with their titles; none if that fails."""
    return _offered(context, _CITEKEYS, incomplete)


def tags(context: click.Context, _: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Offer the tags that begin with `incomplete`, with the numbers of their works."""
    return _offered(context, _TAGS, incomplete)


def _offered(context: click.Context, sql: str, incomplete: str) -> "list[CompletionItem]":
    import sqlite3

    from click.shell_completion import CompletionItem

    from papertui.config import database_path
    from papertui.core.text import safe_line

    db = context.find_root().params.get("db")
    try:
        path = Path(db).expanduser() if db else database_path()
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT)) as database:
            rows = database.execute(sql, (incomplete, chr(0x10FFFF), MAX_OFFERED)).fetchall()
    except (OSError, RuntimeError, ValueError, sqlite3.Error):
        return []
    return [
        CompletionItem(name, help=safe_line(about))
        for name, about in rows
        if _PLAIN.fullmatch(name)
    ]


@click.command(epilog='Example: eval "$(papertui completion zsh)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print the script for completion in a SHELL.

    It completes commands, options, citekeys and tags.
    """
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    program = context.find_root().command
    click.echo(completion(program, {}, "papertui", "_PAPERTUI_COMPLETE").source())
