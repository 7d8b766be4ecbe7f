"""A sync that is killed, finds no room, meets others, or is left alone for years."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from papertui.core import journal, journal_file, labels
from papertui.core.journal import Change
from papertui.core.journal_file import StoredEvent
from papertui.errors import Refused
from papertui.storage import backups
from papertui.storage import store as store_module
from papertui.sync import sync
from papertui.sync.working_copy import WorkingCopy
from tests.conftest import TODAY
from tests.support.clocks import StillClock
from tests.support.devices import Device, git
from tests.support.faults import fill_up, papertui, small_disk
from tests.support.parsed_lists import import_of

DeviceMaker = Callable[[str], Device]
HE, ADAM = "he2015deep", "kingma2014adam"
# Calls of a method of a sync end the process before they begin, as kill -9 does.
KILLED = """
import os, signal, sys
from pathlib import Path
from papertui.storage.store import Store
from papertui.storage.sync_state import SyncState
from papertui.sync import log_files, sync
from papertui.sync.working_copy import WorkingCopy
from papertui.system import clock, git
owner, name = sys.argv[2].split(".")
def end(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(globals()[owner], name, end)
with Store(Path(sys.argv[1])) as store:
    sync.sync(store, clock.now())
"""


def log_one(device: Device, work: str = HE) -> None:
    device.store.record(journal.log_pass(work, 1, TODAY))


@pytest.mark.parametrize(
    "step",
    [
        "WorkingCopy.fetch",
        "WorkingCopy.make",
        "WorkingCopy.reset",
        "log_files._append",
        "WorkingCopy.commit",
        "WorkingCopy.push",
        "Store.merge_stored",
        "SyncState.save",
        "SyncState.set_outcome",
    ],
)
def test_a_sync_killed_at_any_step_goes_on_with_the_next(
    remote: Path, device: DeviceMaker, step: str
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    log_one(desktop, ADAM)
    desktop.joins(remote)
    log_one(laptop)
    sync.set_up(laptop.store, str(remote))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(laptop.store.path), step])
    assert killed.returncode == -signal.SIGKILL
    laptop.syncs()
    desktop.syncs()
    assert laptop.export() == desktop.export()
    assert len(laptop.store.events()) == 2


@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock", "refs/heads/main.lock", "config.lock"])
def test_what_a_killed_git_left_is_mended(remote: Path, device: DeviceMaker, lock: str) -> None:
    laptop = device("laptop")
    log_one(laptop)
    laptop.joins(remote)
    (sync.working_copy_folder(laptop.store.path) / ".git" / lock).touch()
    log_one(laptop)
    assert laptop.syncs().sent == 1


@pytest.mark.parametrize("part", ["HEAD", "config", "index", "objects", "refs"])
def test_a_working_copy_that_is_damaged_is_made_again(
    remote: Path, device: DeviceMaker, part: str
) -> None:
    laptop = device("laptop")
    log_one(laptop)
    laptop.joins(remote)
    broken = sync.working_copy_folder(laptop.store.path) / ".git" / part
    if broken.is_dir():
        subprocess.run(["rm", "-r", str(broken)], check=True)
    else:
        broken.write_bytes(b"\x00garbage")
    log_one(laptop)
    assert laptop.syncs().sent == 1
    assert device("desktop").joins(remote).received == 2


def test_a_full_disk_is_said_and_loses_nothing(
    tmp_path: Path, device: DeviceMaker, remote: Path
) -> None:
    laptop = device("laptop")
    with small_disk(tmp_path / "disk", 400) as disk:
        log_one(laptop)
        laptop.joins(disk)
        filler = fill_up(disk)
        for _ in range(30):
            laptop.store.record(journal.save_note(HE, "n", "x" * 4000))
        assert "Cannot write" in laptop.tries().failure
        filler.unlink()
        laptop.syncs()
        desktop = device("desktop")
        desktop.joins(disk)
        assert desktop.export() == laptop.export()


def test_others_that_are_faster_are_fetched_and_the_push_is_tried_again(
    remote: Path, device: DeviceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    for each in (laptop, desktop):
        log_one(each)
        sync.set_up(each.store, str(remote))
    push = WorkingCopy.push
    others = iter([desktop])

    def slow_push(copy: WorkingCopy) -> bool:
        if other := next(others, None):
            other.syncs()
        return push(copy)

    monkeypatch.setattr(WorkingCopy, "push", slow_push)
    outcome = laptop.syncs()
    assert (outcome.sent, outcome.received) == (1, 1)
    assert len(git("-C", str(remote), "rev-list", "main").split()) == 2


def test_a_push_that_is_always_too_late_is_given_up(
    remote: Path, device: DeviceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = device("laptop")
    log_one(laptop)
    sync.set_up(laptop.store, str(remote))
    with monkeypatch.context() as patch:
        patch.setattr(WorkingCopy, "push", lambda _: False)
        assert "faster five times" in laptop.tries().failure
    assert laptop.syncs().sent == 1


def test_two_syncs_of_one_database_wait_for_each_other(remote: Path, device: DeviceMaker) -> None:
    laptop = device("laptop")
    sync.set_up(laptop.store, str(remote))
    with sync.alone(laptop.store.path, 0):
        begun = time.monotonic()
        result = papertui("--db", str(laptop.store.path), "sync", "status")
        assert result.returncode == 0
        with pytest.raises(Refused, match="still running"):
            sync.sync(laptop.store, laptop.clock(), wait=0.3)
        assert time.monotonic() - begun > 0.3
    laptop.syncs()


def test_a_restored_copy_goes_on_as_another_device_and_sends_what_the_first_had_not(
    remote: Path, device: DeviceMaker, tmp_path: Path
) -> None:
    laptop = device("laptop")
    log_one(laptop)
    laptop.joins(remote)
    log_one(laptop, ADAM)
    copy = tmp_path / "restored" / "papertui.db"
    copy.parent.mkdir()
    copy.write_bytes(laptop.store.path.read_bytes())
    restored = device("restored")
    assert restored.store.device != laptop.store.device
    assert restored.syncs().sent == 1
    assert device("desktop").joins(remote).received == 2
    # The first device finds what it would have sent.
    assert laptop.syncs()[1:3] == (0, 0)


@pytest.mark.parametrize("through", ["git", "folder"])
def test_a_new_device_starts_from_a_copy_that_is_checked_against_the_log(
    remote: Path, device: DeviceMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, through: str
) -> None:
    place = remote if through == "git" else tmp_path / "folder"
    place.mkdir(exist_ok=True)
    laptop, third = device("laptop"), device("third")
    for each in (laptop, third, laptop):
        log_one(each)
        each.joins(place)
    backups.copy(laptop.store.path, tmp_path / "copy.db")
    log_one(third, ADAM)
    third.syncs()
    (tmp_path / "new").mkdir()
    (tmp_path / "copy.db").rename(tmp_path / "new" / "papertui.db")
    new = device("new")
    read: list[bytes] = []
    parse_line = journal_file.parse_line

    def count(source: bytes) -> StoredEvent:
        read.append(source)
        return parse_line(source)

    monkeypatch.setattr(journal_file, "parse_line", count)
    # The digests of the files say how far the copy knows them; its own are looked through.
    assert new.joins(place)[1:3] == (0, 1)
    assert sum(third.store.device.encode() in source for source in read) == 1
    assert new.export() == third.export()


@pytest.mark.parametrize("through", ["git", "folder"])
def test_a_copy_on_another_machine_sends_nothing_of_the_first_again(
    remote: Path, device: DeviceMaker, tmp_path: Path, through: str
) -> None:
    place = remote if through == "git" else tmp_path / "folder"
    place.mkdir(exist_ok=True)
    laptop = device("laptop")
    log_one(laptop)
    laptop.joins(place)
    copy = tmp_path / "copy" / "papertui.db"
    copy.parent.mkdir()
    copy.write_bytes(laptop.store.path.read_bytes())
    desktop = device("copy")
    for _ in range(2):
        log_one(laptop, ADAM)
        laptop.syncs()
        assert desktop.syncs()[1:3] == (0, 1)
        assert desktop.syncs()[1:3] == (0, 0)
    assert desktop.export() == laptop.export()


def test_a_journal_imported_from_a_file_goes_on_to_the_others(
    remote: Path, device: DeviceMaker
) -> None:
    laptop, old = device("laptop"), device("old")
    log_one(old)
    laptop.store.merge(old.store.events())
    assert laptop.joins(remote).sent == 1
    log_one(old, ADAM)
    laptop.store.merge(old.store.events())
    assert laptop.syncs().sent == 1
    assert device("desktop").joins(remote).received == 2


def test_a_repository_that_was_made_again_is_filled_again(
    remote: Path, device: DeviceMaker
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    for each in (laptop, desktop):
        log_one(each)
        each.joins(remote)
    subprocess.run(["rm", "-r", str(remote)], check=True)
    git("init", "--quiet", "--bare", str(remote))
    laptop.syncs()
    desktop.syncs()
    assert device("third").joins(remote).received == 2


@pytest.mark.parametrize("days", [-365, 365])
def test_a_clock_a_year_off_changes_nothing_but_the_order(
    remote: Path, device: DeviceMaker, days: int
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    desktop.store.clock = StillClock(laptop.clock() + timedelta(days=days))
    log_one(desktop)
    desktop.joins(remote)
    laptop.joins(remote)
    log_one(laptop)
    laptop.syncs()
    desktop.syncs()
    assert laptop.export() == desktop.export()
    # What was done after it was seen comes after it.
    assert [event.device for event in laptop.store.events()] == [
        desktop.store.device,
        laptop.store.device,
    ]


def test_lists_works_edits_ratings_and_triage_travel_once(
    remote: Path, device: DeviceMaker
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    own = {"map-00000001": {"title": "Folding maps", "kind": "paper"}}
    laptop.store.record(import_of("Maps", {"Paper": ["map-00000001", HE]}, own))
    desktop.store.record(import_of("Maps", {"Paper": ["map-00000001"]}, own))
    desktop.store.record(journal.add_work("own-00000001", {"title": "Mine", "kind": "paper"}))
    desktop.store.record(journal.edit_work("own-00000001", {"year": 2024}))
    laptop.store.record(journal.log_pass(HE, 2, TODAY))
    laptop.store.record(journal.rate_card(HE, "", TODAY, 3, {"retention": 0.9}))
    for each in (laptop, desktop):
        each.store.record(journal.see_papers(TODAY, ["2611.00001", "2611.00002"]))
        each.joins(remote)
    laptop.syncs()
    assert laptop.export() == desktop.export()
    for store in (laptop.store, desktop.store):
        assert store.reading_log.between("scanned", TODAY, TODAY) == 2
        assert store.works.title("own-00000001") == "Mine"
        assert store.works.title("map-00000001") == "Folding maps"


def test_a_large_import_travels(remote: Path, device: DeviceMaker) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    works = {
        f"work{number}-{number:08x}": {
            "title": f"Title {number}", "kind": "paper", "summary": "words " * 300,
        }
        for number in range(1000)
    }  # fmt: skip
    laptop.store.record(import_of("All", {"One": [*works]}, works))
    laptop.joins(remote)
    assert desktop.joins(remote).received == 1
    assert desktop.store.works.title("work7-00000007") == "Title 7"


def test_notes_that_are_kept_off_never_reach_a_log(remote: Path, device: DeviceMaker) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    laptop.store.record(journal.log_pass(HE, 1, TODAY), journal.save_note(HE, "n", "Mine."))
    sync.set_up(laptop.store, str(remote))
    laptop.syncs(notes=False)
    laptop.store.record(journal.remove_note(HE, "n"))
    laptop.syncs(notes=False)
    assert "Mine." not in git("-C", str(remote), "log", "-p", "main")
    desktop.joins(remote)
    assert [event.kind for event in desktop.store.events()] == [journal.PASS]
    # Once they may go out, those from before do too.
    assert laptop.syncs().sent == 2
    assert desktop.syncs().received == 2


def test_a_private_note_never_reaches_a_log_and_may_later(
    remote: Path, device: DeviceMaker
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    laptop.store.record(journal.save_note(HE, "n", "Mine."), journal.keep_private(HE, "n", True))
    laptop.store.record(journal.save_note(HE, "m", "Everyone's."))
    laptop.joins(remote)
    laptop.store.record(journal.save_note(HE, "n", "Still mine.", ()))
    laptop.syncs()
    desktop.joins(remote)
    assert [note.body for note in desktop.store.reading_log.work(HE).notes] == ["Everyone's."]
    laptop.store.record(journal.keep_private(HE, "n", False))
    laptop.syncs()
    desktop.syncs()
    assert laptop.export() == desktop.export()


def test_a_note_that_was_private_at_every_sync_was_never_sent(
    remote: Path, device: DeviceMaker
) -> None:
    laptop = device("laptop")
    laptop.store.record(journal.save_note(HE, "n", "Mine."))
    laptop.store.record(journal.keep_private(HE, "n", True))
    laptop.joins(remote)
    laptop.store.record(journal.keep_private(HE, "n", False))
    assert sync.sent_versions(laptop.store, "n") == 0
    laptop.syncs()
    assert sync.sent_versions(laptop.store, "n") == 1


def test_a_note_made_private_after_it_was_sent_stays_where_it_is(
    remote: Path, device: DeviceMaker
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    laptop.store.record(journal.save_note(HE, "n", "Seen."))
    assert sync.sent_versions(laptop.store, "n") == 0
    laptop.joins(remote)
    desktop.joins(remote)
    assert sync.sent_versions(laptop.store, "n") == 1
    laptop.store.record(journal.keep_private(HE, "n", True))
    laptop.store.record(journal.save_note(HE, "n", "Unseen.", ("x",)))
    laptop.syncs()
    desktop.syncs()
    bodies = [note.body for note in desktop.store.reading_log.work(HE).notes]
    assert bodies == ["Seen."]


def test_a_note_may_have_been_sent_where_the_log_is_out_of_reach(
    tmp_path: Path, device: DeviceMaker
) -> None:
    laptop, place = device("laptop"), tmp_path / "stick"
    place.mkdir()
    laptop.store.record(journal.save_note(HE, "n", "Seen."))
    laptop.joins(place)
    place.rename(tmp_path / "elsewhere")
    laptop.store.record(journal.save_note(HE, "m", "Unseen."))
    seen, unseen = (sync.sent_versions(laptop.store, note) for note in "nm")
    assert (seen, unseen) == (None, 0)
    assert "; what was sent before stays with the others" in labels.privacy(True, seen)
    assert "with the others" not in labels.privacy(True, unseen)


def test_what_was_copied_of_an_earlier_place_says_nothing_of_one_that_is_gone(
    remote: Path, tmp_path: Path, device: DeviceMaker
) -> None:
    laptop, place = device("laptop"), tmp_path / "stick"
    place.mkdir()
    laptop.joins(remote)
    laptop.joins(place)
    laptop.store.record(journal.save_note(HE, "n", "Seen."))
    laptop.syncs()
    place.rename(tmp_path / "elsewhere")
    assert sync.sent_versions(laptop.store, "n") is None


def test_a_journal_joined_in_steps_is_the_same(
    device: DeviceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, one, two = device("laptop"), device("one"), device("two")
    store = laptop.store
    own = {"map-00000001": {"title": "Folding maps", "kind": "paper"}}
    store.record(import_of("Maps", {"Paper": ["map-00000001", HE]}, own))
    for work in (HE, ADAM, "map-00000001"):
        log_one(laptop, work)
        store.record(journal.save_note(work, f"n{work}", "Text."))
    store.undo(store.last_act())
    store.record(journal.add_work("own-00000001", {"title": "Mine", "kind": "paper"}))
    store.record(journal.merge_works("own-00000001", ADAM))
    store.record(Change("of-a-newer-papertui", HE, {}), journal.set_goal("titles", 9, TODAY))
    number = one.store.merge(store.events())
    monkeypatch.setattr(store_module, "STEP_EVENTS", 1)
    assert two.store.merge(store.events()) == number
    assert one.export() == two.export() == laptop.export()
    for work in (HE, ADAM, "map-00000001"):
        assert one.store.reading_log.work(work) == two.store.reading_log.work(work)
    assert two.store.merge(store.events()) == 0
