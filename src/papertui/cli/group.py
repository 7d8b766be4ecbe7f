"""Commands of a reading group: its board, and what the reader shows and promises there."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from papertui.cli import context
from papertui.cli.context import (
    Settings,
    as_json,
    decoded,
    named_work,
    pass_settings,
    resolve,
    say_done,
)
from papertui.cli.import_export import import_list
from papertui.core import journal
from papertui.core.group import NO_GROUP, OfferedList
from papertui.core.records import notes_for_others
from papertui.core.text import fold, safe_line
from papertui.errors import Refused
from papertui.storage.store import Store


@click.group(
    invoke_without_command=True,
    epilog='Example: papertui group join ssh://us@host/club.git --name "Ada"',
)
@click.option("--list", "list_", default="", help="Show who read what in this list, too.")
@as_json
@pass_settings
@click.pass_context
def group_command(invoked: click.Context, settings: Settings, list_: str, as_json: bool) -> None:
    """Read together: who read what, who explains what, lists on offer.

    Without a command, print the board as of the last sync. The others see your passes
    with their days, what you explain, and the notes and lists that you show; no minutes,
    no other notes, nothing else.
    """
    if invoked.invoked_subcommand is not None:
        return
    from papertui.pages.group import board_details, board_json, board_page

    with settings.store() as store:
        key = _list_key(store, decoded(list_)) if list_ else ""
        details = board_details(store, settings.config, settings.today, key)
    if as_json:
        context.print_json(board_json(details))
    else:
        context.print_lines(board_page(details, context.page_width()))


@group_command.command("join", epilog="Example: papertui group join ~/Sync/club --name Ada")
@click.argument("place")
@click.option("--name", required=True, help="The name by which the others know you.")
@click.option("--again", is_flag=True, help="You are in it by this name, on another machine.")
@pass_settings
def _join(settings: Settings, place: str, name: str, again: bool) -> None:
    """Join the group at PLACE: a repository or folder, as for sync.

    Each device that you log passes on joins by itself.
    """
    from papertui.sync.group import join_group

    with settings.store() as store:
        outcome = join_group(store, decoded(place), decoded(name), settings.now, again)
        others = ", ".join(map(safe_line, store.group.members())) or "nobody else yet"
    if outcome.failure:
        raise Refused(safe_line(outcome.failure))
    click.echo(f"You are in the group, with {others}. papertui group prints its board.", err=True)


@group_command.command("leave", epilog="Example: papertui group leave")
@pass_settings
def _leave(settings: Settings) -> None:
    """Leave the group: the others see you no more, nor you them."""
    from papertui.sync.group import leave_group

    with _store_of_member(settings) as store:
        leave_group(store, settings.now)
    click.echo("You have left the group.", err=True)


@group_command.command("explain", epilog="Example: papertui group explain adam --on 2026-12-03")
@named_work
@click.option("--on", "day", default="", help="The day you explain it: 2026-12-03, 10d, fri.")
@click.option("--off", is_flag=True, help="Take the promise back.")
@pass_settings
def _explain(settings: Settings, work: str, day: str, off: bool) -> None:
    """Promise the group to explain a WORK.

    It is kept once you explain the work.
    """
    from papertui.core.typed_days import parse_day_ahead

    with _store_of_member(settings) as store:
        citekey = resolve(store, work)
        on = parse_day_ahead(decoded(day), settings.today) if day else None
        title = safe_line(store.works.title(citekey))
        if off and citekey not in store.group.own_promises():
            raise Refused(f"You have not promised to explain {title}.")
        store.record(journal.promise(citekey, on, on=not off))
    _say("Not promised any more" if off else "Promised to explain", title)


@group_command.command("show-note", epilog="Example: papertui group show-note adam")
@named_work
@click.option("--off", is_flag=True, help="Show it no longer.")
@pass_settings
def _show_note(settings: Settings, work: str, off: bool) -> None:
    """Show the group your notes on a WORK as they are now.

    Later edits stay with you until you show the note again.
    """
    with _store_of_member(settings) as store:
        citekey = resolve(store, work)
        title = safe_line(store.works.title(citekey))
        if off:
            shown = [id_ for id_, of in store.group.shown_notes().items() if of == citekey]
            changes = [journal.show_note(citekey, id_, "", None, on=False) for id_ in shown]
            refusal = f"You show the group no note on {title}."
        else:
            notes = notes_for_others(store.reading_log.work(citekey).notes, store.private_notes())
            changes = [journal.show_note(citekey, n.id, n.body, n.depth) for n in notes]
            refusal = f"There is no note on {title} that others may see."
        if not changes:
            raise Refused(refusal)
        store.record(*changes)
    _say("No longer shown" if off else "Shown to the group", f"your notes on {title}")


@group_command.command("offer", epilog='Example: papertui group offer "Reading group"')
@click.argument("name")
@click.option("--off", is_flag=True, help="Offer it no longer.")
@pass_settings
def _offer(settings: Settings, name: str, off: bool) -> None:
    """Offer the list NAME, as it is now, to the others."""
    from papertui.exporters.offered_list import offered_list

    with _store_of_member(settings) as store:
        if off:
            content = _own_offer(store, decoded(name))
        else:
            content = offered_list(store, _list_key(store, decoded(name)), settings.today)
        store.record(journal.show_list(content, on=not off))
    _say("No longer offered" if off else "Offered to the group", safe_line(content["title"]))


@group_command.command("import", epilog='Example: papertui group import "Reading group"')
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Print what would be imported, and import nothing.")
@pass_settings
def _import(settings: Settings, name: str, dry_run: bool) -> None:
    """Import the list NAME that a member offers."""
    from papertui.importers.offered_list import parse_offered

    with _store_of_member(settings) as store:
        member, offered = _offered(store, decoded(name))
        parsed = parse_offered(offered.content, member)
        import_list(store, parsed, f"{member}'s list", dry_run, log=False, as_json=False)


@contextmanager
def _store_of_member(settings: Settings) -> Iterator[Store]:
    """Open the store of a reader who is in a group. Raises Refused if they are in none."""
    with settings.store() as store:
        if not store.group.name():
            raise Refused(NO_GROUP)
        yield store


def _say(done: str, of: str) -> None:
    say_done(f"{done}: {of}")


def _offered(store: Store, name: str) -> tuple[str, OfferedList]:
    on_offer = store.group.lists()
    named = [(each.title, f"{each.title} ({who})") for who, each in on_offer]
    fitting = _fitting(name, named)
    if len(fitting) != 1:
        titles = ", ".join(safe_line(full) for _, full in named)
        raise Refused(f"Name one of the lists on offer: {titles or 'there is none'}.")
    return on_offer[fitting[0]]


def _own_offer(store: Store, name: str) -> dict[str, Any]:
    offers = store.group.offered_lists()
    fitting = _fitting(name, [[str(offer["title"])] for offer in offers])
    if len(fitting) != 1:
        titles = ", ".join(safe_line(str(offer["title"])) for offer in offers)
        raise Refused(f"Name one of the lists that you offer: {titles or 'there is none'}.")
    return offers[fitting[0]]


def _list_key(store: Store, name: str) -> str:
    lists = store.tree.lists()
    fitting = _fitting(name, lists)
    if len(fitting) != 1:
        titles = ", ".join(safe_line(title) for _, title in lists)
        raise Refused(f"Name one of your lists: {titles}.")
    return lists[fitting[0]][0]


def _fitting(name: str, named: Iterable[Sequence[str]]) -> list[int]:
    """Return the numbers of what a name fits: one of its names whole, else part of the last."""
    folded = [[*map(fold, names)] for names in named]
    whole = [number for number, names in enumerate(folded) if fold(name) in names]
    return whole or [number for number, names in enumerate(folded) if fold(name) in names[-1]]
