"""Commands that add works, with what is known of them, edit them, and merge two."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import click

from papertui.cli.context import Settings, decoded, named_work, pass_settings, resolve, say_done
from papertui.core import journal, labels
from papertui.core.identifiers import isbn_of
from papertui.core.identity import NewWork, Rule, complete_new_work, parse_new_work
from papertui.core.journal import Change
from papertui.core.markup import readable
from papertui.core.new_paper import is_withdrawn_by
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.storage.edits import (
    FieldRefused,
    completions,
    naming,
    twin,
    work_edit,
    work_merge,
)
from papertui.storage.store import Store
from papertui.storage.work_queries import MAX_ALONG, WorkQueries

_MAX_IDS_NAMED = 10
_MANY = 10  # works from which on a lookup is announced

_Metadata = Mapping[str, Mapping[str, Any]]


class _Outcome(NamedTuple):
    """The citekey of a work that was asked for, a line for the reader, the change to record."""

    citekey: str
    line: str
    change: Change | None = None


@click.command(epilog="Example: papertui add 2401.12345 10.1038/323533a0")
@click.argument("works", nargs=-1, metavar="[ID]...")
@click.option("--offline", is_flag=True, help="Ask no service; --refresh can do so later.")
@click.option(
    "--refresh", is_flag=True, help="Complete what was added offline, and what was published since."
)
@pass_settings
def add_command(settings: Settings, works: tuple[str, ...], offline: bool, refresh: bool) -> None:
    """Add works by arXiv id, DOI, ISBN, address or title.

    An ID is an arXiv id, a DOI, an ISBN, an http(s) address or a title in quotes,
    or a title with one of these. Title, authors, venue and abstract come from
    arXiv, Crossref, doi.org or Open Library. Prints the citekeys.
    """
    if offline and refresh:
        raise click.UsageError("--refresh asks services, --offline asks nobody: give one of them.")
    if not works and not refresh:
        raise click.UsageError("name an arXiv id, DOI, ISBN or address, or a title in quotes.")
    new_works = _parse_works(works)
    with settings.store() as store:
        wanted = {} if offline else _works_to_look_up(store.works, new_works, refresh)
        known, problems = _look_up(settings, wanted)
        completing = list(completions(store, known))
        outcomes = [_add(store, work, known) for work in new_works]
        additions = [outcome.change for outcome in outcomes if outcome.change]
        # Each its own act: an undo takes back what was asked for, which came last.
        for changes in filter(None, (completing, additions)):
            store.record(*changes)
        incomplete = store.works.incomplete()
        names = store.bib_entries.keys([outcome.citekey for outcome in outcomes])
    completed = list(map(_completed, completing))
    for outcome in [*outcomes, *(completed if refresh else ())]:
        click.echo(names.get(outcome.citekey, outcome.citekey))
        click.echo(outcome.line, err=True)
    for outcome in () if refresh else completed:
        click.echo(outcome.line, err=True)
    added = {change.work for change in additions}
    left = [fields for key, fields in incomplete.items() if refresh or key in added]
    # Of works that were looked up along with these, the next refresh tells.
    problem = " ".join(why for why, keys in problems.items() if refresh or added.intersection(keys))
    if left:
        why = "" if offline else f"{problem or _not_found(left)} "
        some = ", ".join(map(_id, left[:_MAX_IDS_NAMED]))
        more = f" and {len(left) - _MAX_IDS_NAMED} more" if left[_MAX_IDS_NAMED:] else ""
        line = f"{why}Still to be completed by papertui add --refresh: {some}{more}."
        if refresh and problem:
            raise Refused(line)
        click.echo(line, err=True)
    elif refresh and problem:
        raise Refused(problem)
    elif not (outcomes or completed):
        click.echo("There is nothing to complete.", err=True)


def _parse_works(arguments: Sequence[str]) -> list[NewWork]:
    """Return the works that the arguments describe, each once.

    Of several, one that describes none stops all: the refusal says so.
    """
    works: dict[str, NewWork] = {}
    nothing = " Nothing was added." if len(arguments) > 1 else ""
    for text in map(decoded, arguments):
        try:
            work = parse_new_work(text)
        except Refused as refused:
            raise Refused(f"{refused}{nothing}") from None
        if work.titled and nothing and " " not in text.strip():
            says = f"{text!r} is one word of a title: put titles in quotes."
            raise click.UsageError(f"{says}{nothing}")
        works.setdefault(work.fields.get("arxiv", work.citekey), work)
    return list(works.values())


def _works_to_look_up(
    works: WorkQueries, new_works: Sequence[NewWork], refresh: bool
) -> dict[str, Mapping[str, Any]]:
    """Return the fields of the works to ask about, by citekey.

    An id that another work has under another title may be mistaken, so nobody is asked
    about it.
    """
    incomplete = works.incomplete()
    wanted: dict[str, Mapping[str, Any]] = {}
    for new in new_works:
        same = works.known_as(new)
        if same in incomplete:
            wanted[same] = incomplete[same]
        elif not same and _id(new.fields):
            rule, _ = works.closest(new.fields)
            wanted |= {} if rule is Rule.CONFLICT else {new.citekey: new.fields}
    if refresh:
        return {**wanted, **incomplete, **works.unpublished()}
    return {**wanted, **dict(list(incomplete.items())[:MAX_ALONG])} if wanted else {}


def _look_up(
    settings: Settings, wanted: Mapping[str, Mapping[str, Any]]
) -> tuple[_Metadata, Mapping[str, Collection[str]]]:
    """Return what is known of works, by citekey, and each reason why that of some is missing."""
    if not wanted:
        return {}, {}
    # The services' answers need modules that --offline and other commands do without.
    from papertui.sources.lookup import look_up, services_of

    if len(wanted) > _MANY:
        services = services_of(wanted.values())
        click.echo(f"Asking {services} about {len(wanted)} works …", err=True)
    found = look_up(wanted, settings.http())
    return found.fields, found.problems


def _not_found(left: Sequence[Mapping[str, Any]]) -> str:
    from papertui.sources.lookup import services_of

    return f"Not found at {services_of(left)}."


def _add(store: Store, new: NewWork, known: _Metadata) -> _Outcome:
    works = store.works
    fields: Mapping[str, Any] = complete_new_work(new.fields, known.get(new.citekey, {}))
    if same := works.known_as(replace(new, fields=fields)):
        line = f"Known already: {safe_line(works.title(same))}"
        own = works.own_fields(same)
        if new.citekey in known and own and (gained := {**fields, **own}).keys() > own.keys():
            change = journal.complete_work(same, {**gained, "title": own["title"]})
            return _Outcome(same, f"{line} · completed", change)
        if named := naming(store, same, new):
            return _Outcome(same, f"Known already, with your title now: {_title(fields)}", named)
        return _Outcome(same, line)
    change = journal.add_work(new.citekey, fields)
    rule, other = works.closest(fields)
    if rule is Rule.CONFLICT and other:
        line = f"Added separately: its id is that of {safe_line(works.title(other))}"
        return _Outcome(new.citekey, line, change)
    beside = labels.BESIDE_NAMESAKE if rule is Rule.RIVAL else ""
    return _Outcome(new.citekey, f"Added{beside}: {_title(fields)}{new.how}", change)


def _completed(change: Change) -> _Outcome:
    return _Outcome(str(change.work), f"Completed: {_title(change.data['fields'])}", change)


def _title(fields: Mapping[str, Any]) -> str:
    """Return the title of a work, and whether it was withdrawn."""
    withdrawn = " · withdrawn" if is_withdrawn_by(fields.get("summary", "")) else ""
    return f"{safe_line(readable(fields['title']))}{withdrawn}"


def _id(fields: Mapping[str, Any]) -> str:
    """Return the id by which services know a work, empty if it has none."""
    return str(fields.get("arxiv") or fields.get("doi") or isbn_of(fields) or "")


@click.command(epilog='Example: papertui edit my-notes --year 2024 --author "A. One" --venue ""')
@named_work
@click.option("--title", help="The title; the old one still finds the work.")
@click.option("--author", "authors", multiple=True, help="An author; repeat it for several.")
@click.option("--year", help="The year.")
@click.option("--venue", help="The journal, conference or publisher.")
@click.option("--arxiv", help="The arXiv id.")
@click.option("--doi", help="The DOI.")
@click.option("--link", "links", multiple=True, help="An address; repeat it for several.")
@click.option("--kind", help="paper, article, video, book or course.")
@click.option("--difficulty", help="Beginner, Intermediate, Advanced or Expert.")
@click.option("--after", "requires", multiple=True, help="A work to read first; may be repeated.")
@pass_settings
def edit_command(
    settings: Settings,
    /, work: str, authors: tuple[str, ...], links: tuple[str, ...],
    requires: tuple[str, ...], **fields: str | None,
) -> None:  # fmt: skip
    """Edit fields of a WORK of your own.

    It is one that you added or imported. An empty text clears a field. What you
    edit holds: neither an import nor add --refresh changes it.
    """
    lists = {
        "authors": "; ".join(authors),
        "links": " ".join(links),
        "requires": "; ".join(requires),
    }
    given = {"authors": authors, "links": links, "requires": requires}
    typed = {name: decoded(text) for name, text in fields.items() if text is not None}
    typed |= {name: decoded(text) for name, text in lists.items() if given[name]}
    if not typed:
        raise click.UsageError("name a field to edit, such as --title or --year.")
    with settings.store() as store:
        citekey = resolve(store, work)
        try:
            change = work_edit(store, citekey, typed)
        except FieldRefused as refused:
            raise Refused(f"{_OPTIONS.get(refused.name, refused.name)}: {refused}") from None
        if change:
            store.record(change)
        title = safe_line(store.works.title(citekey))
        other = twin(store, citekey) if change else None
    if change:
        say_done(f"Edited: {title}")
    else:
        click.echo("Nothing has changed.", err=True)
    if other:
        click.echo(f"{safe_line(other)} has the same id; papertui merge makes them one.", err=True)


_OPTIONS = {"authors": "--author", "links": "--link", "requires": "--after"} | {
    name: f"--{name}" for name in ("title", "year", "venue", "arxiv", "doi", "kind", "difficulty")
}


@click.command(epilog="Example: papertui merge adam-1a2b3c4d kingma2014adam")
@named_work
@click.argument("into")
@pass_settings
def merge_command(settings: Settings, work: str, into: str) -> None:
    """Merge a WORK INTO another one that is the same.

    Its passes, notes and places become those of the other one.
    """
    with settings.store() as store:
        merged = resolve(store, work)
        target = resolve(store, into, but=merged)
        title, into_title = map(safe_line, map(store.works.title, (merged, target)))
        before = store.reading_log.work(target)
        store.record(work_merge(store, merged, target))
        changed = labels.changed_by_merge(before, store.reading_log.work(target))
    moved = f"Its passes, notes and places are now those of the other{changed}"
    say_done(f"Merged {title} into {into_title}. {moved}")
