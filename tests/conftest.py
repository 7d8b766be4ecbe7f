from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papertui.clock import Clock
from papertui.config import Config
from papertui.store import Store
from papertui.tui.app import PaperTui
from tests.clocks import StillClock, machine_at

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TODAY = FRIDAY.date()


@pytest.fixture(autouse=True)
def machine_clock() -> Iterator[None]:
    """No test depends on the day, the hour or the time zone in which it runs."""
    with machine_at():
        yield


@pytest.fixture(autouse=True)
def own_files(machine_clock: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the data, the config, the browser or the clipboard of whoever runs it."""
    monkeypatch.setenv("PAPERTUI_DB", str(tmp_path / "data" / "papertui.db"))
    monkeypatch.setenv("PAPERTUI_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("BROWSER", "false")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SSH_CONNECTION", "here")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "papertui.db"


@pytest.fixture
def clock() -> Clock:
    """The reader's clock: it stands at FRIDAY's hour in the machine's time zone."""
    return StillClock(FRIDAY.replace(tzinfo=None).astimezone())


@pytest.fixture
def store(database: Path, clock: Clock) -> Iterator[Store]:
    """A store as the app has it: it waits for nobody."""
    with Store(database, patience=0, clock=clock) as opened:
        yield opened


@pytest.fixture
def make(store: Store) -> Callable[[], PaperTui]:
    """Make an app on that store."""
    return lambda: PaperTui(store, Config())
