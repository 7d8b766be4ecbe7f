"""The README's pictures: screens of the app, dark and light, and a short tour, saved in docs/."""

import asyncio
import html
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from textual.pilot import Pilot

from papertui.config import Config
from papertui.demo import fill
from papertui.exporters.year import year_of_reading
from papertui.exporters.year_picture import svg
from papertui.storage.store import Store
from papertui.tui.app import PaperTui

DOCS = Path(__file__).parent.parent / "docs"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = NOW.date()
SIZE, TOUR_SIZE = (116, 34), (92, 26)
THEMES = {"dark": "papertui-dark", "light": "papertui-light"}
SECONDS = 2.2  # that a frame of the tour is shown


class Typed(str):
    """A text that is typed at once, not the name of a key."""

    __slots__ = ()


NOTE = Typed("Tiles fit in fast memory.\n\nWhy is the backward pass not slower?")
WORK = ("slash", Typed("flashattention"), "enter")
SCREENS: dict[str, Sequence[str]] = {
    "library": WORK,
    "session": (*WORK, "s", "2", "f7", Typed("\n"), NOTE),
    "triage": ("e", "r", "down"),
    "recall": ("R", "space"),
    "progress": (*WORK, "p", *["left"] * 5),
}
# What the tour shows, one frame after each step: keys, and what they do.
TOUR: Sequence[tuple[str, Sequence[str]]] = (
    ("Lists, sections, and how much of them is done", ()),
    ("/ finds a work as you type", ("slash", Typed("attention is all"))),
    ("enter goes to its place", ("enter",)),
    ("1 logs a first pass", ("1",)),
    ("u undoes anything, ctrl+r brings it back", ("u",)),
    ("n writes a note", ("ctrl+r", "n", Typed("Every token looks at every other one."))),
    ("escape saves it", ("escape",)),
    (". shows what is up next, and why", ("full_stop",)),
    ("s reads it with a timer and a checklist", ("s", "1")),
    ("p shows the week, the streak, the year", ("escape", "p")),
)


class Frame(NamedTuple):
    """A step of the tour: its words, and the screen as SVG."""

    words: str
    picture: str


@contextmanager
def copied(database: Path) -> Iterator[Store]:
    """Open a copy of a database, so that no picture shows what another one did."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "papertui.db"
        shutil.copy(database, copy)
        with Store(copy, clock=lambda: NOW) as store:
            yield store


async def press(pilot: Pilot[int], keys: Sequence[str]) -> None:
    """Press keys, and give the screen time to show what they do."""
    for key in keys:
        typed = [{"\n": "enter"}.get(char, char) for char in key]
        await pilot.press(*typed if isinstance(key, Typed) else (key,))
    await pilot.pause(1)


def picture_of(app: PaperTui) -> str:
    """Return the screen as SVG, which names a font that is here, or any monospaced one."""
    picture = app.export_screenshot(title="papertui")
    return re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)


async def draw(store: Store, keys: Sequence[str], theme: str) -> str:
    """Press keys in the app and return its screen."""
    app = PaperTui(store, Config(theme=THEMES[theme]))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, keys)
        return picture_of(app)


async def draw_tour(store: Store) -> list[Frame]:
    """Return the frames of the tour."""
    app = PaperTui(store, Config(theme=THEMES["dark"]))
    frames = []
    async with app.run_test(size=TOUR_SIZE) as pilot:
        await pilot.pause()
        for words, keys in TOUR:
            await press(pilot, keys)
            frames.append(Frame(words, picture_of(app)))
    return frames


def moving(frames: Sequence[Frame]) -> str:
    """Return frames as one SVG that shows them in turn, each with its words below."""
    view = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', frames[0].picture)
    assert view
    width, height = float(view[1]), float(view[2])
    share, total = 100 / len(frames), SECONDS * len(frames)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height + 44:g}">',
        "<style>"
        f".frame {{ opacity: 0; animation: shown {total:g}s step-end infinite; }} "
        f"@keyframes shown {{ 0% {{ opacity: 1; }} {share:.3f}% {{ opacity: 0; }} }} "
        ".words { font: 22px monospace; fill: #7f9cc0; text-anchor: middle; }"
        # Without motion, the first frame stays.
        " @media (prefers-reduced-motion: reduce) { .frame { animation: none; }"
        " .frame:first-of-type { opacity: 1; } }"
        "</style>",
    ]
    for number, (words, picture) in enumerate(frames):
        sized = picture.replace("<svg ", f'<svg width="{width:g}" height="{height:g}" ', 1)
        delay = f"animation-delay: {number * SECONDS:g}s"
        parts.append(
            f'<g class="frame" style="{delay}">\n{sized}\n'
            f'<text class="words" x="{width / 2:g}" y="{height + 28:g}">{words}</text></g>'
        )
    return "\n".join([*parts, "</svg>"])


def text_of(picture: str) -> list[str]:
    """Return the lines that a picture of a screen shows."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(
        r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*clip-path[^>]*>([^<]*)</text>', picture
    ):
        lines.setdefault(float(y), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
    joined = [" ".join(text for _, text in sorted(lines[y])) for y in sorted(lines)]
    return [" ".join(line.split()) for line in joined if line.strip()]


def save(name: str, picture: str) -> None:
    """Save a picture in docs/."""
    (DOCS / name).write_text(picture.rstrip() + "\n", encoding="utf-8")


def fill_database(database: Path) -> str:
    """Make a database with the made-up year of reading, and return the picture of the year."""
    with Store(database, clock=lambda: NOW) as store:
        fill(store, TODAY)
        return svg(year_of_reading(store, Config(), NOW.year, TODAY))


def main() -> None:
    """Draw every picture."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "papertui.db"
        save("year.svg", fill_database(database))
        for name, keys in SCREENS.items():
            for theme in THEMES:
                with copied(database) as store:
                    save(f"{name}-{theme}.svg", asyncio.run(draw(store, keys, theme)))
        with Store(Path(folder) / "tour.db", clock=lambda: NOW) as store:
            save("tour.svg", moving(asyncio.run(draw_tour(store))))


if __name__ == "__main__":
    main()
