"""Several works marked, and what one key does to all of them; tags and stars of one's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from papertui.core import journal
from papertui.storage.edits import work_merge
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.conftest import TODAY
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    look,
    press,
    screen_text,
    type_in,
    wait_for,
)

ATTENTION, ADAM, RESNET = "vaswani2017attention", "kingma2014adam", "he2015deep"
TITLES = {ATTENTION: "attention is all", ADAM: "adam", RESNET: "deep residual"}
Make = Callable[[], PaperTui]


async def mark(pilot: Pilot[int], *works: str) -> str:
    screen = ""
    for work in works:
        await find(pilot, TITLES[work])
        screen = await look(pilot, "space")
    return screen


async def test_one_key_acts_on_all_marked_works_and_one_undo_takes_it_back(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        screen = await mark(pilot, ATTENTION, ADAM, RESNET)
        assert "3 works marked" in screen
        assert "▌ " in screen
        assert "clipboard: 3 citations · @" in await look(pilot, "Y")
        await pilot.resize_terminal(40, 12)
        # What has no room is under the key of help.
        screen = await look(pilot, "V", "escape", "V")
        for key in ("esc takes them off", "a queue", "Y BibTeX", "ctrl+e export", "? more"):
            assert key in screen
        await pilot.resize_terminal(*WIDE)
        screen = await look(pilot, "a")
        assert "Numbers 1 to 3 in the queue: 3 works" in screen
        assert [work for work, _ in store.reading_log.queue()] == [ATTENTION, ADAM, RESNET]
        assert "works marked" not in screen
        assert "Undone: queueing 3 works" in await look(pilot, "u")
        assert not store.reading_log.queue()
        await press(pilot, "V", "a", "V", "ctrl+l")
        await type_in(pilot, "1 600")
        assert "would have 1,800 minutes in all" in " ".join((await look(pilot, "enter")).split())
        await press(pilot, *["backspace"] * 3)
        await type_in(pilot, "30")
        screen = " ".join((await look(pilot, "enter")).split())
        assert "of 3 works, for Fri 20 Nov, 30 min each, 3 out of the queue" in screen
        undone = " ".join((await look(pilot, "u")).split())
        assert "of 3 works, for Fri 20 Nov 2026, 30 min each · " in undone
        await press(pilot, "u")
        assert "3 works marked" in await look(pilot, "V")
        assert "Logged: first pass of 3 works" in await look(pilot, "1")
        assert [store.reading_log.work(work).depth for work in TITLES] == [1, 1, 1]
        assert "Undone: first pass of 3 works, for Fri 20 Nov" in await look(pilot, "u")
        await press(pilot, "V", "m")
        await type_in(pilot, "Week one")
        assert "Copied to the new list Week one: 3 works" in await look(pilot, "enter")
        assert "Undone: new list Week one with 3 works" in await look(pilot, "u")
        # What is done to one work is not done to another than those that are marked.
        await press(pilot, "V")
        # A page has no key that takes marks off, and in a search the keys are letters.
        assert "takes the marks off" not in (screen := await look(pilot, "tab", "M"))
        assert "take the marks off in the tree first" in screen
        for key in ("tab", "slash"):
            screen = await look(pilot, "escape", "V", key)
            assert ("3 works marked" in screen, "takes them off" in screen) == (key == "tab", False)
        await press(pilot, "escape")
        for key in ("M", "J", "E"):
            assert "one work or section at a time: esc takes the marks off" in await look(
                pilot, key
            )


async def test_a_pass_that_some_have_already_is_logged_for_the_others(
    make: Make, store: Store
) -> None:
    store.record(journal.log_pass(ADAM, 1, TODAY))
    async with make().run_test(size=WIDE) as pilot:
        await mark(pilot, ATTENTION, ADAM)
        assert "1 had it already" in await look(pilot, "1")
        assert len(store.reading_log.work(ADAM).readings) == 1
        await press(pilot, "V")
        assert "All of them have that pass already" in await look(pilot, "1")


async def test_a_mark_follows_a_merge_and_the_footer_the_marks(
    make: Make, store: Store, database: Path
) -> None:
    store.record(journal.add_work("mine", {"title": "Mine alone", "kind": "paper"}))
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await find(pilot, "mine alone")
        await press(pilot, "space", "escape", "g")
        assert "log a pass" in (await look(pilot, "V")).split("\n")[-1]
        with Store(database) as other:
            other.undo(other.last_act())
            app._notice_changes()
            assert "log a pass" not in (await look(pilot)).split("\n")[-1]
            other.redo()
            app._notice_changes()
            await find(pilot, "mine alone")
            await press(pilot, "space")
            other.record(work_merge(other, "mine", ADAM))
            app._notice_changes()
        assert "1 work marked" in await look(pilot)
        assert "Tags of Adam" in await look(pilot, "number_sign")


async def test_a_work_that_leaves_the_library_takes_its_mark_along(
    make: Make, store: Store, database: Path
) -> None:
    store.record(journal.add_work("mine", {"title": "Mine alone", "kind": "paper"}))
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await mark(pilot, ATTENTION)
        await find(pilot, "mine alone")
        assert "2 works marked" in await look(pilot, "space")
        with Store(database) as other:
            other.undo(other.last_act())
        app._notice_changes()
        assert "1 work marked" in await look(pilot)
        assert "Tags of Attention" in await look(pilot, "number_sign")
        with Store(database) as other:
            other.redo()
            app._notice_changes()
            await press(pilot, "escape")
            await find(pilot, "mine alone")
            assert "2 works marked" in await look(pilot, "space", "escape", "V")
            await press(pilot, "escape")
            other.undo(other.last_act())
        app._notice_changes()
        assert "1 work marked" in await look(pilot, "V")


async def test_marked_works_are_dropped_taken_up_and_read_before_papertui(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await mark(pilot, ATTENTION, ADAM)
        assert "Why drop 2 works?" in await look(pilot, "x", "d")
        await type_in(pilot, "known")
        assert "Dropped: 2 works" in await look(pilot, "enter")
        assert {store.reading_log.work(work).reason for work in (ATTENTION, ADAM)} == {"known"}
        assert "Taken up again: 2 works" in await look(pilot, "V", "x", "t")
        assert "Undone: taking up 2 works again" in await look(pilot, "u")
        assert "Logged: second pass of 2 works, before" in await look(pilot, "V", "b", "2")


async def test_marks_outlive_a_filter_and_a_grouping_and_escape_takes_them_off(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await mark(pilot, ATTENTION, ADAM)
        # The values of the filter would hide the half of it.
        assert "works marked" not in await look(pilot, "f")
        assert "2 works marked · esc" in await look(pilot, "escape")
        # Those that no row shows are counted.
        assert "2 works marked, 2 out of view · esc" in await look(
            pilot, "f", "j", "space", "escape"
        )
        await press(pilot, "F", "v", "y")
        assert "2 works marked" in await look(pilot, "v", "l")
        assert "works marked" not in await look(pilot, "escape")
        await find(pilot, "adam")
        assert "Starred: Adam" in await look(pilot, "asterisk")
        assert not store.reading_log.work(ATTENTION).is_starred


async def test_a_range_and_a_whole_section_are_marked(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "space", "j")
        assert "works marked" in await look(pilot, "V")
        await press(pilot, "escape", "left", "left")
        screen = await look(pilot, "space")
        assert "works marked" in screen
        # One key alone logs no pass of many works.
        assert "Log a first pass of 9 works, today?" in await look(pilot, "1")
        assert "works marked" in await look(pilot, "n")
        assert "works marked" not in await look(pilot, "k", "space")


async def test_keys_that_are_not_said_to_act_on_marks_act_on_the_work_under_the_cursor(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await mark(pilot, ATTENTION, ADAM)
        await find(pilot, "deep residual")
        await press(pilot, "n")
        await type_in(pilot, "Depth.")
        await press(pilot, "ctrl+s", "escape")
        assert store.reading_log.work(RESNET).notes
        assert not store.reading_log.work(ADAM).notes


async def test_tags_are_asked_for_and_completed(make: Make, store: Store) -> None:
    store.record(journal.tag(ADAM, ["optimizers", "to-cite"]))
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Tags of Attention Is All You Need" in await look(pilot, "number_sign")
        await press(pilot, "t", "tab")
        await type_in(pilot, "#nlp")
        assert "Tagged: Attention Is All You Need, #to-cite, #nlp" in await look(pilot, "enter")
        assert store.reading_log.work(ATTENTION).tags == ("nlp", "to-cite")
        assert "#nlp #to-cite" in screen_text(pilot.app)
        await mark(pilot, ATTENTION, ADAM)
        screen = await look(pilot, "number_sign")
        assert "Tags of 2 works" in screen
        assert "to-cite" in screen
        await press(pilot, "ctrl+u")
        await type_in(pilot, "two words")
        assert "no longer #to-cite" in await look(pilot, "enter")
        assert store.reading_log.work(ADAM).tags == ("optimizers", "two", "words")
        assert "Undone: tags of 2 works" in await look(pilot, "u")
        assert store.reading_log.work(ADAM).tags == ("optimizers", "to-cite")


async def test_a_word_that_is_no_tag_is_asked_for_again(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        await press(pilot, "number_sign")
        await type_in(pilot, "c++")
        assert "is no tag" in await look(pilot, "enter")
        await press(pilot, "escape")
        assert not store.reading_log.work(ADAM).tags


async def test_a_star_is_shown_in_the_tree_and_on_the_page(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        screen = await look(pilot, "asterisk")
        assert "Starred: Adam" in screen
        assert screen.count("★") == 2
        assert "★" not in await look(pilot, "asterisk")


async def test_tags_and_stars_filter_the_tree(make: Make, store: Store) -> None:
    store.record(journal.tag(ADAM, ["Optimizers"]), journal.star(RESNET))
    async with make().run_test(size=(120, 60)) as pilot:
        assert "#Optimizers" in await look(pilot, "f", "h")
        screen = await look(pilot, "space", "enter")
        assert "[tag: #Optimizers]" in screen
        assert "0/1" in screen
        await press(pilot, "F", "f", "h", "h", "space", "enter")
        assert "[star: starred]" in screen_text(pilot.app)


@pytest.mark.parametrize("query", ["#optim", "tag:OPTIM", "adam #optimizers"])
async def test_a_search_finds_the_works_with_a_tag(make: Make, store: Store, query: str) -> None:
    store.record(journal.tag(ADAM, ["Optimizers"]))
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, query)
        screen = await look(pilot)
        assert "1 work found" in screen
        assert "with this tag" not in screen
        await press(pilot, "ctrl+u")
        # The tag without its sign is a word, as any other.
        await type_in(pilot, "optimizers")
        assert "#Optimizers finds those with this tag" in screen_text(pilot.app)
        assert "1 work found, with the tags #Optimizers" in await look(pilot, "ctrl+u", "#")
        # The keys leave the search with the match, and its way out goes with it.
        screen = await look(pilot, "tab")
        assert "Diederik" in screen
        assert "Found" not in screen
        # The page leads back to the search.
        assert "1 work found" in await look(pilot, "escape")
        assert "esc back" not in await look(pilot, "escape")


async def test_marked_works_are_exported_to_a_new_file_whose_path_tab_completes(
    make: Make, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "a long folder").mkdir()
    async with make().run_test(size=WIDE) as pilot:
        await mark(pilot, ATTENTION, ADAM)
        assert "Export 2 works to" in await look(pilot, "ctrl+e")
        await type_in(pilot, str(tmp_path / "a l"))
        await press(pilot, "tab")
        await type_in(pilot, "works.txt")
        assert "End the name with one of .bib" in await look(pilot, "enter")
        await press(pilot, *["backspace"] * 3)
        await type_in(pilot, "bib")
        await press(pilot, "enter")
        await wait_for(pilot, "Exported: 2 works")
    written = (tmp_path / "a long folder" / "works.bib").read_text(encoding="utf-8")
    assert written.count("@") == 2


@pytest.mark.parametrize(
    ("keys", "asks", "file"),
    [
        (("1", "p", "Y"), "Write the year", "x.svg"),
        (("ctrl+e",), "Export", "x.bib"),
        (("I",), "Import a list", "x.md"),
    ],
)
async def test_a_path_that_cannot_be_keeps_the_question_for_it(
    make: Make, store: Store, tmp_path: Path, keys: tuple[str, ...], asks: str, file: str
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "adam")
        assert asks in await look(pilot, *keys)
        for typed, says in (
            (f"~nobody-here/{file}", "~nobody-here is nobody's home folder here"),
            (f"{tmp_path}/none/{file}", "No such file"),
            (f"{tmp_path}/{'x' * 300}{file}", "File name too long"),
        ):
            await press(pilot, "ctrl+u")
            await type_in(pilot, typed)
            await press(pilot, "enter")
            await wait_for(pilot, says)
        assert not list(tmp_path.glob(f"**/*{file}"))


async def test_a_new_list_can_be_made_whose_name_is_part_of_the_only_one(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, TITLES[ADAM])
        await press(pilot, "m", *"Sequence models", "enter", "m")
        screen = await look(pilot, *"seq")
        assert "already in Sequence models" in screen
        assert "make the list seq instead" in screen
        assert "to the new list seq: Adam" in await look(pilot, "down", "enter")
        # A slash behind a name that is typed whole says nothing more.
        await find(pilot, TITLES[RESNET])
        await press(pilot, "m", *"Sequence models/", "enter")
        # So does a section that the work is in already, with the name of its list.
        await press(pilot, "m", *"Sequence models/Old", "enter")
        said = "already in Sequence models › Old"
        assert said in await look(pilot, "m", *"Sequence models/Old", "enter")
        await press(pilot, "escape")
    assert [place.titles[-1] for place in store.works.places(RESNET)][-2:] == [
        "Sequence models",
        "Old",
    ]
