"""One sync: what is new here goes into the log, and what is new in the log comes here.

The log holds all events, each in the file of its device. It is a folder that another program
keeps in step, or the working copy of a git repository. That copy is only a cache: each try
begins from what the remote has and adds the events that it lacks, so there is nothing to
merge, and whatever happened to the copy is mended by making it again.
"""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.core import journal
from papertui.core.journal import Event
from papertui.core.labels import full_time
from papertui.core.text import cell_safe, quantity, safe_line, shorten
from papertui.errors import PapertuiError, Refused
from papertui.storage.store import Store
from papertui.storage.sync_state import GROUP, SYNC, Mark, SyncState, Written
from papertui.sync import log_files
from papertui.sync.log_files import LogReading
from papertui.sync.working_copy import Broken, WorkingCopy
from papertui.system import git
from papertui.system.files import typed_path

if TYPE_CHECKING:
    from papertui.core.journal_file import StoredEvent

NOT_SET_UP = "Sync is not set up: papertui sync init FOLDER or ADDRESS sets it up."
MAX_TRIES = 5
# Notes changed on both sides that are named.
MAX_APART = 3
LOCK_TIMEOUT = 60.0
_GROUP_FOLDER = "group"
_SETS_PLACE = {SYNC: "sync init", GROUP: "group join"}
_RETRY_INTERVAL = 0.1
# An outcome without news is kept as often as this.
_KEPT_FOR = timedelta(minutes=10)


class NotSetUp(Refused):
    """There is no place to sync with yet."""


class WrongPlace(Refused):
    """A place holds another kind of log."""


class Outcome(NamedTuple):
    """What a sync did: the events that went out and came in, and what the reader should know.

    `failure` says why it could not be finished; what came in before is here.
    """

    moment: str
    sent: int = 0
    received: int = 0
    remarks: tuple[str, ...] = ()
    failure: str = ""

    @property
    def words(self) -> str:
        """The outcome in one line."""
        if self.failure:
            return self.failure
        if not (self.sent or self.received):
            return "Synced: nothing new"
        return f"Synced: {quantity(self.sent, 'event')} sent, {self.received} received"

    def with_outcome(self, other: "Outcome") -> "Outcome":
        """Return what two exchanges did together."""
        return Outcome(
            self.moment,
            self.sent + other.sent,
            self.received + other.received,
            self.remarks + other.remarks,
            " ".join(filter(None, (self.failure, other.failure))),
        )


def set_up(store: Store, place: str, of: SyncState | None = None) -> str:
    """Set the repository or the folder of a log, and return it as it is kept.

    Without the state `of` a log, it is that of the reader's devices.

    Raises Refused if it is none, with what to do.
    """
    state = of or store.sync_state
    if git.is_address(place):
        state.set_place(place)
        return place
    if "::" in place or "://" in place or place != cell_safe(place):
        raise Refused("Name a folder, a bare repository, or an ssh:// or https:// address.")
    try:
        folder = typed_path(place)
        is_folder, is_copy = folder.is_dir(), (folder / ".git").exists()
    except OSError as error:
        raise Refused(f"Cannot use {shorten(place, 80)}: {error.strerror}.") from error
    if not is_folder:
        raise Refused(f"{folder} is no folder: make it, or a repository by git init --bare.")
    if is_copy:
        raise Refused(
            f"{folder} is a working copy of git: name a bare repository (git init --bare)."
        )
    _check_kind(folder, state, str(folder))
    if store.path.is_relative_to(os.path.realpath(folder)):
        raise Refused("The database is in that folder, where it must not be synced: name another.")
    state.set_place(str(folder))
    return str(folder)


def _check_kind(folder: Path, state: SyncState, place: str) -> None:
    """Raise WrongPlace for a place of another kind of log, before anything is sent or read.

    A group would get all that the reader's devices exchange, and these the passes of others.
    The `folder` is the place itself, or the copy of it.
    """
    if state.name == SYNC and (folder / _GROUP_FOLDER).exists():
        raise WrongPlace(f"{place} is the place of a reading group: name another for your devices.")
    if state.name == GROUP and (folder / log_files.LOG).exists():
        raise WrongPlace(f"{place} is where somebody's devices sync: name another for the group.")


@contextmanager
def kept_if_right(state: SyncState) -> Iterator[None]:
    """Set the place of before again if the one that is set within turns out to be wrong."""
    before = state.place()
    try:
        yield
    except WrongPlace:
        state.set_place(before)
        raise


def sent_versions(store: Store, note: str) -> int | None:
    """Return how many versions of a note are in the log, None if that cannot be known.

    A folder that is gone says nothing, nor does what was copied of an earlier place: then some
    may be there, unless all were written since the latest sync.
    """
    state = store.sync_state
    if (place := state.place()) is None:
        return 0
    is_copied = git.is_address(place) or git.is_bare_repository(Path(place))
    folder = working_copy_folder(store.path) if is_copied else Path(place)
    own, written = state.own_devices(), state.written().last
    versions = [e for e in store.events("kind = ?", journal.NOTE) if e.data.get("note") == note]
    if folder.is_dir():
        there = {id_ for device in own for id_ in log_files.ids_in(folder, device)}
        return sum(event.device not in own or event.id in there for event in versions)
    may_be = any(e.device not in own or e.seq <= written.get(e.device, 0) for e in versions)
    return None if may_be else 0


def is_gone(place: str) -> bool:
    """Return True for a folder or a repository on a disk that is not there."""
    return not (git.is_address(place) or Path(place).is_dir())


def sync(
    store: Store,
    now: datetime,
    notes: bool = True,
    wait: float = LOCK_TIMEOUT,
    *,
    is_first: bool = False,
) -> Outcome:
    """Exchange events with the other devices and keep the outcome.

    Without `notes`, those stay here. Another sync may take `wait` seconds to end. Raises
    NotSetUp, Refused if it takes longer, and WrongPlace for one that `is_first` at its place.
    """
    if (place := store.sync_state.place()) is None:
        raise NotSetUp(NOT_SET_UP)
    with alone(store.path, wait):
        return Exchange(store, store.sync_state, notes).outcome(place, now, is_first=is_first)


def _is_as_before(outcome: Outcome, before: Mapping[str, Any] | None) -> bool:
    """Return True if there was nothing new, as minutes ago: that is not worth a commit."""
    if before is None or outcome != Outcome(outcome.moment):
        return False
    age = datetime.fromisoformat(outcome.moment) - datetime.fromisoformat(before["moment"])
    return {**before, "moment": "", "remarks": ()} == Outcome("")._asdict() and (
        not before["remarks"] and timedelta(0) <= age < _KEPT_FOR
    )


class Status(NamedTuple):
    """Where the log is, what the last sync did, and how many events are not sent yet.

    `group` is where the log of the reading group is.
    """

    place: str | None
    last: str = "never"
    waiting: int = 0
    remarks: tuple[str, ...] = ()
    group: str | None = None


def status(store: Store) -> Status:
    """Return the state of the sync."""
    state, group = store.sync_state, store.group_state.place()
    if (place := state.place()) is None:
        return Status(None, group=group)
    written, own = state.written().last, state.own_devices()
    waiting = sum(
        last - written.get(device, 0) for device, last in state.devices().items() if device in own
    )
    if (kept := state.outcome()) is None:
        return Status(place, waiting=waiting, group=group)
    outcome = Outcome(**kept)
    moment = full_time(datetime.fromisoformat(outcome.moment))
    last = f"{moment}: {outcome.words}"
    return Status(place, last, waiting, tuple(outcome.remarks), group)


class Exchange:
    """One sync of a store."""

    def __init__(self, store: Store, state: SyncState, notes: bool = True) -> None:
        self._store = store
        self._state = state
        self._notes = notes
        self._written = self._state.written()
        self._private = store.private_notes()
        self._left_out = _left_out(notes, self._private)
        self._last = self._last_numbers()
        # The devices that nobody else writes for: each is one from now on.
        self._adopted = {*self._written.last}
        self._place = ""
        self.sent = 0
        self.received = 0
        self.remarks: list[str] = []

    def outcome(self, place: str, now: datetime, *, is_first: bool = False) -> Outcome:
        """Exchange events with the log at a place, keep the outcome and return it.

        Raises WrongPlace if the exchange `is_first` at its place.
        """
        self._place = place
        failure = ""
        try:
            self._run(place)
        except PapertuiError as error:
            if is_first and isinstance(error, WrongPlace):
                raise
            failure = str(error)
        except OSError as error:
            where = f" {shorten(safe_line(str(error.filename)), 80)}" if error.filename else ""
            failure = f"Cannot read or write{where}: {error.strerror or error}."
        moment = now.isoformat(timespec="seconds")
        outcome = Outcome(moment, self.sent, self.received, tuple(self.remarks), failure)
        if not _is_as_before(outcome, self._state.outcome()):
            self._state.set_outcome(outcome._asdict())
        return outcome

    def _run(self, place: str) -> None:
        if git.is_address(place) or git.is_bare_repository(Path(place)):
            self._run_with(
                WorkingCopy(working_copy_folder(self._store.path, self._state.name), place)
            )
            return
        folder = Path(place)
        if not folder.is_dir():
            sets_it = _SETS_PLACE[self._state.name]
            raise Refused(f"{folder} is gone: is the disk there? papertui {sets_it} sets it.")
        self.sent = self._write(folder)
        self._read(folder)

    def _run_with(self, copy: WorkingCopy) -> None:
        try:
            self._exchange_with(copy)
        except Broken:
            copy.make()
            self._exchange_with(copy)

    def _exchange_with(self, copy: WorkingCopy) -> None:
        commit = copy.fetch()
        if commit and commit == self._written.commit and self._has_sent_all():
            return
        try:
            self.sent = self._send(copy)
        except (Broken, WrongPlace):
            raise
        except PapertuiError:
            # What others sent comes in all the same.
            copy.reset()
            self._read(copy.folder, has_sent=False)
            raise
        self._read(copy.folder, copy.head())

    def _send(self, copy: WorkingCopy) -> int:
        """Send what the remote lacks and return the number of events."""
        for _ in range(MAX_TRIES):
            copy.reset()
            if not (number := self._write(copy.folder)):
                return 0
            copy.commit(quantity(number, "event"))
            if copy.push():
                return number
            copy.fetch()
        raise Refused("Others were faster five times: sync again soon.")

    def _last_numbers(self) -> dict[str, int]:
        """Return the devices to write for, each with the number of its last event.

        Nobody else writes for a database that was restored from a copy, nor for a journal that
        was imported from a file.
        """
        known = self._state.marked_devices()
        own = {*self._state.own_devices(), *self._written.last}
        return {
            device: last
            for device, last in self._state.devices().items()
            if (device in own or device not in known) and log_files.can_hold(device)
        }

    @cached_property
    def _marks(self) -> dict[str, Mark]:
        """The marks of all files, which may be thousands; a sync with nothing new needs none."""
        return self._state.marks()

    def _has_sent_all(self) -> bool:
        return self._last == self._written.last and self._left_out == self._written.left_out

    def _write(self, folder: Path) -> int:
        _check_kind(folder, self._state, self._place)
        folder = self._within(folder)
        return log_files.append(folder, self._missing(folder))

    def _within(self, place: Path) -> Path:
        """Return the folder of a place that holds the log: that of a group has one of its own."""
        if self._state.name != GROUP:
            return place
        folder = place / _GROUP_FOLDER
        if folder.is_symlink():
            raise Refused(f"{folder} is a link: put the folder itself there.")
        return folder

    def _missing(self, folder: Path) -> Iterator[Event]:
        """Yield the events that the log lacks."""
        for device, last in self._last.items():
            written = self._written.last.get(device)
            is_known = written is not None and self._left_out == self._written.left_out
            if is_known and log_files.is_as_marked(folder, device, self._marks):
                after, there = written or 0, set[str]()
            else:
                after, there = -1, log_files.ids_in(folder, device)
            for event in self._state.events(device, after, last):
                if event.id not in there and self._goes_out(event):
                    self._adopted.add(device)
                    yield event

    def _goes_out(self, event: Event) -> bool:
        if event.kind not in (journal.NOTE, journal.NOTE_REMOVED, journal.GROUP_NOTE):
            return True
        if event.kind == journal.GROUP_NOTE and not event.data.get("on"):
            return True  # it takes a text back and holds none
        return self._notes and event.data.get("note") not in self._private

    def _take_in(self, events: "Iterator[StoredEvent]") -> int:
        return self._store.merge_stored(events)

    def _read(self, folder: Path, commit: str = "", has_sent: bool = True) -> None:
        """Take in what is new, and keep how far the log is known, and that it has all of ours."""
        reading = LogReading(self._within(folder), self._marks)
        log = self._store.reading_log
        apart_before = log.notes_apart()
        self.received = self._take_in(self._noted(reading.events()))
        self.remarks += reading.remarks
        apart = [work for note, work in log.notes_apart().items() if note not in apart_before]
        self.remarks += [
            f"a note on {shorten(safe_line(self._store.works.title(work)), 60)} was changed on both"
            " sides: both texts are kept"
            for work in apart[:MAX_APART]
        ]
        own = {*self._state.own_devices(), *self._adopted}
        last = {device: last for device, last in self._last.items() if device in own}
        written = Written(last, self._left_out, commit) if has_sent else Written()
        if (self._marks, self._written) != (reading.marks, written):
            self._save(reading.marks, written)

    def _noted(self, events: "Iterator[StoredEvent]") -> "Iterator[StoredEvent]":
        """Yield events of the log, and note those of devices that are also written for here."""
        last, own = self._last, self._store.device
        for event in events:
            # Our own next one may have a lower number than a namesake's, and is to go out.
            if last.get(event.device, event.seq) < event.seq and event.device != own:
                last[event.device] = event.seq
            yield event

    def _save(self, marks: Mapping[str, Mark], written: Written) -> None:
        self._state.save(self._marks, marks, written)


def _left_out(notes: bool, private: Iterable[str]) -> str:
    """Return a name for what stays here: once that changes, all events are looked at again."""
    if not notes:
        return "notes"
    names = " ".join(sorted(private))
    return sha256(names.encode()).hexdigest()[:16] if names else ""


def working_copy_folder(database: Path, log: str = SYNC) -> Path:
    """Return the folder of a log's working copy: each database has its own, as each is a device."""
    return database.with_name(f"{database.name}.{log}")


@contextmanager
def alone(database: Path, wait: float) -> Iterator[None]:
    """Keep every other sync of a database out. Raises Refused if one still runs after a `wait`."""
    path, deadline = database.with_name(f"{database.name}.sync-lock"), time.monotonic() + wait
    try:
        file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused(f"Cannot write {path}: {error.strerror}.") from error
    try:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Refused("Another sync is still running; try again soon.") from None
                time.sleep(_RETRY_INTERVAL)
            except OSError:
                # A disk without locks. Two syncs at once write some lines twice, and lose none.
                break
        yield
    finally:
        os.close(file)
