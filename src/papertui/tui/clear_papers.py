"""Which new papers the reader clears without looking: all, those of a category, older ones."""

from collections import Counter
from collections.abc import Sequence

from papertui.core.new_paper import NewPaper
from papertui.core.typed_days import parse_past_day
from papertui.errors import Refused
from papertui.tui.base import PaperApp


async def papers_to_clear(app: PaperApp, papers: Sequence[NewPaper]) -> Sequence[NewPaper]:
    """Ask which of the new papers to clear and return them, none if the reader leaves."""
    choices = {"a": f"all {len(papers):,}", "c": "those of a category", "o": "older ones"}
    match await app.choose("Clear without looking:", choices=choices):
        case "a":
            return papers
        case "c":
            return await _of_category(app, papers) or ()
        case "o":
            return await _older(app, papers) or ()
    return ()


async def _of_category(app: PaperApp, papers: Sequence[NewPaper]) -> Sequence[NewPaper] | None:
    """Return the papers of the category that the reader names, by their first one."""
    counts = Counter(paper.categories[0] for paper in papers if paper.categories)
    hint = ", ".join(f"{name} {count}" for name, count in counts.most_common(4))

    async def parse(typed: str) -> Sequence[NewPaper]:
        wanted = typed.lower()
        chosen = [
            paper
            for paper in papers
            if f"{(*paper.categories, '')[0]}.".lower().startswith(f"{wanted}.")
        ]
        if not chosen:
            raise Refused(f"No new paper has {typed} as its first category: {hint}.")
        return chosen

    return await app.ask_until(parse, "Clear which category?", hint)


async def _older(app: PaperApp, papers: Sequence[NewPaper]) -> Sequence[NewPaper] | None:
    """Return the papers that were announced before the day that the reader names."""
    hint = "-3d, fri, yesterday, 2026-11-14"

    async def parse(typed: str) -> Sequence[NewPaper]:
        day = parse_past_day(typed, app.today())
        chosen = [paper for paper in papers if paper.announced < day]
        if not chosen:
            raise Refused(f"No new paper is older than {typed}.")
        return chosen

    return await app.ask_until(parse, "Clear what was announced before which day?", hint)
