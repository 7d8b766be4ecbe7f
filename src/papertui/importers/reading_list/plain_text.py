"""Plain text to blocks: numbered entries, bullets or paragraphs, and their headings."""

import re
from collections.abc import Sequence

from papertui.importers.reading_list import blocks, recognise
from papertui.importers.reading_list.blocks import Block, BulletList, InlineSpan, ListEntry, Passage
from papertui.importers.reading_list.classify import Role, role_of
from papertui.importers.reading_list.facts import leading_facts, parse_field

MAX_HEADING = 80
WRAP_WIDTH = 60  # from this length on, a line may be wrapped
_MARKDOWN = re.compile(
    r"^ {0,3}#{1,6}\s|\]\s?[(\[]|^ {0,3}\[[^\]\n]{1,99}\]:\s|\*\*|^ {0,3}(?:=+|-{2,})[ \t]*$"
    r"|^ {0,3}(?:```|~~~)|^[ \t]+[-*+]\s"
    r"|</?(?:a|b|i|p|em|br|hr|h\d|li|ul|ol|tr|td|div|img|sub|sup|strong|table|center|details)\b",
    re.MULTILINE | re.IGNORECASE,
)
_NUMBER = re.compile(r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+(?=\S)")
_BULLET = re.compile(r"\s{0,3}[-*+•◦‣·–—]\s+(?=\S)")
_TABLE = re.compile(r"\s*\|")
_SENTENCE_END = tuple('.!?;,…"”')
_UNFINISHED = re.compile(r"\b(?:a|an|and|by|for|from|in|of|on|or|the|to|via|with),?$")


def is_plain_text(text: str) -> bool:
    """Return True if nothing in `text` is written as in Markdown."""
    if _MARKDOWN.search(text):
        return False
    lines = text.split("\n")
    return bool(_entry_marker(lines)) or not any(map(_TABLE.match, lines))


def parse_plain_text(text: str) -> list[Block]:
    """Return the blocks of a plain text."""
    lines = text.split("\n")
    marker = _entry_marker(lines)
    return _EntryParser(lines, marker).parse() if marker else _parse_paragraphs(lines)


def _entry_marker(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return the pattern that entries begin with, None if they have neither number nor bullet."""
    for marker in (_NUMBER, _BULLET):
        if sum(1 for line in lines if marker.match(line)) > 1:
            return marker
    return None


def _passage(text: str, number: int) -> Passage:
    return Passage((InlineSpan(text.strip()),), number, number + 1)


def _is_field(text: str) -> bool:
    return parse_field((InlineSpan(text.strip()),)) is not None


def _is_heading(text: str) -> bool:
    """Return True if a line has the form of a heading."""
    text = text.strip()
    is_plain = not text.startswith(recognise.QUOTES) and not text.endswith(_SENTENCE_END)
    return is_plain and 0 < len(text) <= MAX_HEADING and not _is_field(text)


class _EntryParser:
    """Parses a text whose entries begin with a number or a bullet."""

    def __init__(self, lines: Sequence[str], marker: re.Pattern[str]) -> None:
        self.lines = lines
        self.marker = marker
        starts = [bool(marker.match(line)) for line in lines]
        with_text_below = sum(
            start and bool(line.strip()) and not next_start
            for start, next_start, line in zip(starts, starts[1:], lines[1:], strict=False)
        )
        # If most entries have lines below them, the first of these is not a heading.
        self.have_bodies = with_text_below * 2 > starts.count(True)
        self.headings = self._find_headings(starts)
        self.blocks: list[Block] = []
        self.entry: ListEntry | None = None
        self.last = ""

    def _find_headings(self, starts: list[bool]) -> set[int]:
        """Return the indexes of the headings: lines above an entry, blank ones not counted."""
        headings = set()
        is_above_entry = False
        for index in range(len(self.lines) - 1, -1, -1):
            if starts[index]:
                is_above_entry = True
            elif self.lines[index].strip():
                is_body = self.have_bodies and index > 0 and starts[index - 1]
                if is_above_entry and not is_body and _is_heading(self.lines[index]):
                    headings.add(index)
                is_above_entry = False
        return headings

    def parse(self) -> list[Block]:
        for index, line in enumerate(self.lines):
            if not line.strip():
                if self.entry and not self.have_bodies:
                    self.entry = None
            elif marker := self.marker.match(line):
                self._begin_entry(line[marker.end() :], index + 1)
            elif index in self.headings:
                self.blocks.append(blocks.Heading(2, _passage(line, index + 1)))
                self.entry = None
            else:
                self._add_line(line, index + 1)
        return self.blocks

    def _begin_entry(self, text: str, number: int) -> None:
        self.entry = ListEntry(number, [_passage(text, number)])
        if self.blocks and isinstance(bullets := self.blocks[-1], BulletList):
            bullets.entries.append(self.entry)
        else:
            self.blocks.append(BulletList([self.entry]))
        self.last = text.strip()

    def _add_line(self, line: str, number: int) -> None:
        text = line.strip()
        ended = self.last.endswith((".", "!", "?", ")", "”", '"'))
        has_body = self.entry and (len(self.entry.passages) > 1 or not self.have_bodies)
        is_heading = has_body and ended and _is_heading(text) and not line.startswith((" ", "\t"))
        if _TABLE.match(line) or is_heading:
            self.entry = None
        if self.entry:
            self._continue_entry(self.entry, text, number)
        elif not self.blocks and _is_heading(text):
            self.blocks.append(blocks.Heading(1, _passage(text, number)))
        else:
            self.blocks.append(_passage(text, number))
        self.last = text

    def _continue_entry(self, entry: ListEntry, text: str, number: int) -> None:
        """Add a line to an entry, to its last passage if the sentence there goes on."""
        open_end = len(self.last) >= WRAP_WIDTH and not self.last.endswith((".", "!", "?", ":"))
        is_wrapped = open_end or bool(_UNFINISHED.search(self.last))
        is_field = _is_field(text)
        if is_field and len(entry.passages) == 2 and _ends_title(entry.passages[1].text):
            title, end = entry.passages
            entry.passages = [_extended(title, end.text, end.end)]
        is_separate = is_field or text.startswith(recognise.QUOTES) or recognise.web_address(text)
        if not is_separate and (is_wrapped or text[:1].islower()):
            entry.passages[-1] = _extended(entry.passages[-1], text, number + 1)
        else:
            entry.passages.append(_passage(text, number))


def _ends_title(text: str) -> bool:
    """Return True if a line between title and first field may be the title's second half."""
    return _is_heading(text) and leading_facts(text).remainder == text


def _extended(passage: Passage, text: str, end: int) -> Passage:
    return Passage((InlineSpan(f"{passage.text} {text}"),), passage.line, end)


def _parse_paragraphs(lines: Sequence[str]) -> list[Block]:
    """Return the blocks of a text without numbers and bullets: a work is a paragraph or a line."""
    groups: list[list[Passage]] = [[]]
    for index, line in enumerate(lines):
        begins_work = line[:20].lstrip().lower().startswith("title:")
        if groups[-1] and (not line.strip() or begins_work):
            groups.append([])
        if line.strip():
            groups[-1].append(_passage(line, index + 1))
    paragraphs: list[Block] = []
    for group in filter(None, groups):
        paragraphs.extend(_paragraph_blocks(group, 2 if paragraphs else 1))
    return paragraphs


def _paragraph_blocks(lines: list[Passage], level: int) -> Sequence[Block]:
    """Return the blocks of a paragraph; `level` is that of its first line if that is a heading."""
    roles = [role_of([line]) for line in lines]
    has_heading = roles[0] is Role.WORDS and _is_heading(lines[0].text)
    heading = [blocks.Heading(level, lines[0])] if has_heading else []
    ids = {recognise.arxiv_id_in(line.text) for line in lines[1:]} - {None}
    if roles.count(Role.WORK) > 1 or len(ids) > 1 or set(roles) == {Role.ADDRESS}:
        return [*heading, _works(lines[has_heading:], roles[has_heading:])]
    if heading and len(lines) == 1:
        return heading
    if set(roles) == {Role.WORDS} and all(_is_heading(line.text) for line in lines):
        return [_works(lines, [Role.WORK] * len(lines))]
    if set(roles) <= {Role.WORDS, Role.NOTHING}:
        return lines
    return [BulletList([ListEntry(lines[0].line, lines)])]


def _works(lines: list[Passage], roles: list[Role]) -> BulletList:
    entries: list[ListEntry] = []
    for line, role in zip(lines, roles, strict=True):
        if role in (Role.WORK, Role.ADDRESS) or not entries:
            entries.append(ListEntry(line.line))
        entries[-1].passages.append(line)
    return BulletList(entries)
