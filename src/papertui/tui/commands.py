"""A command, declared once: its key, its name in the footer, palette, help and config file."""

from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.keys import Keys

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


def declared() -> Iterator[Binding]:
    """Yield every command of papertui."""
    from papertui.tui.app import PaperTui
    from papertui.tui.help import HelpScreen
    from papertui.tui.keep_up import KeepUpScreen
    from papertui.tui.library import LibraryScreen
    from papertui.tui.note import NoteScreen
    from papertui.tui.outline_view import OutlineView
    from papertui.tui.page_view import PageView
    from papertui.tui.progress import ProgressScreen

    owners = (
        PaperTui,
        LibraryScreen,
        OutlineView,
        PageView,
        ProgressScreen,
        KeepUpScreen,
        NoteScreen,
        HelpScreen,
    )
    for owner in owners:
        for binding in owner.BINDINGS:
            if isinstance(binding, Binding) and binding.id:
                yield binding


def check_keymap(keymap: Mapping[str, str]) -> None:
    """Refuse what Textual would swallow in the reader's keys.

    Raises ConfigError for names that are no command, keys that are no keys, and
    keys that two commands of one place would share.
    """
    if not keymap:
        return
    known = {str(binding.id): binding for binding in declared()}
    faults = [f"no command is called {name!r}" for name in keymap if name not in known]
    taken: dict[tuple[str, str], str] = {}
    for name, binding in known.items():
        for key in map(str.strip, keymap.get(name, binding.key).split(",")):
            if name in keymap and not _is_key(key):
                faults.append(f"{name}: {key!r} is no key")
            for place in _places(name):
                other = taken.setdefault((place, key), name)
                if other != name and (name in keymap or other in keymap):
                    faults.append(f"{key!r} is the key of both {other} and {name}")
    if faults:
        raise ConfigError("keys: " + "; ".join(dict.fromkeys(faults)) + ".")


_PAGES = ("progress", "keep-up", "help")


def _places(name: str) -> tuple[str, ...]:
    """Return the places a command works in: within one, no two may share a key."""
    area, dot, _ = name.partition(".")
    if area == "page":
        return ("detail", *_PAGES)
    return (area,) if dot else ("tree", "detail")


def _is_key(key: str) -> bool:
    while key.startswith(("ctrl+", "shift+", "alt+", "super+")):
        key = key.partition("+")[2]
    return len(key) == 1 or key in _NAMED or key.replace("_", "").isalpha()


_NAMED = {str(key.value) for key in Keys}
