"""The state of a session of recall: the cards that it asks, which are left, how they went."""

from collections.abc import Callable
from datetime import date
from functools import cached_property

from papertui.config import Config
from papertui.core.journal import Change, rate_card, switch_card
from papertui.core.recall import Scheduling, scheduling
from papertui.storage.recall_cards import DueCard
from papertui.storage.store import Store


class RecallState:
    """The cards of a session, the most forgotten first; it asks the store.

    A card is left until it was rated once more than when the session began, so that an undo,
    here or elsewhere, brings it back.
    """

    def __init__(self, store: Store, config: Config, today: Callable[[], date]) -> None:
        self._store = store
        self._config = config
        self._today = today
        self._ratings: dict[tuple[str, str], int] = {}
        # Those of the sessions before, whose cards an undo brings into this one.
        self._earlier: dict[tuple[str, str], int] = {}
        self.left: list[DueCard] = []
        self.rated: list[int] = []

    @cached_property
    def settings(self) -> Scheduling:
        """The settings of FSRS. Raises Refused if it does not take the reader's own."""
        return scheduling(self._config.recall_parameters, self._config.recall_retention)

    def begin(self) -> None:
        """Begin a session with the cards that are due."""
        cards = self._store.recall.due(self._today(), self._config.recall_limit)
        self._earlier |= self._ratings
        self._ratings = {(each.work, each.card.key): each.card.ratings for each in cards}
        self.left, self.rated = cards, []

    def refresh(self) -> None:
        """Read again which cards of the session are left, and how the others were rated."""
        counts = {**self._earlier, **self._ratings}
        works = dict.fromkeys(work for work, _ in counts)
        cards = {
            (each.work, each.card.key): each
            for work in works
            for each in self._store.recall.of_work(work, self._today())
        }
        self._ratings = {
            key: count
            for key, count in counts.items()
            if key in self._ratings or (key in cards and _is_left(cards[key], count))
        }
        asked = [(cards[key], count) for key, count in self._ratings.items() if key in cards]
        self.left = [each for each, count in asked if _is_left(each, count)]
        self.rated = [
            each.card.last_rating
            for each, count in asked
            if each.card.ratings > count and each.card.last_rating
        ]

    @property
    def total(self) -> int:
        """The number of cards of the session."""
        return len(self._ratings)

    @property
    def current(self) -> DueCard | None:
        """The card that is asked, None at the end."""
        return self.left[0] if self.left else None

    def rate(self, asked: DueCard, rating: int) -> Change:
        """Return the change that rates a card today."""
        settings = self.settings.as_json()
        return rate_card(asked.work, asked.card.key, self._today(), rating, settings)

    def stop(self, asked: DueCard) -> Change:
        """Return the change that stops a card."""
        return switch_card(asked.work, asked.card.key, self._today(), on=False)


def _is_left(asked: DueCard, ratings: int) -> bool:
    """Return True if a card that had so many ratings is still to be asked."""
    return asked.card.ratings <= ratings and asked.card.is_active
