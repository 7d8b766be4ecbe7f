"""A command of the app: declared once for its key, footer, palette, help and config name."""

from collections.abc import Iterable

from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode

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


def in_order(active: Iterable[ActiveBinding]) -> list[ActiveBinding]:
    """Return active bindings in the order of their commands, whatever keys the reader gave these.

    Textual puts a command with another key behind all others of its place.
    """
    places: dict[DOMNode, list[int]] = {}
    ordered = [*active]
    for place, each in enumerate(ordered):
        places.setdefault(each.node, []).append(place)
    unordered = [*ordered]
    for node, of_node in places.items():
        declared = [b for bindings in node._bindings.key_to_bindings.values() for b in bindings]
        ranks: dict[str, int] = {}
        for rank, binding in enumerate(declared):
            ranks.setdefault(binding.id or binding.action, rank)
        sorted_ = sorted(
            (unordered[place] for place in of_node),
            key=lambda each: ranks.get(each.binding.id or each.binding.action, len(ranks)),
        )
        for place, each in zip(of_node, sorted_, strict=True):
            ordered[place] = each
    return ordered


def fixed_keys(keys: str, action: str, does: str, label: str = "") -> Binding:
    """Declare keys of one widget that the config file cannot change, such as enter in a line."""
    return Binding(keys, action, label or does, show=bool(label), tooltip=does)


def typing_command(name: str, keys: str, action: str, does: str, label: str = "") -> Binding:
    """Declare a command that works while text is typed."""
    return command(name, keys, action, does, label, always=True)
