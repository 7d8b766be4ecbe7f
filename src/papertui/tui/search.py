"""The search: a line above the tree, and what it finds in the tree's place."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.timer import Timer

from papertui.core import library_tree
from papertui.core.library_tree import Branch, Leaf, View
from papertui.core.text import count
from papertui.storage.search import SHOWN, query_words
from papertui.tui.commands import command
from papertui.tui.tree import TreeScreen

if TYPE_CHECKING:
    from papertui.tui.fields import SearchLine

TYPING_PAUSE = 0.15


class SearchScreen(TreeScreen):
    """A screen whose tree can be searched."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("find", "slash", "find", "Find works as you type", "find", "/"),
        command("found.up", "up", "found(-1)", "Go up in what was found"),
        command("found.down", "down", "found(1)", "Go down in what was found"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._finder: SearchLine | None = None
        self._before_finding: str | None = None
        self._picked: str | None = None
        self._ranking: Timer | None = None

    @property
    def searching(self) -> bool:
        """Whether the search is open."""
        return self._finder is not None

    @property
    def searched_words(self) -> list[str]:
        """The words that are searched for."""
        return query_words(self._finder.value) if self._finder else []

    def place(self) -> str | None:
        """Return the key of the row to come back to: while searching, the one before."""
        return self._before_finding if self._finder else super().place()

    async def action_find(self) -> None:
        """Open the line to search from."""
        if self._finder:
            return
        from papertui.tui.fields import SearchLine

        self._before_finding = self.place()
        self.set_class(False, "-reading")
        hint = "title, author, arXiv id, note …"
        self._finder = SearchLine(lambda: self.paint(self.show_rows), hint, id="find")
        await self.query_one("#tree").mount(self._finder, before=0)
        self._finder.focus()

    def action_found(self, by: int) -> None:
        """Move over what was found while typing goes on."""
        if self._finder:
            self.tree_view.action_move(by)
            self._picked = super().place()

    def on_input_submitted(self) -> None:
        """Go to what is found."""
        if self._ranking:
            self.paint(self._show_found)
        row = self.tree_view.row
        self.close_search(found=row is not None)
        if row and isinstance(row.node, Leaf):
            leaf = row.node
            self.paint(lambda: self.go_to(leaf.work, leaf.branch))
        elif row and isinstance(branch := row.node, Branch):
            self.paint(lambda: self._go_to_section(branch))

    def close_search(self, found: bool = False) -> None:
        """Close the search and go back to where it began, unless something was found."""
        if self._finder:
            self._finder.remove()
            self._finder = self._picked = None
            self._stop_ranking()
        self.tree_view.focus()
        if not found:
            self.paint(lambda: self.show_rows(self._before_finding))
        self.say("")

    def show_rows(self, cursor: str | None = None) -> None:
        """Show what is found while something is searched, else the tree."""
        self._stop_ranking()
        if self._finder and self._finder.value.strip():
            self._show_found(thorough=False)
        else:
            super().show_rows(cursor)

    def _show_found(self, thorough: bool = True) -> None:
        assert self._finder
        self._stop_ranking()
        store = self.papertui.store
        found = store.finding.find(self._finder.value, self.seen, thorough)
        rows = library_tree.found_rows(store.shelves.sections(), found.leaves)
        picked = self._picked if any(row.key == self._picked for row in rows) else None
        self.tree_view.show(rows, picked or library_tree.first_leaf(rows), self.searched_words)
        works = count(len(found.leaves), "work")
        if not found.leaves:
            self.say("Nothing found: escape goes back")
        elif len(found.leaves) < SHOWN and found.ranked:
            self.say(f"{works} found")
        else:
            self.say(f"The first {works} of many: one more word narrows it")
        if not found.ranked:
            self._ranking = self.set_timer(TYPING_PAUSE, lambda: self.paint(self._show_found))

    def _stop_ranking(self) -> None:
        if self._ranking:
            self._ranking.stop()
            self._ranking = None

    def _go_to_section(self, branch: Branch) -> None:
        self.look_at(View.LISTS)
        self.open_around(branch.id)
        self.show_rows(branch.path)
