"""The reader's desktop: the browser and the clipboard.

Both run in a child process without a terminal, so that their output never
reaches the screen and papertui never waits for them for long. The child runs
no code of the folder that papertui was started in.
"""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE

CHILD_TIMEOUT = 3.0
# Modules come from Python's own folders only, and programs not from the current one. This is
# isolated mode (-I), but for packages that were installed for this user.
_ISOLATED = (sys.executable, "-E", "-P", "-X", "utf8", "-c")
_FOLDER = "/"
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
    return _has_browser() and await _succeeds(_OPEN, url)


async def copy(text: str) -> bool:
    """Copy text to the desktop's clipboard; return False if there is none."""
    return not is_remote() and await _succeeds(_COPY, stdin=text)


def browser_name() -> str | None:
    """Return the name of the browser, None if the reader would see none."""
    return _printed(_BROWSER) if _has_browser() else None


def clipboard_name() -> str | None:
    """Return the name of the program that copies to the clipboard, None if there is none."""
    return None if is_remote() else _printed(_CLIPBOARD)


def _has_browser() -> bool:
    return bool(os.environ.get("BROWSER")) or not is_remote()


def _printed(code: str) -> str | None:
    try:
        child = subprocess.run(  # noqa: S603
            [*_ISOLATED, code],
            capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
            timeout=CHILD_TIMEOUT, env=_environment(), cwd=_FOLDER, start_new_session=True,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return child.stdout.strip() or None


def _environment() -> dict[str, str]:
    # Without TERM the standard library starts no browser that draws on the terminal.
    return {name: value for name, value in os.environ.items() if name != "TERM"}


async def _succeeds(code: str, *arguments: str, stdin: str | None = None) -> bool:
    child = await asyncio.create_subprocess_exec(
        *_ISOLATED, code, *arguments,
        stdin=PIPE if stdin is not None else DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
        env=_environment(), cwd=_FOLDER, start_new_session=True,
    )  # fmt: skip
    try:
        text = stdin.encode() if stdin is not None else None
        await asyncio.wait_for(child.communicate(text), CHILD_TIMEOUT)
    except TimeoutError:
        # A browser that stays in the foreground is open; a clipboard that hangs has failed.
        if stdin is not None:
            child.kill()
            await child.wait()
        return stdin is None
    return child.returncode == 0
