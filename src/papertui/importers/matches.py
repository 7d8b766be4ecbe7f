"""Items of a file, and the works that they are: those that papertui knows, or new ones."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from papertui.core import identifiers, identity
from papertui.core.catalog import Section, work_faults
from papertui.core.identity import MAX_TITLE, Identity, Known, KnownWorks, Rule, fuller
from papertui.core.labels import KINDS
from papertui.core.text import safe_line, terminal_safe, title_key, valid_unicode
from papertui.importers.list_diff import Fields, SectionPath
from papertui.importers.parsed_list import Noted, ParsedItem, ParsedList, ParsedSection

# A short name in brackets behind a title, but not the number of a part.
_NICKNAME = re.compile(
    r"(?s)(?P<title>.{8,}\S)\s*\((?!(?:part|vol|volume|chapter|edition|version|[ivx]+)\b)"
    r"(?P<name>[^()]{2,30})\)",
    re.IGNORECASE,
)
MAX_NICKNAME_WORDS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """An item of the file, the work it is, and why.

    The list has the work by its `key`, which it keeps when the work is merged into another.
    `rule` is None if no known work is similar. `known` is the title of the
    work that the rule compares with; if the rule does not make them the same,
    the item is kept apart from that work; `why` says what speaks against its title.
    `again` is True if an earlier item is the same work.
    """

    title: str
    item: ParsedItem
    section: SectionPath
    work: str
    key: str
    rule: Rule | None = None
    known: str | None = None
    why: str = ""
    again: bool = False

    @property
    def line(self) -> int:
        """The number of the item's line in the file."""
        return self.item.line

    @property
    def is_known(self) -> bool:
        """True if the item is a work that was known before."""
        return self.rule is not None and self.rule.same


class _Description(NamedTuple):
    """What an item says: the fields and the work by them; the `work` it is, by its `identity`.

    It is `of_merged` if the work is known by one that it took in.
    """

    fields: Fields
    described: Known
    identity: Identity
    work: Known
    of_merged: bool

    def keeps_title(self, work: Known) -> bool:
        """Return True if a work keeps its title, whatever the item calls it."""
        return _is_other_name(self.described, work) or (self.of_merged and work is self.work)

    def corrects(self, version: Known) -> bool:
        """Return True if the item has another title than in an earlier version, and is that work.

        It spells the title anew, or has the one again with which it came first.
        """
        names, before = self.described.identity.names, version.identity.names
        is_it = self.described.citekey == version.citekey or identity.is_respelt(names, before)
        return is_it and names.isdisjoint(before)

    def as_of(self, versions: Sequence[Known]) -> Known:
        """Return that of some versions of the work which the item is, or else the work.

        What speaks against one was corrected in it.
        """
        for version in versions:
            if version.citekey == self.described.citekey:
                return version
        return identity.closest(self.identity, versions)[1] or self.work

    def fields_of(self, work: Known) -> Fields:
        """Return the fields that the item gives a work."""
        if not self.keeps_title(work):
            return self.fields
        is_other = _is_other_name(self.described, work)
        names = {"aliases": [self.described.title]} if is_other else {}
        return {**self.fields, "title": work.title, **names}


class Matcher:
    """Matches items in their order; each new work is known to the items after it.

    `titles` has those of the works that the items are, by citekey; `rivals` are works of which
    some items have an id or the title, and something that speaks against it. `elsewhere` has the
    items that would correct a work of the list's earlier version, by its citekey, but for being
    works that are known from elsewhere.
    """

    def __init__(self, parsed: ParsedList, known: KnownWorks) -> None:
        self._described: dict[ParsedItem, tuple[dict[str, Any], Known]] = {}
        for item in parsed.all_items():
            fields = _work_fields(item)
            own = identity.identity_of(fields)
            work = Known(identity.citekey(fields, own), fields["title"], False, own)
            self._described[item] = fields, work
        self._known: dict[tuple[str, str], list[Known]] = {}
        works = [work for _, work in self._described.values()]
        identities = [_with_bare_title(work) for work in works]
        for work in known.alike(identities, [w.citekey for w in works]):
            self._add_known(work)
        self.titles: dict[str, str] = {}
        self.rivals: set[str] = set()
        self.elsewhere: dict[str, Match] = {}
        self._problems: list[str] = []
        self._lost_ids = Noted()
        self._matches: list[Match] = []
        self._descriptions: list[_Description] = []
        self._add_sections(parsed.sections, ())

    @property
    def problems(self) -> list[str]:
        """A line on each item of which no work can be made, and one on ids that are left out."""
        lost = (lines.note.replace("line", "Line", 1) for lines in self._lost_ids.groups())
        return [*self._problems, *lost]

    def matches(
        self, before: Mapping[str, Fields], listed: Iterable[str], merges: Mapping[str, str]
    ) -> tuple[list[Match], dict[str, Fields]]:
        """Return the matches of a list, and the fields of its works that are not shipped, by key.

        `listed` are the works of the list's earlier version, `before` has those that are not
        shipped: an item that is one of these stays it, whichever work that was merged into
        since, and whatever the reader calls it. One with the id or the title of a work that no
        other item is any more corrects the rest of it.
        """
        versions: dict[str, list[Known]] = {}
        for key, fields in before.items():
            work = Known(key, fields["title"], False, identity.identity_of(fields))
            # One without a title has by now that of another list.
            if work.identity.names or key in merges:
                versions.setdefault(merges.get(key, key), []).append(work)
        by_mark: dict[tuple[str, str], list[Known]] = {}
        for version in (each for known in versions.values() for each in known):
            for mark in _match_keys(version.identity):
                by_mark.setdefault(mark, []).append(version)
        lines = []
        for match, description in zip(self._matches, self._descriptions, strict=True):
            if match.rule is None:
                match = self._as_before(match, description.identity, by_mark, merges)
            work = description.as_of(versions.get(match.work, ()))
            lines.append((match, description, work))
        # Lines of works that the version had, as often as it had them, are no corrections; nor is
        # one of a work that its section has.
        had, others = Counter(merges.get(key, key) for key in listed), []
        once = {(line[0].section, line[0].work): line for line in reversed(lines)}
        for line in reversed(once.values()):
            match, _, work = line
            had[match.work] -= 1
            if work.citekey not in before and had[match.work] < 0:
                others.append(line)
        corrections = _corrected(others, by_mark, {work.citekey for *_, work in lines})
        by_work = {match.work: match for match, *_ in reversed(others)}
        corrected = {work: was for work, was in corrections.items() if not by_work[work].is_known}
        self.elsewhere = {
            was.citekey: by_work[work] for work, was in corrections.items() if work not in corrected
        }
        matches, works = list[Match](), dict[str, Fields]()
        for match, description, work in lines:
            is_corrected = work.citekey in before and description.corrects(work)
            if was := corrected.get(match.work):
                match, work, is_corrected = _correcting(match, was, merges), was, True
                self.titles.setdefault(match.work, was.title)
            if not work.shipped:
                fields = description.fields if is_corrected else description.fields_of(work)
                also = works.get(work.citekey)
                works[work.citekey] = fuller(also, fields) if also else fields
            matches.append(replace(match, key=work.citekey))
        return matches, {key: _as_known(works[key], before.get(key, {})) for key in works}

    def _as_before(
        self,
        match: Match,
        own: Identity,
        versions: Mapping[tuple[str, str], Sequence[Known]],
        merges: Mapping[str, str],
    ) -> Match:
        """Return the match of an item that is like no known work, but may be like a version.

        The work has left the library, or has another title in it by now.
        """
        alike = dict.fromkeys(v for mark in _match_keys(own) for v in versions.get(mark, ()))
        rule, version = identity.closest(own, alike)
        if not (version and rule and rule.same):
            return match
        work = merges.get(version.citekey, version.citekey)
        self.titles.setdefault(work, version.title)
        return replace(match, work=work, rule=rule, known=version.title)

    def _add_sections(self, parsed_sections: Iterable[ParsedSection], path: SectionPath) -> bool:
        """Match the items of sections; return True if there are any."""
        steps: dict[str, int] = {}
        for section in parsed_sections:
            title = _unique_title(clean_line(section.title) or "No section", steps)
            has_items = self._add_items(section.items, (*path, title))
            if self._add_sections(section.sections, (*path, title)) or has_items:
                steps.setdefault(Section(title).step, 1)
        return bool(steps)

    def _add_items(self, items: Iterable[ParsedItem], section: SectionPath) -> bool:
        before = len(self._matches)
        for item in items:
            if fault := next(work_faults(self._described[item][0]), None):
                self._problems.append(f"Line {item.line}: no work could be made of it ({fault}).")
            else:
                self._add_item(item, section)
        return len(self._matches) > before

    def _add_item(self, item: ParsedItem, section: SectionPath) -> None:
        fields, described = self._described[item]
        own = _with_bare_title(described)
        if item.is_of_day:
            own = replace(own, year=None)
        keys = _match_keys(own)
        candidates = dict.fromkeys(known for key in keys for known in self._known.get(key, ()))
        ranked = sorted(candidates, key=lambda known: known.citekey != item.citekey)
        rule, closest = identity.closest(own, ranked)
        same_key = self._known.get(("citekey", described.citekey))
        if same_key and not (rule and rule.same):
            rule, closest = Rule.ID, same_key[0]
        work = closest if closest and rule and rule.same else described
        if work is described:
            self._add_known(work)
        elif item.is_of_day:
            fields = {name: value for name, value in fields.items() if name != "year"}
        if work.shipped and item.entry is None:
            self._note_lost_ids(item, described, work)
        of_merged = any(
            known.is_merged
            and known.citekey == work.citekey
            and described.identity.names & known.identity.names
            for known in candidates
        )
        description = _Description(fields, described, own, work, of_merged)
        self._descriptions.append(description)
        key = work.citekey
        again = key in self.titles
        self.titles.setdefault(key, work.title)
        known_title = closest.title if closest else None
        # The file may have no more than an address.
        is_named = described.identity.names and (work.shipped or not description.keeps_title(work))
        title = described.title if is_named else work.title
        if closest and rule and not rule.same:
            self.rivals.add(closest.citekey)
        is_rival = rule is Rule.RIVAL
        odd = identity.contradictions(own, closest.identity) if closest and is_rival else ()
        why = next(iter(odd), "")
        self._matches.append(Match(title, item, section, key, key, rule, known_title, why, again))

    def _note_lost_ids(self, item: ParsedItem, described: Known, work: Known) -> None:
        """Note the ids of an item that a shipped work has not, and does not get."""
        named = self._known["citekey", work.citekey]
        known = {id_ for each in named for id_ in (each.identity.arxiv, each.identity.doi)}
        own = described.identity.arxiv, described.identity.doi
        if lost := [id_ for id_ in own if id_ and id_ not in known]:
            reason = "an id is left out, as papertui describes the work itself"
            self._lost_ids.add(reason, item.line, f"{', '.join(lost)} of {work.title}")

    def _add_known(self, work: Known) -> None:
        keys = [("citekey", key) for key in (work.citekey, *work.merged)]
        url = ("url", work.identity.url or "")
        for key in {*_match_keys(work.identity), *keys, url}:
            self._known.setdefault(key, []).append(work)


def _corrected(
    lines: Sequence[tuple[Match, _Description, Known]],
    versions: Mapping[tuple[str, str], Sequence[Known]],
    taken: set[str],
) -> dict[str, Known]:
    """Return the works of an earlier version that lines correct, by the works that the lines are.

    The `versions` are by their marks. One that is `taken` by another line is not corrected; what
    is most like it corrects each.
    """
    corrected: dict[str, Known] = {}
    for (likeness, is_known), (match, description, _) in product(_RANKS, lines):
        if match.is_known is not is_known:
            continue
        own = description.identity
        alike = (v for mark in _match_keys(own) for v in versions.get(mark, ()))
        free = {v.citekey: v for v in alike if v.citekey not in taken}
        meant = [v for v in free.values() if _likeness(own, v.identity) is likeness]
        is_certain = likeness is not _Likeness.TITLE_BUT_AUTHOR or len(meant) == 1
        if meant and is_certain and match.work not in corrected:
            corrected[match.work] = meant[0]
            taken.add(meant[0].citekey)
    return corrected


class _Likeness(Enum):
    """What a line has of an earlier version of itself, the most first."""

    AUTHOR_AND_TITLE = auto()
    TITLE = auto()
    TITLE_BUT_AUTHOR = auto()
    ARXIV_ID = auto()


# A title says more than an id, or than one with another author; of lines that have as much of a
# version, one that is no known work is rather its correction.
_RANKS = tuple(
    (likeness, is_known)
    for likenesses in (
        (_Likeness.AUTHOR_AND_TITLE,),
        (_Likeness.TITLE,),
        (_Likeness.TITLE_BUT_AUTHOR, _Likeness.ARXIV_ID),
    )
    for is_known in (False, True)
    for likeness in likenesses
)


def _likeness(line: Identity, version: Identity) -> _Likeness | None:
    """Return what a line has of a version, None if that may be another work.

    A title says more than an id, in which the mistake may have been, but not if two things speak
    against it.
    """
    if line.names.isdisjoint(version.names):
        # A DOI may be that of a book, whose chapters have titles of their own.
        return _Likeness.ARXIV_ID if line.arxiv and line.arxiv == version.arxiv else None
    if len([*identity.contradictions(line, version)]) > 1:
        return None
    if identity.has_author_of(line, version):
        return _Likeness.AUTHOR_AND_TITLE
    are_known = line.author and version.author
    return _Likeness.TITLE_BUT_AUTHOR if are_known else _Likeness.TITLE


def _correcting(match: Match, version: Known, merges: Mapping[str, str]) -> Match:
    """Return the match of an item with the work that it corrects."""
    rules = {Rule.CONFLICT: Rule.ID, Rule.RIVAL: Rule.TITLE}
    return replace(
        match,
        work=merges.get(version.citekey, version.citekey),
        rule=rules.get(match.rule, match.rule) if match.rule else None,
        known=version.title,
        why="",
    )


def _is_other_name(described: Known, work: Known) -> bool:
    """Return True if a work is described by another name than its title."""
    names, titles = described.identity.names, identity.identity_of({"title": work.title}).names
    return bool(names and work.identity.names) and names.isdisjoint(titles)


def _as_known(fields: Fields, before: Fields) -> Fields:
    """Return the fields of a work of a newer version, which may leave out what was known before."""
    own = {"more_authors": False} if "authors" in fields else {}
    aliases = [*before.get("aliases", ()), *fields.get("aliases", ())]
    names = {title_key(alias): alias for alias in aliases if alias != fields["title"]}
    known = {**before, **own, **fields, "aliases": [*names.values()]}
    return {name: value for name, value in known.items() if value}


def _with_bare_title(work: Known) -> Identity:
    """Return a work's identity, with its title without a nickname behind it."""
    nickname = _NICKNAME.fullmatch(work.title)
    if not nickname or len(nickname["name"].split()) > MAX_NICKNAME_WORDS:
        return work.identity
    return replace(work.identity, names=work.identity.names | {title_key(nickname["title"])})


def _match_keys(own: Identity) -> Iterator[tuple[str, str]]:
    """Yield the keys that similar works share; an address is one only without a title."""
    for kind, value in (("arxiv", own.arxiv), ("doi", own.doi)):
        if value:
            yield kind, value
    for name in own.names:
        yield "name", name
    if own.url and not own.names:
        yield "url", own.url


def _work_fields(item: ParsedItem) -> dict[str, Any]:
    """Return an item's work as catalogue fields, without values that the catalogue refuses."""
    arxiv = identifiers.arxiv_id(item.arxiv or "") or identifiers.arxiv_id(item.doi or "")
    doi = identifiers.doi(item.doi or "")
    authors = list(filter(None, map(clean_line, item.authors)))
    url = item.links[0].url if item.links else None
    fields: dict[str, Any] = {
        "title": clean_line(item.title) or identifiers.stand_in_title(arxiv, doi, url),
        "kind": item.kind if item.kind in KINDS else "paper",
        "authors": authors,
        "more_authors": item.more_authors,
        "year": item.year,
        "venue": clean_line(item.venue or ""),
        "arxiv": arxiv,
        "doi": clean_line(doi or ""),
        "links": _distinct_links(
            {**link._asdict(), "label": clean_line(link.label) or "page"}
            for link in item.links
            if identifiers.is_web_address(link.url)
        ),
        "length": item.length,
        "summary": clean_text(item.summary or ""),
    }
    if not _is_year(item.year):
        fields["year"] = None
    return {name: value for name, value in fields.items() if value or name in ("title", "kind")}


@cache
def _is_year(year: int | None) -> bool:
    return not any(work_faults({"title": "-", "kind": "paper", "year": year}))


def clean_line(text: str) -> str:
    """Return a text of a file as one line that is safe to show, as long as a title may be."""
    return safe_line(text if text.isascii() else valid_unicode(text))[:MAX_TITLE]


def clean_text(text: str) -> str:
    """Return a text of a file as it is safe to show."""
    return terminal_safe(valid_unicode(text)).strip()


def _distinct_links(links: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    by_url: dict[str, dict[str, Any]] = {}
    for link in links:
        by_url.setdefault(link["url"], link)
    return [*by_url.values()]


def _unique_title(title: str, steps: dict[str, int]) -> str:
    """Return a title with a number if a section beside it has the same step in its path."""
    unique, step = title, Section(title).step
    while Section(unique).step in steps:
        steps[step] += 1
        unique = f"{title} ({steps[step]})"
    return unique
