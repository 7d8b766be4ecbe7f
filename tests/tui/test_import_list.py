"""Importing from the shell and on the screen: shown first, then done, then taken back."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner, Result
from textual.pilot import Pilot

from papertui.cli.main import papertui
from papertui.errors import Refused
from papertui.storage.acts import Act
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.support.parsed_lists import parse_simple_list
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    look,
    press,
    screen_text,
    type_in,
    wait_for_search,
    wait_for_workers,
)

Make = Callable[[], PaperTui]
LIST = """# Robots
Attention is all you need | 1706.03762
Walking zebras
Adam | 1706.03762
# Hands
Grasping | 2401.12345
Deep residual learning for image recognition
"""


@pytest.fixture(autouse=True)
def simple_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertui.importers.formats.parse_file", parse_simple_list)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Robotics.md"
    path.write_text(LIST, encoding="utf-8")
    return path


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(papertui, [*map(str, arguments)], input=stdin)


async def settled(pilot: Pilot[int]) -> str:
    """Wait for what runs apart and return the screen."""
    await wait_for_workers(pilot.app)
    return await look(pilot)


# ── in the shell ────────────────────────────────────────────────────────────


def test_a_dry_run_says_what_would_come_and_does_nothing(file: Path) -> None:
    result = run("import", file, "--dry-run")
    assert result.exit_code == 0
    page = result.stdout
    for line in (
        "Robotics",
        "A new list: 5 items in 2 sections, 5 works.",
        "Known already, by id and title (1)",
        "  Attention is all you need",
        "Known already, by title (1)",
        "  Deep residual learning for image recognition [he2015deep]",
        "New works (2)",
        "Link conflicts: the id is another work's, so they are kept apart (1)",
        "  Adam (line 4): Attention Is All You Need",
        "Problems (1)",
        "  Line 99: not read.",
        "  Hands: 2 items",
    ):
        assert line in page.splitlines(), line
    assert "dry run" in result.stderr
    assert "Robotics" not in run("list").stdout


def test_an_import_is_listed_found_and_undone(file: Path) -> None:
    result = run("import", file)
    assert result.exit_code == 0
    assert "Imported: Robotics, 5 works. papertui undo takes it back." in result.stderr
    assert "Robotics  0/5" in run("list").stdout
    assert "Walking zebras" in run("find", "zebra").stdout
    assert "Undone: import of Robotics." in run("undo").stderr
    assert "Robotics" not in run("list").stdout
    assert "Done again: import of Robotics." in run("redo").stderr
    assert "Walking zebras" in run("find", "zebra").stdout


def test_a_newer_version_from_a_pipe_says_what_is_different(file: Path) -> None:
    run("import", file)
    run("log", "zebras", "--pass", "1")
    newer = LIST.replace("Walking zebras\n", "").replace("# Hands", "Running\n# Hands")
    result = run("import", "-", "--as", "Robotics", stdin=newer)
    for line in (
        "A newer version of a list you have: 5 items in 2 sections, 5 works.",
        "New in the list (1)",
        "Gone from the list (1)",
        "  Walking zebras: now in Unlisted, as you acted on it",
    ):
        assert line in result.stdout.splitlines(), line
    assert "Unlisted  0/1" in run("list").stdout
    same = run("import", "-", "--as", "Robotics", stdin=newer)
    assert "nothing has changed" in same.stderr
    assert "import of Robotics" in run("undo").stderr
    assert "Unlisted" not in run("list").stdout


def test_json_has_every_item_and_how_it_was_matched(file: Path) -> None:
    found = json.loads(run("import", file, "--dry-run", "--json").stdout)
    assert (found["title"], found["changes"]) == ("Robotics", None)
    assert [(item["title"], item["matched"], item["with"]) for item in found["items"]] == [
        ("Attention is all you need", "id and title", "Attention Is All You Need"),
        ("Walking zebras", "new", None),
        ("Adam", "link conflict", "Attention Is All You Need"),
        ("Grasping", "new", None),
        ("Deep residual learning for image recognition", "title",
         "Deep Residual Learning for Image Recognition"),
    ]  # fmt: skip
    assert found["items"][3]["section"] == ["Hands"]
    assert found["items"][0]["work"] == "vaswani2017attention"


def test_json_has_all_that_the_file_says_of_an_item(file: Path) -> None:
    item = json.loads(run("import", file, "--dry-run", "--json").stdout)["items"][3]
    work = item.pop("work")
    assert work.startswith("grasping-")
    assert item == {
        "title": "Grasping", "line": 6, "section": ["Hands"], "links": [], "arxiv": "2401.12345",
        "doi": None, "year": None, "authors": [], "venue": None, "tier": None, "marks": [],
        "read": False, "matched": "new", "with": None,
    }  # fmt: skip


def test_ticked_works_are_logged_as_read_only_if_asked(file: Path) -> None:
    # A work that is ticked twice is one.
    ticked = LIST.replace("Walking", "[x] Walking").rstrip("\n") + "\n[x] Walking zebras\n"
    file.write_text(ticked, encoding="utf-8")
    result = run("import", file)
    assert "Ticked in the file, not read in full by you (1)" in result.stdout
    assert "--log logs 1 ticked work as read" in result.stderr
    assert "before papertui" not in run("show", "zebras").stdout
    # A tick says more than a first pass.
    run("log", "zebras", "--pass", "1")
    logged = run("import", file, "--log").stderr
    assert "Logged as read before papertui: 1 work of Robotics. papertui undo" in logged
    assert "before papertui" in run("show", "zebras").stdout
    again = run("import", file, "--log")
    assert "nothing has changed" in again.stderr
    assert "Ticked" not in again.stdout
    run("undo")
    assert "before papertui" not in run("show", "zebras").stdout


def test_unreadable_and_empty_files_are_refused(tmp_path: Path) -> None:
    result = run("import", tmp_path / "none.md")
    assert isinstance(result.exception, Refused)
    assert "Cannot read" in str(result.exception)
    empty = tmp_path / "empty.md"
    empty.write_text("", encoding="utf-8")
    result = run("import", empty)
    assert isinstance(result.exception, Refused)
    assert "holds no list" in str(result.exception)
    assert run("import").exit_code == 2


def test_a_search_goes_on_where_making_searchable_was_cut_off(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertui.cli.import_export._make_searchable", lambda _: None)
    run("import", file)
    assert "Walking zebras" in run("find", "zebra").stdout


# ── on the screen ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_list_is_shown_accepted_and_taken_back(
    make: Make, store: Store, file: Path, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        screen = await look(pilot, "I")
        for words in ("Import a list", "- [x] Deep Residual", "CSV", "tab completes"):
            assert words in screen
        await type_in(pilot, str(file))
        await press(pilot, "enter")
        screen = await settled(pilot)
        for line in ("▸ Import this list", "A new list: 5 items in 2 sections, 5 works.",
                     "Known already, by id and title (1)"):  # fmt: skip
            assert line in screen
        assert store.events() == []
        await press(pilot, "enter")
        screen = await settled(pilot)
        assert "Imported: Robotics, 5 works · u takes it back" in screen
        for line in ("▾ Robotics 0/5", "▸ Robots 0/3", "▸ Hands 0/2"):
            assert line in screen
        await press(pilot, "u")
        screen = await settled(pilot)
        assert "Undone: import of Robotics" in screen
        assert "Robotics 0/5" not in screen
        await press(pilot, "ctrl+r")
        screen = await settled(pilot)
        assert "Done again: import of Robotics" in screen
        assert "Robotics 0/5" in await look(pilot, "G")


async def test_the_plan_offers_to_log_what_the_file_ticks(
    make: Make, store: Store, file: Path
) -> None:
    file.write_text(LIST.replace("Walking", "[x] Walking"), encoding="utf-8")
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(file))
        await press(pilot, "enter")
        screen = await settled(pilot)
        assert "▸ Import this list" in screen
        assert "  Import it and log 1 ticked work as read before papertui" in screen
        help = await look(pilot, "question_mark")
        assert "Do what the marked line says" in help
        await press(pilot, "escape", "enter")
        assert "1 tick not logged: import it again to do that" in await settled(pilot)
        await press(pilot, "u", "I")
        await type_in(pilot, str(file))
        await press(pilot, "enter")
        await settled(pilot)
        screen = await look(pilot, "right_square_bracket")
        assert "  Import this list" in screen
        assert "▸ Import it and log 1 ticked work" in screen
        await press(pilot, "enter")
        done = "Imported: Robotics, 5 works; logged as read before papertui: 1 work · u takes it"
        assert done in await settled(pilot)
    assert [event.kind for event in store.events()][-2:] == ["import", "pass"]
    undone = "Undone: import of Robotics, with 1 work read before papertui."
    assert undone in run("undo", "--yes").stderr


async def test_logging_what_a_known_list_ticks_is_not_called_an_import(
    make: Make, file: Path
) -> None:
    file.write_text(LIST.replace("Walking", "[x] Walking"), encoding="utf-8")
    run("import", file)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(file))
        await press(pilot, "enter")
        assert "Log 1 ticked work as read before papertui" in await settled(pilot)
        await press(pilot, "enter")
        screen = await settled(pilot)
        assert "Logged as read before papertui: 1 work of Robotics · u takes it back" in screen
        assert "Imported" not in screen


async def test_help_opened_while_a_list_comes_in_does_not_keep_its_screen(
    make: Make, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, record = Event(), Store.record

    def slowly(*given: Any, **named: Any) -> Act:
        go_on.wait(5)
        return record(*given, **named)

    monkeypatch.setattr(Store, "record", slowly)
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(file))
        await press(pilot, "enter")
        await settled(pilot)
        await press(pilot, "enter")
        # Keys wait for the import for some seconds only; this is one that came after them.
        await pilot.app.run_action("help")
        go_on.set()
        screen = await settled(pilot)
        assert "Imported: Robotics" in screen
        assert "▾ Robotics 0/5" in screen


async def test_leaving_the_import_changes_nothing(make: Make, store: Store, file: Path) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(file))
        await press(pilot, "enter")
        assert "Import this list" in await settled(pilot)
        assert "Deep Learning Papers 0/34" in await look(pilot, "escape")
        await press(pilot, "I")
        assert "Deep Learning Papers 0/34" in await look(pilot, "escape")
    assert store.events() == []


async def test_a_missing_file_is_asked_for_again(make: Make, file: Path) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(file) + "x")
        await press(pilot, "enter")
        for _ in range(50):
            if "Cannot read" in (screen := await look(pilot)):
                break
        assert "No such file" in screen
        await press(pilot, "backspace", "enter")
        assert "Import this list" in await settled(pilot)


async def test_a_list_that_has_not_changed_offers_nothing(make: Make, file: Path) -> None:
    run("import", file)
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(file))
        await press(pilot, "enter")
        screen = await settled(pilot)
        assert "You have this list as it is." in screen
        assert "Import this list" not in screen


@pytest.fixture
def late_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader act before the app notices what another program did."""
    monkeypatch.setattr("papertui.tui.app.POLL_INTERVAL", 60.0)


@pytest.mark.usefixtures("late_poll")
async def test_a_filter_and_a_row_of_a_list_that_another_program_took_back(
    make: Make, store: Store, file: Path
) -> None:
    run("import", file)
    key = next(key for key, title in store.tree.lists() if title == "Robotics")
    store.set_setting("filter", json.dumps({"list": [key, "gone"], "kind": ["paper"]}))
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "g")
        assert "[list: Robotics]" in screen
        run("undo")
        assert "That list has gone." in await look(pilot, "L")
        screen = await look(pilot, "f", "escape", "v", "l")
        assert "list:" not in screen
        assert "[kind: paper]" in screen
        assert "Deep Learning Papers" in screen


@pytest.mark.usefixtures("late_poll")
async def test_a_found_section_that_another_program_took_back(make: Make, file: Path) -> None:
    run("import", file)
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "zebra")
        await press(pilot, "up")
        run("undo")
        assert "Deep Learning Papers" in await look(pilot, "enter")


async def test_a_few_works_can_be_searched_once_they_are_imported(make: Make, file: Path) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(file))
        await press(pilot, "enter", "enter", "slash")
        await type_in(pilot, "zebra")
        assert "Logged: first pass of Walking zebras" in await look(pilot, "enter", "1")


async def test_many_imported_works_become_searchable_while_the_app_runs(
    make: Make, store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertui.cli.import_export._make_searchable", lambda _: None)
    more = "".join(f"- [Grey horses {n}](https://example.org/{n})\n" for n in range(100))
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    run("import", file)
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "adam")
        assert re.search("works found · 10[0-9] works that came in not searched", await look(pilot))
        await press(pilot, "escape")
        app._notice_changes()
        await settled(pilot)
        await press(pilot, "slash")
        await type_in(pilot, "zebra")
        assert "Walking zebras" in screen_text(pilot.app)
    assert store.unsearched() == 0


# ── two works that are one ──────────────────────────────────────────────────


def test_works_are_merged_in_the_shell(file: Path) -> None:
    run("import", file)
    result = run("merge", "grasping", "resnet")
    merged = "Merged Grasping into Deep Residual Learning for Image Recognition."
    assert merged in result.stderr
    assert "papertui undo takes it back" in result.stderr
    assert "Hands  0/1" in run("list").stdout
    assert "merging grasping" not in run("undo").stdout
    assert "Hands  0/2" in run("list").stdout


@pytest.mark.parametrize(("command", "stands"), [("drop", "dropped"), ("queue", "in the queue")])
def test_a_merge_says_where_the_work_that_stays_stands_now(
    file: Path, command: str, stands: str
) -> None:
    run("import", file)
    run(command, "grasping")
    assert f"of the other, which is now {stands}." in run("merge", "grasping", "resnet").stderr


async def test_works_are_merged_on_the_screen(make: Make, store: Store, file: Path) -> None:
    run("import", file)
    run("queue", "kingma2014adam")
    run("log", "grasping", "--pass", "1")
    async with make().run_test(size=WIDE) as pilot:
        assert "Go to a work first" in await look(pilot, "g", "M")
        await find(pilot, "grasping")
        assert "Merge Grasping into" in await look(pilot, "M")
        await type_in(pilot, "zzz")
        assert "No work fits" in await look(pilot, "enter")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "kingma2014adam")
        await press(pilot, "enter")
        merged = await settled(pilot)
        assert " is merged into Adam: A Method for Stochastic" in merged
        # The pass that came along ends the queueing before it.
        assert "out of the queue" in " ".join(merged.split())
        # It stands in the same list now, not in that of the other work.
        assert "▸ Foundations" in merged
        await press(pilot, "u")
        assert "Undone: merging Grasping into Adam" in await settled(pilot)
        await wait_for_search(store)
        await find(pilot, "grasping")
        assert "Grasping" in screen_text(pilot.app)


async def test_the_cursor_is_on_what_is_left_wherever_a_merge_is_done(
    make: Make, store: Store
) -> None:
    for title in ("Wide Hands", "Small Hands", "Hands, Wide"):
        run("add", title)
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "hands, wide")
        await press(pilot, "M")
        await type_in(pilot, "wide hands")
        await press(pilot, "enter")
        assert "Hands, Wide is merged into Wide Hands" in await settled(pilot)
        await press(pilot, "u")
        assert "the cursor is on it" in await settled(pilot)
        await press(pilot, "ctrl+r")
        assert "Done again: merging Hands, Wide" in await settled(pilot)
        assert "Logged: first pass of Wide Hands" in await look(pilot, "1")
