"""Commands that show the library: lists, searches, works, and a work in the browser."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import click

from papertui.cli import completion, context
from papertui.cli.context import Settings, as_json, named_work, pass_settings
from papertui.core import library_tree
from papertui.core.labels import STATUSES
from papertui.core.library_tree import IN_TEXTS, Branch, Leaf, Row, TreeQuery
from papertui.core.search_words import field_advice, unknown_field
from papertui.core.text import fold, safe_line
from papertui.errors import Refused
from papertui.storage.database import ReadOnly
from papertui.storage.work_queries import Figures

# How `list --sort` compares works, and says so; those without the figure come last.
_ORDERS: dict[str, tuple[str, Callable[[Figures], Any]]] = {
    "citations": ("the most cited first", lambda work: -(work.citations or 0)),
    "year": ("the oldest first", lambda work: work.year or 9999),
    "title": ("by title", lambda work: fold(work.title)),
}


@click.command(epilog="Example: papertui list deep learning papers --sort citations")
@click.argument("words", nargs=-1)
@click.option("--sort", type=click.Choice([*_ORDERS]), help="Print a table of works, so sorted.")
@click.option(
    "--tag",
    "tags",
    multiple=True,
    shell_complete=completion.tags,
    help="Only works with this tag, or another if you repeat it.",
)
@click.option("--starred", is_flag=True, help="Only starred works.")
@as_json
@pass_settings
def list_command(
    settings: Settings,
    words: tuple[str, ...],
    sort: str | None,
    tags: tuple[str, ...],
    starred: bool,
    as_json: bool,
) -> None:
    """Print the lists with their sections and works.

    With WORDS, only the list or section that is called so, or LIST/SECTION, else those
    with a word in their titles that begins so. With --sort, one table of their works
    with year, impact and the citations that the list gives.
    """
    wanted = context.decoded(" ".join(words)).strip()
    chosen = {library_tree.STAR: frozenset([library_tree.YES])} if starred else {}
    if tags:
        from papertui.core.tags import parse_tags, tagging_words

        named = parse_tags(context.decoded(" ".join(tags)))
        chosen[library_tree.TAG] = frozenset(map(fold, named))
    query = TreeQuery(settings.today, chosen=chosen)
    with settings.store() as store:
        branches = store.tree.branches(query)
        matching = library_tree.branches_named(branches, wanted)
        leaves = store.tree.leaves(query, matching)
        works = dict.fromkeys(leaf.work for branch in leaves.values() for leaf in branch)
        table = store.works.figures(works) if sort else []
        keys = store.bib_entries.keys(works)
    branches = library_tree.branches_holding(branches, matching)
    if chosen and not branches:
        marks = ["is starred"] * starred
        marks += [f"has {tagging_words(named, ())}"] if tags else []
        raise Refused(f"No such work {safe_line(' and '.join(marks))}.")
    if not branches:
        raise Refused(f"No list or section has {safe_line(wanted)!r}; find looks for works.")
    if sort:
        order, key = _ORDERS[sort]
        _print_table(sorted(table, key=key), order, keys, as_json)
        return
    rows = library_tree.visible_rows(branches, leaves, {branch.path for branch in branches})
    _print_rows(settings, rows, keys, as_json)


@click.command(epilog="Example: papertui find attention transformer")
@click.argument("words", nargs=-1, required=True)
@as_json
@pass_settings
def find_command(settings: Settings, words: tuple[str, ...], as_json: bool) -> None:
    """Find works by title, author, year, id, summary, note or #tag.

    A work is found if it has all WORDS. '#name' finds the works with that tag of yours;
    author:name, title:word and note:word look only there, year:2017 in one year.
    """
    wanted = context.decoded(" ".join(words)).strip()
    if not wanted:
        raise Refused("Name words that a work must have, such as: papertui find attention.")
    with settings.store() as store:
        # A database that cannot be written to is searched as far as it is indexed.
        with suppress(ReadOnly):
            for _ in store.catch_up():
                pass
        leaves = store.search.find(wanted, TreeQuery(settings.today)).leaves
        branches = store.tree.sections()
        keys = store.bib_entries.keys([leaf.work for leaf in leaves])
        tag = store.reading_log.tag_like(wanted)
    if not leaves:
        tagged = f" '#{tag}' finds the works with that tag." if tag else ""
        do = field_advice(wanted) or "use fewer or shorter words"
        raise Refused(f"No work has {safe_line(wanted)!r}; {do}.{tagged}")
    _print_rows(settings, library_tree.search_rows(branches, leaves), keys, as_json)
    by_title = any(not leaf.extra for leaf in leaves)
    if not by_title and (unknown := unknown_field(wanted)):
        click.echo(f"{unknown[:1].upper()}{unknown[1:]}.", err=True)


def _print_rows(
    settings: Settings, rows: Sequence[Row], keys: Mapping[str, str], as_json: bool
) -> None:
    """Print rows, works with the reader's own `keys` if they have one."""
    if as_json:
        context.print_json([_node_json(row.node) for row in rows])
        return
    shown = [row.node for row in rows]
    for row, following in zip(rows, [*shown[1:], None], strict=True):
        node, indent = row.node, "  " * row.level
        if isinstance(node, Branch):
            # A search names a section again for the works that it finds by their texts only.
            in_texts = isinstance(following, Leaf) and following.extra in IN_TEXTS
            where = ", in texts and notes" if in_texts else ""
            click.echo(f"{indent}{safe_line(node.title)}{where}  {node.tally}".rstrip())
        else:
            sign = settings.glyphs.of(node.depth, node.aside, node.unidentified)
            extra = f"  {safe_line(node.extra)}" if node.extra else ""
            key = keys.get(node.work, node.work)
            click.echo(f"{indent}{sign} {safe_line(node.title)}  [{key}]{extra}")


def _print_table(
    works: Iterable[Figures], order: str, keys: Mapping[str, str], as_json: bool
) -> None:
    if as_json:
        fields = [work._asdict() for work in works]
        context.print_json([{"work": each.pop("citekey"), **each} for each in fields])
        return
    click.echo(f"Citations  Year  Work, {order}")
    for work in works:
        count = f"{work.citations:,}" if work.citations else "-"
        impact = f"  {safe_line(work.impact)}" if work.impact else ""
        title = f"{safe_line(work.title)}  [{keys.get(work.citekey, work.citekey)}]"
        click.echo(f"{count:>9}  {work.year or '-':>4}  {title}{impact}")


def _node_json(node: Branch | Leaf) -> dict[str, Any]:
    if isinstance(node, Branch):
        return {"section": node.path, "title": node.title, "done": node.done, "total": node.total}
    return {
        "work": node.work,
        "title": node.title,
        "kind": node.kind,
        "tier": node.tier,
        "marks": node.marks,
        "status": node.aside or STATUSES[node.depth],
    }


@click.command(epilog="Example: papertui show resnet")
@named_work
@as_json
@pass_settings
def show_command(settings: Settings, work: str, as_json: bool) -> None:
    """Print all that is known of a WORK, its passes and notes."""
    # Completion of citekeys loads this file, and does without the page and the catalogue.
    from papertui.core.catalog import fields_of
    from papertui.pages.work import work_details, work_page

    with settings.store() as store:
        details = work_details(store, context.resolve(store, work), settings.today)
    if not as_json:
        context.print_lines(work_page(details, context.page_width(), settings.glyphs))
        return
    record = details.record
    context.print_json(
        {
            "work": details.work.citekey,
            "keys": list(details.keys),
            **fields_of(details.work),
            "pass_minutes": details.times and list(details.times.minutes),
            "status": record.aside or STATUSES[record.depth],
            "tags": list(record.tags),
            "starred": record.is_starred,
            "places": [list(place.titles) for place in details.places],
            "passes": [
                {
                    "pass": reading.depth,
                    "read_on": reading.read_on and reading.read_on.isoformat(),
                    "minutes": reading.minutes,
                }
                for reading in record.readings
            ],
            "notes": context.notes_json(record.notes, details.private),
        }
    )


@click.command(epilog="Example: papertui open resnet --pdf")
@named_work
@click.option("--pdf", is_flag=True, help="Open the PDF instead of the abstract page.")
@pass_settings
def open_command(settings: Settings, work: str, pdf: bool) -> None:
    """Open a WORK in the browser.

    Without a browser, print its address.
    """
    # asyncio costs 45 ms, which the other commands of this file do without.
    import asyncio

    from papertui.core.identifiers import is_web_address
    from papertui.system import desktop

    with settings.store() as store:
        opened = store.works.work(context.resolve(store, work))
    assert opened is not None
    url = opened.pdf if pdf else opened.page
    if not url or not is_web_address(url):
        missing = "PDF" if pdf else "address"
        raise Refused(f"papertui knows no {missing} of {safe_line(opened.title)!r}.")
    if asyncio.run(desktop.open_in_browser(url)):
        click.echo(f"Opened in the browser: {url}", err=True)
    else:
        click.echo("There is no browser here; the address is:", err=True)
        click.echo(url)
