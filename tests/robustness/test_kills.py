"""Kills at random moments of writing, from a seed: nothing that was saved is missing after."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from papertui.storage.store import Store
from tests.core.test_journal import caught_up
from tests.support.endurance import counted, report_count, times
from tests.support.terminal import Terminal

TYPIST_KILLS = times(5, 100)
RECORDER_KILLS = times(12, 220)
# After these a new database is created, so that kills hit its creation too.
KILLS_PER_DATABASE = 12
# Seconds of typing.
MAX_LOSS = 1.0
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGHUP, signal.SIGTERM)
RECORDER = """
import itertools, signal, sys
from datetime import date
from pathlib import Path
from papertui.core import journal
from papertui.storage.store import Store

# Tests that run under nohup hand down a hang-up that is ignored.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
with Store(Path(sys.argv[1])) as store:
    for number in itertools.count(1):
        work = ("he2015deep", "kingma2014adam", "vaswani2017attention")[number % 3]
        logged = journal.log_pass(work, 1 + number % 3, date(2026, 11, 20), number % 300 + 1)
        noted = journal.save_note(work, f"n{number % 5}", f"{number} " * 50)
        print(store.record(logged, noted).id, flush=True)
"""


def draft_text(database: Path) -> str:
    with Store(database) as store:
        (draft,) = store.drafts.waiting()
        return draft.body


def is_whole(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("pragma integrity_check").fetchall() == [("ok",)]


@counted
def test_a_kill_loses_at_most_a_second_of_typing(database: Path) -> None:
    chance = random.Random(20261120)
    text, max_loss = "", 0.0
    for kill in range(TYPIST_KILLS):
        terminal = Terminal(database)
        try:
            if kill == 0:
                terminal.find("deep residual", "○ Deep Residual")
                terminal.type("s")
                terminal.wait_for("/enter first pass")
                terminal.type("2")
            else:
                terminal.wait_for("s goes on")
                terminal.type("s")
            terminal.wait_for("Second pass ·")
            typed: list[tuple[float, str]] = []
            signal_number = signal.SIGKILL if kill == 0 else chance.choice(SIGNALS)
            end = time.monotonic() + chance.uniform(1.2 if kill == 0 else 0.05, 1.8)
            while time.monotonic() < end:
                keys = chance.choice(["word ", "attention ", "ü", "no. ", "\r"])
                terminal.type(keys)
                typed.append((time.monotonic(), keys.replace("\r", "\n")))
                time.sleep(chance.uniform(0.005, 0.05))
                _ = terminal.text
            terminal.process.kill(signal_number)
            killed_at = time.monotonic()
            if signal_number != signal.SIGKILL:
                assert terminal.wait_for_exit(5) == 128 + signal_number
        finally:
            terminal.end()
        typed_text = text + "".join(keys for _, keys in typed)
        saved_text = draft_text(database)
        assert typed_text.startswith(saved_text), f"kill {kill}: words that were not typed"
        assert saved_text.startswith(text), f"kill {kill}: an older word is missing"
        missing = typed_text[len(saved_text) :]
        length = len(text)
        for typed_at, keys in typed:
            length += len(keys)
            if length > len(saved_text):
                max_loss = max(max_loss, killed_at - typed_at)
                assert killed_at - typed_at <= MAX_LOSS, f"kill {kill}: {missing!r}"
                break
        text = saved_text
        assert is_whole(database)
    report_count(f"{TYPIST_KILLS} kills of a typist, at most {max_loss:.2f} s of typing missing")


@counted
def test_a_kill_loses_no_acknowledged_event(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    acknowledged: list[str] = []
    recorded = killed_early = 0
    for kill in range(RECORDER_KILLS):
        database = tmp_path / f"{kill // KILLS_PER_DATABASE}.db"
        if kill % KILLS_PER_DATABASE == 0:
            acknowledged = []
        command = [sys.executable, "-c", RECORDER, str(database)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        assert process.stdout
        first_line = ""
        # Every fourth process gets no time for an act: most of these are opening the database.
        if kill % 4:
            first_line = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.6))
        process.send_signal(chance.choice(SIGNALS))
        printed_acts = (first_line + process.stdout.read()).split("\n")[:-1]
        process.stdout.close()
        assert process.wait() < 0
        killed_early += not printed_acts
        recorded += len(printed_acts)
        acknowledged += printed_acts
        if not database.exists():
            continue
        assert is_whole(database), f"kill {kill}"
        with Store(database) as store:
            acts = [event.act for event in store.events()]
            assert set(acknowledged) <= set(acts), f"kill {kill}: an acknowledged act is missing"
            assert all(acts.count(act) == 2 for act in set(acts)), f"kill {kill}: half an act"
            before = caught_up(store)
            store.rebuild()
            assert caught_up(store) == before
    report_count(
        f"{RECORDER_KILLS} kills of a recorder, {killed_early} before its first act, "
        f"{recorded:,} acts saved"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_can_be_handled_loses_no_text(database: Path, number: signal.Signals) -> None:
    terminal = Terminal(database)
    try:
        terminal.find("deep residual", "○ Deep Residual")
        terminal.type("n")
        terminal.wait_for("Note ·")
        terminal.type("the very last word")
        terminal.wait_for("last word")
        terminal.process.kill(number)
        assert terminal.wait_for_exit(5) == 128 + number
    finally:
        terminal.end()
    assert draft_text(database) == "the very last word"
