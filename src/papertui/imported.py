"""What the reader's imports add up to: lists as they stand, and the works they brought."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from papertui import shape
from papertui.catalog import ReadingList, Section, list_from
from papertui.catalog_check import list_faults, work_faults
from papertui.identity import hashed
from papertui.journal import IMPORT, Event
from papertui.shape import Fault
from papertui.text import fold_title

# No list that is shipped, and none of papertui's own, has a key like that.
_KEY = re.compile(r"[a-z0-9-]+-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A list as the import with the id `event` left it."""

    event: str
    contents: ReadingList


@dataclass(frozen=True, slots=True)
class Imported:
    """Lists in the order of their first import, and the fields of works by citekey.

    Works of earlier versions are among them.
    """

    lists: tuple[ImportedList, ...] = ()
    works: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def key_of(title: str) -> str:
    """Return the key of an imported list, which follows from its title."""
    return hashed(fold_title(title) or title, "list")


def fold_imports(events: Iterable[Event]) -> Imported:
    """Fold imports, none of them undone.

    Of each list the latest version stands. Where several lists describe a work,
    the one imported first is believed and the others fill gaps. Events whose
    data make no sense are passed over.
    """
    latest: dict[str, Event] = {}
    replaced: list[Event] = []
    for event in sorted(events, key=lambda event: event.order):
        if event.kind != IMPORT or next(faults(event.data), None):
            continue
        key = event.data["list"]["key"]
        if key in latest:
            replaced.insert(0, latest[key])
        latest[key] = event
    works: dict[str, Mapping[str, Any]] = {}
    for event in latest.values():
        for citekey, fields in event.data["works"].items():
            works[citekey] = {**fields, **works.get(citekey, {})}
    for event in replaced:
        works = {**event.data["works"], **works}
    return Imported(
        tuple(ImportedList(e.id, list_from(e.data["list"])) for e in latest.values()), works
    )


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what makes an import's data unusable."""
    try:
        found, works = data["list"], data["works"]
        yield from list_faults(found)
        if not _KEY.fullmatch(found["key"]):
            yield Fault("key", f"{found['key']!r} is no key of an imported list")
        yield from shape.table(work_faults)(works)
        # Keys are shown too.
        yield from shape.many(shape.text)([*found.get("marks", {}), *works])
        yield from _twins("list", list_from(found).sections)
    except RecursionError:
        yield Fault("list", "is nested too deeply")
    except (AttributeError, KeyError, TypeError):
        yield Fault("", "lacks its list or its works")


def _twins(place: str, sections: Iterable[Section]) -> Iterator[Fault]:
    """Yield sections side by side that nothing tells apart."""
    steps: set[str] = set()
    for section in sections:
        if section.step in steps:
            yield Fault(place, f"{section.title!r} is the title of two sections side by side")
        steps.add(section.step)
        yield from _twins(f"{place}.{section.step}", section.sections)
