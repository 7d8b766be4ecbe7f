"""Links that are followed, in the browser or in the library, and the clipboard."""

from papertui.core import identifiers
from papertui.core.text import file_safe
from papertui.system import desktop
from papertui.tui.base import PaperApp
from papertui.tui.dialogs import Label

# Bytes of text that common terminals take in one clipboard sequence.
OSC52_LIMIT = 74_994


def follow(app: PaperApp, target: str) -> None:
    """Follow a link: open a web address, or go to a work in the library."""
    if identifiers.is_web_address(target):
        open_address(app, target, "address")
    else:
        app.go_to_work(target)


def open_address(app: PaperApp, url: str | None, what: str) -> None:
    """Open a web address in the browser, or else show and copy it."""
    if url and identifiers.is_web_address(url):
        app.say_later(_open(app, url))
    else:
        app.show_message(f"papertui knows no {what} of this work.")


async def _open(app: PaperApp, url: str) -> Label:
    if await desktop.open_in_browser(url):
        return f"Opened in the browser: {url}", "", ""
    return f"No browser here · {await to_clipboard(app, url)}: {url}", "", ""


def copy(app: PaperApp, text: str | None, what: str) -> None:
    """Copy text to the clipboard and show whether that worked."""
    if text is None:
        app.show_message(f"papertui knows no {what} of this work.")
    else:
        app.say_later(_copy(app, text, what))


async def _copy(app: PaperApp, text: str, what: str) -> Label:
    copied = await to_clipboard(app, text)
    return f"{copied[0].upper()}{copied[1:]}: {what} · ", " ".join(text.split()), ""


async def to_clipboard(app: PaperApp, text: str) -> str:
    """Put text on the clipboard; return how that went, in words."""
    text = file_safe(text)
    sent = len(text.encode()) <= OSC52_LIMIT
    if sent:
        app.copy_to_clipboard(text)
    if await desktop.copy(text):
        return "copied"
    return "sent to the terminal's clipboard" if sent else "too long to copy"
