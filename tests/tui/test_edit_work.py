"""The form that edits a work: its keys, its refusals, and what was typed and not saved."""

from collections.abc import Callable

import pytest

from papertui.core import journal
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.support.screen import SMALL, WIDE, find, look, press, type_in, wait_for

Make = Callable[[], PaperTui]
MINE = "mine-00000001"
NARROW = (40, 24)


@pytest.fixture(autouse=True)
def own_work(store: Store) -> None:
    fields = {"title": "Folding mpas", "kind": "paper", "year": 2020, "authors": ["Ada One"]}
    store.record(journal.add_work(MINE, fields))


@pytest.mark.parametrize("size", [SMALL, WIDE, NARROW])
async def test_a_work_is_edited_field_by_field_in_one_act(
    make: Make, store: Store, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        await find(pilot, "folding")
        screen = await look(pilot, "E")
        assert all(label in screen for label in ("Title", "Authors", "Difficulty", "Read after"))
        await press(pilot, "ctrl+u")
        await type_in(pilot, "Folding maps")
        await press(pilot, "down", "tab", "backspace", "4")
        await press(pilot, "shift+tab", "end")
        await type_in(pilot, "; Bo Two")
        assert "Edited: Folding maps" in await look(pilot, "enter")
        known = store.works.editable_fields(MINE)
        assert (known["year"], known["authors"]) == (2024, ["Ada One", "Bo Two"])
        assert "Undone: edit of" in await look(pilot, "u")
        assert store.works.editable_fields(MINE)["title"] == "Folding mpas"
        assert "Done again: edit of" in await look(pilot, "ctrl+r")
        assert store.works.editable_fields(MINE)["title"] == "Folding maps"


async def test_a_wrong_answer_keeps_the_form_open_at_its_field(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        await press(pilot, "E", "down", "down", "9", "up")
        screen = await look(pilot, "ctrl+s")
        assert "A year is a number from 1600 to 2100." in screen
        assert "Edited: Folding mpas" in await look(pilot, "backspace", "backspace", "1", "enter")
        assert store.works.editable_fields(MINE)["year"] == 2021


async def test_works_that_a_name_may_mean_are_named_in_one_line(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "folding")
        await press(pilot, "E", *["down"] * 9)
        await type_in(pilot, "deep")
        assert "Several works fit 'deep': " in await look(pilot, "enter")
        assert "he2015deep" in await look(pilot)


@pytest.mark.parametrize(
    ("answer", "year", "is_open"), [("y", 2021, False), ("n", 2020, False), ("escape", 2020, True)]
)
async def test_leaving_asks_what_becomes_of_changes(
    make: Make, store: Store, answer: str, year: int, is_open: bool
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        await press(pilot, "E", "down", "down", "backspace", "1")
        screen = await look(pilot, "escape")
        assert "Save the changes to Folding mpas?" in screen
        assert "esc go on editing" in screen
        screen = await look(pilot, answer)
        assert ("Read after" in screen) is is_open
        assert store.works.editable_fields(MINE)["year"] == year


async def test_a_field_that_was_edited_elsewhere_is_shown_before_it_is_replaced(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        await press(pilot, "E", *" here")
        store.record(journal.edit_work(MINE, {"title": "Folding elsewhere", "year": 1999}))
        screen = " ".join((await look(pilot, "enter")).split())
        assert "Title, changed elsewhere, is now Folding elsewhere: save again" in screen
        assert store.works.title(MINE) == "Folding elsewhere"
        assert "Edited: " in await look(pilot, "enter")
        assert store.works.title(MINE) == "Folding mpas here"
        assert store.works.editable_fields(MINE)["year"] == 1999


async def test_a_work_that_was_removed_meanwhile_is_said_to_be_gone(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        await press(pilot, "E", *" here")
        store.undo(store.last_act())
        assert "no longer in the library" in await look(pilot, "enter")


async def test_leaving_without_changes_asks_nothing(make: Make, store: Store) -> None:
    acts = len(store.events())
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        assert "Read after" not in await look(pilot, "E", "escape")
        assert "Read after" not in await look(pilot, "E", "enter")
    assert len(store.events()) == acts


async def test_what_was_typed_and_not_saved_is_there_again(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        await press(pilot, "E", "end", "!")
        pilot.app.screen.save_state()  # type: ignore[attr-defined]
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        screen = await look(pilot, "E")
        assert "Folding mpas!" in screen
        assert "is here again" in screen
        await press(pilot, "escape", "n")
        assert "Folding mpas!" not in await look(pilot, "E")


async def test_a_shipped_work_is_not_edited(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "E")
        await wait_for(pilot, "came with papertui and stays as it is")
