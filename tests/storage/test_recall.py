"""The cards in the store: due, undone, redone, joined from two devices, written again."""

from datetime import date, timedelta
from pathlib import Path

from papertui.core import journal
from papertui.core.journal import Change
from papertui.core.recall import AGAIN, GOOD, HARD, INSIGHT, card_key, scheduling
from papertui.storage.edits import work_merge
from papertui.storage.recall_cards import FORECAST_DAYS, RecallCounts
from papertui.storage.store import Store
from tests.conftest import TODAY
from tests.support.fresh_database import fresh_database

ATTENTION, RESNET, ADAM = "vaswani2017attention", "he2015deep", "kingma2014adam"
WHY = card_key("Why?")


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def rate(work: str, day: date, rating: int, card: str = INSIGHT) -> Change:
    return journal.rate_card(work, card, day, rating, scheduling((), 0.9).as_json())


def due(store: Store, day: date = TODAY) -> list[tuple[str, str]]:
    return [(each.work, each.card.key) for each in store.recall.due(day, 20)]


def test_a_card_is_due_the_day_after_its_pass_and_gone_once_it_is_rated(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, before(1)))
    assert due(store, before(1)) == []
    assert due(store) == [(ATTENTION, INSIGHT)]
    assert store.reading_log.cards_due(TODAY) == 1
    store.record(rate(ATTENTION, TODAY, GOOD))
    assert due(store) == []
    assert store.recall.next_due(TODAY) == (before(-2), 1)
    assert due(store, before(-2)) == [(ATTENTION, INSIGHT)]


def test_the_most_forgotten_come_first_and_those_never_rated_last(store: Store) -> None:
    for work in (ATTENTION, RESNET, ADAM):
        store.record(journal.log_pass(work, 2, before(60)))
    store.record(rate(ATTENTION, before(50), GOOD), rate(ATTENTION, before(48), GOOD))
    store.record(rate(RESNET, before(48), HARD))
    assert [work for work, _ in due(store)] == [RESNET, ATTENTION, ADAM]
    assert len(store.recall.due(TODAY, 2)) == 2


def test_undo_takes_a_rating_back_and_redo_brings_it(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, before(3)))
    store.record(rate(ATTENTION, before(2), GOOD))
    (card,) = store.recall.of_work(ATTENTION, TODAY)
    act = store.record(rate(ATTENTION, TODAY, AGAIN))
    assert act.words == "rating of Attention Is All You Need"
    assert store.recall.of_work(ATTENTION, TODAY) != [card]
    store.undo(act)
    assert store.recall.of_work(ATTENTION, TODAY) == [card]
    assert due(store) == [(ATTENTION, INSIGHT)]
    store.redo()
    assert due(store) == []


def test_what_is_stopped_is_not_asked_until_it_is_started(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, before(3)))
    store.record(journal.switch_card(ATTENTION, INSIGHT, TODAY, on=False))
    assert (due(store), store.reading_log.cards_due(TODAY)) == ([], 0)
    store.record(journal.switch_card(ATTENTION, INSIGHT, TODAY, on=True))
    assert due(store) == [(ATTENTION, INSIGHT)]


def test_a_card_of_a_dropped_work_is_not_asked_until_the_work_is_taken_up(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, before(3)))
    store.record(journal.drop(ATTENTION, "known by heart"))
    assert (due(store), store.reading_log.cards_due(TODAY)) == ([], 0)
    store.record(journal.take_up(ATTENTION))
    assert due(store) == [(ATTENTION, INSIGHT)]


def test_a_question_in_a_note_is_a_card_of_its_own(store: Store) -> None:
    store.record(journal.save_note(ATTENTION, "n", "Q: Why?\nSo."), now=store.clock())
    (card,) = store.recall.due(before(-1), 20)
    assert (card.work, card.card.question, card.card.answer) == (ATTENTION, "Why?", "So.")
    store.record(rate(ATTENTION, before(-1), GOOD, WHY))
    store.record(journal.remove_note(ATTENTION, "n"))
    assert due(store, before(-90)) == []


def test_a_note_at_night_belongs_to_the_reading_day_before(store: Store) -> None:
    night = store.clock().replace(hour=1)
    store.record(journal.save_note(ATTENTION, "n", "Q: Why?\nSo."), now=night)
    assert due(store, before(1)) == []
    assert due(store) == [(ATTENTION, WHY)]


def test_ratings_of_two_devices_are_joined_in_any_order(store: Store, tmp_path: Path) -> None:
    with Store(fresh_database(tmp_path / "other.db"), clock=store.clock) as other:
        store.record(journal.log_pass(ATTENTION, 2, before(30)))
        other.merge(store.events())
        store.record(rate(ATTENTION, before(20), GOOD))
        other.record(rate(ATTENTION, before(25), HARD))
        undone = other.record(rate(ATTENTION, before(24), AGAIN))
        store.record(rate(ATTENTION, before(10), GOOD))
        for one, two in ((store, other), (other, store)):
            one.merge(two.events())
        other.undo(undone)
        store.merge(other.events())
        cards = store.recall.of_work(ATTENTION, TODAY)
        assert cards == other.recall.of_work(ATTENTION, TODAY)
        assert cards[0].card.ratings == 3
        store.rebuild()
        assert store.recall.of_work(ATTENTION, TODAY) == cards


def test_a_work_that_is_merged_brings_its_ratings(store: Store) -> None:
    own = "my-attention-00000000"
    store.record(journal.add_work(own, {"title": "My Attention", "kind": "paper"}))
    store.record(journal.log_pass(own, 2, before(9)), rate(own, before(8), GOOD))
    (card,) = store.recall.of_work(own, TODAY)
    act = store.record(work_merge(store, own, ATTENTION))
    (merged,) = store.recall.of_work(ATTENTION, TODAY)
    assert (merged.card, store.recall.of_work(own, TODAY)) == (card.card, [])
    store.undo(act)
    assert store.recall.of_work(own, TODAY) == [card]
    assert store.recall.of_work(ATTENTION, TODAY) == []


def test_counts_tell_what_is_known_due_and_forgotten_and_what_comes(store: Store) -> None:
    assert store.recall.counts(TODAY) is None
    for work in (ATTENTION, RESNET, ADAM, "hu2021lora"):
        store.record(journal.log_pass(work, 2, before(20)))
    store.record(journal.log_pass("gu2023mamba", 2, TODAY))
    for work, rating in ((ATTENTION, GOOD), (RESNET, AGAIN), (ADAM, GOOD)):
        store.record(rate(work, before(9), GOOD), rate(work, TODAY, rating))
    counts = store.recall.counts(TODAY)
    assert counts is not None
    assert counts[:6] == RecallCounts(1, 2, 1, 1, 3, 2, ())[:6]
    assert counts.retention == 2 / 3
    assert len(counts.forecast) == FORECAST_DAYS
    # The overdue one today; the new one, and the forgotten one, tomorrow.
    assert counts.forecast[:2] == (1, 2)
