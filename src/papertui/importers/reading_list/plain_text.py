"""Plain text as blocks: numbered entries, bullets or paragraphs, and the lines that head them."""

import re
from collections.abc import Sequence

from papertui.importers.reading_list import recognise
from papertui.importers.reading_list.blocks import (
    Block,
    BulletList,
    Heading,
    InlineSpan,
    ListEntry,
    Passage,
)
from papertui.importers.reading_list.classify import Role, role_of
from papertui.importers.reading_list.facts import facts_in, field_of

_MARKDOWN = re.compile(
    r"^ {0,3}#{1,6}\s|\]\s?[(\[]|^ {0,3}\[[^\]\n]{1,99}\]:\s|\*\*|^ {0,3}(?:=+|-{2,})[ \t]*$"
    r"|^ {0,3}(?:```|~~~)|^[ \t]+[-*+]\s"
    r"|</?(?:a|b|i|p|em|br|hr|h\d|li|ul|ol|tr|td|div|img|sub|sup|strong|table|center|details)\b",
    re.MULTILINE | re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+(?=\S)")
_BULLET = re.compile(r"\s{0,3}[-*+•◦‣·–—]\s+(?=\S)")
_TABLE = re.compile(r"\s*\|")
_QUOTES = tuple('"“„«')
_SENTENCE_END = tuple('.!?;,…"”')
_UNFINISHED = re.compile(r"\b(?:a|an|and|by|for|from|in|of|on|or|the|to|via|with),?$")
_LONGEST_HEADING = 80
_WRAPPED_AT = 60


def suits(text: str) -> bool:
    """Say whether nothing in `text` is set as Markdown is."""
    if _MARKDOWN.search(text):
        return False
    lines = text.split("\n")
    return bool(_marker(lines)) or not any(map(_TABLE.match, lines))


def blocks_of(text: str) -> list[Block]:
    """Return the blocks of a plain text."""
    lines = text.split("\n")
    marker = _marker(lines)
    return _Entries(lines, marker).read() if marker else _Paragraphs(lines).read()


def _marker(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return how most entries begin, None where they have no sign of their own."""
    for marker in (_NUMBERED, _BULLET):
        if sum(1 for line in lines if marker.match(line)) > 1:
            return marker
    return None


def _passage(text: str, number: int) -> Passage:
    return Passage((InlineSpan(text.strip()),), number, number + 1)


def _is_field(text: str) -> bool:
    return field_of((InlineSpan(text.strip()),)) is not None


def _is_heading(text: str) -> bool:
    """Say whether a line has the form of a heading."""
    text = text.strip()
    plain = not text.startswith(_QUOTES) and not text.endswith(_SENTENCE_END)
    return plain and 0 < len(text) <= _LONGEST_HEADING and not _is_field(text)


class _Entries:
    """Reads text whose entries begin with a number or a bullet."""

    def __init__(self, lines: Sequence[str], marker: re.Pattern[str]) -> None:
        self.lines = lines
        self.marker = marker
        starts = [bool(marker.match(line)) for line in lines]
        entries = starts.count(True)
        followed = sum(
            start and bool(line.strip()) and not also
            for start, also, line in zip(starts, starts[1:], lines[1:], strict=False)
        )
        # Where most entries have lines below them, the first of these heads nothing.
        self.with_bodies = followed * 2 > entries
        self.heads = self._heads(starts)
        self.blocks: list[Block] = []
        self.entry: ListEntry | None = None
        self.last = ""

    def _heads(self, starts: list[bool]) -> set[int]:
        """Return the lines that stand right above an entry, blank ones apart, and head it."""
        heads = set()
        below, before = False, None
        for index in range(len(self.lines) - 1, -1, -1):
            if starts[index]:
                below = True
            elif self.lines[index].strip():
                before = index - 1 if index else None
                body = self.with_bodies and before is not None and starts[before]
                if below and not body and _is_heading(self.lines[index]):
                    heads.add(index)
                below = False
        return heads

    def read(self) -> list[Block]:
        for index, line in enumerate(self.lines):
            if not line.strip():
                if self.entry and not self.with_bodies:
                    self.entry = None
            elif found := self.marker.match(line):
                self._begin(line[found.end() :], index + 1)
            elif index in self.heads:
                self.blocks.append(Heading(2, _passage(line, index + 1)))
                self.entry = None
            else:
                self._text(line, index + 1)
        return self.blocks

    def _begin(self, text: str, number: int) -> None:
        self.entry = ListEntry(number, [_passage(text, number)])
        if self.blocks and isinstance(listing := self.blocks[-1], BulletList):
            listing.entries.append(self.entry)
        else:
            self.blocks.append(BulletList([self.entry]))
        self.last = text.strip()

    def _text(self, line: str, number: int) -> None:
        text = line.strip()
        ended = self.last.endswith((".", "!", "?", ")", "”", '"'))
        body = self.entry and (len(self.entry.passages) > 1 or not self.with_bodies)
        heads = body and ended and _is_heading(text) and not line.startswith((" ", "\t"))
        if _TABLE.match(line) or heads:
            self.entry = None
        if self.entry:
            self._continue(self.entry, text, number)
        elif not self.blocks and _is_heading(text):
            self.blocks.append(Heading(1, _passage(text, number)))
        else:
            self.blocks.append(_passage(text, number))
        self.last = text

    def _continue(self, entry: ListEntry, text: str, number: int) -> None:
        """Add a line to an entry: to its last sentence where that is not yet at its end."""
        open_end = len(self.last) >= _WRAPPED_AT and not self.last.endswith((".", "!", "?", ":"))
        wrapped = open_end or bool(_UNFINISHED.search(self.last))
        own = _is_field(text) or text.startswith(_QUOTES) or bool(recognise.full(text))
        if _is_field(text) and len(entry.passages) == 2 and _is_title_end(entry.passages[1].text):
            title, end = entry.passages
            entry.passages = [_joined(title, end.text, end.end)]
        if not own and (wrapped or text[:1].islower()):
            entry.passages[-1] = _joined(entry.passages[-1], text, number + 1)
        else:
            entry.passages.append(_passage(text, number))


def _is_title_end(text: str) -> bool:
    """Say whether a line between a title and the first field may be the title's second half."""
    plain = not (_is_field(text) or text.startswith(_QUOTES) or text.endswith(_SENTENCE_END))
    return plain and len(text) <= _LONGEST_HEADING and bool(facts_in(text).rest == text)


def _joined(begun: Passage, text: str, end: int) -> Passage:
    return Passage((InlineSpan(f"{begun.text} {text}"),), begun.line, end)


class _Paragraphs:
    """Reads text without numbers and bullets: a work is a paragraph, or a line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.blocks: list[Block] = []
        self.groups: list[list[Passage]] = [[]]
        for index, line in enumerate(lines):
            titled = line[:20].lstrip().lower().startswith("title:")
            if self.groups[-1] and (not line.strip() or titled):
                self.groups.append([])
            if line.strip():
                self.groups[-1].append(_passage(line, index + 1))

    def read(self) -> list[Block]:
        for group in self.groups:
            if group:
                self._group(group)
        return self.blocks

    def _group(self, lines: list[Passage]) -> None:
        roles = [role_of([line]) for line in lines]
        heads = roles[0] is Role.WORDS and _is_heading(lines[0].text)
        ids = {recognise.arxiv_in(line.text) for line in lines[1:]} - {None}
        if roles.count(Role.WORK) > 1 or len(ids) > 1 or set(roles) == {Role.ADDRESS}:
            if heads:
                self._head(lines[0])
            self._works(lines[heads:], roles[heads:])
        elif len(lines) == 1 and heads:
            self._head(lines[0])
        elif set(roles) == {Role.WORDS} and all(_is_heading(line.text) for line in lines):
            self._works(lines, [Role.WORK] * len(lines))
        elif set(roles) <= {Role.WORDS, Role.NOTHING}:
            self.blocks.extend(lines)
        else:
            self.blocks.append(BulletList([ListEntry(lines[0].line, lines)]))

    def _head(self, line: Passage) -> None:
        self.blocks.append(Heading(2 if self.blocks else 1, line))

    def _works(self, lines: list[Passage], roles: list[Role]) -> None:
        entries: list[ListEntry] = []
        for line, role in zip(lines, roles, strict=True):
            if role in (Role.WORK, Role.ADDRESS) or not entries:
                entries.append(ListEntry(line.line))
            entries[-1].passages.append(line)
        self.blocks.append(BulletList(entries))
