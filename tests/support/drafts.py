"""The texts that wait to be saved."""

from papertui.storage.store import Store


def draft_texts(store: Store) -> list[str]:
    """Return the texts of the drafts that wait in a database."""
    return [draft.body for draft in store.drafts.waiting()]
