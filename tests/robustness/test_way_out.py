"""Leaving never waits for work in the background, and leaves nothing half written."""

import time
from pathlib import Path

import pytest

from papertui.core import strict_json
from papertui.core.strict_json import Unsound
from papertui.storage.integrity import faults
from papertui.storage.store import Store
from tests.support.damage import time_limit
from tests.support.fresh_database import fresh_database
from tests.support.terminal import Terminal

PATCHED = """
import sys, time
from papertui.importers import formats
from papertui.storage.projector import Projector
def hang(*arguments, **options):
    if len(sys.argv) > 2:
        apply(*arguments)
    while True:
        sum(range(1000))
apply = Projector.apply
if len(sys.argv) > 2:
    Projector.apply = hang
else:
    formats.parse_file = hang
sys.argv = ["papertui"]
from papertui.__main__ import main
main()
"""


@pytest.mark.parametrize("work", ["parse", "write"])
def test_leaving_does_not_wait_for_an_import(database: Path, tmp_path: Path, work: str) -> None:
    fresh_database(database)
    Store(database).close()
    before = database.read_bytes()
    (tmp_path / "list.md").write_text("# T\n## S\n- [A title](https://a.b)\n", encoding="utf-8")
    script = tmp_path / "patched.py"
    script.write_text(PATCHED, encoding="utf-8")
    terminal = Terminal(database, str(script), "x", *(["y"] if work == "write" else []))
    try:
        terminal.wait_for("? help")
        terminal.type("I")
        terminal.wait_for("Import a list")
        terminal.type(f"{tmp_path}/list.md\r")
        if work == "write":
            terminal.wait_for("Import this list")
            terminal.type("\r")
            terminal.wait_for("Importing")
        else:
            terminal.wait_for("One moment")
        time.sleep(0.3)
        started = time.monotonic()
        terminal.type("\x11")
        assert terminal.wait_for_exit(15) == 0
        assert time.monotonic() - started < 5
    finally:
        terminal.end()
    with Store(database) as store:
        assert store.events() == []
        assert "T" not in [branch.title for branch in store.tree.sections()]
    assert faults(database) == []
    assert len(database.read_bytes()) >= len(before)


def test_a_key_that_appears_twice_among_many_is_named_at_once() -> None:
    text = "{" + "".join(f'"k{i}": {i},' for i in range(200_000)) + '"k7": 1}'
    with time_limit(10), pytest.raises(Unsound, match="'k7' appears twice"):
        strict_json.parse(text)
