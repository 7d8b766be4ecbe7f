"""Replay: work records, habits, merges and imported lists from the journal's events.

The record of a work depends only on that work's events, so that the tables can
be written again work by work.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any

from papertui.core import journal
from papertui.core.bib_entry import BibEntry, entries_from
from papertui.core.catalog import ReadingList, Section, Work, work_faults
from papertui.core.goals import GOALS
from papertui.core.identifiers import is_arxiv_id
from papertui.core.identity import fuller, hashed_key
from papertui.core.journal import Event
from papertui.core.labels import local_time
from papertui.core.own_lists import ADDED_LIST, is_own, list_of
from papertui.core.records import (
    Goal,
    Habits,
    Note,
    Reading,
    SavedVersion,
    SeenPaper,
    Sittings,
    WorkRecord,
    moved_sittings,
)
from papertui.core.strict_json import Fault, build, faults
from papertui.core.text import fold, title_key, valid_unicode

MAX_OFFSET = 24 * 60


@dataclass(slots=True)
class _WorkState:
    readings: dict[str, Reading] = field(default_factory=dict)
    logged: dict[str, Reading] = field(default_factory=dict)
    heads: dict[str, Note] = field(default_factory=dict)
    versions: dict[str, SavedVersion] = field(default_factory=dict)
    rank: float | None = None
    aside: str | None = None
    until: date | None = None
    reason: str | None = None
    shared: list[date] = field(default_factory=list)
    added: Mapping[str, Any] | None = None
    added_at: int = 0
    edited: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    is_starred: bool = False

    def on_pass(self, event: Event) -> None:
        data = event.data
        depth, minutes = _depth(data["depth"]), _minutes(data.get("minutes"))
        read_on, sittings = _day(data["read_on"]), _sittings(data.get("sittings", ()))
        when = event.wall, event.utc_offset
        reading = Reading(event.id, depth, read_on, minutes, *when, sittings)
        self.readings[event.id] = self.logged[event.id] = reading
        self.rank = self.aside = self.until = self.reason = None

    def on_correction(self, event: Event) -> None:
        data = event.data
        if (old := self.readings.get(data["reading"])) is None:
            return
        if data.get("removed"):
            del self.readings[old.id]
            return
        logged = self.logged[old.id]
        read_on = _day(data["read_on"]) if "read_on" in data else old.read_on
        self.readings[old.id] = old._replace(
            depth=_depth(data.get("depth", old.depth)),
            read_on=read_on,
            minutes=_minutes(data.get("minutes", old.minutes)),
            sittings=moved_sittings(logged.sittings, logged.read_on, read_on),
        )

    def on_note(self, event: Event) -> None:
        data = event.data
        id_, body = str(data["note"]), valid_unicode(str(data["body"]))
        written_over = [*map(str, data.get("bases", ()))]
        bases = frozenset(written_over)
        if data.get("depth") is None:
            # An edit leaves the note on its pass.
            before = (
                self.versions[base].note for base in reversed(written_over) if base in self.versions
            )
            depth = next((each.depth for each in before if each.id == id_), None)
        else:
            depth = _depth(data["depth"])
        note = Note(id_, event.id, depth, body, event.wall, event.utc_offset)
        for base in bases:
            if (head := self.heads.get(base)) and head.id == note.id:
                del self.heads[base]
        self.heads[event.id] = note
        self.versions[event.id] = SavedVersion(note, bases, event.order)

    def notes(self) -> tuple[Note, ...]:
        """Return the notes in the order in which they were saved."""
        by_note: dict[str, list[Note]] = {}
        for head in self.heads.values():
            by_note.setdefault(head.id, []).append(head)
        if len(by_note) == len(self.heads):
            return tuple(self.heads.values())
        # Only a note that was written apart needs what joins its versions.
        from papertui.core.note_heads import joined

        return tuple(note for heads in by_note.values() for note in joined(heads, self.versions))

    def on_note_removed(self, event: Event) -> None:
        removed, bases = event.data["note"], event.data.get("bases")
        self.heads = {
            version: note
            for version, note in self.heads.items()
            if note.id != removed or (bases and version not in bases)
        }

    def on_queued(self, event: Event) -> None:
        rank = float(event.data["rank"])
        if not isfinite(rank):
            raise ValueError(rank)
        self.rank = rank

    def on_unqueued(self, _: Event) -> None:
        self.rank = None

    def on_aside(self, event: Event) -> None:
        state, until = event.data["state"], _day(event.data.get("until"))
        if state not in (None, journal.PARKED, journal.DROPPED):
            raise ValueError(state)
        reason = event.data.get("reason")
        self.aside, self.until = state, until
        self.reason = None if reason is None else valid_unicode(str(reason))

    def on_tagged(self, event: Event) -> None:
        # Only a journal with tags needs what checks them.
        from papertui.core.tags import is_tag

        added, removed = event.data.get("add", ()), event.data.get("remove", ())
        tags = {fold(tag): tag for tag in added if is_tag(tag)}
        gone = {fold(tag) for tag in removed if is_tag(tag)}
        self.tags = {key: tag for key, tag in self.tags.items() if key not in gone} | tags

    def on_starred(self, event: Event) -> None:
        self.is_starred = event.data["on"] is True

    def on_shared(self, event: Event) -> None:
        self.shared.append(_a_day(event.data["day"]))

    def on_added(self, event: Event) -> None:
        fields = dict(event.data["fields"])
        if next(work_faults(fields), None) is None:
            if not (self.added and event.data.get("completes")):
                self.added_at = self.added_at or event.at
            self.added = fields

    def on_placed(self, event: Event) -> None:
        if event.data.get("out") == ADDED_LIST:
            self.added_at = 0

    def on_edited(self, event: Event) -> None:
        # Only a journal with edits needs what checks them.
        from papertui.core.work_edits import is_sound

        fields = event.data["fields"].items()
        self.edited |= {name: value for name, value in fields if is_sound(name, value)}


_HANDLERS: dict[str, Callable[[_WorkState, Event], None]] = {
    journal.PASS: _WorkState.on_pass,
    journal.CORRECTION: _WorkState.on_correction,
    journal.NOTE: _WorkState.on_note,
    journal.NOTE_REMOVED: _WorkState.on_note_removed,
    journal.QUEUED: _WorkState.on_queued,
    journal.UNQUEUED: _WorkState.on_unqueued,
    journal.ASIDE: _WorkState.on_aside,
    journal.TAGGED: _WorkState.on_tagged,
    journal.STARRED: _WorkState.on_starred,
    journal.SHARED: _WorkState.on_shared,
    journal.ADDED: _WorkState.on_added,
    journal.EDITED: _WorkState.on_edited,
    journal.PLACED: _WorkState.on_placed,
}


def replay_work(events: Iterable[Event]) -> WorkRecord:
    """Return the record that one work's events, none of them undone, add up to.

    Unknown kinds of events and events with senseless data are passed over:
    another device may run a newer papertui.
    """
    state = _WorkState()
    for event in sorted(events, key=lambda event: event.order):
        if handler := _HANDLERS.get(event.kind):
            try:
                local_moment(event)
                handler(state, event)
            except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
                continue
    readings, notes = tuple(state.readings.values()), state.notes()
    place = (state.rank, state.aside, state.until, state.reason)
    of_work = state.added, state.added_at, state.edited
    tags = tuple(tag for _, tag in sorted(state.tags.items()))
    shared = tuple(state.shared)
    return WorkRecord(readings, notes, *place, shared, *of_work, tags, state.is_starred)


def replay_habits(events: Iterable[Event]) -> Habits:
    """Return what the events that belong to no work, none of them undone, add up to."""
    goals: dict[tuple[str, date], Goal] = {}
    rests: dict[date, bool] = {}
    scanned: dict[date, int] = {}
    for event in sorted(events, key=lambda event: event.order):
        data = event.data
        try:
            if event.kind == journal.GOAL:
                metric, since = valid_unicode(str(data["metric"])), _own_day(data, "since")
                least = GOALS[metric].least if metric in GOALS else 0
                goal = Goal(metric, _bounded(data["target"], least), since)
                goals.pop((metric, since), None)
                goals[metric, since] = goal
            elif event.kind == journal.REST:
                day, on = _own_day(data, "week"), bool(data["rest"])
                rests.pop(day, None)
                rests[day] = on
            elif event.kind == journal.SCANNED:
                day = _a_day(data["day"])
                scanned[day] = scanned.get(day, 0) + _bounded(data["count"])
        except (KeyError, OverflowError, TypeError, ValueError):
            continue
    return Habits(tuple(goals.values()), rests, scanned)


def replay_seen(events: Iterable[Event]) -> dict[str, SeenPaper]:
    """Return the papers looked at, by arXiv id, as events of any kinds, none undone, say it.

    A paper that was looked at on two devices counts once, for the first of its days. One that
    was cleared on one of them and looked at on the other was looked at.
    """
    papers: dict[str, SeenPaper] = {}
    for event in events:
        if event.kind != journal.SEEN:
            continue
        try:
            day, data = _a_day(event.data["day"]), event.data
            seen = [(id_, SeenPaper(day, False)) for id_ in data.get("seen", ())]
            seen += [(id_, SeenPaper(day, True)) for id_ in data.get("dismissed", ())]
            seen += [(id_, SeenPaper(day, False, True)) for id_ in data.get("cleared", ())]
        except (KeyError, TypeError, ValueError):
            continue
        for id_, paper in seen:
            if isinstance(id_, str) and is_arxiv_id(id_):
                papers[id_] = papers.get(id_, paper).joined(paper)
    return papers


def _own_day(data: Mapping[str, Any], first_day: str) -> date:
    """Return the day that a goal or a rest week was set for.

    Older events have the first day of a week, on whichever weekday it began, in the
    field `first_day`. The middle of that week is in the week that has most of its days,
    on whichever weekday weeks begin now.
    """
    if "day" in data:
        return _a_day(data["day"])
    return _a_day(data[first_day]) + timedelta(days=3)


def replay_merges(events: Iterable[Event], fixed: Collection[str] = ()) -> dict[str, str]:
    """Return the works merged into others, each with the work that it is part of now.

    `fixed` works are never merged into others, and no work into itself.
    """
    into: dict[str, str] = {}
    for event in sorted(events, key=lambda event: event.order):
        work, target = event.work, event.data.get("into")
        if event.kind == journal.MERGED and work and work not in fixed and isinstance(target, str):
            before = into.pop(work, None)
            if _merged_into(target, into) != work:
                into[work] = valid_unicode(target)
            elif before is not None:
                into[work] = before
    return {work: _merged_into(work, into) for work in into}


def _merged_into(work: str, into: Mapping[str, str]) -> str:
    while work in into:
        work = into[work]
    return work


def events_that_count(work: str, events: Sequence[Event]) -> list[Event]:
    """Return the events of a work, and those of works merged into it that count for the work."""
    by_work: dict[str, list[Event]] = {}
    for event in events:
        by_work.setdefault(event.work or "", []).append(event)
    own = by_work.pop(work, [])
    merged = [event for theirs in by_work.values() for event in _taken_over(own, theirs)]
    return sorted([*own, *merged], key=lambda event: event.order) if merged else own


_OF_ENTRY = (journal.ADDED, journal.EDITED, journal.PLACED)


def _taken_over(own: Sequence[Event], theirs: Sequence[Event]) -> Iterator[Event]:
    """Yield the events of a merged work that count for the one it was merged into.

    What brought, edited or placed it was about that entry alone. If the other had been acted on
    before, so was what set it aside or stopped its own card; its place in the queue counts if
    the other had none then, and if it was not set aside.
    """
    at = max((event.order for event in theirs if event.kind == journal.MERGED), default=None)
    before = [e for e in own if e.kind not in _OF_ENTRY and (at is None or e.order < at)]
    takes_place = not before or (
        replay_work(before).rank is None and replay_work(theirs).aside is None
    )
    for event in theirs:
        # The card of a work itself has no key.
        is_own_card = event.kind == journal.CARD and not event.data.get("card")
        if event.kind in _OF_ENTRY or (before and (event.kind == journal.ASIDE or is_own_card)):
            continue
        if takes_place or event.kind not in (journal.QUEUED, journal.UNQUEUED):
            yield event


def _depth(value: Any) -> int:
    if value not in journal.DEPTHS:
        raise ValueError(value)
    return int(value)


def _minutes(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or not 0 < value <= journal.MAX_MINUTES):
        raise ValueError(value)
    return value


def _sittings(value: Any) -> Sittings:
    days: dict[date, int] = {}
    for day, minutes in value:
        days[_a_day(day)] = days.get(_a_day(day), 0) + (_minutes(minutes) or 0)
    return tuple(days.items())


def _bounded(value: Any, least: int = 1) -> int:
    if not isinstance(value, int) or not least <= value <= journal.MAX_SCANNED:
        raise ValueError(value)
    return value


def _day(value: Any) -> date | None:
    return None if value is None else _a_day(value)


def _a_day(value: Any) -> date:
    day = date.fromisoformat(value)
    if day < journal.EARLIEST:
        raise ValueError(value)
    return day


def local_moment(event: Event) -> datetime:
    """Return the reader's local time of an event. Raises ValueError if it makes no sense."""
    if abs(event.utc_offset) > MAX_OFFSET:
        raise ValueError(event.utc_offset)
    return local_time(event.wall, event.utc_offset)


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A list, and the id of the import that brought its latest version."""

    event: str
    contents: ReadingList


@dataclass(frozen=True, slots=True)
class Imported:
    """Lists in the order of their first import, and the fields of their works by citekey.

    Works that only earlier versions had are among them. `entries` are the BibTeX entries by
    the key of the list that they came with.
    """

    lists: tuple[ImportedList, ...] = ()
    works: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entries: Mapping[str, Sequence[BibEntry]] = field(default_factory=dict)


def list_key(title: str) -> str:
    """Return the key of an imported list, which follows from its title."""
    return hashed_key(title_key(title) or title, "list")


def replay_imports(events: Iterable[Event]) -> Imported:
    """Return the lists and works of imports, none of them undone, each list in its latest version.

    If several lists describe a work, the one imported first is believed and the others
    fill gaps, but for what they tell more fully. Events with senseless data are passed over.
    """
    latest: dict[str, Event] = {}
    replaced: list[Event] = []
    for event in sorted(events, key=lambda event: event.order):
        if event.kind != journal.IMPORT or next(import_faults(event.data), None):
            continue
        key = event.data["list"]["key"]
        if key in latest:
            replaced.insert(0, latest[key])
        latest[key] = event
    works: dict[str, Mapping[str, Any]] = {}
    for event in latest.values():
        for citekey, fields in event.data["works"].items():
            works[citekey] = fuller(works[citekey], fields) if citekey in works else fields
    entries = {key: [*entries_from(e.data.get("bibtex"))] for key, e in latest.items()}
    for event in replaced:
        works = {**event.data["works"], **works}
        kept = entries[event.data["list"]["key"]]
        cited = {entry.work for entry in kept}
        gone = entries_from(event.data.get("bibtex"))
        kept += [entry for entry in gone if entry.work and entry.work not in cited]
    lists = (ImportedList(e.id, build(e.data["list"], ReadingList)) for e in latest.values())
    return Imported(tuple(lists), works, entries)


def import_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield every fault that makes an import's data unusable."""
    shapes = (("list", ReadingList), ("works", Mapping[str, Work]))
    try:
        found = [f for name, kind in shapes for f in faults(data.get(name), kind, name)]
        if not found:
            key = data["list"]["key"]
            if not is_own(key) or key != list_of(key):
                found.append(Fault("list.key", f"{key!r} is no key of an imported list"))
            found += _twins("list", build(data["list"], ReadingList).sections)
    except RecursionError:
        found = [Fault("list", "is nested too deeply")]
    yield from found


def _twins(place: str, sections: Iterable[Section]) -> Iterator[Fault]:
    """Yield the sections side by side that have the same title."""
    steps: set[str] = set()
    for section in sections:
        if section.step in steps:
            yield Fault(place, f"{section.title!r} is the title of two sections side by side")
        steps.add(section.step)
        yield from _twins(f"{place}.{section.step}", section.sections)
