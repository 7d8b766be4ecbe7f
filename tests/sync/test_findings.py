"""What the doctor finds about the sync, with what to do about it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.doctor import FINE, NOTE, WRONG, Finding, examine
from papertui.sync import sync
from tests.conftest import TODAY
from tests.support.devices import Device, copy_as_the_same

DeviceMaker = Callable[[str], Device]
HE = "he2015deep"


def found(device: Device, about: str = "sync") -> list[Finding]:
    findings = examine(device.store.path, device.clock())
    return [finding for finding in findings if finding.about == about]


def log_one(device: Device, depth: int = 1) -> None:
    device.store.record(journal.log_pass(HE, depth, TODAY))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


def states(device: Device) -> list[tuple[str, str]]:
    """Return the state and the text of each finding about a device's sync."""
    return [(finding.state, finding.says) for finding in found(device)]


def test_without_a_sync_there_is_no_finding_about_one(device: DeviceMaker) -> None:
    laptop = device("laptop")
    assert states(laptop) == []
    assert found(laptop, "group") == []


def test_a_sync_that_never_ran_failed_or_has_something_to_send_is_found(
    device: DeviceMaker, place: Path
) -> None:
    laptop = device("laptop")
    sync.set_up(laptop.store, str(place))
    assert states(laptop) == [(NOTE, "set up, but never synced")]
    laptop.syncs()
    ((state, says),) = states(laptop)
    assert (state, "nothing new" in says) == (FINE, True)
    log_one(laptop)
    assert states(laptop) == [(NOTE, "1 event not sent yet")]
    place.rename(place.with_name("away"))
    laptop.tries()
    ((_, failure), _) = states(laptop)
    assert "is gone: is the disk there?" in failure


def test_a_damaged_file_of_another_device_is_found(device: DeviceMaker, place: Path) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    for each in (laptop, desktop):
        log_one(each)
        each.joins(place)
    for file in place.glob("log/*/*.jsonl"):
        with file.open("ab") as log:
            log.write(b"nonsense\n")
    laptop.syncs()
    ((state, says),) = states(laptop)
    assert (state, says.partition(",")[0]) == (NOTE, "the log has 1 line without an event")
    assert desktop.store.device in says


def test_two_databases_with_one_id_are_found(
    device: DeviceMaker, place: Path, tmp_path: Path
) -> None:
    laptop = device("laptop")
    log_one(laptop)
    laptop.joins(place)
    (tmp_path / "twin").mkdir()
    copy_as_the_same(laptop.store, tmp_path / "twin" / "papertui.db")
    twin = device("twin")
    assert twin.store.device == laptop.store.device
    for each, depth in ((laptop, 2), (twin, 3), (laptop, 2)):
        log_one(each, depth)
        each.syncs()
    finding = found(laptop)[-1]
    assert finding.state == WRONG
    assert "another database uses this device's id" in finding.says
    assert "copy the database" in finding.do
