"""The palette; the commands of other screens that it finds, and what opens these screens."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.command import CommandList, CommandPalette, Hit, Hits
from textual.system_commands import SystemCommandsProvider
from textual.worker import Worker

from papertui.core.text import fold
from papertui.tui.dialogs import LEAVE, question
from papertui.tui.keymap import all_commands
from papertui.tui.screens.help import OTHER_WORDS
from papertui.tui.widgets.bars import MessageLine

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


class Palette(CommandPalette):
    """Finds a command by its words; its own keys are named where those of the screen are."""

    def compose(self) -> ComposeResult:
        """Add the keys to the line and what it finds."""
        yield from super().compose()
        yield question(choices=("enter does it", f"esc {LEAVE}"))

    def on_mount(self) -> None:
        """Offer enter only while it has a command to do."""
        self.watch(self.query_one(CommandList), "highlighted", self._offer)

    def _offer(self, highlighted: int | None) -> None:
        line = self.query_one("#question", MessageLine)
        does = ("enter does it",) if highlighted is not None else ()
        line.choices = [*does, f"esc {LEAVE}"]
        line.refresh(layout=True)

    def _gather_commands(self, search_value: str) -> Worker[None]:
        """Keep keys back until what is found fits the text: enter runs what is highlighted."""
        gathering: Worker[None] = super()._gather_commands(search_value)
        self.app.keys.hold_for(gathering)  # type: ignore[attr-defined]
        return gathering

    def on_resize(self) -> None:
        """Keep the chosen command in view."""
        self.call_after_refresh(self.query_one(CommandList).scroll_to_highlight)


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
    """Finds commands by the beginnings of words: of what they do, and others for that."""

    async def search(self, query: str) -> Hits:
        """Yield the commands that have the words of the query."""
        matcher, wanted = self.matcher(query), words_of(query)
        for name, command in self.app.named_commands(self.screen):  # type: ignore[attr-defined]
            does, _, where = command.title.partition(" · ")
            # The place is what a command is looked for by last.
            does = f"{does} {OTHER_WORDS.get(name, '')}"
            if rank := 2 * rank_of(wanted, does) or min(1, rank_of(wanted, f"{does} {where}")):
                score = 10 * rank + min(9.0, matcher.match(command.title))
                yield Hit(score, matcher.highlight(command.title), command.callback)


def words_of(text: str) -> list[str]:
    """Return the words of a text, as they are compared."""
    return re.findall(r"[^\W_]+", fold(text))


def rank_of(wanted: Sequence[str], text: str) -> int:
    """Return 2 if a text has all words, 1 if it has the beginnings of all, else 0."""
    words = words_of(text)
    if all(word in words for word in wanted):
        return 2
    return int(all(any(each.startswith(word) for each in words) for word in wanted))
