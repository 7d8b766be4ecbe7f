"""Kills at seeded random moments of writing: what was said to be kept is there afterwards."""

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

TYPING = times(5, 100)
RECORDING = times(12, 220)
# So many kills on one database before a new one is begun, to hit its making too.
A_DATABASE = 12
SECOND = 1.0
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGHUP, signal.SIGTERM)
RECORD = """
import itertools, sys
from datetime import date
from pathlib import Path
from papertui.core import journal
from papertui.storage.store import Store

with Store(Path(sys.argv[1])) as store:
    for number in itertools.count(1):
        work = ("he2015deep", "kingma2014adam", "vaswani2017attention")[number % 3]
        logged = journal.log_pass(work, 1 + number % 3, date(2026, 11, 20), number % 300 + 1)
        noted = journal.save_note(work, f"n{number % 5}", f"{number} " * 50)
        print(store.record(logged, noted).id, flush=True)
"""


def kept(database: Path) -> str:
    with Store(database) as store:
        (draft,) = store.drafts.waiting()
        return draft.body


def is_whole(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("pragma integrity_check").fetchall() == [("ok",)]


@counted
def test_a_kill_loses_at_most_a_second_of_typing(database: Path) -> None:
    chance = random.Random(20261120)
    text, worst = "", 0.0
    for kill in range(TYPING):
        terminal = Terminal(database)
        try:
            if kill == 0:
                terminal.find("deep residual", "○ Deep Residual")
                terminal.type("s")
                terminal.wait_for("enter starts")
                terminal.type("2")
            else:
                terminal.wait_for("s goes on")
                terminal.type("s")
            terminal.wait_for("Second pass ·")
            typed: list[tuple[float, str]] = []
            number = signal.SIGKILL if kill == 0 else chance.choice(SIGNALS)
            end = time.monotonic() + chance.uniform(1.2 if kill == 0 else 0.05, 1.8)
            while time.monotonic() < end:
                keys = chance.choice(["word ", "attention ", "ü", "no. ", "\r"])
                terminal.type(keys)
                typed.append((time.monotonic(), keys.replace("\r", "\n")))
                time.sleep(chance.uniform(0.005, 0.05))
                _ = terminal.text
            terminal.process.kill(number)
            killed = time.monotonic()
            if number != signal.SIGKILL:
                assert terminal.wait_for_exit(2.0) == 128 + number
        finally:
            terminal.end()
        whole = text + "".join(keys for _, keys in typed)
        found = kept(database)
        assert whole.startswith(found), f"kill {kill}: words that were not typed"
        assert found.startswith(text), f"kill {kill}: an older word is missing"
        missing = whole[len(found) :]
        at = len(text)
        for moment, keys in typed:
            at += len(keys)
            if at > len(found):
                worst = max(worst, killed - moment)
                assert killed - moment <= SECOND, f"kill {kill}: {missing!r}"
                break
        text = found
        assert is_whole(database)
    report_count(f"{TYPING} kills of a typist, {worst:.2f} s of typing missing at worst")


@counted
def test_a_kill_loses_no_acknowledged_event(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    acknowledged: list[str] = []
    number = opening = 0
    for kill in range(RECORDING):
        database = tmp_path / f"{kill // A_DATABASE}.db"
        if kill % A_DATABASE == 0:
            acknowledged = []
        command = [sys.executable, "-c", RECORD, str(database)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        assert process.stdout
        first = ""
        # Every fourth is killed at whatever it does, opening the database as a rule.
        if kill % 4:
            first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.6))
        process.send_signal(chance.choice(SIGNALS))
        said = (first + process.stdout.read()).split("\n")[:-1]
        process.stdout.close()
        assert process.wait() < 0
        opening += not said
        number += len(said)
        acknowledged += said
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
        f"{RECORDING} kills of a recorder, {opening} before its first act, {number:,} acts kept"
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
        assert terminal.wait_for_exit(2.0) == 128 + number
    finally:
        terminal.end()
    assert kept(database) == "the very last word"
