"""What the entries of a list are: works, sections, details of a work, or only words."""

from collections.abc import Sequence
from enum import Enum, auto

from papertui.importing import addresses, marks
from papertui.importing.blocks import Entry, Passage, Span
from papertui.importing.facts import facts_in
from papertui.importing.fields import field_of
from papertui.importing.titles import Titled, is_title, prepared, titles_in, words

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

    def of(self, entry: Entry) -> Role:
        """Return the role of an entry by itself."""
        role = self._known.get(id(entry))
        if role is None:
            role = self._known[id(entry)] = self._tell(entry)
        return role

    def _tell(self, entry: Entry) -> Role:
        own = role_of(entry.passages)
        below = [self.of(child) for child in entry.entries]
        if own is not Role.WORDS or not below:
            return own
        if {Role.WORK, Role.SECTION} & set(below) or below.count(Role.ADDRESS) > 1:
            return Role.SECTION
        details = zip(entry.entries, below, strict=True)
        linked = (_links_out(child) for child, role in details if role is not Role.WORDS)
        return Role.WORK if any(linked) else own

    def among(self, entries: Sequence[Entry], plain: bool = False) -> list[Role]:
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

    def _as_work(self, entry: Entry, plain: bool) -> Role:
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
        bare = len(spans) == 1 and addresses.full(spans[0].text)
        return Role.ADDRESS if bare else Role.DETAIL
    if not outward:
        told = bool(named) or _is_credited(titles[0], spans) or any(map(_tells, lines[1:]))
        return Role.WORK if told else Role.WORDS
    return Role.WORK if _is_linked_work(titles[0], spans, outward) else Role.WORDS


def _is_linked_work(title: Titled, spans: tuple[Span, ...], outward: list[Span]) -> bool:
    if any(addresses.is_paper(span.url) for span in outward):
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


def _is_credited(title: Titled, spans: tuple[Span, ...]) -> bool:
    """Say whether authors, a venue or a year stand beside a title, and no sentence."""
    beside = facts_in(title.after) or facts_in(title.before)
    return bool(beside) and len("".join(span.text for span in spans)) <= 1000


def _is_bare_link(entry: Entry, role: Role) -> bool:
    return role is Role.DETAIL and _links_out(entry)


def _links_out(entry: Entry) -> bool:
    return any(span.outward for p in entry.passages for span in prepared(p.spans)[0])


def _could_be_title(entry: Entry) -> bool:
    """Say whether the words of an entry may name a work, as far as their form goes."""
    text = entry.passages[0].text if entry.passages else ""
    text = marks.split(text)[0].strip()
    length = len(text.split())
    sentence = length > _LONGEST_TITLE or (length > _SHORTEST_SENTENCE and text.endswith("."))
    return any(map(str.isalpha, text)) and not sentence and text.casefold() not in _STUBS
