"""A check of papertui and its surroundings, with what to do about each finding."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from papertui.config import ConfigError, command_line, config_path, load_usable
from papertui.core import catalog
from papertui.core.labels import full_time
from papertui.core.text import quantity
from papertui.storage import shipped
from papertui.storage.backups import BackupError, Backups, copy
from papertui.storage.contents import content_flaws
from papertui.storage.database import Busy, DatabaseError, check_identity, database_errors
from papertui.storage.integrity import faults
from papertui.storage.reading_log import TABLES
from papertui.storage.restore import missing
from papertui.storage.store import Store
from papertui.storage.sync_state import SyncState
from papertui.sync.sync import Outcome, status
from papertui.system import desktop
from papertui.system.output import shows_colours

FINE, NOTE, WRONG = "fine", "note", "wrong"
MIN_SIZE = (80, 24)
MIN_FREE = 50_000_000
MAX_BACKUP_AGE = timedelta(days=7)
MAX_CLOCK_ERROR = timedelta(minutes=5)
_SYNCED = ("Dropbox", "OneDrive", "Google Drive", "Nextcloud", "ownCloud", "Mobile Documents")
_SYNC_MARKS = (".stfolder", ".dropbox", ".dropbox.cache")
_NETWORK = ("nfs", "cifs", "smb", "9p", "afs", "lustre", "gpfs", "ceph", "sshfs")
_LEFTOVERS = {
    "draft-": ("text that was typed while the database was out of reach", "look into it"),
    "note-": ("note from an editor that could not be read back", "look into it"),
    ".mending-": ("half a restore", "delete it"),
    "partial": ("half a copy", "delete it"),
}
_KEPT = {
    "damaged-": "damaged database, kept",
    "before-": "database from before a restore, kept",
}
# Bytes of a kept file that is read: a million take about a hundredth of a second.
MAX_READ = 200_000_000
# Derived tables by natural keys, as their numbers differ after a rebuild.
_QUERIES = {
    **{table: f"select * from {table}" for table in TABLES},
    "work": "select citekey, origin, title, kind, arxiv, doi, url, year, difficulty, unidentified,"
    " fields, came from work left join detail on detail.work = number",
    "section": "select path, title, total, done, dropped from section",
    "item": "select path, item.position, work, tier, marks"
    " from item join section on section.id = item.section",
    "searched": "select citekey, searched.title, authors, names, body, notes"
    " from searched join work on number = searched.work",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check: the subject, its state, what was seen, and what to do."""

    about: str
    state: str
    says: str
    do: str = ""


def examine(database: Path, now: datetime) -> list[Finding]:
    """Return the findings of all checks, those about the reader's data first."""
    database = Path(os.path.realpath(database))
    now = now.astimezone()
    return [
        *check_database(database, now),
        check_backups(database, now),
        *check_folder(database),
        Finding("sqlite", FINE, f"{sqlite3.sqlite_version}, Python {sys.version.split()[0]}"),
        check_catalogue(),
        *check_config(config_path()),
        *check_terminal(),
        check_browser(),
        check_clipboard(),
    ]


def check_database(database: Path, now: datetime) -> Iterator[Finding]:
    """Check the database file, and on a copy its tables, the times of its entries, its drafts."""
    if not database.exists() and not Backups(database).latest():
        yield Finding("database", NOTE, "none yet; it is made when papertui starts")
        return
    do = f"start {command_line()}, or {command_line('restore')}"
    try:
        check_identity(database)
        with database_errors(database):
            flaws = faults(database)
            values = [] if flaws else list(islice(content_flaws(database), 1))
        if flaws or values:
            do = do if flaws else command_line("restore", "--salvage")
            yield Finding("database", WRONG, f"damaged: {(flaws or values)[0]}", do)
            return
        with TemporaryDirectory(prefix="papertui-") as folder:
            working_copy = Path(folder) / "copy.db"
            copy(database, working_copy)
            _keep_device(database, working_copy)
            yield from _check_content(database, working_copy, now)
    except FileNotFoundError:
        yield Finding("database", WRONG, "gone, though there are backups of it", do)
    except Busy as error:
        yield Finding("database", NOTE, str(error))
    except (BackupError, DatabaseError, OSError) as error:
        yield Finding("database", WRONG, str(error))


def _check_content(database: Path, working_copy: Path, now: datetime) -> Iterator[Finding]:
    with Store(working_copy) as opened:
        moments = [event.at for event in opened.events()]
        drafts = sum(bool(draft.body.strip()) for draft in opened.drafts.waiting())
        entries = quantity(len(moments), "journal entry", "journal entries")
        size = database.stat().st_size
        yield Finding("database", FINE, f"whole: {entries}, {size / 1_000_000:.1f} MB")
        # A copy is another device; that of its original is the last that it was before.
        synced = [*check_sync(opened, opened.sync_state.own_devices()[-1])]
        # Words still to be indexed, after an import or an update, are no fault.
        for _ in opened.catch_up():
            pass
        before = _tables(working_copy)
        opened.rebuild()
        after = _tables(working_copy)
    if differing := ", ".join(sorted(name for name in before if before[name] != after[name])):
        says = f"not what the journal says: {differing}"
        yield Finding("tables", WRONG, says, command_line("doctor", "--rebuild"))
    else:
        yield Finding("tables", FINE, "what the journal says")
    yield check_clock(max(moments, default=0), now)
    if drafts:
        says = f"{quantity(drafts, 'text')} not saved as a note yet"
        yield Finding("drafts", NOTE, says, "start papertui: it offers to go on with it")
    yield from synced


def _keep_device(database: Path, working_copy: Path) -> None:
    """Tell a copy which device its original is, which no copy knows by itself."""
    sql = "select key, value from setting where key = 'device'"
    with closing(sqlite3.connect(database)) as original, database_errors(database):
        known = original.execute(sql).fetchall()
    with closing(sqlite3.connect(working_copy)) as connection, connection:
        connection.executemany("insert or replace into setting values (?, ?)", known)


def check_sync(store: Store, device: str) -> Iterator[Finding]:
    """Check how far the logs are known that a `device` exchanges, if it exchanges any."""
    sync, group = store.sync_state, store.group_state
    findings = [*_check_log("sync", sync), *_check_log("group", group)]
    if waiting := status(store).waiting:
        says = f"{quantity(waiting, 'event')} not sent yet"
        findings.append(Finding("sync", NOTE, says, command_line("sync")))
    own = {device, *sync.own_devices()}
    spoilt = [
        mark for mark in sync.marks().values()
        if mark.skipped and mark.name.partition("/")[0] not in own
    ]  # fmt: skip
    if spoilt:
        lines = quantity(sum(mark.skipped for mark in spoilt), "line")
        says = f"the log has {lines} without an event, in {spoilt[0].name}"
        says += " and others" if spoilt[1:] else ""
        do = "sync on the device that wrote them: it sends again what was lost"
        findings.append(Finding("sync", NOTE, says, do))
    if twice := sync.written_twice(device):
        says = f"another database uses this device's id: {quantity(twice, 'event')} with one number"
        do = "close papertui, copy the database and put the copy in its place: it gets its own id"
        findings.append(Finding("sync", WRONG, says, do))
    yield from findings
    if sync.place() and not any(finding.about == "sync" for finding in findings):
        yield Finding("sync", FINE, status(store).last)


def _check_log(about: str, state: SyncState) -> Iterator[Finding]:
    if state.place() is None:
        return
    if (kept := state.outcome()) is None:
        yield Finding(about, NOTE, "set up, but never synced", command_line("sync"))
        return
    outcome = Outcome(**kept)
    if outcome.failure:
        says = f"failed, {full_time(datetime.fromisoformat(outcome.moment))}: {outcome.failure}"
        yield Finding(about, NOTE, says, f"see to that, then {command_line('sync')}")


def _tables(database: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(database)) as connection:
        return {name: sorted(map(repr, connection.execute(sql))) for name, sql in _QUERIES.items()}


def check_config(path: Path) -> Iterator[Finding]:
    """Check the config file: its fields, and by a child that loads the app, its keys and theme."""
    do = "mend that line; the app goes on without it"
    if not path.exists():
        if named := os.environ.get("PAPERTUI_CONFIG"):
            missing = f"PAPERTUI_CONFIG names a file that is not there, {named}: the defaults hold"
            yield Finding("config", NOTE, missing, "mend the name, or make the file")
        else:
            yield Finding("config", FINE, "none: the defaults hold")
        return
    try:
        config, found = load_usable(path)
    except ConfigError as error:
        yield Finding("config", WRONG, str(error), "mend the file")
        return
    if config.keys or config.theme:
        # It loads asyncio, which a config without keys does not need.
        from papertui.system.own_commands import checked_by_app

        found += checked_by_app(config)[1]
    for each in found:
        yield Finding("config", WRONG, f"{path}: {each}", do)
    if not found:
        yield Finding("config", FINE, str(path))


def check_clock(newest: int, now: datetime) -> Finding:
    """Check the clock against the newest entry, in microseconds since 1970."""
    if newest / 1_000_000 > (now + MAX_CLOCK_ERROR).timestamp():
        says = "the newest entry is of a time still to come"
        return Finding("clock", NOTE, says, "see whether the clock is right")
    return Finding("clock", FINE, f"{full_time(now)} {now:%z}")


def check_backups(database: Path, now: datetime) -> Finding:
    """Check that there is a backup, that the latest is whole, and how old it is."""
    backups = Backups(database).all()
    if not backups:
        return Finding("backups", NOTE, "none yet", command_line("backup"))
    latest = backups[0]
    days = (now.date() - latest.taken.date()).days
    older = f"{days} days old" if days > 0 else "of a day still to come"
    age = {0: "of today", 1: "of yesterday"}.get(days, older)
    says = f"{quantity(len(backups), 'copy', 'copies')}, the latest {age}"
    try:
        is_damaged = bool(faults(latest.path) or any(content_flaws(latest.path)))
    except sqlite3.Error:
        is_damaged = True
    if is_damaged:
        return Finding("backups", WRONG, f"{says} and damaged", command_line("backup"))
    if now - latest.taken > MAX_BACKUP_AGE:
        return Finding("backups", NOTE, says, command_line("backup"))
    return Finding("backups", FINE, says)


def check_folder(database: Path) -> Iterator[Finding]:
    """Check the folder of the database and the disk it is on."""
    if database.parent.is_dir():
        yield from check_permissions(database)
        yield from check_leftovers(database)
        yield from check_disk(database)


def check_permissions(database: Path) -> Iterator[Finding]:
    """Check that the reader, and nobody else, can read and write the files."""
    folder, backups = database.parent, Backups(database)
    if not os.access(folder, os.W_OK):
        yield Finding("files", WRONG, f"{folder} cannot be written to", f"chmod 700 {folder}")
    private = [database, *(backup.path for backup in backups.all()), backups.folder]
    # The folder of a database named with --db is the reader's own business.
    if folder.name == "papertui":
        private.append(folder)
    exposed = [path for path in private if path.exists() and path.stat().st_mode & 0o077]
    if exposed:
        says = "others can reach " + ", ".join(map(str, exposed))
        mode = "700" if exposed[0].is_dir() else "600"
        yield Finding("files", WRONG, says, f"chmod {mode} {exposed[0]}")
    else:
        yield Finding("files", FINE, "only you can reach them")


def check_leftovers(database: Path) -> Iterator[Finding]:
    """Check for files that interrupted work has left beside the database."""
    folder = database.parent
    paths = [path for path in folder.iterdir() if path.name.startswith(f"{database.name}.")]
    paths += [*folder.glob("note-*.md"), *folder.glob(".mending-*")]
    paths += Backups(database).folder.glob("*.partial")
    names = sorted(path.name for path in paths)
    for mark, (kind, do) in _LEFTOVERS.items():
        if marked := [name for name in names if mark in name]:
            yield Finding("leftovers", NOTE, f"{kind}: {', '.join(marked)}", do)
    for mark, kind in _KEPT.items():
        for name in names:
            if f".{mark}" in name and not name.endswith("-journal"):
                yield check_kept(database, folder / name, kind)


def check_kept(database: Path, file: Path, kind: str) -> Finding:
    """Check a database that another one took the place of for what the present one has not."""
    adds = f"{command_line('restore', '--salvage', str(file))} adds"
    lacking = None
    with suppress(sqlite3.Error, OSError):
        if file.stat().st_size <= MAX_READ:
            lacking = missing(database, file)
    if lacking is None:
        says, do = "it may hold entries that the database has not", f"{adds} them"
    elif lacking:
        says, do = f"it holds {lacking.words} that the database has not", f"{adds} that"
    else:
        says = "the database has all that can be read of it"
        journal = file.with_name(f"{file.name}-journal")
        also = f" and {journal.name}" if journal.exists() else ""
        do = f"delete it{also} when you no longer need it"
    return Finding("leftovers", NOTE, f"{kind}: {file.name}: {says}", do)


def check_disk(database: Path) -> Iterator[Finding]:
    """Check the room on the disk, and that no network or other program gets in the way."""
    free, kind = shutil.disk_usage(database.parent).free, file_system(database.parent)
    is_network = kind.removeprefix("fuse.").startswith(_NETWORK)
    is_synced = any(name in part for part in database.parts for name in _SYNCED) or any(
        (parent / mark).exists() for parent in database.parents for mark in _SYNC_MARKS
    )
    if free < MIN_FREE:
        says = f"{free / 1_000_000:.1f} MB are free"
        yield Finding("disk", WRONG, says, "make room; notes need it")
    if is_network:
        says = f"a network disk ({kind}), where locks may not hold"
        do = "run one papertui at a time, or move the database"
        yield Finding("disk", NOTE, says, do)
    if is_synced:
        says = "another program copies this folder and may replace the database under you"
        do = "move the database, and let that program copy the backups"
        yield Finding("disk", NOTE, says, do)
    if free >= MIN_FREE and not is_network and not is_synced:
        yield Finding("disk", FINE, f"{free / 1_000_000_000:.1f} GB free")


def file_system(folder: Path) -> str:
    """Return the kind of file system that a folder is on, empty if the system does not tell."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    kinds = {}
    for line in mounts.splitlines():
        _, place, kind = line.split()[:3]
        kinds[place.replace("\\040", " ")] = kind
    return next((kinds[str(p)] for p in (folder, *folder.parents) if str(p) in kinds), "")


def check_catalogue() -> Finding:
    """Check the catalogue that papertui comes with."""
    data = catalog.decode(shipped.CATALOG.read_bytes(), shipped.CATALOG.name)
    if flaws := list(catalog.check(data)) or list(catalog.review(data)):
        return Finding("catalogue", WRONG, f"{flaws[0]} …", "install papertui again")
    return Finding("catalogue", FINE, quantity(len(data["works"]), "work"))


def check_terminal() -> Iterator[Finding]:
    """Check that the app can draw on the terminal."""
    if not all(map(os.isatty, (0, 1, 2))):
        yield Finding("terminal", NOTE, "none here; the app needs one, commands do not")
        return
    term, (columns, lines) = os.environ.get("TERM", ""), shutil.get_terminal_size()
    encoding = getattr(sys.stdout, "encoding", None) or "no encoding"
    colours = os.environ.get("COLORTERM") or "colours" if shows_colours() else "no colour"
    is_dumb, is_small = term in ("", "dumb"), columns < MIN_SIZE[0] or lines < MIN_SIZE[1]
    is_utf8 = encoding.lower().replace("-", "") == "utf8"
    if is_dumb:
        says = f"TERM is {term or 'empty'}: the app cannot draw on it"
        yield Finding("terminal", NOTE, says, "use another, or the commands")
    if is_small:
        says = f"{columns}×{lines}: some lines will be cut"
        yield Finding("terminal", NOTE, says, f"make it {MIN_SIZE[0]}×{MIN_SIZE[1]}")
    if not is_utf8:
        says = f"{encoding}: signs and accents may be wrong"
        do = "set LANG to one that ends in UTF-8, or ascii = true in config.toml"
        yield Finding("terminal", NOTE, says, do)
    if is_utf8 and not is_dumb and not is_small:
        yield Finding("terminal", FINE, f"{term}, {columns}×{lines}, {encoding}, {colours}")


def check_browser() -> Finding:
    """Check that addresses can be opened in a browser."""
    if name := desktop.browser_name():
        return Finding("browser", FINE, name)
    says = "none that you would see" if desktop.is_remote() else "none"
    return Finding("browser", NOTE, f"{says}: addresses are shown and copied", "set BROWSER")


def check_clipboard() -> Finding:
    """Check that text can be copied to the desktop's clipboard."""
    if name := desktop.clipboard_name():
        return Finding("clipboard", FINE, name)
    says = "text is copied through the terminal (OSC 52)"
    do = "" if desktop.is_remote() else "install xclip or wl-clipboard if that does not work"
    return Finding("clipboard", NOTE, says, do)
