"""Acts on the reader's own lists, their sections, and the places of works in them."""

from collections.abc import Callable, Container, Iterable, Sequence

from papertui.core import journal
from papertui.core.journal import Change
from papertui.core.library_tree import Branch, Leaf
from papertui.core.own_lists import UNLISTED_LIST, is_own, unlisted_words
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.storage import edits
from papertui.tui.act_on_works import MANY, name_of
from papertui.tui.base import PaperApp
from papertui.tui.pick import Pick


async def rename(app: PaperApp, branch: Branch) -> None:
    """Ask for another name of an own list or section. Raises Refused for another one."""
    edits.check_own(branch.path)

    async def parse(typed: str) -> tuple[Change | None]:
        return (await app.retry_while_busy(lambda: edits.renaming(app.store, branch, typed)),)

    label = ("Another name for ", branch.title, "")
    if (renamed := await app.ask_until(parse, label, "its name", branch.title)) is None:
        return
    (change,) = renamed
    if change:
        await _record(app, [change])
        app.show_message("", branch.title, f" is now {change.data['title']}{app.takes_back}")
    else:
        app.show_message("Nothing has changed")


async def move_works(
    app: PaperApp, works: Sequence[Leaf], around: Callable[[Leaf], str | None]
) -> bool:
    """Ask for a section of an own list and move works there from the sections around them.

    They stay there too if one of them is of a shipped list, or in several of the reader's.
    Return True if they were moved or copied.
    """
    store, citekeys = app.store, [leaf.work for leaf in works]
    left_by = await app.retry_while_busy(
        lambda: {leaf.work: _place_of(app, leaf, around(leaf)) for leaf in works}
    )
    is_moved = all(left_by.values())
    left_by = left_by if is_moved else dict.fromkeys(left_by)
    inside = await app.retry_while_busy(lambda: [store.own_lists.paths(key) for key in citekeys])
    sections = await app.retry_while_busy(lambda: edits.own_sections(store))
    offered = {
        path: name for path, name in sections.items() if any(path not in paths for paths in inside)
    }
    label = ("Move " if is_moved else "Copy ", name_of(works), " to which of your lists?")
    had = [name for path, name in sections.items() if path not in offered]
    path = typed = problem = ""

    def changes() -> list[Change]:
        if typed:
            return edits.placing_in_new_list(store, left_by, typed)
        placings = (
            edits.placing(store, key, path, left_by[key], n) for n, key in enumerate(outside)
        )
        return [change for placing in placings for change in placing]

    while True:
        picking = Pick(label, offered, _would_make, had, typed, problem)
        path, typed = await app.ask(picking) or ("", "")
        if not (path or typed):
            return False
        outside = [key for key, paths in zip(citekeys, inside, strict=True) if path not in paths]
        try:
            placings = await app.retry_while_busy(changes)
            break
        except Refused as refused:
            problem = refused.in_app(app.key)
    await _record(app, placings)
    done = "Moved" if is_moved else "Copied"
    where = sections[path] if path else f"the new {' '.join(await _made(app, placings))}"
    inside_already = len(citekeys) - len(outside)
    after = f"; {inside_already} had a place there already" if inside_already else ""
    placed = [leaf for leaf in works if leaf.work in outside]
    app.show_message(f"{done} to {where}: ", name_of(placed), after + app.takes_back)
    return True


def _would_make(typed: str) -> str:
    """Return what a name of which there is no list would make."""
    around, _, last = (part.strip() for part in typed.rpartition("/"))
    names = around.replace("/", " › ")
    return f"{names} › {last}" if around and last else f"the list {typed}"


async def _made(app: PaperApp, changes: Iterable[Change]) -> tuple[str, str]:
    """Return whether changes made a list or a section, and the last one's name in all around it."""
    paths = [each.data["section"] for each in changes if each.kind == journal.SECTION]
    names = await app.retry_while_busy(lambda: edits.own_sections(app.store))
    return "section" if "/" in paths[0] else "list", names[paths[-1]]


async def remove_works(
    app: PaperApp, works: Sequence[Leaf], around: Callable[[Leaf], str | None], in_view: str
) -> bool:
    """Take works out of the sections around them; one also out of another of the reader's.

    The section `in_view` is not named. Return True if they were taken out. Raises Refused,
    before any is, if one of them is in none that can be changed.
    """
    store, citekeys = app.store, [leaf.work for leaf in works]
    if not (out := await _places_to_leave(app, works, around)):
        return False
    changes = await app.retry_while_busy(
        lambda: [each for work in citekeys for each in edits.taking_out(store, work, out[work])]
    )
    done = await app.retry_while_busy(
        lambda: [edits.done_with(store, work) for work in out if out[work] == UNLISTED_LIST]
    )
    question = "?" if len(works) >= MANY else ""
    if kept := [*filter(None, done)]:
        what = kept[0] if len(works) == 1 else f"what you did with {len(kept)} of them"
        question = f" from the library? {what}, comes back only with it."
    if question and not await app.confirm("Remove ", name_of(works), question):
        return False
    unlisted = store.own_lists.unlisted
    before = await app.retry_while_busy(unlisted)
    await _record(app, changes)
    if len(works) == 1:
        where = await app.retry_while_busy(lambda: edits.whereabouts(store, citekeys[0]))
    else:
        left = await app.retry_while_busy(lambda: store.tree.of_works(citekeys, app.today()))
        where = _no_longer_in_library(len(works) - len(left))
        where += unlisted_words(len(await app.retry_while_busy(unlisted) - before))
    names = await app.retry_while_busy(lambda: edits.own_sections(store))
    (path, *others) = {*out.values()}
    # Where the list is in view, it need not be named.
    whence = f" from {names[path]}" if path in names and path != in_view and not others else ""
    app.show_message(f"Removed{whence}: ", name_of(works), where + app.takes_back)
    return True


async def _places_to_leave(
    app: PaperApp, works: Sequence[Leaf], around: Callable[[Leaf], str | None]
) -> dict[str, str]:
    """Return the section that each work is to leave, asking for that of one; none if it is left.

    Raises Refused if one of them is in none that can be changed, or it is not clear in which.
    """
    store = app.store
    places = await app.retry_while_busy(
        lambda: {leaf.work: _place_of(app, leaf, around(leaf)) for leaf in works}
    )
    staying = [leaf for leaf in works if places[leaf.work] is None]
    names = await app.retry_while_busy(lambda: edits.own_sections(store))
    paths = await app.retry_while_busy(
        lambda: [path for leaf in staying for path in store.own_lists.paths(leaf.work)]
    )
    offered = {path: names[path] for path in paths if path in names}
    if len(works) == 1 and offered and not around(works[0]):
        picking = Pick(("Remove ", works[0].title, " from which of your lists?"), offered)
        chosen, _ = await app.ask(picking) or ("", "")
        return {works[0].work: chosen} if chosen else {}
    if len(staying) == len(works) and (len(works) == 1 or not offered):
        raise edits.ShippedList
    if staying:
        off = app.key("tree.mark")
        raise Refused(f"In no list of yours, or in several: {name_of(staying)}; {off} unmarks one.")
    return {work: path for work, path in places.items() if path}


def _no_longer_in_library(number: int) -> str:
    return f"; {quantity(number, 'work')} no longer in the library" if number else ""


async def remove_section(app: PaperApp, branch: Branch) -> None:
    """Remove an own list or section. Raises Refused for another branch."""
    if not branch.list:
        view = app.key("view")
        raise Refused(f"Go to a work, or with {view} l to a list or section of your own.")
    change = edits.removing(branch)
    works = f" with {quantity(branch.total, 'work')}" if branch.total else ""
    lost = await app.retry_while_busy(lambda: edits.lost_with(app.store, branch))
    leave = f", {lost:,} of them from the library too" if lost else ""
    if works and not await app.confirm("Remove ", branch.title, f"{works}{leave}?"):
        return
    unlisted = app.store.own_lists.unlisted
    before = await app.retry_while_busy(unlisted)
    await _record(app, [change])
    where = unlisted_words(len(await app.retry_while_busy(unlisted) - before))
    left = _no_longer_in_library(lost)
    app.show_message("Removed: ", branch.title, left + where + app.takes_back)


async def new_section(
    app: PaperApp, around: Branch | None, go_to_section: Callable[[str], str]
) -> None:
    """Make a list, or a section in the own list or section around the cursor, and go there.

    `go_to_section` returns what to say of that.
    """
    parent = around if around and is_own(around.path) else None
    if parent:
        choices = {"s": "a section", "l": "a list"}
        chosen = await app.choose(
            "Make a section of ", parent.title, ", or a list?", choices=choices
        )
        if not chosen:
            return
        parent = parent if chosen == "s" else None

    def changes(typed: str) -> tuple[list[Change], str]:
        if parent is None:
            return edits.new_sections(app.store, typed)
        change, path = edits.new_section(app.store, typed, parent)
        return [change], path

    async def parse(typed: str) -> tuple[list[Change], str]:
        return await app.retry_while_busy(lambda: changes(typed))

    label = ("New section of ", parent.title, "") if parent else ("New list", "", "")
    hint = "its name" if parent else "its name; LIST/SECTION makes both"
    if named := await app.ask_until(parse, label, hint):
        made, path = named
        await _record(app, made)
        cleared = await app.retry_while_busy(lambda: go_to_section(path))
        what, name = await _made(app, made)
        adds = app.offer("add", "there adds a work to it")
        hint = f"{cleared}{adds}{app.offer('move', 'on a work moves that here')}{app.takes_back}"
        app.show_message(f"New {what}: ", name, hint)


async def move_by(
    app: PaperApp,
    node: Branch | Leaf,
    section: Branch,
    by: int,
    shown: Container[str] | None,
    logged: str,
) -> None:
    """Move a work within its own section, or an own section or list among those beside it.

    A work moves past those that a filter has `shown`, past all without one. The message says
    what was `logged` just before.
    """
    changes = await app.retry_while_busy(
        lambda: (
            edits.reordering(app.store, node.work, section.path, by, shown)
            if isinstance(node, Leaf)
            else edits.moving_section(app.store, section, by)
        )
    )
    if changes:
        await _record(app, changes)
        app.show_message("Moved: ", node.title, f"{logged}{app.takes_back}")
    else:
        app.show_message(f"Already the {'last' if by > 0 else 'first'}: ", node.title, logged)


async def _record(app: PaperApp, changes: Sequence[Change]) -> None:
    """Append to the journal; what concerns all lists takes long."""
    of_lists = any(change.kind == journal.SECTION for change in changes)
    await app.write(lambda store: store.record(*changes, now=app.clock()), of_lists)


def _place_of(app: PaperApp, leaf: Leaf, around: str | None) -> str | None:
    """Return the section that a work can be taken out of: that around it, or its only one."""
    paths = app.store.own_lists.paths(leaf.work)
    if around in paths:
        return around if edits.is_changeable(around) else None
    own = [path for path in paths if edits.is_changeable(path)]
    return own[0] if len(own) == 1 else None
