"""The words that a search finds works by, written at once or in steps later.

Whoever calls holds the transaction.
"""

import json
from collections.abc import Iterable, Sequence

from papertui.core import catalog
from papertui.core.catalog import Work
from papertui.core.text import searchable
from papertui.database import Database

_WORDS = "title, names, body, notes"


class Wording:
    """Writes the words of works; `unsearched` holds those whose words are not right yet."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write_later(self, numbers: Iterable[int]) -> None:
        """Remember works by their numbers, gone ones too, for `catch_up`."""
        self._db.run_many(
            "insert or ignore into unsearched values (?)", [(number,) for number in numbers]
        )

    def catch_up(self, most: int) -> None:
        """Write the words of some works that are still to be done."""
        found = self._db.rows("select work from unsearched order by work limit ?", most)
        self.write([number for (number,) in found])

    def write(self, numbers: Sequence[int]) -> None:
        """Bring the words of works up to date; those of works that have gone are forgotten."""
        db = self._db
        named = json.dumps(numbers)
        old = {
            row[0]: row
            for row in db.rows(
                f"select work, {_WORDS} from json_each(?) join searched on work = value", named
            )
        }
        new = self._words(named)
        gone = [row for number, row in old.items() if new.get(number) != row]
        made = [row for number, row in new.items() if old.get(number) != row]
        # A table without text of its own must be told what it forgets.
        db.run_many(
            f"insert into search (search, rowid, {_WORDS}) values ('delete', ?, ?, ?, ?, ?)", gone
        )
        db.run_many("delete from searched where work = ?", [(row[0],) for row in gone])
        db.run_many(f"insert into searched (work, {_WORDS}) values (?, ?, ?, ?, ?)", made)
        db.run_many(f"insert into search (rowid, {_WORDS}) values (?, ?, ?, ?, ?)", made)
        db.run("delete from unsearched where work in (select value from json_each(?))", named)

    def _words(self, numbers: str) -> dict[int, tuple[int | str, ...]]:
        notes: dict[int, list[str]] = {}
        for number, body in self._db.rows(
            "select number, body from json_each(?) join work on number = value"
            " join note on note.work = citekey order by saved",
            numbers,
        ):
            notes.setdefault(number, []).append(body)
        return {
            number: (
                number,
                *words_of(catalog.work_from(citekey, json.loads(fields))),
                _folded(notes.get(number, ())),
            )
            for number, citekey, fields in self._db.rows(
                "select number, citekey, fields from json_each(?) join work on number = value"
                " join detail on detail.work = number",
                numbers,
            )
        }


def words_of(work: Work) -> tuple[str, str, str]:
    """Return the folded words of a work's titles, of its names and ids, of its prose."""
    return (
        _folded((work.title, *work.aliases)),
        _folded((*work.authors, work.citekey, work.arxiv, work.doi, work.venue)),
        _folded((work.summary, work.insight, work.matters)),
    )


def _folded(texts: Iterable[str | None]) -> str:
    return searchable("\n".join(text for text in texts if text))
