"""The progress page: the week, the lists, the passes, the latest entries."""

from papertui import words
from papertui.pages.layout import DIM, GOOD, STRONG, TITLE, Line, Span, Writer
from papertui.pages.section import progress_bar
from papertui.pages.work import reading_line
from papertui.stats import Summary
from papertui.text import cells, count, safe_line, shorten
from papertui.weeks import State, Streak

_BAR = 20
_TITLE = 52


def progress_page(summary: Summary, width: int) -> list[Line]:
    """Lay the progress page out in lines of at most `width` cells."""
    page = Writer(width)
    page.line(Span("Progress", TITLE))
    if summary.streak:
        _week(page, summary.streak)
    page.heading("Passes logged")
    passes = summary.passes
    page.text(" · ".join(f"{words.PASSES[depth]} {passes.get(depth, 0)}" for depth in (1, 2, 3)))
    page.heading("Latest entries")
    if not summary.latest:
        page.text("Nothing is logged yet: go to a work and press 1, 2 or 3 after reading it.", DIM)
    for entry in summary.latest:
        line = reading_line(entry.reading, entry.kind, summary.today)
        page.text(safe_line(entry.title), lead=Span(f"{line:<34} ", DIM))
    page.heading("Works done, second pass or deeper")
    names = {branch.id: branch for branch in summary.branches}
    room = max(12, min(_TITLE, width - _BAR - 12))
    for branch in summary.branches:
        level = 0
        parent = branch.parent
        while parent is not None:
            level, parent = level + 1, names[parent].parent
        title = shorten("  " * level + branch.title, room)
        gap = " " * (room - cells(title) + 1)
        style = STRONG if not level else ""
        page.line(Span(title + gap, style), progress_bar(branch.done, branch.total, _BAR))
    return page.lines


def _week(page: Writer, streak: Streak) -> None:
    week = streak.current
    page.heading("This week")
    done = week.state is State.MET
    page.line(Span(streak.headline, GOOD if done else STRONG))
    page.line(
        progress_bar(min(week.reads, week.target), week.target, _BAR),
        f" full reads, {week.start:%a} {week.start.day} {week.start:%b}"
        f" to {week.last_day:%a} {week.last_day.day} {week.last_day:%b}",
    )
    page.line(Span(f"Longest streak: {count(streak.longest, 'week')}", DIM))
