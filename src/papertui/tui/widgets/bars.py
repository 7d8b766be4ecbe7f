"""The lines around every screen: header above, message and keys below; the filter's chips."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rich.text import Text
from textual.app import RenderResult
from textual.events import Click
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from papertui.core.text import (
    MIN_TITLE,
    NO_BREAK,
    cells,
    fitted,
    packed,
    safe_line,
    shorten,
    terminal_safe,
)
from papertui.tui.command import in_order

# Lines of a message in 80 columns; in fewer columns it takes more of them.
MAX_MESSAGE_LINES = 3
COLUMNS = 80
MAX_QUESTION_LINES = 13
# Lines of the screen that a list in a message leaves to the rest.
MIN_ROOM = 8
# The filter takes no more than one line of so many.
MAX_SHARE_OF_CHIPS = 6
# Cells of the title on the left for which the right side of the header gives way.
GOOD_TITLE, SOME_TITLE = 24, 8


class Header(Widget):
    """A title on the left, the progress of the week on the right: its forms, the longest first.

    The longest of the `remarks` for which there is room beside that follows the title whole.
    """

    left = reactive(("papertui", "", ""))
    remarks = reactive[tuple[str, ...]](())
    right = reactive[tuple[str, ...]](())

    def render(self) -> RenderResult:
        """Render both; if they are too long, the right one takes a shorter form first."""
        width = self.size.width
        before, title, after = map(terminal_safe, self.left)
        wanted = cells(before) + min(GOOD_TITLE, cells(title)) + cells(after) + 2
        forms = self.right or ("",)
        for remark in map(terminal_safe, self.remarks):
            if wanted + cells(remark) + cells(forms[0]) <= width:
                after += remark
                wanted += cells(remark)
                break
        right = next((form for form in forms if wanted + cells(form) <= width), forms[-1])
        room = max(1, width - cells(right) - 2)
        text = before + shorten(title, max(SOME_TITLE, room - cells(before + after))) + after
        left = shorten(text, room)
        gap = " " * max(1, width - cells(left) - cells(right))
        return Text(f"{left}{gap}{right}", no_wrap=True, overflow="crop", end="")


# The keys whose signs are not their names.
_KEYS = {
    "esc": "escape", "←": "left", "→": "right", "↑": "up", "↓": "down", "⏎": "enter",
    "⌫": "backspace", "pgup": "pageup", "pgdn": "pagedown",
}  # fmt: skip


def key_of_sign(sign: str) -> str:
    """Return the name of the key that a sign stands for: ``^s`` and ``[`` for example."""
    if len(sign) == 1 and sign not in _KEYS:
        return _character_to_key(sign)
    return f"ctrl+{sign[1:]}" if sign.startswith("^") else _KEYS.get(sign, sign)


class Chips(Widget):
    """The filter of the library, and what clears it; hidden without one."""

    chips = reactive[tuple[str, ...]]((), layout=True)
    way_out = reactive("", layout=True)

    def watch_chips(self) -> None:
        """Hide the line without a filter."""
        self.display = bool(self.chips)

    def _lines(self, width: int) -> list[str]:
        chips = [safe_line(f"[{chip}]") for chip in self.chips]
        way_out = [self.way_out] if self.way_out else []
        lines = packed([*chips, *way_out], width, "  ")
        if len(lines) > max(1, self.screen.size.height // MAX_SHARE_OF_CHIPS):
            lines = packed([f"[{len(chips)} filters]", *way_out], width, "  ")
        return [shorten(line, max(1, width)) for line in lines]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """Render the chips."""
        return Text("\n".join(self._lines(self.size.width)), no_wrap=True, end="")

    async def on_click(self) -> None:
        """Show the values to filter by."""
        await self.run_action("screen.filter")


class MessageLine(Widget):
    """The latest message, or a question with its choices: in one line, if they fit, else more."""

    message = reactive(("", "", ""))

    def __init__(
        self,
        before: str = "",
        title: str = "",
        after: str = "",
        *,
        choices: Sequence[str] = (),
        max_lines: int = MAX_MESSAGE_LINES,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.choices = choices
        self._max_lines = max_lines
        # What is said while there is no message.
        self._idle: Sequence[Sequence[str]] = ()
        self._more = ""
        self.set_reactive(MessageLine.message, (before, title, after))

    def lines(self, width: int) -> list[str]:
        """Return the message as lines; if it is too long, its middle part is shortened."""
        width = max(1, width)
        before, title, after = map(terminal_safe, self.message)
        # A title that asks needs no second sign for it.
        after = after.removeprefix("?") if title.endswith("?") else after
        if "\n" in before:
            last = packed(self.choices, width)
            lines = [shorten(line, width) for line in before.split("\n")]
            # The line that is typed is below them.
            most = max(3, min(self._max_lines, self.screen.size.height - MIN_ROOM)) - len(last)
            return [*(lines if len(lines) <= most else [*lines[: most - 1], "  …"]), *last]
        if not (before or title or after):
            return packed(self.choices, width) or self._idle_lines(width) or [""]
        max_lines = max(self._max_lines, -(-self._max_lines * COLUMNS // width))
        whole = (choice.replace(" ", NO_BREAK) for choice in self.choices)
        listed = f"  {' · '.join(whole)}" if self.choices else ""
        least = cells(f"{before}{after}{listed}") + min(MIN_TITLE, cells(title))
        if not listed or least <= width:
            return fitted(before, title, f"{after}{listed}", width, max_lines)
        question = fitted(before, title, after, width, max_lines)
        return [*question, *packed(self.choices, width)]

    def _idle_lines(self, width: int) -> list[str]:
        """Return what is said while there is no message, the last parts left out if need be."""
        lines: list[str] = []
        for parts in self._idle:
            fewer = ([*parts[:number], self._more] for number in range(len(parts) - 1, 0, -1))
            room = self._max_lines - len(lines)
            forms = (packed(form, width) for form in (parts, *fewer))
            lines += next((form for form in forms if len(form) <= room), [])
        return lines

    def say_when_idle(self, *lines: Sequence[str], more: str = "") -> None:
        """Show lines of parts, as many in each as fit, while there is no message.

        `more` takes the place of the parts for which there is no room.
        """
        if lines != self._idle:
            self._idle, self._more = lines, more
            self.watch_message()
            self.refresh()

    def watch_message(self) -> None:
        """Make room for the lines of the message, which is of something done until it is marked."""
        self.remove_class("-wrong")
        self.set_class(bool(self._idle) and not any(self.message), "-idle")
        if self.size and len(self.lines(self.size.width)) != self.size.height:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines."""
        return len(self.lines(width))

    def render(self) -> RenderResult:
        """Render the lines; none of keys that are for a question in front."""
        if self.has_class("-idle") and self.app.screen is not self.screen:
            return Text("")
        return Text("\n".join(self.lines(self.size.width)), no_wrap=True, end="")

    def on_click(self, event: Click) -> None:
        """Press the key of the choice under the mouse."""
        lines = self.lines(self.size.width)
        place = event.get_content_offset(self)
        if place is None or place.y >= len(lines):
            return
        for choice in self.choices:
            begins = lines[place.y].find(choice)
            start = cells(lines[place.y][:begins])
            if begins >= 0 and start <= place.x < start + cells(choice):
                self.app.simulate_key(key_of_sign(choice.split(" ")[0].split("/")[0] or "slash"))
                return


class KeyBar(Widget):
    """The keys of the screen, as many as fit, help last."""

    COMPONENT_CLASSES = {"keys--key"}  # noqa: RUF012

    keys = reactive[dict[str, tuple[str, str]]]({})

    # The key that each hint presses, by the names of the commands.
    _presses: Mapping[str, str] = MappingProxyType({})
    # The commands whose hints lead.
    _leading: Sequence[str] = ()
    # Cells between two hints.
    _gap = 2

    def on_mount(self) -> None:
        """Subscribe to changes of the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        shown: dict[str, tuple[str, str]] = {}
        self._presses = presses = {}
        screens_own = getattr(screen, "key_labels", {})
        labels = {**screens_own, **getattr(screen.focused, "key_labels", {})}
        for active in in_order(screen.active_bindings.values()):
            binding = active.binding
            name = binding.id or binding.action
            is_shown = labels.get(name, binding.show) and active.enabled and active.tooltip
            if is_shown and name not in shown:
                label = labels.get(name, binding.description)
                shown[name] = (self.app.get_key_display(binding), label)
                presses[name] = binding.key
        # What differs here leads away from what the screen usually does, so it comes first.
        self._leading = [name for name in screens_own if name in shown]
        self.keys = _joined({name: shown[name] for name in self._leading} | shown)

    def _fitting(self) -> dict[str, tuple[str, str]]:
        """Return the hints for which there is room, by the names of their commands.

        That of help is always there, that of the way out unless what leads takes its room.
        If these do not fit together, first the way out and then help are only their keys; then
        all hints are closer.
        """
        names = [name for name in self.keys if name != "help"]
        way_out = [name for name in names if name.rpartition(".")[2] in ("back", "leave")][:1]
        last = ["help"] if "help" in self.keys else []
        leading = [name for name in self._leading if name in self.keys]
        both = [*way_out, *last]
        for bare, self._gap in (([], 2), (way_out, 2), (both, 2), (both, 1)):
            hints = self.keys | {name: (self.keys[name][0], "") for name in bare}
            needed = (self._width(hints[name]) for name in [*leading, *both])
            if sum(needed) <= self.size.width:
                break
        fitting = {*last}
        room = self.size.width - sum(self._width(hints[name]) for name in last)
        for name in [*leading, *way_out, *names]:
            if name not in fitting:
                room -= self._width(hints[name])
                if room < 0:
                    break
                fitting.add(name)
        return {name: hints[name] for name in [*names, *last] if name in fitting}

    def _width(self, hint: tuple[str, str]) -> int:
        """Return the cells of a hint with the gap behind it."""
        return cells(" ".join(filter(None, hint))) + self._gap

    def render(self) -> RenderResult:
        """Render the key and label of each binding."""
        key_style = self.get_component_rich_style("keys--key", partial=True)
        text = Text(no_wrap=True, overflow="crop", end="")
        for key, label in self._fitting().values():
            text.append(key, key_style).append(f" {label}" * bool(label) + " " * self._gap)
        return text

    def on_click(self, event: Click) -> None:
        """Press the key of the hint under the mouse; of several, the one that it is on."""
        if (place := event.get_content_offset(self)) is None:
            return
        x = place.x
        for name, (keys, label) in self._fitting().items():
            width = self._width((keys, label))
            if x >= width - self._gap:
                x -= width
                continue
            if x >= 0 and " " not in keys:
                self.app.simulate_key(self._presses[name])
            elif x >= 0:
                on = keys.rfind(" ", 0, x) + 1 if x < len(keys) else 0
                self.app.simulate_key(key_of_sign(keys[on:].split(" ")[0]))
            return


def _joined(hints: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the hints of keys, those with the same words as one, by the last of their names."""
    names = {label: name for name, (_, label) in hints.items()}
    keys: dict[str, list[str]] = {}
    for sign, label in hints.values():
        keys.setdefault(label, []).append(sign)
    return {names[label]: (" ".join(signs), label) for label, signs in keys.items()}
