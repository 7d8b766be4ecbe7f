"""The bases of the app and of its screens: store, clock, messages, clipboard and browser."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from textual import getters, work
from textual.app import ComposeResult
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import Worker

from papertui.config import Config
from papertui.core import identifiers, journal, labels
from papertui.core.journal import Change
from papertui.core.text import file_safe
from papertui.errors import Refused
from papertui.pages.progress_summary import current_streak
from papertui.pages.work import work_details
from papertui.storage.database import (
    BUSY_TIMEOUT,
    Busy,
    Damaged,
    DatabaseError,
    Moved,
    stored_values,
)
from papertui.storage.store import Act, Store
from papertui.system import desktop
from papertui.tui.dialogs import Choose, Prompt
from papertui.tui.terminal_app import TerminalApp
from papertui.tui.widgets.bars import Header, KeyBar, MessageLine
from papertui.tui.widgets.page import PagePane

# Columns from which on two panes are side by side.
WIDE = 100
# Bytes of text that common terminals take in one clipboard sequence.
OSC52_LIMIT = 74_994
# Seconds between two tries while another program is writing.
RETRY_INTERVAL = 0.05

T = TypeVar("T")
S = TypeVar("S")
P = ParamSpec("P")


def background_action(
    action: Callable[Concatenate[S, P], Awaitable[None]],
) -> Callable[Concatenate[S, P], Worker[None]]:
    """Run an action while keys go on being handled, and show why it was refused."""

    @wraps(action)
    async def run(self: Any, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await action(self, *args, **kwargs)
        except (DatabaseError, Refused) as error:
            self.app.show_error(error)

    return work(run)


class PaperApp(TerminalApp):
    """An app with a store; its methods serve every screen."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012

    def __init__(self, store: Store, config: Config, driver: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver)
        self.store = store
        self.config = config
        self.clock = store.clock
        self.glyphs = labels.ASCII if config.ascii else labels.Glyphs()
        self.damage: Damaged | None = None

    @property
    def paper_screens(self) -> list["PaperScreen"]:
        """The open screens with header and message line, the one in front last."""
        return [screen for screen in self.screen_stack if isinstance(screen, PaperScreen)]

    def today(self) -> date:
        """Return the reading day."""
        return self.config.today(self.clock())

    def headline(self) -> str:
        """Return the progress of the week in one line, empty when there is no goal yet."""
        streak = current_streak(self.store, self.config, self.today())
        return streak.headline if streak else ""

    def show_message(self, before: str, title: str = "", after: str = "") -> None:
        """Show a message on the screen in front; if it is too long, `title` is shortened."""
        self.paper_screens[-1].show_message(before, title, after)

    def show_error(self, error: DatabaseError | Refused) -> None:
        """Show why something was not done; leave if the database must be mended first."""
        if isinstance(error, Damaged):
            self.leave_damaged(error)
        else:
            self.show_message(str(error))

    def is_explained(self, error: Exception) -> bool:
        """Leave because of a damaged database if that is behind an error."""
        try:
            with stored_values(self.store.path):
                raise error
        except Damaged as damage:
            self.leave_damaged(damage)
            return True
        except Exception:
            return False

    def leave_damaged(self, damage: Damaged) -> None:
        """Save what is being typed beside the damaged database and leave."""
        self.save_all()
        if isinstance(damage, Moved):
            self.store.keep_copy(damage)
        self.damage = damage
        self.exit(1)

    def changed(self) -> None:
        """Bring every screen up to date with the store."""
        for screen in self.paper_screens:
            if screen.query(Header):
                screen.refresh_from_store(screen.reload)

    def save_all(self) -> bool:
        """Save the state of every screen; return False if one of them failed."""
        saved = True
        for screen in self.paper_screens:
            try:
                screen.save_state()
            except Exception:
                saved = False
        return saved

    async def retry_while_busy(self, ask: Callable[[], T]) -> T:
        """Call `ask` until no other program is writing; the screen stays responsive.

        Raises Busy if that takes too long, and the store's other errors at once.
        """
        deadline = time.monotonic() + BUSY_TIMEOUT
        while True:
            try:
                return ask()
            except Busy:
                if time.monotonic() > deadline:
                    raise
                self.show_message("Waiting for another program that is writing …")
                await asyncio.sleep(RETRY_INTERVAL)

    async def in_thread(self, ask: Callable[[Store], T]) -> T:
        """Run what takes long in a thread with a store of its own."""

        def run() -> T:
            with Store(self.store.path, clock=self.clock) as own:
                return ask(own)

        return await asyncio.to_thread(run)

    async def record(self, *changes: Change) -> Act:
        """Append to the journal and show the effect."""
        act = await self.retry_while_busy(lambda: self.store.record(*changes))
        self.changed()
        return act

    async def confirm(self, before: str, title: str = "", after: str = "") -> bool:
        """Ask a question and return True if the answer is yes."""
        question = Choose(before, title, after, choices={"y": "yes", "n": "no"}, offered="y")
        return await self.push_screen_wait(question) == "y"

    async def prompt(self, label: str, hint: str = "", text: str = "") -> str | None:
        """Return the line that the reader types, None if the reader leaves it."""
        typed = await self.push_screen_wait(Prompt(label, hint, text))
        return None if typed is None else typed.strip()

    async def ask_until(
        self,
        parse: Callable[[str], Awaitable[T]],
        label: str,
        hint: str = "",
        text: str = "",
        *,
        blank: bool = False,
    ) -> T | None:
        """Ask for a line until `parse` takes it; return what it returns, None if the reader leaves.

        The reason of each Refused is the next label. An empty line leaves too,
        unless `blank` ones are parsed.
        """
        while True:
            typed = await self.prompt(label, hint, text)
            if typed is None or not (typed or blank):
                return None
            try:
                return await parse(typed)
            except Refused as refused:
                label, text = str(refused), typed

    @work
    async def open_address(self, url: str | None, what: str) -> None:
        """Open a web address in the browser, or else show and copy it."""
        if not url or not identifiers.is_web_address(url):
            self.show_message(f"This work has no {what} that is known.")
        elif await desktop.open_in_browser(url):
            self.show_message(f"Opened in the browser: {url}")
        else:
            self.show_message(f"No browser here · {await self._copied(url)}: ", url)

    @work
    async def copy(self, text: str | None, what: str) -> None:
        """Copy text to the clipboard and show whether that worked."""
        if text is None:
            self.show_message(f"This work has no {what} that is known.")
        else:
            self.show_message(f"{await self._copied(text)}: {what} · ", " ".join(text.split()))

    async def share(self, citekey: str) -> None:
        """Copy the explanation of a work and mark it as explained today."""
        from papertui.exporters import markdown

        today = self.today()
        details = await self.retry_while_busy(lambda: work_details(self.store, citekey, today))
        copied = await self._copied(markdown.explanation(details.work, details.record))
        await self.record(journal.share(citekey, today))
        self.show_message(
            f"Explanation {copied}, marked as shared: ", details.work.title, " · u takes it back"
        )

    async def _copied(self, text: str) -> str:
        text = file_safe(text)
        sent = len(text.encode()) <= OSC52_LIMIT
        if sent:
            self.copy_to_clipboard(text)
        if await desktop.copy(text):
            return "copied"
        return "sent to the terminal's clipboard" if sent else "too long to copy"

    def follow(self, target: str) -> None:
        """Follow a link: open a web address, or go to a work in the library."""
        if identifiers.is_web_address(target):
            self.open_address(target, "address")
        else:
            self.go_to_work(target)

    def go_to_work(self, citekey: str) -> None:
        """Close every screen but the library and go to a work there."""
        raise NotImplementedError

    def show_list(self, key: str) -> None:
        """Open a list in the library."""
        raise NotImplementedError


class PaperScreen(Screen[None]):
    """A screen between header and key bar; `reload` brings it up to date with the store."""

    papertui = getters.app(PaperApp)
    header = getters.query_one(Header)

    def compose(self) -> ComposeResult:
        """Put the bars around the widgets of `compose_body`."""
        # Textual's breakpoints set it too, but only after the first frame.
        self.set_class(self.app.size.width < WIDE, "-narrow")
        yield Header()
        yield from self.compose_body()
        yield MessageLine()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """Yield the widgets between the bars."""
        yield from ()

    def reload(self) -> None:
        """Show the present state of the store."""
        self.header.right = self.papertui.headline()

    def refresh_from_store(self, read_and_show: Callable[[], None]) -> None:
        """Call what reads the store and shows it, again later while another program writes."""
        try:
            read_and_show()
        except Busy:
            self.set_timer(RETRY_INTERVAL, lambda: self.refresh_from_store(read_and_show))
        except (DatabaseError, Refused) as error:
            self.papertui.show_error(error)

    def save_state(self) -> None:
        """Save what would be lost if papertui ended now. Raises DatabaseError."""

    def prepare_to_quit(self) -> None:
        """Finish what is open before papertui is left. Raises DatabaseError."""
        self.save_state()

    def go_back(self) -> bool:
        """Go back within the screen; return False if there is nothing to go back to."""
        return False

    def show_message(self, before: str, title: str = "", after: str = "") -> None:
        """Show a message on the message line; if it is too long, `title` is shortened."""
        if lines := self.query(MessageLine):
            lines.first().message = (before, title, after)
        else:
            # The screen is in front, but not composed yet.
            self.call_after_refresh(self.show_message, before, title, after)


class PageScreen(PaperScreen):
    """A screen with one page between the bars."""

    page = getters.query_one("#page", PagePane)

    def compose_body(self) -> ComposeResult:
        """Yield the page."""
        yield PagePane(id="page")

    def on_mount(self) -> None:
        """Give the keys to the page and fill it; Textual calls this after a subclass's own."""
        self.page.focus()
        self.refresh_from_store(self.reload)
