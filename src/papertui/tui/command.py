"""A command of the app: declared once for its key, footer, palette, help and config name."""

from textual.binding import Binding

# The commands declared so far, by their names.
DECLARED: dict[str, Binding] = {}


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

    `name` is its name in the config file, `does` its sentence in help and
    palette, `label` its word in the footer, which leaves it out without one.
    With `always` it works inside text fields too.
    """
    DECLARED[name] = Binding(
        keys, action, label or does, show=bool(label), key_display=shown_as, id=name, tooltip=does,
        priority=always,
    )  # fmt: skip
    return DECLARED[name]


def fixed_keys(keys: str, action: str, does: str, label: str = "") -> Binding:
    """Declare keys of one widget that the config file cannot change, such as enter in a line."""
    return Binding(keys, action, label or does, show=bool(label), tooltip=does)


def typing_command(name: str, keys: str, action: str, does: str, label: str = "") -> Binding:
    """Declare a command that works while text is typed."""
    return command(name, keys, action, does, label, always=True)
