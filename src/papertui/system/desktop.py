"""The reader's desktop: a browser to open addresses in, a clipboard to copy to.

Both run in a child process cut off from the terminal, so that nothing they
print reaches the screen and nothing they wait for holds papertui up.
"""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE

PATIENCE = 3.0
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_BROWSER = "import webbrowser; print(getattr(webbrowser.get(), 'name', 'a browser'))"
_CLIPBOARD = (
    "import pyperclip; copy, _ = pyperclip.determine_clipboard()\n"
    "print(copy.__name__.removeprefix('copy_') if copy else '')"
)
_COPY = "import sys, pyperclip; pyperclip.copy(sys.stdin.buffer.read().decode())"


def is_remote() -> bool:
    """Say whether the reader sits elsewhere, so that programs here would not be seen."""
    return any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


async def open_in_browser(url: str) -> bool:
    """Open a web address in the browser; False where there is none to be seen.

    `url` must have passed `links.is_web_address`.
    """
    if is_remote() and not os.environ.get("BROWSER"):
        return False
    return await _succeeds(_OPEN, url)


async def copy(text: str) -> bool:
    """Put text on the desktop's clipboard; False where there is none."""
    return not is_remote() and await _succeeds(_COPY, stdin=text)


def browser_name() -> str | None:
    """Return what an address would be opened in, None where nothing would be seen."""
    return None if is_remote() and not os.environ.get("BROWSER") else _printed(_BROWSER)


def clipboard_name() -> str | None:
    """Return what reaches the desktop's clipboard, None where there is none."""
    return None if is_remote() else _printed(_CLIPBOARD)


def _printed(code: str) -> str | None:
    try:
        found = subprocess.run(  # noqa: S603
            [sys.executable, "-X", "utf8", "-c", code],
            capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
            timeout=PATIENCE, env=_environment(), start_new_session=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return found.stdout.strip() or None


def _environment() -> dict[str, str]:
    # Without TERM the standard library offers no browser that would draw on the terminal.
    return {name: value for name, value in os.environ.items() if name != "TERM"}


async def _succeeds(code: str, *arguments: str, stdin: str | None = None) -> bool:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments,
        stdin=PIPE if stdin is not None else DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
        env=_environment(), start_new_session=True,
    )  # fmt: skip
    try:
        text = stdin.encode() if stdin is not None else None
        await asyncio.wait_for(child.communicate(text), PATIENCE)
    except TimeoutError:
        # A browser that stays in the foreground is open; a clipboard that hangs has failed.
        if stdin is not None:
            child.kill()
            await child.wait()
        return stdin is None
    return child.returncode == 0
