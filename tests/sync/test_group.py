"""Three people who read together, through one repository."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.core.text import cells
from papertui.errors import Refused
from papertui.pages.group import board_details, board_page
from papertui.storage.edits import work_merge
from papertui.sync import group
from papertui.sync.group import join_group, leave_group, meet, sync_all
from papertui.sync.sync import kept_if_right, set_up, sync
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


@pytest.mark.parametrize("through", ["git", "folder"])
def test_neither_kind_of_log_is_taken_for_the_other(
    tmp_path: Path, device: DeviceMaker, through: str
) -> None:
    def place(name: str) -> Path:
        folder = tmp_path / name
        bare_repository(folder) if through == "git" else folder.mkdir()
        return folder

    ada, grace, own = device("Ada"), device("Grace"), device("own")
    club, shared = place("club"), place("shared")
    joins(ada, club, "Ada")
    own.store.record(journal.log_pass(ADAM, 2, TODAY))
    own.joins(shared)
    grace.store.record(journal.save_note(ADAM, "n", "Mine alone."))
    refusal = pytest.raises(Refused, match=f"{club} is the place of a reading group")
    with refusal, kept_if_right(grace.store.sync_state):
        set_up(grace.store, str(club))
        sync(grace.store, grace.clock(), is_first=True)
    with pytest.raises(Refused, match=f"{shared} is where somebody's devices sync"):
        join_group(grace.store, str(shared), "Grace", grace.clock(), False)
    # Nothing of a place that is wrong is kept.
    assert grace.store.sync_state.place() is grace.store.group_state.place() is None
    assert grace.store.group.name() == ""
    sent = [path.read_bytes() for path in club.rglob("*") if path.is_file()]
    assert not any(b"Mine alone." in content for content in sent)
    # Nor does the group's log grow by a second one.
    meets(ada)
    assert grace.store.reading_log.work(ADAM).readings == ()
    assert grace.store.group.members() == []


def test_a_device_that_knows_of_the_group_from_another_says_how_it_joins(
    tmp_path: Path, remote: Path, device: DeviceMaker
) -> None:
    (shared := tmp_path / "shared").mkdir()
    laptop, desktop = device("laptop"), device("desktop")
    joins(laptop, remote, "Ada")
    laptop.joins(shared)
    desktop.joins(shared)
    assert "this device has not joined yet" in board(desktop)
    assert 'group join PLACE --name "Ada" --again' in board(desktop)
    joins(desktop, remote, "Ada", again=True)
    assert "You are Ada; with you" in board(desktop)


def test_a_pass_of_a_work_that_was_merged_since_is_one_of_what_it_was_merged_into(
    remote: Path, device: DeviceMaker
) -> None:
    ada, grace = device("Ada"), device("Grace")
    joins(ada, remote, "Ada")
    joins(grace, remote, "Grace")
    ada.store.record(journal.add_work("mine", {"title": "Adam again", "kind": "paper"}))
    ada.store.record(journal.log_pass(ADAM, 1, TODAY))
    ada.store.record(journal.log_pass("mine", 2, TODAY))
    ada.store.record(work_merge(ada.store, "mine", ADAM))
    meets(ada, grace)
    passes = grace.store.group.of_work(ADAM).passes
    assert [(each.member, each.depth) for each in passes] == [("Ada", 1), ("Ada", 2)]


def test_a_group_that_is_gone_names_the_command_that_sets_its_place(
    tmp_path: Path, device: DeviceMaker
) -> None:
    (club := tmp_path / "club").mkdir()
    ada = device("Ada")
    joins(ada, club, "Ada")
    club.rename(tmp_path / "elsewhere")
    assert "papertui group join sets it" in meet(ada.store, ada.clock()).failure
    joins(ada, tmp_path / "elsewhere", "Ada", again=True)


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_group_that_another_device_left_is_left_here_too(
    tmp_path: Path, device: DeviceMaker, is_gone: bool
) -> None:
    club, shared = tmp_path / "club", tmp_path / "shared"
    club.mkdir()
    shared.mkdir()
    laptop, desktop, grace = device("laptop"), device("desktop"), device("Grace")
    joins(grace, club, "Grace")
    joins(laptop, club, "Ada")
    laptop.joins(shared)
    desktop.joins(shared)
    joins(desktop, club, "Ada", again=True)
    desktop.store.record(journal.log_pass(ADAM, 1, TODAY))
    meets(desktop, grace)
    assert grace.store.group.members() == ["Ada"]
    leave_group(laptop.store, laptop.clock() + timedelta(minutes=1))
    laptop.syncs()
    if is_gone:
        club.rename(tmp_path / "gone")
    else:
        # What cannot be told now is told later, before the group is forgotten.
        (other := club / "log").mkdir()
        assert sync_all(desktop.store, desktop.clock()).failure
        assert desktop.store.group_state.place() is not None
        other.rmdir()
    outcome = sync_all(desktop.store, desktop.clock())
    assert not outcome.failure
    assert desktop.store.group_state.place() is None
    if not is_gone:
        meets(grace)
        assert grace.store.group.members() == []


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
def test_a_name_that_is_none_is_refused(remote: Path, device: DeviceMaker, name: str) -> None:
    with pytest.raises(Refused):
        join_group(device("Ada").store, str(remote), name, device("b").clock(), False)
