"""The catalogue: works, and the reading lists whose sections place them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papertui import links, shape
from papertui.shape import Fault

SHIPPED = Path(__file__).with_name("catalog.json")
KINDS = ("paper", "article", "video", "book", "course")
DIFFICULTIES = ("Beginner", "Intermediate", "Advanced", "Expert")
ORDERS = ("section", "tier", "list")
MAX_BYTES = 20 * 1024 * 1024


class CatalogError(Exception):
    """A catalogue that cannot be used; `faults` holds every reason."""

    def __init__(self, source: str, faults: list[Fault]) -> None:
        self.faults = faults
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{source} is no usable catalogue: {faults[0]}{more}")


@dataclass(frozen=True, slots=True)
class Link:
    """An address and what is found there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """A real work that an unidentified entry may have meant, and why."""

    title: str
    why: str
    year: int | None = None
    arxiv: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Citations:
    """An approximate number of citations and when it was read off."""

    count: int
    as_of: str


@dataclass(frozen=True, slots=True)
class Work:
    """One paper, article, video, book or course.

    `year` is the first public year; `authors` stops at eight names and
    `more_authors` says whether there are others. `graded_by` names whose grade
    `difficulty` is: the list's or papertui's.
    """

    citekey: str
    title: str
    kind: str = "paper"
    aliases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    more_authors: bool = False
    year: int | None = None
    venue: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    links: tuple[Link, ...] = ()
    difficulty: str | None = None
    graded_by: str | None = None
    prerequisites: str | None = None
    requires: tuple[str, ...] = ()
    citations: Citations | None = None
    impact: str | None = None
    summary: str | None = None
    insight: str | None = None
    matters: str | None = None
    see_also: tuple[str, ...] = ()
    unidentified: bool = False
    nearest: tuple[Nearest, ...] = ()

    @property
    def page(self) -> str | None:
        """The address of the abstract page, or of whatever stands for it."""
        if self.arxiv:
            return links.abstract_page(self.arxiv)
        if self.links:
            return self.links[0].url
        return f"https://doi.org/{self.doi}" if self.doi else None

    @property
    def pdf(self) -> str | None:
        """The address of the PDF, where one is known."""
        if self.arxiv:
            return links.pdf(self.arxiv)
        return next((link.url for link in self.links if link.url.endswith(".pdf")), None)


@dataclass(frozen=True, slots=True)
class Item:
    """A work's place in a section, with the list's own tier (1 to 4, 4 meaning 4+) and marks."""

    work: str
    tier: int | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a list: its own items first, then the sections within it."""

    title: str
    items: tuple[Item, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A reading list; `order` says how its makers want it read."""

    key: str
    title: str
    origin: str
    order: str
    purpose: str
    sections: tuple[Section, ...]
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PassMethod:
    """How one pass is made: its goal, its span in minutes, its checklist."""

    name: str
    minutes: tuple[int, int]
    goal: str
    checklist: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All works by citekey, all lists, and the reading method."""

    works: Mapping[str, Work]
    lists: tuple[ReadingList, ...]
    method: tuple[PassMethod, ...]


def load(source: bytes, name: str = "the catalogue") -> Catalog:
    """Return the catalogue that `source`, JSON as UTF-8, holds.

    Raises CatalogError, which says what is wrong and where.
    """
    data = _decode(source, name)
    if faults := list(check(data)):
        raise CatalogError(name, faults)
    return Catalog(
        works={key: work_from(key, fields) for key, fields in data["works"].items()},
        lists=tuple(map(_list, data["lists"])),
        method=tuple(
            PassMethod(p["name"], tuple(p["minutes"]), p["goal"], tuple(p["checklist"]))
            for p in data["method"]["passes"]
        ),
    )


def check(data: Any) -> Iterator[Fault]:
    """Yield everything that is wrong with a catalogue read from JSON."""
    faults = list(_CATALOG(data))
    yield from faults
    if not faults:
        yield from _check_references(data["works"], data["lists"])


def _decode(source: bytes, name: str) -> Any:
    def fail(text: str) -> CatalogError:
        return CatalogError(name, [Fault("", text)])

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(found)
        if len(result) < len(found):
            keys = [key for key, _ in found]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise fail(f"{twice!r} stands twice in one object")
        return result

    def constant(word: str) -> Any:
        raise fail(f"{word} is no JSON number")

    if len(source) > MAX_BYTES:
        raise fail(f"it is larger than {MAX_BYTES // 1024**2} MB")
    try:
        return json.loads(
            source.decode("utf-8-sig"), object_pairs_hook=pairs, parse_constant=constant
        )
    except UnicodeDecodeError as error:
        raise fail(f"it is not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise fail(f"it is not JSON (line {error.lineno}: {error.msg})") from None
    except RecursionError:
        raise fail("it is nested too deeply") from None
    except ValueError:
        raise fail("it holds a number that is too long") from None


def _is_arxiv(value: Any) -> bool:
    return isinstance(value, str) and links.arxiv_id(value) == value


_YEAR = shape.number(1600, 2100)
_ARXIV = shape.that("an arXiv id without its version", _is_arxiv)
_URL = shape.that("an http(s) address", lambda v: isinstance(v, str) and links.is_web_address(v))
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


_CATALOG = shape.record(
    {
        "version": shape.number(1, 1),
        "works": shape.table(_WORK),
        "lists": shape.many(
            shape.record(
                {
                    "key": shape.text,
                    "title": shape.text,
                    "origin": shape.text,
                    "order": shape.one_of(*ORDERS),
                    "purpose": shape.text,
                    "marks": shape.table(shape.text),
                    "sections": shape.many(_section_shape),
                },
                ("key", "title", "origin", "order", "purpose", "sections"),
            )
        ),
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
    },
    ("version", "works", "lists", "method"),
)


def _check_references(works: dict[str, Any], lists: list[Any]) -> Iterator[Fault]:
    for key, work in works.items():
        for field in ("requires", "see_also"):
            for index, other in enumerate(work.get(field, [])):
                if other not in works:
                    yield Fault(
                        f"works.{key}.{field}[{index}]", f"no work has the citekey {other!r}"
                    )
    keys = [entry["key"] for entry in lists]
    for index, entry in enumerate(lists):
        if keys.index(entry["key"]) < index:
            yield Fault(f"lists[{index}].key", f"{entry['key']!r} is the key of two lists")
        yield from _check_sections(f"lists[{index}]", entry, works, entry.get("marks", {}))


def _check_sections(
    place: str, parent: dict[str, Any], works: dict[str, Any], marks: dict[str, str]
) -> Iterator[Fault]:
    for index, section in enumerate(parent.get("sections", [])):
        here = f"{place}.sections[{index}]"
        for number, item in enumerate(section.get("items", [])):
            if item["work"] not in works:
                yield Fault(
                    f"{here}.items[{number}].work", f"no work has the citekey {item['work']!r}"
                )
            for mark in item.get("marks", []):
                if mark not in marks:
                    yield Fault(f"{here}.items[{number}].marks", f"{mark!r} is not explained")
        yield from _check_sections(here, section, works, marks)


def fields_of(work: Work) -> dict[str, Any]:
    """Return a work as the JSON fields it can be made from again."""
    blank = Work(work.citekey, "")
    found = {
        name: value
        for name in Work.__slots__
        if (value := getattr(work, name)) != getattr(blank, name) or name in ("title", "kind")
    }
    return json.loads(json.dumps(found, default=_plain))  # type: ignore[no-any-return]


def _plain(part: Any) -> dict[str, Any]:
    return {name: v for name in part.__slots__ if (v := getattr(part, name)) is not None}


def work_from(citekey: str, fields: Mapping[str, Any]) -> Work:
    """Return the work that checked JSON `fields` describe."""
    built: dict[str, Callable[[Any], Any]] = {
        "links": lambda v: tuple(Link(**link) for link in v),
        "nearest": lambda v: tuple(Nearest(**near) for near in v),
        "citations": lambda v: Citations(**v),
    }
    values: dict[str, Any] = {
        name: built[name](v) if name in built else tuple(v) if isinstance(v, list) else v
        for name, v in fields.items()
    }
    return Work(citekey, **values)


def _list(fields: Mapping[str, Any]) -> ReadingList:
    return ReadingList(
        key=fields["key"],
        title=fields["title"],
        origin=fields["origin"],
        order=fields["order"],
        purpose=fields["purpose"],
        sections=tuple(map(_section, fields["sections"])),
        marks=fields.get("marks", {}),
    )


def _section(fields: Mapping[str, Any]) -> Section:
    return Section(
        title=fields["title"],
        items=tuple(
            Item(item["work"], item.get("tier"), tuple(item.get("marks", ())))
            for item in fields.get("items", ())
        ),
        sections=tuple(map(_section, fields.get("sections", ()))),
    )
