"""The HTML that stands between Markdown: headings, folded parts, lists and tables of it."""

from html import unescape

from papertui.importing.blocks import Block, Entry, Fold, FoldEnd, Heading, Listing, Passage, Table
from papertui.importing.spans import TAG, SpanWriter

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_SILENT = ("script", "style")
_HOLDERS = (*_LEVELS, "summary", "li", "td", "th")
_BREAKS = ("p", "div", "ul", "ol", "hr", "center", "blockquote")


def blocks_in(html: str, line: int) -> list[Block]:
    """Return what a stretch of HTML that begins on `line` holds."""
    return _Reader(line).read(html)


class _Reader:
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
            self.blocks.extend((FoldEnd(),) if closing else ())
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
            entries = [Entry(passage.line, [passage])]
            if isinstance(last, Listing):
                last.entries.extend(entries)
            else:
                self.blocks.append(Listing(entries))
        elif level := _LEVELS.get(self.holder):
            self.blocks.append(Heading(level, passage))
        else:
            self.blocks.append(Fold(passage) if self.holder == "summary" else passage)

    def _end_row(self) -> None:
        table = self.blocks[-1] if self.blocks else None
        if isinstance(table, Table) and self.row:
            if self.names_columns and not (table.header or table.rows):
                table.header = [cell.text.strip() for cell in self.row]
            else:
                table.rows.append(self.row)
        self.row, self.names_columns = [], False
