"""Blocks to sections and works, and what is left over to a word about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from papertui.core.identifiers import lone_arxiv_id
from papertui.core.text import clipped, safe_line
from papertui.importers.parsed_list import Noted, ParsedItem, ParsedSection, title_of_file
from papertui.importers.reading_list import addresses, headings, inline, works
from papertui.importers.reading_list.blocks import BOLD_LEVEL, FOLD, Block, Entry, Passage, Table
from papertui.importers.reading_list.facts import parse_authors
from papertui.importers.reading_list.line import Kind, Line, Lines, kind_of, text_of_lines
from papertui.importers.reading_list.vocabulary import TITLES, WORDS
from papertui.importers.reading_list.works import WorkBuilder

MAX_DEPTH = 40
MAX_OPENER = 45
MAX_PURPOSE = 1000
MIN_PURPOSE_WORDS = 6
MIN_LINKED_PASSAGES = 5
# What changes with each version of a list is not its name.
_NO_TITLE = ("updated", "update", "last updated", "last update", "daily", "weekly", "monthly")
_LEAD_EDGES = ' \n:."“*'
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

    @property
    def holds_works(self) -> bool:
        """True if a work is in the section or in one within it."""
        return any(isinstance(part, ParsedItem) or part.holds_works for part in self.parts)

    def subsection(self, title: str, level: int) -> "SectionBuilder":
        """Return the subsection of that title, a new one if needed; itself if that is too deep."""
        if len(self.titles()) >= MAX_DEPTH:
            return self
        title = clipped(title, headings.MAX_SECTION_TITLE)
        if title.casefold() not in self.subsections:
            is_part = level >= FOLD
            is_about = (self.is_about and is_part) or headings.is_about_list(title)
            section = SectionBuilder(title, self, is_about)
            self.subsections[title.casefold()] = section
            self.parts.append(section)
        return self.subsections[title.casefold()]

    def finish(self) -> Iterator[ParsedSection]:
        """Yield the section unless it is empty; if it is about the list, those in it instead."""
        inner = (part for part in self.parts if isinstance(part, SectionBuilder))
        items = tuple(part for part in self.parts if isinstance(part, ParsedItem))
        sections = tuple(parsed for section in inner for parsed in section.finish())
        if self.is_about:
            yield from sections
        elif items or sections:
            yield ParsedSection(safe_line(self.title), items, sections)


@dataclass
class ListBuilder:
    """Builds sections, `legend` and `purpose` of a list, and adds to its `problems`."""

    problems: list[str]
    originals: Mapping[int, str]
    is_title: Callable[[str], bool]  # of a work that is known
    is_plain_text: bool = False  # then no line goes unnamed
    root: SectionBuilder = field(default_factory=lambda: SectionBuilder(""))
    legend: dict[str, str] = field(default_factory=dict)
    purpose: str = ""
    left_over: Noted = field(default_factory=Noted)
    _has_works: bool = False

    def add_blocks(self, root: Entry) -> None:
        """Add all blocks of a list; called once."""
        # A file without any work is plain: then its words are titles, as in one without links.
        self._is_plain = not any(map(_holds_works, root.below))
        self._has_links = any(line.urls for line in root.all_lines())
        firsts = _first_lines(root)
        linked = sum(map(_links_its_title, firsts))
        # If most paragraphs are links, these are the list.
        self._by_links = linked >= MIN_LINKED_PASSAGES and linked * 2 > len(firsts)
        self._add_all(root.below, self.root, None)

    def _add_all(self, blocks: Iterable[Block], section: SectionBuilder, tier: int | None) -> None:
        for block in blocks:
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

    def _add_works(self, own: list[WorkBuilder], section: SectionBuilder, tier: int | None) -> None:
        for work in own:
            work.facts.tier = work.facts.tier or tier
            item = work.finish(section.titles(), self.originals, self.is_title)
            if item and not section.is_about:
                section.parts.append(item)
            else:
                self._leave([work.line], _NO_TITLE_IN_IT, section)
        self._has_works = self._has_works or bool(own)

    def _leave(
        self, lines: Iterable[Line], reason: str, section: SectionBuilder | None = None
    ) -> None:
        """Note lines that are no part of a work, by their reason, but for ways within the list."""
        is_about = section is not None and section.is_about
        reason = "is about the list" if is_about else reason
        for line in lines:
            is_way = line.kind is Kind.NOTHING and not line.urls
            is_file = is_way and not is_about and any(span.is_file for span in line.spans)
            if (is_file or not is_way) and any(map(str.isalnum, line.text)):
                own = "a link to another file, which is not read" if is_file else reason
                own += ", though it has a paper's address" if line.has_paper else ""
                self.left_over.add(own, line.number, line.text)

    def _add_heading(self, heading: Entry, section: SectionBuilder, tier: int | None) -> None:
        """Add a heading, or an entry that is one: as a section, a tier or a work."""
        title = headings.title_of(heading.lines)
        named_tier = headings.tier_of(title)
        verb = title.casefold().partition(" ")[0].strip(".:!") if heading.level == FOLD else ""
        # Words to open a fold by do not name what is in it.
        is_opener = len(title) <= MAX_OPENER and verb in WORDS["openers"]
        is_entry = heading.level > BOLD_LEVEL
        own, below = ([], heading.below) if is_entry else self._read_heading(heading)
        is_section = not own or self._have_works(below)
        if title and is_section and not named_tier and not is_opener:
            section = section.subsection(title, heading.level)
            for line in [] if own else heading.lines:
                is_linked = any(span.is_external and not span.image for span in line.spans)
                if is_entry if section.is_about else is_linked:
                    self._leave([line], "a section's title, whose link is left out", section)
        self._add_works(works.works_of_entry(own, self.problems), section, tier)
        self._add_all(below, section, named_tier or tier)
        if self.is_plain_text and not section.holds_works:
            self._leave(heading.lines, "a heading above no work", section)

    def _read_heading(self, heading: Entry) -> tuple[list[Line], list[Block]]:
        """Return the lines of the work whose title a heading is, if any, and the blocks below it.

        A link or lines below say that it is one, or that it is known; above other works it must
        be a paper's link.
        """
        title = headings.title_of(heading.lines)
        if not title or headings.is_about_list(title) or headings.tier_of(title):
            return [], heading.below
        is_linked = headings.is_linked_title(heading.lines)
        has_paper = any(line.has_paper for line in heading.lines)
        pairs = [(block, self._lines_about(block, is_linked)) for block in heading.below]
        about = [line for _, lines in pairs for line in lines]
        others = [block for block, lines in pairs if not lines]
        is_title = is_linked or (has_paper and kind_of(heading.lines) is Kind.WORK)
        credits = any(x.field and x.field[0] in ("authors", "venue") for x in about)
        leads = any(x.has_paper and x.kind in (Kind.DETAIL, Kind.ADDRESS) for x in about)
        is_work = is_title or credits or leads or self._is_known(heading.lines[0])
        if is_work and ((is_linked and has_paper) or not self._have_works(others)):
            return [*heading.lines, *about], others
        return [], heading.below

    def _have_works(self, blocks: Iterable[Block]) -> bool:
        """Return True if works are in blocks that are not about the heading above."""
        return any(
            isinstance(block, list)
            or _holds_works(block)
            or (isinstance(block, Entry) and self._read_heading(block)[0])
            for block in blocks
        )

    def _lines_about(self, block: Block, is_linked: bool) -> Sequence[Line]:
        """Return the lines of a text or list that would be about a heading, if that is a work."""
        if isinstance(block, Passage) and not block.is_code:
            return block.lines if is_linked or not _group_works(block.lines) else ()
        if not isinstance(block, list):
            return ()
        first_lines = [line for entry in block for line in entry.lines[:1]]
        fields = [line for line in first_lines if line.field and line.kind is not Kind.WORK]
        are_fields = len(fields) * 2 >= len(block)
        has_works = not {Kind.WORK, Kind.SECTION}.isdisjoint(self._roles_among(block))
        if has_works and (not are_fields or any(map(_links_its_title, first_lines))):
            return ()
        return [line for entry in block for line in entry.all_lines()]

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
        groups = _group_works(lines, self._by_links)
        if not groups and all(self.is_title(line.words) for line in lines):
            groups = [[line] for line in lines]
        for group in groups:
            self._add_works(works.works_of_entry(group, self.problems), section, tier)
        if not groups:
            purpose = self.purpose
            self._set_purpose(lines, section)
            # A file without links is no page around a list: all of its text is named.
            is_lost = (self.is_plain_text or not self._has_links) and self.purpose == purpose
            named = (x for x in lines if is_lost or x.has_paper or x.sets_off_title)
            self._leave(named, "a text, no entry", section)

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
        own_roles = self._roles_among(entries, beside_works)
        has_works = not {Kind.WORK, Kind.SECTION}.isdisjoint(own_roles)
        for entry, role in zip(entries, own_roles, strict=True):
            if role is Kind.WORK and (entry.role is Kind.SECTION or self._has_known(entry)):
                self._add_works(works.works_of_entry(entry.lines, self.problems), section, tier)
                self._add_all(entry.below, section, tier)
            elif role is Kind.WORK:
                self._add_entry(entry, section, tier)
            elif role is Kind.SECTION:
                self._add_heading(entry, section, tier)
            elif not self._add_legend(entry.lines[:1]):
                reason = _NO_TITLE_IN_IT if has_works else "only words, no work"
                self._leave(entry.all_lines(), reason, section)

    def _is_known(self, line: Line) -> bool:
        """Return True for the title of a known work, by itself or set off before authors."""
        title, _, authors = line.words.rpartition(", ")
        is_before_authors = [each.text for each in line.titles] == [title] and bool(
            parse_authors(authors, certain=True)
        )
        return self.is_title(line.words) or (is_before_authors and self.is_title(title))

    def _has_known(self, entry: Entry) -> bool:
        """Return True if the title of a known work is right below an entry."""
        return any(child.lines and self._is_known(child.lines[0]) for child in entry.entries)

    def _role(self, entry: Entry) -> Kind:
        """Return what an entry is by itself, given the works that are known."""
        if kind_of(entry.lines) is Kind.WORDS and self._is_known(entry.lines[0]):
            return Kind.WORK
        is_above = kind_of(entry.lines) is Kind.WORDS and self._has_known(entry)
        return Kind.SECTION if is_above else entry.role

    def _roles_among(self, entries: Sequence[Entry], beside_works: bool = False) -> list[Kind]:
        """Return the roles of the entries of one list; words `beside_works` may be titles."""
        roles = list(map(self._role, entries))
        ids = sum(bool(e.lines) and lone_arxiv_id(e.lines[0].text) is not None for e in entries)
        has_addresses = Kind.ADDRESS in roles and (
            Kind.DETAIL not in roles or ids * 2 > len(entries)
        )
        # A known title above links tells nothing of the words beside it.
        works = (e for e, role in zip(entries, roles, strict=True) if role is Kind.WORK)
        beside_works = (
            beside_works or has_addresses or any(e.role is not Kind.SECTION for e in works)
        )

        def role_among(entry: Entry, role: Kind) -> Kind:
            if role is Kind.WORDS and (self._is_plain or beside_works or not self._has_links):
                if self._is_plain and any(child.may_be_title for child in entry.entries):
                    return Kind.SECTION
                return Kind.WORK if entry.may_be_title else role
            # A link that is merely the value of a field is no work.
            has_own_link = entry.has_link and not (
                entry.lines[0].field and not entry.lines[0].title_urls
            )
            is_link = role is Kind.ADDRESS or (role is Kind.DETAIL and has_own_link)
            return Kind.WORK if beside_works and is_link else role

        return list(map(role_among, entries, roles))

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
        """Return the list's title (its own, that of a first heading or the `name`) and sections."""
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
        title = clipped(title, headings.MAX_SECTION_TITLE) or title_of_file(name)
        return title, (*((ParsedSection(title, items),) if items else ()), *sections)


def _first_lines(block: Block) -> list[Line]:
    """Return the first line of each paragraph in a block, however deep."""
    if isinstance(block, Passage):
        return [] if block.is_code else [block.lines[0]]
    below = block.below if isinstance(block, Entry) else ()
    return [line for inner in below for line in _first_lines(inner)]


def _is_apart(line: Line, is_no_paper: bool) -> bool:
    """Return True if a line begins a work of its own below another, which `is_no_paper`."""
    is_cited = line.has_paper and any(title.tail.authors for title in line.titles)
    return is_cited or any(is_no_paper or addresses.is_paper(url) for url in line.title_urls)


def _holds_works(block: Block) -> bool:
    """Return True if a block holds works for sure: a link, credits, the columns of a table."""
    match block:
        case Table():
            return works.columns_of(block) is not None
        case Passage():
            return not block.is_code and bool(_group_works(block.lines))
        case list():
            return any(entry.role in (Kind.WORK, Kind.SECTION, Kind.ADDRESS) for entry in block)
        case Entry():
            return headings.is_linked_title(block.lines) or any(map(_holds_works, block.below))


def _links_its_title(line: Line) -> bool:
    """Return True if a line begins with a title that leads to its paper."""
    return line.kind is Kind.WORK and not line.field and bool(line.title_urls)


def _group_works(lines: Sequence[Line], by_links: bool = False) -> list[list[Line]]:
    """Return the lines of each work in a paragraph; if `by_links`, any linked title is a work."""
    if by_links and lines and lines[0].spans[0].url and _links_its_title(lines[0]):
        return [[*lines]]
    groups: list[list[Line]] = []
    for line in lines:
        if _begins_work(line) or line.is_bold or line.names_title:
            groups.append([line])
        elif not groups:
            return []
        else:
            groups[-1].append(line)
    return [
        group
        for group in groups
        if _begins_work(group[0]) or any(line.has_paper for line in group[1:])
    ]


def _begins_work(line: Line) -> bool:
    """Return True if a line outside lists is a numbered work or a title with a paper's link."""
    if line.kind is not Kind.WORK:
        return False
    title = line.titles[0]
    is_first = title.at is not None and not title.lead.remainder.strip(_LEAD_EDGES)
    return line.is_numbered or (is_first and line.has_paper)
