"""The doctor: each planted fault is found, with what to do about it."""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from papertui import doctor
from papertui.cli.main import papertui as command
from papertui.config import config_path
from papertui.doctor import FINE, NOTE, WRONG, Finding, examine
from papertui.storage.backups import Backups
from papertui.storage.restore import bring_back, mend
from papertui.storage.salvage import Salvaged
from papertui.storage.shipped import CATALOG
from papertui.storage.store import Store
from papertui.system import desktop
from papertui.system.clock import now
from tests.storage.test_restore import DAMAGE, fill
from tests.support.faults import PAGE, overwrite, papertui
from tests.support.parsed_lists import import_of

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def found(database: Path, about: str) -> list[Finding]:
    return [finding for finding in examine(database, now()) if finding.about == about]


def states(database: Path) -> dict[str, str]:
    return {finding.about: finding.state for finding in examine(database, now())}


def test_a_healthy_papertui_has_nothing_wrong(database: Path) -> None:
    fill(database, 3)
    Backups(database).take(now())
    result = CliRunner().invoke(command, ["doctor"])
    assert result.exit_code == 0, result.stdout
    assert "fine   database   whole: 7 journal entries" in result.stdout
    assert "fine   tables" in result.stdout
    assert "fine   backups    1 copy, the latest of today" in result.stdout
    assert "note   drafts     1 text not saved" in result.stdout
    assert WRONG not in states(database).values()


def test_each_fault_of_the_config_is_found_with_its_line(database: Path) -> None:
    path = config_path()
    assert "names a file that is not there" in found(database, "config")[0].says
    path.write_text("", encoding="utf-8")
    assert found(database, "config")[0].state == FINE
    path.write_text('colour = 1\ntheme = "beige"\n[keys]\nfind = "p"\n', encoding="utf-8")
    says = [finding.says for finding in found(database, "config")]
    assert [finding.state for finding in found(database, "config")] == [WRONG] * 3
    for line in ("line 1: colour", "line 2: theme", "line 4: keys.find: 'p' is the key of both"):
        assert any(f"{path}: {line}" in each for each in says)
    path.write_text("= nonsense", encoding="utf-8")
    assert "not TOML" in found(database, "config")[0].says


def test_the_doctor_changes_nothing(database: Path) -> None:
    fill(database, 3)
    before = {path: path.read_bytes() for path in database.parent.iterdir()}
    papertui("doctor")
    assert {path: path.read_bytes() for path in database.parent.iterdir()} == before


def test_without_a_database_there_is_nothing_to_mend_and_none_is_made(database: Path) -> None:
    assert states(database)["database"] == NOTE
    assert not database.exists()


def test_the_findings_as_json(database: Path) -> None:
    fill(database, 3)
    result = papertui("doctor", "--json")
    assert result.returncode == 0
    assert {"about", "state", "says", "do"} == set(json.loads(result.stdout)[0])


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_has_its_exit_code(database: Path, damage: str) -> None:
    fill(database)
    Backups(database).take(NOON)
    DAMAGE[damage](database)
    result = papertui("doctor")
    assert result.returncode == 1
    assert "wrong  database" in result.stdout
    assert f"papertui --db {database} restore" in result.stdout
    assert result.stderr == "papertui: 1 thing is wrong; see what to do above.\n"


def test_tables_that_differ_from_the_journal_are_named_and_rebuilt(database: Path) -> None:
    fill(database, 3)
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("delete from reading where minutes = 2")
        other.execute("update note set body = 'x' where body like 'Note 1%'")
    (finding,) = found(database, "tables")
    assert (finding.state, finding.do) == (WRONG, f"papertui --db {database} doctor --rebuild")
    assert finding.says.endswith("note, reading")
    assert papertui("doctor", "--rebuild").returncode == 0
    assert states(database)["tables"] == FINE


def test_a_work_whose_words_are_still_to_be_indexed_is_no_fault(database: Path) -> None:
    titles = {f"deen2018examples{number}": f"Made-up examples {number}" for number in range(101)}
    works = {work: {"title": title, "kind": "paper"} for work, title in titles.items()}
    with Store(database) as store:
        store.record(import_of("Mine", {"All": list(works)}, works))
        assert store.unsearched()
    assert states(database)["tables"] == FINE


def test_a_damaged_backup_is_found(database: Path) -> None:
    fill(database, 3)
    overwrite(Backups(database).take(NOON).path, 40 * PAGE, bytes(PAGE))
    assert states(database)["backups"] == WRONG


def test_files_that_others_can_read_are_found(database: Path) -> None:
    fill(database, 3)
    backup = Backups(database).take(NOON)
    assert states(database)["files"] == FINE
    for path, right in ((database, "600"), (backup.path, "600"), (backup.path.parent, "700")):
        mode = path.stat().st_mode
        path.chmod(0o755)
        (finding,) = found(database, "files")
        assert (finding.state, finding.do) == (WRONG, f"chmod {right} {path}")
        path.chmod(mode)


def test_leftover_files_are_named(database: Path) -> None:
    fill(database, 3)
    for name in ("papertui.db.draft-x.json", "papertui.db.damaged-1", ".mending-a", "note-b.md"):
        (database.parent / name).touch()
    assert {
        name for finding in found(database, "leftovers") for name in finding.says.split(": ")
    } >= {"papertui.db.draft-x.json", "papertui.db.damaged-1", ".mending-a", "note-b.md"}


def test_a_kept_database_may_be_deleted_once_nothing_in_it_is_missing(database: Path) -> None:
    fill(database, 3)
    overwrite(database, 0, b"x")
    kept = mend(database, Salvaged({}, {}), NOON, from_scratch=True).kept
    assert kept is not None
    (finding,) = found(database, "leftovers")
    assert "holds 7 entries, 1 text being typed that the database has not" in finding.says
    assert f"restore --salvage {kept} adds that" in finding.do
    bring_back(database, kept, NOON)
    (finding,) = found(database, "leftovers")
    assert finding.do == "delete it when you no longer need it"


def test_a_file_of_another_program_is_reported_and_not_changed(database: Path) -> None:
    database.parent.mkdir()
    database.write_text("hello", encoding="utf-8")
    (finding,) = found(database, "database")
    assert finding.state == WRONG
    assert "not a database" in finding.says
    assert database.read_text(encoding="utf-8") == "hello"


def test_a_locked_database_is_not_damaged(database: Path) -> None:
    fill(database, 3)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin exclusive")
        (finding,) = found(database, "database")
    assert finding.state == NOTE
    assert "Another program is using" in finding.says


def test_browser_and_clipboard_are_named(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("xclip", "firefox"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o700)
    monkeypatch.delenv("SSH_CONNECTION")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("BROWSER", str(tmp_path / "firefox"))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    findings = {finding.about: finding for finding in examine(database, now())}
    assert "firefox" in findings["browser"].says
    assert "xclip" in findings["clipboard"].says


@pytest.mark.parametrize(("hours", "state"), [(0, FINE), (24, NOTE)])
def test_an_entry_of_tomorrow_makes_the_clock_doubtful(hours: int, state: str) -> None:
    newest = NOON + timedelta(hours=hours)
    finding = doctor.check_clock(int(newest.timestamp() * 1e6), NOON)
    assert (finding.state, bool(finding.do)) == (state, state == NOTE)


@pytest.mark.parametrize(("days", "state"), [(2, FINE), (20, NOTE), (None, NOTE)])
def test_a_backup_is_wanted_each_week(database: Path, days: int | None, state: str) -> None:
    fill(database, 1)
    if days is not None:
        Backups(database).take(NOON - timedelta(days=days))
    finding = doctor.check_backups(database, NOON)
    assert (finding.state, bool(finding.do)) == (state, state == NOTE)


def test_a_faulty_catalogue_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.loads(CATALOG.read_text(encoding="utf-8"))
    next(iter(data["works"].values()))["kind"] = "odd"
    (tmp_path / "catalog.json").write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.setattr("papertui.storage.shipped.CATALOG", tmp_path / "catalog.json")
    finding = doctor.check_catalogue()
    assert (finding.state, finding.do) == (WRONG, "install papertui again")


@pytest.mark.parametrize("check", [doctor.check_browser, doctor.check_clipboard])
@pytest.mark.parametrize("name", ["xclip", None])
def test_a_missing_browser_or_clipboard_is_only_noted(
    monkeypatch: pytest.MonkeyPatch, check: Callable[[], Finding], name: str | None
) -> None:
    monkeypatch.setattr(desktop, "browser_name", lambda: name)
    monkeypatch.setattr(desktop, "clipboard_name", lambda: name)
    assert check().state == (FINE if name else NOTE)


@pytest.mark.parametrize(
    ("free", "kind", "mark", "folder", "says"),
    [
        (10**9, "ext4", "", "data", "1.0 GB free"),
        (10**6, "ext4", "", "data", "1.0 MB are free"),
        (10**9, "nfs4", "", "data", "network disk"),
        (10**9, "fuse.sshfs", "", "data", "network disk"),
        (10**9, "ext4", ".stfolder", "data", "another program copies"),
        (10**9, "ext4", "", "Dropbox", "another program copies"),
    ],
)
def test_the_disk_is_checked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    kind: str,
    mark: str,
    folder: str,
    says: str,
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr(doctor, "file_system", lambda _: kind)
    (tmp_path / folder / mark).mkdir(parents=True)
    (finding,) = doctor.check_disk(tmp_path / folder / "papertui.db")
    assert says in finding.says


@pytest.mark.parametrize(
    ("term", "size", "encoding", "is_terminal", "says"),
    [
        ("xterm", (80, 24), "utf-8", True, "xterm, 80×24"),
        ("dumb", (80, 24), "utf-8", True, "cannot draw"),
        ("", (80, 24), "utf-8", True, "TERM is empty"),
        ("xterm", (40, 10), "utf-8", True, "some lines will be cut"),
        ("xterm", (80, 24), "ANSI_X3.4-1968", True, "signs and accents"),
        ("xterm", (80, 24), "utf-8", False, "commands do not"),
    ],
)
def test_the_terminal_is_checked(
    monkeypatch: pytest.MonkeyPatch,
    term: str,
    size: tuple[int, int],
    encoding: str,
    is_terminal: bool,
    says: str,
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_, **__: os.terminal_size(size))
    monkeypatch.setattr(os, "isatty", lambda _: is_terminal)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=encoding))
    (finding,) = doctor.check_terminal()
    assert says in finding.says
