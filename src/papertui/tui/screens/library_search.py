"""The search above the tree: its line, what it found, and what it says of that."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.timer import Timer

from papertui.core.text import quantity
from papertui.storage.search import MAX_RESULTS
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.library_state import LibraryState
from papertui.tui.widgets.marked_tree import MarkedTree

if TYPE_CHECKING:
    from papertui.tui.widgets.inputs import SearchLine

# Seconds without a key after which many matches are ranked.
RANKING_DELAY = 0.15


class LibrarySearch:
    """Shows the matches in the tree while the reader types; many are ranked in a pause."""

    def __init__(self, screen: PaperScreen, state: LibraryState, show: Callable[[], None]) -> None:
        self._screen = screen
        self._state = state
        self._show = show
        self._line: SearchLine | None = None
        self._ranking: Timer | None = None

    async def open(self, parent: Vertical, cursor: str | None, text: str) -> None:
        """Put the line above the tree, and search for `text`.

        Closing it goes back to the row with the key `cursor`.
        """
        from papertui.tui.widgets.inputs import SearchLine

        self._state.open_search(cursor)
        hint = "title, author, arXiv id, note, #tag …"
        self._line = SearchLine(self._search, hint, id="find")
        await parent.mount(self._line, before=0)
        self._line.value = text
        self._line.focus()

    def close(self) -> str | None:
        """Take the line away; return the key of the row where the search began."""
        if self._line:
            self._line.remove()
            self._line = None
        self.stop_ranking()
        return self._state.close_search()

    def _search(self, text: str) -> None:
        self._state.searched = text
        if not text.strip():
            self._screen.show_message("")
        self._screen.refresh_from_store(self._show)

    def show_found(self, tree: MarkedTree, thorough: bool = True) -> None:
        """Show the matches; many without `thorough` in the order of the tree at first."""
        self.stop_ranking()
        rows, cursor, works, ranked = self._state.found_rows(thorough)
        tree.show(rows, cursor, self._state.searched_words)
        tag = self._state.tag_like()
        tagged = f" · #{tag} finds those with this tag" if tag else ""
        if not works:
            filtered = " with this filter" if self._state.filter else ""
            back = self._screen.papertui.key("back")
            self._screen.show_message(f"Nothing found{filtered}: {back} goes back{tagged}")
        elif works < MAX_RESULTS and ranked:
            tags = " ".join(f"#{tag}" for tag in self._state.all_tags())
            has = " found, with the tags " if tags else " found"
            self._screen.show_message(f"{quantity(works, 'work')}{has}", tags, tagged)
        else:
            first = f"The first {quantity(works, 'work')} of many"
            self._screen.show_message(f"{first}: one more word narrows it")
        if not ranked:
            self._ranking = self._screen.set_timer(
                RANKING_DELAY,
                lambda: self._screen.refresh_from_store(lambda: self.show_found(tree)),
            )

    @property
    def is_ranking(self) -> bool:
        """True if the best matches may not come first yet."""
        return self._ranking is not None

    def stop_ranking(self) -> None:
        """Rank no more, as other rows are shown now."""
        if self._ranking:
            self._ranking.stop()
            self._ranking = None
