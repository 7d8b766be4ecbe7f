"""The journal: the reader's acts, as events that are never changed or deleted.

Everything about the reader follows from them; an undo is an event too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from papertui.core.text import valid_unicode
from papertui.errors import Refused

PASS = "pass"
CORRECTION = "correction"
NOTE = "note"
NOTE_REMOVED = "note-removed"
PRIVATE = "note-private"
SESSION_ENDED = "session-ended"
QUEUED = "queued"
UNQUEUED = "unqueued"
ASIDE = "aside"
TAGGED = "tagged"
STARRED = "starred"
ADDED = "work-added"
EDITED = "work-edited"
PLACED = "work-placed"
SECTION = "section-edited"
IMPORT = "import"
MERGED = "works-merged"
REST = "rest"
GOAL = "goal"
SCANNED = "scanned"
SEEN = "papers-seen"
SHARED = "shared"
RECALLED = "recalled"
CARD = "card"
MEMBER = "group-member"
PROMISED = "group-promise"
GROUP_NOTE = "group-note"
GROUP_LIST = "group-list"
UNDO = "undo"
REDO = "redo"

# Changes of whole lists, which take long.
LIST_KINDS = {IMPORT, MERGED, SECTION}
DEPTHS = (1, 2, 3)
# The year 9999, in microseconds.
MAX_AT = 253_402_300_799_000_000
EARLIEST = date(1950, 1, 1)
MAX_MINUTES = 100 * 60
MAX_SCANNED = 1000
MAX_MEMBER_NAME = 40
PARKED, DROPPED = "parked", "dropped"


class Change(NamedTuple):
    """One thing the reader does, before the journal has stamped it."""

    kind: str
    work: str | None
    data: Mapping[str, Any]


class Event(NamedTuple):
    """A change in the journal.

    `at` is a hybrid logical clock in microseconds: later than every event this
    device had seen. `wall` is the instant in UTC (ISO 8601) and `utc_offset`
    the reader's distance from it in minutes, for display. Events of one `act`
    are undone together.
    """

    id: str
    device: str
    seq: int
    at: int
    wall: str
    utc_offset: int
    act: str
    kind: str
    work: str | None
    data: Mapping[str, Any]

    @property
    def order(self) -> tuple[int, str, int, str]:
        """The place of the event in every journal that holds it."""
        return (self.at, self.device, self.seq, self.id)


def log_pass(
    work: str,
    depth: int,
    read_on: date | None,
    minutes: int | None = None,
    sittings: Iterable[tuple[date, int]] = (),
    session: Mapping[str, Any] | None = None,
) -> Change:
    """Log a pass, made before papertui if there is no `read_on`.

    `sittings` share the minutes out over the days they were read on; `session`
    is the session of the pass, so that an undo can bring it back.

    Raises Refused for a pass that is not 1, 2 or 3 and for minutes outside 1 to MAX_MINUTES.
    """
    if depth not in DEPTHS:
        raise Refused("A pass is 1, 2 or 3.")
    if minutes is not None and not 0 < minutes <= MAX_MINUTES:
        raise Refused("Minutes run from 1 to 6000.")
    data: dict[str, Any] = {"depth": depth, "read_on": read_on and read_on.isoformat()}
    if minutes is not None:
        data["minutes"] = minutes
    if shared := [[day.isoformat(), part] for day, part in sittings]:
        data["sittings"] = shared
    if session:
        data["session"] = dict(session)
    return Change(PASS, work, data)


def end_session(work: str, session: Mapping[str, Any]) -> Change:
    """End a session without logging its pass; it is kept, so that an undo can bring it back."""
    return Change(SESSION_ENDED, work, {"session": dict(session)})


def correct_reading(
    work: str, reading: str, depth: int, read_on: date | None, minutes: int | None
) -> Change:
    """Correct a logged pass of a work."""
    day = read_on and read_on.isoformat()
    data = {"reading": reading, "depth": depth, "read_on": day, "minutes": minutes}
    return Change(CORRECTION, work, data)


def remove_reading(work: str, reading: str) -> Change:
    """Take a logged pass out."""
    return Change(CORRECTION, work, {"reading": reading, "removed": True})


def rest(day: date, on: bool) -> Change:
    """Make the week that holds `day` a rest week, or take that back."""
    return Change(REST, None, {"day": day.isoformat(), "rest": on})


def set_goal(metric: str, target: int, since: date) -> Change:
    """Set a goal from the week of a day on; `goal_change` in goals.py checks its limits."""
    data = {"metric": metric, "target": target, "day": since.isoformat()}
    return Change(GOAL, None, data)


def save_note(
    work: str, note: str, body: str, bases: Iterable[str] = (), depth: int | None = None
) -> Change:
    """Save a version of a note that takes the place of the versions `bases`.

    All versions that the writer had seen are named, not only the last: if that is
    undone, this one still takes the place of those before it.
    """
    data = {"note": note, "body": valid_unicode(body), "bases": list(bases), "depth": depth}
    return Change(NOTE, work, data)


def remove_note(work: str, note: str, bases: Iterable[str] = ()) -> Change:
    """Take the versions `bases` of a note away, or all of it if none is named."""
    return Change(NOTE_REMOVED, work, {"note": note, "bases": list(bases)})


def keep_private(work: str, note: str, on: bool) -> Change:
    """Keep the versions of a note from other devices from now on, or no longer."""
    return Change(PRIVATE, work, {"note": note, "private": on})


def share(work: str, day: date) -> Change:
    """Mark a work as explained to somebody on a day."""
    return Change(SHARED, work, {"day": day.isoformat()})


def rate_card(
    work: str, card: str, day: date, rating: int, scheduling: Mapping[str, Any]
) -> Change:
    """Rate how well a card of a work was recalled on a day, from 1 (again) to 4 (easy).

    `scheduling` is all that the day on which it comes back follows from.
    """
    data = {"card": card, "day": day.isoformat(), "rating": rating, "fsrs": dict(scheduling)}
    return Change(RECALLED, work, data)


def switch_card(work: str, card: str, day: date, on: bool) -> Change:
    """Start a card of a work on a day, or stop it."""
    return Change(CARD, work, {"card": card, "day": day.isoformat(), "on": on})


def be_member(name: str) -> Change:
    """Take part in the reading group by a name, or leave it if that is empty.

    Raises Refused for a name that is longer than MAX_MEMBER_NAME.
    """
    if len(name) > MAX_MEMBER_NAME:
        raise Refused(f"A name in the group has at most {MAX_MEMBER_NAME} letters.")
    return Change(MEMBER, None, {"name": valid_unicode(name)})


def promise(work: str, day: date | None, on: bool = True) -> Change:
    """Promise the group to explain a work, on a day or some time, or take that back."""
    return Change(PROMISED, work, {"day": day and day.isoformat(), "on": on})


def show_note(work: str, note: str, body: str, depth: int | None, on: bool = True) -> Change:
    """Show a note to the group as it is now, or show it no longer."""
    data = {"note": note, "body": valid_unicode(body) if on else "", "depth": depth, "on": on}
    return Change(GROUP_NOTE, work, data)


def show_list(reading_list: Mapping[str, Any], on: bool = True) -> Change:
    """Offer a list, as `as_json` in parsed_list.py gives it, to the group, or no longer."""
    content = dict(reading_list)
    if not on:
        key = content.get("list", {}).get("key")
        content = {"title": content["title"], "list": {"key": key}}
    return Change(GROUP_LIST, None, {"list": content, "on": on})


def scan(day: date, titles: int) -> Change:
    """Count titles of new papers looked at on a day. Raises Refused for an absurd number."""
    if not 0 < titles <= MAX_SCANNED:
        raise Refused(f"Type a number of titles from 1 to {MAX_SCANNED}.")
    return Change(SCANNED, None, {"day": day.isoformat(), "count": titles})


def see_papers(
    day: date, seen: Iterable[str], dismissed: Iterable[str] = (), cleared: Iterable[str] = ()
) -> Change:
    """Note the new papers, by arXiv id, that were looked at on a day: one event for many.

    Those that are `dismissed` are not for the reader. These count as titles scanned; those
    `cleared` were not looked at and only do not come again.
    """
    data = {"day": day.isoformat(), "seen": list(seen), "dismissed": list(dismissed)}
    if cleared := list(cleared):
        data["cleared"] = cleared
    return Change(SEEN, None, data)


def add_work(work: str, fields: Mapping[str, Any]) -> Change:
    """Add a work of the reader's own; `fields` as in the catalogue."""
    return Change(ADDED, work, {"fields": dict(fields)})


def apply_import(
    reading_list: Mapping[str, Any],
    works: Mapping[str, Mapping[str, Any]],
    originals: Mapping[str, str],
    entries: Sequence[Mapping[str, Any]] = (),
    parsed: str = "",
) -> Change:
    """Put an imported list, as in the catalogue, into the place of its earlier version.

    `works` holds the fields of all its works that are not shipped, so that it
    needs no other import; `originals`, by citekey, what had to be repaired;
    `entries` the entries of a BibTeX file, as `BibEntry.as_json` gives them; `parsed` names what
    was in the file, so that it is known when it comes unchanged.
    """
    data: dict[str, Any] = {"list": dict(reading_list), "works": dict(works)}
    if originals:
        data["originals"] = dict(originals)
    if entries:
        data["bibtex"] = list(entries)
    if parsed:
        data["parsed"] = parsed
    return Change(IMPORT, None, data)


def merge_works(
    work: str, into: str, title: str = "", fields: Mapping[str, Any] | None = None
) -> Change:
    """Merge a work into another, which takes over its passes, notes and places.

    The title of the work is kept for the words of an undo. The other takes over those of its
    `fields` that it lacks, and is known by them.
    """
    data = {"into": into, "title": title, "fields": fields}
    return Change(MERGED, work, {name: value for name, value in data.items() if value})


def queue(work: str, rank: float, enters: bool = False, yields: bool = False) -> Change:
    """Put a work into the queue, or move it there: a lower `rank` is read sooner.

    The words of an undo say that it `enters`, or else that its place changed; they pass over
    one that only `yields` its place to another.
    """
    words = {"enters": enters, "yields": yields}
    return Change(QUEUED, work, {"rank": rank, **{name: on for name, on in words.items() if on}})


def unqueue(work: str) -> Change:
    """Take a work out of the queue."""
    return Change(UNQUEUED, work, {})


def park(work: str, until: date | None) -> Change:
    """Set a work aside until a day comes, or until the reader takes it up again."""
    return Change(ASIDE, work, {"state": PARKED, "until": until and until.isoformat()})


def drop(work: str, reason: str) -> Change:
    """Set a work aside for good, for a reason or for none."""
    return Change(ASIDE, work, {"state": DROPPED, "reason": valid_unicode(reason) or None})


def take_up(work: str) -> Change:
    """Take up again a work that was parked or dropped."""
    return Change(ASIDE, work, {"state": None})


def tag(work: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Change:
    """Give a work tags, take some away, or both; `parse_tags` in tags.py checks their form."""
    return Change(TAGGED, work, {"add": list(add), "remove": list(remove)})


def star(work: str, on: bool = True) -> Change:
    """Star a work, or no longer."""
    return Change(STARRED, work, {"on": on})


def complete_work(work: str, fields: Mapping[str, Any]) -> Change:
    """Replace all fields of a work of the reader's own, now that more is known of it."""
    return Change(ADDED, work, {"fields": dict(fields), "completes": True})


def edit_work(work: str, fields: Mapping[str, Any]) -> Change:
    """Edit fields of a work, as in the catalogue; None clears one.

    They hold whatever services and imports tell of the work before or afterwards.
    """
    return Change(EDITED, work, {"fields": dict(fields)})


def place_work(
    work: str,
    title: str,
    out: str | None = None,
    into: str | None = None,
    position: float = 0,
    name: str | None = None,
) -> Change:
    """Take a work out of a section of an own list, put it into one, or both.

    Sections are named by their paths. The title of the work and the `name` of the section
    that it leaves, or goes to, are kept for the words of an undo.
    """
    places = {"out": out, "into": into, "position": position if into else None}
    data = {**places, "title": title, "name": name}
    return Change(PLACED, work, {key: value for key, value in data.items() if value is not None})


def make_section(path: str, title: str, position: float) -> Change:
    """Make a section of an own list, or such a list, at a position among those beside it."""
    data = {"section": path, "title": title, "position": position, "made": True}
    return Change(SECTION, None, data)


def rename_section(path: str, title: str, before: str) -> Change:
    """Give a section of an own list, or the list, another title than the one `before`."""
    return Change(SECTION, None, {"section": path, "title": title, "before": before})


def move_section(path: str, position: float, title: str, to: str = "") -> Change:
    """Put a section of an own list, or the list, at another position among those beside it.

    The words of an undo name the one that goes `to` a place in words; others yield theirs to it.
    """
    data = {"section": path, "position": position, "name": title}
    return Change(SECTION, None, {**data, "to": to} if to else data)


def remove_section(path: str, title: str) -> Change:
    """Take a section of an own list, or the list, out of the library with all that is in it."""
    return Change(SECTION, None, {"section": path, "removed": True, "name": title})


def private_notes(events: Iterable[Event]) -> frozenset[str]:
    """Return the notes that are private after `events`, none of them undone."""
    private: dict[str, bool] = {}
    for event in sorted(events, key=lambda event: event.order):
        if event.kind == PRIVATE:
            private[str(event.data.get("note"))] = event.data.get("private") is True
    return frozenset(note for note, on in private.items() if on)


def undone_acts(events: Iterable[Event]) -> frozenset[str]:
    """Return the acts that are undone after every undo and redo among `events`."""
    undone: set[str] = set()
    for event in sorted(events, key=lambda event: event.order):
        if event.kind == UNDO:
            undone.add(str(event.data.get("act")))
        elif event.kind == REDO:
            undone.discard(str(event.data.get("act")))
    return frozenset(undone)


def redoable(events: Iterable[Event]) -> str | None:
    """Return the act that a redo brings back, from one device's latest events.

    Only acts undone since the device's last act that was neither undo nor redo
    can come back, the last undone first.
    """
    stack: list[str] = []
    for event in sorted(events, key=lambda event: event.order):
        if event.kind == UNDO:
            stack.append(str(event.data.get("act")))
        elif event.kind == REDO:
            stack = [act for act in stack if act != event.data.get("act")]
        else:
            stack.clear()
    return stack[-1] if stack else None
