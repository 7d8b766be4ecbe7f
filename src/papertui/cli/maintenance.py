"""Commands that look after the database: backups, restores, checks, where the files are."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from papertui.cli.context import Settings, as_json, pass_settings, print_json
from papertui.config import backups_folder, cache_folder, command_line, config_path, log_path
from papertui.core import catalog
from papertui.core.labels import full_time
from papertui.core.text import quantity, safe_line
from papertui.errors import Refused
from papertui.storage.backups import BEFORE, Backups, copy, kept_files
from papertui.storage.restore import (
    Mended,
    bring_back,
    is_damaged,
    mend,
    missing,
    readable,
    restore,
)
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
@click.option("--salvage", is_flag=True, help="Add what can be read of a file, even a damaged one.")
@pass_settings
def restore_command(settings: Settings, copy: str | None, salvage: bool) -> None:
    """Restore the database from a COPY, or print the copies.

    COPY is a file, the name of a copy, or latest. It takes the place of the present
    database, which is kept beside it; its new name is printed, and what COPY lacks of
    it. Files that are kept so are printed with the copies.

    With --salvage, what can be read of the file is added to the present database,
    which loses nothing: its entries by their ids, and the texts being typed. Of a
    damaged file that papertui kept, the copy made before it is added too. A
    damaged database is mended with the file and the latest copy; without a file,
    with that copy and with all that can be read of it.
    """
    database = settings.database
    source = _source(database, copy) if copy else None
    if not (source or salvage):
        _print_copies(database)
    elif not source:
        _mend(database, settings.now)
    elif salvage:
        outcome = bring_back(database, source, settings.now)
        if isinstance(outcome, Mended):
            _print_mended(outcome)
        else:
            click.echo(f"From {source}: {outcome.words}.", err=True)
    else:
        kept = restore(database, source, settings.now)
        click.echo(f"Restored {source}", err=True)
        _print_kept(kept)
        _print_lacking(database, kept)


def _source(database: Path, copy: str) -> Path:
    if copy != "latest":
        listed = [each.path for each in Backups(database).all()]
        listed += [each.path for each in kept_files(database)]
        paths = {path.name: path for path in listed}
        return Path(copy) if Path(copy).exists() else paths.get(copy, Path(copy))
    if latest := Backups(database).latest():
        return latest.path
    raise Refused(f"There are no copies of {database} yet; name a file.")


def _mend(database: Path, now: datetime) -> None:
    if not is_damaged(database):
        others = command_line("restore")
        raise Refused(
            f"{database} is not damaged. Name the file to add what it holds; {others} lists some."
        )
    _print_mended(mend(database, readable(database), now))


def _print_mended(mended: Mended) -> None:
    click.echo(f"Mended: {mended.words}.", err=True)
    _print_kept(mended.kept)


def _print_lacking(database: Path, kept: Path | None) -> None:
    """Print what a restored database lacks of the one before, unless that one is damaged."""
    whole = [file.path for file in kept_files(database) if file.word == BEFORE]
    if kept in whole and (lacking := missing(database, kept)):
        adds = command_line("restore", "--salvage", str(kept))
        says = f"It holds {lacking.words} that the restored one has not; to add that: {adds}"
        click.echo(says, err=True)


def _print_kept(kept: Path | None) -> None:
    if kept:
        click.echo(f"The database from before is kept as {kept}", err=True)


def _print_copies(database: Path) -> None:
    copies = [(backup.taken, backup.path, "copy") for backup in Backups(database).all()]
    kept = kept_files(database)
    for moment, path, word in sorted([*copies, *kept], reverse=True):
        size = path.stat().st_size / 1_000_000
        click.echo(f"{full_time(moment):>22}  {size:6.1f} MB  {word:<7}  {path}")
    if not copies:
        click.echo("There are no copies yet; papertui backup makes one.", err=True)
    if kept:
        adds = command_line("restore", "--salvage")
        click.echo(f"{adds} FILE adds what a file holds to the database.", err=True)


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
