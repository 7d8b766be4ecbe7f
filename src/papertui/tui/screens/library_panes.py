"""The panes beside the tree: what is under the cursor, in one column or in two."""

import time
from collections.abc import Callable, Iterator

from textual.timer import Timer
from textual.widget import Widget

from papertui.core.library_tree import Branch, Leaf, kind_of
from papertui.pages import branch as branch_pages
from papertui.pages.work import work_details, work_page, work_pages
from papertui.tui.base import BROAD
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.library_state import LibraryState
from papertui.tui.widgets.page import PagePane

# Seconds in which no second page is shown, so that a key can be held down.
PAGE_INTERVAL = 0.1


class NodePanes:
    """Shows a branch or a work; of a work, notes and related works in a column of their own.

    That column is made once there is room for it. `show_page` shows what the cursor is on.
    """

    def __init__(
        self, screen: PaperScreen, state: LibraryState, show_page: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._show_page = show_page
        self._app = screen.papertui
        self._state = state
        self._detail = PagePane(id="detail")
        self._around: PagePane | None = None
        # True if the work is shown in two columns, None before anything is shown.
        self._is_broad: bool | None = None
        self._node: Branch | Leaf | None = None
        # True from a move of the cursor until its page is shown.
        self.is_behind = False
        self._shown_at = float("-inf")
        self._timer: Timer | None = None

    def follow(self) -> None:
        """Have the page of the cursor shown, at once or when the interval is over."""
        if self.is_behind:
            return
        self.is_behind = True
        wait = self._shown_at + PAGE_INTERVAL - time.monotonic()
        if wait > 0:
            self._timer = self._screen.set_timer(wait, self._show_page)
        else:
            self._screen.call_after_refresh(self._show_page)

    def compose(self) -> Iterator[PagePane]:
        """Yield the panes that there is room for."""
        yield self._detail
        if self._has_room:
            yield self._add_around()

    def _add_around(self) -> PagePane:
        self._around = PagePane(id="around")
        return self._around

    @property
    def _has_room(self) -> bool:
        return self._app.size.width >= BROAD

    @property
    def shown(self) -> list[PagePane]:
        """The panes that show something, from left to right."""
        panes = [self._detail] if self._node else []
        return [*panes, self._around] if self._around and self._around.display else panes

    def select(self, link: str) -> None:
        """Select a link on the page that has the keys, if it is there."""
        for pane in self.shown:
            if pane is self._screen.focused and link in pane.links:
                pane.select(link)

    async def fit(self, parent: Widget) -> bool:
        """Make the second column if it has room now; return True if what is shown changes."""
        changes = self._is_broad is not None and self._is_broad != self._has_room
        if changes and self._around is None:
            await parent.mount(self._add_around())
        return changes

    def show(self, node: Branch | Leaf | None, top: bool = True) -> None:
        """Show a node, from the top on or where its pages were. Raises DatabaseError."""
        self.is_behind, self._shown_at = False, time.monotonic()
        if self._timer:
            self._timer.stop()
            self._timer = None
        self._node, self._is_broad = node, self._has_room
        store, glyphs, detail = self._app.store, self._app.glyphs, self._detail
        today = self._app.today()
        detail.border_title = kind_of(node)
        if self._around:
            self._around.display = self._is_broad and isinstance(node, Leaf)
        if node is None:
            # The tree says why it is empty.
            detail.show(lambda width: [])
        elif isinstance(node, Leaf):
            work = work_details(store, node.work, today)
            words = self._state.searched_words
            if self._around and self._is_broad:
                itself, around = work_pages(work, glyphs)
                detail.show(itself, top, words=words)
                self._around.show(around, top, words=words)
            else:
                detail.show(lambda width: work_page(work, width, glyphs), top, words=words)
        elif node.list:
            section = branch_pages.section_details(store, node, today)
            detail.show(lambda width: branch_pages.section_page(section, width, glyphs), top)
        else:
            value = branch_pages.value_details(store, node, self._state.query)
            detail.show(lambda width: branch_pages.value_page(value, width, self._app.key), top)
