"""The screen before the library if the database is damaged: what can be saved, and the choice."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from papertui.config import Config, command_line
from papertui.core.labels import Glyphs, full_time
from papertui.core.text import quantity
from papertui.pages.layout import DIM, STRONG, TITLE, Line, Span, Writer
from papertui.storage.backups import BackupError, Backups
from papertui.storage.database import Damaged, DatabaseError, Moved
from papertui.storage.restore import (
    DAMAGED_FILE,
    Mended,
    WholeCopy,
    is_damaged,
    mend,
    newest_whole,
    readable,
)
from papertui.storage.salvage import Salvaged
from papertui.system import clock
from papertui.system.clock import Clock
from papertui.tui.command import command
from papertui.tui.dialogs import Choose
from papertui.tui.terminal_app import QuietDriver, TerminalApp
from papertui.tui.themes import chosen_theme
from papertui.tui.widgets.bars import Header, KeyBar
from papertui.tui.widgets.page import PagePane


class RescueApp(TerminalApp):
    """Offers to mend a database.

    `is_mended` is True once there is a whole one, `goes_on` once the library is to be opened.
    """

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "rescue.help", "question_mark,f1", "help", "Show the keys that work here", "help", "?"
        ),
        command("rescue.close", "q", "close", "Close the help"),
        command("rescue.quit", "ctrl+q", "leave", "Leave all as it is", always=True),
    ]

    def __init__(
        self,
        damage: Damaged,
        config: Config,
        clock: Clock = clock.now,
        driver: type[Driver] | None = None,
    ) -> None:
        # The theme that was chosen last is in the database.
        super().__init__(chosen_theme(config.theme, None), driver)
        self.has_plain_signs = config.ascii
        self.is_mended = self.goes_on = False
        self._damage = damage
        self._clock = clock

    def get_default_screen(self) -> Screen[None]:
        """Return the screen that offers to mend."""
        return RescueScreen(self._damage, self._clock)

    def on_mount(self) -> None:
        """Save what is open, whatever ends the app."""
        self.guard()
        self.leave_threads_behind()

    def action_help(self) -> None:
        """Show the keys that work on this screen, or close them."""
        from papertui.tui.screens.help import HelpScreen, keys_elsewhere, keys_here

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            commands = keys_elsewhere(self, (), {})
            self.push_screen(HelpScreen(keys_here(self), commands, Glyphs(), ""))

    def action_close(self) -> None:
        """Close the help."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_leave(self) -> None:
        """Leave the database as it is now."""
        code = 0 if self.is_mended else 1
        self.exit(code, return_code=code)


class RescueScreen(Screen[None]):
    """Says what can be read of a damaged database and its copies, and mends it or begins anew."""

    rescue_app = getters.app(RescueApp)
    BINDINGS: ClassVar[list[BindingType]] = [
        command("rescue.mend", "m", "mend", "Mend the database", "mend"),
        command("rescue.anew", "n", "start_again", "Start again, with no entries", "start again"),
        command("rescue.go-on", "enter", "go_on", "Go on to the library", "go on"),
        command("rescue.leave", "q,escape", "app.leave", "Leave all as it is", "quit", "q"),
    ]

    def __init__(self, damage: Damaged, clock: Clock) -> None:
        super().__init__()
        self._damage = damage
        self._clock = clock
        self._sources = [damage.path]
        self._is_whole = False
        self._is_gone = isinstance(damage, Moved) or not damage.path.exists()
        if isinstance(damage, Moved):
            self._is_whole = damage.path.exists() and not is_damaged(damage.path)
            self._sources += [damage.kept] if damage.kept else []
        self._was_open = "what was open" if isinstance(damage, Moved) else DAMAGED_FILE
        self._copy: WholeCopy | None = None
        self._salvaged: Salvaged | None = None
        self._mended: Mended | None = None
        self._is_empty = self._is_mending = False
        self._refusal = ""

    def compose(self) -> ComposeResult:
        """Yield the page between the bars."""
        yield Header()
        yield PagePane(id="page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to read the damaged file."""
        self.query_one(PagePane).focus()
        self.call_after_refresh(self._show)
        self._read_files()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to mend once the files are read, and to go on once the database is mended."""
        if action in ("mend", "start_again"):
            is_ready = self._salvaged is not None and not (self._mended or self._is_mending)
            return is_ready and (action == "start_again" or bool(self._mends()))
        return action != "go_on" or bool(self._mended) or self._is_whole

    @work(thread=True)
    def _read_files(self) -> None:
        self._copy = newest_whole(self._damage.path)
        self._salvaged = readable(*self._sources)
        self.app.call_from_thread(self._show)

    def action_mend(self) -> None:
        """Put together all that there is."""
        self._begin()

    def action_start_again(self) -> None:
        """Put an empty database in the place of the damaged one; ask first if there are entries."""
        if not (there := self._there()):
            self._begin(from_scratch=True)
            return
        question = Choose(
            f"Leave {' and '.join(there)}, and start with an empty journal?",
            choices={"y": "yes, empty", "n": "no"},
            offered="n",
            refused="n",
        )
        self.app.push_screen(question, self._answer)

    def _answer(self, answer: str | None) -> None:
        if answer == "y":
            self._begin(from_scratch=True)

    def _begin(self, from_scratch: bool = False) -> None:
        # A second key that comes meanwhile must not replace what the first one mended.
        self._is_mending = True
        self._mend(from_scratch)

    @work(thread=True)
    def _mend(self, from_scratch: bool) -> None:
        rows = None if from_scratch else self._salvaged
        try:
            self._mended = mend(
                self._damage.path,
                rows or Salvaged({}, {}),
                self._clock(),
                from_scratch,
                self._was_open,
            )
            self._is_empty = from_scratch
            self.rescue_app.is_mended = True
        except (BackupError, DatabaseError) as error:
            self._refusal = str(error)
        self._is_mending = False
        self.app.call_from_thread(self._show)

    def action_go_on(self) -> None:
        """Go on to the library."""
        self.rescue_app.goes_on = True
        self.app.exit(0)

    def _show(self) -> None:
        self.query_one(PagePane).show(self._page)
        self.refresh_bindings()

    def _page(self, width: int) -> list[Line]:
        page = Writer(width)
        if self._mended and self._is_empty:
            self._write_empty(page, self._mended)
        elif self._mended:
            _write_mended(page, self._mended)
        else:
            self._write_choice(page)
        return page.lines

    def _write_choice(self, page: Writer) -> None:
        moved = self._damage if isinstance(self._damage, Moved) else None
        page.line(Span(f"Your database {'is gone' if self._is_gone else 'needs mending'}", TITLE))
        page.blank()
        page.text(f"{self._damage.path} {self._damage.how}.")
        if moved and moved.kept:
            page.text(f"What it held, and what you typed, is kept as {moved.kept}.")
        page.heading("What there is")
        is_read = self._salvaged is not None
        page.text(
            self._copy_in_words() if is_read else "being read …",
            lead=Span("latest copy       ", DIM),
        )
        if moved or not self._is_gone:
            page.text(_in_words(self._salvaged), lead=Span(f"{self._was_open}  ".ljust(18), DIM))
        page.heading("What you can do")
        if mends := self._mends():
            page.text(mends, lead=Span("m  ", STRONG))
        if self._is_whole:
            page.text("Go on with the file that is there now.", lead=Span("enter  ", STRONG))
        page.text("Start again with an empty journal.", lead=Span("n  ", STRONG))
        page.text("Leave everything as it is.", lead=Span("q  ", STRONG))
        page.blank()
        if self._refusal:
            page.text(self._refusal, STRONG)
            page.blank()
        page.text(
            f"Whatever you choose, {'' if self._is_gone else 'the damaged file and '}all copies are"
            f" kept; {command_line('restore')} lists them and brings back what any of them holds.",
            DIM,
        )

    def _copy_in_words(self) -> str:
        if self._copy:
            entries = quantity(self._copy.events, "entry", "entries")
            return f"{entries}, of {full_time(self._copy.backup.taken)}"
        return "none that is whole" if Backups(self._damage.path).latest() else "none yet"

    def _mends(self) -> str:
        """Return what mending does, nothing if there is nothing to mend with."""
        if self._copy and self._salvaged:
            sources = f"the copy and {self._was_open}"
            return f"Put together all that {sources} hold. An entry that either has is there once."
        if self._copy:
            return "Bring back all that the copy holds."
        return f"Bring back all that can be read of {self._was_open}." * bool(self._salvaged)

    def _there(self) -> list[str]:
        """Return the entries that there are, in words."""
        there = []
        if self._salvaged:
            there.append(f"{self._salvaged.words} in {self._was_open}")
        if self._copy:
            entries = quantity(self._copy.events, "entry", "entries")
            there.append(f"{entries} in the copy of {full_time(self._copy.backup.taken)}")
        return there

    def _write_empty(self, page: Writer, mended: Mended) -> None:
        page.line(Span("Your journal is empty", TITLE))
        page.blank()
        page.text(f"{self._damage.path} is a new database, without entries.")
        if mended.kept:
            page.text(f"The file that was there is kept as {mended.kept}")
        if there := self._there():
            page.blank()
            page.text(f"Kept: {' and '.join(there)}. In the shell, this adds it to your journal:")
            for file in self._files(mended):
                page.text(command_line("restore", "--salvage", str(file)), STRONG)
        _write_way_on(page)

    def _files(self, mended: Mended) -> Iterator[Path]:
        """Yield the files that hold the entries; a copy is added with the damaged file."""
        if isinstance(self._damage, Moved) and self._damage.kept:
            yield self._damage.kept
        if mended.kept:
            yield mended.kept
        elif self._copy:
            yield self._copy.backup.path


def _in_words(salvaged: Salvaged | None) -> str:
    if salvaged is None:
        return "being read …"
    return f"{salvaged.words} can be read" if salvaged else "nothing in it can be read"


def _write_mended(page: Writer, mended: Mended) -> None:
    page.line(Span("Your database is whole again", TITLE))
    page.blank()
    page.text(f"It has {mended.words}.")
    if mended.kept:
        page.text(f"The file that was there is kept as {mended.kept}", DIM)
    _write_way_on(page)


def _write_way_on(page: Writer) -> None:
    page.blank()
    page.line(Span("enter", STRONG), " goes on to the library")


def rescue(damage: Damaged, config: Config) -> int | None:
    """Run the app that mends a database; return the exit code, None to go on to the library."""
    app = RescueApp(damage, config, driver=QuietDriver)
    code = app.run_guarded()
    return None if app.goes_on else code
