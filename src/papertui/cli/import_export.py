"""Commands that take lists in, and that make two works one."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertui.cli.completion import citekeys
from papertui.cli.context import (
    WIDTH,
    Settings,
    argument,
    as_json,
    print_json,
    print_lines,
    resolve,
)
from papertui.cli.works import _make_searchable, _merge

if TYPE_CHECKING:
    from papertui.exporters.exported_work import ExportedWork


@click.command("import", epilog="Example: papertui import list.md --dry-run")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")
@click.option("--as", "title", default="", help="Another title for the list.")
@as_json
@click.pass_obj
def import_(settings: Settings, file: Path, dry_run: bool, title: str, as_json: bool) -> None:
    """Import a reading list, Markdown or BibTeX, or an export of papertui's own; - reads stdin.

    The same list again, known by its title, takes the place of what it was:
    passes and notes stay.
    """
    from papertui.core import strict_json
    from papertui.importers.formats import parse_file, read_file
    from papertui.importers.plan import plan_import
    from papertui.pages.import_plan import plan_json, plan_page

    piped = str(file) == "-"
    name = "standard input" if piped else argument(file.name)
    data = sys.stdin.buffer.read(strict_json.MAX_BYTES + 1) if piped else read_file(file)
    found = parse_file(data, name, argument(title).strip())
    with settings.store() as store:
        if isinstance(found, list):
            _merge(store, found, dry_run)
            return
        made = plan_import(found, store.works, name)
        if as_json:
            print_json(plan_json(made))
        else:
            print_lines(plan_page(made, WIDTH if sys.stdout.isatty() else 1_000_000))
        if dry_run:
            click.echo("Nothing was imported: this was a dry run.", err=True)
        elif made.diff and made.diff.same:
            click.echo("Nothing was imported: nothing has changed.", err=True)
        else:
            store.record(made.change)
            click.echo(f"Imported: {made.title}. papertui undo takes it back.", err=True)
            _make_searchable(store)


FORMATS = ("md", "bib", "csv", "json")


@click.command(epilog="Example: papertui export --format md --out vault")
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="Which form.")
@click.option("--out", type=click.Path(path_type=Path), help="The new file; for md, the folder.")
@click.option("--all", "all_", is_flag=True, help="All works, not only those you dealt with.")
@click.option("--force", is_flag=True, help="Write over what is there.")
@click.argument("works", nargs=-1, metavar="[WORK]...", shell_complete=citekeys)
@click.pass_obj
def export(
    settings: Settings,
    format_: str,
    out: Path | None,
    all_: bool,
    force: bool,
    works: tuple[str, ...],
) -> None:
    """Export works and notes, or with json everything there is, for other programs.

    Without a WORK these are the works you read, noted, queued, set aside,
    explained or added. json holds the whole journal, and papertui import
    takes it in again.
    """
    if format_ == "md" and out is None:
        raise click.UsageError("md is a file for each work: name their folder with --out.")
    if works and (all_ or format_ == "json"):
        raise click.UsageError("name works or export all of them, not both; json is everything.")
    if format_ == "json":
        text, said = _journal(settings)
        _give(text, said, out, force)
        return
    holdings = _holdings(settings, works, all_)
    said = _works(len(holdings))
    if format_ == "md" and out is not None:
        _write_pages(holdings, out, force)
        click.echo(f"Exported: {said} to {out}", err=True)
    else:
        _give(_document(format_, holdings, bool(out)), said, out, force)


def _works(number: int) -> str:
    from papertui.core.text import quantity

    return quantity(number, "work") if number else "no works yet (--all exports all there are)"


def _holdings(settings: Settings, works: Sequence[str], all_: bool) -> "list[ExportedWork]":
    from papertui.core.catalog import Work
    from papertui.exporters.exported_work import ExportedWork

    with settings.store() as store:
        library, reader = store.works, store.reading_log
        known = library.citekeys()
        if works:
            wanted = list(dict.fromkeys(resolve(store, name) for name in works))
        else:
            touched = {*reader.touched(), *library.own()}
            wanted = [key for key in known if all_ or key in touched]
            # What was done with a work that has left the catalogue is the reader's all the same.
            wanted += sorted(touched.difference(known))
        paths = library.paths()
        return [
            ExportedWork(library.work(key) or Work(key, key), reader.work(key), paths.get(key, ()))
            for key in wanted
        ]


def _journal(settings: Settings) -> tuple[str, str]:
    from papertui.core import journal_file
    from papertui.core.catalog import fields_of
    from papertui.core.text import quantity

    with settings.store() as store:
        found = ((key, store.works.work(key)) for key in store.works.own())
        works = {key: fields_of(work) for key, work in found if work}
        events = store.events()
        text = journal_file.document(events, works, store.settings(), settings.now)
    return text, f"everything, {quantity(len(events), 'event')},"


def _document(format_: str, holdings: "Sequence[ExportedWork]", is_file: bool) -> str:
    from papertui.exporters import bibtex, csv

    if format_ == "bib":
        return bibtex.document(holding.work for holding in holdings)
    # A spreadsheet takes a file for UTF-8 by its first three bytes alone.
    return "\ufeff" * is_file + csv.document(holdings)


def _give(text: str, said: str, out: Path | None, force: bool) -> None:
    from papertui.core.text import terminal_safe
    from papertui.system import files

    if out:
        _ask_leave([out], force)
        files.write(out, text, force)
    else:
        click.echo(terminal_safe(text) if sys.stdout.isatty() else text, nl=False)
    click.echo(f"Exported: {said} to {out or 'stdout'}", err=True)


def _write_pages(holdings: "Sequence[ExportedWork]", out: Path, force: bool) -> None:
    from papertui.exporters import markdown
    from papertui.system import files

    files.folder(out)
    paths = {out / markdown.file_name(holding.work.citekey): holding for holding in holdings}
    _ask_leave(paths, force)
    for path, holding in paths.items():
        files.write(path, markdown.document(holding), force)


def _ask_leave(paths: Iterable[Path], force: bool) -> None:
    """Raise Refused, before anything is written, where something would be written over."""
    from papertui.errors import Refused

    if there := [] if force else [path for path in paths if os.path.lexists(path)]:
        more = f" and {len(there) - 1} more" if there[1:] else ""
        raise Refused(f"{there[0]}{more} would be written over; --force allows it.")
