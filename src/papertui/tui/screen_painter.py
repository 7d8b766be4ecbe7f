"""Draws the first screen of the next start, as a program of its own, for `kept_screen`."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

from textual.drivers.headless_driver import HeadlessDriver

from papertui.config import Config, Syncing, config_path
from papertui.errors import PapertuiError
from papertui.storage.store import Store
from papertui.system import clock
from papertui.tui.app import PaperTui
from papertui.tui.config_check import app_config
from papertui.tui.kept_screen import Size, keep, screen_key


class FrameDriver(HeadlessDriver):
    """A terminal that nobody looks at; `drawn` is what was written to it."""

    drawn = ""

    @property
    def is_headless(self) -> bool:
        """Have the app draw."""
        return False

    def write(self, data: str) -> None:
        """Keep what is drawn."""
        self.drawn += data


async def first_frame(store: Store, config: Config, size: Size) -> str:
    """Return what a terminal of that size is sent for the app's first screen."""
    drawn = ""

    async def draw() -> None:
        nonlocal drawn
        await app.keys.wait_for_effects()
        driver = app._driver
        assert isinstance(driver, FrameDriver)
        driver.drawn, is_drawn = "", asyncio.Event()
        app.refresh(layout=True)
        app.screen.call_after_refresh(is_drawn.set)
        await is_drawn.wait()
        drawn = driver.drawn
        app.exit(0)

    app = PaperTui(store, config, driver=FrameDriver, ready=lambda: app.run_worker(draw()))
    await app.run_async(size=size)
    return drawn


def paint(database: Path, size: Size, read_clock: clock.Clock) -> None:
    """Keep the first screen of the next start, unless something changes meanwhile.

    Raises PapertuiError if the database or the config cannot be read, or nothing be written.
    """
    config, faults = app_config(config_path())
    # Drawing starts no sync.
    config = config._replace(sync=Syncing())
    key, now = screen_key(database, size), read_clock()
    if faults or not key:
        return
    with Store(database, clock=read_clock, week_start=config.week_start) as store:
        frame = asyncio.run(first_frame(store, config, size))
    if frame and screen_key(database, size) == key:
        keep(database, key, frame, now, config.day_start)


if __name__ == "__main__":
    # Nobody waits for it.
    os.nice(19)
    with suppress(PapertuiError):
        paint(Path(sys.argv[1]), (int(sys.argv[2]), int(sys.argv[3])), clock.now)
