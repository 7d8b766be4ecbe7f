"""The commands of other screens that the palette finds, and what opens these screens."""

from collections.abc import Iterator
from typing import NamedTuple

from textual.binding import Binding

from papertui.tui.keymap import all_commands

# The commands of other screens that need nothing chosen there, by the action that opens it.
_OPENED_BY = {
    "progress": (
        *("progress.all", "progress.why", "progress.rest", "progress.goal", "progress.review"),
        *("progress.month", "progress.year"),
    ),
    "keep_up": ("keep-up.new", "keep-up.scan", "keep-up.scan-many"),
    "new_papers": ("new.search", "new.clear", "new.all"),
}
# The commands of the library that only move in it, or lead back.
_MOVES = ("tree.", "page.", "found.", "back", "return", "other-pane", "pane-before")


class ElsewhereCommand(NamedTuple):
    """A command, the place where it works, and the action that opens it, "" for the library."""

    binding: Binding
    place: str
    opened_by: str


def commands_elsewhere() -> Iterator[ElsewhereCommand]:
    """Yield the commands that can be run from any screen, once theirs is opened."""
    opened_by = {name: opens for opens, names in _OPENED_BY.items() for name in names}
    for binding, places in all_commands():
        name = binding.id or ""
        is_of_library = places[0] == "tree" and "note" not in places
        if name in opened_by or (is_of_library and not name.startswith(_MOVES)):
            yield ElsewhereCommand(binding, places[0], opened_by.get(name, ""))
