"""The search above the tree: its line, what it found, and the way to that and back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.timer import Timer

from papertui.core.library_tree import Leaf, Row
from papertui.core.search_words import field_advice, unknown_field
from papertui.core.text import quantity
from papertui.storage.search import MAX_RESULTS
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.library_state import LibraryState
from papertui.tui.widgets.marked_tree import MarkedTree

if TYPE_CHECKING:
    from papertui.tui.dialogs import Label
    from papertui.tui.widgets.inputs import SearchLine

# Seconds without a key after which many matches are ranked, more than between two keys that one
# types: a key during it waits until it is done, with 100,000 works for some 40 ms.
RANKING_DELAY = 0.25


class LibrarySearch:
    """Shows the matches in the tree while the reader types; many are ranked in a pause.

    `show` shows the rows, with the cursor on the one with a key; `closed` is called at the end.
    """

    def __init__(
        self,
        screen: PaperScreen,
        state: LibraryState,
        show: Callable[[str | None], None],
        closed: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._state = state
        self._show = show
        self._closed = closed
        self._line: SearchLine | None = None
        self._ranking: Timer | None = None
        # What was said of the matches last, and what they were searched for if they are ranked.
        self._said: Label | None = None
        self._ranked = ""
        # The row whose page is looked at from a search, what was searched for, the row found, and
        # that where the search began, to which it leads back.
        self._looked_at: tuple[str | None, str, str | None, str | None] | None = None
        self._began_at: str | None = None

    @property
    def _tree(self) -> MarkedTree:
        return self._screen.query_one(MarkedTree)

    @property
    def _row_key(self) -> str | None:
        return self._tree.row.key if self._tree.row else None

    async def open(self, text: str = "") -> None:
        """Put the line above the tree, and search for `text`."""
        from papertui.tui.widgets.inputs import SearchLine

        self._state.open_search(self._began_at or self._row_key)
        self._began_at = None
        hint = "title, author, year, id, note, #tag …"
        self._line = SearchLine(self._search, hint, id="find")
        await self._screen.query_one("#tree", Vertical).mount(self._line, before=0)
        self._line.value = text
        self._line.focus()
        self._screen.refresh_from_store(self._screen.show_header)

    def close(self, go_back: bool = True) -> None:
        """Take the line away; `go_back` to the row where the search began."""
        if self._line:
            self._line.remove()
            self._line = None
        self.stop_ranking()
        self._said, self._ranked = None, ""
        place = self._state.close_search()
        self._tree.focus()
        self._screen.refresh_from_store(self._screen.show_header)
        if go_back:
            self._screen.refresh_from_store(lambda: self._show(place))
        self._screen.show_message("")
        # If the tree had the keys already, no change of focus says that the way out has gone.
        self._screen.refresh_bindings()
        self._closed()

    def go_to_match(self) -> bool:
        """Close the search and go to the match under the cursor; return False if there is none."""
        state, is_blank = self._state, not self._state.sought
        self.rank()
        if not (self._tree.row or is_blank):
            # It says again that nothing is found.
            self._said = None
            self._screen.refresh_from_store(self.show_found)
        row = self._tree.row
        if not (row or is_blank):
            return False
        self.close(go_back=row is None)
        if row:
            node = row.node
            self._screen.refresh_from_store(
                lambda: self._show(
                    state.go_to(node.work, node.branch)
                    if isinstance(node, Leaf)
                    else state.go_to_section(node)
                )
            )
        return True

    def look_at_match(self) -> bool:
        """Go to the match to look at its page; return False if there is none."""
        sought, picked, began_at = self._state.sought, self._row_key, self._state.search_began_at
        has_gone = self.go_to_match()
        if has_gone:
            self._looked_at = (self._row_key, sought, picked, began_at) if sought else None
        return has_gone

    def take_up(self) -> str:
        """Return what was searched for before the page under the cursor was looked at, once."""
        looked_at, self._looked_at = self._looked_at, None
        if not looked_at or looked_at[0] != self._row_key:
            return ""
        _, sought, self._state.picked, self._began_at = looked_at
        return sought

    def move(self, by: int) -> None:
        """Move over the matches while typing goes on."""
        self._tree.go_to_next_work(by)
        self._state.picked = self._row_key

    def _search(self, text: str) -> None:
        self._state.searched, self._said = text, None
        if not text.strip():
            self._screen.show_message("")
        self._screen.refresh_from_store(lambda: self._show(None))

    def show_found(self, thorough: bool = True) -> None:
        """Show the matches; many without `thorough` in the order of the tree at first.

        How many there are is said once, so that a message of what was done to one stays.
        """
        self.stop_ranking()
        sought = self._state.sought
        rows, cursor, works, ranked = self._state.found_rows(thorough or sought == self._ranked)
        self._ranked = sought if ranked else ""
        self._tree.show(rows, cursor, self._state.searched_words)
        before, title, after = self._what_was_found(rows, works, ranked)
        if left := self._screen.papertui.store.unsearched():
            after += f" · {quantity(left, 'work')} that came in not searched yet"
        if (says := (before, title, after)) != self._said:
            self._screen.show_message(*says)
            self._said = says
        if not ranked:
            self._ranking = self._screen.set_timer(RANKING_DELAY, self.rank)

    def _what_was_found(self, rows: Sequence[Row], works: int, ranked: bool) -> "Label":
        tag = self._state.tag_like()
        tagged = f" · #{tag} finds those with this tag" if tag else ""
        if not works:
            filtered = " with this filter" if self._state.filter else ""
            back = self._screen.papertui.key("back")
            advice = "" if filtered else field_advice(self._state.sought)
            return f"Nothing found{filtered}: {advice or f'{back} goes back{tagged}'}", "", ""
        if works < MAX_RESULTS and ranked:
            found = {row.node.work for row in rows if isinstance(row.node, Leaf)}
            tags = " ".join(f"#{tag}" for tag in self._state.all_tags(found))
            has = " found, with the tags " if tags else " found"
            by_title = any(isinstance(row.node, Leaf) and not row.node.extra for row in rows)
            unknown = "" if by_title else unknown_field(self._state.sought)
            after = f"{tagged} · {unknown}" if unknown else tagged
            return f"{quantity(works, 'work')}{has}", tags, after
        return f"The first {quantity(works, 'work')} of many: one more word narrows it", "", ""

    def rank(self) -> None:
        """Show the matches in their order, if they are not yet."""
        if self._ranking:
            self._screen.refresh_from_store(self.show_found)

    def stop_ranking(self) -> None:
        """Rank no more, as other rows are shown now."""
        if self._ranking:
            self._ranking.stop()
            self._ranking = None
