"""What all screens share, and the small ones that ask."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.worker import Worker

from papertui.errors import Refused
from papertui.storage.database import Busy, DatabaseError
from papertui.tui.widgets.bars import Header, KeyBar, MessageLine

if TYPE_CHECKING:
    from papertui.tui.app import PaperTui


AGAIN_AFTER = 0.1


P = ParamSpec("P")
S = TypeVar("S", bound="PaperScreen")


def background_action(
    action: Callable[Concatenate[S, P], Awaitable[None]],
) -> Callable[Concatenate[S, P], Worker[None]]:
    """Let an action wait for the store without holding keys up, and say why it was refused."""

    @wraps(action)
    async def run(self: S, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await action(self, *args, **kwargs)
        except (DatabaseError, Refused) as error:
            self.papertui.show_error(error)

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

    def refresh_from_store(self, from_store: Callable[[], None]) -> None:
        """Run what reads the store and shows it, again later while another program writes."""
        try:
            from_store()
        except Busy:
            self.set_timer(AGAIN_AFTER, lambda: self.refresh_from_store(from_store))
        except (DatabaseError, Refused) as error:
            self.papertui.show_error(error)

    def keep(self) -> None:
        """Put what would be lost if papertui went away now where it is found again."""

    def prepare_to_quit(self) -> None:
        """Finish what is open, for papertui is being left. Raises DatabaseError."""
        self.keep()

    def go_back(self) -> bool:
        """Go back within the screen; False where there is nowhere to go."""
        return False

    async def typed(self, label: str, hint: str = "", text: str = "") -> str:
        """Return what the reader types into a line, nothing when the line is left."""
        from papertui.tui.screens.dialogs import Prompt

        return (await self.papertui.push_screen_wait(Prompt(label, hint, text)) or "").strip()

    def show_message(self, before: str, title: str = "", after: str = "") -> None:
        """Show a message on its line; where it is too long, `title` gives way."""
        if lines := self.query(MessageLine):
            lines.first().message = (before, title, after)
        else:
            # It has only just been put in front.
            self.call_after_refresh(self.show_message, before, title, after)
