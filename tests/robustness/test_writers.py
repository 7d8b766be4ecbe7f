"""Several programs on one database at once: all open it, all write, nothing is lost."""

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
EVENTS_PER_WRITER = times(40, 500)
CHANGES = times(2, 20)
NO_DATABASE = "no database"
# Each prints when it is ready, so that all begin at one moment.
WRITER = """
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


def write_at_once(database: Path, number: int) -> list[str]:
    """Record `number` acts in each of WRITERS programs at once; return the ids of all acts."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(database), str(me), str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )
        for me in range(WRITERS)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * WRITERS, outputs
    assert [errors for _, errors in outputs] == [""] * WRITERS
    return [act for output, _ in outputs for act in output.split()]


@counted
def test_four_writers_at_once_lose_no_event(database: Path) -> None:
    started_at = time.monotonic()
    acts = write_at_once(database, EVENTS_PER_WRITER)
    seconds = time.monotonic() - started_at
    assert len(set(acts)) == WRITERS * EVENTS_PER_WRITER
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
        f"{WRITERS} writers, {EVENTS_PER_WRITER} events each, "
        f"{len(acts):,} of them there, {seconds:.0f} s"
    )


def create_older_database(path: Path, step: str, journal_of: Path) -> None:
    """Create a database with the schema before `step` and the journal of another database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrations.apply(connection, stop_before=step)
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute("attach ? as full", [str(journal_of)])
        connection.execute("insert into event select * from full.event")


@counted
@pytest.mark.parametrize("steps", [(NO_DATABASE,), migrations.NAMES[1:]], ids=["new", "older"])
def test_four_programs_can_open_a_database_at_once(tmp_path: Path, steps: Sequence[str]) -> None:
    full, rounds = tmp_path / "full.db", times(min(2, len(steps)), 12)
    with Store(full) as store:
        store.record(journal.log_pass("he2015deep", 2, date(2026, 11, 20)))
    for number in range(rounds):
        path, step = tmp_path / f"{number}.db", steps[-number % len(steps)]
        if step != NO_DATABASE:
            create_older_database(path, step, full)
        acts = write_at_once(path, 4)
        with Store(path) as store:
            assert {event.act for event in store.events()} >= set(acts)
            assert store.reading_log.work("he2015deep").depth == (1 if step == NO_DATABASE else 2)
            assert store.tree.sections()
    programs, database = rounds * WRITERS, "a new" if step == NO_DATABASE else "an older"
    report_count(f"{programs} of {programs} programs opened {database} database, four at once")


@counted
def test_two_running_apps_show_each_others_changes(database: Path) -> None:
    # Both try to create the database, and one of them comes second.
    one, two = Terminal(database), Terminal(database)
    delays = []
    try:
        for terminal in (one, two):
            terminal.find("deep residual", "○ Deep Residual")
        for _ in range(CHANGES):
            for terminal_used, key, row in ((one, "1", "◔ Deep"), (two, "u", "○ Deep")):
                terminal_used.type(key)
                terminal_used.wait_for(row)
                changed_at = time.monotonic()
                for terminal in (one, two):
                    terminal.wait_for(row)
                delays.append(time.monotonic() - changed_at)
        for terminal in (one, two):
            assert "locked" not in terminal.text
            assert "Another program" not in terminal.text
    finally:
        one.end()
        two.end()
    report_count(f"{len(delays)} changes shown by both apps, {max(delays):.2f} s later at most")
