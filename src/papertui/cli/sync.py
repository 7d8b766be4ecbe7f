"""Commands that exchange the journal with the reader's other devices."""

import click

from papertui.cli.context import Settings, as_json, decoded, pass_settings, print_json
from papertui.core.text import quantity, safe_line
from papertui.errors import Refused


@click.group(
    invoke_without_command=True, epilog="Example: papertui sync init ssh://me@host/papers.git"
)
@as_json
@pass_settings
@click.pass_context
def sync_command(context: click.Context, settings: Settings, as_json: bool) -> None:
    """Sync with your other devices, through git or a shared folder.

    Without a command, send what is new here and take in what is new there.
    """
    if context.invoked_subcommand is not None:
        return
    from papertui.sync.group import sync_all

    with_notes = settings.config.sync.notes
    with settings.store() as store:
        outcome = sync_all(store, settings.now, with_notes)
    if as_json:
        print_json(outcome._asdict())
    for remark in outcome.remarks:
        click.echo(safe_line(remark), err=True)
    if outcome.failure:
        raise Refused(safe_line(outcome.failure))
    if not as_json:
        click.echo(f"{safe_line(outcome.words)}.", err=True)


@sync_command.command("init", epilog="Example: papertui sync init /media/stick/papers.git")
@click.argument("place")
@pass_settings
def init_command(settings: Settings, place: str) -> None:
    """Set up the sync with a PLACE, and sync.

    PLACE is the address of a git repository, a bare repository on this machine or a stick, or
    a folder that Syncthing, Dropbox or a network keeps in step.
    """
    from papertui.sync.sync import kept_if_right, set_up, sync

    with_notes = settings.config.sync.notes
    with settings.store() as store, kept_if_right(store.sync_state):
        kept = set_up(store, decoded(place))
        click.echo(f"Syncing with {safe_line(kept)}", err=True)
        outcome = sync(store, settings.now, with_notes, is_first=True)
    if outcome.failure:
        raise Refused(safe_line(outcome.failure))
    click.echo(f"{safe_line(outcome.words)}.", err=True)


@sync_command.command("status", epilog="Example: papertui sync status --json")
@as_json
@pass_settings
def status_command(settings: Settings, as_json: bool) -> None:
    """Print where you sync, what the last sync did, and what waits."""
    from papertui.sync.sync import status

    with settings.store() as store:
        found = status(store)
    if as_json:
        print_json(found._asdict())
        return
    if found.group:
        click.echo(f"group    {safe_line(found.group)}")
    if found.place is None:
        click.echo("No sync of devices is set up: papertui sync init PLACE does it.", err=True)
        return
    click.echo(f"place    {safe_line(found.place)}")
    click.echo(f"last     {safe_line(found.last)}")
    click.echo(f"waiting  {quantity(found.waiting, 'event')} to send")
    for remark in found.remarks:
        click.echo(f"note     {safe_line(remark)}")
