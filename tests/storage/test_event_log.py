"""Two journals are one by the union of their events, in any order and any number of times."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal, journal_file
from papertui.core import journal_file as written
from papertui.core.journal import Change, Event
from papertui.core.replay import Imported, replay_imports
from papertui.errors import Refused
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from tests.core.test_journal import DAY, WORKS, changes, rows_of
from tests.support.drafts import draft_texts
from tests.support.endurance import examples
from tests.support.fresh_database import fresh_database
from tests.support.parsed_lists import import_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)

Step = list[Change] | str
histories = st.lists(
    st.lists(changes, min_size=1, max_size=3) | st.sampled_from(["undo", "redo"]), max_size=10
)


@contextmanager
def devices(number: int) -> Iterator[list[Store]]:
    """Open the databases of some devices; a copy takes a name of its own."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.db" for name in range(number)]
        stores = [Store(fresh_database(path), busy_timeout=0) for path in paths]
        try:
            yield stores
        finally:
            for store in stores:
                store.close()


def play(store: Store, history: Sequence[Step]) -> None:
    for minutes, step in enumerate(history):
        now = NOW + timedelta(minutes=minutes)
        with suppress(Refused):
            if step == "undo":
                store.undo(store.last_act(), now)
            elif step == "redo":
                store.redo(now)
            else:
                store.record(*step, now=now)


def tables(store: Store) -> dict[str, list[Any]]:
    return rows_of(store.path)


def exported(store: Store) -> str:
    return written.document(store.events(), {}, store.settings(), NOW)


@given(history=histories)
@examples(25)
def test_an_export_taken_into_an_empty_database_gives_the_same(history: list[Step]) -> None:
    with devices(2) as (here, there):
        play(here, history)
        events = journal_file.events(exported(here))
        assert there.merge(events) == len(here.events())
        assert there.events() == here.events()
        same = tables(here)
        assert tables(there) == same
        assert exported(there) == exported(here)
        for work in WORKS:
            assert there.reading_log.work(work) == here.reading_log.work(work)
            assert there.versions(work, "n") == here.versions(work, "n")
        with pytest.raises(Refused, match="nothing to undo"):
            there.last_act()
        there.undo(there.record(journal.log_pass(WORKS[0], 3, DAY)))
        assert tables(there) == {**same, "undone": tables(there)["undone"]}
        assert there.merge(events) == 0


@given(histories, histories, st.randoms())
@examples(25)
def test_journals_joined_in_any_order_and_twice_are_the_same(
    mine: list[Step], yours: list[Step], chance: Any
) -> None:
    with devices(4) as (one, two, third, fourth):
        play(one, mine)
        play(two, yours)
        ours, theirs = one.events(), two.events()
        mixed = [*ours, *theirs, *ours[::2]]
        chance.shuffle(mixed)
        one.merge(theirs)
        two.merge(ours)
        for event in mixed:
            third.merge([event])
        fourth.merge(mixed[::2])
        fourth.merge(mixed)
        for store in (two, third, fourth):
            assert store.events() == one.events()
            assert tables(store) == tables(one)
        before = tables(one)
        one.rebuild()
        assert tables(one) == before
        play(one, ["undo", "redo"])
        same = tables(one)
        one.rebuild()
        assert tables(one) == same


def test_both_ends_of_a_device_that_went_on_twice_are_kept() -> None:
    with devices(2) as (here, there):
        here.record(journal.save_note(WORKS[0], "a", "one end"))
        (event,) = here.events()
        other = event._replace(id="other", data={**event.data, "note": "b", "body": "the other"})
        here.merge([other])
        there.merge([other, event])
        assert there.events() == here.events()
        assert {note.body for note in there.reading_log.work(WORKS[0]).notes} == {
            "one end",
            "the other",
        }


def test_an_event_that_is_here_already_is_left_as_it_is(store: Store) -> None:
    store.record(journal.save_note(WORKS[0], "a", "mine"))
    (event,) = store.events()
    assert store.merge([event._replace(data={**event.data, "body": "forged"})]) == 0
    assert store.events() == [event]


def test_an_undo_takes_back_what_came_before_and_what_comes_after_it() -> None:
    with devices(2) as (here, there):
        here.undo(here.record(journal.log_pass(WORKS[0], 2, DAY)))
        logged, undone = here.events()
        there.merge([undone])
        there.merge([logged])
        assert there.reading_log.work(WORKS[0]).readings == ()
        assert tables(there) == tables(here)


def test_while_events_are_staged_others_may_write(store: Store) -> None:
    with Store(store.path, busy_timeout=0) as other:

        def slowly() -> Iterator[Event]:
            for number in range(3):
                draft = Draft("d", WORKS[0], "n", (), f"typed {number}")
                assert other.drafts.save(draft)
                change = journal.log_pass(WORKS[0], 1, DAY)
                yield Event(
                    f"e{number}", "far", number, number, "2026-11-20T12:00", 0, "act",
                    change.kind, change.work, change.data,
                )  # fmt: skip

        assert store.merge(slowly()) == 3
        assert draft_texts(store) == ["typed 2"]
    assert len(store.reading_log.work(WORKS[0]).readings) == 3


def test_imports_joined_again_with_a_new_one_are_replayed_before_the_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with devices(2) as (one, other):
        one.record(import_of("Animals", {"A": ["adam"]}, {"adam": {"title": "A", "kind": "paper"}}))
        other.merge(one.events())
        one.record(import_of("Plants", {"P": ["adam"]}, {"adam": {"title": "A", "kind": "paper"}}))
        locked = []

        def fold(events: list[Event]) -> Imported:
            locked.append(other._db.connection.in_transaction)
            return replay_imports(events)

        monkeypatch.setattr("papertui.storage.projector.replay_imports", fold)
        other.merge(one.events())
        assert locked == [False]
        assert rows_of(other.path) == rows_of(one.path)


def test_a_join_cut_short_has_not_happened_and_can_be_made_again() -> None:
    with devices(2) as (here, there):
        play(here, [[journal.log_pass(work, 2, DAY)] for work in WORKS])
        events = here.events()

        def cut() -> Iterator[Event]:
            yield from events[:2]
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            there.merge(cut())
        assert there.events() == []
        assert there.merge(events) == 3
        assert tables(there) == tables(here)


def test_nonsense_in_the_right_form_is_kept_and_passed_over(store: Store) -> None:
    event = Event("e", "far", 1, 1, "2026-11-20T12:00", 0, "a", "pass", WORKS[0], {"depth": 9})
    odd = [
        event,
        event._replace(id="f", kind="undo", work=None, data={"act": {"a": [1]}}),
        event._replace(id="g", kind="note", data={"note": "n", "body": "\ud800"}),
        event._replace(id="h", kind="telepathy", work="", data={}),
        event._replace(id="i", kind="queued", data={"rank": float("inf")}),
    ]
    assert store.merge(odd) == 5
    assert [set(note.body) for note in store.reading_log.work(WORKS[0]).notes] == [{"\ufffd"}]
    before = tables(store)
    store.rebuild()
    assert tables(store) == before
    assert len(journal_file.events(exported(store).replace('"work": ""', '"work": null'))) == 5
