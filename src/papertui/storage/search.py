"""Search: works by the words of their titles, authors, names, summaries and notes."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.core import identifiers, library_tree
from papertui.core.found_by import Names
from papertui.core.library_tree import IN_NOTES, IN_TEXT, Leaf, TreeQuery
from papertui.core.search_words import (
    Query,
    Word,
    Words,
    asked_fields,
    asked_tags,
    asked_years,
    has_all,
    indexed_words,
    parse_query,
    readings,
    without_umlauts,
)
from papertui.core.text import title_key, valid_unicode
from papertui.storage.database import Database
from papertui.storage.merged_works import works_with_merged
from papertui.storage.tree_queries import ASIDE, condition

if TYPE_CHECKING:
    from papertui.core.catalog import Work

MAX_RESULTS = 300
MAX_QUICK = 60
MAX_RANKED = 2000
_FACETS_OF_A_PLACE = (library_tree.LIST, library_tree.TIER)


class SearchResult(NamedTuple):
    """The works that match, each in its first place; `ranked` if the best come first."""

    leaves: list[Leaf]
    ranked: bool = True


# A work is shown in the first of its places that the filter takes.
_RESULTS = f"""
select coalesce((select min(section) from item where item.work = work_state.work and {{place}}), 0)
    as branch, number as position, work_state.work, work_state.title, kind, null as tier,
    '' as marks, depth, {ASIDE} as aside, unidentified"""
_BY_ID = f"""{_RESULTS}, iif(instr(title, :id), '', {{by}}) as extra
from work_state where {{wanted}} and {{where}} order by number limit :limit"""
# By tags alone it is these that a row says, else by years alone that year.
_OF_ALL = f"""{_RESULTS}, coalesce((select group_concat('#' || tag, ' ') from tag
    where tag.work = work_state.work and exists (select 1 from json_each(:tags)
        where substr(folded, 1, length(value)) = value)), cast(year as text), '') as extra
from work_state where {{where}} order by number limit :limit"""
_BY_WORDS = f"""{_RESULTS}, '' as extra
from search cross join work_state
where search match :match and number = search.rowid and {{where}}
order by search.rowid limit :limit"""
# A word counts most in a title, then in a name, year or id, in a note, in prose.
_BEST = f"""{_RESULTS}, '' as extra
from search cross join work_state
where search match :match and search.rowid <= :last and number = search.rowid and {{where}}
order by bm25(search, 10.0, 5.0, 5.0, 1.0, 2.0), search.rowid limit :limit"""
_LAST_RANKED = """
select rowid from search where search match :match and {where}
order by rowid limit 1 offset :ranked"""

_TEXTS = """
select work, title, authors || ' ' || names, notes
from json_each(?) join searched on work = value"""
_NAMES = """
select number, citekey, arxiv, doi, year,
    json_extract(fields, '$.authors', '$.venue', '$.aliases'),
    (select json_group_array(citekey) from bib_entry where bib_entry.work = work.citekey)
from json_each(?) cross join work on number = value cross join detail on detail.work = number"""
# A word, and the column of the index that is to have it, "" for any.
Within = tuple[str, Word]


class Search:
    """Finds works."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, query: str, view: TreeQuery, thorough: bool = True) -> SearchResult:
        """Return the works within the filter that have every word of `query`, or its address.

        Words match from their beginning; any text is a query. A name as it is typed
        comes before its parts. The best of the first 2,000 matches come first, those in
        titles before all others; `extra` says what each was found by if not by its title. If
        the search need not be `thorough` and there are many, they come in the order of the
        index, without that. ``#name`` asks for a tag that begins so, ``year:2017`` for
        years that begin so, ``author:name``, ``title:word`` and ``note:word`` for a word there.
        """
        tags, query = asked_tags(query)
        years, query = asked_years(query)
        fields, query = asked_fields(query)
        if tags or years:
            view = self._narrowed(tags, years, view)
            if not query.strip() and not fields:
                return SearchResult(self._leaves(_OF_ALL, view, tags=json.dumps(tags)))
        wanted = "" if fields else valid_unicode(query).strip()
        leaves = {leaf.work: leaf for leaf in self._by_id(wanted, view)}
        by_id, ranked = len(leaves), True
        asked: Query | None = parse_query(query)
        within = [(column, word) for column, text in fields for word in parse_query(text).narrow]
        titled = " ".join([query, *(text for column, text in fields if column == "title")])
        while asked and ranked and len(leaves) == by_id:
            for words in dict.fromkeys((asked.narrow, asked.wide)):
                if (words or within) and ranked and len(leaves) < MAX_RESULTS:
                    by_words, ranked = self._by_words(words, within, titled, view, thorough)
                    for leaf in by_words:
                        leaves.setdefault(leaf.work, leaf)
            asked = asked.unsigned
        return SearchResult([*leaves.values()][:MAX_RESULTS], ranked)

    def _narrowed(self, tags: Iterable[str], years: Iterable[str], view: TreeQuery) -> TreeQuery:
        """Return how the library is looked at with only the works of all of some tags and years.

        The tags and years are their beginnings.
        """
        works: set[str] | None = None
        of_tag = "select work from tag where substr(folded, 1, length(?1)) = ?1"
        of_year = "select citekey from work where substr(year, 1, length(?1)) = ?1"
        asked = [*((of_tag, tag) for tag in tags), *((of_year, year) for year in years)]
        for sql, value in asked:
            having = {work for (work,) in self._db.rows(sql, value)}
            works = having if works is None else works & having
        return view._replace(chosen={**view.chosen, library_tree.WORK: frozenset(works or ())})

    def _by_words(
        self, words: Words, within: Sequence[Within], query: str, view: TreeQuery, thorough: bool
    ) -> tuple[list[Leaf], bool]:
        """Return the works that have some words, and whether the best come first.

        `within` are the words that single columns have.
        """
        in_columns = (f"{column} : {matching(word)}" for column, word in within)
        match = " AND ".join([*in_columns, *map(matching, words)])
        leaves = self._leaves(_BY_WORDS, view, MAX_QUICK, match=match)
        is_more = len(leaves) == MAX_QUICK
        if is_more and not thorough:
            return leaves, False
        # Few are put in order by where the words are; of many, the search itself must know.
        if is_more:
            last = self._last_ranked(match, view)
            leaves = self._leaves(_BEST, view, match=match, last=last)
        return self._best_first(leaves, words, within, query), True

    def _by_id(self, query: str, view: TreeQuery) -> list[Leaf]:
        ids, ways = identifiers.named_ids(query), list[tuple[str, str, str]]()
        if ids.arxiv:
            ways.append(("arxiv = :id", "'arXiv ' || arxiv", ids.arxiv))
        if ids.doi:
            ways.append(("doi = :id", "'DOI ' || doi", ids.doi.lower()))
        if ids.url:
            addresses = identifiers.same_addresses(identifiers.address_key(ids.url))
            is_one = "url in (select value from json_each(:id))"
            ways.append((is_one, "'by its address'", json.dumps(addresses)))
        if not ways and identifiers.is_part_of_arxiv_id(query):
            ways.append(("instr(arxiv, :id)", "'arXiv ' || arxiv", query))
        if any(ids) and (works := works_with_merged(self._db, ids)):
            is_one = "work_state.work in (select value from json_each(:id))"
            ways.append((is_one, "'by a work merged into it'", json.dumps(works)))
        for wanted, by, value in ways:
            sql = _BY_ID.replace("{wanted}", wanted).replace("{by}", by)
            if leaves := self._leaves(sql, view, id=value):
                return leaves
        return []

    def _last_ranked(self, match: str, view: TreeQuery) -> int:
        """Return the number of the last work among the matches that are ranked."""
        where, values = condition(view.chosen, of_items=False)
        taken = f"exists (select 1 from work_state where number = search.rowid and {where})"
        rows = self._db.rows(
            _LAST_RANKED.format(where=taken if view.chosen else "true"),
            match=match,
            ranked=MAX_RANKED - 1,
            today=view.today.isoformat(),
            **values,
        )
        return int(rows[0][0]) if rows else 1 << 62

    def _best_first(
        self, leaves: list[Leaf], words: Words, within: Sequence[Within], query: str
    ) -> list[Leaf]:
        """Return leaves in order: called so, with the very words, with them begun, then others.

        Those whose titles do not have all the words say what they were found by.
        """
        title_rank = _title_ranks(query)
        ranks = {leaf.position: title_rank(leaf.title) for leaf in leaves}
        others = [number for number, rank in ranks.items() if rank == _NOT_BEGUN or not words]
        sql = "select distinct work from name where folded = ?"
        called_so = {number for (number,) in self._db.rows(sql, title_key(query))}
        texts = {number: texts for number, *texts in self._db.rows(_TEXTS, json.dumps(others))}
        asked = [*within, *(("", word) for word in words)]
        named: dict[int, Within] = {}
        ordered = []
        for leaf in leaves:
            place, extra = _IN_TITLE, ""
            if row := texts.get(leaf.position):
                place = _place(words, *row)
                extra = _SAYS.get(place, "")
                lacking = None if extra else _lacking(leaf.title, row[0], asked)
                if lacking and lacking[0] == "notes":
                    extra = IN_NOTES
                elif lacking:
                    named[leaf.position] = lacking
            rank = _WHOLE if leaf.position in called_so else ranks[leaf.position]
            key = (rank, place)
            ordered.append((key, leaf._replace(extra=extra) if extra else leaf))
        by = self._found_by(named)
        return [
            leaf._replace(extra=by[leaf.position]) if leaf.position in by else leaf
            for _, leaf in sorted(ordered, key=lambda pair: pair[0])
        ]

    def _found_by(self, named: Mapping[int, Within]) -> dict[int, str]:
        """Return the names that have the words for which works were found, in words."""
        by = {}
        for number, citekey, arxiv, doi, year, fields, keys in self._db.rows(
            _NAMES, json.dumps([*named])
        ):
            authors, venue, titles = json.loads(fields)
            column, word = named[number]
            names = Names(
                titles or (), authors or (), venue, year, arxiv, doi, (citekey, *json.loads(keys))
            )
            only = {"authors": Names(authors=names.authors), "title": Names(names.titles)}
            by[number] = only.get(column, names).found_by(word)
        return by

    def _leaves(
        self, query: str, view: TreeQuery, limit: int = MAX_RESULTS, **values: Any
    ) -> list[Leaf]:
        where, filtered = condition(view.chosen, of_items=False)
        of_place = {f: v for f, v in view.chosen.items() if f in _FACETS_OF_A_PLACE}
        place, _ = condition(of_place, of_items=True)
        return self._db.records(
            Leaf,
            query.format(place=place, where=where),
            today=view.today.isoformat(),
            limit=limit,
            **filtered,
            **values,
        )


def matching(word: Sequence[str], *, whole: bool = False) -> str:
    """Return the condition that a word is there, or begins one, in one of its spellings."""
    sign = "" if whole else "*"
    return "(" + " OR ".join(f'"{spelling}"{sign}' for spelling in word) + ")"


def _place(words: Words, titles: str, names: str, notes: str) -> int:
    """Return where the words are that a work has: the last place that is needed for all of them."""
    if has_all(titles, words):
        return _IN_TITLE
    in_names = f"{titles} {names}"
    others = tuple(word for word in words if not has_all(in_names, (word,)))
    if not others:
        return _IN_NAMES
    return _IN_NOTES if has_all(notes, others) else _IN_TEXT


def _lacking(title: str, titles: str, asked: Iterable[Within]) -> Within | None:
    """Return the first word that a title does not have, or that is asked for elsewhere.

    `titles` are the words of that title and of others.
    """
    shown: str | None = None
    for column, word in asked:
        if column in ("", "title") and has_all(titles, (word,)):
            shown = indexed_words(title) if shown is None else shown
            if has_all(shown, (word,)):
                continue
        return column, word
    return None


_WHOLE, _EXACT, _STARTS, _BEGUN, _NOT_BEGUN = range(5)
_IN_TITLE, _IN_NAMES, _IN_TEXT, _IN_NOTES = range(4)
_SAYS = {_IN_TEXT: IN_TEXT, _IN_NOTES: IN_NOTES}


def _title_ranks(query: str) -> Callable[[str], int]:
    """Return what ranks a title: it is `query`, has its words in that order, or so begun, or not.

    A title that starts so comes before those that go on so. What stands before a colon is a
    title too: Adam, of *Adam: A Method*.
    """
    asked = readings(query)
    exactly = [f" {words} " for words in asked]
    begins = [f" {words}" for words in asked | set(map(without_umlauts, asked))]

    def rank(title: str) -> int:
        if asked & (readings(title) | readings(title.partition(":")[0])):
            return _WHOLE
        titles = [f" {words} " for words in readings(title)]
        if any(words in title for words in exactly for title in titles):
            return _EXACT
        if any(title.startswith(words) for words in begins for title in titles):
            return _STARTS
        if any(words in title for words in begins for title in titles):
            return _BEGUN
        respelt = map(without_umlauts, titles)
        return _BEGUN if any(w in title for title in respelt for w in begins) else _NOT_BEGUN

    return rank


# The words of more works take longer than a lock should be held: see `Store.catch_up`.
MAX_SEARCHED_AT_ONCE = 100
_WORDS = "title, authors, names, body, notes"
_ROW = "?, ?, ?, ?, ?, ?"


class SearchIndex:
    """Writes the words of works; the table `unsearched` holds the works still to be written."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write_later(self, numbers: Iterable[int]) -> None:
        """Leave works, by their numbers, to `catch_up`; deleted ones too."""
        self._db.run_many(
            "insert or ignore into unsearched values (?)", [(number,) for number in numbers]
        )

    def write_few(self) -> None:
        """Write the works that were left for later at once, unless they are many."""
        (left,) = self._db.row("select count(*) from unsearched")
        if left <= MAX_SEARCHED_AT_ONCE:
            self.catch_up(left)

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
        db.run_many(f"insert into search (search, rowid, {_WORDS}) values ('delete', {_ROW})", gone)
        db.run_many("delete from searched where work = ?", [(row[0],) for row in gone])
        db.run_many(f"insert into searched (work, {_WORDS}) values ({_ROW})", made)
        db.run_many(f"insert into search (rowid, {_WORDS}) values ({_ROW})", made)
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
                *search_text(
                    catalog.work_from(citekey, known := json.loads(fields)),
                    known,
                    keys.get(number, ()),
                ),
                _indexed(notes.get(number, ())),
            )
            for number, citekey, fields in self._db.rows(
                "select number, citekey, fields from json_each(?) join work on number = value"
                " join detail on detail.work = number",
                numbers,
            )
        }


def search_text(
    work: "Work", fields: Mapping[str, Any], keys: Iterable[str] = ()
) -> tuple[str, str, str, str]:
    """Return the words of a work's titles, of its authors, of its other names, of its prose.

    Other names are its year, venue, ids and keys.

    Title and summary count as prose with the markup in which they came, so that its words
    find them too.
    """
    raw = [
        text
        for name, shown in (("title", work.title), ("summary", work.summary))
        if (text := fields.get(name)) != shown
    ]
    year = str(work.year) if work.year else None
    return (
        _indexed((work.title, *work.aliases)),
        _indexed(work.authors),
        _indexed((work.citekey, *keys, work.arxiv, work.doi, work.venue, year)),
        _indexed((work.summary, work.insight, work.matters, *raw)),
    )


def _indexed(texts: Iterable[str | None]) -> str:
    return indexed_words("\n".join(text for text in texts if text))
