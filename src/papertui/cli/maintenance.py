"""Commands that look after the database: backups, restores, checks, where the files are."""

from dataclasses import asdict
from pathlib import Path

import click

from papertui.cli.context import Settings, as_json, pass_settings, print_json
from papertui.config import backups_folder, cache_folder, config_path, log_path
from papertui.core import catalog
from papertui.core.labels import full_time
from papertui.core.text import quantity, safe_line
from papertui.errors import Refused
from papertui.storage.backups import Backups, copy
from papertui.storage.restore import is_damaged, mend, readable, restore
from papertui.storage.shipped import CATALOG


@click.command(epilog="Example: papertui backup --out /media/stick/papertui.db")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a new file."
)
@pass_settings
def backup_command(settings: Settings, out: Path | None) -> None:
    """Copy the database, even while papertui runs.

    Without --out, the copy goes to the backups beside the database. The latest
    seven days, four weeks and twelve months of them are kept.
    """
    # Opening the store reports what is wrong with it, and finishes what a crash interrupted.
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
@pass_settings
def restore_command(settings: Settings, copy: str | None, salvage: bool) -> None:
    """Restore the database from a COPY, or print the copies.

    COPY is a file, or latest. The present database is kept beside it; its new
    name is printed.
    """
    database = settings.database
    if salvage:
        if copy:
            raise click.UsageError("--salvage finds the copy by itself; name none.")
        if not is_damaged(database):
            raise Refused(f"{database} is not damaged; there is nothing to save from it.")
        mended = mend(database, readable(database), settings.now)
        kept = mended.kept
        click.echo(f"Mended: {mended.words}.", err=True)
    elif copy is None:
        _print_copies(database)
        return
    else:
        latest = Backups(database).latest() if copy == "latest" else None
        if copy == "latest" and latest is None:
            raise Refused(f"There are no copies of {database} yet; name a file.")
        source = latest.path if latest else Path(copy)
        kept = restore(database, source, settings.now)
        click.echo(f"Restored {source}", err=True)
    if kept:
        click.echo(f"The database from before is kept as {kept}", err=True)


def _print_copies(database: Path) -> None:
    backups = Backups(database).all()
    for backup in backups:
        size = backup.path.stat().st_size / 1_000_000
        click.echo(f"{full_time(backup.taken):>22}  {size:6.1f} MB  {backup.path}")
    if not backups:
        click.echo("There are no copies yet; papertui backup makes one.", err=True)


@click.command(epilog="Example: papertui doctor --json")
@click.option("--catalog", "check_catalog", is_flag=True, help="Check the catalogue, or FILE.")
@click.option("--rebuild", is_flag=True, help="Derive all tables from the journal again.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@as_json
@pass_settings
def doctor_command(
    settings: Settings, check_catalog: bool, rebuild: bool, file: Path | None, as_json: bool
) -> None:
    """Check the database, its backups, the terminal and the desktop.

    Print what is wrong and what to do. With --catalog, check the relations,
    links, prose and grades of a catalogue instead.
    """
    if file and not check_catalog:
        raise click.UsageError("a FILE goes with --catalog.")
    if rebuild:
        with settings.store() as store:
            click.echo(f"Derived again from {quantity(store.rebuild(), 'event')}.", err=True)
    if check_catalog:
        _check_catalog(file or CATALOG)
    if not (rebuild or check_catalog):
        _examine(settings, as_json)


def _examine(settings: Settings, as_json: bool) -> None:
    # The doctor needs asyncio, 55 ms that the other commands of this file do without.
    from papertui.doctor import WRONG, examine

    findings = examine(settings.database, settings.now)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.state:<6} {finding.about:<10} {safe_line(finding.says)}")
            if finding.do:
                click.echo(f"{'':<17} → {safe_line(finding.do)}")
    if wrong := sum(finding.state == WRONG for finding in findings):
        raise Refused(f"{quantity(wrong, 'thing is', 'things are')} wrong; see what to do above.")


def _check_catalog(path: Path) -> None:
    try:
        data = catalog.decode(path.read_bytes(), path.name)
    except OSError as error:
        raise Refused(f"Cannot read {path}: {error.strerror}.") from error
    faults = list(catalog.check(data)) or list(catalog.review(data))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise Refused(f"{path.name} has {quantity(len(faults), 'fault')}.")
    click.echo(f"{path.name}: {quantity(len(data['works']), 'work')}, nothing to mend.", err=True)


@click.command(epilog="Example: papertui paths")
@as_json
@pass_settings
def paths_command(settings: Settings, as_json: bool) -> None:
    """Print where papertui keeps its files."""
    paths = {
        "database": str(settings.database),
        "backups": str(backups_folder(settings.database)),
        "config": str(config_path()),
        "log": str(log_path()),
        "cache": str(cache_folder()),
    }
    if as_json:
        print_json(paths)
        return
    for name, path in paths.items():
        click.echo(f"{name:<10}{path}")
