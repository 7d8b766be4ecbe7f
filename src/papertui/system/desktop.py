"""The reader's desktop: the browser and the clipboard.

Both run in a child process without a terminal, so that their output never
reaches the screen and papertui never waits for them for long. The child runs
no code of the folder that papertui was started in.
"""

import asyncio
import os
from subprocess import PIPE, TimeoutExpired

from papertui.system import child_process

CHILD_TIMEOUT = 3.0
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_BROWSER = "import webbrowser; print(getattr(webbrowser.get(), 'name', 'a browser'))"
_CLIPBOARD = (
    "import pyperclip; copy, _ = pyperclip.determine_clipboard()\n"
    "print(copy.__name__.removeprefix('copy_') if copy else '')"
)
_COPY = "import sys, pyperclip; pyperclip.copy(sys.stdin.buffer.read().decode())"


def is_remote() -> bool:
    """Return True if the reader is logged in over SSH and would see no program started here."""
    return any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


async def open_in_browser(url: str) -> bool:
    """Open a web address in the browser; return False if the reader would see none.

    `url` must have passed `identifiers.is_web_address`, or name a file that papertui wrote.
    """
    if not _has_browser():
        return False
    try:
        async with asyncio.timeout(CHILD_TIMEOUT):
            browser = await child_process.run_in_background(_python(_OPEN, url), _environment())
    except TimeoutError:
        # A browser that stays in the foreground is open.
        return True
    return browser.returncode == 0


async def copy(text: str) -> bool:
    """Copy text to the desktop's clipboard; return False if there is none."""
    if is_remote():
        return False
    try:
        copied = await child_process.run_in_background(
            _python(_COPY), _environment(), stdin=text.encode(), timeout=CHILD_TIMEOUT
        )
    except TimeoutExpired:
        return False
    return copied.returncode == 0


def browser_name() -> str | None:
    """Return the name of the browser, None if the reader would see none."""
    return _printed(_BROWSER) if _has_browser() else None


def clipboard_name() -> str | None:
    """Return the name of the program that copies to the clipboard, None if there is none."""
    return None if is_remote() else _printed(_CLIPBOARD)


def _has_browser() -> bool:
    return bool(os.environ.get("BROWSER")) or not is_remote()


def _python(code: str, *arguments: str) -> list[str]:
    return [*child_process.PYTHON, "-c", code, *arguments]


def _printed(code: str) -> str | None:
    try:
        child = child_process.run(_python(code), _environment(), output=PIPE, timeout=CHILD_TIMEOUT)
    except TimeoutExpired:
        return None
    return child.stdout.decode("utf-8", "replace").strip() or None


def _environment() -> dict[str, str]:
    # Without TERM the standard library starts no browser that draws on the terminal.
    return {name: value for name, value in os.environ.items() if name != "TERM"}
