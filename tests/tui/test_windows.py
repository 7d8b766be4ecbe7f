"""Every window from 40×10 to 240×70: each screen is whole in it, and a resize keeps the place."""

from pathlib import Path

import pytest
from rich.color import Color
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, TextArea

from papertui.core.text import cells
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.widgets.bars import KeyBar
from papertui.tui.widgets.page import PagePane
from papertui.tui.widgets.tree import LibraryTree
from tests.support.screen import (
    find,
    look,
    press,
    screen_text,
    type_in,
    wait_for,
    wait_until,
)
from tests.support.tour import LIST, read_a_little, tour_app

SIZES = ((240, 70), (40, 10), (60, 15), (200, 60), (80, 24), (120, 40))
BEGIN = (100, 30)
WORK = "find attention is all"
# Each screen: the keys that lead to it from the library, and words that every window shows.
SCREENS = {
    "library": ((WORK, "down", "down"), "BERT"),
    "page of a work": ((WORK, "tab", "pagedown"), ""),
    "search": (("slash", "type resid"), "resid"),
    "filter": (("f", "down", "down", "space"), "skimmed"),
    "a question": (("v",), "queue"),
    "a line to type": (("plus", "type 2026"), "2026"),
    "note": ((WORK, "n", "type zebra crossing"), "zebra crossing"),
    "long note": ((WORK, "n", "type " + "line\n" * 30 + "zebra"), "zebra"),
    "preview": ((WORK, "n", "type zebra *crossing*", "f2"), "zebra crossing"),
    "session": ((WORK, "s", "2", "type words of mine"), "words of mine"),
    "checklist": ((WORK, "s", "2", "f4", "down", "down"), "☐"),
    "progress": (("p", "left", "left"), ""),
    "why": (("p", "y"), "streak"),
    "keep up": (("e", "right_square_bracket"), ""),
    "new papers": (("e", "r", "wait What came before is still here", "j"), "Paper"),
    "recall": (("R", "space"), ""),
    "help": (("question_mark", "pagedown"), ""),
    "a key in help": (("question_mark", "slash", "type note"), "note"),
    "import": (("I", "type LIST", "enter", "down"), ""),
    "edit": (("plus", "type Mine", "enter", "E", "tab", "type x"), "Edit · Mine"),
    "group": (("B",), "group"),
    "palette": (("ctrl+p", "type theme"), "theme"),
}


async def open_screen(pilot: Pilot[int], keys: tuple[str, ...], file: Path) -> None:
    for key in keys:
        if key.startswith("find "):
            await find(pilot, key[5:])
        elif key.startswith("type "):
            await type_in(pilot, key[5:].replace("LIST", str(file)))
        elif key.startswith("wait "):
            await wait_for(pilot, key[5:])
        else:
            await press(pilot, key)


async def resize(pilot: Pilot[int], size: tuple[int, int]) -> str:
    await pilot.resize_terminal(*size)
    await wait_until(lambda: pilot.app.screen.size == size)
    return await look(pilot)


def faults(app: PaperTui, size: tuple[int, int], words: str) -> list[str]:
    """Return what is wrong with the screen in a window."""
    screen, faults = screen_text(app), []
    lines = screen.split("\n")
    if any(cells(line) > size[0] for line in lines):
        faults.append("a line is wider than the window")
    if words.casefold() not in screen.casefold():
        faults.append(f"{words!r} is not there")
    if not any(map(str.isalnum, "".join(lines[1:-1]))):
        faults.append("nothing is there")
    for pane in app.screen.query(PagePane):
        wide = [line.text for line in pane._lines if cells(line.text) > pane.text_width]
        if pane.display and pane.size.height and wide:
            faults.append(
                f"cut without a sign: {wide[0]!r} of {cells(wide[0])} in {pane.text_width}"
            )
        if pane.has_focus and not pane.selected and not pane._lines:
            faults.append("the page is empty")
    for tree in app.screen.query(LibraryTree):
        at = tree._cursor - tree.scroll_offset.y
        if tree.size.height and not 0 <= at < tree.size.height:
            faults.append("the cursor is out of view")
    faults += [
        "the cursor of the text is out of view"
        for text in app.screen.query(TextArea)
        if text.size.height and not text.content_region.contains_point(text.cursor_screen_offset)
    ]
    faults += [
        f"a hint is cut without a sign: {line.placeholder!r}"
        for line in app.screen.query(Input)
        if not line.value and cells(line.placeholder) > line.content_size.width > 0
    ]
    if app.focused and not app.focused.region.area:
        faults.append(f"the keys are with {app.focused}, which is not shown")
    ways = ("help", "close", "back", "leave", "note", "log", " esc ?")
    if app.screen.query(KeyBar) and not any(way in lines[-1] for way in ways):
        faults.append(f"no key leads on: {lines[-1]!r}")
    return faults


def colours(app: PaperTui) -> list[str]:
    """Return the texts on the screen that have a colour."""
    styled = [(t, s) for strip in app.screen._compositor.render_strips() for t, s, _ in strip if s]
    colours = (None, Color.parse("default"))
    return [t for t, s in styled if s.color not in colours or s.bgcolor not in colours]


def has_cursor(app: PaperTui) -> bool:
    """Return True if the focused widget marks a place, which is told without colour."""
    assert app.focused
    area = app.focused.content_region
    for strip in app.screen._compositor.render_strips()[area.y : area.bottom]:
        part = strip.crop(area.x, area.right - app.focused.scrollbar_size_vertical)
        if any(style and style.reverse for _, style, _ in part):
            return True
    return False


def has_choice(app: PaperTui, options: OptionList) -> bool:
    """Return True if attributes tell a whole line of options from the others."""
    area = options.content_region
    for strip in app.screen._compositor.render_strips()[area.y : area.bottom]:
        line = strip.crop(area.x, area.right - options.scrollbar_size_vertical)
        if all(style and (style.underline or style.reverse) for _, style, _ in line):
            return True
    return False


@pytest.fixture
def reader(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PaperTui:
    """An app without colours, which no place depends on."""
    monkeypatch.setenv("NO_COLOR", "1")
    read_a_little(store)
    (tmp_path / "robots.md").write_text(LIST, encoding="utf-8")
    return tour_app(store)


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_is_whole_in_every_window_and_a_resize_keeps_the_place(
    reader: PaperTui, tmp_path: Path, name: str
) -> None:
    keys, words = SCREENS[name]
    found: list[str] = []
    async with reader.run_test(size=BEGIN) as pilot:
        await press(pilot)
        await open_screen(pilot, keys, tmp_path / "robots.md")
        before, focused = screen_text(reader).split("\n"), reader.focused
        assert not colours(reader)
        if options := reader.screen.query(OptionList):
            await wait_until(lambda: has_choice(reader, options.first()))
        if isinstance(focused, LibraryTree | TextArea | Input):
            # The cursor of a line blinks.
            await wait_until(lambda: has_cursor(reader))
        for size in SIZES:
            screen = await resize(pilot, size)
            found += [f"{size}: {fault}\n{screen}" for fault in faults(reader, size, words)]
        # The header counts words and time.
        assert (await resize(pilot, BEGIN)).split("\n")[1:] == before[1:]
        assert reader.focused is focused
    assert not found, "\n".join(found)
