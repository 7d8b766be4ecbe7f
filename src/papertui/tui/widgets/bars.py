"""The lines around every screen: header above, message and keys below; the filter's chips."""

from rich.text import Text
from textual.app import RenderResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from papertui.core.text import cells, safe_line, shorten, terminal_safe


class Header(Widget):
    """A title on the left, the progress of the week on the right."""

    left = reactive(("papertui", "", ""))
    right = reactive("")

    def render(self) -> RenderResult:
        """Render both; if they are too long, the left one is shortened."""
        width = self.size.width
        left = _fitted(self.left, max(1, width - cells(self.right) - 2))
        gap = " " * max(1, width - cells(left) - cells(self.right))
        return Text(f"{left}{gap}{self.right}", no_wrap=True, overflow="crop", end="")


class Chips(Widget):
    """The filter of the library; hidden without one."""

    chips = reactive[tuple[str, ...]]((), layout=True)

    def watch_chips(self) -> None:
        """Hide the line without a filter."""
        self.display = bool(self.chips)

    def render(self) -> RenderResult:
        """Render as many chips as fit."""
        text = safe_line("  ".join(f"[{chip}]" for chip in self.chips))
        return Text(shorten(text, max(1, self.size.width)), no_wrap=True, end="")


class MessageLine(Widget):
    """The latest message."""

    message = reactive(("", "", ""))

    def __init__(
        self, before: str = "", title: str = "", after: str = "", *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.set_reactive(MessageLine.message, (before, title, after))

    def render(self) -> RenderResult:
        """Render the message; if it is too long, its middle part is shortened."""
        return Text(_fitted(self.message, max(1, self.size.width)), no_wrap=True, end="")


class KeyBar(Widget):
    """The keys of the screen, as many as fit, help last."""

    COMPONENT_CLASSES = {"keys--key"}  # noqa: RUF012

    keys = reactive[dict[str, tuple[str, str]]]({})

    def on_mount(self) -> None:
        """Subscribe to changes of the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        shown: dict[str, tuple[str, str]] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.id and binding.id not in shown:
                shown[binding.id] = (self.app.get_key_display(binding), binding.description)
        self.keys = shown

    def render(self) -> RenderResult:
        """Render the key and label of each binding."""
        shown = dict(self.keys)
        last = shown.pop("help", None)
        room = self.size.width - (len(last[0]) + len(last[1]) + 3 if last else 0)
        fitting = []
        for key, label in shown.values():
            room -= cells(key) + cells(label) + 3
            if room < 0:
                break
            fitting.append((key, label))
        key_style = self.get_component_rich_style("keys--key", partial=True)
        text = Text(no_wrap=True, overflow="crop", end="")
        for key, label in [*fitting, *([last] if last else [])]:
            text.append(key, key_style).append(f" {label}  ")
        return text


def _fitted(parts: tuple[str, str, str], width: int) -> str:
    """Return three parts as one text that fits; the middle part is shortened first."""
    before, title, after = map(terminal_safe, parts)
    room = width - cells(before) - cells(after)
    return shorten(before + shorten(title, max(12, room)) + after, width)
