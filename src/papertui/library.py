"""All works and lists, shipped and added, as the database indexes them.

Start-up and search read what they show and no more, however many works there are.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from papertui import adding, catalog, links
from papertui.catalog import Work
from papertui.database import Database
from papertui.outline import Branch, Leaf
from papertui.text import fold, fold_title

SHIPPED, ADDED = "shipped", "added"
ADDED_TITLE = "Added by you"
MATCHES = 500

_LEAF = """
    select item.section, item.position, item.work, work.title, work.kind, item.tier, item.marks,
           coalesce(standing.depth, 0), standing.aside, work.unidentified
    from item join work on work.citekey = item.work
    left join standing on standing.work = item.work
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a work stands: the titles from the list down, and the row it has in the tree."""

    titles: tuple[str, ...]
    branch: int
    position: int
    tier: int | None


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What a list says of itself."""

    key: str
    title: str
    origin: str
    reading_order: str
    purpose: str
    marks: Mapping[str, str]
    caution: str | None


class Library:
    """Questions to the index of works."""

    def __init__(self, database: Database) -> None:
        self._db = database
        database.connection.create_function("folded", 1, fold, deterministic=True)

    def branches(self, until: date | None = None) -> list[Branch]:
        """Return all lists and sections in order, each before what is in it, with counts.

        The counts are those of now or, with `until`, of the end of that day;
        works dropped since are dropped there too.
        """
        found = self._db.rows(
            "select section.id, parent, list, path, section.title, total from section"
            " join reading_list on key = list"
            " order by reading_list.position, list, section.position"
        )
        parents = {row[0]: row[1] for row in found}
        done: dict[int, set[str]] = {}
        dropped: dict[int, set[str]] = {}
        for section, work, aside in self._db.rows(
            "select distinct section, standing.work, aside from standing join item using (work)"
            " join work on citekey = standing.work"
            " where not unidentified and (aside = 'dropped' or standing.depth >= 2 and"
            " (?1 is null or exists (select 1 from reading where reading.work = standing.work"
            " and reading.depth >= 2 and coalesce(read_on, '') <= ?1)))",
            until.isoformat() if until else None,
        ):
            for branch in _upwards(section, parents):
                (dropped if aside == "dropped" else done).setdefault(branch, set()).add(work)
        return [
            Branch(
                id_, parent, list_, path, title, len(done.get(id_, ())),
                total - len(dropped.get(id_, ())),
            )
            for id_, parent, list_, path, title, total in found
        ]  # fmt: skip

    def leaves(self, branches: Collection[int]) -> dict[int, list[Leaf]]:
        """Return the items of some branches, in the order of the list."""
        marks = ",".join("?" * len(branches))
        return _by_branch(
            self._db.rows(f"{_LEAF} where item.section in ({marks}) order by 1, 2", *branches)
        )

    def matches(self, query: str) -> dict[int, list[Leaf]]:
        """Return the items whose work or notes hold every word of `query`.

        An arXiv id or address finds the work that has it.
        """
        if arxiv := links.arxiv_id(query):
            wanted, values = "work.arxiv = ?", [arxiv]
        else:
            values = fold(query).split(" ")
            wanted = " and ".join(
                "(instr(work.folded, ?1) or exists (select 1 from note"
                " where note.work = work.citekey and instr(folded(body), ?1)))".replace(
                    "?1", f"?{number}"
                )
                for number in range(1, len(values) + 1)
            )
        return _by_branch(
            self._db.rows(f"{_LEAF} where {wanted} order by 1, 2 limit {MATCHES}", *values)
        )

    def work(self, citekey: str) -> Work | None:
        """Return a work with all that is known of it."""
        row = self._db.row("select fields from work where citekey = ?", citekey)
        return catalog.work_from(citekey, json.loads(row[0])) if row else None

    def title(self, citekey: str) -> str:
        """Return the title of a work, or its citekey where the work is not known."""
        row = self._db.row("select title from work where citekey = ?", citekey)
        return row[0] if row else citekey

    def about(self, citekey: str) -> tuple[str, str]:
        """Return title and kind of a work; the citekey stands for an unknown one's title."""
        row = self._db.row("select title, kind from work where citekey = ?", citekey)
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
        sections = {
            row[0]: row[1:] for row in self._db.rows("select id, parent, title from section")
        }
        parents = {id_: parent for id_, (parent, _) in sections.items()}
        return [
            Place(
                tuple(sections[branch][1] for branch in _upwards(section, parents))[::-1],
                section,
                position,
                tier,
            )
            for section, position, tier in found
        ]

    def requirements(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return the works of a list, in its order, each with the works to read before."""
        found = self._db.rows(
            "select distinct work.citekey, json_extract(work.fields, '$.requires')"
            " from section join item on item.section = section.id"
            " join work on work.citekey = item.work"
            " where section.list = ? and not unidentified"
            " order by section.position, item.position",
            key,
        )
        return {citekey: tuple(json.loads(requires or "[]")) for citekey, requires in found}

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
        if arxiv := links.arxiv_id(name):
            return self._citekeys("arxiv = ?", arxiv)
        if self.work(name):
            return [name]
        wanted = fold_title(name)
        if not wanted:
            return []
        whole = "folded_title like '%|' || ? || '|%'"
        part = "folded_title like '%' || ? || '%'"
        return self._citekeys(whole, wanted) or self._citekeys(part, wanted)

    def same_as(self, fields: Mapping[str, Any], titled: bool) -> str | None:
        """Return the known work that `fields` describe.

        The same id or address makes it the same work where it is not `titled`
        or has the same title; the same title does where no other id, year or
        first author speaks against it.
        """
        arxiv, doi, given = fields.get("arxiv"), fields.get("doi"), fold_title(fields["title"])
        links_ = fields.get("links", ())
        if arxiv:
            by_id = self._citekeys("arxiv = ?", arxiv)
        elif doi:
            by_id = self._citekeys("json_extract(fields, '$.doi') = ? collate nocase", doi)
        else:
            url = links_[0]["url"] if links_ else ""
            has = "? in (select json_extract(value, '$.url') from json_each(fields, '$.links'))"
            by_id = self._citekeys(has, url)
        for citekey in by_id:
            if not titled or given in self._names(citekey):
                return citekey
        same_title = self._citekeys("folded_title like '%|' || ? || '|%'", given) if given else []
        for citekey in same_title:
            work = self.work(citekey)
            if work and not adding.contradicts(work, fields):
                return citekey
        return None

    def conflict(self, fields: Mapping[str, Any]) -> str | None:
        """Return a work that has the arXiv id of `fields` under another title."""
        found = self._citekeys("arxiv = ?", fields["arxiv"]) if "arxiv" in fields else []
        return found[0] if found else None

    def incomplete(self) -> dict[str, dict[str, Any]]:
        """Return the fields of the reader's works that arXiv can complete.

        They have an arXiv id, which they share with no other work, and no authors.
        """
        found = self._db.rows(
            "select citekey, fields from work where origin = ? and arxiv is not null"
            " and json_extract(fields, '$.authors') is null and arxiv in"
            " (select arxiv from work group by arxiv having count(*) = 1) order by rowid",
            ADDED,
        )
        return {citekey: json.loads(fields) for citekey, fields in found}

    def _names(self, citekey: str) -> list[str]:
        row = self._db.row("select folded_title from work where citekey = ?", citekey)
        return str(row[0]).strip("|").split("|") if row else []

    def _citekeys(self, condition: str, value: str) -> list[str]:
        found = self._db.rows(f"select citekey from work where {condition} order by rowid", value)
        return [citekey for (citekey,) in found]


def _upwards(section: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    at: int | None = section
    while at is not None:
        yield at
        at = parents[at]


def _by_branch(found: Iterable[tuple[Any, ...]]) -> dict[int, list[Leaf]]:
    leaves: dict[int, list[Leaf]] = {}
    for *fields, unidentified in found:
        leaf = Leaf(*(*fields, bool(unidentified)))
        leaves.setdefault(leaf.branch, []).append(leaf)
    return leaves
