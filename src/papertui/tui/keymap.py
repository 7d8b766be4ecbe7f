"""A command, declared once: its key, its name in the footer, palette, help and config file."""

from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key

from papertui.config import ConfigError
from papertui.tui.command import _name_of

EVERYWHERE = (
    "tree",
    "detail",
    "progress",
    "keep-up",
    "help",
    "note",
    "session",
    "versions",
    "import",
)


def declared() -> Iterator[tuple[Binding, tuple[str, ...]]]:
    """Yield every command of papertui and the places it works in."""
    from papertui.tui.app import PaperTui
    from papertui.tui.screens.help import HelpScreen
    from papertui.tui.screens.import_list import ImportScreen
    from papertui.tui.screens.keep_up import KeepUpScreen
    from papertui.tui.screens.library import LibraryScreen, SearchScreen
    from papertui.tui.screens.library_state import TreeScreen
    from papertui.tui.screens.note_editor import NoteScreen, WritingScreen
    from papertui.tui.screens.progress import ProgressScreen
    from papertui.tui.screens.session import SessionScreen
    from papertui.tui.screens.versions import VersionsScreen
    from papertui.tui.screens.work_actions import WorkScreen
    from papertui.tui.widgets.page import PagePane
    from papertui.tui.widgets.tree import LibraryTree

    owners: tuple[tuple[type[DOMNode], tuple[str, ...]], ...] = (
        (PaperTui, EVERYWHERE),
        (WorkScreen, ("tree", "detail")),
        (TreeScreen, ("tree", "detail")),
        (SearchScreen, ("tree", "detail")),
        (LibraryScreen, ("tree", "detail")),
        (LibraryTree, ("tree",)),
        (PagePane, ("detail", "progress", "keep-up", "help", "session", "versions", "import")),
        (ProgressScreen, ("progress",)),
        (KeepUpScreen, ("keep-up",)),
        (WritingScreen, ("note", "session")),
        (NoteScreen, ("note",)),
        (SessionScreen, ("session",)),
        (VersionsScreen, ("versions",)),
        (HelpScreen, ("help",)),
        (ImportScreen, ("import",)),
    )
    for owner, places in owners:
        for binding in owner.BINDINGS:
            if isinstance(binding, Binding) and binding.id:
                searching = binding.id.startswith("found.")
                yield binding, ("search",) if searching else places


def check_keymap(keymap: Mapping[str, str]) -> None:
    """Refuse what Textual would swallow in the reader's keys.

    Raises ConfigError for names that are no command, keys that are no keys, and
    keys that two commands of one place would share.
    """
    if not keymap:
        return
    known = {str(binding.id): (binding, places) for binding, places in declared()}
    faults = [f"no command is called {name!r}" for name in keymap if name not in known]
    taken: dict[tuple[str, str], str] = {}
    for name, (binding, places) in known.items():
        for key in map(str.strip, keymap.get(name, binding.key).split(",")):
            if name in keymap and not _is_key(key):
                faults.append(f"{name}: {key!r} is no key")
            for place in places:
                other = taken.setdefault((place, _name_of(key)), name)
                if other != name and (name in keymap or other in keymap):
                    faults.append(f"{key!r} is the key of both {other} and {name}")
    if faults:
        raise ConfigError("keys: " + "; ".join(dict.fromkeys(faults)) + ".")


def _is_key(key: str) -> bool:
    while key.startswith(("ctrl+", "shift+", "alt+", "super+")):
        key = key.partition("+")[2]
    characters = {_character_to_key(chr(code)) for code in range(33, 0x250)}
    return len(key) == 1 or key in {str(named.value) for named in Keys} or key in characters
