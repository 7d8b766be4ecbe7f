"""The page of an import: what it would do, before it is done."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from papertui.core.identity import Rule
from papertui.core.text import quantity, safe_line
from papertui.importers.plan import ImportPlan, ListDiff, Match, WorkChange
from papertui.pages.layout import DIM, TITLE, Line, Writer

FEW = 5
RULES = {
    None: "new",
    Rule.ID: "id and title",
    Rule.TITLE: "title",
    Rule.CONFLICT: "link conflict",
    Rule.RIVAL: "same title, other work",
}
_HEADINGS = {
    Rule.ID: "Known already, by id and title",
    Rule.TITLE: "Known already, by title",
    None: "New works",
    Rule.CONFLICT: "Link conflicts: the id is another work's, so they are kept apart",
    Rule.RIVAL: "Kept apart: the title is another work's, its id, first author or year is not",
}


def plan_page(plan: ImportPlan, width: int) -> list[Line]:
    """Lay out what an import would do in lines of at most `width` cells."""
    page = Writer(width)
    page.text(plan.title, TITLE)
    page.text(summary(plan))
    if plan.diff:
        _comparison(page, plan.diff)
    for rule, matches in plan.by_rule():
        kept_apart = rule is not None and not rule.same
        lines = [_match(match, kept_apart) for match in matches]
        _part(page, _HEADINGS[rule], lines, len(lines) if kept_apart else FEW)
    _part(page, "Problems", plan.problems, len(plan.problems))
    repaired = [f"{m.title} (was: {safe_line(m.original)})" for m in plan.matches if m.original]
    _part(page, "Repaired text", repaired, FEW)
    sections = [
        f"{section['title']}: {quantity(len([*_items(section)]), 'item')}"
        for section in plan.reading_list["sections"]
    ]
    _part(page, "Sections", sections, 4 * FEW)
    return page.lines


def summary(plan: ImportPlan) -> str:
    """Say in a sentence what would come in."""
    sections = [*_sections(plan.reading_list["sections"])]
    items = sum(len(section.get("items", ())) for section in sections)
    works = len({match.work for match in plan.matches})
    if plan.diff and plan.diff.same:
        return "You have this list as it is: nothing has changed."
    kind = "A newer version of a list you have" if plan.diff else "A new list"
    return (
        f"{kind}: {quantity(items, 'item')} in {quantity(len(sections), 'section')},"
        f" {quantity(works, 'work')}."
    )


def plan_json(plan: ImportPlan) -> dict[str, Any]:
    """Return what an import would do as plain data."""
    found = plan.diff
    return {
        "list": plan.reading_list["key"],
        "title": plan.title,
        "items": [
            {
                "title": match.title,
                "line": match.line,
                "section": list(match.section),
                "work": match.work,
                "matched": RULES[match.rule],
                "with": match.known,
            }
            for match in plan.matches
        ],
        "problems": list(plan.problems),
        "changes": found
        and {
            name: [{"work": each.work, "title": each.title, "how": each.how} for each in each_of]
            for name, each_of in _differences(found).items()
        },
    }


def _differences(found: ListDiff) -> dict[str, Sequence[WorkChange]]:
    return {
        "new": found.new,
        "moved": found.moved,
        "changed": found.changed,
        "gone": found.gone,
    }


def _comparison(page: Writer, found: ListDiff) -> None:
    headings = {
        "new": "New in the list",
        "moved": "Moved",
        "changed": "Changed",
        "gone": "Gone from the list",
    }
    for name, differences in _differences(found).items():
        # What the reader has worked on and now loses its place comes first.
        ordered = sorted(differences, key=lambda each: name == "gone" and not each.how)
        lines = [f"{each.title}: {each.how}" if each.how else each.title for each in ordered]
        _part(page, headings[name], lines, FEW)


def _match(match: Match, kept_apart: bool) -> str:
    return f"{match.title} (line {match.line}): {match.known}" if kept_apart else match.title


def _part(page: Writer, heading: str, lines: Sequence[str], shown: int) -> None:
    """Write the first lines of a part of the page, and how many more there are."""
    if not lines:
        return
    page.heading(f"{heading} ({len(lines):,})")
    for line in lines[:shown]:
        page.text(safe_line(line), lead="  ")
    if len(lines) > shown:
        page.text(f"and {len(lines) - shown:,} more", DIM, lead="  ")


def _sections(sections: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for section in sections:
        yield section
        yield from _sections(section.get("sections", ()))


def _items(section: Mapping[str, Any]) -> Iterable[Any]:
    for each in _sections([section]):
        yield from each.get("items", ())
