"""What the shell completes, asked as a shell asks."""

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from papertui.cli.main import papertui
from papertui.core import journal
from papertui.storage.store import Store


def offered(line: str, shell: str = "zsh") -> subprocess.CompletedProcess[str]:
    """Ask papertui, as a shell does, what may stand at the end of `line`."""
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    if shell == "fish":
        asked["COMP_CWORD"] = words[-1]
    return subprocess.run(
        [sys.executable, "-m", "papertui"],
        env={**os.environ, **asked, "_PAPERTUI_COMPLETE": f"{shell}_complete"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_citekeys_complete_with_their_titles_beside_them(store: Store) -> None:
    for command in ("show", "log", "note", "open"):
        assert offered(f"papertui {command} vaswani").stdout.split("\n")[:3] == [
            "plain",
            "vaswani2017attention",
            "Attention Is All You Need",
        ]
    assert "vaswani2017attention" in offered("papertui show vas", "bash").stdout
    assert "Attention Is All You Need" in offered("papertui show vas", "fish").stdout


def test_tags_complete_with_the_numbers_of_their_works(store: Store) -> None:
    store.record(journal.tag("he2015deep", ["vision"]), journal.tag("kingma2014adam", ["vision"]))
    assert "vision" in offered("papertui tag resnet vi").stdout
    assert "2 works" in offered("papertui tag resnet vi").stdout
    assert "vision" in offered("papertui list --tag v").stdout


def test_commands_and_options_complete() -> None:
    assert "completion" in offered("papertui comp").stdout
    assert "--minutes" in offered("papertui log x --m").stdout


def test_no_more_citekeys_are_offered_than_a_screen_holds(store: Store) -> None:
    assert 0 < offered("papertui show ").stdout.count("plain\n") <= 50


def test_another_database_is_asked_where_one_is_named(tmp_path: Path) -> None:
    with Store(tmp_path / "other.db") as store:
        store.record(journal.add_work("mine-1", {"title": "Mine\x07", "kind": "paper"}))
        store.record(journal.add_work("mine-2", {"title": "Mine", "kind": "paper"}))
    line = f"papertui --db {tmp_path}/other.db show mine"
    assert offered(line).stdout.split() == ["plain", "mine-2", "Mine"]


@pytest.mark.parametrize("key", ["mine$(reboot)", "mine;reboot", "mine\nx", "mine`x`", "mine x"])
def test_a_citekey_that_a_shell_would_run_is_not_offered(store: Store, key: str) -> None:
    store.record(journal.add_work(key, {"title": "Hostile", "kind": "paper"}))
    assert store.works.work(key)
    assert offered("papertui show mine").stdout.strip() == ""


def test_a_completion_makes_no_database(database: Path) -> None:
    result = offered("papertui show he")
    assert (result.returncode, result.stdout.strip(), result.stderr) == (0, "", "")
    assert not database.parent.exists()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"x" * 100])
def test_a_completion_is_never_an_error_on_the_command_line(database: Path, content: bytes) -> None:
    database.parent.mkdir()
    database.write_bytes(content)
    result = offered("papertui show he")
    assert (result.returncode, result.stdout.strip(), result.stderr) == (0, "", "")
    assert database.read_bytes() == content


def test_a_completion_does_not_wait_for_a_program_that_writes(store: Store, database: Path) -> None:
    other = sqlite3.connect(database)
    other.execute("begin exclusive")
    result = offered("papertui show he")
    assert (result.returncode, result.stdout.strip(), result.stderr) == (0, "", "")
    other.close()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_understands(shell: str) -> None:
    script = CliRunner().invoke(papertui, ["completion", shell]).stdout
    assert f"_PAPERTUI_COMPLETE={shell}_complete" in script
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=script, encoding="utf-8", check=True)


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
def test_bash_completes_a_citekey_on_its_command_line(store: Store) -> None:
    (bin_ := store.path.parent / "bin").mkdir()
    program = bin_ / "papertui"
    program.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m papertui "$@"\n', encoding="utf-8"
    )
    program.chmod(0o700)
    script = (
        'eval "$(papertui completion bash)"\n'
        "COMP_WORDS=(papertui show vasw) COMP_CWORD=2\n"
        "_papertui_completion papertui\n"
        'echo "${COMPREPLY[@]}"\n'
    )
    found = subprocess.run(
        ["bash", "--norc"],
        input=script,
        env={**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert found.stdout == "vaswani2017attention\n"
