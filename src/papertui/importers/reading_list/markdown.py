"""Markdown and HTML to blocks: markdown-it parses them, within the bounds set here."""

import re
from html import unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from papertui.importers.reading_list import blocks, spans
from papertui.importers.reading_list.blocks import (
    Block,
    BulletList,
    Code,
    ListEntry,
    Passage,
    Table,
)
from papertui.importers.reading_list.line import read_lines

MAX_NESTING = 60
MAX_PARAGRAPH = 10_000
MAX_OPEN_BRACKETS = 8
CODE_INDENT = 4
# It costs markdown-it quadratic time, and no reading list needs it.
_CDATA = re.compile(r"<!\[CDATA\[", re.IGNORECASE)
# Older Markdown needed no blank behind the number signs of a heading.
_CLOSE_HEADING = re.compile(r"^(#{1,6})(?=\d|[A-Z][^#\n]*$)", re.MULTILINE)
_BROKEN_LINK = re.compile(r"\](?:[ ]\(|\([ \[(]+)(?=https?://)")
_BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s")
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_TAGS = ("script", "style")
_CONTAINER_TAGS = (*_LEVELS, "summary", "li", "td", "th")
_BREAK_TAGS = ("p", "div", "ul", "ol", "hr", "center", "blockquote")


def parse_markdown(text: str, problems: list[str]) -> list[Block]:
    """Return the blocks of a Markdown text; add a problem for each cut."""
    text = _BROKEN_LINK.sub("](", _CLOSE_HEADING.sub(r"\1 ", _CDATA.sub("", text)))
    return _MarkdownParser(problems).parse(_dedented(text))


def _dedented(text: str) -> str:
    """Return `text` with lists that are indented as only a list in a list may be moved left."""
    lines = text.split("\n")
    in_list, excess = False, 0
    for index, line in enumerate(lines):
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if not bare:
            continue
        if _BULLET.match(bare):
            excess = indent if not in_list and indent >= CODE_INDENT else excess
            in_list = True
        elif not indent:
            in_list, excess = False, 0
        lines[index] = line[min(excess, indent) :]
    return "\n".join(lines)


def _markdown_it(*rules: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # A list that is indented too far would be code otherwise.
    parser.disable("code")
    parser.core.ruler.enableOnly(rules)
    # Addresses are checked later, in every format alike.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


class _MarkdownParser:
    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        self.block_parser = _markdown_it("normalize", "block")
        self.inline_parser = _markdown_it()
        self.env: dict[str, Any] = {}
        self.blocks: list[Block] = []
        self.bullets = BulletList()
        self.open_entries: list[ListEntry] = []
        self.table: Table | None = None
        self.row: list[Passage] = []
        self.heading_level = 0

    def parse(self, text: str) -> list[Block]:
        too_deep = False
        for token in self.block_parser.parse(text, self.env):
            if token.level >= MAX_NESTING - 1 and not too_deep:
                too_deep = True
                self._add_problem(token, "deeper nested entries are left out")
            self._add_token(token)
        return self.blocks

    def _add_token(self, token: Token) -> None:
        match token.type:
            case "heading_open" | "heading_close":
                self.heading_level = int(token.tag[1:]) if token.nesting > 0 else 0
            case "bullet_list_open" | "ordered_list_open" if not self.open_entries:
                self.bullets = BulletList()
                self.blocks.append(self.bullets)
            case "list_item_open":
                entry = ListEntry(_first_line(token))
                parent = self.open_entries[-1] if self.open_entries else self.bullets
                parent.entries.append(entry)
                self.open_entries.append(entry)
            case "list_item_close":
                self.open_entries.pop()
            case "table_open" if not self.open_entries:
                self.table = Table()
                self.blocks.append(self.table)
            case "tr_open":
                self.row = []
            case "tr_close" if self.table:
                self.table.add_row(self.row, is_header=not self.table.header)
            case "table_close":
                self.table = None
            case "inline":
                self._add_passage(self._passage(token))
            case "html_block":
                self._add_html(token)
            case "fence":
                code = (spans.InlineSpan(token.content),)
                number = _first_line(token) + 1
                self.blocks.append(Code(read_lines(code, number, number + 1)))

    def _add_passage(self, passage: Passage) -> None:
        if self.table:
            self.row.append(passage)
        elif not passage.lines:
            return
        elif self.open_entries:
            self.open_entries[-1].lines.extend(passage.lines)
        elif self.heading_level:
            self.blocks.append(blocks.Heading(self.heading_level, passage))
        else:
            self.blocks.append(passage)

    def _add_html(self, token: Token) -> None:
        html_blocks = _HtmlParser(_first_line(token)).parse(token.content)
        if self.open_entries:
            for passage in (getattr(block, "passage", block) for block in html_blocks):
                if isinstance(passage, Passage):
                    self.open_entries[-1].lines.extend(passage.lines)
        else:
            self.blocks.extend(html_blocks)

    def _passage(self, token: Token) -> Passage:
        content, line = token.content, _first_line(token)
        if len(content) > MAX_PARAGRAPH:
            self._add_problem(token, f"cut after {MAX_PARAGRAPH:,} characters")
            content = content[:MAX_PARAGRAPH]
        end = token.map[1] + 1 if token.map else line + 1
        if _has_tangled_brackets(content):
            self._add_problem(token, "too many open brackets, read as plain words")
            return Passage(read_lines((spans.InlineSpan(content),), line, end))
        inline: list[Token] = []
        self.inline_parser.inline.parse(content, self.inline_parser, self.env, inline)
        return Passage(read_lines(spans.inline_spans(inline), line, end))

    def _add_problem(self, token: Token, text: str) -> None:
        self.problems.append(f"line {_first_line(token)}: {text}")


def _has_tangled_brackets(content: str) -> bool:
    """Return True if more brackets are open than any writer leaves; each costs a search."""
    depth = 0
    if content.count("[") > MAX_OPEN_BRACKETS:
        for sign in content:
            depth = depth + 1 if sign == "[" else max(0, depth - 1) if sign == "]" else depth
            if depth > MAX_OPEN_BRACKETS:
                return True
    return False


def _first_line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


class _HtmlParser:
    """Collects text until a tag ends its container, such as a list item or a cell."""

    def __init__(self, line: int) -> None:
        self.line = self.first_line = line
        self.writer = spans.SpanWriter()
        self.container = ""
        self.blocks: list[Block] = []
        self.row: list[Passage] = []
        self.is_header = False

    def parse(self, html: str) -> list[Block]:
        at, hidden = 0, False
        for tag in spans.TAG.finditer(html):
            if not hidden:
                self._add_text(html[at : tag.start()])
            at = tag.end()
            if tag[2]:
                closing, name = bool(tag[1]), tag[2].lower()
                hidden = name in _HIDDEN_TAGS and not closing
                self._add_tag(closing, name, tag[3])
            self.line += tag[0].count("\n")
        if not hidden:
            self._add_text(html[at:])
        self._end_passage()
        return [block for block in self.blocks if not isinstance(block, Table) or block.rows]

    def _add_text(self, text: str) -> None:
        """Add text; the end of a line is a blank in HTML."""
        if text.strip():
            self.writer.write(unescape(text.replace("\n", " ")))
        self.line += text.count("\n")

    def _add_tag(self, closing: bool, name: str, attributes: str) -> None:
        if name in _CONTAINER_TAGS:
            self._end_passage()
            self.container = "" if closing else name
        elif name in _BREAK_TAGS and self.container:
            self.writer.write(spans.BREAK)
        elif name in _BREAK_TAGS:
            self._end_passage()
        elif name in ("table", "tr"):
            self._end_passage()
            self._end_row()
            self.blocks.extend((Table(),) if name == "table" and not closing else ())
        elif name == "details":
            self._end_passage()
            self.blocks.extend((blocks.DetailsEnd(),) if closing else ())
        else:
            self.writer.write_tag(closing, name, attributes)

    def _end_passage(self) -> None:
        """Add the text collected so far as a block, an entry or a cell."""
        passage = Passage(read_lines(self.writer.finish(), self.first_line, self.line + 1))
        self.first_line = self.line
        last = self.blocks[-1] if self.blocks else None
        if self.container in ("td", "th") and isinstance(last, Table):
            self.row.append(passage)
            self.is_header = self.is_header or self.container == "th"
        elif not passage.lines:
            return
        elif self.container == "li":
            entry = ListEntry(passage.lines[0].number, [*passage.lines])
            if isinstance(last, BulletList):
                last.entries.append(entry)
            else:
                self.blocks.append(BulletList([entry]))
        elif level := _LEVELS.get(self.container):
            self.blocks.append(blocks.Heading(level, passage))
        else:
            is_summary = self.container == "summary"
            self.blocks.append(blocks.Details(passage) if is_summary else passage)

    def _end_row(self) -> None:
        table = self.blocks[-1] if self.blocks else None
        if isinstance(table, Table) and self.row:
            table.add_row(self.row, self.is_header and not (table.header or table.rows))
        self.row, self.is_header = [], False
