"""Devices that log, edit, undo, crash, are copied and have wrong clocks end with one journal.

The properties P1 to P11: convergence, nothing lost, loads that repeat and reorder, replays that
agree, damaged lines, a device twice, cuts at any step, versions never hidden, wrong clocks,
and kinds of events from a newer papertui.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from papertui.core import journal
from papertui.core.journal import Change
from papertui.errors import Refused
from papertui.storage.store import Store
from papertui.sync import log_files, sync
from papertui.sync.working_copy import WorkingCopy
from tests.conftest import FRIDAY, TODAY
from tests.support.clocks import StillClock
from tests.support.devices import Device, bare_repository, copy_as_the_same, git

WORKS = ("he2015deep", "kingma2014adam", "own-1a2b3c4d")
FIELDS = {"title": "A work of one's own", "kind": "paper"}
texts = st.lists(st.sampled_from(("one", "two", "three", "")), max_size=5).map("\n".join)
numbers = st.integers(0, 4)


class Cut(BaseException):
    """Takes the place of a kill: nothing of papertui's own catches it."""


def _cut_before(*_: Any) -> Any:
    raise Cut


def _torn(folder: Path, name: str, content: bytes) -> None:
    with (folder / name).open("ab") as file:
        file.write(content[: len(content) // 2])
    raise Cut


# What a sync does next when it is cut off.
CUTS = {
    "fetch": (WorkingCopy, "fetch", _cut_before),
    "append": (log_files, "_append", _torn),
    "commit": (WorkingCopy, "commit", _cut_before),
    "push": (WorkingCopy, "push", _cut_before),
    "merge": (Store, "merge_stored", _cut_before),
    "save": (sync.Exchange, "_save", _cut_before),
}


@contextmanager
def cut_off(step: str) -> Iterator[None]:
    owner, name, instead = CUTS[step]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, instead)
        try:
            yield
        except Cut:
            return


class Devices(RuleBasedStateMachine):
    """Some devices and the place where they meet, which is a repository or a folder."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(mkdtemp(prefix="papertui-"))
        self.devices: list[Device] = []
        self.ids: set[str] = set()
        self.refuses = self.with_git = False
        self.copies = 0

    def teardown(self) -> None:
        try:
            if self.devices:
                self.converge()
        finally:
            for device in self.devices:
                device.store.close()
            shutil.rmtree(self.root)

    @initialize(number=st.integers(3, 4), with_git=st.booleans())
    def meet(self, number: int, with_git: bool) -> None:
        self.with_git = with_git
        self.place = self.root / "place"
        if with_git:
            bare_repository(self.place)
        else:
            self.place.mkdir()
        for _ in range(number):
            self.add(self.new_path())

    def new_path(self) -> Path:
        return self.root / str(len(self.devices)) / "papertui.db"

    def add(self, path: Path) -> None:
        clock = StillClock(FRIDAY.replace(tzinfo=None).astimezone())
        self.devices.append(Device(path, clock))
        sync.set_up(self.devices[-1].store, str(self.place))

    def at(self, number: int) -> Device:
        return self.devices[number % len(self.devices)]

    def record(self, number: int, *changes: Change) -> None:
        device = self.at(number)
        device.store.record(*changes)
        self.note_ids(device)

    def note_ids(self, device: Device) -> None:
        self.ids |= {event.id for event in device.store.events()}

    @rule(number=numbers, work=st.sampled_from(WORKS), depth=st.sampled_from((1, 2, 3)))
    def log(self, number: int, work: str, depth: int) -> None:
        self.record(number, journal.log_pass(work, depth, TODAY))

    @rule(number=numbers, work=st.sampled_from(WORKS), text=texts)
    def write(self, number: int, work: str, text: str) -> None:
        """Edit the latest note, or write one."""
        notes = self.at(number).store.reading_log.work(work).notes
        bases = (*notes[0].others, notes[0].version) if notes else ()
        self.record(number, journal.save_note(work, f"note on {work}", text, bases))

    @rule(number=numbers, title=st.sampled_from(("Maps", "Atlases")))
    def add_own(self, number: int, title: str) -> None:
        self.record(number, journal.add_work(WORKS[-1], {**FIELDS, "title": title}))

    @rule(number=numbers)
    def undo(self, number: int) -> None:
        store = self.at(number).store
        try:
            store.undo(store.last_act())
        except Refused:
            return
        self.note_ids(self.at(number))

    @rule(number=numbers, work=st.sampled_from((None, *WORKS)))
    def do_what_a_newer_papertui_can(self, number: int, work: str | None) -> None:
        self.record(number, Change("of-a-newer-papertui", work, {"new": [1]}))

    @rule(number=numbers, days=st.sampled_from((-365, -1, 1, 365)))
    def set_the_clock(self, number: int, days: int) -> None:
        clock = self.at(number).clock
        assert isinstance(clock, StillClock)
        clock.passed += timedelta(days=days).total_seconds()

    @rule(number=numbers)
    def sync(self, number: int) -> None:
        outcome = self.at(number).tries()
        assert self.refuses or not outcome.failure, outcome.failure

    @rule(number=numbers, step=st.sampled_from(tuple(CUTS)))
    def cut(self, number: int, step: str) -> None:
        with cut_off(step):
            self.at(number).tries()

    @rule(number=numbers, as_the_same=st.booleans())
    def copy(self, number: int, as_the_same: bool) -> None:
        """Copy a database to another machine; two of one device are a fault of somebody's."""
        if len(self.devices) > 4:
            return
        original, path = self.at(number), self.new_path()
        path.parent.mkdir()
        if as_the_same:
            copy_as_the_same(original.store, path)
        else:
            shutil.copy(original.store.path, path)
        self.devices.append(Device(path, original.clock))

    @rule(
        which=st.integers(0, 20),
        line=st.sampled_from(
            (b"nonsense\n", b"<<<<<<< HEAD\n", b'{"event": {"id": "torn', b"\n", b"\xff\x00\n")
        ),
    )
    def spoil(self, which: int, line: bytes) -> None:
        """Write what is no event into a file of the log."""
        if path := self.a_file(which):
            with path.open("ab") as file:
                file.write(line)

    @rule(which=st.integers(0, 20), part=st.sampled_from((0.0, 0.5, 1.0)))
    def shorten(self, which: int, part: float) -> None:
        """Cut a file of the log, or delete it."""
        if path := self.a_file(which):
            content = path.read_bytes()
            if part == 1.0:
                path.unlink()
            else:
                path.write_bytes(content[: int(len(content) * part)])

    @rule(which=st.integers(0, 20))
    def make_a_conflict_copy(self, which: int) -> None:
        """Do what Syncthing does with the older of two versions."""
        if path := self.a_file(which):
            self.copies += 1
            name = f"{path.name[:7]}.sync-conflict-20261120-{self.copies:06}-ABCDEFG.jsonl"
            copy = path.with_name(name)
            path.replace(copy)

    def a_file(self, which: int) -> Path | None:
        """Return a file of the folder, or of a working copy."""
        number = which % len(self.devices)
        folder = self.place
        if self.with_git:
            folder = sync.working_copy_folder(self.devices[number].store.path)
        paths = sorted((folder / "log").glob("*/*.jsonl"))
        return paths[which % len(paths)] if paths else None

    @rule(number=numbers)
    def roll_the_remote_back(self, number: int) -> None:
        if self.with_git and (self.place / "refs/heads/main").exists():
            commits = git("-C", str(self.place), "rev-list", "main").split()
            commit = commits[number % len(commits)]
            git("-C", str(self.place), "update-ref", "refs/heads/main", commit)

    @rule(refuses=st.booleans())
    def refuse(self, refuses: bool) -> None:
        """Let the remote take nothing, or take all again."""
        if self.with_git and refuses != self.refuses:
            value = ["refs/heads/main" if refuses else "refs/heads/none"]
            git("-C", str(self.place), "config", "receive.hideRefs", *value)
            self.refuses = refuses

    def converge(self) -> None:
        """Sync all in turn, often enough that what was rolled back is written again."""
        self.refuse(False)
        for _ in range(3):
            for device in self.devices:
                device.syncs()
        first = self.devices[0]
        assert {event.id for event in first.store.events()} == self.ids
        states = [self.state(device.store) for device in self.devices]
        assert all(device.export() == first.export() for device in self.devices)
        assert all(state == states[0] for state in states)
        first.store.rebuild()
        assert self.state(first.store) == states[0]
        for device in self.devices:
            assert device.syncs()[1:3] == (0, 0)

    @staticmethod
    def state(store: Store) -> list[Any]:
        """Return what the journal comes to."""
        records = [store.reading_log.work(work) for work in WORKS]
        return [
            (sorted(record.readings), sorted(record.notes), store.works.title(work))
            for work, record in zip(WORKS, records, strict=True)
            if store.works.work(work)
        ]


# `make sync` runs 500 new examples.
EXAMPLES = {"short": 50, "fuzz": 500}.get(settings.get_current_profile_name(), 16)


@pytest.mark.hypothesis
def test_devices_that_meet_in_any_order_end_with_one_journal() -> None:
    steps = settings(max_examples=EXAMPLES, stateful_step_count=15)
    run_state_machine_as_test(Devices, settings=steps)
