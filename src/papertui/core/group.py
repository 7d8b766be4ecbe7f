"""The reading group: what members see of each other's journals, and nothing else of them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from papertui.core import journal
from papertui.core.catalog import work_faults
from papertui.core.journal import Event
from papertui.core.records import Note, Reading
from papertui.core.replay import replay_work
from papertui.core.text import safe_line, valid_unicode

# Undo and redo are shown too, of acts of these kinds.
KINDS = (
    journal.PASS,
    journal.CORRECTION,
    journal.SHARED,
    journal.MEMBER,
    journal.PROMISED,
    journal.GROUP_NOTE,
    journal.GROUP_LIST,
)
TURNS = (journal.UNDO, journal.REDO)
NO_GROUP = "You are in no reading group: papertui group join PLACE --name NAME."
TEXTS = (journal.GROUP_NOTE, journal.GROUP_LIST)
# Of a pass neither its minutes nor its session is shown.
_SHOWN = {
    journal.PASS: ("depth", "read_on"),
    journal.CORRECTION: ("reading", "depth", "read_on", "removed"),
    journal.SHARED: ("day",),
    journal.MEMBER: ("name",),
    journal.PROMISED: ("day", "on"),
    journal.GROUP_NOTE: ("note", "body", "depth", "on"),
    journal.GROUP_LIST: ("list", "on"),
    journal.UNDO: ("act",),
    journal.REDO: ("act",),
}
_ABOUT = ("title", "kind", "authors", "year", "arxiv", "doi")


class MemberWork(NamedTuple):
    """A member's record of a work: its passes, explanations and notes for the group.

    `about` are fields, as in the catalogue, by which other members know the work. A work that
    the member `promised` to explain, since its last explanation, is so on a day or some time.
    """

    about: Mapping[str, Any]
    readings: tuple[Reading, ...]
    explained: tuple[date, ...]
    notes: tuple[Note, ...]
    promised: bool
    promised_for: date | None


class OfferedList(NamedTuple):
    """A list that a member offers, as `as_json` in parsed_list.py gives it."""

    id: str
    title: str
    content: Mapping[str, Any]


class MemberRecord(NamedTuple):
    """What one member shows to the group."""

    works: tuple[MemberWork, ...]
    lists: tuple[OfferedList, ...]


def shown(event: Event, about: Mapping[str, Any] | None) -> Event | None:
    """Return an event as the group sees it, None if it does not concern the group.

    `about` are the fields of its work that the function of that name gives.
    """
    if event.kind not in _SHOWN:
        return None
    data = {name: event.data[name] for name in _SHOWN[event.kind] if name in event.data}
    if event.work and about:
        data["about"] = about
    return event._replace(data=data)


def texts_shown(events: Iterable[Event], private: Collection[str]) -> dict[str, Event]:
    """Return those events that say what the group sees now of notes and lists, by their ids.

    `events` are of the kinds TEXTS, none undone. Nothing is seen of notes that are `private`.
    """
    latest: dict[tuple[str, str], Event] = {}
    for event in sorted(events, key=lambda event: event.order):
        latest[event.kind, _name_of_text(event)] = event
    return {
        event.id: event
        for (kind, name), event in latest.items()
        if not (kind == journal.GROUP_NOTE and event.data.get("on") and name in private)
    }


def _name_of_text(event: Event) -> str:
    """Return the id of a note, the key of a list or its title; "" if the event makes no sense."""
    if event.kind == journal.GROUP_NOTE:
        return str(event.data.get("note"))
    if not isinstance(content := event.data.get("list"), dict):
        return ""
    reading_list = content.get("list")
    key = reading_list.get("key") if isinstance(reading_list, dict) else None
    return key if isinstance(key, str) and key else _title_of_list(content)


def _title_of_list(content: Mapping[str, Any]) -> str:
    return safe_line(str(content.get("title") or "")).strip()


def member_name(events: Iterable[Event]) -> str:
    """Return the name that events of one device's journal give the member, "" for none."""
    name = ""
    for event in _standing(events):
        if event.kind == journal.MEMBER:
            name = safe_line(str(event.data.get("name") or "")).strip()
    return name[: journal.MAX_MEMBER_NAME]


def replay_member(events: Iterable[Event]) -> MemberRecord:
    """Return what the events of one member's journals add up to; senseless ones are left out."""
    by_work: dict[str, list[Event]] = {}
    lists: dict[str, OfferedList] = {}
    for event in _standing(events):
        if event.work:
            by_work.setdefault(event.work, []).append(event)
        elif event.kind == journal.GROUP_LIST and (key := _name_of_text(event)):
            lists.pop(key, None)
            if event.data.get("on") and (title := _title_of_list(event.data["list"])):
                lists[key] = OfferedList(event.id, title, event.data["list"])
    works = (_member_work(events) for events in by_work.values())
    return MemberRecord(tuple(filter(None, works)), tuple(lists.values()))


def _standing(events: Iterable[Event]) -> list[Event]:
    events = sorted(events, key=lambda event: event.order)
    undone = journal.undone_acts(events)
    return [event for event in events if event.act not in undone]


def _member_work(events: list[Event]) -> MemberWork | None:
    about: Mapping[str, Any] | None = None
    promised, promised_for = False, None
    notes: dict[str, Note] = {}
    for event in events:
        data = event.data
        fields = data.get("about")
        if isinstance(fields, dict) and next(work_faults(fields), None) is None:
            about = fields
        try:
            if event.kind == journal.SHARED:
                promised = False
            elif event.kind == journal.PROMISED:
                promised_for = date.fromisoformat(data["day"]) if data.get("day") else None
                promised = bool(data["on"])
            elif event.kind == journal.GROUP_NOTE:
                notes.pop(str(data["note"]), None)
                if data["on"]:
                    notes[str(data["note"])] = _note(event)
        except (KeyError, TypeError, ValueError):
            continue
    if about is None:
        return None
    record = replay_work(event for event in events if event.kind not in _OWN)
    return MemberWork(
        about, record.readings, record.shared, tuple(notes.values()), promised, promised_for
    )


# A member's journal shows no notes of its own accord.
_OWN = (journal.NOTE, journal.NOTE_REMOVED)


def _note(event: Event) -> Note:
    data = event.data
    depth = data.get("depth") if data.get("depth") in journal.DEPTHS else None
    body = valid_unicode(str(data["body"]))
    return Note(str(data["note"]), event.id, depth, body, event.wall, event.utc_offset)


def about(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of a work's catalogue fields by which the group knows it."""
    return {name: fields[name] for name in _ABOUT if fields.get(name)}
