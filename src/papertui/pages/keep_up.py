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
from papertui.storage.store import Store, shipped_catalog

_BAR = 12
_NAME = 30


@dataclass(frozen=True, slots=True)
class StrategyProgress:
    """A part of the strategy and how much of it is done in its week or month."""

    advice: Advice
    done: int


@dataclass(frozen=True, slots=True)
class KeepUpDetails:
    """All that the page shows."""

    strategy: Sequence[StrategyProgress]
    sources: Sequence[Source]
    categories: Sequence[Category]
    method: Sequence[PassMethod]
    to_share: Sequence[Neighbour]


def keep_up_page(view: KeepUpDetails, width: int) -> list[Line]:
    """Lay the page out in lines of at most `width` cells."""
    page = Writer(width)
    page.line(Span("Keep up", TITLE))
    for standing in view.strategy:
        advice, done = standing.advice, standing.done
        goal = f"{advice.low} to {advice.high}" if advice.high > advice.low else f"{advice.low}"
        bar = progress_bar(min(done, advice.low), advice.low, _BAR).text.rpartition(" ")[0]
        reached = done >= advice.low
        page.blank()
        page.line(
            Span(f"{advice.name:<12}", STRONG),
            Span(f"{bar} {done}", GOOD if reached else DIM),
            Span(f" this {advice.period}, goal {goal}", DIM),
        )
        page.text(advice.text, lead=" " * 12)
    page.heading("Explain next: what you read and have told nobody yet")
    if not view.to_share:
        page.text("Nothing waits: full reads show up here until they are shared.", DIM)
    for work in view.to_share:
        page.line("  ", Span(shorten(safe_line(work.title), width - 2), LINK), target=work.citekey)
    page.heading("How to read: three passes")
    for found in view.method:
        page.text(f"{_minutes(found.minutes)}. {found.goal}", lead=f"  {found.name:<13}")
    page.heading("Sources")
    for source in view.sources:
        note = f" {source.note}" if source.note else ""
        _entry(page, source.title, f"{source.often}: {source.focus}.{note}", source.url)
    page.heading("arXiv categories, newest papers")
    for category in view.categories:
        _entry(page, category.code, f"{category.title}: {category.content}", category.url)
    return page.lines


def _minutes(spans: tuple[int, int]) -> str:
    shortest, longest = map(span, spans)
    return shortest if shortest == longest else f"{shortest} to {longest}"


def _entry(page: Writer, name: str, text: str, url: str | None) -> None:
    gap = " " * max(2, _NAME - cells(name))
    page.text(text, lead=Span(f"  {name}{gap}", LINK if url else ""), target=url)


MOST_TO_SHARE = 5


def keep_up_details(store: Store, config: Config, today: date) -> KeepUpDetails:
    """Gather everything the page for keeping up shows."""
    whole = shipped_catalog()
    week = week_of(today, config.week_start)
    since = {"week": week, "month": today.replace(day=1)}
    to_share = store.reading_log.to_share(MOST_TO_SHARE)
    known = neighbours(store, to_share)
    return KeepUpDetails(
        [
            StrategyProgress(
                advice, store.reading_log.between(advice.metric, since[advice.period], today)
            )
            for advice in whole.strategy
        ],
        whole.sources,
        whole.categories,
        whole.method,
        [known[key] for key in to_share if key in known],
    )
