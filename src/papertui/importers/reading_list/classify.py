"""Entries and lines to roles: works, sections, details of a work, or only words."""

from collections.abc import Sequence
from enum import Enum

from papertui.importers.reading_list import blocks, recognise
from papertui.importers.reading_list.blocks import ListEntry, Passage, Spans, external_urls
from papertui.importers.reading_list.facts import leading_facts, parse_field
from papertui.importers.reading_list.titles import Title, find_titles, is_title, normalise, words_of

MAX_LEAD = 3  # words before a linked title
MAX_TITLE_WORDS = 30
MAX_WORDS_WITH_FULL_STOP = 5
MAX_WORDS_WITH_LINK = 20
MAX_LINKS = 8
_REFERENCES = {"here", "this", "this link", "website", "homepage"}
_STUBS = ("tbd", "todo", "wip", "coming soon", "to be added", "more to come", "etc", "etc.", "n/a")
_LEAD_EDGES = ' \n:."“*'

# The role of an entry; an ADDRESS is a web address without other words.
Role = Enum("Role", ["WORK", "SECTION", "DETAIL", "ADDRESS", "WORDS", "NOTHING"])


class Classifier:
    """Finds and remembers the roles of entries; `plain` is True if the file has no works at all.

    A file without any link or year is plain: then its words are titles.
    """

    def __init__(self) -> None:
        self.plain = False
        self._roles: dict[int, Role] = {}

    def role(self, entry: ListEntry) -> Role:
        """Return the role of an entry by itself."""
        role = self._roles.get(id(entry))
        if role is None:
            role = self._roles[id(entry)] = self._find_role(entry)
        return role

    def _find_role(self, entry: ListEntry) -> Role:
        own = role_of(entry.passages)
        below = [self.role(child) for child in entry.entries]
        if own is not Role.WORDS or not below:
            return own
        if {Role.WORK, Role.SECTION} & set(below) or below.count(Role.ADDRESS) > 1:
            return Role.SECTION
        details = zip(entry.entries, below, strict=True)
        is_linked = any(_has_link(child) for child, role in details if role is not Role.WORDS)
        return Role.WORK if is_linked else own

    def roles(self, entries: Sequence[ListEntry]) -> list[Role]:
        """Return the roles of the entries of one list.

        If most are works, entries that are only words are works too. So is a
        link without a work above it.
        """
        roles = [self.role(entry) for entry in entries]
        works = sum(role in (Role.WORK, Role.ADDRESS) for role in roles)
        words_may_be_works = self.plain or works >= max(1, roles.count(Role.WORDS))

        def role_among(entry: ListEntry, role: Role) -> Role:
            if role is Role.WORDS and words_may_be_works:
                if self.plain and any(map(_may_be_title, entry.entries)):
                    return Role.SECTION
                return Role.WORK if _may_be_title(entry) else role
            is_link = role is Role.ADDRESS or (role is Role.DETAIL and _has_link(entry))
            return Role.WORK if works and is_link else role

        return list(map(role_among, entries, roles))


def role_of(passages: Sequence[Passage]) -> Role:
    """Return the role of an entry's paragraphs by themselves."""
    lines = [line for passage in passages[:4] for line in passage.lines()[:8]][:8]
    spans = normalise(lines[0].spans)[0] if lines else ()
    if not any(any(map(str.isalnum, span.text)) for span in spans):
        return Role.NOTHING
    external = [span for span in spans if span.is_external]
    if any(span.url for span in spans) and not external:
        return Role.NOTHING
    if (field := parse_field(spans)) and field[0] != "title":
        return Role.DETAIL
    titles = find_titles(spans)
    if not titles:
        is_address = len(spans) == 1 and recognise.web_address(spans[0].text)
        return Role.ADDRESS if is_address else Role.DETAIL
    if external:
        return Role.WORK if _is_linked_work(titles[0], spans, external) else Role.WORDS
    has_facts = field or _has_credits(titles[0], spans) or any(map(_is_detail_line, lines[1:]))
    return Role.WORK if has_facts else Role.WORDS


def _is_linked_work(title: Title, spans: Spans, external: list[blocks.InlineSpan]) -> bool:
    if any(map(recognise.is_paper, external_urls(external))):
        return True
    if title.link:
        return len(leading_facts(title.before).remainder.split()) <= MAX_LEAD
    labels = [span.text.strip().casefold() for span in external if not is_title(span)]
    is_short = len(words_of(spans).split()) <= MAX_WORDS_WITH_LINK
    names_target = is_short and not _REFERENCES.issuperset(labels)
    return bool(labels) and (_has_credits(title, spans) or names_target)


def _is_detail_line(line: Passage) -> bool:
    """Return True if a line below a title is a quoted title, or only facts or links."""
    spans = normalise(line.spans)[0]
    if line.text.lstrip().startswith(recognise.QUOTES) or parse_field(spans):
        return True
    facts = leading_facts(words_of(spans))
    return bool(facts or external_urls(spans)) and not any(map(str.isalnum, facts.remainder))


def _has_credits(title: Title, spans: Spans) -> bool:
    """Return True if authors, a venue or a year are beside a title, and not in long prose."""
    facts = leading_facts(title.after) or leading_facts(title.before)
    return bool(facts) and sum(len(span.text) for span in spans) <= 1000


def _has_link(entry: ListEntry) -> bool:
    return any(external_urls(normalise(passage.spans)[0]) for passage in entry.passages)


def _may_be_title(entry: ListEntry) -> bool:
    """Return True if the words of an entry have the form of a title."""
    text = blocks.split_marks(entry.passages[0].text if entry.passages else "")[0].strip()
    longest = MAX_WORDS_WITH_FULL_STOP if text.endswith(".") else MAX_TITLE_WORDS
    is_short = len(text.split()) <= longest
    return any(map(str.isalpha, text)) and is_short and text.casefold() not in _STUBS


def unwrap(passage: Passage) -> list[Passage]:
    """Return the lines of a paragraph, each with the lines in which its sentence goes on."""
    lines: list[Passage] = []
    for line in passage.lines():
        start = line.spans[0]
        if lines and not start.url and start.text.lstrip()[:1].islower():
            begun = lines[-1]
            spans = (*begun.spans, start._replace(text=f" {start.text}"), *line.spans[1:])
            lines[-1] = Passage(spans, begun.line, begun.end)
        else:
            lines.append(line)
    return lines


def group_works(lines: list[Passage]) -> list[list[Passage]]:
    """Return the lines of each work in a paragraph, none if the paragraph is prose."""
    groups: list[list[Passage]] = []
    for line in lines:
        if _begins_work(line) or _is_title_line(line):
            groups.append([line])
        elif not groups:
            return []
        else:
            groups[-1].append(line)
    return [group for group in groups if _begins_work(group[0]) or _has_paper_link(group[1:])]


def _is_title_line(line: Passage) -> bool:
    """Return True if a line is bold throughout or labelled as a title."""
    is_bold = all(span.strong and not span.url for span in line.spans if span.text.strip())
    field = parse_field(normalise(line.spans)[0])
    return is_bold or (field is not None and field[0].casefold() in ("title", "paper"))


def _has_paper_link(lines: list[Passage]) -> bool:
    return any(
        recognise.is_paper(url) for line in lines for url in external_urls(normalise(line.spans)[0])
    )


def _begins_work(line: Passage) -> bool:
    """Return True if a line outside lists is a title with a link to its paper, not prose."""
    spans = normalise(line.spans)[0]
    urls = external_urls(spans)
    if not 0 < len(urls) <= MAX_LINKS or role_of([line]) is not Role.WORK:
        return False
    titles = find_titles(spans)
    lead = leading_facts(titles[0].before).remainder if titles else ""
    is_set_off = any(span.strong or (span.is_external and is_title(span)) for span in spans)
    return is_set_off and any(map(recognise.is_paper, urls)) and not lead.strip(_LEAD_EDGES)
