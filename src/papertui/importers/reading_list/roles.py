"""Roles of entries among the others of a list, and paragraphs that are works."""

from collections.abc import Sequence

from papertui.importers.reading_list import blocks
from papertui.importers.reading_list.blocks import Block, BulletList, ListEntry, Passage, Table
from papertui.importers.reading_list.headings import is_linked_title
from papertui.importers.reading_list.line import Kind, Line
from papertui.importers.reading_list.works import columns_of

MAX_LINKS = 8
_LEAD_EDGES = ' \n:."“*'


def holds_works(block: Block) -> bool:
    """Return True if a block holds works for sure: a link, credits, the columns of a table."""
    match block:
        case BulletList():
            works = (Kind.WORK, Kind.SECTION, Kind.ADDRESS)
            return any(entry.role in works for entry in block.entries)
        case Table():
            return columns_of(block) is not None
        case blocks.Heading():
            return is_linked_title(block.passage.lines)
        case Passage():
            return bool(group_works(block.lines))
    return False


def roles_among(
    entries: Sequence[ListEntry], is_plain: bool, beside_works: bool = False
) -> list[Kind]:
    """Return the roles of the entries of one list.

    Beside works, or in a file that `is_plain` as it has no work at all, an entry that has
    the words of a title is a work too, and so is a link without a work above it.
    """
    roles = [entry.role for entry in entries]
    has_addresses = Kind.ADDRESS in roles and Kind.DETAIL not in roles
    beside_works = beside_works or Kind.WORK in roles or has_addresses

    def role_among(entry: ListEntry, role: Kind) -> Kind:
        if role is Kind.WORDS and (is_plain or beside_works):
            if is_plain and any(child.may_be_title for child in entry.entries):
                return Kind.SECTION
            return Kind.WORK if entry.may_be_title else role
        is_link = role is Kind.ADDRESS or (role is Kind.DETAIL and _has_own_link(entry))
        return Kind.WORK if beside_works and is_link else role

    return list(map(role_among, entries, roles))


def _has_own_link(entry: ListEntry) -> bool:
    """Return True if an entry has a link that is not merely the value of a field."""
    first = entry.lines[0] if entry.lines else None
    is_field = first and first.field and not any(title.link for title in first.titles)
    return entry.has_link and not is_field


def links_its_title(line: Line) -> bool:
    """Return True if a line begins with a title that leads to its paper."""
    is_work = line.kind is Kind.WORK and not line.field
    return is_work and any(title.link for title in line.titles)


def group_works(lines: Sequence[Line], by_links: bool = False) -> list[list[Line]]:
    """Return the lines of each work in a paragraph, none if the paragraph is prose.

    With `by_links`, a title with a link begins a work, wherever that leads.
    """
    if by_links and lines and lines[0].spans[0].url and links_its_title(lines[0]):
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
    if line.kind is not Kind.WORK or len(line.urls) > MAX_LINKS:
        return False
    title = line.titles[0] if line.titles else None
    lead = title.lead.remainder if title else ""
    is_set_off = (title and title.at is not None) or any(span.strong for span in line.spans)
    return line.is_numbered or (bool(is_set_off) and line.has_paper and not lead.strip(_LEAD_EDGES))
