"""A pane of laid-out lines that scrolls: works, sections, progress, help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from papertui.core.search_words import marked
from papertui.core.text import cells
from papertui.pages.layout import LINK, SELECTED, STYLES, Layout, Line, Span
from papertui.tui.command import command


class PaintedLines(ScrollView, inherit_bindings=False):
    """Scrolls over lines that `render_line` paints.

    Textual's keys for scrolling would hide those of the screen, such as left and right.
    """

    _plain: Style | None = None

    @property
    def plain(self) -> Style:
        """The style of plain text; cached, as every line asks for it."""
        if self._plain is None:
            self._plain = self.rich_style
        return self._plain

    @property
    def text_width(self) -> int:
        """Cells of a line of text: a column of air is beside the scrollbar."""
        return max(0, self.scrollable_content_region.width - 1)

    def set_line_count(self, lines: int) -> None:
        """Set the number of lines to scroll over, and paint them.

        The scrollbar is always there, so nothing has to be laid out again, which
        would take as long as the painting and come a frame later.
        """
        size = Size(self.scrollable_content_region.width, lines)
        self.set_reactive(ScrollView.virtual_size, size)
        self._scroll_update(size)
        self.refresh()

    def notify_style_update(self) -> None:
        """Clear the cached style."""
        self._plain = None
        super().notify_style_update()


# Cells of the longest line, in the widest window: of prose, of numbers in columns.
MAX_PROSE, MAX_WIDTH = 80, 1_000


class PagePane(PaintedLines, can_focus=True):
    """Shows lines laid out for its width, some of which are links."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"page--{style}" for style in (*STYLES, "found")}
    BINDINGS: ClassVar[list[BindingType]] = [
        command("page.up", "up,k", "scroll_up", "Scroll up a line"),
        command("page.down", "down,j", "scroll_down", "Scroll down a line"),
        command("page.page-up", "pageup,ctrl+b", "page_up", "Scroll up a page"),
        command("page.page-down", "pagedown,ctrl+f,space", "page_down", "Scroll down a page"),
        command("page.half-up", "ctrl+u", "half_page(-1)", "Scroll up half a page"),
        command("page.half-down", "ctrl+d", "half_page(1)", "Scroll down half a page"),
        command("page.top", "home,g", "scroll_home", "Go to the top"),
        command("page.end", "end,G", "scroll_end", "Go to the end"),
        command("page.next", "right_square_bracket", "select(1)", "Next link", "select", "[ ]"),
        command("page.previous", "left_square_bracket", "select(-1)", "Previous link"),
        command("page.follow", "enter", "follow", "Follow the link", "follow"),
    ]

    @dataclass
    class Followed(Message):
        """The reader follows a link: to the work with a citekey, or to a web address."""

        target: str

    max_width = MAX_PROSE
    # Whether the key that follows a link does so with the first one if none is selected.
    follows_first = False
    _layout: Layout = staticmethod(lambda width: ())
    _lines: Sequence[Line] = ()
    _laid_out_for = -1
    selected: var[str | None] = var(None)  # the target of the selected link
    _select_first = False
    # How many links stood before the selected one when it left the page.
    _links_above = 0
    _words: Sequence[str] = ()
    # The place in the text that a resize keeps, how many lines without letters are between it and
    # the next letter, and the line where it was put.
    _letters_above = 0
    _blank_lines = 0
    _placed_at = -1

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}

    def show(
        self, layout: Layout, top: bool = True, select: bool = False, words: Sequence[str] = ()
    ) -> None:
        """Show the lines that `layout` returns for a width, from the top or from the present line.

        With `select` the first link is selected if none is; searched `words` are
        marked.
        """
        self._layout = staticmethod(layout)
        self._select_first = select
        self._words = words
        top_line = self.scroll_offset.y
        at = -1 if top else self._line_of(self.selected)
        if top:
            self.deselect()
            self._letters_above = 0
        else:
            self._note_place()
        links_before = self.links if self.selected else []
        self._lay_out()
        now_at = self._line_of(self.selected)
        if now_at < 0:
            if self.selected in links_before:
                above = links_before[: links_before.index(self.selected)]
                self._links_above = len(set(above).intersection(self.links))
            self.selected = None
        if top_line <= at < top_line + self.size.height and now_at >= 0:
            # What is selected stays where it was, whatever has come above it.
            self.scroll_relative(y=now_at - at, animate=False, force=True, immediate=True)
            self._note_place()
        # A shorter page may have moved it; the next size, or page, has room for it again.
        self._placed_at = -1 if top else self._scrolled_to
        if top:
            self.scroll_to(0, 0, animate=False, force=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys of links only if there are links."""
        return bool(self.links) if action in ("select", "follow") else True

    @property
    def key_labels(self) -> Mapping[str, str]:
        """Words in the footer for keys that do something else here than a screen says of them."""
        follows = self.follows_first or self.selected is not None
        return {} if follows else {"page.follow": "select"}

    def watch_selected(self, before: str | None, now: str | None) -> None:
        """Have the footer say what the key of links does."""
        if (before is None) != (now is None):
            self.refresh_bindings()

    @property
    def links(self) -> list[str]:
        """The targets of the links, each once, in order."""
        return list(dict.fromkeys(target for line in self._lines for target in _targets(line)))

    def action_select(self, by: int) -> None:
        """Select the next or previous link and scroll to it."""
        if targets := self.links:
            above = self._links_above - (by > 0)
            at = targets.index(self.selected) if self.selected in targets else above
            self.select(targets[(at + by) % len(targets)])

    def deselect(self) -> None:
        """Select no link; the next one is the first."""
        self.selected, self._links_above = None, 0

    def leap(self, by: int) -> None:
        """Select the link that is so many further, at most the last or the first."""
        if targets := self.links:
            at = targets.index(self.selected) if self.selected in targets else 0
            self.select(targets[min(max(0, at + by), len(targets) - 1)])

    def _line_of(self, target: str | None) -> int:
        """Return the first line with a target, -1 without one."""
        return next((y for y, line in enumerate(self._lines) if target in _targets(line)), -1)

    def select(self, target: str, lines: int = 1) -> None:
        """Select the link with a target; scroll to `lines` from it on and to one around them."""
        self.selected = target
        line = self._line_of(target)
        _, _, width, height = self.scrollable_content_region
        shown = Region(0, max(0, line - 1), max(1, width), max(1, min(lines + 2, height)))
        self.scroll_to_region(shown, animate=False, force=True)
        self.refresh()

    def reveal(self, text: str) -> None:
        """Scroll to the first line with a text, if there is one."""
        line = next((y for y, line in enumerate(self._lines) if text in line.text), None)
        if line is not None:
            region = Region(0, line, max(1, self.scrollable_content_region.width), 2)
            self.scroll_to_region(region, animate=False, force=True)

    def action_half_page(self, by: int) -> None:
        """Scroll by half a page."""
        self.scroll_relative(y=by * max(1, self.size.height // 2), animate=False)

    def action_follow(self) -> None:
        """Follow the selected link, or select the first."""
        is_selected = self.selected is not None
        if not is_selected:
            self.action_select(1)
        if self.selected and (is_selected or self.follows_first):
            self.post_message(self.Followed(self.selected))

    def on_click(self, event: events.Click) -> None:
        """Follow the link under the mouse."""
        place = event.get_content_offset(self)
        if place is None or place.y + self.scroll_offset.y >= len(self._lines):
            return
        line = self._lines[place.y + self.scroll_offset.y]
        if target := _span_at(line, place.x).target:
            self.post_message(self.Followed(target))
        elif line.target:
            self.selected = line.target
            self.action_follow()

    @property
    def page_width(self) -> int:
        """Cells of a line of the page."""
        return min(self.text_width, self.max_width)

    def _lay_out(self) -> None:
        self._laid_out_for = width = self.page_width
        if width > 0:
            had_links = bool(self.links)
            self._lines = self._layout(width)
            if had_links != bool(self.links):
                self.refresh_bindings()
            if self._select_first and not self.selected:
                self.selected = next(iter(self.links), None)
            self.set_line_count(len(self._lines))

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        # A key may have scrolled since the size changed.
        self._note_place()
        if self.page_width != self._laid_out_for:
            self._lay_out()
        self._keep_place()
        # Among links to choose from, the chosen one is what counts.
        if self._select_first and self.selected in self.links:
            self.select(self.selected)
            self._placed_at = self._scrolled_to

    def _keep_place(self) -> None:
        """Have the text on top that was there before a resize."""
        if self._letters_above:
            above = accumulate(map(_letters, self._lines))
            y = next(
                (y for y, letters in enumerate(above) if letters > self._letters_above),
                len(self._lines),
            )
            self.scroll_to(0, y - self._blank_lines, animate=False, force=True)
        self._placed_at = self._scrolled_to

    def _size_updated(self, size: Size, *sizes: Any, **options: Any) -> bool:
        """Note which text is on top before another size moves it."""
        if size == self._size:
            return super()._size_updated(size, *sizes, **options)
        self._note_place()
        is_resized = super()._size_updated(size, *sizes, **options)
        self._placed_at = self._scrolled_to
        return is_resized

    @property
    def _scrolled_to(self) -> int:
        """The line on top once a key has scrolled as far as it does."""
        return round(self.scroll_target_y)

    def _note_place(self) -> None:
        top_line = self._scrolled_to
        if top_line != self._placed_at:
            self._letters_above = sum(map(_letters, self._lines[:top_line]))
            below = enumerate(islice(self._lines, top_line, None))
            self._blank_lines = next((number for number, line in below if _letters(line)), 0)

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        y += self.scroll_offset.y
        width = self.scrollable_content_region.width
        plain = self.plain
        if y >= len(self._lines):
            return Strip.blank(width, plain)
        shown, selected = self._lines[y], self.selected
        if (
            selected
            and shown.target == selected
            and not (y and self._lines[y - 1].target == selected)
        ):
            shown = _marked_as_selected(shown)
        segments = [
            Segment(text, self._style("found" if found else name))
            for span in shown.spans
            for name in [span.style if not selected or span.target != selected else SELECTED]
            for text, found in marked(span.text, self._words)
        ]
        line = Strip(segments).adjust_cell_length(width, plain)
        if selected and shown.target == selected:
            style = self.get_component_rich_style("page--selected", partial=True)
            return Strip(Segment.apply_style(line, post_style=style), width)
        return line

    def _style(self, names: str) -> Style:
        """Return the colours of the last of some styles, with the attributes of all."""
        if (style := self._styles.get(names)) is None:
            style = self.plain
            for name in names.split():
                style += self.get_component_rich_style(f"page--{name}")
            self._styles[names] = style
        return style

    def notify_style_update(self) -> None:
        """Clear the cached styles."""
        self._styles = {}
        super().notify_style_update()


def _marked_as_selected(line: Line) -> Line:
    """Return the selected line with a sign in the blanks before its link, if it has them."""
    is_indented = bool(line.spans) and line.spans[0].text == "  "
    return line._replace(spans=(Span("▸ "), *line.spans[1:])) if is_indented else line


def _letters(line: Line) -> int:
    """Return how many letters and digits are in a line, which a narrower page has too."""
    return sum(map(str.isalnum, line.text))


def _targets(line: Line) -> Sequence[str]:
    """Return what a line leads to, or else its links."""
    if line.target:
        return (line.target,)
    return [span.target for span in line.spans if span.target and LINK in span.style]


def _span_at(line: Line, x: int) -> Span:
    """Return the span of a line at a cell."""
    for span in line.spans:
        x -= cells(span.text)
        if x < 0:
            return span
    return Span("")
