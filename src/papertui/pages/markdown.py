"""Notes: Markdown as lines of styled text, laid out from the tokens of markdown-it."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from papertui.core.identifiers import is_web_address
from papertui.core.text import cells, chop, safe_line, terminal_safe
from papertui.pages.layout import (
    CODE,
    DIM,
    EMPHASIS,
    HEADING,
    LINK,
    MIN_ROOM,
    STRIKE,
    STRONG,
    Line,
    Span,
    Writer,
    wrapped,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

MAX_LINES = 5_000
# Letters of a line that is longer than any that somebody types: it is shown as it is.
MAX_LETTERS = 5_000
# Blocks within blocks.
MAX_NESTING = 60
_RULE = 40
# Cells of a column of a table below which its rows are written one below the other.
_MIN_COLUMN = 6
_FENCE = r"\s*(```+|~~~+)"
_CODE = r"(`+[^`]*`+)"
_PIPE, _BAR, _CROSS = r"(?<!\\)\|", " │ ", "─┼─"
# Signs that a formula as text has by chance.
_SIGNS = r"([\\`*_\[\]<>~|&])"
_BOX = r"\[([ xX])\]\s+"
# A text without any of these is paragraphs, which need no parser.
_MARKUP = r"(?m)[*_`~\[<|\\&$]|://|^ {0,3}(?:[-+>=]|#{1,6}(?:\s|$)|\d{1,9}[.)])|^(?: {4}|\t)"
_STYLES = {"strong": STRONG, "em": EMPHASIS, "s": STRIKE, "link": LINK}


def write_markdown(page: Writer, text: str) -> None:
    """Add a Markdown text to a page, at most `MAX_LINES` lines of it."""
    page.lines += _laid_out(text, page.width, bool(page.lines and page.lines[-1].spans))


@lru_cache(maxsize=256)
def _laid_out(text: str, width: int, is_below: bool) -> Sequence[Line]:
    """Return a text as lines; a work that is looked at again has them at once.

    `is_below` is True if a line of text is above: a heading keeps off it.
    """
    page = Writer(width, [Line((Span(" "),))] if is_below else [])
    above = len(page.lines)
    lines = terminal_safe(text).split("\n")
    shown = lines[:MAX_LINES]
    if re.search(_MARKUP, text) and max(map(len, shown)) < MAX_LETTERS:
        source = _with_formulas(shown)
        _Blocks(page, source).write(_tree("\n".join(source)))
    else:
        for line in shown:
            page.text(line) if line.strip() else page.blank()
    if len(lines) > MAX_LINES:
        page.line(Span(f"… and {len(lines) - MAX_LINES:,} more lines", DIM))
    return page.lines[above:]


@lru_cache(maxsize=2)
def _parser(has_addresses: bool) -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # Text stays text: tags are shown as they were typed.
    options = {"html": False, "maxNesting": 2 * MAX_NESTING, "linkify": has_addresses}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    # A line such as `[todo]: later` would vanish as the definition of a link.
    parser.disable(["html_block", "html_inline", "reference"])
    if has_addresses and parser.linkify:
        parser.enable("linkify")
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return parser


def load() -> None:
    """Load the parsers, which takes 40 ms."""
    for has_addresses in (False, True):
        _parser(has_addresses)


def _tree(source: str) -> "SyntaxTreeNode":
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(_parser("://" in source).parse(source))


def _with_formulas(lines: Sequence[str]) -> list[str]:
    """Return lines with the formulas in them as text; code is left alone."""
    if not any("$" in line for line in lines):
        return [*lines]
    from papertui.core.tex import formulas_to_text

    shown, fence = [], ""
    for line in lines:
        if mark := re.match(_FENCE, line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        if fence or "$" not in line:
            shown.append(line)
            continue
        parts = re.split(_CODE, line)
        parts[::2] = [formulas_to_text(part, _escaped) for part in parts[::2]]
        shown.append("".join(parts))
    return shown


def _escaped(formula: str) -> str:
    return re.sub(_SIGNS, r"\\\1", formula)


class _Blocks:
    """Writes blocks below each other, each line behind the marks of the blocks around it."""

    def __init__(self, page: Writer, source: Sequence[str]) -> None:
        self._page = page
        self._source = source
        # The marks of the blocks around the next line, and of those around the lines below it.
        self._rest: list[Span] = []
        self._first = self._rest

    @property
    def _room(self) -> int:
        return max(MIN_ROOM, self._page.width - sum(cells(span.text) for span in self._rest))

    def write(self, node: "SyntaxTreeNode") -> None:
        """Write the blocks within a node."""
        for block in node.children:
            if block.map and block.map[0] and not self._source[block.map[0] - 1].strip(" \t>"):
                self._blank()
            getattr(self, f"_{block.type}", self._paragraph)(block)

    def _blank(self) -> None:
        if self._first is not self._rest:
            # The mark of an item is still to come.
            return
        marks = "".join(span.text for span in self._rest).rstrip()
        self._page.line(Span(marks, DIM)) if marks else self._page.blank()

    def _line(self, spans: Sequence[Span]) -> None:
        words = [*spans]
        while words and not words[-1].text.strip():
            words.pop()
        if words:
            words[-1] = words[-1]._replace(text=words[-1].text.rstrip())
        room = self._page.width - MIN_ROOM
        marks, used = [], 0
        for mark in reversed(self._first):
            # Deep within others, only the nearest marks have room.
            used += cells(mark.text)
            if used > room:
                break
            marks.append(mark)
        self._page.line(*reversed(marks), *words)
        self._first = self._rest

    def _within(self, block: "SyntaxTreeNode", first: Span, rest: Span) -> None:
        outer_first, outer_rest = self._first, self._rest
        self._first, self._rest = [*outer_first, first], [*outer_rest, rest]
        self.write(block)
        if self._first is not self._rest:
            # Nothing was in it.
            self._line(())
        self._first, self._rest = outer_rest, outer_rest

    def _paragraph(self, block: "SyntaxTreeNode") -> None:
        for spans in _inline_lines(block.children):
            self._write(spans)

    def _heading(self, block: "SyntaxTreeNode") -> None:
        if self._first is self._rest:
            self._blank()
        for spans in _inline_lines(block.children):
            self._write(_in_style(spans, HEADING))

    def _blockquote(self, block: "SyntaxTreeNode") -> None:
        self._within(block, Span("│ ", DIM), Span("│ ", DIM))

    def _bullet_list(self, block: "SyntaxTreeNode") -> None:
        self._items(block, ["• "] * len(block.children))

    def _ordered_list(self, block: "SyntaxTreeNode") -> None:
        numbers = [item.info for item in block.children]
        size = max(map(len, numbers))
        self._items(block, [f"{number:>{size}}. " for number in numbers])

    def _items(self, block: "SyntaxTreeNode", marks: Sequence[str]) -> None:
        for item, mark in zip(block.children, marks, strict=True):
            if item is not block.children[0] and item.map:
                before = item.map[0] - 1
                if not self._source[before].strip(" \t>"):
                    self._blank()
            if box := _taken_box(item):
                mark = mark.replace("• ", "") + ("☑ " if box in "xX" else "☐ ")
            self._within(item, Span(mark), Span(" " * cells(mark)))

    def _fence(self, block: "SyntaxTreeNode") -> None:
        for line in block.content.removesuffix("\n").split("\n"):
            for piece in chop(terminal_safe(line), max(MIN_ROOM, self._room - 2)):
                self._line([Span("  "), Span(piece, CODE)] if piece else [])

    _code_block = _fence

    def _hr(self, block: "SyntaxTreeNode") -> None:
        self._line([Span("─" * min(self._room, _RULE), DIM)])

    def _table(self, block: "SyntaxTreeNode") -> None:
        rows = [row for part in block.children for row in part.children]
        cells_of_rows = [[[*_spans(cell.children)] for cell in row.children] for row in rows]
        assert block.map
        source = self._source[slice(*block.map)]
        size = len(cells_of_rows[0])
        if any(len(re.findall(_PIPE, line.strip(" \t>|"))) >= size for line in source):
            # A row with more cells than the head would lose them.
            for text in source:
                self._write([Span(terminal_safe(text), CODE)])
            return
        room = self._room - cells(_BAR) * (size - 1)
        if widths := _column_widths(cells_of_rows, room):
            is_right = ["right" in str(cell.attrs.get("style", "")) for cell in rows[0].children]
            for line in _table_lines(cells_of_rows, widths, is_right):
                self._line(line)
            return
        head, *body = cells_of_rows
        for row in body or [[[] for _ in head]]:
            for name, cell in zip(head, row, strict=True):
                self._write([*_in_style(name, STRONG), Span(": "), *cell])
            self._blank()

    def _write(self, spans: Sequence[Span]) -> None:
        for line in wrapped(spans, self._room):
            self._line(line)


def _taken_box(item: "SyntaxTreeNode") -> str:
    """Return what is in the box that an item begins with, and take the box out of its text."""
    node = item
    while node.children and node.type != "text":
        node = node.children[0]
    if node.type != "text" or not (box := re.match(_BOX, node.content)):
        return ""
    assert node.token
    node.token.content = node.content[box.end() :]
    return box[1]


def _inline_lines(nodes: Sequence["SyntaxTreeNode"]) -> Iterator[list[Span]]:
    """Yield the lines of a text as they were typed, in spans."""
    line: list[Span] = []
    for span in _spans(nodes):
        if span.text == "\n":
            yield line
            line = []
        else:
            line.append(span)
    yield line


def _spans(
    nodes: Sequence["SyntaxTreeNode"], style: str = "", target: str | None = None
) -> Iterator[Span]:
    """Yield inline text in spans; a line end is a span of its own."""
    for node in nodes:
        if node.type in ("softbreak", "hardbreak"):
            yield Span("\n")
        elif node.type == "image":
            yield from _image(node, style)
        elif node.type == "link":
            address = str(node.attrs["href"])
            leads = address if is_web_address(address) else None
            yield from _spans(node.children, f"{style} {LINK}".strip() if leads else style, leads)
            if not leads:
                yield Span(f" ({safe_line(address)})", DIM)
        elif node.children:
            name = _STYLES.get(node.type, "")
            yield from _spans(node.children, f"{style} {name}".strip(), target)
        else:
            name = CODE if node.type == "code_inline" else ""
            text = terminal_safe(node.content).replace("\n", " ")
            yield Span(text, f"{style} {name}".strip(), target)


def _image(node: "SyntaxTreeNode", style: str) -> Iterator[Span]:
    """Yield an image as a link that says what is on it."""
    address = str(node.attrs["src"])
    shown = safe_line(node.content) or safe_line(address).rsplit("/", 1)[-1]
    if is_web_address(address):
        yield Span(f"image: {shown}", f"{style} {LINK}".strip(), address)
    else:
        yield Span(f"image: {shown}", style)
        yield Span(f" ({safe_line(address)})", DIM)


def _column_widths(rows: Sequence[Sequence[Sequence[Span]]], room: int) -> list[int]:
    """Return the cells of each column of a table, none if there is too little room for it."""
    columns = [*zip(*rows, strict=True)]
    widths = [
        max(1, *(sum(cells(span.text) for span in cell) for cell in column)) for column in columns
    ]
    least = [min(width, _MIN_COLUMN) for width in widths]
    if sum(least) > room:
        return []
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda column: widths[column] - least[column])
        widths[widest] -= 1
    return widths


def _table_lines(
    rows: Sequence[Sequence[Sequence[Span]]], widths: Sequence[int], is_right: Sequence[bool]
) -> Iterator[list[Span]]:
    """Yield the lines of a table in columns, the head above a rule."""
    for number, row in enumerate(rows):
        columns = [
            wrapped(_in_style(cell, STRONG) if not number else cell, width)
            for cell, width in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*columns, fillvalue=[]):
            line: list[Span] = []
            for part, width, right in zip(parts, widths, is_right, strict=True):
                line += [Span(_BAR, DIM)] if line else []
                gap = Span(" " * (width - sum(cells(span.text) for span in part)))
                line += [gap, *part] if right else [*part, gap]
            yield line
        if not number:
            yield [Span(_CROSS.join("─" * width for width in widths), DIM)]


def _in_style(spans: Sequence[Span], style: str) -> list[Span]:
    """Return spans in a style below their own."""
    return [span._replace(style=f"{style} {span.style}".strip()) for span in spans]
