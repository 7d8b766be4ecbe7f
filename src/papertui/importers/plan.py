"""A ParsedList and the known works to an ImportPlan: matches, the new list, what changed in it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from papertui.core import journal, replay
from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import list_from
from papertui.core.edited_list import ListRows, edited_list, list_rows
from papertui.core.identity import MAX_TITLE, Identity, KnownWorks, Rule
from papertui.core.journal import Change
from papertui.core.own_lists import ListEdits, SectionEdit, list_of
from papertui.core.text import clipped, safe_line, title_key
from papertui.errors import Refused
from papertui.importers.list_diff import (
    Fields,
    ListDiff,
    SectionPath,
    list_diff,
    works_below,
    works_in,
)
from papertui.importers.matches import Match, Matcher, clean_line, clean_text
from papertui.importers.parsed_list import ParsedList

TIERS = range(1, 5)
SKIM = 1  # the first pass
FULL_READ = 2  # the first pass that is one
MIN_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The list and works of an import; `diff` is None unless an earlier version is known.

    `keeping_out` takes works out of sections that the reader had taken out of others.
    `left_out` names the lines of the file that are no works. `own_title` is what the reader
    calls the list. `ticked` are the works that the file ticks off and the passes that
    it says, unless the reader has logged those. `notes` are works and bodies of the reader's
    notes that were never here, by their ids. `stays_out` has the works that the reader took out
    of the list, with their titles; `placed` is the number of those that the list has only by the
    reader's hand.
    The list, its works and those that stay out are by the keys that the list has them by.
    """

    change: Change
    keeping_out: Sequence[Change]
    works: Mapping[str, Fields]
    matches: tuple[Match, ...]
    problems: tuple[str, ...]
    diff: ListDiff | None
    left_out: tuple[str, ...]
    own_title: str | None
    ticked: Mapping[str, int]
    notes: Mapping[str, tuple[str, str]]
    stays_out: Mapping[str, str]
    placed: int

    @property
    def reading_list(self) -> Fields:
        """The list as the import brings it."""
        reading_list: Fields = self.change.data["list"]
        return reading_list

    @property
    def title(self) -> str:
        """The title that the list will have."""
        return self.own_title or str(self.reading_list["title"])

    @property
    def is_known(self) -> bool:
        """True if the list is here already as it is, with its notes."""
        return bool(self.diff and self.diff.same and not self.notes)

    @property
    def as_read(self) -> str:
        """The words for how the ticked works are logged, none if some were skimmed only."""
        return " as read" if min(self.ticked.values(), default=2) > 1 else ""

    def changes(self, log: bool = False) -> list[Change]:
        """Return the changes of the import, none if nothing has changed.

        With `log`, the ticked works are logged as read before papertui.
        """
        passes = [journal.log_pass(*item, None) for item in self.ticked.items() if log]
        notes = [journal.save_note(work, id_, body) for id_, (work, body) in self.notes.items()]
        return passes if self.is_known else [self.change, *self.keeping_out, *notes, *passes]

    def by_rule(self) -> Iterator[tuple[Rule | None, list[Match]]]:
        """Yield the works that the list will have, each once, by the rule that matched them."""
        first = [m for m in self.matches if not m.again and m.key not in self.stays_out]
        for rule in (Rule.ID, Rule.TITLE, None, Rule.CONFLICT, Rule.RIVAL):
            yield rule, [m for m in first if m.rule is rule]

    @property
    def own_texts(self) -> list[str]:
        """The titles of shipped works that the file describes too; its texts are left out."""
        described = (m for m in self.matches if m.item.summary and m.key not in self.works)
        return list(dict.fromkeys(match.title for match in described))

    @property
    def number(self) -> int:
        """How many works the list will have."""
        of_file = {match.work for match in self.matches if match.key not in self.stays_out}
        return len(of_file) + self.placed


def plan_import(parsed: ParsedList, known: KnownWorks, source: str) -> ImportPlan:
    """Return the plan for importing a list from the file `source`.

    Raises Refused if the list is empty or could not be kept in a journal.
    """
    source = clean_line(source)
    try:
        matcher = Matcher(parsed, known)
    except RecursionError:
        raise Refused(f"{source} has sections nested too deeply to be a reading list.") from None
    if not matcher.titles:
        reasons = [*parsed.problems, *(lines.note for lines in parsed.left_out)]
        why = "".join(f" {reason[:1].upper()}{reason[1:]}" for reason in reasons[:1])
        raise Refused(f"{source} holds no list: no item with a title was found in it.{why}")
    title, earlier = _list_of_file(
        clean_line(parsed.title) or source, matcher, parsed.digest, known
    )
    before = earlier or {"works": {}, "list": {"sections": ()}}
    listed = works_below(before["list"]["sections"])
    matches, works = matcher.matches(before["works"], listed, known.merges())
    sections, twice = _sections(matches)
    legend = [(clean_line(mark), clean_line(meaning)) for mark, meaning in parsed.marks]
    reading_list: dict[str, Any] = {
        "key": replay.list_key(title),
        "title": title,
        "origin": f"Imported from {source}.",
        "order": "tier" if any(item.tier for item in parsed.all_items()) else "list",
        "purpose": clean_text(parsed.purpose) or "A list you imported.",
        "marks": {mark: meaning for mark, meaning in legend if mark and meaning},
        "sections": sections,
    }
    # Its works have been checked one by one.
    if fault := next(replay.import_faults({"list": reading_list, "works": {}}), None):
        raise Refused(f"{source} cannot be imported: {fault}")
    works_of_entries = {m.item.entry: m for m in matches if m.item.entry is not None}
    entries = [
        entry._replace(work=works_of_entries[number].key if number in works_of_entries else None)
        for number, entry in enumerate(parsed.entries)
    ]
    clashes = _key_clashes(parsed.entries, works_of_entries, reading_list["key"], known)
    lost = _lost_keys(matches, reading_list["key"], known)
    parted = _parted(matcher.elsewhere, known)
    change = journal.apply_import(
        reading_list,
        works,
        {match.key: match.item.original for match in matches if match.item.original},
        [entry.as_json() for entry in entries],
        parsed.digest,
    )
    edits, kept_out = known.list_edits(), list[tuple[str, str]]()
    if earlier:
        kept_out = [*_kept_out(earlier["list"], reading_list, edits)]
        edits = _with_kept_out(edits, kept_out)
    diff = None
    if earlier and earlier.get("parsed") == parsed.digest:
        # Whatever became of its works here, the file says nothing new.
        diff = ListDiff(same=True)
    elif earlier:
        diff = list_diff(earlier, change.data, matcher.titles, known, edits)
    titles = {match.key: matcher.titles[match.work] for match in matches}
    taken_out, placed = _by_hand(reading_list, edits, known.merges())
    return ImportPlan(
        change,
        [journal.place_work(key, titles[key], path) for key, path in kept_out],
        works,
        tuple(matches),
        (*parsed.problems, *matcher.problems, *twice, *clashes, *lost, *parted),
        diff,
        tuple(lines.note for lines in parsed.left_out),
        edits.sections.get(reading_list["key"], SectionEdit()).title,
        _ticked(matches, known),
        _notes(matches, known),
        {key: titles[key] for key in taken_out},
        len(placed),
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


def _by_hand(
    reading_list: Fields, edits: ListEdits, merges: Mapping[str, str]
) -> tuple[list[str], set[str]]:
    """Return the keys of works that the reader took out of a list, and the works put into it."""
    if not (edits.places or edits.sections):
        return [], set()
    rows = list_rows(list_from(reading_list))
    came = {key: merges.get(key, key) for key in works_in(rows)}
    left = works_in(edited_list(rows, edits, merges))
    return [key for key, work in came.items() if work not in left], {*left} - {*came.values()}


def _kept_out(earlier: Fields, newer: Fields, edits: ListEdits) -> Iterator[tuple[str, str]]:
    """Yield works, and the sections that a newer version of a list has them in for the first time.

    The reader took them out of all sections that the earlier version has them in, which may have
    another title or place by now.
    """
    restored = {path: edit._replace(removed=False) for path, edit in edits.sections.items()}
    before, after = (list_rows(list_from(each)) for each in (earlier, newer))
    came = _sections_of_works(edited_list(before, ListEdits(restored), {}))
    had = _sections_of_works(edited_list(before, edits, {}))
    for work, paths in _sections_of_works(edited_list(after, edits, {})).items():
        left = had.get(work, {})
        if work in came and came[work].keys().isdisjoint(left):
            yield from ((work, path) for path in paths if path not in left)


def _sections_of_works(rows: ListRows) -> dict[str, dict[str, None]]:
    """Return the paths of the sections that each work of a list is in."""
    paths: dict[str, dict[str, None]] = {}
    for section in rows.sections:
        for _, work, *_ in section.items:
            paths.setdefault(work, {})[section.path] = None
    return paths


def _with_kept_out(edits: ListEdits, kept_out: Iterable[tuple[str, str]]) -> ListEdits:
    """Return edits that take works out of sections too."""
    places = {path: {**works} for path, works in edits.places.items()}
    for work, path in kept_out:
        places.setdefault(path, {})[work] = None
    return edits._replace(places=places)


def _list_of_file(
    title: str, matcher: Matcher, digest: str, known: KnownWorks
) -> tuple[str, Fields | None]:
    """Return the title of the list that a file holds, and the data of its earlier import.

    Files of one title, such as two `references.bib`, are one list if they share a work, or the
    `digest` of what is in them, or if the works of one are mostly rivals of the other's. None
    joins a list that the reader made, or takes the title that the reader gave another one.
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
            is_like = 2 * len(before & matcher.rivals) > len(before)
            is_same = is_like or not before.isdisjoint(matcher.titles)
            if earlier.get("parsed") == digest or is_same:
                break
        elif key not in made and title_key(numbered) not in named:
            break
    return numbered, earlier


def _key_clashes(
    entries: Sequence[BibEntry], works: Mapping[int, Match], list_key: str, known: KnownWorks
) -> Iterator[str]:
    """Yield a line for each BibTeX key that names another work too."""
    named = known.named_by([entries[number].key for number in works], list_key)
    for number, match in sorted(works.items()):
        entry = entries[number]
        named_too = named.get(entry.key.lower(), ())
        if others := [work for work in named_too if work.citekey != match.work]:
            yield (
                f"Line {entry.line}: {entry.key!r} is the key of {others[0].title} too; papertui"
                f" calls {match.title} {match.work!r}."
            )


def _lost_keys(matches: Sequence[Match], list_key: str, known: KnownWorks) -> Iterator[str]:
    """Yield a line that names the citekeys of a table which are no names of their works here."""
    own = {m.item.citekey: m.work for m in matches if m.item.citekey and m.item.entry is None}
    named = known.named_by([*own], list_key) if own else {}
    lost = [
        key
        for key, work in own.items()
        if key != work and all(other.citekey != work for other in named.get(key.lower(), ()))
    ]
    if lost:
        names = clipped(", ".join(map(safe_line, lost)), 160)
        yield f"Citekeys that only BibTeX would keep: {names}."


def _parted(elsewhere: Mapping[str, Match], known: KnownWorks) -> Iterator[str]:
    """Yield a line for each work that the reader acted on whose line is another known one now."""
    touched = known.touched(elsewhere) if elsewhere else set()
    for work, match in elsewhere.items():
        if work in touched:
            yield (
                f"Line {match.line}: {match.title} is {match.work!r} now, and what you did with"
                f" {work!r} stays there: 'papertui merge {work} {match.work}' joins the two."
            )


def _sections(matches: Iterable[Match]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the sections of a list as in the catalogue, and a line for each work twice in one."""
    items: dict[SectionPath, dict[str, dict[str, Any]]] = {}
    inner: dict[SectionPath, dict[SectionPath, None]] = {}
    twice = []
    for match in matches:
        for depth in range(len(match.section)):
            inner.setdefault(match.section[:depth], {})[match.section[: depth + 1]] = None
        in_section = items.setdefault(match.section, {})
        if match.key in in_section:
            twice.append(f"Line {match.line}: {match.title} is in its section twice.")
        in_section.setdefault(match.key, _item_fields(match))

    def within(path: SectionPath) -> Iterator[dict[str, Any]]:
        for section in inner.get(path, ()):
            parts = {"items": [*items.get(section, {}).values()], "sections": [*within(section)]}
            yield {"title": section[-1], **{name: part for name, part in parts.items() if part}}

    return [*within(())], twice


def _item_fields(match: Match) -> dict[str, Any]:
    item = match.item
    marks = list(filter(None, map(clean_line, item.marks)))
    tier = {"tier": item.tier} if item.tier in TIERS else {}
    return {"work": match.key, **tier, **({"marks": marks} if marks else {})}


def _ticked(matches: Iterable[Match], known: KnownWorks) -> dict[str, int]:
    depths: dict[str, int] = {}
    for match in matches:
        depth = FULL_READ if match.item.is_read else SKIM if match.item.is_skimmed else 0
        if depth:
            depths[match.work] = max(depth, depths.get(match.work, 0))
    for depth in set(depths.values()):
        for work in known.read_to(depth, [work for work in depths if depths[work] == depth]):
            del depths[work]
    return depths


def _notes(matches: Iterable[Match], known: KnownWorks) -> dict[str, tuple[str, str]]:
    """Return the works and bodies of the notes that were never saved here, by their ids.

    The id follows from what the file says, so that a note that two devices import is one, and
    stays one if its work is merged.
    """
    written = ((match, clean_text(match.item.note or "")) for match in matches)
    notes = {_note_id(m.item.title, body): (m.work, body) for m, body in written if body}
    saved = known.saved_notes(notes.keys()) if notes else set()
    return {id_: note for id_, note in notes.items() if id_ not in saved}


def _note_id(title: str, body: str) -> str:
    return hashlib.sha256(f"{title_key(title)}\n{body}".encode()).hexdigest()[:32]
