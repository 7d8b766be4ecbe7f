"""Commands that add works, with what arXiv knows of them, and that merge two works."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import click

from papertui.cli.context import Settings, decoded, named_work, pass_settings, resolve
from papertui.core import journal
from papertui.core.identity import NewWork, complete_new_work, parse_new_work
from papertui.core.journal import Change
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.storage.database import DatabaseError
from papertui.storage.store import Store, work_merge
from papertui.storage.work_queries import WorkQueries

# The setting that holds when arXiv was last asked, in seconds since 1970.
_LAST_REQUEST = "arxiv-asked"
_MAX_IDS_NAMED = 10

_Metadata = Mapping[str, Mapping[str, Any]]


class _Outcome(NamedTuple):
    """The citekey of a work that was asked for, a line for the reader, the change to record."""

    citekey: str
    line: str
    change: Change | None = None


@click.command(epilog="Example: papertui add 2401.12345 arxiv.org/abs/2402.00001")
@click.argument("works", nargs=-1, metavar="[ID]...")
@click.option("--offline", is_flag=True, help="Do not ask arXiv; --refresh can do so later.")
@click.option("--refresh", is_flag=True, help="Complete the works that were added without arXiv.")
@pass_settings
def add_command(settings: Settings, works: tuple[str, ...], offline: bool, refresh: bool) -> None:
    """Add works by arXiv id, DOI, address or title.

    An ID is an arXiv id or address, a DOI, an http(s) address or a title in
    quotes, or a title with one of these. Title, authors and abstract come from
    arXiv. Prints the citekeys.
    """
    if offline and refresh:
        raise click.UsageError("--refresh asks arXiv, --offline asks nobody: give one of them.")
    if not works and not refresh:
        raise click.UsageError("name an arXiv id or address, a DOI, or a title in quotes.")
    new_works = _parse_works(works)
    with settings.store() as store:
        ids = [] if offline else _ids_to_ask(store.works, new_works, refresh)
        metadata, problem = _ask_arxiv(store, ids)
        outcomes = [
            *(_add(store.works, work, metadata) for work in new_works),
            *(_complete(store.works, metadata) if refresh else ()),
        ]
        if changes := [outcome.change for outcome in outcomes if outcome.change]:
            store.record(*changes)
        incomplete = store.works.incomplete()
    for outcome in outcomes:
        click.echo(outcome.citekey)
        click.echo(outcome.line, err=True)
    added = {change.work for change in changes}
    left = [fields["arxiv"] for key, fields in incomplete.items() if refresh or key in added]
    if left:
        why = "" if offline else f"{problem or 'Not found at arXiv.'} "
        some = ", ".join(left[:_MAX_IDS_NAMED])
        more = f" and {len(left) - _MAX_IDS_NAMED} more" if left[_MAX_IDS_NAMED:] else ""
        line = f"{why}Still to be completed by papertui add --refresh: {some}{more}."
        if refresh and problem:
            raise Refused(line)
        click.echo(line, err=True)
    elif not outcomes:
        click.echo("There is nothing to complete.", err=True)


def _parse_works(arguments: Sequence[str]) -> list[NewWork]:
    """Return the works that the arguments describe, each once."""
    works: dict[str, NewWork] = {}
    for text in map(decoded, arguments):
        work = parse_new_work(text)
        if work.titled and len(arguments) > 1 and " " not in text.strip():
            raise click.UsageError(f"{text!r} is one word of a title: put titles in quotes.")
        works.setdefault(work.fields.get("arxiv", work.citekey), work)
    return list(works.values())


def _ids_to_ask(works: WorkQueries, new_works: Sequence[NewWork], refresh: bool) -> list[str]:
    """Return the arXiv ids to look up.

    An id that another work has under another title may be mistaken, so arXiv
    is not asked about it.
    """
    ids = [
        new.fields["arxiv"]
        for new in new_works
        if "arxiv" in new.fields
        and not works.same_as(new.fields)
        and not works.conflict(new.fields)
    ]
    if refresh:
        ids += [fields["arxiv"] for fields in works.incomplete().values()]
    return list(dict.fromkeys(ids))


def _ask_arxiv(store: Store, ids: Sequence[str]) -> tuple[_Metadata, str | None]:
    """Return the metadata of `ids`, and why some is missing.

    arXiv wants a pause between requests, also between those of two commands.
    """
    if not ids:
        return {}, None
    # httpx costs 120 ms, which the other commands and --offline do without.
    from papertui.sources import arxiv

    passed = store.clock().timestamp() - float(store.setting(_LAST_REQUEST) or 0)
    if 0 <= passed < arxiv.REQUEST_INTERVAL:
        time.sleep(arxiv.REQUEST_INTERVAL - passed)
    if len(ids) > arxiv.MAX_IDS:
        click.echo(f"Asking arXiv about {len(ids)} works …", err=True)
    try:
        return arxiv.metadata(ids), None
    except arxiv.ArxivError as error:
        return error.received, str(error)
    finally:
        with suppress(DatabaseError):
            store.set_setting(_LAST_REQUEST, f"{store.clock().timestamp():.3f}")


def _add(works: WorkQueries, new: NewWork, metadata: _Metadata) -> _Outcome:
    fields = new.fields
    if known_fields := metadata.get(fields.get("arxiv", "")):
        fields = complete_new_work(fields, known_fields)
    if same := works.same_as(fields):
        return _Outcome(same, f"Known already: {safe_line(works.title(same))}")
    change = journal.add_work(new.citekey, fields)
    if rival := works.conflict(fields):
        line = f"Added apart: its arXiv id is that of {safe_line(works.title(rival))}"
        return _Outcome(new.citekey, line, change)
    return _Outcome(new.citekey, f"Added: {safe_line(fields['title'])}", change)


def _complete(works: WorkQueries, metadata: _Metadata) -> Iterator[_Outcome]:
    for citekey, fields in works.incomplete().items():
        if known_fields := metadata.get(fields["arxiv"]):
            completed = complete_new_work(fields, known_fields)
            change = journal.complete_work(citekey, completed)
            yield _Outcome(citekey, f"Completed: {safe_line(completed['title'])}", change)


@click.command(epilog="Example: papertui merge adam-1a2b3c4d kingma2014adam")
@named_work
@click.argument("into")
@pass_settings
def merge_command(settings: Settings, work: str, into: str) -> None:
    """Merge a WORK INTO another one that is the same.

    Its passes, notes and places become those of the other one.
    """
    with settings.store() as store:
        target = resolve(store, into)
        title = store.works.title(target)
        store.record(work_merge(store, resolve(store, work), target))
    click.echo(f"Merged into {safe_line(title)}. papertui undo takes it back.", err=True)
