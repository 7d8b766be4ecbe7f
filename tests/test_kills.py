"""Kills at seeded random moments of typing: at most the last second may be missing."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from papertui.store import Store
from tests.terminal import Terminal

KILLS = int(os.environ.get("PAPERTUI_KILLS", "50"))
SECOND = 1.0
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGHUP, signal.SIGTERM)


def kept(database: Path) -> str:
    with Store(database) as store:
        (draft,) = store.drafts.waiting()
        return draft.body


def test_no_kill_takes_a_word_older_than_a_second(database: Path) -> None:
    chance = random.Random(20261120)
    text, worst = "", 0.0
    for kill in range(KILLS):
        terminal = Terminal(database)
        try:
            terminal.wait_for("? help")
            if kill == 0:
                terminal.type("/")
                terminal.wait_for("title, author")
                terminal.type("deep residual\r")
                terminal.wait_for("○ Deep Residual")
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
                assert terminal.gone_within(2.0) == 128 + number
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
    assert worst <= SECOND


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_gentle_end_takes_nothing_at_all(database: Path, number: signal.Signals) -> None:
    terminal = Terminal(database)
    try:
        terminal.wait_for("? help")
        terminal.type("/")
        terminal.wait_for("title, author")
        terminal.type("deep residual\r")
        terminal.wait_for("○ Deep Residual")
        terminal.type("n")
        terminal.wait_for("Note ·")
        terminal.type("the very last word")
        terminal.wait_for("last word")
        terminal.process.kill(number)
        assert terminal.gone_within(2.0) == 128 + number
    finally:
        terminal.end()
    assert kept(database) == "the very last word"
