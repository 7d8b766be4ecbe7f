"""What the members of a reading group see of each other."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.core.group import KINDS
from papertui.storage import edits
from papertui.storage.acts import Act
from papertui.storage.store import Store
from papertui.system.clock import Clock
from tests.conftest import TODAY
from tests.support.fresh_database import fresh_database

ADAM, ATTENTION = "kingma2014adam", "vaswani2017attention"
OWN = {"title": "A Work Nobody Else Has", "kind": "paper", "authors": ["Ada Example"], "year": 2026}
Member = Callable[[str], Store]


@pytest.fixture
def member(tmp_path: Path, clock: Clock) -> Iterator[Member]:
    """A function that opens the store of a member of the group."""
    with ExitStack() as stack:

        def open_store(name: str) -> Store:
            path = tmp_path / name / "papertui.db"
            fresh_database(path)
            store = stack.enter_context(Store(path, busy_timeout=0, clock=clock))
            store.record(journal.be_member(name))
            return store

        yield open_store


def meet(*stores: Store) -> None:
    """Show everyone what everyone shows."""
    for store in stores:
        for other in stores:
            if other is not store:
                store.group.join(other.device, other.group.shown())


def test_members_see_who_read_a_work_how_deeply_and_when(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.record(journal.log_pass(ADAM, 2, TODAY, minutes=90))
    meet(ada, grace)
    (made,) = grace.group.of_work(ADAM).passes
    assert (made.member, made.depth, made.read_on, made.work) == ("Ada", 2, TODAY, ADAM)


def test_the_passes_of_others_are_no_passes_of_the_reader(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.record(journal.log_pass(ADAM, 2, TODAY))
    before = grace.events()
    meet(ada, grace)
    assert grace.events() == before
    assert not grace.reading_log.work(ADAM).readings
    assert grace.rebuild() == len(before)
    assert grace.group.of_work(ADAM).passes


def test_an_undone_pass_is_gone_from_the_group(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    act = ada.record(journal.log_pass(ADAM, 2, TODAY))
    meet(ada, grace)
    ada.undo(act)
    meet(ada, grace)
    assert not grace.group.of_work(ADAM).passes
    ada.redo()
    meet(ada, grace)
    assert grace.group.of_work(ADAM).passes


def test_notes_minutes_and_sessions_stay_with_the_reader(member: Member) -> None:
    ada = member("Ada")
    ada.record(
        journal.log_pass(ADAM, 2, TODAY, 90, [(TODAY, 90)], {"draft": "my secret"}),
        journal.save_note(ADAM, "n", "my secret"),
        journal.drop(ATTENTION, "my secret"),
        journal.queue(ATTENTION, 1),
    )
    ada.undo(ada.record(journal.save_note(ADAM, "m", "my secret")))
    shown = list(ada.group.shown())
    assert {event.kind for event in shown} == {journal.MEMBER, journal.PASS}
    assert "secret" not in str(shown)
    assert "minutes" not in str(shown) and "sittings" not in str(shown)


def test_a_note_that_is_shown_is_the_one_of_that_moment(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.record(journal.show_note(ADAM, "n", "bias is corrected", 2))
    ada.record(journal.save_note(ADAM, "n", "and a later thought"))
    meet(ada, grace)
    ((who, note),) = grace.group.of_work(ADAM).notes
    assert (who, note.body, note.depth) == ("Ada", "bias is corrected", 2)
    ada.record(journal.show_note(ADAM, "n", "", 2, on=False))
    meet(ada, grace)
    assert not grace.group.of_work(ADAM).notes


def test_a_promise_holds_until_the_work_is_explained(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    thursday = TODAY + timedelta(days=6)
    ada.record(journal.promise(ADAM, thursday))
    meet(ada, grace)
    for store, who in ((ada, "you"), (grace, "Ada")):
        (promise,) = store.group.explanations(TODAY)
        assert (promise.member, promise.work, promise.day) == (who, ADAM, thursday)
        assert not promise.done
    ada.record(journal.share(ADAM, TODAY))
    meet(ada, grace)
    for store in (ada, grace):
        (explained,) = store.group.explanations(TODAY)
        assert explained.done and explained.day == TODAY


def test_a_work_is_the_same_by_its_identity_under_any_citekey(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.record(journal.add_work("ada-key", OWN), journal.log_pass("ada-key", 1, TODAY))
    grace.record(journal.add_work("grace-key", {**OWN, "title": "A work nobody else has."}))
    meet(ada, grace)
    (made,) = grace.group.of_work("grace-key").passes
    assert made.work == "grace-key"


def test_a_work_that_the_reader_does_not_have_is_on_the_board_by_its_title(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.record(journal.add_work("ada-key", OWN), journal.log_pass("ada-key", 1, TODAY))
    meet(ada, grace)
    (made,) = grace.group.passes_between(TODAY, TODAY)
    assert (made.title, made.work) == (OWN["title"], None)


def test_two_devices_of_one_name_are_one_member(member: Member, clock: Clock) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.record(journal.log_pass(ADAM, 1, TODAY))
    for folder in ("laptop", "desktop"):
        grace.group.join(folder, ada.group.shown())
    assert grace.group.members() == ["Ada"]
    assert len(grace.group.of_work(ADAM).passes) == 1


def test_who_leaves_is_no_longer_shown(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.record(journal.log_pass(ADAM, 1, TODAY))
    meet(ada, grace)
    ada.record(journal.be_member(""))
    meet(ada, grace)
    assert grace.group.members() == []
    assert not grace.group.of_work(ADAM).passes


def test_joining_twice_or_in_another_order_changes_nothing(member: Member) -> None:
    ada, grace = member("Ada"), member("Grace")
    ada.undo(ada.record(journal.log_pass(ADAM, 1, TODAY)))
    ada.record(journal.log_pass(ADAM, 2, date(2026, 1, 5)), journal.promise(ATTENTION, None))
    events = list(ada.group.shown())
    for event in reversed(events):
        grace.group.join("ada", [event])
    assert grace.group.join("ada", events) == 0
    (made,) = grace.group.of_work(ADAM).passes
    assert made.depth == 2
    assert len(grace.group.of_work(ATTENTION).explanations) == 1


@pytest.mark.parametrize("kind", [*KINDS, "undo", "a kind of tomorrow"])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"about": "no object"},
        {"about": {"title": "\x1b[2J", "kind": "paper"}, "depth": 2, "read_on": "2026-11-20"},
        {
            "about": {"title": "T", "kind": "paper"},
            "depth": "deep",
            "read_on": 7,
            "day": [],
            "on": True,
        },
        {
            "about": {"title": "T", "kind": "paper"},
            "note": {},
            "body": None,
            "on": 1,
            "list": {"title": []},
        },
        {"name": {"a": 1}, "list": "a", "act": []},
    ],
)
def test_senseless_events_are_left_out(member: Member, kind: str, data: dict[str, object]) -> None:
    ada, grace = member("Ada"), member("Grace")
    (first, *_) = ada.group.shown()
    event = first._replace(id="x", kind=kind, work=ADAM, data=data, at=first.at + 1)
    grace.group.join("ada", [first, event, event._replace(id="y", work=None)])
    grace.group.passes_between(date.min, date.max)
    grace.group.explanations(date.min)
    assert "\x1b" not in str(grace.group.passes_between(date.min, date.max))


@pytest.mark.parametrize(
    "acts", ["show private", "show hide", "show undo", "show hide private", "show show undo undo"]
)
def test_a_text_that_is_taken_back_before_a_sync_is_never_sent(member: Member, acts: str) -> None:
    ada = member("Ada")
    shown: list[Act] = []
    ada.record(journal.save_note(ADAM, "n", "SECRET"))
    (note,) = ada.reading_log.work(ADAM).notes
    for act in acts.split():
        if act == "undo":
            ada.undo(shown.pop())
            continue
        on = act == "show"
        telling = [journal.show_note(ADAM, "n", "SECRET", 2, on=on)]
        telling = edits.privacy(ada, ADAM, note, True) if act == "private" else telling
        offer = journal.show_list({"title": "Club", "purpose": "SECRET"}, on=on)
        shown.append(ada.record(*telling, offer))
    assert "SECRET" not in str([*ada.group.shown()])
    ada.record(journal.keep_private(ADAM, "n", False))
    assert "SECRET" not in str([*ada.group.shown()])


def test_a_note_that_is_removed_is_taken_back_from_the_group_until_that_is_undone(
    member: Member,
) -> None:
    ada = member("Ada")
    ada.record(journal.save_note(ADAM, "n", "SECRET"))
    ada.record(journal.show_note(ADAM, "n", "SECRET", 2))
    removal = ada.finish([], journal.remove_note(ADAM, "n"))
    assert removal.words.startswith("removal of a note")
    assert "SECRET" not in str([*ada.group.shown()])
    ada.undo(removal)
    assert "SECRET" in str([*ada.group.shown()])
