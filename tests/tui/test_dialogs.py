"""The line to type into: it stays open until an answer is taken."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens import import_list
from tests.support.screen import SMALL, WIDE, find, press, screen_text, type_in, wait_for

Make = Callable[[], PaperTui]


@pytest.mark.parametrize("keys", [("escape",), ("ctrl+u", "enter")])
async def test_a_reader_may_leave_a_line_after_a_wrong_answer(
    make: Make, store: Store, keys: tuple[str, ...]
) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        assert "number of full reads" in await press(pilot, "p", "t", "x", "enter")
        assert "Full reads a week" not in await press(pilot, *keys)
        assert "to come" in await press(pilot, "right")
    assert store.events() == []


async def test_a_refusal_goes_with_the_next_letter_and_the_question_comes_back(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "number of full reads" in await press(pilot, "p", "t", "x", "enter")
        screen = await press(pilot, "backspace")
        assert "number of full reads" not in screen
        assert "Full reads a week, from this week on" in screen


async def test_works_that_a_name_may_mean_stay_as_long_as_the_line_fits_them(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "M")
        await type_in(pilot, "deep")
        screen = await press(pilot, "enter")
        assert "Several works fit 'deep'" in screen
        assert "he2015deep" in screen
        screen = await press(pilot, "ctrl+u", *"he2015")
        assert "Merge" in screen
        assert "Several works fit" not in screen
        assert "he2015deep" in screen
        assert "solergibert2024deep" not in screen
        assert "he2015deep" not in await press(pilot, "z")


async def test_a_line_that_takes_time_to_read_stays_until_it_is_taken(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, go_on = tmp_path / "list.md", threading.Event()
    path.write_text("# A list\n\n- A title of a paper\n", encoding="utf-8")
    read = import_list._plan_or_events

    def slowly(path: Path, store: Store) -> object:
        go_on.wait(30)
        return read(path, store)

    monkeypatch.setattr(import_list, "_plan_or_events", slowly)
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(path))
        await pilot.press("enter")
        await wait_for(pilot, "One moment")
        # Keys wait for the answer.
        await pilot.press("j")
        assert f"{path.name}j" not in screen_text(app)
        go_on.set()
        await app.workers.wait_for_complete()
        screen = await press(pilot)
        assert "A title of a paper" in screen
        assert "One moment" not in screen
