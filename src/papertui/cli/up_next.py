"""The command `next`, in a file of its own so that it loads nothing else."""

import click

from papertui.cli.context import Settings, as_json, pass_settings, print_json
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.storage.database import Database
from papertui.storage.up_next import UpNextQueries


@click.command(epilog="Example: papertui next --json")
@as_json
@pass_settings
def next_command(settings: Settings, as_json: bool) -> None:
    """Print what to read next, and why."""
    with settings.current_database() as database:
        proposal = UpNextQueries(database).next(settings.today)
        name = _printed_name(database, proposal.work) if proposal else ""
    if proposal is None:
        raise Refused("Nothing is left to read: every work is read, parked or dropped.")
    if as_json:
        times = proposal.times
        print_json(
            {
                "work": proposal.work,
                "title": proposal.title,
                "reason": proposal.reason,
                "pass": proposal.depth,
                "minutes": times and times.minutes[proposal.depth - 1],
                "pass_minutes": times and list(times.minutes),
            }
        )
    else:
        title = safe_line(proposal.title)
        click.echo(f"{title}  [{name}]\n{safe_line(proposal.why)}")


def _printed_name(database: Database, citekey: str) -> str:
    # Most libraries came without BibTeX entries and load nothing for them.
    if not database.row("select 1 from bib_entry limit 1"):
        return citekey
    from papertui.storage.bib_entries import BibEntries

    return BibEntries(database).name(citekey)
