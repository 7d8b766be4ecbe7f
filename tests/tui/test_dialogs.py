"""The line to type into: it stays open until an answer is taken."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens import import_list
from tests.support.screen import SMALL, press, type_in

Make = Callable[[], PaperTui]


@pytest.mark.parametrize("keys", [("escape",), ("ctrl+u", "enter")])
async def test_a_reader_may_leave_a_line_after_a_wrong_answer(
    make: Make, store: Store, keys: tuple[str, ...]
) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        assert "from 1 to 50" in await press(pilot, "p", "t", "x", "enter")
        assert "Full reads a week" not in await press(pilot, *keys)
        assert "to come" in await press(pilot, "right")
    assert store.events() == []


async def test_a_line_that_takes_time_to_read_stays_until_it_is_taken(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, go_on = tmp_path / "list.md", threading.Event()
    path.write_text("# A list\n\n- A title of a paper\n", encoding="utf-8")
    read = import_list._plan_or_events

    def slowly(path: Path, store: Store) -> object:
        go_on.wait(5)
        return read(path, store)

    monkeypatch.setattr(import_list, "_plan_or_events", slowly)
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "I")
        await type_in(pilot, str(path))
        assert "One moment" in await press(pilot, "enter")
        # Keys wait for the answer.
        assert f"{path.name}j" not in await press(pilot, "j")
        go_on.set()
        await app.workers.wait_for_complete()
        screen = await press(pilot)
        assert "A title of a paper" in screen
        assert "One moment" not in screen
