"""The help screen: the keys that work on the screen below it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from papertui.pages.layout import DIM, STRONG, TITLE, Line, Span, Writer
from papertui.tui.base import PageScreen
from papertui.tui.command import command

Groups = Mapping[str, Mapping[str, str]]


def key_groups(app: App[int]) -> Groups:
    """Return the keys of the app's screen and their effects, in groups by who handles them."""
    groups: dict[str, dict[str, list[str]]] = {"Here": {}, "Everywhere": {}, "Moving about": {}}
    for active in app.screen.active_bindings.values():
        binding = replace(active.binding, key_display=None)
        if active.tooltip:
            where = {app.screen: "Here", app: "Everywhere"}.get(active.node, "Moving about")
            keys = groups[where].setdefault(active.tooltip, [])
            keys.append(app.get_key_display(binding))
    return {
        group: {" ".join(dict.fromkeys(keys)): does for does, keys in commands.items()}
        for group, commands in groups.items()
        if commands
    }


class HelpScreen(PageScreen):
    """Lists keys and their effects."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("help.back", "escape", "app.back", "Close this help", "back"),
    ]

    def __init__(self, groups: Groups, config: str) -> None:
        super().__init__()
        self._groups = groups
        self._config = config

    def on_mount(self) -> None:
        """Lay the keys out."""
        self.page.show(self._lay_out)

    def _lay_out(self, width: int) -> list[Line]:
        page = Writer(width)
        page.line(Span("Keys", TITLE))
        column = max(len(key) for group in self._groups.values() for key in group) + 2
        for name, commands in self._groups.items():
            page.heading(name)
            for key, does in commands.items():
                page.text(does, lead=Span(f"{key:<{column}}", STRONG))
        page.blank()
        page.text(
            "Pass: 1 is a first pass (ten minutes: title, abstract, introduction, headings, "
            "conclusion), 2 a second pass (an hour: all of it, figures, key equations), "
            "3 a third pass (reproduce it; optional for most papers). "
            "Done means a second pass or deeper."
        )
        page.blank()
        page.text(f"Every key can be changed under [keys] in {self._config}", DIM)
        return page.lines
