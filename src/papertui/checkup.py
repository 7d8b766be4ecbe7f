"""What a check of papertui and its surroundings found, and what to do about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from papertui.core.text import count

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
    entries = count(events, "entry", "entries")
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
    says = f"{count(len(taken), 'copy', 'copies')}, the latest {age}"
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
    return Finding("catalogue", FINE, count(works, "work"))


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
    says = f"{count(drafts, 'text')} not saved as a note yet"
    return [Finding("drafts", NOTE, says, "start papertui; n or s goes on with it")]


def _mend(option: str) -> str:
    return f"papertui doctor {option}"
