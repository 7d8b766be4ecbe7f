"""Search: works by the words of their titles, names, summaries and notes."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from papertui.core import catalog, identifiers, library_tree
from papertui.core.catalog import Work
from papertui.core.library_tree import Leaf, TreeQuery
from papertui.core.text import search_key, valid_unicode
from papertui.storage.database import Database
from papertui.storage.tree_queries import condition, leaf_fields, leaf_of

SHOWN = 300
AT_ONCE = 60
RANKED = 2000
_MOST_WORDS = 16
# What a word is worth in a title, in a name or id, in prose, in a note.
_WORTH = "10.0, 5.0, 1.0, 2.0"


class SearchResult(NamedTuple):
    """Works found, each in its first place; `ranked` where the best come first."""

    leaves: list[Leaf]
    ranked: bool = True


def query_words(query: str) -> list[str]:
    """Return the words that a query asks for, folded."""
    return search_key(query).split()[:_MOST_WORDS]


class Search:
    """Finds works."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, query: str, seen: TreeQuery, thorough: bool = True) -> SearchResult:
        """Return the works within the filter that have every word of `query`, or its address.

        A word may be the beginning of a word; any text is a query. The best come
        first, titles before all else, among the first 2,000 that match; where it
        need not be `thorough` and there are many, they come as the index has
        them. `extra` says where the words are when they are not in the title.
        """
        words = query_words(query)
        by_id = self._by_id(valid_unicode(query).strip(), seen)
        match = " ".join(f'"{word}"*' for word in words)
        by_words: list[Leaf] = []
        if words:
            by_words = self._leaves(seen, "search match :match", limit=AT_ONCE, match=match)
            if len(by_words) == AT_ONCE and not thorough:
                return SearchResult(by_words, ranked=False)
            # Few are put in order by where the words are; of many, the search itself must know.
            if len(by_words) == AT_ONCE:
                by_words = self._best(match, seen)
            by_words = self._in_order(by_words, words)
        leaves = {leaf.work: leaf for leaf in (*by_words, *by_id)}
        first = [leaf.work for leaf in (*by_id, *by_words)]
        return SearchResult([leaves[work] for work in dict.fromkeys(first)][:SHOWN])

    def _by_id(self, query: str, seen: TreeQuery) -> list[Leaf]:
        if arxiv := identifiers.arxiv_id(query):
            return self._leaves(seen, "work.arxiv = :id", id=arxiv)
        if doi := identifiers.doi(query):
            return self._leaves(seen, "work.doi = :id", id=doi.lower())
        if identifiers.is_web_address(query):
            return self._leaves(seen, "work.url = :id", id=query)
        if identifiers.is_part_of_arxiv_id(query):
            return self._leaves(seen, "instr(work.arxiv, :id)", id=query)
        return []

    def _best(self, match: str, seen: TreeQuery) -> list[Leaf]:
        return self._leaves(
            seen,
            "search match :match and search.rowid <= :cut",
            f"bm25(search, {_WORTH}), ",
            match=match,
            cut=self._cut(match, seen),
        )

    def _in_order(self, found: list[Leaf], words: list[str]) -> list[Leaf]:
        """Put works in order by where the words are; equals stay as they are."""
        told = self._explained(found, words)
        return sorted(told, key=lambda leaf: (_rank(leaf.title, words), leaf.extra))

    def _cut(self, match: str, seen: TreeQuery) -> int:
        """Return where in the index the last of the matches to be ranked stands."""
        where, filtered = condition(seen.chosen, of_items=False)
        joined = (
            " cross join work left join standing on standing.work = work.citekey"
            f" where work.number = search.rowid and {where} and"
        )
        found = self._db.rows(
            f"select search.rowid from search{joined if seen.chosen else ' where'}"
            " search match :match order by search.rowid limit 1 offset :last",
            match=match,
            last=RANKED - 1,
            today=seen.today.isoformat(),
            **filtered,
        )
        return int(found[0][0]) if found else 1 << 62

    def _explained(self, found: list[Leaf], words: list[str]) -> Iterable[Leaf]:
        """Say of works without all the words in their titles where else they are."""
        elsewhere = {leaf.position for leaf in found if _rank(leaf.title, words)[1]}
        marks = ",".join("?" * len(elsewhere))
        texts = {
            number: rest
            for number, *rest in self._db.rows(
                f"select work, title || ' ' || names, notes from searched where work in ({marks})",
                *elsewhere,
            )
        }
        for leaf in found:
            names, notes = texts.get(leaf.position, ("", ""))
            if leaf.position not in elsewhere or _has(names, words):
                yield leaf
            else:
                yield leaf._replace(extra="in your notes" if _has(notes, words) else "in its text")

    def _leaves(
        self, seen: TreeQuery, wanted: str, order: str = "", limit: int = SHOWN, **values: Any
    ) -> list[Leaf]:
        where, filtered = condition(seen.chosen, of_items=False)
        of_place = {
            f: v for f, v in seen.chosen.items() if f in (library_tree.LIST, library_tree.TIER)
        }
        place, _ = condition(of_place, of_items=True)
        searching = wanted.startswith("search")
        rows = self._db.rows(
            "select coalesce((select min(item.section) from item"
            " join section on section.id = item.section"
            f" where item.work = work.citekey and {place}), 0),"
            f" {leaf_fields(of_items=False)}"
            f" from {'search cross join' if searching else ''} work"
            " left join standing on standing.work = work.citekey"
            f" where {'work.number = search.rowid and' if searching else ''} {wanted} and {where}"
            f" order by {order}{'search.rowid' if searching else 'work.number'} limit :limit",
            today=seen.today.isoformat(),
            limit=limit,
            **filtered,
            **values,
        )
        return [leaf_of(row) for row in rows]


def _rank(title: str, words: list[str]) -> tuple[bool, bool]:
    """Return what puts a title that has the words in their order first, then one that has all."""
    folded = search_key(title)
    return (f" {' '.join(words)}" not in f" {folded}", not _has(folded, words))


def _has(folded: str, words: list[str]) -> bool:
    return all(f" {word}" in f" {folded}" for word in words)


_WORDS = "title, names, body, notes"


class SearchIndex:
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
                *search_text(catalog.work_from(citekey, json.loads(fields))),
                _folded(notes.get(number, ())),
            )
            for number, citekey, fields in self._db.rows(
                "select number, citekey, fields from json_each(?) join work on number = value"
                " join detail on detail.work = number",
                numbers,
            )
        }


def search_text(work: Work) -> tuple[str, str, str]:
    """Return the folded words of a work's titles, of its names and ids, of its prose."""
    return (
        _folded((work.title, *work.aliases)),
        _folded((*work.authors, work.citekey, work.arxiv, work.doi, work.venue)),
        _folded((work.summary, work.insight, work.matters)),
    )


def _folded(texts: Iterable[str | None]) -> str:
    return search_key("\n".join(text for text in texts if text))
