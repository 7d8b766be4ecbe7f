"""The words for what was done: a noun that names the act and its work."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal
from papertui.core.act_words import Words, describe
from papertui.core.days import week_of
from papertui.core.journal import Change, Event

DAY = date(2026, 11, 20)
TITLES = {"a": "Attention", "b": "Batch", "v": "Video"}


def parts(*changes: Change, week_start: str = "mon") -> Words:
    """Return the words for an act that makes some changes, in parts."""
    events = [
        Event(str(number), "d", number, number, "2026-11-20T12:00:00+00:00", 0, "act", *change)
        for number, change in enumerate(changes)
    ]
    return describe(
        events,
        lambda work: (TITLES[work], "video" if work == "v" else "paper"),
        lambda day: week_of(day, week_start),
    )


ACTS: dict[str, Sequence[Change]] = {
    "second pass of Attention": [journal.log_pass("a", 2, DAY)],
    "watched: Video": [journal.log_pass("v", 1, DAY)],
    "passes of 2 works": [journal.log_pass("a", 1, None), journal.log_pass("b", 2, None)],
    "first pass of 2 works": [journal.log_pass("a", 1, None), journal.log_pass("b", 1, None)],
    "second pass of Attention, with its note": [
        journal.log_pass("a", 2, DAY),
        journal.save_note("a", "n", "text"),
    ],
    "#nlp, no longer #cs on Attention": [journal.tag("a", ["nlp"], ["cs"])],
    "tags of 2 works": [journal.tag("a", ["nlp"]), journal.tag("b", ["nlp"])],
    "star of Attention": [journal.star("a")],
    "removal of the star of 2 works": [journal.star("a", on=False), journal.star("b", on=False)],
    "drop of 2 works": [journal.drop("a", ""), journal.drop("b", "")],
    "queueing 2 works": [journal.queue("a", 1, True), journal.queue("b", 2, True)],
    "removal of 2 works from the queue": [journal.unqueue("a"), journal.unqueue("b")],
    "explaining 2 works": [journal.share("a", DAY), journal.share("b", DAY)],
    "rating of 2 cards": [journal.rate_card(work, "", DAY, 3, {}) for work in "ab"],
    "correction of a pass of Attention": [journal.correct_reading("a", "r", 2, DAY, None)],
    "removal of a pass of Attention": [journal.remove_reading("a", "r")],
    "correction of a pass of Batch": [
        journal.remove_reading("b", "r"),
        journal.log_pass("a", 2, DAY),
    ],
    "note on Attention": [journal.save_note("a", "n", "text")],
    "edit of the note on Attention": [journal.save_note("a", "n", "text", ["v"])],
    "removal of a note on Attention": [journal.remove_note("a", "n")],
    "keeping a note on Attention private": [journal.keep_private("a", "n", True)],
    "no longer keeping a note on Attention private": [journal.keep_private("a", "n", False)],
    "place of Attention in the queue": [journal.queue("a", 1)],
    "queueing Attention": [journal.queue("a", 1, enters=True)],
    "place of Batch in the queue": [journal.queue("b", 0), journal.queue("a", 1, yields=True)],
    "place of 2 works in the queue": [journal.queue("a", 1), journal.queue("b", 2)],
    "removal of Attention from the queue": [journal.unqueue("a")],
    "drop of Attention": [journal.drop("a", "known")],
    "parking of Attention": [journal.park("a", None)],
    "taking up Attention again": [journal.take_up("a")],
    "explaining Attention": [journal.share("a", DAY)],
    "adding Attention": [journal.add_work("a", {})],
    "first pass of Batch": [journal.add_work("b", {}), journal.log_pass("b", 1, DAY)],
    "completing Attention": [journal.complete_work("a", {})],
    "merging a into Batch": [journal.merge_works("a", "b")],
    "merging Attention, again into Batch": [journal.merge_works("a", "b", "Attention, again")],
    "import of Robotics": [journal.apply_import({"title": "Robotics"}, {}, {})],
    "import of Tick, with 1 work read before papertui": [
        journal.apply_import({"title": "Tick"}, {}, {}),
        journal.log_pass("a", 2, None),
    ],
    "hiding 2 notes on Attention in the group": [
        journal.show_note("a", "n", "one", None, on=False),
        journal.show_note("a", "m", "two", None, on=False),
    ],
    "import of Ticks, with 2 works read before papertui": [
        journal.apply_import({"title": "Ticks"}, {}, {}),
        journal.log_pass("a", 2, None),
        journal.log_pass("b", 2, None),
    ],
    "end of the session on Attention": [
        journal.end_session("a", {}),
        journal.save_note("a", "n", "body"),
    ],
    "rest week of Mon 16 Nov 2026": [journal.rest(DAY, on=True)],
    "end of the rest week of Mon 16 Nov 2026": [journal.rest(DAY, on=False)],
    "goal of 2 full reads a week": [
        journal.set_goal("full-reads-a-week", 1, journal.EARLIEST),
        journal.set_goal("full-reads-a-week", 2, DAY),
    ],
    "edit of Attention": [journal.edit_work("a", {"year": 2020})],
    "move of Attention to Optics": [
        journal.place_work("a", "Attention", "x-00000000/A", "x-00000000/B", 0, "Optics")
    ],
    "copy of Attention to Optics": [
        journal.place_work("a", "Attention", None, "x-00000000/B", 0, "Optics")
    ],
    "copy of 2 works to Optics": [
        journal.place_work(work, work, None, "x-00000000/B", 0, "Optics") for work in "ab"
    ],
    "place of Attention in Optics": [
        journal.place_work("a", "Attention", "x-00000000/A", "x-00000000/A", 0, "Optics")
    ],
    "removal of Attention from Optics": [
        journal.place_work("a", "Attention", "x-00000000/A", name="Optics")
    ],
    "removal of 2 works from Optics": [
        # That of a work that was merged into the first has its title.
        *(journal.place_work(work, "A", "x-00000000/A", name="Optics") for work in "ab"),
        journal.place_work("c", "C", "x-00000000/A", name="Optics"),
    ],
    "removal of 2 works from your lists": [
        journal.place_work("a", "A", "x-00000000/A", name="Optics"),
        journal.place_work("c", "C", "x-00000000/B", name="Lenses"),
    ],
    "new list Seminar with 1 work": [
        journal.make_section("x-00000000", "Seminar", 0),
        journal.place_work("a", "Attention", None, "x-00000000", 0, "Seminar"),
    ],
    "new section Optics": [journal.make_section("x-00000000/Optics", "Optics", 0)],
    "renaming the list Seminar to Club": [journal.rename_section("x-00000000", "Club", "Seminar")],
    "removal of the section Optics": [journal.remove_section("x-00000000/Optics", "Optics")],
    "order of lists": [journal.move_section("x-00000000", 1, "Seminar")],
    "move of the list Seminar behind Optics": [
        journal.move_section("y-00000000", 0, "Optics"),
        journal.move_section("x-00000000", 1, "Seminar", "behind Optics"),
    ],
    "rating of Attention": [journal.rate_card("a", "", DAY, 3, {})],
    "starting recall of Attention": [journal.switch_card("a", "", DAY, on=True)],
    "stopping recall of Attention": [journal.switch_card("a", "", DAY, on=False)],
    "starting a question on Attention": [journal.switch_card("a", "k", DAY, on=True)],
    "1 scanned title": [journal.scan(DAY, 1)],
    "clearing of 2 new papers": [journal.see_papers(DAY, (), (), ["2611.00001", "2611.00002"])],
    "joining the group": [journal.be_member("Ada")],
    "leaving the group": [journal.be_member("")],
    "promise to explain Attention": [journal.promise("a", DAY)],
    "end of the promise to explain Attention": [journal.promise("a", None, on=False)],
    "showing a note on Attention in the group": [journal.show_note("a", "n", "b", 2)],
    "hiding a note on Attention in the group": [journal.show_note("a", "n", "b", 2, on=False)],
    "offer of L to the group": [journal.show_list({"title": "L"})],
    "offer of L taken back": [journal.show_list({"title": "L"}, on=False)],
    "3 scanned titles": [journal.see_papers(DAY, ["2611.00001", "2611.00002"], ["2611.00003"])],
}


@pytest.mark.parametrize("expected", ACTS)
def test_an_act_is_named_by_a_noun(expected: str) -> None:
    assert "".join(parts(*ACTS[expected])) == expected


@pytest.mark.parametrize("changes", ACTS.values(), ids=ACTS)
@given(title=st.text(min_size=1))
def test_a_title_of_any_length_is_all_that_may_be_shortened(
    changes: Sequence[Change], title: str
) -> None:
    events = [
        Event(str(number), "d", number, number, "2026-11-20T12:00:00+00:00", 0, "act", *change)
        for number, change in enumerate(changes)
    ]
    work = events[0].work
    usual = describe(events, lambda _: ("T", "paper"), week_of)
    other = describe(events, lambda each: (title if each == work else "T", "paper"), week_of)
    assert (other.before, other.after) == (usual.before, usual.after)


@pytest.mark.parametrize(
    ("start", "day"), [("mon", "Mon 16"), ("sat", "Sat 14"), ("sun", "Sun 15")]
)
def test_a_rest_week_is_named_by_its_first_day(start: str, day: str) -> None:
    assert parts(journal.rest(DAY, on=True), week_start=start).before.endswith(f"of {day} Nov 2026")


def test_every_kind_of_act_has_words_of_its_own() -> None:
    named = {change.kind for changes in ACTS.values() for change in changes}
    kinds: set[Any] = {
        value
        for name, value in vars(journal).items()
        if name.isupper() and isinstance(value, str) and name not in ("PARKED", "DROPPED")
    }
    assert kinds - named == {journal.UNDO, journal.REDO}


def test_a_rest_week_of_a_damaged_event_is_named_as_it_is() -> None:
    assert "".join(parts(journal.Change(journal.REST, None, {"rest": True, "day": "soon"}))) == (
        "rest week of soon"
    )
