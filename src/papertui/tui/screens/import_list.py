"""The screen of an import: what a file would bring, accepted or left."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from papertui.core.journal import Event
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.importers import formats
from papertui.importers.plan import ImportPlan, plan_import
from papertui.pages.import_plan import plan_page
from papertui.pages.layout import DIM, LINK, Line, Span, Writer
from papertui.storage.store import Store
from papertui.tui.base import PaperScreen, background_action
from papertui.tui.command import command
from papertui.tui.screens.dialogs import Ask
from papertui.tui.screens.library import LibraryScreen
from papertui.tui.widgets.page import PagePane

_ACCEPT = "import"

T = TypeVar("T")


class ImportScreen(PaperScreen):
    """Asks for a file, shows what importing it would do, and does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("import.leave", "escape", "app.back", "Leave: nothing is imported", "leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._plan: ImportPlan | None = None
        self._busy = False

    def compose_body(self) -> ComposeResult:
        """Make the page."""
        yield PagePane(id="page")

    def on_mount(self) -> None:
        """Ask for the file."""
        self.query_one(PagePane).focus()
        self.refresh_from_store(self.reload)
        self.ask()

    def go_back(self) -> bool:
        """Stay while something is coming in."""
        if self._busy:
            self.show_message("Importing …")
        return self._busy

    @background_action
    async def ask(self) -> None:
        """Ask for a file until one can be read, and show what it would bring."""
        app, typed, label = self.papertui, "", "Import a list"
        while self._plan is None:
            hint = "a file: Markdown, BibTeX, an export of papertui's own"
            typed = await self.typed(label, hint, typed)
            if not typed:
                app.pop_screen()
                return
            path = Path(typed)
            self.show_message("Reading ", typed, " …")
            try:
                found = await app.in_thread(partial(_found, path))
            except Refused as refused:
                label = str(refused)
                continue
            if isinstance(found, list):
                await self._merge(path.name, found)
                return
            self._plan = found
        self.show_message("")
        self.query_one(PagePane).show(self._page, select=True)

    def _page(self, width: int) -> list[Line]:
        page = Writer(width)
        if self._plan is None:
            return page.lines
        if not (self._plan.diff and self._plan.diff.same):
            page.line(Span("Import this list", LINK), target=_ACCEPT)
            page.text("enter does it, and u takes it back; escape leaves all as it is.", DIM)
            page.blank()
        return [*page.lines, *plan_page(self._plan, width)]

    @on(PagePane.Followed)
    def _accepted(self) -> None:
        if not self._busy:
            self.accept()

    @background_action
    async def accept(self) -> None:
        """Import the list."""
        app, made = self.papertui, self._plan
        if made is None:
            return
        self.show_message("Importing ", made.title, " …")
        await self._apart(lambda store: store.record(made.change, now=app.clock()))
        if isinstance(app.screen, LibraryScreen):
            app.screen.go_to_list(made.reading_list["key"])
        works = quantity(len({match.work for match in made.matches}), "work")
        app.show_message("Imported: ", made.title, f", {works} · u takes it back")

    async def _merge(self, name: str, events: list[Event]) -> None:
        app = self.papertui
        question = Ask(f"Take in {quantity(len(events), 'event')} of ", name, "?")
        if not await app.push_screen_wait(question):
            app.pop_screen()
            return
        new = await self._apart(lambda store: store.merge(events))
        app.show_message(f"Imported: {quantity(new, 'event')} that were not here yet")

    async def _apart(self, ask: Callable[[Store], T]) -> T:
        """Let a thread write, show that something is going on, and leave once it is done."""
        app, self._busy = self.papertui, True
        try:
            done = await app.in_thread(ask)
        finally:
            self._busy = False
        # Help may have come in front meanwhile.
        while self in app.screen_stack:
            app.pop_screen()
        app.changed()
        return done


def _found(path: Path, store: Store) -> ImportPlan | list[Event]:
    try:
        path = path.expanduser()
    except RuntimeError as error:
        raise Refused(f"Cannot read {path}: {error}") from error
    found = formats.parse_file(formats.read_file(path), path.name)
    return found if isinstance(found, list) else plan_import(found, store.works, path.name)
