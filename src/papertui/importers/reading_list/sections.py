"""Blocks to sections and works, and what is left over to a word about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePath

from papertui.core.text import clipped, safe_line
from papertui.importers.parsed_list import LeftOut, ParsedItem, ParsedSection
from papertui.importers.reading_list import addresses, headings, inline, roles, works
from papertui.importers.reading_list.blocks import BOLD_LEVEL, ENTRY_LEVEL, Entry, Passage, Table
from papertui.importers.reading_list.line import Kind, Line, Lines, kind_of, text_of_lines
from papertui.importers.reading_list.vocabulary import TITLES
from papertui.importers.reading_list.works import WorkBuilder

MAX_DEPTH = 40
MAX_PURPOSE = 1000
MIN_PURPOSE_WORDS = 6
MIN_LINKED_PASSAGES = 5
# What changes with each version of a list is not its name.
_NO_TITLE = ("updated", "update", "last updated", "last update", "daily", "weekly", "monthly")
_NO_TITLE_IN_IT = "no title was found in it"


@dataclass(slots=True)
class SectionBuilder:
    """A section while it is built: its works and subsections in their order."""

    title: str
    outer: "SectionBuilder | None" = None
    is_about: bool = False  # about the list itself, with the bullets, bold lines and folds in it
    parts: list["ParsedItem | SectionBuilder"] = field(default_factory=list)
    subsections: dict[str, "SectionBuilder"] = field(default_factory=dict)

    def titles(self) -> list[str]:
        """Return the titles of the section and of those around it, but for the whole list."""
        return [self.title, *self.outer.titles()] if self.outer else []

    def subsection(self, title: str, level: float) -> "SectionBuilder":
        """Return the subsection of that title, a new one if needed; itself if that is too deep."""
        if len(self.titles()) >= MAX_DEPTH:
            return self
        title = clipped(title, headings.MAX_SECTION_TITLE)
        if title.casefold() not in self.subsections:
            is_part = level >= BOLD_LEVEL or level % 1 > 0
            is_about = (self.is_about and is_part) or headings.is_about_list(title)
            section = SectionBuilder(title, self, is_about)
            self.subsections[title.casefold()] = section
            self.parts.append(section)
        return self.subsections[title.casefold()]

    def finish(self) -> Iterator[ParsedSection]:
        """Yield the section unless it is empty; if it is about the list, those in it instead."""
        inner = [part for part in self.parts if isinstance(part, SectionBuilder)]
        items = tuple(part for part in self.parts if isinstance(part, ParsedItem))
        sections = tuple(chain.from_iterable(section.finish() for section in inner))
        if self.is_about:
            yield from sections
        elif items or sections:
            yield ParsedSection(safe_line(self.title), items, sections)


class ListBuilder:
    """Builds sections, `legend` and `purpose` of a list, and adds to its `problems`."""

    def __init__(self, problems: list[str], originals: Mapping[int, str]) -> None:
        self.problems = problems
        self.originals = originals
        self.root = SectionBuilder("")
        self.legend: dict[str, str] = {}
        self.purpose = ""
        self._has_works = False
        self._left_over: dict[str, dict[int, str]] = {}

    def add_blocks(self, root: Entry) -> None:
        """Add all blocks of a list; called once."""
        # A file without any work is plain: then its words are titles.
        self._is_plain = not any(map(roles.holds_works, root.below))
        firsts = [passage.lines[0] for passage in _passages(root) if not passage.is_code]
        linked = sum(bool(first.spans) and roles.links_its_title(first) for first in firsts)
        # Where most paragraphs are links, these are the list.
        self._by_links = linked >= MIN_LINKED_PASSAGES and linked * 2 > len(firsts)
        self._add_below(root, self.root, None)

    def _add_below(
        self, heading: Entry, section: SectionBuilder, tier: int | None, is_work: bool = False
    ) -> None:
        """Add what is below a heading to its section; if it `is_work`, that has its own lines."""
        for block in roles.in_lists(heading.below):
            if is_work and roles.lines_about(block, heading, self._is_plain):
                continue
            match block:
                case list():
                    self._add_list(block, section, tier)
                case Entry():
                    self._add_heading(block, section, tier)
                case Table():
                    self._add_table(block, section, tier)
                case Passage(is_code=True):
                    self._leave(block.lines, "in a block of code")
                case Passage():
                    self._add_passage(block.lines, section, tier)

    def _add_works(
        self, own: Sequence[WorkBuilder], section: SectionBuilder, tier: int | None
    ) -> None:
        for work in own:
            work.facts.tier = work.facts.tier or tier
            item = None if section.is_about else work.finish(section.titles(), self.originals)
            if item:
                section.parts.append(item)
            else:
                self._leave([work.line], _NO_TITLE_IN_IT, section)
        self._has_works = self._has_works or bool(own)

    def _leave(
        self, lines: Iterable[Line], reason: str, section: SectionBuilder | None = None
    ) -> None:
        """Note lines that are no part of a work, by their reason, but for ways within the list."""
        reason = "is about the list" if section and section.is_about else reason
        for line in lines:
            has_address = line.kind is not Kind.NOTHING or line.urls
            if has_address and any(map(str.isalnum, line.text)):
                own = f"{reason}, though it has a paper's address" if line.has_paper else reason
                self._left_over.setdefault(own, {}).setdefault(line.number, line.text)

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return the lines that are neither a work nor a part of one, by the reason."""
        groups = sorted(self._left_over.items(), key=lambda group: min(group[1]))
        return tuple(LeftOut(why, tuple(sorted(x)), x[min(x)]) for why, x in groups)

    def _add_heading(self, heading: Entry, section: SectionBuilder, tier: int | None) -> None:
        """Add a heading, or an entry that is one: as a section, a tier or a work."""
        title = headings.title_of(heading.lines)
        named_tier = headings.tier_of(title)
        is_opener = heading.level % 1 > 0 and headings.is_opener(title)
        is_entry = heading.level == ENTRY_LEVEL
        own = [] if is_entry else roles.own_work(heading, self._is_plain)
        is_section = not own or roles.has_works(heading, self._is_plain)
        if title and is_section and not named_tier and not is_opener:
            section = section.subsection(title, heading.level)
            for line in [] if own else heading.lines:
                is_linked = any(span.is_external and not span.image for span in line.spans)
                if is_entry if section.is_about else is_linked:
                    self._leave([line], "a section's title, whose link is left out", section)
        self._add_works(works.works_of_entry(own, self.problems), section, tier)
        self._add_below(heading, section, named_tier or tier, bool(own))

    def _add_table(self, table: Table, section: SectionBuilder, tier: int | None) -> None:
        columns = works.columns_of(table)
        reason = "a row without a title" if columns else "a table without titles"
        for row in table.rows:
            own = works.works_of_row(row, columns, self.problems) if columns else []
            self._add_works(own, section, tier)
            if not own:
                self._leave([line for cell in row for line in cell][:1], reason)

    def _add_passage(self, lines: Lines, section: SectionBuilder, tier: int | None) -> None:
        if self._add_legend(lines):
            return
        groups = roles.group_works(lines, self._by_links)
        for group in groups:
            self._add_works(works.works_of_entry(group, self.problems), section, tier)
        if not groups:
            named = (line for line in lines if line.has_paper or line.sets_off_title)
            self._leave(named, "a text, no entry", section)
            self._set_purpose(lines, section)

    def _add_legend(self, lines: Sequence[Line]) -> bool:
        """Return True if lines explain marks of the list, and add them to the legend."""
        if any(line.urls for line in lines):
            return False
        pairs = [pair for line in lines for pair in inline.parse_legend(line.text)]
        for mark, meaning in pairs:
            self.legend.setdefault(mark, clipped(meaning, 200))
        return bool(pairs)

    def _set_purpose(self, lines: Lines, section: SectionBuilder) -> None:
        """Take a passage before the first work as the list's purpose if it is a sentence."""
        titles = section.titles()
        is_purpose = not titles[1:] or titles[0].casefold() in TITLES["purpose"]
        if self.purpose or self._has_works or not is_purpose:
            return
        text = text_of_lines(lines)
        if kind_of(lines) is Kind.WORDS and len(text.split()) >= MIN_PURPOSE_WORDS:
            self.purpose = clipped(text, MAX_PURPOSE)

    def _add_list(self, entries: list[Entry], section: SectionBuilder, tier: int | None) -> None:
        beside_works = any(isinstance(part, ParsedItem) for part in section.parts)
        own_roles = roles.roles_among(entries, self._is_plain, beside_works)
        has_works = not {Kind.WORK, Kind.SECTION}.isdisjoint(own_roles)
        for entry, role in zip(entries, own_roles, strict=True):
            if role is Kind.WORK:
                self._add_entry(entry, section, tier)
            elif role is Kind.SECTION:
                self._add_heading(entry, section, tier)
            elif not self._add_legend(entry.lines[:1]):
                reason = _NO_TITLE_IN_IT if has_works else "only words, no work"
                self._leave(entry.all_lines(), reason, section)

    def _add_entry(self, entry: Entry, section: SectionBuilder, tier: int | None) -> None:
        """Add an entry's works, then those below it; its other children describe it."""
        urls = entry.lines[0].title_urls
        is_no_paper = bool(urls) and not any(map(addresses.is_paper, urls))
        lines = [*entry.lines]
        following: list[Entry] = []
        for child in entry.entries:
            if child.role is Kind.SECTION:
                lines.extend(child.lines)
                following.extend(child.entries)
            elif child.role is Kind.WORK and _is_apart(child.lines[0], is_no_paper):
                following.append(child)
            else:
                lines.extend(child.all_lines())
        self._add_works(works.works_of_entry(lines, self.problems), section, tier)
        self._add_list(following, section, tier)

    def finish(self, title: str, name: str) -> tuple[str, tuple[ParsedSection, ...]]:
        """Return the title and sections of the list; works outside of all sections get one.

        The title is `title`, else a first heading above all, else the `name` of the file.
        """
        whole = next(self.root.finish(), ParsedSection(""))
        items, sections = whole.items, whole.sections
        parts = (part for part in self.root.parts if not headings.is_about_list(part.title))
        first = next(parts, None)
        if isinstance(first, SectionBuilder) and not items:
            is_first = bool(sections) and sections[0].title == safe_line(first.title)
            if is_first and len(sections) == 1:
                items, sections, is_first = sections[0].items, sections[0].sections, False
            if not is_first and not first.title.casefold().startswith(_NO_TITLE):
                title = title or first.title
        stem = PurePath(name).stem.replace("-", " ").replace("_", " ").strip()
        title = clipped(title or stem, headings.MAX_SECTION_TITLE) or "Reading list"
        return title, (*((ParsedSection(title, items),) if items else ()), *sections)


def _passages(entry: Entry) -> Iterator[Passage]:
    """Yield the passages below a heading, however deep."""
    for block in entry.below:
        if isinstance(block, Passage):
            yield block
        elif isinstance(block, Entry):
            yield from _passages(block)


def _is_apart(line: Line, is_no_paper: bool) -> bool:
    """Return True if a line begins a work of its own below another, which `is_no_paper`."""
    if any(is_no_paper or addresses.is_paper(url) for url in line.title_urls):
        return True
    return line.has_paper and any(title.tail.authors for title in line.titles)
