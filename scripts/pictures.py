"""The README's pictures: screens of the app, saved in docs/."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from textual import events

from papertui.config import Config
from papertui.demo import fill
from papertui.exporters.year import year_of_reading
from papertui.exporters.year_picture import svg
from papertui.storage.store import Store
from papertui.tui.app import PaperTui

DOCS = Path(__file__).parent.parent / "docs"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SIZE = (116, 34)


async def draw(name: str, store: Store, search: str, *keys: str) -> None:
    """Search for a work, go to it, press `keys`, and save the screen as docs/`name`."""
    app = PaperTui(store, Config())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        app.post_message(events.Paste(search))
        await pilot.pause()
        await pilot.press("enter", *keys)
        await pilot.pause()
        picture = app.export_screenshot(title="papertui")
    # A picture needs no font of another place: it names one that is here, or any monospaced one.
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    (DOCS / name).write_text(picture + "\n", encoding="utf-8")


def main() -> None:
    """Draw every picture, with the made-up year of reading."""
    with (
        TemporaryDirectory() as folder,
        Store(Path(folder) / "papertui.db", clock=lambda: NOW) as store,
    ):
        fill(store, NOW.date())
        asyncio.run(draw("library.svg", store, "flashattention"))
        asyncio.run(draw("progress.svg", store, "flashattention", "p", *["left"] * 5))
        year = year_of_reading(store, Config(), NOW.year, NOW.date())
    (DOCS / "year.svg").write_text(svg(year), encoding="utf-8")


if __name__ == "__main__":
    main()
