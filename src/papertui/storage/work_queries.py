"""All works and lists, shipped and added, as the database indexes them.

Start-up and search read what they show and no more, however many works there are.
"""

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.core import identifiers
from papertui.core.text import title_key, valid_unicode
from papertui.storage.database import Database
from papertui.storage.reading_log import TOUCHED
from papertui.storage.tree_queries import upwards

if TYPE_CHECKING:
    from papertui.core.catalog import Work
    from papertui.core.identity import Identity, Known, Rule


# A work, or that which took it in.
_CITEKEY = "coalesce((select target from merged where work = {0}), {0})"
_ALIKE = f"""select citekey, title, origin = 'shipped', fields,
    (select json_group_array(merged.work) from merged where target = citekey) from (
    select number from json_each(:citekeys) cross join work on citekey = {_CITEKEY.format("value")}
    union select number from json_each(:arxiv) cross join work on arxiv = value
    union select number from json_each(:doi) cross join work on doi = value
    union select number from json_each(:url) cross join work on url = value
    union select name.work from json_each(:names) cross join name on folded = value
    ) join work using (number) join detail on detail.work = number order by number"""


class Place(NamedTuple):
    """Where a work stands: the titles from the list down, and the row it has in the tree."""

    titles: tuple[str, ...]
    branch: int
    position: int
    tier: int | None


class ListFacts(NamedTuple):
    """What a list says of itself."""

    key: str
    title: str
    origin: str
    reading_order: str
    purpose: str
    marks: Mapping[str, str]
    caution: str | None


class WorkQueries:
    """Questions to the index of works."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def work(self, citekey: str) -> "Work | None":
        """Return a work, or that which took it in, with all that is known of it."""
        row = self._db.row(
            "select citekey, fields from work join detail on detail.work = number"
            f" where citekey = {_CITEKEY.format('?1')}",
            citekey,
        )
        from papertui.core import catalog

        return catalog.work_from(row[0], json.loads(row[1])) if row else None

    def title(self, citekey: str) -> str:
        """Return the title of a work, or its citekey where the work is not known."""
        return self.about(citekey)[0]

    def about(self, citekey: str) -> tuple[str, str]:
        """Return title and kind of a work; the citekey stands for an unknown one's title."""
        row = self._db.row(
            f"select title, kind from work where citekey = {_CITEKEY.format('?1')}", citekey
        )
        return row or (citekey, "paper")

    def titles(self, citekeys: Collection[str]) -> dict[str, str]:
        """Return the titles of the known ones among some works."""
        marks = ",".join("?" * len(citekeys))
        return dict(
            self._db.rows(f"select citekey, title from work where citekey in ({marks})", *citekeys)
        )

    def places(self, citekey: str) -> list[Place]:
        """Return every place a work stands in, lists in order."""
        found = self._db.rows(
            "select section, item.position, tier from item join section on section.id = section"
            " join reading_list on key = list where work = ?"
            " order by reading_list.position, section.position, item.position",
            citekey,
        )
        if not found:
            return []
        around = self._db.rows(
            "with recursive around (id, parent, title) as ("
            " select id, parent, title from section where id in"
            " (select section from item where work = ?)"
            " union select section.id, section.parent, section.title"
            " from section join around on section.id = around.parent) select * from around",
            citekey,
        )
        titles = {id_: title for id_, _, title in around}
        parents = {id_: parent for id_, parent, _ in around}
        return [
            Place(
                tuple(titles[branch] for branch in upwards(section, parents))[::-1],
                section,
                position,
                tier,
            )
            for section, position, tier in found
        ]

    def citekeys(self) -> list[str]:
        """Return all works, in the order they came in."""
        return [citekey for (citekey,) in self._db.rows("select citekey from work order by number")]

    def own(self) -> list[str]:
        """Return the works that did not come with papertui."""
        found = self._db.rows("select citekey from work where origin <> 'shipped' order by number")
        return [citekey for (citekey,) in found]

    def paths(self) -> dict[str, tuple[str, ...]]:
        """Return every work that stands in sections with their paths, lists in order."""
        found = self._db.rows(
            "select work, path from item join section on section.id = section"
            " join reading_list on key = list"
            " order by reading_list.position, section.position, item.position"
        )
        paths: dict[str, tuple[str, ...]] = {}
        for work, path in found:
            paths[work] = (*paths.get(work, ()), path)
        return paths

    def requirements(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return the works of a list, in its order, each with the works to read before."""
        found = self._db.rows(
            "select item.work, needs from section cross join item on item.section = section.id"
            " cross join work on work.citekey = item.work"
            " left join requirement on requirement.work = item.work"
            " where section.list = ? and not unidentified"
            " order by section.position, item.position, requirement.rowid",
            key,
        )
        needed: dict[str, dict[str, None]] = {}
        for citekey, needs in found:
            needed.setdefault(citekey, {}).update({needs: None} if needs else {})
        return {citekey: tuple(needs) for citekey, needs in needed.items()}

    def list_facts(self, key: str) -> ListFacts | None:
        """Return what a list says of itself, None for a list that has gone."""
        row = self._db.row(
            "select key, title, origin, reading_order, purpose, marks, caution"
            " from reading_list where key = ?",
            key,
        )
        return row and ListFacts(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]), row[6])

    def named(self, name: str) -> list[str]:
        """Return the citekeys that `name` may mean.

        It is a citekey, an arXiv id or address, a whole title or alias, or else
        a part of a title or alias; the first of these that fits decides.
        """
        name = valid_unicode(name)
        if arxiv := identifiers.arxiv_id(name):
            return self._citekeys("arxiv = ?", arxiv)
        if work := self.work(name):
            return [work.citekey]
        wanted = title_key(name)
        if not wanted:
            return []
        return self._by_name("folded = ?", wanted) or self._by_name("instr(folded, ?)", wanted)

    def same_as(self, fields: Mapping[str, Any]) -> str | None:
        """Return the known work that catalogue `fields` describe."""
        rule, known = self._closest(fields)
        return known.citekey if rule and rule.same and known else None

    def conflict(self, fields: Mapping[str, Any]) -> str | None:
        """Return a work that has the arXiv id or DOI of `fields` under another title."""
        from papertui.core.identity import Rule

        rule, known = self._closest(fields)
        return known.citekey if rule is Rule.CONFLICT and known else None

    def _closest(self, fields: Mapping[str, Any]) -> "tuple[Rule, Known] | tuple[None, None]":
        from papertui.core import identity

        given = identity.identity_of(fields)
        return identity.closest(given, self.alike([given]))

    def alike(
        self, wanted: "Collection[Identity]", citekeys: Collection[str] = ()
    ) -> "list[Known]":
        """Return the works that share an id, an address or a title with some identities.

        Those with one of some citekeys are returned too.
        """
        from papertui.core.identity import Known, identity_of

        found = self._db.rows(
            _ALIKE,
            citekeys=json.dumps(list(citekeys)),
            arxiv=json.dumps([each.arxiv for each in wanted if each.arxiv]),
            doi=json.dumps([each.doi for each in wanted if each.doi]),
            url=json.dumps([each.url for each in wanted if each.url and not each.names]),
            names=json.dumps([name for each in wanted for name in each.names]),
        )
        return [
            Known(
                citekey,
                title,
                bool(shipped),
                identity_of(json.loads(fields)),
                tuple(json.loads(merged)),
            )
            for citekey, title, shipped, fields, merged in found
        ]

    def is_shipped(self, citekey: str) -> bool:
        """Say whether a work is one of the catalogue's."""
        row = self._db.row("select origin = 'shipped' from work where citekey = ?", citekey)
        return bool(row and row[0])

    def touched(self, citekeys: Collection[str]) -> set[str]:
        """Return those of some works that the reader has done something with."""
        found = self._db.rows(
            f"select value from json_each(?) where value in ({TOUCHED})", json.dumps(list(citekeys))
        )
        return {citekey for (citekey,) in found}

    def last_import(self, key: str) -> Mapping[str, Any] | None:
        """Return the data of the import that a list stands as it was in."""
        row = self._db.row(
            "select data from reading_list join event on event.id = reading_list.event"
            " where key = ?",
            key,
        )
        return json.loads(row[0]) if row else None

    def incomplete(self) -> dict[str, dict[str, Any]]:
        """Return the fields of the reader's works that arXiv can complete.

        They have an arXiv id, which they share with no other work, and no authors.
        """
        found = self._db.rows(
            "select citekey, fields from work join detail on detail.work = number"
            " where origin = 'added' and arxiv is not null"
            " and json_extract(fields, '$.authors') is null and arxiv in"
            " (select arxiv from work group by arxiv having count(*) = 1) order by number"
        )
        return {citekey: json.loads(fields) for citekey, fields in found}

    def _citekeys(self, condition: str, value: str | None) -> list[str]:
        found = self._db.rows(f"select citekey from work where {condition} order by number", value)
        return [citekey for (citekey,) in found]

    def _by_name(self, condition: str, value: str) -> list[str]:
        found = self._db.rows(
            "select distinct citekey from name join work on number = name.work"
            f" where {condition} order by number",
            value,
        )
        return [citekey for (citekey,) in found]
