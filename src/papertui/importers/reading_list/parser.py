"""Reading lists as people write them, in Markdown or as plain text."""

import re
from collections.abc import Mapping
from pathlib import PurePath

from ftfy import fix_encoding

from papertui.core.text import clipped, quantity, safe_line, strip_controls
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.reading_list import markdown, plain_text, recognise
from papertui.importers.reading_list.blocks import Block, Passage
from papertui.importers.reading_list.builder import MAX_TITLE, ListBuilder, SectionBuilder
from papertui.importers.reading_list.classify import Role, role_of
from papertui.importers.reading_list.entries import drafts_of, found
from papertui.importers.reading_list.facts import field_of
from papertui.importers.reading_list.titles import prepared

MAX_TEXT = 8_000_000
MAX_LINES = 100_000
MAX_CELLS = 300_000
MAX_LINE = 20_000
MAX_PROBLEMS = 100
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?P<fields>(?:(?!---|\.\.\.).*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_TITLE = re.compile(r"^title:[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)


def parse_reading_list(source: str, name: str) -> ParsedList:
    """Return the list that `source` holds; `name` is its file's, for one without a title.

    Raises Refused for a file that is too long. Whatever else is odd in it is
    left out or cut, and said in the list's `problems`.
    """
    text, originals = repair_text(source)
    problems: list[str] = []
    text, title = _without_front_matter(_bounded(text, name, problems))
    assembly = ListBuilder(problems)
    assembly.take(_blocks_of(text, problems))
    title, sections = _Finish(problems, originals).whole(assembly.root, title or "", name)
    used = {mark for section in sections for item in section.all_items() for mark in item.marks}
    if len(problems) > MAX_PROBLEMS:
        problems[MAX_PROBLEMS:] = [
            f"and {quantity(len(problems) - MAX_PROBLEMS, 'more such line')}"
        ]
    return ParsedList(
        title,
        sections,
        purpose=assembly.purpose,
        marks=tuple(pair for pair in assembly.legend.items() if _is_used(pair[0], used)),
        problems=tuple(problems),
    )


def _is_used(mark: str, used: set[str]) -> bool:
    """Say whether a mark stands at a work, alone or several times over."""
    return any(mark and other == mark * (len(other) // len(mark)) for other in used)


def _blocks_of(text: str, problems: list[str]) -> list[Block]:
    if plain_text.suits(text):
        return plain_text.blocks_of(text)
    return markdown.blocks_of(text, problems)


def _bounded(text: str, name: str, problems: list[str]) -> str:
    """Return `text` with no line too long; refuse what would take minutes or all memory."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if len(line) > MAX_LINE:
            problems.append(f"line {index + 1}: cut after {MAX_LINE:,} characters")
            lines[index] = line[:MAX_LINE]
    text = "\n".join(lines)
    for number, most, what in (
        (len(lines), MAX_LINES, "lines"),
        (len(text), MAX_TEXT, "characters"),
        (text.count("|"), MAX_CELLS, "table cells"),
    ):
        if number > most:
            raise Refused(f"{name} has more than {most:,} {what}: split it and import the parts.")
    return text


def _without_front_matter(text: str) -> tuple[str, str | None]:
    """Return `text` with its front matter blank, as lines keep their numbers, and its title."""
    front = _FRONT_MATTER.match(text)
    if not front or ":" not in front["fields"]:
        return text, None
    title = _TITLE.search(front["fields"])
    blank = "\n" * front[0].count("\n")
    return blank + text[front.end() :], title[1].strip(" \"'") if title else None


class _Finish:
    """Makes sections of nodes; one without a work may be a work itself, or nothing."""

    def __init__(self, problems: list[str], originals: Mapping[int, str]) -> None:
        self._problems = problems
        self._originals = originals

    def whole(
        self, root: SectionBuilder, title: str, name: str
    ) -> tuple[str, tuple[ParsedSection, ...]]:
        """Return the list's title and its sections.

        A first heading that stands above all else is the title; works outside
        of all sections stand in one of that title.
        """
        items, sections = self._contents(root, ())
        first = root.works[0] if root.works else None
        if isinstance(first, SectionBuilder) and not items:
            empty = not sections or sections[0].title != safe_line(first.title)
            if not empty and len(sections) == 1:
                items, sections = sections[0].items, sections[0].sections
                empty = True
            title = title or (first.title if empty else "")
        stem = PurePath(name).stem.replace("-", " ").replace("_", " ").strip()
        title = clipped(title or stem, MAX_TITLE) or "Reading list"
        return title, (*((ParsedSection(title, items),) if items else ()), *sections)

    def _contents(
        self, node: SectionBuilder, hints: tuple[str, ...]
    ) -> tuple[tuple[ParsedItem, ...], tuple[ParsedSection, ...]]:
        sections: dict[int, ParsedSection] = {}
        for part in node.parts.values():
            within, parts = self._contents(part, (part.title, *hints))
            if (within or parts) and _leads_to_paper(part):
                within = (*self._record(part, hints), *within)
            if within or parts:
                sections[id(part)] = ParsedSection(safe_line(part.title), within, parts)
        items: list[ParsedItem | None] = []
        for work in node.works:
            if not isinstance(work, SectionBuilder):
                items.append(found(*work, hints, self._originals))
            elif id(work) not in sections and _is_record(work):
                items.extend(self._record(work, hints))
        return tuple(filter(None, items)), tuple(sections.values())

    def _record(self, node: SectionBuilder, hints: tuple[str, ...]) -> tuple[ParsedItem, ...]:
        """Return the work whose title is a heading."""
        lines = [*([node.heading] if node.heading else []), *node.lines]
        drafts = drafts_of(lines, self._problems)
        works = (found(draft, node.tier, hints, self._originals) for draft in drafts)
        return tuple(filter(None, works))


def _leads_to_paper(node: SectionBuilder) -> bool:
    spans = node.heading.spans if node.linked and node.heading else ()
    return any(recognise.is_paper(span.url) for span in spans if span.outward)


def _is_record(node: SectionBuilder) -> bool:
    """Say whether a heading is a work's title: it leads there, or fields stand below."""
    return node.linked or any(map(_credits, node.lines))


def _credits(line: Passage) -> bool:
    spans = prepared(line.spans)[0]
    named = field_of(spans)
    if named and named[0] in ("authors", "venue"):
        return True
    leads = any(recognise.is_paper(span.url) for span in spans if span.outward)
    return leads and role_of([line]) in (Role.DETAIL, Role.ADDRESS)


# A terminal's colours and titles, with the letters that would be left of them.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?)")


def repair_text(text: str) -> tuple[str, Mapping[int, str]]:
    """Return `text` without control characters and with UTF-8 once read as Windows-1252 put right.

    The second value holds each line that was put right as it had been, by its
    number from 1. Lines are repaired one by one, since a list is often pasted
    together from several sources.
    """
    lines = text.split("\n")
    originals = {}
    for index, line in enumerate(lines):
        if not line.isascii() and (fixed := fix_encoding(line)) != line and "\n" not in fixed:
            originals[index + 1] = line
            lines[index] = fixed
    return strip_controls(_ESCAPES.sub("", "\n".join(lines))), originals
