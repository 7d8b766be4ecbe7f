"""The reader's weeks, by the config and the journal: their rules, streak and new papers.

Kept apart from `progress_summary`, which would add 4 ms to the start of the app.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from papertui.config import Config
from papertui.core import streaks
from papertui.core.days import period
from papertui.core.library_tree import Branch
from papertui.core.records import Triage
from papertui.core.streaks import State, Streak, Week, WeekRules
from papertui.core.text import quantity, safe_line
from papertui.storage.store import Store

WEEKS_OF_A_YEAR = 52


def week_triage(store: Store, config: Config, day: date, until: date = date.max) -> Triage:
    """Return what became of the new papers of the week of a day, until the end of another."""
    first, last = period("week", day, config.week_start)
    return store.reading_log.triage(first, min(last, until))


def week_rules(store: Store, config: Config) -> WeekRules:
    """Return the rules of the reader's weeks."""
    habits = store.reading_log.habits()
    return WeekRules(habits.goals, habits.rests, config.week_start)


def end_of_day(store: Store, config: Config, day: date) -> str:
    """Return when a reading day ends if it is today, in words that follow *by*, else "".

    In the night after its date that is the hour at which the next day starts.
    """
    now = store.clock()
    night_until = config.night_until(now)
    ends = f"{night_until:%H:%M}" if night_until else "tonight"
    return ends if day == config.today(now) else ""


def streak_of(store: Store, config: Config, history: Sequence[Week]) -> Streak:
    """Return the streak at the end of a reader's weeks, and when the last of them ends."""
    streak = streaks.streak(history)
    return streak._replace(ends_at=end_of_day(store, config, streak.current.last_day))


def current_streak(store: Store, config: Config, today: date) -> Streak | None:
    """Return the streak as of `today`, None if the reader has switched it off."""
    if not config.streak:
        return None
    history = week_rules(store, config).history(store.reading_log.full_reads(), today)
    return streak_of(store, config, history)


def milestones(
    store: Store,
    full_reads: Iterable[tuple[date, str]],
    history: Sequence[Week],
    first: date,
    last: date,
) -> list[str]:
    """Return what was reached from one day to another, a sentence each.

    These are a list or section finished, each hundredth work read in full, and each year
    of weeks in a row. `full_reads` and `history` are those of all days until then.
    """
    first_days: dict[str, date] = {}
    for day, work in full_reads:
        if day < first_days.get(work, date.max):
            first_days[work] = day
    before = sum(day < first for day in first_days.values())
    until = sum(day <= last for day in first_days.values())
    sentences = [
        f"{number * 100:,} works read in full."
        for number in range(before // 100 + 1, until // 100 + 1)
    ]
    for number, week in enumerate(history, 1):
        # A week belongs to the days in which it ends.
        if first <= week.last_day <= last and week.state is State.MET:
            years, rest = divmod(streaks.streak(history[:number]).weeks, WEEKS_OF_A_YEAR)
            if years and not rest:
                weeks = quantity(years * WEEKS_OF_A_YEAR, "week")
                sentences.append(f"{weeks} in a row: {quantity(years, 'year')}.")
    if until == before:
        return sentences
    return [
        f"The {'section' if branch.parent else 'list'} {safe_line(branch.title)} is finished."
        for branch in finished(store, first, last)
    ] + sentences


def finished(store: Store, first: date, last: date) -> list[Branch]:
    """Return the lists and sections of which the last work was done from one day to another.

    What papertui collects by itself, such as the works in no list, is none to finish.
    """
    from papertui.core.own_lists import KEPT_LISTS

    before = store.tree.sections(first - timedelta(days=1))
    done_before = {branch.path for branch in before if branch.done >= branch.total}
    return [
        branch
        for branch in store.tree.sections(last)
        if 0 < branch.total <= branch.done
        and branch.path not in done_before
        and branch.list not in KEPT_LISTS
    ]
