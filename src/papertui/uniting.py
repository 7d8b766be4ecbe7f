"""Two works that are one: what must hold before one takes in the other."""

from papertui.core import journal
from papertui.core.journal import Change
from papertui.errors import Refused
from papertui.store import Store


def merging(store: Store, work: str, into: str) -> Change:
    """Return what makes a work one with another. Raises Refused where that cannot be."""
    title = store.library.title(work)
    if work == into:
        raise Refused("That is the same work already.")
    if store.library.is_shipped(work):
        raise Refused(f"papertui comes with {title}: merge the other work into it.")
    if any(draft.work == work for draft in store.drafts.waiting()):
        raise Refused(f"A note or session on {title} waits: finish it first.")
    return journal.merge_works(work, into)
