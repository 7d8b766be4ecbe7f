"""No text reaches a terminal, a pipe or a file with control characters, wherever it is from."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from papertui.cli.main import papertui
from papertui.config import Config
from papertui.core.shell_commands import COMMANDS
from papertui.storage.database import DatabaseError, stored_values
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.support.columns import columns, spoil
from tests.support.endurance import LONG, counted, report_count
from tests.support.filled_database import STORED, fill
from tests.support.raw_output import CONTROLS, raw_output
from tests.support.screen import WIDE, look, screen_text

# As Python decodes a byte of the command line that is not UTF-8.
POISON = f"{STORED}\udcff"
COMMAND_LINES = (
    ("list",), ("find", "deep"), ("show", "he2015deep"), ("note", "he2015deep"), ("next",),
    ("stats",), ("review",), ("export", "--format", "csv"), ("export", "--format", "bib"),
    ("export", "--format", "json"), ("group",), ("sync", "status"),
    ("undo",), ("merge", "he2015deep", "kingma2014adam"),
)  # fmt: skip


def spoilt_columns() -> tuple[tuple[str, str], ...]:
    return columns() if LONG else columns()[::7]


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@counted
@pytest.mark.parametrize("is_terminal", [True, False])
def test_no_stored_value_steers_the_terminal_of_a_command(
    database: Path, is_terminal: bool
) -> None:
    fill(database)
    whole = database.read_bytes()
    for table, column in spoilt_columns():
        database.write_bytes(whole)
        spoil(database, table, column, "? || rowid", STORED)
        for command in COMMAND_LINES:
            _, output = raw_output(*command, is_terminal=is_terminal)
            assert not CONTROLS.findall(output), (table, column, command)
    report_count(
        f"{len(spoilt_columns())} columns, {len(spoilt_columns()) * len(COMMAND_LINES)} outputs"
    )


def hostile_command_lines() -> Iterator[list[str]]:
    """Yield every command with hostile text in each of its arguments and options, one a time."""
    yield ["--db", POISON, "list"]
    yield ["--db", f"{POISON}/x.db", "list"]
    yield [POISON]
    yield [f"--{POISON}"]
    with click.Context(papertui) as context:
        for name in COMMANDS:
            command = papertui.get_command(context, name)
            assert command
            arguments = [p for p in command.params if isinstance(p, click.Argument)]
            for parameter in command.params:
                named = ["resnet" for p in arguments if p.required and p is not parameter]
                if isinstance(parameter, click.Argument):
                    yield [name, *named, POISON]
                elif not (isinstance(parameter, click.Option) and parameter.is_flag):
                    yield [name, *named, parameter.opts[0], POISON]
            yield [name, *(["resnet"] * len(arguments)), f"--{POISON}"]
    yield ["log", "resnet", "--pass", "2", "--note", POISON]
    yield ["note", "resnet", POISON]
    yield ["note", "resnet"]
    yield ["export", "--format", "csv", "--out", STORED]
    yield ["undo"]
    yield ["add", f"A title {POISON}"]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_no_argument_steers_the_terminal_of_a_command(
    database: Path, tmp_path: Path, is_terminal: bool
) -> None:
    fill(database)
    lines = list(hostile_command_lines())
    with in_folder(tmp_path):
        for line in lines:
            _, output = raw_output(*line, is_terminal=is_terminal)
            assert not CONTROLS.findall(output), line
            assert "Something broke" not in output, (line, output)
    assert len(lines) > len(COMMANDS) * 2


def test_no_key_of_a_catalogue_steers_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    content = {STORED: 1, "works": {STORED: {STORED: 1}}, "lists": []}
    path.write_text(json.dumps(content), encoding="utf-8")
    code, output = raw_output("doctor", "--catalog", str(path), is_terminal=True)
    assert code == 1
    assert not CONTROLS.findall(output)


def test_an_export_to_a_file_holds_no_escape_codes_and_keeps_tabs(
    database: Path, tmp_path: Path
) -> None:
    fill(database)
    for format_ in ("csv", "bib", "md", "json"):
        out = tmp_path / ("vault" if format_ == "md" else f"out.{format_}")
        assert raw_output("export", "--format", format_, "--out", str(out))[0] == 0
        for path in out.iterdir() if out.is_dir() else [out]:
            assert not CONTROLS.findall(path.read_bytes().decode()), path
    assert "a note\tx" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "a note\tx" in (tmp_path / "vault" / "he2015deep.md").read_text(encoding="utf-8")


async def test_no_widget_of_any_kind_steers_the_terminal(make: Callable[[], PaperTui]) -> None:
    class Careless(Widget):
        """Paints text as it comes."""

        def render_line(self, y: int) -> Strip:
            return Strip([Segment(POISON + "\n\t\u2028\ud800")])

    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await app.mount(Careless(), before=0)
        await pilot.pause()
        screen = screen_text(app)
        assert "CANARY" in screen
        assert not CONTROLS.findall(screen.replace("\n", ""))


@counted
async def test_no_stored_value_steers_the_terminal_of_the_app(database: Path) -> None:
    fill(database)
    whole = database.read_bytes()
    shown = 0
    for table, column in spoilt_columns()[:: 1 if LONG else 5]:
        database.write_bytes(whole)
        spoil(database, table, column, "? || rowid", STORED)
        try:
            with stored_values(database):
                store = Store(database)
        except DatabaseError:
            continue
        with store:
            app = PaperTui(store, Config())
            try:
                async with app.run_test(size=WIDE) as pilot:
                    for keys in (("j", "l", "j"), ("v", "l"), ("p",), ("escape", "a"), ("escape",)):
                        screen = (await look(pilot, *keys)).replace("\n", "")
                        assert not CONTROLS.findall(screen), (table, column, keys)
                        shown += 1
            except AssertionError:
                raise
            except Exception:
                # The app has left for the rescue.
                assert app.damage, (table, column)
    report_count(f"{shown} screens")
