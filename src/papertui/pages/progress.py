"""The progress page: the week, the year, the lists, the log. Pictures before numbers."""

from datetime import date

from papertui.core import labels
from papertui.core.days import week_of
from papertui.core.streaks import WEEKS, Heatmap, State, Streak
from papertui.core.text import MIN_TITLE, cells, packed, quantity, safe_line, shorten
from papertui.pages import layout
from papertui.pages.branch import progress_bar
from papertui.pages.layout import DIM, GOOD, LINK, STRONG, TITLE, Key, Line, Span, Writer
from papertui.pages.progress_summary import LATEST, DayTotals, LogEntry, Summary
from papertui.storage.recall_cards import MEASURED_DAYS

# What a click on a day of the heatmap leads to begins with it.
DAY = "day:"
_BAR = 20
_TITLE = 52
_BARS = "·▁▂▃▄▅▆▇█"
_ASCII_BARS = "._-=#"
_MARGIN = 5
# Columns from which on parts of the page are side by side, and how wide the first ones are then.
_TWO_COLUMNS_FROM, _THREE_COLUMNS_FROM = 112, 186
_LEFT = 62
_NARROW_LEFT = 56
# Lines of the log above its entries.
_LOG_HEAD = 2
# Passes of the other days of a week that are named, and cells of their titles.
_MAX_OTHERS, _OTHER_TITLE = 4, 28
# Columns below which a title takes a line of its own.
_NARROW = 60


def progress_page(
    summary: Summary,
    width: int,
    ascii_: bool = False,
    key: Key = None,
    entries: int = LATEST,
) -> list[Line]:
    """Lay out the progress page in lines of at most `width` cells.

    `key` returns the sign of a command's key; the shell has none. The log has so many
    `entries`, more if it would end above what is beside it.
    """
    page = Writer(width)
    if summary.begins:
        first = labels.full_date(summary.begins)
        page.text(
            f"Nothing was read by {labels.full_date(summary.today)}: the log begins on {first}."
        )
        return page.lines
    _goals(page, summary)
    if summary.streak:
        _streak(page, summary.streak)
    for sentence in summary.milestones:
        page.text(f"This week: {sentence}", GOOD)
    if summary.triage.scanned:
        page.text(f"New papers this week: {labels.triage_words(summary.triage)}", DIM)
    _year(page, summary, ascii_)
    if width < _TWO_COLUMNS_FROM:
        _recall(page, summary, ascii_, key)
        _weeks(page, summary)
        _log(page, summary, key, entries)
        _lists(page, summary)
        _totals(page, summary)
        return page.lines
    page.blank()
    if width < _THREE_COLUMNS_FROM:
        left, right = Writer(_LEFT), Writer(width - _LEFT - 4)
        _weeks(left, summary)
        _log(left, summary, key, entries)
        _recall(right, summary, ascii_, key)
        _lists(right, summary)
        _totals(right, summary)
        page.beside(left, right)
    else:
        left, middle = Writer(_NARROW_LEFT), Writer(_NARROW_LEFT)
        right = Writer(width - 2 * _NARROW_LEFT - 8)
        _weeks(left, summary)
        _recall(left, summary, ascii_, key)
        _totals(left, summary)
        _lists(middle, summary)
        beside = max(len(left.lines), len(middle.lines)) - _LOG_HEAD
        _log(right, summary, key, max(entries, beside))
        page.beside(left, middle, right)
    return page.lines


def _goals(page: Writer, summary: Summary) -> None:
    """Write the goals, their numbers in one column; where that is narrow, in a line each."""
    is_narrow, goals = page.width < _NARROW, []
    for goal in summary.goals:
        advice = "" if is_narrow or goal.is_set else ", as the lists advise"
        is_of_week = goal.period == "week" and not is_narrow
        until = f", {summary.by(goal.until)}" if is_of_week else f" this {goal.period}"
        goals.append((goal.done, goal.target, f"{goal.name}{until}{advice}"))
    week = summary.week
    until = " this week" if is_narrow else f" this week, {summary.by(week.last_day)}"
    asked = "; a rest week asks for none" if week.is_rest else until
    goals.insert(0, (week.reads, week.target, f"full reads{asked}"))
    size = _BAR // 2 if is_narrow else _BAR
    digits = max((len(f"{done}/{target}") for done, target, _ in goals), default=0)
    for done, target, words in goals:
        bar = progress_bar(done, target, size, digits)
        page.text(words, DIM, lead=Span(f"{bar.text} ", bar.style))


def _streak(page: Writer, streak: Streak) -> None:
    is_met = streak.current.state is State.MET
    counted = "with this one" if is_met else "before this one"
    weeks, longest = (quantity(number, "week") for number in (streak.weeks, streak.longest))
    record = f"the longest {longest}" if streak.longest > streak.weeks else "the longest so far"
    parts = [f"Streak: {weeks} in a row {counted}"] + [record] * bool(streak.longest)
    page.text("; ".join(parts), DIM)
    page.text("A full read is a second pass or deeper.", DIM)


def _year(page: Writer, summary: Summary, ascii_: bool) -> None:
    cursor, room = summary.day_log.day, page.width - _MARGIN
    size = max(1, min(3, room // WEEKS))
    grid = summary.heatmap.with_day(cursor, min(WEEKS, room // size))
    page.blank()
    page.line(Span(" " * _MARGIN + _months(grid, size, room), DIM))
    glyphs = labels.ASCII_LEVEL_GLYPHS if ascii_ else labels.LEVEL_GLYPHS
    for row in range(7):
        spans = [Span(f"{grid.day(0, row):%a}  " if row % 2 == 0 else " " * _MARGIN, DIM)]
        for column, days in enumerate(grid.columns):
            level, day = days[row], grid.day(column, row)
            glyph = " " if level is None else glyphs[level]
            style = layout.SELECTED if day == cursor else layout.LEVELS[level or 0]
            spans.append(Span(glyph * size, style, f"{DAY}{day}"))
        page.line(*spans)
    _day(page, summary)
    _rest_of_week(page, summary)
    sums = zip(glyphs, ("nothing", "1", "2", "3", "4 or more"), strict=True)
    # In ASCII the glyphs are numbers, which say what they mean.
    legend = [m if m.startswith(glyph) else f"{glyph} {m}" for glyph, m in sums]
    for line in packed((*legend, "(a first pass is 1, a third 3)"), room, "  "):
        page.line(Span(" " * _MARGIN + line, DIM))


def _months(grid: Heatmap, size: int, room: int) -> str:
    """Return the names of the months above the columns in which they begin, in so many cells."""
    line = ""
    for column, day in grid.months():
        at = column * size
        # The name of the running month may reach beyond the grid.
        at = min(at, room - 3)
        if len(line) <= at - bool(line):
            line = line.ljust(at) + f"{day:%b}"
    return line


def _rest_of_week(page: Writer, summary: Summary) -> None:
    """Add the passes of the other days of the week, the latest first."""
    log = summary.day_log
    days = sorted(log.week.keys() - {log.day}, reverse=True)
    others = [(day, entry) for day in days for entry in reversed(log.week[day])]
    parts = [
        f"{day:%a} {labels.pass_of(entry.reading.depth, entry.kind)} "
        + shorten(safe_line(entry.title), _OTHER_TITLE)
        for day, entry in others[:_MAX_OTHERS]
    ]
    if more := others[_MAX_OTHERS:]:
        parts.append(f"{len(more)} more")
    if parts:
        page.text(" · ".join(parts), DIM, lead=Span(f"{' ' * _MARGIN}that week: ", DIM))


def _day(page: Writer, summary: Summary) -> None:
    """Add what was read on a day, its time beside the pass that took it, or as a sum."""
    day, week, parts, own = summary.day_log
    entries, minutes = week.get(day, ()), summary.days.get(day, DayTotals()).minutes
    name = labels.full_date(day) + (", today" * (day == summary.today and not summary.is_past))
    rest = ", in a rest week" if week_of(day, summary.week_start) in summary.rests else ""
    indent = " " * _MARGIN
    if not (entries or parts):
        state = "nothing logged" if day <= summary.today else "to come"
        page.text(f"{name}: {state}{rest}", DIM, lead=indent)
        return
    if len(entries) + len(parts) > 1:
        total = f" · {labels.span(minutes)} in all" if minutes else ""
        page.text(f"{name}{total}{rest}", DIM, lead=indent)
        name = rest = ""
    for entry, minutes_of_part in [*((entry, 0) for entry in entries), *parts]:
        done, before = labels.pass_of(entry.reading.depth, entry.kind), ""
        if minutes_of_part:
            before = f"{labels.span(minutes_of_part)} · "
            took = f", for {labels.day_name(entry.reading.read_on, summary.today)}"
        else:
            id_, whole = entry.reading.id, entry.reading.minutes
            part = f"{labels.span(own[id_])} of " if id_ in own else ""
            took = f" · {part}{labels.span(whole)}" if whole else ""
        named, after = (f"{name}: " if name else "") + before, f"{took}{rest}"
        alone = f"{named}{labels.pass_name(entry.reading.depth, entry.kind)}{after}"
        _entry(page, "read", indent, f"{named}{done} ", entry, after, alone)


def _entry(
    page: Writer, part: str, indent: str, before: str, entry: LogEntry, after: str, alone: str
) -> None:
    """Add an entry to a `part` of the page; its title is shortened, or on a line below `alone`.

    An entry of the day that is in the log too is a target in both.
    """
    target, title = f"{part}:{entry.reading.id}", safe_line(entry.title)
    room = page.width - cells(indent + before + after)
    if room < min(MIN_TITLE, cells(title)) or page.width < _NARROW:
        page.text(alone, DIM, lead=indent, target=target)
        before, after, room = "  ", "", page.width - len(indent) - 2
    page.line(
        indent, Span(before, DIM), Span(shorten(title, room), LINK), Span(after, DIM), target=target
    )


def _recall(page: Writer, summary: Summary, ascii_: bool, key: Key) -> None:
    """Write what is known, due and forgotten, how much was recalled, and what comes back when."""
    if not (counts := summary.recall):
        return
    page.heading("Recall")
    parts = (
        (counts.known, "known"),
        (counts.due, "due"),
        (counts.forgotten, "forgotten"),
        (counts.fresh, "not asked yet"),
    )
    asks = f"{key('progress.recall')} asks what is due" if key and counts.due else ""
    states = (f"{count} {name}" for count, name in parts if count)
    page.text(" · ".join(filter(None, (*states, asks))))
    if counts.retention is not None:
        share = f"{round(100 * counts.retention)} % recalled"
        times = quantity(counts.asked, "time")
        of = f", {counts.recalled} of {times} asked again in {MEASURED_DAYS} days"
        page.line(Span(share, GOOD), Span(of, DIM))
    if most := max(counts.forecast):
        glyphs = _ASCII_BARS if ascii_ else _BARS
        top = len(glyphs) - 1
        bars = "".join(glyphs[-(-count * top // most)] for count in counts.forecast)
        words = f"the next {len(bars)} days, at most {most} a day"
        if cells(bars) + cells(words) + 2 <= page.width:
            page.line(Span(bars, layout.LEVELS[3]), Span(f"  {words}", DIM))
        else:
            page.line(Span(bars, layout.LEVELS[3]))
            page.text(words, DIM)


def _weeks(page: Writer, summary: Summary) -> None:
    most = max([bar.passes for bar in summary.bars] + [1])
    longest = max([bar.minutes for bar in summary.bars] + [1])
    # Beside the bars: the day, the number of passes, a time, a rest week.
    room = max(8, min(40, page.width - 34))
    of_passes, of_minutes = room * 3 // 8, room * 5 // 8
    page.heading("Passes and time by week")
    for bar in reversed(summary.bars):
        rest = " rest week" if bar.start in summary.rests else ""
        if not bar.passes and not bar.minutes:
            page.line(Span(f"{bar.start.day:>2} {bar.start:%b}  ╌{rest}", DIM))
            continue
        passes = "█" * max(bar.passes > 0, round(of_passes * bar.passes / most))
        minutes = "▒" * max(bar.minutes > 0, round(of_minutes * bar.minutes / longest))
        time = f" {labels.span(bar.minutes)}" if bar.minutes else ""
        page.line(
            Span(f"{bar.start.day:>2} {bar.start:%b}  ", DIM),
            Span(passes, layout.LEVELS[3]),
            Span(f" {bar.passes}".ljust(of_passes + 4 - len(passes)), STRONG),
            Span(f"{minutes}{time}{rest}", DIM),
        )


def _log(page: Writer, summary: Summary, key: Key, entries: int) -> None:
    latest = summary.latest[:entries]
    page.heading("Log")
    if not latest:
        how = "papertui log does it"
        if key:
            first, second, third = map(key, ("log-first", "log-second", "log-third"))
            how = f"go to a work and press {first}, {second} or {third} after reading it, or"
            how += f" {key('log-on')} for another day"
        page.text(f"Nothing is logged yet: {how}.", DIM)
    if older := sum(summary.passes.values()) - len(latest):
        older_entries = quantity(older, "older entry", "older entries")
        how = "--as-of shows the log up to a day"
        if key:
            earlier, later = key("progress.earlier"), key("progress.later")
            how = f"{key('progress.all')} shows them all, {earlier} {later} walk through the year"
        page.text(f"{older_entries}: {how}.", DIM)
    rows = [_log_row(entry, summary.today) for entry in latest]
    sizes = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    for (done, day, minutes), entry in zip(rows, latest, strict=True):
        before = f"{done:<{sizes[0]}}  {day:<{sizes[1]}}  {minutes:>{sizes[2]}}  "
        later = " · logged later" if entry.is_logged_later else ""
        _entry(page, "log", "", before, entry, later, f"{before.rstrip()}{later}")


def _log_row(entry: LogEntry, today: date) -> tuple[str, str, str]:
    """Return which pass an entry is, its day and its time."""
    reading = entry.reading
    day = labels.day_name(reading.read_on, today)
    minutes = labels.span(reading.minutes) if reading.minutes else ""
    return labels.PASSES[reading.depth], day, minutes


def _lists(page: Writer, summary: Summary) -> None:
    page.heading("Works done, second pass or deeper")
    parents = {branch.id: branch.parent for branch in summary.branches}
    size = _BAR if page.width >= _NARROW else _BAR // 2
    numbers = [f"{branch.done}/{branch.total}" for branch in summary.branches]
    digits = max(map(len, numbers), default=0)
    room = max(12, min(_TITLE, page.width - size - digits - 2))
    for branch in summary.branches:
        level, parent = 0, branch.parent
        while parent is not None:
            level, parent = level + 1, parents[parent]
        title = shorten("  " * level + safe_line(branch.title), room)
        gap = " " * (room - cells(title) + 1)
        style = STRONG if not level else ""
        page.line(Span(title + gap, style), progress_bar(branch.done, branch.total, size, digits))


def _totals(page: Writer, summary: Summary) -> None:
    passes = summary.passes
    if summary.pace:
        page.heading(f"At the pace of the last {summary.pace_weeks} weeks")
    titles = [safe_line(pace.title) for pace in summary.pace]
    numbers = [f"{pace.left:,}" for pace in summary.pace]
    digits = max(map(len, numbers), default=0)
    beside = digits + len("   left, done Sep 2027")
    room = max(12, min(page.width - beside, max(map(cells, titles), default=0)))
    for title, left, pace in zip(titles, numbers, summary.pace, strict=True):
        name = shorten(title, room)
        gap = " " * (room - cells(name) + 2)
        page.text(f"{name}{gap}{left:>{digits}} left, done {pace.done_by:%b %Y}")
    page.heading("In all")
    page.facts(*(f"{labels.PASSES[depth]} {passes.get(depth, 0)}" for depth in (1, 2, 3)), style="")
    if summary.minutes:
        page.text(f"{labels.span(summary.minutes)} of reading logged")


def why_page(streak: Streak, titles: dict[str, str], width: int) -> list[Line]:
    """Lay out the weeks of the streak and the one that ended the last, with what was read."""
    page = Writer(width)
    page.line(Span(f"Why the streak is {quantity(streak.weeks, 'week')}", TITLE))
    page.text(
        "A week counts when as many works as its goal got a second or third pass in it. "
        "A rest week bridges, and adds nothing unless it is met all the same; the running week "
        "adds once it is met.",
        DIM,
    )
    page.blank()
    weeks = [*streak.gap, *streak.run]
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
