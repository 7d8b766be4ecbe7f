"""The command `next`, alone in its file because it must be quick."""

from typing import TYPE_CHECKING

import click

from papertui.cli.context import Settings, as_json, print_json

if TYPE_CHECKING:
    pass


@click.command("next", epilog="Example: papertui next --json")
@as_json
@click.pass_obj
def next_(settings: Settings, as_json: bool) -> None:
    """Print what to read next, and why."""
    from papertui.core.text import safe_line
    from papertui.errors import Refused
    from papertui.storage.up_next import UpNextQueries

    with settings.asked() as database:
        found = UpNextQueries(database).next(settings.today)
    if found is None:
        raise Refused("Nothing is left to read: every work is read, parked or dropped.")
    if as_json:
        print_json({"work": found.work, "title": found.title, "reason": found.reason})
    else:
        click.echo(f"{safe_line(found.title)}  [{found.work}]\n{safe_line(found.reason)}")
