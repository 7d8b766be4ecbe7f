"""Commands that check and mend."""

from dataclasses import asdict
from pathlib import Path

import click

from papertui.commands.common import Settings, as_json, print_json


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
    from papertui.core.text import count, safe_line
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
        raise Refused(f"{count(wrong, 'thing is', 'things are')} wrong; see what to do above.")


def _check_catalog(file: Path | None) -> None:
    from papertui.core import catalog
    from papertui.core.catalog_check import check, review
    from papertui.errors import Refused
    from papertui.storage.store import CATALOG

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
