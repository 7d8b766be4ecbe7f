"""Commands that take lists in, and that make two works one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertui.commands.common import (
    WIDTH,
    Settings,
    argument,
    as_json,
    named_work,
    print_json,
    print_lines,
    resolve,
)

if TYPE_CHECKING:
    from papertui.core.journal import Event
    from papertui.storage.store import Store


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
    from papertui.importers.formats import found_in, read_file
    from papertui.importers.plan import plan
    from papertui.pages.import_plan import plan_json, plan_page

    piped = str(file) == "-"
    name = "standard input" if piped else argument(file.name)
    data = sys.stdin.buffer.read(strict_json.MAX_BYTES + 1) if piped else read_file(file)
    found = found_in(data, name, argument(title).strip())
    with settings.store() as store:
        if isinstance(found, list):
            _merge(store, found, dry_run)
            return
        made = plan(found, store.library, name)
        if as_json:
            print_json(plan_json(made))
        else:
            print_lines(plan_page(made, WIDTH if sys.stdout.isatty() else 1_000_000))
        if dry_run:
            click.echo("Nothing was imported: this was a dry run.", err=True)
        elif made.comparison and made.comparison.same:
            click.echo("Nothing was imported: nothing has changed.", err=True)
        else:
            store.record(made.change)
            click.echo(f"Imported: {made.title}. papertui undo takes it back.", err=True)
            _make_searchable(store)


@click.command(epilog="Example: papertui merge adam-1a2b3c4d kingma2014adam")
@named_work
@click.argument("into")
@click.pass_obj
def merge(settings: Settings, work: str, into: str) -> None:
    """Merge a WORK that is really another one INTO that: passes, notes and places."""
    from papertui.storage.store import merging

    with settings.store() as store:
        target = resolve(store, into)
        title = store.library.title(target)
        store.record(merging(store, resolve(store, work), target))
    click.echo(f"Merged into {title}. papertui undo takes it back.", err=True)


def _merge(store: "Store", events: "list[Event]", dry_run: bool) -> None:
    from papertui.core.text import count

    if dry_run:
        click.echo(f"An export of papertui's own: {count(len(events), 'event')}.")
        return
    new = store.merge(events)
    click.echo(f"Imported: {count(new, 'event')} that were not here yet.", err=True)
    _make_searchable(store)


def _make_searchable(store: "Store") -> None:
    """Let the search know what came in; cut off, the next search goes on with it."""
    total = store.unsearched()
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=total, label="Making it searchable", file=sys.stderr, hidden=hidden
    ) as bar:
        for left in store.catch_up():
            bar.update(total - left - bar.pos)
        bar.update(total - bar.pos)
