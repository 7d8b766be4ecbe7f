"""The pages of a list, a section or a group: purpose, reading order, progress."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from papertui.core import labels
from papertui.core.labels import Glyphs
from papertui.core.library_tree import Branch, Grouping, Leaf, TreeQuery
from papertui.core.text import quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.pages.layout import DIM, GOOD, LINK, STRONG, TITLE, KeyOf, Line, Span, Writer
from papertui.pages.work import neighbour_line, neighbours
from papertui.storage import up_next
from papertui.storage.store import Store
from papertui.storage.work_queries import Figures, ListFacts


class SectionDetails(NamedTuple):
    """The data of the page of a list or section; `roadmap` and `cited` may be empty."""

    branch: Branch
    facts: ListFacts
    roadmap: Sequence[Sequence[str]]
    works: Mapping[str, Leaf]
    cited: Sequence[Figures] = ()


def section_page(details: SectionDetails, width: int, glyphs: Glyphs) -> list[Line]:
    """Lay out the page of a list or section in lines of at most `width` cells."""
    page = Writer(width)
    branch, facts = details.branch, details.facts
    page.text(safe_line(branch.title), TITLE)
    if branch.parent is not None:
        page.facts(f"in {safe_line(facts.title)}")
    page.line(progress_bar(branch.done, branch.total, min(30, width - 20)))
    page.text(
        "Works with a second pass or deeper; dropped and unidentified ones do not count.", DIM
    )
    if branch.parent is None:
        page.blank()
        page.text(facts.purpose)
    page.labelled("Order", labels.ORDER_RULES[facts.reading_order])
    for number, (mark, meaning) in enumerate(facts.marks.items()):
        page.labelled("" if number else "Marks", f"{mark} {meaning}")
    if branch.parent is None:
        if facts.caution:
            page.labelled("Caution", facts.caution)
        page.labelled("From", facts.origin)
    page.labelled("Signs", _signs(glyphs, facts.reading_order == "tier"))
    if details.roadmap:
        _roadmap(page, details, glyphs)
    if details.cited:
        _citations(page, details.cited)
    return page.lines


def _signs(glyphs: Glyphs, has_tiers: bool) -> str:
    signs = [*zip(glyphs.status, labels.STATUSES, strict=True)]
    signs += [(glyphs.parked, "parked"), (glyphs.dropped, "dropped")]
    signs += [(glyphs.unidentified, "not identified")]
    signs += [("T1", "tier 1, T4+ the last")] if has_tiers else []
    return ", ".join(f"{sign} {meaning}" for sign, meaning in signs)


def _roadmap(page: Writer, details: SectionDetails, glyphs: Glyphs) -> None:
    page.heading("Roadmap")
    page.text("Each step asks only for works of the steps above it.", DIM)
    for number, step in enumerate(details.roadmap, 1):
        page.blank()
        page.line(Span(f"Step {number}", STRONG))
        for work in map(details.works.__getitem__, step):
            page.line(*neighbour_line(work, page.width, glyphs), target=work.work)


def _citations(page: Writer, cited: Sequence[Figures]) -> None:
    """Write a table of works, the most cited first; a line leads to its work."""
    page.heading(f"Citations and impact, as listed in {cited[0].as_of}")
    column = max(len(f"{work.citations:,}") for work in cited) + 2
    for work in cited:
        count = Span(f"{work.citations:>{column - 2},}  ", DIM)
        title = shorten(safe_line(f"{work.title} ({work.year})"), page.width - column)
        page.line(count, Span(title, LINK), target=work.citekey)
        page.text(work.impact or "", DIM, lead=" " * column)


def progress_bar(done: int, total: int, width: int, digits: int = 0) -> Span:
    """Return a bar of `width` cells for the works done, with its numbers in `digits` cells."""
    filled = min(width, max(bool(done), round(width * done / total))) if total else 0
    bar = "━" * filled + "╌" * (width - filled)
    style = GOOD if done >= total > 0 else STRONG if done else DIM
    return Span(f"{bar} {f'{done}/{total}':>{digits}}", style)


MEANINGS = {
    Grouping.LISTS: "Sections of a reading list.",
    Grouping.TIERS: "Tier 1 of every topic comes before tier 2 of any.",
    Grouping.DIFFICULTY: "How hard a work is, by its list's grade or else by papertui's.",
    Grouping.YEAR: "Works in the order they came out, and how many you have read of each year.",
    Grouping.STATUS: "The deepest pass that you have made of each work, or why there is none.",
    Grouping.QUEUE: "Your own order. Up next "
    "passes over what is parked, dropped or not identified.",
}
# Works of a list whose citations are compared on its page.
MAX_COMPARED = 500
_BAR = 24


class ValueDetails(NamedTuple):
    """The data of the page of a value that works are grouped by, such as a year.

    Each year of a decade has works done and works in all.
    """

    branch: Branch
    grouping: Grouping
    years: Sequence[tuple[int, int, int]] = ()


def value_page(details: ValueDetails, width: int, key: KeyOf) -> list[Line]:
    """Lay out the page of a value in lines of at most `width` cells."""
    page = Writer(width)
    branch = details.branch
    page.text(safe_line(branch.title), TITLE)
    if branch.is_shelf:
        page.line(progress_bar(branch.done, branch.total, min(30, width - 20)))
    else:
        page.text(quantity(branch.total, "work"), DIM)
    page.blank()
    page.text(MEANINGS[details.grouping])
    if details.grouping is Grouping.QUEUE:
        put, down, up = map(key, ("queue", "queue-down", "queue-up"))
        page.text(f"{put} puts a work in or takes it out; unsorted, {down} and {up} move it.")
    if details.years:
        largest = max(total for _, _, total in details.years)
        page.heading("Years")
        for year, done, total in details.years:
            room = max(1, round(min(_BAR, width - 20) * total / largest))
            page.line(Span(f"{year}  ", DIM), progress_bar(done, total, room))
    return page.lines


def section_details(store: Store, branch: Branch, today: date) -> SectionDetails:
    """Gather the data of the page of a list or section, whatever a filter leaves of it.

    Raises Refused if the list is gone.
    """
    whole = store.tree.sections_around([branch.id])
    branch = next((each for each in whole if each.path == branch.path), branch)
    facts = list_facts(store, branch.list)
    steps: list[list[str]] = []
    if branch.parent is None and facts.reading_order == "section":
        steps = up_next.roadmap(store.works.requirements(branch.list))
    works = neighbours(store, {work for step in steps for work in step}, today)
    is_short = branch.parent is None and branch.total <= MAX_COMPARED
    cited = store.works.cited(branch.list) if is_short else ()
    return SectionDetails(branch, facts, steps, works, cited)


def value_details(store: Store, branch: Branch, view: TreeQuery) -> ValueDetails:
    """Gather the data of the page of a value that works are grouped by."""
    decade = int(branch.path.partition(":")[2]) if view.grouping is Grouping.YEAR else 0
    return ValueDetails(branch, view.grouping, store.tree.years(decade, view) if decade else ())


def list_facts(store: Store, key: str) -> ListFacts:
    """Return the facts of a list. Raises Refused if it is gone."""
    facts = store.works.list_facts(key)
    if facts is None:
        raise Refused("That list has gone.")
    return facts
