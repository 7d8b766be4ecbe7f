"""Starting quickly and leaving clean: what Textual's own start and driver cost is saved here."""

import gc
import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from textual.worker import Worker, get_current_worker

from papertui.config import Config
from papertui.storage.backups import BackupError, Backups, SourceDamaged, faults
from papertui.storage.database import MAX_CHECKED, Damaged
from papertui.storage.store import Store

if TYPE_CHECKING:
    from papertui.tui.app import PaperTui


# Longer than a commit of another program takes, shorter than an eye notices.
SCREEN_BUSY_TIMEOUT = 0.05
FRAMES = "240"


def run(database: Path, config: Config) -> int:
    """Run the app on a database until the reader leaves; returns the exit code.

    A damaged database is offered to be mended first.
    """
    # Nothing of what start-up makes is ever garbage: it is not looked through, then or later.
    gc.disable()
    # asyncio brings along what encrypts connections: four megabytes, and the app makes none.
    sys.modules["ssl"] = None  # type: ignore[assignment]
    # What a key changes is painted in two frames, the cursor first; the second need not wait
    # for the sixtieth of a second that Textual keeps between them.
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    from papertui.tui.keymap import check_keymap

    del sys.modules["ssl"]
    check_keymap(config.keys)
    while True:
        try:
            code, damage = _run(database, config)
        except Damaged as found:
            code, damage = 1, found
        if damage is None:
            return code
        from papertui.tui.screens.rescue import rescue

        if not rescue(damage):
            return 1


def _run(database: Path, config: Config) -> tuple[int, Damaged | None]:
    from papertui.tui.app import PaperTui
    from papertui.tui.terminal_app import QuietDriver

    def ready() -> None:
        settled()

        look_after(app)

    with Store(database, SCREEN_BUSY_TIMEOUT) as store:
        app = PaperTui(store, config, driver=QuietDriver, ready=ready)
        return app.run_guarded(), app.damage


def settled() -> None:
    """Collect garbage from here on, now that the first screen stands."""
    gc.freeze()
    gc.enable()


# Bytes; looking through more would keep others from writing for too long.
_MOST = 200_000_000


def look_after(app: "PaperTui") -> Worker[None]:
    """See to the database in a thread, which holds no key up."""
    return app.run_worker(lambda: _look(app), thread=True)


def _look(app: "PaperTui") -> None:
    # The first emoji is measured with it, at a key that need not wait for the import.
    import wcwidth  # noqa: F401

    path, now, worker = app.store.path, app.clock(), get_current_worker()
    try:
        # A smaller file was looked through when it was opened.
        large = MAX_CHECKED < path.stat().st_size <= _MOST
        if large and (found := faults(path, "quick_check")):
            raise SourceDamaged(path, found[0])
        backups = Backups(path)
        if backups.due(now):
            backups.take(now, lambda: worker.is_cancelled)
    except SourceDamaged as error:
        damage = Damaged(path, f"is damaged ({error.flaw}) and left as it is")
        app.call_from_thread(app.leave_damaged, damage)
    except BackupError as error:
        if not worker.is_cancelled:
            app.call_from_thread(app.show_message, f"There is no backup of today yet. {error}")
    except (OSError, sqlite3.Error):
        # Somebody holds the file: another start will do.
        return
