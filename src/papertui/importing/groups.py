"""Groups of works in a BibTeX file, as JabRef, Better BibTeX and Mendeley write them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from papertui.importing.found import FoundItem, FoundSection
from papertui.importing.latex import plain

DEEPEST = 8
MOST_GROUPS = 5_000
MOST_PLACES = 50
UNGROUPED = "In no group"
ALL = "Entries"

Path = tuple[str, ...]
Group = tuple[Path, frozenset[str]]
Member = tuple[FoundItem, Mapping[str, str]]

_META = re.compile(r"jabref-meta:\s*(?:grouping|groupstree):(.*)", re.DOTALL | re.IGNORECASE)
_LINE = re.compile(r"\s*(\d{1,4}) (\w+):(.*)", re.DOTALL)
_END, _BETWEEN = re.compile(r"(?<!\\);"), re.compile(r"\\;")


@dataclass(slots=True)
class _Node:
    items: dict[FoundItem, None] = field(default_factory=dict)
    within: dict[str, "_Node"] = field(default_factory=dict)


def declared(comment: str) -> list[Group]:
    """Return the groups that a comment of JabRef's declares, with the keys named in them."""
    if not (meta := _META.match(comment.strip())):
        return []
    found: list[Group] = []
    above: list[str] = []
    for line in _END.split(meta[1].replace("\n", ""))[:MOST_GROUPS]:
        if not (parts := _LINE.fullmatch(line)) or not (level := int(parts[1])):
            continue
        name, *values = _BETWEEN.split(parts[3])
        above = [*above[: min(level, DEEPEST) - 1], plain(name[:500])]
        keys = frozenset(values) if parts[2] == "ExplicitGroup" else frozenset[str]()
        found.append((tuple(above), keys))
    return found


def _named(fields: Mapping[str, str]) -> Iterator[Path]:
    """Yield the groups that an entry says it is in."""
    for name in fields.get("groups", "").split(",")[:MOST_PLACES]:
        yield (plain(name),)
    for name in fields.get("mendeley-groups", "").split(",")[:MOST_PLACES]:
        yield tuple(plain(part) for part in name.split("/")[:DEEPEST])


def sections(items: Sequence[Member], known: Sequence[Group]) -> tuple[FoundSection, ...]:
    """Return the items, each with its entry's fields, by group; an item may be in several.

    Groups keep the order they are declared in, items that of the file. Without
    groups there is one section.
    """
    by_name: dict[str, list[Path]] = {}
    by_key: dict[str, list[Path]] = {}
    top = _Node()
    for path, keys in known:
        _node(top, path)
        by_name.setdefault(path[-1], []).append(path)
        for key in keys:
            by_key.setdefault(key, []).append(path)
    rest = _Node()
    for item, fields in items:
        paths = list(by_key.get(item.citekey or "", ()))
        for path in filter(any, _named(fields)):
            paths += by_name.get(path[0], [path]) if len(path) == 1 else [path]
        for node in [_node(top, path) for path in paths[:MOST_PLACES]] or [rest]:
            node.items[item] = None
    grouped = _sections_of(top)
    if not rest.items:
        return grouped
    return (*grouped, FoundSection(UNGROUPED if grouped else ALL, tuple(rest.items)))


def _node(top: _Node, path: Path) -> _Node:
    for title in filter(None, path):
        top = top.within.setdefault(title, _Node())
    return top


def _sections_of(node: _Node) -> tuple[FoundSection, ...]:
    found = (
        FoundSection(title, tuple(inner.items), _sections_of(inner))
        for title, inner in node.within.items()
    )
    return tuple(section for section in found if section.items or section.sections)
