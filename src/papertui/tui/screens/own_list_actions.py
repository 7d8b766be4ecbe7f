"""Actions on own works and lists: edit, move, remove, make."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from papertui.core import journal
from papertui.core.journal import Change
from papertui.core.library_tree import Branch, Leaf
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.tui.base import background_action
from papertui.tui.command import command
from papertui.tui.dialogs import Choose
from papertui.tui.screens.work_actions import WorkActions


class OwnListActions(WorkActions):
    """The actions of a PaperScreen whose cursor goes over lists, their sections and works."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *WorkActions.BINDINGS,
        command("edit", "E", "edit", "Edit a work of your own, or rename your list or section"),
        command("move", "m", "move", "Move it to a list of your own, or copy it there"),
        command("remove", "X,delete", "remove", "Remove it from your list; remove your section"),
        command("new-section", "A", "new_section", "Make a list of your own, or a section in it"),
    ]

    @property
    @abstractmethod
    def section(self) -> Branch | None:
        """The list or section under the cursor, or around the work; None in other groupings."""

    @abstractmethod
    def go_to_section(self, path: str) -> None:
        """Put the cursor on a list or section."""

    @background_action
    async def action_edit(self) -> None:
        """Edit the fields of the work, or the name of an own list or section."""
        from papertui.storage import edits
        from papertui.tui.screens.edit_work import EditScreen

        app, node = self.papertui, self.node
        if not isinstance(node, Branch) or not node.list:
            work = self.leaf_under_cursor.work
            app.push_screen(await app.retry_while_busy(lambda: EditScreen(app.store, work)))
            return
        await app.retry_while_busy(lambda: edits.removing(node))

        async def parse(typed: str) -> Change | None:
            return edits.renaming(app.store, node, typed)

        label = ("Another name for ", node.title, "")
        if change := await app.ask_until(parse, label, "its name", node.title):
            await self._record([change])
            after = f" is now {change.data['title']}{app.takes_back}"
            app.show_message("", node.title, after)

    @background_action
    async def action_move(self) -> None:
        """Move the work to a section of an own list; a work of a shipped list stays there too."""
        from papertui.storage import edits
        from papertui.tui.screens.pick import Pick

        app, leaf = self.papertui, self.leaf_under_cursor
        store = app.store
        out = await app.retry_while_busy(lambda: self._place_of(leaf))
        inside = store.own_lists.paths(leaf.work)
        sections = edits.own_sections(store)
        offered = {path: name for path, name in sections.items() if path not in inside}
        does = "Move " if out else "Copy "
        label = (does, leaf.title, " to which of your lists?")
        path, typed = await app.ask(Pick(label, offered, "enter makes the list {}")) or ("", "")
        if not (path or typed):
            return
        if path:
            changes, name = edits.placing(store, leaf.work, path, out), sections[path]
        else:
            changes, name = edits.placing_in_new_list(store, leaf.work, typed, out), typed
        await self._record(changes)
        done = "Moved" if out else "Copied"
        app.show_message(f"{done} to {name}: ", leaf.title, app.takes_back)

    @background_action
    async def action_remove(self) -> None:
        """Take the work out of its list, or remove an own list or section."""
        from papertui.core.own_lists import UNLISTED
        from papertui.storage import edits

        app, node = self.papertui, self.node
        store = app.store
        if isinstance(node, Branch):
            if not node.list:
                raise Refused("Go to a work, or with v l to a list or section of your own.")
            change = edits.removing(node)
            works = f" with {quantity(node.total, 'work')}" if node.total else ""
            if works and not await app.confirm("Remove ", node.title, f"{works}?"):
                return
            await self._record([change])
            kept = "; what you read or noted of it is in Unlisted" if works else ""
            app.show_message("Removed: ", node.title, kept + app.takes_back)
            return
        leaf = self.leaf_under_cursor
        path = await app.retry_while_busy(lambda: self._place_of(leaf))
        if path is None:
            raise Refused(edits.SHIPPED_LIST)
        changes = edits.taking_out(store, leaf.work, path)
        if path == UNLISTED and (kept := edits.done_with(store, leaf.work)):
            after = f" from the library? {kept}, comes back only with it."
            if not await app.confirm("Remove ", leaf.title, after):
                return
        await self._record(changes)
        where = edits.whereabouts(store, leaf.work)
        app.show_message("Removed: ", leaf.title, where + app.takes_back)

    async def _record(self, changes: Sequence[Change]) -> None:
        """Append to the journal; in a thread if it may concern all lists, which takes long."""
        app = self.papertui
        if all(change.kind != journal.SECTION for change in changes):
            await app.record(*changes)
            return
        await app.in_thread(lambda store: store.record(*changes, now=app.clock()))
        app.changed()

    def _place_of(self, leaf: Leaf) -> str | None:
        """Return the section that a work can be taken out of: that around it, or its only one."""
        from papertui.storage import edits

        if section := self.section:
            return section.path if edits.is_changeable(section.path) else None
        paths = self.papertui.store.own_lists.paths(leaf.work)
        own = [path for path in paths if edits.is_changeable(path)]
        return own[0] if len(own) == 1 else None

    @background_action
    async def action_new_section(self) -> None:
        """Make a list, or a section in the own list under the cursor."""
        from papertui.core.own_lists import is_own
        from papertui.storage import edits

        app, parent = self.papertui, self.section
        if parent is not None and not is_own(parent.path):
            parent = None
        if parent is not None:
            choices = {"s": "a section of it", "l": "another list"}
            chosen = await app.ask(Choose("In ", parent.title, ", make:", choices=choices))
            if not chosen:
                return
            parent = parent if chosen == "s" else None

        async def parse(typed: str) -> tuple[Change, str]:
            return edits.new_section(app.store, typed, parent)

        label = ("New section of ", parent.title, "") if parent else ("New list", "", "")
        if made := await app.ask_until(parse, label, "its name"):
            change, path = made
            await self._record([change])
            await app.retry_while_busy(lambda: self.go_to_section(path))
            what = f"section of {parent.title}" if parent else "list"
            hint = f"m moves works to it{app.takes_back}"
            app.show_message(f"New {what}: ", str(change.data["title"]), f" · {hint}")

    @background_action
    async def action_move_by(self, by: int) -> None:
        """Move the work in the queue or in its own list, or move an own section or list."""
        from papertui.core.own_lists import is_own
        from papertui.storage import edits

        app, node, section = self.papertui, self.node, self.section
        if section is None or not is_own(section.path):
            await self.move_in_queue(by)
            return
        end = "last" if by > 0 else "first"
        if isinstance(node, Leaf):
            changes = await app.retry_while_busy(
                lambda: edits.reordering(app.store, node.work, section.path, by)
            )
            title = node.title
        else:
            changes = await app.retry_while_busy(
                lambda: edits.moving_section(app.store, section, by)
            )
            title = section.title
        if not changes:
            app.show_message(f"Already the {end}: ", title)
            return
        await self._record(changes)
        app.show_message("Moved: ", title, app.takes_back)
