"""Commands that check and mend."""

from pathlib import Path

import click

from papertui.commands.common import Settings


@click.command(epilog="Example: papertui doctor --catalog")
@click.option("--catalog", "check_catalog", is_flag=True, help="Check the catalogue, or FILE.")
@click.option("--rebuild", is_flag=True, help="Derive all tables from the journal again.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def doctor(settings: Settings, check_catalog: bool, rebuild: bool, file: Path | None) -> None:
    """Check a catalogue's relations, links, prose and grades; rebuild the tables."""
    if not (check_catalog or rebuild) or (file and not check_catalog):
        raise click.UsageError("say what to do: --catalog [FILE] or --rebuild.")
    if rebuild:
        with settings.store() as store:
            click.echo(f"Derived again from {store.rebuild()} events.", err=True)
    if check_catalog:
        _check_catalog(file)


def _check_catalog(file: Path | None) -> None:
    from papertui import catalog
    from papertui.catalog_check import check, review
    from papertui.journal import Refused
    from papertui.shipped import CATALOG

    path = file or CATALOG
    try:
        data = catalog.decode(path.read_bytes(), path.name)
    except OSError as error:
        raise Refused(f"Cannot read {path}: {error.strerror}.") from error
    faults = list(check(data)) or list(review(data))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise Refused(f"{path.name} has {len(faults)} faults.")
    click.echo(f"{path.name}: {len(data['works'])} works, nothing to mend.", err=True)
