import json
import sqlite3
import stat
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.core.identity import complete_new_work, parse_new_work
from papertui.core.journal import Change
from papertui.core.library_tree import TreeQuery
from papertui.core.reading_session import Session
from papertui.core.typed_entries import Before, parse_entry, parse_pass
from papertui.errors import Refused
from papertui.exporters.exported_work import exported_works
from papertui.pages.progress import progress_page
from papertui.pages.progress_summary import summarise
from papertui.pages.work import work_details
from papertui.storage import migrations
from papertui.storage.database import APPLICATION_ID, Busy, DatabaseError
from papertui.storage.drafts import Draft
from papertui.storage.edits import new_section, work_merge
from papertui.storage.store import Store
from tests.conftest import FRIDAY
from tests.support.drafts import draft_texts
from tests.support.parsed_lists import import_of

DAY = date(2026, 11, 20)
LISTS = TreeQuery(DAY)
ATTENTION = "vaswani2017attention"


def done(store: Store) -> dict[str, int]:
    return {branch.path: branch.done for branch in store.tree.sections() if branch.done}


def test_a_work_is_parked_until_its_day_wherever_it_is_shown(store: Store) -> None:
    store.record(journal.park(ATTENTION, DAY))
    for day, aside in ((DAY - timedelta(days=1), "parked"), (DAY, None)):
        (leaf,) = store.tree.of_works([ATTENTION], day)
        (exported,) = exported_works(store, day, [ATTENTION])
        assert leaf.aside == work_details(store, ATTENTION, day).record.aside == aside
        assert exported.status == (aside or "to read")


def test_a_pass_ticks_the_work_in_every_list(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, DAY))
    assert done(store) == {
        "deep-learning-papers": 1,
        "deep-learning-papers/NLP and Language Models": 1,
        "papers-to-read-later": 1,
        "papers-to-read-later/Classic papers": 1,
        "elicit-machine-learning": 1,
        "elicit-machine-learning/Fundamentals": 1,
        "elicit-machine-learning/Fundamentals/Transformers": 1,
    }


def test_a_first_pass_is_not_done(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 1, DAY))
    assert done(store) == {}


def test_a_work_twice_in_a_list_counts_once(store: Store) -> None:
    store.record(journal.log_pass("hao2024training", 2, DAY))
    assert done(store)["papers-to-read-later"] == 1


def test_dropped_and_unidentified_works_leave_the_denominator(store: Store) -> None:
    totals = {branch.path: branch.total for branch in store.tree.sections()}
    assert totals["papers-to-read-later"] == 49 - 2 - 5
    assert totals["papers-to-read-later/Privacy and sybil protection"] == 1
    store.record(journal.Change(journal.ASIDE, ATTENTION, {"state": "dropped"}))
    after = {branch.path: branch.total for branch in store.tree.sections()}
    assert after["papers-to-read-later"] == 41
    store.record(journal.log_pass("unidentified-peft", 2, DAY))
    assert "papers-to-read-later" not in done(store)


def test_undo_and_redo_survive_a_restart(database: Path) -> None:
    with Store(database) as store:
        store.record(journal.log_pass(ATTENTION, 2, DAY))
    with Store(database) as store:
        act = store.last_act()
        assert act.words == "second pass of Attention Is All You Need"
        store.undo(act)
        with pytest.raises(Refused, match=r"nothing to undo\.$"):
            store.last_act()
    with Store(database) as store:
        assert store.reading_log.work(ATTENTION).readings == ()
        store.redo()
        assert store.reading_log.work(ATTENTION).depth == 2


def test_equal_passes_are_told_apart_by_their_number(store: Store) -> None:
    passes = [journal.log_pass(ATTENTION, 1, DAY), journal.log_pass(ATTENTION, 1, None)] * 2
    words = [store.record(each).words for each in passes]
    first = "first pass of Attention Is All You Need"
    assert words == [first, first, f"{first}, number 2 that day", f"{first}, number 2"]
    assert [store.undo(store.last_act()).words for _ in passes] == words[::-1]
    assert [store.redo().words for _ in passes] == words
    store.record(journal.log_pass(ATTENTION, 2, DAY))
    assert store.last_act().words == "second pass of Attention Is All You Need"


def test_an_act_on_a_note_says_which_note_as_its_page_does(store: Store) -> None:
    of = "note on Attention Is All You Need"
    when, later = "Fri 20 Nov 2026, 15:00, second pass", "Fri 20 Nov 2026, 16:00"
    store.record(journal.save_note(ATTENTION, "other", "later"), now=FRIDAY + timedelta(hours=1))
    new = store.record(journal.save_note(ATTENTION, "n", "one", depth=2), now=FRIDAY)
    assert new.words == f"{of} ({when})"
    for change, words, saved in (
        (journal.keep_private(ATTENTION, "n", True), f"keeping a {of} private", when),
        (journal.remove_note(ATTENTION, "n"), f"removal of a {of}", when),
        (journal.remove_note(ATTENTION, "other"), f"removal of a {of}", later),
    ):
        assert store.record(change, now=FRIDAY + timedelta(days=2)).words == f"{words} ({saved})"
        assert store.undo(store.last_act()).words == f"{words} ({saved})"
    both = store.record(
        journal.log_pass(ATTENTION, 2, DAY), journal.save_note(ATTENTION, "p", "with it", depth=2)
    )
    assert both.words == "second pass of Attention Is All You Need, with its note"


@pytest.mark.parametrize(
    ("minutes", "by_day"),
    [(80, [50, 30]), (90, [50, 40]), (40, [25, 15]), (None, [0, 0])],
)
def test_corrected_minutes_stay_on_the_days_of_the_sittings(
    store: Store, minutes: int | None, by_day: list[int]
) -> None:
    days = DAY - timedelta(days=2), DAY
    sittings = list(zip(days, (50, 30), strict=True))
    store.record(journal.log_pass(ATTENTION, 2, DAY, 80, sittings))
    (reading,) = store.reading_log.work(ATTENTION).readings
    store.record(journal.correct_reading(ATTENTION, reading.id, 2, DAY, minutes))
    logged = store.reading_log.minutes()
    assert [logged.get(day, 0) for day in days] == by_day


def test_a_corrected_day_takes_along_only_what_was_read_on_the_last(store: Store) -> None:
    monday, wednesday, thursday, friday = (DAY - timedelta(days=ago) for ago in (4, 2, 1, 0))
    sittings = [(monday, 50), (wednesday, 30), (thursday, 20)]
    store.record(journal.log_pass(ATTENTION, 2, thursday, 100, sittings))
    (reading,) = store.reading_log.work(ATTENTION).readings
    for day, minutes in (
        (wednesday, {monday: 50, wednesday: 50}),
        (friday, {monday: 50, wednesday: 30, friday: 20}),
        (monday, {monday: 100}),
        (thursday, dict(sittings)),
    ):
        store.record(journal.correct_reading(ATTENTION, reading.id, 2, day, 100))
        assert store.reading_log.minutes() == minutes
        assert dict(store.reading_log.sittings_of(reading)) == minutes


def test_minutes_stay_on_the_day_of_their_sitting_if_the_last_one_had_none(store: Store) -> None:
    before = DAY - timedelta(days=1)
    store.record(journal.log_pass(ATTENTION, 1, DAY, 6, [(before, 6)]))
    assert store.reading_log.minutes() == {before: 6}
    (reading,) = store.reading_log.work(ATTENTION).readings
    store.record(journal.correct_reading(ATTENTION, reading.id, 1, DAY, 8))
    assert store.reading_log.minutes() == {before: 8}


def test_a_correction_says_which_pass_it_was_of_and_what_it_changed(store: Store) -> None:
    (logged,) = store.record(journal.log_pass(ATTENTION, 2, DAY)) and store.events()
    of = "of a pass of Attention Is All You Need"
    for change, words in (
        (
            journal.correct_reading(ATTENTION, logged.id, 2, DAY, 70),
            f"correction {of}: second pass, from no minutes to 1 h 10 min",
        ),
        (
            journal.correct_reading(ATTENTION, logged.id, 3, None, 70),
            f"correction {of}: from second pass, Fri 20 Nov 2026 to third pass, before papertui",
        ),
        (
            journal.remove_reading(ATTENTION, logged.id),
            f"removal {of}: third pass, before papertui",
        ),
    ):
        assert store.record(change).words == words
        assert store.undo(store.last_act()).words == words
        assert store.redo().words == words


def test_minutes_of_passes_before_papertui_are_in_the_sum_of_all(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 1, None, 25), journal.log_pass(ATTENTION, 2, DAY, 62))
    assert store.reading_log.total_minutes(DAY) == 87
    assert store.reading_log.total_minutes(DAY - timedelta(days=1)) == 25


def test_an_act_names_day_and_minutes_of_the_pass_that_it_logged(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, DAY, 62))
    act = store.last_act()
    assert act.parts_with_day.after == ", for Fri 20 Nov 2026, 1 h 2 min"


def test_acts_name_a_week_by_the_day_that_weeks_start_on(database: Path) -> None:
    with Store(database, week_start="sun") as store:
        store.record(journal.rest(date(2026, 11, 20), on=True))
        assert store.undo(store.last_act()).words == "rest week of Sun 15 Nov 2026"


def test_a_merge_is_named_by_both_titles(store: Store) -> None:
    new = parse_new_work("Adamant")
    store.record(journal.add_work(new.citekey, new.fields))
    store.record(work_merge(store, new.citekey, ATTENTION))
    words = "merging Adamant into Attention Is All You Need"
    assert store.undo(store.last_act()).words == words
    assert store.redo().words == words


@pytest.mark.parametrize("typed", [ATTENTION, ATTENTION.upper(), f"@{ATTENTION}"])
def test_a_citekey_that_is_typed_to_add_a_work_is_that_of_the_known_one(
    store: Store, typed: str
) -> None:
    assert store.works.known_as(parse_new_work(typed)) == ATTENTION


def test_a_work_that_was_merged_is_known_as_the_one_it_was_merged_into(store: Store) -> None:
    new = parse_new_work("2301.99999")
    store.record(journal.add_work(new.citekey, new.fields))
    assert store.works.known_as(new) == new.citekey
    store.record(work_merge(store, new.citekey, ATTENTION))
    assert store.works.known_as(new) == ATTENTION


@pytest.mark.parametrize("aside", [journal.drop("mine", "a double"), journal.park("mine", None)])
def test_a_double_that_was_set_aside_leaves_what_it_is_merged_into_as_it_was(
    store: Store, aside: Change
) -> None:
    store.record(journal.add_work("mine", {"title": "Mine", "kind": "paper"}))
    store.record(journal.queue("mine", 5.0), journal.tag("mine", ["boo"]))
    store.record(aside, journal.star(ATTENTION))
    store.record(work_merge(store, "mine", ATTENTION))
    record = store.reading_log.work(ATTENTION)
    assert (record.aside, record.rank, record.is_starred) == (None, None, True)
    assert [*record.tags] == ["boo"]
    store.undo(store.last_act())
    assert store.reading_log.work("mine").aside


def test_a_merge_leaves_a_works_own_place_in_the_queue_and_its_own_card(store: Store) -> None:
    store.record(journal.add_work("mine", {"title": "Mine", "kind": "paper"}))
    store.record(journal.log_pass(ATTENTION, 2, DAY))
    for rank, work in enumerate((ATTENTION, "he2015deep", "mine")):
        store.record(journal.queue(work, float(rank)))
    store.record(journal.switch_card("mine", "", DAY, on=False))
    asked = store.reading_log.cards_due(date(2100, 1, 1))
    store.record(work_merge(store, "mine", ATTENTION))
    assert [work for work, _ in store.reading_log.queue()] == [ATTENTION, "he2015deep"]
    assert store.reading_log.cards_due(date(2100, 1, 1)) == asked
    # One that is in no queue takes the place over, and one that was never acted on all.
    store.record(journal.add_work("yours", {"title": "Yours", "kind": "paper"}))
    store.record(journal.queue("yours", -1.0))
    store.record(work_merge(store, "yours", "kingma2014adam"))
    assert next(work for work, _ in store.reading_log.queue()) == "kingma2014adam"
    store.record(journal.queue("hu2021lora", 7.0))
    store.record(journal.unqueue("hu2021lora"))
    for work, into in (("ours", "hu2021lora"), ("hers", "dettmers2023qlora")):
        store.record(journal.add_work(work, {"title": work, "kind": "paper"}))
        store.record(journal.drop(work, "") if work == "hers" else journal.queue(work, 8.0))
        store.record(work_merge(store, work, into))
    assert [work for work, _ in store.reading_log.queue()][-1] == "hu2021lora"
    assert store.reading_log.work("dettmers2023qlora").aside == "dropped"
    store.record(journal.star("dettmers2023qlora"))
    assert store.reading_log.work("dettmers2023qlora").aside == "dropped"


def test_what_waits_on_a_merged_work_waits_on_the_one_it_was_merged_into(store: Store) -> None:
    def waits_on() -> set[str]:
        up_next = store.up_next.next(DAY)
        (draft,) = store.drafts.waiting()
        taken_up, _ = store.drafts.taken_up(draft.work, sessions=True)
        assert up_next and taken_up and not store.drafts.busy_elsewhere(draft.work)
        return {draft.work, up_next.work, taken_up.work}

    for work in ("mine", "theirs"):
        store.record(journal.add_work(work, {"title": work.title(), "kind": "paper"}))
    store.drafts.save(Draft("d", "mine", "n", (), "words", Session(2)))
    store.record(journal.merge_works("mine", "theirs"))
    assert waits_on() == {"theirs"}
    with pytest.raises(Refused, match="waits"):
        work_merge(store, "theirs", ATTENTION)
    store.record(journal.merge_works("theirs", ATTENTION))
    assert waits_on() == {ATTENTION}
    for _ in range(2):
        store.undo(store.last_act())
    assert waits_on() == {"mine"}


def test_a_session_that_an_undo_brings_back_is_open_in_no_papertui(store: Store) -> None:
    draft = Draft("d", ATTENTION, "n", (), "words", Session(1).sit_down(DAY).read_for(600))
    store.drafts.save(draft)
    act = store.finish(["d"], journal.log_pass(ATTENTION, 1, DAY, 10, (), draft.made_in))
    store.undo(act)
    with Store(store.path) as other:
        assert [each.work for each in other.drafts.left()] == [ATTENTION]
        assert not other.drafts.busy_elsewhere(ATTENTION)


def test_an_act_is_undone_as_a_whole(store: Store) -> None:
    store.record(*[journal.log_pass(work, 2, None) for work in (ATTENTION, "he2015deep")])
    act = store.last_act()
    assert act.words == "second pass of 2 works"
    store.undo(act)
    assert done(store) == {}


def test_a_new_act_ends_what_can_be_redone(store: Store) -> None:
    store.undo(store.record(journal.log_pass(ATTENTION, 2, DAY)))
    store.record(journal.log_pass("he2015deep", 1, DAY))
    with pytest.raises(Refused, match="nothing to redo"):
        store.redo()


@pytest.mark.parametrize("brought", ["added", "imported"])
@pytest.mark.parametrize(
    "acts",
    [
        [journal.log_pass("mine", 2, DAY)],
        [journal.save_note("mine", "n", "words")],
        [journal.queue("mine", 1.0)],
        [journal.drop("mine", "")],
        [journal.tag("mine", ["boo"])],
        [journal.star("mine")],
        [journal.share("mine", DAY)],
        [journal.edit_work("mine", {"title": "Yours"})],
        [],
    ],
    ids=lambda acts: acts[0].kind if acts else "draft",
)
def test_a_work_that_was_acted_on_outlasts_the_act_that_brought_it(
    store: Store, brought: str, acts: list[Change]
) -> None:
    work = {"title": "Mine", "kind": "paper"}
    imported = import_of("List", {"A": ["mine"]}, {"mine": work})
    act = store.record(journal.add_work("mine", work) if brought == "added" else imported)
    if acts:
        store.record(*acts)
    else:
        store.drafts.save(Draft("d", "mine", "n", (), "words", Session(2)))
    title = store.works.title("mine")
    for _ in range(2):
        undone = store.undo(act)
        assert "1 work that you acted on now in Unlisted" in undone.words
        assert [place.titles for place in store.works.places("mine")] == [("Unlisted",)]
        assert store.works.title("mine") == title
        store.rebuild()
        assert store.works.title("mine") == title
        store.redo()
        assert [place.titles for place in store.works.places("mine")] != [("Unlisted",)]


@pytest.mark.parametrize("brought", ["added", "imported"])
def test_a_work_that_is_acted_on_after_what_brought_it_was_undone_is_back(
    store: Store, brought: str
) -> None:
    work = {"title": "Mine", "kind": "paper"}
    imported = import_of("List", {"A": ["mine"]}, {"mine": work})
    store.undo(store.record(journal.add_work("mine", work) if brought == "added" else imported))
    assert store.works.work("mine") is None
    noted = store.record(journal.save_note("mine", "n", "words"))
    assert [place.titles for place in store.works.places("mine")] == [("Unlisted",)]
    store.undo(noted)
    assert store.works.work("mine") is None


def test_an_act_is_undone_once(store: Store) -> None:
    act = store.record(journal.log_pass(ATTENTION, 2, DAY))
    store.undo(act)
    with pytest.raises(Refused):
        store.undo(act)


def test_undo_takes_acts_back_one_by_one(store: Store) -> None:
    for depth in (1, 2, 3):
        store.record(journal.log_pass(ATTENTION, depth, DAY))
    for depth in (2, 1, 0):
        store.undo(store.last_act())
        assert store.reading_log.work(ATTENTION).depth == depth


@pytest.mark.parametrize("sql", ["delete from event", "update event set kind = 'x'"])
def test_the_journal_refuses_to_be_changed(store: Store, database: Path, sql: str) -> None:
    store.record(journal.log_pass(ATTENTION, 2, DAY))
    with (
        pytest.raises(sqlite3.DatabaseError, match="append-only"),
        sqlite3.connect(database) as other,
    ):
        other.execute(sql)
    other.close()


def test_a_clock_that_goes_back_does_not_turn_the_journal_round(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 1, DAY), now=datetime(2030, 1, 1, tzinfo=UTC))
    store.record(journal.log_pass(ATTENTION, 2, DAY), now=datetime(2026, 1, 1, tzinfo=UTC))
    clock = [event.at for event in store.events()]
    assert clock == sorted(set(clock))


def test_an_added_work_has_its_place_and_undo_takes_it_away(store: Store) -> None:
    act = store.record(journal.add_work("mine-1", {"title": "Mine", "kind": "paper"}))
    added = store.tree.sections()[-1]
    assert (added.title, added.total) == ("Added by you", 1)
    assert [place.titles for place in store.works.places("mine-1")] == [("Added by you",)]
    store.undo(act)
    assert store.works.work("mine-1") is None
    assert "Added by you" not in [branch.title for branch in store.tree.sections()]
    assert store.next_redo().words == act.words == "adding Mine"
    make, club = new_section(store, "Club")
    place = journal.place_work("mine-2", "", "added", club, 1.0, "Club")
    act = store.record(make, journal.add_work("mine-2", {"title": "Mine too"}), place)
    store.undo(act)
    assert store.works.title("mine-2") == "Mine too"


@pytest.mark.parametrize(
    ("query", "work"),
    [
        ("attention need", ATTENTION),
        ("1706.03762", ATTENTION),
        ("[arXiv 1706.03762v2]", ATTENTION),
        ("https://arxiv.org/pdf/1706.03762v5", ATTENTION),
        ("https://huggingface.co/papers/1706.03762", ATTENTION),
        ("alphaxiv.org/abs/1706.03762", ATTENTION),
        ("https://dl.acm.org/doi/10.1038/323533a0", "rumelhart1986learning"),
        ("lukasz kaiser", ATTENTION),
        ("resnet", "he2015deep"),
        ("my own words", "kingma2014adam"),
    ],
)
def test_works_are_found_by_what_is_known_of_them(store: Store, query: str, work: str) -> None:
    store.record(journal.save_note("kingma2014adam", "n", "These are My Own Words"))
    found = store.search.find(query, LISTS)
    assert work in [leaf.work for leaf in found.leaves]
    if "1706" in query or "acm" in query:
        assert store.names.named(query) == [work]


@pytest.mark.parametrize(
    "query", ["'", '"', "%", "a*", "(", "🌲", "x" * 10_000, "\\", "_", "\ud800"]
)
def test_no_query_is_an_error(store: Store, query: str) -> None:
    store.search.find(query, LISTS)
    store.search.find(query, LISTS, thorough=False)


def test_a_citekey_in_another_case_names_its_work(store: Store) -> None:
    assert store.names.named("Vaswani2017Attention") == [ATTENTION]


MINUTES = ("4", "6", "8", "10", "15", "16", "17", "20", "23", "30", "10 m", "16 min", "4 h", "1h10")
DAYS = ("mon", "fri", "yesterday", "1 mar", "3 jun", "2 days ago", "2026-11-14", "before")
NAMES = ("rumelhart", "touvron llama", "he residual", "vaswani attention")


@pytest.mark.parametrize(
    "line",
    [*MINUTES, *DAYS, "15 yesterday", "4 h mon", "fri 16 min", "jan 30", "jan 3", "jan 3, 30"],
)
def test_no_day_and_no_minutes_of_a_correction_are_a_work(store: Store, line: str) -> None:
    before = Before(2, DAY, 25)
    work, depth, *_ = parse_entry(
        line, store.names.resolve_in_line, DAY, unnamed=ATTENTION, before=before
    )
    assert (work, depth) == (ATTENTION, 2)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("rest", [*MINUTES, *DAYS, "1 mar 3m", "3 jun 2m", "f", "n", "mo", "yes"])
def test_what_follows_the_pass_is_no_part_of_a_name(
    store: Store, name: str, depth: int, rest: str
) -> None:
    work, line = store.names.resolve_in_line(name), f"{depth} {rest}"
    assert store.names.completions(f"{name} {line}") == [f"{work} {line}"]
    if rest in (*MINUTES, *DAYS):
        entry = parse_entry(f"{name} {line}", store.names.resolve_in_line, DAY, unnamed=None)
        assert entry == (work, *parse_pass(line, DAY))


@pytest.mark.parametrize("line", ["30 2", "15 2", "10 m 2", "16 min 2", "jan 2", "jan 2 40"])
def test_minutes_or_a_day_before_the_pass_are_no_work(store: Store, line: str) -> None:
    with pytest.raises(Refused, match="is no work"):
        parse_entry(line, store.names.resolve_in_line, DAY, unnamed=ATTENTION)


def test_a_work_that_is_called_by_a_number_is_named_by_it_before_the_pass(store: Store) -> None:
    store.record(journal.add_work("orwell", {"title": "1984", "kind": "book"}))
    resolve, before = store.names.resolve_in_line, Before(2, DAY, 25)
    assert parse_entry("1984 2 30", resolve, DAY, unnamed=None) == ("orwell", 2, DAY, 30)
    assert parse_entry("1984 2", resolve, DAY, unnamed="x", before=before) == ("orwell", 2, DAY, 25)
    assert parse_entry("198", resolve, DAY, unnamed="x", before=before) == ("x", 2, DAY, 198)


def test_a_short_word_of_a_name_is_a_beginning_only_where_it_is_no_word(store: Store) -> None:
    lines = [store.names.named("ba kingma", in_line=in_line) for in_line in (True, False)]
    assert lines == [["kingma2014adam"]] * 2


@pytest.mark.parametrize("name", ["gpt 3 brown", "brown few", "krizhevsky imag"])
def test_words_with_digits_and_beginnings_name_a_work_where_nothing_follows(
    store: Store, name: str
) -> None:
    assert store.names.named(name)


@pytest.mark.parametrize("name", ["%", "_", "", "?!", "\\", "\ud800"])
def test_a_name_of_nothing_names_no_work(store: Store, name: str) -> None:
    assert store.names.named(name) == []


def test_notes_stand_in_the_order_of_their_days_also_after_an_edit_of_an_earlier_one(
    store: Store,
) -> None:
    versions: list[str] = []
    for day, note in enumerate(("first", "second", "first")):
        bases = versions[:1] if note == "first" else ()
        saved = journal.save_note(ATTENTION, note, f"{note} on day {day}", bases)
        versions += store.record(saved, now=FRIDAY + timedelta(days=day)).versions
    notes = store.reading_log.work(ATTENTION).notes
    assert [note.body for note in notes] == ["second on day 1", "first on day 2"]


def test_a_draft_is_kept_and_ends_as_a_note(store: Store) -> None:
    draft = Draft("d", ATTENTION, "n", (), "half a thou")
    store.drafts.save(draft)
    assert [kept._replace(saved="") for kept in store.drafts.waiting()] == [draft]
    store.finish([draft.id], *draft.changes(""))
    assert store.drafts.waiting() == []
    assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["half a thou"]


def test_settings_are_remembered(database: Path) -> None:
    with Store(database) as store:
        store.set_setting("theme", "nord")
    with Store(database) as store:
        assert store.setting("theme") == "nord"


# ── opening ──────────────────────────────────────────────────────────────────


def test_files_are_only_for_their_owner(store: Store, database: Path) -> None:
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700


def test_an_empty_file_becomes_a_database(database: Path) -> None:
    database.parent.mkdir()
    database.touch()
    with Store(database) as store:
        assert store.tree.sections()


def test_an_older_database_is_brought_up_to_date_with_all_it_holds(database: Path) -> None:
    with Store(database) as store:
        store.record(journal.log_pass(ATTENTION, 2, DAY))
        # Older versions wrote the first day of a week.
        store.record(Change(journal.REST, None, {"week": "2026-11-15", "rest": True}))
        store.record(
            Change(journal.GOAL, None, {"metric": "m", "target": 3, "since": "2026-11-15"})
        )
        events, habits = store.events(), store.reading_log.habits()
    assert habits.rests == {date(2026, 11, 18): True}
    for step in migrations.NAMES[1:]:
        older = database.with_name(f"{step}.db")
        connection = sqlite3.connect(older, isolation_level=None)
        migrations.apply(connection, stop_before=step)
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute("attach ? as full", [str(database)])
        connection.execute("insert into event select * from full.event")
        connection.close()
        with Store(older) as store:
            assert store.events() == events
            assert store.reading_log.work(ATTENTION).depth == 2
            assert store.reading_log.habits() == habits
            assert store.tree.sections()


def test_a_database_of_a_newer_papertui_is_refused_and_left_alone(database: Path) -> None:
    Store(database).close()
    with sqlite3.connect(database) as connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('papertui', 'm999_future', '')"
        )
    connection.close()
    before = database.read_bytes()
    with pytest.raises(DatabaseError, match="newer papertui"):
        Store(database)
    assert database.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_left_alone(database: Path) -> None:
    database.parent.mkdir()
    with sqlite3.connect(database) as connection:
        connection.execute("create table theirs (x)")
    connection.close()
    before = database.read_bytes()
    with pytest.raises(DatabaseError, match="another program"):
        Store(database)
    assert database.read_bytes() == before


@pytest.mark.parametrize("garbage", [b"hello, I am a text", b"\0" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    database: Path, garbage: bytes
) -> None:
    database.parent.mkdir()
    database.write_bytes(garbage)
    with pytest.raises(DatabaseError, match="not a database"):
        Store(database)
    assert database.read_bytes() == garbage


def test_a_truncated_database_is_a_message(database: Path) -> None:
    Store(database).close()
    with database.open("r+b") as file:
        file.truncate(5000)
    with pytest.raises(DatabaseError, match="damaged"):
        Store(database)


def test_a_folder_in_the_place_of_the_file_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="Cannot open"):
        Store(tmp_path)


def test_a_locked_database_is_busy_and_nothing_is_written(database: Path) -> None:
    Store(database).close()
    other = sqlite3.connect(database, isolation_level=None)
    with Store(database, busy_timeout=0) as store:
        other.execute("begin immediate")
        started = time.monotonic()
        with pytest.raises(Busy):
            store.record(journal.log_pass(ATTENTION, 2, DAY))
        assert time.monotonic() - started < 2
        other.execute("rollback")
        other.close()
        assert store.events() == []
        store.record(journal.log_pass(ATTENTION, 2, DAY))
        assert len(store.events()) == 1


def test_a_reader_elsewhere_holds_a_commit_up_no_longer_than_the_busy_timeout(
    database: Path,
) -> None:
    Store(database).close()
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("begin")
    other.execute("select * from event").fetchall()
    with Store(database, busy_timeout=0) as store:
        started = time.monotonic()
        with pytest.raises(Busy):
            store.record(journal.log_pass(ATTENTION, 2, DAY))
        assert time.monotonic() - started < 2
        other.close()
        store.record(journal.log_pass(ATTENTION, 2, DAY))
        assert len(store.events()) == 1


def test_a_draft_of_a_locked_database_goes_into_a_file_beside_it(database: Path) -> None:
    Store(database).close()
    other = sqlite3.connect(database, isolation_level=None)
    with Store(database, busy_timeout=0) as store:
        other.execute("begin exclusive")
        draft = Draft("d", ATTENTION, "n", (), "Not lost: Łukasz 🌲")
        store.drafts.save(draft)
        (beside,) = database.parent.glob("*.draft-*.json")
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
        other.close()
    with Store(database) as store:
        assert [kept._replace(saved="") for kept in store.drafts.waiting()] == [draft]
        assert not beside.exists()


def test_a_draft_kept_in_a_file_leaves_no_older_one_behind(tmp_path: Path) -> None:
    database = tmp_path / "p[1].db"
    with Store(database, busy_timeout=0) as store:
        store.drafts.save(Draft("old", ATTENTION, "n", (), "old"))
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("begin exclusive")
        assert store.drafts.save(Draft("new", ATTENTION, "n", (), "new"), "old") is False
        other.close()
        assert store.drafts.save(Draft("new", ATTENTION, "n", (), "newer"), "old") is True
        assert draft_texts(store) == ["newer"]
    assert not list(tmp_path.glob("*.draft-*"))


def test_a_draft_file_is_found_whatever_the_database_is_called(tmp_path: Path) -> None:
    database = tmp_path / "p[1]*.db"
    Store(database).close()
    other = sqlite3.connect(database, isolation_level=None)
    with Store(database, busy_timeout=0) as store:
        other.execute("begin exclusive")
        store.drafts.save(Draft("d", ATTENTION, "n", (), "kept"))
        other.close()
    with Store(database) as store:
        assert draft_texts(store) == ["kept"]


def test_a_commit_that_fails_leaves_the_draft_file(database: Path) -> None:
    Store(database).close()
    other = sqlite3.connect(database, isolation_level=None)
    with Store(database, busy_timeout=0) as store:
        other.execute("begin exclusive")
        draft = Draft("d", ATTENTION, "n", (), "kept")
        store.drafts.save(draft)
        other.execute("rollback")
        other.execute("begin")
        other.execute("select * from event").fetchall()
        with pytest.raises(Busy):
            store.finish([draft.id], *draft.changes(""))
        assert list(database.parent.glob("*.draft-*"))
        other.close()


HOSTILE = [
    ("pass", ATTENTION, {"depth": 2, "read_on": "0001-01-01"}),
    ("pass", ATTENTION, {"depth": 2, "read_on": "2026-11-20", "minutes": 10**30}),
    ("pass", ATTENTION, {"depth": 2, "read_on": "2026-11-20", "sittings": [["2026-11-20", 9]] * 2}),
    ("note", ATTENTION, {"note": "n", "body": "\ud800", "bases": [{}]}),
    ("note", ATTENTION, {"note": "n"}),
    ("note", ATTENTION, [1]),
    ("aside", ATTENTION, {"state": "dropped", "reason": {"a": 1}}),
    ("queued", ATTENTION, {"rank": float("inf")}),
    ("queued", ATTENTION, {"rank": 10**400}),
    ("goal", None, {"metric": "full-reads-a-week", "target": -3, "since": "2026-11-16"}),
    ("goal", None, {"metric": "m", "target": 10**30, "since": "2026-11-16"}),
    ("scanned", None, {"day": "2026-11-20", "count": 10**30}),
    ("papers-seen", None, {"day": "2026-11-20", "seen": 7, "dismissed": ["2611.00001"]}),
    ("papers-seen", None, {"day": "soon", "seen": ["2611.00001"]}),
    ("papers-seen", None, {"day": "2026-11-20", "seen": ["x", [], "2611.00001v2", "\ud800"]}),
    ("papers-seen", None, {"seen": ["2611.00001"]}),
    ("papers-seen", ATTENTION, [1]),
    ("rest", None, {"week": "0001-01-01", "rest": True}),
    ("undo", None, [1]),
    ("redo", None, {"act": {}}),
]


@pytest.mark.parametrize("wall", ["2026-11-20T12:00:00+00:00", "soon"])
@pytest.mark.parametrize("offset", [0, 10**9])
def test_nonsense_from_another_device_breaks_nothing(
    database: Path, wall: str, offset: int
) -> None:
    with Store(database) as store:
        store.record(journal.log_pass("he2015deep", 2, DAY))
    with sqlite3.connect(database) as other:
        for seq, (kind, work, data) in enumerate(HOSTILE):
            other.execute(
                "insert into event values (?, 'elsewhere', ?, ?, ?, ?, ?, ?, ?, ?)",
                [f"e{seq}", seq, seq, wall, offset, f"a{seq}", kind, work, json.dumps(data)],
            )
    other.close()
    with Store(database) as store:
        store.rebuild()
        summary = summarise(store, Config(), DAY)
        assert summary.streak is not None
        assert summary.streak.weeks == 1
        assert progress_page(summary, 80)
        assert store.versions(ATTENTION, "n") is not None
        assert store.reading_log.work("he2015deep").depth == 2


def test_a_draft_file_that_makes_no_sense_is_left_alone(database: Path) -> None:
    Store(database).close()
    odd = database.with_name(f"{database.name}.draft-x.json")
    odd.write_text("{", encoding="utf-8")
    with Store(database) as store:
        assert store.drafts.waiting() == []
    assert odd.exists()


def test_a_copy_of_the_database_is_another_device(database: Path) -> None:
    with Store(database) as store:
        first = store.device
    with Store(database) as store:
        assert store.device == first
    copy = database.with_name("copy.db")
    copy.write_bytes(database.read_bytes())
    with Store(copy) as store:
        assert store.device != first


def test_a_rebuild_mends_the_tables(store: Store, database: Path) -> None:
    for title in ("One", "Two", "Three"):
        new = parse_new_work(title)
        store.record(journal.add_work(new.citekey, new.fields))
    store.record(journal.log_pass(ATTENTION, 2, DAY))
    before = (store.tree.sections(), store.reading_log.work(ATTENTION))
    items = store.tree.leaves(LISTS, [before[0][-1].id])
    with sqlite3.connect(database) as other:
        for table in ("item", "reading", "standing"):
            other.execute(f"delete from {table} where work not in (select '')")
    other.close()
    store.rebuild()
    assert store.reading_log.work(ATTENTION) == before[1]
    after = store.tree.sections()
    titles = [
        leaf.title
        for leaves in store.tree.leaves(LISTS, [after[-1].id]).values()
        for leaf in leaves
    ]
    assert titles == [leaf.title for leaves in items.values() for leaf in leaves]
    assert titles == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("1706.03762", ATTENTION),
        ("arXiv: 1706.03762", ATTENTION),
        ("attention is all you need", ATTENTION),
        ("Transformer 1706.03762", ATTENTION),
        ("A rival title 1706.03762", None),
        ("Deep Residual Learning for Image Recognition 9901.00001", None),
        ("https://dataintensive.net/", "kleppmann2017designing"),
        ("10.1038/323533A0", "rumelhart1986learning"),
        ("Learning representations by back-propagating errors", "rumelhart1986learning"),
        ("🌲 https://a.org", None),
    ],
)
def test_what_is_added_is_known_by_id_and_title(store: Store, typed: str, same: str | None) -> None:
    try:
        new = parse_new_work(typed)
    except Refused:
        assert same is None
        return
    assert store.works.same_as(new.fields) == same


@pytest.mark.parametrize(
    "typed",
    [
        "9780262033849",
        "978-0-262-03384-9",
        "ISBN 9780262033849",
        "0262033849",
        "A book 9780262033849",
    ],
)
def test_an_isbn_whose_last_digit_does_not_fit_is_no_title(typed: str) -> None:
    with pytest.raises(Refused, match="is no ISBN: its last digit"):
        parse_new_work(typed)
    for title in ("1984", "The first 0262033849 digits", "978026203384", "97802620338481"):
        assert parse_new_work(title).fields["title"] == title


@pytest.mark.parametrize(
    ("known", "same"),
    [
        ({"authors": ["Goodfellow, I."]}, True),
        ({"authors": ["IAN GOODFELLOW"], "year": 2015}, True),
        ({"doi": "10.1000/AB"}, True),
        ({"authors": ["I. G."]}, True),
        ({"authors": ["Yann LeCun", "Ian Goodfellow"]}, False),
        ({"year": 2014}, False),
        ({"doi": "10.1000/other"}, False),
        ({"arxiv": "2401.00002"}, False),
    ],
)
def test_the_same_title_is_another_work_if_anything_contradicts(
    store: Store, known: dict[str, Any], same: bool
) -> None:
    title = {"title": "One Title For All", "kind": "paper"}
    store.record(journal.add_work("known-1", {**title, **known}))
    found = {**title, "arxiv": "2401.00001", "doi": "10.1000/ab", "year": 2016}
    found["authors"] = ["Ian Goodfellow", "Yoshua Bengio"]
    assert store.works.same_as(found) == ("known-1" if same else None)


def test_completing_a_work_twice_is_completing_it_once() -> None:
    new = parse_new_work("My name for it 2401.12345")
    found = {"title": "Its Title", "kind": "paper", "arxiv": "2401.12345", "authors": ["A"]}
    once = complete_new_work(new.fields, found)
    assert once == {**found, "aliases": ["My name for it"]}
    assert complete_new_work(once, found) == once


def test_two_devices_coin_the_same_citekey() -> None:
    assert (
        parse_new_work("10.1000/ABC").citekey
        == parse_new_work("https://doi.org/10.1000/abc").citekey
    )
    assert (
        parse_new_work("2401.12345v2").citekey == parse_new_work("arxiv.org/abs/2401.12345").citekey
    )
    assert parse_new_work("A  title").citekey == parse_new_work("a TITLE!").citekey
    assert parse_new_work("🌲 https://a.org").citekey != parse_new_work("https://b.org").citekey


def test_titles_with_colons_are_titles() -> None:
    assert parse_new_work("Data: The New Oil").fields["title"] == "Data: The New Oil"


def test_another_programs_changes_are_noticed(database: Path) -> None:
    with Store(database) as one, Store(database) as two:
        before = one.version()
        two.record(journal.log_pass(ATTENTION, 2, DAY))
        assert one.version() != before
        assert one.reading_log.work(ATTENTION).depth == 2


@pytest.mark.parametrize("text", ["saved", "changed", ""])
def test_a_session_that_ended_waits_again_as_it_was(store: Store, text: str) -> None:
    session = Session(2, ticks=frozenset((1,))).sit_down(FRIDAY.date()).read_for(600)
    saved = store.record(journal.save_note("adam", "n", "saved"))
    draft = Draft("d", "adam", "n", saved.versions, text, session)
    store.drafts.save(draft)
    store.finish(["d"], *draft.end(), *draft.changes("saved"))
    assert store.drafts.waiting() == []
    says = f"; the session waits again{' with its text' * (text == 'changed')}"
    assert store.last_act().waits == says
    assert store.undo(store.last_act()).parts_with_day.after.endswith(says)
    (waiting,) = store.drafts.waiting()
    assert waiting._replace(id="d", saved="") == draft
    store.redo()
    assert store.drafts.waiting() == []
