"""The page for keeping up: the reading strategy this week, sources, categories, sharing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from papertui.config import Config
from papertui.core.catalog import Advice, Category, PassMethod, Source
from papertui.core.labels import span
from papertui.core.streaks import week_of
from papertui.core.text import cells, safe_line, shorten
from papertui.pages.branch import progress_bar
from papertui.pages.layout import DIM, GOOD, LINK, STRONG, TITLE, Line, Span, Writer
from papertui.pages.work import Neighbour, neighbours
from papertui.storage.shipped import shipped_catalog
from papertui.storage.store import Store

MAX_TO_SHARE = 5
_BAR = 12
_NAME = 30


@dataclass(frozen=True, slots=True)
class KeepUpDetails:
    """The data of the page; each advice of the strategy has how much is done in its period."""

    strategy: Sequence[tuple[Advice, int]]
    sources: Sequence[Source]
    categories: Sequence[Category]
    method: Sequence[PassMethod]
    to_share: Sequence[Neighbour]


def keep_up_details(store: Store, config: Config, today: date) -> KeepUpDetails:
    """Gather the data of the page as of `today`."""
    catalog, log = shipped_catalog(), store.reading_log
    starts = {"week": week_of(today, config.week_start), "month": today.replace(day=1)}
    to_share = log.to_share(MAX_TO_SHARE)
    known = neighbours(store, to_share)
    return KeepUpDetails(
        [
            (advice, log.between(advice.metric, starts[advice.period], today))
            for advice in catalog.strategy
        ],
        catalog.sources,
        catalog.categories,
        catalog.method,
        [known[key] for key in to_share if key in known],
    )


def keep_up_page(details: KeepUpDetails, width: int) -> list[Line]:
    """Lay out the page in lines of at most `width` cells."""
    page = Writer(width)
    page.line(Span("Keep up", TITLE))
    for advice, done in details.strategy:
        page.blank()
        page.line(Span(f"{advice.name:<12}", STRONG), *_progress(advice, done))
        page.text(advice.text, lead=" " * 12)
    page.heading("Explain next: what you read and have told nobody yet")
    if not details.to_share:
        page.text("Nothing waits: full reads show up here until they are shared.", DIM)
    for work in details.to_share:
        page.line("  ", Span(shorten(safe_line(work.title), width - 2), LINK), target=work.citekey)
    page.heading("How to read: three passes")
    for method in details.method:
        shortest, longest = map(span, method.minutes)
        minutes = shortest if shortest == longest else f"{shortest} to {longest}"
        page.text(f"{minutes}. {method.goal}", lead=f"  {method.name:<13}")
    page.heading("Sources")
    for source in details.sources:
        note = f" {source.note}" if source.note else ""
        _row(page, source.title, f"{source.often}: {source.focus}.{note}", source.url)
    page.heading("arXiv categories, newest papers")
    for category in details.categories:
        _row(page, category.code, f"{category.title}: {category.content}", category.url)
    return page.lines


def _progress(advice: Advice, done: int) -> tuple[Span, Span]:
    """Return how much is done, beside the goal if the advice names a number."""
    if advice.low is None:
        return Span(f"{done}", GOOD if done else DIM), Span(f" this {advice.period}", DIM)
    goal = " to ".join(dict.fromkeys(str(n) for n in (advice.low, advice.high) if n))
    bar = progress_bar(min(done, advice.low), advice.low, _BAR).text.rpartition(" ")[0]
    return (
        Span(f"{bar} {done}", GOOD if done >= advice.low else DIM),
        Span(f" this {advice.period}, goal {goal}", DIM),
    )


def _row(page: Writer, name: str, text: str, url: str | None) -> None:
    gap = " " * max(2, _NAME - cells(name))
    page.text(text, lead=Span(f"  {name}{gap}", LINK if url else ""), target=url)
