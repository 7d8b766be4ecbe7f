"""A week's reading as Markdown: to paste into a lab chat or a journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from papertui.config import Config
from papertui.core import labels
from papertui.core.journal import Note
from papertui.core.labels import PASSES, local_time
from papertui.core.streaks import State, streak, week_of
from papertui.core.text import quantity
from papertui.pages.branch import list_facts
from papertui.pages.progress_summary import LogEntry, week_rules
from papertui.storage import up_next
from papertui.storage.store import Store


@dataclass(frozen=True, slots=True)
class Review:
    """What a week came to; `waiting` is what is under way now."""

    start: date
    entries: Sequence[LogEntry]
    notes: Mapping[str, Sequence[Note]]
    minutes: int
    scanned: int
    headline: str
    waiting: Sequence[str]


def dumps(review: Review) -> str:
    """Return the review of a week as Markdown."""
    end = review.start + timedelta(days=6)
    start = f"{review.start.day} {review.start:%b}"
    parts = [f"# Week of {start} to {end.day} {end:%b} {end.year}"]
    works = list(dict.fromkeys(entry.work for entry in review.entries))
    totals = [quantity(len(works), "work"), quantity(len(review.entries), "pass", "passes")]
    if review.minutes:
        totals.append(labels.span(review.minutes))
    if review.scanned:
        totals.append(f"{quantity(review.scanned, 'title')} scanned")
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


def _pass(entry: LogEntry) -> str:
    reading = entry.reading
    time = f", {labels.span(reading.minutes)}" if reading.minutes else ""
    day = f" on {reading.read_on:%A}" if reading.read_on else ""
    return f"{labels.pass_name(reading.depth, entry.kind).capitalize()}{day}{time}"


def week_review(store: Store, config: Config, day: date, today: date) -> Review:
    """Gather the review of the week that holds `day`, as it stands today."""
    start = week_of(day, config.week_start)
    end = start + timedelta(days=6)
    reader = store.reading_log
    entries = [
        LogEntry(work, *store.works.about(work), reading)
        for work, reading in reader.between_days(start, end)
    ]
    notes = {
        work: [
            note
            for note in reversed(reader.work(work).notes)
            if start <= config.today(local_time(note.saved, note.utc_offset)) <= end
        ]
        for work in {entry.work for entry in entries}
    }
    waiting = [
        f"{store.works.title(draft.work)}: {PASSES[draft.session.depth]} under way"
        for draft in store.drafts.waiting()
        if draft.session and start <= today <= end
    ]
    return Review(
        start,
        entries,
        notes,
        sum(reader.minutes(start, end).values()),
        reader.between("scanned", start, end),
        _headline(store, config, start, today),
        [*waiting, *(_next_in_lists(store, today) if start <= today <= end else [])],
    )


def _next_in_lists(store: Store, today: date) -> list[str]:
    """Return what comes next in each list that is under way and not done."""
    found = []
    for branch in store.tree.sections():
        if branch.parent is None and 0 < branch.done < branch.total:
            order = list_facts(store, branch.list).reading_order
            if work := up_next.first(store.up_next.of_list(branch.list, order, today)):
                found.append(f"{work.title} ({branch.title})")
    return found


def _headline(store: Store, config: Config, start: date, today: date) -> str:
    """Return how a week stands: the running one as everywhere, a past one as it ended."""
    if not config.streak:
        return ""
    end = start + timedelta(days=6)
    rules, full_reads = week_rules(store, config), store.reading_log.full_reads()
    then = streak(rules.history(full_reads, min(end, today)))
    if today <= end:
        return then.headline
    weeks = {week.start: week.state for week in rules.history(full_reads, today)}
    state = weeks.get(start, State.MISSED)
    name = "rest week" if state is State.REST else f"week {state.value}"
    return f"{name} · {quantity(then.weeks, 'week')}" if state is not State.MISSED else name
