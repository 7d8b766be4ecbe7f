"""Three people who read together, through one repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.core.text import cells
from papertui.errors import Refused
from papertui.pages.group import board_details, board_page
from papertui.sync import group
from papertui.sync.group import join_group, leave_group, meet
from tests.conftest import TODAY
from tests.support.devices import Device, bare_repository

DeviceMaker = Callable[[str], Device]
ADAM, ATTENTION = "kingma2014adam", "vaswani2017attention"


def joins(device: Device, place: Path, name: str, again: bool = False) -> None:
    outcome = join_group(device.store, str(place), name, device.clock(), again)
    assert not outcome.failure, outcome.failure


def meets(*devices: Device) -> None:
    for device in (*devices, *devices):
        outcome = meet(device.store, device.clock())
        assert not outcome.failure, outcome.failure


def board(device: Device, list_key: str = "deep-learning-papers", width: int = 80) -> str:
    details = board_details(device.store, Config(), TODAY, list_key)
    lines = [line.text for line in board_page(details, width)]
    assert max(map(cells, lines)) <= width
    return "\n".join(lines)


@pytest.mark.parametrize("through", ["git", "folder"])
def test_the_board_of_three_people_says_who_read_what(
    tmp_path: Path, device: DeviceMaker, through: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However many events a member has, few are held at a time.
    monkeypatch.setattr(group, "STEP_EVENTS", 2)
    place = tmp_path / "group"
    bare_repository(place) if through == "git" else place.mkdir()
    ada, grace, alan = (device(name) for name in ("Ada", "Grace", "Alan"))
    for each, name in ((ada, "Ada"), (grace, "Grace"), (alan, "Alan")):
        joins(each, place, name)
    ada.store.record(journal.log_pass(ATTENTION, 2, TODAY))
    grace.store.record(journal.log_pass(ATTENTION, 1, TODAY))
    grace.store.record(journal.promise(ADAM, TODAY))
    meets(ada, grace, alan)
    page = board(alan)
    assert "You are Alan; with you: Ada, Grace." in page
    assert "Ada second pass today · Grace first pass today" in page
    assert "Grace explains it today" in page
    # What is of now is above the works of the list, or beside them.
    assert page.index("This week") < page.index("Who explains") < page.index("In Deep Learning")
    details = board_details(alan.store, Config(), TODAY, "deep-learning-papers")
    wide = [line.text for line in board_page(details, 197, beside=True)]
    assert any("This week" in line and "In Deep Learning" in line for line in wide)
    assert "you" not in page.split("This week")[1].split("Who explains")[0]
    assert "Grace first pass today · you second pass today" in board(ada)
    assert not alan.store.reading_log.work(ATTENTION).readings


def test_a_meeting_with_nothing_new_changes_nothing(remote: Path, device: DeviceMaker) -> None:
    ada = device("Ada")
    joins(ada, remote, "Ada")
    assert meet(ada.store, ada.clock()).words == "Synced: nothing new"


def test_a_name_that_is_taken_is_refused_unless_it_is_the_reader(
    remote: Path, device: DeviceMaker
) -> None:
    laptop, desktop = device("laptop"), device("desktop")
    joins(laptop, remote, "Ada")
    with pytest.raises(Refused, match="--again"):
        joins(desktop, remote, "ada")
    assert desktop.store.group_state.place() is None
    joins(desktop, remote, "Ada", again=True)
    desktop.store.record(journal.log_pass(ADAM, 1, TODAY))
    grace = device("Grace")
    joins(grace, remote, "Grace")
    meets(laptop, desktop, grace)
    assert grace.store.group.members() == ["Ada"]
    assert "Ada first pass today" in board(grace)


def test_who_leaves_keeps_nothing_of_the_group(remote: Path, device: DeviceMaker) -> None:
    ada, grace = device("Ada"), device("Grace")
    joins(ada, remote, "Ada")
    joins(grace, remote, "Grace")
    ada.store.record(journal.log_pass(ADAM, 1, TODAY))
    meets(ada, grace)
    leave_group(grace.store, grace.clock())
    meets(ada)
    assert ada.store.group.members() == []
    assert not grace.store.group.of_work(ADAM).passes
    assert "You are in no reading group" in board(grace)


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
def test_a_name_that_is_none_is_refused(remote: Path, device: DeviceMaker, name: str) -> None:
    with pytest.raises(Refused):
        join_group(device("Ada").store, str(remote), name, device("b").clock(), False)
