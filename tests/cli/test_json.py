"""What --json prints is what docs/json.schema.json says, in each state of a library."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from papertui import config
from papertui.core import journal
from papertui.core.new_paper import NewPaper
from papertui.core.shell_commands import COMMANDS
from papertui.demo import fill
from papertui.storage.store import Store
from tests.cli.test_help import ALL
from tests.support.documents import ROOT
from tests.support.shell import data, done, run

SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
DAY = date(2026, 11, 20)
LIST = """# Foam

- [Waves of foam](https://example.org/w)
- [x] [Adam](https://arxiv.org/abs/1412.6980)
- ?
"""
# The words of the command for each definition.
COMMANDS_OF = {
    "next": ["next"], "list": ["list"], "list --sort": ["list", "--sort", "citations"],
    "find": ["find", "attention"], "note": ["note", "he2015deep"], "tag": ["tag"],
    "tag WORK": ["tag", "he2015deep"], "queue": ["queue"], "park": ["park"], "drop": ["drop"],
    "session": ["session"], "recall": ["recall"], "stats": ["stats"], "goal": ["goal"],
    "rest": ["rest"], "review": ["review"], "year": ["year"], "new": ["new", "--offline", "--all"],
    "import": ["import", "list.md", "--dry-run"], "group": ["group"],
    "sync status": ["sync", "status"], "doctor": ["doctor"], "config": ["config"],
    "paths": ["paths"], "show": ["show", "he2015deep"],
    "import JOURNAL": ["import", "journal.json"],
}  # fmt: skip


def check(name: str, printed: Any) -> None:
    schema = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{name.replace(' ', '%20')}"}
    errors = Draft202012Validator(schema).iter_errors(printed)
    assert not [f"{name}: {error.message[:300]} in {error.json_path}" for error in errors]


@pytest.fixture(params=["a new library", "a library in use"])
def library(
    request: pytest.FixtureRequest, indexed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    Path("list.md").write_text(LIST, encoding="utf-8")
    done("export", "--format", "json", "--out", "journal.json")
    if request.param == "a library in use":
        fill_library()
    yield


def fill_library() -> None:
    with Store(config.database_path()) as store:
        fill(store, DAY)
        paper = NewPaper(
            "2611.10001", 1, "Small Caches", ("Ada Example",), "We study caches.", ("cs.LG",),
            None, DAY, "new", None, None,
        )  # fmt: skip
        store.new_papers.keep([paper], DAY)
        store.record(journal.be_member("Ada"), journal.promise("kingma2014adam", None))
        store.record(journal.log_pass("he2015deep", 1, None))
    for arguments in (
        ["queue", "kingma2014adam", "hu2021lora"],
        ["park", "hu2021lora", "--until", "2w"],
        ["park", "gu2023mamba"],
        ["drop", "kim2020torchgpipe"],
        ["session", "start", "devlin2018bert"],
        ["rest", "2w"],
        ["tag", "he2015deep", "vision"],
        ["log", "he2015deep", "--pass", "2", "--minutes", "40", "--note", "Q: Why?\nDepth."],
        ["explain", "he2015deep"],
        ["import", "list.md", "--log"],
    ):  # fmt: skip
        done(*arguments)
    Path("list.md").write_text(LIST.replace("Waves", "Shapes"), encoding="utf-8")


def test_commands_print_what_the_schema_says(library: None) -> None:
    for name, words in COMMANDS_OF.items():
        result = run(*words, "--json")
        # The doctor may find that something is wrong with this machine.
        assert result.exit_code == 0 or name == "doctor", (name, result.output, result.exception)
        check(name, json.loads(result.stdout))


def test_works_are_shown_as_the_schema_says(library: None) -> None:
    works = sorted({row["work"] for row in data("list") if "work" in row})
    for work in works[::6]:
        check("show", data("show", work))


def test_every_command_that_prints_json_is_in_the_schema() -> None:
    printing = {
        words[0]
        for words, command in ALL.items()
        if any("--json" in parameter.opts for parameter in command.params)
    }
    assert printing == {name.split()[0] for name in COMMANDS_OF} <= set(COMMANDS)
    assert set(COMMANDS_OF) == set(SCHEMA["$defs"]) - {"row", "set aside", "saved note"}
