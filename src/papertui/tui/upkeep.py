"""What is seen to once the first screen stands: the file is whole, the day has its backup."""

import sqlite3
from typing import TYPE_CHECKING

from textual.worker import Worker, get_current_worker

from papertui.storage.backups import BackupError, Backups, SourceDamaged, faults
from papertui.storage.database import LOOKED_THROUGH, Damaged

if TYPE_CHECKING:
    from papertui.tui.app import PaperTui

# Bytes; looking through more would keep others from writing for too long.
_MOST = 200_000_000


def look_after(app: "PaperTui") -> Worker[None]:
    """See to the database in a thread, which holds no key up."""
    return app.run_worker(lambda: _look(app), thread=True)


def _look(app: "PaperTui") -> None:
    path, now, worker = app.store.path, app.clock(), get_current_worker()
    try:
        # A smaller file was looked through when it was opened.
        large = LOOKED_THROUGH < path.stat().st_size <= _MOST
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
            app.call_from_thread(app.say, f"There is no backup of today yet. {error}")
    except (OSError, sqlite3.Error):
        # Somebody holds the file: another start will do.
        return
