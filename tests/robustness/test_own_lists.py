"""Own lists, edited on two devices: the tables say what a replay says, and both devices agree."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from papertui.core import journal
from papertui.core.identity import citekey
from papertui.core.journal import Change
from papertui.core.replay import list_key
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedList
from papertui.importers.plan import plan_import
from papertui.storage.store import Store
from tests.core.test_journal import ADDED, LISTED, WORKS, caught_up, imports
from tests.support.endurance import times
from tests.support.fresh_database import fresh_database
from tests.support.parsed_lists import parsed_list

IMPORTED, OTHER, MADE = map(list_key, ("One list", "Another list", "A made list"))
SECTIONS = (
    f"{IMPORTED}/A", f"{IMPORTED}/B", f"{OTHER}/A", MADE, f"{MADE}/New", f"{IMPORTED}/A/Within",
)  # fmt: skip
LISTS = (IMPORTED, OTHER, MADE)
OUT = (*SECTIONS[:5], "added", "unlisted", None, "seminal-papers")
POSITIONS = st.sampled_from([-1.0, 0.0, 0.5, 7.0])

places = st.builds(
    lambda work, out, into, position: journal.place_work(work, "T", out, into, position),
    st.sampled_from((*LISTED, *ADDED[:2], WORKS[1])),
    st.sampled_from(OUT),
    st.sampled_from((*SECTIONS, None)),
    POSITIONS,
)
sections = st.one_of(
    st.builds(journal.make_section, st.sampled_from((*SECTIONS, *LISTS)), st.just("M"), POSITIONS),
    st.builds(
        journal.rename_section, st.sampled_from((*SECTIONS, *LISTS)), st.sampled_from("RS"),
        st.just("M"),
    ),
    st.builds(journal.move_section, st.sampled_from((*SECTIONS, *LISTS)), POSITIONS, st.just("M")),
    st.builds(journal.remove_section, st.sampled_from((*SECTIONS, *LISTS)), st.just("M")),
)  # fmt: skip
works = st.one_of(
    st.builds(
        lambda work: journal.add_work(work, {"title": work, "kind": "paper"}),
        st.sampled_from(ADDED[:2]),
    ),
    st.builds(journal.log_pass, st.sampled_from(LISTED), st.just(1), st.none()),
    st.builds(journal.edit_work, st.sampled_from(LISTED), st.just({"title": "Edited"})),
    st.builds(
        journal.merge_works,
        st.sampled_from((*LISTED[:2], ADDED[1])),
        st.sampled_from(LISTED),
        st.just("M"),
        st.just({"title": "Merged", "kind": "book", "year": 1999}),
    ),
)
acts = st.one_of(places, places, sections, imports, works)
steps = st.lists(
    st.tuples(
        st.sampled_from(["here", "there"]), st.one_of(acts, st.sampled_from(["undo", "redo"]))
    )
    | st.just(("exchange", "")),
    min_size=4,
    max_size=14,
)


def do(store: Store, act: Any) -> None:
    with suppress(Refused):
        if act == "undo":
            before, last = caught_up(store), store.last_act()
            store.undo(last)
            store.redo()
            assert caught_up(store) == before
            store.undo(last)
        elif act == "redo":
            store.redo()
        else:
            store.record(act)


@given(steps)
@settings(max_examples=times(12, 1000))
def test_lists_follow_from_the_journal_and_are_equal_on_two_devices(history: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        paths = [fresh_database(Path(folder) / name) for name in ("here.db", "there.db")]
        with Store(paths[0]) as here, Store(paths[1]) as there:
            for where, act in (*history, ("exchange", "")):
                if where == "exchange":
                    here.merge(there.events())
                    there.merge(here.events())
                    assert caught_up(here) == caught_up(there)
                    continue
                store = here if where == "here" else there
                do(store, act)
                rows = caught_up(store)
                store.rebuild()
                assert caught_up(store) == rows
            assert here.tree.sections() == here.tree.sections(date.max)


SHIPPED = ("deep-learning-papers", "deep-learning-papers/Foundations")
on_shipped = st.one_of(
    st.builds(
        lambda work, out, into, position: journal.place_work(work, "T", out, into, position),
        st.sampled_from(("he2015deep", "vaswani2017attention")),
        st.sampled_from((*SHIPPED, None)),
        st.sampled_from((*SHIPPED, *SECTIONS)),
        POSITIONS,
    ),
    st.builds(journal.make_section, st.sampled_from(SHIPPED), st.just("M"), POSITIONS),
    st.builds(journal.rename_section, st.sampled_from(SHIPPED), st.just("R"), st.just("M")),
    st.builds(journal.move_section, st.sampled_from(SHIPPED), POSITIONS, st.just("M")),
    st.builds(journal.remove_section, st.sampled_from(SHIPPED), st.just("M")),
)


@given(st.lists(st.one_of(places, sections, on_shipped), max_size=8))
@settings(max_examples=times(8, 300))
def test_shipped_lists_stay_as_they_are(history: list[Change]) -> None:
    with (
        TemporaryDirectory() as folder,
        Store(fresh_database(Path(folder) / "papertui.db")) as store,
    ):
        before = shipped(store)
        assert {path for path, _, _ in before} >= {*SHIPPED}
        for act in history:
            do(store, act)
        assert shipped(store) == before


def shipped(store: Store) -> list[tuple[str, str, list[tuple[str, float]]]]:
    """Return the paths, titles and works of the sections of the shipped lists."""
    shipped_lists = {key for key, _ in store.tree.lists()[:3]}
    return [
        (s.path, s.title, store.own_lists.items(s.path))
        for s in store.tree.sections()
        if s.list in shipped_lists
    ]


NAMES = ("One", "Two", "Three", "Four", "Five")
DRAWN = list_key("Drawn list")
KEYS = {name: citekey({"title": name, "kind": "paper"}) for name in NAMES}
versions = st.lists(st.sampled_from(NAMES), min_size=1, unique=True).flatmap(
    lambda names: st.integers(0, len(names) - 1).map(
        lambda cut: parsed_list("Drawn list", A=names[:cut], B=names[cut:])
    )
)
drawn_paths = st.sampled_from((DRAWN, f"{DRAWN}/A", f"{DRAWN}/B", f"{DRAWN}/New"))
own_keys = st.sampled_from([*KEYS.values()])
on_drawn = st.one_of(
    st.builds(
        lambda work, out, into, position: journal.place_work(work, "T", out, into, position),
        own_keys, st.none() | drawn_paths, st.none() | drawn_paths, POSITIONS,
    ),
    st.builds(journal.remove_section, drawn_paths, st.just("M")),
    st.builds(journal.make_section, drawn_paths, st.just("M"), POSITIONS),
    st.builds(journal.merge_works, own_keys, own_keys),
)  # fmt: skip


@given(versions, st.lists(on_drawn, max_size=6), versions)
@settings(max_examples=times(12, 500))
def test_a_preview_says_which_works_a_new_version_brings_and_which_leave(
    first: ParsedList, history: list[Change], second: ParsedList
) -> None:
    with (
        TemporaryDirectory() as folder,
        Store(fresh_database(Path(folder) / "papertui.db")) as store,
    ):
        store.record(plan_import(first, store.works, "f").change)
        for act in history:
            is_merge = act.kind == journal.MERGED
            if not is_merge or all(map(store.works.work, (act.work, act.data["into"]))):
                do(store, act)
        before = places_of(store)
        plan = plan_import(second, store.works, "f")
        store.record(plan.change)
        if plan.diff and plan.reading_list["key"] == DRAWN:
            after = places_of(store)
            assert {each.work for each in plan.diff.gone} == before.keys() - after.keys()
            assert {each.work for each in plan.diff.new} == after.keys() - before.keys()
            moved = {w for w in before.keys() & after.keys() if before[w] != after[w]}
            assert moved <= {each.work for each in plan.diff.moved}


def places_of(store: Store) -> dict[str, set[str]]:
    """Return the paths of the sections of the drawn list by the works that they hold."""
    places: dict[str, set[str]] = {}
    for section in store.tree.sections():
        if section.list == DRAWN:
            for work, _ in store.own_lists.items(section.path):
                places.setdefault(work, set()).add(section.path)
    return places
