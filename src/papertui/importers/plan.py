"""A ParsedList and the known works to an ImportPlan: matches, the new list, what changed in it."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any

from papertui.core import identifiers, identity, journal, replay
from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import Section, list_from, work_faults
from papertui.core.edited_list import edited_list, list_rows
from papertui.core.identity import MAX_TITLE, Identity, Known, KnownWorks, Rule, fuller
from papertui.core.journal import Change
from papertui.core.labels import KINDS
from papertui.core.own_lists import SectionEdit, list_of
from papertui.core.text import safe_line, terminal_safe, title_key, valid_unicode
from papertui.errors import Refused
from papertui.importers.list_diff import (
    Fields,
    ListDiff,
    SectionPath,
    list_diff,
    works_below,
    works_in,
)
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection

TIERS = range(1, 5)
FULL_READ = 2  # the first pass that is one
# A short name in brackets behind a title, but not the number of a part.
_NICKNAME = re.compile(
    r"(?s)(?P<title>.{8,}\S)\s*\((?!(?:part|vol|volume|chapter|edition|version|[ivx]+)\b)"
    r"(?P<name>[^()]{2,30})\)",
    re.IGNORECASE,
)
MAX_NICKNAME_WORDS = 3
MIN_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """An item of the file, the work it is, and why.

    `rule` is None if no known work is similar. `known` is the title of the
    work that the rule compares with; if the rule does not make them the same,
    the item is kept apart from that work; `why` says what speaks against its title.
    `again` is True if an earlier item is the same work.
    """

    title: str
    item: ParsedItem
    section: SectionPath
    work: str
    rule: Rule | None = None
    known: str | None = None
    why: str = ""
    again: bool = False

    @property
    def line(self) -> int:
        """The number of the item's line in the file."""
        return self.item.line


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The list and works of an import; `diff` is None unless an earlier version is known.

    `left_out` names the lines of the file that are no works. `own_title` is what the reader
    calls the list. `ticked` are the works that the file ticks off and the reader has not
    read in full. `notes` are works and bodies of the reader's notes that were never here, by
    their ids. `stays_out` has the works that the reader took out of the list, with their titles;
    `parsed` is the digest of what was in the file. `keys` has the works that others of the list
    were merged into since its earlier version, with the keys of those.
    """

    reading_list: Fields
    works: Mapping[str, Fields]
    matches: tuple[Match, ...]
    problems: tuple[str, ...]
    diff: ListDiff | None
    entries: Sequence[Fields] = ()
    left_out: tuple[str, ...] = ()
    own_title: str | None = None
    ticked: tuple[str, ...] = ()
    notes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    stays_out: Mapping[str, str] = field(default_factory=dict)
    parsed: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title that the list will have."""
        return self.own_title or str(self.reading_list["title"])

    @property
    def is_known(self) -> bool:
        """True if the list is here already as it is, with its notes."""
        return bool(self.diff and self.diff.same and not self.notes)

    @property
    def change(self) -> Change:
        """The change that the import adds to the journal.

        What the file says of a merged work stays with that one, and does not become the other's.
        """
        key = {work: self.keys.get(work, work) for work in (m.work for m in self.matches)}
        return journal.apply_import(
            {**self.reading_list, "sections": _with_keys(self.reading_list["sections"], key)},
            {key[work]: fields for work, fields in self.works.items()},
            {key[m.work]: m.item.original for m in self.matches if m.item.original},
            [{**e, "work": key[e["work"]]} if e.get("work") else e for e in self.entries],
            self.parsed,
        )

    def changes(self, log: bool = False) -> list[Change]:
        """Return the changes of the import, none if nothing has changed.

        With `log`, the ticked works are logged as read before papertui.
        """
        passes = [journal.log_pass(work, FULL_READ, None) for work in self.ticked if log]
        notes = [journal.save_note(work, id_, body) for id_, (work, body) in self.notes.items()]
        return passes if self.is_known else [self.change, *notes, *passes]

    def by_rule(self) -> Iterator[tuple[Rule | None, list[Match]]]:
        """Yield the works that the list will have, each once, by the rule that matched them."""
        first = [m for m in self.matches if not m.again and m.work not in self.stays_out]
        for rule in (Rule.ID, Rule.TITLE, None, Rule.CONFLICT, Rule.RIVAL):
            yield rule, [m for m in first if m.rule is rule]

    @property
    def own_texts(self) -> list[str]:
        """The titles of shipped works that the file describes too; its texts are left out."""
        described = (m for m in self.matches if m.item.summary and m.work not in self.works)
        return list(dict.fromkeys(match.title for match in described))

    @property
    def number(self) -> int:
        """How many works the list will have."""
        return len({match.work for match in self.matches} - self.stays_out.keys())


def plan_import(parsed: ParsedList, known: KnownWorks, source: str) -> ImportPlan:
    """Return the plan for importing a list from the file `source`.

    Raises Refused if the list is empty or could not be kept in a journal.
    """
    source = _line(source)
    try:
        matcher = _Matcher(parsed, known)
        sections = matcher.sections(parsed.sections, ())
    except RecursionError:
        raise Refused(f"{source} has sections nested too deeply to be a reading list.") from None
    if not sections:
        why = "".join(f" {problem[:1].upper()}{problem[1:]}" for problem in parsed.problems[:1])
        raise Refused(f"{source} holds no list: no item with a title was found in it.{why}")
    title, earlier = _list_of_file(
        _line(parsed.title) or source, matcher.titles.keys(), parsed.digest, known
    )
    before = earlier["works"] if earlier else {}
    keys = {
        work: key
        for key, work in known.merges().items()
        if key in before and work in matcher.works and work not in before
    }
    file_titles = {match.work: match.item.title for match in reversed(matcher.matches)}
    works = {
        work: _as_known(fields, before.get(keys.get(work, work), {}), file_titles[work])
        for work, fields in matcher.works.items()
    }
    legend = [(_line(mark), _line(meaning)) for mark, meaning in parsed.marks]
    reading_list: dict[str, Any] = {
        "key": replay.list_key(title),
        "title": title,
        "origin": f"Imported from {source}.",
        "order": "tier" if any(item.tier for item in parsed.all_items()) else "list",
        "purpose": _text(parsed.purpose) or "A list you imported.",
        "marks": {mark: meaning for mark, meaning in legend if mark and meaning},
        "sections": sections,
    }
    # Its works have been checked one by one.
    if fault := next(replay.import_faults({"list": reading_list, "works": {}}), None):
        raise Refused(f"{source} cannot be imported: {fault}")
    entries = [
        entry._replace(work=matcher.entry_works.get(number))
        for number, entry in enumerate(parsed.entries)
    ]
    clashes = _key_clashes(entries, reading_list["key"], matcher.titles, known)
    kept = [entry.as_json() for entry in entries]
    diff = None
    if earlier and earlier.get("parsed") == parsed.digest:
        # Whatever became of its works here, the file says nothing new.
        diff = ListDiff(same=True)
    elif earlier:
        diff = list_diff(earlier, reading_list, works, kept, matcher.titles, known)
    return ImportPlan(
        reading_list,
        works,
        tuple(matcher.matches),
        (*parsed.problems, *matcher.problems, *clashes),
        diff,
        kept,
        tuple(lines.note for lines in parsed.left_out),
        known.list_edits().sections.get(reading_list["key"], SectionEdit()).title,
        _ticked(matcher.matches, known),
        _notes(matcher.matches, known),
        {work: matcher.titles[work] for work in _taken_out(reading_list, known)},
        parsed.digest,
        keys,
    )


def title_finder(known: KnownWorks) -> Callable[[str], bool]:
    """Return a function that says whether a known work has some words as its title.

    A title of a word or two says too little: a list of topics has such words too.
    """

    def is_title(text: str) -> bool:
        key = title_key(text) if len(text) <= MAX_TITLE else ""
        if key.count(" ") < MIN_TITLE_WORDS - 1:
            return False
        works = known.alike([Identity(frozenset((key,)))], ())
        return any(title_key(work.title) == key for work in works)

    return is_title


def _taken_out(reading_list: Fields, known: KnownWorks) -> list[str]:
    """Return the works of a list that the reader took out of it."""
    edits = known.list_edits()
    if not (edits.places or edits.sections):
        return []
    rows = list_rows(list_from(reading_list))
    left = works_in(edited_list(rows, edits, {}))
    return [work for work in works_in(rows) if work not in left]


def _list_of_file(
    title: str, works: Collection[str], digest: str, known: KnownWorks
) -> tuple[str, Fields | None]:
    """Return the title of the list that a file holds, and the data of its earlier import.

    Files of one title, such as two `references.bib`, are one list if they share a work, or the
    `digest` of what is in them. None joins a list that the reader made, or takes the title that
    the reader gave another one.
    """
    edits = {p: edit for p, edit in known.list_edits().sections.items() if p == list_of(p)}
    made = {key for key, edit in edits.items() if edit.made}
    named = {title_key(edit.title) for edit in edits.values() if edit.title and not edit.removed}
    merges = known.merges()
    for number in count(1):
        numbered = title if number == 1 else f"{title} ({number})"
        key = replay.list_key(numbered)
        if earlier := known.last_import(key):
            before = {merges.get(work, work) for work in works_below(earlier["list"]["sections"])}
            if earlier.get("parsed") == digest or not before.isdisjoint(works):
                break
        elif key not in made and title_key(numbered) not in named:
            break
    return numbered, earlier


def _key_clashes(
    entries: Sequence[BibEntry], list_key: str, titles: Mapping[str, str], known: KnownWorks
) -> Iterator[str]:
    """Yield a line for each BibTeX key that names another work too."""
    named = known.named_by([entry.key for entry in entries if entry.work], list_key)
    for entry in entries:
        others = [work for work in named.get(entry.key.lower(), ()) if work.citekey != entry.work]
        if entry.work and others:
            yield (
                f"Line {entry.line}: {entry.key!r} is the key of {others[0].title} too; papertui"
                f" calls {titles[entry.work]} {entry.work!r}."
            )


def _as_known(fields: Fields, before: Fields, title: str) -> dict[str, Any]:
    """Return the fields of a work of a newer version, which may leave out what was known before.

    If the file has the `title` of before, the work does, whatever it is called here by now.
    """
    own = {"more_authors": False} if "authors" in fields else {}
    names = (before.get("title"), *before.get("aliases", ()))
    named = {name: before.get(name) for name in ("title", "aliases")} if title in names else {}
    return {name: value for name, value in {**before, **own, **fields, **named}.items() if value}


def _with_keys(sections: Iterable[Fields], keys: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return sections as in the catalogue, with other keys of their works."""
    keyed = []
    for section in sections:
        parts: dict[str, Any] = {}
        if items := section.get("items"):
            parts["items"] = [{**item, "work": keys[item["work"]]} for item in items]
        if inner := section.get("sections"):
            parts["sections"] = _with_keys(inner, keys)
        keyed.append({**section, **parts})
    return keyed


def _ticked(matches: Iterable[Match], known: KnownWorks) -> tuple[str, ...]:
    works = list(dict.fromkeys(match.work for match in matches if match.item.is_read))
    read = known.read_in_full(works) if works else set()
    return tuple(work for work in works if work not in read)


def _notes(matches: Iterable[Match], known: KnownWorks) -> dict[str, tuple[str, str]]:
    """Return the works and bodies of the notes that were never saved here, by their ids.

    The id follows from what the file says, so that a note that two devices import is one, and
    stays one if its work is merged.
    """
    written = ((match, _text(match.item.note or "")) for match in matches)
    notes = {_note_id(m.item.title, body): (m.work, body) for m, body in written if body}
    saved = known.saved_notes(notes.keys()) if notes else set()
    return {id_: note for id_, note in notes.items() if id_ not in saved}


def _note_id(title: str, body: str) -> str:
    return hashlib.sha256(f"{title_key(title)}\n{body}".encode()).hexdigest()[:32]


class _Matcher:
    """Matches items in their order; each new work is known to the items after it."""

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
        self.works: dict[str, dict[str, Any]] = {}
        self.titles: dict[str, str] = {}
        self.entry_works: dict[int, str] = {}
        self.matches: list[Match] = []
        self.problems: list[str] = []

    def sections(
        self, parsed_sections: Iterable[ParsedSection], path: SectionPath
    ) -> list[dict[str, Any]]:
        """Return sections as in the catalogue, without those that have no item."""
        sections: list[dict[str, Any]] = []
        steps: dict[str, int] = {}
        for section in parsed_sections:
            title = _unique_title(_line(section.title) or "No section", steps)
            own_path = (*path, title)
            items = self._items(section.items, own_path)
            subsections = self.sections(section.sections, own_path)
            if items or subsections:
                steps.setdefault(Section(title).step, 1)
                parts = {"items": items, "sections": subsections}
                sections.append({"title": title, **{name: p for name, p in parts.items() if p}})
        return sections

    def _items(
        self, parsed_items: Iterable[ParsedItem], section: SectionPath
    ) -> list[dict[str, Any]]:
        items: dict[str, dict[str, Any]] = {}
        for item in parsed_items:
            if fault := next(work_faults(self._described[item][0]), None):
                self.problems.append(f"Line {item.line}: no work could be made of it ({fault}).")
                continue
            match = self._match(item, section)
            self.matches.append(match)
            if match.work in items:
                self.problems.append(f"Line {item.line}: {match.title} is in its section twice.")
            items.setdefault(match.work, _item_fields(item, match.work))
        return list(items.values())

    def _match(self, item: ParsedItem, section: SectionPath) -> Match:
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
        key, title = work.citekey, described.title
        if not work.shipped:
            names = described.identity.names
            own_names = identity.identity_of({"title": work.title}).names
            is_renamed = names and work.identity.names and names.isdisjoint(own_names)
            if is_renamed or any(
                known.is_merged and known.citekey == key and names & known.identity.names
                for known in candidates
            ):
                # The file adds a nickname, or has the title of a double: the work keeps its own.
                title = work.title
                other = {"aliases": [described.title]} if is_renamed else {}
                fields = {**fields, "title": title, **other}
            self.works[key] = fuller(self.works[key], fields) if key in self.works else fields
        if item.entry is not None:
            self.entry_works[item.entry] = key
        again = key in self.titles
        self.titles.setdefault(key, work.title)
        known_title = closest.title if closest else None
        if not described.identity.names:
            title = work.title  # the file has no more than an address
        is_rival = rule is Rule.RIVAL
        why = identity.contradiction(own, closest.identity) if closest and is_rival else ""
        return Match(title, item, section, key, rule, known_title, why, again)

    def _add_known(self, work: Known) -> None:
        keys = [("citekey", key) for key in (work.citekey, *work.merged)]
        url = ("url", work.identity.url or "")
        for key in {*_match_keys(work.identity), *keys, url}:
            self._known.setdefault(key, []).append(work)


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
    authors = list(filter(None, map(_line, item.authors)))
    url = item.links[0].url if item.links else None
    fields: dict[str, Any] = {
        "title": _line(item.title) or identifiers.stand_in_title(arxiv, doi, url),
        "kind": item.kind if item.kind in KINDS else "paper",
        "authors": authors,
        "more_authors": item.more_authors,
        "year": item.year,
        "venue": _line(item.venue or ""),
        "arxiv": arxiv,
        "doi": _line(doi or ""),
        "links": _distinct_links(
            {**link._asdict(), "label": _line(link.label) or "page"}
            for link in item.links
            if identifiers.is_web_address(link.url)
        ),
        "length": item.length,
        "summary": _text(item.summary or ""),
    }
    if not _is_year(item.year):
        fields["year"] = None
    return {name: value for name, value in fields.items() if value or name in ("title", "kind")}


@cache
def _is_year(year: int | None) -> bool:
    return not any(work_faults({"title": "-", "kind": "paper", "year": year}))


def _line(text: str) -> str:
    return safe_line(text if text.isascii() else valid_unicode(text))[:MAX_TITLE]


def _text(text: str) -> str:
    return terminal_safe(valid_unicode(text)).strip()


def _distinct_links(links: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    by_url: dict[str, dict[str, Any]] = {}
    for link in links:
        by_url.setdefault(link["url"], link)
    return [*by_url.values()]


def _item_fields(item: ParsedItem, work: str) -> dict[str, Any]:
    marks = list(filter(None, map(_line, item.marks)))
    tier = {"tier": item.tier} if item.tier in TIERS else {}
    return {"work": work, **tier, **({"marks": marks} if marks else {})}


def _unique_title(title: str, steps: dict[str, int]) -> str:
    """Return a title with a number if a section beside it has the same step in its path."""
    unique, step = title, Section(title).step
    while Section(unique).step in steps:
        steps[step] += 1
        unique = f"{title} ({steps[step]})"
    return unique
