"""What an import would do: its items matched to known works, and the list that comes of it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from papertui.core import identifiers, identity, journal, replay
from papertui.core.catalog import Section, work_faults
from papertui.core.identity import Identity, Known, KnownWorks, Rule, identity_of
from papertui.core.journal import Change
from papertui.core.labels import KINDS, tier_name
from papertui.core.text import safe_line, terminal_safe, valid_unicode
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection

Places = dict[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A work that stands otherwise than before, and how."""

    work: str
    title: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a list differs from its earlier version; `same` where it does in nothing at all."""

    new: tuple[Difference, ...] = ()
    moved: tuple[Difference, ...] = ()
    changed: tuple[Difference, ...] = ()
    gone: tuple[Difference, ...] = ()
    same: bool = False


@dataclass(slots=True)
class _Places:
    """Where the works of a list stand, with the items there, and the order of each section."""

    of: dict[str, Places] = field(default_factory=dict)
    orders: dict[tuple[str, ...], list[str]] = field(default_factory=dict)


def compare(
    earlier: Mapping[str, Any],
    reading_list: Mapping[str, Any],
    works: Mapping[str, Mapping[str, Any]],
    titles: Mapping[str, str],
    known: KnownWorks,
) -> Comparison:
    """Compare a list and its works with the data of its earlier import.

    `titles` are those of the list's works.
    """
    before, after = _places(earlier["list"]), _places(reading_list)
    both = [work for work in after.of if work in before.of]
    shuffled = _shuffled(before, after)
    moves = {work: _move(before.of[work], after.of[work]) for work in both}
    for work in both:
        if not moves[work] and work in shuffled:
            moves[work] = "in another order"
    changes = {
        work: [*_changed(earlier["works"].get(work), works.get(work))]
        + ["marks"] * (_marks(before.of[work]) != _marks(after.of[work]))
        for work in both
    }
    return Comparison(
        tuple(Difference(work, titles[work]) for work in after.of if work not in before.of),
        tuple(Difference(work, titles[work], how) for work, how in moves.items() if how),
        tuple(
            Difference(work, titles[work], ", ".join(names))
            for work, names in changes.items()
            if names
        ),
        _gone([work for work in before.of if work not in after.of], known),
        {**earlier["list"], "origin": ""} == {**reading_list, "origin": ""}
        and earlier["works"] == works,
    )


def _places(reading_list: Mapping[str, Any]) -> _Places:
    places = _Places()
    for trail, items in _sections(reading_list["sections"], ()):
        for item in items:
            places.of.setdefault(item["work"], {})[trail] = item
        places.orders[trail] = [item["work"] for item in items]
    return places


def _sections(
    sections: Sequence[Mapping[str, Any]], trail: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Sequence[Mapping[str, Any]]]]:
    for section in sections:
        here = (*trail, section["title"])
        yield here, section.get("items", ())
        yield from _sections(section.get("sections", ()), here)


def _move(before: Places, after: Places) -> str:
    """Say how the places of a work differ."""
    left = [" › ".join(trail) for trail in before if trail not in after]
    come = [" › ".join(trail) for trail in after if trail not in before]
    if left and come:
        return f"from {', '.join(left)} to {', '.join(come)}"
    if left or come:
        return f"also in {', '.join(come)}" if come else f"no longer in {', '.join(left)}"
    tiers = [(before[trail].get("tier"), item.get("tier")) for trail, item in after.items()]
    return next((f"from {_tier(old)} to {_tier(new)}" for old, new in tiers if old != new), "")


def _tier(tier: int | None) -> str:
    return tier_name(tier) if tier else "no tier"


def _marks(places: Places) -> set[str]:
    return {mark for item in places.values() for mark in item.get("marks", ())}


def _changed(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the names of the fields of a work that differ; of shipped works nothing is known."""
    if before is not None and after is not None:
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield name.replace("_", " ")


def _gone(works: Sequence[str], known: KnownWorks) -> tuple[Difference, ...]:
    titles = {each.citekey: each.title for each in known.alike((), works)}
    kept = known.touched(works)
    return tuple(
        Difference(work, titles.get(work, work), "kept, for you have done something with it")
        if work in kept
        else Difference(work, titles.get(work, work))
        for work in works
    )


def _shuffled(before: _Places, after: _Places) -> set[str]:
    """Return the fewest works that must have moved within their sections."""
    moved = set()
    for trail, works in after.orders.items():
        place = {work: number for number, work in enumerate(before.orders.get(trail, ()))}
        common = [work for work in works if work in place]
        kept = _longest_rise([place[work] for work in common])
        moved |= {work for number, work in enumerate(common) if number not in kept}
    return moved


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Return the indexes of a longest run, gaps allowed, in which distinct numbers rise."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        at = bisect_left(ends, number)
        before.append(last[at - 1] if at else None)
        ends[at : at + 1] = [number]
        last[at : at + 1] = [index]
    kept: set[int] = set()
    back = last[-1] if last else None
    while back is not None:
        kept.add(back)
        back = before[back]
    return kept


MOST_AUTHORS = 8
MOST_LETTERS = 500
TIERS = range(1, 5)


@dataclass(frozen=True, slots=True)
class Match:
    """An item of the file, the work it is, and why.

    Without a `rule` nothing alike is known. `known` is the title of the work
    that the rule speaks of: where the two are not the same, the work that this
    one is kept apart from. `again` says that an earlier item is that work too.
    """

    title: str
    line: int
    section: tuple[str, ...]
    work: str
    rule: Rule | None = None
    known: str | None = None
    again: bool = False
    original: str | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do; `comparison` is that with the list's earlier version."""

    reading_list: Mapping[str, Any]
    works: Mapping[str, Mapping[str, Any]]
    matches: tuple[Match, ...]
    problems: tuple[str, ...]
    comparison: Comparison | None

    @property
    def title(self) -> str:
        """The title that the list will have."""
        return str(self.reading_list["title"])

    @property
    def change(self) -> Change:
        """What applying it adds to the journal."""
        originals = {m.work: m.original for m in self.matches if m.original}
        return journal.apply_import(self.reading_list, self.works, originals)

    def by_rule(self) -> Iterator[tuple[Rule | None, list[Match]]]:
        """Yield the works of the list, each once, by how they were matched."""
        for rule in (Rule.ID, Rule.TITLE, None, Rule.CONFLICT, Rule.RIVAL):
            yield rule, [m for m in self.matches if m.rule is rule and not m.again]


def plan_import(found: ParsedList, known: KnownWorks, source: str) -> ImportPlan:
    """Return what importing a list from the file `source` would do.

    Raises Refused for a list that holds nothing, or that no journal could hold.
    """
    source = _line(source)
    try:
        matching = _Matching(found, known)
        sections = matching.sections(found.sections, ())
    except RecursionError:
        raise Refused(f"{source} has sections nested too deeply to be a reading list.") from None
    if not sections:
        raise Refused(f"{source} holds no list: no item with a title was found in it.")
    title, works = _line(found.title) or source, matching.works
    reading_list: dict[str, Any] = {
        "key": replay.list_key(title),
        "title": title,
        "origin": f"Imported from {source}.",
        "order": "tier" if any(item.tier for item in found.all_items()) else "list",
        "purpose": terminal_safe(valid_unicode(found.purpose)).strip() or "A list you imported.",
        "marks": {_line(m): _line(means) for m, means in found.marks if _line(m) and _line(means)},
        "sections": sections,
    }
    if fault := next(replay.import_faults({"list": reading_list, "works": works}), None):
        raise Refused(f"{source} cannot be imported: {fault}")
    earlier = known.last_import(reading_list["key"])
    return ImportPlan(
        reading_list,
        works,
        tuple(matching.matches),
        (*found.problems, *matching.problems),
        compare(earlier, reading_list, works, matching.titles, known) if earlier else None,
    )


class _Matching:
    """Matches items one after the other; each new work is known to the items after it."""

    def __init__(self, found: ParsedList, known: KnownWorks) -> None:
        self._given: dict[ParsedItem, tuple[dict[str, Any], Identity, str]] = {}
        for item in found.all_items():
            fields = fields_of(item)
            self._given[item] = fields, identity_of(fields), identity.citekey(fields)
        self._known: dict[tuple[str, str], list[Known]] = {}
        given = self._given.values()
        for work in known.alike([each for _, each, _ in given], [key for *_, key in given]):
            self._learn(work)
        self.works: dict[str, dict[str, Any]] = {}
        self.titles: dict[str, str] = {}
        self.matches: list[Match] = []
        self.problems: list[str] = []

    def sections(
        self, found: Iterable[ParsedSection], trail: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        """Return sections as in the catalogue; those without any item are left out."""
        made: list[dict[str, Any]] = []
        taken: dict[str, int] = {}
        for section in found:
            title = _free(_line(section.title) or "No section", taken)
            here = (*trail, title)
            items = self._items(section.items, here)
            inner = self.sections(section.sections, here)
            if items or inner:
                taken.setdefault(Section(title).step, 1)
                parts = {"items": items, "sections": inner}
                made.append(
                    {"title": title, **{name: part for name, part in parts.items() if part}}
                )
        return made

    def _items(self, found: Iterable[ParsedItem], section: tuple[str, ...]) -> list[dict[str, Any]]:
        made: dict[str, dict[str, Any]] = {}
        for item in found:
            if fault := next(work_faults(self._given[item][0]), None):
                self.problems.append(f"Line {item.line}: no work could be made of it ({fault}).")
                continue
            match = self._match(item, section)
            self.matches.append(match)
            if match.work in made:
                self.problems.append(
                    f"Line {item.line}: {match.title} stands in its section twice."
                )
            made.setdefault(match.work, _placed(item, match.work))
        return list(made.values())

    def _match(self, item: ParsedItem, section: tuple[str, ...]) -> Match:
        fields, given, coined = self._given[item]
        candidates = {k.citekey: k for name in _names(given) for k in self._known.get(name, ())}
        ranked = sorted(candidates.values(), key=lambda k: k.citekey != item.citekey)
        rule, other = identity.closest(given, ranked)
        if not (rule and rule.same) and (own := self._known.get(("citekey", coined))):
            rule, other = Rule.ID, own[0]
        same = other if rule and rule.same else None
        work = same.citekey if same else coined
        if not same:
            self._learn(Known(coined, fields["title"], False, given))
        if not (same and same.shipped):
            self.works[work] = _merged(self.works.get(work), fields)
        again = work in self.titles
        self.titles.setdefault(work, same.title if same else fields["title"])
        return Match(
            fields["title"], item.line, section, work, rule, other.title if other else None, again,
            item.original,
        )  # fmt: skip

    def _learn(self, work: Known) -> None:
        keys = [("citekey", key) for key in (work.citekey, *work.merged)]
        url = ("url", work.identity.url or "")
        for name in {*_names(work.identity), *keys, url}:
            self._known.setdefault(name, []).append(work)


def _names(given: Identity) -> Iterator[tuple[str, str]]:
    """Yield what works that may be the same are found by; an address, where nothing else is."""
    for kind, value in (("arxiv", given.arxiv), ("doi", given.doi)):
        if value:
            yield kind, value
    for name in given.names:
        yield "name", name
    if given.url and not given.names:
        yield "url", given.url


def fields_of(item: ParsedItem) -> dict[str, Any]:
    """Return what a file says of a work as catalogue fields; what makes no sense is left out."""
    arxiv = identifiers.arxiv_id(item.arxiv or "") or identifiers.arxiv_id(item.doi or "")
    doi = identifiers.doi(item.doi or "")
    title = _line(item.title) or identifiers.stand_in_title(arxiv, doi)
    authors = [name for author in item.authors if (name := _line(author))]
    fields: dict[str, Any] = {
        "title": title,
        "kind": item.kind if item.kind in KINDS else "paper",
        "authors": authors[:MOST_AUTHORS],
        "more_authors": item.more_authors or len(authors) > MOST_AUTHORS,
        "year": item.year,
        "venue": _line(item.venue or ""),
        "arxiv": arxiv,
        "doi": _line(doi or ""),
        "links": _distinct(
            {**link._asdict(), "label": _line(link.label) or "page"}
            for link in item.links
            if identifiers.is_web_address(link.url)
        ),
        "summary": terminal_safe(valid_unicode(item.summary or "")).strip(),
    }
    kept = {name: value for name, value in fields.items() if value or name in ("title", "kind")}
    if next(work_faults({"title": "-", "kind": "paper", "year": item.year}), None):
        kept.pop("year", None)
    return kept


def _line(text: str) -> str:
    return safe_line(valid_unicode(text))[:MOST_LETTERS]


def _merged(before: dict[str, Any] | None, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what two items of a file say of one work: the first is believed."""
    if before is None:
        return fields
    both = _distinct([*before.get("links", ()), *fields.get("links", ())])
    return {**fields, **before, **({"links": both} if both else {})}


def _distinct(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return links, the first of those with one address."""
    by_url: dict[str, dict[str, Any]] = {}
    for link in found:
        by_url.setdefault(link["url"], link)
    return [*by_url.values()]


def _placed(item: ParsedItem, work: str) -> dict[str, Any]:
    marks = [mark for mark in map(_line, item.marks) if mark]
    tier = {"tier": item.tier} if item.tier in TIERS else {}
    return {"work": work, **tier, **({"marks": marks} if marks else {})}


def _free(title: str, taken: dict[str, int]) -> str:
    """Return a title that tells a section from those beside it, with a number where it must."""
    free, step = title, Section(title).step
    while Section(free).step in taken:
        taken[step] += 1
        free = f"{title} ({taken[step]})"
    return free
