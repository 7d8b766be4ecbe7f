"""Several papertui on one file at once: all come up, all write, nothing is lost."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.storage import migrations
from papertui.storage.database import APPLICATION_ID
from papertui.storage.store import Store
from tests.core.test_journal import caught_up
from tests.robustness.test_kills import is_whole
from tests.support.endurance import counted, report_count, times
from tests.support.terminal import Terminal

WRITERS = 4
EVENTS = times(40, 500)
CHANGES = times(2, 20)
NEW = "none at all"
# Each says when it is ready, so that all begin at one moment.
READY = """
import sys
from datetime import date
from pathlib import Path
from papertui.storage import library_index, migrations
from papertui.core import journal
from papertui.storage.store import Store
import sqlite_utils

path, me, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
with Store(path) as store:
    for n in range(number):
        work = ("he2015deep", "kingma2014adam", "vaswani2017attention")[n % 3]
        change = (
            journal.log_pass(work, 1 + n % 3, date(2026, 11, 20), n % 300 + 1),
            journal.save_note(work, f"{me}-{n % 7}", f"{me} {n}"),
            journal.Change(journal.QUEUED, work, {"rank": float(n)}),
            journal.Change(journal.SCANNED, None, {"day": "2026-11-20", "count": 1}),
        )[n % 4]
        print(store.record(change).id, flush=True)
"""


def all_at_once(database: Path, number: int) -> list[str]:
    """Let WRITERS programs open a database at one moment and record so many acts each."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", READY, str(database), str(me), str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )
        for me in range(WRITERS)
    ]  # fmt: skip
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * WRITERS, said
    assert [errors for _, errors in said] == [""] * WRITERS
    return [act for output, _ in said for act in output.split()]


@counted
def test_four_writers_at_once_lose_no_event(database: Path) -> None:
    started = time.monotonic()
    acts = all_at_once(database, EVENTS)
    seconds = time.monotonic() - started
    assert len(set(acts)) == WRITERS * EVENTS
    with Store(database) as store:
        events = store.events()
        assert {event.act for event in events} == set(acts)
        assert [event.seq for event in events] == list(range(1, len(acts) + 1))
        assert len({event.at for event in events}) == len(acts)
        before = caught_up(store)
        store.rebuild()
        assert caught_up(store) == before
    assert is_whole(database)
    report_count(
        f"{WRITERS} writers, {EVENTS} events each, {len(acts):,} of them there, {seconds:.0f} s"
    )


def older(full: Path, path: Path, step: str) -> None:
    """Make a database of before a step of the schema that holds the journal of another."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrations.apply(connection, stop_before=step)
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute("attach ? as full", [str(full)])
        connection.execute("insert into event select * from full.event")


@counted
@pytest.mark.parametrize("steps", [(NEW,), migrations.NAMES[1:]], ids=["new", "older"])
def test_four_programs_can_open_a_database_at_once(tmp_path: Path, steps: Sequence[str]) -> None:
    full, rounds = tmp_path / "full.db", times(min(2, len(steps)), 12)
    with Store(full) as store:
        store.record(journal.log_pass("he2015deep", 2, date(2026, 11, 20)))
    for number in range(rounds):
        path, step = tmp_path / f"{number}.db", steps[-number % len(steps)]
        if step != NEW:
            older(full, path, step)
        acts = all_at_once(path, 4)
        with Store(path) as store:
            assert {event.act for event in store.events()} >= set(acts)
            assert store.reading_log.work("he2015deep").depth == (1 if step == NEW else 2)
            assert store.tree.sections()
    came, database = rounds * WRITERS, "a new" if step == NEW else "an older"
    report_count(f"{came} of {came} programs came up on {database} database, four at once")


@counted
def test_two_running_apps_show_each_others_changes(database: Path) -> None:
    # Both make the database, and one of them comes second.
    one, two = Terminal(database), Terminal(database)
    waited = []
    try:
        for terminal in (one, two):
            terminal.find("deep residual", "○ Deep Residual")
        for _ in range(CHANGES):
            for acting, key, seen in ((one, "1", "◔ Deep"), (two, "u", "○ Deep")):
                acting.type(key)
                acting.wait_for(seen)
                started = time.monotonic()
                for terminal in (one, two):
                    terminal.wait_for(seen)
                waited.append(time.monotonic() - started)
        for terminal in (one, two):
            assert "locked" not in terminal.text
            assert "Another program" not in terminal.text
    finally:
        one.end()
        two.end()
    report_count(
        f"{len(waited)} changes seen by the other papertui, {max(waited):.2f} s later at most"
    )
