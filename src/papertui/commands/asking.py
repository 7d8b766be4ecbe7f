"""Commands that print: lists, works, progress, reviews, paths."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papertui.commands.common import (
    WIDTH,
    Settings,
    argument,
    as_json,
    given_day,
    named_work,
    notes_json,
    print_json,
    print_lines,
    resolve,
)

if TYPE_CHECKING:
    from papertui.core.library_tree import Row


@click.command("list", epilog="Example: papertui list foundations")
@click.argument("words", nargs=-1)
@as_json
@click.pass_obj
def list_(settings: Settings, words: tuple[str, ...], as_json: bool) -> None:
    """Print lists, sections and their works; with WORDS, the sections named so."""
    from papertui.core.library_tree import Arrangement, rows, within
    from papertui.core.text import fold, safe_line
    from papertui.errors import Refused

    wanted = argument(" ".join(words)).strip()
    seen = Arrangement(settings.today)
    with settings.store() as store:
        branches = store.shelves.branches(seen)
        named = {branch.id for branch in branches if fold(wanted) in fold(branch.title)}
        for branch in branches:
            if branch.parent in named:
                named.add(branch.id)
        leaves = store.shelves.leaves(seen, named)
    branches = within(branches, named)
    if not branches:
        raise Refused(f"No list or section has {safe_line(wanted)!r}; find looks for works.")
    _print_rows(settings, rows(branches, leaves, {branch.path for branch in branches}), as_json)


@click.command(epilog="Example: papertui find attention transformer")
@click.argument("words", nargs=-1, required=True)
@as_json
@click.pass_obj
def find(settings: Settings, words: tuple[str, ...], as_json: bool) -> None:
    """Find works by words of their titles, authors, ids, summaries and your notes."""
    from papertui.core.library_tree import Arrangement, found_rows
    from papertui.core.text import safe_line
    from papertui.errors import Refused
    from papertui.storage.database import ReadOnly

    wanted = argument(" ".join(words)).strip()
    with settings.store() as store:
        # Who can only read finds what is searchable already.
        with suppress(ReadOnly):
            for _ in store.catch_up():
                pass
        found = store.finding.find(wanted, Arrangement(settings.today))
        branches = store.shelves.sections()
    if not found.leaves:
        raise Refused(f"No work has {safe_line(wanted)!r}; use fewer or shorter words.")
    _print_rows(settings, found_rows(branches, found.leaves), as_json)


@click.command("next", epilog="Example: papertui next --json")
@as_json
@click.pass_obj
def next_(settings: Settings, as_json: bool) -> None:
    """Print what to read next, and why."""
    from papertui.core.text import safe_line
    from papertui.errors import Refused
    from papertui.storage.up_next import Upcoming

    with settings.asked() as database:
        found = Upcoming(database).next(settings.today)
    if found is None:
        raise Refused("Nothing is left to read: every work is read, parked or dropped.")
    if as_json:
        print_json({"work": found.work, "title": found.title, "reason": found.reason})
    else:
        click.echo(f"{safe_line(found.title)}  [{found.work}]\n{safe_line(found.reason)}")


def _print_rows(settings: Settings, found: list["Row"], as_json: bool) -> None:
    from papertui.core.labels import ASCII, Glyphs
    from papertui.core.library_tree import Branch
    from papertui.core.text import safe_line

    if as_json:
        print_json([_row_json(row.node) for row in found])
        return
    glyphs = ASCII if settings.config.ascii else Glyphs()
    for row in found:
        node = row.node
        if isinstance(node, Branch):
            click.echo(f"{'  ' * row.level}{safe_line(node.title)}  {node.tally}")
        else:
            sign = glyphs.of(node.depth, node.aside, node.unidentified)
            click.echo(f"{'  ' * row.level}{sign} {safe_line(node.title)}  [{node.work}]")


def _row_json(node: Any) -> dict[str, Any]:
    from papertui.core.labels import STATUSES
    from papertui.core.library_tree import Branch

    if isinstance(node, Branch):
        return {"section": node.path, "title": node.title, "done": node.done, "total": node.total}
    return {
        "work": node.work,
        "title": node.title,
        "kind": node.kind,
        "tier": node.tier,
        "status": node.aside or STATUSES[node.depth],
    }


@click.command(epilog="Example: papertui show resnet")
@named_work
@as_json
@click.pass_obj
def show(settings: Settings, work: str, as_json: bool) -> None:
    """Print what is known of a WORK: summary, places, passes, notes."""
    from papertui.core.catalog import fields_of
    from papertui.core.labels import ASCII, STATUSES, Glyphs
    from papertui.pages.work import work_page, work_view

    with settings.store() as store:
        citekey = resolve(store, work)
        view = work_view(store, citekey, settings.today)
    if as_json:
        print_json(
            {
                "work": citekey,
                **fields_of(view.work),
                "status": view.record.aside or STATUSES[view.record.depth],
                "places": [list(place.titles) for place in view.places],
                "passes": [
                    {
                        "pass": reading.depth,
                        "read_on": reading.read_on and reading.read_on.isoformat(),
                        "minutes": reading.minutes,
                    }
                    for reading in view.record.readings
                ],
                "notes": notes_json(view.record.notes),
            }
        )
        return
    # In a pipe nothing is wrapped, so that addresses stay whole.
    width = WIDTH if sys.stdout.isatty() else 1_000_000
    print_lines(work_page(view, width, ASCII if settings.config.ascii else Glyphs()))


@click.command(epilog="Example: papertui stats --as-of 2026-11-14")
@click.option("--as-of", default="today", help="The picture of another day: 2026-11-14, -3d.")
@as_json
@click.pass_obj
def stats(settings: Settings, as_of: str, as_json: bool) -> None:
    """Print the week, the streak, the year and how far the lists have come."""
    from papertui.pages.progress import progress_page
    from papertui.pages.progress_summary import summarise

    config = settings.config
    with settings.store() as store:
        summary = summarise(store, config, given_day(as_of, settings))
    if as_json:
        print_json(summary.as_json())
        return
    print_lines(progress_page(summary, WIDTH, ascii_=config.ascii))


@click.command(epilog="Example: papertui review --week -7d --out week.md")
@click.option("--week", default="today", help="A day of the week: 2026-11-14, -7d.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it into a new file."
)
@click.pass_obj
def review(settings: Settings, week: str, out: Path | None) -> None:
    """Print a week's reading as Markdown: works, passes, time, notes, the streak."""
    from papertui.core.text import safe
    from papertui.exporters.review import markdown, week_review
    from papertui.system import files

    config = settings.config
    with settings.store() as store:
        text = markdown(week_review(store, config, given_day(week, settings), settings.today))
    if out is None:
        click.echo(safe(text), nl=False)
        return
    files.write(out, text)
    click.echo(f"Written: {out}", err=True)


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
