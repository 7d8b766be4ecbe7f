from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from papertui.config import Config
from papertui.storage.store import Store
from papertui.system.clock import Clock
from papertui.tui.app import PaperTui
from tests.support.clocks import StillClock, machine_at
from tests.support.fresh_database import fresh_database

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TODAY = FRIDAY.date()

# `ci` comes with Hypothesis: the same examples in every run, and no limit of time for each.
# `make fuzz` has `fuzz`: other examples in every run, and those that failed come first.
settings.register_profile(
    "fuzz",
    settings.get_profile("default"),
    deadline=None,
    max_examples=1000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")


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


@pytest.fixture(autouse=True)
def no_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test takes the width of its output from the terminal of whoever runs it."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)


@pytest.fixture(autouse=True)
def own_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process that a test starts writes UTF-8, unless the test says otherwise."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("PYTHONUTF8", raising=False)
    monkeypatch.delenv("PYTHONCOERCECLOCALE", raising=False)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "papertui.db"


@pytest.fixture
def indexed(database: Path) -> None:
    """Let a reader's database be there before the test, for those that need not see it made."""
    fresh_database(database)


@pytest.fixture
def clock() -> Clock:
    """The reader's clock: it stands at FRIDAY's hour in the machine's time zone."""
    return StillClock(FRIDAY.replace(tzinfo=None).astimezone())


@pytest.fixture
def store(indexed: None, database: Path, clock: Clock) -> Iterator[Store]:
    """A store as the app has it: it waits for nobody."""
    with Store(database, busy_timeout=0, clock=clock) as opened:
        yield opened


@pytest.fixture
def make(store: Store) -> Callable[[], PaperTui]:
    """Make an app on that store."""
    return lambda: PaperTui(store, Config())
