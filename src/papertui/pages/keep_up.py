"""The page for keeping up: the reading strategy this week, sources, categories, sharing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from papertui.config import Config
from papertui.core.catalog import Advice, Category, PassMethod, Source
from papertui.core.days import period
from papertui.core.goals import FULL_READS, REPRODUCED, SCANNED, SHARED
from papertui.core.labels import span, triage_words
from papertui.core.library_tree import Leaf
from papertui.core.records import Triage
from papertui.core.text import cells, safe_line, shorten
from papertui.pages.branch import progress_bar
from papertui.pages.layout import DIM, GOOD, LINK, STRONG, Line, Span, Writer, columns
from papertui.pages.weeks import week_rules, week_triage
from papertui.pages.work import neighbours
from papertui.storage.shipped import shipped_catalog
from papertui.storage.store import Store

MAX_TO_SHARE = 5
_BAR = 12
_NAME = 30
# Cells of the names of the strategy; columns below which they take lines of their own.
_LABEL, _NARROW = 12, 60
# The metrics for which the reader can set a goal.
_GOALS = {"full-reads": FULL_READS, "scanned": SCANNED, "reproduced": REPRODUCED, "shared": SHARED}


@dataclass(frozen=True, slots=True)
class KeepUpDetails:
    """The data of the page.

    Each advice of the strategy has how much is done in its period, and the reader's own goal,
    0 for none.
    """

    strategy: Sequence[tuple[Advice, int, int]]
    triage: Triage
    sources: Sequence[Source]
    categories: Sequence[Category]
    method: Sequence[PassMethod]
    to_share: Sequence[Leaf]


def keep_up_details(store: Store, config: Config, today: date) -> KeepUpDetails:
    """Gather the data of the page as of `today`."""
    catalog, log, rules = shipped_catalog(), store.reading_log, week_rules(store, config)
    week = rules.week_of(today)
    to_share = log.to_share(MAX_TO_SHARE)
    known = neighbours(store, to_share, today)
    return KeepUpDetails(
        [
            (
                advice,
                log.between(advice.metric, *period(advice.period, today, config.week_start)),
                rules.target(week, goal) if rules.is_set(goal, week) else 0,
            )
            for advice in catalog.strategy
            for goal in [_GOALS[advice.metric]]
        ],
        week_triage(store, config, today),
        catalog.sources,
        catalog.categories,
        catalog.method,
        [known[key] for key in to_share if key in known],
    )


def keep_up_page(details: KeepUpDetails, width: int) -> list[Line]:
    """Lay out the page in lines of at most `width` cells, in two columns if there is room."""
    left, right = columns(width)
    _reading(left, details)
    _sources(right, details)
    if left is right:
        return left.lines
    page = Writer(width)
    page.beside(left, right)
    return page.lines


def _reading(page: Writer, details: KeepUpDetails) -> None:
    """Write the strategy of the list, what to explain next, and how to read."""
    for advice, done, own_goal in details.strategy:
        page.blank()
        indent = " " * _LABEL
        if page.width >= _NARROW:
            page.line(Span(f"{advice.name:<{_LABEL}}", STRONG), *_progress(advice, done, own_goal))
        else:
            indent = "  "
            page.line(Span(advice.name, STRONG))
            _, *words = _progress(advice, done, own_goal)
            page.text(f"{done}{''.join(span.text for span in words)}", DIM, lead=indent)
        page.text(advice.text, lead=indent)
        if advice.metric == SCANNED and details.triage.scanned:
            words_of_triage = triage_words(details.triage)
            page.text(f"New papers this week: {words_of_triage}.", STRONG, lead=indent)
    page.blank()
    # A key of Progress is known only once that screen is loaded, which this one does not wait for.
    page.text("Progress sets goals of your own.", DIM)
    page.heading("Explain next: what you read and have told nobody yet")
    if not details.to_share:
        page.text("Nothing waits: full reads show up here until you explain them.", DIM)
    for work in details.to_share:
        title = shorten(safe_line(work.title), page.width - 2)
        page.line("  ", Span(title, LINK), target=work.work)
    page.heading("How to read: three passes")
    for method in details.method:
        shortest, longest = map(span, method.minutes)
        minutes = shortest if shortest == longest else f"{shortest} to {longest}"
        page.text(f"{minutes}. {method.goal}", lead=f"  {method.name:<13}")


def _sources(page: Writer, details: KeepUpDetails) -> None:
    page.heading("Sources")
    for source in details.sources:
        note = f" {source.note}" if source.note else ""
        _row(page, source.title, f"{source.often}: {source.focus}.{note}", source.url)
    page.heading("arXiv categories, newest papers")
    for category in details.categories:
        _row(page, category.code, f"{category.title}: {category.content}", category.url)


def _progress(advice: Advice, done: int, own_goal: int) -> Iterator[Span]:
    """Yield how much is done, the reader's own goal and the number that the list advises."""
    advised = " to ".join(dict.fromkeys(str(n) for n in (advice.low, advice.high) if n))
    target = own_goal or advice.low or 0
    bar = (
        f"{progress_bar(min(done, target), target, _BAR).text.rpartition(' ')[0]} "
        if target
        else ""
    )
    yield Span(f"{bar}{done}", GOOD if done >= (target or 1) else DIM)
    goal = f", goal {own_goal}" if own_goal else ""
    yield Span(f" this {advice.period}{goal}", DIM)
    if advised:
        yield Span(f" · the list advises {advised}", DIM)


def _row(page: Writer, name: str, text: str, url: str | None) -> None:
    gap = " " * max(2, _NAME - cells(name))
    page.text(text, lead=Span(f"  {name}{gap}", LINK if url else ""), target=url)
