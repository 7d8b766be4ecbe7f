"""What a check of papertui and its surroundings found, and what to do about it."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from papertui.core import catalog, catalog_check
from papertui.core.text import quantity
from papertui.storage import store
from papertui.storage.backups import BackupError, Backups, copy, faults
from papertui.storage.database import Busy, DatabaseError, check_identity, database_errors
from papertui.storage.reading_log import TABLES
from papertui.storage.store import Store
from papertui.system import desktop

FINE, NOTE, WRONG = "fine", "note", "wrong"
SMALLEST = (80, 24)
_BACKUP_IS_OLD = timedelta(days=7)
_CLOCK_MAY_DIFFER = timedelta(minutes=5)
_LITTLE_ROOM = 50_000_000
_SYNCED = ("Dropbox", "OneDrive", "Google Drive", "Nextcloud", "ownCloud", "Mobile Documents")
_NETWORK = ("nfs", "cifs", "smb", "9p", "afs", "lustre", "gpfs", "ceph", "sshfs")
_AROUND = {
    "draft-": ("text that was typed while the database could not take it", "look into it"),
    "damaged-": ("damaged database, kept", "delete it when you need it no more"),
    "before-": ("database from before a restore, kept", "delete it when you need it no more"),
    "note-": ("note from an editor that could not be taken back", "look into it"),
    ".mending-": ("half a restore", "delete it"),
    "partial": ("half a copy", "delete it"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, in words, and what to do."""

    about: str
    state: str
    says: str
    do: str = ""


def of_integrity(size: int, events: int, flaws: Sequence[str]) -> Finding:
    """Judge the database file: its size in bytes, its journal, what SQLite finds wrong."""
    if flaws:
        return Finding(
            "database", WRONG, f"damaged: {flaws[0]}", "start papertui, or papertui restore"
        )
    entries = quantity(events, "entry", "entries")
    return Finding("database", FINE, f"whole: {entries}, {size / 1_000_000:.1f} MB")


def of_tables(differing: Collection[str]) -> Finding:
    """Judge the tables that follow from the journal; `differing` do not say what it says."""
    if differing:
        names = ", ".join(sorted(differing))
        return Finding("tables", WRONG, f"not what the journal says: {names}", _mend("--rebuild"))
    return Finding("tables", FINE, "what the journal says")


def of_clock(newest: int, now: datetime) -> Finding:
    """Judge the clock by when the newest entry was made, in microseconds since 1970."""
    if newest / 1_000_000 > (now + _CLOCK_MAY_DIFFER).timestamp():
        says = "the newest entry was made at a time still to come"
        return Finding("clock", NOTE, says, "see whether the clock is right")
    return Finding("clock", FINE, f"{now:%Y-%m-%d %H:%M}")


def of_backups(taken: Sequence[datetime], latest_flaws: Sequence[str], now: datetime) -> Finding:
    """Judge the backups, the latest first; `latest_flaws` is what is wrong with that one."""
    if not taken:
        return Finding("backups", NOTE, "none yet", "papertui backup")
    days = (now.date() - taken[0].date()).days
    age = {0: "of today", 1: "of yesterday"}.get(days, f"{days} days old")
    says = f"{quantity(len(taken), 'copy', 'copies')}, the latest {age}"
    if latest_flaws:
        return Finding("backups", WRONG, f"{says} and damaged", "papertui backup")
    if now - taken[0] > _BACKUP_IS_OLD:
        return Finding("backups", NOTE, says, "papertui backup")
    return Finding("backups", FINE, says)


def of_modes(modes: Mapping[str, int]) -> Finding:
    """Judge who else may read or write files and folders, by their modes."""
    loose = {path: mode for path, mode in modes.items() if mode & 0o077}
    if loose:
        path = next(iter(loose))
        right = "700" if loose[path] & 0o40000 else "600"
        return Finding(
            "files", WRONG, "others can reach " + ", ".join(loose), f"chmod {right} {path}"
        )
    return Finding("files", FINE, "yours alone")


def of_leftovers(names: Sequence[str]) -> list[Finding]:
    """Judge the files that lie around the database."""
    found = []
    for mark, (what, do) in _AROUND.items():
        if marked := [name for name in names if mark in name]:
            found.append(Finding("leftovers", NOTE, f"{what}: {', '.join(marked)}", do))
    return found


def of_place(path: PurePath, free: int, kind: str, marks: Collection[str]) -> list[Finding]:
    """Judge where the database lies: bytes free, kind of disk, what marks its folders."""
    found = []
    if free < _LITTLE_ROOM:
        room = f"{free / 1_000_000:.1f} MB are free"
        found.append(Finding("disk", WRONG, room, "make room; notes need it"))
    if any(kind.removeprefix("fuse.").startswith(network) for network in _NETWORK):
        found.append(
            Finding(
                "disk",
                NOTE,
                f"a network disk ({kind}), where locks may not hold",
                "run one papertui at a time, or move the database",
            )
        )
    if marks or any(name in part for part in path.parts for name in _SYNCED):
        found.append(
            Finding(
                "disk",
                NOTE,
                "another program copies this folder and may replace the database under you",
                "move the database, and let that program copy the backups",
            )
        )
    return found or [Finding("disk", FINE, f"{free / 1_000_000_000:.1f} GB free")]


def of_catalogue(works: int, faults: Sequence[str]) -> Finding:
    """Judge the shipped catalogue."""
    if faults:
        return Finding("catalogue", WRONG, f"{faults[0]} …", "install papertui again")
    return Finding("catalogue", FINE, quantity(works, "work"))


def of_terminal(
    term: str, size: tuple[int, int], encoding: str, colours: str, is_terminal: bool
) -> list[Finding]:
    """Judge the terminal by TERM, columns and lines, encoding, NO_COLOR or COLORTERM."""
    if not is_terminal:
        return [Finding("terminal", NOTE, "none here; the app needs one, commands do not")]
    found = []
    if term in ("", "dumb"):
        says = f"TERM is {term or 'empty'}: the app cannot draw on it"
        found.append(Finding("terminal", NOTE, says, "use another, or the commands"))
    if size[0] < SMALLEST[0] or size[1] < SMALLEST[1]:
        says = f"{size[0]}×{size[1]}: some lines will be cut"
        found.append(Finding("terminal", NOTE, says, f"make it {SMALLEST[0]}×{SMALLEST[1]}"))
    if encoding.lower().replace("-", "") != "utf8":
        says = f"{encoding}: signs and accents may be wrong"
        do = "set LANG to one that ends in UTF-8, or ascii = true in config.toml"
        found.append(Finding("terminal", NOTE, says, do))
    fine = Finding("terminal", FINE, f"{term}, {size[0]}×{size[1]}, {encoding}, {colours}")
    return found or [fine]


def of_browser(name: str | None, remote: bool) -> Finding:
    """Judge the browser by its name."""
    if name:
        return Finding("browser", FINE, name)
    says = "none that you would see" if remote else "none"
    return Finding("browser", NOTE, f"{says}: addresses are shown and copied", "set BROWSER")


def of_clipboard(name: str | None, remote: bool) -> Finding:
    """Judge the clipboard by the name of what reaches it."""
    if name:
        return Finding("clipboard", FINE, name)
    says = "what is copied goes through the terminal (OSC 52)"
    do = "" if remote else "install xclip or wl-clipboard if that does not work"
    return Finding("clipboard", NOTE, says, do)


def of_unfinished(drafts: int) -> list[Finding]:
    """Say how many texts wait to be gone on with."""
    if not drafts:
        return []
    says = f"{quantity(drafts, 'text')} not saved as a note yet"
    return [Finding("drafts", NOTE, says, "start papertui; n or s goes on with it")]


def _mend(option: str) -> str:
    return f"papertui doctor {option}"


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
        with database_errors(database):
            flaws = faults(database)
        if flaws:
            yield of_integrity(0, 0, flaws)
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
        yield of_integrity(database.stat().st_size, len(moments), ())
        drafts = len(store.drafts.waiting())
        before = _tables(working_copy)
        store.rebuild()
        after = _tables(working_copy)
    yield of_tables([table for table in before if before[table] != after[table]])
    yield of_clock(max(moments, default=0), now)
    yield from of_unfinished(drafts)


def _tables(database: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(database)) as connection:
        return {name: sorted(map(repr, connection.execute(sql))) for name, sql in _QUERIES.items()}


def _of_backups(database: Path, now: datetime) -> Iterator[Finding]:
    backups = Backups(database).all()
    try:
        flaws = faults(backups[0].path) if backups else []
    except sqlite3.Error as error:
        flaws = [str(error)]
    yield of_backups([backup.taken for backup in backups], flaws, now)


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
    yield of_modes({str(p): p.stat().st_mode for p in watched if p.exists()})
    around = [p.name for p in folder.iterdir() if p.name.startswith(f"{database.name}.")]
    around += [p.name for p in folder.glob("note-*.md")]
    around += [p.name for p in folder.glob(".mending-*")]
    if backups.folder.is_dir():
        around += [p.name for p in backups.folder.glob("*.partial")]
    yield from of_leftovers(sorted(around))
    marks = [mark for parent in database.parents for mark in _MARKS if (parent / mark).exists()]
    yield from of_place(database, shutil.disk_usage(folder).free, _kind_of(folder), marks)


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
    found = list(catalog.check(data)) or list(catalog_check.review(data))
    return of_catalogue(len(data["works"]), list(map(str, found)))


def _of_desktop() -> Iterator[Finding]:
    size = shutil.get_terminal_size()
    colours = "no colour" if "NO_COLOR" in os.environ else os.environ.get("COLORTERM", "colours")
    yield from of_terminal(
        os.environ.get("TERM", ""),
        (size.columns, size.lines),
        getattr(sys.stdout, "encoding", None) or "no encoding",
        colours,
        all(map(os.isatty, (0, 1, 2))),
    )
    remote = desktop.is_remote()
    yield of_browser(desktop.browser_name(), remote)
    yield of_clipboard(desktop.clipboard_name(), remote)
