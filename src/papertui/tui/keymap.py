"""All commands by the places where they work, and the check of the reader's own keys."""

from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key, key_to_character

from papertui.config import ConfigFault, line_of
from papertui.tui.base import PaperApp

# What closes a screen that a key opens, unless the reader has set it: that key does too.
_WAYS_BACK = {
    "show-progress": "progress.back",
    "show-keep-up": "keep-up.back",
    "show-group": "group.back",
}
# Keys that work in a text field too, whatever other key the reader gives the command.
_WHILE_TYPING = {"help": "f1", "back": "escape"}


def _places() -> Mapping[str, tuple[type[DOMNode], ...]]:
    """Return each place and the classes that have commands there, besides the app's own."""
    from papertui.tui.screens.edit_work import EditScreen, FieldLine
    from papertui.tui.screens.group import GroupScreen
    from papertui.tui.screens.help import HelpScreen
    from papertui.tui.screens.import_list import ImportScreen
    from papertui.tui.screens.keep_up import KeepUpScreen
    from papertui.tui.screens.library import LibraryScreen
    from papertui.tui.screens.new_papers import NewPapersScreen
    from papertui.tui.screens.note_editor import Editor, NoteScreen
    from papertui.tui.screens.note_versions import VersionsPane, VersionsScreen
    from papertui.tui.screens.progress import ProgressScreen
    from papertui.tui.screens.recall import RecallScreen
    from papertui.tui.screens.session import SessionScreen
    from papertui.tui.screens.work_actions import WorkActions
    from papertui.tui.widgets.marked_tree import MarkedTree
    from papertui.tui.widgets.page import PagePane
    from papertui.tui.widgets.paper_list import PaperList

    return {
        "tree": (WorkActions, LibraryScreen, MarkedTree),
        "detail": (LibraryScreen, PagePane),
        "progress": (ProgressScreen, PagePane),
        "keep-up": (KeepUpScreen, PagePane),
        "new-papers": (NewPapersScreen, PaperList),
        "recall": (RecallScreen,),
        "group": (GroupScreen, PagePane),
        "help": (HelpScreen, PagePane),
        "note": (NoteScreen, Editor),
        "edit": (EditScreen, FieldLine),
        "session": (SessionScreen, Editor),
        "checklist": (SessionScreen, PagePane),
        "versions": (VersionsScreen, VersionsPane),
        "import": (ImportScreen, PagePane),
    }


def all_commands() -> Iterator[tuple[Binding, tuple[str, ...]]]:
    """Yield every command of papertui and the places where it works."""
    bindings: dict[str, Binding] = {}
    places: dict[str, dict[str, None]] = {}
    for place, owners in _places().items():
        classes: tuple[type[DOMNode], ...] = (PaperApp, *owners)
        for base in (base for owner in classes for base in owner.__mro__):
            for binding in vars(base).get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.id:
                    bindings[binding.id] = binding
                    # The keys of an open search are the tree's while it is closed.
                    searching = binding.id.startswith("found.")
                    places.setdefault(binding.id, {})["search" if searching else place] = None
    for name, binding in bindings.items():
        yield binding, tuple(places[name])


# Keys that change a text and are no letters.
_EDITS = ("enter", "tab", "backspace", "delete")
# Keys of which terminals send others, as they always have.
_SENT_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape", "ctrl+h": "backspace"}


def faults_of_keys(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with the reader's keys, which Textual would accept without a word.

    It is by the names in the config file: names that are no command, keys that are no keys,
    keys that write in a text where the command works, and keys that two commands of one place
    would share.
    """
    if not keymap:
        return {}
    commands = {str(binding.id): (binding, places) for binding, places in all_commands()}
    faults: dict[str, str] = {}
    for name in keymap:
        if name not in commands:
            from difflib import get_close_matches

            near = get_close_matches(name, commands, 1)
            also = f": did you mean {near[0]}?" if near else ""
            faults[name] = f"no command is called {name!r}{also}"
    taken: dict[tuple[str, str], str] = {}
    for name, (binding, places) in commands.items():
        is_typing = binding.priority or places == ("search",)
        for key in map(str.strip, keymap.get(name, binding.key).split(",")):
            if name in keymap and not _is_key(key):
                faults.setdefault(name, f"{key!r} is not a key, such as ctrl+g or f5")
            elif name in keymap and (sent := _SENT_AS.get(key)):
                faults.setdefault(name, f"terminals send {key!r} as {sent}: choose another")
            elif name in keymap and is_typing and (_types(key) or key in _EDITS):
                says = f"{key!r} writes in a text, where {name} works: choose one such as ctrl+g"
                faults.setdefault(name, says)
            for place in places:
                other = taken.setdefault((place, _name_of(key)), name)
                if other != name and (own := name if name in keymap else other) in keymap:
                    says = f"{key!r} is the key of both {other} and {name}: choose another"
                    faults.setdefault(own, says)
    return faults


def _with_more_keys(keymap: Mapping[str, str]) -> Mapping[str, str]:
    """Add the keys that go with the reader's own ones, where they are free.

    The key that opens a screen closes it too; help and the way back have one in a text field.
    """
    more = {
        back: f"escape,{keymap[opens]}"
        for opens, back in _WAYS_BACK.items()
        if opens in keymap and back not in keymap
    }
    more |= {
        name: f"{keymap[name]},{key}"
        for name, key in _WHILE_TYPING.items()
        if all(map(_types, keymap.get(name, key).split(",")))
    }
    for name, keys in more.items():
        ways = {**keymap, name: keys}
        if not faults_of_keys(ways).keys() - faults_of_keys(keymap).keys():
            keymap = ways
    return keymap


def usable_keys(
    keymap: Mapping[str, str], source: str = ""
) -> tuple[Mapping[str, str], list[ConfigFault]]:
    """Return those of the reader's keys that can work, and what is wrong with the others.

    `source` is the text of the config file. Without one key, another may be free.
    """
    keymap = {name: ",".join(map(_spelt, keys.split(","))) for name, keys in keymap.items()}
    faults: dict[str, str] = {}
    chosen = _with_more_keys(keymap)
    while more := faults_of_keys({n: keys for n, keys in chosen.items() if n not in faults}):
        faults |= more
    # The way back from a screen whose own key has a fault is as it was.
    usable = _with_more_keys({n: keys for n, keys in keymap.items() if n not in faults})
    return usable, [
        ConfigFault(f"keys.{name}", says, line_of(source, f"keys.{name}"))
        for name, says in faults.items()
    ]


def _spelt(key: str) -> str:
    """Return a key as Textual names it, of which the reader may have the case otherwise."""
    key = key.strip()
    modifiers, plus, name = key.rpartition("+")
    modifiers = modifiers.lower()
    # Only of a letter by itself, or with alt, the case tells two keys apart.
    if len(name) > 1 or "ctrl" in modifiers:
        name = name.lower()
    spelt = f"{modifiers}{plus}{name}"
    return spelt if _is_key(spelt) else key


def _types(key: str) -> bool:
    """Return True for a key that types a character."""
    character = key_to_character(key)
    return character is not None and character.isprintable()


def _name_of(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key


def _is_key(key: str) -> bool:
    while key.startswith(("ctrl+", "shift+", "alt+", "super+")):
        key = key.partition("+")[2]
    characters = {_character_to_key(chr(code)) for code in range(33, 0x250)}
    return len(key) == 1 or key in {str(named.value) for named in Keys} or key in characters
