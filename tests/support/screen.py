"""A reader's eyes, hands and patience: the text on the screen, keys, and waiting for an effect."""

import asyncio
import unicodedata
from collections.abc import Callable
from contextlib import suppress

from textual import events
from textual._context import visible_screen_stack
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from papertui.storage.database import Busy
from papertui.storage.store import Store
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.terminal_app import TerminalApp

SMALL, WIDE = (80, 24), (120, 40)


def screen_text(app: App[int]) -> str:
    """Return the text on the screen."""
    # A dialog lets the screens below it shine through.
    visible_screen_stack.set(app._background_screens)
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def look(pilot: Pilot[int], *keys: str) -> str:
    """Press keys one after the other and return the text on the screen."""
    await press(pilot, *keys)
    return screen_text(pilot.app)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys one after the other.

    Their effects are complete then, unless one takes longer than three seconds.
    """
    app = pilot.app
    assert isinstance(app, TerminalApp)
    # After each key a pilot waits until the processor rests, twice; the app knows when it is done.
    for key in keys[:-1]:
        app.post_message(_pressed(key))
        await _let_settle(app, lambda: True)
    if keys:
        app.post_message(_pressed(keys[-1]))
    await _let_settle(app, lambda: not _is_behind(app))
    await pilot.pause(0)


def _pressed(key: str) -> events.Key:
    key = _character_to_key(key) if len(key) == 1 else key
    try:
        character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        character = key if len(key) == 1 else ""
    return events.Key(key, character or None)


async def _let_settle(app: TerminalApp, is_complete: Callable[[], bool]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(3):
            while app.return_code is None and not (
                await app.keys.is_settled() and app.keys.is_idle and is_complete()
            ):
                await asyncio.sleep(0.005)
            await app.animator.wait_until_complete()


def _is_behind(app: App[int]) -> bool:
    return isinstance(app.screen, PaperScreen) and app.screen.is_behind


async def wait_until(has_happened: Callable[[], bool]) -> None:
    """Let the app run until something has happened; while another program writes, it has not.

    Raise AssertionError after ten seconds.
    """
    for _ in range(500):
        with suppress(Busy):
            if has_happened():
                return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def wait_for_workers(app: App[int]) -> None:
    """Let the app run until nothing works in the background, whether done or given up.

    Raise AssertionError after ten seconds.
    """
    await wait_until(lambda: all(worker.is_finished for worker in app.workers))


async def wait_for_search(store: Store) -> None:
    """Let the app run until all works are found by their words."""
    await wait_until(lambda: not store.unsearched())


async def wait_for(pilot: Pilot[int], text: str) -> str:
    """Let the app run until a text is on the screen, and return all that is there.

    A line may break anywhere in the text. Raise AssertionError after ten seconds.
    """
    for _ in range(500):
        await pilot.pause()
        screen = screen_text(pilot.app)
        if "".join(text.split()) in "".join(screen.split()):
            return screen
        await asyncio.sleep(0.02)
    raise AssertionError(f"{text!r} is not in\n{screen}")


async def type_in(pilot: Pilot[int], text: str) -> None:
    """Paste text into the focused field."""
    pilot.app.post_message(events.Paste(text))
    await press(pilot)


async def find(pilot: Pilot[int], text: str) -> None:
    """Search for a work and go to the first result."""
    await press(pilot, "slash")
    await type_in(pilot, text)
    await press(pilot, "enter")
