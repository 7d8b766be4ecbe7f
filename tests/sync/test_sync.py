import errno
import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.sync import sync
from papertui.system import git
from tests.conftest import TODAY
from tests.support.devices import Device, bare_repository

DeviceMaker = Callable[[str], Device]


def test_two_devices_end_with_the_same_journal(remote: Path, device: DeviceMaker) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    laptop.store.record(journal.log_pass("he2016", 1, TODAY))
    desktop.store.record(journal.save_note("he2016", "n1", "Depth hurts."))
    assert laptop.joins(remote).sent == 1
    assert desktop.joins(remote)[1:3] == (1, 1)
    assert laptop.syncs().received == 1
    assert laptop.export() == desktop.export()
    assert len(laptop.store.events()) == 2


def test_a_sync_names_the_note_that_was_changed_on_both_sides(
    remote: Path, device: DeviceMaker
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    first = laptop.store.record(journal.save_note("he2016", "n", "Depth.")).versions
    laptop.joins(remote)
    assert desktop.joins(remote).remarks == ()
    for each, text in ((laptop, "Depth hurts."), (desktop, "Depth helps.")):
        each.store.record(journal.save_note("he2016", "n", text, first))
    assert laptop.syncs().remarks == ()
    for each in (desktop, laptop):
        (remark,) = each.syncs().remarks
        assert remark.startswith("a note on ")
        assert remark.endswith("was changed on both sides: both texts are kept")
        assert each.syncs().remarks == ()


def test_a_folder_that_another_program_keeps_in_step_does_as_well(
    tmp_path: Path, device: DeviceMaker
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    laptop, desktop = device("laptop"), device("desktop")
    laptop.store.record(journal.log_pass("he2016", 1, TODAY))
    laptop.joins(folder)
    assert desktop.joins(folder).received == 1
    assert laptop.export() == desktop.export()


def test_a_sync_with_nothing_new_changes_nothing(remote: Path, device: DeviceMaker) -> None:
    laptop = device("laptop")
    laptop.store.record(journal.log_pass("he2016", 1, TODAY))
    laptop.joins(remote)
    assert laptop.syncs().words == "Synced: nothing new"


def test_without_a_place_a_sync_says_how_to_set_one(device: DeviceMaker) -> None:
    with pytest.raises(sync.NotSetUp, match="sync init"):
        device("laptop").tries()


def test_a_sync_goes_to_the_place_that_was_set_last(
    remote: Path, device: DeviceMaker, tmp_path: Path
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    laptop.store.record(journal.log_pass("he2016", 1, TODAY))
    laptop.joins(remote)
    other = bare_repository(tmp_path / "other.git")
    assert laptop.joins(other).sent == 1
    laptop.store.record(journal.log_pass("he2016", 2, TODAY))
    laptop.syncs()
    assert desktop.joins(other).received == 2


def test_a_disk_without_locks_and_a_place_that_cannot_be_read_end_no_sync_in_a_crash(
    remote: Path, device: DeviceMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    laptop = device("laptop")
    laptop.store.record(journal.log_pass("he2016", 1, TODAY))
    assert laptop.joins(remote).sent == 1

    def deny(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", f"{path}\x1b[2J/HEAD")

    monkeypatch.setattr(git, "is_bare_repository", deny)
    failure = laptop.tries().failure
    assert "Permission denied" in failure
    assert failure.isprintable()
