"""The review of a week's reading as Markdown, for a lab chat or a journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from papertui.config import Config
from papertui.core import labels
from papertui.core.labels import PASSES, local_time
from papertui.core.records import Note
from papertui.core.streaks import State, period, streak
from papertui.core.text import quantity
from papertui.pages.branch import list_facts
from papertui.pages.progress_summary import LogEntry, log_entries
from papertui.pages.weeks import week_rules
from papertui.storage import up_next
from papertui.storage.store import Store


@dataclass(frozen=True, slots=True)
class Review:
    """A week's log, notes, minutes and titles scanned; `waiting` is what to go on with now."""

    start: date
    entries: Sequence[LogEntry]
    notes: Mapping[str, Sequence[Note]]
    minutes: int
    scanned: int
    headline: str
    waiting: Sequence[str]


def week_review(store: Store, config: Config, day: date, today: date) -> Review:
    """Gather the review of the week that contains `day`."""
    start, end = period("week", day, config.week_start)
    log = store.reading_log
    entries = log_entries(store, config, log.between_days(start, end))
    notes = {
        work: [
            note
            for note in reversed(log.work(work).notes)
            if start <= config.today(local_time(note.saved, note.utc_offset)) <= end
        ]
        for work in {entry.work for entry in entries}
    }
    return Review(
        start,
        entries,
        notes,
        sum(log.minutes(start, end).values()),
        log.between("scanned", start, end),
        _headline(store, config, start, today),
        _waiting(store, today) if start <= today <= end else (),
    )


def _waiting(store: Store, today: date) -> list[str]:
    """Return the passes under way, what is up next, and the next work of each list under way."""
    under_way = [
        f"{store.works.title(draft.work)}: {PASSES[draft.session.depth]} under way"
        for draft in store.drafts.waiting()
        if draft.session
    ]
    next_works: dict[str, str] = {}
    for branch in store.tree.sections():
        if branch.parent is None and 0 < branch.done < branch.total:
            order = list_facts(store, branch.list).reading_order
            if choice := up_next.choose(store.up_next.of_list(branch.list, order, today)):
                line = f"{choice.candidate.title} ({branch.title})"
                next_works.setdefault(choice.candidate.work, line)
    proposal = store.up_next.next(today)
    if next_works and proposal and proposal.work not in next_works:
        under_way.append(f"{proposal.title} ({proposal.reason})")
    return [*under_way, *next_works.values()]


def _headline(store: Store, config: Config, start: date, today: date) -> str:
    """Return the headline of the running week, or how a past week ended.

    A week before the first pass, or one that has not begun, is a rest week or has none.
    """
    if not config.streak:
        return ""
    end = start + timedelta(days=6)
    rules, log = week_rules(store, config), store.reading_log
    rest = start in rules.rest_weeks()
    if start > today:
        return "rest week" if rest else ""
    then = streak(rules.history(log.full_reads(), min(end, today)))
    if today <= end:
        return then.headline
    weeks = f" · {quantity(then.weeks, 'week')}" if then.weeks else ""
    if rest or then.current.state is State.MET:
        return f"{then.current.words}{weeks}"
    first_day = log.first_day()
    return "week missed" if first_day and first_day <= end else ""


def dumps(review: Review) -> str:
    """Return a review as Markdown."""
    end = review.start + timedelta(days=6)
    parts = [f"# Week of {labels.full_date(review.start)} to {labels.full_date(end)}"]
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
    entries = [entry for entry in review.entries if entry.work == work]
    notes = [_lower_headings(note.body) for note in review.notes.get(work, ())]
    return "\n\n".join([f"## {entries[0].title}", ", ".join(map(_pass, entries)), *notes])


def _lower_headings(body: str) -> str:
    """Return a note with its headings two levels lower, below that of the work."""
    lines, fenced = [], False
    for line in body.strip().split("\n"):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        level = len(line) - len(line.lstrip("#"))
        is_heading = 0 < level <= 6 and line[level : level + 1] == " " and not fenced
        lines.append("#" * min(6, level + 2) + line[level:] if is_heading else line)
    return "\n".join(lines)


def _pass(entry: LogEntry) -> str:
    reading = entry.reading
    time = f", {labels.span(reading.minutes)}" if reading.minutes else ""
    day = f" on {reading.read_on:%A}" if reading.read_on else ""
    return f"{labels.pass_name(reading.depth, entry.kind).capitalize()}{day}{time}"
