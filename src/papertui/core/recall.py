"""Recall: the cards of a work, the ratings of them, and the days on which they come back.

A card follows from passes, notes and acts; the day on which it comes back, from its ratings
by FSRS. The library for that is slow to load: only a card that was rated needs it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.core import journal
from papertui.core.days import reading_day
from papertui.core.journal import Event
from papertui.core.labels import local_time
from papertui.core.records import WorkRecord
from papertui.core.text import title_key
from papertui.errors import Refused

if TYPE_CHECKING:
    from fsrs import Scheduler

AGAIN, HARD, GOOD, EASY = RATINGS = (1, 2, 3, 4)
RATING_NAMES = ("", "again", "hard", "good", "easy")
INSIGHT = ""  # the key of the card of a work itself
INSIGHT_QUESTION = "What is its key insight?"
# The events that cards follow from.
CARD_EVENTS = frozenset(
    (
        journal.PASS, journal.CORRECTION, journal.NOTE, journal.NOTE_REMOVED, journal.RECALLED,
        journal.CARD, journal.MERGED,
    )
)  # fmt: skip
MAX_QUESTION, MAX_ANSWER, MAX_CARDS = 500, 5_000, 200  # letters, letters, cards of one work
MIN_FITTED = 512  # of fewer ratings the library fits nothing
_INSTALL = "pip install 'papertui[optimizer]'"
_DAY = timedelta(days=1)
_NOON = time(12, tzinfo=UTC)


class Memory(NamedTuple):
    """What FSRS knows of a card: its stability in days, its difficulty, its last and next day."""

    stability: float
    difficulty: float
    reviewed: date
    due: date


class Card(NamedTuple):
    """A question about a work; those of the card `INSIGHT` are not stored with it.

    It comes back on the reading day `due`. One that is not `is_active` is never asked. A pass
    is a review too, so that the last rating may be of a day before the last review.
    """

    key: str
    question: str
    answer: str
    due: date
    is_active: bool = True
    memory: Memory | None = None
    ratings: int = 0
    last_rating: int | None = None
    rated_on: date | None = None


class Rating(NamedTuple):
    """A rating of a card; `gap` is the days since its review before, None for the first one."""

    id: str
    card: str
    day: date
    rating: int
    gap: int | None


class Scheduling(NamedTuple):
    """The settings of FSRS with which a rating was made, and the version of its library."""

    parameters: tuple[float, ...]
    retention: float
    version: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return them as the event of a rating has them."""
        return self._asdict() | {"parameters": list(self.parameters)}


class _Review(NamedTuple):
    """A rating, or a third pass, which counts as an easy one; `order` is that of the journal."""

    day: date
    order: tuple[Any, ...]
    rating: int
    id: str | None = None
    scheduling: Scheduling | None = None


class _Acts(NamedTuple):
    """The acts on one card: its ratings, and whether it was started (True) or stopped by hand."""

    ratings: list[_Review]
    switches: list[tuple[bool, date]]


def replay_recall(record: WorkRecord, events: Iterable[Event]) -> tuple[list[Card], list[Rating]]:
    """Return the cards and ratings of a work, given its record and its events, none undone.

    A second pass starts the card of the work, and the first note that asks a question that of
    the question. A third pass on a day after the first rating of the work's card raises it as a
    rating of *easy* does. Passes from before papertui do not. Each rating is computed
    with the settings in its event, so that the cards are the same on every machine. Senseless
    events are passed over.
    """
    acts: dict[str, _Acts] = {}
    asked_since: dict[str, date] = {}
    for event in sorted(events, key=lambda event: event.order):
        try:
            if event.kind == journal.NOTE:
                for question, _ in questions_in(str(event.data["body"])):
                    saved_on = _saved_on(event.wall, event.utc_offset)
                    asked_since.setdefault(card_key(question), saved_on)
                continue
            card = _card_of(event.data)
            if event.kind == journal.RECALLED:
                acts.setdefault(card, _Acts([], [])).ratings.append(_review(event))
            elif event.kind == journal.CARD:
                switch = bool(event.data["on"]), _day(event.data["day"])
                acts.setdefault(card, _Acts([], [])).switches.append(switch)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            continue
    cards, ratings = [], []
    for key, question, answer, due in _questions(record, acts, asked_since):
        own = acts.get(key, _Acts([], []))
        raised = _third_passes(record, own.ratings) if key == INSIGHT else []
        memory, rated = _replay_reviews(key, [*own.ratings, *raised])
        is_active = own.switches[-1][0] if own.switches else True
        last = max(own.ratings, key=lambda review: (review.day, review.order), default=None)
        cards.append(
            Card(
                key,
                question,
                answer,
                memory.due if memory else due,
                is_active,
                memory,
                len(own.ratings),
                last and last.rating,
            )
        )
        ratings += rated
    known = {card.key for card in cards}
    for key, own in acts.items():
        ratings += [] if key in known else _replay_reviews(key, own.ratings)[1]
    return cards, ratings


def _questions(
    record: WorkRecord, acts: Mapping[str, _Acts], asked_since: Mapping[str, date]
) -> Iterator[tuple[str, str, str, date]]:
    """Yield key, question, answer and the first day of each card of a work."""
    full = [each.read_on for each in record.readings if each.read_on and each.depth > 1]
    by_hand = [day for on, day in acts[INSIGHT].switches if on] if INSIGHT in acts else []
    if days := [*(day + _DAY for day in full), *by_hand]:
        yield INSIGHT, "", "", max(days)
    keys = set[str]()
    for note in record.notes:
        for question, answer in islice(questions_in(note.body), MAX_CARDS):
            if (key := card_key(question)) not in keys:
                keys.add(key)
                # What joins two versions may ask what neither did.
                since = asked_since.get(key) or _saved_on(note.saved, note.utc_offset)
                yield key, question, answer, since + _DAY


def _saved_on(wall: str, utc_offset: int) -> date:
    return reading_day(local_time(wall, utc_offset))


def questions_in(body: str) -> Iterator[tuple[str, str]]:
    """Yield the questions that a note asks, with their answers.

    A question is a line that begins with ``Q:`` or ends with ``::``, answered by the lines
    after it until an empty line or the next question, or both are one line with ``::`` in
    between. Code is passed over.
    """
    if "::" not in body and "q:" not in body.lower():
        return
    question, quote, answer, in_code = "", "", list[str](), False
    for line in [*body.split("\n"), ""]:
        text = line.strip().lstrip("-*> ")
        in_code ^= text.startswith(("```", "~~~"))
        asked, answered = ("", "") if in_code else _question_in(text)
        if question and (asked or not (text or in_code)):
            yield question[:MAX_QUESTION], _answer(answer)
            question, answer = "", []
        if answered:
            yield asked[:MAX_QUESTION], answered[:MAX_ANSWER]
        elif asked:
            question, quote = asked, "> " * line.lstrip().startswith(">")
        elif question:
            answer.append(line.removeprefix(quote))
    if question:
        yield question[:MAX_QUESTION], _answer(answer)


def _question_in(line: str) -> tuple[str, str]:
    """Return the question of a line, and its answer if that is in the line too."""
    if line[:2].lower() == "q:":
        return line[2:].strip(" *_"), ""
    if line.endswith("::"):
        return line.rstrip(" :"), ""
    question, _, answer = line.partition(" :: ")
    is_both = question.strip() and answer.strip() and "`" not in line
    return (question.strip(), answer.strip()) if is_both else ("", "")


def _answer(lines: Iterable[str]) -> str:
    answer = "\n".join(lines).strip()[:MAX_ANSWER]
    return answer[2:].strip() if answer[:2].lower() == "a:" else answer


def card_key(question: str) -> str:
    """Return the key of a question, which stays if only case or punctuation change."""
    # It loads a library of 4 MB, which showing what is due does without.
    from hashlib import blake2b

    return blake2b((title_key(question) or question).encode(), digest_size=8).hexdigest()


def _replay_reviews(key: str, reviews: list[_Review]) -> tuple[Memory | None, list[Rating]]:
    """Return what FSRS knows of a card after all reviews, and its ratings in order."""
    memory: Memory | None = None
    ratings: list[Rating] = []
    reviews = sorted(reviews)
    settings = next((review.scheduling for review in reviews if review.scheduling), None)
    for review in reviews:
        settings = review.scheduling or settings
        if settings is None:
            continue
        gap = (review.day - memory.reviewed).days if memory else None
        memory = remember(memory, review.rating, review.day, settings)
        if review.id:
            ratings.append(Rating(review.id, key, review.day, review.rating, gap))
    return memory, ratings


def _third_passes(record: WorkRecord, ratings: Iterable[_Review]) -> list[_Review]:
    """Return the third passes of days after the first rating, before which none is raised."""
    first = min((rating.day for rating in ratings), default=date.max)
    days = (each.read_on for each in record.readings if each.depth == 3)
    return [_Review(day, (), EASY) for day in days if day and day > first]


def load() -> None:
    """Load FSRS, which takes longer than a key may take."""
    import fsrs  # noqa: F401


def remember(memory: Memory | None, rating: int, day: date, settings: Scheduling) -> Memory:
    """Return what FSRS knows of a card once it is rated on a day.

    Raises ValueError for a rating or settings that it does not take.
    """
    import fsrs

    reviewed = fsrs.Card(card_id=0, due=datetime.combine(day, _NOON))
    if memory:
        reviewed.state, reviewed.step = fsrs.State.Review, None
        reviewed.stability, reviewed.difficulty = memory.stability, memory.difficulty
        reviewed.last_review = datetime.combine(memory.reviewed, _NOON)
    scheduler = _scheduler(settings.parameters, settings.retention)
    card, _ = scheduler.review_card(reviewed, fsrs.Rating(rating), datetime.combine(day, _NOON))
    assert card.stability is not None
    assert card.difficulty is not None
    return Memory(card.stability, card.difficulty, day, card.due.date())


@cache
def _scheduler(parameters: tuple[float, ...], retention: float) -> "Scheduler":
    """Return a scheduler in whole days: a card that was forgotten comes back on another one."""
    import fsrs

    return fsrs.Scheduler(
        parameters, retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )


def scheduling(parameters: tuple[float, ...], retention: float) -> Scheduling:
    """Return the settings for new ratings; without parameters, those that the library has.

    Raises Refused if the library does not take them.
    """
    from importlib.metadata import version

    from fsrs.scheduler import DEFAULT_PARAMETERS

    settings = Scheduling(parameters or DEFAULT_PARAMETERS, retention, version("fsrs"))
    try:
        _scheduler(settings.parameters, settings.retention)
    except ValueError as error:
        raise Refused(f"recall_parameters in the config file: {error}") from error
    return settings


def fitted_parameters(ratings: Iterable[tuple[str, Rating]]) -> tuple[float, ...]:
    """Return the parameters of FSRS that fit the reader's own ratings, given with their works.

    Raises Refused if there are too few, or if the optimiser of the library is not installed.
    """
    ratings = list(ratings)
    useful = sum(bool(rating.gap) for _, rating in ratings)
    if useful < MIN_FITTED:
        wanted = f"{MIN_FITTED} ratings of cards that had been rated on a day before"
        raise Refused(f"Parameters of your own need {wanted}; you have {useful:,}.")
    import fsrs

    numbers: dict[tuple[str, str], int] = {}
    reviews = [
        fsrs.ReviewLog(
            numbers.setdefault((work, rating.card), len(numbers) + 1),
            fsrs.Rating(rating.rating),
            datetime.combine(rating.day, _NOON),
            None,
        )
        for work, rating in ratings
    ]
    try:
        optimizer = fsrs.Optimizer(reviews)
    except ImportError:
        raise Refused(f"The optimiser is not installed: {_INSTALL} installs it.") from None
    return tuple(round(float(each), 4) for each in optimizer.compute_optimal_parameters())


def _review(event: Event) -> _Review:
    data, settings = event.data, event.data["fsrs"]
    parameters = tuple(map(_number, settings["parameters"]))
    made_with = Scheduling(parameters, _number(settings["retention"]))
    if data["rating"] not in RATINGS or not 0.5 <= made_with.retention < 1:
        raise ValueError(data)
    _scheduler(made_with.parameters, made_with.retention)
    return _Review(_day(data["day"]), event.order, int(data["rating"]), event.id, made_with)


def _number(value: Any) -> float:
    if not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _card_of(data: Mapping[str, Any]) -> str:
    card = data.get("card", INSIGHT)
    if not isinstance(card, str) or len(card) > 64:
        raise ValueError(card)
    return card


def _day(value: Any) -> date:
    day = date.fromisoformat(value)
    if day < journal.EARLIEST:
        raise ValueError(value)
    return day
