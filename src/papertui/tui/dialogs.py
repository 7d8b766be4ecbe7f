"""Small screens that ask one thing."""

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from papertui.tui.widgets.bars import MessageLine
from papertui.tui.widgets.inputs import LineInput


def _question(before: str, title: str, after: str) -> MessageLine:
    line = MessageLine(id="question")
    line.message = (before, title, after)
    return line


class Choose(ModalScreen[str]):
    """A question answered by one of some keys, "" if the reader leaves.

    Enter chooses the key `offered`; `title` is shortened if the line is too long.
    """

    def __init__(
        self,
        before: str,
        title: str = "",
        after: str = "",
        *,
        choices: Mapping[str, str],
        offered: str = "",
    ) -> None:
        super().__init__()
        listed = " · ".join(f"{key} {label}" for key, label in choices.items())
        self._question = (before, title, f"{after}  {listed}")
        self._choices = choices
        self._offered = offered

    def compose(self) -> ComposeResult:
        """Yield the question."""
        yield _question(*self._question)

    def on_key(self, event: events.Key) -> None:
        """Take the choice, or leave."""
        key = self._offered if event.key == "enter" else event.key
        event.stop()
        if key in self._choices:
            self.dismiss(key)
        elif key in ("escape", "q"):
            self.dismiss("")


class Ask(ModalScreen[bool]):
    """A question answered by y or n; `title` is shortened if the line is too long."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "dismiss(True)", "Yes"),
        Binding("n,escape,q", "dismiss(False)", "No"),
    ]

    def __init__(self, before: str, title: str = "", after: str = "") -> None:
        super().__init__()
        self._question = (before, title, f"{after}  y yes · n no")

    def compose(self) -> ComposeResult:
        """Yield the question."""
        yield _question(*self._question)


class Prompt(ModalScreen[str | None]):
    """A line to type into, None if the reader leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Leave")]

    def __init__(self, label: str, placeholder: str, text: str) -> None:
        super().__init__()
        self._label = label
        self._placeholder = placeholder
        self._text = text

    def compose(self) -> ComposeResult:
        """Yield the label and the line."""
        yield Static(self._label, markup=False, id="question")
        yield LineInput(
            self._text, placeholder=self._placeholder, id="answer", select_on_focus=False
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the line."""
        self.dismiss(event.value)
