"""The check-up: looks at the database, its surroundings and the desktop. Changes nothing."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from papertui import checkup
from papertui.checkup import FINE, NOTE, WRONG, Finding
from papertui.core import catalog, catalog_check
from papertui.storage import store
from papertui.storage.backups import BackupError, Backups, copy, faults
from papertui.storage.database import Busy, DatabaseError, check_identity, explained
from papertui.storage.reading_log import TABLES
from papertui.storage.store import Store
from papertui.system import desktop

_MARKS = (".stfolder", ".dropbox", ".dropbox.cache")
_QUERIES = {
    **{table: f"select * from {table}" for table in TABLES},
    "work": "select citekey, origin, title, kind, arxiv, doi, url, year, difficulty, unidentified,"
    " fields from work left join detail on detail.work = number",
    "section": "select path, title, total, done, dropped from section",
    "item": "select path, item.position, work, tier, marks"
    " from item join section on section.id = item.section",
    "searched": "select citekey, searched.title, names, body, notes"
    " from searched join work on number = searched.work",
}


def examine(database: Path, now: datetime) -> list[Finding]:
    """Return all findings, those about the reader's data first."""
    database = Path(os.path.realpath(database))
    now = now.astimezone()
    return [
        *_of_database(database, now),
        *_of_backups(database, now),
        *_of_surroundings(database),
        Finding("sqlite", FINE, f"{sqlite3.sqlite_version}, Python {sys.version.split()[0]}"),
        _of_catalogue(),
        *_of_desktop(),
    ]


def _of_database(database: Path, now: datetime) -> Iterator[Finding]:
    if not database.exists() and not Backups(database).latest():
        yield Finding("database", NOTE, "none yet; it is made when papertui starts")
        return
    try:
        check_identity(database)
        with explained(database):
            flaws = faults(database)
        if flaws:
            yield checkup.of_integrity(0, 0, flaws)
            return
        with TemporaryDirectory(prefix="papertui-") as folder:
            yield from _of_content(database, Path(folder) / "copy.db", now)
    except FileNotFoundError:
        do = "start papertui, or papertui restore"
        yield Finding("database", WRONG, "gone, though there are backups of it", do)
    except Busy as error:
        yield Finding("database", NOTE, str(error))
    except (BackupError, DatabaseError, OSError) as error:
        yield Finding("database", WRONG, str(error))


def _of_content(database: Path, working_copy: Path, now: datetime) -> Iterator[Finding]:
    copy(database, working_copy)
    with Store(working_copy) as store:
        moments = [event.at for event in store.events()]
        yield checkup.of_integrity(database.stat().st_size, len(moments), ())
        drafts = len(store.drafts.waiting())
        before = _tables(working_copy)
        store.rebuild()
        after = _tables(working_copy)
    yield checkup.of_tables([table for table in before if before[table] != after[table]])
    yield checkup.of_clock(max(moments, default=0), now)
    yield from checkup.of_unfinished(drafts)


def _tables(database: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(database)) as connection:
        return {name: sorted(map(repr, connection.execute(sql))) for name, sql in _QUERIES.items()}


def _of_backups(database: Path, now: datetime) -> Iterator[Finding]:
    backups = Backups(database).all()
    try:
        flaws = faults(backups[0].path) if backups else []
    except sqlite3.Error as error:
        flaws = [str(error)]
    yield checkup.of_backups([backup.taken for backup in backups], flaws, now)


def _of_surroundings(database: Path) -> Iterator[Finding]:
    folder, backups = database.parent, Backups(database)
    if not folder.is_dir():
        return
    if not os.access(folder, os.W_OK):
        yield Finding("files", WRONG, f"{folder} cannot be written to", f"chmod 700 {folder}")
    watched = [database, *(backup.path for backup in backups.all())]
    # The folder of a database named with --db is the reader's own matter.
    if folder.name == "papertui":
        watched.append(folder)
    if backups.folder.is_dir():
        watched.append(backups.folder)
    yield checkup.of_modes({str(p): p.stat().st_mode for p in watched if p.exists()})
    around = [p.name for p in folder.iterdir() if p.name.startswith(f"{database.name}.")]
    around += [p.name for p in folder.glob("note-*.md")]
    around += [p.name for p in folder.glob(".mending-*")]
    if backups.folder.is_dir():
        around += [p.name for p in backups.folder.glob("*.partial")]
    yield from checkup.of_leftovers(sorted(around))
    marks = [mark for parent in database.parents for mark in _MARKS if (parent / mark).exists()]
    yield from checkup.of_place(database, shutil.disk_usage(folder).free, _kind_of(folder), marks)


def _kind_of(folder: Path) -> str:
    """Return the kind of file system a folder is on, empty where the system does not tell."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    kinds = {}
    for line in mounts.splitlines():
        _, place, kind = line.split()[:3]
        kinds[place.replace("\\040", " ")] = kind
    return next((kinds[str(p)] for p in (folder, *folder.parents) if str(p) in kinds), "")


def _of_catalogue() -> Finding:
    data = catalog.decode(store.CATALOG.read_bytes(), store.CATALOG.name)
    found = list(catalog_check.check(data)) or list(catalog_check.review(data))
    return checkup.of_catalogue(len(data["works"]), list(map(str, found)))


def _of_desktop() -> Iterator[Finding]:
    size = shutil.get_terminal_size()
    colours = "no colour" if "NO_COLOR" in os.environ else os.environ.get("COLORTERM", "colours")
    yield from checkup.of_terminal(
        os.environ.get("TERM", ""),
        (size.columns, size.lines),
        getattr(sys.stdout, "encoding", None) or "no encoding",
        colours,
        all(map(os.isatty, (0, 1, 2))),
    )
    remote = desktop.is_remote()
    yield checkup.of_browser(desktop.browser_name(), remote)
    yield checkup.of_clipboard(desktop.clipboard_name(), remote)
