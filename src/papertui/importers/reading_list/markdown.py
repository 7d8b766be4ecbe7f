"""Markdown and HTML to blocks: markdown-it parses them, within the bounds set here."""

import re
from html import unescape
from itertools import accumulate
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from papertui.core.text import quantity
from papertui.importers.reading_list import inline
from papertui.importers.reading_list.blocks import FOLD, BlockWriter, Entry, Passage, Table
from papertui.importers.reading_list.line import Lines, read_lines

MAX_NESTING = 60
MAX_PARAGRAPH = 10_000
MAX_OPEN_BRACKETS = 8
# It costs markdown-it quadratic time, and no reading list needs it.
_CDATA = re.compile(r"<!\[CDATA\[", re.IGNORECASE)
# Older Markdown needed no blank behind the number signs of a heading.
_CLOSE_HEADING = re.compile(r"^(#{1,6})(?=\d|[A-Z][^#\n]*$)", re.MULTILINE)
_BROKEN_LINK = re.compile(r"\](?:[ ]\(|\([ \[(]+)(?=https?://)")
_ODD_IN_LINK = frozenset(' "<>\\^`{|}[]')
# A term and what is said of it: an entry and its lines.
_DEFINITION = re.compile(
    r"^(?![ \t]*(?:[-*+#>|:]|\d+[.)]))([^\n]+)((?:\n:[ \t]+[^\n]+)+)", re.MULTILINE
)
_UNDER_HEAD = re.compile(r"\|[ \t|:-]*-[ \t|:-]*")
_LEVELS = {"summary": FOLD, **{f"h{level}": level for level in range(1, 7)}}
_HIDDEN_TAGS = ("script", "style")
_ENTRY_TAGS = ("li", "dt")  # the latter is that of bookmarks
_CONTAINER_TAGS = (*_LEVELS, *_ENTRY_TAGS, "td", "th")
_BREAK_TAGS = ("p", "div", "ul", "ol", "dl", "dd", "hr", "center", "blockquote")
_BLOCK_TAGS = (*_CONTAINER_TAGS, *_BREAK_TAGS, "table", "tr", "details")

Rows = list[tuple[int, str]]  # the lines of a file, with their numbers


def repaired_markdown(text: str) -> Rows:
    """Return the lines of a Markdown text, mended where Markdown would not read them."""
    text = _BROKEN_LINK.sub("](", _CLOSE_HEADING.sub(r"\1 ", _CDATA.sub("", text)))
    text = _DEFINITION.sub(lambda term: f"- {term[1]}\n" + term[2].replace("\n:", "\n ")[1:], text)
    return _joined_rows(list(enumerate(text.split("\n"), 1)))


def cut_note(text: str, length: int) -> str:
    """Return a note that a text is cut, with the number of links that are lost."""
    lost = text.count("://", length)
    links = f", which leaves out {quantity(lost, 'address', 'addresses')}" if lost else ""
    return f"cut after {length:,} characters{links}"


def _joined_rows(lines: Rows) -> Rows:
    """Return lines without blank ones between the rows of a table, and with one before it."""
    kept: Rows = []
    for (number, line), (_, below) in zip(lines, [*lines[1:], (0, "")], strict=True):
        if line.lstrip().startswith("|"):
            while len(kept) > 1 and not kept[-1][1].strip() and kept[-2][1].rstrip().endswith("|"):
                kept.pop()
        if line.startswith("|") and _UNDER_HEAD.fullmatch(below):
            # Markdown would take the table below an entry for more words of it.
            kept.append((number, ""))
        kept.append((number, line))
    return kept


def _markdown_it(*rules: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # A list that is indented too far would be code otherwise.
    parser.disable("code")
    parser.core.ruler.enableOnly(rules)
    # Addresses are checked later, in every format alike.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = _complete_link  # type: ignore[method-assign]
    return parser


def _complete_link(url: str) -> str:
    """Return an address with the signs that it may not have encoded."""
    return url if url.isascii() and _ODD_IN_LINK.isdisjoint(url) else normalizeLink(url)


class MarkdownParser:
    """Parses the lines of a Markdown file, and adds a problem for each cut."""

    def __init__(self, problems: list[str], lines: Rows) -> None:
        self.problems = problems
        self.numbers = [number for number, _ in lines]
        self.text = "\n".join(line for _, line in lines)
        self.block_parser = _markdown_it("normalize", "block")
        self.inline_parser = _markdown_it()
        self.env: dict[str, Any] = {}
        self.writer = BlockWriter()

    def parse(self) -> Entry:
        """Return the root of the blocks."""
        level, in_table, too_deep = 0, False, False
        for token in self.block_parser.parse(self.text, self.env):
            if token.level >= MAX_NESTING - 1 and not too_deep:
                too_deep = True
                self._add_problem(token, "deeper nested entries are left out")
            match token.type:
                case "heading_open" | "heading_close":
                    level = int(token.tag[1:]) if token.nesting > 0 else 0
                case "list_item_open":
                    self.writer.open_entry()
                case "list_item_close":
                    self.writer.close_entry()
                case "table_open" if not self.writer.in_entry:
                    in_table = True
                    self.writer.add_block(Table())
                case "tr_close" if in_table:
                    self.writer.end_row(is_header=True)
                case "table_close":
                    in_table = False
                case "inline" if in_table:
                    self.writer.row.append(self._lines(token, in_cell=True))
                case "inline":
                    self.writer.add(self._lines(token), level)
                case "html_block":
                    _HtmlParser(self.writer, self._number(token)).parse(token.content)
                case "fence":
                    code = (inline.InlineSpan(token.content),)
                    number = self._number(token) + 1
                    lines = read_lines(code, number, number + 1)
                    self.writer.add_block(Passage(lines, is_code=True))
        return self.writer.root

    def _lines(self, token: Token, in_cell: bool = False) -> Lines:
        content, line, end = token.content, self._number(token), self._number(token, 1)
        if len(content) > MAX_PARAGRAPH:
            self._add_problem(token, cut_note(content, MAX_PARAGRAPH))
            content = content[:MAX_PARAGRAPH]
        if _has_tangled_brackets(content):
            self._add_problem(token, "too many open brackets, read as plain words")
            return read_lines((inline.InlineSpan(content),), line, end)
        tokens: list[Token] = []
        self.inline_parser.inline.parse(content, self.inline_parser, self.env, tokens)
        return read_lines(inline.inline_spans(tokens), line, end, in_cell)

    def _number(self, token: Token, end: int = 0) -> int:
        """Return the number of the line that a token begins in, or of that after its `end`."""
        at = token.map[end] if token.map else 0
        return self.numbers[at] if at < len(self.numbers) else self.numbers[-1] + 1

    def _add_problem(self, token: Token, text: str) -> None:
        self.problems.append(f"line {self._number(token)}: {text}")


def _has_tangled_brackets(content: str) -> bool:
    """Return True if more brackets are open than any writer leaves; each costs a search."""
    if content.count("[") <= MAX_OPEN_BRACKETS:
        return False
    rises = ((sign == "[") - (sign == "]") for sign in content)
    depths = accumulate(rises, lambda depth, rise: max(0, depth + rise))
    return any(depth > MAX_OPEN_BRACKETS for depth in depths)


class _HtmlParser:
    """Collects text until a tag ends its container, such as a list item or a cell."""

    def __init__(self, writer: BlockWriter, line: int) -> None:
        self.writer = writer
        self.line = self.first_line = line
        self.text = inline.SpanWriter()
        self.container = ""
        self.is_header = self.is_folder = False

    def parse(self, html: str) -> None:
        at, hidden = 0, False
        for tag in inline.TAG.finditer(html + "<!---->"):
            text = html[at : tag.start()]
            # The end of a line is a blank in HTML.
            if text.strip() and not hidden:
                self.text.write(unescape(text.replace("\n", " ")))
            self.line += text.count("\n")
            at = tag.end()
            if tag[2]:
                hidden = tag[2].lower() in _HIDDEN_TAGS and not tag[1]
                self._add_tag(tag)
            self.line += tag[0].count("\n")
        self._end_passage()
        self._end_row()

    def _add_tag(self, tag: re.Match[str]) -> None:
        closing, name = bool(tag[1]), tag[2].lower()
        ends_bookmark = name == "dl" and self.container == "dt"
        if name in _BREAK_TAGS and self.container and not ends_bookmark:
            self.text.write(inline.BREAK)
        elif name in _BLOCK_TAGS:
            self.is_folder = self.is_folder or (self.container == "dt" and name in _LEVELS)
            self._end_passage()
            self.container = "" if closing or name not in _CONTAINER_TAGS else name
            if name in ("table", "tr"):
                self._end_row()
            if name == "table" and not closing:
                self.writer.add_block(Table())
            elif name == "details" and closing and not self.writer.in_entry:
                self.writer.end_fold()
            elif name == "dl" and closing:
                self.writer.end_list()
            elif name == "dl":
                self.writer.open_list(self.is_folder)
            if name in ("dl", "dt"):
                self.is_folder = False
        else:
            self.text.add_html(tag)

    def _end_passage(self) -> None:
        """Add the text collected so far as a block, an entry or a cell."""
        in_cell = self.container in ("td", "th")
        lines = read_lines(self.text.finish(), self.first_line, self.line + 1, in_cell)
        self.first_line = self.line
        if in_cell:
            self.writer.row.append(lines)
            self.is_header = self.is_header or self.container == "th"
        elif lines and self.container in _ENTRY_TAGS and not self.writer.in_entry:
            self.writer.open_entry()
            self.writer.add(lines)
            self.writer.close_entry()
        else:
            self.writer.add(lines, _LEVELS.get(self.container, 0))

    def _end_row(self) -> None:
        self.writer.end_row(self.is_header)
        self.is_header = False
