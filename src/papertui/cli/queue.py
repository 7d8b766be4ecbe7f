"""Commands that say what is read soon, later or not at all: the queue, parked, dropped."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click

from papertui.cli.completion import citekeys
from papertui.cli.context import (
    Settings,
    as_json,
    decoded,
    pass_settings,
    print_json,
    resolve,
    say_done,
)
from papertui.core import journal, labels
from papertui.core.journal import DROPPED, PARKED, Change
from papertui.core.labels import STATUSES
from papertui.core.library_tree import Grouping, Leaf, TreeQuery, passed_over
from papertui.core.records import WorkRecord
from papertui.core.text import quantity, safe_line
from papertui.core.typed_days import parse_day_ahead
from papertui.errors import Refused
from papertui.storage.store import Store

optional_work = click.argument("work", required=False, shell_complete=citekeys)


@click.command(epilog="Example: papertui queue adam resnet --first")
@click.argument("works", nargs=-1, metavar="[WORK]...", shell_complete=citekeys)
@click.option("--first", is_flag=True, help="Put them before all others.")
@click.option("--out", is_flag=True, help="Take them out.")
@as_json
@pass_settings
def queue_command(
    settings: Settings, works: tuple[str, ...], first: bool, out: bool, as_json: bool
) -> None:
    """Put works at the end of the queue, or print it.

    Its first work that is not parked is up next, after a pass that is under way.
    """
    if first and out:
        raise click.UsageError("give --first or --out, not both.")
    if (first or out) and not works:
        raise click.UsageError("name a WORK to put there or to take out.")
    if as_json and works:
        raise click.UsageError("--json prints the queue: name no WORK.")
    today = settings.today
    with settings.store() as store:
        if not works:
            queued = _grouped(store, today, Grouping.QUEUE)
            empty = "The queue is empty; papertui queue WORK puts a work there."
            _print_works(settings, queued, store, as_json, empty)
            return
        named = _named(store, works)
        changes = _queue_changes(store, named, first, out)
        store.record(*changes)
        titles = ", ".join(safe_line(store.works.title(str(change.work))) for change in changes)
        number = len(store.reading_log.queue())
        queued = store.tree.of_works([str(change.work) for change in changes], today)
    done = "Out of the queue" if out else "First in the queue" if first else "In the queue"
    why = "" if out else passed_over(queued)
    after = f"; {why}" if why else ""
    say_done(f"{done}: {titles}{after}. It holds {quantity(number, 'work')}")


def _named(store: Store, works: Sequence[str]) -> list[str]:
    """Return the works that some names mean, each once; a refusal of several changes nothing."""
    try:
        return list(dict.fromkeys(resolve(store, work) for work in works))
    except Refused as refused:
        if len(works) == 1:
            raise
        raise Refused(f"{refused}\nThe queue stays as it was.") from None


def _queue_changes(store: Store, works: Sequence[str], first: bool, out: bool) -> list[Change]:
    """Return the changes that queue works, or take them out. Raises Refused if there are none."""
    ranks = dict(store.reading_log.queue())
    titles = ", ".join(safe_line(store.works.title(work)) for work in works)
    if out:
        if not (queued := [work for work in works if work in ranks]):
            raise Refused(f"Not in the queue: {titles}.")
        return [journal.unqueue(work) for work in queued]
    if first:
        others = [rank for work, rank in ranks.items() if work not in works]
        before = min(others, default=1) - len(works)
        return [journal.queue(work, before + number) for number, work in enumerate(works)]
    if not (new := [work for work in works if work not in ranks]):
        raise Refused(f"In the queue already: {titles}; --first puts it before all others.")
    last = max(ranks.values(), default=0)
    return [journal.queue(work, last + number, enters=True) for number, work in enumerate(new, 1)]


@click.command(epilog="Example: papertui park adam --until 2w")
@optional_work
@click.option("--until", help="The day it comes back: tomorrow, 10d, 2w, 3m, fri, 2027-01-15.")
@click.option("--off", is_flag=True, help="Take it up again.")
@as_json
@pass_settings
def park_command(
    settings: Settings, work: str | None, until: str | None, off: bool, as_json: bool
) -> None:
    """Park a WORK until a day, or print what is parked.

    Up next passes over it until then; without --until, until you take it up again.
    """
    if off and until is not None:
        raise click.UsageError("give --until or --off, not both.")
    if work is None:
        _print_aside(settings, PARKED, until is not None or off, as_json)
        return
    _misuse_of_json(as_json, "what is parked")
    day = None if until is None else parse_day_ahead(decoded(until), settings.today)
    back = f", back on {labels.day_name(day, settings.today)}" if day else ""

    def park(citekey: str, record: WorkRecord) -> Change | None:
        is_so = record.aside == PARKED and record.until == day
        return None if is_so else journal.park(citekey, day)

    _set_aside(settings, work, off, park, "Parked", back)


@click.command(epilog='Example: papertui drop adam --reason "Not my field."')
@optional_work
@click.option("--reason", default="", help="Why you will not read it.")
@click.option("--off", is_flag=True, help="Take it up again.")
@as_json
@pass_settings
def drop_command(
    settings: Settings, work: str | None, reason: str, off: bool, as_json: bool
) -> None:
    """Drop a WORK that you will not read, or print what is dropped.

    It stays in its lists and is not counted there.
    """
    if off and reason:
        raise click.UsageError("give --reason or --off, not both.")
    if work is None:
        _print_aside(settings, DROPPED, bool(reason) or off, as_json)
        return
    _misuse_of_json(as_json, "what is dropped")
    why = decoded(reason).strip()

    def drop(citekey: str, record: WorkRecord) -> Change | None:
        is_so = record.aside == DROPPED and why in ("", record.reason)
        return None if is_so else journal.drop(citekey, why)

    _set_aside(settings, work, off, drop, "Dropped")


def _set_aside(
    settings: Settings,
    work: str,
    off: bool,
    change: Callable[[str, WorkRecord], Change | None],
    done: str,
    after: str = "",
) -> None:
    """Record a change of a work or, with `off`, take the work up again; say what was done.

    `change` returns None for a work that is set aside so already.
    """
    with settings.store() as store:
        citekey = resolve(store, work)
        title = safe_line(store.works.title(citekey))
        record = store.reading_log.work(citekey)
        if off:
            if not record.aside:
                raise Refused(f"{title} is neither parked nor dropped.")
            store.record(journal.take_up(citekey))
            done, after = "Taken up again", ""
        elif changed := change(citekey, record.on(settings.today)):
            store.record(changed)
        else:
            raise Refused(f"{title} is {record.aside} already; --off takes it up again.")
    say_done(f"{done}: {title}{after}")


def _misuse_of_json(as_json: bool, printed: str) -> None:
    if as_json:
        raise click.UsageError(f"--json prints {printed}: name no WORK.")


def _print_aside(settings: Settings, aside: str, is_change: bool, as_json: bool) -> None:
    if is_change:
        raise click.UsageError("name a WORK.")
    with settings.store() as store:
        leaves = _grouped(store, settings.today, Grouping.STATUS)
        works = [leaf for leaf in leaves if leaf.aside == aside]
        verb = "park" if aside == PARKED else "drop"
        none = f"No work is {aside}; papertui {verb} WORK does it."
        _print_works(settings, works, store, as_json, none)


def _grouped(store: Store, today: date, grouping: Grouping) -> list[Leaf]:
    """Return the works of the queue in its order, or all works that are set aside."""
    query = TreeQuery(today, grouping)
    groups = {branch.id for branch in store.tree.branches(query)}
    leaves = store.tree.leaves(query, {0} if grouping is Grouping.QUEUE else groups)
    return [leaf for branch in leaves.values() for leaf in branch]


def _print_works(
    settings: Settings, works: Sequence[Leaf], store: Store, as_json: bool, if_none: str
) -> None:
    if as_json:
        print_json([_work_json(store, leaf) for leaf in works])
        return
    keys = store.bib_entries.keys([leaf.work for leaf in works])
    for leaf in works:
        sign = settings.glyphs.of(leaf.depth, leaf.aside, leaf.unidentified)
        extra = f"  {safe_line(leaf.extra)}" if leaf.extra else ""
        click.echo(f"{sign} {safe_line(leaf.title)}  [{keys.get(leaf.work, leaf.work)}]{extra}")
    if not works:
        click.echo(if_none, err=True)


def _work_json(store: Store, leaf: Leaf) -> dict[str, Any]:
    record = store.reading_log.work(leaf.work)
    return {
        "work": leaf.work,
        "title": leaf.title,
        "kind": leaf.kind,
        "status": leaf.aside or STATUSES[leaf.depth],
        "until": record.until.isoformat() if leaf.aside and record.until else None,
        "reason": record.reason if leaf.aside else None,
    }
