"""The section tree: rows painted line by line, with a cursor."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain, takewhile
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip

from papertui.core.labels import Glyphs
from papertui.core.library_tree import Branch, Leaf, Row, row_concerned
from papertui.core.search_words import marked
from papertui.core.text import cells, safe_line, shorten
from papertui.tui.command import command
from papertui.tui.widgets.page import PaintedLines

MAX_EXTRA_CELLS = 24


class LibraryTree(PaintedLines, can_focus=True):
    """Paints rows and moves a cursor over them; the screen decides which branches are open.

    It calls `moved` when the cursor is on another row, `toggled` to open or close a branch
    and `chosen` to go to the work under the cursor.
    """

    # The actions that do nothing but move the cursor.
    MOVES = ("move(", "go(", "page(", "section(")
    # How far they lead depends on the size, which changes as a message comes or goes.
    SIZED_MOVES = ("page(",)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"outline--{part}"
        for part in ("list", "section", "dim", "done", "found", "cursor", "cursor-away")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        command("tree.up", "up,k", "move(-1)", "Go up"),
        command("tree.down", "down,j", "move(1)", "Go down"),
        command("tree.left", "left,h", "leave", "Close the section, or go to the one around it"),
        command("tree.right", "right,l", "enter", "Open the section, or go into it"),
        command("tree.top", "home,g", "go(0)", "Go to the top"),
        command("tree.end", "end,G", "go(-1)", "Go to the end"),
        command("tree.page-up", "pageup,ctrl+b", "page(-1)", "Go up a page"),
        command("tree.page-down", "pagedown,ctrl+f", "page(1)", "Go down a page"),
        command("tree.half-up", "ctrl+u", "page(-0.5)", "Go up half a page"),
        command("tree.half-down", "ctrl+d", "page(0.5)", "Go down half a page"),
        command("tree.previous", "left_square_bracket", "section(-1)", "Previous section"),
        command("tree.next", "right_square_bracket", "section(1)", "Next section"),
        command("tree.choose", "enter", "choose", "Open or close the section; go to the work"),
    ]

    def __init__(
        self,
        glyphs: Glyphs,
        moved: Callable[[], None],
        toggled: Callable[[Branch], None],
        chosen: Callable[[], None],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._moved = moved
        self._toggled = toggled
        self._chosen = chosen
        # How often the key that is handed on is to go.
        self.count: int | None = None
        self._has_chosen = False
        self._rows: Sequence[Row] = ()
        self._cursor = 0
        self._words: Sequence[str] = ()
        self._empty = ""
        # The signs behind the titles of works, by citekey.
        self.signs: Mapping[str, str] = {}
        # The works that the reader marked, by citekey.
        self.marked: Collection[str] = ()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def key_above(self) -> str | None:
        """The key of the row above the cursor."""
        return self._rows[self._cursor - 1].key if self._rows and self._cursor else None

    def row_number(self, key: str | None, otherwise: int) -> int:
        """Return the number of the row with a key, another if there is none."""
        return next((i for i, row in enumerate(self._rows) if row.key == key), otherwise)

    def show(
        self,
        rows: Sequence[Row],
        cursor: str | None = None,
        words: Sequence[str] = (),
        empty: str = "",
    ) -> None:
        """Show rows, with the cursor on the one with the key `cursor`, or else where it was.

        Of a work that is gone, that is the nearest one of its section, or else the heading.
        Searched `words` are marked in the titles; `empty` is shown if there are no rows.
        """
        self._words = words
        self._empty = empty
        before, rows_before, at = self.row, self._rows, self._cursor
        key = cursor or (before.key if before else None)
        self._rows = rows
        self._cursor = self.row_number(key, -1)
        if self._cursor < 0:
            self._cursor = self._beside(rows_before, at)
        self.set_line_count(len(rows))
        has_moved = (self.row and self.row.key) != (before and before.key)
        has_opened = bool(self.row and self.row.open and not (before and before.open))
        self._keep_in_view(with_rows_around=has_moved or has_opened)
        if has_moved:
            self._moved()

    def _beside(self, rows_before: Sequence[Row], at: int) -> int:
        """Return the place of the row that takes the place of one that was at another and is gone.

        It is the next one of the same section that is left, else the one before it, else what
        is around it.
        """
        places = {row.key: number for number, row in enumerate(self._rows)}
        level = rows_before[at].level if rows_before else 0
        below, above = rows_before[at + 1 :], rows_before[:at][::-1]
        within = [takewhile(lambda row: row.level >= level, rows) for rows in (below, above)]
        siblings = (row for row in chain(*within) if row.level == level)
        beside = chain(siblings, (row for row in above if row.level < level))
        nearest = next((places[row.key] for row in beside if row.key in places), at)
        return max(0, min(nearest, len(self._rows) - 1))

    @property
    def keys_shown(self) -> frozenset[str]:
        """The keys of all rows."""
        return frozenset(row.key for row in self._rows)

    @property
    def works_shown(self) -> frozenset[str]:
        """The works of all rows."""
        return frozenset(row.node.work for row in self._rows if isinstance(row.node, Leaf))

    def go_to_new_row(
        self, works: Iterable[str], sections: Collection[str], known_keys: Collection[str]
    ) -> bool:
        """Go to the row of the first of the works, or of the sections, if it is not a known one.

        Return whether the cursor moved.
        """
        at = row_concerned(self._rows, self._cursor, works, sections)
        if at in (None, self._cursor) or self._rows[at].key in known_keys:
            return False
        self._go(at)
        return True

    def action_move(self, by: int) -> None:
        """Move the cursor by some rows, or by as many as the count says."""
        self._go(self._cursor + by * (self.count or 1))

    def action_go(self, to: int) -> None:
        """Move the cursor to a row, -1 being the last; or to that of the count, from 1 on."""
        self._go(self.count - 1 if self.count else to % max(1, len(self._rows)))

    def action_page(self, by: float) -> None:
        """Move the cursor by pages."""
        rows = int(by * max(1, self.size.height - 1)) or (1 if by > 0 else -1)
        self._go(self._cursor + rows * (self.count or 1))

    def action_section(self, by: int) -> None:
        """Move the cursor to the next or previous branch, or by as many as the count says."""
        rows = range(len(self._rows))
        after = rows[self._cursor + 1 :] if by > 0 else rows[: self._cursor][::-1]
        branches = [at for at in after if isinstance(self._rows[at].node, Branch)]
        if branches:
            self._go(branches[: self.count or 1][-1])

    def go_to_next_work(self, by: int) -> None:
        """Move the cursor by some works, over the branches between them."""
        rows = range(len(self._rows))
        after = rows[self._cursor + 1 :] if by > 0 else rows[: self._cursor][::-1]
        works = [at for at in after if isinstance(self._rows[at].node, Leaf)]
        if works:
            self._go(works[: abs(by)][-1])

    def action_leave(self) -> None:
        """Close the branch, or go to the row around it."""
        row = self.row
        if row and row.open and isinstance(row.node, Branch):
            self._toggled(row.node)
        elif row:
            above = range(self._cursor - 1, -1, -1)
            self._go(next((i for i in above if self._rows[i].level < row.level), self._cursor))

    def action_enter(self) -> None:
        """Open the branch or go into it; go to a work."""
        if self.row and self.row.open:
            self._go(self._cursor + 1)
        else:
            self.action_choose()

    def action_choose(self) -> None:
        """Open or close a branch; go to a work."""
        if self.row and isinstance(self.row.node, Branch):
            self._toggled(self.row.node)
        elif self.row:
            self._chosen()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click chooses, or one on a branch's sign.

        The second part of a double click does nothing if the first has chosen.
        """
        at = event.y + self.scroll_offset.y
        if at >= len(self._rows) or (event.chain > 1 and self._has_chosen):
            return
        row = self._rows[at]
        is_on_sign = isinstance(row.node, Branch) and event.x in range(2 * row.level + 2)
        self._has_chosen = at == self._cursor or is_on_sign
        self._go(at)
        if self._has_chosen:
            self.action_choose()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.set_line_count(len(self._rows))
        self._keep_in_view(with_rows_around=True)

    def on_focus(self) -> None:
        """Paint the cursor in the colour of the pane that has the keys."""
        self.refresh_line(self._cursor)

    on_blur = on_focus

    def _go(self, to: int) -> None:
        to = max(0, min(to, len(self._rows) - 1))
        if to == self._cursor or not self._rows:
            return
        before, self._cursor = self._cursor, to
        self.refresh_line(before)
        self.refresh_line(to)
        self._keep_in_view()
        self._moved()

    def _keep_in_view(self, with_rows_around: bool = False) -> None:
        """Scroll to the row under the cursor, with the row around it and those in it, if they fit.

        Of many rows in it, as many as fill half of the pane.
        """
        _, _, width, height = self.scrollable_content_region
        first = last = self._cursor
        if with_rows_around and self.row:
            level, half = self.row.level, self._rows[last + 1 : last + 1 + height // 2]
            above = range(first, max(-1, first - height), -1)
            first = next((at for at in above if self._rows[at].level < level), first)
            last += sum(1 for _ in takewhile(lambda row: row.level > level, half))
            first = first if last - first < height else self._cursor
        region = Region(0, first, max(1, width), last - first + 1)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        y += self.scroll_offset.y
        width = self.scrollable_content_region.width
        plain = self.plain
        if not self._rows and y == 0:
            empty = Segment(shorten(self._empty, max(1, self.text_width)), self._dim)
            return Strip([empty]).adjust_cell_length(width, plain)
        if y >= len(self._rows):
            return Strip.blank(width, plain)
        strip = Strip(self._segments(self._rows[y], self.text_width)).adjust_cell_length(
            width, plain
        )
        if y == self._cursor:
            name = "outline--cursor" if self.has_focus else "outline--cursor-away"
            style = self.get_component_rich_style(name, partial=True)
            return Strip(Segment.apply_style(strip, post_style=style), width)
        return strip

    @property
    def _dim(self) -> Style:
        return self.get_component_rich_style("outline--dim")

    def _segments(self, row: Row, width: int) -> list[Segment]:
        style = self.get_component_rich_style
        dim = self._dim
        node, indent = row.node, "  " * row.level
        if isinstance(node, Branch):
            glyph = self._glyphs.opened if row.open else self._glyphs.closed
            count = f" {node.tally}" if node.tally else ""
            room = width - cells(indent) - 2 - len(count)
            title = shorten(safe_line(node.title), max(1, room))
            name = "outline--section" if row.level else "outline--list"
            done = node.is_shelf and node.done and node.done == node.total
            tail = style("outline--done") if done else dim
            return [Segment(f"{indent}{glyph} {title}", style(name)), Segment(count, tail)]
        if node.work in self.marked:
            indent = self._glyphs.marked + indent[1:]
        glyph = self._glyphs.of(node.depth, node.aside, node.unidentified)
        parts = (
            node.kind if node.kind != "paper" else "",
            f"T{node.tier}{'+' if node.tier == 4 else ''}" if node.tier else "",
            safe_line(node.marks),
            shorten(safe_line(node.extra), MAX_EXTRA_CELLS),
            self.signs.get(node.work, ""),
        )
        tail_text = "".join(f" {part}" for part in parts if part)
        room = width - cells(indent) - 2 - cells(tail_text)
        title = shorten(safe_line(node.title), max(1, room))
        plain = dim if node.aside or node.unidentified else self.plain
        return [
            Segment(f"{indent}{glyph} ", style("outline--done") if node.depth else dim),
            *(
                Segment(text, style("outline--found") if found else plain)
                for text, found in marked(title, self._words)
            ),
            Segment(tail_text, dim),
        ]
