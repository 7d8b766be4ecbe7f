"""Small screens that ask one thing."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from papertui.tui.widgets.bars import MAX_QUESTION_LINES, MessageLine
from papertui.tui.widgets.inputs import LineInput


class Choose(ModalScreen[str]):
    """A question answered by one of some keys, "" if the reader leaves.

    Enter chooses the key `offered`; `title` is shortened if the line is too long, and the
    choices take lines of their own if they do not fit.
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
        self._question = (before, title, after)
        self._choices = [f"{key} {label}" for key, label in choices.items()]
        # Bindings, as a key that comes in the same write as the answer is not for this screen.
        answers = {"escape": "", "q": ""} | {key: key for key in choices} | {"enter": offered}
        for key, answer in answers.items():
            if answer or key != "enter":
                self._bindings.bind(key, f"dismiss({answer!r})")

    def compose(self) -> ComposeResult:
        """Yield the question."""
        yield _question(*self._question, choices=self._choices)


class Prompt(ModalScreen[str | None]):
    """A line to type into, None if the reader leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Leave")]

    def __init__(self, label: str, placeholder: str, text: str) -> None:
        super().__init__()
        self._label = label
        self._line = LineInput(text, placeholder=placeholder, id="answer", select_on_focus=False)

    def compose(self) -> ComposeResult:
        """Yield the label and the line."""
        yield _question(self._label)
        yield self._line

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the line."""
        self.dismiss(event.value)


def _question(*parts: str, choices: Sequence[str] = ()) -> MessageLine:
    return MessageLine(*parts, choices=choices, max_lines=MAX_QUESTION_LINES, id="question")
