"""A pane of laid-out lines that scrolls: works, sections, progress, help."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from papertui.pages.layout import STYLES, Line
from papertui.tui.commands import command

Layout = Callable[[int], Sequence[Line]]


class PageView(ScrollView, can_focus=True):
    """Shows lines laid out for its width; `show` puts other ones there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"page--{style}" for style in STYLES}
    BINDINGS: ClassVar[list[BindingType]] = [
        command("page.up", "up,k", "scroll_up", "Scroll up a line"),
        command("page.down", "down,j", "scroll_down", "Scroll down a line"),
        command("page.page-up", "pageup,ctrl+b", "page_up", "Scroll up a page"),
        command("page.page-down", "pagedown,ctrl+f,space", "page_down", "Scroll down a page"),
        command("page.top", "home,g", "scroll_home", "Go to the top"),
        command("page.end", "end,G", "scroll_end", "Go to the end"),
    ]

    _layout: Layout = staticmethod(lambda width: ())
    _lines: Sequence[Line] = ()
    _laid_out_for = -1

    def show(self, layout: Layout, top: bool = True) -> None:
        """Show the lines that `layout` returns for a width, from the top or where one was."""
        self._layout = staticmethod(layout)
        self._lay_out()
        if top:
            self.scroll_to(0, 0, animate=False, force=True)

    @property
    def text(self) -> str:
        """All lines without their styles."""
        return "\n".join(line.text for line in self._lines)

    def _lay_out(self) -> None:
        self._laid_out_for = width = self.scrollable_content_region.width
        if width > 0:
            self._lines = self._layout(width)
            self.virtual_size = Size(width, len(self._lines))
            self.refresh()

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        if self.scrollable_content_region.width != self._laid_out_for:
            self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        y += self.scroll_offset.y
        width = self.scrollable_content_region.width
        plain = self.rich_style
        if y >= len(self._lines):
            return Strip.blank(width, plain)
        segments = [
            Segment(
                span.text,
                self.get_component_rich_style(f"page--{span.style}") if span.style else plain,
            )
            for span in self._lines[y].spans
        ]
        return Strip(segments).adjust_cell_length(width, plain)
