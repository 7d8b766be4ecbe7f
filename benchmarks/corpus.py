"""Databases of any size with years of reading in them, written by papertui's own code.

No other module of the benchmarks depends on papertui's tables. To make a database by
hand: `python -m benchmarks.corpus FILE WORKS EVENTS`.
"""

import json
import random
import sqlite3
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate, product
from pathlib import Path
from uuid import uuid4

from papertui.core import catalog, journal
from papertui.core.catalog import Catalog, Item, ReadingList, Section, Work
from papertui.core.journal import Change
from papertui.core.library_tree import TreeQuery
from papertui.storage.database import BUSY_TIMEOUT, Database
from papertui.storage.library_index import LibraryIndex
from papertui.storage.shipped import CATALOG
from papertui.storage.store import Store
from papertui.system.clock import now

LARGE_SECTION_SIZE, SECTION_SIZE = 5000, 100
FIRST_ARXIV = "9001.00000"
_VOCABULARY_SIZE = 40_000
_TITLE_WORDS, _SUMMARY_WORDS, _INSIGHT_WORDS = 8, 110, 30
_EVENTS_PER_DAY = 5


def write(path: Path, works: int, events: int) -> None:
    """Make a database with `events` in its journal, and the shipped works and others in it.

    There are `works` of them in all, or the shipped ones if that is fewer.
    """
    with Store(path) as store:
        shipped = catalog.load(CATALOG.read_bytes())
        if works > len(shipped.works):
            _write_index(path, _with_made_up_works(shipped, works))
        _read_for_years(store, events)
        # The app would do this behind its first start, for longer than the time-outs allow.
        for _ in store.catch_up():
            pass
    rewind(path)


def rewind(path: Path) -> None:
    """Leave the cursor at the top of the tree, with the shipped lists open."""
    shipped = {entry.key for entry in catalog.load(CATALOG.read_bytes()).lists}
    with Store(path) as store:
        branches = store.tree.sections()
        opened = [b.path for b in branches if b.list in shipped or b.parent is None]
        store.set_setting("tree", json.dumps({"opened": opened, "at": None}))


def queries(path: Path, number: int, seed: int) -> list[str]:
    """Return `number` searches, each for one to three consecutive words of a title."""
    chance = random.Random(seed)
    with sqlite3.connect(path) as connection:
        titles = [title for (title,) in connection.execute("select title from work")]
    searches = []
    for title in chance.choices(titles, k=number):
        words = "".join(c if c.isalnum() else " " for c in title).split()
        start = chance.randrange(len(words))
        searches.append(" ".join(words[start : start + chance.randint(1, 3)]).lower())
    return searches


def search(store: Store, typed: str) -> None:
    """Query the database as papertui does after a keystroke."""
    store.search.find(typed, TreeQuery(now().date()), thorough=False)


def search_by_like(connection: sqlite3.Connection, typed: str) -> None:
    """Query as a program without an index would: the first 50 works with every word."""
    words = typed.split()
    condition = " and ".join("(title like ? or body like ?)" for _ in words)
    connection.execute(
        f"select work from searched where {condition} limit 50",
        [f"%{word}%" for word in words for _ in range(2)],
    ).fetchall()


def _write_index(path: Path, library: Catalog) -> None:
    database = Database(path, BUSY_TIMEOUT)
    try:
        with database.writing():
            LibraryIndex(database).write_shipped(library)
    finally:
        database.close()


def _with_made_up_works(shipped: Catalog, number: int) -> Catalog:
    """Return a catalogue of `number` works: the shipped ones and a list of made-up ones.

    The list has a large section and then sections of usual size.
    """
    works = {work.citekey: work for work in _made_up_works(number - len(shipped.works))}
    items = [Item(citekey, tier=1 + at % 4) for at, citekey in enumerate(works)]
    sections = [Section("A large section", tuple(items[:LARGE_SECTION_SIZE]))]
    sections += [
        Section(f"Section {at // SECTION_SIZE + 1}", tuple(items[at : at + SECTION_SIZE]))
        for at in range(LARGE_SECTION_SIZE, len(items), SECTION_SIZE)
    ]
    large = ReadingList(
        "large", "A large library", "Made up.", "list", "To measure with.", tuple(sections), {}
    )
    return shipped._replace(works={**shipped.works, **works}, lists=(*shipped.lists, large))


def _made_up_works(number: int) -> Iterator[Work]:
    """Yield works whose words are as unevenly common as those of a natural language."""
    chance = random.Random(1)
    syllables = ["".join(pair) for pair in product("bdfgklmnprstvz", "aeiou")]
    words = list(dict.fromkeys(_word(chance, syllables) for _ in range(2 * _VOCABULARY_SIZE)))
    words = words[:_VOCABULARY_SIZE]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    text_words = _TITLE_WORDS + _SUMMARY_WORDS + _INSIGHT_WORDS
    for at in range(number):
        text = chance.choices(words, cum_weights=weights, k=text_words)
        authors = [word.capitalize() for word in chance.choices(words, k=6)]
        yield Work(
            f"{authors[1].lower()}{at:06d}",
            " ".join(text[:_TITLE_WORDS]).capitalize(),
            authors=tuple(map(" ".join, zip(authors[::2], authors[1::2], strict=True))),
            year=1990 + at % 36,
            arxiv=f"{90 + at // 1_200_000}{1 + at // 100_000 % 12:02d}.{at % 100_000:05d}",
            difficulty=("Beginner", "Intermediate", "Advanced", "Expert")[at % 4],
            graded_by="list",
            summary=" ".join(text[_TITLE_WORDS:-_INSIGHT_WORDS]).capitalize() + ".",
            insight=" ".join(text[-_INSIGHT_WORDS:]).capitalize() + ".",
        )


def _word(chance: random.Random, syllables: list[str]) -> str:
    return "".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3, 4))))


def _read_for_years(store: Store, events: int) -> None:
    """Log passes and notes day by day until today, and scanned titles week by week."""
    chance = random.Random(2)
    citekeys = _citekeys(store)
    days = events // _EVENTS_PER_DAY
    today = now().date()
    for days_ago in range(days - 1, -1, -1):
        day = today - timedelta(days=days_ago)
        changes = [_change(chance, chance.choice(citekeys), day) for _ in range(_EVENTS_PER_DAY)]
        if days_ago % 7 == 0:
            changes[0] = journal.scan(day, 12)
        store.record(*changes, now=datetime.combine(day, time(4, 30)).astimezone())


def _citekeys(store: Store) -> list[str]:
    with sqlite3.connect(store.path) as connection:
        rows = connection.execute("select citekey from work where not unidentified")
        return [citekey for (citekey,) in rows]


def _change(chance: random.Random, work: str, day: date) -> Change:
    if chance.random() < 0.2:
        note = f"# Day {day:%j}\n\n" + "What was understood, and *what was not*. " * 5
        return journal.save_note(work, uuid4().hex, note, depth=2)
    return journal.log_pass(work, chance.choice((1, 1, 2, 2, 3)), day, chance.randint(8, 90))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
