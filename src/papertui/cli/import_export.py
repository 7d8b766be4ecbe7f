"""Commands that import reading lists and journals, and that export works and the journal."""

import os
import sys
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from papertui.cli import context
from papertui.cli.arguments import NewFile
from papertui.cli.completion import citekeys
from papertui.cli.context import Settings, as_json, pass_settings
from papertui.core import journal_file
from papertui.core.catalog import fields_of
from papertui.core.journal import Event
from papertui.core.text import quantity, safe_line
from papertui.errors import Refused
from papertui.exporters import bibtex, csv, file_formats, markdown
from papertui.exporters.exported_work import ExportedWork, exported_works
from papertui.importers import formats
from papertui.importers.parsed_list import ParsedList
from papertui.importers.plan import plan_import, title_finder
from papertui.pages.import_plan import outcome, plan_json, plan_page
from papertui.storage.store import Store
from papertui.system import files

FORMATS = ("md", "bib", "csv", "ris", "csl", "json")


@click.command(epilog="Example: papertui import list.md --dry-run")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Print what would be imported, and import nothing.")
@click.option("--as", "title", default="", help="Give the list another title.")
@click.option("--log", is_flag=True, help="Log the ticked works as read before papertui.")
@as_json
@pass_settings
def import_command(
    settings: Settings, file: Path, dry_run: bool, title: str, log: bool, as_json: bool
) -> None:
    """Import a reading list, or the journal of another papertui.

    FILE is Markdown, BibTeX, CSV, plain text or what papertui export --format
    json wrote; - reads stdin. A list whose title is known replaces its earlier
    version: passes and notes stay.
    """
    piped = str(file) == "-"
    name = "standard input" if piped else context.decoded(file.name)
    content = formats.read(sys.stdin.buffer) if piped else formats.read_file(file)
    with settings.store() as store:
        is_title = title_finder(store.works)
        parsed = formats.parse_file(content, name, context.decoded(title).strip(), is_title)
        if isinstance(parsed, list):
            _join_journal(store, parsed, dry_run, as_json)
        else:
            import_list(store, parsed, name, dry_run, log, as_json)


def _join_journal(store: Store, events: list[Event], dry_run: bool, as_json: bool) -> None:
    if dry_run:
        if as_json:
            context.print_json({"events": len(events), "new": None})
        else:
            click.echo(f"The journal of another papertui: {quantity(len(events), 'event')}.")
        return
    new = store.merge(events)
    if as_json:
        context.print_json({"events": len(events), "new": new})
    click.echo(f"Imported: {quantity(new, 'event')} that were not here yet.", err=True)
    _make_searchable(store)


def import_list(
    store: Store, parsed: ParsedList, name: str, dry_run: bool, log: bool, as_json: bool
) -> None:
    """Print what importing a list from the source `name` would do, and unless dry, do it."""
    plan = plan_import(parsed, store.works, name)
    if as_json:
        context.print_json(plan_json(plan))
    else:
        context.print_lines(plan_page(plan, context.page_width()))
    if dry_run:
        click.echo("Nothing was imported: this was a dry run.", err=True)
    elif changes := plan.changes(log):
        store.record(*changes)
        done = safe_line("".join(outcome(plan, log)))
        context.say_done(done)
        _make_searchable(store)
    else:
        click.echo("Nothing was imported: nothing has changed.", err=True)
    if plan.ticked and not (log or as_json):
        click.echo(
            f"--log logs {quantity(len(plan.ticked), 'ticked work')}{plan.as_read}.", err=True
        )


def _make_searchable(store: Store) -> None:
    """Index new works for the search; if it is cut off, the next search goes on with it."""
    total = store.unsearched()
    if not total:
        return
    # The bar draws with control characters, which sys.stderr does not let through.
    with click.progressbar(
        length=total,
        label="Making it searchable",
        file=sys.__stderr__,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        for left in store.catch_up():
            bar.update(total - left - bar.pos)
        bar.update(total - bar.pos)


@click.command(epilog="Example: papertui export --format md --out vault")
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="The format.")
@click.option("--out", type=NewFile(path_type=Path), help="The new file; for md, the folder.")
@click.option("--all", "all_", is_flag=True, help="Export all works, not only yours.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option("--refresh", is_flag=True, help="md: renew the files in the folder, keep your text.")
@click.argument("works", nargs=-1, metavar="[WORK]...", shell_complete=citekeys)
@pass_settings
def export_command(
    settings: Settings,
    format_: str,
    out: Path | None,
    all_: bool,
    force: bool,
    refresh: bool,
    works: tuple[str, ...],
) -> None:
    """Export works and notes, or the whole journal.

    Without a WORK, export the works that you read, noted, tagged, queued, set aside,
    explained, added or brought in with BibTeX. The format json holds the whole
    journal, which papertui import reads. md is a file for each work; with --refresh,
    those that papertui wrote into the folder before are renewed wherever they are in
    it, and what you wrote below papertui's line or added to the front matter stays.
    """
    if format_ == "md" and out is None:
        raise click.UsageError("md is a file for each work: name their folder with --out.")
    if format_ == "md" and out and out.suffix == ".md" and not out.is_dir():
        raise click.UsageError("md is a file for each work: name a folder with --out, not a file.")
    if refresh and format_ != "md":
        raise click.UsageError("--refresh renews the files of the format md.")
    if works and (all_ or format_ == "json"):
        raise click.UsageError("name works or export all of them, not both; json is everything.")
    with settings.store() as store:
        if format_ == "json":
            events = store.events()
            text = journal_file.document(events, _own_works(store), store.settings(), settings.now)
            content, of_private = f"everything, {quantity(len(events), 'event')},", ""
        else:
            named = [context.resolve(store, name) for name in works]
            if refresh and out:
                _refresh_pages(store, settings.today, named, all_, out, force)
                return
            chosen = exported_works(store, settings.today, named, all_)
            kept = store.bib_entries.of(named) if works else store.bib_entries.all()
            content = quantity(len(chosen), "work") if chosen else "no works yet (see --all)"
            chosen, of_private = file_formats.as_held(format_, chosen, store.private_notes())
    if format_ == "bib":
        for clash in bibtex.key_clashes([each.work for each in chosen], kept):
            click.echo(clash, err=True)
    if format_ not in ("json", "md"):
        text = file_formats.dumps(format_, chosen, kept)
        if out and format_ == "csv":
            text = csv.BYTE_ORDER_MARK + text
    if out is None:
        context.print_data(text)
    elif format_ == "md":
        _write_pages(chosen, out, force)
    else:
        _check_free([out], force)
        files.write(out, text, force)
    click.echo(f"Exported: {content} to {out or 'stdout'}{of_private}", err=True)


def _own_works(store: Store) -> dict[str, dict[str, Any]]:
    works = map(store.works.work, store.works.own())
    return {work.citekey: fields_of(work) for work in works if work}


def _refresh_pages(
    store: Store, today: date, named: Collection[str], all_: bool, out: Path, force: bool
) -> None:
    from papertui.exporters import vault

    done = vault.refresh(store, today, out, named, all_, force)
    for path, reason in sorted(done.left.items()):
        click.echo(f"Left alone: {path}: {reason}.", err=True)
    counts = f"{done.made} new, {done.changed} changed, {done.same} as they were"
    click.echo(f"Refreshed: {quantity(done.total, 'file')} in {out}: {counts}.", err=True)


def _write_pages(works: Iterable[ExportedWork], out: Path, force: bool) -> None:
    from papertui.exporters import vault

    files.folder(out)
    by_citekey = {exported.work.citekey: exported for exported in works}
    named = {out / markdown.file_name(citekey): citekey for citekey in by_citekey}
    # A file that has papertui's name of its work keeps it.
    kept = {path: citekey for path, citekey in named.items() if os.path.lexists(path)}
    paths = {path: by_citekey[citekey] for path, citekey in kept.items()}
    paths |= vault.new_pages(out, by_citekey, kept)
    _check_free(paths, force, "; --refresh renews it and keeps your text in it")
    for path, exported in paths.items():
        files.write(path, markdown.dumps(exported), force)


def _check_free(paths: Collection[Path], force: bool, hint: str = "") -> None:
    """Raise Refused, before anything is written, if a file would be replaced."""
    if odd := next((path for path in paths if not files.is_replaceable(path)), None):
        raise Refused(f"Cannot write {odd}: it is not a plain file.")
    if existing := [] if force else [path for path in paths if os.path.lexists(path)]:
        more = f" and {len(existing) - 1} more" if existing[1:] else ""
        raise Refused(f"{existing[0]}{more} would be written over; --force allows it{hint}.")
