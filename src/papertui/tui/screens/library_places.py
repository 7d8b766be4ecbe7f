"""The rows that the reader comes back to: remembered by a letter, or where a link was followed."""

from collections.abc import Callable, Container

from papertui.core.text import shorten
from papertui.errors import Refused
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.library_state import LibraryState


class LibraryPlaces:
    """Remembers rows and leads back to them; `show` shows the row with a key."""

    def __init__(
        self, screen: PaperScreen, state: LibraryState, show: Callable[[str], None]
    ) -> None:
        self._screen = screen
        self._app = screen.papertui
        self._state = state
        self._show = show
        # The rows from which links were followed, where to, and how their screens open again.
        self._trail: list[tuple[str, str, str]] = []

    async def ask(self, row: str | None) -> None:
        """Ask for a letter: go to the row that it stands for, or remember `row` by it."""
        from papertui.tui.dialogs import Letters

        titles = await self._app.retry_while_busy(self._state.place_titles)
        places = "".join(f"{letter} {shorten(t, 20)} · " for letter, t in titles.items())
        after = f"{places}m and a letter remembers this row"

        def take(typed: str) -> bool:
            return self._take(typed, row, titles.keys())

        self._app.push_screen(Letters("Go to: ", after, take))

    def _take(self, typed: str, row: str | None, known: Container[str]) -> bool:
        if typed == "m":
            return False
        if typed and typed[0] != "m" and typed not in known:
            raise Refused(f"No row is remembered as {typed}.")
        if typed[:1] == "m" and row:
            self._state.set_place(typed[1:], row)
            self._screen.save_state()
            goes = self._app.key("place")
            self._screen.show_message(f"Remembered: {goes} {typed[1:]} goes here")
        elif typed:
            self._screen.refresh_from_store(lambda: self._go_to(typed))
        return True

    def go(self, find: Callable[[], str | None]) -> str | None:
        """Show the row whose key `find` returns; return words about the filter if that hid it.

        None if there is no such row.
        """
        was_filtered = bool(self._state.filter)
        if row := find():
            self._show(row)
        if self._state.filter or not was_filtered:
            return "" if row else None
        key = self._app.key("clear-filter")
        return f" · the filter hid it and is cleared: {key} brings it back"

    def _go_to(self, letter: str) -> None:
        cleared = self.go(lambda: self._state.go_to_row(self._state.place_at(letter)))
        if cleared is None:
            self.refuse(f"No row is remembered as {letter}")
        elif cleared:
            self._screen.show_message(f"Back to where {letter} is{cleared}")

    def refuse(self, says: str) -> None:
        """Say that no row has the letters; what was typed on in one go is no command."""
        self._app.keys.drop_burst()
        self._screen.show_message(says)
        self._screen.mark_message()

    def leave_by_link(self, row: str, link: str, reopened_by: str) -> None:
        """Remember where a link was followed, and the action that opens its screen again."""
        self._trail.append((row, link, reopened_by))

    async def go_back(self, work: str) -> str:
        """Go back to where a link was followed; return that link, "" if it is on another screen.

        If it is, the cursor stays where it is on another `work` than the link led to.
        """
        if not self._trail:
            self._screen.show_message("No link was followed to here")
            return ""
        row, link, reopened_by = self._trail.pop()
        if reopened_by and work != link:
            await self._app.run_action(reopened_by, self._screen)
            return ""
        cleared = await self._app.retry_while_busy(
            lambda: self.go(lambda: self._state.go_to_row(row))
        )
        if cleared is None:
            self.refuse("The row where you followed the link is gone")
        elif cleared:
            self._screen.show_message(f"Back to where you followed the link{cleared}")
        if reopened_by:
            await self._app.run_action(reopened_by, self._screen)
        return "" if reopened_by else link
