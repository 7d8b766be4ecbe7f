"""The catalogue: works, and the reading lists whose sections place them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from papertui.core import catalog_check, identifiers, strict_json
from papertui.core.shape import Fault
from papertui.errors import PapertuiError


class CatalogError(PapertuiError):
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

    @property
    def address(self) -> str | None:
        """Where the work is found."""
        return identifiers.abstract_page(self.arxiv) if self.arxiv else self.url


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
    `difficulty` is: the list's or papertui's. `requires` are the works to read
    before; `leads_to`, the works that require this one, and the return of every
    `see_also` follow from the other works.
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
    leads_to: tuple[str, ...] = ()
    unidentified: bool = False
    nearest: tuple[Nearest, ...] = ()

    @property
    def page(self) -> str | None:
        """The address of the abstract page, or of whatever stands for it."""
        if self.arxiv:
            return identifiers.abstract_page(self.arxiv)
        if self.links:
            return self.links[0].url
        return f"https://doi.org/{self.doi}" if self.doi else None

    @property
    def pdf(self) -> str | None:
        """The address of the PDF, where one is known."""
        if self.arxiv:
            return identifiers.pdf(self.arxiv)
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

    @property
    def step(self) -> str:
        """What it adds to the path that names it."""
        return self.title.replace("/", "∕")


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
    caution: str | None = None


@dataclass(frozen=True, slots=True)
class PassMethod:
    """How one pass is made: its goal, its span in minutes, its checklist."""

    name: str
    minutes: tuple[int, int]
    goal: str
    checklist: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """A part of the reading strategy: what is counted, in which period, and how many."""

    name: str
    text: str
    metric: str
    period: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where new papers are found, how often, and what about."""

    title: str
    often: str
    focus: str
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category of arXiv worth following."""

    code: str
    title: str
    content: str

    @property
    def url(self) -> str:
        """The address of its newest papers."""
        return f"https://arxiv.org/list/{self.code}/recent"


@dataclass(frozen=True, slots=True)
class Catalog:
    """All works by citekey, all lists, the reading method, and how to keep up."""

    works: Mapping[str, Work]
    lists: tuple[ReadingList, ...]
    method: tuple[PassMethod, ...]
    strategy: tuple[Advice, ...]
    sources: tuple[Source, ...]
    categories: tuple[Category, ...]


def load(source: bytes, name: str = "the catalogue") -> Catalog:
    """Return the catalogue that `source`, JSON as UTF-8, holds.

    Raises CatalogError, which says what is wrong and where.
    """
    data = decode(source, name)
    if faults := list(catalog_check.check(data)):
        raise CatalogError(name, faults)
    return Catalog(
        works=_connect({key: work_from(key, fields) for key, fields in data["works"].items()}),
        lists=tuple(map(list_from, data["lists"])),
        method=tuple(
            PassMethod(p["name"], tuple(p["minutes"]), p["goal"], tuple(p["checklist"]))
            for p in data["method"]["passes"]
        ),
        strategy=tuple(Advice(**advice) for advice in data["strategy"]),
        sources=tuple(Source(**source) for source in data["sources"]),
        categories=tuple(Category(**category) for category in data["categories"]),
    )


def decode(source: bytes, name: str) -> Any:
    """Return the JSON in `source`. Raises CatalogError for what is no sound JSON."""
    try:
        return strict_json.decode(source)
    except strict_json.Unsound as error:
        raise CatalogError(name, [Fault("", str(error))]) from error


def _connect(works: dict[str, Work]) -> dict[str, Work]:
    """Let every relation between works be known at both of its ends."""
    leads_to: dict[str, list[str]] = {}
    seen_from: dict[str, list[str]] = {}
    for work in works.values():
        for other in work.requires:
            leads_to.setdefault(other, []).append(work.citekey)
        for other in work.see_also:
            seen_from.setdefault(other, []).append(work.citekey)
    return {
        key: replace(
            work,
            leads_to=tuple(leads_to.get(key, ())),
            see_also=tuple(
                other
                for other in dict.fromkeys((*work.see_also, *seen_from.get(key, ())))
                if other not in work.requires and other not in leads_to.get(key, ())
            ),
        )
        for key, work in works.items()
    }


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


def list_from(fields: Mapping[str, Any]) -> ReadingList:
    """Return the reading list that checked JSON `fields` describe."""
    return ReadingList(
        key=fields["key"],
        title=fields["title"],
        origin=fields["origin"],
        order=fields["order"],
        purpose=fields["purpose"],
        sections=tuple(map(_section, fields["sections"])),
        marks=fields.get("marks", {}),
        caution=fields.get("caution"),
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
