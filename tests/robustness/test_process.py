"""The app as a process in a terminal of its own: kills, signals, quitting."""

import os
import signal
import sqlite3
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertui.storage.store import Store
from papertui.tui.kept_screen import ENTER
from tests.support.drafts import draft_texts
from tests.support.terminal import TEXT_TIMEOUT, Start, Terminal

pytestmark = pytest.mark.usefixtures("indexed")


@pytest.fixture
def start(database: Path) -> Iterator[Start]:
    running: list[Terminal] = []

    def start() -> Terminal:
        terminal = Terminal(database)
        running.append(terminal)
        terminal.wait_for("? help")
        return terminal

    yield start
    for terminal in running:
        terminal.end()


def start_note(start: Start) -> Terminal:
    terminal = start()
    terminal.find("deep residual", "○ Deep Residual")
    terminal.type("n")
    terminal.wait_for("Note ·")
    terminal.type("half a thought")
    terminal.wait_for("half a thought")
    return terminal


def test_text_a_second_old_survives_kill_9(start: Start) -> None:
    terminal = start_note(start)
    time.sleep(1.0)
    terminal.process.kill(signal.SIGKILL)
    restarted = start()
    restarted.wait_for("Unsaved note on Deep Residual")
    restarted.type("n")
    restarted.wait_for("half a thought")


def test_a_note_is_whole_at_every_width_of_the_window(start: Start) -> None:
    terminal = start_note(start)
    words = " of those that wrap at many widths of a window, into as many rows as before."
    terminal.type(words)
    terminal.wait_for("as before.")
    for rows, columns in ((15, 60), (24, 80), (24, 70), (24, 58)):
        terminal.resize(rows, columns)
        deadline = time.monotonic() + TEXT_TIMEOUT
        while f"half a thought{words}" not in " ".join(terminal.settle().split()):
            assert time.monotonic() < deadline, terminal.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_saves_the_text_and_ends_the_app_at_once(
    start: Start, database: Path, number: signal.Signals
) -> None:
    terminal = start_note(start)
    terminal.process.kill(number)
    assert terminal.wait_for_exit(5) == 128 + number
    with Store(database) as store:
        assert draft_texts(store) == ["half a thought"]


def test_a_signal_saves_the_text_even_if_the_database_is_locked(
    start: Start, database: Path
) -> None:
    terminal = start_note(start)
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("begin exclusive")
    terminal.type(" and more")
    terminal.wait_for("and more")
    terminal.process.kill(signal.SIGTERM)
    assert terminal.wait_for_exit(5) == 128 + signal.SIGTERM
    other.close()
    with Store(database) as store:
        assert draft_texts(store) == ["half a thought and more"]


def test_the_app_ends_when_its_terminal_goes_away(start: Start, database: Path) -> None:
    terminal = start_note(start)
    os.close(os.dup(terminal.process.fd))
    terminal.process.fileobj.close()
    deadline = time.monotonic() + 10
    while terminal.process.isalive() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not terminal.process.isalive()
    with Store(database) as store:
        assert draft_texts(store) == ["half a thought"]


SHELL = "import os; os.execvp('bash', ['bash', '--norc', '-i'])"


@pytest.mark.parametrize("command", ["{} -m papertui", "sh -c '{} -m papertui; true'"])
def test_ctrl_z_leads_to_the_shell_and_fg_back_whatever_started_papertui(
    database: Path, command: str
) -> None:
    terminal = Terminal(database, "-c", SHELL, PS1="shell> ")
    try:
        terminal.wait_for("shell>")
        terminal.type(command.format(sys.executable) + "\r")
        terminal.wait_for("? help")
        terminal.type("\x1a")
        terminal.wait_for("Stopped")
        terminal.type("fg\r")
        deadline = time.monotonic() + TEXT_TIMEOUT
        while terminal.received.count(ENTER.encode()) < 2 and time.monotonic() < deadline:
            terminal.settle()
        terminal.type("p")
        terminal.wait_for("Progress")
    finally:
        terminal.end()


@pytest.mark.parametrize(
    ("script", "message", "text"),
    [
        ('echo more >> "$1"', "half a thought", "half a thought\nmore"),
        ('rm "$1"', "the note is as it was", "half a thought"),
        ('echo new > "$1"; exit 3', "The editor failed (exit 3)", "half a thought"),
    ],
)
def test_a_note_can_be_edited_in_the_readers_own_editor(
    start: Start, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    script: str, message: str, text: str,
) -> None:  # fmt: skip
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    terminal = start_note(start)
    terminal.type("\x0f")
    terminal.wait_for(message)
    if "failed" in message:
        terminal.type("n")
    time.sleep(0.5)
    terminal.type("\x11")
    assert terminal.wait_for_exit() == 0
    with Store(database) as store:
        assert [note.body for note in store.reading_log.work("he2015deep").notes] == [text]


def test_quitting_restores_the_terminal(start: Start) -> None:
    terminal = start()
    before = termios.tcgetattr(terminal.process.fd)
    assert not before[3] & termios.ECHO
    terminal.type("q")
    assert terminal.wait_for_exit() == 0
    assert termios.tcgetattr(terminal.process.fd)[3] & termios.ECHO
    for mode in (b"?1049", b"?1000", b"?1003", b"?1006", b"?1016", b"?2004", b"?1004"):
        last = terminal.received.rpartition(b"\x1b[" + mode)[2]
        assert last[:1] == b"l", mode
    assert terminal.received.rpartition(b"\x1b[?25")[2][:1] == b"h"


def test_quitting_saves_the_note_that_is_being_typed(start: Start, database: Path) -> None:
    terminal = start_note(start)
    terminal.type("\x11")
    assert terminal.wait_for_exit() == 0
    with Store(database) as store:
        assert [note.body for note in store.reading_log.work("he2015deep").notes] == [
            "half a thought"
        ]


def test_the_bytes_of_a_letter_may_arrive_one_by_one(start: Start) -> None:
    terminal = start()
    terminal.type("/")
    terminal.wait_for("title, author")
    for byte in "łu".encode():
        os.write(terminal.process.fd, bytes([byte]))
        time.sleep(0.1)
    terminal.wait_for("łu")
