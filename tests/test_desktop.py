"""The browser and the clipboard, as real child processes."""

import stat
import time
from pathlib import Path

import pytest

from papertui import desktop


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that notes what it is asked to open, and is noisy about it."""
    script = tmp_path / "browser"
    script.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/opened\necho noise; echo x >&2\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", str(script))
    return tmp_path / "opened"


async def test_the_browser_gets_the_address_and_its_noise_goes_nowhere(
    browser: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await desktop.open_in_browser("https://arxiv.org/abs/1706.03762")
    assert browser.read_text() == "https://arxiv.org/abs/1706.03762\n"
    assert capfd.readouterr() == ("", "")


async def test_a_browser_that_fails_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "false")
    assert not await desktop.open_in_browser("https://arxiv.org")


async def test_far_away_no_browser_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    monkeypatch.delenv("BROWSER")
    assert not await desktop.open_in_browser("https://arxiv.org")
    assert not await desktop.copy("text")


async def test_a_clipboard_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = tmp_path / "xclip"
    hanging.write_text("#!/bin/sh\nsleep 30\n")
    hanging.chmod(0o700)
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(desktop, "PATIENCE", 0.5)
    started = time.monotonic()
    assert not await desktop.copy("text")
    assert time.monotonic() - started < 5
