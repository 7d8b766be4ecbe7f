"""What is painted again of a screen: the lines that changed, of the widgets on them."""

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class LineCompositor(Compositor):
    """Renders only lines that are to be painted, where Textual renders all of every widget."""

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        for widget, (region, clip) in self.visible_widgets.items():
            lines = region.intersection(clip)
            if crop:
                if not crop.overlaps(lines):
                    continue
                lines = lines.intersection(Region(lines.x, crop.y, lines.width, crop.height))
            if lines:
                yield region, lines, widget.render_lines(lines.translate(-region.offset))
