"""What a reader sees and does: the text on the screen, and keys."""

from textual import events
from textual.pilot import Pilot

from papertui.tui.app import PaperTui

SMALL, WIDE = (80, 24), (120, 40)


def shown(app: PaperTui) -> str:
    """Return the screen as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def press(pilot: Pilot[int], *keys: str) -> str:
    """Press keys one after the other and return the screen as text."""
    await pilot.press(*keys)
    await pilot.pause()
    assert isinstance(pilot.app, PaperTui)
    return shown(pilot.app)


async def type_in(pilot: Pilot[int], text: str) -> str:
    """Put text into the field that has the focus, all at once, and return the screen."""
    pilot.app.post_message(events.Paste(text))
    return await press(pilot)


async def find(pilot: Pilot[int], text: str) -> str:
    """Search for a work and go to the first that is found."""
    await press(pilot, "slash")
    await type_in(pilot, text)
    return await press(pilot, "enter")
