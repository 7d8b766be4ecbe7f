"""Blocks to sections and works, and what is left over to a word about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from papertui.core.text import clipped, safe_line
from papertui.importers.parsed_list import LeftOut, ParsedItem, ParsedSection
from papertui.importers.reading_list import addresses, blocks, spans
from papertui.importers.reading_list.blocks import Block, BulletList, ListEntry, Passage, Table
from papertui.importers.reading_list.headings import (
    MAX_SECTION_TITLE,
    heading_tier,
    heading_title,
    is_about_list,
    is_linked_title,
    is_opener,
)
from papertui.importers.reading_list.line import Kind, Line, kind_of
from papertui.importers.reading_list.roles import Roles, group_works, links_its_title
from papertui.importers.reading_list.works import (
    WorkBuilder,
    columns_of,
    works_of_entry,
    works_of_row,
)

MAX_DEPTH = 40
MAX_FRAMES = 200
MAX_BOLD_HEADING = 120
MAX_PURPOSE = 1000
MIN_PURPOSE_WORDS = 6
_BOLD_LEVEL = 7.0
_DETAILS_STEP = 0.5
# What changes with each version of a list is not its name.
_NO_TITLE = ("updated", "update", "last updated", "last update", "daily", "weekly", "monthly")
_PURPOSE_TITLES = ("about", "purpose", "introduction", "overview", "description", "motivation")

WorkWithTier = tuple[WorkBuilder, int | None]


class LeftOver:
    """The lines that became neither a work nor a part of one, by the reason."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[int, str]] = {}

    def add(self, lines: Iterable[Line], reason: str) -> None:
        """Add lines, but for ways within the list and lines without a word."""
        for line in lines:
            has_address = line.kind is not Kind.NOTHING or line.urls
            if has_address and any(map(str.isalnum, line.text)):
                self._lines.setdefault(reason, {}).setdefault(line.number, line.text)

    def all(self) -> Iterator[LeftOut]:
        """Yield the lines of each reason."""
        for reason, lines in sorted(self._lines.items(), key=lambda group: min(group[1])):
            numbers = tuple(sorted(lines))
            yield LeftOut(reason, numbers, lines[numbers[0]])


@dataclass(slots=True)
class SectionBuilder:
    """A section while it is built: works with their tiers, subsections by folded title, lines.

    `works` holds the subsections too, at their places, as one may turn out to
    be a work: `lines` are the text that would be about it. `linked` is True if
    the heading is a link.
    """

    title: str
    depth: int = 0
    heading: Passage | None = None
    linked: bool = False
    works: list["WorkWithTier | SectionBuilder"] = field(default_factory=list)
    subsections: dict[str, "SectionBuilder"] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    entry_lines: list[Line] = field(default_factory=list)
    tier: int | None = None

    def subsection(self, title: str) -> "SectionBuilder":
        """Return the subsection of that title, a new one if needed; itself if that is too deep."""
        if self.depth >= MAX_DEPTH:
            return self
        title = title[:MAX_SECTION_TITLE].strip() or "Untitled"
        return self.subsections.setdefault(title.casefold(), SectionBuilder(title, self.depth + 1))


@dataclass(slots=True)
class _Frame:
    """The state from a heading on to the next one of its level or higher."""

    level: float
    section: SectionBuilder
    tier: int | None = None
    left_out: bool = False
    in_details: bool = False


class ListBuilder:
    """Builds sections, `legend` and `purpose` of a list out of its blocks.

    New problems are added to `problems`; `originals` are the repaired lines as
    they were; `left_over` are the lines that became nothing.
    """

    def __init__(self, problems: list[str], originals: Mapping[int, str]) -> None:
        self.problems = problems
        self.originals = originals
        self.left_over = LeftOver()
        self.root = SectionBuilder("")
        self.legend: dict[str, str] = {}
        self.purpose = ""
        self._has_works = False
        self._frames = [_Frame(0, self.root)]

    def add_blocks(self, list_blocks: Sequence[Block]) -> None:
        """Add all blocks of a list; called once."""
        self._roles = Roles(list_blocks)
        for block in list_blocks:
            match block:
                case blocks.Heading(blocks.FOLD, passage):
                    self._open_details(passage)
                case blocks.Heading():
                    self._add_heading(block)
                case blocks.FoldEnd():
                    self._close_details()
                case BulletList():
                    self._add_bullets(block.entries)
                case Table():
                    self._add_table(block)
                case Passage():
                    self._add_passage(block)
                case blocks.Code():
                    self.left_over.add(block.lines, "in a block of code")

    @property
    def _frame(self) -> _Frame:
        return self._frames[-1]

    def _add_works(
        self, works: list[WorkBuilder], section: SectionBuilder, tier: int | None
    ) -> None:
        section.works.extend((work, tier) for work in works)
        self._has_works = self._has_works or bool(works)

    def _add_heading(self, heading: blocks.Heading) -> None:
        """Open a section; a linked title that would end the whole list is an entry instead."""
        is_stray = heading.level == 1 and self._frame.level > 1 and len(self._frames) > 2
        if is_stray and is_linked_title(heading.passage) and not self._frame.left_out:
            works = works_of_entry(heading.passage.lines, self.problems)
            self._add_works(works, self._frame.section, self._frame.tier)
        else:
            self._open_section(heading.level, heading.passage)

    def _open_section(self, level: float, passage: Passage, in_details: bool = False) -> None:
        """Open a section, or a tier of the section that is open."""
        while not in_details and len(self._frames) > 1 and self._frame.level >= level:
            self._frames.pop()
        outer = self._frame
        section, tier = outer.section, outer.tier
        # A heading about the list has no parts: a section below it is one of the list.
        left_out = outer.left_out and (in_details or level >= _BOLD_LEVEL)
        title = heading_title(passage.lines)
        if named_tier := heading_tier(title):
            tier = named_tier
        elif title and not (in_details and is_opener(title)):
            left_out = left_out or is_about_list(title)
            section = section if left_out else self._subsection(outer, title, passage)
        self._frames.append(_Frame(level, section, tier, left_out, in_details))

    def _subsection(self, outer: _Frame, title: str, passage: Passage) -> SectionBuilder:
        linked = is_linked_title(passage)
        number = passage.lines[0].number
        section = outer.section.subsection(f"{title} {number}" if linked else title)
        if section is not outer.section and section.heading is None:
            section.title = clipped(title, MAX_SECTION_TITLE)
            section.heading, section.linked, section.tier = passage, linked, outer.tier
            outer.section.works.append(section)
        return section

    def _open_details(self, passage: Passage) -> None:
        level = [frame.level for frame in self._frames if frame.level < _BOLD_LEVEL][-1]
        if len(self._frames) < MAX_FRAMES:
            step = 0 if level % 1 else _DETAILS_STEP
            self._open_section(level + step, passage, in_details=True)

    def _close_details(self) -> None:
        if any(frame.in_details for frame in self._frames):
            while not self._frames.pop().in_details:
                pass

    def _add_table(self, table: Table) -> None:
        columns = None if self._frame.left_out else columns_of(table)
        reason = "is about the list" if self._frame.left_out else "a table without titles"
        for row in table.rows:
            works = works_of_row(row, columns, self.problems) if columns else []
            self._add_works(works, self._frame.section, self._frame.tier)
            if not works:
                lines = [line for cell in row for line in cell.lines]
                self.left_over.add(lines[:1], "a row without a title" if columns else reason)

    def _add_passage(self, passage: Passage) -> None:
        if self._add_legend(passage.lines):
            return
        text = passage.text.strip()
        is_bold = all(line.is_bold for line in passage.lines)
        is_short = len(text) <= MAX_BOLD_HEADING and "\n" not in text and text[-1:] not in "!.,"
        if is_short and (is_bold or spans.parse_tier(text)):
            self._open_section(_BOLD_LEVEL, passage)
        elif self._frame.left_out:
            self._leave_text(passage.lines, "is about the list")
        else:
            section = self._frame.section
            is_record = section.linked and not section.subsections
            groups = [] if is_record else group_works(passage.lines)
            for lines in groups:
                works = works_of_entry(lines, self.problems)
                self._add_works(works, section, self._frame.tier)
            if not groups:
                section.lines.extend(passage.lines)
                self._set_purpose(passage)

    def _leave_text(self, lines: Iterable[Line], reason: str) -> None:
        """Leave those lines of a paragraph over that might name a paper."""
        self.left_over.add((x for x in lines if x.has_paper or x.sets_off_title), reason)

    def _add_legend(self, lines: Sequence[Line]) -> bool:
        """Return True if lines explain marks of the list, and add them to the legend."""
        if any(line.urls for line in lines):
            return False
        pairs = [pair for line in lines for pair in spans.parse_legend(line.text)]
        for mark, meaning in pairs:
            self.legend.setdefault(mark, clipped(meaning, 200))
        return bool(pairs)

    def _set_purpose(self, passage: Passage) -> None:
        """Take a passage before the first work as the list's purpose if it is a sentence."""
        section = self._frame.section
        is_about = section.depth <= 1 or section.title.casefold() in _PURPOSE_TITLES
        if not is_about or self.purpose or self._has_works:
            return
        is_text = kind_of(passage.lines) is Kind.WORDS
        if is_text and len(passage.text.split()) >= MIN_PURPOSE_WORDS:
            self.purpose = clipped(passage.text, MAX_PURPOSE)

    def _add_bullets(self, entries: list[ListEntry]) -> None:
        frame = self._frame
        if frame.left_out:
            for entry in entries:
                if not self._add_legend(entry.lines[:1]):
                    self.left_over.add(entry.all_lines(), "is about the list")
            return
        beside_works = any(not isinstance(work, SectionBuilder) for work in frame.section.works)
        roles = self._roles.among(entries, beside_works and not frame.section.linked)
        first_lines = [line for entry in entries for line in entry.lines[:1]]
        fields = sum(bool(line.field) for line in first_lines)
        describes_heading = frame.section.heading and not frame.section.works
        is_about_heading = (
            describes_heading
            and fields * 2 >= len(entries)
            and not any(map(links_its_title, first_lines))
        )
        if is_about_heading or not {Kind.WORK, Kind.SECTION} & set(roles):
            for entry in entries:
                if not self._add_legend(entry.lines[:1]):
                    frame.section.entry_lines.extend(entry.all_lines())
        else:
            self._add_entries(entries, roles, frame.section, frame.tier)

    def _add_entries(
        self,
        entries: list[ListEntry],
        roles: list[Kind],
        section: SectionBuilder,
        tier: int | None,
    ) -> None:
        for entry, role in zip(entries, roles, strict=True):
            if role is Kind.WORK:
                self._add_entry(entry, section, tier)
            elif role is Kind.SECTION:
                title = heading_title(entry.lines)
                below = self._roles.among(entry.entries)
                if named_tier := heading_tier(title):
                    self._add_entries(entry.entries, below, section, named_tier)
                elif is_about_list(title):
                    self.left_over.add(entry.all_lines(), "is about the list")
                else:
                    self._add_entries(entry.entries, below, section.subsection(title), tier)
            else:
                self.left_over.add(entry.all_lines(), "no title was found in it")

    def _add_entry(self, entry: ListEntry, section: SectionBuilder, tier: int | None) -> None:
        """Add an entry's works, then the papers below it; its other children describe it.

        Below a link to anything but a paper, such as a course, every linked title is a work.
        """
        urls = _title_urls(entry)
        is_no_paper = bool(urls) and not any(map(addresses.is_paper, urls))
        lines = [*entry.lines]
        following: list[ListEntry] = []
        for child in entry.entries:
            role = self._roles.role(child)
            if role is Kind.SECTION or (role is Kind.WORK and _is_apart(child, is_no_paper)):
                following.append(child)
            else:
                lines.extend(child.all_lines())
        self._add_works(works_of_entry(lines, self.problems), section, tier)
        for child in following:
            if self._roles.role(child) is Kind.WORK:
                self._add_entry(child, section, tier)
            else:
                below = self._roles.among(child.entries)
                self._add_entries(child.entries, below, section, tier)

    def finish(self, title: str, name: str) -> tuple[str, tuple[ParsedSection, ...]]:
        """Return the title of the list and its sections.

        The title is `title`, else a first heading above everything else, else
        the `name` of the file; works outside of all sections are in a section
        of that title.
        """
        items, sections = self._contents(self.root, ())
        first = self.root.works[0] if self.root.works else None
        if isinstance(first, SectionBuilder) and not items:
            is_title = not sections or sections[0].title != safe_line(first.title)
            if not is_title and len(sections) == 1:
                items, sections = sections[0].items, sections[0].sections
                is_title = True
            is_title = is_title and not first.title.casefold().startswith(_NO_TITLE)
            title = title or (first.title if is_title else "")
        stem = PurePath(name).stem.replace("-", " ").replace("_", " ").strip()
        title = clipped(title or stem, MAX_SECTION_TITLE) or "Reading list"
        return title, (*((ParsedSection(title, items),) if items else ()), *sections)

    def _contents(
        self, section: SectionBuilder, hints: tuple[str, ...]
    ) -> tuple[tuple[ParsedItem, ...], tuple[ParsedSection, ...]]:
        """Return a section's items and subsections; one without works may be a work itself."""
        sections: dict[int, ParsedSection] = {}
        for part in section.subsections.values():
            items, parts = self._contents(part, (part.title, *hints))
            if (items or parts) and _has_paper_heading(part):
                items = (*self._heading_works(part, hints), *items)
            elif items or parts or not _is_work(part):
                self._leave_lines(part)
            if items or parts:
                sections[id(part)] = ParsedSection(safe_line(part.title), items, parts)
        if section is self.root:
            self._leave_lines(section)
        own_items: list[ParsedItem | None] = []
        for work in section.works:
            if not isinstance(work, SectionBuilder):
                own_items.append(work[0].finish(work[1], hints, self.originals))
            elif id(work) not in sections and _is_work(work):
                own_items.extend(self._heading_works(work, hints))
        return tuple(filter(None, own_items)), tuple(sections.values())

    def _leave_lines(self, section: SectionBuilder) -> None:
        self._leave_text(section.lines, "a text, no entry")
        self.left_over.add(section.entry_lines, "only words, no work")

    def _heading_works(self, section: SectionBuilder, hints: tuple[str, ...]) -> list[ParsedItem]:
        """Return the work, seldom several, whose title is the heading of a section."""
        heading = section.heading.lines if section.heading else ()
        works = works_of_entry([*heading, *section.lines, *section.entry_lines], self.problems)
        items = (work.finish(section.tier, hints, self.originals) for work in works)
        return list(filter(None, items))


def _is_apart(child: ListEntry, is_no_paper: bool) -> bool:
    """Return True if an entry below another is a work of its own."""
    line = child.lines[0]
    urls = _title_urls(child)
    if any(map(addresses.is_paper, urls)) or (urls and is_no_paper):
        return True
    is_credited = any(title.tail.authors for title in line.titles)
    return line.has_paper and is_credited and not line.is_citation


def _title_urls(entry: ListEntry) -> list[str]:
    """Return the addresses that the titles of an entry link to."""
    return [title.link.url or "" for line in entry.lines[:1] for title in line.titles if title.link]


def _has_paper_heading(section: SectionBuilder) -> bool:
    lines = section.heading.lines if section.linked and section.heading else ()
    return any(line.has_paper for line in lines)


def _is_work(section: SectionBuilder) -> bool:
    """Return True if a heading is the title of a work: it is a link or has fields below."""
    lines = (*section.lines, *section.entry_lines)
    return section.linked or any(map(_describes_work, lines))


def _describes_work(line: Line) -> bool:
    if line.field and line.field[0] in ("authors", "venue"):
        return True
    return line.has_paper and line.kind in (Kind.DETAIL, Kind.ADDRESS)
