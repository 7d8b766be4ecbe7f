"""The progress page: the week, the year, the lists, the log. Pictures before numbers."""

from datetime import date

from papertui.core import labels
from papertui.core.streaks import Heatmap, State, Streak, week_of
from papertui.core.text import cells, quantity, safe_line, shorten
from papertui.pages import layout
from papertui.pages.branch import progress_bar
from papertui.pages.layout import DIM, GOOD, LINK, STRONG, TITLE, Line, Span, Writer
from papertui.pages.progress_summary import Summary
from papertui.pages.work import reading_line
from papertui.storage.recall_cards import MEASURED_DAYS, RecallCounts

_BAR = 20
_TITLE = 52
_GLYPHS = "·░▒▓█"
_ASCII_GLYPHS = ".1234"
_BARS = "·▁▂▃▄▅▆▇█"
_ASCII_BARS = ".123456789"
_TWO_CELLS_FROM = 112
_TWO_COLUMNS_FROM = 150
_COLUMN = 66


def progress_page(
    summary: Summary, width: int, cursor: date | None = None, ascii_: bool = False
) -> list[Line]:
    """Lay out the progress page in lines of at most `width` cells.

    `cursor` is the selected day of the heatmap, by default today.
    """
    page = Writer(width)
    if summary.streak:
        _week(page, summary.streak)
    for goal in summary.goals:
        bar = progress_bar(goal.done, goal.target, _BAR)
        until = f"by {goal.until:%a} {goal.until.day} {goal.until:%b}"
        page.line(bar, Span(f" {goal.name}, {until}", DIM))
    if summary.triage.scanned:
        page.line(Span(f"New papers this week: {labels.triage_words(summary.triage)}", DIM))
    _year(page, summary, cursor or summary.today, ascii_)
    if summary.recall:
        _recall(page, summary.recall, ascii_)
    if width >= _TWO_COLUMNS_FROM:
        left, right = Writer(_COLUMN), Writer(width - _COLUMN - 4)
        _weeks(left, summary)
        _totals(left, summary)
        _lists(right, summary)
        page.blank()
        page.beside(left, right)
        _log(page, summary)
    else:
        _weeks(page, summary)
        _log(page, summary)
        _lists(page, summary)
        _totals(page, summary)
    return page.lines


def _week(page: Writer, streak: Streak) -> None:
    week = streak.current
    is_met = week.state is State.MET
    page.line(Span(streak.headline, GOOD if is_met else TITLE))
    bar = progress_bar(min(week.reads, week.target), week.target, _BAR)
    until = f"by {week.last_day:%a} {week.last_day.day} {week.last_day:%b}"
    goal = "; a rest week asks for none" if week.is_rest else f" this week, {until}"
    page.line(bar, Span(f" full reads{goal}", DIM))
    counted = "this one included" if is_met else "this one not counted"
    weeks = quantity(streak.weeks, "week")
    longest = quantity(streak.longest, "week")
    page.line(Span(f"Streak: {weeks} in a row, {counted}; the longest {longest}", DIM))
    page.line(Span("A full read is a second pass or deeper. Beside the streak:", DIM))


def _year(page: Writer, summary: Summary, cursor: date, ascii_: bool) -> None:
    grid = summary.heatmap.with_day(cursor)
    size = 2 if page.width >= _TWO_CELLS_FROM else 1
    page.blank()
    page.line(Span("     " + _months(grid, size), DIM))
    glyphs = _ASCII_GLYPHS if ascii_ else _GLYPHS
    for row in range(7):
        day = grid.day(0, row)
        spans = [Span(f"{day:%a}  " if row % 2 == 0 else "     ", DIM)]
        for column, days in enumerate(grid.columns):
            level = days[row]
            glyph = " " if level is None else glyphs[level]
            is_selected = grid.day(column, row) == cursor
            style = layout.SELECTED if is_selected else layout.LEVELS[level or 0]
            spans.append(Span(glyph * size, style))
        page.line(*spans)
    _day(page, summary, cursor)
    legend = zip(glyphs, ("nothing", "first", "second", "third pass", "more"), strict=True)
    page.line(Span("     " + "  ".join(f"{glyph} {meaning}" for glyph, meaning in legend), DIM))


def _months(grid: Heatmap, size: int) -> str:
    line = ""
    for column, day in grid.months():
        at = column * size
        if len(line) <= at and at + 3 <= len(grid.columns) * size:
            line = line.ljust(at) + f"{day:%b}"
    return line


def _day(page: Writer, summary: Summary, day: date) -> None:
    entries, minutes = summary.days.get(day, ()), summary.day_minutes.get(day, 0)
    name = labels.full_date(day) + (", today" if day == summary.today else "")
    rest = ", in a rest week" if week_of(day, summary.week_start) in summary.rests else ""
    tail = (f" · {labels.span(minutes)}" if minutes else "") + rest
    if not entries:
        logged = f"{labels.span(minutes)} of a pass logged later" if minutes else "nothing logged"
        state = logged if minutes or day <= summary.today else "to come"
        page.line(Span(f"     {name}: {state}{rest}", DIM))
    for entry in entries:
        done = labels.pass_of(entry.reading.depth, entry.kind)
        room = page.width - 12 - len(name) - len(done) - len(tail)
        title = shorten(safe_line(entry.title), max(10, room))
        target = f"log:{entry.reading.id}"
        page.line(f"     {name}: {done} ", Span(title, LINK), tail, target=target)
        name, tail = " " * len(name), ""


def _recall(page: Writer, counts: RecallCounts, ascii_: bool) -> None:
    """Write what is known, due and forgotten, how much was recalled, and what comes back when."""
    page.heading("Recall")
    parts = (
        (counts.known, "known"),
        (counts.due, "due"),
        (counts.forgotten, "forgotten"),
        (counts.fresh, "not asked yet"),
    )
    page.text(" · ".join(f"{count} {name}" for count, name in parts if count))
    if counts.retention is not None:
        share = f"{round(100 * counts.retention)} % recalled"
        of = f", {counts.recalled} of {counts.asked} in {MEASURED_DAYS} days"
        page.line(Span(share, GOOD), Span(of, DIM))
    if most := max(counts.forecast):
        glyphs = _ASCII_BARS if ascii_ else _BARS
        top = len(glyphs) - 1
        bars = "".join(glyphs[-(-count * top // most)] for count in counts.forecast)
        words = f"the next {len(bars)} days, at most {most} on one"
        if cells(bars) + cells(words) + 2 <= page.width:
            page.line(Span(bars, layout.LEVELS[3]), Span(f"  {words}", DIM))
        else:
            page.line(Span(bars, layout.LEVELS[3]))
            page.text(words, DIM)


def _weeks(page: Writer, summary: Summary) -> None:
    most = max([bar.passes for bar in summary.bars] + [1])
    longest = max([bar.minutes for bar in summary.bars] + [1])
    page.heading("Passes and time of the last weeks, this one first")
    for bar in reversed(summary.bars):
        rest = " rest week" if bar.start in summary.rests else ""
        if not bar.passes and not bar.minutes:
            page.line(Span(f"{bar.start.day:>2} {bar.start:%b}  ╌{rest}", DIM))
            continue
        passes = "█" * max(bar.passes > 0, round(12 * bar.passes / most))
        minutes = "▒" * max(bar.minutes > 0, round(20 * bar.minutes / longest))
        time = f" {labels.span(bar.minutes)}" if bar.minutes else ""
        page.line(
            Span(f"{bar.start.day:>2} {bar.start:%b}  ", DIM),
            Span(passes, layout.LEVELS[3]),
            Span(f" {bar.passes}".ljust(17 - len(passes)), STRONG),
            Span(f"{minutes}{time}{rest}", DIM),
        )


def _log(page: Writer, summary: Summary) -> None:
    page.heading("Log")
    if not summary.latest:
        page.text("Nothing is logged yet: go to a work and press 1, 2 or 3 after reading it.", DIM)
    if older := sum(summary.passes.values()) - len(summary.latest):
        older_entries = quantity(older, "older entry", "older entries")
        page.text(f"{older_entries}: a shows them all, ← → walks the year above.", DIM)
    for entry in summary.latest:
        line = reading_line(entry.reading, entry.kind, summary.today)
        if entry.is_backfilled:
            line += " (backfilled)"
        lead = f"{line:<36} "
        title = shorten(safe_line(entry.title), max(10, page.width - cells(lead)))
        page.line(Span(lead, DIM), Span(title, LINK), target=f"log:{entry.reading.id}")


def _lists(page: Writer, summary: Summary) -> None:
    page.heading("Works done, second pass or deeper")
    parents = {branch.id: branch.parent for branch in summary.branches}
    room = max(12, min(_TITLE, page.width - _BAR - 12))
    for branch in summary.branches:
        level, parent = 0, branch.parent
        while parent is not None:
            level, parent = level + 1, parents[parent]
        title = shorten("  " * level + safe_line(branch.title), room)
        gap = " " * (room - cells(title) + 1)
        style = STRONG if not level else ""
        page.line(Span(title + gap, style), progress_bar(branch.done, branch.total, _BAR))


def _totals(page: Writer, summary: Summary) -> None:
    passes = summary.passes
    if summary.pace:
        page.heading("At the pace of the last twelve weeks")
    for pace in summary.pace:
        page.text(f"{pace.title}: {quantity(pace.left, 'work')} left, done in {pace.done_by:%B %Y}")
    page.heading("In all")
    page.text(" · ".join(f"{labels.PASSES[depth]} {passes.get(depth, 0)}" for depth in (1, 2, 3)))
    if summary.minutes:
        page.text(f"{labels.span(summary.minutes)} of reading logged")


def why_page(streak: Streak, titles: dict[str, str], width: int) -> list[Line]:
    """Lay out the weeks of the streak, with the works that met their goals."""
    page = Writer(width)
    page.line(Span(f"Why {quantity(streak.weeks, 'week')}", TITLE))
    page.text(
        "A week counts when as many works as its goal got a second or third pass in it. "
        "A rest week bridges, and adds nothing unless it is met all the same; the running week "
        "adds once it is met.",
        DIM,
    )
    page.blank()
    weeks = [*streak.run]
    if streak.current not in weeks:
        weeks.append(streak.current)
    for week in reversed(weeks):
        name = f"{week.start.day:>2} {week.start:%b %Y}  {week.state.value:<9}"
        rest = "a rest week" if week.is_rest and week.state is State.MET else ""
        goal = f"goal {week.target}" if week.target > 1 else ""
        remarks = f" ({', '.join(filter(None, [goal, rest]))})" if goal or rest else ""
        read = "; ".join(safe_line(titles.get(work, work)) for work in week.works)
        page.text(f"{read or 'nothing in full'}{remarks}", lead=Span(f"{name} ", STRONG))
    return page.lines
