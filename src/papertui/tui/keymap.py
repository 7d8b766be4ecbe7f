"""All commands by the places where they work, and the check of the reader's own keys."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from textual.binding import Binding
from textual.dom import DOMNode

from papertui.config import ConfigFault, line_of
from papertui.tui.base import PaperApp
from papertui.tui.key_names import SUCH_AS, full_name, spelt, types, why_no_key

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
    from papertui.tui.screens.note_editor import NoteScreen
    from papertui.tui.screens.note_versions import VersionsPane, VersionsScreen
    from papertui.tui.screens.progress import ProgressScreen
    from papertui.tui.screens.recall import RecallScreen
    from papertui.tui.screens.session import SessionScreen
    from papertui.tui.screens.work_actions import WorkActions
    from papertui.tui.widgets.editor import Editor
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


# Keys that change a text without a binding of their own.
_EDITS = {"enter", "tab", "backspace", "delete"}


def _keys_of_texts() -> Mapping[str, Collection[str]]:
    """Return the keys that work on a text and type nothing, by the places that have one.

    Those that commands of papertui come with do so no more.
    """
    from textual.widgets import Input, TextArea

    from papertui.tui.widgets.inputs import SearchLine

    own = {key for each, _ in all_commands() if each.priority for key in each.key.split(",")}
    places: dict[str, tuple[type[DOMNode], ...]] = {**_places(), "search": (SearchLine,)}
    keys = {}
    for place, owners in places.items():
        classes = chain(*(owner.__mro__ for owner in owners))
        texts = [each for each in classes if issubclass(each, Input | TextArea)]
        declared = [binding for each in texts for binding in vars(each).get("BINDINGS", ())]
        if texts:
            bindings = Binding.make_bindings(declared)
            keys[place] = {each.key for each in bindings if not each.id} - own | _EDITS
    return keys


def faults_of_keys(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with the reader's keys, which Textual would accept without a word.

    It is by the names in the config file: names that are no command, keys that are no keys,
    keys that work on a text where the command works, that begin a number in the tree, and keys
    that two commands of one place would share.
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
    from papertui.tui.widgets.marked_tree import COUNTED

    texts = _keys_of_texts()
    taken: dict[tuple[str, str], str] = {}
    for name, (binding, places) in commands.items():
        is_typing = binding.priority or places == ("search",)
        of_text = {*chain(*(texts.get(place, ()) for place in places))} if is_typing else set()
        for key in map(str.strip, keymap.get(name, binding.key).split(",")):
            if name in keymap and (says := why_no_key(key)):
                faults.setdefault(name, says)
            elif name in keymap and is_typing and (types(key) or key in of_text):
                says = f"{key!r} belongs to the text, where {name} works: choose one {SUCH_AS}"
                faults.setdefault(name, says)
            elif name in keymap and "tree" in places and key in COUNTED:
                says = f"{key!r} begins a number in the tree, such as {key} j: choose another"
                faults.setdefault(name, says)
            for place in places:
                other = taken.setdefault((place, full_name(key)), name)
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
    own = {name: keymap[name].split(",") for name in _WHILE_TYPING if name in keymap}
    texts = {*chain(*_keys_of_texts().values())} if own else ()
    more |= {
        name: f"{keymap[name]},{_WHILE_TYPING[name]}"
        for name, keys in own.items()
        if all(types(key) or key in texts for key in keys)
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
    keymap = {name: ",".join(map(spelt, keys.split(","))) for name, keys in keymap.items()}
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
