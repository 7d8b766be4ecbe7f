"""Roles: which entries, headings and paragraphs are works, among the others of their list."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from papertui.importers.reading_list import headings
from papertui.importers.reading_list.blocks import ENTRY_LEVEL, Block, Entry, Passage, Table
from papertui.importers.reading_list.line import Kind, Line, kind_of
from papertui.importers.reading_list.works import columns_of

_LEAD_EDGES = ' \n:."“*'


def holds_works(block: Block) -> bool:
    """Return True if a block holds works for sure: a link, credits, the columns of a table."""
    match block:
        case Table():
            return columns_of(block) is not None
        case Passage():
            return not block.is_code and bool(group_works(block.lines))
        case Entry(level=level) if level < ENTRY_LEVEL:
            return headings.is_linked_title(block.lines) or any(map(holds_works, block.below))
    return block.role in (Kind.WORK, Kind.SECTION, Kind.ADDRESS)


def in_lists(blocks: Iterable[Block]) -> Iterator[Block | list[Entry]]:
    """Yield blocks, those entries that follow one another as one list."""
    for level, group in groupby(blocks, lambda block: getattr(block, "level", 0)):
        alike = [*group]
        if level == ENTRY_LEVEL:
            yield [block for block in alike if isinstance(block, Entry)]
        else:
            yield from alike


def own_work(heading: Entry, is_plain: bool) -> list[Line]:
    """Return the lines of the work whose title a heading is, none if it is not one.

    A link or lines below say that it is one; above other works it must be a paper's link.
    """
    title = headings.title_of(heading.lines)
    if not title or headings.is_about_list(title) or headings.tier_of(title):
        return []
    blocks = in_lists(heading.below)
    about = [line for block in blocks for line in lines_about(block, heading, is_plain)]
    is_linked = headings.is_linked_title(heading.lines)
    has_paper = any(line.has_paper for line in heading.lines)
    is_work = is_linked or (has_paper and kind_of(heading.lines) is Kind.WORK)
    if is_work or any(map(_describes_work, about)):
        is_work = (is_linked and has_paper) or not has_works(heading, is_plain)
    return [*heading.lines, *about] if is_work else []


def has_works(heading: Entry, is_plain: bool) -> bool:
    """Return True if works are below a heading, besides the lines about itself."""
    return any(
        isinstance(block, list)
        or holds_works(block)
        or (isinstance(block, Entry) and bool(own_work(block, is_plain)))
        for block in in_lists(heading.below)
        if not lines_about(block, heading, is_plain)
    )


def lines_about(block: Block | list[Entry], heading: Entry, is_plain: bool) -> Sequence[Line]:
    """Return the lines of a text or list that would be about a heading, if that is a work."""
    if isinstance(block, Passage) and not block.is_code:
        is_linked = headings.is_linked_title(heading.lines)
        return block.lines if is_linked or not group_works(block.lines) else ()
    if not isinstance(block, list):
        return ()
    first_lines = [line for entry in block for line in entry.lines[:1]]
    are_fields = sum(bool(line.field) for line in first_lines) * 2 >= len(block)
    has_works = not {Kind.WORK, Kind.SECTION}.isdisjoint(roles_among(block, is_plain))
    if has_works and (not are_fields or any(map(links_its_title, first_lines))):
        return ()
    return [line for entry in block for line in entry.all_lines()]


def _describes_work(line: Line) -> bool:
    if line.field and line.field[0] in ("authors", "venue"):
        return True
    return line.has_paper and line.kind in (Kind.DETAIL, Kind.ADDRESS)


def roles_among(entries: Sequence[Entry], is_plain: bool, beside_works: bool = False) -> list[Kind]:
    """Return the roles of the entries of one list.

    Words of a title are a work beside others, or in a file that `is_plain`, without any work.
    """
    roles = [entry.role for entry in entries]
    has_addresses = Kind.ADDRESS in roles and Kind.DETAIL not in roles
    beside_works = beside_works or Kind.WORK in roles or has_addresses

    def role_among(entry: Entry, role: Kind) -> Kind:
        if role is Kind.WORDS and (is_plain or beside_works):
            if is_plain and any(child.may_be_title for child in entry.entries):
                return Kind.SECTION
            return Kind.WORK if entry.may_be_title else role
        # A link that is merely the value of a field is no work.
        has_own_link = entry.has_link and not (
            entry.lines[0].field and not entry.lines[0].title_urls
        )
        is_link = role is Kind.ADDRESS or (role is Kind.DETAIL and has_own_link)
        return Kind.WORK if beside_works and is_link else role

    return list(map(role_among, entries, roles))


def links_its_title(line: Line) -> bool:
    """Return True if a line begins with a title that leads to its paper."""
    return line.kind is Kind.WORK and not line.field and bool(line.title_urls)


def group_works(lines: Sequence[Line], by_links: bool = False) -> list[list[Line]]:
    """Return the lines of each work in a paragraph; if `by_links`, any linked title is a work."""
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
    if line.kind is not Kind.WORK:
        return False
    title = line.titles[0] if line.titles else None
    lead = title.lead.remainder if title else ""
    is_set_off = title is not None and title.at is not None
    return line.is_numbered or (is_set_off and line.has_paper and not lead.strip(_LEAD_EDGES))
