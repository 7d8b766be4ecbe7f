"""All works and lists, shipped and added, as the database indexes them.

Start-up and search read what they show and no more, however many works there are.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from papertui import catalog, links
from papertui.catalog import Section, Work
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
    """Questions to the index of works; nothing here writes but the `index` methods."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        connection.create_function("folded", 1, fold, deterministic=True)

    def branches(self) -> list[Branch]:
        """Return all lists and sections in order, each before what is in it, with counts."""
        found = self._db.execute(
            "select section.id, parent, list, path, section.title, total from section"
            " join reading_list on key = list"
            " order by reading_list.position, list, section.position"
        ).fetchall()
        parents = {row[0]: row[1] for row in found}
        done: dict[int, set[str]] = {}
        dropped: dict[int, set[str]] = {}
        for section, work, aside in self._db.execute(
            "select distinct section, standing.work, aside from standing join item using (work)"
            " join work on citekey = standing.work"
            " where not unidentified and (standing.depth >= 2 or aside = 'dropped')"
        ).fetchall():
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
            self._db.execute(
                f"{_LEAF} where item.section in ({marks}) order by 1, 2",
                list(branches),
            ).fetchall()
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
            self._db.execute(
                f"{_LEAF} where {wanted} order by 1, 2 limit {MATCHES}",
                values,
            ).fetchall()
        )

    def work(self, citekey: str) -> Work | None:
        """Return a work with all that is known of it."""
        row = self._db.execute("select fields from work where citekey = ?", [citekey]).fetchone()
        return catalog.work_from(citekey, json.loads(row[0])) if row else None

    def title(self, citekey: str) -> str:
        """Return the title of a work, or its citekey where the work is not known."""
        row = self._db.execute("select title from work where citekey = ?", [citekey]).fetchone()
        return row[0] if row else citekey

    def titles(self, citekeys: Collection[str]) -> dict[str, str]:
        """Return the titles of the known ones among some works."""
        marks = ",".join("?" * len(citekeys))
        found = self._db.execute(
            f"select citekey, title from work where citekey in ({marks})",
            list(citekeys),
        )
        return dict(found.fetchall())

    def places(self, citekey: str) -> list[Place]:
        """Return every place a work stands in, lists in order."""
        found = self._db.execute(
            "select section, item.position, tier from item join section on section.id = section"
            " join reading_list on key = list where work = ?"
            " order by reading_list.position, section.position, item.position",
            [citekey],
        ).fetchall()
        if not found:
            return []
        sections = {
            row[0]: row[1:] for row in self._db.execute("select id, parent, title from section")
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
        found = self._db.execute(
            "select distinct work.citekey, json_extract(work.fields, '$.requires')"
            " from section join item on item.section = section.id"
            " join work on work.citekey = item.work"
            " where section.list = ? and not unidentified"
            " order by section.position, item.position",
            [key],
        ).fetchall()
        return {citekey: tuple(json.loads(requires or "[]")) for citekey, requires in found}

    def list_facts(self, key: str) -> ListFacts:
        """Return what a list says of itself."""
        row = self._db.execute(
            "select key, title, origin, reading_order, purpose, marks, caution"
            " from reading_list where key = ?",
            [key],
        ).fetchone()
        return ListFacts(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]), row[6])

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

    def same_as(self, fields: Mapping[str, Any]) -> str | None:
        """Return the known work meant by `fields`: same arXiv id or DOI, else same title."""
        if arxiv := fields.get("arxiv"):
            found = self._citekeys("arxiv = ?", arxiv)
        elif doi := fields.get("doi"):
            found = self._citekeys("json_extract(fields, '$.doi') = ? collate nocase", doi)
        else:
            wanted = fold_title(fields["title"])
            found = self._citekeys("folded_title like '%|' || ? || '|%'", wanted)
        return found[0] if found else None

    def _citekeys(self, condition: str, value: str) -> list[str]:
        found = self._db.execute(
            f"select citekey from work where {condition} order by rowid",
            [value],
        )
        return [citekey for (citekey,) in found.fetchall()]

    def index_shipped(self, shipped: catalog.Catalog) -> None:
        """Make the index of the shipped catalogue anew; the caller holds the transaction."""
        db = self._db
        db.execute("delete from work where origin = ?", [SHIPPED])
        db.execute(
            "delete from item where section in (select id from section where list <> ?)", [ADDED]
        )
        db.execute("delete from section where list <> ?", [ADDED])
        db.execute("delete from reading_list where key <> ?", [ADDED])
        for work in shipped.works.values():
            self._insert_work(SHIPPED, work)
        for position, entry in enumerate(shipped.lists):
            db.execute(
                "insert into reading_list"
                " (key, position, title, origin, reading_order, purpose, marks, caution)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    entry.key, position, entry.title, entry.origin, entry.order, entry.purpose,
                    json.dumps(dict(entry.marks), ensure_ascii=False), entry.caution,
                ],
            )  # fmt: skip
            root = Section(entry.title, sections=entry.sections)
            counter = iter(range(1_000_000))
            self._insert_section(entry.key, entry.key, None, root, counter, shipped.works)

    def index_added(self, citekey: str, fields: Mapping[str, Any] | None) -> None:
        """Put a work of the reader's own into the index, or take it out again."""
        db = self._db
        found = db.execute(
            "select fields from work where citekey = ? and origin = ?", [citekey, ADDED]
        ).fetchone()
        if (json.loads(found[0]) if found else None) == fields:
            return
        db.execute("delete from work where citekey = ? and origin = ?", [citekey, ADDED])
        if fields is not None:
            self._insert_work(ADDED, catalog.work_from(citekey, fields))
        added = self._citekeys("origin = ?", ADDED)
        db.execute(
            "delete from item where section in (select id from section where list = ?)", [ADDED]
        )
        db.execute("delete from section where list = ?", [ADDED])
        db.execute("delete from reading_list where key = ?", [ADDED])
        if added:
            db.execute(
                "insert into reading_list"
                " (key, position, title, origin, reading_order, purpose, marks)"
                " values (?, 1000000, ?, ?, 'list', ?, '{}')",
                [ADDED, ADDED_TITLE, "Your own.", "Works you added with +."],
            )
            root = Section(ADDED_TITLE, items=tuple(catalog.Item(key) for key in added))
            self._insert_section(ADDED, ADDED, None, root, iter(range(1)), {})

    def _insert_work(self, origin: str, work: Work) -> None:
        names = (work.title, *work.aliases)
        searched = (*names, *work.authors, work.citekey, work.arxiv, work.doi, work.summary)
        self._db.execute(
            "insert or ignore into work values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                work.citekey, origin, work.title, work.kind, work.arxiv, int(work.unidentified),
                "|" + "|".join(map(fold_title, names)) + "|",
                fold("\n".join(text for text in searched if text)),
                json.dumps(catalog.fields_of(work), ensure_ascii=False),
            ],
        )  # fmt: skip

    def _insert_section(
        self,
        key: str,
        path: str,
        parent: int | None,
        section: Section,
        counter: Iterator[int],
        works: Mapping[str, Work],
    ) -> set[str]:
        cursor = self._db.execute(
            "insert into section (parent, list, path, position, title, total)"
            " values (?, ?, ?, ?, ?, 0)",
            [parent, key, path, next(counter), section.title],
        )
        id_ = cursor.lastrowid
        self._db.executemany(
            "insert into item values (?, ?, ?, ?, ?)",
            [
                (id_, position, item.work, item.tier, "".join(item.marks))
                for position, item in enumerate(section.items)
            ],
        )
        within = {
            item.work
            for item in section.items
            if item.work not in works or not works[item.work].unidentified
        }
        for inner in section.sections:
            inner_path = f"{path}/{inner.title}"
            within |= self._insert_section(key, inner_path, id_, inner, counter, works)
        self._db.execute("update section set total = ? where id = ?", [len(within), id_])
        return within


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
