"""Lines to type into, without the control characters that Textual's hand on to the terminal."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.keys import REPLACED_KEYS
from textual.reactive import Reactive
from textual.widgets import Input

from papertui.core.text import cells, replace_controls
from papertui.tui.command import fixed_keys
from papertui.tui.line_filters import as_typed

# Emoji and Persian need them; Textual inserts printable characters only.
JOINERS = "\u200c\u200d"


class LineInput(Input):
    """A line to type into."""

    takes_text = True
    # Its text scrolls in it, so that nothing has to be laid out again at a key.
    virtual_size = Reactive(Size(0, 0))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return True for a key that types, which its own names for some keep from Textual."""
        return key in REPLACED_KEYS or super().check_consume_key(key, character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys that would scroll a line to the screen, whose help then names them."""
        return not action.startswith(("scroll_", "page_"))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Show what is typed as it is, and a hint as any other text."""
        filters = super().get_line_filters()
        return as_typed(filters) if self.value else filters

    def validate_value(self, value: str) -> str:
        """Keep control characters out."""
        return replace_controls(value)

    def on_paste(self, event: events.Paste) -> None:
        """Take the lines of a paste as one, of which Textual would take the first alone."""
        event.text = " ".join(filter(None, map(str.strip, event.text.splitlines())))

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        cursor = Region(cells(self.value[: self.cursor_position]), 0, 1, 1)
        self.call_after_refresh(self.scroll_to_region, cursor, animate=False, force=True)

    def on_key(self, event: events.Key) -> None:
        """Insert joiners too."""
        if event.character and event.character in JOINERS:
            self.insert_text_at_cursor(event.character)
            event.stop()


class SearchLine(LineInput):
    """A line that reports every change at once, so that the matches are in the same frame."""

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("enter", "submit", "Go to the match under the cursor", "go to it")
    ]

    def __init__(self, changed: Callable[[str], None], placeholder: str, *, id: str) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self._changed = changed

    def watch_value(self) -> None:
        """Report the change."""
        if self.is_mounted:
            self._changed(self.value)
