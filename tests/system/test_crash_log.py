"""What nobody was prepared for: a line and a log, never a traceback in the reader's face."""

import os
import re
import signal
import stat
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from papertui.cli.main import papertui as group
from papertui.storage.database import DatabaseError
from papertui.storage.store import Store
from papertui.system import crash_log
from papertui.tui.screens.note_editor import NoteEditor
from tests.support.drafts import draft_texts
from tests.support.faults import one_line, papertui
from tests.support.screen import WIDE, find, press, type_in
from tests.support.terminal import Terminal
from tests.tui.test_session import Make

BROKEN_APP = """
from papertui.__main__ import main
from papertui.tui.screens.note_editor import NoteScreen

def preview(self):
    secret = "not for the log"
    raise ZeroDivisionError("ours \\x1b]52;c;aGk=\\x07")

NoteScreen.action_preview = preview
main()
"""
BROKEN_PAGE = """
from papertui.__main__ import main
from papertui.tui.screens import progress

def page(*arguments):
    raise ZeroDivisionError("ours")

progress.progress_page = page
main()
"""
BROKEN_COMMAND = """
import sys
from papertui.__main__ import main
from papertui.storage.database import Database

def rows(self, sql, *values, **named):
    raise KeyError("ours")

Database.rows = rows
sys.argv = ["papertui", "list"]
main()
"""


def log_file() -> Path:
    return Path(f"{os.environ['PAPERTUI_DB']}.crash.log")


def test_an_error_of_the_app_gives_a_line_and_a_log(database: Path) -> None:
    terminal = Terminal(database, "-c", BROKEN_APP)
    try:
        terminal.find("deep residual", "○ Deep Residual")
        terminal.type("n")
        terminal.wait_for("Note ·")
        terminal.type("half a thought")
        terminal.wait_for("half a thought")
        terminal.type("\x1bOQ")
        assert terminal.wait_for_exit() == 1
        assert termios.tcgetattr(terminal.process.fd)[3] & termios.ECHO
        said = terminal.received.rpartition(b"\x1b[?1049l")[2].decode()
        assert "papertui: Something broke that should not: ZeroDivisionError: ours" in said
        assert "Nothing was lost." in said
        assert str(log_file()) in said.replace("\r\n", "")
        assert "Traceback" not in terminal.received.decode()
        assert "\x1b]52" not in terminal.received.decode()
    finally:
        terminal.end()
    with Store(database) as store:
        assert draft_texts(store) == ["half a thought"]
    written = log_file().read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "papertui 0" in written
    assert "\x1b" not in written
    assert "not for the log" not in written.replace('secret = "not for the log"', "")
    assert stat.S_IMODE(log_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(log_file().parent.stat().st_mode) == 0o700


def test_a_page_that_cannot_be_laid_out_ends_the_app_whatever_keys_follow(database: Path) -> None:
    terminal = Terminal(database, "-c", BROKEN_PAGE)
    try:
        terminal.wait_for("help")
        terminal.type("pjjkj")
        assert terminal.wait_for_exit() == 1
        said = terminal.received.rpartition(b"\x1b[?1049l")[2].decode()
        assert "papertui: Something broke that should not: ZeroDivisionError: ours" in said
        assert "Traceback" in log_file().read_text(encoding="utf-8")
    finally:
        terminal.end()


def test_an_error_of_a_command_gives_a_line_and_a_log() -> None:
    result = subprocess.run(
        [sys.executable, "-c", BROKEN_COMMAND], capture_output=True, encoding="utf-8", check=False
    )
    assert "KeyError: 'ours'" in one_line(result)
    assert "Traceback" in log_file().read_text(encoding="utf-8")


async def test_text_that_could_not_be_saved_is_reported_as_lost(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: NoteEditor) -> None:
        raise DatabaseError("full")

    def broken() -> None:
        raise ZeroDivisionError("ours")

    app = make()
    with pytest.raises(ZeroDivisionError):
        async with app.run_test(size=WIDE) as pilot:
            await find(pilot, "attention is all")
            await press(pilot, "n")
            monkeypatch.setattr(NoteEditor, "save_state", fails)
            await type_in(pilot, "text")
            app.call_later(broken)
            await pilot.pause()
    assert app._crash is not None
    assert "could not be saved" in app._crash


def test_the_log_stays_small() -> None:
    for _ in range(60):
        crash_log.report(ValueError("x" * 30_000))
    assert log_file().stat().st_size <= crash_log.MAX_BYTES
    assert "ValueError" in log_file().read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    assert "could not be written" in crash_log.report(ValueError("ours"))


def test_the_log_is_beside_the_database_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert str(log_file()) in crash_log.report(ValueError("ours"))
    other = tmp_path / "other" / "p.db"
    result = CliRunner().invoke(group, ["--db", str(other), "paths"])
    assert f"{other}.crash.log" in result.stdout
    monkeypatch.delenv("PAPERTUI_DB")
    usual = Path(os.environ["XDG_STATE_HOME"]) / "papertui" / "log" / "crash.log"
    assert str(usual) in crash_log.report(ValueError("ours"))


@pytest.mark.parametrize("message", ["ours", "ours.", "ours: ", "ours...", "", "no. "])
def test_a_line_about_an_error_has_one_full_stop_after_it(message: str) -> None:
    line = crash_log.report(ValueError(message))
    assert re.search(r"\w\. Nothing was lost\. The details", line)


def test_the_log_is_never_written_through_a_link(tmp_path: Path) -> None:
    log_file().parent.mkdir(parents=True)
    precious = tmp_path / "precious"
    precious.write_text("mine", encoding="utf-8")
    log_file().symlink_to(precious)
    assert "could not be written" in crash_log.report(ValueError("ours"))
    assert precious.read_text(encoding="utf-8") == "mine"


def test_a_command_that_is_interrupted_says_so_by_its_exit_code(database: Path) -> None:
    Store(database).close()
    lock = database.with_name(f"{database.name}.lock")
    lock.unlink()
    running = subprocess.Popen(
        [sys.executable, "-m", "papertui", "note", "resnet", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    looks = ""
    # It sleeps once it waits for its stdin.
    while not (lock.exists() and looks.endswith(10 * "S")):
        time.sleep(0.05)
        looks += (
            Path(f"/proc/{running.pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0]
        )
    running.send_signal(signal.SIGINT)
    said = running.communicate()[1].decode()
    assert running.returncode == 128 + signal.SIGINT, said
    assert "Traceback" not in said


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-", "0<&-"])
def test_closed_streams_harm_no_file(database: Path, closed: str) -> None:
    command = f'exec "{sys.executable}" -m papertui log he2015deep --pass 2 {closed}'
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 0
    with Store(database) as store:
        assert store.reading_log.work("he2015deep").depth == 2
    assert papertui("list").returncode == 0


def test_without_stderr_the_app_says_no_by_its_exit_code() -> None:
    command = f'exec "{sys.executable}" -m papertui 2>&-'
    assert subprocess.run(["sh", "-c", command], check=False, timeout=20).returncode == 2


def test_output_to_a_full_disk_is_reported() -> None:
    command = f'exec "{sys.executable}" -m papertui list > /dev/full'
    result = subprocess.run(
        ["sh", "-c", command], capture_output=True, encoding="utf-8", check=False
    )
    assert "No space left" in one_line(result)


def test_a_closed_pipe_is_not_an_error() -> None:
    command = f'"{sys.executable}" -m papertui list | head -1'
    result = subprocess.run(
        ["sh", "-c", command], capture_output=True, encoding="utf-8", check=False
    )
    assert result.stderr == ""
    assert not log_file().exists()
