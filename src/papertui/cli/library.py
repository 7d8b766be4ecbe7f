"""Commands that print: lists, works, progress, reviews, paths."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from papertui.cli.context import (
    WIDTH,
    Settings,
    argument,
    as_json,
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
    from papertui.core.library_tree import TreeQuery, branches_holding, visible_rows
    from papertui.core.text import fold, safe_line
    from papertui.errors import Refused

    wanted = argument(" ".join(words)).strip()
    seen = TreeQuery(settings.today)
    with settings.store() as store:
        branches = store.tree.branches(seen)
        named = {branch.id for branch in branches if fold(wanted) in fold(branch.title)}
        for branch in branches:
            if branch.parent in named:
                named.add(branch.id)
        leaves = store.tree.leaves(seen, named)
    branches = branches_holding(branches, named)
    if not branches:
        raise Refused(f"No list or section has {safe_line(wanted)!r}; find looks for works.")
    _print_rows(
        settings, visible_rows(branches, leaves, {branch.path for branch in branches}), as_json
    )


@click.command(epilog="Example: papertui find attention transformer")
@click.argument("words", nargs=-1, required=True)
@as_json
@click.pass_obj
def find(settings: Settings, words: tuple[str, ...], as_json: bool) -> None:
    """Find works by words of their titles, authors, ids, summaries and your notes."""
    from papertui.core.library_tree import TreeQuery, search_rows
    from papertui.core.text import safe_line
    from papertui.errors import Refused
    from papertui.storage.database import ReadOnly

    wanted = argument(" ".join(words)).strip()
    with settings.store() as store:
        # Who can only read finds what is searchable already.
        with suppress(ReadOnly):
            for _ in store.catch_up():
                pass
        found = store.search.find(wanted, TreeQuery(settings.today))
        branches = store.tree.sections()
    if not found.leaves:
        raise Refused(f"No work has {safe_line(wanted)!r}; use fewer or shorter words.")
    _print_rows(settings, search_rows(branches, found.leaves), as_json)


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
    from papertui.pages.work import work_details, work_page

    with settings.store() as store:
        citekey = resolve(store, work)
        view = work_details(store, citekey, settings.today)
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


@click.command("open", epilog="Example: papertui open resnet --pdf")
@named_work
@click.option("--pdf", is_flag=True, help="Open the PDF instead of the abstract page.")
@click.pass_obj
def open_(settings: Settings, work: str, pdf: bool) -> None:
    """Open the page of a WORK in the browser; print its address where there is none."""
    import asyncio

    from papertui.core.identifiers import is_web_address
    from papertui.core.text import safe_line
    from papertui.errors import Refused
    from papertui.system import desktop

    with settings.store() as store:
        found = store.works.work(resolve(store, work))
    assert found is not None
    url = found.pdf if pdf else found.page
    if not url or not is_web_address(url):
        what = "PDF" if pdf else "address"
        raise Refused(f"{safe_line(found.title)!r} has no {what} that is known.")
    if asyncio.run(desktop.open_in_browser(url)):
        click.echo(f"Opened in the browser: {url}", err=True)
    else:
        click.echo("No browser here; this is the address:", err=True)
        click.echo(url)
