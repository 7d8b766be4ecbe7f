"""The tree of the library: how it is grouped and filtered, what is open, where the cursor is."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.css.query import NoMatches

from papertui.core import library_tree
from papertui.core.library_tree import Branch, Filter, Grouping, Leaf, Row, TreeQuery
from papertui.pages.branch import list_facts
from papertui.storage.database import DatabaseError
from papertui.storage.up_next import FOCUS
from papertui.tui.base import background_action
from papertui.tui.command import command
from papertui.tui.screens.dialogs import Choose
from papertui.tui.screens.work_actions import WorkScreen
from papertui.tui.widgets.bars import Chips
from papertui.tui.widgets.tree import LibraryTree

VIEW_KEYS = {
    "l": (Grouping.LISTS, "lists"),
    "t": (Grouping.TIERS, "tiers"),
    "d": (Grouping.DIFFICULTY, "difficulty"),
    "y": (Grouping.YEAR, "year"),
    "s": (Grouping.STATUS, "status"),
    "q": (Grouping.QUEUE, "queue"),
}


class TreeScreen(WorkScreen):
    """A screen with the tree on it, which it fills from the store and remembers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("view", "v", "view", "View: lists, tiers, difficulty, year, status, queue", "view"),
        command("filter", "f", "filter", "Filter by status, kind, difficulty, year …"),
        command("clear-filter", "F", "clear_filter", "Clear the filter"),
        command("next", "full_stop", "next", "Go to what is up next, and say why", "next", "."),
        command("focus-list", "L", "focus_list", "Take up next from this list"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._view = Grouping.LISTS
        self._filter: Filter = library_tree.EVERYTHING
        self._branches: list[Branch] = []
        self._opened: set[str] = set()
        self._place: str | None = None

    @property
    def tree_view(self) -> LibraryTree:
        """The tree."""
        return self.query_one("#outline", LibraryTree)

    @property
    def seen(self) -> TreeQuery:
        """How the library is looked at."""
        return TreeQuery(self.papertui.today(), self._view, self._filter)

    @property
    def node(self) -> Branch | Leaf | None:
        """What the cursor is on."""
        return self.tree_view.row.node if self.tree_view.row else None

    def leaves_within(self, branch: Branch) -> list[Leaf]:
        """Return the items of a branch and of all branches within it."""
        inside = [branch.id]
        for other in self._branches:
            if other.parent in inside and other.id not in inside:
                inside.append(other.id)
        found = self.papertui.store.tree.leaves(self.seen, inside)
        return [leaf for leaves in found.values() for leaf in leaves]

    def recall(self) -> None:
        """Take up view, filter, open branches and place where the reader left them."""
        store = self.papertui.store
        if remembered := store.setting("tree"):
            state = json.loads(remembered)
            self._opened, self._place = set(state["opened"]), state["at"]
            self._view = Grouping(state.get("view", Grouping.LISTS))
        else:
            self._opened = {key for key, _ in store.tree.lists()}
        self._filter = library_tree.load_filter(store.setting("filter"))

    def keep(self) -> None:
        """Remember what is open and where the cursor is."""
        state = {"opened": sorted(self._opened), "at": self.place(), "view": self._view}
        # The view is remembered where that is possible; nothing of the reader's hangs on it.
        with suppress(DatabaseError, NoMatches):
            self.papertui.store.set_setting("tree", json.dumps(state))
            self.papertui.store.set_setting("filter", library_tree.dump_filter(self._filter))

    def place(self) -> str | None:
        """Return the key of the row to come back to."""
        return self.tree_view.row.key if self.tree_view.row else None

    def load_branches(self) -> None:
        """Ask the store for the branches of what is looked at, and show the filter."""
        offered = self._facets() if self._filter else []
        self._filter = library_tree.known_filter(self._filter, offered)
        self._branches = self.papertui.store.tree.branches(self.seen)
        self.query_one(Chips).chips = tuple(library_tree.chips(self._filter, offered))

    def rows(self) -> Sequence[Row]:
        """Return the rows of the tree."""
        opened = [branch.id for branch in self._branches if branch.path in self._opened]
        leaves = self.papertui.store.tree.leaves(self.seen, opened)
        return library_tree.visible_rows(self._branches, leaves, self._opened)

    def show_rows(self, cursor: str | None = None) -> None:
        """Show the tree, the cursor on the row with a key where one is named."""
        cursor, self._place = cursor or self._place, None
        self.tree_view.show(self.rows(), cursor)

    @on(LibraryTree.Toggled)
    def _toggled(self, event: LibraryTree.Toggled) -> None:
        if isinstance(event.row.node, Branch):
            self._opened ^= {event.row.node.path}
            self.refresh_from_store(self.show_rows)

    def open_around(self, branch: int | None) -> None:
        """Open a branch and those around it."""
        by_id: dict[int | None, Branch] = {branch.id: branch for branch in self._branches}
        while branch in by_id:
            self._opened.add(by_id[branch].path)
            branch = by_id[branch].parent

    def go_to(self, work: str, place: int | None = None) -> None:
        """Put the cursor on a work, in the branch `place` where it stands there.

        Where view and filter do not hold it, they give way.
        """
        shelves = self.papertui.store.tree
        for view, chosen in (
            (self._view, self._filter),
            (self._view, library_tree.EVERYTHING),
            (Grouping.LISTS, library_tree.EVERYTHING),
        ):
            seen = self.seen._replace(view=view, chosen=chosen)
            if holding := shelves.holding(seen, work):
                self._view, self._filter = view, chosen
                self.load_branches()
                branch = place if place in holding else holding[0]
                self.open_around(branch)
                self.show_rows(f"{branch}:{work}")
                return

    def go_to_list(self, key: str) -> None:
        """Open a list and put the cursor on it, whatever was looked at."""
        self._view, self._filter = Grouping.LISTS, library_tree.EVERYTHING
        self.load_branches()
        self._opened.add(key)
        self.show_rows(key)

    # ── views and filters ───────────────────────────────────────────────────

    @background_action
    async def action_view(self) -> None:
        """Ask for the view and change to it."""
        labels = {
            key: f"{label} ●" if view is self._view else label
            for key, (view, label) in VIEW_KEYS.items()
        }
        if key := await self.papertui.push_screen_wait(Choose("View:", choices=labels)):
            await self.papertui.retry_while_busy(lambda: self._change_view(VIEW_KEYS[key][0]))

    def look_at(self, view: Grouping) -> None:
        """Group the tree otherwise and load its branches."""
        self._view = view
        self.load_branches()

    def _change_view(self, view: Grouping) -> None:
        node = self.node
        self.look_at(view)
        self.show_message("")
        if view is Grouping.QUEUE:
            self._opened |= {branch.path for branch in self._branches}
            if not self._branches:
                self.show_message("The queue is empty: a puts a work into it.")
        holding = (
            self.papertui.store.tree.holding(self.seen, node.work) if isinstance(node, Leaf) else []
        )
        if holding and isinstance(node, Leaf):
            self.open_around(holding[0])
            self.show_rows(f"{holding[0]}:{node.work}")
        else:
            self.show_rows()

    @background_action
    async def action_filter(self) -> None:
        """Show what can be filtered by."""
        from papertui.tui.screens.filter import FilterScreen

        offered = await self.papertui.retry_while_busy(self._facets)
        self.papertui.push_screen(FilterScreen(offered, self._filter, self._apply))

    def action_clear_filter(self) -> None:
        """Show everything again."""
        self._apply(library_tree.EVERYTHING)

    def _apply(self, chosen: Filter) -> None:
        self._filter = chosen
        self.refresh_from_store(self._show_filtered)

    def _show_filtered(self) -> None:
        self.load_branches()
        self.show_rows()

    def _facets(self) -> list[library_tree.Facet]:
        shelves = self.papertui.store.tree
        return library_tree.facets(shelves.lists(), shelves.decades())

    # ── up next ─────────────────────────────────────────────────────────────

    @background_action
    async def action_next(self) -> None:
        """Go to what is up next and say why it is that."""
        app = self.papertui
        found = await app.retry_while_busy(lambda: app.store.up_next.next(app.today()))
        if found is None:
            self.show_message("Nothing is left to read: every work is read, parked or dropped.")
            return
        filtered = bool(self._filter)
        await app.retry_while_busy(lambda: self.go_to(found.work))
        gave_way = " · the filter hid it and is cleared" if filtered and not self._filter else ""
        self.show_message("Up next: ", found.title, f" · {found.reason}{gave_way}")

    @background_action
    async def action_focus_list(self) -> None:
        """Let up next come from the list under the cursor."""
        node, app = self.node, self.papertui
        by_id = {branch.id: branch for branch in self._branches}
        branch = node if isinstance(node, Branch) else node and by_id.get(node.branch)
        if not branch or not branch.list:
            self.show_message("Go to a list first: v then l shows the lists.")
            return
        facts = await app.retry_while_busy(lambda: list_facts(app.store, branch.list))
        await app.retry_while_busy(lambda: app.store.set_setting(FOCUS, branch.list))
        self.reload()
        self.show_message("Up next comes from ", facts.title)
