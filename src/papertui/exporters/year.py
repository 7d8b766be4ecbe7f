"""A year of reading: its numbers and the reader's own words, and the year as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from markdown_it import MarkdownIt

from papertui.config import Config
from papertui.core import streaks
from papertui.core.days import week_of
from papertui.core.labels import LEVEL_GLYPHS
from papertui.core.note_templates import own_lines
from papertui.core.records import Note
from papertui.core.text import clipped, count_words, quantity, safe_line
from papertui.errors import Refused
from papertui.pages.weeks import finished, week_rules
from papertui.storage.store import Store

MAX_RETURNED = 5
# Words from which on a line of a note is an insight and no reminder.
MIN_WORDS = 4
MAX_INSIGHT = 400  # letters


class Insight(NamedTuple):
    """A sentence from a note of a month on a work, in the reader's own words."""

    month: int
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year of reading; `last` is its last day, today for the running year.

    `months` are the works of each month by the deepest pass made in it: first, second,
    third. `levels` are those of the heatmap, of the days that anything was read on.
    """

    number: int
    last: date
    week_start: str
    works: int
    full_reads: int
    passes: int
    minutes: int
    longest_streak: int
    months: Sequence[tuple[int, int, int]]
    levels: Mapping[date, int]
    finished: Sequence[str]
    returned: Sequence[tuple[str, int]]
    insights: Sequence[Insight]

    @property
    def until(self) -> str:
        """The last day of a year that is not over, in words, else empty."""
        is_over = (self.last.month, self.last.day) == (12, 31)
        return "" if is_over else f", until {self.last.day} {self.last:%B}"

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """The numbers of the year with what each counts, those of nothing left out."""
        hours = round(self.minutes / 60)
        counted = [
            (self.works, "work", "works"),
            (self.full_reads, "read in full", "read in full"),
            (hours, "hour", "hours"),
            (len(self.levels), "day of reading", "days of reading"),
            (self.longest_streak, "week in a row", "weeks in a row"),
        ]
        return [(f"{n:,}", one if n == 1 else many) for n, one, many in counted if n]


def year_of_reading(store: Store, config: Config, number: int, today: date) -> Year:
    """Gather a calendar year of reading, until today. Raises Refused for a year to come."""
    if not date.min.year < number <= today.year:
        raise Refused(f"There is no year {number} to show yet: this is {today.year}.")
    log, first, last = store.reading_log, date(number, 1, 1), date(number, 12, 31)
    deepest: dict[tuple[int, str], int] = {}
    depths: dict[date, int] = {}
    full_reads: set[str] = set()
    readings = log.between_days(first, last)
    for work, reading in readings:
        if reading.read_on is None:
            continue
        place = reading.read_on.month, work
        deepest[place] = max(deepest.get(place, 0), reading.depth)
        depths[reading.read_on] = depths.get(reading.read_on, 0) + reading.depth
        if reading.depth > 1:
            full_reads.add(work)
    minutes = log.minutes(first, last)
    as_of = min(today, last)
    by_month = [[d for (m, _), d in deepest.items() if m == month] for month in range(1, 13)]
    read_days = [*depths, *minutes]
    return Year(
        number,
        as_of,
        config.week_start,
        len({work for work, _ in readings}),
        len(full_reads),
        len(readings),
        sum(minutes.values()),
        _longest_streak(store, config, first, as_of),
        [(of.count(1), of.count(2), of.count(3)) for of in by_month],
        {day: streaks.level(max(1, depths.get(day, 0))) for day in read_days},
        [branch.title for branch in finished(store, first, last) if branch.parent is None],
        [
            (store.works.title(work), days)
            for work, days in log.days_by_work(first, last, MAX_RETURNED)
            if days > 1
        ],
        list(_insights(store, config, number)),
    )


def _longest_streak(store: Store, config: Config, first: date, last: date) -> int:
    """Return how many weeks of a year were met in a row, 0 for a reader without streak."""
    if not config.streak:
        return 0
    history = week_rules(store, config).history(store.reading_log.full_reads(last), last)
    first_week = week_of(first, config.week_start)
    return streaks.streak([week for week in history if week.start >= first_week]).longest


def _insights(store: Store, config: Config, number: int) -> Iterable[Insight]:
    """Yield a sentence for each month that has a note, that on the deepest pass, else the last.

    None is of a private note, as a year is made to be shown, and none is that of an earlier
    month.
    """
    log, private = store.reading_log, store.private_notes()
    written: list[tuple[datetime, date, str, Note]] = []
    for work in log.noted_works():
        savings = log.note_savings(work)
        for note in log.work(work).notes:
            # An edit leaves a note in its time.
            first = savings[note.id][0]
            written_on = first.read_on or config.today(first.moment)
            if written_on.year == number and note.id not in private:
                written.append((first.moment, written_on, work, note))
    sentences: dict[int, list[tuple[int, str, str]]] = {}
    for _, written_on, work, note in sorted(written, key=itemgetter(0)):
        if words := insight("\n".join(own_lines(note.body, config.templates))):
            sentences.setdefault(written_on.month, []).append((note.depth or 0, work, words))
    shown: set[str] = set()
    for month in sorted(sentences):
        new = [each for each in sentences[month] if each[2] not in shown]
        if new:
            _, work, words = max(reversed(new), key=itemgetter(0))
            shown.add(words)
            yield Insight(month, safe_line(store.works.title(work)), words)


def insight(note: str) -> str:
    """Return the first paragraph of a note of Markdown that says something, "" for none.

    Of a long one, it is the beginning.
    """
    tokens = MarkdownIt("commonmark").parse(note)
    for opening, token in pairwise(tokens):
        if token.type == "inline" and opening.type == "paragraph_open":
            text = "".join(
                " " if part.type in ("softbreak", "hardbreak") else part.content
                for part in token.children or ()
                if part.type != "html_inline"
            )
            text = clipped(text, MAX_INSIGHT)
            if count_words(text) >= MIN_WORDS and not text.startswith("|"):
                return text
    return ""


def grid(year: Year) -> list[list[date | None]]:
    """Return the weeks of a year, each with its seven days; None for a day of another year."""
    week = week_of(date(year.number, 1, 1), year.week_start)
    weeks = []
    while week <= date(year.number, 12, 31):
        days = [week + timedelta(days=number) for number in range(7)]
        weeks.append([day if day.year == year.number else None for day in days])
        week += timedelta(days=7)
    return weeks


def as_json(year: Year) -> dict[str, Any]:
    """Return a year as plain data; scripts rely on its names."""
    return {
        "year": year.number,
        "until": year.last.isoformat(),
        "works": year.works,
        "full_reads": year.full_reads,
        "passes": year.passes,
        "minutes": year.minutes,
        "days": len(year.levels),
        "longest_streak": year.longest_streak,
        "months": [dict(zip(("1", "2", "3"), works, strict=True)) for works in year.months],
        "finished": list(year.finished),
        "returned": [{"title": title, "days": days} for title, days in year.returned],
        "insights": [insight._asdict() for insight in year.insights],
    }


def dumps(year: Year) -> str:
    """Return a year as Markdown."""
    parts = [f"# A year of reading: {year.number}{year.until}"]
    if not year.passes:
        return f"{parts[0]}\n\nNothing was logged in {year.number}.\n"
    parts.append(" · ".join(f"**{number}** {counted}" for number, counted in year.numbers))
    parts.append("\n".join(["```", *_heatmap(year), "```"]))
    rows = [
        f"| {date(year.number, month, 1):%B} | " + " | ".join(str(n or "") for n in counts) + " |"
        for month, counts in enumerate(year.months, 1)
        if any(counts)
    ]
    head = ["| Works | first pass | second pass | third pass |", "| --- | --: | --: | --: |"]
    parts.append("\n".join([*head, *rows]))
    if year.finished:
        parts.append("## Lists finished\n\n" + "\n".join(f"- {title}" for title in year.finished))
    if year.returned:
        lines = (f"- {title}: {quantity(days, 'day')}" for title, days in year.returned)
        parts.append("## Most returned to\n\n" + "\n".join(lines))
    if year.insights:
        parts.append("## In my own words")
        parts += [
            f"> {each.words}\n>\n> {date(year.number, each.month, 1):%B}, on *{each.title}*"
            for each in year.insights
        ]
    return "\n\n".join(parts) + "\n"


def _heatmap(year: Year) -> Iterable[str]:
    weeks = grid(year)
    months = ""
    for column, week in enumerate(weeks):
        if first := next((day for day in week if day and day.day == 1), None):
            months = f"{months:<{column}}{first:%b}"
    yield f"     {months}"

    def sign(day: date | None) -> str:
        if day is None or (day > year.last and day not in year.levels):
            return " "
        return LEVEL_GLYPHS[year.levels.get(day, 0)]

    for row in range(7):
        days = [week[row] for week in weeks]
        name = next(day for day in days if day)
        yield f"{name:%a}  {''.join(map(sign, days))}".rstrip()
