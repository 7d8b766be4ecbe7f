"""The pages of recall: a question, its answer, the end of a session."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from papertui.core import recall
from papertui.core.labels import day_name
from papertui.core.recall import (
    AGAIN,
    INSIGHT,
    INSIGHT_QUESTION,
    RATING_NAMES,
    RATINGS,
    Scheduling,
)
from papertui.core.text import quantity, safe_line, shorten
from papertui.pages.layout import DIM, HEADING, STRONG, TITLE, Key, Line, Span, Writer
from papertui.pages.work import byline, reading_line, work_details, write_notes
from papertui.storage.recall_cards import DueCard
from papertui.storage.store import Store

if TYPE_CHECKING:
    from papertui.pages.work import WorkDetails

# Columns below which a title takes one line, so that the answer is in view.
_NARROW = 50


class RecallDetails(NamedTuple):
    """A card, and the work that it is about."""

    asked: DueCard
    details: "WorkDetails"

    @property
    def question(self) -> str:
        """The question in one line."""
        return safe_line(self.asked.card.question) or INSIGHT_QUESTION


def recall_details(store: Store, asked: DueCard, today: date) -> RecallDetails:
    """Gather the data of the page of a card."""
    return RecallDetails(asked, work_details(store, asked.work, today))


def next_days(asked: DueCard, today: date, settings: Scheduling) -> dict[int, date]:
    """Return the day on which a card comes back, by the rating that it is given today."""
    memory = asked.card.memory
    return {rating: recall.remember(memory, rating, today, settings).due for rating in RATINGS}


def day_of_next(day: date, today: date) -> str:
    """Return a day to come in few letters: ``tomorrow``, ``27 Nov``, ``3 Feb 2028``."""
    if day == today + timedelta(days=1):
        return "tomorrow"
    year = "" if (day - today).days < 330 else f" {day.year}"
    return f"{day.day} {day:%b}{year}"


def rating_choices(asked: DueCard, today: date, settings: Scheduling) -> dict[int, str]:
    """Return each rating in words, with the day on which the card comes back."""
    days = next_days(asked, today, settings)
    return {
        rating: f"{RATING_NAMES[rating]} {day_of_next(day, today)}" for rating, day in days.items()
    }


def question_page(details: RecallDetails, width: int, key: Key = None) -> list[Line]:
    """Lay out a question in lines of at most `width` cells."""
    page = Writer(width)
    _question(page, details)
    page.blank()
    page.text(_history(details), DIM)
    if key:
        typing, showing = key("recall.type"), key("recall.show")
        page.text(f"Think, or type it with {typing}. Then {showing} shows the answer.", DIM)
    return page.lines


def answer_page(details: RecallDetails, typed: str, width: int, key: Key = None) -> list[Line]:
    """Lay out the answer in lines of at most `width` cells, below what the reader `typed`.

    In the app it is below the question, which the shell has printed before.
    """
    page, card, work = Writer(width), details.asked.card, details.details.work
    if key:
        _question(page, details)
    if typed:
        page.blank()
        page.text(safe_line(typed), lead=Span("You typed  ", HEADING))
    page.blank()
    if card.answer:
        for line in card.answer.split("\n"):
            page.text(line, STRONG)
    texts = [("Insight", work.insight), ("Matters", work.matters)]
    if not any(text for _, text in texts) and not details.details.record.notes:
        texts.append(("Summary", work.summary))
    for label, text in texts:
        if text:
            page.labelled(label, text)
    if details.details.record.notes:
        page.heading("Your notes")
        write_notes(page, details.details.record.notes, details.details.today)
    elif not any(text for _, text in texts):
        writes = f": {key('recall.note')} writes one" if key else ""
        page.text(f"You have no note on it{writes}.", DIM)
    if key:
        page.blank()
        page.text(_history(details), DIM)
        again, easy = key("recall.again"), key("recall.easy")
        how = f"{again} if you had forgotten it, {easy} if you knew it at once"
        page.text(f"How well did you recall it? {again} to {easy}: {how}.", DIM)
    return page.lines


def _question(page: Writer, details: RecallDetails) -> None:
    work = details.details.work
    title = safe_line(work.title)
    page.text(title if page.width >= _NARROW else shorten(title, page.width), TITLE)
    if line := byline(work, str(work.year or ""), page.width):
        page.line(Span(line, DIM))
    page.blank()
    page.text(details.question, STRONG)


def _history(details: RecallDetails) -> str:
    """Return why a card is asked: when its work was read, and how it was recalled before."""
    card, work, today = details.asked.card, details.details, details.details.today
    # The deepest pass is what the card asks for, a skim after it is not.
    dated = [(each.depth, each.read_on, each) for each in work.record.readings if each.read_on]
    deepest = max(dated, key=lambda pass_: pass_[:2])[2] if dated else None
    read = f"{reading_line(deepest, work.work.kind, today)}; " if deepest else ""
    asked = "not asked before"
    if card.last_rating and card.rated_on:
        times = "once" if card.ratings == 1 else f"{card.ratings:,} times"
        last = f"rated {RATING_NAMES[card.last_rating]!r} {day_name(card.rated_on, today)}"
        asked = f"asked {times}, {last}"
    text = f"{read}{asked}"
    return f"{text[:1].upper()}{text[1:]}"


def end_page(
    rated: Sequence[int],
    left: int,
    following: tuple[date, int] | None,
    today: date,
    width: int,
    key: Key = None,
) -> list[Line]:
    """Lay out the end of a session, given its ratings, what is `left` due and what comes next."""
    page = Writer(width)
    done = "Done for today" if rated else "Nothing to recall"
    page.line(Span("Done for now" if left else done, TITLE))
    page.blank()
    if rated:
        again = sum(rating == AGAIN for rating in rated)
        forgotten = f", {again} to be asked again soon" if again else ""
        page.text(f"{len(rated) - again} of {len(rated)} recalled{forgotten}.")
    if left:
        more = f"{left:,} more {'card is' if left == 1 else 'cards are'} due"
        goes_on = f": {key('recall.more')}" if key else "; papertui recall"
        page.text(f"{more}{goes_on} goes on.")
    elif following:
        day, count = following
        cards = quantity(count, "card is", "cards are")
        page.text(f"{cards} due {day_of_next(day, today)}.")
    if not rated and not following:
        by_hand = f"{key('card')} in the library" if key else "papertui recall --start WORK"
        page.text(
            f"A second pass of a work asks for its key insight the day after; {by_hand} starts a"
            " card by hand. A line in a note that begins with Q: is a card of its own, answered"
            " by the lines below it."
        )
    return page.lines


def card_as_json(asked: DueCard) -> dict[str, object]:
    """Return a card as plain data; scripts rely on its names."""
    card = asked.card
    return {
        "work": asked.work,
        "title": asked.title,
        "question": card.question or INSIGHT_QUESTION,
        "due": card.due.isoformat(),
        "reviewed": card.memory and card.memory.reviewed.isoformat(),
        "ratings": card.ratings,
        "last_rating": RATING_NAMES[card.last_rating] if card.last_rating else None,
    }


def stopped_words(cards: Iterable[DueCard]) -> tuple[str, str]:
    """Return the words before and behind a work, of some cards, whose insight is asked no more."""
    others = sum(each.card.is_active for each in cards if each.card.key != INSIGHT)
    if not others:
        return "No longer asked in recall: ", ""
    are = "is" if others == 1 else "are"
    still = f"; {quantity(others, 'question')} of your notes still {are}"
    return "Its key insight is no longer asked: ", still
