"""Roles of entries: which are works, sections, details or words, among the others of a list."""

from collections.abc import Iterable, Sequence

from papertui.importers.reading_list import blocks, spans
from papertui.importers.reading_list.blocks import Block, BulletList, ListEntry, Passage, Table
from papertui.importers.reading_list.headings import is_linked_title
from papertui.importers.reading_list.line import Kind, Line, kind_of
from papertui.importers.reading_list.works import columns_of

MAX_TITLE_WORDS = 30
MAX_WORDS_WITH_FULL_STOP = 5
_STUBS = ("tbd", "todo", "wip", "coming soon", "to be added", "more to come", "etc", "etc.", "n/a")
MAX_LINKS = 8
_LEAD_EDGES = ' \n:."“*'


class Roles:
    """Finds and remembers the roles of entries; `plain` is True if the file has no works at all.

    A file without any link or year is plain: then its words are titles.
    """

    def __init__(self, list_blocks: Iterable[Block]) -> None:
        self._roles: dict[int, Kind] = {}
        self.plain = not any(map(self._holds_works, list_blocks))

    def _holds_works(self, block: Block) -> bool:
        match block:
            case BulletList():
                roles = map(self.role, block.entries)
                return any(role in (Kind.WORK, Kind.SECTION, Kind.ADDRESS) for role in roles)
            case Table():
                return columns_of(block) is not None
            case blocks.Heading():
                return is_linked_title(block.passage)
            case Passage():
                return bool(group_works(block.lines))
        return False

    def role(self, entry: ListEntry) -> Kind:
        """Return the role of an entry by itself."""
        role = self._roles.get(id(entry))
        if role is None:
            role = self._roles[id(entry)] = self._find_role(entry)
        return role

    def _find_role(self, entry: ListEntry) -> Kind:
        own = kind_of(entry.lines)
        if own is Kind.WORDS and _has_box(entry) and _may_be_title(entry):
            own = Kind.WORK
        below = [self.role(child) for child in entry.entries]
        has_links = any(line.urls for line in entry.lines)
        if own in (Kind.WORK, Kind.ADDRESS) or not below:
            is_chapter = _has_box(entry) and not has_links and Kind.WORK in below
            return Kind.SECTION if is_chapter else own
        if {Kind.WORK, Kind.SECTION} & set(below) and not has_links:
            return Kind.SECTION
        if own is not Kind.WORDS:
            return own
        if {Kind.WORK, Kind.SECTION} & set(below) or below.count(Kind.ADDRESS) > 1:
            return Kind.SECTION
        details = zip(entry.entries, below, strict=True)
        is_linked = any(_has_link(child) for child, role in details if role is not Kind.WORDS)
        return Kind.WORK if is_linked else own

    def among(self, entries: Sequence[ListEntry], beside_works: bool = False) -> list[Kind]:
        """Return the roles of the entries of one list.

        Beside works, an entry that has the words of a title is a work too, and
        so is a link without a work above it.
        """
        roles = [self.role(entry) for entry in entries]
        has_addresses = Kind.ADDRESS in roles and Kind.DETAIL not in roles
        beside_works = beside_works or Kind.WORK in roles or has_addresses

        def role_among(entry: ListEntry, role: Kind) -> Kind:
            if role is Kind.WORDS and (self.plain or beside_works):
                if self.plain and any(map(_may_be_title, entry.entries)):
                    return Kind.SECTION
                return Kind.WORK if _may_be_title(entry) else role
            is_link = role is Kind.ADDRESS or (role is Kind.DETAIL and _has_own_link(entry))
            return Kind.WORK if beside_works and is_link else role

        return list(map(role_among, entries, roles))


def _has_box(entry: ListEntry) -> bool:
    """Return True if a reader ticks an entry off, or will."""
    return bool(entry.lines) and entry.lines[0].is_checked is not None


def _has_link(entry: ListEntry) -> bool:
    return any(line.urls for line in entry.lines)


def _has_own_link(entry: ListEntry) -> bool:
    """Return True if an entry has a link that is not merely the value of a field."""
    first = entry.lines[0] if entry.lines else None
    is_field = first and first.field and not any(title.link for title in first.titles)
    return _has_link(entry) and not is_field


def links_its_title(line: Line) -> bool:
    """Return True if a line begins with a title that leads to its paper."""
    is_work = line.kind is Kind.WORK and not line.field
    return is_work and any(title.link for title in line.titles)


def _may_be_title(entry: ListEntry) -> bool:
    """Return True if the words of an entry have the form of a title."""
    text = spans.split_marks(entry.lines[0].text if entry.lines else "")[0].strip()
    longest = MAX_WORDS_WITH_FULL_STOP if text.endswith(".") else MAX_TITLE_WORDS
    is_short = len(text.split()) <= longest
    return any(map(str.isalpha, text)) and is_short and text.casefold() not in _STUBS


def group_works(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each work in a paragraph, none if the paragraph is prose."""
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
    if line.kind is not Kind.WORK or len(line.urls) > MAX_LINKS:
        return False
    if line.is_numbered:
        return True
    title = line.titles[0] if line.titles else None
    lead = title.lead.remainder if title else ""
    is_set_off = (title and title.at is not None) or any(p.span.strong for p in line.parts)
    return bool(is_set_off) and line.has_paper and not lead.strip(_LEAD_EDGES)
