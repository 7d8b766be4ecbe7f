"""A command of the app: declared once for its key, footer, palette, help and config name."""

from textual.binding import Binding
from textual.keys import _character_to_key


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


def writing(name: str, keys: str, action: str, does: str, label: str = "") -> Binding:
    """Declare a command that works while text is typed."""
    return command(name, keys, action, does, label, always=True)


def _name_of(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key
