"""The README's pictures: screens of the app in its dark and light theme, saved in docs/."""

import asyncio
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from textual import events

from papertui.config import Config
from papertui.core.new_paper import NewPaper
from papertui.demo import fill
from papertui.exporters.year import year_of_reading
from papertui.exporters.year_picture import svg
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.themes import DARK, LIGHT

DOCS = Path(__file__).parent.parent / "docs"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SIZE = (116, 34)
# A work to go to, and the keys that follow.
PICTURES = {
    "library": ("flashattention",),
    "progress": ("flashattention", "p", *["left"] * 5),
    "recall": ("flashattention", "R", "space"),
    "triage": ("flashattention", "e", "r", "j"),
    "session": ("deep residual", "s", "2", "f7"),
}
SUFFIXES = {DARK: "", LIGHT: "-light"}
TITLES = (
    "Sparse Attention That Learns Where to Look",
    "A Small Model of Large Batches",
    "Retrieval Without an Index",
    "When Does Distillation Forget?",
    "Counting Parameters That Matter",
    "Curricula for Reasoning in Few Steps",
    "Quantised Optimisers, Measured Honestly",
)


def papers() -> list[NewPaper]:
    """Return invented papers of the day."""
    abstract = (
        "We ask how little of a network must be kept for it to learn as before. A mask that is"
        " trained beside the weights finds it in one run; on three tasks a tenth is enough, and"
        " what is kept is the same from run to run."
    )
    return [
        NewPaper(
            f"2611.{number:05}",
            1,
            title,
            ("Ada Example", "Björn Beispiel"),
            abstract,
            ("cs.LG", "cs.CL"),
            None,
            NOW.date(),
            "new",
            None,
            None,
        )
        for number, title in enumerate(TITLES, 7001)
    ]


async def draw(path: Path, store: Store, theme: str, search: str, *keys: str) -> None:
    """Search for a work, go to it, press `keys`, and save the screen."""
    app = PaperTui(store, Config(theme=theme))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        app.post_message(events.Paste(search))
        await settled(app)
        for key in ("enter", *keys):
            await pilot.press(key)
            await settled(app)
        picture = app.export_screenshot(title="papertui")
    # A picture needs no font of another place: it names one that is here, or any monospaced one.
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    path.write_text(picture + "\n", encoding="utf-8")


async def settled(app: PaperTui) -> None:
    """Wait until the effects of a key are complete and painted."""
    await asyncio.sleep(0.2)
    while not (app.keys.is_idle and await app.keys.is_settled()):
        await asyncio.sleep(0.02)


def main() -> None:
    """Draw every picture, with the made-up year of reading."""
    with TemporaryDirectory() as folder:
        year_file, own = Path(folder) / "year.db", Path(folder) / "own.db"
        with Store(year_file, clock=lambda: NOW) as store:
            fill(store, NOW.date())
            store.new_papers.keep(papers(), NOW.date())
            year = year_of_reading(store, Config(), NOW.year, NOW.date())
        (DOCS / "year.svg").write_text(svg(year), encoding="utf-8")
        for name, keys in PICTURES.items():
            for theme, suffix in SUFFIXES.items():
                # Each begins with the same year: a session would wait on the next picture.
                shutil.copy(year_file, own)
                with Store(own, clock=lambda: NOW) as store:
                    asyncio.run(draw(DOCS / f"{name}{suffix}.svg", store, theme, *keys))


if __name__ == "__main__":
    main()
