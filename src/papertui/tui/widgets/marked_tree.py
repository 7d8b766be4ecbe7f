"""The tree of the library: rows can be marked, and a number says how often a key goes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.strip import Strip

from papertui.core.library_tree import Leaf
from papertui.tui.command import command
from papertui.tui.widgets.tree import LibraryTree

MAX_DIGITS = 5
# Digits that are no key of a command: they begin a number.
COUNTED = "0456789"
# Those under the fingers first.
_LETTERS = "asdfghjklweruioptyqzxcvbnm"


def jump_labels(number: int) -> list[str]:
    """Return letters for so many rows, none the beginning of another; two for a part of many."""
    doubled = max(0, -(-(number - len(_LETTERS)) // (len(_LETTERS) - 1)))
    single = _LETTERS[: len(_LETTERS) - doubled]
    double = (first + second for first in _LETTERS[len(single) :] for second in _LETTERS)
    return [*single, *double][:number]


class MarkedTree(LibraryTree):
    """A tree whose screen marks works; a digit that is a command's key begins no number."""

    # Keys that are no commands, as the help shows them, and what they do.
    TYPED = (("0 4-9", COUNTED, "Type a number: so often goes the next key that moves"),)
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
        command(
            "tree.jump",
            "semicolon",
            "screen.jump",
            "Jump to a row by the letters on it",
            shown_as=";",
        ),
    ]

    # Is given the number that is being typed.
    counting: Callable[[str], None] = staticmethod(lambda digits: None)
    # Is given letters that no row has.
    no_row: Callable[[str], None] = staticmethod(lambda letters: None)
    _digits = ""
    # The letters on the rows that are in view, by the numbers of these.
    _labels: Mapping[int, str] = MappingProxyType({})

    @property
    def is_counting(self) -> bool:
        """True from the first digit of a number until the key that it is for."""
        return bool(self._digits)

    def label_rows(self) -> None:
        """Put letters on the rows in view."""
        first = self.scroll_offset.y
        rows = range(first, min(first + self.size.height, len(self._rows)))
        self._labels = dict(zip(rows, jump_labels(len(rows)), strict=True))
        self.refresh()

    def jump(self, typed: str) -> bool:
        """Go to the row with the letters that are typed; return False if more are needed.

        Without a letter, or if none fits, the letters go.
        """
        fitting = {row: each for row, each in self._labels.items() if each.startswith(typed)}
        self._labels = fitting if typed and typed not in fitting.values() else {}
        self.refresh()
        if typed in fitting.values():
            self._go(next(iter(fitting)))
        elif typed and not fitting:
            self.no_row(typed)
        return not self._labels

    def render_line(self, y: int) -> Strip:
        """Paint one row, with its letters if there are any."""
        strip = super().render_line(y)
        if not self._labels or not (label := self._labels.get(y + self.scroll_offset.y)):
            return strip
        style = self.get_component_rich_style("outline--found") + Style(bold=True)
        return Strip.join([Strip([Segment(label, style)]), strip.crop(len(label))])

    def leaves_from(self, key: str | None) -> list[Leaf]:
        """Return the works from the row with a key to the cursor, in the order of the rows."""
        at = self.row_number(key, self._cursor)
        rows = self._rows[min(at, self._cursor) : max(at, self._cursor) + 1]
        return [row.node for row in rows if isinstance(row.node, Leaf)]

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
        self.counting(self._digits)
