"""Text of a reading list to a ParsedList: repaired, bounded, as Markdown or plain text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ftfy import fix_encoding

from papertui.core.text import clipped, quantity, safe_line, strip_controls
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.reading_list import blocks, recognise
from papertui.importers.reading_list.blocks import Block, BulletList, ListEntry, Passage, Table
from papertui.importers.reading_list.classify import Classifier, Role, group_works, role_of, unwrap
from papertui.importers.reading_list.entries import WorkBuilder, works_of_entry, works_of_table
from papertui.importers.reading_list.facts import parse_field
from papertui.importers.reading_list.markdown import parse_markdown
from papertui.importers.reading_list.plain_text import is_plain_text, parse_plain_text
from papertui.importers.reading_list.titles import clean_title, find_titles, is_title, normalise

MAX_TEXT = 8_000_000
MAX_LINES = 100_000
MAX_CELLS = 300_000
MAX_LINE = 20_000
MAX_PROBLEMS = 100
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?P<fields>(?:(?!---|\.\.\.).*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_TITLE = re.compile(r"^title:[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
# The colours and titles of a terminal, whose letters would be left without this.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?)")


def parse_reading_list(source: str, name: str) -> ParsedList:
    """Return the list in `source`; the `name` of its file is the title of last resort.

    Oddities are cut or left out and named in the list's `problems`. Raises
    Refused if the text is too long.
    """
    text, originals = repair_text(source)
    problems: list[str] = []
    text, title = _without_front_matter(_bounded(text, name, problems))
    builder = ListBuilder(problems, originals)
    is_plain = is_plain_text(text)
    builder.add_blocks(parse_plain_text(text) if is_plain else parse_markdown(text, problems))
    title, sections = builder.finish(title, name)
    used = {mark for section in sections for item in section.all_items() for mark in item.marks}
    if len(problems) > MAX_PROBLEMS:
        more = len(problems) - MAX_PROBLEMS
        problems[MAX_PROBLEMS:] = [f"and {quantity(more, 'more such line')}"]
    legend = tuple((mark, text) for mark, text in builder.legend.items() if _is_used(mark, used))
    return ParsedList(title, sections, builder.purpose, legend, tuple(problems))


def _is_used(mark: str, used: set[str]) -> bool:
    """Return True if a work has the mark, once or repeated."""
    return any(mark and other == mark * (len(other) // len(mark)) for other in used)


def _bounded(text: str, name: str, problems: list[str]) -> str:
    """Return `text` with long lines cut. Raise Refused if it needs minutes or all memory."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if len(line) > MAX_LINE:
            problems.append(f"line {index + 1}: cut after {MAX_LINE:,} characters")
            lines[index] = line[:MAX_LINE]
    text = "\n".join(lines)
    for number, most, unit in (
        (len(lines), MAX_LINES, "lines"),
        (len(text), MAX_TEXT, "characters"),
        (text.count("|"), MAX_CELLS, "table cells"),
    ):
        if number > most:
            raise Refused(f"{name} has more than {most:,} {unit}: split it and import the parts.")
    return text


def _without_front_matter(text: str) -> tuple[str, str]:
    """Return `text` with blank lines for its YAML front matter, and the title in that, or ""."""
    front = _FRONT_MATTER.match(text)
    if not front or ":" not in front["fields"]:
        return text, ""
    title = _TITLE.search(front["fields"])
    blank = "\n" * front[0].count("\n")
    return blank + text[front.end() :], title[1].strip(" \"'") if title else ""


def repair_text(text: str) -> tuple[str, Mapping[int, str]]:
    """Return `text` without control characters, and the lines whose encoding was repaired.

    Such a line was UTF-8 read as Windows-1252; the mapping gives it as it was
    by its number from 1. Lines are repaired one by one because a list is often
    pasted together from several sources.
    """
    lines = text.split("\n")
    originals = {}
    for index, line in enumerate(lines):
        if not line.isascii() and (fixed := fix_encoding(line)) != line and "\n" not in fixed:
            originals[index + 1] = line
            lines[index] = fixed
    return strip_controls(_ESCAPES.sub("", "\n".join(lines))), originals


MAX_DEPTH = 40
MAX_FRAMES = 200
MAX_SECTION_TITLE = 200
MAX_BOLD_HEADING = 120
MAX_PURPOSE = 1000
MIN_PURPOSE_WORDS = 6
_BOLD_LEVEL = 7.0
_DETAILS_STEP = 0.5
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)*[.):]|\d+(?:\.\d+)+|[IVX]+[.)])\s+")
_COUNT = re.compile(
    r"\s*[(\[](?:[^()\[\]]{0,40}\bpapers?\b[^()\[\]]{0,40}"
    r"|\d{1,4}\s+(?:items?|entries|works|articles|books|videos|links)|\d{1,3})[)\]]$",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")
_LINK_TO_TOP = re.compile(r"(?:\W|back|to|the|top|go|up|return|contents?|toc)*", re.IGNORECASE)
_TIER = re.compile(r"\W*tier\s*\d{1,2}\b", re.IGNORECASE)
_ABOUT_LIST = re.compile(
    r"(?:table of )?contents?|toc|index|outline|overview of contents"
    r"|(?:how to )?contribut(?:e|ing|ions?|ors?)(?: guidelines?)?|contribution guidelines?"
    r"|licen[sc]e|copyright|acknowledge?ments?|citation|citing|cite(?: us)?|how to cite"
    r"|star history|change ?log|maintainers?|sponsors?|contact(?: us)?|disclaimer|credits|support"
    r"|news|latest news|updates?|recent updates?|to-?do|code of conduct|feedback|stargazers|legend",
    re.IGNORECASE,
)
_PURPOSE_TITLE = re.compile(r"about|purpose|introduction|overview|description|motivation", re.I)
_OPENER = re.compile(r"(?:click|show|expand|details|more|see|open|view|list)\b.{0,40}", re.I)

WorkWithTier = tuple[WorkBuilder, int | None]


@dataclass(slots=True)
class SectionBuilder:
    """A section: works with their tiers, subsections by folded title, and lines of other text.

    `works` holds the subsections too, at their places, as one may turn out to
    be a work; `linked` is True if the heading is a link.
    """

    title: str
    depth: int = 0
    heading: Passage | None = None
    linked: bool = False
    works: list["WorkWithTier | SectionBuilder"] = field(default_factory=list)
    subsections: dict[str, "SectionBuilder"] = field(default_factory=dict)
    lines: list[Passage] = field(default_factory=list)
    tier: int | None = None

    def subsection(self, title: str) -> "SectionBuilder":
        """Return the subsection of that title, a new one if needed; itself if that is too deep."""
        if self.depth >= MAX_DEPTH:
            return self
        title = title[:MAX_SECTION_TITLE].strip() or "Untitled"
        return self.subsections.setdefault(title.casefold(), SectionBuilder(title, self.depth + 1))


def _heading_title(passage: Passage) -> str:
    """Return a heading without numbers, marks, badges, counts and links to the top."""
    spans = [span for span in passage.spans if not span.image]
    if len(spans) > 1:
        spans = [span for span in spans if not _is_link_to_top(span)]
    whole = " ".join(_EMPTY_BRACKETS.sub("", blocks.text_of(spans)).split())
    text = clean_title(blocks.split_marks(clean_title(whole))[0])
    text = text[number.end() :] if (number := _NUMBER.match(text)) else text
    text = _COUNT.sub("", text[-2 * MAX_SECTION_TITLE :])
    return clean_title(blocks.split_marks(text)[0]) or whole


def _is_link_to_top(span: blocks.InlineSpan) -> bool:
    return (span.url or "").startswith("#") and bool(_LINK_TO_TOP.fullmatch(span.text))


def _heading_tier(title: str) -> int | None:
    return blocks.parse_tier(tier[0]) if (tier := _TIER.match(title)) else None


def _is_about_list(title: str) -> bool:
    """Return True if a section is about the list itself, such as its licence."""
    return bool(_ABOUT_LIST.fullmatch(title.strip(" .:!")))


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

    New problems are added to `problems`; `originals` are the repaired lines as they were.
    """

    def __init__(self, problems: list[str], originals: Mapping[int, str]) -> None:
        self.problems = problems
        self.originals = originals
        self.root = SectionBuilder("")
        self.legend: dict[str, str] = {}
        self.purpose = ""
        self._has_works = False
        self._classifier = Classifier()
        self._frames = [_Frame(0, self.root)]

    def add_blocks(self, blocks_of_list: Sequence[Block]) -> None:
        """Add all blocks of a list; called once."""
        self._classifier.plain = not any(map(self._holds_works, blocks_of_list))
        for block in blocks_of_list:
            match block:
                case blocks.Heading():
                    self._open_section(block.level, block.passage)
                case blocks.Details():
                    self._open_details(block.passage)
                case blocks.DetailsEnd():
                    self._close_details()
                case BulletList():
                    self._add_bullets(block.entries)
                case Table() if not self._frame.left_out:
                    works = works_of_table(block, self.problems)
                    self._add_works(works, self._frame.section, self._frame.tier)
                case Passage():
                    self._add_passage(block)

    @property
    def _frame(self) -> _Frame:
        return self._frames[-1]

    def _holds_works(self, block: Block) -> bool:
        match block:
            case BulletList():
                roles = map(self._classifier.role, block.entries)
                return any(role in (Role.WORK, Role.SECTION, Role.ADDRESS) for role in roles)
            case Table():
                return bool(works_of_table(block, []))
            case blocks.Heading():
                return _is_linked_title(block.passage)
            case Passage():
                return bool(group_works(block.lines()))
        return False

    def _add_works(
        self, works: list[WorkBuilder], section: SectionBuilder, tier: int | None
    ) -> None:
        section.works.extend((work, tier) for work in works)
        self._has_works = self._has_works or bool(works)

    def _open_section(self, level: float, passage: Passage, in_details: bool = False) -> None:
        """Open a section, or a tier of the section that is open."""
        while not in_details and len(self._frames) > 1 and self._frame.level >= level:
            self._frames.pop()
        outer = self._frame
        section, tier, left_out = outer.section, outer.tier, outer.left_out
        title = _heading_title(passage)
        if named_tier := _heading_tier(title):
            tier = named_tier
        elif title and not (in_details and _OPENER.fullmatch(title)):
            left_out = left_out or _is_about_list(title)
            section = section if left_out else self._subsection(outer, title, passage)
        self._frames.append(_Frame(level, section, tier, left_out, in_details))

    def _subsection(self, outer: _Frame, title: str, passage: Passage) -> SectionBuilder:
        linked = _is_linked_title(passage)
        section = outer.section.subsection(f"{title} {passage.line}" if linked else title)
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

    def _add_passage(self, passage: Passage) -> None:
        if self._add_legend(passage):
            return
        text = passage.text.strip()
        is_bold = all(span.strong and not span.url for span in passage.spans if span.text.strip())
        is_short = len(text) <= MAX_BOLD_HEADING and "\n" not in text and text[-1:] not in "!.,"
        if is_short and (is_bold or blocks.parse_tier(text)):
            self._open_section(_BOLD_LEVEL, passage)
        elif not self._frame.left_out:
            section = self._frame.section
            is_record = section.linked and not section.subsections
            groups = [] if is_record else group_works(passage.lines())
            for lines in groups:
                works = works_of_entry(lines, self.problems)
                self._add_works(works, section, self._frame.tier)
            if not groups:
                section.lines.extend(passage.lines())
                self._set_purpose(passage)

    def _add_legend(self, passage: Passage) -> bool:
        """Return True if a passage explains marks of the list, and add them to the legend."""
        if blocks.external_urls(passage.spans):
            return False
        pairs = [pair for line in passage.lines() for pair in blocks.parse_legend(line.text)]
        for mark, meaning in pairs:
            self.legend.setdefault(mark, clipped(meaning, 200))
        return bool(pairs)

    def _set_purpose(self, passage: Passage) -> None:
        """Take a passage before the first work as the list's purpose if it is a sentence."""
        section = self._frame.section
        is_about = section.depth <= 1 or _PURPOSE_TITLE.fullmatch(section.title)
        if not is_about or self.purpose or self._has_works:
            return
        if role_of([passage]) is Role.WORDS and len(passage.text.split()) >= MIN_PURPOSE_WORDS:
            self.purpose = clipped(passage.text, MAX_PURPOSE)

    def _add_bullets(self, entries: list[ListEntry]) -> None:
        frame = self._frame
        roles = self._classifier.roles(entries)
        if Role.WORK not in roles and Role.SECTION not in roles:
            for entry in entries:
                is_legend = entry.passages and self._add_legend(entry.passages[0])
                if not is_legend and not frame.left_out:
                    frame.section.lines.extend(_all_lines(entry))
        elif not frame.left_out:
            self._add_entries(entries, frame.section, frame.tier)

    def _add_entries(
        self, entries: list[ListEntry], section: SectionBuilder, tier: int | None
    ) -> None:
        for entry, role in zip(entries, self._classifier.roles(entries), strict=True):
            if role is Role.WORK:
                self._add_entry(entry, section, tier)
            elif role is Role.SECTION:
                title = _heading_title(entry.passages[0])
                if named_tier := _heading_tier(title):
                    self._add_entries(entry.entries, section, named_tier)
                elif not _is_about_list(title):
                    self._add_entries(entry.entries, section.subsection(title), tier)

    def _add_entry(self, entry: ListEntry, section: SectionBuilder, tier: int | None) -> None:
        """Add an entry's works, then the papers below it; its other children describe it.

        Below a link to anything but a paper, such as a course, every linked title is a work.
        """
        urls = _title_urls(entry)
        is_no_paper = bool(urls) and not any(map(recognise.is_paper, urls))
        lines = [line for passage in entry.passages for line in unwrap(passage)]
        following: list[ListEntry] = []
        for child in entry.entries:
            role = self._classifier.role(child)
            child_urls = _title_urls(child) if role is Role.WORK else []
            is_work = any(map(recognise.is_paper, child_urls)) or (child_urls and is_no_paper)
            if role is Role.SECTION or is_work:
                following.append(child)
            else:
                lines.extend(_all_lines(child))
        self._add_works(works_of_entry(lines, self.problems), section, tier)
        for child in following:
            if self._classifier.role(child) is Role.WORK:
                self._add_entry(child, section, tier)
            else:
                self._add_entries(child.entries, section, tier)

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
            if items or parts:
                sections[id(part)] = ParsedSection(safe_line(part.title), items, parts)
        own_items: list[ParsedItem | None] = []
        for work in section.works:
            if not isinstance(work, SectionBuilder):
                own_items.append(work[0].finish(work[1], hints, self.originals))
            elif id(work) not in sections and _is_work(work):
                own_items.extend(self._heading_works(work, hints))
        return tuple(filter(None, own_items)), tuple(sections.values())

    def _heading_works(self, section: SectionBuilder, hints: tuple[str, ...]) -> list[ParsedItem]:
        """Return the work, seldom several, whose title is the heading of a section."""
        lines = [*([section.heading] if section.heading else []), *section.lines]
        works = works_of_entry(lines, self.problems)
        items = (work.finish(section.tier, hints, self.originals) for work in works)
        return list(filter(None, items))


def _all_lines(entry: ListEntry) -> Iterator[Passage]:
    """Yield the lines of an entry and of all below it."""
    for passage in entry.passages:
        yield from unwrap(passage)
    for child in entry.entries:
        yield from _all_lines(child)


def _title_urls(entry: ListEntry) -> list[str]:
    """Return the addresses that the titles of an entry link to."""
    spans = normalise(entry.passages[0].spans)[0] if entry.passages else ()
    return [title.link.url or "" for title in find_titles(spans) if title.link]


def _is_linked_title(passage: Passage) -> bool:
    """Return True if a heading is a single title with a link."""
    spans = [span for span in normalise(passage.spans)[0] if not span.image]
    linked = [span for span in spans if span.is_external and is_title(span)]
    return len(linked) == 1 and role_of([passage]) is Role.WORK


def _has_paper_heading(section: SectionBuilder) -> bool:
    spans = section.heading.spans if section.linked and section.heading else ()
    return any(map(recognise.is_paper, blocks.external_urls(spans)))


def _is_work(section: SectionBuilder) -> bool:
    """Return True if a heading is the title of a work: it is a link or has fields below."""
    return section.linked or any(map(_describes_work, section.lines))


def _describes_work(line: Passage) -> bool:
    spans = normalise(line.spans)[0]
    known_field = parse_field(spans)
    if known_field and known_field[0] in ("authors", "venue"):
        return True
    has_paper = any(map(recognise.is_paper, blocks.external_urls(spans)))
    return has_paper and role_of([line]) in (Role.DETAIL, Role.ADDRESS)
