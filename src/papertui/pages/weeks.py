"""The reader's weeks, by the config and the journal: their rules, streak and new papers.

It is apart from the summary of the progress page, which takes the start of the app 4 ms.
"""

from datetime import date

from papertui.config import Config
from papertui.core import streaks
from papertui.core.records import Triage
from papertui.core.streaks import Streak, WeekRules
from papertui.storage.store import Store


def week_triage(store: Store, config: Config, day: date, until: date = date.max) -> Triage:
    """Return what became of the new papers of the week of a day, until the end of another."""
    first, last = streaks.period("week", day, config.week_start)
    return store.reading_log.triage(first, min(last, until))


def week_rules(store: Store, config: Config) -> WeekRules:
    """Return the rules of the reader's weeks."""
    habits = store.reading_log.habits()
    return WeekRules(habits.goals, habits.rests, config.week_start)


def current_streak(store: Store, config: Config, today: date) -> Streak | None:
    """Return the streak as of `today`, None if the reader has switched it off."""
    if not config.streak:
        return None
    history = week_rules(store, config).history(store.reading_log.full_reads(), today)
    return streaks.streak(history)
