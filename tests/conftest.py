import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet

from papertui.config import Config
from papertui.storage.store import Store
from papertui.system.clock import Clock
from papertui.tui.app import PaperTui
from tests.support.clocks import StillClock, machine_at
from tests.support.fresh_database import fresh_database

# Looking for garbage as often as a program does takes a sixth of the time of a test of the screen.
gc.set_threshold(20_000, 50, 50)

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TODAY = FRIDAY.date()

# `ci` comes with Hypothesis: the same examples in every run, and no time limit for each.
# `short` draws 20 of them, so that CI ends in time; `make dates` uses `dates`: 16 on each day.
# `make fuzz` uses `fuzz`: new examples in every run, after those that failed before.
settings.register_profile(
    "fuzz",
    settings.get_profile("default"),
    deadline=None,
    max_examples=1000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dates", settings.get_profile("ci"), max_examples=16)
settings.register_profile("short", settings.get_profile("ci"), max_examples=20)
settings.load_profile("short")


def pytest_xdist_auto_num_workers() -> int:
    """Run two workers for each processor: many tests wait for a terminal or a clock."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(autouse=True)
def machine_clock() -> Iterator[None]:
    """Keep tests independent of the day, the hour and the time zone in which they run."""
    with machine_at():
        yield


@pytest.fixture(autouse=True)
def isolated_files(machine_clock: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the data, network and browser of the user who runs them."""
    monkeypatch.setenv("PAPERTUI_DB", str(tmp_path / "data" / "papertui.db"))
    monkeypatch.setenv("PAPERTUI_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("PAPERTUI_CACHE", str(tmp_path / "cache"))
    for service in ("ARXIV", "ARXIV_FEED", "CROSSREF", "DOI", "OPENLIBRARY"):
        # Nothing answers there: a test that asks a service says which.
        monkeypatch.setenv(f"PAPERTUI_{service}", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("BROWSER", "false")
    monkeypatch.setenv("PAPERTUI_KEEP_SCREEN", "off")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SSH_CONNECTION", "here")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture(autouse=True)
def unset_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the output of tests independent of the size of the terminal that runs them."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)


@pytest.fixture(autouse=True)
def utf8_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each process that a test starts write UTF-8, unless the test says otherwise."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("PYTHONUTF8", raising=False)
    monkeypatch.delenv("PYTHONCOERCECLOCALE", raising=False)


@pytest.fixture(autouse=True)
def undrawn_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip frames that no test looks at; those of a real terminal, in a process, are drawn."""

    draw = Compositor.render_update

    def forget(compositor: Compositor, full: bool = False, **options: Any) -> object:
        if full:
            return draw(compositor, full, **options)
        compositor._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", forget)


@pytest.fixture(autouse=True)
def quick_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the page under the cursor soon after it has moved, as tests wait for that."""
    monkeypatch.setattr("papertui.tui.screens.library_panes.PAGE_INTERVAL", 0.02)


_parsed_styles: dict[object, list[Any]] = {}


@pytest.fixture(autouse=True)
def styles_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse a style sheet once in a run for each set of colours, not anew for each app."""

    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, *source: Any, **options: Any) -> list[Any]:
        key = (*sheet._variables.items(), source, *options.items())
        if key not in _parsed_styles:
            _parsed_styles[key] = parse(sheet, *source, **options)
        return _parsed_styles[key]

    monkeypatch.setattr(Stylesheet, "_parse_rules", parse_once)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "papertui.db"


@pytest.fixture
def indexed(database: Path) -> None:
    """Put a fresh database in place, for tests that do not depend on its creation."""
    fresh_database(database)


@pytest.fixture
def clock() -> Clock:
    """The reader's clock, which shows the local time of FRIDAY in the machine's time zone."""
    return StillClock(FRIDAY.replace(tzinfo=None).astimezone())


@pytest.fixture
def store(indexed: None, database: Path, clock: Clock) -> Iterator[Store]:
    """A store as in the app: it does not wait for other programs."""
    with Store(database, busy_timeout=0, clock=clock) as opened:
        yield opened


@pytest.fixture
def make(store: Store) -> Callable[[], PaperTui]:
    """A function that makes an app on that store."""
    return lambda: PaperTui(store, Config())
