"""The page of a group of a view: what holds it together, how far one has come in it."""

from collections.abc import Sequence
from typing import NamedTuple

from papertui.core.library_tree import Branch, View
from papertui.core.text import count, safe_line
from papertui.pages.layout import DIM, TITLE, Line, Span, Writer
from papertui.pages.section import progress_bar

MEANINGS = {
    View.LISTS: "Sections of a reading list.",
    View.TIERS: "Tier 1 of every topic comes before tier 2 of any.",
    View.DIFFICULTY: "How hard a work is, by its list's grade or else by papertui's.",
    View.YEAR: "Works in the order they came out, and what you have read of each year.",
    View.STATUS: "Where you stand: the deepest pass you have made, or why there is none.",
    View.QUEUE: "Your own order: a puts a work in or takes it out, J and K move it.",
}
_BAR = 24


class GroupView(NamedTuple):
    """A group with, for a decade, the years in it: year, works done, works in all."""

    branch: Branch
    view: View
    years: Sequence[tuple[int, int, int]] = ()


def group_page(view: GroupView, width: int) -> list[Line]:
    """Lay the page of a group out in lines of at most `width` cells."""
    page = Writer(width)
    branch = view.branch
    page.text(safe_line(branch.title), TITLE)
    if branch.is_shelf:
        page.line(progress_bar(branch.done, branch.total, min(30, width - 20)))
    else:
        page.text(count(branch.total, "work"), DIM)
    page.blank()
    page.text(MEANINGS[view.view])
    if view.years:
        most = max(total for _, _, total in view.years)
        page.heading("Years")
        for year, done, total in view.years:
            room = max(1, round(min(_BAR, width - 20) * total / most))
            page.line(Span(f"{year}  ", DIM), progress_bar(done, total, room))
    return page.lines
