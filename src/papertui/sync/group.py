"""The exchange with the other members of a reading group, through a log of their own.

Each device shows what the reader shows, in its own folder of the log; what others show goes
into the group's tables and never into the journal.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from papertui.core.group import NO_GROUP
from papertui.core.journal import Event, be_member
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.storage.event_log import event_from
from papertui.storage.store import STEP_EVENTS, Store
from papertui.sync import log_files
from papertui.sync.sync import (
    LOCK_TIMEOUT,
    Exchange,
    NotSetUp,
    Outcome,
    alone,
    is_gone,
    kept_if_right,
    set_up,
    sync,
)

if TYPE_CHECKING:
    from papertui.core.journal_file import StoredEvent


def join_group(store: Store, place: str, name: str, now: datetime, again: bool) -> Outcome:
    """Join the group at a place by a name, and meet it.

    Raises Refused if it is no place, or if the name is no name or another member's; with
    `again` that is the reader on another device.
    """
    name = safe_line(name).strip()
    if not name:
        raise Refused("Say by which name the others know you: --name NAME.")
    change = be_member(name)
    before = store.group_state.place()
    with kept_if_right(store.group_state):
        set_up(store, place, store.group_state)
        outcome = meet(store, now, is_first=True)
    if not again and name.casefold() in map(str.casefold, store.group.members()):
        if before is None:
            _forget(store)
        raise Refused(
            f"{name} is in that group: choose another name, or add --again if that is you."
        )
    store.record(change, now=now)
    return outcome if outcome.failure else meet(store, now)


def leave_group(store: Store, now: datetime) -> None:
    """Leave the group and forget all that it shows.

    Raises NotSetUp if there is none, and Refused if the others could not be told.
    """
    if store.group_state.place() is None:
        raise NotSetUp(NO_GROUP)
    # Another device may have left for this one too, which then only has to tell the others.
    act = store.record(be_member(""), now=now) if store.group.name() else None
    outcome = meet(store, now)
    if outcome.failure and act:
        store.undo(act, now=now)
        raise Refused(f"{outcome.failure} The others still see you: leave again later.")
    _forget(store)


def _forget(store: Store) -> None:
    store.group.forget()
    store.group_state.set_place(None)


def meet(store: Store, now: datetime, *, is_first: bool = False) -> Outcome:
    """Show the group what is new here, and take in what is new there.

    Raises NotSetUp, Refused while another sync runs, and WrongPlace if it `is_first` there.
    """
    if (place := store.group_state.place()) is None:
        raise NotSetUp(NO_GROUP)
    with alone(store.path, LOCK_TIMEOUT):
        return _GroupExchange(store, store.group_state).outcome(place, now, is_first=is_first)


class _GroupExchange(Exchange):
    """One exchange with the group."""

    def _last_numbers(self) -> dict[str, int]:
        """Return the number of events in the journal, all of which this device shows."""
        return {self._store.device: self._store.count()}

    def _missing(self, folder: Path) -> Iterator[Event]:
        """Yield what the reader shows and this device's folder of the log lacks."""
        device, marks = self._store.device, self._marks
        if self._has_sent_all() and log_files.is_as_marked(folder, device, marks):
            return
        there = log_files.ids_in(folder, device)
        for event in self._store.group.shown():
            if event.id not in there:
                yield event._replace(device=device)

    def _take_in(self, events: "Iterator[StoredEvent]") -> int:
        own = set(self._state.devices()) | set(self._state.own_devices())
        received = 0
        for device, shown in groupby(map(event_from, events), key=lambda event: event.device):
            while device not in own and (batch := [*islice(shown, STEP_EVENTS)]):
                received += self._store.group.join(device, batch)
        return received


def sync_all(store: Store, now: datetime, notes: bool = True) -> Outcome:
    """Sync with the reader's other devices, and meet the group; either may not be set up.

    Raises NotSetUp if neither is, and Refused while another sync runs.
    """
    is_member = store.group_state.place() is not None
    if is_member and store.sync_state.place() is None:
        return meet(store, now)
    synced = sync(store, now, notes)
    if not is_member:
        return synced
    met, place = meet(store, now), store.group_state.place()
    # Another device may have left the group for this one too: the others are to know of it.
    if store.group.name() or (met.failure and place and not is_gone(place)):
        return synced.with_outcome(met)
    _forget(store)
    return synced
