"""Blocks in their order become a list: which section each work stands in, at which tier."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from papertui.core.text import clipped
from papertui.importers.reading_list import blocks, entries, recognise
from papertui.importers.reading_list.blocks import (
    Block,
    BulletList,
    Details,
    DetailsEnd,
    Heading,
    ListEntry,
    Passage,
    Table,
)
from papertui.importers.reading_list.classify import Role, Roles, role_of, unwrapped, works_among
from papertui.importers.reading_list.entries import WorkBuilder, drafts_of
from papertui.importers.reading_list.titles import clean, is_title, prepared, titles_in

MAX_DEPTH = 40
MAX_TITLE = 200
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)*[.):]|\d+(?:\.\d+)+|[IVX]+[.)])\s+")
_COUNT = re.compile(
    r"\s*[(\[](?:[^()\[\]]{0,40}\bpapers?\b[^()\[\]]{0,40}"
    r"|\d{1,4}\s+(?:items?|entries|works|articles|books|videos|links)|\d{1,3})[)\]]$",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_TO_TOP = re.compile(r"(?:\W|back|to|the|top|go|up|return|contents?|toc)*", re.IGNORECASE)
_TIER = re.compile(r"\W*tier\s*(\d{1,2})\b", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"(?:table of )?contents?|toc|index|outline|overview of contents"
    r"|(?:how to )?contribut(?:e|ing|ions?|ors?)(?: guidelines?)?|contribution guidelines?"
    r"|licen[sc]e|copyright|acknowledge?ments?|citation|citing|cite(?: us)?|how to cite"
    r"|star history|change ?log|maintainers?|sponsors?|contact(?: us)?|disclaimer|credits|support"
    r"|news|latest news|updates?|recent updates?|to-?do|code of conduct|feedback|stargazers|legend",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"(?:click|show|expand|details|more|see|open|view|list)\b.{0,40}", re.IGNORECASE
)


@dataclass(slots=True)
class SectionBuilder:
    """A section: its works with their tiers, its parts, and the words that stand in it.

    `place` is where it stands among its parent's works, should it turn out to
    be one itself; `linked` says that its heading leads somewhere.
    """

    title: str
    depth: int = 0
    heading: Passage | None = None
    linked: bool = False
    works: list["tuple[WorkBuilder, int | None] | SectionBuilder"] = field(default_factory=list)
    parts: dict[str, "SectionBuilder"] = field(default_factory=dict)
    lines: list[Passage] = field(default_factory=list)
    tier: int | None = None

    def part(self, title: str) -> "SectionBuilder":
        """Return the part of that title, made where there is none; too deep a one is this."""
        if self.depth >= MAX_DEPTH:
            return self
        title = title[:MAX_TITLE].strip() or "Untitled"
        return self.parts.setdefault(title.casefold(), SectionBuilder(title, self.depth + 1))


def title_of(passage: Passage) -> str:
    """Return a heading's words without numbers, signs, badges, counts and ways to the top."""
    spans = [span for span in passage.spans if not span.image]
    if len(spans) > 1:
        spans = [
            s for s in spans if not ((s.url or "").startswith("#") and _TO_TOP.fullmatch(s.text))
        ]
    text = "".join(span.text for span in spans)
    whole = " ".join(_EMPTY.sub("", text).split())
    text = clean(blocks.split(clean(whole))[0])
    text = text[number.end() :] if (number := _NUMBER.match(text)) else text
    text = _COUNT.sub("", text[-2 * MAX_TITLE :])
    return clean(blocks.split(text)[0]) or whole


def tier_of(title: str) -> int | None:
    """Return the tier a heading stands for."""
    return blocks.tier_of(f"tier {found[1]}") if (found := _TIER.match(title)) else None


def is_left_out(title: str) -> bool:
    """Say whether a part is about the list itself, not of it."""
    return bool(_LEFT_OUT.fullmatch(title.strip(" .:!")))


def is_opener(title: str) -> bool:
    """Say whether words only tell that there is more to open."""
    return bool(_OPENER.fullmatch(title))


_BOLD = 7.0
_INSIDE = 0.5
_MOST_FRAMES = 200
_LONGEST_HEADING = 120
_MIN_PURPOSE = 6
_ABOUT = re.compile(r"about|purpose|introduction|overview|description|motivation", re.IGNORECASE)
MAX_PURPOSE = 1000


@dataclass(slots=True)
class _Frame:
    """What holds from a heading on until one of its level or higher."""

    level: float
    node: SectionBuilder
    tier: int | None = None
    left_out: bool = False
    fold: bool = False


class ListBuilder:
    """Takes blocks; what came of them is in `root`, `legend` and `purpose`."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        self.root = SectionBuilder("")
        self.legend: dict[str, str] = {}
        self.purpose = ""
        self.plain = False
        self._any_works = False
        self._roles = Roles()
        self._frames = [_Frame(0, self.root)]

    def take(self, blocks: Sequence[Block]) -> None:
        """Read all blocks."""
        self.plain = not any(map(self._has_works, blocks))
        for block in blocks:
            match block:
                case Heading():
                    self._open(block.level, block.passage)
                case Details():
                    self._fold(block.passage)
                case DetailsEnd():
                    self._end_fold()
                case BulletList():
                    self._listing(block.entries)
                case Table() if not self._now.left_out:
                    self._add(
                        entries.works_in(block, self.problems), self._now.node, self._now.tier
                    )
                case Passage():
                    self._passage(block)

    @property
    def _now(self) -> _Frame:
        return self._frames[-1]

    def _has_works(self, block: Block) -> bool:
        match block:
            case BulletList():
                told = map(self._roles.of, block.entries)
                return any(role in (Role.WORK, Role.SECTION, Role.ADDRESS) for role in told)
            case Table():
                return bool(entries.works_in(block, []))
            case Heading():
                return _is_linked(block.passage)
            case Passage():
                return bool(works_among(block.lines()))
        return False

    def _add(self, drafts: list[WorkBuilder], node: SectionBuilder, tier: int | None) -> None:
        node.works.extend((draft, tier) for draft in drafts)
        self._any_works = self._any_works or bool(drafts)

    # Headings and what stands for one.

    def _open(self, level: float, passage: Passage, fold: bool = False) -> None:
        """Begin a section, or a tier of the one that is open."""
        while not fold and len(self._frames) > 1 and self._now.level >= level:
            self._frames.pop()
        above = self._now
        title = title_of(passage)
        if tier := tier_of(title):
            self._frames.append(_Frame(level, above.node, tier, above.left_out, fold))
        elif not title or (fold and is_opener(title)):
            self._frames.append(_Frame(level, above.node, above.tier, above.left_out, fold))
        else:
            node, left_out = above.node, above.left_out or is_left_out(title)
            if not left_out:
                node = self._part(above, title, passage)
            self._frames.append(_Frame(level, node, above.tier, left_out, fold))

    def _part(self, above: _Frame, title: str, passage: Passage) -> SectionBuilder:
        linked = _is_linked(passage)
        node = above.node.part(f"{title} {passage.line}" if linked else title)
        if node is not above.node and node.heading is None:
            node.title = clipped(title, MAX_TITLE)
            node.heading, node.linked, node.tier = passage, linked, above.tier
            above.node.works.append(node)
        return node

    def _fold(self, passage: Passage) -> None:
        headings = [frame.level for frame in self._frames if frame.level < _BOLD]
        if len(self._frames) < _MOST_FRAMES:
            self._open(headings[-1] + (0 if headings[-1] % 1 else _INSIDE), passage, fold=True)

    def _end_fold(self) -> None:
        if any(frame.fold for frame in self._frames):
            while not self._frames.pop().fold:
                pass

    # Paragraphs.

    def _passage(self, passage: Passage) -> None:
        if self._explains(passage):
            return
        text = passage.text.strip()
        bold = all(span.strong and not span.url for span in passage.spans if span.text.strip())
        heads = len(text) <= _LONGEST_HEADING and "\n" not in text and text[-1:] not in "!.,"
        if heads and (bold or blocks.tier_of(text)):
            self._open(_BOLD, passage)
        elif not self._now.left_out:
            node = self._now.node
            works = [] if node.linked and not node.parts else works_among(passage.lines())
            for lines in works:
                self._add(drafts_of(lines, self.problems), node, self._now.tier)
            if not works:
                node.lines.extend(passage.lines())
                self._note_purpose(passage)

    def _explains(self, passage: Passage) -> bool:
        """Note what a line says of the list's marks."""
        if any(span.outward for span in passage.spans):
            return False
        pairs = [pair for line in passage.lines() for pair in blocks.legend(line.text)]
        for mark, meaning in pairs:
            self.legend.setdefault(mark, clipped(meaning, 200))
        return bool(pairs)

    def _note_purpose(self, passage: Passage) -> None:
        node = self._now.node
        about = node.depth <= 1 or _ABOUT.fullmatch(node.title)
        early = about and not self.purpose and not self._any_works
        if early and role_of([passage]) is Role.WORDS and len(passage.text.split()) >= _MIN_PURPOSE:
            self.purpose = clipped(passage.text, MAX_PURPOSE)

    # Lists.

    def _listing(self, entries: list[ListEntry]) -> None:
        now = self._now
        roles = self._roles.among(entries, self.plain)
        if Role.WORK not in roles and Role.SECTION not in roles:
            for entry in entries:
                explained = entry.passages and self._explains(entry.passages[0])
                if not explained and not now.left_out:
                    now.node.lines.extend(_all_lines(entry))
        elif not now.left_out:
            self._place(entries, roles, now.node, now.tier)

    def _place(
        self, entries: list[ListEntry], roles: list[Role], node: SectionBuilder, tier: int | None
    ) -> None:
        for entry, role in zip(entries, roles, strict=True):
            if role is Role.WORK:
                self._work(entry, node, tier)
            elif role is Role.SECTION:
                title = title_of(entry.passages[0])
                below = self._roles.among(entry.entries, self.plain)
                if named := tier_of(title):
                    self._place(entry.entries, below, node, named)
                elif not is_left_out(title):
                    part = node.part(title)
                    self._place(entry.entries, below, part, tier)

    def _work(self, entry: ListEntry, node: SectionBuilder, tier: int | None) -> None:
        """Add an entry's works; of what stands below, papers follow and all else is said of it.

        Below what is no paper, such as a course, whatever has a title and a link follows too.
        """
        own = _title_links(entry)
        no_paper = bool(own) and not any(map(recognise.is_paper, own))
        lines = [line for passage in entry.passages for line in unwrapped(passage)]
        following: list[ListEntry] = []
        for child in entry.entries:
            role = self._roles.of(child)
            links = _title_links(child) if role is Role.WORK else []
            if role is Role.SECTION or any(map(recognise.is_paper, links)) or (links and no_paper):
                following.append(child)
            else:
                lines.extend(_all_lines(child))
        self._add(drafts_of(lines, self.problems), node, tier)
        for child in following:
            if self._roles.of(child) is Role.WORK:
                self._work(child, node, tier)
            else:
                self._place(child.entries, self._roles.among(child.entries), node, tier)


def _all_lines(entry: ListEntry) -> Iterator[Passage]:
    """Yield the lines of an entry and of all below it."""
    for passage in entry.passages:
        yield from unwrapped(passage)
    for child in entry.entries:
        yield from _all_lines(child)


def _title_links(entry: ListEntry) -> list[str]:
    """Return where the titles of an entry lead."""
    spans = prepared(entry.passages[0].spans)[0] if entry.passages else ()
    return [titled.link.url or "" for titled in titles_in(spans) if titled.link]


def _is_linked(passage: Passage) -> bool:
    """Say whether a heading is a title that leads somewhere, and nothing else."""
    spans = [span for span in prepared(passage.spans)[0] if not span.image]
    linked = [span for span in spans if span.outward and is_title(span)]
    return len(linked) == 1 and role_of([passage]) is Role.WORK
