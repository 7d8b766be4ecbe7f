"""The text of a note to type into, and the line to find from in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.keys import REPLACED_KEYS
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from papertui.core.text import replace_controls
from papertui.tui.command import fixed_keys, typing_command
from papertui.tui.line_filters import as_typed
from papertui.tui.widgets.inputs import JOINERS, LineInput


class Editor(TextArea):
    """A text to type into."""

    takes_text = True
    BINDINGS: ClassVar[list[BindingType]] = [
        typing_command("note.top", "ctrl+home", "go(False)", "Go to the top of the note"),
        typing_command("note.end", "ctrl+end", "go(True)", "Go to the end of the note"),
        typing_command("note.select-all", "ctrl+a", "select_all", "Select the whole note"),
        fixed_keys("ctrl+z", "undo", "Undo what was typed"),
        fixed_keys("ctrl+y", "redo", "Type again what was undone"),
        # A terminal without bracketed paste sends the end of a line so.
        Binding("ctrl+j", "new_line", "Begin a new line"),
        Binding("ctrl+shift+home", "go(False, True)", "Select to the top"),
        Binding("ctrl+shift+end", "go(True, True)", "Select to the end"),
    ]

    def __init__(self, text: str, **options: Any) -> None:
        super().__init__(replace_controls(text), **options)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Show the text as it is typed."""
        return as_typed(super().get_line_filters())

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Return True for a key that types, which its own names for some keep from Textual."""
        return key in REPLACED_KEYS or super().check_consume_key(key, character)

    def edit(self, edit: Edit) -> EditResult:
        """Keep control characters out."""
        return super().edit(replace(edit, text=replace_controls(edit.text)))

    def _recompute_cursor_offset(self) -> None:
        """Look for the cursor within the text: while Textual undoes, it may be beyond the end."""
        place = self.clamp_visitable(self.cursor_location)
        self._cursor_offset = self.wrapped_document.location_to_offset(place)

    @dataclass
    class TypingUndone(Message):
        """The reader took back what was typed."""

    def action_undo(self) -> None:
        """Take back what was typed."""
        before = self.text
        super().action_undo()
        if self.text != before:
            self.post_message(self.TypingUndone())

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_go(self, to_end: bool, select: bool = False) -> None:
        """Go to the top or to the end, selecting on the way or not."""
        self.move_cursor(self.document.end if to_end else (0, 0), select=select)

    def on_key(self, event: events.Key) -> None:
        """Insert joiners too."""
        if event.character and event.character in JOINERS:
            self.insert(event.character)
            event.stop()

    def on_resize(self) -> None:
        """Paint the text as it is wrapped then, and keep the cursor in view."""
        # Textual paints it only if it has another number of rows.
        self.refresh()
        self.call_after_refresh(self.scroll_cursor_visible)


class FindLine(LineInput):
    """A line to find from in the note."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Tab, which would leave the line open, does as well.
        fixed_keys("enter,tab,shift+tab", "submit", "Go to the next match", "next match")
    ]
