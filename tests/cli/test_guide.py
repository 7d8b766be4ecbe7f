"""The guide for scripts: every command in it runs, and what only looks changes nothing."""

import re
import shlex
from pathlib import Path

import pytest

from papertui.storage.store import Store
from tests.support.shell import run

pytestmark = pytest.mark.usefixtures("indexed")


def blocks() -> list[list[list[str]]]:
    """Return the commands of each block, without the name of the program."""
    text = run("guide").stdout
    fenced = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [[shlex.split(line, comments=True) for line in block.splitlines()] for block in fenced]
    assert all(words[0] == "papertui" for block in lines for words in block)
    return [[words[1:] for words in block] for block in lines]


def test_the_commands_that_look_change_nothing(database: Path) -> None:
    looking = blocks()[0]
    for words in looking:
        result = run(*words)
        assert result.exit_code in ((0, 1) if words[0] == "doctor" else (0,)), words
    with Store(database) as store:
        assert store.count() == 0


def test_each_command_that_changes_something_is_done_and_can_be_taken_back(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.md").write_text("# Foam\n\n- [Waves of foam](https://example.org/w)\n", "utf-8")
    for words in blocks()[1]:
        result = run(*words)
        assert result.exit_code == 0, (words, result.output, result.exception)
    while run("undo", "--yes").exit_code == 0:
        pass
    with Store(database) as store:
        assert store.reading_log.is_empty()
        assert store.reading_log.queue() == []


def test_every_command_that_the_guide_names_exists_and_prints_json_if_it_says_so() -> None:
    for words in (words for block in blocks() for words in block):
        assert "--json" not in words or "--json" in run(words[0], "--help").stdout
