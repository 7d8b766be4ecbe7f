"""The screen before the library if the database is damaged: what can be saved, and the choice."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.driver import Driver

from papertui.core.labels import full_time
from papertui.core.text import quantity
from papertui.pages.layout import DIM, STRONG, TITLE, Line, Span, Writer
from papertui.storage.backups import BackupError, Backups
from papertui.storage.database import Damaged, DatabaseError, Moved
from papertui.storage.restore import Mended, is_damaged, mend, readable
from papertui.storage.salvage import Salvaged
from papertui.system import clock
from papertui.system.clock import Clock
from papertui.tui.command import command
from papertui.tui.terminal_app import QuietDriver, TerminalApp
from papertui.tui.widgets.bars import Header, KeyBar
from papertui.tui.widgets.page import PagePane


class RescueApp(TerminalApp):
    """Offers to mend a database; its exit code is 0 once there is a whole one."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        command("rescue.mend", "m", "mend(False)", "Mend the database", "mend"),
        command("rescue.anew", "n", "mend(True)", "Start again", "start again"),
        command("rescue.go-on", "enter", "go_on", "Go on to the library", "go on"),
        command("rescue.leave", "q,escape,ctrl+q", "leave", "Leave all as it is", "quit", "q"),
    ]

    def __init__(
        self, damage: Damaged, clock: Clock = clock.now, driver: type[Driver] | None = None
    ) -> None:
        super().__init__(driver_class=driver)
        self._damage = damage
        self._clock = clock
        self._sources = [damage.path]
        self._is_whole = False
        self._is_gone = isinstance(damage, Moved) or not damage.path.exists()
        if isinstance(damage, Moved):
            self._is_whole = damage.path.exists() and not is_damaged(damage.path)
            self._sources += [damage.kept] if damage.kept else []
        self._backup = Backups(damage.path).latest()
        self._salvaged: Salvaged | None = None
        self._mended: Mended | None = None
        self._refusal = ""

    def compose(self) -> ComposeResult:
        """Yield the page between the bars."""
        yield Header()
        yield PagePane(id="page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to read the damaged file."""
        self.guard()
        self.leave_threads_behind()
        self.query_one(PagePane).focus()
        self.call_after_refresh(self._show)
        self._read_damaged_file()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to mend once the file is read, and to go on once it is mended."""
        if action == "mend":
            return self._salvaged is not None and self._mended is None
        return action != "go_on" or self._mended is not None or self._is_whole

    @work(thread=True)
    def _read_damaged_file(self) -> None:
        self._salvaged = readable(*self._sources)
        self.call_from_thread(self._show)

    @work(thread=True, exclusive=True)
    def action_mend(self, from_scratch: bool) -> None:
        """Put a whole database in the place of the damaged one."""
        salvaged = Salvaged({}, {}) if from_scratch or self._salvaged is None else self._salvaged
        try:
            self._mended = mend(self._damage.path, salvaged, self._clock(), from_scratch)
        except (BackupError, DatabaseError) as error:
            self._refusal = str(error)
        self.call_from_thread(self._show)

    def action_go_on(self) -> None:
        """Go on to the library."""
        self.exit(0)

    def action_leave(self) -> None:
        """Leave the database as it is now."""
        self.exit(0 if self._mended else 1, return_code=0 if self._mended else 1)

    def _show(self) -> None:
        self.query_one(PagePane).show(self._page)
        self.refresh_bindings()

    def _page(self, width: int) -> list[Line]:
        page = Writer(width)
        if self._mended:
            _write_mended(page, self._mended)
            return page.lines
        moved = self._damage if isinstance(self._damage, Moved) else None
        page.line(Span(f"Your database {'is gone' if self._is_gone else 'needs mending'}", TITLE))
        page.blank()
        page.text(f"{self._damage.path} {self._damage.how}.")
        if moved and moved.kept:
            page.text(f"What it held, and what you typed, is kept as {moved.kept}.")
        page.heading("What there is")
        backup = self._backup
        taken = f"of {full_time(backup.taken)}" if backup else "none yet"
        page.text(taken, lead=Span("latest copy       ", DIM))
        mends = "Bring back all that the copy holds."
        if moved or not self._is_gone:
            page.text(
                _in_words(self._salvaged),
                lead=Span("what was open     " if moved else "the damaged file  ", DIM),
            )
            sources = "the copy and what was open" if moved else "the copy and the damaged file"
            mends = f"Put together all that {sources} hold. An entry that either has is there once."
        page.heading("What you can do")
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
            " kept; papertui restore brings any of them back.",
            DIM,
        )
        return page.lines


def _in_words(salvaged: Salvaged | None) -> str:
    if salvaged is None:
        return "being read …"
    if not (salvaged.events or salvaged.drafts):
        return "nothing in it can be read"
    texts = f", {quantity(len(salvaged.drafts), 'text')} being typed" if salvaged.drafts else ""
    return f"{quantity(len(salvaged.events), 'entry', 'entries')}{texts} can be read"


def _write_mended(page: Writer, mended: Mended) -> None:
    page.line(Span("Your database is whole again", TITLE))
    page.blank()
    page.text(f"It has {mended.words}.")
    if mended.kept:
        page.text(f"The damaged file is kept as {mended.kept}", DIM)
    page.blank()
    page.line(Span("enter", STRONG), " goes on to the library")


def rescue(damage: Damaged) -> bool:
    """Run the app that mends a database; return True if it is whole now."""
    return RescueApp(damage, driver=QuietDriver).run_guarded() == 0
