"""Commands that keep copies and bring them back."""

from pathlib import Path

import click

from papertui.commands.common import Settings


@click.command(epilog="Example: papertui backup --out /media/stick/papertui.db")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it into a new file."
)
@click.pass_obj
def backup(settings: Settings, out: Path | None) -> None:
    """Make a copy of the database, whether or not papertui runs.

    Without --out it goes to the backups beside the database, of which the latest
    seven days, four weeks and twelve months are kept.
    """
    from papertui.storage.backups import Backups, copy

    # Opening it says in words what is wrong with it, and ends what a crash left half done.
    with settings.store() as store:
        path = store.path
    if out:
        copy(path, out)
    else:
        out = Backups(path).take(settings.now).path
    click.echo(f"Copied to {out}", err=True)


@click.command(epilog="Example: papertui restore latest")
@click.argument("copy", required=False)
@click.option("--salvage", is_flag=True, help="Use all that a damaged database and a copy hold.")
@click.pass_obj
def restore(settings: Settings, copy: str | None, salvage: bool) -> None:
    """Bring back a COPY of the database: a file, or latest; alone, print the copies.

    What was there is kept beside it under a name that is said.
    """
    from papertui.storage.backups import Backups

    if salvage:
        if copy:
            raise click.UsageError("--salvage finds the copy by itself; name none.")
        _mend(settings)
        return
    backups = Backups(settings.database).all()
    if copy is None:
        for found in backups:
            size = found.path.stat().st_size / 1_000_000
            click.echo(f"{found.taken:%Y-%m-%d %H:%M}  {size:6.1f} MB  {found.path}")
        if not backups:
            click.echo("There are no copies yet; papertui backup makes one.", err=True)
        return
    _restore(settings, copy, [found.path for found in backups])


def _restore(settings: Settings, named: str, backups: list[Path]) -> None:
    from papertui.errors import Refused
    from papertui.storage.restore import restore

    if named != "latest":
        source = Path(named)
    elif backups:
        source = backups[0]
    else:
        raise Refused(f"There are no copies of {settings.database} yet; name a file.")
    kept = restore(settings.database, source, settings.now)
    click.echo(f"Restored {source}", err=True)
    _say_kept(kept)


def _mend(settings: Settings) -> None:
    from papertui.errors import Refused
    from papertui.storage.restore import is_damaged, mend, readable

    database = settings.database
    if not is_damaged(database):
        raise Refused(f"{database} is not damaged; there is nothing to save from it.")
    made = mend(database, readable(database), settings.now)
    click.echo(f"Mended: {made.words}.", err=True)
    _say_kept(made.kept)


def _say_kept(kept: Path | None) -> None:
    if kept:
        click.echo(f"What was there is kept as {kept}", err=True)
