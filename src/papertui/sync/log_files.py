"""The files of a log: a folder for each device, a file for each month, an event to a line.

`log/<device>/<yyyy-mm>.jsonl` only grows. What others put there is data: a link, a pipe or a
file of another name is passed over, and so is a line that is no event of its device.
"""

import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from papertui.core.journal import Event
from papertui.core.text import quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.storage.sync_state import Mark

if TYPE_CHECKING:
    from hashlib import _Hash

    from papertui.core.journal_file import StoredEvent

LOG = "log"
MAX_FILES = 100_000
MAX_BYTES = 512_000_000
MAX_LINE = 256_000_000
_DEVICE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
# With the copies that Syncthing and others make of a file that was written on two machines.
_FILE = re.compile(r"\d{4}-\d\d([ ._~(-][^/]*)?\.jsonl", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d(?=-)", re.ASCII)
_NO_FOLLOW = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class LogReading:
    """One reading of what is new in a log since some `marks`, by the name of each file.

    While `events` are taken, `marks` become those of what was read, and `remarks` what the
    reader should know.
    """

    def __init__(self, folder: Path, marks: Mapping[str, Mark]) -> None:
        self.marks = dict(marks)
        self.remarks: list[str] = []
        self.skipped: Counter[str] = Counter()
        self._folder = log_folder(folder)
        self._changed: list[str] = []
        self._odd: list[str] = []

    def events(self, device: str | None = None) -> "Iterator[StoredEvent]":
        """Yield the new events of a device, or of all. Raises Refused if they cannot be read."""
        gone = set(self.marks)
        for name, status in self.files(device):
            gone.discard(name)
            mark = self.marks.get(name)
            if mark is None or mark[1:3] != (status.st_size, status.st_mtime_ns):
                yield from self._events_of(name, mark)
        for name in sorted(gone):
            del self.marks[name]
        stays = "; what was read of it stays here"
        self._say(self._changed, "was shortened or changed", "were shortened or changed", stays)
        self._say(sorted(gone), "is gone", "are gone", stays)
        self._say(self._odd, "was passed over", "were passed over", "")
        if lines := self.skipped.total():
            reasons = ", ".join(reason for reason, _ in self.skipped.most_common(3))
            self.remarks.append(f"{quantity(lines, 'line')} skipped: {reasons}")

    def _say(self, names: list[str], one: str, many: str, after: str) -> None:
        if names:
            others = f" and {len(names) - 1} more {many}" if names[1:] else f" {one}"
            self.remarks.append(f"{shorten(safe_line(names[0]), 80)}{others}{after}")

    def files(self, of: str | None = None) -> Iterator[tuple[str, os.stat_result]]:
        """Yield the names of the files of a device, or of all, with what is known of each."""
        number = 0
        for device in _entries(self._folder):
            if of not in (None, device.name):
                continue
            if not device.is_dir(follow_symlinks=False) or not _DEVICE.fullmatch(device.name):
                self._pass_over(device.name)
                continue
            for file in _entries(Path(device.path)):
                name = f"{device.name}/{file.name}"
                number += 1
                if number > MAX_FILES:
                    raise Refused(f"{self._folder} holds more than {MAX_FILES} files.")
                try:
                    status = file.stat(follow_symlinks=False)
                except FileNotFoundError:
                    # A program that keeps the folder in step has just taken it away.
                    continue
                is_log = _FILE.fullmatch(file.name) and stat.S_ISREG(status.st_mode)
                if is_log and status.st_size <= MAX_BYTES:
                    yield name, status
                else:
                    self._pass_over(name)

    def _pass_over(self, name: str) -> None:
        # Programs that keep folders in step have files of their own, which are hidden.
        if not name.rpartition("/")[2].startswith("."):
            self._odd.append(name)

    def _events_of(self, name: str, mark: Mark | None) -> "Iterator[StoredEvent]":
        try:
            descriptor = open_file(self._folder, name, os.O_RDONLY)
            with os.fdopen(descriptor, "rb") as file:
                yield from self._events_in(file, name, mark)
        except OSError:
            self._odd.append(name)

    def _events_in(self, file: BinaryIO, name: str, mark: Mark | None) -> "Iterator[StoredEvent]":
        # What reads an event takes longer to load than a sync with nothing new.
        from papertui.core.journal_file import Unreadable, parse_line

        device = name.partition("/")[0]
        status = os.fstat(file.fileno())
        digest, read, skipped = _digest(file, mark.read if mark else 0), 0, 0
        if mark and digest.hexdigest() == mark.digest:
            read, skipped = mark.read, mark.skipped
        elif mark:
            digest = sha256()
            self._changed.append(name)
        file.seek(read)
        for source in _lines(file, status.st_size - read):
            digest.update(source)
            read += len(source)
            if source.isspace():
                continue
            try:
                event = parse_line(source)
                if event.device != device:
                    raise Unreadable("an event of another device")
            except Unreadable as reason:
                self.skipped[str(reason)] += 1
                skipped += 1
                continue
            yield event
        self.marks[name] = Mark(
            name, status.st_size, status.st_mtime_ns, read, digest.hexdigest(), skipped
        )


def _lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the whole lines of what a file holds up to a size; the rest is still being written."""
    while size > 0:
        source = file.readline(min(size, MAX_LINE))
        if not source:
            # It was shortened while it was read.
            return
        size -= len(source)
        if source.endswith(b"\n"):
            yield source
        elif size > 0:
            # No line that papertui wrote is as long: the parts of it are no events.
            yield source
        else:
            return


def _digest(file: BinaryIO, size: int) -> "_Hash":
    """Return the digest of the first bytes of a file."""
    digest = sha256()
    while size > 0 and (part := file.read(min(size, 1_000_000))):
        digest.update(part)
        size -= len(part)
    return digest


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise Refused(f"Cannot read {folder}: {error.strerror}.") from error


def open_file(folder: Path, name: str, flags: int) -> int:
    """Open `device/file` below a folder, but follow no link there. Raises OSError."""
    device, _, file_name = name.partition("/")
    parent = os.open(folder / device, os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOW)
    try:
        file = os.open(file_name, flags | _NO_FOLLOW, 0o666, dir_fd=parent)
    finally:
        os.close(parent)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError("it is not a plain file")
    return file


def log_folder(folder: Path) -> Path:
    """Return the folder of the log in a place. Raises Refused if it is a link to elsewhere."""
    log = folder / LOG
    if log.is_symlink():
        raise Refused(f"{log} is a link: put the folder itself there.")
    return log


def append(folder: Path, events: Iterable[Event]) -> int:
    """Write events to the ends of the files of their devices and return their number.

    They are on the disk then. Raises Refused if they cannot be written.
    """
    number = 0
    log = log_folder(folder)
    pending: dict[str, list[bytes]] = {}
    size = 0
    for event in events:
        from papertui.core.journal_file import line

        source = line(event)
        pending.setdefault(file_of(event), []).append(source)
        number, size = number + 1, size + len(source)
        if size > 8_000_000:
            _append_all(log, pending)
            pending, size = {}, 0
    _append_all(log, pending)
    return number


def file_of(event: Event) -> str:
    """Return the name of the file that an event belongs to."""
    month = _MONTH.match(event.wall)
    return f"{event.device}/{month[0] if month else '1970-01'}.jsonl"


def can_hold(device: str) -> bool:
    """Return True for the name of a device that a folder can have."""
    return bool(_DEVICE.fullmatch(device))


def _append_all(folder: Path, pending: Mapping[str, list[bytes]]) -> None:
    for name, lines in pending.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _append(folder, name, b"".join(lines))
        except OSError as error:
            raise Refused(f"Cannot write {path}: {error.strerror or error}.") from error


def _append(folder: Path, name: str, content: bytes) -> None:
    descriptor = open_file(folder, name, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        if size := os.fstat(descriptor).st_size:
            file.seek(size - 1)
            # A line that was cut off is completed, so that the next one is whole.
            content = content if file.read(1) == b"\n" else b"\n" + content
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)


def ids_in(folder: Path, device: str) -> set[str]:
    """Return the ids of the events that the files of a device hold."""
    reading = LogReading(folder, {})
    return {event.id for event in reading.events(device)}


def is_as_marked(folder: Path, device: str, marks: Mapping[str, Mark]) -> bool:
    """Return True if the files of a device are those that its `marks` tell of."""
    marked = {name: mark[1:3] for name, mark in marks.items() if name.startswith(f"{device}/")}
    reading = LogReading(folder, {})
    return marked == {n: (s.st_size, s.st_mtime_ns) for n, s in reading.files(device)}
