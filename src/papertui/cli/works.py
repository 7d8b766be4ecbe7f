"""The command that adds works of the reader's own, and asks arXiv about them."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from papertui.cli.context import (
    Settings,
    argument,
    named_work,
    resolve,
)

if TYPE_CHECKING:
    from papertui.core.identity import NewWork
    from papertui.core.journal import Change, Event
    from papertui.storage.store import Store
    from papertui.storage.work_queries import WorkQueries


_ASKED = "arxiv-asked"

_Found = Mapping[str, Mapping[str, Any]]


class _Outcome(NamedTuple):
    """What becomes of a work: its citekey, a line for the reader, what is to be recorded."""

    citekey: str
    line: str
    change: "Change | None" = None


@click.command(epilog="Example: papertui add 2401.12345 arxiv.org/abs/2402.00001")
@click.argument("works", nargs=-1, metavar="[ID]...")
@click.option("--offline", is_flag=True, help="Ask nobody; what arXiv knows can come later.")
@click.option("--refresh", is_flag=True, help="Complete works that were added by id alone.")
@click.pass_obj
def add(settings: Settings, works: tuple[str, ...], offline: bool, refresh: bool) -> None:
    """Add works by arXiv id or address; title, authors and abstract come from arXiv.

    An ID may also be a DOI, an http(s) address or a title in quotes, or a title
    with one of these. Prints the citekeys.
    """
    from papertui.errors import Refused

    if offline and refresh:
        raise click.UsageError("--refresh asks arXiv, --offline asks nobody: give one of them.")
    if not works and not refresh:
        raise click.UsageError("name an arXiv id or address, a DOI, or a title in quotes.")
    new = _described(works)
    with settings.store() as store:
        ids = [] if offline else _to_ask(store.works, new, refresh)
        found, problem = _look_up(store, ids)
        outcomes = [
            *(_outcome(store.works, work, found) for work in new),
            *(_completed(store.works, found) if refresh else ()),
        ]
        if changes := [outcome.change for outcome in outcomes if outcome.change]:
            store.record(*changes)
        lacking = store.works.incomplete()
    for outcome in outcomes:
        click.echo(outcome.citekey)
        click.echo(outcome.line, err=True)
    added = {change.work for change in changes}
    left = [fields["arxiv"] for key, fields in lacking.items() if refresh or key in added]
    if left:
        why = "" if offline else f"{problem or 'Not found at arXiv.'} "
        line = f"{why}Still to be completed by papertui add --refresh: {_few(left)}."
        if refresh and problem:
            raise Refused(line)
        click.echo(line, err=True)
    elif not outcomes:
        click.echo("There is nothing to complete.", err=True)


def _described(typed: Sequence[str]) -> "list[NewWork]":
    """Return the works that were typed, each once."""
    from papertui.core.identity import parse_new_work

    works: dict[str, NewWork] = {}
    for text in map(argument, typed):
        work = parse_new_work(text)
        if work.titled and len(typed) > 1 and " " not in text.strip():
            raise click.UsageError(f"{text!r} is one word of a title: put titles in quotes.")
        works.setdefault(work.fields.get("arxiv", work.citekey), work)
    return list(works.values())


def _to_ask(library: "WorkQueries", new: "Sequence[NewWork]", refresh: bool) -> list[str]:
    """Return the arXiv ids of which more should be known.

    An id that another work has under another title may be mistaken, so arXiv
    is not asked about it.
    """
    ids = [
        work.fields["arxiv"]
        for work in new
        if "arxiv" in work.fields
        and not library.same_as(work.fields)
        and not library.conflict(work.fields)
    ]
    if refresh:
        ids += [fields["arxiv"] for fields in library.incomplete().values()]
    return list(dict.fromkeys(ids))


def _look_up(store: "Store", ids: Sequence[str]) -> tuple[_Found, str | None]:
    """Return what arXiv knows of `ids`, and why that is not all it could be.

    Commands that follow one another keep arXiv's distance between requests too.
    """
    if not ids:
        return {}, None
    import time
    from contextlib import suppress

    from papertui.sources import arxiv
    from papertui.storage.database import DatabaseError

    wait = float(store.setting(_ASKED) or 0) + arxiv.REQUEST_INTERVAL - store.clock().timestamp()
    if 0 < wait <= arxiv.REQUEST_INTERVAL:
        time.sleep(wait)
    if len(ids) > arxiv.MAX_IDS:
        click.echo(f"Asking arXiv about {len(ids)} works …", err=True)
    try:
        return arxiv.metadata(ids), None
    except arxiv.ArxivError as error:
        return error.received, str(error)
    finally:
        with suppress(DatabaseError):
            store.set_setting(_ASKED, f"{store.clock().timestamp():.3f}")


def _outcome(library: "WorkQueries", work: "NewWork", found: _Found) -> _Outcome:
    from papertui.core import identity, journal
    from papertui.core.text import safe_line

    fields = work.fields
    if more := found.get(fields.get("arxiv", "")):
        fields = identity.complete_new_work(fields, more)
    if known := library.same_as(fields):
        return _Outcome(known, f"Known already: {safe_line(library.title(known))}")
    change = journal.add_work(work.citekey, fields)
    if rival := library.conflict(fields):
        line = f"Added apart: its arXiv id is that of {safe_line(library.title(rival))}"
        return _Outcome(work.citekey, line, change)
    return _Outcome(work.citekey, f"Added: {safe_line(fields['title'])}", change)


def _completed(library: "WorkQueries", found: _Found) -> Iterator[_Outcome]:
    from papertui.core import identity, journal
    from papertui.core.text import safe_line

    for citekey, fields in library.incomplete().items():
        if more := found.get(fields["arxiv"]):
            whole = identity.complete_new_work(fields, more)
            change = journal.complete_work(citekey, whole)
            yield _Outcome(citekey, f"Completed: {safe_line(whole['title'])}", change)


def _few(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - 10} more" if len(ids) > 10 else ""
    return ", ".join(ids[:10]) + more


@click.command(epilog="Example: papertui merge adam-1a2b3c4d kingma2014adam")
@named_work
@click.argument("into")
@click.pass_obj
def merge(settings: Settings, work: str, into: str) -> None:
    """Merge a WORK that is really another one INTO that: passes, notes and places."""
    from papertui.storage.store import work_merge

    with settings.store() as store:
        target = resolve(store, into)
        title = store.works.title(target)
        store.record(work_merge(store, resolve(store, work), target))
    click.echo(f"Merged into {title}. papertui undo takes it back.", err=True)


def _merge(store: "Store", events: "list[Event]", dry_run: bool) -> None:
    from papertui.core.text import quantity

    if dry_run:
        click.echo(f"An export of papertui's own: {quantity(len(events), 'event')}.")
        return
    new = store.merge(events)
    click.echo(f"Imported: {quantity(new, 'event')} that were not here yet.", err=True)
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
