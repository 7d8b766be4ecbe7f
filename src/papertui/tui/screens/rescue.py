"""A damaged database, met before the library: what can be brought back, and the choice."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.driver import Driver

from papertui.core.text import quantity
from papertui.pages.layout import DIM, STRONG, TITLE, Line, Span, Writer
from papertui.storage.backups import BackupError, Backups
from papertui.storage.database import Damaged, DatabaseError
from papertui.storage.restore import Mended, mend, readable
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
        command("rescue.anew", "n", "mend(True)", "Begin anew", "begin anew"),
        command("rescue.go-on", "enter", "go_on", "Go on to the library", "go on"),
        command("rescue.leave", "q,escape,ctrl+q", "leave", "Leave all as it is", "quit", "q"),
    ]

    def __init__(
        self,
        damage: Damaged,
        clock: Clock = clock.now,
        driver: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver)
        self._damage = damage
        self._clock = clock
        self._backup = Backups(damage.path).latest()
        self._found: Salvaged | None = None
        self._mended: Mended | None = None
        self._refused = ""

    def compose(self) -> ComposeResult:
        """Make the page between the bars."""
        yield Header()
        yield PagePane(id="page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to read the damaged file."""
        self.guard()
        self.query_one(PagePane).focus()
        self.call_after_refresh(self._show)
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to mend once it is known what there is, and to go on once it is mended."""
        if action == "mend":
            return self._found is not None and self._mended is None
        return action != "go_on" or self._mended is not None

    @work(thread=True)
    def _read(self) -> None:
        found = readable(self._damage.path)
        self.call_from_thread(self._take, found)

    def _take(self, found: Salvaged) -> None:
        self._found = found
        self._show()

    @work(thread=True, exclusive=True)
    def action_mend(self, anew: bool) -> None:
        """Put a whole database in the place of the damaged one."""
        found = Salvaged({}, {}) if anew or self._found is None else self._found
        try:
            made = mend(self._damage.path, found, self._clock(), anew)
        except (BackupError, DatabaseError) as error:
            self.call_from_thread(self._say, str(error))
            return
        self.call_from_thread(self._done, made)

    def _say(self, says: str) -> None:
        self._refused = says
        self._show()

    def _done(self, made: Mended) -> None:
        self._mended = made
        self._show()

    def action_go_on(self) -> None:
        """Go on to the library."""
        self.exit(0)

    def action_leave(self) -> None:
        """Leave; nothing is done that was not asked for."""
        self.exit(0 if self._mended else 1, return_code=0 if self._mended else 1)

    def _show(self) -> None:
        self.query_one(PagePane).show(self._page)
        self.refresh_bindings()

    def _page(self, width: int) -> list[Line]:
        page = Writer(width)
        if self._mended:
            _write_mended(page, self._mended)
            return page.lines
        page.line(Span("Your database needs mending", TITLE))
        page.blank()
        page.text(f"{self._damage.path} {self._damage.how}.")
        page.heading("What there is")
        backup = self._backup
        taken = f"of {backup.taken:%A %Y-%m-%d, %H:%M}" if backup else "none yet"
        page.text(taken, lead=Span("latest copy       ", DIM))
        page.text(_words_of(self._found), lead=Span("the damaged file  ", DIM))
        page.heading("What you can do")
        page.text(
            "Put together all that the copy and the damaged file hold. An entry that "
            "either has is there once.",
            lead=Span("m  ", STRONG),
        )
        page.text("Begin anew with an empty journal.", lead=Span("n  ", STRONG))
        page.text("Leave everything as it is.", lead=Span("q  ", STRONG))
        page.blank()
        if self._refused:
            page.text(self._refused, STRONG)
            page.blank()
        page.text(
            "Whatever you choose, the damaged file and all copies are kept; "
            "papertui restore brings any of them back.",
            DIM,
        )
        return page.lines


def _words_of(found: Salvaged | None) -> str:
    if found is None:
        return "being read …"
    if not (found.events or found.drafts):
        return "nothing in it can be read"
    texts = f", {quantity(len(found.drafts), 'text')} being typed" if found.drafts else ""
    return f"{quantity(len(found.events), 'entry', 'entries')}{texts} can be read"


def _write_mended(page: Writer, made: Mended) -> None:
    page.line(Span("Your database is whole again", TITLE))
    page.blank()
    page.text(f"It has {made.words}.")
    if made.kept:
        page.text(f"The damaged file is kept as {made.kept}", DIM)
    page.blank()
    page.line(Span("enter", STRONG), " goes on to the library")


def rescue(damage: Damaged) -> bool:
    """Let the reader mend a database; says whether there is a whole one now."""
    return RescueApp(damage, driver=QuietDriver).run_guarded() == 0
