"""A database that is deleted or replaced while it is open; a note saved just before a kill."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.storage.database import Moved
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens.note_editor import DRAFT_INTERVAL
from papertui.tui.screens.rescue import RescueApp
from tests.conftest import TODAY
from tests.support.drafts import draft_texts
from tests.support.fresh_database import fresh_database
from tests.support.screen import SMALL, find, look, press, type_in, wait_for, wait_until
from tests.support.terminal import Terminal


def replace(database: Path) -> None:
    fresh_database(database.with_name("other")).replace(database)


def delete(database: Path) -> None:
    database.unlink()


def delete_the_folder(database: Path) -> None:
    for path in database.parent.iterdir():
        path.unlink()
    database.parent.rmdir()


TAKEN_AWAY = {
    "was deleted": delete,
    "was deleted ": delete_the_folder,
    "was replaced by another file": replace,
}


@pytest.mark.parametrize("how", TAKEN_AWAY)
@pytest.mark.parametrize("acts", [0, 2])
def test_nothing_is_called_saved_that_is_in_a_file_without_a_name(
    store: Store, database: Path, how: str, acts: int
) -> None:
    for _ in range(acts):
        store.record(journal.log_pass("he2015deep", 1, TODAY))
    TAKEN_AWAY[how](database)
    with pytest.raises(Moved, match=f"{how.strip()} while papertui was open"):
        store.record(journal.log_pass("he2015deep", 2, TODAY))
    assert not store.drafts.save(Draft("d", "he2015deep", "n", (), "half a thought"))
    assert "half a thought" in next(database.parent.glob("*.draft-d.json")).read_text("utf-8")


@pytest.mark.parametrize("how", TAKEN_AWAY)
async def test_the_app_says_what_happened_and_brings_everything_back(
    store: Store, database: Path, make: Callable[[], PaperTui], how: str
) -> None:
    store.record(journal.log_pass("kingma2014adam", 2, TODAY))
    before = store.events()
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "half a thought")
        TAKEN_AWAY[how](database)
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert isinstance(app.damage, Moved)
    assert app.damage.kept is not None
    store.close()
    async with RescueApp(app.damage, Config()).run_test(size=SMALL) as rescue:
        await wait_for(rescue, f"{how.strip()} while papertui was open")
        await wait_for(rescue, "can be read")
        screen = await wait_for(rescue, "kept as")
        assert ("Go on with the file" in screen) is ("replaced" in how)
        await rescue.press("m")
        await wait_for(rescue, "whole again")
    with Store(database) as again:
        assert again.events() == before
        assert [draft.body for draft in again.drafts.waiting()] == ["half a thought"]


@pytest.mark.parametrize("keys", [("ctrl+q",), ("1",), ("u",), ("escape",)])
async def test_every_key_that_writes_leads_out_with_the_text(
    store: Store, database: Path, make: Callable[[], PaperTui], keys: tuple[str, ...]
) -> None:
    store.record(journal.log_pass("kingma2014adam", 1, TODAY))
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        if keys[0] in ("ctrl+q", "escape"):
            await press(pilot, "n")
            await type_in(pilot, "half a thought")
        database.unlink()
        await pilot.press(*keys)
        await pilot.pause()
    assert isinstance(app.damage, Moved)
    assert app.damage.kept is not None
    assert app.damage.kept.exists()


def test_the_app_goes_on_with_the_file_that_took_the_place(database: Path) -> None:
    fresh_database(database)
    terminal = Terminal(database)
    try:
        terminal.find("deep residual", "Deep Residual")
        replace(database)
        terminal.type("1")
        terminal.wait_for("was replaced by another file")
        terminal.type("\r")
        terminal.wait_for("v view")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
    finally:
        terminal.end()


async def test_a_note_saved_right_after_the_last_key_is_not_offered_as_unsaved(
    store: Store, make: Callable[[], PaperTui]
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "a thought")
        assert "Note saved" in await look(pilot, "ctrl+s")
        await asyncio.sleep(2 * DRAFT_INTERVAL)
        assert store.drafts.waiting() == []
        # The next letter is one again.
        await press(pilot, "x")
        await wait_until(lambda: draft_texts(store) == ["a thoughtx"])


def test_nor_after_a_kill(database: Path) -> None:
    fresh_database(database)
    terminal = Terminal(database)
    try:
        terminal.find("deep residual", "Deep Residual")
        terminal.type("n")
        terminal.wait_for("0 words")
        terminal.type("a thought\x13")
        terminal.wait_for("Note saved")
        terminal.wait_for("2 words")
        asyncio.run(asyncio.sleep(2 * DRAFT_INTERVAL))
        terminal.process.kill(signal.SIGKILL)
    finally:
        terminal.end()
    with Store(database) as store:
        assert [note.body for note in store.reading_log.work("he2015deep").notes] == ["a thought"]
        assert store.drafts.waiting() == []


async def test_a_session_that_is_logged_leaves_no_draft(
    store: Store, make: Callable[[], PaperTui]
) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "s", "2")
        await type_in(pilot, "a thought")
        session = app.screen
        await press(pilot, "ctrl+s")
        assert [draft.session is not None for draft in store.drafts.waiting()] == [True]
        await press(pilot, "ctrl+l", "enter")
        # Whatever comes late finds nothing to save.
        session.save_state()  # type: ignore[attr-defined]
        assert store.drafts.waiting() == []
