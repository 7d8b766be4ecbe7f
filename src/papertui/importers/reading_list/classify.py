"""What the entries of a list are: works, sections, details of a work, or only words."""

from collections.abc import Sequence
from enum import Enum, auto

from papertui.importers.reading_list import blocks, recognise
from papertui.importers.reading_list.blocks import InlineSpan, ListEntry, Passage
from papertui.importers.reading_list.facts import facts_in, field_of
from papertui.importers.reading_list.titles import Titled, is_title, prepared, titles_in, words

_LONGEST_LEAD = 3
_LONGEST_TITLE = 30
_SHORTEST_SENTENCE = 5
_LONGEST_WITH_LINK = 20
_HERE = {"here", "this", "this link", "website", "homepage"}
_STUBS = ("tbd", "todo", "wip", "coming soon", "to be added", "more to come", "etc", "etc.", "n/a")


class Role(Enum):
    """What an entry is; an ADDRESS stands there without a word."""

    WORK = auto()
    SECTION = auto()
    DETAIL = auto()
    ADDRESS = auto()
    WORDS = auto()
    NOTHING = auto()


class Roles:
    """Tells the roles of entries, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, Role] = {}

    def of(self, entry: ListEntry) -> Role:
        """Return the role of an entry by itself."""
        role = self._known.get(id(entry))
        if role is None:
            role = self._known[id(entry)] = self._tell(entry)
        return role

    def _tell(self, entry: ListEntry) -> Role:
        own = role_of(entry.passages)
        below = [self.of(child) for child in entry.entries]
        if own is not Role.WORDS or not below:
            return own
        if {Role.WORK, Role.SECTION} & set(below) or below.count(Role.ADDRESS) > 1:
            return Role.SECTION
        details = zip(entry.entries, below, strict=True)
        linked = (_links_out(child) for child, role in details if role is not Role.WORDS)
        return Role.WORK if any(linked) else own

    def among(self, entries: Sequence[ListEntry], plain: bool = False) -> list[Role]:
        """Return the roles of entries that stand together.

        Where most are works, one that only has words is a work too; in a file
        without any link or year (`plain`) all words are. So is a link that has
        no work to belong to.
        """
        roles = [self.of(entry) for entry in entries]
        works = sum(role in (Role.WORK, Role.ADDRESS) for role in roles)
        if plain or (works and works >= roles.count(Role.WORDS)):
            roles = [
                self._as_work(entry, plain) if role is Role.WORDS else role
                for entry, role in zip(entries, roles, strict=True)
            ]
        if works:
            roles = [
                Role.WORK if role is Role.ADDRESS or _is_bare_link(entry, role) else role
                for entry, role in zip(entries, roles, strict=True)
            ]
        return roles

    def _as_work(self, entry: ListEntry, plain: bool) -> Role:
        if plain and any(map(_could_be_title, entry.entries)):
            return Role.SECTION
        return Role.WORK if _could_be_title(entry) else Role.WORDS


def role_of(passages: Sequence[Passage]) -> Role:
    """Return what the paragraphs of an entry are by themselves."""
    lines = [line for passage in passages[:4] for line in passage.lines()[:8]][:8]
    spans = prepared(lines[0].spans)[0] if lines else ()
    if not any(any(map(str.isalnum, span.text)) for span in spans):
        return Role.NOTHING
    outward = [span for span in spans if span.outward]
    if any(span.url for span in spans) and not outward:
        return Role.NOTHING
    if (named := field_of(spans)) and named[0] != "title":
        return Role.DETAIL
    titles = titles_in(spans)
    if not titles:
        bare = len(spans) == 1 and recognise.full(spans[0].text)
        return Role.ADDRESS if bare else Role.DETAIL
    if not outward:
        told = bool(named) or _is_credited(titles[0], spans) or any(map(_tells, lines[1:]))
        return Role.WORK if told else Role.WORDS
    return Role.WORK if _is_linked_work(titles[0], spans, outward) else Role.WORDS


def _is_linked_work(
    title: Titled, spans: tuple[InlineSpan, ...], outward: list[InlineSpan]
) -> bool:
    if any(recognise.is_paper(span.url) for span in outward):
        return True
    before = facts_in(title.before).rest.split()
    if title.link:
        return len(before) <= _LONGEST_LEAD
    labels = [span.text.strip().casefold() for span in outward if not is_title(span)]
    short = len(words(spans).split()) <= _LONGEST_WITH_LINK
    return bool(labels) and (_is_credited(title, spans) or (short and not _HERE.issuperset(labels)))


def _tells(line: Passage) -> bool:
    """Say whether a line below a title is its own, in quotes, or holds facts or links alone."""
    spans = prepared(line.spans)[0]
    if line.text.lstrip()[:1] in tuple('"“„«') or field_of(spans):
        return True
    facts = facts_in(words(spans))
    linked = any(span.outward for span in spans)
    return bool(facts or linked) and not any(map(str.isalnum, facts.rest))


def _is_credited(title: Titled, spans: tuple[InlineSpan, ...]) -> bool:
    """Say whether authors, a venue or a year stand beside a title, and no sentence."""
    beside = facts_in(title.after) or facts_in(title.before)
    return bool(beside) and len("".join(span.text for span in spans)) <= 1000


def _is_bare_link(entry: ListEntry, role: Role) -> bool:
    return role is Role.DETAIL and _links_out(entry)


def _links_out(entry: ListEntry) -> bool:
    return any(span.outward for p in entry.passages for span in prepared(p.spans)[0])


def _could_be_title(entry: ListEntry) -> bool:
    """Say whether the words of an entry may name a work, as far as their form goes."""
    text = entry.passages[0].text if entry.passages else ""
    text = blocks.split(text)[0].strip()
    length = len(text.split())
    sentence = length > _LONGEST_TITLE or (length > _SHORTEST_SENTENCE and text.endswith("."))
    return any(map(str.isalpha, text)) and not sentence and text.casefold() not in _STUBS


_EDGES = ' \n:."“*'
_MOST_LINKS = 8


def unwrapped(passage: Passage) -> list[Passage]:
    """Return the lines of a paragraph; one that goes on in the next is one with it."""
    lines: list[Passage] = []
    for line in passage.lines():
        start = line.spans[0]
        goes_on = not start.url and start.text.lstrip()[:1].islower()
        if lines and goes_on:
            last = lines[-1]
            lines[-1] = Passage(
                (*last.spans, start._replace(text=f" {start.text}"), *line.spans[1:]),
                last.line,
                last.end,
            )
        else:
            lines.append(line)
    return lines


def works_among(lines: list[Passage]) -> list[list[Passage]]:
    """Return the lines of each work in a paragraph, none where it is prose."""
    groups: list[list[Passage]] = []
    for line in lines:
        if _begins_work(line) or _is_title(line):
            groups.append([line])
        elif not groups:
            return []
        else:
            groups[-1].append(line)
    return [group for group in groups if _begins_work(group[0]) or _leads_on(group[1:])]


def _is_title(line: Passage) -> bool:
    """Say whether a line is bold throughout, or says that it is a title."""
    spans = [span for span in line.spans if span.text.strip()]
    bold = all(span.strong and not span.url for span in spans)
    named = field_of(prepared(line.spans)[0])
    return bold or (named is not None and named[0].casefold() in ("title", "paper"))


def _leads_on(lines: list[Passage]) -> bool:
    """Say whether one of the lines below a title leads to its paper."""
    spans = (span for line in lines for span in prepared(line.spans)[0])
    return any(recognise.is_paper(span.url) for span in spans if span.outward)


def _begins_work(line: Passage) -> bool:
    """Say whether a line that is no entry names a work and leads to it, and is no prose."""
    spans = prepared(line.spans)[0]
    outward = [span.url for span in spans if span.outward]
    if not outward or len(outward) > _MOST_LINKS or role_of([line]) is not Role.WORK:
        return False
    first = titles_in(spans)[:1]
    before = facts_in(first[0].before).rest if first else ""
    set_off = any(span.strong or (span.outward and is_title(span)) for span in spans)
    return set_off and any(map(recognise.is_paper, outward)) and not before.strip(_EDGES)
