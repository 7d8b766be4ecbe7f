"""Tags and stars in the tables: filtered, searched, joined, merged, and kept from a group."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from papertui.core import group, journal, library_tree
from papertui.core.library_tree import TreeQuery
from papertui.storage import edits
from papertui.storage.edits import work_merge
from papertui.storage.store import Store
from papertui.system.clock import Clock

TODAY = date(2026, 11, 20)
ATTENTION, ADAM, RESNET = "vaswani2017attention", "kingma2014adam", "he2015deep"


@pytest.fixture
def tagged(store: Store) -> Store:
    store.record(
        journal.tag(ATTENTION, ["nlp", "to-cite"]), journal.tag(ADAM, ["NLP"]), journal.star(RESNET)
    )
    return store


@pytest.fixture
def other(indexed: None, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store(tmp_path / "other.db", clock=clock) as opened:
        yield opened


def works_with(store: Store, facet: str, *values: str) -> set[str]:
    query = TreeQuery(TODAY, chosen={facet: frozenset(values)})
    branches = [branch.id for branch in store.tree.branches(query)]
    return {leaf.work for part in store.tree.leaves(query, branches).values() for leaf in part}


def found(store: Store, query: str) -> set[str]:
    return {leaf.work for leaf in store.search.find(query, TreeQuery(TODAY)).leaves}


def test_a_filter_takes_works_with_any_of_its_tags(tagged: Store) -> None:
    assert works_with(tagged, library_tree.TAG, "nlp") == {ATTENTION, ADAM}
    assert works_with(tagged, library_tree.TAG, "to-cite", "other") == {ATTENTION}
    assert works_with(tagged, library_tree.STAR, "yes") == {RESNET}
    assert RESNET not in works_with(tagged, library_tree.STAR, "no")


def test_all_tags_are_known_with_the_number_of_their_works(tagged: Store) -> None:
    assert {tag.lower(): n for tag, n in tagged.reading_log.tags().items()} == {
        "nlp": 2,
        "to-cite": 1,
    }
    assert tagged.reading_log.tags([ADAM]) == {"NLP": 1}


def test_a_tag_counts_the_works_that_its_filter_shows(tagged: Store) -> None:
    tagged.record(journal.add_work("own-1", {"title": "Mine", "kind": "paper"}))
    tagged.record(journal.tag("own-1", ["nlp", "hidden"]))
    for path in ("added", "unlisted"):
        shown = {tag: len(works_with(tagged, library_tree.TAG, tag)) for tag in ("nlp", "hidden")}
        counts = {tag.lower(): number for tag, number in tagged.reading_log.tags().items()}
        assert {**dict.fromkeys(counts, 1), **shown} == counts
        tagged.record(*edits.taking_out(tagged, "own-1", path))
    assert works_with(tagged, library_tree.TAG, "hidden") == set()
    assert "hidden" not in tagged.reading_log.tags()
    assert tagged.reading_log.tag_like("hidd") == ""
    tagged.undo(tagged.last_act())
    assert tagged.reading_log.tag_like("hidd") == "hidden"


@pytest.mark.parametrize(
    ("query", "works"),
    [
        ("#nlp", {ATTENTION, ADAM}),
        ("#NL", {ATTENTION, ADAM}),
        ("#nlp tag:to", {ATTENTION}),
        ("adam #nlp", {ADAM}),
        ("zebra #nlp", set()),
        ("#nobody", set()),
        ("#%", set()),
    ],
)
def test_a_search_takes_works_with_all_of_its_tags(
    tagged: Store, query: str, works: set[str]
) -> None:
    assert found(tagged, query) == works


def test_what_devices_did_apart_to_tags_is_joined_and_the_later_act_on_one_holds(
    store: Store, other: Store
) -> None:
    store.record(journal.tag(ATTENTION, ["nlp", "old"]))
    other.merge(store.events())
    store.record(journal.tag(ATTENTION, ["mine"], ["old"]), journal.star(ATTENTION))
    other.record(journal.tag(ATTENTION, ["yours"]))
    other.record(journal.tag(ATTENTION, ["old"]))
    other.merge(store.events())
    store.merge(other.events())
    tags = store.reading_log.work(ATTENTION).tags
    assert tags == other.reading_log.work(ATTENTION).tags
    assert {"nlp", "mine", "yours"} <= set(tags)
    tagged = store.events("kind = ?", journal.TAGGED)
    last = [e for e in tagged if "old" in (*e.data["add"], *e.data["remove"])][-1]
    assert ("old" in tags) is ("old" in last.data["add"])
    assert other.reading_log.work(ATTENTION).is_starred


def test_the_tags_of_a_work_go_to_the_one_that_it_is_merged_into(store: Store) -> None:
    store.record(journal.add_work("own-1", {"title": "Mine", "kind": "paper"}))
    store.record(journal.tag("own-1", ["mine"]), journal.star("own-1"))
    act = store.record(work_merge(store, "own-1", ADAM))
    record = store.reading_log.work(ADAM)
    assert (record.tags, record.is_starred) == (("mine",), True)
    store.undo(act)
    assert store.reading_log.work(ADAM).tags == ()
    assert store.reading_log.work("own-1").tags == ("mine",)


def test_an_undo_gives_and_takes_tags_back(store: Store) -> None:
    store.record(journal.tag(ADAM, ["one"]))
    act = store.record(journal.tag(ADAM, ["two"], ["one"]))
    store.undo(act)
    assert store.reading_log.work(ADAM).tags == ("one",)
    store.redo()
    assert store.reading_log.work(ADAM).tags == ("two",)


def test_a_reading_group_sees_neither_tags_nor_stars(tagged: Store) -> None:
    assert not [event for event in tagged.events() if group.shown(event, None)]


def test_a_tagged_work_is_the_readers_own_to_export_and_stays_in_the_library(
    store: Store,
) -> None:
    store.record(journal.star(ADAM))
    assert store.reading_log.touched() == [ADAM]
    assert store.works.touched([ADAM, RESNET]) == {ADAM}
