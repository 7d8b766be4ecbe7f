"""The choice of one of many, narrowed by typing."""

from collections.abc import Callable, Collection, Mapping
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from papertui.core.library_tree import folded_path
from papertui.core.text import fold, safe_line, shorten
from papertui.pages.layout import DIM, Line, Span, Writer
from papertui.tui.command import fixed_keys
from papertui.tui.dialogs import Label, LineScreen
from papertui.tui.widgets.page import PagePane

MAX_LINES = 12
NEW = "\0new"  # the target of the line that makes what is typed
NOTHING, NONE_YET = "nothing fits {}", "none to choose from: type a new name"


class Pick(LineScreen[tuple[str, str]]):
    """Asks for one of the `offered` keys, shown by their names.

    Answers with the key; without one with what was typed if nothing fits it and `otherwise`
    says what comes of that; with neither if the reader leaves. Where new names can be typed, none
    is selected before the reader types or moves. What fits one of the names `had` alone is no
    answer.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("down", "select(1)", "Select the next one"),
        fixed_keys("up", "select(-1)", "Select the previous one"),
    ]

    page = getters.query_one(PagePane)

    def __init__(
        self,
        label: Label,
        offered: Mapping[str, str],
        otherwise: Callable[[str], str] | None = None,
        had: Collection[str] = (),
        text: str = "",
        problem: str = "",
    ) -> None:
        """Ask with a `text` that was typed already; of that, `problem` says why it was refused."""
        new = ", or a new one" if otherwise else ""
        super().__init__(label, f"type a part of its name{new}; up and down choose", text)
        self._offered = offered
        self._otherwise = otherwise
        self._had = had
        self._refused = text if problem else None
        if problem:
            self.label.message = (problem, "", "")

    def compose(self) -> ComposeResult:
        """Yield what is offered, the question and the line."""
        page = PagePane(id="offered")
        # What is typed goes into the line, whatever was pressed before.
        page.can_focus = False
        rows = len(self._offered) + bool(self._otherwise) + bool(self._had)
        page.styles.height = min(MAX_LINES, max(1, rows))
        yield page
        yield from super().compose()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to select only if there is something."""
        return action != "select" or len(self.page.links) > bool(self.page.selected)

    def on_mount(self) -> None:
        """Offer everything."""
        self.line.focus()
        self._show(self.line.value)

    def _fitting(self, typed: str) -> dict[str, str]:
        """Return the keys whose names have what is typed; one that is typed whole comes first."""
        fitting = {key: name for key, name in self._offered.items() if _has(name, typed)}
        return dict(sorted(fitting.items(), key=lambda pair: not _is_called(pair[1], typed)))

    def _had_by(self, typed: str) -> str:
        """Return the name among those that the works have that fits, "" for none."""
        return next((safe_line(name) for name in self._had if _has(name, typed)), "")

    def _is_new(self, typed: str) -> bool:
        """Return True if what is typed can be a new name."""
        names = [*self._offered.values(), *self._had]
        return bool(self._otherwise and typed.strip()) and not any(
            _is_called(name, typed) for name in names
        )

    def _show(self, typed: str) -> None:
        fitting, name = self._fitting(typed), typed.strip()
        is_new = self._is_new(typed)

        def layout(width: int) -> list[Line]:
            page = Writer(width)
            for key, name_of_key in fitting.items():
                page.line(shorten(safe_line(name_of_key), width), target=key)
            had = self._had_by(name) if name and not fitting else ""
            if had:
                page.line(Span(shorten(f"already in {had}", width), DIM))
            elif not fitting and not is_new:
                says = NOTHING.format(safe_line(name)) if name else NONE_YET
                page.line(Span(shorten(says, width), DIM))
            if is_new and self._otherwise:
                made = self._otherwise(safe_line(name))
                says = f"make {made} instead" if fitting or had else f"enter makes {made}"
                page.line(Span(shorten(says, width), DIM), target=NEW)
            return page.lines

        is_sure = bool(name) and not (self._had_by(name) and not fitting)
        self.page.show(layout, select=is_sure or not self._otherwise)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what fits."""
        if event.value != self._refused:
            self.label.message = self._asked
        self._show(event.value)

    def action_select(self, by: int) -> None:
        """Go to another of those offered."""
        self.label.message = self._asked
        self.page.action_select(by)

    @on(PagePane.Followed)
    def _followed(self, event: PagePane.Followed) -> None:
        new = event.target == NEW
        self.dismiss(("", self.line.value.strip()) if new else (event.target, ""))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the selected one, or with what was typed if nothing fits it."""
        fitting, typed = self._fitting(event.value), event.value.strip()
        had = self._had_by(typed)
        if not (typed or self.page.selected):
            self.refuse_blank()
        elif self._is_new(typed) and (self.page.selected == NEW or not (fitting or had)):
            self.dismiss(("", typed))
        elif fitting:
            chosen = self.page.selected if self.page.selected in fitting else next(iter(fitting))
            self.dismiss((chosen, ""))
        elif had:
            before, title, after = self._asked
            self.label.message = f"It is in {had} already. {before}", title, after

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(("", ""))


def _has(name: str, typed: str) -> bool:
    """Return True if `typed` is in a name, with slashes or not."""
    return fold(typed.strip()) in fold(name) or folded_path(typed) in folded_path(name)


def _is_called(name: str, typed: str) -> bool:
    """Return True if `typed` is a whole name, with slashes or not."""
    return folded_path(name) == folded_path(typed)
