"""The tree: groupings, filters, branches and leaves, and the rows that are visible of them."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from papertui.core.labels import DIFFICULTIES, KINDS, PASSES, STATUSES, tier_name
from papertui.core.text import fold

K = TypeVar("K")
Filter = Mapping[str, frozenset[str]]
EVERYTHING: Filter = MappingProxyType({})

STATUS, PASS, KIND, DIFFICULTY = "status", "pass", "kind", "difficulty"
TIER, LIST, YEAR, NOTES, QUEUE = "tier", "list", "year", "notes", "queue"
STAR, TAG = "star", "tag"
NAMES = (STATUS, PASS, KIND, DIFFICULTY, TIER, LIST, YEAR, NOTES, QUEUE, STAR, TAG)
# Of the filter of a search alone: the works that have the tags in it, by citekey.
WORK = "work"
NONE, YES, NO = "none", "yes", "no"


class Facet(NamedTuple):
    """A property to filter by, with its values and their labels."""

    name: str
    values: Mapping[str, str]


def facets(
    lists: Iterable[tuple[str, str]], decades: Iterable[str], tags: Iterable[str] = ()
) -> list[Facet]:
    """Return every facet: `lists` are keys and titles, `decades` and `tags` those of the library.

    The facet of tags is only there if there are any.
    """
    tagged = {fold(tag): f"#{tag}" for tag in tags}
    return [
        Facet(STATUS, {status: status for status in (*STATUSES, "parked", "dropped")}),
        Facet(PASS, {str(depth): PASSES[depth] for depth in (1, 2, 3)}),
        Facet(KIND, {kind: kind for kind in KINDS}),
        Facet(DIFFICULTY, {**{d: d for d in DIFFICULTIES}, NONE: "not graded"}),
        Facet(TIER, {**{str(t): tier_name(t) for t in (1, 2, 3, 4)}, NONE: "no tier"}),
        Facet(LIST, dict(lists)),
        Facet(YEAR, {decade: "no year" if decade == NONE else decade for decade in decades}),
        Facet(NOTES, {YES: "with notes", NO: "without notes"}),
        Facet(QUEUE, {YES: "in the queue", NO: "not in the queue"}),
        Facet(STAR, {YES: "starred", NO: "not starred"}),
        *([Facet(TAG, tagged)] if tagged else []),
    ]


def toggle(chosen: Filter, facet: str, value: str) -> Filter:
    """Return a filter with one value more, or without it if it had the value."""
    values = chosen.get(facet, frozenset()) ^ {value}
    others = {name: chosen[name] for name in chosen if name != facet}
    return {**others, facet: values} if values else others


def known_filter(chosen: Filter, all_facets: Iterable[Facet]) -> Filter:
    """Return a filter without the values that no facet has any more."""
    known = {facet.name: {*facet.values} for facet in all_facets}
    return {name: both for name in chosen if (both := chosen[name] & known.get(name, set()))}


def chips(chosen: Filter, all_facets: Sequence[Facet]) -> list[str]:
    """Return the filter in words, a facet each: ``status: to read or skimmed``."""
    return [
        f"{facet.name}: "
        + " or ".join(label for value, label in facet.values.items() if value in chosen[facet.name])
        for facet in all_facets
        if facet.name in chosen
    ]


def dump_filter(chosen: Filter) -> str:
    """Return a filter as JSON, to be remembered."""
    return json.dumps({name: sorted(values) for name, values in chosen.items()})


def load_filter(remembered: str | None) -> Filter:
    """Return the filter that was remembered, without names that make no sense any more."""
    try:
        data: Any = json.loads(remembered or "{}")
    except (RecursionError, ValueError):
        return EVERYTHING
    if not isinstance(data, dict):
        return EVERYTHING
    return {
        name: frozenset(map(str, values))
        for name, values in data.items()
        if name in NAMES and isinstance(values, list) and values
    }


class Grouping(StrEnum):
    """The ways to group the tree."""

    LISTS = "lists"
    TIERS = "tiers"
    DIFFICULTY = "difficulty"
    YEAR = "year"
    STATUS = "status"
    QUEUE = "queue"


class Order(StrEnum):
    """The ways to sort the works of each branch; what is not known of a work comes last."""

    OWN = "own order"
    YEAR = "year"
    TITLE = "title"
    CITATIONS = "citations"
    READ = "last read"
    LENGTH = "length"


class TreeQuery(NamedTuple):
    """How the library is looked at: its grouping, its filter, its order, and the day."""

    today: date
    grouping: Grouping = Grouping.LISTS
    chosen: Filter = EVERYTHING
    order: Order = Order.OWN


class Branch(NamedTuple):
    """A list, a section or a group, and how many of its distinct works are done.

    `path` is its lasting name; a list is a branch without a `parent`. `list` is
    the key of the list it is a part of, empty for a group. No shelf is what
    groups works by what was done with them, or has none that counts: there `done`
    says nothing.
    """

    id: int
    parent: int | None
    list: str
    path: str
    title: str
    done: int
    total: int
    is_shelf: bool = True

    @property
    def tally(self) -> str:
        """How many of its works are done, or how many it has; empty if none of them counts."""
        if not self.total:
            return ""
        return f"{self.done}/{self.total}" if self.is_shelf else str(self.total)


class Leaf(NamedTuple):
    """An item of a branch with the status of its work; `extra` is what its grouping adds."""

    branch: int
    position: int
    work: str
    title: str
    kind: str
    tier: int | None
    marks: str
    depth: int
    aside: str | None
    unidentified: bool
    extra: str = ""


def passed_over(queued: Sequence[Leaf]) -> str:
    """Return why up next passes over some works that are put in the queue, "" if it does not."""
    aside = [leaf for leaf in queued if leaf.unidentified or leaf.aside]
    if not aside:
        return ""
    why = " or ".join(dict.fromkeys(leaf.aside or "not identified" for leaf in aside))
    which = why if len(queued) == 1 else f"{len(aside)} {why}"
    return f"{which}, so up next passes over {'it' if len(aside) == 1 else 'them'}"


def kind_of(node: Branch | Leaf | None) -> str:
    """Return what a node is, as the title of its page: ``Paper``, ``Section``."""
    if isinstance(node, Leaf):
        return node.kind.capitalize()
    return ("Group" if not node.list else "Section" if node.parent else "List") if node else ""


def is_same(one: Branch | Leaf, other: Branch | Leaf) -> bool:
    """Return True for the same branch, or for the same work in whatever branch."""
    if isinstance(one, Leaf) or isinstance(other, Leaf):
        return isinstance(one, Leaf) and isinstance(other, Leaf) and one.work == other.work
    return one.path == other.path


class Row(NamedTuple):
    """A line of the tree: a branch, open or closed, or a leaf."""

    level: int
    node: Branch | Leaf
    open: bool = False

    @property
    def key(self) -> str:
        """The name of the row, the same as long as its list does not change."""
        node = self.node
        return node.path if isinstance(node, Branch) else f"{node.branch}:{node.work}"


def visible_rows(
    branches: Sequence[Branch], leaves: Mapping[int, Sequence[Leaf]], opened: Collection[str]
) -> list[Row]:
    """Return the visible rows: branches in order, the contents of opened ones beneath them.

    `leaves` need hold only the items of opened branches; `opened` holds paths.
    """
    children: dict[int | None, list[Branch]] = {}
    for branch in branches:
        children.setdefault(branch.parent, []).append(branch)

    def visit(parent: int | None, level: int) -> Iterator[Row]:
        for branch in children.get(parent, ()):
            is_open = branch.path in opened
            yield Row(level, branch, is_open)
            if is_open:
                for leaf in leaves.get(branch.id, ()):
                    yield Row(level + 1, leaf)
                yield from visit(branch.id, level + 1)

    return list(visit(None, 0))


def branches_holding(branches: Iterable[Branch], ids: Iterable[int]) -> list[Branch]:
    """Return the branches with some ids, and all branches that hold one of them."""
    by_id = {branch.id: branch for branch in branches}
    holding: set[int | None] = set()
    for id_ in ids:
        at: int | None = id_
        while at is not None and at not in holding:
            holding.add(at)
            at = by_id[at].parent
    return [branch for branch in by_id.values() if branch.id in holding]


def branches_named(branches: Sequence[Branch], words: str) -> set[int]:
    """Return the branches that words name, and all within; without words, all of them.

    Outer branches come before inner ones.
    """
    by_id = {branch.id: branch for branch in branches}
    paths = {id_: "/".join(titles_down_to(by_id, id_)) for id_ in by_id}
    meant = sections_named(paths, words) or sections_begun(paths, words) if words else by_id
    named = {*meant}
    for branch in branches:
        if branch.parent in named:
            named.add(branch.id)
    return named


def sections_named(paths: Mapping[K, str], name: str) -> list[K]:
    """Return the sections that are called so: by the whole path, so spelt if one is, or its end."""
    wanted = folded_path(name)
    folded = {key: folded_path(path) for key, path in paths.items()}
    whole = [key for key, path in folded.items() if path == wanted]
    spelt = [key for key in whole if paths[key] == name]
    return spelt or whole or [key for key, path in folded.items() if path.endswith(f"/{wanted}")]


def sections_begun(paths: Mapping[K, str], name: str) -> list[K]:
    """Return the sections with a word in their path that begins so, and all within them."""
    if not (wanted := folded_path(name)):
        return []
    # In a script without blanks a word may begin anywhere.
    begun = re.compile(rf"(?<![a-z0-9]){re.escape(wanted)}")
    return [key for key, path in paths.items() if begun.search(folded_path(path))]


def folded_path(path: str) -> str:
    """Return the path of a section by its titles for comparing, with slashes between them."""
    return fold("/".join(map(str.strip, path.replace("›", "/").split("/"))).rstrip("/"))


def row_concerned(
    rows: Sequence[Row], cursor: int, works: Iterable[str], sections: Collection[str]
) -> int | None:
    """Return the number of the row of the first of the works that has one, None if none has.

    Of several rows of that work, it is that in one of the sections, else that in the section
    of the row `cursor`, else the nearest to it. Without works, it is the row of a section.
    """
    paths = {row.node.id: row.key for row in rows if isinstance(row.node, Branch)}
    at: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if isinstance(row.node, Leaf):
            at.setdefault(row.node.work, []).append(number)
    works = [*works]
    if numbers := next((at[work] for work in works if work in at), []):
        here = _branch_id(rows[cursor].node)

        def is_farther(number: int) -> tuple[bool, bool, int]:
            branch = _branch_id(rows[number].node)
            return paths.get(branch) not in sections, branch != here, abs(number - cursor)

        return min(numbers, key=is_farther)
    return next((n for n, row in enumerate(rows) if not works and row.key in sections), None)


def _branch_id(node: Branch | Leaf) -> int:
    return node.id if isinstance(node, Branch) else node.branch


# What a search says of a work that it finds only there: these come after all others.
IN_TEXT, IN_NOTES = "in its text", "in your notes"
IN_TEXTS = (IN_TEXT, IN_NOTES)


def search_rows(branches: Iterable[Branch], leaves: Iterable[Leaf]) -> list[Row]:
    """Return the results of a search, the best first, each under the path of its section.

    Items of one section stay together, at the place of the best among them;
    those found only by their texts come after all others.
    """
    by_id = {branch.id: branch for branch in branches}
    groups: dict[tuple[bool, int], list[Leaf]] = {}
    for leaf in leaves:
        groups.setdefault((leaf.extra in IN_TEXTS, leaf.branch), []).append(leaf)
    rows = []
    for (_, id_), found in sorted(groups.items(), key=lambda group: group[0][0]):
        if id_ in by_id:
            here = by_id[id_]._replace(parent=None, title=trail(by_id, id_))
        else:
            here = Branch(id_, None, "", "found", "In no list", 0, len(found), is_shelf=False)
        rows += [Row(0, here, open=True), *(Row(1, leaf) for leaf in found)]
    return rows


def trail(branches: Mapping[int, Branch], id_: int) -> str:
    """Return the titles on the way down to a section, its list's own left out."""
    titles = titles_down_to(branches, id_)
    return " › ".join(titles[1:] or titles)


def titles_down_to(branches: Mapping[int, Branch], id_: int | None) -> list[str]:
    """Return the titles from a list down to a section."""
    titles: list[str] = []
    while id_ is not None:
        titles.append(branches[id_].title)
        id_ = branches[id_].parent
    return titles[::-1]
