"""The filter of the library, put together value by value."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from papertui.core import library_tree
from papertui.core.library_tree import Facet, Filter
from papertui.core.text import safe_line, shorten
from papertui.pages.layout import GOOD, Line, Span, Writer
from papertui.tui.command import fixed_keys
from papertui.tui.dialogs import HELP
from papertui.tui.terminal_app import TerminalApp
from papertui.tui.widgets.bars import MessageLine
from papertui.tui.widgets.page import PagePane

# Cells of the values beside the tree.
WIDTH = 36


class FilterScreen(ModalScreen[None]):
    """Lists every value to filter by; each choice takes effect at once."""

    # The keys select values; with the focus, the page would scroll.
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("down,j", "select(1)", "Next value"),
        fixed_keys("up,k", "select(-1)", "Previous value"),
        fixed_keys("right,l,tab", "facet(1)", "Next kind of value"),
        fixed_keys("left,h,shift+tab", "facet(-1)", "Previous kind of value"),
        fixed_keys("pagedown,ctrl+f,ctrl+d", "leap(10)", "Ten values on"),
        fixed_keys("pageup,ctrl+b,ctrl+u", "leap(-10)", "Ten values back"),
        fixed_keys("home,g", "leap(-1000)", "First value"),
        fixed_keys("end,G", "leap(1000)", "Last value"),
        fixed_keys("space,x", "choose", "Choose it or not"),
        fixed_keys("c,F", "clear", "Clear the filter"),
        fixed_keys("enter,escape,q", "dismiss", "Done"),
        HELP,
    ]

    terminal = getters.app(TerminalApp)
    page = getters.query_one(PagePane)

    def __init__(
        self,
        offered: Sequence[Facet],
        chosen: Filter,
        apply: Callable[[Filter], None],
        opened_by: str,
    ) -> None:
        """Show a filter that `apply` changes; keys that opened it close it, if they are free."""
        super().__init__()
        for binding in Binding.make_bindings([fixed_keys(opened_by, "dismiss", "Done")]):
            self._bindings.key_to_bindings.setdefault(binding.key, [binding])
        self._offered = [facet for facet in offered if facet.values]
        self._chosen = chosen
        self._apply = apply

    def compose(self) -> ComposeResult:
        """Yield the page of values."""
        page = PagePane(id="filter")
        # After a click the keys still select values.
        page.can_focus = False
        page.border_title = "Filter"
        yield page
        arrows = self.terminal.spelt("← →")
        keys = "space chooses", f"{arrows} other kinds", "c clears", "enter done"
        yield MessageLine(choices=keys, id="question")

    def on_mount(self) -> None:
        """Begin at the first value."""
        self._show()

    def on_resize(self) -> None:
        """Take the whole width rather than leave a strip of titles that nobody can read."""
        self.page.set_class(self.app.size.width < 2 * WIDTH, "-alone")

    def _show(self) -> None:
        offered, chosen = self._offered, self._chosen
        self.page.show(lambda width: filter_page(offered, chosen, width), top=False, select=True)

    def action_select(self, by: int) -> None:
        """Go to another value."""
        self.page.action_select(by)

    def action_leap(self, by: int) -> None:
        """Go to a value further away."""
        self.page.leap(by)

    def action_facet(self, by: int) -> None:
        """Go to the first value of another facet."""
        name, _, _ = (self.page.selected or "").partition("=")
        names = [facet.name for facet in self._offered]
        other = self._offered[(names.index(name) + by) % len(names)]
        self.page.select(f"{other.name}={next(iter(other.values))}", len(other.values))

    def action_choose(self) -> None:
        """Choose the value, or take it out."""
        facet, _, value = (self.page.selected or "").partition("=")
        self._change(library_tree.toggle(self._chosen, facet, value))

    @on(PagePane.Followed)
    def _followed(self) -> None:
        self.action_choose()

    def action_clear(self) -> None:
        """Take every value out."""
        self._change(library_tree.EVERYTHING)

    def _change(self, chosen: Filter) -> None:
        self._chosen = chosen
        self._show()
        self._apply(chosen)


def filter_page(offered: Sequence[Facet], chosen: Filter, width: int) -> list[Line]:
    """Lay the filter out; a line's target is ``facet=value``."""
    page = Writer(width)
    for facet in offered:
        page.heading(facet.name.capitalize())
        for value, label in facet.values.items():
            on = value in chosen.get(facet.name, ())
            text = shorten(f"[{'x' if on else ' '}] {safe_line(label)}", width)
            page.line(Span(text, GOOD if on else ""), target=f"{facet.name}={value}")
    return page.lines
