"""Text from outside is shown as text: it controls no terminal and runs no action."""

import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.core.test_follow import paper
from tests.support.faults import papertui
from tests.support.screen import SMALL, WIDE, find, look, press, screen_text, type_in

pytestmark = pytest.mark.usefixtures("indexed")

DAY = date(2026, 11, 20)
# For programs that a test starts, which read the real clock.
PAST = date(2020, 1, 9)
SEQUENCES = (
    "\x1b]52;c;Q0FOQVJZ\x07",
    "\x1b]0;CANARY\x07",
    "\x1b]8;;https://canary\x1b\\",
    "\x1b[31mCANARY",
    "\x1bPCANARY\x1b\\",
    "\x1bcCANARY",
    "\x9b31mCANARY",
    "\x9d0;CANARY\x9c",
)
MARKUP = "[@click=app.quit]press[/] [/] [red]r[/red] [link=file:///x]l[/link]"
HOSTILE = f"Zebra {''.join(SEQUENCES)} {MARKUP} \u202eltr"


def poison(database: Path, *texts: str, day: date = DAY) -> None:
    """Create a database with `texts` as its titles, notes and names; no check cleans them.

    The passes are logged for `day`.
    """
    hostile = itertools.cycle(texts or (HOSTILE,))
    with Store(database) as store:
        for depth in (1, 2, 3):
            body = f"{next(hostile)}\n# {next(hostile)}\n- {next(hostile)}"
            store.record(
                journal.log_pass("he2015deep", depth, day, 30),
                journal.save_note("he2015deep", "n", body),
                journal.save_note("he2015deep", f"n{depth}", body),
            )
        store.record(journal.Change(journal.ASIDE, "kingma2014adam", {"reason": next(hostile)}))
        store.record(journal.share("he2015deep", day))
        hostile_fields = {
            name: next(hostile) for name in ("title", "abstract", "comment", "journal_ref", "doi")
        }
        names = (next(hostile), next(hostile))
        store.new_papers.keep(
            [
                paper(f"2611.0000{number}", **hostile_fields, authors=names, categories=names)
                for number in range(1, 9)
            ],
            DAY,
        )
        store.drafts.save(Draft("d", "vaswani2017attention", "m", (), f"draft {next(hostile)}"))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.create_function("hostile", 0, lambda: next(hostile))
        all_works = "select number, fields from work join detail on detail.work = number"
        for number, fields in connection.execute(all_works).fetchall():
            data = json.loads(fields)
            for name, value in data.items():
                if isinstance(value, str) and name not in ("kind", "difficulty"):
                    data[name] = next(hostile)
                elif name in ("authors", "aliases"):
                    data[name] = [next(hostile), next(hostile)]
            connection.execute(
                "update work set title = ? where number = ?", (data["title"], number)
            )
            sql = "update detail set fields = ? where work = ?"
            connection.execute(sql, (json.dumps(data), number))
        connection.execute("update section set title = title || hostile()")
        connection.execute(
            "update reading_list set title = title || hostile(), purpose = hostile()"
        )


def uncleaned_sequences(received: bytes) -> list[str]:
    """Return the hostile sequences and C1 controls that reached a terminal."""
    sequences = [sequence for sequence in SEQUENCES if sequence.encode() in received]
    return sequences + [c.decode() for c in re.findall(rb"\xc2[\x80-\x9f]", received)]


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("show", "he2015deep"),
        ("new", "--offline"),
        ("note", "he2015deep"),
        ("stats", "--as-of", f"{PAST}"),
        ("review", "--week", f"{PAST}"),
    ],
)
def test_no_output_of_a_command_controls_the_terminal(database: Path, command: list[str]) -> None:
    poison(database, day=PAST)
    result = papertui(*command)
    assert result.returncode == 0, result.stderr
    assert "Zebra" in result.stdout
    assert uncleaned_sequences(result.stdout.encode() + result.stderr.encode()) == []
    assert "\x1b" not in result.stdout
    assert command[0] in ("stats", "review") or "[@click=app.quit]press[/]" in result.stdout


def test_no_error_message_controls_the_terminal(tmp_path: Path) -> None:
    hostile = tmp_path / os.fsdecode(b"a\x1b]0;CANARY\x07\xc2\x9b31m.db")
    hostile.write_text("hello", encoding="utf-8")
    for command in (("--db", str(hostile), "list"), ("doctor", "--catalog", str(hostile))):
        result = papertui(*command)
        assert result.returncode == 1
        assert "\x1b" not in result.stderr
        assert "\x9b" not in result.stderr


async def test_markup_in_a_note_is_shown_and_runs_no_action(
    make: Callable[[], PaperTui], store: Store
) -> None:
    store.record(journal.save_note("he2015deep", "n", MARKUP))
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "deep residual")
        screen = await look(pilot, "tab", "end")
        assert "[@click=app.quit]press[/] [/] [red]r[/red]" in screen
        y = next(y for y, line in enumerate(screen.splitlines()) if "press[/]" in line)
        x = screen.splitlines()[y].index("press[/]")
        await pilot.click(offset=(x + 1, y))
        await pilot.pause()
        assert app.is_running
        assert "[@click" in screen_text(app)


async def test_control_characters_in_pasted_text_are_replaced(
    make: Callable[[], PaperTui], store: Store
) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "a\x1b[31m\tb\u200f\nc\x07")
        await press(pilot, "ctrl+s")
    (note,) = store.reading_log.work("he2015deep").notes
    assert note.body == "a\ufffd[31m\tb\u200f\nc\ufffd"


async def test_opening_a_hostile_note_changes_nothing(
    make: Callable[[], PaperTui], store: Store
) -> None:
    store.record(journal.save_note("he2015deep", "n", "a\x1b[31mb"))
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        assert "a\ufffd[31mb" in await look(pilot, "N")
        await press(pilot, "escape")
    assert len(store.events()) == 1
    assert store.reading_log.work("he2015deep").notes[0].body == "a\x1b[31mb"


def test_no_command_opens_a_connection(database: Path) -> None:
    # A connection would end the command with an error.
    code = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo'):\n"
        "        raise SystemExit('a connection')\n"
        "sys.addaudithook(refuse)\n"
        "from papertui.__main__ import main\n"
        "sys.argv = ['papertui', *sys.argv[1:]]\n"
        "main()\n"
    )
    for command in (
        ("next",), ("list",), ("find", "resnet"), ("show", "resnet"),
        ("add", "2401.12345", "--offline"), ("completion", "bash"),
        ("log", "resnet", "--pass", "2"), ("note", "resnet", "x"),
        ("undo", "--yes"), ("redo",), ("stats",), ("review",), ("backup",), ("restore",),
        ("doctor",), ("paths",),
    ):  # fmt: skip
        result = subprocess.run(
            [sys.executable, "-c", code, *command],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == 0, (command, result.stderr)
