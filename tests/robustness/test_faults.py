"""Real faults of the disk, the terminal and the desktop."""

import fcntl
import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.storage.backups import Backups, copy
from papertui.storage.database import DatabaseError
from papertui.storage.drafts import Draft
from papertui.storage.integrity import faults
from papertui.storage.store import Store
from papertui.system import desktop
from papertui.system.clock import now
from papertui.tui import links
from papertui.tui.app import PaperTui
from tests.support.drafts import draft_texts
from tests.support.endurance import counted, report_count, times
from tests.support.faults import drop_capabilities, fill_up, one_line, papertui, small_disk
from tests.support.screen import WIDE, find, look, press, wait_for_workers
from tests.support.terminal import Terminal

DAY = date(2026, 11, 20)
StartTerminal = Callable[..., Terminal]


@pytest.fixture
def start_terminal(database: Path) -> Iterator[StartTerminal]:
    running: list[Terminal] = []

    def start(*arguments: str, **options: object) -> Terminal:
        running.append(Terminal(database, *arguments, **options))  # type: ignore[arg-type]
        return running[-1]

    yield start
    for terminal in running:
        terminal.end()


def write_a_note(terminal: Terminal, text: str) -> None:
    terminal.find("deep residual", "○ Deep Residual")
    terminal.type("n")
    terminal.wait_for("Note ·")
    terminal.type(text)
    terminal.wait_for(text)


def waiting_drafts(database: Path) -> list[str]:
    with Store(database) as store:
        return draft_texts(store)


def log_pass(store: Store) -> None:
    store.record(journal.log_pass("he2015deep", 2, DAY))


# ── the disk ─────────────────────────────────────────────────────────────────


def test_a_full_disk_saves_nothing_and_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 3000) as disk:
        database = disk / "papertui.db"
        with Store(database) as store:
            log_pass(store)
            filler = fill_up(disk)
            with pytest.raises(DatabaseError, match="full"):
                store.record(journal.save_note("he2015deep", "n", "x" * 100_000))
            with pytest.raises(DatabaseError, match="full"):
                store.drafts.save(Draft("d", "he2015deep", "m", (), "x" * 100_000))
            assert len(store.events()) == 1
            assert faults(database) == []
            filler.unlink()
            assert store.drafts.save(Draft("d", "he2015deep", "m", (), "x" * 100_000))
            store.record(journal.save_note("he2015deep", "n", "x" * 100_000))
        assert sorted(path.name for path in disk.iterdir()) == [
            "papertui.db",
            "papertui.db-journal",
            "papertui.db.lock",
        ]


def test_a_database_on_a_full_disk_can_be_read(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 3000) as disk:
        database = disk / "papertui.db"
        with Store(database) as store:
            log_pass(store)
        fill_up(disk)
        result = papertui("--db", str(database), "show", "resnet")
        assert result.returncode == 0, result.stderr
        assert "◑ read" in result.stdout
        message = one_line(papertui("--db", str(database), "note", "resnet", "x" * 100_000))
        assert "the disk is full" in message


def test_the_app_opens_on_a_full_disk_and_says_that_a_backup_is_missing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 3000) as disk:
        database = disk / "papertui.db"
        with Store(database) as store:
            log_pass(store)
        fill_up(disk)
        terminal = Terminal(database)
        try:
            terminal.wait_for("? help")
            terminal.wait_for("There is no backup of today yet")
            terminal.type("q")
            assert terminal.wait_for_exit() == 0
        finally:
            terminal.end()


@pytest.mark.parametrize("call", ["fsync", "pwrite64"])
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_disk_error_at_any_moment_leaves_all_of_an_act_or_nothing(
    database: Path, tmp_path: Path, call: str, error: str
) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    with Store(database) as store:
        log_pass(store)
    calls = f"{call},fdatasync" if call == "fsync" else call
    refused, logged = 0, 1
    for moment in (1, 2, 3, 4, 6, 9, 20):
        result = subprocess.run(
            [strace, "-f", "-o", os.devnull, "-e", f"trace={calls}",
             "-e", f"inject={calls}:error={error}:when={moment}",
             sys.executable, "-m", "papertui", "log", "he2015deep", "--pass", "2", "--again"],
            capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if "ptrace" in result.stderr and "not permitted" in result.stderr:
            pytest.skip("strace is not permitted here")
        if result.returncode:
            assert "Nothing was saved" in one_line(result)
            refused += 1
        else:
            logged += 1
        with Store(database) as store:
            assert len(store.reading_log.work("he2015deep").readings) == logged
        assert faults(database) == []
    assert refused


def test_every_commit_is_synced_to_the_disk(store: Store) -> None:
    connection = store._db.connection
    assert connection.execute("pragma synchronous").fetchone() == (2,)
    assert connection.execute("pragma journal_mode").fetchone() == ("truncate",)


def test_a_read_only_database_can_be_read(database: Path, start_terminal: StartTerminal) -> None:
    with Store(database) as store:
        log_pass(store)
    database.chmod(0o400)
    assert "◑ read" in papertui("show", "resnet", as_anyone=True).stdout
    assert "can only be read here" in one_line(
        papertui("log", "resnet", "--pass", "3", as_anyone=True)
    )
    terminal = start_terminal(before=drop_capabilities)
    terminal.find("deep residual", "◑ Deep Residual")
    terminal.type("3")
    terminal.wait_for("can only be read here")
    terminal.type("q")
    assert terminal.wait_for_exit() == 0
    assert database.stat().st_mode & 0o777 == 0o400


def test_a_database_in_a_read_only_folder_can_be_read(database: Path, tmp_path: Path) -> None:
    with Store(database) as store:
        log_pass(store)
    folder = tmp_path / "shelf"
    folder.mkdir()
    # A copy has no device name yet, and none can be written to a read-only folder.
    copy(database, folder / "papertui.db")
    folder.chmod(0o500)
    options = ("--db", str(folder / "papertui.db"))
    assert "◑ read" in papertui(*options, "show", "resnet", as_anyone=True).stdout
    result = papertui(*options, "log", "resnet", "--pass", "3", as_anyone=True)
    assert "can only be read here" in one_line(result)
    doctor = papertui(*options, "doctor", as_anyone=True)
    assert "cannot be written to" in doctor.stdout
    assert sorted(path.name for path in folder.iterdir()) == ["papertui.db"]


@pytest.mark.parametrize("place", ["missing/deep/down", "a-file/below", "closed/below"])
def test_a_data_folder_that_cannot_be_created_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").write_text("in the way", encoding="utf-8")
    (tmp_path / "closed").mkdir(mode=0o500)
    database = tmp_path / place / "papertui.db"
    result = papertui("log", "resnet", "--pass", "1", as_anyone=True, PAPERTUI_DB=str(database))
    if place.startswith("missing"):
        assert result.returncode == 0
        assert database.parent.stat().st_mode & 0o777 == 0o700
        return
    message = one_line(result)
    assert str(database) in message
    assert "--db" in message


def test_a_user_without_a_home_is_told_what_to_set() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG")}
    for name in ("HOME", "PAPERTUI_DB", "PAPERTUI_CONFIG"):
        environment.pop(name, None)
    result = subprocess.run(
        ["unshare", "--user", "--map-user=4242", sys.executable, "-m", "papertui", "list"],
        capture_output=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    if result.stderr.startswith("unshare"):
        pytest.skip("no user without a home can be created here")
    assert "no home folder" in one_line(result)


def test_a_linked_database_keeps_its_copies_beside_the_file_itself(tmp_path: Path) -> None:
    link, target = tmp_path / "papers.db", tmp_path / "real" / "papertui.db"
    target.parent.mkdir()
    link.symlink_to(target)
    with Store(link) as store:
        log_pass(store)
        store.drafts.save(Draft("d", "he2015deep", "n", (), "kept"))
        Backups(link).take(now())
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["papers.db", "real"]
    assert len(Backups(target).all()) == 1
    assert papertui("--db", str(link), "restore", "latest").returncode == 0
    assert link.is_symlink()
    assert waiting_drafts(target) == ["kept"]


def test_a_plain_copy_of_the_file_is_whole_while_papertui_is_open(
    store: Store, tmp_path: Path
) -> None:
    log_pass(store)
    copied = tmp_path / "copied.db"
    shutil.copy(store.path, copied)
    with Store(copied) as other:
        assert len(other.events()) == 1


def test_a_command_waits_for_another_program_and_then_says_so(database: Path) -> None:
    with Store(database) as store:
        log_pass(store)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert papertui("show", "resnet").returncode == 0
        message = one_line(papertui("log", "resnet", "--pass", "3"))
    assert "Another program is using the database" in message


# ── the terminal ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("term", ["", "no-such-terminal", "vt100", "xterm"])
def test_the_app_runs_in_any_terminal_that_is_not_dumb(
    start_terminal: StartTerminal, term: str
) -> None:
    terminal = start_terminal(TERM=term)
    terminal.wait_for("? help")
    terminal.type("q")
    assert terminal.wait_for_exit() == 0


def test_the_app_refuses_a_dumb_terminal(start_terminal: StartTerminal) -> None:
    terminal = start_terminal(TERM="dumb")
    assert terminal.wait_for_exit() == 2
    assert "needs a terminal" in terminal.text
    assert b"\x1b" not in terminal.received


@pytest.mark.parametrize("size", [(1, 1), (3, 10), (0, 0), (200, 400)])
def test_no_screen_is_too_small_or_too_large(
    start_terminal: StartTerminal, database: Path, size: tuple[int, int]
) -> None:
    terminal = start_terminal(size=size)
    deadline = time.monotonic() + 20
    while b"\x1b[?1049h" not in terminal.received and time.monotonic() < deadline:
        _ = terminal.text
        time.sleep(0.02)
    time.sleep(1.0)
    for keys in ("/", "deep residual\r", "n", "half a thought"):
        terminal.type(keys)
        time.sleep(0.2)
        _ = terminal.text
    deadline = time.monotonic() + 20
    while not waiting_drafts(database) and time.monotonic() < deadline:
        time.sleep(0.02)
    terminal.process.kill(signal.SIGTERM)
    assert terminal.wait_for_exit(10) == 128 + signal.SIGTERM
    assert waiting_drafts(database) == ["half a thought"]


@counted
def test_many_resizes_lose_no_letter(start_terminal: StartTerminal, database: Path) -> None:
    terminal = start_terminal()
    write_a_note(terminal, "before")
    chance = random.Random(8)
    resizes = times(50, 200)
    for _ in range(resizes):
        rows, columns = chance.randint(1, 60), chance.randint(1, 200)
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(terminal.process.fd, termios.TIOCSWINSZ, size)
        terminal.process.kill(signal.SIGWINCH)
        _ = terminal.text
        time.sleep(0.01)
    fcntl.ioctl(terminal.process.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    terminal.type(" and after")
    terminal.wait_for("and after")
    terminal.type("\x11")
    assert terminal.wait_for_exit() == 0
    with Store(database) as store:
        assert [n.body for n in store.reading_log.work("he2015deep").notes] == ["before and after"]
    report_count(f"{resizes} resizes")


def test_the_c_locale_changes_no_letter(start_terminal: StartTerminal, database: Path) -> None:
    terminal = start_terminal(LC_ALL="C", LANG="C")
    write_a_note(terminal, "Łukasz, naïve: 注意 🌲")
    terminal.type("\x11")
    assert terminal.wait_for_exit() == 0
    with Store(database) as store:
        assert store.reading_log.work("he2015deep").notes[0].body == "Łukasz, naïve: 注意 🌲"


def test_an_ascii_output_shows_question_marks_and_keeps_the_text(
    start_terminal: StartTerminal, database: Path
) -> None:
    terminal = start_terminal(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    terminal.find("deep residual", "Deep Residual")
    terminal.type("n")
    terminal.wait_for("Note ")
    terminal.type("Łukasz")
    terminal.wait_for("?ukasz")
    terminal.type("\x11")
    assert terminal.wait_for_exit() == 0
    with Store(database) as store:
        assert store.reading_log.work("he2015deep").notes[0].body == "Łukasz"


def test_the_app_resumes_from_the_shell_with_changes_made_meanwhile(
    start_terminal: StartTerminal, database: Path
) -> None:
    shell = "import os; os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])"
    terminal = start_terminal("-c", shell, PS1="ready> ")
    terminal.wait_for("ready>")
    terminal.type(f"'{sys.executable}' -m papertui\r")
    terminal.find("deep residual", "○ Deep Residual")
    terminal.type("\x1a")
    terminal.wait_for("Stopped")
    with Store(database) as other:
        log_pass(other)
    terminal.type("fg\r")
    terminal.wait_for("◑ Deep Residual")
    terminal.type("q")
    terminal.wait_for("ready>")


def test_the_app_notices_a_terminal_that_goes_away_without_a_hang_up(
    start_terminal: StartTerminal, database: Path
) -> None:
    # A hang-up goes to the first process of a terminal; this one does not pass it on.
    shell = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGHUP, lambda *_: None)\n"
        "sys.exit(subprocess.call([sys.executable, '-m', 'papertui']))\n"
    )
    terminal = start_terminal("-c", shell)
    write_a_note(terminal, "half a thought")
    terminal.process.fileobj.close()
    deadline = time.monotonic() + 10
    while terminal.process.isalive() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not terminal.process.isalive()
    assert waiting_drafts(database) == ["half a thought"]


# ── the desktop ──────────────────────────────────────────────────────────────


async def test_no_browser_that_draws_on_the_terminal_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("w3m", "lynx", "links", "elinks", "www-browser"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n", encoding="utf-8")
        (tmp_path / name).chmod(0o700)
    for name in ("BROWSER", "SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm")
    assert not await desktop.open_in_browser("https://arxiv.org")
    assert not (tmp_path / "started").exists()


async def test_without_a_clipboard_text_is_sent_to_the_terminal_and_the_app_says_so(
    make: Callable[[], PaperTui], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not await desktop.copy("text")
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "y")
        await wait_for_workers(app)
        assert "Sent to the terminal's clipboard: link" in await look(pilot)


async def test_text_that_is_too_long_for_a_terminal_is_not_sent_to_it(
    make: Callable[[], PaperTui],
) -> None:
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        links.copy(app, "x" * (links.OSC52_LIMIT + 1), "a long note")
        await wait_for_workers(app)
        assert "Too long to copy" in await look(pilot)
        assert app.clipboard == ""
