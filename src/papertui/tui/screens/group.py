"""The board of the reading group."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType

from papertui.core import journal
from papertui.errors import Refused
from papertui.importers.offered_list import parse_offered
from papertui.pages.group import OFFER, board_details, board_page
from papertui.sync.group import meet
from papertui.tui import links
from papertui.tui.background_action import background_action
from papertui.tui.command import command
from papertui.tui.paper_screen import PageScreen
from papertui.tui.screens.import_list import ImportScreen
from papertui.tui.widgets.page import MAX_WIDTH


class GroupScreen(PageScreen):
    """Who read what this week and in one list, who explains what, and the lists on offer."""

    TITLE = "Group"
    max_width = MAX_WIDTH
    reopened_by = "group"
    shown_acts = frozenset(
        {journal.PASS, journal.CORRECTION, journal.PROMISED, journal.GROUP_NOTE, journal.GROUP_LIST}
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        command("group.back", "escape,B", "app.back", "Back to the library", "back"),
        command("group.meet", "r", "meet", "Look for what is new in the group", "look for news"),
    ]

    def __init__(self, list_key: str) -> None:
        super().__init__()
        self._list_key = list_key
        self._is_member = False

    @property
    def key_labels(self) -> Mapping[str, str]:
        """Without a group there is no news to look for."""
        return {} if self._is_member else {"group.meet": ""}

    def reload(self) -> None:
        """Gather the board again."""
        super().reload()
        app = self.papertui
        details = board_details(app.store, app.config, app.today(), self._list_key)
        self._is_member = bool(details.name)
        self.page.show(lambda width: board_page(details, width, beside=True), top=False)
        self.refresh_bindings()

    @background_action
    async def action_meet(self) -> None:
        """Exchange what is new with the other members."""
        app = self.papertui
        self.show_message("Meeting the group …")
        outcome = await app.in_thread(lambda store: meet(store, app.clock()))
        app.changed()
        self.show_message(outcome.words)

    def follow(self, target: str) -> None:
        """Go to a work, or show what a list that is offered would bring."""
        app = self.papertui
        if not target.startswith(OFFER):
            links.follow(app, target)
            return
        for member, offered in app.store.group.lists():
            if OFFER + offered.id == target:
                try:
                    parsed = parse_offered(offered.content, member)
                except Refused as refused:
                    app.show_error(refused)
                else:
                    app.push_screen(ImportScreen(parsed, f"{member}'s list"))
