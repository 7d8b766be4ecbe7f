"""The journal's law: whatever happened, the projections say what a replay says."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal
from papertui.core.journal import Change, Event
from papertui.core.recall import INSIGHT, RATINGS, Scheduling, card_key
from papertui.core.records import WorkRecord
from papertui.core.replay import replay_merges, replay_seen, replay_work
from papertui.errors import Refused
from papertui.storage.store import Store
from tests.support.parsed_lists import import_of
from tests.support.whole_journal import replay

DAY = date(2026, 11, 20)
WORKS = ("vaswani2017attention", "he2015deep", "kingma2014adam")
ADDED = ("my-work-00000000", "other-work-00000000", "third-work-00000000")
FSRS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835,
    0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
PAPERS = ("2611.00001", "2611.00002", "hep-th/9901001")
# One is shipped, one the reader may add too.
LISTED = ("first-00000001", ADDED[0], WORKS[0])

# All that follows from the journal, without the numbers that rows happen to have.
TABLES = {
    **dict.fromkeys(
        (
            "reading",
            "note",
            "standing",
            "sitting",
            "shared",
            "edited",
            "tag",
            "star",
            "placed",
            "section_edit",
            "goal",
            "rest",
            "scanned",
            "seen",
            "undone",
            "card",
            "recalled",
        ),
        "*",
    ),
    "merged": "*",
    "bib_entry": "*",
    "work": "citekey, origin, title, kind, year, unidentified",
    "requirement": "*",
    "detail join work on number = detail.work": "citekey, fields, came",
    "name join work on number = name.work": "citekey, folded",
    "searched left join work on number = searched.work": (
        "citekey, searched.title, authors, names, notes"
    ),
    "reading_list": "key, position, title, event",
    "section left join section as around on around.id = section.parent": (
        "section.path, around.path, section.list, section.position, section.title, section.total,"
        " section.done, section.dropped"
    ),
    "item join section on section.id = item.section": "path, item.position, work, tier, marks",
}


def event(at: int, change: Change, device: str = "d", act: str | None = None) -> Event:
    return Event(
        f"{device}{at}", device, at, at, "2026-11-20T12:00:00+00:00", 0, act or f"{device}{at}",
        change.kind, change.work, change.data,
    )  # fmt: skip


def fold(*changes: Change) -> WorkRecord:
    return replay_work(event(at, change) for at, change in enumerate(changes, 1))


def test_the_deepest_pass_is_the_status() -> None:
    assert fold(journal.log_pass("w", 2, DAY), journal.log_pass("w", 1, DAY)).depth == 2


def test_rereads_are_kept() -> None:
    again = DAY + timedelta(days=1)
    record = fold(journal.log_pass("w", 2, DAY), journal.log_pass("w", 2, again))
    assert [reading.read_on for reading in record.readings] == [DAY, again]


def test_a_pass_ends_parking_and_leaves_the_queue() -> None:
    parked = Change(journal.ASIDE, "w", {"state": "parked", "until": "2027-01-01"})
    queued = Change(journal.QUEUED, "w", {"rank": 1.0})
    assert fold(queued, parked).aside == "parked"
    record = fold(queued, parked, journal.log_pass("w", 1, DAY))
    assert (record.aside, record.until, record.rank) == (None, None, None)


def test_a_corrected_entry_keeps_what_was_not_corrected() -> None:
    logged = journal.log_pass("w", 1, DAY, 10)
    record = fold(logged, Change(journal.CORRECTION, "w", {"reading": "d1", "depth": 2}))
    assert (record.readings[0].depth, record.readings[0].minutes) == (2, 10)


def test_an_entry_can_be_taken_out() -> None:
    gone = Change(journal.CORRECTION, "w", {"reading": "d1", "removed": True})
    assert fold(journal.log_pass("w", 1, DAY), gone).readings == ()


def test_a_later_version_of_a_note_takes_the_place_of_its_base() -> None:
    first = journal.save_note("w", "n", "old")
    record = fold(first, journal.save_note("w", "n", "new", bases=["d1"]))
    assert [note.body for note in record.notes] == ["new"]


def test_edits_made_apart_are_both_kept() -> None:
    first = journal.save_note("w", "n", "old")
    edits = [journal.save_note("w", "n", body, bases=["d1"]) for body in ("mine", "yours")]
    assert [note.body for note in fold(first, *edits).notes] == ["mine", "yours"]


def test_a_version_outlives_the_undo_of_the_one_it_was_based_on() -> None:
    first, second = journal.save_note("w", "n", "0"), journal.save_note("w", "n", "1", ["d1"])
    third = journal.save_note("w", "n", "2", ["d1", "d2"])
    events = [event(at, change) for at, change in ((1, first), (3, third))]
    assert [note.body for note in replay_work(events).notes] == ["2"]
    assert second.data["bases"] == ["d1"]


def test_tags_differ_by_more_than_case_and_accents_and_are_spelt_as_last() -> None:
    record = fold(journal.tag("w", ["NLP", "café"]), journal.tag("w", ["nlp"], ["CAFE"]))
    assert record.tags == ("nlp",)


def test_a_star_is_given_and_taken_away() -> None:
    assert fold(journal.star("w")).is_starred
    assert not fold(journal.star("w"), journal.star("w", on=False)).is_starred


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(("x", "y", "z")), st.booleans())))
def test_of_each_tag_the_last_act_of_all_devices_holds(
    acts: list[tuple[str, str, bool]],
) -> None:
    """What one device did to a tag is never lost to what another did to other tags."""
    history = [
        event(at, journal.tag("w", [tag] * on, [tag] * (not on)), device)
        for at, (device, tag, on) in enumerate(acts, 1)
    ]
    last = {tag: on for _, tag, on in acts}
    expected = tuple(sorted(tag for tag, on in last.items() if on))
    assert replay_work(reversed(history)).tags == expected


def test_an_edit_leaves_a_note_on_its_pass() -> None:
    written = journal.save_note("w", "n", "one", depth=2)
    edited = journal.save_note("w", "n", "two", ["d1"])
    again = journal.save_note("w", "n", "three", ["d1", "d2"])
    assert [(note.body, note.depth) for note in fold(written, edited, again).notes] == [
        ("three", 2)
    ]
    logged_as_another = journal.save_note("w", "n", "two", ["d1"], depth=3)
    assert [note.depth for note in fold(written, logged_as_another).notes] == [3]
    other = journal.save_note("w", "m", "two", ["d1"])
    assert [note.depth for note in fold(written, other).notes] == [2, None]


def test_a_note_never_takes_the_place_of_another_note() -> None:
    record = fold(journal.save_note("w", "n", "one"), journal.save_note("w", "m", "two", ["d1"]))
    assert [note.body for note in record.notes] == ["one", "two"]


def test_unknown_kinds_and_senseless_events_are_passed_over() -> None:
    odd: list[Change] = [
        Change("telepathy", "w", {}),
        Change(journal.PASS, "w", {"depth": 9, "read_on": None}),
        Change(journal.PASS, "w", {"depth": 1, "read_on": "soon"}),
        Change(journal.PASS, "w", {}),
        Change(journal.CORRECTION, "w", {"reading": "nobody"}),
        Change(journal.NOTE, "w", {}),
        Change(journal.ASIDE, "w", {"state": "lost"}),
        Change(journal.QUEUED, "w", {"rank": "high"}),
        Change(journal.PASS, "w", {"depth": 1, "read_on": None, "minutes": "abc"}),
        Change(journal.ADDED, "w", {"fields": {"title": "T", "kind": "paper", "odd": 1}}),
        Change(journal.ADDED, "w", {"fields": [1]}),
        Change(journal.SHARED, "w", {"day": "soon"}),
        Change(journal.EDITED, "w", {"fields": {"year": "soon", "title": None, "citekey": "x"}}),
        Change(journal.TAGGED, "w", {"add": ["", "17", "two words", 7, None], "remove": [[]]}),
        Change(journal.TAGGED, "w", {"add": 7}),
        Change(journal.STARRED, "w", {"on": "yes"}),
        Change(journal.STARRED, "w", {}),
        Change(journal.EDITED, "w", {"fields": 7}),
        Change(journal.EDITED, "w", {}),
    ]
    assert fold(*odd) == WorkRecord()


def merged(*pairs: str, fixed: str = "") -> dict[str, str]:
    return replay_merges(
        (event(at, journal.merge_works(*pair)) for at, pair in enumerate(pairs, 1)),
        fixed,
    )


def test_works_are_merged_one_into_another_and_never_in_a_circle() -> None:
    assert merged("ab", "bc") == {"a": "c", "b": "c"}
    assert merged("ab", "ac") == {"a": "c"}
    assert merged("ab", "ba") == {"a": "b"}
    assert merged("aa") == {}
    assert merged("ab", "ca", "ac") == {"a": "b", "c": "b"}
    assert merged("ab", "cd", fixed="a") == {"c": "d"}
    odd = [Change(journal.MERGED, "a", {}), Change(journal.MERGED, None, {"into": "b"})]
    assert replay_merges(event(at, change) for at, change in enumerate(odd)) == {}


@pytest.mark.parametrize(("depth", "minutes"), [(0, None), (4, None), (1, 0), (1, 6001)])
def test_impossible_passes_are_refused(depth: int, minutes: int | None) -> None:
    with pytest.raises(Refused):
        journal.log_pass("w", depth, DAY, minutes)


changes = st.one_of(
    st.builds(
        journal.log_pass,
        st.sampled_from(WORKS + ADDED),
        st.integers(1, 3),
        st.none() | st.dates(date(2026, 1, 1), DAY),
        st.none() | st.integers(1, 300),
    ),
    st.builds(
        journal.save_note,
        st.sampled_from(WORKS + ADDED),
        st.sampled_from("mn"),
        st.just("Q: Why?\nSo.") | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    ),
    st.builds(journal.remove_note, st.sampled_from(WORKS), st.sampled_from("mn")),
    st.builds(journal.end_session, st.sampled_from(WORKS + ADDED), st.just({"depth": 1})),
    st.builds(journal.keep_private, st.sampled_from(WORKS), st.sampled_from("mn"), st.booleans()),
    st.builds(
        lambda work, state: Change(journal.ASIDE, work, {"state": state}),
        st.sampled_from(WORKS + ADDED),
        st.sampled_from([None, "parked", "dropped"]),
    ),
    st.builds(
        lambda work, rank: Change(journal.QUEUED, work, {"rank": rank}),
        st.sampled_from(WORKS),
        st.floats(0, 10),
    ),
    st.builds(lambda work: Change(journal.UNQUEUED, work, {}), st.sampled_from(WORKS)),
    st.builds(
        lambda n: Change(journal.GOAL, None, {"metric": "m", "target": n, "since": "2026-11-16"}),
        st.integers(0, 5) | st.sampled_from([None, "", [], -1, "3", 2.5]),
    ),
    st.builds(
        lambda rest: Change(journal.REST, None, {"week": "2026-11-16", "rest": rest}),
        st.booleans(),
    ),
    st.builds(
        lambda n: Change(journal.SCANNED, None, {"day": "2026-11-20", "count": n}),
        st.integers(1, 5),
    ),
    st.builds(
        journal.see_papers,
        st.sampled_from([DAY, DAY - timedelta(days=1)]),
        st.sets(st.sampled_from(PAPERS)),
        st.sets(st.sampled_from(PAPERS)),
        st.sets(st.sampled_from(PAPERS)),
    ),
    st.builds(journal.share, st.sampled_from(WORKS), st.just(DAY)),
    st.builds(
        journal.tag,
        st.sampled_from(WORKS + ADDED),
        st.sets(st.sampled_from(("nlp", "NLP", "to-cite"))),
        st.sets(st.sampled_from(("Nlp", "to-cite"))),
    ),
    st.builds(journal.star, st.sampled_from(WORKS + ADDED), st.booleans()),
    st.builds(
        journal.rate_card,
        st.sampled_from(WORKS),
        st.sampled_from((INSIGHT, card_key("Why?"))),
        st.sampled_from([DAY + timedelta(days=days) for days in (1, 2, 9)]),
        st.sampled_from(RATINGS),
        st.just(Scheduling(FSRS, 0.9, "6").as_json()),
    ),
    st.builds(
        journal.switch_card,
        st.sampled_from(WORKS),
        st.just(INSIGHT),
        st.just(DAY),
        st.booleans(),
    ),
    st.builds(
        lambda work: journal.add_work(work, {"title": work, "kind": "paper"}),
        st.sampled_from(ADDED),
    ),
    st.builds(
        journal.edit_work,
        st.sampled_from((*ADDED, "first-00000001", WORKS[0])),
        st.fixed_dictionaries(
            {},
            optional={
                "title": st.sampled_from(["Another title", "A third one"]),
                "year": st.sampled_from([None, 1999]),
                "requires": st.sampled_from([[], [WORKS[1]]]),
            },
        ),
    ),
)
places = st.dictionaries(
    st.sampled_from("AB"), st.lists(st.sampled_from(LISTED), unique=True, min_size=1), max_size=1
)
imports = st.builds(
    lambda title, places, year, keyed: import_of(
        title,
        places,
        {
            work: {"title": f"{work} of {title}", "kind": "paper", "year": year}
            for works in places.values()
            for work in works
            if work != WORKS[0]
        },
        {f"{work}{year}": work for works in places.values() for work in works if keyed},
    ),
    st.sampled_from(["One list", "Another list"]),
    places,
    st.sampled_from([2020, 2021]),
    st.booleans(),
)
of_listed = st.one_of(
    st.builds(journal.log_pass, st.sampled_from(LISTED), st.just(1), st.just(DAY)),
    st.builds(journal.save_note, st.sampled_from(LISTED), st.just("n"), st.just("words")),
    st.builds(journal.queue, st.sampled_from(LISTED), st.just(1.0)),
    st.builds(journal.unqueue, st.sampled_from(LISTED)),
)


@given(st.lists(changes, max_size=12), st.randoms())
def test_events_may_arrive_in_any_order_and_twice(history: list[Change], random: Any) -> None:
    events = [
        event(at, change, device="ab"[at % 2], act=f"act{at // 2}")
        for at, change in enumerate(history, 1)
    ]
    events.append(event(99, Change(journal.UNDO, None, {"act": "act1"})))
    shuffled = [*events, *events[::2]]
    random.shuffle(shuffled)
    assert replay(shuffled) == replay(events)


@given(
    st.lists(
        st.builds(
            journal.see_papers,
            st.sampled_from([DAY, DAY - timedelta(days=1)]),
            st.sets(st.sampled_from(PAPERS)),
            st.sets(st.sampled_from(PAPERS)),
            st.sets(st.sampled_from(PAPERS)),
        )
    ),
    st.randoms(),
)
def test_papers_looked_at_are_the_same_in_any_order_of_events(
    history: list[Change], random: Any
) -> None:
    events = [event(at, change) for at, change in enumerate(history, 1)]
    shuffled = [*events, *events[::2]]
    random.shuffle(shuffled)
    assert replay_seen(shuffled) == replay_seen(events)


def rows_of(path: Path) -> dict[str, list[Any]]:
    """Return all that follows from the journal of a database."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("insert into search (search, rank) values ('integrity-check', 1)")
        return {
            table: sorted(map(repr, database.execute(f"select {columns} from {table}")))
            for table, columns in TABLES.items()
        }


def caught_up(store: Store) -> dict[str, list[Any]]:
    """Return the same of a store, once it has done what it does when there is time."""
    for _ in store.catch_up():
        pass
    return rows_of(store.path)
