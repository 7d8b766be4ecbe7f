"""Markdown as blocks. markdown-it knows the language; here it is kept within bounds."""

import re
from html import unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from papertui.importers.reading_list.blocks import (
    TAG,
    Block,
    BulletList,
    Details,
    DetailsEnd,
    Heading,
    InlineSpan,
    ListEntry,
    Passage,
    SpanWriter,
    Table,
    spans_of,
)

MAX_NESTING = 60
MAX_PARAGRAPH = 10_000
_MOST_OPEN = 8
_BRACKETS = re.compile(r"[\[\]]")
# It costs markdown-it time squared, and no reading list needs it.
_CDATA = re.compile(r"<!\[CDATA\[", re.IGNORECASE)


def blocks_of(text: str, problems: list[str]) -> list[Block]:
    """Return the blocks of a Markdown text; what had to be cut goes to `problems`."""
    return _MarkdownReader(problems).read(_CDATA.sub("", text))


def _parser(*rules: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # Code is no list, but a list that is indented too far is one.
    parser.disable("code")
    parser.core.ruler.enableOnly(rules)
    # Whether an address may be opened is asked later, of every address alike.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


class _MarkdownReader:
    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        self.outer = _parser("normalize", "block")
        self.inner = _parser("normalize", "block", "inline", "text_join")
        self.env: dict[str, Any] = {}
        self.blocks: list[Block] = []
        self.listing = BulletList()
        self.entries: list[ListEntry] = []
        self.table: Table | None = None
        self.row: list[Passage] = []
        self.level = 0

    def read(self, text: str) -> list[Block]:
        too_deep = False
        for token in self.outer.parse(text, self.env):
            if token.level >= MAX_NESTING - 1 and not too_deep:
                too_deep = True
                self.problems.append(f"{_where(token)}: what is nested deeper is left out")
            self._take(token)
        return self.blocks

    def _take(self, token: Token) -> None:
        match token.type:
            case "heading_open" | "heading_close":
                self.level = int(token.tag[1:]) if token.nesting > 0 else 0
            case "bullet_list_open" | "ordered_list_open" if not self.entries:
                self.listing = BulletList()
                self.blocks.append(self.listing)
            case "list_item_open":
                entry = ListEntry(_first_line(token))
                (self.entries[-1] if self.entries else self.listing).entries.append(entry)
                self.entries.append(entry)
            case "list_item_close":
                self.entries.pop()
            case "table_open" if not self.entries:
                self.table = Table()
                self.blocks.append(self.table)
            case "tr_open":
                self.row = []
            case "tr_close" if self.table:
                self._end_row(self.table)
            case "table_close":
                self.table = None
            case "inline":
                self._place(self._passage(token))
            case "html_block":
                self._html(token)

    def _end_row(self, table: Table) -> None:
        if table.header:
            table.rows.append(self.row)
        else:
            table.header = [cell.text.strip() for cell in self.row]

    def _place(self, passage: Passage) -> None:
        if self.table:
            self.row.append(passage)
        elif not passage.spans:
            return
        elif self.entries:
            self.entries[-1].passages.append(passage)
        else:
            self.blocks.append(Heading(self.level, passage) if self.level else passage)

    def _html(self, token: Token) -> None:
        blocks = blocks_in(token.content, _first_line(token))
        if self.entries:
            passages = (getattr(block, "passage", block) for block in blocks)
            self.entries[-1].passages.extend(p for p in passages if isinstance(p, Passage))
        else:
            self.blocks.extend(blocks)

    def _passage(self, token: Token) -> Passage:
        content, line = token.content, _first_line(token)
        if len(content) > MAX_PARAGRAPH:
            self.problems.append(f"{_where(token)}: cut after {MAX_PARAGRAPH:,} characters")
            content = content[:MAX_PARAGRAPH]
        end = token.map[1] + 1 if token.map else line + 1
        if _tangled(content):
            self.problems.append(f"{_where(token)}: too many open brackets, read as plain words")
            return Passage((InlineSpan(content),), line, end)
        (inline,) = self.inner.parseInline(content, self.env)
        return Passage(spans_of(inline.children or []), line, end)


def _tangled(content: str) -> bool:
    """Say whether brackets stand open as no writer leaves them; each costs another search."""
    depth = 0
    if content.count("[") > _MOST_OPEN:
        for found in _BRACKETS.finditer(content):
            depth = depth + 1 if found[0] == "[" else max(0, depth - 1)
            if depth > _MOST_OPEN:
                return True
    return False


def _first_line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _where(token: Token) -> str:
    return f"line {_first_line(token)}"


_LEVELS = {f"h{level}": level for level in range(1, 7)}
_SILENT = ("script", "style")
_HOLDERS = (*_LEVELS, "summary", "li", "td", "th")
_BREAKS = ("p", "div", "ul", "ol", "hr", "center", "blockquote")


def blocks_in(html: str, line: int) -> list[Block]:
    """Return what a stretch of HTML that begins on `line` holds."""
    return _HtmlReader(line).read(html)


class _HtmlReader:
    """Gathers words until a tag ends what holds them."""

    def __init__(self, line: int) -> None:
        self.line = self.began = line
        self.writer = SpanWriter()
        self.holder = ""
        self.blocks: list[Block] = []
        self.row: list[Passage] = []
        self.names_columns = False

    def read(self, html: str) -> list[Block]:
        at, silent = 0, False
        for found in TAG.finditer(html):
            if not silent:
                self._words(html[at : found.start()])
            at = found.end()
            if found[2]:
                closing, name = bool(found[1]), found[2].lower()
                silent = name in _SILENT and not closing
                self._tag(closing, name, found[3])
            self.line += found[0].count("\n")
        if not silent:
            self._words(html[at:])
        self._place()
        return [block for block in self.blocks if not isinstance(block, Table) or block.rows]

    def _words(self, text: str) -> None:
        """Take words; a line's end is a blank in HTML."""
        if text.strip():
            self.writer.text(unescape(text.replace("\n", " ")))
        self.line += text.count("\n")

    def _tag(self, closing: bool, name: str, attributes: str) -> None:
        if name in _HOLDERS:
            self._place()
            self.holder = "" if closing else name
        elif name in _BREAKS and self.holder:
            self.writer.text("\n")
        elif name in _BREAKS:
            self._place()
        elif name in ("table", "tr"):
            self._place()
            self._end_row()
            self.blocks.extend((Table(),) if name == "table" and not closing else ())
        elif name == "details":
            self._place()
            self.blocks.extend((DetailsEnd(),) if closing else ())
        else:
            self.writer.tag(closing, name, attributes)

    def _place(self) -> None:
        """Put the words gathered so far where they belong."""
        spans = self.writer.take()
        passage = Passage(spans, self.began, self.line + 1)
        self.began = self.line
        last = self.blocks[-1] if self.blocks else None
        if self.holder in ("td", "th") and isinstance(last, Table):
            self.row.append(passage)
            self.names_columns = self.names_columns or self.holder == "th"
        elif not spans:
            return
        elif self.holder == "li":
            entries = [ListEntry(passage.line, [passage])]
            if isinstance(last, BulletList):
                last.entries.extend(entries)
            else:
                self.blocks.append(BulletList(entries))
        elif level := _LEVELS.get(self.holder):
            self.blocks.append(Heading(level, passage))
        else:
            self.blocks.append(Details(passage) if self.holder == "summary" else passage)

    def _end_row(self) -> None:
        table = self.blocks[-1] if self.blocks else None
        if isinstance(table, Table) and self.row:
            if self.names_columns and not (table.header or table.rows):
                table.header = [cell.text.strip() for cell in self.row]
            else:
                table.rows.append(self.row)
        self.row, self.names_columns = [], False
