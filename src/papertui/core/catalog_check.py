"""What a catalogue must be, and every fault of one that is not, with its place."""

from collections.abc import Iterator, Mapping
from typing import Any

from papertui.core import identifiers, shape
from papertui.core.labels import DIFFICULTIES, KINDS
from papertui.core.shape import Fault
from papertui.core.text import title_key

ORDERS = ("section", "tier", "list")
METRICS = ("scanned", "full-reads", "reproduced", "shared")


def check(data: Any) -> Iterator[Fault]:
    """Yield everything that is wrong with a catalogue read from JSON."""
    faults = list(_CATALOG(data))
    yield from faults
    if not faults:
        yield from _check_references(data["works"], data["lists"])


def work_faults(fields: Any) -> Iterator[Fault]:
    """Yield what is wrong with the fields of one work."""
    yield from _WORK(fields)


def list_faults(fields: Any) -> Iterator[Fault]:
    """Yield what is wrong with the fields of one reading list."""
    yield from _LIST(fields)


def _is_arxiv(value: Any) -> bool:
    return isinstance(value, str) and identifiers.arxiv_id(value) == value


_YEAR = shape.number(1600, 2100)
_ARXIV = shape.that("an arXiv id without its version", _is_arxiv)
_URL = shape.that(
    "an http(s) address", lambda v: isinstance(v, str) and identifiers.is_web_address(v)
)
_SPAN = shape.that(
    "two numbers of minutes, the smaller one first",
    lambda v: (
        isinstance(v, list)
        and len(v) == 2
        and all(isinstance(n, int) for n in v)
        and 0 < v[0] <= v[1]
    ),
)
_WORK = shape.record(
    {
        "title": shape.text,
        "kind": shape.one_of(*KINDS),
        "aliases": shape.many(shape.text),
        "authors": shape.many(shape.text),
        "more_authors": shape.flag,
        "year": _YEAR,
        "venue": shape.text,
        "arxiv": _ARXIV,
        "doi": shape.text,
        "links": shape.many(shape.record({"label": shape.text, "url": _URL}, ("label", "url"))),
        "difficulty": shape.one_of(*DIFFICULTIES),
        "graded_by": shape.one_of("list", "papertui"),
        "prerequisites": shape.text,
        "requires": shape.many(shape.text),
        "citations": shape.record(
            {"count": shape.number(0, 10**9), "as_of": shape.text}, ("count", "as_of")
        ),
        "impact": shape.text,
        "summary": shape.text,
        "insight": shape.text,
        "matters": shape.text,
        "see_also": shape.many(shape.text),
        "unidentified": shape.flag,
        "nearest": shape.many(
            shape.record(
                {
                    "title": shape.text,
                    "why": shape.text,
                    "year": _YEAR,
                    "arxiv": _ARXIV,
                    "url": _URL,
                },
                ("title", "why"),
            )
        ),
    },
    ("title", "kind"),
)
_ITEM = shape.record(
    {"work": shape.text, "tier": shape.number(1, 4), "marks": shape.many(shape.text)}, ("work",)
)


def _section_shape(value: Any) -> Iterator[Fault]:
    yield from shape.record(
        {
            "title": shape.text,
            "items": shape.many(_ITEM),
            "sections": shape.many(_section_shape),
        },
        ("title",),
    )(value)


_LIST = shape.record(
    {
        "key": shape.text,
        "title": shape.text,
        "origin": shape.text,
        "order": shape.one_of(*ORDERS),
        "purpose": shape.text,
        "caution": shape.text,
        "marks": shape.table(shape.text),
        "sections": shape.many(_section_shape),
    },
    ("key", "title", "origin", "order", "purpose", "sections"),
)
_CATALOG = shape.record(
    {
        "version": shape.number(1, 1),
        "works": shape.table(_WORK),
        "lists": shape.many(_LIST),
        "method": shape.record(
            {
                "source": shape.text,
                "passes": shape.many(
                    shape.record(
                        {
                            "name": shape.text,
                            "minutes": _SPAN,
                            "goal": shape.text,
                            "checklist": shape.many(shape.text),
                        },
                        ("name", "minutes", "goal", "checklist"),
                    )
                ),
            },
            ("source", "passes"),
        ),
        "strategy": shape.many(
            shape.record(
                {
                    "name": shape.text,
                    "text": shape.text,
                    "metric": shape.one_of(*METRICS),
                    "period": shape.one_of("week", "month"),
                    "low": shape.number(1, 1000),
                    "high": shape.number(1, 1000),
                },
                ("name", "text", "metric", "period", "low", "high"),
            )
        ),
        "sources": shape.many(
            shape.record(
                {
                    "title": shape.text,
                    "url": _URL,
                    "often": shape.text,
                    "focus": shape.text,
                    "note": shape.text,
                },
                ("title", "often", "focus"),
            )
        ),
        "categories": shape.many(
            shape.record(
                {"code": shape.text, "title": shape.text, "content": shape.text},
                ("code", "title", "content"),
            )
        ),
    },
    ("version", "works", "lists", "method", "strategy", "sources", "categories"),
)


def _check_references(works: dict[str, Any], lists: list[Any]) -> Iterator[Fault]:
    for key, work in works.items():
        for field in ("requires", "see_also"):
            for index, other in enumerate(work.get(field, [])):
                here = f"works.{key}.{field}[{index}]"
                if other not in works:
                    yield Fault(here, f"no work has the citekey {other!r}")
                elif other == key:
                    yield Fault(here, "a work does not stand in relation to itself")
    yield from _check_cycles({key: work.get("requires", []) for key, work in works.items()})
    keys = [entry["key"] for entry in lists]
    for index, entry in enumerate(lists):
        if keys.index(entry["key"]) < index:
            yield Fault(f"lists[{index}].key", f"{entry['key']!r} is the key of two lists")
        yield from _check_sections(f"lists[{index}]", entry, works, entry.get("marks", {}))


def _check_sections(
    place: str, parent: dict[str, Any], works: dict[str, Any], marks: dict[str, str]
) -> Iterator[Fault]:
    titles: set[str] = set()
    for index, section in enumerate(parent.get("sections", [])):
        here = f"{place}.sections[{index}]"
        if section["title"] in titles:
            yield Fault(f"{here}.title", "is the title of two sections side by side")
        titles.add(section["title"])
        for number, item in enumerate(section.get("items", [])):
            if item["work"] not in works:
                yield Fault(
                    f"{here}.items[{number}].work", f"no work has the citekey {item['work']!r}"
                )
            for mark in item.get("marks", []):
                if mark not in marks:
                    yield Fault(f"{here}.items[{number}].marks", f"{mark!r} is not explained")
        yield from _check_sections(here, section, works, marks)


def _check_cycles(requires: Mapping[str, list[str]]) -> Iterator[Fault]:
    """Yield each circle of works that would all have to be read before one another."""
    done: set[str] = set()
    for start in requires:
        path: list[str] = []
        trail = [iter([start])]
        while trail:
            key = next(trail[-1], None)
            if key is None:
                trail.pop()
                if path:
                    done.add(path.pop())
            elif key in path:
                circle = " → ".join([*path[path.index(key) :], key])
                yield Fault(f"works.{key}.requires", f"goes round in a circle: {circle}")
            elif key not in done and key in requires:
                path.append(key)
                trail.append(iter(requires[key]))


def review(data: dict[str, Any]) -> Iterator[Fault]:
    """Yield what a sound catalogue still lacks: prose, grades, links that keep their word."""
    for key, work in data["works"].items():
        here = f"works.{key}"
        for field in ("summary", "insight", "matters"):
            if not work.get(field):
                yield Fault(here, f"has no {field}")
        title, summary = title_key(work["title"]), title_key(work.get("summary", ""))
        if summary.startswith(title):
            yield Fault(f"{here}.summary", "repeats the title")
        for field in () if work.get("unidentified") else ("difficulty", "graded_by"):
            if not work.get(field):
                yield Fault(here, f"has no {field}")
        for index, link in enumerate(work.get("links", [])):
            if "arxiv.org" in link["url"] and not identifiers.arxiv_id(link["url"]):
                yield Fault(f"{here}.links[{index}].url", "is an arXiv link without an arXiv id")
