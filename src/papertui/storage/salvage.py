"""Events and drafts read from a damaged database, each page by itself.

The journal is append-only, so an event is right on whatever page it is found,
even on one that no table leads to any more.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from mmap import mmap
from typing import NamedTuple

from papertui.core.journal import NOTE
from papertui.core.reading_session import Session

Value = None | int | float | str | bytes
Row = tuple[Value, ...]

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
    """Events, in the columns of their table, and drafts; both by their ids."""

    events: Mapping[str, Row]
    drafts: Mapping[str, DraftRow]


def salvage(content: bytes | mmap) -> Salvaged:
    """Return every event and every draft that is still whole in `content`."""
    events: dict[str, Row] = {}
    drafts: dict[str, DraftRow] = {}
    for row in _rows(content):
        if _fits(row, _EVENT) and _is_json(row[9]):
            events[str(row[0])] = row
        elif draft := _draft(row):
            older = drafts.get(draft.id)
            if older is None or older.saved < draft.saved:
                drafts[draft.id] = draft
    bodies = {_note_of(row) for row in events.values()}
    return Salvaged(events, {id_: d for id_, d in drafts.items() if (d.note, d.body) not in bodies})


def _draft(row: Row) -> DraftRow | None:
    if not (_fits(row, _DRAFT) or _fits(row, _DRAFT_OF_A_SESSION)):
        return None
    id_, work, note, base, body, saved, session = (*row, None)[:7]
    try:
        datetime.fromisoformat(str(saved))
    except ValueError:
        return None
    session = str(session) if _is_session(session) else None
    base = None if base is None else str(base)
    return DraftRow(str(id_), str(work), str(note), base, str(body), str(saved), session)


def _note_of(event: Row) -> tuple[object, object]:
    data = json.loads(str(event[9]))
    if event[7] != NOTE or not isinstance(data, dict):
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
        Session.from_json(json.loads(str(value)))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return False
    return True


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
