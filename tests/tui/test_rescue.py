"""A damaged database, met by the app: the screen that mends it, and what is seen to later."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from papertui.config import Config, command_line
from papertui.core import journal
from papertui.core.labels import full_time
from papertui.storage.backups import Backups
from papertui.storage.database import Damaged
from papertui.storage.store import Store
from papertui.tui import launch
from papertui.tui.app import PaperTui
from papertui.tui.launch import look_after
from papertui.tui.screens.rescue import RescueApp
from papertui.tui.themes import LIGHT
from tests.storage.test_restore import DAMAGE, events, fill
from tests.support.faults import PAGE, fill_up, overwrite, papertui, small_disk
from tests.support.screen import SMALL, find, press, type_in, wait_for
from tests.support.terminal import Terminal

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture
def start(database: Path) -> Iterator[Callable[[], Terminal]]:
    running: list[Terminal] = []

    def start() -> Terminal:
        running.append(Terminal(database))
        return running[-1]

    yield start
    for terminal in running:
        terminal.end()


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_app_offers_to_mend_and_then_goes_on(
    database: Path, start: Callable[[], Terminal], damage: str
) -> None:
    before = fill(database, 5)
    Backups(database).take(NOON)
    DAMAGE[damage](database)
    spoilt = database.read_bytes() if database.exists() else b""
    terminal = start()
    # Of a file that is gone nothing is said to be damaged; an empty one has nothing to add.
    terminal.wait_for("Your database is gone" if damage == "gone" else "needs mending")
    is_nothing = damage in ("gone", "truncated to nothing", "truncated to 50 bytes")
    terminal.wait_for("all that the copy holds" if is_nothing else "the copy and the damaged file")
    terminal.wait_for(full_time(NOON.astimezone()))
    terminal.wait_for("m mend")
    assert (database.read_bytes() if database.exists() else b"") == spoilt
    terminal.type("m")
    terminal.wait_for("whole again")
    terminal.type("\r")
    terminal.wait_for("v view")
    terminal.wait_for("Unsaved note on Deep Residual")
    terminal.type("\x11")
    assert terminal.wait_for_exit() == 0
    assert events(database)[: len(before)] == before
    if spoilt:
        (kept,) = database.parent.glob("*.damaged-*")
        assert kept.read_bytes() == spoilt


def test_leaving_changes_nothing(database: Path, start: Callable[[], Terminal]) -> None:
    fill(database, 5)
    overwrite(database, 0, b"x" * 100)
    before = database.read_bytes()
    terminal = start()
    terminal.wait_for("11 entries, 1 text being typed can be read")
    terminal.type("q")
    assert terminal.wait_for_exit() == 1
    assert database.read_bytes() == before
    assert not list(database.parent.glob("*.damaged-*"))


def damaged(database: Path) -> Damaged:
    with pytest.raises(Damaged) as found:
        Store(database)
    return found.value


async def test_an_empty_journal_is_asked_about_and_the_way_back_is_named(database: Path) -> None:
    fill(database, 5)
    backup = Backups(database).take(NOON)
    with Store(database) as store:
        store.record(journal.log_pass("kingma2014adam", 2, DAY))
        every = store.events()
    overwrite(database, 0, b"x" * 100)
    app = RescueApp(damaged(database), Config())
    async with app.run_test(size=SMALL) as pilot:
        await wait_for(pilot, "12 entries, 1 text being typed can be read")
        await wait_for(pilot, f"11 entries, of {full_time(backup.taken)}")
        await pilot.press("question_mark")
        await wait_for(pilot, "Start again, with no entries")
        await pilot.press("q")
        for no in ("n", "enter", "escape"):
            await pilot.press("n")
            await wait_for(pilot, "Leave 12 entries, 1 text being typed in the damaged file and")
            await wait_for(pilot, f"11 entries in the copy of {full_time(backup.taken)}, and start")
            await pilot.press(no)
            await wait_for(pilot, "What you can do")
        assert not list(database.parent.glob("*.damaged-*"))
        await pilot.press("n", "y")
        await wait_for(pilot, "Your journal is empty")
        (kept,) = database.parent.glob("*.damaged-*")
        await wait_for(pilot, command_line("restore", "--salvage", str(kept)))
        await pilot.press("enter")
        assert app.goes_on
    assert events(database) == []
    assert backup.path.exists()
    assert kept.read_bytes()[:100] == b"x" * 100
    with Store(database) as store:
        store.record(journal.log_pass("kingma2014adam", 3, DAY))
        every += store.events()
    result = papertui("restore", "--salvage", str(kept))
    assert "12 entries, 1 text being typed added; the database has 13 entries" in result.stderr
    assert sorted(events(database)) == sorted(every)


async def test_without_a_copy_none_is_spoken_of(database: Path) -> None:
    fill(database, 5)
    overwrite(database, 0, b"x" * 100)
    app = RescueApp(damaged(database), Config(theme=LIGHT, ascii=True))
    async with app.run_test(size=SMALL) as pilot:
        assert app.theme_variables["background"].lower() == "#fbf9f5"
        await wait_for(pilot, "none yet")
        screen = await wait_for(pilot, "Bring back all that can be read of the damaged file.")
        assert "the copy" not in screen
        assert screen.isascii()


async def test_a_file_without_entries_is_reported_as_such(database: Path) -> None:
    Store(database).close()
    Backups(database).take(NOON)
    database.write_bytes(b"x" * 10_000)
    async with RescueApp(damaged(database), Config()).run_test(size=SMALL) as pilot:
        await wait_for(pilot, "nothing in it can be read")
        await pilot.press("ctrl+q")
        assert pilot.app.return_code == 1


async def test_while_another_papertui_is_open_nothing_is_replaced(database: Path) -> None:
    fill(database, 5)
    with Store(database):
        spoilt = database.with_name("spoilt")
        spoilt.write_bytes(database.read_bytes())
        overwrite(spoilt, 0, b"x" * 100)
        spoilt.replace(database)
        async with RescueApp(damaged(database), Config()).run_test(size=SMALL) as pilot:
            await wait_for(pilot, "can be read")
            await pilot.press("m")
            await wait_for(pilot, "leave it first")
    assert database.read_bytes()[:100] == b"x" * 100


async def test_a_full_disk_is_reported_and_nothing_is_replaced(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4000) as disk:
        database = disk / "papertui.db"
        fill(database, 5)
        overwrite(database, 0, b"x" * 100)
        filler = fill_up(disk)
        async with RescueApp(damaged(database), Config()).run_test(size=SMALL) as pilot:
            await wait_for(pilot, "can be read")
            await pilot.press("m")
            await wait_for(pilot, "full")
            assert [path.name for path in disk.glob("*.damaged-*")] == []
            filler.unlink()
            await pilot.press("m")
            await wait_for(pilot, "whole again")
        assert len(events(database)) == 11


# ── seen to once the app is open ─────────────────────────────────────────────


def test_the_first_start_of_a_day_makes_a_backup_after_the_first_screen(
    database: Path, start: Callable[[], Terminal]
) -> None:
    fill(database, 5)
    for _ in range(2):
        terminal = start()
        terminal.wait_for("? help")
        while not Backups(database).all():
            terminal.wait_for("? help")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
    (backup,) = Backups(database).all()
    with closing(sqlite3.connect(backup.path)) as connection:
        assert connection.execute("select count(*) from event").fetchone() == (11,)


async def test_damage_found_by_the_thorough_check_leads_to_the_rescue(
    store: Store, database: Path, make: Callable[[], PaperTui], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.record(journal.log_pass("he2015deep", 2, DAY))
    monkeypatch.setattr(launch, "MAX_CHECKED_AT_OPENING", 0)
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot)
        overwrite(database, 40 * PAGE, bytes(PAGE))
        look_after(app)
        for _ in range(200):
            if app.damage:
                break
            await asyncio.sleep(0.02)
    assert app.damage is not None
    assert "damaged" in str(app.damage)


async def test_damage_met_while_reading_leads_to_the_rescue_with_the_text_kept(
    database: Path, make: Callable[[], PaperTui]
) -> None:
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "half a thought")
        overwrite(database, 0, bytes(database.stat().st_size))
        await press(pilot, "ctrl+s")
        for _ in range(200):
            if app.damage:
                break
            await asyncio.sleep(0.02)
    assert app.damage is not None
    assert set(database.read_bytes()) == {0}
    (beside,) = database.parent.glob("*.draft-*.json")
    assert "half a thought" in beside.read_text(encoding="utf-8")


async def test_a_failed_backup_is_reported(database: Path, make: Callable[[], PaperTui]) -> None:
    (database.parent / "backups").write_text("in the way", encoding="utf-8")
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        look_after(app)
        await wait_for(pilot, "There is no backup of today yet")


async def test_leaving_does_not_wait_for_a_backup(
    store: Store, database: Path, make: Callable[[], PaperTui], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertui.storage.backups._PAGES", 1)
    monkeypatch.setattr("papertui.storage.backups._BUSY_TIMEOUT", 60.0)
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot)
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("begin exclusive")
        worker = look_after(app)
        await asyncio.sleep(0.1)
        worker.cancel()
    other.close()
    assert Backups(database).all() == []
