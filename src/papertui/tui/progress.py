"""The progress screen."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from papertui.pages.progress import progress_page
from papertui.stats import summarise
from papertui.tui.commands import command
from papertui.tui.page_view import PageView
from papertui.tui.screens import PaperScreen


class ProgressScreen(PaperScreen):
    """The week, the streak, the lists and the latest entries."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("progress.back", "escape,p", "app.back", "Back to the library", "back"),
    ]

    def compose_body(self) -> ComposeResult:
        """Make the page."""
        yield PageView(id="page")

    def on_mount(self) -> None:
        """Show the page."""
        self.query_one(PageView).focus()
        self.paint(self.reload)

    def reload(self) -> None:
        """Gather the numbers anew."""
        super().reload()
        app = self.papertui
        summary = summarise(app.store, app.config, app.today())
        self.query_one(PageView).show(lambda width: progress_page(summary, width), top=False)
