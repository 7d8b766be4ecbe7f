"""Repaints the parts of a screen that changed, and renders only the widgets seen there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import cast

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

# Row, first column, column behind the last.
Span = tuple[int, int, int]


class LineCompositor(Compositor):
    """Renders only the changed lines of the widgets that are in front there.

    Textual renders every widget in full, those behind others too.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what to paint of the regions that changed, None if none did."""
        spans = list(self._regions_to_spans(self._dirty_regions))
        self._dirty_regions.clear()
        if not spans:
            return None
        return ChopsUpdate(self._pieces(spans), spans, [cuts[1:] for cuts in self.cuts])

    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        lines = filter(is_rendered_line, crop.line_range)
        pieces = self._pieces((y, crop.x, crop.right) for y in lines)
        return cast("Sequence[Mapping[int, Strip]]", pieces)

    def _pieces(self, spans: Iterable[Span]) -> list[dict[int, Strip | None]]:
        """Return, for each line, the strip that begins at each cut; None outside `spans`."""
        pieces: list[dict[int, Strip | None]] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        missing: dict[int, set[int]] = {}
        for y, left, right in spans:
            cuts = self.cuts[y]
            missing.setdefault(y, set()).update(
                cut for cut, end in pairwise(cuts) if left < end and cut < right
            )
        # The widgets in front come first.
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            lines = [
                y
                for y in range(seen.y, seen.bottom)
                if any(seen.x <= cut < seen.right for cut in missing.get(y, ()))
            ]
            for _, run in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0]):
                rows = [y for _, y in run]
                area = Region(seen.x, rows[0], seen.width, len(rows))
                strips = widget.render_lines(area.translate(-region.offset))
                for y, strip in zip(rows, strips, strict=True):
                    cuts = [cut for cut in self.cuts[y] if seen.x <= cut <= seen.right]
                    parts = strip.divide([cut - seen.x for cut in cuts[1:]])
                    for cut, part in zip(cuts, parts, strict=False):
                        if cut in missing[y]:
                            pieces[y][cut] = part
                            missing[y].remove(cut)
        return pieces
