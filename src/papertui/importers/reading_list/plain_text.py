"""Plain text to blocks: numbered entries, bullets or paragraphs, and their headings."""

import re
from collections.abc import Sequence

from papertui.importers.reading_list import addresses, blocks
from papertui.importers.reading_list.blocks import Block, BulletList, ListEntry, Passage
from papertui.importers.reading_list.line import GOES_ON, Kind, Line
from papertui.importers.reading_list.spans import InlineSpan

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
_SENTENCE_END = tuple('.!?;,…"”')


def is_plain_text(text: str) -> bool:
    """Return True if nothing in `text` is written as in Markdown."""
    if _MARKDOWN.search(text):
        return False
    lines = text.split("\n")
    has_entry = any(_BULLET.match(line) or line.lstrip().startswith("|") for line in lines)
    return bool(_entry_marker(lines)) or not has_entry


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


def _line(text: str, number: int, end: int = 0) -> Line:
    return Line((InlineSpan(text.strip()),), number, end or number + 1)


def _is_heading(line: Line) -> bool:
    """Return True if a line has the form of a heading."""
    is_plain = not line.is_quoted and not line.text.endswith(_SENTENCE_END)
    return is_plain and 0 < len(line.text) <= MAX_HEADING and not line.field


class _EntryParser:
    """Parses a text whose entries begin with a number or a bullet."""

    def __init__(self, texts: Sequence[str], marker: re.Pattern[str]) -> None:
        self.texts = texts
        starts = [marker.match(text) for text in texts]
        self.lines = [
            _line(text[start.end() :] if start else text, number)
            for number, (text, start) in enumerate(zip(texts, starts, strict=True), 1)
        ]
        self.starts = [start is not None for start in starts]
        with_text_below = sum(
            start and bool(text.strip()) and not next_start
            for start, next_start, text in zip(
                self.starts, self.starts[1:], texts[1:], strict=False
            )
        )
        # If most entries have lines below them, the first of these is not a heading.
        self.have_bodies = with_text_below * 2 > self.starts.count(True)
        self.headings = self._find_headings()
        self.blocks: list[Block] = []
        self.entry: ListEntry | None = None
        self.last = ""

    def _find_headings(self) -> set[int]:
        """Return the indexes of the headings: lines above an entry, blank ones not counted."""
        headings = set()
        is_above_entry = False
        for index in range(len(self.lines) - 1, -1, -1):
            if self.starts[index]:
                is_above_entry = True
            elif self.lines[index].text:
                is_body = self.have_bodies and index > 0 and self.starts[index - 1]
                if is_above_entry and not is_body and _is_heading(self.lines[index]):
                    headings.add(index)
                is_above_entry = False
        return headings

    def parse(self) -> list[Block]:
        for index, line in enumerate(self.lines):
            if self.starts[index]:
                self._begin_entry(line)
            elif not line.text:
                if self.entry and not self.have_bodies:
                    self.entry = None
            elif index in self.headings:
                self.blocks.append(blocks.Heading(2, Passage((line,))))
                self.entry = None
            else:
                self._add_line(line, is_indented=self.texts[index].startswith((" ", "\t")))
        return self.blocks

    def _begin_entry(self, line: Line) -> None:
        self.entry = ListEntry(line.number, [line])
        if self.blocks and isinstance(bullets := self.blocks[-1], BulletList):
            bullets.entries.append(self.entry)
        else:
            self.blocks.append(BulletList([self.entry]))
        self.last = line.text

    def _add_line(self, line: Line, is_indented: bool) -> None:
        ended = self.last.endswith((".", "!", "?", ")", "”", '"'))
        has_body = self.entry and (len(self.entry.lines) > 1 or not self.have_bodies)
        is_heading = has_body and ended and _is_heading(line) and not is_indented
        if line.text.startswith("|") or is_heading:
            self.entry = None
        if self.entry:
            self._continue_entry(self.entry, line)
        elif not self.blocks and _is_heading(line):
            self.blocks.append(blocks.Heading(1, Passage((line,))))
        else:
            self.blocks.append(Passage((line,)))
        self.last = line.text

    def _continue_entry(self, entry: ListEntry, line: Line) -> None:
        """Add a line to an entry, to its last line if the sentence there goes on."""
        open_end = len(self.last) >= WRAP_WIDTH and not self.last.endswith((".", "!", "?", ":"))
        is_wrapped = open_end or bool(GOES_ON.search(self.last[-20:]))
        if line.field and len(entry.lines) == 2 and _ends_title(entry.lines[1]):
            title, second = entry.lines
            entry.lines = [_joined(title, second)]
        is_separate = line.field or line.is_quoted or addresses.web_address(line.text)
        if not is_separate and (is_wrapped or line.text[:1].islower()):
            entry.lines[-1] = _joined(entry.lines[-1], line)
        else:
            entry.lines.append(line)


def _ends_title(line: Line) -> bool:
    """Return True if a line between title and first field may be the title's second half."""
    return _is_heading(line) and not line.facts


def _joined(line: Line, after: Line) -> Line:
    """Return two lines as one."""
    return _line(f"{line.text} {after.text}", line.number, after.end)


def _parse_paragraphs(texts: Sequence[str]) -> list[Block]:
    """Return the blocks of a text without numbers and bullets: a work is a paragraph or a line."""
    groups: list[list[Line]] = [[]]
    for number, text in enumerate(texts, 1):
        begins_work = text[:20].lstrip().lower().startswith("title:")
        if groups[-1] and (not text.strip() or begins_work):
            groups.append([])
        if text.strip():
            groups[-1].append(_line(text, number))
    paragraphs: list[Block] = []
    for group in filter(None, groups):
        paragraphs.extend(_paragraph_blocks(group, 2 if paragraphs else 1))
    return paragraphs


def _paragraph_blocks(lines: list[Line], level: int) -> Sequence[Block]:
    """Return the blocks of a paragraph; `level` is that of its first line if that is a heading."""
    kinds = [line.kind for line in lines]
    has_heading = kinds[0] is Kind.WORDS and _is_heading(lines[0])
    heading = [blocks.Heading(level, Passage((lines[0],)))] if has_heading else []
    ids = {addresses.arxiv_id_in(line.text) for line in lines[1:]} - {None}
    if kinds.count(Kind.WORK) > 1 or len(ids) > 1 or set(kinds) == {Kind.ADDRESS}:
        return [*heading, _works(lines[has_heading:], kinds[has_heading:])]
    if heading and len(lines) == 1:
        return heading
    if set(kinds) == {Kind.WORDS} and all(map(_is_heading, lines)):
        return [_works(lines, [Kind.WORK] * len(lines))]
    if set(kinds) <= {Kind.WORDS, Kind.NOTHING}:
        return [Passage((line,)) for line in lines]
    return [BulletList([ListEntry(lines[0].number, lines)])]


def _works(lines: list[Line], kinds: list[Kind]) -> BulletList:
    entries: list[ListEntry] = []
    for line, kind in zip(lines, kinds, strict=True):
        if kind in (Kind.WORK, Kind.ADDRESS) or not entries:
            entries.append(ListEntry(line.number))
        entries[-1].lines.append(line)
    return BulletList(entries)
