"""Search: works by the words of their titles, names, summaries and notes."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.core import identifiers, library_tree
from papertui.core.library_tree import Leaf, TreeQuery
from papertui.core.text import search_key, valid_unicode
from papertui.storage.database import Database
from papertui.storage.tree_queries import ASIDE, condition

if TYPE_CHECKING:
    from papertui.core.catalog import Work

MAX_RESULTS = 300
MAX_QUICK = 60
MAX_RANKED = 2000
_MAX_WORDS = 16
_FACETS_OF_A_PLACE = (library_tree.LIST, library_tree.TIER)


class SearchResult(NamedTuple):
    """The works that match, each in its first place; `ranked` if the best come first."""

    leaves: list[Leaf]
    ranked: bool = True


def query_words(query: str) -> list[str]:
    """Return the words of a query, folded."""
    return search_key(query).split()[:_MAX_WORDS]


# A work is shown in the first of its places that the filter takes.
_RESULTS = f"""
select coalesce((select min(section) from item where item.work = work_state.work and {{place}}), 0)
    as branch, number as position, work_state.work, work_state.title, kind, null as tier,
    '' as marks, depth, {ASIDE} as aside, unidentified, '' as extra"""
_BY_ID = f"""{_RESULTS}
from work_state where {{wanted}} and {{where}} order by number limit :limit"""
_BY_WORDS = f"""{_RESULTS}
from search cross join work_state
where search match :match and number = search.rowid and {{where}}
order by search.rowid limit :limit"""
# A word counts most in a title, then in a name or id, in a note, in prose.
_BEST = f"""{_RESULTS}
from search cross join work_state
where search match :match and search.rowid <= :last and number = search.rowid and {{where}}
order by bm25(search, 10.0, 5.0, 1.0, 2.0), search.rowid limit :limit"""
_LAST_RANKED = """
select rowid from search where search match :match and {where}
order by rowid limit 1 offset :ranked"""


class Search:
    """Finds works."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, query: str, seen: TreeQuery, thorough: bool = True) -> SearchResult:
        """Return the works within the filter that have every word of `query`, or its address.

        Words match from their beginning; any text is a query. The best of the first
        2,000 matches come first, those in titles before all others. If the search
        need not be `thorough` and there are many, they come in the order of the
        index. `extra` says where the words are if they are not in the title.
        """
        words = query_words(query)
        by_id = self._by_id(valid_unicode(query).strip(), seen)
        match = " ".join(f'"{word}"*' for word in words)
        by_words: list[Leaf] = []
        if words:
            by_words = self._leaves(_BY_WORDS, seen, MAX_QUICK, match=match)
            is_more = len(by_words) == MAX_QUICK
            if is_more and not thorough:
                return SearchResult(by_words, ranked=False)
            # Few are put in order by where the words are; of many, the search itself must know.
            if is_more:
                last = self._last_ranked(match, seen)
                by_words = self._leaves(_BEST, seen, match=match, last=last)
            explained = self._explained(by_words, words)
            by_words = sorted(explained, key=lambda leaf: (_rank(leaf.title, words), leaf.extra))
        leaves = {leaf.work: leaf for leaf in (*by_words, *by_id)}
        best_first = dict.fromkeys(leaf.work for leaf in (*by_id, *by_words))
        return SearchResult([leaves[work] for work in best_first][:MAX_RESULTS])

    def _by_id(self, query: str, seen: TreeQuery) -> list[Leaf]:
        if arxiv := identifiers.arxiv_id(query):
            wanted, value = "arxiv = :id", arxiv
        elif doi := identifiers.doi(query):
            wanted, value = "doi = :id", doi.lower()
        elif identifiers.is_web_address(query):
            wanted, value = "url = :id", query
        elif identifiers.is_part_of_arxiv_id(query):
            wanted, value = "instr(arxiv, :id)", query
        else:
            return []
        return self._leaves(_BY_ID.replace("{wanted}", wanted), seen, id=value)

    def _last_ranked(self, match: str, seen: TreeQuery) -> int:
        """Return the number of the last work among the matches that are ranked."""
        where, values = condition(seen.chosen, of_items=False)
        taken = f"exists (select 1 from work_state where number = search.rowid and {where})"
        rows = self._db.rows(
            _LAST_RANKED.format(where=taken if seen.chosen else "true"),
            match=match,
            ranked=MAX_RANKED - 1,
            today=seen.today.isoformat(),
            **values,
        )
        return int(rows[0][0]) if rows else 1 << 62

    def _explained(self, found: list[Leaf], words: list[str]) -> Iterable[Leaf]:
        """Yield leaves that say where the words are, unless they are in the title or names."""
        elsewhere = {leaf.position for leaf in found if _rank(leaf.title, words)[1]}
        sql = (
            "select work, title || ' ' || names, notes from json_each(?)"
            " join searched on work = value"
        )
        texts = {number: text for number, *text in self._db.rows(sql, json.dumps([*elsewhere]))}
        for leaf in found:
            names, notes = texts.get(leaf.position, ("", ""))
            if leaf.position not in elsewhere or _has(names, words):
                yield leaf
            else:
                yield leaf._replace(extra="in your notes" if _has(notes, words) else "in its text")

    def _leaves(
        self, query: str, seen: TreeQuery, limit: int = MAX_RESULTS, **values: Any
    ) -> list[Leaf]:
        where, filtered = condition(seen.chosen, of_items=False)
        of_place = {f: v for f, v in seen.chosen.items() if f in _FACETS_OF_A_PLACE}
        place, _ = condition(of_place, of_items=True)
        return self._db.records(
            Leaf,
            query.format(place=place, where=where),
            today=seen.today.isoformat(),
            limit=limit,
            **filtered,
            **values,
        )


def _rank(title: str, words: list[str]) -> tuple[bool, bool]:
    """Return what puts a title that has the words in their order first, then one that has all."""
    folded = search_key(title)
    return (f" {' '.join(words)}" not in f" {folded}", not _has(folded, words))


def _has(folded: str, words: list[str]) -> bool:
    return all(f" {word}" in f" {folded}" for word in words)


_WORDS = "title, names, body, notes"


class SearchIndex:
    """Writes the words of works; the table `unsearched` holds the works still to be written."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write_later(self, numbers: Iterable[int]) -> None:
        """Leave works, by their numbers, to `catch_up`; deleted ones too."""
        self._db.run_many(
            "insert or ignore into unsearched values (?)", [(number,) for number in numbers]
        )

    def catch_up(self, limit: int) -> None:
        """Write the words of at most `limit` of the works that were left for later."""
        rows = self._db.rows("select work from unsearched order by work limit ?", limit)
        self.write([number for (number,) in rows])

    def write(self, numbers: Sequence[int]) -> None:
        """Write the words of works; delete those of works that are gone."""
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
        # The catalogue is not needed to search, so neither a start nor `next` loads it.
        from papertui.core import catalog

        notes: dict[int, list[str]] = {}
        for number, body in self._db.rows(
            "select number, body from json_each(?) join work on number = value"
            " join note on note.work = citekey order by saved",
            numbers,
        ):
            notes.setdefault(number, []).append(body)
        keys: dict[int, list[str]] = {}
        for number, key in self._db.rows(
            "select number, bib_entry.citekey from json_each(?) cross join work on number = value"
            " cross join bib_entry on bib_entry.work = work.citekey or bib_entry.work in"
            " (select merged.work from merged where target = work.citekey)",
            numbers,
        ):
            keys.setdefault(number, []).append(key)
        return {
            number: (
                number,
                *search_text(catalog.work_from(citekey, json.loads(fields)), keys.get(number, ())),
                _folded(notes.get(number, ())),
            )
            for number, citekey, fields in self._db.rows(
                "select number, citekey, fields from json_each(?) join work on number = value"
                " join detail on detail.work = number",
                numbers,
            )
        }


def search_text(work: "Work", keys: Iterable[str] = ()) -> tuple[str, str, str]:
    """Return the folded words of a work's titles, of its names, ids and keys, of its prose."""
    return (
        _folded((work.title, *work.aliases)),
        _folded((*work.authors, work.citekey, *keys, work.arxiv, work.doi, work.venue)),
        _folded((work.summary, work.insight, work.matters)),
    )


def _folded(texts: Iterable[str | None]) -> str:
    return search_key("\n".join(text for text in texts if text))
