"""How the reader looks at the library: the grouping, the order and the filter, by keys."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import TypeVar

from papertui.core.library_tree import Filter, Grouping, Order, Row, is_same
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.library_state import LibraryState
from papertui.tui.widgets.marked_tree import MarkedTree
from papertui.tui.widgets.page import PagePane

# The key of a grouping is its first letter.
GROUPING_KEYS = {grouping[0]: grouping for grouping in Grouping}
# The key of an order is its first letter, but for that of the last pass.
ORDER_KEYS = {"r" if order is Order.READ else order[0]: order for order in Order}

T = TypeVar("T", bound=StrEnum)


class LibraryView:
    """Asks how to look at the library, has the screen show it, and remembers it.

    `show` shows the rows, with the cursor on the one with a key; `show_page` its page, from
    the top on or where that was.
    """

    def __init__(
        self,
        screen: PaperScreen,
        state: LibraryState,
        show: Callable[[str | None], None],
        show_page: Callable[[bool], None],
    ) -> None:
        self._screen = screen
        self._app = screen.papertui
        self._state = state
        self._show = show
        self._show_page = show_page
        # The row that a filter or a view hid from under the cursor, the one instead of it, and
        # the latest act then.
        self._hidden: tuple[Row | None, Row | None, str | None] = (None, None, None)

    @property
    def _row(self) -> Row | None:
        return self._screen.query_one(MarkedTree).row

    def forget_hidden(self) -> None:
        """Lead back to no row that was hidden, as the cursor has moved."""
        self._hidden = (None, None, None)

    async def ask_grouping(self) -> None:
        """Ask for the grouping and change to it; a work stays under the cursor."""
        state = self._state
        if grouping := await self._ask("View:", GROUPING_KEYS, state.grouping):

            def show() -> None:
                with self._same_row() as rows:
                    state.group_by(grouping)
                    self._show(self._key_of(rows))

            await self._app.retry_while_busy(show)
            self._screen.refresh_bindings()
            self._screen.save_state()

    async def ask_order(self) -> None:
        """Ask for the order of the works in each branch, for this grouping."""
        state = self._state
        if order := await self._ask(f"Sort {state.grouping} by:", ORDER_KEYS, state.order):
            state.sort(order)
            await self._app.retry_while_busy(lambda: self._show(None))
            self._screen.save_state()

    async def _ask(self, label: str, by_key: Mapping[str, T], present: T) -> T | None:
        choices = {key: f"{each} •" if each is present else each for key, each in by_key.items()}
        chosen = await self._app.choose(label, choices=choices, records=False)
        return by_key[chosen] if chosen else None

    async def ask_filter(self) -> None:
        """Show the values to filter by."""
        from papertui.tui.screens.filter import FilterScreen

        facets = await self._app.retry_while_busy(self._state.facets)

        def close(_: None) -> None:
            self._screen.remove_class("-filtering")

        # The tree is beside the values.
        self._screen.add_class("-filtering")
        keys = self._app.keys_of("filter")
        filters = FilterScreen(facets, self._state.filter, self._filter_by, keys)
        self._app.push_screen(filters, close)

    def clear_filter(self) -> None:
        """Show everything again, or what was shown before that."""
        app, chosen = self._app, self._state.toggled_filter()
        if chosen == self._state.filter:
            self._screen.show_message(f"There is no filter: {app.key('filter')} chooses one")
            return
        self._filter_by(chosen)
        if not chosen:
            self._screen.show_message(
                f"The filter is cleared · {app.key('clear-filter')} brings it back"
            )

    def _filter_by(self, chosen: Filter) -> None:
        self._state.filter = chosen
        self._screen.refresh_from_store(self._show_filtered)
        self._screen.save_state()

    def _show_filtered(self) -> None:
        self._state.leave(None)
        self._state.load_branches()
        with self._same_row() as rows:
            self._show(self._key_of(rows))
        self._show_page(False)

    def _key_of(self, rows: Iterable[Row]) -> str | None:
        """Return the key, in this view, of the first row that it shows, in whatever branch."""
        return next(filter(None, (self._state.key_of(row.node) for row in rows)), None)

    @contextmanager
    def _same_row(self) -> Iterator[list[Row]]:
        """Give the rows to keep under the cursor, the first of which it shows.

        The first is that hidden before, if nothing was done since.
        """
        hidden, instead, act_then = self._hidden
        latest_act = self._app.store.latest_act_id()
        before, is_reading = self._row, isinstance(self._screen.focused, PagePane)
        is_untouched = before == instead and act_then == latest_act and not is_reading
        origin = hidden if is_untouched else before
        with self.same_page():
            yield [row for row in (origin, before) if row]
        row = self._row
        # A row of a list says more than one of a group of all works.
        if origin and row and is_same(origin.node, row.node) and self._state.section_of(row.node):
            origin = row
        self._hidden = origin, row, latest_act

    @contextmanager
    def same_page(self) -> Iterator[None]:
        """Have the page give way to the tree if the cursor is on another work or branch after."""
        before = self._row
        yield
        if before and not (self._row and is_same(before.node, self._row.node)):
            self._screen.go_back()
