"""Changes of the reader's own works, checked against what is known."""

from collections.abc import Mapping
from typing import Any

from papertui.core import journal
from papertui.core.journal import Change
from papertui.core.work_edits import edit_of, parse_field
from papertui.errors import Refused
from papertui.storage.store import Store


class FieldRefused(Refused):
    """Why the text of a field is not taken; `name` is that of the field."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name


def work_edit(store: Store, citekey: str, typed: Mapping[str, str]) -> Change | None:
    """Return the change that gives fields of a work what was `typed`, None if nothing changes.

    Raises Refused for a work that came with papertui, FieldRefused for a text that makes no
    sense in its field.
    """
    before = store.works.editable_fields(citekey)
    edits: dict[str, Any] = {}
    for name, text in typed.items():
        try:
            edits |= parse_field(name, text, before, store.works.resolve)
            if name == "requires":
                _check_order(store, citekey, edits.get(name) or ())
        except Refused as refused:
            raise FieldRefused(name, str(refused)) from None
    edits = edit_of(before, edits)
    return journal.edit_work(citekey, edits) if edits else None


def _check_order(store: Store, citekey: str, requires: list[str] | tuple[str, ...]) -> None:
    """Raise Refused if a work would have to be read before itself."""
    for other in requires:
        if other == citekey:
            raise Refused("A work is not read after itself.")
        if citekey in store.works.required_by(other):
            raise Refused(f"{store.works.title(other)} is read after this work already.")
