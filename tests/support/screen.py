"""A reader's eyes and hands: the text on the screen, and keys."""

from textual import events
from textual.pilot import Pilot

from papertui.tui.app import PaperTui

SMALL, WIDE = (80, 24), (120, 40)


def screen_text(app: PaperTui) -> str:
    """Return the text on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def press(pilot: Pilot[int], *keys: str) -> str:
    """Press keys one after the other and return the text on the screen."""
    await pilot.press(*keys)
    await pilot.pause()
    assert isinstance(pilot.app, PaperTui)
    return screen_text(pilot.app)


async def type_in(pilot: Pilot[int], text: str) -> str:
    """Paste text into the focused field and return the text on the screen."""
    pilot.app.post_message(events.Paste(text))
    return await press(pilot)


async def find(pilot: Pilot[int], text: str) -> str:
    """Search for a work, go to the first result, and return the text on the screen."""
    await press(pilot, "slash")
    await type_in(pilot, text)
    return await press(pilot, "enter")
