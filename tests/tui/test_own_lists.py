"""Own lists in the app: works moved and removed, lists and sections made and changed, by keys."""

import time
from collections.abc import Callable
from typing import TypeVar, cast

import pytest

from papertui.core import journal
from papertui.storage import edits
from papertui.storage.database import Busy
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens.library import LibraryScreen
from papertui.tui.widgets.tree import LibraryTree
from tests.conftest import TODAY
from tests.support.parsed_lists import import_of
from tests.support.screen import SMALL, WIDE, find, look, press, type_in, wait_for

Make = Callable[[], PaperTui]
MINE, ONE, TWO = "mine-00000001", "one-00000001", "two-00000001"
WORKS = {
    ONE: {"title": "Folding maps", "kind": "paper"},
    TWO: {"title": "Cutting maps", "kind": "paper"},
}
NARROW = (40, 24)
PAPER = f"{import_of('Maps', {}, {}).data['list']['key']}/Paper"
T = TypeVar("T")


@pytest.fixture(autouse=True)
def own_works(store: Store) -> None:
    store.record(import_of("Maps", {"Paper": [ONE, TWO], "Cloth": []}, WORKS))
    change, _ = edits.new_section(store, "Reading group")
    store.record(change)
    store.record(journal.add_work(MINE, {"title": "My own work", "kind": "paper"}))
    for _ in store.catch_up():
        pass


def when_free(read: Callable[[], T]) -> T:
    """Return what `read` asks the store, again while new works are made searchable."""
    for _ in range(500):
        try:
            return read()
        except Busy:
            time.sleep(0.02)
    return read()


def titles(store: Store, work: str) -> list[tuple[str, ...]]:
    return when_free(lambda: [place.titles for place in store.works.places(work)])


def own_sections(store: Store) -> list[str]:
    return when_free(lambda: [*edits.own_sections(store).values()])


@pytest.mark.parametrize("size", [SMALL, WIDE, NARROW])
async def test_a_work_is_moved_by_picking_a_list(
    make: Make, store: Store, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        await find(pilot, "folding")
        screen = await look(pilot, "m")
        assert "Move Fold" in screen
        assert "Reading group" in screen
        screen = await look(pilot, *"read")
        assert "Maps › Cloth" not in screen
        assert "Moved to Reading group" in await look(pilot, "enter")
        assert titles(store, ONE) == [("Reading group",)]
        await press(pilot, "u")
        assert titles(store, ONE) == [("Maps", "Paper")]
        assert "Done again: move of" in await look(pilot, "ctrl+r")


@pytest.mark.parametrize(("words", "beside"), [("folding", "Cutting"), ("cutting", "Folding")])
async def test_the_cursor_is_on_a_work_beside_one_that_leaves_its_section(
    make: Make, words: str, beside: str
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, words)
        await press(pilot, "m", *"read", "enter")
        assert f"Logged: first pass of {beside} maps" in await look(pilot, "1")
        await press(pilot, "m", *"read", "enter")
        # Without one it is on the heading, rather than on that of another section.
        assert "Another name for Paper" in await look(pilot, "E")


async def test_marked_works_are_moved_from_wherever_each_is(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        for words in ("folding", "my own"):
            await find(pilot, words)
            await press(pilot, "space")
        assert "Move 2 works to which of your lists?" in await look(pilot, "m")
        assert "Moved to Reading group: 2 works" in await look(pilot, *"read", "enter")
        assert titles(store, ONE) == titles(store, MINE) == [("Reading group",)]
        await press(pilot, "u")
        assert titles(store, ONE) == [("Maps", "Paper")]
        # One that would stay in a list of papertui is copied, and with it the others.
        await find(pilot, "attention is all")
        assert "Copy 3 works" in await look(pilot, "V", "space", "m")
        screen = await look(pilot, *"paper", "enter")
        assert "Paper: 2 works; 1 had a place there already" in screen


async def test_a_marked_work_leaves_the_section_in_which_it_was_marked(
    make: Make, store: Store
) -> None:
    (group,) = [path for path, name in edits.own_sections(store).items() if name == "Reading group"]
    for work in (ONE, TWO):
        store.record(*edits.placing(store, work, group))
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "folding")
        library = cast("LibraryScreen", app.screen)
        assert library.section
        marked_in = library.section.title
        left = ("Maps", "Paper") if marked_in == "Paper" else ("Reading group",)
        await press(pilot, "space")
        # The cursor goes to another section that holds the work.
        library.go_to_section(group if marked_in == "Paper" else PAPER)
        await press(pilot, "j", "m", *"cloth", "enter")
        assert left not in titles(store, ONE)
        assert len(titles(store, ONE)) == 2
        assert ("Maps", "Cloth") in titles(store, ONE)


async def test_arrows_choose_among_the_lists(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "my own")
        screen = await look(pilot, "m", "f1")
        for does in ("⏎    Give this answer", "↓    Select the next", "↑    Select the previous"):
            assert does in screen
        # Tab does nothing there: the next letter is typed.
        assert "enter makes the list q" in await look(pilot, "escape", "tab", "q")
        assert "Select the next" not in await look(pilot, "f1")
        await press(pilot, "escape", "backspace")
        await press(pilot, "down", "down", "down", "down", "up", "down", "enter")
        assert titles(store, MINE) == [("Reading group",)]


async def test_the_list_whose_whole_name_is_typed_comes_first_and_a_new_one_can_be_made(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "my own")
        # There is a longer name that begins so.
        assert "make the list Read instead" in await look(pilot, "m", *"Read")
        await press(pilot, "down", "enter")
        assert titles(store, MINE) == [("Read",)]
        await find(pilot, "folding")
        await press(pilot, "m", *"read", "enter")
        assert titles(store, ONE) == [("Read",)]
        # A part of the name of the list that it is in is no choice, but may be a new name.
        await find(pilot, "folding")
        await press(pilot, "m", *"Quartz", "enter")
        await find(pilot, "folding")
        screen = await look(pilot, "m", *"artz", "enter")
        assert "It is in Quartz already. Move Fold" in " ".join(screen.split())
        assert "make the list artz instead" in screen
        await press(pilot, "escape")
        await find(pilot, "cutting")
        assert "Moved to Maps › Cloth" in await look(pilot, "m", *"maps/cloth", "enter")


async def test_a_new_name_makes_a_list_and_one_undo_takes_both_back(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "m")
        # A paste of several lines is one.
        await type_in(pilot, "Spring\n  seminar\n")
        assert "enter makes the list Spring seminar" in await look(pilot)
        assert "to the new list Spring seminar: Attention" in await look(pilot, "enter")
        assert ("Spring seminar",) in titles(store, "vaswani2017attention")
        # A part of the name of that list makes no other one.
        assert "already in Spring seminar" in await look(pilot, "m", *"seminar", "enter")
        # What was refused stays, to be mended.
        refused = await look(pilot, "ctrl+u", *"tides/", "enter")
        assert "A name has at least one letter" in refused
        assert "tides/" in refused
        assert "to which of your lists?" in await look(pilot, "o")
        # A list that is not there is made with its section, and goes with it.
        assert "enter makes tides › one" in await look(pilot, *"ne")
        assert "to the new list tides › one" in await look(pilot, "enter")
        assert ("tides", "one") in titles(store, "vaswani2017attention")
        await press(pilot, "u")
        assert "tides" not in own_sections(store)
        await press(pilot, "u")
        assert ("Spring seminar",) not in titles(store, "vaswani2017attention")
        assert "Seminar" not in own_sections(store)


async def test_leaving_the_choice_changes_nothing(make: Make, store: Store) -> None:
    events = store.events()
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        assert "which of your lists" not in await look(pilot, "m", "escape")
    assert store.events() == events


@pytest.mark.parametrize("size", [SMALL, NARROW])
async def test_a_work_is_added_to_the_own_section_under_the_cursor(
    make: Make, store: Store, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        await find(pilot, "folding")
        assert "Add a work to Paper" in await look(pilot, "plus")
        await type_in(pilot, "Pressing maps")
        screen = await look(pilot, "enter")
        assert "Added to Paper: Pressing maps" in screen
        (work,) = [work for work, _ in store.own_lists.items(PAPER) if work not in WORKS]
        assert titles(store, work) == [("Maps", "Paper")]
        assert "Undone: adding Pressing maps to Paper" in " ".join((await look(pilot, "u")).split())
        assert not titles(store, work)
        await press(pilot, "ctrl+r")
        assert titles(store, work) == [("Maps", "Paper")]
        assert "Pressing maps" in await look(pilot)
        # A work that is known already is copied there, once.
        await find(pilot, "pressing")
        for said in ("Known already, copied to Paper", "Known already: "):
            await press(pilot, "plus")
            await type_in(pilot, "arXiv:1706.03762")
            assert said in await look(pilot, "enter")
        assert ("Maps", "Paper") in titles(store, "vaswani2017attention")


async def test_a_work_is_added_to_the_added_ones_outside_own_lists_and_from_keep_up(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "attention is all")
        for keys, title in (((), "One more"), (("e",), "Another")):
            screen = await look(pilot, *keys, "plus")
            assert "Add a work " in screen
            assert "Add a work to" not in screen
            await type_in(pilot, title)
            assert f"Added: {title}" in await look(pilot, "enter")
            await find(pilot, "folding")
        sections = {path: store.own_lists.items(path) for path in ("added", PAPER)}
    assert [len(items) for items in sections.values()] == [3, 2]


@pytest.mark.parametrize("key", ["X", "delete"])
async def test_a_work_is_removed_and_the_message_says_where_it_is(
    make: Make, store: Store, key: str
) -> None:
    store.record(journal.save_note(ONE, "n", "words"))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "folding")
        assert "Removed: Folding maps; you have done something with it, so it is in Unlisted" in (
            await look(pilot, key)
        )
        await find(pilot, "folding")
        screen = await look(pilot, key)
        assert "from the library? what you did with it, 1 note, comes back only with it" in screen
        assert titles(store, ONE) == [("Unlisted",)]
        assert "Removed: Folding maps" in await look(pilot, "y")
        assert when_free(lambda: store.works.work(ONE)) is None
        await press(pilot, "u")
        assert len(when_free(lambda: store.reading_log.work(ONE)).notes) == 1
        assert titles(store, ONE) == [("Unlisted",)]
        # The cursor is on what came back, and stays where it is if nothing did.
        assert "Starred: Folding maps" in await look(pilot, "asterisk")
        assert "the cursor" not in await look(pilot, "g", "u")
        assert "Starred: Folding maps" not in await look(pilot, "asterisk")


async def test_marked_works_are_taken_out_of_their_lists_in_one_act(
    make: Make, store: Store
) -> None:
    store.record(*edits.placing_in_new_list(store, {"he2015deep": None}, "Quartz"))
    store.record(journal.log_pass(ONE, 2, TODAY))
    async with make().run_test(size=WIDE) as pilot:
        for name in ("folding", "cutting"):
            await find(pilot, name)
            await press(pilot, "space")
        removed = " ".join((await look(pilot, "X")).split())
        assert (
            "2 works; 1 work no longer in the library; 1 work that you acted on now in" in removed
        )
        assert "works marked" not in removed
        assert titles(store, ONE) == [("Unlisted",)]
        assert when_free(lambda: store.works.work(TWO)) is None
        assert "Undone: removal of 2 works from Paper" in await look(pilot, "u")
        assert titles(store, ONE) == titles(store, TWO) == [("Maps", "Paper")]
        # One that cannot be taken out keeps all.
        await find(pilot, "attention is all")
        await press(pilot, "V", "space")
        said = "In no list of yours, or in several: Attention Is All You Need; space unmarks one"
        assert said in " ".join((await look(pilot, "X")).split())
        await press(pilot, "escape", "escape")
        await find(pilot, "attention is all")
        await press(pilot, "space")
        await find(pilot, "adam")
        assert "The lists of papertui stay as they are" in await look(pilot, "space", "X")
        await press(pilot, "escape", "escape")
        assert titles(store, ONE) == titles(store, TWO) == [("Maps", "Paper")]
        # What was done with a work is asked about before it leaves the library.
        await find(pilot, "folding")
        await press(pilot, "X")
        for name in ("folding", "cutting"):
            await find(pilot, name)
            await press(pilot, "space")
        question = " ".join((await look(pilot, "X")).split())
        assert "Remove 2 works from the library? what you did with 1 of them, comes" in question
        assert "works marked" in await look(pilot, "n")
        assert titles(store, ONE) == [("Unlisted",)]
        await press(pilot, "X", "y")
        assert when_free(lambda: store.works.work(ONE)) is None
        assert "Undone: removal of 2 works from your lists" in await look(pilot, "u")


async def test_marked_works_in_several_lists_stay_where_no_list_is_in_view(
    make: Make, store: Store
) -> None:
    store.record(*edits.placing_in_new_list(store, {ONE: None, TWO: None}, "Quartz"))
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "v", "y")
        for name in ("folding", "cutting"):
            await find(pilot, name)
            await press(pilot, "space")
        assert "In no list of yours, or in several: 2 works" in await look(pilot, "X")
        assert titles(store, ONE) == titles(store, TWO) == [("Maps", "Paper"), ("Quartz",)]


async def test_removing_many_marked_works_asks(make: Make, store: Store) -> None:
    works = {f"w-{n}": {"title": f"Sheet {n}", "kind": "paper"} for n in range(5)}
    store.record(import_of("Sheets", {"Paper": [*works]}, works))
    for _ in store.catch_up():
        pass
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "sheet 3")
        await press(pilot, "h", "space")
        assert "Remove 5 works?" in await look(pilot, "X")
        assert "works marked" in await look(pilot, "n")
        assert "5 works; 5 works no longer in the library" in await look(pilot, "X", "y")
        assert "Undone: removal of 5 works from Paper" in await look(pilot, "u")


async def test_the_page_of_a_work_that_is_taken_out_gives_way_to_the_tree(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        assert "In lists" in await look(pilot, "tab")
        screen = await look(pilot, "X")
        assert "Removed: Folding maps" in screen
        assert "▾ Maps" in screen


@pytest.mark.parametrize("keys", ["X", "delete"])
async def test_shipped_works_and_lists_stay(make: Make, store: Store, keys: str) -> None:
    events = store.events()
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, keys)
        await wait_for(pilot, "The lists of papertui stay as they are")
        await press(pilot, "g", keys)
        await wait_for(pilot, "The lists of papertui stay as they are")
        for key in "EJ":
            await press(pilot, "p", "escape", key)
            await wait_for(pilot, "The lists of papertui stay as they are")
    assert store.events() == events


async def test_lists_and_sections_are_made_renamed_and_removed(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "g", "A")
        await type_in(pilot, "Seminar")
        made = " ".join((await look(pilot, "enter")).split())
        assert "New list: Seminar · + there adds a work to it · m on a work moves that here" in made
        assert "Make a section of Seminar, or a list?" in await look(pilot, "A")
        assert "New section of Seminar" in await look(pilot, "s")
        await type_in(pilot, "Optics")
        assert "New section: Seminar › Optics" in await look(pilot, "enter")
        await press(pilot, "E", "ctrl+u")
        await type_in(pilot, "Lenses")
        assert "Optics is now Lenses" in await look(pilot, "enter")
        assert "Nothing has changed" in await look(pilot, "E", "enter")
        assert "Seminar › Lenses" in own_sections(store)
        assert "Undone: renaming the section Optics to Lenses" in await look(pilot, "u")
        assert "Removed: Optics" in await look(pilot, "X")
        assert "Seminar › Optics" not in own_sections(store)
        undone = await look(pilot, "g", "u")
        assert "Undone: removal of the section Optics · the cursor is on it" in undone
        assert "Seminar › Optics" in own_sections(store)


async def test_a_slash_parts_a_list_from_its_section_and_the_message_says_so(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "A")
        await type_in(pilot, "I/O papers")
        assert "New list: I › O papers" in await look(pilot, "enter")
        await press(pilot, "g", "A")
        await type_in(pilot, "I/Tapes")
        assert "New section: I › Tapes" in await look(pilot, "enter")
        await press(pilot, "g", "A")
        await type_in(pilot, "/Tapes")
        assert "New list: /Tapes" in await look(pilot, "enter")
    assert {"I", "I › O papers", "I › Tapes", "/Tapes"} <= {*own_sections(store)}


async def test_a_new_list_is_in_view_though_a_filter_would_hide_it(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "f", "j", "space", "escape", "A", *"Gems", "enter")
        said = " ".join((await look(pilot)).split())
        assert "New list: Gems" in said
        assert "the filter hid it and is cleared" in said
        row = pilot.app.screen.query_one(LibraryTree).row
        assert row
        assert row.node.title == "Gems"


async def test_a_pass_that_a_count_before_a_move_logged_is_told_of(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        said = " ".join((await look(pilot, "3", "J")).split())
        assert "Moved: Folding maps; before that, logged: third pass" in said
        assert "logged" not in await look(pilot, "K")


async def test_a_logged_pass_is_told_of_also_where_the_work_cannot_move(make: Make) -> None:
    async with make().run_test(size=(100, 24)) as pilot:
        await find(pilot, "folding")
        said = " ".join((await look(pilot, *"JJJJJJJJJ3J")).split())
        assert "Already the last: Folding maps; before that, logged: third pass" in said


async def test_a_logged_pass_is_told_of_also_where_the_order_is_another(make: Make) -> None:
    async with make().run_test(size=(100, 24)) as pilot:
        await press(pilot, "z", "t")
        await find(pilot, "folding")
        said = " ".join((await look(pilot, "3", "J")).split())
        assert "Sorted by title" in said
        assert "; before that, logged: third pass." in said
        assert "logged" not in await look(pilot, "J")


@pytest.mark.parametrize("view", ["l", "q"])
async def test_a_work_moves_past_what_the_filter_shows(make: Make, store: Store, view: str) -> None:
    works = ["vaswani2017attention", "kingma2014adam", "he2015deep"]
    store.record(*edits.placing_in_new_list(store, dict.fromkeys(works), "Three"))
    store.record(*[journal.queue(work, float(at)) for at, work in enumerate(works)])
    store.record(journal.log_pass(works[1], 1, TODAY), journal.queue(works[1], 1.0))
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "f", "space", "escape", "v", view, "G")
        tree = pilot.app.screen.query_one(LibraryTree)
        while view == "l" and tree.row and tree.row.node.title != "Three":
            await press(pilot, "left_square_bracket")
        if view == "l":
            await press(pilot, "j", "j")
        assert "Moved: Deep" in (screen := await look(pilot, "K")) or "Number 1" in screen
        (path,) = [path for path, name in edits.own_sections(store).items() if name == "Three"]
        order = store.own_lists.items(path) if view == "l" else store.reading_log.queue()
        assert next(work for work, _ in order) == "he2015deep"


async def test_a_work_is_removed_from_the_list_that_is_named_where_none_is_in_view(
    make: Make, store: Store
) -> None:
    store.record(journal.queue(ONE, 1.0))
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        await press(pilot, "m", *"Quartz", "enter", "v", "q")
        assert "Removed from Quartz: Folding maps" in await look(pilot, "X")
        await press(pilot, "u")
        for name in ("Agate", "Basalt"):
            store.record(*edits.placing_in_new_list(store, {ONE: None}, name))
        screen = await look(pilot, "X")
        assert "Remove Folding maps from which of your lists?" in " ".join(screen.split())
        assert "Quartz" in screen
        assert "Removed from Basalt: Folding maps" in await look(pilot, *"bas", "enter")
    assert [place[0] for place in titles(store, ONE)] == ["Quartz", "Agate"]


async def test_removing_a_list_with_works_asks_and_names_it(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        screen = await look(pilot, "h", "h", "h", "X")
        assert "Remove Maps with 2 works, 2 of them from the library too?" in screen
        await press(pilot, "n")
        assert titles(store, ONE) == [("Maps", "Paper")]
        removed = await look(pilot, "X", "y")
        assert "Removed: Maps; 2 works no longer in the library" in removed
        assert "Unlisted" not in removed
        assert when_free(lambda: store.works.work(ONE)) is None
        await press(pilot, "u")
        assert titles(store, ONE) == [("Maps", "Paper")]
        store.record(journal.log_pass(ONE, 1, TODAY))
        said = " ".join((await look(pilot, "h", "X", "y")).split())
        assert "1 work that you acted on now in Unlisted" in said


async def test_a_name_that_is_taken_keeps_the_question_open(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "g", "A")
        await type_in(pilot, "reading group")
        assert "is there already" in await look(pilot, "enter")
        await press(pilot, "2")
        assert "New list: reading group2" in await look(pilot, "enter")


async def test_works_sections_and_lists_are_moved_up_and_down(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        assert "Moved: Folding maps" in await look(pilot, "J")
        assert "Already the last: Folding maps" in await look(pilot, "J")
        assert "Moved: Folding maps" in await look(pilot, "K")
        await press(pilot, "h", "h", "h", "J")
        lists = [name for name in own_sections(store) if " › " not in name]
        assert lists == ["Reading group", "Maps"]


async def test_keys_in_one_write_act_one_after_the_other(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "folding")
        await press(pilot, "m", *"read", "enter", "X", "u", "u")
        assert titles(store, ONE) == [("Maps", "Paper")]
