"""The list of new papers: titles without sections."""

from collections.abc import Callable

from papertui.tui.widgets.tree import LibraryTree


class PaperList(LibraryTree):
    """The titles of new papers."""

    # Is called before the cursor goes down by one.
    passed: Callable[[], None] = staticmethod(lambda: None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no keys for sections, as there are none."""
        return action not in ("enter", "leave", "section")

    def action_move(self, by: int) -> None:
        """Move the cursor by some rows."""
        if by > 0:
            self.passed()
        super().action_move(by)
