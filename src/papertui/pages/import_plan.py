"""The page of an import: what it would do, before it is done."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from papertui.core.identity import Rule
from papertui.core.text import clipped, quantity, safe_line
from papertui.importers.list_diff import ListDiff, WorkChange
from papertui.importers.matches import Match
from papertui.importers.plan import FULL_READ, ImportPlan
from papertui.pages.layout import CODE, DIM, TITLE, Line, Writer

MAX_EXAMPLES = 5
MAX_TEXT = 160  # letters
MAX_SECTIONS = 20
# The names of each rule in JSON and on the page.
_RULES = {
    Rule.ID: ("id and title", "Known already, by id and title"),
    Rule.TITLE: ("title", "Known already, by title"),
    None: ("new", "New works"),
    Rule.CONFLICT: (
        "link conflict",
        "Link conflicts: the id is another work's, so they are kept apart",
    ),
    Rule.RIVAL: (
        "same title, other work",
        "Kept apart: the title is another work's, but it is not that one",
    ),
}
_DIFFERENCES = {
    "new": "New in the list",
    "moved": "Moved",
    "changed": "Changed",
    "gone": "Gone from the list",
}


# An import begins with what is known of every format.
_FORMATS = (
    ("Markdown", "bullets, numbers, tables, headings, as people write lists; plain text too"),
    ("BibTeX", "a .bib of Zotero, JabRef, Mendeley …: every entry, with its key"),
    ("CSV", "or TSV: the first line names the columns, such as title, authors, year, doi, read"),
    ("JSON", "an export of papertui's own, with the journal of another device"),
)
_EXAMPLE = (
    "# Reading group",
    "## Vision",
    "- [x] Deep Residual Learning for Image Recognition (CVPR 2016)",
    "- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)",
    "- Adam: A Method for Stochastic Optimization, arXiv:1412.6980",
)


def formats_page(width: int) -> list[Line]:
    """Lay out the formats of files that an import reads, and an example."""
    page = Writer(width)
    page.text("You see what a file would bring before anything is done.")
    for name, text in _FORMATS:
        page.labelled(name, text)
    page.heading("An example in Markdown")
    for line in _EXAMPLE:
        page.text(line, CODE, lead="  ")
    page.blank()
    page.text("A ticked box, [x], says that you have read the work.", DIM)
    return page.lines


def plan_page(plan: ImportPlan, width: int) -> list[Line]:
    """Lay out what an import would do in lines of at most `width` cells."""
    page = Writer(width)
    page.text(plan.title, TITLE)
    page.text(_summary(plan))
    if plan.diff:
        for name, differences in _differences(plan.diff).items():
            lines = [
                f"{each.title}: {each.how}" if each.how else each.title for each in differences
            ]
            _part(page, _DIFFERENCES[name], lines)
    for rule, matches in plan.by_rule():
        if rule is None:
            _part(page, _RULES[rule][1], list(map(_with_facts, matches)))
        elif rule.same:
            # Works of one title may differ: the citekey says which one is meant.
            which = " [{}]" if rule is Rule.TITLE else ""
            lines = [f"{match.title}{which.format(match.work)}" for match in matches]
            _part(page, _RULES[rule][1], lines)
        else:
            lines = [f"{m.title} (line {m.line}): {m.why or m.known}" for m in matches]
            _part(page, _RULES[rule][1], lines, len(lines))
    _part(page, "Problems", plan.problems, len(plan.problems))
    _part(page, "Not taken as works", plan.left_out, len(plan.left_out))
    _part(page, "You took these out of the list, so they stay out", [*plan.stays_out.values()])
    texts = [
        (m, f"{m.title}: {clipped(m.item.summary, MAX_TEXT)}")
        for m in plan.matches
        if m.item.summary
    ]
    own = [line for match, line in texts if match.key not in plan.works]
    _part(page, "Texts left out, as papertui describes these works itself", own)
    pages = [line for match, line in texts if match.key in plan.works]
    _part(page, "Texts for the pages of these works", pages)
    notes: dict[str, list[str]] = {}
    for work, body in plan.notes.values():
        notes.setdefault(work, []).append(body)
    noted = [
        f"{m.title}: {clipped(body, MAX_TEXT)}"
        for m in plan.matches
        for body in notes.get(m.work, ())
        if not m.again
    ]
    _part(page, "Notes of yours", noted)
    ticked = [
        f"{m.title} (first pass)" if plan.ticked[m.work] < FULL_READ else m.title
        for m in plan.matches
        if m.work in plan.ticked and not m.again
    ]
    _part(page, "Ticked in the file, not read in full by you", ticked)
    repaired = [
        f"{m.title} (was: {safe_line(m.item.original)})" for m in plan.matches if m.item.original
    ]
    _part(page, "Repaired text", repaired)
    sections = [f"{title}: {quantity(items, 'item')}" for title, items in _filled(plan)]
    _part(page, "Sections", sections, MAX_SECTIONS)
    return page.lines


def _with_facts(match: Match) -> str:
    """Return the title of a work, and who wrote it, when and where, as the file was read."""
    item = match.item
    authors = [*item.authors, *["others"] * item.more_authors]
    names = [" and ".join(authors if len(authors) < 3 else (authors[0], "others"))]
    return " · ".join(map(str, filter(None, (match.title, *names, item.year, item.venue))))


def _summary(plan: ImportPlan) -> str:
    if plan.diff and plan.diff.same:
        return f"You have this list as it is{', but for notes' * bool(plan.notes)}."
    items = quantity(_count_items(plan.reading_list["sections"], plan.stays_out), "item")
    sections = len([*_filled(plan)])
    in_sections = f" in {quantity(sections, 'section')}" if sections else ""
    kind = "A newer version of a list you have" if plan.diff else "A new list"
    placed = f", {plan.placed} of them put there by you" if plan.placed else ""
    return f"{kind}: {items}{in_sections}, {quantity(plan.number, 'work')}{placed}."


def _sections(plan: ImportPlan) -> Iterator[Mapping[str, Any]]:
    """Yield the outermost sections of a list; one with its title is the list itself."""
    for section in plan.reading_list["sections"]:
        if section["title"] == plan.reading_list["title"]:
            yield from section.get("sections", ())
        else:
            yield section


def _filled(plan: ImportPlan) -> Iterator[tuple[str, int]]:
    """Yield the sections that have items of their own: the titles down to each, how many."""

    def within(sections: Iterable[Mapping[str, Any]], around: str) -> Iterator[tuple[str, int]]:
        for section in sections:
            title = f"{around}{section['title']}"
            alone = {"items": section.get("items", ())}
            if items := _count_items([alone], plan.stays_out):
                yield title, items
            yield from within(section.get("sections", ()), f"{title} › ")

    yield from within(_sections(plan), "")


def outcome(plan: ImportPlan, log: bool) -> tuple[str, str, str]:
    """Return what an import did in words: those before its title, the title, those after it."""
    ticked = quantity(len(plan.ticked), "work")
    if plan.is_known:
        return f"Logged{plan.as_read} before papertui: {ticked} of ", plan.title, ""
    works = quantity(plan.number, "work")
    notes = f", {quantity(len(plan.notes), 'note')} of yours" if plan.notes else ""
    logged = f"; logged{plan.as_read} before papertui: {ticked}" if log and plan.ticked else ""
    return "Imported: ", plan.title, f", {works}{notes}{logged}"


def plan_json(plan: ImportPlan) -> dict[str, Any]:
    """Return what an import would do as plain data."""
    return {
        "list": plan.reading_list["key"],
        "title": plan.title,
        "items": [_item_json(match) for match in plan.matches],
        "problems": [*plan.problems, *plan.left_out],
        "texts_left_out": plan.own_texts,
        "notes": [{"work": work, "body": body} for work, body in plan.notes.values()],
        "stays_out": list(plan.stays_out.values()),
        "changes": plan.diff
        and {
            name: [
                {"work": each.work, "title": each.title, "how": each.how} for each in differences
            ]
            for name, differences in _differences(plan.diff).items()
        },
    }


def _item_json(match: Match) -> dict[str, Any]:
    item = match.item
    return {
        "title": match.title,
        "line": item.line,
        "section": list(match.section),
        "links": [link._asdict() for link in item.links],
        "arxiv": item.arxiv,
        "doi": item.doi,
        "year": item.year,
        "authors": list(item.authors),
        "venue": item.venue,
        "tier": item.tier,
        "marks": list(item.marks),
        "read": item.is_read,
        "work": match.work,
        "matched": _RULES[match.rule][0],
        "with": match.known,
    }


def _differences(comparison: ListDiff) -> dict[str, Sequence[WorkChange]]:
    return {name: getattr(comparison, name) for name in _DIFFERENCES}


def _part(page: Writer, heading: str, lines: Sequence[str], limit: int = MAX_EXAMPLES) -> None:
    """Write the first lines of a part of the page, and how many more there are.

    A single one more takes the place of the words that would count it.
    """
    if not lines:
        return
    limit += len(lines) == limit + 1
    page.heading(f"{heading} ({len(lines):,})")
    for line in lines[:limit]:
        page.text(safe_line(line), lead="  ")
    if len(lines) > limit:
        page.text(f"and {len(lines) - limit:,} more", DIM, lead="  ")


def _nested(sections: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for section in sections:
        yield section
        yield from _nested(section.get("sections", ()))


def _count_items(sections: Iterable[Mapping[str, Any]], stays_out: Collection[str]) -> int:
    items = (item for section in _nested(sections) for item in section.get("items", ()))
    return sum(item["work"] not in stays_out for item in items)
