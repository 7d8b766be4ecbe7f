"""The reader's clock, and what stays open while its time zone changes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest

from papertui.config import Config
from papertui.storage.store import Store
from papertui.system.clock import now
from papertui.tui.app import PaperTui
from tests.support.clocks import NOW, ZONE, machine_at
from tests.support.screen import SMALL, find, press


def test_the_moment_is_the_machines_in_its_time_zone() -> None:
    with machine_at("2028-02-29T23:50", "America/St_Johns"):
        assert (now().date(), now().utcoffset()) == (date(2028, 2, 29), timedelta(hours=-3.5))
        assert now().astimezone(UTC).date() == date(2028, 3, 1)


def test_a_zone_in_a_file_is_followed_when_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with TZ=:/etc/localtime, which the C library reads once."""
    link = tmp_path / "localtime"
    with machine_at("2028-02-29T15:00", "UTC"):
        monkeypatch.setenv("TZ", f":{link}")
        for zone, hours in (("UTC", 0), ("Pacific/Kiritimati", 14), ("America/New_York", -5)):
            link.unlink(missing_ok=True)
            link.write_bytes(zone_file(zone))
            assert now().utcoffset() == timedelta(hours=hours)
            assert now().astimezone(UTC).hour == 15
        link.write_bytes(b"no zone")
        assert now().astimezone(UTC).hour == 15


def zone_file(zone: str) -> bytes:
    for folder in map(Path, TZPATH):
        if (folder / zone).is_file():
            return (folder / zone).read_bytes()
    pytest.skip("this machine has no files of time zones")


async def test_an_app_left_open_follows_a_change_of_the_time_zone(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine_at("2028-02-29T15:00", "UTC"), Store(database) as store:
        app = PaperTui(store, Config())
        async with app.run_test(size=SMALL) as pilot:
            assert app.today() == date(2028, 2, 29)
            monkeypatch.setenv("TZ", "Pacific/Kiritimati")
            assert app.today() == date(2028, 3, 1)
            await find(pilot, "deep residual")
            await press(pilot, "1")
        (logged,) = store.events()
    assert (logged.utc_offset, logged.data["read_on"]) == (14 * 60, "2028-03-01")
    assert logged.wall.startswith("2028-02-29T15:00")


async def test_everything_the_app_writes_is_dated_by_the_clock_of_its_store(
    store: Store, make: Callable[[], PaperTui]
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        await press(
            pilot, "n", *"text", "ctrl+s", *" more", "escape", "s", "2", "x", "escape", "u", "y"
        )
    moments = [event.wall for event in store.events()]
    moments += [draft.saved for draft in store.drafts.waiting()]
    assert len(moments) >= 4
    assert {datetime.fromisoformat(moment) for moment in moments} == {store.clock()}


def test_tests_do_not_see_the_real_day() -> None:
    there = datetime.fromisoformat(NOW).replace(tzinfo=ZoneInfo(ZONE))
    assert 0 <= now().timestamp() - there.timestamp() < 300
