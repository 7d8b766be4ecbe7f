"""A whole journal replayed at once, the reference for the tables."""

from collections.abc import Iterable

from papertui.core.journal import Event, undone_acts
from papertui.core.records import Habits, WorkRecord
from papertui.core.replay import events_that_count, replay_habits, replay_merges, replay_work


def replay(events: Iterable[Event]) -> tuple[dict[str, WorkRecord], Habits]:
    """Return all records and the habits of a whole journal, which the tables must agree with."""
    events = list({event.id: event for event in events}.values())
    undone = undone_acts(events)
    events = [event for event in events if event.act not in undone]
    merges = replay_merges(events)
    by_work: dict[str | None, list[Event]] = {}
    for event in events:
        by_work.setdefault(merges.get(event.work or "", event.work), []).append(event)
    habits = replay_habits(by_work.pop(None, ()))
    records = {
        str(work): replay_work(events_that_count(str(work), own)) for work, own in by_work.items()
    }
    return records, habits
