"""What all screens share, and the small ones that ask."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.worker import Worker

from papertui.errors import Refused
from papertui.storage.database import Busy, DatabaseError
from papertui.tui.bars import Header, KeyBar, MessageLine

if TYPE_CHECKING:
    from papertui.tui.app import PaperTui


AGAIN_AFTER = 0.1


P = ParamSpec("P")
S = TypeVar("S", bound="PaperScreen")


def spoken(
    action: Callable[Concatenate[S, P], Awaitable[None]],
) -> Callable[Concatenate[S, P], Worker[None]]:
    """Let an action wait for the store without holding keys up, and say why it was refused."""

    @wraps(action)
    async def run(self: S, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await action(self, *args, **kwargs)
        except (DatabaseError, Refused) as error:
            self.papertui.refuse(error)

    return work(run)  # type: ignore[return-value]


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

    def paint(self, from_store: Callable[[], None]) -> None:
        """Run what reads the store and shows it, again later while another program writes."""
        try:
            from_store()
        except Busy:
            self.set_timer(AGAIN_AFTER, lambda: self.paint(from_store))
        except (DatabaseError, Refused) as error:
            self.papertui.refuse(error)

    def keep(self) -> None:
        """Put what would be lost if papertui went away now where it is found again."""

    def settle(self) -> None:
        """Finish what is open, for papertui is being left. Raises DatabaseError."""
        self.keep()

    def go_back(self) -> bool:
        """Go back within the screen; False where there is nowhere to go."""
        return False

    async def typed(self, label: str, hint: str = "", text: str = "") -> str:
        """Return what the reader types into a line, nothing when the line is left."""
        from papertui.tui.fields import Prompt

        return (await self.papertui.push_screen_wait(Prompt(label, hint, text)) or "").strip()

    def say(self, before: str, title: str = "", after: str = "") -> None:
        """Show a message on its line; where it is too long, `title` gives way."""
        if lines := self.query(MessageLine):
            lines.first().message = (before, title, after)
        else:
            # It has only just been put in front.
            self.call_after_refresh(self.say, before, title, after)


class Choose(ModalScreen[str]):
    """A question answered by one of some keys; "" where the reader leaves.

    `offered` is the key that enter stands for; `title` gives way where the line
    is too long.
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
        """Show the question."""
        line = MessageLine(id="question")
        line.message = self._question
        yield line

    def on_key(self, event: events.Key) -> None:
        """Take the choice, or leave."""
        key = self._offered if event.key == "enter" else event.key
        event.stop()
        if key in self._choices:
            self.dismiss(key)
        elif key in ("escape", "q"):
            self.dismiss("")


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
