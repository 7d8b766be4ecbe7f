"""What a reader learns in the first minute: the first words, the help, the search for a key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.paper_screen import PaperScreen
from tests.conftest import TODAY
from tests.support.screen import SMALL, WIDE, find, look, press, screen_text, type_in, wait_for
from tests.support.tour import CONFIG, read_a_little, walk

ATTENTION = "vaswani2017attention"
# Labels in the footer that only shorten, or leave out, what the help says of the same keys.
LABELS_ALONE = {
    "rescue.help",
    "tree.choose", "queue-up", "queue-down", "page.follow", "help", "note.preview",
    "session.checklist", "session.finish", "session.pause",
    "recall.again", "recall.hard", "recall.good", "recall.easy",
}  # fmt: skip
Make = Callable[[], PaperTui]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_new_reader_is_told_how_to_log_a_pass_until_one_is_logged(
    make: Make, size: tuple[int, int]
) -> None:
    async with make().run_test(size=size) as pilot:
        screen = await look(pilot)
        first = (
            "1 logs a first pass (10 min) · 2 a second (an hour) · 3 a third (rebuild it)",
            "○ to read · ◔ skimmed · ◑ read · ● reproduced",
            "? explains all signs",
        )
        for words in first:
            assert words in screen
        # Keys that answer a question, or are typed into a search, mean something else.
        for key in ("v", "slash"):
            screen = await look(pilot, key)
            assert not any(words in screen for words in first)
            assert first[0] in await look(pilot, "escape")
        await press(pilot, "j", "l", "j")
        screen = await look(pilot, "a")
        assert "in the queue" in screen
        assert first[0] not in screen
        assert first[0] in await look(pilot, *"jkjk")
        await press(pilot, "1")
        screen = await look(pilot, *"jkjk")
        assert first[0] not in screen
        assert "explains all signs" not in screen


async def test_the_first_words_name_the_readers_own_keys(store: Store) -> None:
    app = PaperTui(store, Config(keys={"log-first": "f9", "help": "f8"}))
    async with app.run_test(size=WIDE) as pilot:
        screen = await look(pilot)
        assert "f9 logs a first pass" in screen
        assert "f8 explains all signs" in screen


async def test_a_reader_with_a_past_is_not_told(make: Make, store: Store) -> None:
    store.record(journal.log_pass("vaswani2017attention", 1, TODAY))
    async with make().run_test(size=SMALL) as pilot:
        assert "logs a first pass" not in await look(pilot)


async def test_help_says_what_the_signs_and_a_pass_mean(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "question_mark")
        for words in ("Read and log", "Queue and lists", "What the signs mean", "✎ has a note",
                      "≡ in the queue", "◌ parked", "#14 its number in the list",
                      "What a pass is", "ten minutes"):  # fmt: skip
            assert words in screen


async def test_help_has_columns_where_there_is_room(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "question_mark")
        assert "Queue and lists" not in screen
        await pilot.resize_terminal(200, 60)
        screen = await look(pilot)
        assert "Queue and lists" in screen
        assert "Everywhere" in screen
        assert "Find a command by name" in screen
        assert "Every key can be changed under [keys]" in screen


@pytest.mark.parametrize(
    ("typed", "found", "missing"),
    [
        ("n", "Write a note, or go on with a draft", "Log a first pass"),
        ("ctrl+l", "Log the pass", "Write a note"),
        ("N", "Edit a note; of several", "Write a note"),
        ("escape", "Leave the search, the page or the marks", "Write a note"),
        ("slash", "Find works as you type", "Write a note"),
        ("rest week", "In Progress", "Write a note"),
        ("weekly goal", "Week, streak, lists and log", "Write a note"),
        ("correct a pass", "Week, streak, lists and log", "Write a note"),
        ("zzz", "No key and no command is called that", "Write a note"),
    ],
)
async def test_a_key_is_found_by_its_name_and_by_what_it_does(
    make: Make, typed: str, found: str, missing: str
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "question_mark", "slash")
        await type_in(pilot, typed)
        screen = screen_text(pilot.app)
        assert found in screen
        assert missing not in screen
        assert "Read and log" in await look(pilot, "escape")
        assert "Up next" in await look(pilot, "escape")
        assert screen_text(pilot.app)


EVERYDAY_WORDS = {
    "theme": "Find a command by name; change the theme",
    "colours": "change the theme",
    "undo": "Undo the latest act",
    "mistake": "Undo the latest act",
    "sync": "Sync with your other devices",
    "backup": "papertui backup",
    "restore": "papertui restore",
    "export": "Export it to a file",
    "favourite": "Star it",
    "unread": "Filter by status",
    "own paper": "Add a work",
    "tags": "Tag it with words of your own",
    "delete": "Remove it from your list",
    "exit": "Save and quit",
    "search": "Find works as you type",
    "statistics": "Week, streak, lists and log",
    "goal": "Set a goal",
    "timer": "Pause or go on",
    "settings": "papertui config",
    "arxiv": "See the new papers of arXiv",
}


async def test_help_knows_everyday_words_for_what_keys_and_the_shell_do(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "question_mark", "slash")
        for word, does in EVERYDAY_WORDS.items():
            await type_in(pilot, word)
            assert does in screen_text(pilot.app), word
            await press(pilot, "ctrl+u")


@pytest.mark.parametrize("screen", ["p", "e", "B", "R", "question_mark"])
async def test_a_key_of_the_library_says_elsewhere_that_it_is_one(
    make: Make, store: Store, screen: str
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "adam")
        await press(pilot, screen)
        for key, sign in (("f", "f"), ("asterisk", "*"), ("ctrl+e", "ctrl+e")):
            assert f" {sign} is a key of the library" in await look(pilot, key)
        assert "is a key of the library" not in await look(pilot, "down")
    assert not store.reading_log.touched()


async def test_what_help_says_of_keys_everywhere_holds_on_every_screen(make: Make) -> None:
    def everywhere(screen: str) -> str:
        return " ".join(screen.partition("Everywhere")[2].partition("\n\n")[0].split())

    async with make().run_test(size=(54, 200)) as pilot:
        in_library = everywhere(await look(pilot, "question_mark"))
        await press(pilot, "escape")
        assert "Undo the latest act" in in_library
        for key in "peR":
            assert everywhere(await look(pilot, key, "question_mark")) == in_library
            await press(pilot, "escape", "escape")


async def test_help_says_of_a_key_what_the_footer_says_of_it(store: Store, tmp_path: Path) -> None:
    read_a_little(store)
    async with PaperTui(store, CONFIG).run_test(size=SMALL) as pilot:
        async for name, _ in walk(pilot, tmp_path):
            screen = pilot.app.screen
            if isinstance(screen, PaperScreen):
                said = {key for key, label in screen.key_labels.items() if label}
                assert not said - {*screen.key_sentences} - LABELS_ALONE, name


async def test_help_says_what_a_key_does_on_this_very_screen(make: Make, store: Store) -> None:
    store.record(journal.log_pass("kingma2014adam", 1, TODAY))
    store.record(journal.save_note("kingma2014adam", "n", "A note."))
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "p", "question_mark", "slash")
        await type_in(pilot, "correct")
        assert "Correct the selected entry" in screen_text(pilot.app)
        await press(pilot, "escape", "escape", "escape")
        await find(pilot, "adam")
        await press(pilot, "N", "f8", "question_mark")
        screen = screen_text(pilot.app)
        assert "Compare the selected" in screen
        assert "Follow the link" not in screen


async def test_the_palette_opens_the_screen_that_a_command_needs(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "n")
        await type_in(pilot, "half a thought")
        await press(pilot, "ctrl+p")
        firsts = {
            "progress": "Week, streak, lists and log",
            "favourite": "Star it",
            "star": "Star it",
            "theme": "Change the theme",
            "week's review": "Copy the week's review",
        }
        for words, first in firsts.items():
            await type_in(pilot, words)
            lines = (await wait_for(pilot, first)).split("\n")
            found = next(at for at, line in enumerate(lines) if line.strip().startswith(words))
            assert lines[found + 1].strip().startswith(first)
            await press(pilot, "ctrl+u")
        await type_in(pilot, "set a goal")
        await wait_for(pilot, "In Progress: t")
        screen = await look(pilot, "enter")
        assert "Full reads a week, from this week on" in screen
        # What was being written is saved, as it is when papertui is left.
        assert [note.body for note in store.reading_log.work(ATTENTION).notes] == ["half a thought"]
        await press(pilot, "2", "enter", "ctrl+p")
        await type_in(pilot, "rename your")
        await wait_for(pilot, "In the library, on Attention Is All You…: E")
        await press(pilot, "escape", "escape", "g", "p", "ctrl+p")
        # A list is tagged by nothing.
        await type_in(pilot, "rename your")
        await wait_for(pilot, "In the library, on Deep Learning Papers: E")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "tag it with")
        await wait_for(pilot, "In the library: #")
        await press(pilot, "escape", "escape")
        await find(pilot, "attention is all")
        await press(pilot, "p", "ctrl+p")
        await type_in(pilot, "tag it with")
        # The work that it is done to is not in view there.
        await wait_for(pilot, "In the library, on Attention Is All You…: #")
        screen = await look(pilot, "enter")
        assert "Attention Is All You Need" in screen
        await type_in(pilot, "nlp")
        assert "#nlp" in await look(pilot, "enter")


async def test_help_finds_the_readers_own_keys(store: Store) -> None:
    async with PaperTui(
        store, Config(keys={"session.pause": "ctrl+underscore"})
    ).run_test() as pilot:
        await press(pilot, "question_mark", "slash")
        for name in ("ctrl+_", "ctrl+/"):
            await type_in(pilot, name)
            screen = screen_text(pilot.app)
            assert "In a session" in screen
            assert "ctrl+_  Pause or go on" in screen
            await press(pilot, "ctrl+u")
