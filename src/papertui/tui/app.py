"""The app: the store, the bindings that work everywhere, the way out."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import ClassVar, TypeVar

from textual import work
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from papertui.config import Config, config_path
from papertui.core import identifiers, journal, labels
from papertui.core.journal import Change
from papertui.errors import Refused
from papertui.pages.progress_summary import current_streak
from papertui.pages.work import work_details
from papertui.storage.database import BUSY_TIMEOUT, Busy, Damaged, DatabaseError
from papertui.storage.store import Act, Store
from papertui.system import desktop
from papertui.tui.base import PaperScreen
from papertui.tui.command import command
from papertui.tui.screens.dialogs import Ask
from papertui.tui.screens.library import LibraryScreen
from papertui.tui.terminal_app import TerminalApp
from papertui.tui.widgets.bars import Header

OSC52_LIMIT = 74_994
POLL_EVERY = 1.0

T = TypeVar("T")


class PaperTui(TerminalApp):
    """papertui in the terminal; it owns the store and closes it."""

    CSS_PATH = "papertui.tcss"
    TITLE = "papertui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        command("undo", "u", "undo", "Undo the latest act"),
        command("redo", "ctrl+r", "redo", "Redo what was undone"),
        command("help", "question_mark,f1", "help", "Show the keys that work here", "help", "?"),
        command("palette", "ctrl+p", "command_palette", "Find a command by its name"),
        command("quit", "q", "back", "Go back; from the library, quit"),
        command("quit-now", "ctrl+q", "quit", "Save and quit", always=True),
        command("suspend", "ctrl+z", "suspend_process", "Go to the shell; fg comes back"),
    ]

    def __init__(
        self,
        store: Store,
        config: Config,
        driver: type[Driver] | None = None,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(driver_class=driver)
        self.store = store
        self.config = config
        self.clock = store.clock
        self.glyphs = labels.ASCII if config.ascii else labels.Glyphs()
        self._version = store.version()
        self.damage: Damaged | None = None
        self._when_ready = ready
        self._catching_up = False

    def get_default_screen(self) -> Screen[None]:
        """Start with the library."""
        return LibraryScreen()

    def on_mount(self) -> None:
        """Listen to signals, apply the reader's keys, watch for other programs' changes."""
        self.set_keymap(dict(self.config.keys))
        # After ctrl+z and fg the terminal is empty, which Textual does not know.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.set_interval(POLL_EVERY, self._notice_changes)
        self.guard()

    def on_ready(self) -> None:
        """Tell whoever started it that the first screen stands."""
        self.call_after_refresh(self._when_ready)

    # ── what the screens ask for ────────────────────────────────────────────

    def today(self) -> date:
        """Return the reading day."""
        return self.config.today(self.clock())

    def headline(self) -> str:
        """Return how the week stands, in one line."""
        found = current_streak(self.store, self.config, self.today())
        return found.headline if found else ""

    def show_message(self, before: str, title: str = "", after: str = "") -> None:
        """Show a message on the screen in front, `title` giving way where it is too long."""
        front = next(s for s in reversed(self.screen_stack) if isinstance(s, PaperScreen))
        front.show_message(before, title, after)

    def changed(self) -> None:
        """Bring every screen up to date with the store."""
        for screen in self.screen_stack:
            if isinstance(screen, PaperScreen) and screen.query(Header):
                screen.refresh_from_store(screen.reload)

    async def retry_while_busy(self, ask: Callable[[], T]) -> T:
        """Ask the store, again and again while another program is writing.

        The screen stays alive meanwhile. Raises Busy when that takes too long,
        and whatever else the store refuses with.
        """
        deadline = time.monotonic() + BUSY_TIMEOUT
        while True:
            try:
                return ask()
            except Busy:
                if time.monotonic() > deadline:
                    raise
                self.show_message("Waiting for another program that is writing …")
                await asyncio.sleep(0.05)

    async def in_thread(self, ask: Callable[[Store], T]) -> T:
        """Let a thread with a store of its own do what takes long; the screen stays alive."""

        def run() -> T:
            with Store(self.store.path, clock=self.clock) as own:
                return ask(own)

        return await asyncio.to_thread(run)

    async def record(self, *changes: Change) -> Act:
        """Append to the journal and show the effect."""
        act = await self.retry_while_busy(lambda: self.store.record(*changes))
        self.changed()
        return act

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
        """Copy text and say what really happened."""
        if text is None:
            self.show_message(f"This work has no {what} that is known.")
        else:
            self.show_message(f"{await self._copied(text)}: {what} · ", " ".join(text.split()))

    async def share(self, citekey: str) -> None:
        """Copy the explanation of a work and mark it as explained today."""
        from papertui.exporters import markdown

        view = await self.retry_while_busy(lambda: work_details(self.store, citekey, self.today()))
        copied = await self._copied(markdown.explanation(view.work, view.record))
        await self.record(journal.share(citekey, self.today()))
        self.show_message(
            f"Explanation {copied}, marked as shared: ", view.work.title, " · u takes it back"
        )

    def follow(self, target: str) -> None:
        """Follow a link: open a web address, or go to a work in the library."""
        if identifiers.is_web_address(target):
            self.open_address(target, "address")
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(library := self.screen, LibraryScreen):
            library.jump(target)

    async def _copied(self, text: str) -> str:
        sent = len(text.encode()) <= OSC52_LIMIT
        if sent:
            self.copy_to_clipboard(text)
        if await desktop.copy(text):
            return "copied"
        return "sent to the terminal's clipboard" if sent else "too long to copy"

    # ── what works everywhere ───────────────────────────────────────────────

    @work
    async def action_undo(self) -> None:
        """Take the latest act back; ask first for a note or an act of an earlier day."""
        try:
            act = await self.retry_while_busy(self.store.last_act)
            if act.is_note or self.config.today(act.moment) != self.today():
                when = labels.day_name(act.moment.date(), self.clock().date())
                if not await self.push_screen_wait(Ask("Undo ", act.words, f", done {when}?")):
                    return
            await self._turn(act, lambda store: store.undo(act))
        except (DatabaseError, Refused) as error:
            self.show_message(str(error))
            return
        self.changed()
        self.show_message("Undone: ", act.words, " · ctrl+r brings it back")

    @work
    async def action_redo(self) -> None:
        """Bring back what the last undo took."""
        try:
            act = await self.retry_while_busy(self.store.next_redo)
            await self._turn(act, Store.redo)
        except (DatabaseError, Refused) as error:
            self.show_message(str(error))
            return
        self.changed()
        self.show_message("Done again: ", act.words, " · u takes it back")

    async def _turn(self, act: Act, ask: Callable[[Store], Act]) -> None:
        if act.takes_long:
            await self.in_thread(ask)
        else:
            await self.retry_while_busy(lambda: ask(self.store))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave undo and redo to a text field that has the focus."""
        typing = getattr(self.focused, "takes_text", False)
        return not (typing and action in ("undo", "redo", "suspend_process"))

    def action_help(self) -> None:
        """Show the keys that work on this screen."""
        from papertui.tui.screens.help import HelpScreen, key_groups

        if isinstance(self.screen, HelpScreen):
            return
        self.push_screen(HelpScreen(key_groups(self), str(config_path())))

    async def action_back(self) -> None:
        """Go back a screen; from the library, quit."""
        go_back = getattr(self.screen, "go_back", None)
        if go_back and go_back():
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self._leave()

    def action_add_work(self) -> None:
        """Add a work, from whatever screen."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(library := self.screen, LibraryScreen):
            library.action_add()

    def action_import_list(self) -> None:
        """Show the screen that imports a list."""
        from papertui.tui.screens.import_list import ImportScreen

        self.push_screen(ImportScreen())

    def action_keep_up(self) -> None:
        """Show the screen for keeping up."""
        from papertui.tui.screens.keep_up import KeepUpScreen

        self.push_screen(KeepUpScreen())

    def action_progress(self) -> None:
        """Show the progress screen."""
        from papertui.tui.screens.progress import ProgressScreen

        self.push_screen(ProgressScreen())

    async def action_quit(self) -> None:
        """Save what is being typed and quit."""
        self._leave()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every command that works on this screen, once, and the themes."""
        seen = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id and active.enabled and active.tooltip and binding.id not in seen:
                seen.add(binding.id)
                yield SystemCommand(
                    active.tooltip,
                    f"key {self.get_key_display(binding)}",
                    lambda node=active.node, action=binding.action: self._run_command(action, node),
                )
        yield SystemCommand("Change the theme", "Colours of papertui", self.action_change_theme)

    def _run_command(self, action: str, node: object) -> None:
        self.call_next(self.run_action, action, node)

    def _notice_changes(self) -> None:
        try:
            version = self.store.version()
            if self.store.unsearched():
                self._catch_up()
        except DatabaseError:
            return
        if version != self._version:
            self._version = version
            self.changed()

    @work
    async def _catch_up(self) -> None:
        """Make searchable what came in, for as long as papertui runs."""

        def step_by_step(store: Store) -> None:
            for _ in store.catch_up():
                if not self.is_running:
                    return

        if not self._catching_up:
            self._catching_up = True
            with suppress(DatabaseError):
                await self.in_thread(step_by_step)
            self._catching_up = False

    def save_all(self) -> bool:
        """Keep what is typed on every screen."""
        kept = True
        for screen in self._paper_screens():
            try:
                screen.keep()
            except Exception:
                kept = False
        return kept

    def show_error(self, error: DatabaseError | Refused) -> None:
        """Say why something was not done; leave where the database has to be mended."""
        if isinstance(error, Damaged):
            self.leave_damaged(error)
        else:
            self.show_message(str(error))

    def leave_damaged(self, damage: Damaged) -> None:
        """Leave, so that the database can be mended; what is typed goes beside it."""
        self.save_all()
        self.damage = damage
        self.exit(1)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def _paper_screens(self) -> list[PaperScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, PaperScreen)]

    def _leave(self) -> None:
        """Finish what is open and leave; stay where it could not be saved."""
        try:
            for screen in self._paper_screens():
                screen.prepare_to_quit()
        except DatabaseError as error:
            self.show_message(f"{error} The text is safe; press ctrl+q again soon.")
            return
        self.exit(0)
