"""papertui opens no connection, but for the commands and the key that say so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from papertui.cli.main import papertui
from papertui.config import Config
from papertui.core.follow import Follow
from papertui.core.shell_commands import COMMANDS
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.support.connections import counted_connections
from tests.support.screen import WIDE, find, press, type_in, wait_for, wait_until
from tests.support.services import GOOD, serving

WORK = "he2015deep"
# Each command with arguments that have it do its work, and with --offline if it has that.
ARGUMENTS: dict[str, list[list[str]]] = {
    "next": [[]],
    "list": [[], ["foundations"]],
    "find": [["attention"], ["2401.12345"]],
    "show": [[WORK], ["1706.03762"]],
    "open": [[WORK]],
    "log": [[WORK, "--pass", "1"]],
    "session": [
        ["start", WORK],
        ["pause", WORK],
        [],
        ["log", WORK],
        ["start", WORK],
        ["end", WORK],
    ],
    "note": [[WORK, "A thought"], [WORK]],
    "queue": [[WORK], []],
    "park": [["1706.03762", "--until", "2w"], []],
    "drop": [["1706.03762"], []],
    "explain": [[WORK]],
    "tag": [[], [WORK, "nlp"], [WORK]],
    "star": [[WORK]],
    "undo": [[]],
    "redo": [[]],
    "add": [[GOOD, "10.1000/perceptrons", "9780000000019", "--offline"], ["A title of my own"]],
    "import": [["{folder}/list.md"]],
    "goal": [[], ["titles", "15"]],
    "edit": [["a title of my own", "--year", "2020"]],
    "section": [["add", "My list"], ["add", "My list/A section"]],
    "move": [["a title of my own", "My list"]],
    "remove": [["a title of my own"]],
    "merge": [["a title of my own", WORK]],
    "stats": [[]],
    "rest": [["today"]],
    "recall": [[], ["--start", WORK]],
    "review": [[]],
    "year": [[]],
    "export": [["--format", "bib"], ["--format", "json"], ["--format", "csl"]],
    "backup": [[]],
    "restore": [[]],
    "doctor": [[]],
    "paths": [[]],
    "config": [[], ["--schema"]],
    "guide": [[]],
    "completion": [["zsh"]],
    "new": [["--offline"]],
    "sync": [[], ["status"]],
    "group": [[], ["explain", WORK]],
}
# Commands with a switch that has them ask a service.
ASKING = {"add", "new"}


def test_no_command_opens_a_connection_unless_it_says_so(tmp_path: Path) -> None:
    text = "# A list\n\n- [A paper](https://arxiv.org/abs/2401.12345)\n- 10.1000/perceptrons\n"
    (tmp_path / "list.md").write_text(text, encoding="utf-8")
    assert ARGUMENTS.keys() | ASKING >= COMMANDS.keys()
    with counted_connections() as opened:
        for command, several in ARGUMENTS.items():
            for arguments in several:
                named = [argument.format(folder=tmp_path) for argument in arguments]
                result = CliRunner().invoke(papertui, [command, *named])
                assert opened == [], command
                assert result.exit_code in (0, 1), (command, result.output)


def test_a_command_that_says_so_opens_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[follow]\ncategories = ["cs.LG"]\n', encoding="utf-8")
    for arguments in (["add", GOOD], ["new"], ["new", "--search", "gates"]):
        with serving(monkeypatch), counted_connections() as opened:
            CliRunner().invoke(papertui, arguments)
        assert opened, arguments


async def test_no_screen_opens_a_connection(make: Callable[[], PaperTui]) -> None:
    with counted_connections() as opened:
        async with make().run_test(size=WIDE) as pilot:
            await find(pilot, "attention is all")
            for keys in (
                ["question_mark", "escape"], ["p", "y", "escape"], ["e", "t", "escape"],
                ["f", "escape"], ["v", "l"], ["tab", "escape"], ["n", "escape"], ["full_stop"],
                ["s", "escape"], ["I", "escape"], ["M", "escape"], ["plus", "escape"],
                ["ctrl+p", "escape"], ["1"], ["a"], ["x", "escape"], ["y"], ["o"], ["u"],
            ):  # fmt: skip
                await press(pilot, *keys)
            await press(pilot, "plus")
            await type_in(pilot, "A title of my own")
            await press(pilot, "enter")
            await wait_for(pilot, "Added: A title of my own")
        assert opened == []


@pytest.mark.parametrize("keys", [["e", "r"], ["e", "r", "slash", "g", "enter"]], ids=" ".join)
async def test_the_keys_that_ask_for_new_papers_open_one(
    store: Store, monkeypatch: pytest.MonkeyPatch, keys: list[str]
) -> None:
    # Without a category, r shows how to follow one, and only a search asks.
    follow = Follow(() if "slash" in keys else ("cs.LG",))
    with serving(monkeypatch), counted_connections() as opened:
        async with PaperTui(store, Config(follow=follow)).run_test(size=WIDE) as pilot:
            await press(pilot, *keys[:-1])
            assert opened == []
            await press(pilot, keys[-1])
            await wait_until(lambda: bool(opened))


async def test_the_key_that_adds_an_id_opens_one(
    make: Callable[[], PaperTui], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch), counted_connections() as opened:
        async with make().run_test(size=WIDE) as pilot:
            await press(pilot, "plus")
            await type_in(pilot, GOOD)
            await press(pilot, "enter")
            await wait_until(lambda: bool(opened))
