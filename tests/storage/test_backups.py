"""Backups: made while papertui runs, whole or not at all, few and spread over time."""

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.storage import backups, migrations
from papertui.storage.backups import BEFORE, DAMAGED, BackupError, Backups, aside, copy
from papertui.storage.database import APPLICATION_ID
from papertui.storage.drafts import Draft
from papertui.storage.integrity import faults
from papertui.storage.store import Store
from tests.support.faults import fill_up, one_line, overwrite, papertui, small_disk

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def events_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("select count(*) from event").fetchone()[0])


def log(store: Store, minutes: int = 60) -> None:
    store.record(journal.log_pass("he2015deep", 2, DAY, minutes))


def test_a_backup_is_whole_and_only_for_its_owner(store: Store, database: Path) -> None:
    log(store)
    store.drafts.save(Draft("d", "he2015deep", "n", (), "half a thought"))
    made = Backups(database).take(NOON)
    assert faults(made.path) == []
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    with closing(sqlite3.connect(made.path)) as connection:
        assert connection.execute("select body from draft").fetchall() == [("half a thought",)]
    assert events_in(made.path) == 1
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_a_backup_that_is_written_to_is_another_device(store: Store, database: Path) -> None:
    log(store)
    made = Backups(database).take(NOON)
    before = store.device
    store.close()
    # As a person might bring it back: the same file, the same inode.
    with database.open("r+b") as file:
        file.write(made.path.read_bytes())
        file.truncate()
    with Store(database) as again:
        assert again.device != before
        assert len(again.events()) == 1


def test_a_copy_made_while_another_writes_is_of_one_moment(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_PAGES", 20)
    made = []
    with Store(database) as store:
        copying = threading.Thread(target=lambda: made.append(Backups(database).take(NOON)))
        copying.start()
        logged = 0
        while copying.is_alive() or not logged:
            store.record(*[journal.log_pass("he2015deep", 1, None) for _ in range(3)])
            logged += 3
            copying.join(0.02)
        assert events_in(made[0].path) % 3 == 0
        assert faults(made[0].path) == []
        assert len(store.events()) == logged


def test_the_lock_is_released_between_two_steps(
    store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_PAGES", 20)
    steps: list[int] = []

    def write() -> bool:
        if len(steps) < 3:
            log(store)
        steps.append(1)
        return False

    made = Backups(database).take(NOON, write)
    assert len(steps) > 3
    assert events_in(made.path) == 3


def test_a_copy_that_is_stopped_leaves_nothing(store: Store, database: Path) -> None:
    with pytest.raises(BackupError, match="given up"):
        Backups(database).take(NOON, lambda: True)
    assert list(Backups(database).folder.iterdir()) == []


def test_a_database_that_another_holds_is_said_to_be_in_use(
    store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_BUSY_TIMEOUT", 0.1)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin exclusive")
        with pytest.raises(BackupError, match="using the database"):
            Backups(database).take(NOON)


def test_no_backup_of_a_damaged_file_takes_the_place_of_an_older_one(database: Path) -> None:
    Store(database).close()
    backups = Backups(database)
    for days in range(30):
        backups.take(NOON - timedelta(days=days))
    good = [found.path for found in backups.all()]
    overwrite(database, 40 * 4096, bytes(4096))
    with pytest.raises(BackupError, match="damaged"):
        backups.take(NOON + timedelta(days=1))
    assert [found.path for found in backups.all()] == good


def test_old_backups_go_when_the_new_one_is_whole(database: Path) -> None:
    Store(database).close()
    backups = Backups(database)
    for days in range(40, -1, -1):
        backups.take(NOON - timedelta(days=days))
    assert len(backups.all()) == 7 + 2 + 1
    assert backups.all()[0].taken == NOON


def test_the_backup_from_before_a_kept_damaged_file_stays_with_it(database: Path) -> None:
    Store(database).close()
    before, after = (Backups(database).take(NOON + timedelta(hours=hour)) for hour in (0, 2))
    kept = aside(database, DAMAGED, NOON + timedelta(hours=1))
    kept.touch()
    other = aside(database, BEFORE, NOON - timedelta(hours=1))
    other.touch()
    Backups(database).take(NOON + timedelta(days=1))
    assert {before, after} < {*Backups(database).all()}
    kept.unlink()
    Backups(database).take(NOON + timedelta(days=2))
    assert before not in Backups(database).all()


def test_a_full_disk_leaves_the_older_backups_and_no_half_one(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4400) as disk:
        database = disk / "papertui.db"
        Store(database).close()
        backups = Backups(database)
        first = backups.take(NOON)
        filler = fill_up(disk)
        result = papertui("--db", str(database), "backup")
        assert "full" in one_line(result)
        assert [path.name for path in backups.folder.iterdir()] == [first.path.name]
        filler.unlink()
        assert papertui("--db", str(database), "backup").returncode == 0
        assert len(backups.all()) == 2


def test_a_kill_in_the_middle_leaves_no_backup_that_is_not_whole(database: Path) -> None:
    Store(database).close()
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from papertui.storage import backups\n"
        "from papertui.system import clock\n"
        "backups._PAGES = 20\n"
        "left = int(sys.argv[2])\n"
        "def step():\n"
        "    global left\n"
        "    left -= 1\n"
        "    return left < 0 and os.kill(os.getpid(), signal.SIGKILL)\n"
        "backups.Backups(Path(sys.argv[1])).take(clock.now(), step)\n"
    )
    for step in range(3):
        killed = subprocess.run([sys.executable, "-c", code, str(database), str(step)])
        assert killed.returncode == -9
    assert Backups(database).all() == []
    assert faults(database) == []


def test_the_command_makes_a_backup_and_prints_its_path(tmp_path: Path, database: Path) -> None:
    papertui("log", "he2015deep", "--pass", "2")
    result = papertui("backup")
    (made,) = Backups(database).all()
    assert str(made.path) in result.stderr
    out = tmp_path / "mine.db"
    assert papertui("backup", "--out", str(out)).returncode == 0
    assert (events_in(made.path), events_in(out)) == (1, 1)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "there already" in one_line(papertui("backup", "--out", str(out)))
    assert "Cannot write" in one_line(papertui("backup", "--out", str(tmp_path / "no" / "x.db")))


def test_a_day_needs_one_backup(store: Store, database: Path) -> None:
    backups = Backups(database)
    assert backups.due(NOON)
    backups.take(NOON)
    assert not backups.due(NOON)
    assert backups.due(NOON + timedelta(days=1))


def older(database: Path) -> Path:
    """A database of a papertui before the last step of the schema, with an event in it."""
    with Store(database) as store:
        log(store)
    made = database.with_name("older.db")
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        migrations.apply(connection, stop_before=migrations.NAMES[-1])
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute("attach ? as full", [str(database)])
        connection.execute("insert into event select * from full.event")
    return made


def test_an_older_database_is_kept_before_it_is_brought_up_to_date(database: Path) -> None:
    path = older(database)
    Store(path).close()
    (kept,) = Backups(path).all()
    with closing(sqlite3.connect(kept.path)) as connection:
        assert migrations.applied(connection) == list(migrations.NAMES[:-1])
    assert events_in(kept.path) == 1


def test_a_database_that_cannot_be_backed_up_is_not_brought_up_to_date(database: Path) -> None:
    path = older(database)
    (path.parent / "backups").write_text("in the way", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(BackupError, match="Cannot make"):
        Store(path)
    assert path.read_bytes() == before


def test_several_that_bring_a_database_up_to_date_make_one_backup(database: Path) -> None:
    path = older(database)
    code = "import sys; from pathlib import Path; from papertui.storage.store import Store\n"
    code += "Store(Path(sys.argv[1])).close()"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 4, errors
    assert len(Backups(path).all()) == 1


@pytest.mark.parametrize("step", migrations.NAMES[1:])
def test_a_kill_in_the_middle_of_an_update_leaves_the_older_one(database: Path, step: str) -> None:
    with Store(database) as store:
        log(store)
    path = database.with_name("older.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrations.apply(connection, stop_before=migrations.NAMES[1])
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute("attach ? as full", [str(database)])
        connection.execute("insert into event select * from full.event")
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from papertui.storage import migrations\n"
        "from papertui.storage.store import Store\n"
        "def killed(step):\n"
        "    def run(db):\n"
        "        step(db)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    run.__name__ = step.__name__\n"
        "    return run\n"
        "migrations.STEPS = tuple(\n"
        "    killed(s) if s.__name__ == sys.argv[2] else s for s in migrations.STEPS\n"
        ")\n"
        "Store(Path(sys.argv[1]))\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path), step]).returncode == -9
    with closing(sqlite3.connect(path)) as connection:
        assert migrations.applied(connection) == list(migrations.NAMES[:1])
    with Store(path) as again:
        assert len(again.events()) == 1
        assert again.reading_log.work("he2015deep").depth == 2


def test_a_copy_is_never_put_over_another_file(store: Store, tmp_path: Path) -> None:
    taken = tmp_path / "notes.db"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupError, match="there already"):
        copy(store.path, taken)
    assert taken.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.glob("*.partial")) == []
