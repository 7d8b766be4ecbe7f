"""Sorting, counts, jump labels and remembered rows of the library."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal
from papertui.core.library_tree import Grouping, Leaf, Order, TreeQuery
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens.library import LibraryScreen
from papertui.tui.widgets.marked_tree import jump_labels
from tests.conftest import TODAY
from tests.support.screen import SMALL, WIDE, find, look, press, screen_text

ATTENTION, ADAM, RESNET = "vaswani2017attention", "kingma2014adam", "he2015deep"
Make = Callable[[], PaperTui]


def sorted_works(store: Store, order: Order, grouping: Grouping = Grouping.LISTS) -> list[Leaf]:
    query = TreeQuery(TODAY, grouping, order=order)
    ids = [branch.id for branch in store.tree.branches(query)]
    return next(iter(store.tree.leaves(query, ids).values()))


def under_cursor(app: object) -> str:
    screen = app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, LibraryScreen)
    assert screen.node
    return screen.node.title


@pytest.mark.parametrize("grouping", Grouping)
@pytest.mark.parametrize("order", Order)
def test_an_order_changes_the_places_of_works_and_nothing_else(
    store: Store, order: Order, grouping: Grouping
) -> None:
    store.record(journal.queue(ADAM, 1), journal.queue(RESNET, 2), journal.park(ATTENTION, None))
    works = sorted_works(store, order, grouping)
    own = sorted_works(store, Order.OWN, grouping)
    assert {leaf.work for leaf in works} == {leaf.work for leaf in own}


def test_works_are_sorted_by_what_is_known_of_them_the_others_last(store: Store) -> None:
    store.record(journal.log_pass(ADAM, 1, TODAY))
    assert sorted_works(store, Order.READ)[0].work == ADAM
    assert sorted_works(store, Order.READ)[0].extra == "today"
    titles = [leaf.title.lower() for leaf in sorted_works(store, Order.TITLE)]
    assert titles == sorted(titles)
    years = [int(leaf.extra) for leaf in sorted_works(store, Order.YEAR)]
    assert years == sorted(years)
    cited = [leaf.extra.replace(",", "") for leaf in sorted_works(store, Order.CITATIONS)]
    known = [int(count) for count in cited if count]
    assert known == sorted(known, reverse=True)
    assert cited[: len(known)] == list(map(str, known))


async def test_a_grouping_remembers_its_order(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        assert "Lists by year" in await look(pilot, "z", "y")
        assert "Status by" not in await look(pilot, "v", "s")
        assert "Sorted by year" in await look(pilot, "v", "l", "J")
        await press(pilot, "q")
    async with make().run_test(size=WIDE) as pilot:
        assert "Lists by year" in await look(pilot)
        assert "by year" not in await look(pilot, "z", "o")


async def test_a_number_says_how_often_the_next_key_goes(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "learning representations")
        await press(pilot, "g", "5", "j")
        fifth = under_cursor(pilot.app)
        await press(pilot, "g", "j", "j", "j", "j", "j")
        assert under_cursor(pilot.app) == fifth
        await press(pilot, "g", "0", "1", "2", "j")
        twelfth = under_cursor(pilot.app)
        await press(pilot, "g", *["j"] * 12)
        assert under_cursor(pilot.app) == twelfth
        await press(pilot, "6", "G")
        assert under_cursor(pilot.app) == fifth
        assert store.count() == 0


async def test_half_a_page_down_and_up_comes_back(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "adam")
        before = under_cursor(pilot.app)
        await press(pilot, "ctrl+d")
        assert under_cursor(pilot.app) != before
        await press(pilot, "ctrl+u")
        assert under_cursor(pilot.app) == before
        assert "Type a number" in await look(pilot, "question_mark", "slash", "5")


async def test_escape_forgets_a_number_and_the_digits_of_commands_still_act(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        assert "5 times" in await look(pilot, "5")
        await press(pilot, "escape", "1")
        assert store.reading_log.work(ADAM).depth == 1


async def test_a_work_moves_in_the_queue_by_a_number_and_no_further_than_its_end(
    make: Make, store: Store
) -> None:
    store.record(*[journal.queue(work, n) for n, work in enumerate((ATTENTION, ADAM, RESNET))])
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Number 3 in the queue" in await look(pilot, "9", "J")
        assert [work for work, _ in store.reading_log.queue()] == [ADAM, RESNET, ATTENTION]
        assert "Already the last" in await look(pilot, "4", "J")


@given(st.integers(0, 26 * 26))
def test_letters_of_rows_are_different_and_none_is_the_beginning_of_another(number: int) -> None:
    labels = jump_labels(number)
    assert len(labels) == len(set(labels)) == number
    assert all(len(label) <= 2 for label in labels)
    singles = {label for label in labels if len(label) == 1}
    assert not any(label[0] in singles for label in labels if len(label) == 2)


async def test_letters_on_the_rows_jump_to_them(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "adam")
        before = under_cursor(pilot.app)
        assert "Jump: type the letters" in await look(pilot, "semicolon")
        await press(pilot, "escape")
        assert under_cursor(pilot.app) == before
        await press(pilot, "semicolon", "s")
        assert under_cursor(pilot.app) == "Foundations"
        assert "Jump:" not in screen_text(pilot.app)


async def test_a_row_is_remembered_by_a_letter_after_a_restart_too(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        assert "Remembered: ' a goes here" in await look(pilot, "apostrophe", "m", "a")
        await press(pilot, "G")
        assert under_cursor(pilot.app) != "Adam: A Method for Stochastic Optimization"
        await press(pilot, "q")
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "g")
        assert "a Adam" in await look(pilot, "apostrophe")
        await press(pilot, "a")
        assert under_cursor(pilot.app) == "Adam: A Method for Stochastic Optimization"
        screen = await look(pilot, "apostrophe", "x")
        assert "No row is remembered as x. Go to: a Adam" in screen
        await press(pilot, "G", "a")
        assert under_cursor(pilot.app) == "Adam: A Method for Stochastic Optimization"
