"""A quick start of the app, and the first checks once it is on the screen."""

import gc
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from papertui.config import Config, ConfigFault, config_path
from papertui.storage.database import MAX_CHECKED_AT_OPENING, Damaged, DatabaseError, stored_values
from papertui.storage.store import Store

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertui.tui.app import PaperTui
    from papertui.tui.kept_screen import TakenTerminal

# Seconds: longer than a commit of another program takes, too short to be noticed.
SCREEN_BUSY_TIMEOUT = 0.05
# Bytes: reading more would keep others from writing for too long.
MAX_CHECKED = 200_000_000
# Seconds after the start, when most readers have found what they look for.
LOAD_DELAY = 2.0


def run(database: Path, taken: "TakenTerminal | None" = None) -> int:
    """Run the app on a database until the reader leaves; return the exit code.

    The kept screen is in view if the terminal is `taken`. Offers to mend a damaged database
    first. Shows the faults of the config file, in whose place the defaults hold; raises
    ConfigError if it is not TOML.
    """
    # Nothing that the start makes becomes garbage, so looking for some only costs time.
    gc.disable()
    # A key is painted in two frames, the cursor first. Textual keeps a sixtieth of a second
    # between them, which the second need not wait for.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    with _without_ssl():
        from papertui.tui.config_check import app_config
    config, faults = app_config(config_path())
    while True:
        try:
            with stored_values(database):
                code, damage = _run_app(database, config, faults, taken)
        except Damaged as error:
            code, damage = 1, error
        taken = None
        if damage is None:
            return code
        from papertui.tui.screens.rescue import rescue

        if (exit_code := rescue(damage, config)) is not None:
            return exit_code


@contextmanager
def _without_ssl() -> Iterator[None]:
    """Import asyncio, with Textual, without ssl: it takes 4 MB and the app needs no connection."""
    sys.modules["ssl"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["ssl"]


def _run_app(
    database: Path,
    config: Config,
    faults: Sequence[ConfigFault],
    taken: "TakenTerminal | None",
) -> tuple[int, Damaged | None]:
    from papertui.tui.app import PaperTui
    from papertui.tui.terminal_app import QuietDriver

    def ready() -> None:
        # What the start made is left out of every collection from here on.
        gc.freeze()
        gc.enable()
        if taken:
            app.run_worker(app.take_the_screen())
        app.leave_threads_behind()
        if faults:
            app.show_message(*faults_text(faults))
            app.paper_screens[-1].mark_message()
        if database.exists() and database.stat().st_size > MAX_CHECKED_AT_OPENING:
            # The first keys need the processor and the disk that reading and copying much takes.
            app.set_timer(LOAD_DELAY, lambda: look_after(app))
        else:
            look_after(app)

    with Store(database, SCREEN_BUSY_TIMEOUT, week_start=config.week_start) as store:
        app = PaperTui(store, config, driver=QuietDriver, ready=ready)
        app.taken = taken
        return app.run_guarded(), app.damage


def faults_text(faults: Sequence[ConfigFault]) -> tuple[str, str, str]:
    """Return the first of the faults in the config file as a message, and how to see the others."""
    more = len(faults) - 1
    tells = f"papertui doctor tells of {more} more too" if more else "papertui doctor says it too"
    goes_on = f" · the app goes on without it · {tells}"
    return f"{config_path().name}, {faults[0]}", "", goes_on


def look_after(app: "PaperTui") -> "Worker[None]":
    """Check and back up the database in a thread, so that keys are handled meanwhile."""
    has_rated_cards = has_notes = False
    with suppress(DatabaseError):
        has_rated_cards = app.store.reading_log.has_rated_cards()
        has_notes = bool(app.store.tree.noted())
    app.set_timer(LOAD_DELAY, lambda: app.run_worker(lambda: _load_ahead(has_notes), thread=True))
    return app.run_worker(lambda: _look_after(app, has_rated_cards), thread=True)


def _load_ahead(has_notes: bool) -> None:
    """Load what asks questions and lays notes out: no key that comes to the first waits for it."""
    from papertui.tui import dialogs  # noqa: F401

    if has_notes:
        from papertui.pages import markdown

        markdown.load()


def _look_after(app: "PaperTui", has_rated_cards: bool) -> None:
    # The first frame does without them.
    if has_rated_cards:
        # A pass or a note of a work whose card was rated replays it: no key waits for the import.
        from papertui.core import recall

        recall.load()

    from textual.worker import get_current_worker

    from papertui.storage.backups import BackupError, Backups, SourceDamaged
    from papertui.storage.integrity import faults

    path, now, worker = app.store.path, app.clock(), get_current_worker()
    try:
        # A smaller file was checked when it was opened.
        large = MAX_CHECKED_AT_OPENING < path.stat().st_size <= MAX_CHECKED
        if large and (flaws := faults(path, "quick_check")):
            raise SourceDamaged(path, flaws[0])
        backups = Backups(path)
        if backups.due(now):
            backups.take(now, lambda: worker.is_cancelled)
    except SourceDamaged as error:
        app.call_from_thread(app.leave_damaged, Damaged.by(error.flaw, path))
    except BackupError as error:
        if not worker.is_cancelled:
            app.call_from_thread(app.show_message, f"There is no backup of today yet. {error}")
    except (OSError, sqlite3.Error):
        # Another program holds the file: the next start will do.
        return
