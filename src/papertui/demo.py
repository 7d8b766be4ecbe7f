"""A made-up year of reading, which shows papertui in use."""

import random
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from papertui.core import journal
from papertui.core.days import week_of
from papertui.core.journal import Change, rate_card
from papertui.core.library_tree import TreeQuery
from papertui.core.new_paper import NewPaper
from papertui.core.recall import AGAIN, EASY, GOOD, HARD, scheduling
from papertui.storage.store import Store

_NOTES = (
    "The main figure says it all: *compare the slopes*, not the end points.",
    "## In a sentence\n\nThe trick is to change what is **easy**, not what is possible.",
    "Not understood yet:\n\n- why the second term vanishes\n- how the baseline was tuned",
    "Worth a third pass one day. The appendix has the settings.\n\n"
    "Q: What is left of the gain if the baseline is tuned as well?\nAbout half of it.",
    "Half of the gain is the schedule; the ablation in the appendix says so, the title does not.",
    "## In a sentence\n\nDo the cheap thing everywhere and the costly thing only where it counts.",
    "What they call a limitation is the best idea for a project of my own.",
    "The proof is short once the right quantity is named. *Name it first.*",
    "Everything after section 4 follows from one table: read that table twice.",
    "I would not have believed the result without the control they almost left out.",
    "The notation hides how simple it is: an average, then a correction.",
    "Older work said this better, with fewer numbers and a clearer figure.",
)
_ABSTRACT = "We study how {} behave when memory is short, and give a rule that holds in practice."
_NEW_PAPERS = (
    ("Small Caches for Long Contexts", "caches", "cs.LG"),
    ("State Spaces That Forget on Purpose", "state spaces", "cs.LG"),
    ("What Pruned Attention Heads Were For", "pruned heads", "cs.CL"),
    ("A Survey of Things That Did Not Work", "failures", "cs.CL"),
    ("Learning Rates Without Schedules", "learning rates", "cs.LG"),
    ("Tokens of Many Sizes", "tokens", "cs.CL"),
)
_MINUTES = {1: (8, 15), 2: (45, 95), 3: (150, 280)}
# The share of passes that go back to a work.
_RETURNS = 0.12
# Progress measures about as many.
_WEEKS_OF_RECALL = 13
_CARDS_A_WEEK = 20
_RECALLED = (AGAIN, HARD, GOOD, GOOD, GOOD, GOOD, GOOD, GOOD, EASY, EASY)
_REST_WEEKS_AGO = (11, 32)
_MISSED_WEEKS_AGO = (24, 25, 40)


def fill(store: Store, today: date) -> None:
    """Fill an empty store with a year of reading that ends on `today`, and with new papers."""
    chance = random.Random(7)  # noqa: S311
    branches = store.tree.sections()
    leaves = store.tree.leaves(TreeQuery(today), [branch.id for branch in branches])
    shelved = (leaf for branch in branches for leaf in leaves.get(branch.id, ()))
    works = list(dict.fromkeys(leaf.work for leaf in shelved if not leaf.unidentified))
    read: list[str] = []
    this_week = week_of(today)
    for ago in range(52, -1, -1):
        week = this_week - timedelta(weeks=ago)
        if ago in _REST_WEEKS_AGO:
            _record(store, week, journal.rest(week, on=True))
            continue
        day = week + timedelta(days=chance.randrange(5))
        if day <= today:
            _record(store, day, journal.scan(day, chance.randrange(4, 16)))
        if ago not in _MISSED_WEEKS_AGO:
            _read(store, chance, works, read, week, today)
    _recall(store, this_week, today)
    store.new_papers.keep(_new_papers(today), today)


def _new_papers(today: date) -> list[NewPaper]:
    """Return papers as arXiv would announce them, with ids that no paper has."""
    return [
        NewPaper(
            f"{today:%y%m}.{99_990 + number}", 1, title, ("Ada Example", "Bo Beispiel"),
            _ABSTRACT.format(about), (category,), "12 pages", today, "new", None, None,
            today - timedelta(days=2),
        )
        for number, (title, about, category) in enumerate(_NEW_PAPERS, 1)
    ]  # fmt: skip


def _read(
    store: Store, chance: random.Random, works: list[str], read: list[str], week: date, today: date
) -> None:
    for number in range(chance.choice((1, 1, 2, 2, 3))):
        day = week + timedelta(days=chance.randrange(7))
        if day > today or not works:
            continue
        depth = 2 if not number else chance.choice((1, 1, 2, 3))
        if read and chance.random() < _RETURNS:
            work, depth = read[chance.randrange(min(6, len(read)))], 2
        else:
            work = works.pop(chance.randrange(min(12, len(works))))
            read.append(work)
        changes = [journal.log_pass(work, depth, day, chance.randint(*_MINUTES[depth]))]
        if depth > 1 and chance.random() < 0.6:
            note = chance.choice(_NOTES)
            changes.append(journal.save_note(work, uuid4().hex, note, depth=depth))
        _record(store, day, *changes)
        if depth > 1 and chance.random() < 0.3:
            _record(store, day, journal.share(work, day))


def _recall(store: Store, this_week: date, today: date) -> None:
    """Rate, in each of the last weeks, what is due on a day of it, but for the last days."""
    chance, settings = random.Random(7), scheduling((), 0.9).as_json()  # noqa: S311
    for ago in range(_WEEKS_OF_RECALL, -1, -1):
        day = this_week - timedelta(weeks=ago) + timedelta(days=chance.randrange(7))
        if day > today - timedelta(days=3):
            continue
        if due := store.recall.due(day, _CARDS_A_WEEK):
            rated = [
                rate_card(each.work, each.card.key, day, chance.choice(_RECALLED), settings)
                for each in due
            ]
            _record(store, day, *rated)


def _record(store: Store, day: date, *changes: Change) -> None:
    evening = datetime.combine(day, time(20, 30)).astimezone()
    store.record(*changes, now=evening)
