"""The reader's weeks, by the config and the journal: their rules, streak and new papers.

It is apart from the summary of the progress page, which takes the start of the app 4 ms.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from papertui.config import Config
from papertui.core import streaks
from papertui.core.library_tree import Branch
from papertui.core.records import Triage
from papertui.core.streaks import State, Streak, WeekRules
from papertui.core.text import quantity, safe_line
from papertui.storage.store import Store

WEEKS_OF_A_YEAR = 52


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


def milestones(store: Store, config: Config, first: date, last: date) -> list[str]:
    """Return what was reached from one day to another, a sentence each.

    These are a list or section finished, each hundredth work read in full, and each year
    of weeks in a row.
    """
    full_reads = store.reading_log.full_reads(last)
    if all(day < first for day, _ in full_reads):
        return []
    return [
        *(
            f"The {'section' if branch.parent else 'list'} {safe_line(branch.title)} is finished."
            for branch in finished(store, first, last)
        ),
        *_hundreds(full_reads, first),
        *(_years_in_a_row(store, config, full_reads, first, last) if config.streak else ()),
    ]


def finished(store: Store, first: date, last: date) -> list[Branch]:
    """Return the lists and sections of which the last work was done from one day to another."""
    before = store.tree.sections(first - timedelta(days=1))
    done_before = {branch.path for branch in before if branch.done >= branch.total}
    return [
        branch
        for branch in store.tree.sections(last)
        if 0 < branch.total <= branch.done and branch.path not in done_before
    ]


def _hundreds(full_reads: Iterable[tuple[date, str]], first: date) -> Iterator[str]:
    first_days: dict[str, date] = {}
    for day, work in full_reads:
        first_days[work] = min(day, first_days.get(work, day))
    before = sum(day < first for day in first_days.values())
    for number in range(before // 100 + 1, len(first_days) // 100 + 1):
        yield f"{number * 100:,} works are read in full now."


def _years_in_a_row(
    store: Store, config: Config, full_reads: Iterable[tuple[date, str]], first: date, last: date
) -> Iterator[str]:
    rules = week_rules(store, config)
    history = rules.history(full_reads, last)
    for number, week in enumerate(history, 1):
        if rules.week_of(first) <= week.start <= last and week.state is State.MET:
            years, rest = divmod(streaks.streak(history[:number]).weeks, WEEKS_OF_A_YEAR)
            if years and not rest:
                weeks = quantity(years * WEEKS_OF_A_YEAR, "week")
                yield f"{weeks} in a row: {quantity(years, 'year')}."
