"""What a page needs, gathered from the store."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

from papertui import catalog, plan
from papertui.catalog import PassMethod
from papertui.config import Config
from papertui.exporting.review import Review
from papertui.journal import Refused
from papertui.library import ListFacts
from papertui.outline import Arrangement, Branch, View
from papertui.pages.group import GroupView
from papertui.pages.keep_up import KeepUpView, Standing
from papertui.pages.section import SectionView
from papertui.pages.work import Neighbour, WorkView
from papertui.plan import Candidate, UpNext
from papertui.stats import Entry, current_streak
from papertui.store import Store
from papertui.text import count
from papertui.weeks import State, history, week_of
from papertui.words import PASSES, local_time, tier_name

MOST_TO_SHARE = 5
FOCUS = "focus"


def work_view(store: Store, citekey: str, today: date) -> WorkView:
    """Gather everything the page of a work shows. Raises Refused for an unknown work."""
    work = store.library.work(citekey)
    if work is None:
        raise Refused(f"No work has the citekey {citekey!r}.")
    near = {*work.requires, *work.see_also, *work.leads_to}
    return WorkView(
        work,
        store.reader.work(work.citekey),
        store.library.places(work.citekey),
        neighbours(store, near),
        today,
    )


def section_view(store: Store, branch: Branch) -> SectionView:
    """Gather everything the page of a list or section shows. Raises Refused for a gone list."""
    facts = list_facts(store, branch.list)
    steps: list[list[str]] = []
    if branch.parent is None and facts.reading_order == "section":
        steps = plan.roadmap(store.library.requirements(branch.list))
    return SectionView(branch, facts, steps, neighbours(store, {w for step in steps for w in step}))


def group_view(store: Store, branch: Branch, seen: Arrangement) -> GroupView:
    """Gather everything the page of a group of a view shows."""
    decade = int(branch.path.partition(":")[2]) if seen.view is View.YEAR else 0
    return GroupView(branch, seen.view, store.shelves.years(decade, seen) if decade else ())


def list_facts(store: Store, key: str) -> ListFacts:
    """Return what a list says of itself. Raises Refused for a gone list."""
    facts = store.library.list_facts(key)
    if facts is None:
        raise Refused("That list has gone.")
    return facts


def up_next(store: Store, today: date) -> UpNext | None:
    """Return what to read next, and why; None when nothing is left to read.

    An unfinished session comes first, then the queue, then the list in focus by
    its own rule, then the other lists.
    """
    library = store.library
    for draft in store.drafts.waiting():
        if draft.session:
            reason = f"{PASSES[draft.session.depth]} under way"
            return UpNext(draft.work, library.title(draft.work), reason)
    if queued := next(library.queued(today), None):
        return UpNext(queued.work, queued.title, "first in your queue")
    focus = focused_list(store)
    lists = [key for key, _ in store.shelves.lists()]
    for key in sorted(lists, key=lambda key: key != focus):
        facts = list_facts(store, key)
        if found := plan.first(library.candidates(key, facts.reading_order, today)):
            return UpNext(found.work, found.title, _reason(found, facts))
    return None


def focused_list(store: Store) -> str | None:
    """Return the key of the list in focus: the reader's choice, else the first."""
    lists = [key for key, _ in store.shelves.lists()]
    chosen = store.setting(FOCUS)
    return chosen if chosen in lists else next(iter(lists), None)


def _reason(found: Candidate, facts: ListFacts) -> str:
    if found.depth:
        return "skimmed, not read yet"
    place = {
        "tier": f"{tier_name(found.tier)} of {found.section}" if found.tier else found.section,
        "section": f"next in {found.section}",
    }.get(facts.reading_order, f"next in {facts.title}")
    return place if found.ready else f"{place}, though it builds on works not read yet"


def keep_up_view(store: Store, config: Config, today: date) -> KeepUpView:
    """Gather everything the page for keeping up shows."""
    shipped = catalog.load(catalog.SHIPPED.read_bytes(), catalog.SHIPPED.name)
    week = week_of(today, config.week_start)
    since = {"week": week, "month": today.replace(day=1)}
    to_share = store.reader.to_share(MOST_TO_SHARE)
    known = neighbours(store, to_share)
    return KeepUpView(
        [
            Standing(advice, store.reader.between(advice.metric, since[advice.period], today))
            for advice in shipped.strategy
        ],
        shipped.sources,
        shipped.categories,
        shipped.method,
        [known[key] for key in to_share if key in known],
    )


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
            if work := plan.first(store.library.candidates(branch.list, order, today)):
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


@cache
def reading_method() -> tuple[PassMethod, ...]:
    """Return how each pass is made, from the shipped catalogue."""
    return catalog.load(catalog.SHIPPED.read_bytes(), catalog.SHIPPED.name).method


def neighbours(store: Store, citekeys: Collection[str]) -> dict[str, Neighbour]:
    """Return title and status of those among some works that are known."""
    depths = store.reader.depths(citekeys)
    titles = store.library.titles(citekeys)
    return {key: Neighbour(key, title, depths.get(key, 0)) for key, title in titles.items()}
