"""Events and drafts of a damaged database.

Of a file that SQLite cannot read, each page is read by itself. The journal is
append-only, so an event is right on whatever page it is found, even on one that no
table leads to any more. Of a file that SQLite calls whole, each row is repaired.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from mmap import mmap
from typing import NamedTuple
from uuid import uuid4

from papertui.core.journal import DEPTHS, MAX_AT, NOTE
from papertui.core.journal_file import StoredEvent
from papertui.core.reading_session import Session
from papertui.core.replay import MAX_OFFSET
from papertui.core.text import quantity

Value = None | int | float | str | bytes
Row = tuple[Value, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAGIC = b"SQLite format 3\x00"
_DEFAULT_PAGE_SIZE = 4096
_LEAF = 0x0D
_MAX_COLUMNS = 64
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
# t is text, i a whole number, a capital letter may also be missing.
_EVENT = "ttiitittTt"
_DRAFT = "tttTtt"
_DRAFT_OF_A_SESSION = "tttTttTT"


class DraftRow(NamedTuple):
    """The columns of the table of drafts that can be used again."""

    id: str
    work: str
    note: str
    base: str | None
    body: str
    saved: str
    session: str | None


@dataclass(frozen=True, slots=True)
class Salvaged:
    """Events, drafts and settings, by their ids and keys."""

    events: Mapping[str, StoredEvent]
    drafts: Mapping[str, DraftRow]
    settings: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return True if there are events or drafts."""
        return bool(self.events or self.drafts)

    @property
    def words(self) -> str:
        """The numbers of events and drafts."""
        entries = quantity(len(self.events), "entry", "entries")
        texts = f"{quantity(len(self.drafts), 'text')} being typed" if self.drafts else ""
        return ", ".join(filter(None, (entries if self.events or not texts else "", texts)))


def salvage(content: bytes | mmap) -> Salvaged:
    """Return every event and every draft that is still whole in `content`."""
    events: dict[str, StoredEvent] = {}
    drafts: dict[str, DraftRow] = {}
    for row in _rows(content):
        if _fits(row, _EVENT) and (event := _repaired_event(row)):
            events[event.id] = event
        elif draft := _draft(row):
            older = drafts.get(draft.id)
            if older is None or older.saved < draft.saved:
                drafts[draft.id] = draft
    return Salvaged(events, _unsaved(drafts.values(), events))


def repair(events: Iterable[Row], drafts: Iterable[Row], settings: Iterable[Row]) -> Salvaged:
    """Return all that can be read of the rows of three tables; text that is no UTF-8 is bytes.

    An event is left out if its id, kind, work or data cannot be read, as nothing says
    what they were. The text of a draft is always kept.
    """
    whole_events = {event.id: event for event in map(_repaired_event, events) if event}
    whole_drafts = map(_repaired_draft, drafts)
    texts = {k: v for k, v in settings if isinstance(k, str) and isinstance(v, str)}
    return Salvaged(whole_events, _unsaved(whole_drafts, whole_events), texts)


def _unsaved(drafts: Iterable[DraftRow], events: Mapping[str, StoredEvent]) -> dict[str, DraftRow]:
    """Return the drafts whose text is not that of a note in the journal."""
    bodies = {_note_of(row) for row in events.values()}
    return {draft.id: draft for draft in drafts if (draft.note, draft.body) not in bodies}


def _repaired_event(row: Row) -> StoredEvent | None:
    id_, device, seq, at, wall, utc_offset, act, kind, work, data = row
    if not (_fits((id_, kind, work, data), "ttTt") and _is_json(data)):
        return None
    moment = _moment(wall)
    if not (isinstance(at, int) and 0 <= at <= MAX_AT):
        if moment is None:
            return None
        at = max(0, int(moment.replace(tzinfo=UTC).timestamp() * 1_000_000))
    if moment is None:
        wall = (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="milliseconds")
    return StoredEvent(
        str(id_),
        device if isinstance(device, str) else "salvaged",
        seq if isinstance(seq, int) and seq >= 0 else 0,
        at,
        str(wall),
        utc_offset if isinstance(utc_offset, int) and abs(utc_offset) <= MAX_OFFSET else 0,
        act if isinstance(act, str) else str(id_),
        str(kind),
        None if work is None else str(work),
        str(data),
    )


def _repaired_draft(row: Row) -> DraftRow:
    id_, work, note, base, body, saved, session = row
    return DraftRow(
        id_ if isinstance(id_, str) else uuid4().hex,
        _as_text(work),
        note if isinstance(note, str) else uuid4().hex,
        base if isinstance(base, str) else None,
        _as_text(body),
        str(saved) if _moment(saved) else _EPOCH.isoformat(timespec="milliseconds"),
        str(session) if _is_session(session) else None,
    )


def _as_text(value: Value) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _moment(value: Value) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _draft(row: Row) -> DraftRow | None:
    if not (_fits(row, _DRAFT) or _fits(row, _DRAFT_OF_A_SESSION)):
        return None
    id_, work, note, base, body, saved, session = (*row, None)[:7]
    if _moment(saved) is None:
        return None
    session = str(session) if _is_session(session) else None
    base = None if base is None else str(base)
    return DraftRow(str(id_), str(work), str(note), base, str(body), str(saved), session)


def _note_of(event: StoredEvent) -> tuple[object, object]:
    data = json.loads(event.data)
    if event.kind != NOTE or not isinstance(data, dict):
        return (None, None)
    return (data.get("note"), data.get("body"))


def _fits(row: Row, pattern: str) -> bool:
    kinds = {"t": str, "i": int}
    return len(row) == len(pattern) and all(
        isinstance(value, kinds[letter.lower()]) or (letter.isupper() and value is None)
        for value, letter in zip(row, pattern, strict=True)
    )


def _is_json(value: Value) -> bool:
    try:
        json.loads(str(value))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, str)


def _is_session(value: Value) -> bool:
    try:
        return Session.from_json(json.loads(str(value))).depth in DEPTHS
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return False


# ── pages, cells, records ────────────────────────────────────────────────────


def _rows(content: bytes | mmap) -> Iterator[Row]:
    size = _page_size(content)
    for start in range(0, len(content), size):
        page = content[start : start + size].ljust(size, b"\0")
        head = 0 if start else 100
        if page[head] != _LEAF:
            continue
        count = int.from_bytes(page[head + 3 : head + 5], "big")
        for number in range(min(count, size // 4)):
            pointer = head + 8 + 2 * number
            cell = int.from_bytes(page[pointer : pointer + 2], "big")
            try:
                yield _record(_payload(content, page, cell))
            except (IndexError, ValueError):
                continue


def _page_size(content: bytes | mmap) -> int:
    size = int.from_bytes(content[16:18], "big")
    if content[:16] != _MAGIC or size < 512 or size & (size - 1):
        return _DEFAULT_PAGE_SIZE
    return size


def _payload(content: bytes | mmap, page: bytes, cell: int) -> bytes:
    """Return the record in a cell, with the parts of it on overflow pages."""
    size = len(page)
    length, at = _varint(page, cell)
    _, at = _varint(page, at)
    if length > len(content):
        raise ValueError("longer than the file")
    here = _length_on_page(length, size)
    parts = [_taken(page, at, here)]
    missing = length - here
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    while missing > 0:
        start = (following - 1) * size
        if following < 1 or start >= len(content):
            raise ValueError("the record goes on nowhere")
        part = min(missing, size - 4)
        parts.append(_taken(content, start + 4, part))
        missing -= part
        following = int.from_bytes(content[start : start + 4], "big")
    return b"".join(parts)


def _length_on_page(length: int, size: int) -> int:
    if length <= size - 35:
        return length
    least = (size - 12) * 32 // 255 - 23
    most = least + (length - least) % (size - 4)
    return most if most <= size - 35 else least


def _record(payload: bytes) -> Row:
    end, at = _varint(payload, 0)
    types = []
    while at < end:
        kind, at = _varint(payload, at)
        types.append(kind)
    if at != end or not 0 < len(types) <= _MAX_COLUMNS:
        raise ValueError("no record")
    values = []
    for kind in types:
        value, at = _value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind in _INTEGERS:
        length = _INTEGERS[kind]
        return int.from_bytes(_taken(payload, at, length), "big", signed=True), at + length
    if kind >= 13 and kind % 2:
        length = (kind - 13) // 2
        return _taken(payload, at, length).decode(), at + length
    # Events and drafts have neither fractions nor blobs.
    raise ValueError("no value of an event or a draft")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for number in range(8):
        byte = data[at + number]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + number + 1
    return value << 8 | data[at + 8], at + 9


def _taken(data: bytes | mmap, at: int, length: int) -> bytes:
    part = data[at : at + length]
    if len(part) < length:
        raise ValueError("cut off")
    return part
