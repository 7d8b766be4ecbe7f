"""Queries for works, their places and their lists; none reads more than it returns."""

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.core import identifiers
from papertui.core.journal import ADDED, IMPORT, NOTE, PLACED
from papertui.core.text import safe_line, shorten, valid_unicode
from papertui.errors import Refused
from papertui.storage.database import Database
from papertui.storage.event_log import STANDING
from papertui.storage.merged_works import CITEKEY
from papertui.storage.reading_log import TOUCHED

if TYPE_CHECKING:
    from papertui.core.catalog import Work
    from papertui.core.identity import Identity, Known, Named, NewWork, Rule
    from papertui.core.own_lists import ListEdits

MAX_ALONG = 20  # works that were added offline and are completed along with others
MAX_NAME = 60
_ALIKE = f"""select citekey, title, origin = 'shipped', fields, came,
    (select json_group_array(merged.work) from merged where target = citekey) from (
    select number from json_each(:citekeys) cross join work on citekey = {CITEKEY.format("value")}
    union select number from json_each(:arxiv) cross join work on arxiv = value
    union select number from json_each(:doi) cross join work on doi = value
    union select number from json_each(:url) cross join work on url = value
    union select name.work from json_each(:names) cross join name on folded = value
    ) join work using (number) join detail on detail.work = number order by number"""
_OF_ONE_WORK = """not exists
    (select 1 from work as other where other.{0} = work.{0} and other.number <> work.number)"""
_PLACES = """
select section, item.position, tier, item.marks, (
    with recursive around (id, parent, title, level) as (
        select id, parent, title, 0 from section where id = item.section
        union all
        select section.id, section.parent, section.title, level - 1
        from around join section on section.id = around.parent
    )
    select json_group_array(title) from (select title from around order by level)
) as titles
from item join section on section.id = section join reading_list on key = list where work = ?
order by reading_list.position, section.position, item.position"""


_FIGURES = """select citekey, title, year, json_extract(fields, '$.citations.count') as citations,
    json_extract(fields, '$.citations.as_of') as as_of, json_extract(fields, '$.impact') as impact
    from {works} join detail on detail.work = number"""


class Place(NamedTuple):
    """A place of a work: the titles from the list down, and its row in the tree."""

    titles: tuple[str, ...]
    branch: int
    position: int
    tier: int | None
    marks: str


class Figures(NamedTuple):
    """The numbers of a work to sort by: its year, its citations as of some time, its impact."""

    citekey: str
    title: str
    year: int | None
    citations: int | None
    as_of: str | None
    impact: str | None


class ListFacts(NamedTuple):
    """The description of a list."""

    key: str
    title: str
    origin: str
    reading_order: str
    purpose: str
    marks: Mapping[str, str]
    caution: str | None


class WorkQueries:
    """Queries for works and lists."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def work(self, citekey: str) -> "Work | None":
        """Return a work, or the one that it was merged into, with all that is known of it."""
        row = self._db.row(
            "select citekey, fields from work join detail on detail.work = number"
            f" where citekey = {CITEKEY.format('?1')}",
            citekey,
        )
        from papertui.core import catalog

        return catalog.work_from(row[0], json.loads(row[1])) if row else None

    def current(self, citekey: str) -> str | None:
        """Return the citekey of a work, or of the one that it was merged into.

        None if papertui no longer has it.
        """
        sql = f"select citekey from work where citekey = {CITEKEY.format('?1')}"
        row = self._db.row(sql, citekey)
        return row[0] if row else None

    def title(self, citekey: str) -> str:
        """Return the title of a work, its citekey if the work is unknown."""
        return self.about(citekey)[0]

    def about(self, citekey: str) -> tuple[str, str]:
        """Return the title and kind of a work, its citekey as the title if it is unknown."""
        sql = f"select title, kind from work where citekey = {CITEKEY.format('?1')}"
        return self._db.row(sql, citekey) or self._about_removed(citekey) or (citekey, "paper")

    def about_each(self, citekeys: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return the titles and kinds of works, as `about` does for one."""
        rows = self._db.rows(
            "select citekey, title, kind from work"
            " where citekey in (select value from json_each(?))",
            json.dumps([*citekeys]),
        )
        known = {citekey: (title, kind) for citekey, title, kind in rows}
        return {citekey: known.get(citekey) or self.about(citekey) for citekey in citekeys}

    def _about_removed(self, citekey: str) -> tuple[str, str] | None:
        """Return the title that a work had when it left the library, and its usual kind."""
        placed = (
            # As JSON, which may hold half a pair of surrogates; a text of SQLite may not.
            "select iif(json_valid(data), coalesce(data -> '$.fields.title',"
            " data -> '$.title'), null) as title from event"
            " where work = ?1 and kind in (?2, ?3) and title <> '\"\"' order by at desc limit 1"
        )
        imported = (
            "select value -> '$.title' as title"
            " from event, json_each(iif(json_valid(data), data, '{}'), '$.works')"
            " where kind = ?2 and key = ?1 and title <> '\"\"' order by at desc limit 1"
        )
        row = self._db.row(placed, citekey, ADDED, PLACED)
        row = row or self._db.row(imported, citekey, IMPORT)
        title = json.loads(row[0]) if row else None
        return (valid_unicode(title), "paper") if isinstance(title, str) else None

    def titles(self, citekeys: Collection[str]) -> dict[str, str]:
        """Return the titles of those of some works that are known."""
        marks = ",".join("?" * len(citekeys))
        sql = f"select citekey, title from work where citekey in ({marks})"
        return dict(self._db.rows(sql, *citekeys))

    def places(self, citekey: str) -> list[Place]:
        """Return every place of a work, lists in order."""
        return [
            Place(tuple(json.loads(titles)), section, position, tier, marks)
            for section, position, tier, marks, titles in self._db.rows(_PLACES, citekey)
        ]

    def citekeys(self) -> list[str]:
        """Return all works, in the order in which they came in."""
        rows = self._db.rows("select citekey from work order by number")
        return [citekey for (citekey,) in rows]

    def own(self) -> list[str]:
        """Return the works that did not come with papertui."""
        rows = self._db.rows("select citekey from work where origin <> 'shipped' order by number")
        return [citekey for (citekey,) in rows]

    def sections(self) -> dict[str, tuple[str, ...]]:
        """Return the works that are in sections, with those as ``List/Section``, lists in order.

        A title itself has no slash there.
        """
        rows = self._db.rows(
            "with recursive named (id, name) as ("
            "select id, replace(title, '/', '∕') from section where parent is null union all"
            " select section.id, name || '/' || replace(title, '/', '∕')"
            " from named join section on parent = named.id)"
            " select work, name from item join section on section.id = section"
            " join named on named.id = section join reading_list on key = list"
            " order by reading_list.position, section.position, item.position"
        )
        sections: dict[str, tuple[str, ...]] = {}
        for work, name in rows:
            sections[work] = (*sections.get(work, ()), name)
        return sections

    def requirements(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return the works of a list, in its order, each with the works to read before it."""
        rows = self._db.rows(
            "select item.work, needs from section cross join item on item.section = section.id"
            " cross join work on work.citekey = item.work"
            " left join requirement on requirement.work = item.work"
            " where section.list = ? and not unidentified"
            " order by section.position, item.position, requirement.rowid",
            key,
        )
        needed: dict[str, dict[str, None]] = {}
        for citekey, needs in rows:
            needed.setdefault(citekey, {}).update({needs: None} if needs else {})
        return {citekey: tuple(needs) for citekey, needs in needed.items()}

    def merged_into(self, citekey: str) -> list[str]:
        """Return the works that were merged into a work."""
        rows = self._db.rows("select work from merged where target = ? order by work", citekey)
        return [work for (work,) in rows]

    def required_by(self, citekey: str) -> set[str]:
        """Return the works to read before a work, those before them, and so on."""
        rows = self._db.rows(
            "with recursive before (work) as (select needs from requirement where work = ?"
            " union select needs from before join requirement using (work))"
            " select work from before",
            citekey,
        )
        return {work for (work,) in rows}

    def list_facts(self, key: str) -> ListFacts | None:
        """Return the description of a list, None for a list that has gone."""
        rows = self._db.records(
            ListFacts,
            "select key, title, origin, reading_order, purpose, marks, caution"
            " from reading_list where key = ?",
            key,
        )
        return rows[0]._replace(marks=json.loads(str(rows[0].marks))) if rows else None

    def figures(self, citekeys: Collection[str]) -> list[Figures]:
        """Return the figures of those of some works that are known, in their order."""
        sql = _FIGURES.format(works="json_each(?) cross join work on citekey = value")
        return self._db.records(Figures, sql, json.dumps(list(citekeys)))

    def cited(self, key: str) -> list[Figures]:
        """Return the figures of the works of a list that have citations, the most cited first."""
        return self._db.records(
            Figures,
            _FIGURES.format(
                works="(select distinct item.work as cited from section"
                " cross join item on item.section = section.id where list = ?)"
                " cross join work on citekey = cited"
            )
            + " where citations is not null order by citations desc",
            key,
        )

    def named_by(self, keys: Collection[str], but: str) -> "dict[str, list[Named]]":
        """Return the works that some keys name, by the keys in lower case.

        Keys that only the list `but` gives to its works do not count.
        """
        from papertui.core.identity import Named

        rows = self._db.rows(
            "with named (key) as (select value from json_each(?1))"
            " select lower(key), citekey, title from named cross join work on citekey = key"
            f" union select key, work.citekey, title from (select lower(key) as key from named)"
            " cross join bib_entry on folded = key and list <> ?2"
            f" join work on work.citekey = {CITEKEY.format('bib_entry.work')}",
            json.dumps(list(keys)), but,
        )  # fmt: skip
        named: dict[str, list[Named]] = {}
        for key, *work in rows:
            named.setdefault(key, []).append(Named(*work))
        return named

    def same_as(self, fields: Mapping[str, Any]) -> str | None:
        """Return the known work that catalogue `fields` describe."""
        rule, known = self.closest(fields)
        return known if rule and rule.same else None

    def known_as(self, new: "NewWork") -> str | None:
        """Return the known work that a new one is: the same, or the one that it was merged into.

        A title that is a citekey means the work of that. `same_as` does not know a work that
        an older papertui merged into another by its fields.
        """
        sql = "select target from merged where work = ?"
        merged = self._db.row(sql, new.citekey)
        known = self.same_as(new.fields) or (merged[0] if merged else None)
        return known or self.current(str(new.fields["title"]).lower().removeprefix("@"))

    def closest(self, fields: Mapping[str, Any]) -> "tuple[Rule, str] | tuple[None, None]":
        """Return how catalogue `fields` relate to the closest known work, and its citekey."""
        from papertui.core import identity

        given = identity.identity_of(fields)
        rule, known = identity.closest(given, self.alike([given]))
        return (rule, known.citekey) if rule and known else (None, None)

    def alike(
        self, wanted: "Collection[Identity]", citekeys: Collection[str] = ()
    ) -> "list[Known]":
        """Return the works that share an id, an address or a title with some identities.

        Those with one of some citekeys are returned too. A work is known by what was merged
        into it too.
        """
        from papertui.core.identity import Known, identity_of

        taken_in = self._taken_in(wanted) if wanted else {}
        rows = self._db.rows(
            _ALIKE,
            citekeys=json.dumps([*citekeys, *taken_in]),
            arxiv=json.dumps([each.arxiv for each in wanted if each.arxiv]),
            doi=json.dumps([each.doi for each in wanted if each.doi]),
            url=json.dumps(
                [
                    address
                    for each in wanted
                    if each.url and not each.names
                    for address in identifiers.same_addresses(each.url)
                ]
            ),
            names=json.dumps([name for each in wanted for name in each.names]),
        )
        # A work whose fields the reader edited is known by those that it came with too.
        return [
            Known(key, title, bool(shipped), identity, tuple(json.loads(merged)), is_merged)
            for key, title, shipped, fields, came, merged in rows
            for identity, is_merged in (
                *((identity_of(json.loads(data)), False) for data in (fields, came) if data),
                *((identity, True) for identity in taken_in.get(key, ())),
            )
        ]

    def _taken_in(self, wanted: "Collection[Identity]") -> "dict[str, list[Identity]]":
        """Return the identities of merged works that share something with some others.

        They are by the works that they were merged into.
        """
        from papertui.core.identity import identity_of
        from papertui.storage.merged_works import merged_fields

        merged = merged_fields(self._db)
        if not merged:
            return {}
        marks = {mark for each in wanted for mark in each.marks}
        taken_in: dict[str, list[Identity]] = {}
        for target, works in merged.items():
            for identity in map(identity_of, works):
                if not marks.isdisjoint(identity.marks):
                    taken_in.setdefault(target, []).append(identity)
        return taken_in

    def is_shipped(self, citekey: str) -> bool:
        """Return True if a work came with papertui."""
        row = self._db.row("select origin = 'shipped' from work where citekey = ?", citekey)
        return bool(row and row[0])

    def touched(self, citekeys: Collection[str]) -> set[str]:
        """Return those of some works that the reader has done something with."""
        sql = f"select value from json_each(?) where value in ({TOUCHED})"
        return {citekey for (citekey,) in self._db.rows(sql, json.dumps(list(citekeys)))}

    def listed_beside(self, key: str, citekeys: Collection[str]) -> dict[str, str]:
        """Return those of some works that are in other lists than one, with the title of one."""
        from papertui.core.own_lists import UNLISTED_LIST

        rows = self._db.rows(
            "select item.work, reading_list.title from item join section on section.id = section"
            " join reading_list on reading_list.key = section.list"
            " where item.work in (select value from json_each(?)) and section.list not in (?, ?)"
            " order by reading_list.position desc",
            json.dumps([*citekeys]), key, UNLISTED_LIST,
        )  # fmt: skip
        return dict(rows)

    def read_to(self, depth: int, citekeys: Collection[str]) -> set[str]:
        """Return those of some works that the reader has logged this pass of, or a deeper one."""
        sql = (
            "select value from json_each(?)"
            " where value in (select work from reading where depth >= ?)"
        )
        return {citekey for (citekey,) in self._db.rows(sql, json.dumps(list(citekeys)), depth)}

    def saved_notes(self, ids: Collection[str]) -> set[str]:
        """Return those of some ids that are of notes ever saved, those since removed too."""
        sql = (
            "select value from json_each(?) where value in (select json_extract(data, '$.note')"
            f" from event where kind = ? and json_valid(data) and {STANDING})"
        )
        return {id_ for (id_,) in self._db.rows(sql, json.dumps([*ids]), NOTE)}

    def merges(self) -> dict[str, str]:
        """Return the works that merged works were merged into."""
        return dict(self._db.rows("select work, target from merged"))

    def list_edits(self) -> "ListEdits":
        """Return what the reader did to lists."""
        from papertui.storage.own_lists import OwnLists

        return OwnLists(self._db).edits()

    def last_import(self, key: str) -> Mapping[str, Any] | None:
        """Return the data of the import that a list is from."""
        row = self._db.row(
            "select data from reading_list join event on event.id = reading_list.event"
            " where key = ?",
            key,
        )
        return json.loads(row[0]) if row else None

    def incomplete(self, citekey: str | None = None) -> dict[str, dict[str, Any]]:
        """Return the fields of the reader's works of which little more than an id is known.

        They have an arXiv id, DOI or ISBN, which they share with no other work, and neither
        authors nor a year. With a citekey, only that work is looked at.
        """
        return self._own_fields(
            "citekey = coalesce(?, citekey)"
            " and json_extract(coalesce(came, fields), '$.year') is null"
            " and json_extract(coalesce(came, fields), '$.authors') is null and"
            f" case when arxiv is not null then {_OF_ONE_WORK.format('arxiv')}"
            f" when doi is not null then {_OF_ONE_WORK.format('doi')}"
            f" else url glob '{identifiers.book_page('*')}' end",
            citekey,
        )

    def unpublished(self) -> dict[str, dict[str, Any]]:
        """Return the fields of the reader's works of arXiv that have no DOI or no venue."""
        return self._own_fields(
            "(doi is null or json_extract(fields, '$.venue') is null)"
            f" and arxiv is not null and {_OF_ONE_WORK.format('arxiv')}"
        )

    def own_fields(self, citekey: str) -> dict[str, Any] | None:
        """Return the fields of a work that the reader added, None for another work.

        They are those from before the reader's edits, which hold whatever is added to these.
        """
        sql = (
            "select coalesce(came, fields) from work join detail on detail.work = number"
            " where origin = 'added' and citekey = ?"
        )
        row = self._db.row(sql, citekey)
        return json.loads(row[0]) if row else None

    def editable_fields(self, citekey: str) -> dict[str, Any]:
        """Return the fields of a work that the reader may edit.

        Raises Refused for a work that came with papertui, or that has left the library.
        """
        sql = "select origin, fields from work join detail on detail.work = number"
        row = self._db.row(f"{sql} where citekey = ?", citekey)
        if row is None:
            raise Refused("The work is no longer in the library.")
        if row[0] == "shipped":
            title = shorten(safe_line(self.title(citekey)), MAX_NAME)
            says = f"{title} came with papertui and stays as it is"
            raise Refused(says, ".", {"set-aside": "drops it"})
        return dict(json.loads(row[1]))

    def _own_fields(self, condition: str, *values: str | None) -> dict[str, dict[str, Any]]:
        rows = self._db.rows(
            "select citekey, fields from work join detail on detail.work = number"
            f" where origin = 'added' and {condition} order by number",
            *values,
        )
        return {citekey: json.loads(fields) for citekey, fields in rows}
