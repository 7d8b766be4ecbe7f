"""Commands that change the reader's own lists: their sections, and the works in them."""

import click

from papertui.cli.context import Settings, decoded, named_work, pass_settings, resolve, say_done
from papertui.core.own_lists import is_own
from papertui.core.text import quantity, safe_line
from papertui.errors import Refused
from papertui.storage import edits
from papertui.storage.store import Store


@click.command(epilog='Example: papertui move adam "Reading group/Optimizers"')
@named_work
@click.argument("section")
@click.option("--copy", is_flag=True, help="Leave it where it is, too.")
@click.option("--from", "source", help="The section that it leaves, if it is in several.")
@pass_settings
def move_command(
    settings: Settings, work: str, section: str, copy: bool, source: str | None
) -> None:
    """Move a WORK to a SECTION of a list of your own.

    A SECTION is named by a part of its title, or as LIST/SECTION. A work of a shipped
    list stays there too.
    """
    with settings.store() as store:
        citekey, into = resolve(store, work), edits.find_section(store, decoded(section))
        out = None if copy else _place(store, citekey, source, but=into.path)
        store.record(*edits.placing(store, citekey, into.path, out))
        title = safe_line(store.works.title(citekey))
    done = "Moved" if out else "Copied"
    say_done(f"{done} to {safe_line(into.title)}: {title}")


@click.command(epilog="Example: papertui remove adam")
@named_work
@click.argument("section", required=False)
@pass_settings
def remove_command(settings: Settings, work: str, section: str | None) -> None:
    """Remove a WORK from a list of your own.

    Name the SECTION if it is in several. Its passes and notes are kept: a work in no
    other list that you have read, noted, tagged or queued goes to the list Unlisted, and from
    there out of the library.
    """
    with settings.store() as store:
        citekey = resolve(store, work)
        title, path = safe_line(store.works.title(citekey)), _place(store, citekey, section)
        if path is None:
            raise Refused(f"{title} is in no list of yours. {edits.ShippedList()}")
        store.record(*edits.taking_out(store, citekey, path))
        where = edits.whereabouts(store, citekey)
    say_done(f"Removed: {title}{safe_line(where)}")


def _place(store: Store, citekey: str, name: str | None, but: str = "") -> str | None:
    """Return the section that a work is to leave, None if it is in none that can be changed.

    Raises Refused if it is in several and none of them is named, or not in the named one.
    """
    paths = [p for p in store.own_lists.paths(citekey) if edits.is_changeable(p) and p != but]
    if name:
        path = edits.find_section(store, decoded(name)).path
        if path not in paths:
            raise Refused(f"{safe_line(store.works.title(citekey))} is not in that section.")
        return path
    own = [path for path in paths if is_own(path)] or paths
    if len(own) > 1:
        names = edits.own_sections(store)
        lines = [f"  {safe_line(names[path]).replace(' › ', '/')}" for path in own]
        raise Refused("\n".join(["It is in several sections; name one:", *lines]))
    return own[0] if own else None


@click.group(epilog='Example: papertui section add "Reading group/Optimizers"')
def section_command() -> None:
    """Add, rename or remove a list or a section of your own.

    LIST/SECTION names a section, LIST alone a list.
    """


@section_command.command("add", epilog='Example: papertui section add "Reading group/Optimizers"')
@click.argument("name")
@pass_settings
def _add(settings: Settings, name: str) -> None:
    """Add a list NAME, or a section LIST/NAME.

    A LIST that is not there is made too.
    """
    around, _, title = decoded(name).rpartition("/")
    with settings.store() as store:
        changes, _ = edits.new_sections(store, decoded(name))
        store.record(*changes)
    what = f"section of {safe_line(around.strip())}" if around else "list"
    say_done(f"Added a {what}: {safe_line(title.strip())}")


@section_command.command("rename", epilog='Example: papertui section rename "Reading group" Club')
@click.argument("name")
@click.argument("title")
@pass_settings
def _rename(settings: Settings, name: str, title: str) -> None:
    """Give the list or section NAME another TITLE."""
    with settings.store() as store:
        branch = edits.find_section(store, decoded(name))
        change = edits.renaming(store, branch, decoded(title))
        if change:
            store.record(change)
    if change:
        say_done(f"{safe_line(branch.title)} is now {safe_line(change.data['title'])}")
    else:
        click.echo("Nothing has changed.", err=True)


@section_command.command("remove", epilog='Example: papertui section remove "Reading group"')
@click.argument("name")
@pass_settings
def _remove(settings: Settings, name: str) -> None:
    """Remove the list or section NAME with all that is in it.

    Its works that you have read, noted, tagged or queued are kept in the list Unlisted.
    """
    with settings.store() as store:
        branch = edits.find_section(store, decoded(name), whole=True)
        lost = edits.lost_with(store, branch)
        store.record(edits.removing(branch))
    works = quantity(branch.total, "work")
    left = f", {lost:,} of them from the library too" if lost else ""
    say_done(f"Removed {safe_line(branch.title)} with {works}{left}")
