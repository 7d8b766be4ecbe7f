"""The browser and the clipboard, as real child processes."""

import asyncio
import gc
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.core import journal
from papertui.errors import Refused
from papertui.storage.store import Store
from papertui.system import desktop

pytestmark = pytest.mark.usefixtures("indexed")


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that notes what it is asked to open, and is noisy about it."""
    script = tmp_path / "browser"
    script.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/opened\necho noise; echo x >&2\n',
        encoding="utf-8",
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", str(script))
    return tmp_path / "opened"


async def test_the_browser_gets_the_address_and_its_noise_goes_nowhere(
    browser: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await desktop.open_in_browser("https://arxiv.org/abs/1706.03762")
    assert browser.read_text(encoding="utf-8") == "https://arxiv.org/abs/1706.03762\n"
    assert capfd.readouterr() == ("", "")


async def test_a_failing_browser_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "false")
    assert not await desktop.open_in_browser("https://arxiv.org")


async def test_over_ssh_no_browser_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    monkeypatch.delenv("BROWSER")
    assert not await desktop.open_in_browser("https://arxiv.org")
    assert not await desktop.copy("text")


async def test_a_clipboard_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = tmp_path / "xclip"
    hanging.write_text("#!/bin/sh\nsleep 30\n", encoding="utf-8")
    hanging.chmod(0o700)
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(desktop, "CHILD_TIMEOUT", 0.5)
    started = time.monotonic()
    assert not await desktop.copy("text")
    assert time.monotonic() - started < 5


def test_a_browser_that_is_left_while_it_starts_ends_without_a_complaint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\nsleep 0.3\n: > {tmp_path}/opened\n", encoding="utf-8")
    slow.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(slow))

    async def leave() -> None:
        opening = asyncio.create_task(desktop.open_in_browser("https://arxiv.org"))
        await asyncio.sleep(0.1)
        opening.cancel()

    asyncio.run(leave())
    while not (tmp_path / "opened").exists():
        time.sleep(0.01)
    gc.collect()
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def hostile_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, whose modules and programs leave a mark if they are run."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    mark = tmp_path / "mark"
    for name in ("webbrowser", "pyperclip", "sitecustomize", "usercustomize", "shlex", "qtpy"):
        code = f"open({str(mark)!r}, 'a').write('{name} ')\n"
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    for name in ("xdg-open", "xclip", "www-browser", "which"):
        script = folder / name
        script.write_text(f"#!/bin/sh\nprintf '{name} ' >> {mark}\n", encoding="utf-8")
        script.chmod(0o700)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", "", prepend=":")
    monkeypatch.setenv("PATH", "", prepend=":")
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.delenv("BROWSER")
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
        monkeypatch.delenv(name, raising=False)
    return mark


async def test_no_child_runs_code_of_the_current_folder(hostile_folder: Path) -> None:
    desktop.browser_name()
    desktop.clipboard_name()
    await desktop.open_in_browser("https://arxiv.org")
    await desktop.copy("text")
    assert not hostile_folder.exists(), hostile_folder.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [("doctor",), ("open", "resnet")])
def test_no_command_runs_code_of_the_current_folder(
    hostile_folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.delenv("PYTHONPATH")
    # As the installed program does, unlike -m, which trusts the current folder.
    subprocess.run([sys.executable, "-P", "-m", "papertui", *command], check=False)
    assert not hostile_folder.exists(), hostile_folder.read_text(encoding="utf-8")


# ── papertui open ───────────────────────────────────────────────────────────


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, list(arguments))


def test_the_abstract_page_or_the_pdf_opens_in_the_browser(browser: Path) -> None:
    result = run("open", "resnet")
    assert browser.read_text(encoding="utf-8") == "https://arxiv.org/abs/1512.03385\n"
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Opened in the browser: https://arxiv.org/abs/1512.03385\n"
    run("open", "resnet", "--pdf")
    assert browser.read_text(encoding="utf-8") == "https://arxiv.org/pdf/1512.03385\n"


def test_opening_marks_nothing_as_read(browser: Path, store: Store) -> None:
    run("open", "resnet")
    assert store.events() == []


def test_where_there_is_no_browser_the_address_is_printed() -> None:
    result = run("open", "resnet")
    assert (result.exit_code, result.stdout) == (0, "https://arxiv.org/abs/1512.03385\n")
    assert "no browser here" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("unidentified-peft",), "papertui knows no address of"),
        (("bishop2006pattern", "--pdf"), "papertui knows no PDF of"),
        (("no such work",), "No work fits"),
    ],
)
def test_a_work_that_cannot_be_opened_is_refused(arguments: tuple[str, ...], says: str) -> None:
    result = run("open", *arguments)
    assert isinstance(result.exception, Refused)
    assert says in str(result.exception)


def test_an_invalid_address_is_never_opened(browser: Path, store: Store) -> None:
    fields = {"title": "Odd", "kind": "paper", "doi": "10.1000/<x> y"}
    store.record(journal.add_work("odd-1", fields))
    assert "no address" in str(run("open", "odd-1").exception)
    assert not browser.exists()


def test_a_browser_that_stays_in_the_foreground_outlives_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "browser"
    script.write_text(f"#!/bin/sh\nsleep 1\ntouch {tmp_path}/alive\n", encoding="utf-8")
    script.chmod(0o700)
    code = (
        "from papertui.cli.main import papertui\n"
        "from papertui.system import desktop\n"
        "desktop.CHILD_TIMEOUT = 0.3\n"
        "papertui(['open', 'resnet'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "BROWSER": str(script)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert result.stderr == "Opened in the browser: https://arxiv.org/abs/1512.03385\n"
    deadline = time.monotonic() + 20
    while not (tmp_path / "alive").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
