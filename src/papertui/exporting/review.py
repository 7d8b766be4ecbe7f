"""A week's reading as Markdown: to paste into a lab chat or a journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from papertui.core import labels
from papertui.core.journal import Note
from papertui.core.text import count
from papertui.stats import Entry


@dataclass(frozen=True, slots=True)
class Review:
    """What a week came to; `waiting` is what is under way now."""

    start: date
    entries: Sequence[Entry]
    notes: Mapping[str, Sequence[Note]]
    minutes: int
    scanned: int
    headline: str
    waiting: Sequence[str]


def markdown(review: Review) -> str:
    """Return the review of a week as Markdown."""
    end = review.start + timedelta(days=6)
    start = f"{review.start.day} {review.start:%b}"
    parts = [f"# Week of {start} to {end.day} {end:%b} {end.year}"]
    works = list(dict.fromkeys(entry.work for entry in review.entries))
    totals = [count(len(works), "work"), count(len(review.entries), "pass", "passes")]
    if review.minutes:
        totals.append(labels.span(review.minutes))
    if review.scanned:
        totals.append(f"{count(review.scanned, 'title')} scanned")
    parts.append(" · ".join(totals) if review.entries else "Nothing was logged this week.")
    if review.headline:
        parts.append(f"**{review.headline[:1].upper()}{review.headline[1:]}**")
    parts += [_work(work, review) for work in works]
    if review.waiting:
        parts.append("## Next\n\n" + "\n".join(f"- {line}" for line in review.waiting))
    return "\n\n".join(parts) + "\n"


def _work(work: str, review: Review) -> str:
    found = [entry for entry in review.entries if entry.work == work]
    passes = ", ".join(_pass(entry) for entry in found)
    lines = [f"## {found[0].title}", passes]
    lines += [_below(note.body) for note in review.notes.get(work, ())]
    return "\n\n".join(lines)


def _below(body: str) -> str:
    """Return a note with its headings two levels further down, below those of the work."""
    lines, fenced = [], False
    for line in body.strip().split("\n"):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        deep = len(line) - len(line.lstrip("#"))
        heading = 0 < deep <= 6 and line[deep : deep + 1] == " " and not fenced
        lines.append("#" * min(6, deep + 2) + line[deep:] if heading else line)
    return "\n".join(lines)


def _pass(entry: Entry) -> str:
    reading = entry.reading
    time = f", {labels.span(reading.minutes)}" if reading.minutes else ""
    day = f" on {reading.read_on:%A}" if reading.read_on else ""
    return f"{labels.pass_name(reading.depth, entry.kind).capitalize()}{day}{time}"
