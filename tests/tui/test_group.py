"""The reading group in the app, key by key, beside a member who uses the shell."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.core import journal
from papertui.errors import Refused
from papertui.exporters.offered_list import offered_list
from papertui.importers.offered_list import parse_offered
from papertui.storage.edits import new_section
from papertui.storage.store import Store
from papertui.sync.group import join_group, meet
from papertui.tui.app import PaperTui
from tests.conftest import TODAY
from tests.support.clocks import machine_at
from tests.support.fresh_database import fresh_database
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    look,
    press,
    type_in,
    wait_for,
    wait_for_search,
)

ATTENTION, ADAM = "vaswani2017attention", "kingma2014adam"
Make = Callable[[], PaperTui]
both_sizes = pytest.mark.parametrize("size", [SMALL, WIDE])


@pytest.fixture
def club(tmp_path: Path, store: Store) -> Path:
    """A folder that the group of Ada, who uses the app, and Grace shares."""
    folder = tmp_path / "club"
    folder.mkdir()
    join_group(store, str(folder), "Ada", store.clock(), again=False)
    return folder


@pytest.fixture
def grace(club: Path, tmp_path: Path) -> Callable[..., Result]:
    """A function that runs a command for Grace."""
    database = fresh_database(tmp_path / "grace" / "papertui.db")

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(papertui, ["--db", str(database), *arguments])
        assert not result.exception or isinstance(result.exception, Refused), result.exc_info
        return result

    assert "with Ada" in run("group", "join", str(club), "--name", "Grace").stderr
    return run


@both_sizes
async def test_the_group_is_told_of_promises_notes_and_lists(
    make: Make, store: Store, grace: Callable[..., Result], size: tuple[int, int]
) -> None:
    store.record(journal.save_note(ATTENTION, "n", "It weighs *everything*."))
    async with make().run_test(size=size) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "H")
        assert "I explain it" in screen
        await press(pilot, "e")
        await type_in(pilot, "10d")
        assert "You explain it" in await look(pilot, "enter")
        # A private note is kept back, and said to be.
        private = journal.save_note(ATTENTION, "p", "Not for others.")
        store.record(private, journal.keep_private(ATTENTION, "p", True))
        screen = " ".join((await look(pilot, "H", "n")).split())
        assert "The group sees your note on Attention" in screen
        assert "; 1 private note kept back" in screen
        assert "show my notes as they are now" in await look(pilot, "H")
        assert "No longer shown: your notes on Attention" in await look(pilot, "b")
        assert "Undone" in await look(pilot, "u")
        screen = await look(pilot, "H", "l")
        assert "Offered to the group" in screen
        assert "offer Deep Learning Papers as it is now" in await look(pilot, "H")
        assert "No longer offered: Deep Learning Papers" in await look(pilot, "t")
        assert "Undone" in await look(pilot, "u")
        screen = await look(pilot, "B")
        assert "You are Ada; with you: nobody else yet." in screen
        assert "you explain it Mon 30 Nov" in screen
        await press(pilot, "r")
        screen = await wait_for(pilot, "1 received")
        assert "with you: Grace" in screen
        # A link of the board leads to a work, and the way back to the board.
        assert "backspace goes back" in await look(pilot, "right_square_bracket", "enter")
        assert "You are Ada; with you: Grace" in await look(pilot, "backspace")
    grace("sync")
    board = json.loads(grace("group", "--json").stdout)
    assert board["members"] == ["Ada"]
    (promise,) = board["explanations"]
    assert (promise["member"], promise["day"]) == ("Ada", "2026-11-30")
    assert "It weighs everything." in grace("show", ATTENTION).stdout
    offered = board["lists"][0]["title"]
    assert "Imported" in grace("group", "import", offered).stderr
    assert f"{offered} (from Ada)" in grace("list").stdout


@both_sizes
async def test_an_offered_list_is_imported_from_the_board(
    make: Make, store: Store, grace: Callable[..., Result], size: tuple[int, int]
) -> None:
    grace("add", "--offline", "A Work Only Grace Knows")
    grace("section", "add", "Club")
    grace("move", "only grace", "Club")
    grace("group", "offer", "Club")
    with machine_at(f"{TODAY}T12:00"):
        grace("log", "only grace", "--pass", "2")
    grace("sync")
    async with make().run_test(size=size) as pilot:
        await press(pilot, "B", "r")
        screen = await wait_for(pilot, "Club · 1 item, from Grace")
        assert "A Work Only Grace Knows" in screen
        screen = await look(pilot, "right_square_bracket", "enter")
        assert "Club (from Grace)" in screen
        await press(pilot, "enter")
        screen = await wait_for(pilot, "takes it back")
        assert "Club (from Grace)" in screen
        await wait_for_search(store)
        await find(pilot, "only grace")
        assert "Grace second pass" in await look(pilot, "tab", "end")
    assert not store.reading_log.touched()


async def test_outside_a_group_the_keys_say_how_to_join_one(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "papertui group join" in await look(pilot, "H")
        assert "papertui group join" in await look(pilot, "B")


def test_a_promise_in_the_shell_is_kept_by_explaining(
    store: Store, grace: Callable[..., Result]
) -> None:
    assert (
        "Promised to explain: Adam"
        in grace("group", "explain", "adam:", "--on", "2061-03-08").stderr
    )
    assert "Grace" not in grace("group").stdout.split("explains what")[1]
    assert "you explain it Tue 8 Mar 2061" in grace("group").stdout
    assert "Not promised" in grace("group", "explain", "adam:", "--off").stderr
    assert "you explain" not in grace("group").stdout


def test_an_offered_list_says_that_works_have_more_authors_and_not_that_its_taker_made_it(
    store: Store,
) -> None:
    made, key = new_section(store, "Lab")
    work = {"title": "Mine", "kind": "paper", "authors": ["Vera Halm"], "more_authors": True}
    placed = journal.place_work("mine", "Mine", None, key, 0.0)
    store.record(made, journal.add_work("mine", work), placed)
    parsed = parse_offered(offered_list(store, key, TODAY), "Ada")
    (item,) = parsed.all_items()
    assert parsed.purpose == ""
    assert (item.authors, item.more_authors) == (("Vera Halm",), True)


def test_an_offered_list_is_named_whole_or_in_part_and_is_one_after_it_is_renamed(
    store: Store, grace: Callable[..., Result]
) -> None:
    keys = []
    for name in ("Lab", "Old lab", "Club"):
        made, key = new_section(store, name)
        store.record(made, journal.place_work(ADAM, "", None, key, 0.0))
        store.record(journal.show_list(offered_list(store, key, TODAY)))
        keys.append(key)
    store.record(journal.rename_section(keys[2], "Ada's lab", "Club"))
    store.record(journal.show_list(offered_list(store, keys[2], TODAY)))
    meet(store, store.clock())
    grace("sync")
    offered = [each["title"] for each in json.loads(grace("group", "--json").stdout)["lists"]]
    assert sorted(offered) == ["Ada's lab", "Lab", "Old lab"]
    for name in ("lab", "Lab (Ada)", "old"):
        assert not grace("group", "import", name).exception
    assert "Ada's lab (Ada), Lab (Ada)" in str(grace("group", "import", "ab").exception)
    store.record(journal.show_list(offered_list(store, keys[2], TODAY), on=False))
    meet(store, store.clock())
    grace("sync")
    assert "Ada's lab" not in grace("group").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("group", "import", "none"), "there is none"),
        (("group", "show-note", ADAM), "There is no note"),
        (("group", "offer", "no such list"), "Name one of your lists"),
        (("group", "explain", ADAM, "--on", "soonish"), "is not a day"),
        (("group", "--list", "no such list"), "Name one of your lists"),
        (("group", "explain", ADAM, "--off"), "have not promised"),
        (("group", "show-note", ADAM, "--off"), "no note on Adam"),
        (("group", "offer", "Papers", "--off"), "that you offer: there is none"),
    ],
)
def test_what_cannot_be_told_is_refused_in_one_line(
    grace: Callable[..., Result], arguments: tuple[str, ...], says: str
) -> None:
    refused = str(grace(*arguments).exception)
    assert says in refused
    assert "\n" not in refused


@pytest.mark.parametrize(
    "told",
    ["explain adam:", "explain adam: --off", "show-note adam:", "offer lab", "import lab", "leave"],
)
def test_outside_a_group_the_shell_tells_nothing_and_says_how_to_join_one(
    store: Store, told: str
) -> None:
    store.record(journal.save_note(ADAM, "n", "Mine."), journal.make_section("lab", "Lab", 0))
    before = store.count()
    result = CliRunner().invoke(papertui, ["--db", str(store.path), "group", *told.split()])
    assert isinstance(result.exception, Refused)
    assert "papertui group join" in str(result.exception)
    assert store.count() == before


def test_what_was_told_is_taken_back_once_even_of_a_list_that_is_gone(
    store: Store, grace: Callable[..., Result]
) -> None:
    def tell(*arguments: str) -> BaseException | None:
        command = ["--db", str(store.path), "group", *arguments]
        return CliRunner().invoke(papertui, command).exception

    made, key = new_section(store, "Lab")
    placed = journal.place_work(ADAM, "", None, key, 0.0)
    store.record(journal.save_note(ADAM, "n", "Mine."), made, placed)
    told = [("explain", ADAM), ("show-note", ADAM), ("offer", "Lab")]
    assert not any(tell(*arguments) for arguments in told)
    store.record(journal.remove_section(key, "Lab"))
    for arguments in told:
        assert not tell(*arguments, "--off")
        assert isinstance(tell(*arguments, "--off"), Refused)
    assert not (store.group.shown_notes() or store.group.offered_lists())


def test_leaving_takes_everything_back(grace: Callable[..., Result], store: Store) -> None:
    store.record(journal.log_pass(ADAM, 1, TODAY))
    assert "left" in grace("group", "leave").stderr
    assert "no reading group" in grace("group").stdout
