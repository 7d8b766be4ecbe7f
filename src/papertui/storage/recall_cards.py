"""The cards of recall and their ratings: written, and asked for what is due."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from papertui.core.days import from_iso
from papertui.core.recall import Card, Memory, Rating
from papertui.storage.database import Database
from papertui.storage.reading_log import ASKED_CARDS, KNOWN_CARDS

FORECAST_DAYS = 30
MEASURED_DAYS = 90  # over which retention is measured
# The most forgotten first: a card is recalled the less likely, the longer its last review is
# past beside its stability. Those that were never rated come after them.
_DUE = """
select card.work, title, card, question, answer, due, active, ratings, last_rating,
    (select max(day) from recalled where recalled.work = card.work and recalled.card = card.card),
    stability, card.difficulty, reviewed
from {} where {}
order by (julianday(:today) - julianday(reviewed)) / stability desc nulls last, due, card.work, card
limit :limit"""


class DueCard(NamedTuple):
    """A card with the work that it is about."""

    work: str
    title: str
    card: Card


class RecallCounts(NamedTuple):
    """How many cards are in which state as of a day, and how well they were recalled until then.

    `known` and `forgotten` ones were rated and are not due; `fresh` ones were not rated yet.
    `recalled` of the `asked` ratings of the last `MEASURED_DAYS` that followed an earlier
    review were no *again*. `forecast` has the number of cards due on each day from today on,
    those overdue on the first one.
    """

    due: int
    known: int
    forgotten: int
    fresh: int
    asked: int
    recalled: int
    forecast: tuple[int, ...]

    @property
    def retention(self) -> float | None:
        """The share that was recalled, None if nothing was asked yet."""
        return self.recalled / self.asked if self.asked else None

    def as_json(self) -> dict[str, object]:
        """Return the counts as plain data; scripts rely on its names."""
        return {
            "due": self.due,
            "known": self.known,
            "forgotten": self.forgotten,
            "not_asked": self.fresh,
            "asked": self.asked,
            "retention": self.retention,
            "forecast": list(self.forecast),
        }


class RecallCards:
    """The cards of all works. The caller of a method that writes holds the transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def clear(self) -> None:
        """Remove every card and rating."""
        for table in ("card", "recalled"):
            self._db.run(f"delete from {table}")

    def write_work(self, work: str, cards: Iterable[Card], ratings: Iterable[Rating]) -> None:
        """Replace the cards and ratings of a work."""
        for table in ("card", "recalled"):
            self._db.run(f"delete from {table} where work = ?", work)
        self._db.run_many(
            "insert into card values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    work, card.key, card.question, card.answer, card.due.isoformat(),
                    card.is_active, card.memory and card.memory.stability,
                    card.memory and card.memory.difficulty,
                    card.memory and card.memory.reviewed.isoformat(),
                    card.ratings, card.last_rating,
                )
                for card in cards
            ],
        )  # fmt: skip
        self._db.run_many(
            "insert into recalled values (?, ?, ?, ?, ?, ?)",
            [(r.id, work, r.card, r.day.isoformat(), r.rating, r.gap) for r in ratings],
        )

    def due(self, today: date, limit: int) -> list[DueCard]:
        """Return the cards that are to be recalled, the most forgotten first."""
        return self._cards(ASKED_CARDS, "due <= :today", today, limit)

    def of_work(self, work: str, today: date) -> list[DueCard]:
        """Return all cards of a work."""
        return self._cards(KNOWN_CARDS, "card.work = :work", today, -1, work=work)

    def _cards(
        self, cards: str, condition: str, today: date, limit: int, **values: str
    ) -> list[DueCard]:
        sql = _DUE.format(cards, condition)
        rows = self._db.rows(sql, today=today.isoformat(), limit=limit, **values)
        return [*map(_due_card, rows)]

    def next_due(self, today: date) -> tuple[date, int] | None:
        """Return the next day on which cards come back, and how many; None if none do."""
        row = self._db.row(
            f"select due, count(*) from {ASKED_CARDS} where due > ?"
            " group by due order by due limit 1",
            today.isoformat(),
        )
        return (date.fromisoformat(row[0]), row[1]) if row else None

    def last_day(self) -> date | None:
        """Return the last day that a card was rated on."""
        return from_iso(self._db.row("select max(day) from recalled")[0])

    def ratings(self, first: date, last: date) -> tuple[int, int]:
        """Return how many ratings there were from one day to another, and how many no *again*."""
        asked, recalled = self._db.row(
            "select count(*), total(rating > 1) from recalled where day between ? and ?",
            first.isoformat(), last.isoformat(),
        )  # fmt: skip
        return asked, int(recalled)

    def all_ratings(self) -> list[tuple[str, Rating]]:
        """Return works with a rating each, in the order of their days."""
        rows = self._db.rows(
            "select work, id, card, day, rating, gap from recalled order by day, id"
        )
        return [
            (work, Rating(id_, card, date.fromisoformat(day), rating, gap))
            for work, id_, card, day, rating, gap in rows
        ]

    def counts(self, today: date) -> RecallCounts | None:
        """Return how recall stands as of a day, None if there is no card and never was one."""
        states = self._db.row(
            "select count(*), total(due <= ?1), total(due > ?1 and last_rating > 1),"
            " total(due > ?1 and last_rating = 1), total(due > ?1 and last_rating is null)"
            f" from {ASKED_CARDS}",
            today.isoformat(),
        )
        since = today - timedelta(days=MEASURED_DAYS)
        asked = self._db.row(
            "select count(*), total(rating > 1) from recalled"
            " where gap > 0 and day between ? and ?",
            since.isoformat(), today.isoformat(),
        )  # fmt: skip
        if not states[0] and not asked[0]:
            return None
        _, due, known, forgotten, fresh = map(int, states)
        ratings, recalled = map(int, asked)
        forecast = self._forecast(today)
        return RecallCounts(due, known, forgotten, fresh, ratings, recalled, forecast)

    def _forecast(self, today: date) -> tuple[int, ...]:
        last = today + timedelta(days=FORECAST_DAYS - 1)
        rows = self._db.rows(
            f"select max(due, ?1), count(*) from {ASKED_CARDS} where due <= ?2 group by 1",
            today.isoformat(), last.isoformat(),
        )  # fmt: skip
        counts = dict(rows)
        days = (today + timedelta(days=number) for number in range(FORECAST_DAYS))
        return tuple(counts.get(day.isoformat(), 0) for day in days)


def _due_card(row: tuple[Any, ...]) -> DueCard:
    """Return the card of a row of `_DUE`."""
    work, title, key, question, answer, due, active, ratings, rating, rated, *remembered = row
    due_on, memory = date.fromisoformat(due), None
    if None not in remembered:
        stability, difficulty, reviewed = remembered
        memory = Memory(stability, difficulty, date.fromisoformat(reviewed), due_on)
    rated_on = from_iso(rated)
    card = Card(key, question, answer, due_on, bool(active), memory, ratings, rating, rated_on)
    return DueCard(work, title, card)
