"""The shell in ASCII: signs have plain twins, data stay as they are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shell import done

pytestmark = pytest.mark.usefixtures("indexed")

SHOWING = [
    ["next"], ["list"], ["find", "attention"], ["show", "he2015deep"], ["stats"], ["queue"],
    ["park"], ["drop"], ["session"], ["goal"], ["rest"], ["recall"],
    ["group"], ["sync", "status"], ["paths"], ["doctor"], ["restore"], ["new", "--offline"],
    ["--help"], ["list", "deep", "--sort", "citations"],
]  # fmt: skip
NOTE = "“Depth” – helps → a lot…"
NOTES, EXPLAIN = ["note", "he2015deep"], ["explain", "he2015deep", "--dry-run"]
DATA = [["show", "he2015deep", "--json"], ["list", "--json"], ["config", "--json"]]


def outputs_of(commands: list[list[str]], **environment: str) -> list[str]:
    """Run commands, one after the other in one process, and return what each writes."""
    code = (
        "import sys\n"
        "from papertui.__main__ import _make_output_safe, run\n"
        "_make_output_safe()\n"
        f"for sys.argv[1:] in {commands!r}:\n"
        "    assert run() in (0, 1), sys.argv\n"
        "    print('=====', flush=True)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
    )
    assert result.returncode == 0, result.stdout
    outputs = result.stdout.split("=====\n")[:-1]
    assert len(outputs) == len(commands)
    return outputs


@pytest.fixture
def some_reading() -> None:
    done("queue", "kingma2014adam", "hu2021lora")
    done("park", "hu2021lora", "--until", "2w")
    done("drop", "kim2020torchgpipe", "--reason", "“not” mine …")
    done("log", "he2015deep", "--pass", "2", "--minutes", "60")
    done("note", "he2015deep", NOTE)
    done("section", "add", "Own › list")
    done("rest", "2w")


def test_every_sign_has_a_plain_twin_in_the_shell(some_reading: None, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("ascii = true", encoding="utf-8")
    for arguments, told in zip(SHOWING, outputs_of(SHOWING), strict=True):
        assert not {char for char in told if not char.isascii() and not char.isalpha()}, arguments


def test_a_pipe_that_takes_only_ascii_gets_twins_and_no_control_character(
    some_reading: None,
) -> None:
    done("note", "he2015deep", "\x1b]52;c;aGk=\x07")
    outputs = outputs_of([*SHOWING, NOTES], PYTHONIOENCODING="ascii")
    for arguments, told in zip([*SHOWING, NOTES], outputs, strict=True):
        assert told.isascii(), arguments
        assert told.replace("\n", "").isprintable(), arguments
    assert "2 Deep Residual Learning" in outputs[1]


def test_data_keep_their_signs(some_reading: None, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("ascii = true", encoding="utf-8")
    *as_is, review, notes, explanation = outputs_of([*DATA, ["review"], NOTES, EXPLAIN])
    in_ascii = outputs_of(DATA, PYTHONIOENCODING="ascii")
    assert list(map(json.loads, in_ascii)) == list(map(json.loads, as_is))
    assert NOTE in as_is[0]
    assert notes == f"{NOTE}\n"
    assert NOTE in explanation
    assert "# Week of" in review
