"""Events as JSON, written and read back: papertui's own export, and the lines of a log."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from math import isfinite
from types import NoneType
from typing import Any, NamedTuple

from papertui.core import journal, replay, strict_json
from papertui.core.journal import Event
from papertui.core.strict_json import Fault, faults
from papertui.core.text import escaped, shorten
from papertui.errors import PapertuiError, Refused

FORMAT = 1


def document(
    events: Iterable[Event],
    works: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, str],
    moment: datetime,
) -> str:
    """Return the export of a journal as JSON, an event to a line."""
    head = {"exported": moment.isoformat(timespec="seconds"), "works": works, "settings": settings}
    parts = [f'"papertui": {FORMAT}', *(f"{_json(key)}: {_json(head[key])}" for key in head)]
    lines = ",\n".join(_json(_finite(event._asdict())) for event in events)
    return "{" + ",\n".join([*parts, f'"events": [\n{lines}\n]']) + "}\n"


def _finite(value: Any) -> Any:
    """Return `value` with None for numbers that no JSON can hold; a replay ignores them anyway."""
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def _json(value: Any) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))


MAX_LETTERS = 256_000_000
MAX_PARTS = 5_000_000
MAX_LEVELS = 20
_RANGES = {
    "seq": (0, 2**53),
    "at": (0, journal.MAX_AT),
    "utc_offset": (-replay.MAX_OFFSET, replay.MAX_OFFSET),
}


def _is_shallow(value: Any, levels: int = MAX_LEVELS) -> bool:
    if not isinstance(value, dict | list):
        return levels > 0
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(item, levels - 1) for item in inner)


def events(source: str) -> list[Event]:
    """Return the events in an export of papertui's own.

    Only their form is checked: a replay passes over events that make no sense.
    Raises Refused, which names the first fault, for anything else.
    """
    if len(source) > MAX_LETTERS or source.count("{") + source.count("[") > MAX_PARTS:
        raise Refused("This file is too large to be an export of papertui.")
    try:
        data = strict_json.parse(source.removeprefix("\ufeff"))
    except strict_json.Unsound as error:
        raise Refused(f"This is not an export of papertui: {error}.") from error
    if fault := next(_faults(data), None):
        raise Refused(f"This is not an export of papertui: {shorten(str(fault), 200)}.")
    return [Event(**fields) for fields in data["events"]]


def _faults(data: Any) -> Iterator[Fault]:
    # Only the first is asked for, so each check may rely on those before it.
    if not isinstance(data, dict) or "papertui" not in data:
        yield Fault("", "it lacks 'papertui'")
    elif data["papertui"] != FORMAT:
        yield Fault("papertui", f"this papertui reads format {FORMAT}; a newer one may read it")
    elif not isinstance(data.get("events"), list):
        yield Fault("events", "should be a list")
    else:
        for number, fields in enumerate(data["events"]):
            yield from _event_faults(fields, f"events[{number}]")


def _event_faults(fields: Any, place: str) -> Iterator[Fault]:
    # Only the first is asked for here too.
    if not _is_plain(fields):
        yield from faults(fields, Event, place)
    for name, (low, high) in _RANGES.items():
        if not low <= fields[name] <= high:
            yield Fault(f"{place}.{name}", f"should be a whole number from {low} to {high}")
    if not _is_shallow(fields["data"]):
        yield Fault(f"{place}.data", "is nested too deeply")
    try:
        replay.local_moment(Event(**fields))
    except (OverflowError, ValueError):
        yield Fault(f"{place}.wall", "should be a moment in UTC, such as 2026-11-14T20:30")


_FIELDS = frozenset(Event._fields)
_TYPES = (str, str, int, int, str, int, str, str, str, dict)
_TYPES_OF_NO_WORK = (*_TYPES[:-2], NoneType, dict)


def _is_plain(fields: Any) -> bool:
    """Return True for the form of nearly all events: a log has hundreds of thousands to check."""
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        return False
    values = [fields[name] for name in Event._fields]
    if (types := tuple(map(type, values))) != _TYPES and types != _TYPES_OF_NO_WORK:
        return False
    texts = [value for value in values if type(value) is str]
    together = "".join(texts)
    return all(texts) and together.isascii() and together.isprintable() and " " not in together


class StoredEvent(NamedTuple):
    """An event whose data are the text in JSON that is stored of them."""

    id: str
    device: str
    seq: int
    at: int
    wall: str
    utc_offset: int
    act: str
    kind: str
    work: str | None
    data: str


# A line holds its event as JSON, and the digest of that text: {"event": {…}, "sha256": "…"}
_LINE = re.compile(rb'\{"event": (\{.*\}), "sha256": "([0-9a-f]{64})"\}\Z', re.DOTALL)
_WORD = r'"([!#-\[\]-~]+)"'
_PLAIN = re.compile(
    rf'\{{"id": {_WORD}, "device": {_WORD}, "seq": (\d{{1,15}}), "at": (\d{{1,17}}),'
    r' "wall": "([12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00)",'
    rf' "utc_offset": (-?\d{{1,4}}), "act": {_WORD}, "kind": {_WORD},'
    rf' "work": (?:null|{_WORD}), "data": (\{{.*\}})\}}',
    re.ASCII,
)
_CONFLICT_MARKS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


class Unreadable(PapertuiError):
    """The reason why a line of a log is no event, in words for a reader."""


def stored(event: Event) -> StoredEvent:
    """Return an event as it is stored."""
    return StoredEvent(*event[:-1], _json(dict(event.data)))


def line(event: Event) -> bytes:
    """Return an event as a line of a log, with the line feed at its end."""
    text = _json(_finite(event._asdict())).encode()
    return b'{"event": %s, "sha256": "%s"}\n' % (text, sha256(text).hexdigest().encode())


def parse_line(source: bytes) -> StoredEvent:
    """Return the event in a line of a log. Raises Unreadable if there is none, or if it changed."""
    if (match := _LINE.match(source.rstrip(b"\r\n"))) is None:
        is_mark = source.startswith(_CONFLICT_MARKS)
        raise Unreadable("a mark of a merge" if is_mark else "no whole event")
    encoded, digest = match.groups()
    if sha256(encoded).hexdigest().encode() != digest:
        raise Unreadable("an event that does not fit its checksum")
    if (parts := encoded.count(b"{") + encoded.count(b"[")) > MAX_PARTS:
        raise Unreadable("an event that is too large")
    try:
        text = encoded.decode()
        return (parts <= MAX_LEVELS and _plain_event(text)) or _any_event(text)
    except (UnicodeDecodeError, strict_json.Unsound):
        raise Unreadable("an event that is not JSON") from None


def _plain_event(text: str) -> StoredEvent | None:
    """Return the event in JSON that has the form of nearly all: a log has hundreds of thousands.

    Its data are stored as they stand. Return None if it has another form, or makes no sense.
    """
    if (match := _PLAIN.fullmatch(text)) is None or not text.isprintable():
        return None
    id_, device, seq, at, wall, offset, act, kind, work, data = match.groups()
    try:
        strict_json.parse(data)
        datetime.fromisoformat(wall)
    except (strict_json.Unsound, ValueError):
        return None
    if abs(int(offset)) > replay.MAX_OFFSET:
        return None
    return StoredEvent(id_, device, int(seq), int(at), wall, int(offset), act, kind, work, data)


def _any_event(text: str) -> StoredEvent:
    """Return the event in JSON of any form. Raises Unreadable and Unsound."""
    if fault := next(_event_faults(fields := strict_json.parse(text), "event"), None):
        raise Unreadable(f"an event that cannot be used: {shorten(str(fault), 100)}")
    return StoredEvent(**{**fields, "data": _json(fields["data"])})
