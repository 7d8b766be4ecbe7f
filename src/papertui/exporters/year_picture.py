"""The picture of a year of reading as SVG, and a page of HTML that holds it.

Neither needs a network, a script or a font of its own. Both follow the light or dark
scheme of the program that shows them, unless one is named.
"""

from datetime import date
from html import escape
from pathlib import Path

from papertui.core.text import quantity, safe_line, shorten, wrap
from papertui.errors import Refused
from papertui.exporters.year import Insight, Year, dumps, grid
from papertui.system import files

THEMES = ("auto", "light", "dark")
# Colours of the background, of text and of dimmed text, and of the five levels of a day.
_LIGHT = ("#ffffff", "#1f2328", "#59636e", "#e9edf0", "#bfe0d1", "#74bd9c", "#2f8f6b", "#0b5f43")
_DARK = ("#0f1419", "#e6edf3", "#9aa7b4", "#1f2830", "#1f4f3f", "#2c7d5f", "#45b389", "#8ae6c3")
_WIDTH, _MARGIN = 960, 40
_CELL = 16
_BAR_HEIGHT = 96
# Cells of a line of a column, in large and in small letters.
_COLUMN, _SMALL_COLUMN = 52, 58
_MAX_LINES = 4
_LINE = 19


def svg(year: Year, theme: str = "auto") -> str:
    """Return the picture of a year; `theme` is one of THEMES."""
    parts: list[str] = []
    y = _numbers(parts, year)
    if year.passes:
        y = _months(parts, year, _heatmap(parts, year, y + 44) + 56)
        y = _words(parts, year, y + 52)
    else:
        parts.append(_text(_MARGIN, y + 40, f"Nothing was logged in {year.number}.", "dim"))
        y += 40
    height = y + 36
    described = ", ".join(f"{number} {counted}" for number, counted in year.numbers)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
            f' width="{_WIDTH}" height="{height}" role="img">',
            f"<title>A year of reading: {year.number}{year.until}</title>",
            f"<desc>{escape(described)}</desc>",
            f"<style>{_styles(theme)}</style>",
            f'<rect class="paper" width="{_WIDTH}" height="{height}" rx="12"/>',
            *parts,
            "</svg>\n",
        ]
    )


def html(year: Year, theme: str = "auto") -> str:
    """Return a page with the picture of a year."""
    colours = {"light": _LIGHT[0], "dark": _DARK[0]}
    background = f"body{{background:{colours.get(theme, _LIGHT[0])}}}"
    if theme == "auto":
        background += f"@media (prefers-color-scheme:dark){{body{{background:{_DARK[0]}}}}}"
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>A year of reading: {year.number}{year.until}</title>
<style>{background}body{{margin:0}}svg{{display:block;max-width:100%;height:auto;margin:auto}}</style>
{svg(year, theme)}</html>
"""


def write(path: Path, year: Year, theme: str = "auto") -> None:
    """Write a year to a new file in the format that its name ends in.

    Raises Refused for another ending, for a file that is there, or if it cannot be written.
    """
    formats = {
        ".svg": lambda: svg(year, theme),
        ".html": lambda: html(year, theme),
        ".md": lambda: dumps(year),
    }
    draw = formats.get(path.suffix.lower())
    if draw is None:
        raise Refused(f"The name must end in {', '.join(formats)}, as {year.number}.svg does.")
    files.write(path, draw())


def _styles(theme: str) -> str:
    fixed = (
        'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,'
        "sans-serif;font-size:14px}"
        ".year{font-size:46px;font-weight:700}.number{font-size:30px;font-weight:600}"
        ".head{font-size:15px;font-weight:600}.small{font-size:12px}.month{font-weight:600}"
    )
    light, dark = _colours(_LIGHT), _colours(_DARK)
    if theme == "auto":
        return f"{fixed}{light}@media (prefers-color-scheme:dark){{{dark}}}"
    return fixed + (dark if theme == "dark" else light)


def _colours(colours: tuple[str, ...]) -> str:
    paper, ink, dim, *levels = colours
    filled = "".join(f".l{level}{{fill:{colour}}}" for level, colour in enumerate(levels))
    return f".paper{{fill:{paper}}}text{{fill:{ink}}}.dim{{fill:{dim}}}{filled}"


def _text(x: float, y: float, text: str, style: str = "", anchor: str = "start") -> str:
    # No XML may hold the last two.
    shown = escape(safe_line(text).translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}))
    return f'<text x="{x:g}" y="{y:g}" class="{style}" text-anchor="{anchor}">{shown}</text>'


def _box(x: float, y: float, width: float, height: float, level: int) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2.5"'
        f' class="l{level}"/>'
    )


def _numbers(parts: list[str], year: Year) -> int:
    """Add the head and the numbers of a year; return where they end."""
    parts.append(_text(_MARGIN, 84, str(year.number), "year"))
    parts.append(_text(_MARGIN + 146, 84, f"a year of reading{year.until}", "dim"))
    parts.append(_text(_WIDTH - _MARGIN, 84, "papertui", "dim small", "end"))
    for place, (number, counted) in enumerate(year.numbers):
        x = _MARGIN + place * (_WIDTH - 2 * _MARGIN) / 5
        parts.append(_text(x, 146, number, "number"))
        parts.append(_text(x, 168, counted, "dim"))
    return 168 if year.numbers else 84


def _heatmap(parts: list[str], year: Year, top: int) -> int:
    """Add a square for each day of a year; return where they end."""
    weeks, left = grid(year), _MARGIN + 30
    for column, week in enumerate(weeks):
        for row, day in enumerate(week):
            if day is None:
                continue
            x, y = left + column * _CELL, top + 12 + row * _CELL
            if day.day == 1:
                parts.append(_text(left + column * _CELL, top, f"{day:%b}", "dim small"))
            if not column or (column == 1 and weeks[0][row] is None):
                name = f"{day:%a}" if row % 2 == 0 else ""
                parts.append(_text(_MARGIN, y + 11, name, "dim small"))
            if day <= year.last or day in year.levels:
                parts.append(_box(x, y, _CELL - 3, _CELL - 3, year.levels.get(day, 0)))
    return top + 12 + 7 * _CELL


def _months(parts: list[str], year: Year, top: int) -> int:
    """Add a bar for each month, its works by depth; return where they end."""
    parts.append(_text(_MARGIN, top, "Works by month", "head"))
    left = _WIDTH - _MARGIN
    for level, name, width in (
        (3, "third pass", 61),
        (2, "second pass", 74),
        (1, "first pass", 56),
    ):
        left -= width
        parts.append(_text(left, top, name, "dim small"))
        parts.append(_box(left - 18, top - 10, 12, 12, level))
        left -= 40
    most = max(map(sum, year.months))
    base, step = top + 40 + _BAR_HEIGHT, (_WIDTH - 2 * _MARGIN) / 12
    for place, counts in enumerate(year.months):
        x, y = _MARGIN + place * step, float(base)
        for level in (3, 2, 1):
            if height := _BAR_HEIGHT * counts[level - 1] / most:
                y -= height
                parts.append(_box(x, y, step - 16, max(1.0, height - 1.5), level))
        middle = x + (step - 16) / 2
        if any(counts):
            parts.append(_text(middle, y - 8, str(sum(counts)), "small", "middle"))
        month = date(year.number, place + 1, 1)
        parts.append(_text(middle, base + 20, f"{month:%b}", "dim small", "middle"))
    return base + 20


def _words(parts: list[str], year: Year, top: int) -> int:
    """Add what was returned to and finished, and the insights; return where they end."""
    left, right = _MARGIN, _WIDTH // 2 + 20
    ends = [top - 52]
    lists = (
        ("Most returned to", [(title, quantity(days, "day")) for title, days in year.returned]),
        ("Lists finished", [(title, "") for title in year.finished]),
    )
    columns = [right, left]
    # One by itself has the whole width.
    cells_of_line, width = (_COLUMN, 420) if all(lines for _, lines in lists) else (104, 880)
    for name, lines in lists:
        if lines:
            x = columns.pop()
            parts.append(_text(x, top, name, "head"))
            for place, (title, days) in enumerate(lines, 1):
                line = top + 6 + place * (_LINE + 3)
                room = cells_of_line - (4 if days else 0)
                parts.append(_text(x, line, shorten(title, room)))
                parts.append(_text(x + width, line, days, "dim", "end"))
                ends.append(line)
    if not year.insights:
        return max(ends)
    y = max(ends) + 52
    parts.append(_text(left, y, "In my own words", "head"))
    heights = [_insight_height(each) for each in year.insights]
    # The first column takes its turn until it is half of them.
    half = next(n for n in range(len(heights) + 1) if 2 * sum(heights[:n]) >= sum(heights))
    for x, insights in ((left, year.insights[:half]), (right, year.insights[half:])):
        line = y + 30
        for each in insights:
            parts.append(_text(x, line, f"{date(year.number, each.month, 1):%b}", "dim month"))
            for words in _lines(each):
                parts.append(_text(x + 44, line, words))
                line += _LINE
            parts.append(_text(x + 44, line, shorten(each.title, _SMALL_COLUMN), "dim small"))
            line += _LINE + 14
        ends.append(line - _LINE - 14)
    return max(ends)


def _lines(insight: Insight) -> list[str]:
    """Return the lines of an insight in quotation marks, its end left out if it is long."""
    lines = list(wrap(f"“{insight.words}”", _COLUMN - 2))
    if len(lines) > _MAX_LINES:
        last = shorten(f"{lines[_MAX_LINES - 1]} {lines[_MAX_LINES]}", _COLUMN - 3)
        lines = [*lines[: _MAX_LINES - 1], f"{last}”"]
    return lines


def _insight_height(insight: Insight) -> int:
    return len(_lines(insight)) * _LINE + _LINE + 14
