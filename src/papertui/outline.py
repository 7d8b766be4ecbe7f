"""The section tree as rows: a pure function of what is there and what is open."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from papertui.text import fold


@dataclass(frozen=True, slots=True)
class Branch:
    """A list or a section: where it hangs, and how many of its distinct works are done.

    `path` is its lasting name; a list is a branch without a `parent`.
    """

    id: int
    parent: int | None
    list: str
    path: str
    title: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """An item of a section with the status of its work."""

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


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the tree: a branch, open or closed, or a leaf."""

    level: int
    node: Branch | Leaf
    open: bool = False

    @property
    def key(self) -> str:
        """What names the row as long as its list does not change."""
        node = self.node
        return node.path if isinstance(node, Branch) else f"{node.branch}:{node.position}"


def rows(
    branches: Sequence[Branch], leaves: Mapping[int, Sequence[Leaf]], opened: Collection[str]
) -> list[Row]:
    """Return the visible rows: branches in order, what is within the opened ones beneath.

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


def within(branches: Iterable[Branch], found: Collection[int]) -> list[Branch]:
    """Return the branches that hold one of the `found` ones, themselves included."""
    branches = list(branches)
    parents = {branch.id: branch.parent for branch in branches}
    kept: set[int | None] = set()
    for branch in found:
        at: int | None = branch
        while at is not None and at not in kept:
            kept.add(at)
            at = parents[at]
    return [branch for branch in branches if branch.id in kept]


def best(rows: Iterable[Row], query: str) -> str | None:
    """Return the key of the item that fits a search best: by its title, else the first."""
    words = fold(query).split()

    def rank(leaf: Leaf) -> tuple[bool, bool]:
        title = fold(leaf.title)
        return (fold(query) not in title, not all(word in title for word in words))

    found = [row for row in rows if isinstance(row.node, Leaf)]
    top = min(found, key=lambda row: rank(row.node), default=None)  # type: ignore[arg-type]
    return top.key if top else None
