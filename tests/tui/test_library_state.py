"""How the reader looks at the library, without a screen."""

import pytest

from papertui.core import journal, library_tree
from papertui.core.labels import ASCII, Glyphs
from papertui.core.library_tree import Branch, Grouping, Leaf, Row
from papertui.storage.drafts import Draft
from papertui.storage.edits import new_section
from papertui.storage.store import Store
from papertui.tui.screens.library_state import LibraryState
from tests.conftest import TODAY

ATTENTION, ADAM, RESNET = "vaswani2017attention", "kingma2014adam", "he2015deep"


@pytest.fixture
def state(store: Store) -> LibraryState:
    return recalled(store)


def recalled(store: Store) -> LibraryState:
    state = LibraryState(store, lambda: TODAY)
    state.recall()
    state.load_branches()
    return state


def row_at(state: LibraryState, key: str | None) -> Row:
    return next(row for row in state.tree_rows().rows if row.key == key)


def test_a_new_reader_sees_open_lists_and_closed_sections(state: LibraryState) -> None:
    rows, cursor, _, _ = state.tree_rows()
    assert cursor is None
    assert all(row.open == (row.level == 0) for row in rows if isinstance(row.node, Branch))


def test_a_work_is_signed_if_it_has_a_note_is_queued_or_waits(
    store: Store, state: LibraryState
) -> None:
    store.record(journal.save_note(ATTENTION, "n", "words"), journal.queue(ATTENTION, 1.0))
    store.record(journal.queue(ADAM, 2.0))
    draft = Draft("d", ADAM, "m", (), "more")
    assert state.signs([draft], Glyphs()) == {ATTENTION: "✎≡", ADAM: "≡‖"}
    assert state.signs([draft], ASCII) == {ATTENTION: "[nq]", ADAM: "[qw]"}


def test_the_cursor_goes_to_the_row_that_an_act_concerned() -> None:
    branches = [Branch(n, None, "l", f"l/{n}", f"{n}", 0, 3) for n in (1, 2, 3)]
    leaves = {
        n: [Leaf(n, at, work, work, "paper", None, "", 0, None, False) for at, work in works]
        for n, works in enumerate((enumerate("ab"), enumerate("ba"), enumerate("c")), 1)
    }
    rows = library_tree.visible_rows(branches, leaves, {branch.path for branch in branches})
    assert [row.key for row in rows] == [
        "l/1", "1:a", "1:b", "l/2", "2:b", "2:a", "l/3", "3:c",
    ]  # fmt: skip

    def goes(cursor: int, works: str, *sections: str) -> str | None:
        at = library_tree.row_concerned(rows, cursor, works, sections)
        return None if at is None else rows[at].key

    # The section of the act comes before that of the cursor, and that before what is nearer.
    assert goes(0, "a", "l/2") == "2:a"
    assert goes(3, "a") == "2:a"
    assert goes(2, "a") == "1:a"
    assert goes(7, "b") == "2:b"
    # The first work that has a row, not that of a section; a section only without works.
    assert goes(0, "xca", "l/2") == "3:c"
    assert goes(0, "x", "l/2") is None
    assert goes(0, "", "l/2") == "l/2"
    assert library_tree.row_concerned([], 0, "a", ()) is None


@pytest.mark.parametrize("grouping", [g for g in Grouping if g is not Grouping.QUEUE])
def test_another_grouping_keeps_the_work_under_the_cursor(
    state: LibraryState, grouping: Grouping
) -> None:
    work = row_at(state, state.go_to(ATTENTION)).node
    state.group_by(grouping)
    regrouped = row_at(state, state.key_of(work)).node
    assert isinstance(regrouped, Leaf)
    assert regrouped.work == ATTENTION


def test_a_grouping_without_the_work_names_no_row_and_the_queue_is_open(
    store: Store, state: LibraryState
) -> None:
    store.record(journal.queue(ADAM, 1))
    work = row_at(state, state.go_to(ATTENTION)).node
    state.group_by(Grouping.QUEUE)
    assert state.key_of(work) is None
    assert [row.node.work for row in state.tree_rows().rows if isinstance(row.node, Leaf)] == [ADAM]


def test_an_empty_tree_keeps_the_place_for_the_rows_that_come_back(
    store: Store, state: LibraryState
) -> None:
    place = state.go_to(ATTENTION)
    state.filter = {library_tree.STATUS: frozenset({"parked"})}
    state.load_branches()
    assert state.tree_rows(None, place).rows == []
    assert state.tree_rows().rows == []
    state.save(None)
    for back in (recalled(store), state):
        back.filter = library_tree.EVERYTHING
        back.load_branches()
        assert back.tree_rows().cursor == place
        assert back.tree_rows().cursor is None


def test_a_filter_that_hides_the_work_gives_way_but_the_grouping_stays(
    state: LibraryState,
) -> None:
    state.grouping, state.filter = Grouping.YEAR, {library_tree.KIND: frozenset({"video"})}
    state.load_branches()
    assert state.chips == ("kind: video",)
    node = row_at(state, state.go_to(ATTENTION)).node
    assert isinstance(node, Leaf)
    assert node.work == ATTENTION
    assert state.grouping is Grouping.YEAR
    assert not state.filter
    assert not state.chips


def test_a_filter_that_shows_the_work_stays(state: LibraryState) -> None:
    state.filter = {library_tree.KIND: frozenset({"paper"})}
    assert state.go_to(ATTENTION)
    assert state.filter


def test_the_queue_gives_way_to_the_lists_for_a_work_outside_it(state: LibraryState) -> None:
    state.group_by(Grouping.QUEUE)
    assert state.go_to(ATTENTION)
    assert state.grouping is Grouping.LISTS


def test_an_unknown_work_changes_nothing(state: LibraryState) -> None:
    before = state.tree_rows()
    assert state.go_to("nobody2020nothing") is None
    assert state.tree_rows() == before


def test_the_row_of_a_parked_work_stays_under_its_section_while_that_is_shown(
    store: Store, state: LibraryState
) -> None:
    state.filter = {library_tree.STATUS: frozenset({"to read"})}
    key = state.go_to(ATTENTION) or ""
    shown = state.tree_rows(key).rows
    at = [row.key for row in shown].index(key)
    leaves = [row.node for row in shown if isinstance(row.node, Leaf)]
    (section,) = (leaf.branch for leaf in leaves if leaf.work == ATTENTION)
    beside = [leaf.work for leaf in leaves if leaf.branch == section]

    def park(works: list[str]) -> list[str]:
        store.record(*[journal.park(work, None) for work in works])
        state.load_branches()
        state.stay(shown[at], shown[at - 1].key)
        return [row.key for row in state.tree_rows().rows]

    assert key in park([ATTENTION])
    # Without its section, it would stand under another one.
    assert key not in park(beside)


def test_a_list_that_is_no_longer_there_leaves_the_filter(
    store: Store, state: LibraryState
) -> None:
    state.filter = {
        library_tree.LIST: frozenset({"no-such-list"}),
        library_tree.KIND: frozenset({"video", "no such kind"}),
    }
    state.load_branches()
    assert state.filter == {library_tree.KIND: frozenset({"video"})}
    state.filter = {library_tree.LIST: frozenset({"no-such-list"})}
    state.load_branches()
    assert state.filter == {}
    assert state.branches == recalled(store).branches


def test_grouping_filter_open_branches_and_place_are_remembered(
    store: Store, state: LibraryState
) -> None:
    state.filter = {library_tree.KIND: frozenset({"video"})}
    state.group_by(Grouping.YEAR)
    decade = state.branches[0]
    state.toggle(decade)
    state.save(decade.path)
    again = recalled(store)
    assert (again.grouping, again.filter) == (Grouping.YEAR, state.filter)
    rows, cursor, _, _ = again.tree_rows()
    assert cursor == decade.path
    assert [row.node for row in rows if row.open] == [decade]
    assert again.tree_rows().cursor is None


def test_a_search_shows_matches_in_their_sections_and_stays_on_the_picked_one(
    state: LibraryState,
) -> None:
    state.open_search("where it began")
    state.searched = "attention"
    rows, cursor, works, ranked = state.found_rows(thorough=True)
    matches = [row for row in rows if isinstance(row.node, Leaf)]
    assert ranked
    assert works == len(matches) > 2
    assert cursor == matches[0].key
    assert all(row.open for row in rows if isinstance(row.node, Branch))
    state.picked = matches[2].key
    state.searched = "attention "
    assert state.found_rows(thorough=True).cursor == matches[2].key
    state.searched = "residual"
    assert state.found_rows(thorough=True).cursor != matches[2].key


def test_a_search_ends_where_it_began_and_so_does_papertui_when_left_in_it(
    store: Store, state: LibraryState
) -> None:
    place = state.go_to(RESNET)
    state.open_search(place)
    state.searched = "attention"
    state.save("a match")
    assert recalled(store).tree_rows().cursor == place
    assert state.close_search() == place
    assert not state.is_searching
    assert state.searched_words == []


def test_the_items_of_a_list_are_those_of_all_its_sections(state: LibraryState) -> None:
    whole = next(branch for branch in state.branches if branch.parent is None)
    section = next(branch for branch in state.branches if branch.parent == whole.id)
    within = {leaf.work for leaf in state.leaves_within(section)}
    assert within < {leaf.work for leaf in state.leaves_within(whole)}
    assert state.list_of(state.leaves_within(section)[0]) == state.list_of(whole) == whole.list


def test_a_filter_that_was_cleared_comes_back_however_it_was_cleared(state: LibraryState) -> None:
    videos = {library_tree.KIND: frozenset({"video"})}
    assert not state.toggled_filter()
    state.filter = videos
    assert not state.toggled_filter()
    state.filter = state.toggled_filter()
    assert state.toggled_filter() == videos
    state.filter = videos
    state.go_to(ATTENTION)
    assert not state.filter
    assert state.toggled_filter() == videos


def test_a_search_for_the_letters_of_a_tag_knows_the_tag(store: Store, state: LibraryState) -> None:
    store.record(journal.tag(ATTENTION, ["Überblick", "to-cite"], []))
    letters = {"": "", "u": "", "ub": "Überblick", "überb": "Überblick", "überblicke": ""}
    letters |= {"to-": "to-cite", "cite": "", "#to": "", "x to": ""}
    for searched, tag in letters.items():
        state.searched = searched
        assert state.tag_like() == tag, searched


def test_the_list_of_up_next_is_taken_back_by_choosing_it_again(
    store: Store, state: LibraryState
) -> None:
    first, second, third = (key for key, _ in store.tree.lists())
    assert state.focus_on(first) == first
    assert state.focus_on(third) == third
    assert state.focus_on(second) == second == store.up_next.focus()
    assert state.focus_on(second) == third == store.up_next.focus()
    assert state.focus_on(second) == second
    # After a restart, the list that papertui begins with is the one before.
    assert recalled(store).focus_on(second) == first


def test_a_letter_is_named_while_the_row_that_it_stands_for_is_there(
    store: Store, state: LibraryState
) -> None:
    made, path = new_section(store, "Mine")
    store.record(made, journal.add_work("mine", {"title": "Mine alone", "kind": "paper"}))
    state.load_branches()
    state.set_place("s", path)
    state.set_place("w", "1:mine")
    assert state.place_titles() == {"s": "Mine", "w": "Mine alone"}
    store.undo(store.last_act())
    state.load_branches()
    assert state.place_titles() == {}
    store.redo()
    store.record(journal.merge_works("mine", ATTENTION))
    state.load_branches()
    assert state.place_titles() == {"s": "Mine", "w": "Attention Is All You Need"}
    assert (state.go_to_row(state.place_at("w")) or "").endswith(f":{ATTENTION}")
