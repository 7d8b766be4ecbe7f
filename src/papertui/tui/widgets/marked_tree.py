"""The tree of the library: rows can be marked, and a number says how often a key goes."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from papertui.core.labels import Glyphs
from papertui.core.library_tree import Branch, Leaf
from papertui.tui.command import command
from papertui.tui.widgets.tree import LibraryTree

MAX_DIGITS = 5


class MarkedTree(LibraryTree):
    """A tree whose screen marks works.

    It calls `counting` with the number that is typed. A digit that is a command's key begins
    none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "tree.mark",
            "space",
            "screen.mark",
            "Mark it and go down; keys then act on all marked works",
        ),
        command(
            "tree.mark-to",
            "V",
            "screen.mark_to",
            "Mark all from the last mark; or the last marks again",
        ),
    ]

    def __init__(
        self,
        glyphs: Glyphs,
        moved: Callable[[], None],
        toggled: Callable[[Branch], None],
        chosen: Callable[[], None],
        counting: Callable[[str], None],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(glyphs, moved, toggled, chosen, id=id)
        self._counting = counting
        self._digits = ""

    def works_from(self, key: str | None) -> list[str]:
        """Return the works from the row with a key to the cursor, in the order of the rows."""
        at = next((i for i, row in enumerate(self._rows) if row.key == key), self._cursor)
        rows = self._rows[min(at, self._cursor) : max(at, self._cursor) + 1]
        return [row.node.work for row in rows if isinstance(row.node, Leaf)]

    def on_key(self, event: events.Key) -> None:
        """Take the digits of a number; any other key uses it up."""
        key = event.key
        is_digit = len(key) == 1 and key.isdecimal()
        if is_digit and (self._digits or key not in self.screen.active_bindings):
            self._digits = (self._digits + key)[-MAX_DIGITS:]
        elif self._digits and key == "escape":
            self._digits = ""
        else:
            if self._digits or self.count:
                self.count, self._digits = int(self._digits or 0) or None, ""
            return
        event.stop()
        self._counting(self._digits)
