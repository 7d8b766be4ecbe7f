"""The commands of other screens that the palette finds, and what opens these screens."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual.binding import Binding
from textual.command import Hit, Hits
from textual.system_commands import SystemCommandsProvider

from papertui.core.text import fold
from papertui.tui.keymap import all_commands
from papertui.tui.screens.help import OTHER_WORDS

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


class CommandsByWords(SystemCommandsProvider):
    """Finds commands by what they do, by other words for that, and by letters in their order."""

    async def search(self, query: str) -> Hits:
        """Yield the commands that fit, first those that have all words of the query."""
        matcher, wanted = self.matcher(query), fold(query).split()
        for name, (does, _, run, _) in self.app.named_commands(self.screen):  # type: ignore[attr-defined]
            by_letters = matcher.match(does)
            rank = rank_of(wanted, f"{does} {OTHER_WORDS.get(name, '')}")
            if rank or by_letters:
                yield Hit(10 * rank + by_letters, matcher.highlight(does), run)


def rank_of(wanted: Sequence[str], text: str) -> int:
    """Return 2 if a text has all words, 1 if it has the beginnings of all, else 0."""
    words = re.findall(r"[^\W_]+", fold(text))
    if all(word in words for word in wanted):
        return 2
    return int(all(any(each.startswith(word) for each in words) for word in wanted))
