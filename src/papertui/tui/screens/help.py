"""The help screen: the keys by what one wants to do, what the signs mean, and a search for keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, NamedTuple

from textual.app import App
from textual.binding import Binding, BindingType

from papertui.core.labels import Glyphs, spelt_keys
from papertui.core.shell_commands import COMMANDS
from papertui.core.text import cells, fold, packed
from papertui.pages.layout import DIM, STRONG, Line, Span, Writer
from papertui.tui.base import PaperApp
from papertui.tui.command import command, in_order
from papertui.tui.key_names import spelt, with_ctrl
from papertui.tui.paper_screen import PageScreen
from papertui.tui.widgets.inputs import SearchLine
from papertui.tui.widgets.page import MAX_WIDTH

_LOG, _WRITE, _HERE, _FIND, _OPEN = "Read and log", "Write", "Here", "Find", "Open and copy"
_ARRANGE, _GO, _ALWAYS = "Queue and lists", "Go", "Everywhere"
_ORDER = (_HERE, _LOG, _WRITE, _FIND, _OPEN, _ARRANGE, _GO, _ALWAYS)
# What one wants to do, with the names of the commands for it, or their beginnings.
_WANTED = {
    _LOG: ("log-", "read", "recall", "card", "share", "tell-"),
    _WRITE: ("write-note", "edit-note", "private", "waiting"),
    _FIND: ("find", "found.", "view", "sort", "filter", "clear-filter", "next", "focus-list"),
    _OPEN: ("open-", "copy-", "export"),
    _ARRANGE: (
        "tree.mark", "queue", "set-aside", "tag", "star", "add", "import", "merge", "edit", "move",
        "remove", "new-sec",
    ),
    _GO: (
        "show-", "return", "place", "back", "other-pane", "pane-before", "tree.", "page.", "sync",
    ),
    _ALWAYS: ("undo", "redo", "help", "palette", "quit", "suspend"),
}  # fmt: skip
PLACES = {
    "tree": "In the library", "detail": "In the library", "search": "In a search",
    "progress": "In Progress", "keep-up": "In Keep up", "new-papers": "Among new papers",
    "recall": "In recall", "help": "In help", "note": "In a note", "session": "In a session",
    "checklist": "In a checklist", "versions": "Among the versions of a note",
    "edit": "In the form of a work", "import": "In an import", "group": "On the group's board",
}  # fmt: skip
# Other words for what commands do, by their names.
OTHER_WORDS = {
    "undo": "take back a mistake", "palette": "colour color dark light",
    "star": "favourite favorite bookmark", "tag": "label keyword", "find": "search look for author",
    "place": "bookmark", "quit": "exit leave close", "quit-now": "exit leave close",
    "log-before": "backfill earlier", "set-aside": "later skip",
    "remove": "delete", "progress.remove": "delete",
    "show-progress": "progress statistics goal weekly correct a pass",
    "progress.goal": "target weekly monthly",
    "filter": "unread not read yet", "add": "own paper new",
    "session.pause": "timer",
    "read": "timer", "show-keep-up": "arxiv", "keep-up.new": "news", "export": "save bib",
    "copy-citation": "cite reference",
}  # fmt: skip
_SHELL = "In the shell"
# Cells of a column of keys.
_COLUMN = 54
_PASSES = (
    ("1", "first pass, ten minutes: title, abstract, introduction, headings, conclusion"),
    ("2", "second pass, an hour: all of it, figures, key equations"),
    ("3", "third pass: reproduce it; optional for most papers"),
)


class KeyHelp(NamedTuple):
    """What one presses, by all the names of the keys, and what that does."""

    group: str
    keys: str
    does: str
    names: frozenset[str]
    also: str = ""
    can_change: bool = False

    def does_with(self, words: str) -> bool:
        """Return True if each folded word is a part of what it does or of its name."""
        text = "\n".join((fold(self.does), self.also, *self.names))
        return all(word in text for word in words.split())


def keys_here(app: App[int]) -> list[KeyHelp]:
    """Return the keys that work on the app's screen, by what one wants to do."""
    bindings: dict[tuple[str, str], list[Binding]] = {}
    own: Mapping[str, str] = getattr(app.screen, "key_sentences", {})
    for active in in_order(app.screen.active_bindings.values()):
        if active.tooltip:
            name = active.binding.id or ""
            is_here = active.node is app.screen or app.screen.is_modal
            group = _HERE if name in own else _group_of(name, is_here)
            does = own.get(name, active.tooltip)
            bindings.setdefault((group, does), []).append(active.binding)
    found = [_key_help(app, group, does, each) for (group, does), each in bindings.items()]
    for shown, keys, does in getattr(app.focused, "TYPED", ()):
        found.append(KeyHelp(_GO, shown, does, frozenset(keys)))
    return sorted(found, key=lambda entry: _ORDER.index(entry.group))


def keys_elsewhere(
    app: App[int], commands: Iterable[tuple[Binding, Sequence[str]]], keymap: Mapping[str, str]
) -> Iterator[KeyHelp]:
    """Yield the keys of commands in all places, and the commands of the shell.

    `keymap` holds the keys that are the reader's own.
    """
    for binding, places in commands:
        keys = keymap.get(binding.id or "", binding.key).split(",")
        each = [replace(binding, key=key.strip()) for key in keys]
        yield _key_help(app, PLACES[places[0]], binding.tooltip, each)
    for name, (_, line) in COMMANDS.items():
        yield KeyHelp(_SHELL, f"papertui {name}", line, frozenset((f"papertui {name}",)))


def _group_of(name: str, is_of_screen: bool) -> str:
    for group, names in _WANTED.items():
        if name and name.startswith(names):
            return group
    return _HERE if is_of_screen else _GO


def _key_help(app: App[int], group: str, does: str, bindings: Iterable[Binding]) -> KeyHelp:
    signs, names, also, can_change = [], set(), "", False
    for binding in bindings:
        can_change |= bool(binding.id)
        also = OTHER_WORDS.get(binding.id or "", also)
        sign = with_ctrl(app.get_key_display(replace(binding, key_display=None)))
        signs.append(sign)
        names |= {sign, spelt_keys(sign), binding.key, binding.key.replace("_", " ")}
    return KeyHelp(group, " ".join(dict.fromkeys(signs)), does, frozenset(names), also, can_change)


def matching(entries: Sequence[KeyHelp], wanted: str) -> list[KeyHelp]:
    """Return the keys with a name, such as ``ctrl+l``, or else those that do something."""
    names = {wanted, spelt(wanted) if "+" in wanted else wanted}
    if exact := [entry for entry in entries if names & entry.names]:
        return exact
    words = fold(wanted)
    # Of tags, settings and colours one says as much.
    return [entry for entry in entries if entry.does_with(words)] or [
        entry for entry in entries if len(words) > 3 and entry.does_with(words.removesuffix("s"))
    ]


class HelpScreen(PageScreen):
    """Lists keys and their effects; a search looks for them in all places.

    Without a `config` file to name, the keys are those of a screen that takes none of its own.
    """

    TITLE = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("help.find", "slash", "find", "Find a key, or what it does", "find a key", "/"),
        command("help.back", "escape", "back", "Close the search, or this help", "back"),
    ]

    max_width = MAX_WIDTH

    def __init__(
        self,
        entries: Sequence[KeyHelp],
        elsewhere: Iterable[KeyHelp],
        glyphs: Glyphs,
        config: str,
    ) -> None:
        super().__init__()
        self._entries = entries
        self._elsewhere = elsewhere
        self._glyphs = glyphs
        self._config = config
        self._line: SearchLine | None = None
        self._has_found = True

    def on_mount(self) -> None:
        """Lay the keys out."""
        self.page.show(self._lay_out)

    def reload(self) -> None:
        """Show the week, of which nothing can be read while the database is damaged."""
        if isinstance(self.app, PaperApp):
            super().reload()

    @property
    def key_labels(self) -> Mapping[str, str]:
        """What enter does while a key is looked for; the key of help closes it."""
        closes = dict.fromkeys(("help", "rescue.help"), "close")
        return {**closes, **({"submit": "scroll" * self._has_found} if self._line else {})}

    async def action_find(self) -> None:
        """Open the line to search from."""
        if self._line is None:
            hint = "a key, such as n or ctrl+l, or a word, such as note"
            self._line = SearchLine(self._search, hint, id="find")
            await self.mount(self._line, before=self.page)
        self._line.focus()

    def on_input_submitted(self) -> None:
        """Give the keys to what was found, to scroll it."""
        self.page.focus()

    def action_back(self) -> None:
        """Close the search, or the help."""
        if self._line is None:
            self.app.pop_screen()
            return
        self._line.remove()
        self._line = None
        self.page.focus()
        self.page.show(self._lay_out)

    def _search(self, text: str) -> None:
        if wanted := text.strip():
            here = matching(self._entries, wanted)
            known = {(entry.keys, entry.does) for entry in self._entries}
            self._elsewhere = [e for e in self._elsewhere if (e.keys, e.does) not in known]
            found = [*here, *matching(self._elsewhere, wanted)]
            self.page.show(lambda width: self._found(found, width))
        else:
            self.page.show(self._lay_out)
        self._has_found = not wanted or bool(found)
        self.refresh_bindings()

    def _found(self, found: Sequence[KeyHelp], width: int) -> list[Line]:
        page = Writer(width)
        for block in _key_blocks(found, width):
            page.blank()
            page.lines += block.lines
        if not found:
            looks = f"; {self.papertui.key('palette')} looks in the palette" if self._config else ""
            page.text(f"No key and no command is called that{looks}.", DIM)
        return page.lines

    def _lay_out(self, width: int) -> list[Line]:
        page = Writer(width)
        columns = max(1, min(4, (width + 4) // (_COLUMN + 4)))
        column = (width + 4) // columns - 4
        blocks = [*_key_blocks(self._entries, column)]
        blocks[1:1] = [self._signs(column), _passes(column)]
        page.blank()
        page.beside(*_columns(blocks, columns))
        page.blank()
        if self._config and any(entry.can_change for entry in self._entries):
            page.text(f"Every key can be changed under [keys] in {self._config}", DIM)
        return page.lines

    def _signs(self, width: int) -> Writer:
        glyphs, page = self._glyphs, Writer(width)
        page.heading("What the signs mean")
        signs = (
            *zip(glyphs.status, ("to read", "skimmed", "read", "reproduced"), strict=True),
            (glyphs.parked, "parked"),
            (glyphs.dropped, "dropped"),
            (glyphs.unidentified, "not identified"),
            *(
                (glyphs.behind_title(sign), meaning)
                for sign, meaning in (
                    (glyphs.starred, "starred"),
                    (glyphs.noted, "has a note"),
                    (glyphs.queued, "in the queue"),
                    (glyphs.waiting, "a session or note waits"),
                )
            ),
            ("#14", "its number in the list"),
            ("T2", "its tier; the list's page explains this and other marks"),
        )
        for line in packed((f"{sign} {meaning}" for sign, meaning in signs), width, "  "):
            page.line(line)
        page.text("three of six are done: second pass or deeper", lead="3/6 ")
        return page


def _passes(width: int) -> Writer:
    page = Writer(width)
    page.heading("What a pass is: one reading, so deep")
    for number, meaning in _PASSES:
        page.text(meaning, lead=Span(f"{number} ", STRONG))
    return page


def _key_blocks(entries: Sequence[KeyHelp], width: int) -> Iterator[Writer]:
    """Yield the keys of each group, its heading above them."""
    column = max((cells(entry.keys) for entry in entries), default=0) + 2
    for group in dict.fromkeys(entry.group for entry in entries):
        page = Writer(width)
        page.heading(group)
        for entry in entries:
            if entry.group == group:
                gap = " " * (column - cells(entry.keys))
                page.text(entry.does, lead=Span(entry.keys + gap, STRONG))
        yield page


def _columns(blocks: Sequence[Writer], count: int) -> list[Writer]:
    """Return blocks in columns of about the same height, in their order."""
    height = sum(len(block.lines) + 1 for block in blocks) / count
    columns = [Writer(blocks[0].width)]
    for block in blocks:
        is_full = len(columns[-1].lines) + len(block.lines) / 2 > height
        if columns[-1].lines and is_full and len(columns) < count:
            columns.append(Writer(block.width))
        columns[-1].blank()
        columns[-1].lines += block.lines
    return columns
