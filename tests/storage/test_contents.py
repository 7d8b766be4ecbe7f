"""Values that papertui cannot read in a database that SQLite calls whole."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.core.labels import Glyphs
from papertui.core.library_tree import Grouping, TreeQuery
from papertui.core.reading_session import Session
from papertui.errors import Refused
from papertui.exporters import bibtex, csv, markdown
from papertui.exporters.exported_work import exported_works
from papertui.pages.branch import section_details
from papertui.pages.group import board_details, board_page
from papertui.pages.progress_summary import summarise
from papertui.pages.work import work_details, work_page
from papertui.storage.backups import Backups
from papertui.storage.contents import content_flaws
from papertui.storage.database import Damaged, stored_values
from papertui.storage.drafts import Draft
from papertui.storage.integrity import TABLES, faults
from papertui.storage.restore import is_damaged, mend, readable
from papertui.storage.store import Store
from tests.conftest import TODAY
from tests.support.columns import columns, spoil_latest, unguarded
from tests.support.drafts import draft_texts
from tests.support.endurance import LONG, counted, report_count
from tests.support.faults import one_line, papertui
from tests.support.filled_database import fill, filled_database
from tests.support.raw_output import raw_output
from tests.support.terminal import Terminal

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BREAKS = {
    "a byte": "cast(substr(cast({} as blob), 1, 3) || x'ff' as text)",
    "a blob": "x'ff00'",
    "a text": "'odd'",
    "nothing": "null",
    **({"a number": "7", "a fraction": "7.5"} if LONG else {}),
}
# What cannot be made again; the others follow from these.
OWN_TABLES = ("event", "draft", "setting", "_sqlite_migrations")


def read_everything(database: Path) -> None:
    """Read all that the app and the commands read."""
    with stored_values(database), Store(database) as store:
        store.events()
        for grouping in Grouping:
            branches = store.tree.branches(TreeQuery(TODAY, grouping))
            store.tree.leaves(TreeQuery(TODAY, grouping), [branch.id for branch in branches])
            for branch in branches:
                assert isinstance(branch.tally, str)
                if branch.list and grouping is Grouping.LISTS:
                    section_details(store, branch, TODAY)
        exported = exported_works(store, TODAY)
        for work in exported:
            markdown.dumps(work)
            work_page(work_details(store, work.work.citekey, TODAY), 80, Glyphs())
        csv.dumps(exported)
        bibtex.dumps(each.work for each in exported)
        summarise(store, Config(), TODAY)
        store.up_next.next(TODAY)
        for draft in store.drafts.left():
            datetime.fromisoformat(draft.saved)
        store.search.find("deep learning", TreeQuery(TODAY))
        store.names.named("resnet")
        store.settings()
        fetched = store.new_papers.fetched()
        store.new_papers.looked_at([paper.arxiv_id for paper in fetched])
        store.reading_log.seen()
        store.new_papers.sitting()
        store.recall.due(TODAY + timedelta(days=90), 20)
        store.recall.counts(TODAY)
        board_page(board_details(store, Config(), TODAY, "deep-learning-papers"), 80)
        store.sync_state.marks()
        store.record(journal.scan(TODAY, 1))
        store.undo(store.last_act())
        store.rebuild()


def state(database: Path) -> tuple[set[str], set[str], dict[str, str]]:
    """Return the ids of the events, the texts of the drafts, the settings."""
    with Store(database) as store:
        ids = {event.id for event in store.events()}
        return ids, {draft.body for draft in store.drafts.waiting()}, store.settings()


@counted
@pytest.mark.parametrize("table", [*TABLES, "_sqlite_migrations"])
def test_a_value_that_cannot_be_read_is_damage_and_nothing_else_is_lost(
    database: Path, table: str
) -> None:
    filled_database(database)
    with Store(database) as store:
        session = Session(2).sit_down(TODAY).read_for(600)
        store.drafts.save(Draft("s", "resnet", "k", (), "under way", session))
    events, drafts, settings = state(database)
    whole = database.read_bytes()
    broken = mended = 0
    for number, column in enumerate(column for of, column in columns() if of == table):
        # Each column is broken in every way at full length, else in every fourth one.
        breaks = list(BREAKS.items())[0 if LONG else number % 4 :: 1 if LONG else 4]
        for name, value in breaks:
            database.write_bytes(whole)
            if not spoil_latest(database, table, column, value.format(column)):
                continue
            assert faults(database) == []
            broken += 1
            flaws = list(content_flaws(database))
            try:
                read_everything(database)
            except Damaged:
                assert flaws, (column, name)
            except Refused:
                # Another act is the latest one, another work is meant: nothing that broke.
                pass
            # Every break is mended at full length; else one of each column, or of each table.
            is_mended = LONG or not mended or (table in OWN_TABLES and (name, value) == breaks[0])
            if not (flaws and is_mended):
                continue
            mended += 1
            database.write_bytes(whole)
            spoil_latest(database, table, column, value.format(column))
            assert is_damaged(database)
            mend(database, readable(database), NOON)
            assert list(content_flaws(database)) == [], (column, name)
            now_events, now_drafts, now_settings = state(database)
            lost = (events - now_events, drafts - now_drafts, settings.keys() - now_settings.keys())
            assert sum(map(len, lost)) <= 1, (column, name, lost)
            assert not (lost[0] and table != "event"), (column, name)
            assert not (lost[1] and (table, column) != ("draft", "body")), (column, name)
            assert not (lost[2] and table != "setting"), (column, name)
            read_everything(database)
    report_count(f"{broken} breaks of {table}, {mended} of them mended")


@pytest.mark.parametrize(
    "damage",
    [
        "update event set data = substr(data, 1, length(data) - 1)"
        " where at = (select max(at) from event)",
        "update setting set value = '{' where key = 'device'",
        "update draft set session = '{\"depth\": 9}'",
        "update event set wall = cast(x'ff' as text) where at = (select max(at) from event)",
    ],
)
def test_the_commands_and_the_app_meet_it_and_salvage_around_it(
    database: Path, damage: str
) -> None:
    fill(database)
    events, _, _ = state(database)
    with unguarded(database) as connection:
        connection.execute(damage)
    for command in (("next",), ("show", "he2015deep"), ("list",), ("undo",)):
        _, output = raw_output(*command)
        assert "Something broke" not in output
    assert "damaged: " in raw_output("doctor")[1]
    before = database.read_bytes()
    terminal = Terminal(database)
    try:
        if "event" in damage:
            terminal.wait_for("? help")
            terminal.type("u")
        terminal.wait_for("needs mending")
        # A start meets it before anything is written.
        assert "device" not in damage or database.read_bytes() == before
        terminal.type("q")
        assert terminal.wait_for_exit() == 1
    finally:
        terminal.end()
    result = papertui("restore", "--salvage")
    assert result.returncode == 0, result.stderr
    assert len(events - state(database)[0]) <= 1
    assert "not damaged" in one_line(papertui("restore", "--salvage"))


def test_every_table_is_checked_and_nothing_is_wrong_in_a_sound_one(database: Path) -> None:
    fill(database)
    assert {table for table, _ in columns()} == {*TABLES, "_sqlite_migrations"}
    assert list(content_flaws(database)) == []


def test_a_row_that_cannot_be_read_comes_from_the_copy(database: Path) -> None:
    fill(database)
    Backups(database).take(NOON)
    events, _, _ = state(database)
    spoil_latest(database, "event", "data", "x'ff'")
    assert mend(database, readable(database), NOON).backup is not None
    assert state(database)[0] == events


def test_a_copy_with_such_a_value_is_passed_over_and_not_restored(database: Path) -> None:
    fill(database)
    older = Backups(database).take(NOON)
    events, _, _ = state(database)
    spoil_latest(database, "event", "data", "'{'")
    newer = Backups(database).take(NOON)
    made = mend(database, readable(database), NOON)
    assert made.backup is not None
    assert made.backup.path == older.path != newer.path
    assert state(database)[0] == events
    assert "name another" in one_line(papertui("restore", str(newer.path)))


FOREIGN = "create trigger odd before insert on {} begin select raise(ignore); end"


@pytest.mark.parametrize("table", ["event", "draft", "reading", "setting"])
def test_a_foreign_trigger_is_found_before_anything_is_called_saved(
    database: Path, table: str
) -> None:
    fill(database)
    with Store(database) as store:
        before = store.events()
        with closing(sqlite3.connect(database)) as connection:
            connection.execute(FOREIGN.format(table))
        with pytest.raises(Damaged, match="the trigger odd"):
            store.record(journal.log_pass("he2015deep", 1, TODAY))
        # What is typed is saved in a file beside it.
        assert not store.drafts.save(Draft("x", "he2015deep", "n", (), "typed"))
        assert store.events() == before
    assert "the trigger odd" in raw_output("doctor")[1]
    assert "the trigger odd" in raw_output("log", "resnet", "--pass", "2")[1]
    mend(database, readable(database), NOON)
    with Store(database) as store:
        assert store.events() == before
        assert "typed" in draft_texts(store)
        store.record(journal.log_pass("he2015deep", 1, TODAY))


def test_a_trigger_on_a_table_of_the_readers_own_is_no_damage(database: Path) -> None:
    fill(database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("create table mine (a)")
        connection.execute(FOREIGN.format("mine"))
    Store(database).close()


def test_a_fault_of_papertuis_own_is_not_called_damage(database: Path) -> None:
    fill(database)
    with pytest.raises(ZeroDivisionError), stored_values(database):
        raise ZeroDivisionError


def test_an_id_in_the_database_never_becomes_a_path(database: Path) -> None:
    fill(database)
    for column in ("id", "owner"):
        spoil_latest(database, "draft", column, "'x/../../y'")
    with Store(database) as store:
        (draft,) = store.drafts.left()
        assert not store.drafts.busy_elsewhere(draft.work)
        assert store.drafts.save(draft)
        store.finish([draft.id], *draft.changes(""))
        assert store.drafts.waiting() == []


def test_an_event_is_repaired_where_its_other_columns_say_what_it_was(database: Path) -> None:
    fill(database)
    with Store(database) as store:
        latest = store.events()[-1]
    whole = database.read_bytes()
    for column in ("device", "seq", "at", "wall", "utc_offset", "act"):
        database.write_bytes(whole)
        spoil_latest(database, "event", column, "x'ff'")
        found = readable(database).events[latest.id]
        assert json.loads(str(found[9])) == latest.data, column
        assert all(isinstance(value, str | int) or value is None for value in found)
