"""Syncs of the app, by a key and by themselves, through a folder and a repository."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from papertui.config import Config, Syncing
from papertui.core import journal
from papertui.storage.database import Busy
from papertui.storage.store import Store
from papertui.sync import sync
from papertui.system.clock import Clock
from papertui.tui.app import PaperTui
from tests.conftest import TODAY
from tests.support.devices import Device, bare_repository
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    look,
    press,
    wait_for,
    wait_for_workers,
    wait_until,
)

Make = Callable[[], PaperTui]
ADAM = "kingma2014adam"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    return tmp_path / "shared"


@pytest.fixture
def other(tmp_path: Path, clock: Clock) -> Iterator[Device]:
    device = Device(tmp_path / "other" / "papertui.db", clock)
    yield device
    device.store.close()


def app_that_syncs(store: Store, *on: str) -> PaperTui:
    return PaperTui(store, Config(sync=Syncing(on=on)))


async def test_without_a_place_the_key_says_how_to_set_one(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        assert "papertui sync init" in await look(pilot, "Z")


async def test_two_apps_that_log_and_sync_by_keys_end_equal(
    make: Make, store: Store, other: Device, tmp_path: Path
) -> None:
    remote = bare_repository(tmp_path / "remote.git")
    for each in (store, other.store):
        sync.set_up(each, str(remote))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        await press(pilot, "1", "Z")
        await wait_for(pilot, "1 event sent")
    async with PaperTui(other.store, Config()).run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        await press(pilot, "2", "Z")
        await wait_for(pilot, "1 event sent, 1 received")
        await wait_for(pilot, "first pass")
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "Z")
        await wait_for(pilot, "1 received")
        await find(pilot, "adam")
        await wait_for(pilot, "second pass")
    assert [event.id for event in store.events()] == [event.id for event in other.store.events()]


async def test_a_note_that_was_changed_on_both_sides_is_named_whole_in_80_columns(
    make: Make, store: Store, other: Device, folder: Path
) -> None:
    work = "he2015deep"
    first = store.record(journal.save_note(work, "n", "Depth.")).versions
    sync.set_up(store, str(folder))
    sync.sync(store, store.clock())
    other.joins(folder)
    for each, text in ((store, "Depth hurts."), (other.store, "Depth helps.")):
        each.record(journal.save_note(work, "n", text, first))
    other.syncs()
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "Z")
        screen = " ".join((await wait_for(pilot, "1 received")).split())
        assert "a note on Deep Residual Learning for Image Recognition was changed" in screen
        assert "on both sides: both texts are kept" in screen


async def test_a_sync_that_brings_nothing_replaces_no_newer_message(
    make: Make, store: Store, folder: Path
) -> None:
    sync.set_up(store, str(folder))
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        await press(pilot, "Z", "1")
        await wait_for_workers(app)
        assert "Logged: first pass of Adam" in await look(pilot)


async def test_a_wrong_config_keeps_a_sync_from_beginning_and_takes_no_message_away(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    sync.set_up(store, str(folder))
    (tmp_path / "config.toml").write_text('day_start = "noon"', encoding="utf-8")
    app = app_that_syncs(store)
    async with app.run_test(size=WIDE) as pilot:
        app.show_message("config.toml, line 1, is wrong")
        await app.background_sync.sync(by_key=False)
        assert "line 1, is wrong" in await look(pilot)
        await press(pilot, "Z")
        assert "Not synced: " in await wait_for(pilot, "Not synced")


async def test_a_place_that_is_gone_as_the_app_is_left_is_named_in_the_shell(
    store: Store, folder: Path
) -> None:
    sync.set_up(store, str(folder))
    folder.rename(folder.with_name("away"))
    app = app_that_syncs(store, "quit")
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "q")
    assert f"Not synced: {folder} is gone" in app.last_words


async def test_on_start_the_app_syncs_by_itself_and_says_what_came(
    store: Store, other: Device, folder: Path
) -> None:
    other.store.record(journal.log_pass(ADAM, 1, TODAY))
    other.joins(folder)
    sync.set_up(store, str(folder))
    async with app_that_syncs(store, "start").run_test(size=WIDE) as pilot:
        await wait_for(pilot, "1 received")
    assert store.reading_log.work(ADAM).depth == 1


async def test_on_quit_a_sync_goes_on_after_the_app(
    store: Store, other: Device, folder: Path
) -> None:
    sync.set_up(store, str(folder))
    async with app_that_syncs(store, "quit").run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        await press(pilot, "1", "ctrl+q")

    def has_synced() -> bool:
        with suppress(Busy):
            return bool(store.sync_state.outcome())
        return False

    await wait_until(has_synced)
    assert other.joins(folder).received == 1


async def test_a_sync_that_fails_by_itself_says_so_once(store: Store, folder: Path) -> None:
    sync.set_up(store, str(folder))
    folder.rmdir()
    app = app_that_syncs(store, "start")
    async with app.run_test(size=WIDE) as pilot:
        await wait_for(pilot, "is gone")
        app.show_message("")
        await app.background_sync.sync(by_key=False)
        assert "is gone" not in await look(pilot)
        await press(pilot, "Z")
        await wait_for(pilot, "is gone")
        # A sync elsewhere that works ends what the message says.
        folder.mkdir()
        with Store(store.path) as elsewhere:
            sync.sync(elsewhere, app.clock())
        app._notice_changes()
        assert "is gone" not in await look(pilot)


async def test_a_note_is_kept_private_by_a_key(
    make: Make, store: Store, other: Device, folder: Path
) -> None:
    store.record(journal.save_note(ADAM, "n", "Mine alone."))
    sync.set_up(store, str(folder))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        assert "is private: no sync sends it" in await look(pilot, "P")
        await wait_for(pilot, "· private")
        await press(pilot, "Z")
        await wait_for(pilot, "Synced")
    other.joins(folder)
    assert [event.kind for event in other.store.events()] == [journal.PRIVATE]
