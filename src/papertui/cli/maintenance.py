"""Commands that keep copies and bring them back."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertui.cli.context import (
    Settings,
    as_json,
    print_json,
)

if TYPE_CHECKING:
    pass


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


@click.command(epilog="Example: papertui doctor --json")
@click.option("--catalog", "check_catalog", is_flag=True, help="Check the catalogue, or FILE.")
@click.option("--rebuild", is_flag=True, help="Derive all tables from the journal again.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@as_json
@click.pass_obj
def doctor(
    settings: Settings, check_catalog: bool, rebuild: bool, file: Path | None, as_json: bool
) -> None:
    """Check the database, its backups, the terminal and the desktop, and say what to do.

    With --catalog, check a catalogue's relations, links, prose and grades instead.
    """
    if file and not check_catalog:
        raise click.UsageError("a FILE goes with --catalog.")
    if rebuild:
        with settings.store() as store:
            click.echo(f"Derived again from {store.rebuild()} events.", err=True)
    if check_catalog:
        _check_catalog(file)
    if not (rebuild or check_catalog):
        _check_up(settings, as_json)


def _check_up(settings: Settings, as_json: bool) -> None:
    from papertui.core.text import quantity, safe_line
    from papertui.doctor import WRONG, examine
    from papertui.errors import Refused

    findings = examine(settings.database, settings.now)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in () if as_json else findings:
        click.echo(f"{finding.state:<6} {finding.about:<10} {safe_line(finding.says)}")
        if finding.do:
            click.echo(f"{'':<17} → {safe_line(finding.do)}")
    if wrong := sum(finding.state == WRONG for finding in findings):
        raise Refused(f"{quantity(wrong, 'thing is', 'things are')} wrong; see what to do above.")


def _check_catalog(file: Path | None) -> None:
    from papertui.core import catalog
    from papertui.core.catalog_check import review
    from papertui.errors import Refused
    from papertui.storage.store import CATALOG

    path = file or CATALOG
    try:
        data = catalog.decode(path.read_bytes(), path.name)
    except OSError as error:
        raise Refused(f"Cannot read {path}: {error.strerror}.") from error
    faults = list(catalog.check(data)) or list(review(data))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise Refused(f"{path.name} has {len(faults)} faults.")
    click.echo(f"{path.name}: {len(data['works'])} works, nothing to mend.", err=True)


@click.command(epilog="Example: papertui paths")
@as_json
@click.pass_obj
def paths(settings: Settings, as_json: bool) -> None:
    """Print where papertui's files lie."""
    from papertui.config import backups_folder, config_path, log_path

    found = {
        "database": str(settings.database),
        "backups": str(backups_folder(settings.database)),
        "config": str(config_path()),
        "log": str(log_path()),
    }
    if as_json:
        print_json(found)
        return
    for name, path in found.items():
        click.echo(f"{name:<10}{path}")
