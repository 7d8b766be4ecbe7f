"""The screen for keeping up with new papers."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType

from papertui.core import identifiers, journal
from papertui.core.journal import Change
from papertui.core.text import whole_number
from papertui.errors import Refused
from papertui.pages.keep_up import keep_up_details, keep_up_page
from papertui.tui.act_on_works import explain
from papertui.tui.background_action import background_action
from papertui.tui.command import command
from papertui.tui.paper_screen import PageScreen
from papertui.tui.widgets.page import MAX_WIDTH


class KeepUpScreen(PageScreen):
    """The strategy and its progress this week, sources and categories, works to explain."""

    TITLE = "Keep up"
    reopened_by = "app.keep_up"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("keep-up.back", "escape,e", "app.back", "Back to the library", "back"),
        command("keep-up.new", "r", "app.new_papers", "See the new papers of arXiv", "new papers"),
        command("keep-up.scan", "t", "scan", "Count one title looked at", "count a title"),
        command("keep-up.scan-many", "T", "scan_many", "Count several titles looked at"),
        command("keep-up.share", "S", "share", "Explain the selected work", "explain"),
        command("keep-up.add", "plus", "app.add_work", "Add a work you found", "add", "+"),
    ]

    max_width = MAX_WIDTH
    shown_acts = frozenset(
        {journal.PASS, journal.CORRECTION, journal.GOAL, journal.SCANNED, journal.SEEN,
         journal.SHARED}
    )  # fmt: skip

    @property
    def key_labels(self) -> Mapping[str, str]:
        """Say that a link is opened: beside categories, *follow* would mean one of these."""
        return {"page.follow": "open"}

    def reload(self) -> None:
        """Gather the numbers again."""
        super().reload()
        app = self.papertui
        details = keep_up_details(app.store, app.config, app.today())
        self.page.show(lambda width: keep_up_page(details, width), top=False)

    @background_action
    async def action_scan_many(self) -> None:
        """Ask how many titles were looked at, and count them."""

        async def parse(typed: str) -> Change:
            return journal.scan(self.papertui.today(), whole_number(typed) or 0)

        if change := await self.papertui.ask_until(parse, "Titles looked at", "a number"):
            await self._count(change)

    @background_action
    async def action_scan(self) -> None:
        """Count a title looked at today."""
        await self._count(journal.scan(self.papertui.today(), 1))

    async def _count(self, change: Change) -> None:
        act = await self.papertui.record(change)
        self.show_message(f"Counted: {act.words}{self.papertui.takes_back}")

    @background_action
    async def action_share(self) -> None:
        """Copy an explanation of the selected work to paste."""
        target = self.page.selected
        if target is None or identifiers.is_web_address(target):
            raise Refused(
                "Select a work first, any other can be explained in the library",
                offers={"page.next": "selects one"},
            )
        await explain(self.papertui, [target])
