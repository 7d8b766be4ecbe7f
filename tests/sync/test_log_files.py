import errno
import json
import os
import random
import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from papertui.core import journal, journal_file, strict_json
from papertui.core.journal import Change, Event
from papertui.errors import Refused
from papertui.storage.event_log import event_from
from papertui.storage.store import Store
from papertui.sync import log_files
from papertui.sync.log_files import LogReading, append
from tests.core.test_journal import changes

DAY = "2026-11-20T15:00:00.000+00:00"


def event(number: int, change: Change | None = None, device: str = "a", wall: str = DAY) -> Event:
    change = change or Change("a-kind", None, {"number": number})
    return Event(f"{device}{number}", device, number, number, wall, 0, f"act{number}", *change)


EVENTS = [event(number) for number in range(1, 6)]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    append(tmp_path, EVENTS)
    return tmp_path / "log"


def read(folder: Path, reading: LogReading | None = None) -> list[Event]:
    return [*map(event_from, (reading or LogReading(folder.parent, {})).events())]


@given(change=changes, at=st.integers(0, journal.MAX_AT))
def test_an_event_comes_back_from_its_line(change: Change, at: int) -> None:
    written = event(1, change)._replace(at=at)
    line = journal_file.line(written)
    assert line.count(b"\n") == 1
    assert event_from(journal_file.parse_line(line)) == written
    assert event_from(journal_file.parse_line(line.replace(b"\n", b"\r\n"))) == written
    assert journal_file.parse_line(line) == journal_file.stored(written)


def signed(text: str) -> bytes:
    """Return a line of anybody's making, which fits its checksum."""
    source = text.encode()
    return b'{"event": %s, "sha256": "%s"}' % (source, sha256(source).hexdigest().encode())


@given(
    change=changes,
    old=st.sampled_from([*'"{}[]:,.+-0123456789 TZ', "null", '"data": {', '"seq": 1']),
    new=st.sampled_from(
        ["", *'"\\{}[]:,.-09 \r\t\x1b\u202e²', "null", "1e999", "NaN", "9" * 18, '"a": 1, "a": 2']
    ),
    which=st.integers(0, 40),
)
def test_an_event_is_the_same_however_its_json_is_spaced(
    change: Change, old: str, new: str, which: int
) -> None:
    parts = journal_file.line(event(1, change))[10:-80].decode().split(old)
    which %= len(parts)
    text = old.join(parts[:which]) + new + old.join(parts[which:])
    assume(text.startswith("{") and text.endswith("}"))
    try:
        strict_json.parse(text)
    except strict_json.Unsound:
        with pytest.raises(journal_file.Unreadable):
            journal_file.parse_line(signed(text))
        return
    spaced = json.dumps(json.loads(text), indent=0).replace("\n", " ")
    try:
        found = journal_file.parse_line(signed(text))
    except journal_file.Unreadable as reason:
        with pytest.raises(journal_file.Unreadable, match=re.escape(str(reason))):
            journal_file.parse_line(signed(spaced))
    else:
        assert found.data.isprintable()
        assert event_from(found) == event_from(journal_file.parse_line(signed(spaced)))


@given(change=changes, place=st.integers(0), byte=st.integers(0, 255))
def test_a_line_in_which_a_byte_was_changed_is_no_event(
    change: Change, place: int, byte: int
) -> None:
    line = bytearray(journal_file.line(event(1, change)).rstrip())
    place %= len(line)
    before, line[place] = line[place], byte
    if byte != before:
        with pytest.raises(journal_file.Unreadable):
            journal_file.parse_line(bytes(line))


@given(source=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_line_ends_a_reading(source: bytes) -> None:
    with pytest.raises(journal_file.Unreadable):
        journal_file.parse_line(source)


def test_a_kind_of_a_newer_papertui_with_fields_unknown_here_is_kept(log: Path) -> None:
    assert read(log) == EVENTS


def test_an_event_of_megabytes_is_one_line(tmp_path: Path) -> None:
    large = event(1, Change(journal.IMPORT, None, {"list": ["x" * 1000] * 5000}))
    append(tmp_path, [large])
    assert read(tmp_path / "log") == [large]


def test_each_month_has_a_file_and_an_earlier_one_is_never_written_again(tmp_path: Path) -> None:
    append(tmp_path, [event(1, wall="2026-10-31T23:59:00+00:00"), event(2)])
    october = tmp_path / "log/a/2026-10.jsonl"
    before = october.stat()
    append(tmp_path, [event(3)])
    assert [path.name for path in sorted(october.parent.iterdir())] == [
        "2026-10.jsonl",
        "2026-11.jsonl",
    ]
    assert october.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    "noise",
    [
        b"nonsense\n",
        b"\n",
        b"<<<<<<< HEAD\n=======\n>>>>>>> theirs\n",
        b"\x00\xff\x1b[2J\n",
        b'{"event": {}, "sha256": "' + b"0" * 64 + b'"}\n',
        journal_file.line(EVENTS[0])[:40] + b"\n",
        journal_file.line(event(9, device="b")),
        journal_file.line(EVENTS[0]) * 3,
        b"x" * 1_000_000 + b"\n",
    ],
)
def test_lines_that_are_no_events_are_skipped_and_said(log: Path, noise: bytes) -> None:
    path = log / "a/2026-11.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([noise, *lines[:2], noise, *lines[2:], noise]))
    reading = LogReading(log.parent, {})
    assert list(dict.fromkeys(found.id for found in read(log, reading))) == [
        each.id for each in EVENTS
    ]
    skipped = sum(mark.skipped for mark in reading.marks.values())
    assert bool(skipped) == ("skipped" in "".join(reading.remarks))


def test_a_line_that_is_still_being_written_is_read_once_it_is_whole(log: Path) -> None:
    path, line = log / "a/2026-11.jsonl", journal_file.line(event(6))
    with path.open("ab") as file:
        file.write(line[:30])
    reading = LogReading(log.parent, {})
    assert read(log, reading) == EVENTS
    assert reading.remarks == []
    with path.open("ab") as file:
        file.write(line[30:])
    assert read(log, LogReading(log.parent, reading.marks)) == [event(6)]


def test_a_line_that_was_cut_off_is_completed_before_the_next(log: Path) -> None:
    path = log / "a/2026-11.jsonl"
    with path.open("ab") as file:
        file.write(b'{"event": {"id"')
    append(log.parent, [event(6)])
    assert read(log) == [*EVENTS, event(6)]


def test_only_what_is_new_is_read(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = LogReading(log.parent, {})
    read(log, reading)
    opened: list[str] = []
    open_file = log_files.open_file
    monkeypatch.setattr(
        log_files,
        "open_file",
        lambda *a: opened.append(a[1]) or open_file(*a),  # type: ignore[func-returns-value]
    )
    assert read(log, LogReading(log.parent, reading.marks)) == []
    assert opened == []
    append(log.parent, [event(6)])
    assert read(log, LogReading(log.parent, reading.marks)) == [event(6)]


@pytest.mark.parametrize("size", [0, 100, 400])
def test_a_shortened_file_is_said(log: Path, size: int) -> None:
    reading = LogReading(log.parent, {})
    read(log, reading)
    path = log / "a/2026-11.jsonl"
    path.write_bytes(path.read_bytes()[:size])
    again = LogReading(log.parent, reading.marks)
    read(log, again)
    assert "was shortened or changed; what was read of it stays here" in "".join(again.remarks)


def test_a_file_that_is_shortened_while_it_is_read_ends_the_reading(log: Path) -> None:
    append(log.parent, [event(number) for number in range(6, 1000)])
    events = LogReading(log.parent, {}).events()
    next(events)
    (log / "a/2026-11.jsonl").write_bytes(b"")
    assert 0 < len(list(events)) < 900


def test_a_file_that_fails_while_it_is_read_keeps_no_other_from_being_read(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(log.parent, [event(1, device="b")])
    lines = log_files._lines

    def fail(file: BinaryIO, size: int) -> Iterator[bytes]:
        yield from islice(lines(file, size), 1)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(log_files, "_lines", fail)
    reading = LogReading(log.parent, {})
    assert read(log, reading) == [EVENTS[0], event(1, device="b")]
    assert "were passed over" in reading.remarks[0]
    monkeypatch.undo()
    # No mark says that all of them were read.
    assert len(read(log, LogReading(log.parent, reading.marks))) == 6


def test_a_file_that_another_program_takes_away_meanwhile_ends_no_reading(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(log.parent, [event(6, wall="2026-10-31T23:59:00+00:00")])
    entries = log_files._entries

    def take_away(folder: Path) -> list[os.DirEntry[str]]:
        found = entries(folder)
        (log / "a/2026-11.jsonl").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(log_files, "_entries", take_away)
    assert read(log) == [event(6, wall="2026-10-31T23:59:00+00:00")]


def test_a_log_that_is_a_link_is_neither_read_nor_written(log: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "log").symlink_to(log)
    with pytest.raises(Refused, match="is a link"):
        read(place / "log")
    with pytest.raises(Refused, match="is a link"):
        append(place, [event(6)])
    assert read(log) == EVENTS


def test_however_many_files_were_changed_a_line_says_so(log: Path) -> None:
    append(log.parent, [event(n, wall=f"2026-{n:02d}-02T10:00:00+00:00") for n in range(1, 10)])
    reading = LogReading(log.parent, {})
    read(log, reading)
    for path in log.rglob("*.jsonl"):
        path.write_bytes(b"")
    again = LogReading(log.parent, reading.marks)
    read(log, again)
    (remark,) = again.remarks
    assert "and 9 more were shortened or changed" in remark


def test_a_file_that_is_gone_is_said_once(log: Path) -> None:
    reading = LogReading(log.parent, {})
    read(log, reading)
    (log / "a/2026-11.jsonl").unlink()
    again = LogReading(log.parent, reading.marks)
    read(log, again)
    assert again.remarks == ["a/2026-11.jsonl is gone; what was read of it stays here"]
    third = LogReading(log.parent, again.marks)
    read(log, third)
    assert third.remarks == []


@pytest.mark.parametrize(
    "name",
    [
        "2026-11.sync-conflict-20261120-150000-ABCDEFG.jsonl",
        "2026-11 (Desktop's conflicted copy 2026-11-20).jsonl",
        "2026-11 (1).jsonl",
        "2026-11~laptop.jsonl",
    ],
)
def test_copies_that_other_programs_make_of_a_conflict_are_read(log: Path, name: str) -> None:
    (log / "a/2026-11.jsonl").rename(log / "a" / name)
    assert read(log) == EVENTS


@pytest.mark.parametrize("name", [".stfolder", ".DS_Store", ".syncthing.2026-11.jsonl.tmp"])
def test_hidden_files_of_other_programs_are_nobodys_business(log: Path, name: str) -> None:
    (log / "a" / name).touch()
    (log / name).touch()
    reading = LogReading(log.parent, {})
    assert read(log, reading) == EVENTS
    assert reading.remarks == []


def test_links_pipes_and_odd_names_are_passed_over_and_said(log: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (tmp_path / "log/a/2026-11.jsonl").rename(outside)
    (log / "a/2026-10.jsonl").symlink_to(outside)
    os.mkfifo(log / "a/2026-09.jsonl")
    (log / "a/2026-08.jsonl").mkdir()
    (log / "a/notes.txt").touch()
    (log / "a/2026-07\x1b[2J.jsonl").touch()
    (log / "b").symlink_to(log / "a")
    (log / "c d").mkdir()
    reading = LogReading(log.parent, {})
    assert read(log, reading) == []
    assert "and 6 more were passed over" in reading.remarks[0]
    assert reading.remarks[0].isprintable()


def test_a_file_that_is_too_large_is_passed_over(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "MAX_BYTES", 100)
    reading = LogReading(log.parent, {})
    assert read(log, reading) == []
    assert reading.remarks == ["a/2026-11.jsonl was passed over"]


def test_a_line_that_is_too_long_is_skipped_in_parts(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (log / "a/2026-11.jsonl").open("ab") as file:
        file.write(b"x" * 5000 + b"\n")
    append(log.parent, [event(6)])
    monkeypatch.setattr(log_files, "MAX_LINE", 1000)
    assert read(log) == [*EVENTS, event(6)]


def test_more_files_than_anyone_has_are_refused(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "MAX_FILES", 1)
    append(log.parent, [event(1, device="b")])
    with pytest.raises(Refused, match="more than 1 files"):
        read(log)


def test_nothing_is_written_through_a_link(log: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.touch()
    (log / "a/2026-12.jsonl").symlink_to(outside)
    with pytest.raises(Refused, match="Cannot write"):
        append(log.parent, [event(6, wall="2026-12-01T10:00:00+00:00")])
    (log / "b").symlink_to(tmp_path)
    with pytest.raises(Refused, match="Cannot write"):
        append(log.parent, [event(1, device="b")])
    assert outside.read_bytes() == b""


@pytest.mark.parametrize("device", ["", "..", "a/b", "a b", "\x1b", "x" * 65, "é"])
def test_no_device_names_another_folder(device: str) -> None:
    assert not log_files.can_hold(device)


def test_what_is_done_after_the_last_moment_that_a_clock_can_have_is_read_by_others(
    store: Store,
) -> None:
    last = event(1, journal.star("he2015deep"))._replace(at=journal.MAX_AT)
    assert store.merge([last]) == 1
    store.record(journal.star("he2015deep", on=False))
    store.record(journal.star("kingma2014adam"), journal.star("he2015deep"))
    for own in store.events("device <> 'a'"):
        assert event_from(journal_file.parse_line(journal_file.line(own))) == own


def test_a_log_read_in_any_order_and_twice_is_one_journal(store: Store, log: Path) -> None:
    path = log / "a/2026-11.jsonl"
    lines = path.read_bytes().splitlines(keepends=True) * 2
    random.Random(1).shuffle(lines)
    path.write_bytes(b"".join(lines))
    assert store.merge(read(log)) == 5
    assert store.merge(read(log)) == 0
    assert store.events() == EVENTS
