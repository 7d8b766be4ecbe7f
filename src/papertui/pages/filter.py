"""The page of the filter: every value with a mark where it is chosen."""

from collections.abc import Sequence

from papertui.core.library_tree import Facet, Filter
from papertui.core.text import safe_line, shorten
from papertui.pages.layout import GOOD, Line, Span, Writer


def filter_page(offered: Sequence[Facet], chosen: Filter, width: int) -> list[Line]:
    """Lay the filter out; a line's target is ``facet=value``."""
    page = Writer(width)
    for facet in offered:
        if not facet.values:
            continue
        page.heading(facet.name.capitalize())
        for value, label in facet.values.items():
            on = value in chosen.get(facet.name, ())
            text = shorten(f"[{'x' if on else ' '}] {safe_line(label)}", width)
            page.line(Span(text, GOOD if on else ""), target=f"{facet.name}={value}")
    return page.lines
