"""The import screen: shows what a file would bring and imports it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.binding import BindingType

from papertui.core.journal import Event
from papertui.core.text import quantity
from papertui.importers import formats
from papertui.importers.parsed_list import ParsedList
from papertui.importers.plan import ImportPlan, plan_import, title_finder
from papertui.pages.import_plan import formats_page, outcome, plan_page
from papertui.pages.layout import DIM, LINK, KeyOf, Line, Span, Writer
from papertui.storage.store import Store
from papertui.system.files import completions_of_paths, typed_path
from papertui.tui.background_action import background_action
from papertui.tui.command import command
from papertui.tui.paper_screen import PageScreen

T = TypeVar("T")
LOG = "log"  # the target that also logs the ticked works


class ImportScreen(PageScreen):
    """Asks for a file, shows what an import would change, and imports it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("import.leave", "escape", "app.back", "Leave: nothing is imported", "leave"),
    ]

    def __init__(self, offered: ParsedList | None = None, source: str = "") -> None:
        """Show what a list that is `offered` would bring, from a source, or ask for a file."""
        super().__init__()
        self._offered = offered
        self._source = source
        self._plan: ImportPlan | None = None
        self._busy = False

    def on_mount(self) -> None:
        """Show the plan, or ask for the file below the formats that it may have."""
        self.header.left = "Import a list", "", ""
        if self._offered:
            self.show_offered(self._offered)
        else:
            self.page.show(formats_page)
            self.ask_for_file()

    @property
    def key_labels(self) -> Mapping[str, str]:
        """What enter does to the selected line."""
        return {"page.follow": "do it"}

    @property
    def key_sentences(self) -> Mapping[str, str]:
        """What the keys of links do here, in the help."""
        return {
            "page.follow": "Do what the marked line says",
            "page.next": "Mark the next line",
            "page.previous": "Mark the line before it",
        }

    def clear_message(self, by_move: bool = False) -> None:
        """Leave the message while something is being imported."""
        if not self._busy:
            super().clear_message(by_move)

    def go_back(self) -> bool:
        """Stay while something is being imported."""
        if self._busy:
            self.show_message("Importing …")
        return self._busy

    @background_action
    async def ask_for_file(self) -> None:
        """Ask for a file until one can be read, and show what it would bring."""
        app = self.papertui

        async def parse(typed: str) -> tuple[str, ImportPlan | list[Event]]:
            path = typed_path(typed)
            self.show_message("Reading ", typed, " …")
            return path.name, await app.in_thread(partial(_plan_or_events, path))

        hint = "a file, such as ~/papers.md or list.csv; tab completes its name"
        asked = app.ask_until(parse, "Import a list", hint, complete=completions_of_paths)
        name, content = await asked or ("", None)
        if content is None:
            app.pop_screen()
        elif isinstance(content, list):
            await self._join(name, content)
        else:
            self._show(content)

    @background_action
    async def show_offered(self, offered: ParsedList) -> None:
        """Show what a list that is offered would bring."""
        source = self._source
        self._show(
            await self.papertui.in_thread(lambda store: plan_import(offered, store.works, source))
        )

    def _show(self, plan: ImportPlan) -> None:
        self._plan = plan
        self.show_message("")
        self.page.show(partial(_page, plan, self.papertui.key), select=True)

    def follow(self, target: str) -> None:
        """Import the list, with the passes and days that it tells of if the link says so."""
        self._accept(log=target == LOG)

    @background_action
    async def _accept(self, log: bool) -> None:
        app, plan = self.papertui, self._plan
        if plan is None or self._busy:
            return
        self.show_message("Importing ", plan.title, " …")
        changes = plan.changes(log) or [plan.change]
        await self._write_in_thread(lambda store: store.record(*changes, now=app.clock()))
        app.show_list(plan.reading_list["key"])
        before, title, after = outcome(plan, log)
        if plan.ticked and not log:
            ticks = quantity(len(plan.ticked), "tick")
            after = f"{after}; {ticks} not logged: import it again to do that"
        app.show_message(before, title, after + app.takes_back)

    async def _join(self, name: str, events: list[Event]) -> None:
        app = self.papertui
        if not await app.confirm(f"Take in {quantity(len(events), 'event')} of ", name, "?"):
            app.pop_screen()
            return
        new = await self._write_in_thread(lambda store: store.merge(events))
        app.show_message(f"Imported: {quantity(new, 'event')} that were not here yet")

    async def _write_in_thread(self, ask: Callable[[Store], T]) -> T:
        """Write in a thread; keep the reader here meanwhile and leave at the end."""
        app, self._busy = self.papertui, True
        try:
            result = await app.in_thread(ask)
        finally:
            self._busy = False
        # Help may have come in front meanwhile.
        while self in app.screen_stack:
            app.pop_screen()
        app.changed()
        return result


def _plan_or_events(path: Path, store: Store) -> ImportPlan | list[Event]:
    is_title = title_finder(store.works)
    content = formats.parse_file(formats.read_file(path), path.name, is_title=is_title)
    return content if isinstance(content, list) else plan_import(content, store.works, path.name)


def _page(plan: ImportPlan, key: KeyOf, width: int) -> list[Line]:
    page = Writer(width)
    is_same = plan.is_known
    if not is_same:
        page.line("  ", Span("Import this list", LINK), target="import")
    if plan.ticked:
        works = quantity(len(plan.ticked), "ticked work")
        act = "Log" if is_same else "Import it and log"
        page.line("  ", Span(f"{act} {works}{plan.as_read} before papertui", LINK), target=LOG)
    if plan.ticked or not is_same:
        does, other, undo, leave = map(key, ("page.follow", "page.next", "undo", "import.leave"))
        others = f"; {other} marks the other line" if plan.ticked and not is_same else ""
        page.text(
            f"{does} does what the marked line says, and {undo} takes it back{others}; {leave}"
            " leaves all as it is.",
            DIM,
        )
        page.blank()
    return [*page.lines, *plan_page(plan, width)]
