"""Full read and done are views: for papertui and for everyone who queries its file."""

import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from papertui.core import journal, library_tree
from papertui.core.library_tree import Grouping, TreeQuery
from papertui.demo import fill
from papertui.storage import migrations
from papertui.storage.backups import Backups
from papertui.storage.store import Store
from tests.core.test_journal import rows_of
from tests.support.faults import papertui

DAY = date(2026, 11, 20)
ATTENTION, ADAM, RESNET = "vaswani2017attention", "kingma2014adam", "he2015deep"
FILTERS = [
    {},
    {"status": frozenset({"read"}), "kind": frozenset({"paper"})},
    {"list": frozenset({"deep-learning-papers"}), "tier": frozenset({"1", "none"})},
    {"pass": frozenset({"2"}), "notes": frozenset({"no"}), "queue": frozenset({"no"})},
]


def without_views(database: Path) -> None:
    """Take a database back to a papertui that did not have the views."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("drop view full_read")
        connection.execute("drop view work_state")
        connection.execute("delete from _sqlite_migrations where name = 'm009_views'")


def answers() -> list[str]:
    """Return the output of the commands that show everything, without the moment of the export."""
    commands = ["stats"], ["stats", "--json"], ["list"], ["next"], ["export", "--format", "json"]
    printed = [papertui(*command) for command in commands]
    assert [one.returncode for one in printed] == [0] * len(commands), printed
    return [re.sub(r'"exported": "[^"]*"', "", one.stdout) for one in printed]


def test_the_views_tell_what_is_done_and_what_counts(store: Store, database: Path) -> None:
    store.record(journal.log_pass(ATTENTION, 2, DAY), journal.log_pass(ATTENTION, 1, DAY))
    store.record(journal.log_pass(RESNET, 3, None), journal.drop(RESNET, "known"))
    store.record(journal.log_pass(ADAM, 1, DAY), journal.park(ADAM, DAY + timedelta(days=1)))
    store.record(journal.log_pass("unidentified-peft", 2, DAY))
    with closing(sqlite3.connect(database)) as connection:
        states = connection.execute(
            "select work, depth, status, progress, parked_until, counted, done from work_state"
            " where depth order by number"
        ).fetchall()
        full_reads = connection.execute("select work, read_on from full_read order by 1").fetchall()
    assert sorted(states) == [
        (RESNET, 3, "dropped", "reproduced", None, 0, 0),
        (ADAM, 1, "parked", "skimmed", "2026-11-21", 1, 0),
        ("unidentified-peft", 2, "read", "read", None, 0, 0),
        (ATTENTION, 2, "read", "read", None, 1, 1),
    ]
    assert full_reads == [
        (RESNET, None),
        ("unidentified-peft", "2026-11-20"),
        (ATTENTION, "2026-11-20"),
    ]


def test_an_older_file_is_backed_up_and_answers_as_before(database: Path) -> None:
    with Store(database) as store:
        fill(store, DAY)
    before = answers()
    without_views(database)
    assert answers() == before
    (backup,) = Backups(database).all()
    with closing(sqlite3.connect(backup.path)) as connection:
        taken = [name for name in migrations.NAMES if name != "m009_views"]
        assert sorted(migrations.applied(connection)) == taken


def test_a_file_that_lacks_only_the_views_is_not_rebuilt(database: Path) -> None:
    with Store(database) as store:
        store.record(journal.log_pass(ATTENTION, 2, DAY))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("update reading set minutes = 999")
    without_views(database)
    before = rows_of(database)
    Store(database).close()
    assert rows_of(database) == before


@pytest.mark.parametrize("chosen", FILTERS, ids=["all", "works", "places", "records"])
@pytest.mark.parametrize("view", list(Grouping))
def test_no_query_of_the_tree_stores_a_view_in_between(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    view: Grouping,
    chosen: library_tree.Filter,
) -> None:
    queries: list[str] = []
    store._db.connection.set_trace_callback(queries.append)
    seen = TreeQuery(DAY, view, chosen)
    branches = [branch.id for branch in store.tree.branches(seen)]
    store.tree.leaves(seen, branches)
    store.tree.holding(seen, ATTENTION)
    store.search.find("learning", seen)
    store.tree.sections(DAY)
    store.up_next.next(DAY)
    store._db.connection.set_trace_callback(None)
    plans = [
        step
        for query in queries
        if "work_state" in query
        for *_, step in store._db.connection.execute(f"explain query plan {query}")
    ]
    assert plans
    assert not [step for step in plans if "work_state" in step]


def test_a_work_that_is_done_is_no_candidate_of_its_list(store: Store) -> None:
    (key, _), *_ = store.tree.lists()
    first, second, *_ = store.up_next.of_list(key, "list", DAY)
    store.record(journal.log_pass(first.work, 2, DAY), journal.log_pass(second.work, 1, DAY))
    (skimmed, *_) = store.up_next.of_list(key, "list", DAY)
    assert (skimmed.work, skimmed.depth) == (second.work, 1)
