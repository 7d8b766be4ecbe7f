"""What the tree and the pages share: lines painted one by one, whatever their number."""

from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView


class LinesView(ScrollView):
    """Scrolls over lines that `render_line` paints."""

    _plain: Style | None = None

    @property
    def plain(self) -> Style:
        """The style of text without one; asked for every line, so it is kept."""
        if self._plain is None:
            self._plain = self.rich_style
        return self._plain

    def holds(self, lines: int) -> None:
        """Scroll over so many lines from now on, and paint them.

        The bar is always there, so nothing has to be laid out anew, which would
        take as long as the painting and come a frame later.
        """
        size = Size(self.scrollable_content_region.width, lines)
        self.set_reactive(ScrollView.virtual_size, size)
        self._scroll_update(size)
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the style when it changes."""
        self._plain = None
        super().notify_style_update()
