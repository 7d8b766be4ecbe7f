"""A command, declared once: its key, its name in the footer, palette, help and config file."""

from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key

from papertui.config import ConfigError


def command(
    name: str,
    keys: str,
    action: str,
    does: str,
    label: str = "",
    shown_as: str | None = None,
    always: bool = False,
) -> Binding:
    """Declare a command.

    `name` is what the config file calls it; `does` is its sentence in help and
    palette; with a `label` it stands in the footer. `always` lets it work
    inside text fields too.
    """
    return Binding(
        keys,
        action,
        label or does,
        show=bool(label),
        key_display=shown_as,
        id=name,
        tooltip=does,
        priority=always,
    )


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


def writing(name: str, keys: str, action: str, does: str, label: str = "") -> Binding:
    """Declare a command that works while text is typed."""
    return command(name, keys, action, does, label, always=True)


def declared() -> Iterator[tuple[Binding, tuple[str, ...]]]:
    """Yield every command of papertui and the places it works in."""
    from papertui.tui.app import PaperTui
    from papertui.tui.help import HelpScreen
    from papertui.tui.importing import ImportScreen
    from papertui.tui.keep_up import KeepUpScreen
    from papertui.tui.library import LibraryScreen
    from papertui.tui.note import NoteScreen
    from papertui.tui.outline_view import OutlineView
    from papertui.tui.page_view import PageView
    from papertui.tui.progress import ProgressScreen
    from papertui.tui.search import SearchScreen
    from papertui.tui.session import SessionScreen
    from papertui.tui.tree import TreeScreen
    from papertui.tui.versions import VersionsScreen
    from papertui.tui.work import WorkScreen
    from papertui.tui.writing import WritingScreen

    owners: tuple[tuple[type[DOMNode], tuple[str, ...]], ...] = (
        (PaperTui, EVERYWHERE),
        (WorkScreen, ("tree", "detail")),
        (TreeScreen, ("tree", "detail")),
        (SearchScreen, ("tree", "detail")),
        (LibraryScreen, ("tree", "detail")),
        (OutlineView, ("tree",)),
        (PageView, ("detail", "progress", "keep-up", "help", "session", "versions", "import")),
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


def _name_of(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key
