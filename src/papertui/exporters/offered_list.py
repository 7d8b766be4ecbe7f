"""A list of the reader's as data, to offer it to a reading group."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from papertui.core.catalog import fields_of
from papertui.core.group import about
from papertui.core.library_tree import Branch, Leaf, TreeQuery
from papertui.errors import Refused
from papertui.storage.store import Store

MAX_WORKS = 2_000
_FIELDS = ("venue", "links", "length", "unidentified", "more_authors")


def offered_list(store: Store, key: str, today: date) -> dict[str, Any]:
    """Return a list with its works, in the shapes of the catalogue; nothing of the reader's acts.

    Raises Refused if it is gone, has no works, or more than MAX_WORKS.
    """
    facts = store.works.list_facts(key)
    branches = [branch for branch in store.tree.sections() if branch.list == key]
    if facts is None or not branches:
        raise Refused("That list has gone.")
    leaves = store.tree.leaves(TreeQuery(today), [branch.id for branch in branches])
    works = {leaf.work: None for of_branch in leaves.values() for leaf in of_branch}
    if not works or len(works) > MAX_WORKS:
        raise Refused(f"A list of 1 to {MAX_WORKS:,} works can be offered.")
    root = next(branch for branch in branches if branch.parent is None)
    own = {"title": facts.title, "items": _items(leaves.get(root.id, ()))}
    sections = _sections(root.id, branches, leaves)
    return {
        "title": facts.title,
        "list": {
            "key": key,
            "title": facts.title,
            "origin": facts.origin,
            "order": facts.reading_order,
            "purpose": facts.purpose,
            "sections": [own, *sections] if own["items"] else sections,
        },
        "works": {work: _fields_of(store, work) for work in works},
    }


def _sections(
    parent: int, branches: list[Branch], leaves: dict[int, list[Leaf]]
) -> list[dict[str, Any]]:
    return [
        {
            "title": branch.title,
            "items": _items(leaves.get(branch.id, ())),
            "sections": _sections(branch.id, branches, leaves),
        }
        for branch in branches
        if branch.parent == parent
    ]


def _items(leaves: Iterable[Leaf]) -> list[dict[str, Any]]:
    return [{"work": leaf.work, **({"tier": leaf.tier} if leaf.tier else {})} for leaf in leaves]


def _fields_of(store: Store, citekey: str) -> dict[str, Any]:
    work = store.works.work(citekey)
    fields = fields_of(work) if work else {"title": citekey, "kind": "paper"}
    return {**about(fields), **{name: fields[name] for name in _FIELDS if name in fields}}
