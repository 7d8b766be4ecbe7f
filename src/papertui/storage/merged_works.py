"""What works that were merged into others are part of, and what is known of them."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from papertui.storage.database import Database

if TYPE_CHECKING:
    from papertui.core.identifiers import NamedIds

# The citekey of a work, or of the work that it was merged into.
CITEKEY = "coalesce((select target from merged where merged.work = {0}), {0})"
MergedFields = dict[str, list[dict[str, Any]]]


def merged_fields(database: Database, targets: Collection[str] | None = None) -> MergedFields:
    """Return the fields of merged works, by the works that they were merged into.

    They are in the order in which they were merged. With `targets`, only what was merged into
    these is returned. A merge of an older papertui has no fields: the work has those that it
    was added with.
    """
    # What asks for names alone does without.
    import json

    sql = "select 1 from merged where ?1 is null or target in (select value from json_each(?1))"
    wanted = None if targets is None else json.dumps(list(targets))
    if not database.row(f"{sql} limit 1", wanted):
        return {}
    # Only a journal with merges needs what reads and checks them.
    from papertui.core import journal
    from papertui.core.work_edits import fields_of_merged
    from papertui.storage.event_log import STANDING

    rows = database.rows(
        "select target, merged.work, json_extract(data, '$.fields') from merged"
        " cross join event on event.work = merged.work where kind in (?2, ?3)"
        " and (?1 is null or target in (select value from json_each(?1)))"
        f" and {STANDING} and json_valid(data) and json_type(data, '$.fields') = 'object'"
        " order by kind = ?2, at, device, seq, id",
        wanted, journal.MERGED, journal.ADDED,
    )  # fmt: skip
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for target, work, fields in rows:
        # A title and a kind are all that a work must have.
        if (known := fields_of_merged(json.loads(fields))).keys() >= {"title", "kind"}:
            latest.pop((target, work), None)
            latest[target, work] = known
    by_target: MergedFields = {}
    for (target, _), known in latest.items():
        by_target.setdefault(target, []).append(known)
    return by_target


def works_with_merged(database: Database, ids: "NamedIds") -> list[str]:
    """Return the works in the library into which others were merged that have one of some ids."""
    if not (merged := merged_fields(database)):
        return []
    # Only a library with merges needs what compares them.
    from papertui.core.identifiers import address_key
    from papertui.core.identity import Identity, compare, identity_of

    url = address_key(ids.url) if ids.url else None
    wanted = Identity(frozenset(), ids.arxiv, ids.doi and ids.doi.lower(), url)
    return [
        work
        for work, of_merged in merged.items()
        if any(compare(wanted, identity_of(fields)) for fields in of_merged)
        and database.row("select 1 from work where citekey = ?", work)
    ]
