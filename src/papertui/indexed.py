"""Works and lists as rows of the index, made before anything is locked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType
from typing import Any

from papertui.core.catalog import ReadingList, Section, Work
from papertui.core.text import fold_title


@dataclass(frozen=True, slots=True)
class WorkRows:
    """A work: its columns in `work` behind number and origin, and what other tables have of it."""

    citekey: str
    columns: tuple[Any, ...]
    fields: str
    names: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(slots=True)
class SectionRows:
    """A section with its items; `last` is the position of the last section within it."""

    path: str
    parent: str | None
    position: int
    title: str
    items: list[tuple[int, str, int | None, str]]
    last: int = 0


@dataclass(frozen=True, slots=True)
class ListRows:
    """A list and its sections, each before those within it; an imported one names its import."""

    key: str
    columns: tuple[Any, ...]
    sections: tuple[SectionRows, ...]
    event: str | None = None


def work_rows(work: Work, fields: Mapping[str, Any]) -> WorkRows:
    """Return the rows of a work that was made from some JSON fields."""
    folded = dict.fromkeys(map(fold_title, (work.title, *work.aliases)))
    return WorkRows(
        work.citekey,
        (
            work.title,
            work.kind,
            work.arxiv,
            work.doi and work.doi.lower(),
            work.links[0].url if work.links else None,
            work.year,
            work.difficulty,
            int(work.unidentified),
        ),
        json.dumps(fields, ensure_ascii=False),
        tuple(filter(None, folded)),
        tuple(dict.fromkeys(work.requires)),
    )


def list_rows(
    entry: ReadingList, event: str | None = None, merges: Mapping[str, str] = MappingProxyType({})
) -> ListRows:
    """Return the rows of a list; `event` is the import that it stands as it was in.

    Works that others have taken in, by `merges`, leave their places to them.
    """
    marks = json.dumps(dict(entry.marks), ensure_ascii=False)
    root = Section(entry.title, sections=entry.sections)
    return ListRows(
        entry.key,
        (entry.title, entry.origin, entry.order, entry.purpose, marks, entry.caution, event),
        tuple(_sections(entry.key, None, root, count(), merges)),
        event,
    )


def _sections(
    path: str,
    parent: str | None,
    section: Section,
    counter: Iterator[int],
    merges: Mapping[str, str],
) -> list[SectionRows]:
    items: dict[str, tuple[int, str, int | None, str]] = {}
    for position, item in enumerate(section.items):
        work = merges.get(item.work, item.work)
        items.setdefault(work, (position, work, item.tier, "".join(item.marks)))
    here = SectionRows(path, parent, next(counter), section.title, [*items.values()])
    rows = [here]
    for inner in section.sections:
        rows += _sections(f"{path}/{inner.step}", path, inner, counter, merges)
    here.last = rows[-1].position
    return rows
