"""The review of a week's or a month's reading as Markdown, for a lab chat or a journal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from papertui.config import Config
from papertui.core import labels
from papertui.core.days import period
from papertui.core.labels import PASSES
from papertui.core.records import Note, Triage, notes_for_others
from papertui.core.streaks import State
from papertui.core.text import quantity
from papertui.pages.branch import list_facts
from papertui.pages.progress_summary import LogEntry, log_entries
from papertui.pages.weeks import milestones, streak_of, week_rules
from papertui.storage import up_next
from papertui.storage.store import Store


@dataclass(frozen=True, slots=True)
class Review:
    """What was read and done from one day to another; `waiting` is what to go on with now.

    It is made to be sent: of the private notes on a work it holds how many there are.
    """

    period_name: str
    start: date
    end: date
    entries: Sequence[LogEntry]
    notes: Mapping[str, Sequence[Note]]
    private_notes: Mapping[str, int]
    minutes: int
    scanned: int
    triage: Triage
    explained: Sequence[str]
    asked: int
    recalled: int
    headline: str
    milestones: Sequence[str]
    waiting: Sequence[str]


def review_of(store: Store, config: Config, period_name: str, day: date, today: date) -> Review:
    """Gather the review of the "week" or the "month" that contains `day`."""
    start, end = period(period_name, day, config.week_start)
    log, full_reads = store.reading_log, store.reading_log.full_reads(end)
    history = week_rules(store, config).history(full_reads, min(end, today))
    entries = log_entries(store, config, log.between_days(start, end))
    written = {
        work: [
            note
            for note in reversed(log.work(work).notes)
            # A note of the time stays one of it, though it was mended later.
            if any(
                start <= (saving.read_on or config.today(saving.moment)) <= end
                for saving in savings.get(note.id, ())
            )
        ]
        for work in {entry.work for entry in entries}
        for savings in [log.note_savings(work)]
    }
    private = store.private_notes()
    notes = {work: notes_for_others(of_work, private) for work, of_work in written.items()}
    return Review(
        period_name,
        start,
        end,
        entries,
        notes,
        {work: len(written[work]) - len(of_work) for work, of_work in notes.items()},
        sum(log.minutes(start, end).values()),
        log.between("scanned", start, end),
        log.triage(start, end),
        [store.works.title(work) for work in log.explained(start, end)],
        *(store.recall.ratings(start, end) if config.recall else (0, 0)),
        _headline(store, config, period_name, start, end, today),
        milestones(store, full_reads, history if config.streak else (), start, end),
        _waiting(store, today) if start <= today <= end else (),
    )


def _waiting(store: Store, today: date) -> list[str]:
    """Return the passes under way, what is up next, and the next work of each list under way."""
    under_way = {
        draft.work: f"{store.works.title(draft.work)}: {PASSES[draft.session.depth]} under way"
        for draft in store.drafts.waiting()
        if draft.session
    }
    next_works: dict[str, str] = {}
    for branch in store.tree.sections():
        if branch.parent is None and 0 < branch.done < branch.total:
            order = list_facts(store, branch.list).reading_order
            if choice := up_next.choose(store.up_next.of_list(branch.list, order, today)):
                why = up_next.reason(choice, branch.title, order)
                why = why if branch.title in why else f"{branch.title}: {why}"
                line = f"{choice.candidate.title} ({why})"
                next_works.setdefault(choice.candidate.work, line)
    proposal = store.up_next.next(today)
    first = {}
    if next_works and proposal:
        first = {proposal.work: f"{proposal.title} ({proposal.reason})"}
    queued = first if proposal and proposal.list is None else {}
    # What a list says of a work is more than that it is up next, the queue more than that, a
    # session more than all.
    return [*(under_way | first | next_works | queued | under_way).values()]


def _headline(
    store: Store, config: Config, period_name: str, start: date, end: date, today: date
) -> str:
    """Return how the weeks went: that of a week, or how many of those that end in a month were met.

    A week before the first pass, or one that has not begun, is a rest week or has none.
    """
    if not config.streak:
        return ""
    rules, log = week_rules(store, config), store.reading_log
    if period_name == "month":
        ended = [
            week
            for week in rules.history(log.full_reads(), min(end, today))
            if start <= week.last_day <= end and (week.last_day < today or week.state is State.MET)
        ]
        met = sum(week.state is State.MET for week in ended)
        resting = sum(week.state is State.REST for week in ended)
        judged = len(ended) - resting
        counts = [f"{met} of {quantity(judged, 'week')} met"] if judged else []
        counts += [quantity(resting, "rest week")] if resting else []
        return ", and ".join(counts)
    rest_week = start in rules.rest_weeks()
    if start > today:
        return "rest week" if rest_week else ""
    then = streak_of(store, config, rules.history(log.full_reads(), min(end, today)))
    if today <= end:
        return then.headline
    weeks = f" · {quantity(then.weeks, 'week')}" if then.weeks else ""
    if rest_week or then.current.state is State.MET:
        return f"{then.current.words}{weeks}"
    first_day = log.first_day()
    return "week missed" if first_day and first_day <= end else ""


def as_json(review: Review) -> dict[str, Any]:
    """Return a review as plain data; scripts rely on its names."""
    return {
        "period": review.period_name,
        "start": review.start.isoformat(),
        "end": review.end.isoformat(),
        "headline": review.headline or None,
        "minutes": review.minutes,
        "passes": [entry.as_json() for entry in review.entries],
        "notes": [
            {"work": work, "saved": note.saved, "pass": note.depth, "body": note.body}
            for work, notes in review.notes.items()
            for note in notes
        ],
        "private_notes": sum(review.private_notes.values()),
        "new_papers": {**review.triage._asdict(), "scanned": review.scanned},
        "explained": list(review.explained),
        "recall": {"asked": review.asked, "recalled": review.recalled},
        "milestones": list(review.milestones),
        "next": list(review.waiting),
    }


def dumps(review: Review) -> str:
    """Return a review as Markdown."""
    if review.period_name == "week":
        days = f"{labels.full_date(review.start)} to {labels.full_date(review.end)}"
        parts = [f"# Week of {days}"]
    else:
        parts = [f"# {review.start:%B %Y}"]
    parts.append(" ".join(_sentences(review)))
    if review.headline:
        parts.append(f"**{review.headline[:1].upper()}{review.headline[1:]}**")
    parts += review.milestones
    parts += [_work(work, review) for work in dict.fromkeys(e.work for e in review.entries)]
    if review.waiting:
        parts.append("## Next\n\n" + "\n".join(f"- {line}" for line in review.waiting))
    return "\n\n".join(parts) + "\n"


def _sentences(review: Review) -> Iterator[str]:
    """Yield what was done, as the reader would tell it."""
    works = {entry.work for entry in review.entries}
    full_reads = {entry.work for entry in review.entries if entry.reading.depth > 1}
    if works:
        some = f", {len(full_reads)} of them in full" if full_reads else ""
        in_full = " in full" if full_reads == works else some
        passes = quantity(len(review.entries), "pass", "passes")
        spent = [passes] if len(review.entries) != len(works) else []
        spent += [labels.span(review.minutes)] if review.minutes else []
        took = f" in {' and '.join(spent)}" if spent else ""
        comma = "," if took and full_reads else ""
        read = "read" if full_reads else "went through"
        yield f"I {read} {quantity(len(works), 'work')}{in_full}{comma}{took}."
    else:
        yield f"Nothing was logged this {review.period_name}."
    if review.scanned:
        triage = review.triage
        became = [f"queued {triage.queued}"] * bool(triage.queued)
        became += [f"skimmed {triage.skimmed}"] * bool(triage.skimmed)
        scanned = f"I scanned {quantity(review.scanned, 'new title')}"
        yield f"{_listed([scanned, *became])}."
    if review.asked:
        some = f"{review.recalled} of " if review.recalled < review.asked else ""
        yield f"I recalled {some}{quantity(review.asked, 'card')}."
    if review.explained:
        yield f"I explained {_listed([f'*{title}*' for title in review.explained])}."


def _listed(parts: Sequence[str]) -> str:
    """Return parts of a sentence with commas and an "and" between them."""
    *before, last = parts
    return f"{', '.join(before)} and {last}" if before else last


def _work(work: str, review: Review) -> str:
    entries = [entry for entry in review.entries if entry.work == work]
    notes = [_lower_headings(note.body) for note in review.notes.get(work, ())]
    made = "; ".join(_pass(entry, review) for entry in entries)
    made += labels.kept_back(review.private_notes.get(work, 0))
    return "\n\n".join([f"## {entries[0].title}", f"{made[0].upper()}{made[1:]}", *notes])


def _lower_headings(body: str) -> str:
    """Return a note with its headings two levels lower, below that of the work."""
    lines, fenced = [], False
    for line in body.strip().split("\n"):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        level = len(line) - len(line.lstrip("#"))
        is_heading = 0 < level <= 6 and line[level : level + 1] == " " and not fenced
        lines.append("#" * min(6, level + 2) + line[level:] if is_heading else line)
    return "\n".join(lines)


def _pass(entry: LogEntry, review: Review) -> str:
    reading = entry.reading
    time = f", {labels.span(reading.minutes)}" if reading.minutes else ""
    read_on = reading.read_on
    assert read_on is not None
    day = (
        f"{read_on:%A}"
        if review.period_name == "week"
        else f"{read_on:%a} {read_on.day} {read_on:%b}"
    )
    return f"{labels.pass_name(reading.depth, entry.kind)} on {day}{time}"
