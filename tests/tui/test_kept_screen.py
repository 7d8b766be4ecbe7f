"""The first screen as it was kept, in view before the app is loaded."""

import json
import os
import signal
import stat
import termios
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

import pyte
import pytest
from textual._compositor import Compositor

from papertui.config import Config, cache_folder
from papertui.core import journal
from papertui.core.reading_session import Session
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.kept_screen import keep, kept_frame, screen_key
from papertui.tui.screen_painter import first_frame
from tests.conftest import TODAY
from tests.support.screen import screen_text
from tests.support.terminal import Terminal

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/Berlin"))
MORNING = time_of_day(4)
SIZE = (80, 24)
# As it is before a fixture has the frames left out that no test looks at.
DRAW = Compositor.render_update

pytestmark = pytest.mark.usefixtures("indexed")


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPERTUI_KEEP_SCREEN")


def kept_files() -> list[Path]:
    return [path for path in (cache_folder() / "screens").glob("*") if len(path.name) == 8]


def wait_for_kept_screen(before: float = 0) -> Path:
    """Wait until a screen is kept that was drawn after a time, and let it hold on every day."""
    deadline = time.monotonic() + 30
    while not (files := [path for path in kept_files() if path.stat().st_mtime > before]):
        assert time.monotonic() < deadline, "no screen was kept"
        time.sleep(0.02)
    head, frame = files[0].read_text(encoding="utf-8").split("\n", 1)
    key, _, _, checksum = json.loads(head)
    files[0].write_text(f"{json.dumps([key, '0', '9', checksum])}\n{frame}", encoding="utf-8")
    return files[0]


@pytest.fixture
def start(database: Path) -> Iterator[Callable[..., Terminal]]:
    terminals: list[Terminal] = []

    def begin(keep: str = "") -> Terminal:
        terminals.append(Terminal(database, PAPERTUI_KEEP_SCREEN=keep))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.end()


def leave(terminal: Terminal) -> None:
    terminal.settle()
    terminal.type("q")
    assert terminal.wait_for_exit() == 0


def texts_shown(terminal: Terminal, last: str = "? help") -> list[str]:
    """Return each different text that the terminal shows until `last` and nothing after it."""
    texts = [""]
    deadline = time.monotonic() + 30
    changed = time.monotonic()
    while time.monotonic() < deadline and (
        time.monotonic() < changed + 1 or last not in texts[-1] or terminal._runs()
    ):
        if (text := terminal.text) != texts[-1]:
            texts.append(text)
            changed = time.monotonic()
        time.sleep(0.001)
    return texts


def test_the_next_start_shows_the_screen_at_once_and_draws_the_same(
    start: Callable[..., Terminal],
) -> None:
    first = start()
    first.settle()
    first.type("jj")
    leave(first)
    file = wait_for_kept_screen()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = start()
    shown, settled = texts_shown(again), again.settle()
    assert shown[-1] == settled
    # A frame may come in several reads; nothing but its cells is ever there.
    for text in shown:
        assert all(cell in (" ", last) for cell, last in zip(text, settled, strict=False)), text
    # Entering the terminal's screen for programs a second time would clear it.
    assert again.received.count(b"\x1b[?1049h") == 1
    assert again.received.index(b"Up next") < again.received.index(b"\x1b[?1004h")
    leave(again)


def test_keys_typed_before_the_app_is_loaded_are_not_shown_and_not_lost(
    start: Callable[..., Terminal],
) -> None:
    leave(start())
    wait_for_kept_screen()
    terminal = start()
    terminal.wait_for("Up next")
    assert b"\x1b[?1004h" not in terminal.received
    terminal.type("/resnet")
    texts = texts_shown(terminal, "Deep Residual Learning")
    assert "Deep Residual Learning" in texts[-1]
    assert not [text for text in texts if "/resnet" in text]


def test_the_terminal_is_as_it_was_after_any_end(
    start: Callable[..., Terminal], database: Path
) -> None:
    leave(start())
    wait_for_kept_screen()

    def end(keys: str, number: int = 0) -> int:
        terminal = start()
        before = termios.tcgetattr(terminal.process.fd)
        terminal.wait_for("Up next")
        if number:
            os.kill(terminal.process.pid, number)
        terminal.type(keys)
        code = terminal.wait_for_exit()
        assert termios.tcgetattr(terminal.process.fd)[:4] == before[:4]
        modes = [terminal.received.count(code) for code in (b"\x1b[?1049h", b"\x1b[?1049l")]
        assert modes == [1, 1]
        assert terminal.received.rfind(b"\x1b[?25h") > terminal.received.rfind(b"\x1b[?25l")
        return code

    assert end("q") == 0
    assert end("", signal.SIGTERM) == 128 + signal.SIGTERM


def test_a_signal_ends_the_start_even_if_something_takes_it_up(database: Path) -> None:
    start = """
import os, signal, sys, time
from pathlib import Path
from papertui.tui import kept_screen

kept_screen.kept_frame = lambda *_: "frame"
with kept_screen.shown(Path(sys.argv[1])):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except SystemExit:
        time.sleep(60)
"""
    terminal = Terminal(database, "-c", start, str(database))
    assert terminal.wait_for_exit() == 128 + signal.SIGTERM
    assert terminal.received.count(b"frame") == terminal.received.count(b"\x1b[?1049l") == 1


def test_a_screen_is_not_shown_once_anything_that_it_was_drawn_from_has_changed(
    start: Callable[..., Terminal], store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = screen_key(database, SIZE)
    assert key
    keep(database, key, "frame", NOON, MORNING)
    assert kept_frame(database, SIZE, NOON) == "frame"
    assert kept_frame(database, (81, 24), NOON) is None
    for name, value in (
        ("TERM", "linux"),
        ("NO_COLOR", "1"),
        ("LC_ALL", "C"),
        ("TZ", "Asia/Tokyo"),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            assert kept_frame(database, SIZE, NOON) is None, name
    with monkeypatch.context() as changed:
        changed.setattr("papertui.tui.kept_screen.__version__", "99")
        assert kept_frame(database, SIZE, NOON) is None
    config = Path(os.environ["PAPERTUI_CONFIG"])
    config.write_text("ascii = true\n", encoding="utf-8")
    assert kept_frame(database, SIZE, NOON) is None
    config.unlink()
    assert kept_frame(database, SIZE, NOON) == "frame"
    store.record(journal.log_pass("he2015deep", 1, TODAY))
    assert kept_frame(database, SIZE, NOON) is None
    database.unlink()
    assert screen_key(database, SIZE) is None


@pytest.mark.parametrize(
    ("drawn", "shown_until"),
    [
        (NOON, NOON.replace(hour=23, minute=59)),
        (NOON.replace(hour=1), NOON.replace(hour=3, minute=59)),
    ],
)
def test_a_screen_holds_until_the_clocks_day_or_the_readers_ends(
    database: Path, drawn: datetime, shown_until: datetime
) -> None:
    key = screen_key(database, SIZE)
    assert key
    keep(database, key, "frame", drawn, MORNING)
    assert kept_frame(database, SIZE, shown_until)
    assert kept_frame(database, SIZE, shown_until + timedelta(minutes=1)) is None
    assert kept_frame(database, SIZE, drawn - timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    "damage", [b"", b"[]\n", b"no JSON\nframe", b"\xff\n", b'["k", "0", "9", 1]\nframe']
)
def test_a_kept_screen_that_is_damaged_is_not_shown(database: Path, damage: bytes) -> None:
    key = screen_key(database, SIZE)
    assert key
    keep(database, key, "frame", NOON, MORNING)
    (file,) = kept_files()
    whole = file.read_bytes()
    file.write_bytes(damage or whole.replace(b"frame", b"frame\x1b[2J"))
    assert kept_frame(database, SIZE, NOON) is None


def test_a_reader_who_wants_none_has_none(start: Callable[..., Terminal], database: Path) -> None:
    leave(start())
    wait_for_kept_screen()
    leave(start("off"))
    assert kept_files() == []


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (140, 45)])
async def test_what_is_drawn_is_the_whole_first_screen_of_the_app(
    store: Store, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Compositor, "render_update", DRAW)
    store.record(journal.log_pass("he2015deep", 2, TODAY, 70))
    store.drafts.save(Draft("s", "kingma2014adam", "k", (), "words", Session(1).sit_down(TODAY)))
    frame = await first_frame(store, Config(), size)
    screen = pyte.Screen(*size)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[2J" + "#" * size[0] * size[1])
    stream.feed(frame)
    app = PaperTui(store, Config())
    async with app.run_test(size=size) as pilot:
        await app.keys.wait_for_effects()
        await pilot.pause()
        expected = screen_text(app).split("\n")
    assert [line.rstrip() for line in screen.display] == expected
