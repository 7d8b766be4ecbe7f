"""A database brought back: from a copy, or from what a damaged file still holds."""

import itertools
import json
import os
import random
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal
from papertui.core.reading_session import Session
from papertui.core.replay import MAX_OFFSET
from papertui.storage.backups import BackupError, Backups
from papertui.storage.database import Busy, Damaged, DatabaseError
from papertui.storage.drafts import Draft
from papertui.storage.integrity import faults
from papertui.storage.restore import (
    Joined,
    Mended,
    bring_back,
    is_damaged,
    mend,
    readable,
    restore,
)
from papertui.storage.salvage import Salvaged, salvage
from papertui.storage.store import Store
from tests.support.drafts import draft_texts
from tests.support.endurance import examples
from tests.support.faults import PAGE, one_line, overwrite, papertui
from tests.support.fresh_database import fresh_database

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LONG = "A long note. " * 3000


def fill(database: Path, notes: int = 60) -> list[journal.Event]:
    """Make a database with events on many pages, a long note and a draft."""
    fresh_database(database)
    with Store(database) as store:
        for begin in range(0, notes, 20):
            numbers = range(begin, min(notes, begin + 20))
            store.record(
                *(journal.log_pass("he2015deep", 1 + n % 3, DAY, n + 1) for n in numbers),
                *(
                    journal.save_note("he2015deep", uuid4().hex, f"Note {n}: Łukasz 🌲 " * 20)
                    for n in numbers
                ),
            )
        store.record(journal.save_note("kingma2014adam", "long", LONG))
        store.drafts.save(Draft("d", "he2015deep", "n", (), "half a thought"))
        return store.events()


def events(database: Path) -> list[journal.Event]:
    with Store(database) as store:
        return store.events()


# ── restoring ────────────────────────────────────────────────────────────────


def test_a_copy_comes_back_and_what_was_there_is_kept(database: Path) -> None:
    first = fill(database, 3)
    backup = Backups(database).take(NOON)
    with Store(database) as store:
        store.record(journal.log_pass("kingma2014adam", 2, DAY))
        later, device = store.events(), store.device
    kept = restore(database, backup.path, NOON)
    assert kept is not None
    with Store(database) as store:
        assert store.events() == first
        assert store.device != device
        assert draft_texts(store) == ["half a thought"]
        store.record(journal.log_pass("kingma2014adam", 1, DAY))
    assert events(kept) == later
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert faults(database) == []


def test_restoring_can_be_taken_back_by_restoring(database: Path) -> None:
    fill(database, 3)
    backup = Backups(database).take(NOON)
    with Store(database) as store:
        store.record(journal.log_pass("kingma2014adam", 2, DAY))
        later = store.events()
    kept = restore(database, backup.path, NOON)
    assert kept is not None
    restore(database, kept, NOON)
    assert events(database) == later
    assert len(list(database.parent.glob("*.before-*"))) == 2


def test_nothing_is_restored_under_a_running_papertui(database: Path) -> None:
    fill(database, 3)
    backup = Backups(database).take(NOON)
    with Store(database) as store:
        before = database.read_bytes()
        with pytest.raises(Busy, match="leave it first"):
            restore(database, backup.path, NOON)
        assert database.read_bytes() == before
        store.record(journal.log_pass("kingma2014adam", 2, DAY))
    assert restore(database, backup.path, NOON) is not None


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda path: overwrite(path, 40 * PAGE, bytes(PAGE)),
            "a part of it cannot be read; SQLite: ",
        ),
        (lambda path: overwrite(path, 0, b"x" * 100), "its beginning cannot be read"),
        (lambda path: os.truncate(path, 50), "not a database"),
        (lambda path: path.unlink(), "No such file"),
        (lambda path: path.write_text("hello", encoding="utf-8"), "not a database"),
    ],
)
def test_no_bad_copy_takes_the_place_of_anything(
    database: Path, spoil: Callable[[Path], None], says: str
) -> None:
    before = fill(database, 3)
    backup = Backups(database).take(NOON)
    spoil(backup.path)
    with pytest.raises((BackupError, DatabaseError), match=says):
        restore(database, backup.path, NOON)
    assert events(database) == before
    assert not list(database.parent.glob("*.before-*"))
    assert not list(database.parent.glob(".mending-*"))


def test_the_journal_of_a_crash_is_not_played_into_the_copy(database: Path) -> None:
    first = fill(database, 3)
    backup = Backups(database).take(NOON)
    crashed = database.with_name("crashed")
    crashed.mkdir()
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("pragma cache_size = 1")
        other.execute("begin immediate")
        other.execute("update detail set fields = fields || ' '")
        for suffix in ("", "-journal"):
            shutil.copy(f"{database}{suffix}", crashed)
        assert (crashed / f"{database.name}-journal").stat().st_size > 512
    for suffix in ("", "-journal"):
        shutil.copy(crashed / f"{database.name}{suffix}", f"{database}{suffix}")
    kept = restore(database, backup.path, NOON)
    assert kept is not None
    assert events(database) == first
    assert faults(database) == []
    assert faults(kept) == []
    assert events(kept) == first


def test_the_command_prints_the_copies_and_brings_back_the_latest(database: Path) -> None:
    assert "no copies yet" in papertui("restore").stderr
    papertui("log", "he2015deep", "--pass", "2")
    papertui("backup")
    papertui("log", "kingma2014adam", "--pass", "2")
    (made,) = Backups(database).all()
    assert str(made.path) in papertui("restore").stdout
    assert len(events(database)) == 2
    result = papertui("restore", "latest")
    assert result.returncode == 0
    assert "kept as" in result.stderr
    assert len(events(database)) == 1
    assert "It holds 1 entry that the restored one has not" in result.stderr
    assert papertui(*result.stderr.split("to add that: papertui ")[1].split()).returncode == 0
    assert len(events(database)) == 2
    # A copy is known by its name.
    assert f"Restored {made.path}" in papertui("restore", made.path.name).stderr
    # Nothing is said where nothing is missing.
    papertui("backup", "--out", str(database.with_name("all.db")))
    assert "It holds" not in papertui("restore", str(database.with_name("all.db"))).stderr
    assert "not damaged" in one_line(papertui("restore", "--salvage"))
    assert "No such file" in one_line(papertui("restore", "nothing.db"))


# ── damage ───────────────────────────────────────────────────────────────────

DAMAGE: dict[str, Callable[[Path], None]] = {
    "garbage in the header": lambda path: overwrite(path, 0, b"\x07garbage" * 12),
    "the first byte changed": lambda path: overwrite(path, 0, b"T"),
    "a page size that is none": lambda path: overwrite(path, 16, b"\x03\x03"),
    "truncated to half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "truncated to 50 bytes": lambda path: os.truncate(path, 50),
    "truncated to nothing": lambda path: os.truncate(path, 0),
    "a page zeroed": lambda path: overwrite(path, 40 * PAGE, bytes(PAGE)),
    "the first page zeroed": lambda path: overwrite(path, 0, bytes(PAGE)),
    "a page overwritten": lambda path: overwrite(path, 30 * PAGE, random.Random(1).randbytes(PAGE)),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_database_is_mended_with_its_backup_and_what_it_holds(
    database: Path, damage: str
) -> None:
    older = fill(database)
    Backups(database).take(NOON)
    with Store(database) as store:
        store.record(journal.log_pass("kingma2014adam", 2, DAY))
        later = store.events()
    DAMAGE[damage](database)
    before = database.read_bytes() if database.exists() else None
    assert is_damaged(database)
    made = mend(database, readable(database), NOON)
    assert faults(database) == []
    found = events(database)
    assert found[: len(older)] == older
    assert made.events == len(found)
    if damage.startswith(("garbage", "the first", "a page size")):
        assert found == later
    with Store(database) as store:
        assert store.reading_log.work("he2015deep").depth == 3
        assert draft_texts(store) == ["half a thought"]
    if before:
        assert made.kept is not None
        assert made.kept.name.startswith(f"{database.name}.damaged-")
        assert made.kept.read_bytes() == before
        assert stat.S_IMODE(made.kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["garbage in the header", "the first page zeroed"])
def test_without_any_backup_the_whole_journal_is_read_from_the_pages(
    database: Path, damage: str
) -> None:
    before = fill(database)
    DAMAGE[damage](database)
    made = mend(database, readable(database), NOON)
    assert made.backup is None
    assert made.words == f"{len(before)} entries, all from the damaged file"
    assert events(database) == before


COMMANDS = itertools.cycle(
    [("list",), ("log", "he2015deep", "--pass", "1"), ("doctor", "--rebuild")]
)


@pytest.mark.parametrize(
    ("damage", "command"), [*zip([d for d in DAMAGE if d != "gone"], COMMANDS, strict=False)]
)
def test_no_command_writes_to_a_damaged_file(
    database: Path, damage: str, command: tuple[str, ...]
) -> None:
    fill(database)
    Backups(database).take(NOON)
    DAMAGE[damage](database)
    before = database.read_bytes()
    assert " restore" in one_line(papertui(*command))
    assert database.read_bytes() == before


def test_a_bad_backup_is_passed_over_for_an_older_one(database: Path) -> None:
    fill(database, 3)
    good = Backups(database).take(NOON.replace(hour=9))
    bad = Backups(database).take(NOON)
    overwrite(bad.path, 30 * PAGE, b"x" * PAGE)
    os.truncate(database, 0)
    assert mend(database, readable(database), NOON).backup == good


def test_a_missing_database_is_not_replaced_by_an_empty_one_in_silence(database: Path) -> None:
    fill(database, 3)
    Backups(database).take(NOON)
    database.unlink()
    with pytest.raises(Damaged, match="is gone"):
        Store(database)
    assert not database.exists()


def test_the_command_mends_too(database: Path) -> None:
    before = fill(database, 5)
    overwrite(database, 0, b"x" * 100)
    result = papertui("restore", "--salvage")
    assert result.returncode == 0, result.stderr
    assert f"Mended: {len(before)} entries" in result.stderr
    assert events(database) == before
    (kept,) = database.parent.glob("*.damaged-*")
    assert f"damaged  {kept}" in papertui("restore").stdout
    result = papertui("restore", "--salvage", str(kept))
    assert f"nothing was missing; the database has {len(before)} entries" in result.stderr
    with pytest.raises(BackupError, match=f"restore --salvage {kept}"):
        restore(database, kept, NOON)
    kept.write_text("hello", encoding="utf-8")
    with pytest.raises(BackupError, match="no entry of papertui"):
        bring_back(database, kept, NOON)


def test_a_text_that_became_a_note_is_no_draft_again(database: Path) -> None:
    with Store(database) as store:
        draft = Draft("d", "he2015deep", "n", (), "thought")
        store.drafts.save(draft)
        store.finish(["d"], *draft.changes(""), now=NOON)
    assert readable(database).drafts == {}


# ── adding what a file holds ─────────────────────────────────────────────────


def start_again(database: Path, damage: str) -> tuple[Path, list[journal.Event]]:
    """Start again after damage; return the damaged file and all entries there have been."""
    fill(database, 20)
    Backups(database).take(NOON)
    with Store(database) as store:
        store.record(journal.log_pass("kingma2014adam", 2, DAY), now=LATER)
        older = store.events()
    DAMAGE[damage](database)
    kept = mend(database, Salvaged({}, {}), LATER, from_scratch=True).kept
    assert kept is not None
    with Store(database) as store:
        store.set_setting("view", "mine")
        store.drafts.save(Draft("d", "he2015deep", "n", (), "another thought"))
        store.record(journal.log_pass("kingma2014adam", 3, DAY), now=LATER)
        return kept, older + store.events()


def state(database: Path) -> tuple[object, ...]:
    with Store(database) as store:
        return store.events(), sorted(draft_texts(store)), store.settings(), store.device


@pytest.mark.parametrize("damage", ["a page zeroed", "a page overwritten", "the first page zeroed"])
def test_what_a_damaged_file_and_its_copy_hold_is_added_and_nothing_is_lost(
    database: Path, damage: str
) -> None:
    kept, every = start_again(database, damage)
    before, spoilt = state(database), kept.read_bytes()
    joined = bring_back(database, kept, LATER)
    assert isinstance(joined, Joined)
    assert len(joined.added.events) == len(every) - 1
    assert joined.events == len(every)
    after = state(database)
    assert {event.id for event in events(database)} == {event.id for event in every}
    assert after[1] == ["another thought", "half a thought"]
    assert after[2:] == before[2:]
    with Store(database) as store:
        assert store.reading_log.work("he2015deep").depth == 3
        assert not store.unsearched()
    again = bring_back(database, kept, LATER)
    assert isinstance(again, Joined)
    assert not again.added
    assert state(database) == after
    assert kept.read_bytes() == spoilt


def test_what_a_file_holds_is_added_while_papertui_runs(database: Path) -> None:
    kept, every = start_again(database, "the first byte changed")
    with Store(database) as store:
        bring_back(database, kept, LATER)
        assert store.count() == len(every)
        store.record(journal.log_pass("kingma2014adam", 1, DAY))


@pytest.mark.parametrize("damage", ["the first byte changed", "gone"])
def test_a_file_mends_a_damaged_or_missing_database(database: Path, damage: str) -> None:
    kept, every = start_again(database, "a page zeroed")
    DAMAGE[damage](database)
    assert is_damaged(database)
    mended = bring_back(database, kept, LATER)
    assert isinstance(mended, Mended)
    assert str(kept) in mended.words
    # What the present database held is gone with it.
    wanted = {event.id for event in (every[:-1] if damage == "gone" else every)}
    assert {event.id for event in events(database)} == wanted


def test_a_text_that_became_a_note_since_is_no_draft_again(database: Path) -> None:
    kept, _ = start_again(database, "the first byte changed")
    with Store(database) as store:
        draft = Draft("e", "he2015deep", "n", (), "half a thought")
        store.finish(["e"], *draft.changes(""), now=LATER)
    joined = bring_back(database, kept, LATER)
    assert isinstance(joined, Joined)
    assert joined.added.drafts == {}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", ""),
        ("a thought of my own", ""),
        ("a thought of my own", "a thought of my own, and more"),
    ],
)
def test_a_session_that_was_logged_since_waits_again_only_for_a_text_that_is_in_no_note(
    database: Path, text: str, note: str
) -> None:
    session = Session(2).sit_down(DAY).read_for(1200)
    with Store(database) as store:
        store.drafts.save(Draft("d", "kingma2014adam", "n", (), text, session))
    kept = database.with_name("kept.db")
    kept.write_bytes(database.read_bytes())
    with Store(database) as store:
        made_in = {**session.as_json(), "note": "n"}
        noted = [journal.save_note("kingma2014adam", "n", note)] if note else []
        logged = journal.log_pass("kingma2014adam", 2, DAY, 20, (), made_in)
        store.finish(["d"], *noted, logged)
    joined = bring_back(database, kept, LATER)
    assert isinstance(joined, Joined)
    waits_for = [text] if text and not note else []
    assert [draft.body for draft in joined.added.drafts.values()] == waits_for


@pytest.mark.parametrize("note", ["a thought", "another text"])
def test_a_session_waits_no_more_once_a_file_says_that_it_was_logged(
    database: Path, note: str
) -> None:
    session = Session(2).sit_down(DAY).read_for(1200)
    with Store(database) as store:
        store.drafts.save(Draft("d", "kingma2014adam", "n", (), "a thought", session))
    kept = database.with_name("kept.db")
    with Store(database) as store:
        copy = database.read_bytes()
        made_in = {**session.as_json(), "note": "n"}
        noted = journal.save_note("kingma2014adam", "n", note)
        logged = journal.log_pass("kingma2014adam", 2, DAY, 20, (), made_in)
        store.finish(["d"], noted, logged)
    kept.write_bytes(database.read_bytes())
    database.write_bytes(copy)
    bring_back(database, kept, LATER)
    with Store(database) as store:
        assert store.reading_log.work("kingma2014adam").depth == 2
        # What no note has goes on waiting.
        assert [draft.body for draft in store.drafts.left()] == ["a thought"] * (
            note != "a thought"
        )


def test_no_value_that_cannot_be_read_is_added(database: Path) -> None:
    kept, every = start_again(database, "the first byte changed")
    content = kept.read_bytes()
    for old, new in ((b"T12:30:00.000", b"T99:99:99.999"), (b'"minutes": 7', b'"minutes": }')):
        assert old in content
        content = content.replace(old, new)
    kept.write_bytes(content)
    joined = bring_back(database, kept, LATER)
    assert not is_damaged(database)
    # Only the copy has the entry whose data are spoilt.
    assert joined.events == len(every)


# ── reading pages ────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    database = tmp_path_factory.mktemp("salvage") / "papertui.db"
    fill(database)
    return database.read_bytes()


def test_everything_is_found_in_a_whole_file(content: bytes) -> None:
    found = salvage(content)
    assert len(found.events) == 121
    assert [draft.body for draft in found.drafts.values()] == ["half a thought"]
    assert any(LONG in str(row[9]) for row in found.events.values())


@examples(60)
@given(st.data())
def test_rows_found_in_an_overwritten_file_are_true(content: bytes, data: st.DataObject) -> None:
    whole = salvage(content)
    pages = len(content) // PAGE
    holes = data.draw(st.sets(st.integers(0, pages - 1), min_size=1, max_size=20))
    spoilt = bytearray(content)
    for page in holes:
        spoilt[page * PAGE : (page + 1) * PAGE] = data.draw(
            st.sampled_from([bytes(PAGE), b"\xff" * PAGE, random.Random(page).randbytes(PAGE)])
        )
    cut = data.draw(st.integers(0, len(content)))
    found = salvage(bytes(spoilt[:cut]))
    assert found.events.items() <= whole.events.items()


@examples(20)
@given(st.integers(0, 1_000_000))
def test_rows_found_among_changed_bytes_can_be_read(content: bytes, seed: int) -> None:
    chance, spoilt = random.Random(seed), bytearray(content)
    for place in chance.sample(range(len(spoilt)), 2000):
        spoilt[place] = chance.randrange(256)
    for event in salvage(bytes(spoilt)).events.values():
        assert 0 <= event.at <= journal.MAX_AT
        assert abs(event.utc_offset) <= MAX_OFFSET
        datetime.fromisoformat(event.wall)
        json.loads(event.data)


@examples(200)
@given(st.binary(max_size=3 * PAGE), st.integers(0, 3))
def test_no_garbage_is_an_error(garbage: bytes, page: int) -> None:
    spoilt = bytearray(4 * PAGE)
    spoilt[page * PAGE : page * PAGE + len(garbage)] = garbage
    spoilt[100] = spoilt[PAGE] = 0x0D
    assert salvage(bytes(spoilt)).events == {}


def test_a_copy_can_be_restored_on_a_machine_without_a_data_folder(
    database: Path, tmp_path: Path
) -> None:
    fill(database)
    copy = Backups(database).take(NOON).path
    new = tmp_path / "new" / "data" / "papertui.db"
    assert restore(new, copy, NOON) is None
    with Store(new) as store:
        assert store.count()
