from collections.abc import Iterable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.journal import Event, save_note
from papertui.core.records import Note
from papertui.core.replay import replay_work
from papertui.core.three_way import merged_text

BASE = "one\ntwo\nthree\nfour\nfive"


def saved(version: str, at: int, body: str, *bases: str, device: str = "d") -> Event:
    change = save_note("w", "n", body, bases)
    return Event(version, device, at, at, "2026-11-20T15:00:00+00:00", 0, version, *change)


def notes(events: Iterable[Event]) -> tuple[Note, ...]:
    return replay_work(events).notes


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        (
            "ONE\ntwo\nthree\nfour\nfive",
            "one\ntwo\nthree\nfour\nFIVE",
            "ONE\ntwo\nthree\nfour\nFIVE",
        ),
        (BASE, "other", "other"),
        ("same", "same", "same"),
        ("one\nthree\nfour\nfive", f"{BASE}\nsix", "one\nthree\nfour\nfive\nsix"),
        (f"zero\n{BASE}", f"{BASE}\nsix", f"zero\n{BASE}\nsix"),
        (f"{BASE}\nsix", f"{BASE}\nseven", None),
        ("one\nTWO\nthree\nfour\nfive", "one\nZWO\nthree\nfour\nfive", None),
        ("one\nTWO\nthree\nfour\nfive", "one\ntwo\nTHREE\nfour\nfive", None),
        ("a\ntwo\nthree\nfour\nb", "a\ntwo\nthree\nfour\nc", None),
        ("a\ntwo\nthree\nfour\nfive", "a\ntwo\nthree\nfour\nc", "a\ntwo\nthree\nfour\nc"),
    ],
)
def test_changes_that_do_not_touch_are_joined(one: str, other: str, result: str | None) -> None:
    assert merged_text(BASE, one, other) == result
    assert merged_text(BASE, other, one) == result


lines = st.lists(st.sampled_from("abcde"), max_size=8).map("\n".join)


@given(base=lines, one=lines, other=lines)
def test_a_joined_text_has_every_line_that_either_added(base: str, one: str, other: str) -> None:
    text = merged_text(base, one, other)
    assert text == merged_text(base, other, one)
    if text is not None:
        added = {*one.split("\n"), *other.split("\n")} - {*base.split("\n")}
        assert added <= {*text.split("\n")}


def test_a_text_of_thousands_of_changed_lines_is_left_apart() -> None:
    many = "\n".join("ab" * 3_000)
    assert merged_text("\n".join("ba" * 3_000), many, "x") is None


def test_two_edits_of_a_note_that_fit_together_are_one_on_every_device() -> None:
    events = [
        saved("v1", 1, BASE),
        saved("v2", 2, BASE.replace("one", "ONE"), "v1", device="a"),
        saved("v3", 3, BASE.replace("five", "FIVE"), "v1", device="b"),
    ]
    for order in permutations(events):
        (note,) = notes(order)
        assert note.body == "ONE\ntwo\nthree\nfour\nFIVE"
        assert (note.version, note.others) == ("v3", ("v2",))


def test_the_next_edit_replaces_all_that_the_text_was_made_of() -> None:
    events = [
        saved("v1", 1, BASE),
        saved("v2", 2, BASE.replace("one", "ONE"), "v1"),
        saved("v3", 3, BASE.replace("five", "FIVE"), "v1"),
        saved("v4", 4, "all new", "v2", "v3"),
    ]
    (note,) = notes(events)
    assert (note.body, note.others) == ("all new", ())


def test_two_edits_of_one_line_are_both_shown() -> None:
    events = [
        saved("v1", 1, BASE),
        saved("v2", 2, BASE.replace("one", "ONE"), "v1"),
        saved("v3", 3, BASE.replace("one", "EINS"), "v1"),
    ]
    assert {note.body for note in notes(events)} == {event.data["body"] for event in events[1:]}


def test_the_same_edit_on_two_devices_is_one() -> None:
    events = [saved("v1", 1, BASE), saved("v2", 2, "new", "v1"), saved("v3", 3, "new", "v1")]
    (note,) = notes(events)
    assert note.body == "new"


def test_edits_of_a_joined_text_made_apart_are_joined_again() -> None:
    joined = "ONE\ntwo\nthree\nfour\nFIVE"
    events = [
        saved("v1", 1, BASE),
        saved("v2", 2, BASE.replace("one", "ONE"), "v1"),
        saved("v3", 3, BASE.replace("five", "FIVE"), "v1"),
        saved("v4", 4, f"zero\n{joined}", "v2", "v3"),
        saved("v5", 5, f"{joined}\nsix", "v2", "v3"),
    ]
    (note,) = notes(events)
    assert note.body == f"zero\n{joined}\nsix"


def test_versions_that_name_each_other_end_no_replay() -> None:
    events = [saved("v1", 1, "a", "v2"), saved("v2", 2, "b", "v1"), saved("v3", 3, "c", "v2", "v3")]
    assert notes(events)


@given(
    edits=st.lists(
        st.tuples(lines, st.sets(st.integers(0, 7), max_size=3)), min_size=1, max_size=8
    ),
    data=st.data(),
)
def test_no_text_that_nobody_replaced_is_hidden(
    edits: list[tuple[str, set[int]]], data: st.DataObject
) -> None:
    events = [
        saved(f"v{number}", number, body, *(f"v{base}" for base in bases if base < number))
        for number, (body, bases) in enumerate(edits)
    ]
    replaced = {base for event in events for base in event.data["bases"]}
    shown = notes(data.draw(st.permutations(events)))
    assert shown == notes(events)
    contained = {version for note in shown for version in (note.version, *note.others)}
    assert contained == {event.id for event in events} - replaced
