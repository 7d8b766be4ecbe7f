"""The review of a week, gathered from the store."""

from datetime import date, timedelta

from papertui.config import Config
from papertui.core.labels import PASSES, local_time
from papertui.core.streaks import State, history, week_of
from papertui.core.text import count
from papertui.exporting.review import Review
from papertui.stats import Entry
from papertui.storage import up_next
from papertui.storage.store import Store
from papertui.views import current_streak, list_facts


def week_review(store: Store, config: Config, day: date, today: date) -> Review:
    """Gather the review of the week that holds `day`, as it stands today."""
    start = week_of(day, config.week_start)
    end = start + timedelta(days=6)
    reader = store.reader
    entries = [
        Entry(work, *store.library.about(work), reading)
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
        f"{store.library.title(draft.work)}: {PASSES[draft.session.depth]} under way"
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
    for branch in store.shelves.sections():
        if branch.parent is None and 0 < branch.done < branch.total:
            order = list_facts(store, branch.list).reading_order
            if work := up_next.first(store.upcoming.of_list(branch.list, order, today)):
                found.append(f"{work.title} ({branch.title})")
    return found


def _headline(store: Store, config: Config, start: date, today: date) -> str:
    """Return how a week stands: the running one as everywhere, a past one as it ended."""
    end = start + timedelta(days=6)
    found = current_streak(store, config, min(end, today))
    if found is None:
        return ""
    if today <= end:
        return found.headline
    habits = store.reader.habits()
    rules = (today, habits.goals, habits.rests, config.week_start)
    weeks = {week.start: week.state for week in history(store.reader.full_reads(), *rules)}
    state = weeks.get(start, State.MISSED)
    name = "rest week" if state is State.REST else f"week {state.value}"
    return f"{name} · {count(found.weeks, 'week')}" if state is not State.MISSED else name
