"""What a page needs, gathered from the store."""

from collections.abc import Collection
from datetime import date

from papertui.config import Config
from papertui.core.library_tree import Arrangement, Branch, View
from papertui.core.streaks import Streak, streak
from papertui.errors import Refused
from papertui.pages.group import GroupView
from papertui.pages.section import SectionView
from papertui.pages.work import Neighbour, WorkView
from papertui.storage import up_next
from papertui.storage.store import Store
from papertui.storage.work_queries import ListFacts


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
        steps = up_next.roadmap(store.library.requirements(branch.list))
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


def neighbours(store: Store, citekeys: Collection[str]) -> dict[str, Neighbour]:
    """Return title and status of those among some works that are known."""
    depths = store.reader.depths(citekeys)
    titles = store.library.titles(citekeys)
    return {key: Neighbour(key, title, depths.get(key, 0)) for key, title in titles.items()}


def current_streak(store: Store, config: Config, today: date) -> Streak | None:
    """Return the streak as of `today`, or None for a reader who has switched it off."""
    if not config.streak:
        return None
    habits = store.reader.habits()
    return streak(store.reader.full_reads(), today, habits.goals, habits.rests, config.week_start)
