"""Cards and their ratings, held against py-fsrs driven directly."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal, recall
from papertui.core.journal import Change
from papertui.core.recall import (
    EASY,
    GOOD,
    INSIGHT,
    Card,
    Rating,
    Scheduling,
    card_key,
    questions_in,
    replay_recall,
    scheduling,
)
from papertui.core.replay import replay_work
from papertui.errors import Refused
from tests.core.test_journal import event

DAY = date(2026, 11, 20)
SETTINGS = Scheduling(DEFAULT_PARAMETERS, 0.9)
ratings = st.sampled_from(recall.RATINGS)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def rate(day: date, rating: int, card: str = INSIGHT, settings: Scheduling = SETTINGS) -> Change:
    return journal.rate_card("w", card, day, rating, settings.as_json())


def replay(*changes: Change) -> tuple[list[Card], list[Rating]]:
    events = [event(at, change) for at, change in enumerate(changes, 1)]
    return replay_recall(replay_work(events), events)


def card_of(*changes: Change) -> Card:
    (card,) = replay(*changes)[0]
    return card


def driven(reviews: list[tuple[date, int]], settings: Scheduling = SETTINGS) -> fsrs.Card:
    """Return a card of py-fsrs that was reviewed on some days."""
    scheduler = fsrs.Scheduler(
        settings.parameters, settings.retention,
        learning_steps=(), relearning_steps=(), enable_fuzzing=False,
    )  # fmt: skip
    card = fsrs.Card(1)
    for day, rating in reviews:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), noon)
    return card


def assert_same(card: Card, expected: fsrs.Card) -> None:
    assert card.memory is not None
    assert card.memory.stability == expected.stability
    assert card.memory.difficulty == expected.difficulty
    assert card.due == card.memory.due == expected.due.date()


@given(
    st.lists(st.tuples(st.integers(0, 40), ratings), min_size=1, max_size=15),
    st.sampled_from([0.8, 0.9, 0.95]),
)
def test_a_card_has_the_dates_and_numbers_of_py_fsrs_to_the_last_digit(
    gaps: list[tuple[int, int]], retention: float
) -> None:
    settings = Scheduling(DEFAULT_PARAMETERS, retention)
    day, reviews = DAY, []
    for gap, rating in gaps:
        day += timedelta(days=gap)
        reviews.append((day, rating))
    card = card_of(
        journal.log_pass("w", 2, DAY), *(rate(*each, settings=settings) for each in reviews)
    )
    assert_same(card, driven(reviews, settings))
    assert (card.ratings, card.last_rating) == (len(reviews), reviews[-1][1])


@given(
    st.lists(st.tuples(st.integers(0, 60), ratings), max_size=10),
    st.lists(st.integers(0, 60), max_size=2),
    st.randoms(),
)
def test_ratings_of_two_devices_and_third_passes_come_in_the_order_of_their_days(
    rated: list[tuple[int, int]], third: list[int], random: Any
) -> None:
    acts = [
        journal.log_pass("w", 2, DAY),
        *(rate(after(day), rating) for day, rating in rated),
        *(journal.log_pass("w", 3, after(day)) for day in third),
    ]
    events = [event(at, change, device="ab"[at % 2]) for at, change in enumerate(acts, 1)]
    shuffled = [*events]
    random.shuffle(shuffled)
    cards, logged = replay_recall(replay_work(shuffled), shuffled)
    assert (cards, logged) == replay_recall(replay_work(events), events)
    assert len(logged) == len(rated)
    if rated:
        raised = [day for day in third if day > min(rated)[0]]
        reviews = sorted(
            [(after(day), 1, at, rating) for at, (day, rating) in enumerate(rated)]
            + [(after(day), 0, 0, EASY) for day in raised]
        )
        assert_same(cards[0], driven([(day, rating) for day, *_, rating in reviews]))
    # What is offered for a rating is what it brings.
    offered = {
        rating: recall.remember(cards[0].memory, rating, after(61), SETTINGS)
        for rating in recall.RATINGS
    }
    for rating, memory in offered.items():
        given_now = [*events, event(len(events) + 1, rate(after(61), rating))]
        assert replay_recall(replay_work(events), given_now)[0][0].memory == memory


def test_a_second_pass_starts_a_card_for_the_next_day() -> None:
    assert replay(journal.log_pass("w", 1, DAY)) == ([], [])
    card = card_of(journal.log_pass("w", 2, DAY))
    assert card == Card(INSIGHT, "", "", after(1))


def test_a_pass_from_before_papertui_starts_none() -> None:
    assert replay(journal.log_pass("w", 2, None)) == ([], [])


def test_a_third_pass_raises_a_card_as_easy_does() -> None:
    acts = journal.log_pass("w", 2, DAY), rate(after(1), GOOD)
    before = card_of(*acts)
    raised = card_of(*acts, journal.log_pass("w", 3, after(3)))
    assert before.due < raised.due
    assert_same(raised, driven([(after(1), GOOD), (after(3), EASY)]))
    # What was never rated is asked on the next day.
    assert card_of(journal.log_pass("w", 3, DAY)).due == after(1)


def test_a_pass_that_is_corrected_or_removed_takes_its_card_along() -> None:
    logged = journal.log_pass("w", 2, DAY)
    moved = journal.correct_reading("w", "d1", 2, after(5), None)
    assert card_of(logged, moved).due == after(6)
    assert replay(logged, journal.remove_reading("w", "d1"))[0] == []


def test_a_card_is_started_and_stopped_by_hand() -> None:
    start, stop = (journal.switch_card("w", INSIGHT, DAY, on) for on in (True, False))
    assert card_of(start) == Card(INSIGHT, "", "", DAY)
    assert not card_of(start, stop).is_active
    assert card_of(start, stop, start).is_active
    assert not card_of(journal.log_pass("w", 2, DAY), stop).is_active


def test_each_rating_is_computed_with_its_own_settings() -> None:
    strict = Scheduling(DEFAULT_PARAMETERS, 0.97)
    acts = journal.log_pass("w", 2, DAY), rate(after(1), GOOD)
    assert card_of(*acts, rate(after(3), GOOD, settings=strict)).due < (
        card_of(*acts, rate(after(3), GOOD)).due
    )


def test_the_gap_of_a_rating_is_that_to_the_review_before_it() -> None:
    _, logged = replay(
        journal.log_pass("w", 2, DAY), rate(after(1), GOOD), rate(after(1), 1), rate(after(8), 3)
    )
    assert [(rating.rating, rating.gap) for rating in logged] == [(3, None), (1, 0), (3, 7)]


@pytest.mark.parametrize(
    "data",
    [
        {"rating": 5}, {"rating": None}, {"rating": "3"}, {"day": "soon"}, {"day": None},
        {"card": 3}, {"card": "x" * 65}, {"fsrs": None}, {"fsrs": {"parameters": [1]}},
        {"fsrs": {"parameters": [1.0] * 21, "retention": 2}},
        {"fsrs": {"parameters": ["a"] * 21, "retention": 0.9}},
        {"fsrs": {"parameters": [float("nan")] * 21, "retention": 0.9}},
    ],
)  # fmt: skip
def test_a_senseless_rating_is_passed_over(data: dict[str, Any]) -> None:
    logged = journal.log_pass("w", 2, DAY)
    odd = rate(DAY, 3)
    odd = odd._replace(data={**odd.data, **data})
    assert replay(logged, odd) == replay(logged)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Q: What is d_k?\nA: The width of a key.", [("What is d_k?", "The width of a key.")]),
        ("q: Why?\nBecause.\nAnd so.\n\nText.", [("Why?", "Because.\nAnd so.")]),
        ("- Q: One\n- Q: Two\nanswer", [("One", ""), ("Two", "answer")]),
        ("Residual ::\nwhat is added", [("Residual", "what is added")]),
        ("Softmax :: sums to one", [("Softmax", "sums to one")]),
        ("Q: a :: b?\nyes", [("a :: b?", "yes")]),
        ("std::vector and `a :: b`", []),
        ("```\nQ: no\nx ::\n```\nQ: yes", [("yes", "")]),
        ("Q:\n::\nQ: \n", []),
        ("FAQ: none", []),
        ("", []),
        ("**Q:** What holds?\nAll.", [("What holds?", "All.")]),
        ("> Q: What holds?\n> All.\n> Or none.", [("What holds?", "All.\nOr none.")]),
    ],
)
def test_the_questions_of_a_note_are_found(body: str, expected: list[tuple[str, str]]) -> None:
    assert list(questions_in(body)) == expected


@given(st.text(st.sampled_from("Qq:A: `~\n-x\u2028")))
def test_any_note_has_questions_that_can_be_asked(body: str) -> None:
    assert all(question for question, _ in questions_in(body))


def test_a_long_line_takes_no_longer_for_its_length() -> None:
    ((_, answer),) = questions_in("a" + " ::" * 200_000 + "x")
    assert len(answer) == recall.MAX_ANSWER


def test_a_question_of_a_note_is_a_card_of_its_own_and_keeps_its_ratings() -> None:
    note = journal.save_note("w", "n", "Q: Why?\nSo.")
    key = card_key("Why?")
    (card,), _ = replay(note)
    assert card == Card(key, "Why?", "So.", after(1))
    edited = journal.save_note("w", "n", "Q: why\nThus.\n\nQ: How?", ["d1"])
    cards, logged = replay(note, rate(after(1), GOOD, key), edited)
    assert [(card.question, card.answer, card.ratings) for card in cards] == [
        ("why", "Thus.", 1), ("How?", "", 0)
    ]  # fmt: skip
    assert len(logged) == 1
    gone = journal.save_note("w", "n", "No question.", ["d1", "d3"])
    cards, logged = replay(note, rate(after(1), GOOD, key), edited, gone)
    assert (cards, len(logged)) == ([], 1)


def test_an_edit_of_a_note_puts_off_none_of_its_questions() -> None:
    saved = event(1, journal.save_note("w", "n", "Q: Why?\nSo."))
    typo = journal.save_note("w", "n", "Q: why?\nSo!\n\nQ: How?", [saved.id])
    later = event(2, typo)._replace(wall="2026-11-25T12:00:00+00:00")
    cards, _ = replay_recall(replay_work([saved, later]), [saved, later])
    assert [(card.question, card.due) for card in cards] == [
        ("why?", after(1)), ("How?", after(6)),
    ]  # fmt: skip


def test_the_settings_of_new_ratings_are_those_of_the_library_or_the_readers() -> None:
    usual = scheduling((), 0.9)
    assert usual.parameters == DEFAULT_PARAMETERS
    assert usual.version.startswith("6.")
    with pytest.raises(Refused, match="recall_parameters"):
        scheduling((-1.0,) * 21, 0.9)
