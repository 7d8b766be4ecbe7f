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
from papertui.importers.reading_list.roles import (
    group_works,
    holds_works,
    links_its_title,
    roles_among,
)
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
MIN_LINKED_PASSAGES = 5
_BOLD_LEVEL = 7.0
_BULLET_LEVEL = 8.0
_FOLD_STEP = 0.5
# What changes with each version of a list is not its name.
_NO_TITLE = ("updated", "update", "last updated", "last update", "daily", "weekly", "monthly")
_PURPOSE_TITLES = ("about", "purpose", "introduction", "overview", "description", "motivation")
# Why lines are left over.
_IN_TEXT = "a text, no entry"
_ONLY_WORDS = "only words, no work"
_ABOUT_LIST = "is about the list"
_NO_TITLE_IN_IT = "no title was found in it"


class LeftOver:
    """The lines that became neither a work nor a part of one, by the reason."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[int, str]] = {}

    def add(self, lines: Iterable[Line], reason: str) -> None:
        """Add lines, but for ways within the list and lines without a word.

        Lines with the address of a paper have a reason of their own.
        """
        for line in lines:
            has_address = line.kind is not Kind.NOTHING or line.urls
            if has_address and any(map(str.isalnum, line.text)):
                own = f"{reason}, though it has a paper's address" if line.has_paper else reason
                self._lines.setdefault(own, {}).setdefault(line.number, line.text)

    def all(self) -> Iterator[LeftOut]:
        """Yield the lines of each reason."""
        for reason, lines in sorted(self._lines.items(), key=lambda group: min(group[1])):
            numbers = tuple(sorted(lines))
            yield LeftOut(reason, numbers, lines[numbers[0]])


@dataclass(slots=True)
class SectionBuilder:
    """A section while it is built: its works and subsections at their places, and its lines.

    It may turn out to be a work whose title is its heading: `lines` are those that would be
    about it, with the reason to leave them over if it is none. `linked` is True if the
    heading is a link.
    """

    title: str
    level: float = 0
    outer: "SectionBuilder | None" = None
    heading: tuple[Line, ...] = ()
    linked: bool = False
    tier: int | None = None
    parts: list["WorkBuilder | SectionBuilder"] = field(default_factory=list)
    subsections: dict[str, "SectionBuilder"] = field(default_factory=dict)
    lines: list[tuple[Line, str]] = field(default_factory=list)

    def titles(self) -> list[str]:
        """Return the titles of the section and of those around it, but for the whole list."""
        return [self.title, *self.outer.titles()] if self.outer else []

    def subsection(self, heading: Sequence[Line], level: float, title: str) -> "SectionBuilder":
        """Return the subsection of that title, a new one if needed; itself if that is too deep.

        A heading that is a link has a section of its own.
        """
        if len(self.titles()) >= MAX_DEPTH:
            return self
        linked = is_linked_title(heading) and level < _BULLET_LEVEL
        title = clipped(title, MAX_SECTION_TITLE) or "Untitled"
        key = f"{title} {heading[0].number}" if linked else title.casefold()
        if key not in self.subsections:
            self.subsections[key] = SectionBuilder(title, level, self, tuple(heading), linked)
            self.parts.append(self.subsections[key])
        return self.subsections[key]

    @property
    def is_work(self) -> bool:
        """True if the heading is the title of a work: it is a link or has fields below."""
        return bool(self.heading) and (
            self.linked or any(_describes_work(line) for line, _ in self.lines)
        )


@dataclass(slots=True)
class _Frame:
    """The state from a heading on to the next one of its level or higher."""

    level: float
    section: SectionBuilder
    tier: int | None = None


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
        # A file without any work is plain: then its words are titles.
        self._is_plain = not any(map(holds_works, list_blocks))
        passages = [block.lines for block in list_blocks if isinstance(block, Passage)]
        linked = sum(bool(x[0].spans) and links_its_title(x[0]) for x in passages)
        # Where most paragraphs are links, these are the list.
        self._by_links = linked >= MIN_LINKED_PASSAGES and linked * 2 > len(passages)
        for block in list_blocks:
            match block:
                case blocks.Heading():
                    self._add_heading(block.level, block.passage.lines)
                case blocks.FoldEnd():
                    self._close_fold()
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
        self, works: Sequence[WorkBuilder], section: SectionBuilder, tier: int | None
    ) -> None:
        for work in works:
            work.facts.tier = work.facts.tier or tier
            section.parts.append(work)
        self._has_works = self._has_works or bool(works)

    def _add_heading(self, level: float, lines: tuple[Line, ...]) -> None:
        """Open a section; a linked title that would end the whole list is an entry instead."""
        frame = self._frame
        is_stray = level == 1 and frame.level > 1 and len(self._frames) > 2
        if level == blocks.FOLD and len(self._frames) < MAX_FRAMES:
            around = [frame.level for frame in self._frames if frame.level < _BOLD_LEVEL][-1]
            self._open_section(around // 1 + _FOLD_STEP, lines)
        elif is_stray and is_linked_title(lines):
            self._add_works(works_of_entry(lines, self.problems), frame.section, frame.tier)
        elif level != blocks.FOLD:
            self._open_section(level, lines)

    def _open_section(self, level: float, lines: tuple[Line, ...]) -> None:
        """Open a section, or a tier of the section that is open."""
        folds = level % 1 > 0
        while not folds and len(self._frames) > 1 and self._frame.level >= level:
            self._frames.pop()
        section, tier = self._frame.section, self._frame.tier
        title = heading_title(lines)
        if named_tier := heading_tier(title):
            tier = named_tier
        elif title and not (folds and is_opener(title)):
            section = section.subsection(lines, level, title)
            section.tier = tier
        self._frames.append(_Frame(level, section, tier))

    def _close_fold(self) -> None:
        if any(frame.level % 1 for frame in self._frames):
            while not self._frames.pop().level % 1:
                pass

    def _add_table(self, table: Table) -> None:
        columns = columns_of(table)
        reason = "a row without a title" if columns else "a table without titles"
        for row in table.rows:
            works = works_of_row(row, columns, self.problems) if columns else []
            self._add_works(works, self._frame.section, self._frame.tier)
            if not works:
                self.left_over.add([line for cell in row for line in cell.lines][:1], reason)

    def _add_passage(self, passage: Passage) -> None:
        lines, section = passage.lines, self._frame.section
        text = passage.text.strip()
        is_short = len(text) <= MAX_BOLD_HEADING and "\n" not in text and text[-1:] not in "!.,"
        if self._add_legend(lines):
            return
        if is_short and (all(line.is_bold for line in lines) or spans.parse_tier(text)):
            self._open_section(_BOLD_LEVEL, lines)
            return
        is_record = section.linked and not section.subsections
        groups = [] if is_record else group_works(lines, self._by_links)
        for group in groups:
            self._add_works(works_of_entry(group, self.problems), section, self._frame.tier)
        if not groups:
            section.lines.extend((line, _IN_TEXT) for line in lines)
            self._set_purpose(passage)

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
        titles = self._frame.section.titles()
        is_about = not titles[1:] or titles[0].casefold() in _PURPOSE_TITLES
        is_about = is_about and not any(map(is_about_list, titles))
        if not is_about or self.purpose or self._has_works:
            return
        is_text = kind_of(passage.lines) is Kind.WORDS
        if is_text and len(passage.text.split()) >= MIN_PURPOSE_WORDS:
            self.purpose = clipped(passage.text, MAX_PURPOSE)

    def _add_bullets(self, entries: list[ListEntry]) -> None:
        section = self._frame.section
        beside_works = any(isinstance(part, WorkBuilder) for part in section.parts)
        roles = roles_among(entries, self._is_plain, beside_works and not section.linked)
        first_lines = [line for entry in entries for line in entry.lines[:1]]
        describe_heading = (
            section.heading
            and not section.parts
            and sum(bool(line.field) for line in first_lines) * 2 >= len(entries)
            and not any(map(links_its_title, first_lines))
        )
        if not describe_heading and not {Kind.WORK, Kind.SECTION}.isdisjoint(roles):
            self._add_entries(entries, roles, section, self._frame.tier)
            return
        for entry in entries:
            if not self._add_legend(entry.lines[:1]):
                section.lines.extend((line, _ONLY_WORDS) for line in entry.all_lines())

    def _add_entries(
        self,
        entries: Sequence[ListEntry],
        roles: Sequence[Kind],
        section: SectionBuilder,
        tier: int | None,
    ) -> None:
        for entry, role in zip(entries, roles, strict=True):
            if role is Kind.WORK:
                self._add_entry(entry, section, tier)
            elif role is Kind.SECTION:
                title = heading_title(entry.lines)
                named_tier = heading_tier(title)
                inner = section
                if not named_tier:
                    inner = section.subsection(entry.lines, _BULLET_LEVEL, title)
                below = roles_among(entry.entries, self._is_plain)
                self._add_entries(entry.entries, below, inner, named_tier or tier)
            else:
                self.left_over.add(entry.all_lines(), _NO_TITLE_IN_IT)

    def _add_entry(self, entry: ListEntry, section: SectionBuilder, tier: int | None) -> None:
        """Add an entry's works, then the papers below it; its other children describe it.

        Below a link to anything but a paper, such as a course, every linked title is a work.
        """
        urls = _title_urls(entry)
        is_no_paper = bool(urls) and not any(map(addresses.is_paper, urls))
        lines = [*entry.lines]
        following: list[ListEntry] = []
        for child in entry.entries:
            if child.role is Kind.SECTION:
                lines.extend(child.lines)
                following.extend(child.entries)
            elif child.role is Kind.WORK and _is_apart(child, is_no_paper):
                following.append(child)
            else:
                lines.extend(child.all_lines())
        self._add_works(works_of_entry(lines, self.problems), section, tier)
        self._add_entries(following, roles_among(following, self._is_plain), section, tier)

    def finish(self, title: str, name: str) -> tuple[str, tuple[ParsedSection, ...]]:
        """Return the title of the list and its sections.

        The title is `title`, else a first heading above everything else, else
        the `name` of the file; works outside of all sections are in a section
        of that title.
        """
        whole: list[ParsedSection] = []
        self._finish(self.root, [], whole, is_about=False)
        items, sections = (whole[0].items, whole[0].sections) if whole else ((), ())
        about = (is_about_list(getattr(part, "title", "")) for part in self.root.parts)
        first = next((part for part in self.root.parts if not next(about)), None)
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

    def _finish(
        self,
        section: SectionBuilder,
        outer_items: list[ParsedItem],
        outer_sections: list[ParsedSection],
        is_about: bool,
    ) -> None:
        """Add a section to the items and sections around it, as a work if its heading is one.

        A section `is_about` the list with the bullets, bold lines and folds in it, not
        with the headings below it.
        """
        is_part = section.level >= _BOLD_LEVEL or section.level % 1 > 0
        is_about = (is_about and is_part) or is_about_list(section.title)
        items: list[ParsedItem] = []
        sections: list[ParsedSection] = []
        for part in section.parts:
            if isinstance(part, SectionBuilder):
                self._finish(part, items, sections, is_about)
            elif item := None if is_about else part.finish(section.titles(), self.originals):
                items.append(item)
            else:
                self.left_over.add([part.line], _ABOUT_LIST if is_about else _NO_TITLE_IN_IT)
        is_filled = bool(items or sections)
        has_paper = section.linked and any(line.has_paper for line in section.heading)
        if not is_about and (has_paper if is_filled else section.is_work):
            lines = [*section.heading, *(line for line, _ in section.lines)]
            hints = section.titles()[1:]
            works = works_of_entry(lines, self.problems)
            own = [work.finish(hints, self.originals) for work in works]
            at = 0 if is_filled else len(outer_items)
            (items if is_filled else outer_items)[at:at] = filter(None, own)
        else:
            for line, reason in section.lines:
                if reason != _IN_TEXT or line.has_paper or line.sets_off_title:
                    self.left_over.add([line], _ABOUT_LIST if is_about else reason)
            is_bullet = section.level == _BULLET_LEVEL
            if is_about:
                self.left_over.add(section.heading if is_bullet else (), _ABOUT_LIST)
            elif is_filled:
                linked = (x for x in section.heading if any(map(_is_link, x.spans)))
                self.left_over.add(linked, "a section's title, whose link is left out")
        if is_about:
            outer_sections.extend(sections)
        elif is_filled:
            title = safe_line(section.title)
            outer_sections.append(ParsedSection(title, tuple(items), tuple(sections)))


def _is_link(span: spans.InlineSpan) -> bool:
    return span.is_external and not span.image


def _is_apart(child: ListEntry, is_no_paper: bool) -> bool:
    """Return True if an entry below another is a work of its own."""
    line = child.lines[0]
    urls = _title_urls(child)
    if any(map(addresses.is_paper, urls)) or (urls and is_no_paper):
        return True
    return line.has_paper and any(title.tail.authors for title in line.titles)


def _title_urls(entry: ListEntry) -> list[str]:
    """Return the addresses that the titles of an entry link to."""
    return [title.link.url or "" for line in entry.lines[:1] for title in line.titles if title.link]


def _describes_work(line: Line) -> bool:
    if line.field and line.field[0] in ("authors", "venue"):
        return True
    return line.has_paper and line.kind in (Kind.DETAIL, Kind.ADDRESS)
