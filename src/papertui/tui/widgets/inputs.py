"""Where text is typed: a line, an editor, and a prompt with a line in it.

Textual's own fields hand control characters on to the terminal; these hold none.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual import events
from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult

from papertui.core.text import replace_controls

# Emoji and Persian need them; Textual takes printable characters alone.
JOINERS = "\u200c\u200d"


class LineInput(Input):
    """A line to type into."""

    takes_text = True

    def validate_value(self, value: str) -> str:
        """Keep control characters out."""
        return replace_controls(value)

    def on_key(self, event: events.Key) -> None:
        """Take the joiners."""
        if event.character and event.character in JOINERS:
            self.insert_text_at_cursor(event.character)
            event.stop()


class SearchLine(LineInput):
    """A line that reports every change at once, so that the matches are in the same frame."""

    def __init__(self, changed: Callable[[str], None], placeholder: str, *, id: str) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self._changed = changed

    def watch_value(self) -> None:
        """Report the change."""
        if self.is_mounted:
            self._changed(self.value)


class Editor(TextArea):
    """A text to type into."""

    takes_text = True

    def __init__(self, text: str, **options: Any) -> None:
        super().__init__(replace_controls(text), **options)

    def edit(self, edit: Edit) -> EditResult:
        """Keep control characters out."""
        return super().edit(replace(edit, text=replace_controls(edit.text)))

    def on_key(self, event: events.Key) -> None:
        """Take the joiners."""
        if event.character and event.character in JOINERS:
            self.insert(event.character)
            event.stop()
