"""The review of a week's or a month's reading as Markdown, for a lab chat or a journal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from papertui.config import Config
from papertui.core import labels
from papertui.core.days import period
from papertui.core.labels import PASSES
from papertui.core.note_templates import answered
from papertui.core.records import Note, Triage, notes_for_others
from papertui.core.streaks import State
from papertui.core.text import quantity
from papertui.pages.branch import list_facts
from papertui.pages.progress_summary import LogEntry, log_entries, parts_read
from papertui.pages.weeks import milestones, streak_of, week_rules
from papertui.storage import up_next
from papertui.storage.store import Store


@dataclass(frozen=True, slots=True)
class Review:
    """What was read and done from one day to another; `waiting` is what to go on with now.

    `parts` are passes of other days that took minutes of these, and how many; `read` has the
    minutes of these days of each pass that took some of others. It is made to be sent: of the
    private notes on a work it holds how many there are. `templates` are the reader's own.
    """

    period_name: str
    start: date
    end: date
    entries: Sequence[LogEntry]
    parts: Sequence[tuple[LogEntry, int]]
    read: Mapping[str, int]
    titles: Mapping[str, str]
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
    templates: Mapping[str, str]


def review_of(store: Store, config: Config, period_name: str, day: date, today: date) -> Review:
    """Gather the review of the "week" or the "month" that contains `day`."""
    start, end = period(period_name, day, config.week_start)
    log, full_reads = store.reading_log, store.reading_log.full_reads(end)
    history = week_rules(store, config).history(full_reads, min(end, today))
    entries = log_entries(store, config, log.between_days(start, end))
    parts = parts_read(store, config, start, end)
    read = [*dict.fromkeys(entry.work for entry in (*entries, *(part for part, _ in parts)))]
    written = {
        work: _notes_of(store, config, work, start, end, began=work not in read)
        for work in dict.fromkeys((*read, *log.works_noted(start, end)))
    }
    sittings = {entry.reading.id: log.sittings_of(entry.reading) for entry in entries}
    private = store.private_notes()
    others = {work: notes_for_others(of_work, private) for work, of_work in written.items()}
    notes = {work: of_work for work, of_work in others.items() if of_work or work in read}
    return Review(
        period_name,
        start,
        end,
        entries,
        parts,
        {
            id_: sum(minutes for day, minutes in days if start <= day <= end)
            for id_, days in sittings.items()
            if any(not start <= day <= end for day, _ in days)
        },
        {work: title for work, (title, _) in store.works.about_each(notes).items()},
        notes,
        {work: len(written[work]) - len(of_work) for work, of_work in others.items()},
        sum(log.minutes(start, end).values()),
        log.between("scanned", start, end),
        log.triage(start, end),
        [store.works.title(work) for work in log.explained(start, end)],
        *(store.recall.ratings(start, end) if config.recall else (0, 0)),
        _headline(store, config, period_name, start, end, today),
        milestones(store, full_reads, history if config.streak else (), start, end),
        _waiting(store, today) if start <= today <= end else (),
        config.templates,
    )


def _notes_of(
    store: Store, config: Config, work: str, start: date, end: date, *, began: bool
) -> list[Note]:
    """Return the notes on a work of some days: those saved, or only those `began` in them."""
    log = store.reading_log
    savings = log.note_savings(work)

    def is_of_days(note: Note) -> bool:
        # A note of the time stays one of it, though it was mended later.
        saved = savings.get(note.id, [])[: 1 if began else None]
        return any(start <= (each.read_on or config.today(each.moment)) <= end for each in saved)

    return [*filter(is_of_days, reversed(log.work(work).notes))]


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
        "passes": [
            {
                **entry.as_json(),
                "of_period": review.read.get(entry.reading.id, entry.reading.minutes),
            }
            for entry in review.entries
        ],
        "parts": [{**part.as_json(), "of_period": minutes} for part, minutes in review.parts],
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
    parts += [_work(work, review) for work in review.notes]
    if review.waiting:
        parts.append("## Next\n\n" + "\n".join(f"- {line}" for line in review.waiting))
    return "\n\n".join(parts) + "\n"


def _sentences(review: Review) -> Iterator[str]:
    """Yield what was done, as the reader would tell it."""
    works = {entry.work for entry in review.entries}
    full_reads = {entry.work for entry in review.entries if entry.reading.depth > 1}
    minutes = labels.span(review.minutes) if review.minutes else ""
    # What was read of passes of other days is no time of these, nor of those without a time.
    is_timed = all(entry.reading.minutes for entry in review.entries)
    is_apart = bool(review.parts or review.read) or not is_timed
    if works:
        some = f", {len(full_reads)} of them in full" if full_reads else ""
        in_full = " in full" if full_reads == works else some
        passes = quantity(len(review.entries), "pass", "passes")
        spent = [passes] if len(review.entries) != len(works) else []
        spent += [minutes] if minutes and not is_apart else []
        took = f" in {' and '.join(spent)}" if spent else ""
        comma = "," if took and full_reads else ""
        read = "read" if full_reads else "went through"
        yield f"I {read} {quantity(len(works), 'work')}{in_full}{comma}{took}."
    if minutes and is_apart:
        read = f"read for {minutes}" if is_timed else f"logged {minutes} of reading"
        yield f"I {read}{' in all' * bool(works)}."
    elif not works:
        noted = len(review.notes)
        yield (
            f"I wrote notes on {quantity(noted, 'work')}."
            if noted
            else f"Nothing was logged this {review.period_name}."
        )
    if review.scanned:
        triage = review.triage
        became = [f"queued {triage.queued}"] * bool(triage.queued)
        became += [f"skimmed {triage.skimmed}"] * bool(triage.skimmed)
        scanned = f"I scanned {quantity(review.scanned, 'new title')}"
        yield f"{_listed([scanned, *became])}."
    if review.asked:
        some = f"{review.recalled} of " if review.recalled < review.asked else ""
        yield f"I recalled {some}{quantity(review.asked, 'answer')}."
    if review.explained:
        yield f"I explained {_listed([f'*{title}*' for title in review.explained])}."


def _listed(parts: Sequence[str]) -> str:
    """Return parts of a sentence with commas and an "and" between them."""
    *before, last = parts
    return f"{', '.join(before)} and {last}" if before else last


def _work(work: str, review: Review) -> str:
    written = (answered(note.body, review.templates) for note in review.notes[work])
    notes = [_lower_headings(text) for text in written if text]
    made = [_pass(entry, review) for entry in review.entries if entry.work == work]
    made += [_part(part, minutes) for part, minutes in review.parts if part.work == work]
    made.append(labels.kept_back(review.private_notes[work]).removeprefix("; "))
    says = "; ".join(filter(None, made))
    about = [f"{says[0].upper()}{says[1:]}"] if says else []
    return "\n\n".join([f"## {review.titles[work]}", *about, *notes])


def _lower_headings(body: str) -> str:
    """Return a note with its headings below that of the work."""
    lines, fenced = body.strip().split("\n"), False
    levels = list[int]()
    for line in lines:
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        level = len(line) - len(line.lstrip("#"))
        is_heading = 0 < level <= 6 and line[level : level + 1] == " " and not fenced
        levels.append(level if is_heading else 0)
    lower = max(0, 3 - min(filter(None, levels), default=3))
    return "\n".join(
        "#" * min(6, level + lower) + line[level:] if level else line
        for line, level in zip(lines, levels, strict=True)
    )


def _pass(entry: LogEntry, review: Review) -> str:
    reading = entry.reading
    time = f", {labels.span(reading.minutes)}" if reading.minutes else ""
    if (of_days := review.read.get(reading.id)) is not None:
        time += f", {labels.span(of_days)} of it this {review.period_name}"
    read_on = reading.read_on
    assert read_on is not None
    day = (
        f"{read_on:%A}"
        if review.period_name == "week"
        else f"{read_on:%a} {read_on.day} {read_on:%b}"
    )
    return f"{labels.pass_name(reading.depth, entry.kind)} on {day}{time}"


def _part(part: LogEntry, minutes: int) -> str:
    """Return what was read of a pass of another day."""
    read_on = part.reading.read_on
    of_day = f" of {labels.full_date(read_on)}" if read_on else ""
    name = labels.pass_name(part.reading.depth, part.kind)
    return f"part of the {name}{of_day}, {labels.span(minutes)}"
