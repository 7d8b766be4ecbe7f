"""What all screens share, and the small ones that ask."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from papertui.tui.bars import Header, KeyBar, MessageLine

if TYPE_CHECKING:
    from papertui.tui.app import PaperTui


JOINERS = "\u200c\u200d"


class PaperScreen(Screen[None]):
    """A screen between header and key bar; `reload` brings it up to date with the store."""

    @property
    def papertui(self) -> "PaperTui":
        """The app, with store and configuration."""
        return cast("PaperTui", self.app)

    def compose(self) -> ComposeResult:
        """Put the bars around what `compose_body` makes."""
        yield Header()
        yield from self.compose_body()
        yield MessageLine()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """Make the widgets between the bars."""
        yield from ()

    def reload(self) -> None:
        """Show what the store holds now."""
        self.query_one(Header).right = self.papertui.headline()

    def keep(self) -> None:
        """Put what would be lost if papertui went away now where it is found again."""

    def settle(self) -> None:
        """Finish what is open, for papertui is being left."""
        self.keep()

    def go_back(self) -> bool:
        """Go back within the screen; False where there is nowhere to go."""
        return False

    def say(self, before: str, title: str = "", after: str = "") -> None:
        """Show a message on its line; where it is too long, `title` gives way."""
        self.query_one(MessageLine).message = (before, title, after)


class Ask(ModalScreen[bool]):
    """A question on one line, answered by y or n; `title` gives way where it is too long."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
    ]

    def __init__(self, before: str, title: str = "", after: str = "") -> None:
        super().__init__()
        self._question = (before, title, f"{after}  y yes · n no")

    def compose(self) -> ComposeResult:
        """Show the question."""
        line = MessageLine(id="question")
        line.message = self._question
        yield line

    def action_answer(self, answer: bool) -> None:
        """Give the answer back."""
        self.dismiss(answer)


class Line(Input):
    """A line to type into that takes the joiners emoji and Persian need."""

    def on_key(self, event: events.Key) -> None:
        """Take the joiners, which are no printable characters."""
        if event.character and event.character in JOINERS:
            self.insert_text_at_cursor(event.character)
            event.stop()


class Prompt(ModalScreen[str]):
    """A line to type into; an empty one when the reader leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave"),
    ]

    def __init__(self, label: str, placeholder: str = "", text: str = "") -> None:
        super().__init__()
        self._label = label
        self._placeholder = placeholder
        self._text = text

    def compose(self) -> ComposeResult:
        """Show the label and the line."""
        yield Static(self._label, markup=False, id="question")
        yield Line(self._text, placeholder=self._placeholder, id="answer", select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the line back."""
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Give nothing back."""
        self.dismiss("")
