"""The screen for keeping up with new papers."""

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from papertui.core import identifiers, journal
from papertui.core.text import whole_number
from papertui.errors import Refused
from papertui.pages.keep_up import keep_up_details, keep_up_page
from papertui.tui.base import PageScreen, background_action
from papertui.tui.command import command
from papertui.tui.widgets.page import PagePane


class KeepUpScreen(PageScreen):
    """The strategy and how this week stands, sources and categories, what to explain next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("keep-up.back", "escape,e", "app.back", "Back to the library", "back"),
        command("keep-up.scan", "t", "scan(1)", "Count one title looked at", "count a title"),
        command("keep-up.scan-many", "T", "scan_many", "Count several titles looked at"),
        command("keep-up.share", "S", "share", "Explain the selected work", "explain"),
        command("keep-up.add", "plus", "app.add_work", "Add a work you found", "add", "+"),
    ]

    def reload(self) -> None:
        """Gather the numbers again."""
        super().reload()
        app = self.papertui
        view = keep_up_details(app.store, app.config, app.today())
        self.page.show(lambda width: keep_up_page(view, width), top=False)

    @background_action
    async def action_scan(self, titles: int) -> None:
        """Count titles looked at today."""
        await self._scan(titles)

    @background_action
    async def action_scan_many(self) -> None:
        """Ask how many titles were looked at, and count them."""
        typed = await self.papertui.prompt("Titles looked at", "a number")
        if typed:
            await self._scan(whole_number(typed) or 0)

    async def _scan(self, titles: int) -> None:
        act = await self.papertui.record(journal.scan(self.papertui.today(), titles))
        self.show_message(f"Counted: {act.words} · u takes it back")

    @background_action
    async def action_share(self) -> None:
        """Give the explanation of the selected work to paste."""
        target = self.page.selected
        if target is None or identifiers.is_web_address(target):
            raise Refused("Select a work with ] first; any other can be explained in the library.")
        await self.papertui.share(target)

    @on(PagePane.Followed)
    def _followed(self, event: PagePane.Followed) -> None:
        self.papertui.follow(event.target)
