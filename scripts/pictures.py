"""Draw the README's pictures from the app itself, into docs/."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from textual import events

from papertui import journal
from papertui.config import Config
from papertui.store import Store
from papertui.tui.app import PaperTui

DOCS = Path(__file__).parent.parent / "docs"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SIZE = (116, 34)


async def draw(name: str, store: Store) -> None:
    """Search for a work, go to it, and save the screen."""
    app = PaperTui(store, Config(), clock=lambda: NOW)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        app.post_message(events.Paste("deep residual"))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        picture = app.export_screenshot(title="papertui")
    (DOCS / name).write_text(picture + "\n", encoding="utf-8")


def main() -> None:
    """Draw every picture."""
    with TemporaryDirectory() as folder, Store(Path(folder) / "papertui.db") as store:
        for work, depth, day in (
            ("rumelhart1986learning", 1, 2),
            ("ioffe2015batch", 2, 6),
            ("kingma2014adam", 2, 11),
            ("he2015deep", 2, 18),
            ("vaswani2017attention", 3, 19),
        ):
            store.record(journal.log_pass(work, depth, date(2026, 11, day)), now=NOW)
        asyncio.run(draw("library.svg", store))


if __name__ == "__main__":
    main()
