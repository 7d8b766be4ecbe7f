"""The note editor: nothing that is typed, pasted or undone ends it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events

from papertui.config import Config
from papertui.core import journal
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.support.fresh_database import fresh_database
from tests.support.screen import SMALL, find, look, press, screen_text, type_in

ADAM = "kingma2014adam"
LINES = "\n".join(f"line {number} of a long note" for number in range(30))
KEYS = (
    "ctrl+z", "ctrl+y", "f7", "enter", "backspace", "delete", "up", "down", "left", "right",
    "home", "end", "pageup", "pagedown", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+x", "ctrl+c",
    "ctrl+v", "shift+up", "shift+left", "ctrl+left", "tab", "f2", "f3", "escape", "a", "space",
)  # fmt: skip
PASTES = (LINES, "\n", "heads", "\t wide 字 ❤️ \u200d", "x" * 300, "\r\n\r")
SIZES = (SMALL, (20, 5), (140, 45), (4, 2))
# A key, a text that is pasted, or a size of the terminal.
STEPS = st.one_of(
    st.sampled_from(KEYS), st.sampled_from(PASTES).map(events.Paste), st.sampled_from(SIZES)
)


async def test_undo_takes_back_what_was_pasted(make: Callable[[], PaperTui]) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "j", "l", "j", "n")
        await type_in(pilot, LINES)
        assert "line 29" in screen_text(pilot.app)
        assert "line 29" not in await look(pilot, "ctrl+z")
        assert "line 29" in await look(pilot, "ctrl+y")


async def test_a_note_that_was_written_elsewhere_meanwhile_is_told_of(
    make: Callable[[], PaperTui], store: Store
) -> None:
    store.record(journal.save_note(ADAM, "n", "before"))
    (note,) = store.reading_log.work(ADAM).notes
    elsewhere = (
        journal.save_note(ADAM, "n", "theirs", bases=[note.version]),
        journal.save_note(ADAM, "o", "another"),
    )
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "adam")
        await press(pilot, "N", *" mine")
        for change in elsewhere:
            store.record(change)
            screen = " ".join((await look(pilot, *" more", "ctrl+s")).split())
            assert "words), beside one that was written elsewhere meanwhile" in screen
        assert "elsewhere" not in await look(pilot, *" more", "ctrl+s")


@settings(max_examples=max(1, settings().max_examples // 16))
@given(st.lists(STEPS, max_size=20))
def test_no_keys_pastes_and_sizes_end_the_editor(
    steps: list[str | events.Paste | tuple[int, int]],
) -> None:
    async def write() -> None:
        with TemporaryDirectory() as folder:
            app = PaperTui(Store(fresh_database(Path(folder) / "p.db")), Config())
            async with app.run_test(size=SMALL) as pilot:
                await press(pilot, "j", "l", "j", "n")
                for step in steps:
                    if isinstance(step, str):
                        await pilot.press(step)
                    elif isinstance(step, tuple):
                        await pilot.resize_terminal(*step)
                    else:
                        app.post_message(events.Paste(step.text))
                        await pilot.pause()
                assert app.return_code is None
            app.close()

    asyncio.run(write())
