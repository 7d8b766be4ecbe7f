"""The catalogue: works, and the reading lists whose sections place them."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from papertui.core import identifiers, strict_json
from papertui.core.labels import DIFFICULTIES, KINDS
from papertui.core.markup import readable
from papertui.core.strict_json import DERIVED, Fault, Rule, between, build, faults, one_of
from papertui.core.text import title_key
from papertui.errors import PapertuiError

Year = Annotated[int, between(1600, 2100)]
ArxivId = Annotated[str, Rule("an arXiv id without its version", identifiers.is_arxiv_id)]
Url = Annotated[str, Rule("an http(s) address", identifiers.is_web_address)]
Minutes = Annotated[
    tuple[int, int],
    Rule("two numbers of minutes, the smaller one first", lambda v: 0 < v[0] <= v[1]),
]


class CatalogError(PapertuiError):
    """A catalogue that cannot be used; `faults` holds every reason."""

    def __init__(self, source: str, faults: list[Fault]) -> None:
        self.faults = faults
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{source} is not a usable catalogue: {faults[0]}{more}")


class Link(NamedTuple):
    """An address and the name of its page."""

    label: str
    url: Url


class Nearest(NamedTuple):
    """A real work that an unidentified entry may have meant, and why."""

    title: str
    why: str
    year: Year | None = None
    arxiv: ArxivId | None = None
    url: Url | None = None

    @property
    def address(self) -> str | None:
        """The address of the work."""
        return identifiers.abstract_page(self.arxiv) if self.arxiv else self.url


class Citations(NamedTuple):
    """An approximate number of citations and the time at which it was read off."""

    count: Annotated[int, between(0, 10**9)]  # type: ignore[assignment]  # hides tuple.count
    as_of: str


class Work(NamedTuple):
    """One paper, article, video, book or course.

    `year` is the first public year; `authors` are all of them unless
    `more_authors` is true. `graded_by` names whose grade
    `difficulty` is: the list's or papertui's. `requires` are the works to read
    before; `leads_to`, the works that require this one, and the return of every
    `see_also` follow from the other works. `length` is how many pages a work has, how
    long a video runs or an article takes to read. `replaced_link` says which link of
    a list is not used, and why.
    """

    citekey: Annotated[str, DERIVED]
    title: str
    kind: Annotated[str, one_of(KINDS)] = "paper"
    aliases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    more_authors: bool = False
    year: Year | None = None
    venue: str | None = None
    arxiv: ArxivId | None = None
    doi: str | None = None
    links: tuple[Link, ...] = ()
    replaced_link: str | None = None
    length: str | None = None
    difficulty: Annotated[str, one_of(DIFFICULTIES)] | None = None
    graded_by: Annotated[str, one_of(("list", "papertui"))] | None = None
    prerequisites: str | None = None
    requires: tuple[str, ...] = ()
    citations: Citations | None = None
    impact: str | None = None
    summary: str | None = None
    insight: str | None = None
    matters: str | None = None
    see_also: tuple[str, ...] = ()
    leads_to: Annotated[tuple[str, ...], DERIVED] = ()
    unidentified: bool = False
    nearest: tuple[Nearest, ...] = ()

    @property
    def page(self) -> str | None:
        """The address of the abstract page, else of the first link or of the DOI."""
        if self.arxiv:
            return identifiers.abstract_page(self.arxiv)
        if self.links:
            return self.links[0].url
        return identifiers.doi_page(self.doi) if self.doi and identifiers.doi(self.doi) else None

    @property
    def pdf(self) -> str | None:
        """The address of the PDF, None if none is known."""
        if self.arxiv:
            return identifiers.pdf(self.arxiv)
        return next((link.url for link in self.links if link.url.endswith(".pdf")), None)


class Item(NamedTuple):
    """A work's place in a section, with the list's own tier (1 to 4, 4 meaning 4+) and marks.

    `number` is the work's number in the list; works that share an entry share it.
    """

    work: str
    tier: Annotated[int, between(1, 4)] | None = None
    marks: tuple[str, ...] = ()
    number: Annotated[int, between(1, 100_000)] | None = None

    @property
    def signs(self) -> str:
        """The number and marks as the tree shows them."""
        number = f"#{self.number}" if self.number else ""
        return " ".join(filter(None, [number, "".join(self.marks)]))


class Section(NamedTuple):
    """A part of a list: its own items first, then the sections within it."""

    title: str
    items: tuple[Item, ...] = ()
    sections: tuple["Section", ...] = ()

    @property
    def step(self) -> str:
        """The part of the section's path that is its own."""
        return self.title.replace("/", "∕")


class ReadingList(NamedTuple):
    """A reading list; `order` says how its makers want it read."""

    key: str
    title: str
    origin: str
    order: Annotated[str, one_of(("section", "tier", "list"))]
    purpose: str
    sections: tuple[Section, ...]
    marks: Mapping[str, str] = MappingProxyType({})
    caution: str | None = None


class PassMethod(NamedTuple):
    """How one pass is made: its goal, its span in minutes, its checklist."""

    name: str
    minutes: Minutes
    goal: str
    checklist: tuple[str, ...]


class Advice(NamedTuple):
    """A part of the reading strategy: what is counted, in which period, and how many, if said."""

    name: str
    text: str
    metric: Annotated[str, one_of(("scanned", "full-reads", "reproduced", "shared"))]
    period: Annotated[str, one_of(("week", "month"))]
    low: Annotated[int, between(1, 1000)] | None = None
    high: Annotated[int, between(1, 1000)] | None = None


class Source(NamedTuple):
    """A place where new papers appear, how often, and about what."""

    title: str
    often: str
    focus: str
    url: Url | None = None
    note: str | None = None


class Category(NamedTuple):
    """A category of arXiv worth following."""

    code: str
    title: str
    content: str

    @property
    def url(self) -> str:
        """The address of its newest papers."""
        return f"https://arxiv.org/list/{self.code}/recent"


class Catalog(NamedTuple):
    """All works by citekey, all lists, the reading method, and how to keep up."""

    works: Mapping[str, Work]
    lists: tuple[ReadingList, ...]
    method: tuple[PassMethod, ...]
    strategy: tuple[Advice, ...]
    sources: tuple[Source, ...]
    categories: tuple[Category, ...]


class _Method(NamedTuple):
    source: str
    passes: tuple[PassMethod, ...]


class _CatalogFile(NamedTuple):
    version: Annotated[int, between(1, 1)]
    works: Mapping[str, Work]
    lists: tuple[ReadingList, ...]
    method: _Method
    strategy: tuple[Advice, ...]
    sources: tuple[Source, ...]
    categories: tuple[Category, ...]


# The fields that services send with markup in them.
_MARKED_UP = frozenset(("title", "aliases", "venue", "summary"))
_TOO_DEEP = Fault("lists", "is nested too deeply")


def load(source: bytes, name: str = "the catalogue") -> Catalog:
    """Return the catalogue in `source`, JSON as UTF-8.

    Raises CatalogError, which names every fault and its place.
    """
    data = decode(source, name)
    if found := list(check(data)):
        raise CatalogError(name, found)
    try:
        file: _CatalogFile = build(data, _CatalogFile)
    except RecursionError:
        raise CatalogError(name, [_TOO_DEEP]) from None
    works = _connect({key: work_from(key, fields) for key, fields in data["works"].items()})
    method = file.method.passes
    return Catalog(works, file.lists, method, file.strategy, file.sources, file.categories)


def decode(source: bytes, name: str) -> Any:
    """Return the JSON in `source`. Raises CatalogError if it is no sound JSON."""
    try:
        return strict_json.decode(source)
    except strict_json.Unsound as error:
        raise CatalogError(name, [Fault("", str(error))]) from error


def check(data: Any) -> Iterator[Fault]:
    """Yield every fault of a catalogue read from JSON."""
    try:
        found = [*faults(data, _CatalogFile)] or [*reference_faults(data["works"], data["lists"])]
    except RecursionError:
        found = [_TOO_DEEP]
    yield from found


def work_faults(fields: Any) -> Iterator[Fault]:
    """Yield every fault of the JSON fields of one work."""
    return faults(fields, Work)


def _connect(works: dict[str, Work]) -> dict[str, Work]:
    """Return the works with every relation between them known at both of its ends."""
    leads_to: dict[str, list[str]] = {}
    seen_from: dict[str, list[str]] = {}
    for work in works.values():
        for other in work.requires:
            leads_to.setdefault(other, []).append(work.citekey)
        for other in work.see_also:
            seen_from.setdefault(other, []).append(work.citekey)
    return {
        key: work._replace(
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
    """Return the JSON fields of a work, from which `work_from` makes it again."""
    blank = Work(work.citekey, "")
    return {
        name: _plain(value)
        for name, value, default in zip(Work._fields, work, blank, strict=True)
        if value != default or name in ("title", "kind")
    }


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: part for name, part in value._asdict().items() if part is not None}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def work_from(citekey: str, fields: Mapping[str, Any]) -> Work:
    """Return the work that checked JSON `fields` describe, its texts as a reader sees them."""
    records: dict[str, Callable[[Any], Any]] = {
        "links": lambda v: tuple(Link(**link) for link in v),
        "nearest": lambda v: tuple(Nearest(**near) for near in v),
        "citations": lambda v: Citations(**v),
    }
    values: dict[str, Any] = {
        name: records[name](v) if name in records else tuple(v) if isinstance(v, list) else v
        for name, v in fields.items()
    }
    for name in _MARKED_UP & values.keys():
        value = values[name]
        values[name] = readable(value) if isinstance(value, str) else tuple(map(readable, value))
    return Work(citekey, **values)


def list_from(fields: Mapping[str, Any]) -> ReadingList:
    """Return the reading list that checked JSON `fields` describe."""
    reading_list: ReadingList = build(fields, ReadingList)
    return reading_list


def reference_faults(works: dict[str, Any], lists: list[Any]) -> Iterator[Fault]:
    """Yield every reference between works, lists and marks that leads nowhere or in a circle."""
    for key, work in works.items():
        for field in ("requires", "see_also"):
            for index, other in enumerate(work.get(field, [])):
                here = f"works.{key}.{field}[{index}]"
                if other not in works:
                    yield Fault(here, f"no work has the citekey {other!r}")
                elif other == key:
                    yield Fault(here, "a work is not related to itself")
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
    """Yield what a sound catalogue still lacks: prose, grades, arXiv links with an id."""
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
