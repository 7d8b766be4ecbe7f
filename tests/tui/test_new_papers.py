"""The triage of new papers, key by key."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from papertui.config import Config, config_path
from papertui.core import journal
from papertui.core.follow import Follow
from papertui.core.new_paper import NewPaper
from papertui.core.records import SeenPaper
from papertui.sources.service import SourceError
from papertui.storage.database import DatabaseError
from papertui.storage.store import Store
from papertui.system import desktop
from papertui.tui import key_queue
from papertui.tui.app import PaperTui
from papertui.tui.widgets.bars import MessageLine
from papertui.tui.widgets.tree import LibraryTree
from tests.conftest import TODAY
from tests.core.test_follow import paper
from tests.support.arxiv_stand_in import ArxivStandIn
from tests.support.clocks import StillClock
from tests.support.screen import (
    SMALL,
    WIDE,
    look,
    press,
    screen_text,
    type_in,
    wait_for,
    wait_for_workers,
    wait_until,
)

FOLLOW = Follow(("cs.LG", "cs.CL", "stat.ML"), ("Carla Muster",), ("gates",), ("survey",))
DAY = 24 * 3600
both_sizes = pytest.mark.parametrize("size", [SMALL, WIDE])
Make = Callable[..., PaperTui]


def papers(first: int, last: int) -> list[NewPaper]:
    return [paper(f"2611.{n:05}", title=f"Paper {n} of the Day") for n in range(first, last + 1)]


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ArxivStandIn:
    """Announce twenty papers in the place of arXiv."""
    stand_in = ArxivStandIn(monkeypatch)
    stand_in.papers, stand_in.until = papers(1, 20), TODAY
    return stand_in


@pytest.fixture
def open_app(store: Store) -> Make:
    """A function that makes an app of a reader who follows three categories."""
    return lambda follow=FOLLOW: PaperTui(store, Config(follow=follow))


def kinds(store: Store) -> Counter[str]:
    return Counter(event.kind for event in store.events())


async def open_triage(pilot: Pilot[int]) -> str:
    """Go to the new papers, wait until they have come, and return the text on the screen."""
    await press(pilot, "e", "r")
    return await wait_for(pilot, "20 new papers")


@both_sizes
async def test_fifteen_titles_are_skimmed_in_fifteen_keys(
    open_app: Make, store: Store, arxiv: ArxivStandIn, size: tuple[int, int]
) -> None:
    async with open_app().run_test(size=size) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "20 new papers · 0 titles this week")
        # The title, the authors and the abstract of the first one.
        assert "Paper 20 of the Day" in screen
        assert "Ada Example, Björn Beispiel" in screen
        assert "We prune, and find that it is enough." in screen
        keys = ["j"] * 5 + ["a", "space", "x"] + ["space"] * 4 + ["a", "j", "1"]
        assert len(keys) == 15
        screen = await look(pilot, *keys)
        assert "5 new papers · 15 titles this week" in screen
        assert set(kinds(store)) == {"work-added", "queued", "pass"}
        screen = await look(pilot, "escape")
        assert " 15 this week" in screen
        assert "New papers this week: 15 scanned, 2 queued, 1 skimmed." in " ".join(screen.split())
        screen = await look(pilot, "q", "p")
        assert "15/10 titles scanned" in screen
        assert "New papers this week: 15 scanned, 2 queued, 1 skimmed" in screen
    assert kinds(store) == {"work-added": 3, "queued": 2, "pass": 1, "papers-seen": 1}
    queued = [store.works.title(work) for work, _ in store.reading_log.queue()]
    assert queued == ["Paper 15 of the Day", "Paper 8 of the Day"]
    ((work, reading),) = store.reading_log.between_days(TODAY, TODAY)
    assert (store.works.title(work), reading.depth) == ("Paper 6 of the Day", 1)


@both_sizes
async def test_another_day_brings_only_what_is_new(
    open_app: Make, store: Store, clock: StillClock, arxiv: ArxivStandIn, size: tuple[int, int]
) -> None:
    async with open_app().run_test(size=size) as pilot:
        await open_triage(pilot)
        await press(pilot, *["space"] * 18, "q")
    clock.passed += DAY
    arxiv.papers, arxiv.until = papers(18, 23), TODAY + timedelta(days=1)
    async with open_app().run_test(size=size) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "5 new papers")
        assert "Paper 23 of the Day" in screen
        assert "Paper 1 of the Day" in screen
        assert "Paper 18 of the Day" not in screen
    assert arxiv.asked[-1] == (FOLLOW.categories, TODAY)


async def test_what_was_fetched_before_is_still_there_offline(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    async with open_app().run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        await press(pilot, "q")
        arxiv.error = SourceError("arXiv cannot be reached.")
        await press(pilot, "r")
        screen = await wait_for(pilot, "arXiv cannot be reached. What came before is still here.")
        assert "20 new papers" in screen
        assert pilot.app.screen.query_one(MessageLine).has_class("-wrong")
        assert "1 title " in await look(pilot, "a")


async def test_half_an_answer_is_shown_with_what_is_missing(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    arxiv.missing = ("The papers of 2026-11-19 are missing: arXiv broke off.",)
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, arxiv.missing[0])
        assert "20 new papers came in." in screen


async def test_an_empty_weekend_says_so(open_app: Make, arxiv: ArxivStandIn) -> None:
    arxiv.papers = []
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "Nothing new since the last time.")
        assert "You have looked at all that came in cs.LG, cs.CL, stat.ML." in screen


async def test_nothing_is_said_to_be_looked_at_before_anything_came(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    arxiv.error = SourceError("arXiv cannot be reached.")
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "arXiv cannot be reached.")
        assert "Nothing has come yet in cs.LG, cs.CL, stat.ML." in screen


async def test_keys_go_on_while_arxiv_is_asked(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    store.new_papers.keep(papers(1, 3), TODAY)
    arxiv.may_answer.clear()
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        await wait_until(lambda: bool(arxiv.asked))
        screen = await look(pilot, "j", "a")
        assert "Asking arXiv … · 1 new paper · 2 titles" in screen
        arxiv.may_answer.set()
        screen = await wait_for(pilot, "18 new papers")
        assert "asking" not in screen
        # The cursor is where it was.
        assert "Paper 1 of the Day" in screen


async def test_the_screen_can_be_left_while_arxiv_is_asked(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    arxiv.may_answer.clear()
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        await wait_until(lambda: bool(arxiv.asked))
        assert "Keep up" in await look(pilot, "escape")
        arxiv.may_answer.set()
        assert "Go deep" in await look(pilot, "j")


async def test_nothing_is_asked_before_the_key(open_app: Make, arxiv: ArxivStandIn) -> None:
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "t", "q", "p", "q", "j")
    assert arxiv.asked == []


async def test_without_a_category_the_page_says_how_to_follow_one(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    async with open_app(Follow()).run_test(size=SMALL) as pilot:
        screen = await look(pilot, "e", "r")
        assert 'categories = ["cs.LG", "cs.CL"]' in screen
        assert "config.toml" in "".join(screen.split())
        assert "You follow no category yet" in screen.split("\n")[0]
        assert "r ask arXiv" in screen.split("\n")[-1]
        assert "No category is followed" in await look(pilot, "r", "a", "x", "j", "space", "o", "r")
        assert arxiv.asked == []
        # The page says to press r once the lines are written.
        assert "and press r." in screen
        config_path().write_text('[follow]\ncategories = ["cs LG"]', encoding="utf-8")
        assert "'cs LG' is not a category" in " ".join((await look(pilot, "r")).split())
        screen = await look(pilot, "escape", "r")
        assert "is not a category of arXiv" in " ".join(screen.split())
        assert "r ask arXiv" in screen
        config_path().write_text('[follow]\ncategories = ["cs.LG"]', encoding="utf-8")
        await press(pilot, "r")
        assert "20 new papers" in await wait_for(pilot, "20 new papers came in")
    assert arxiv.asked == [(("cs.LG",), None)]


async def test_the_headline_says_why_there_are_no_new_papers(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    arxiv.error = SourceError("arXiv cannot be reached.")
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "arXiv cannot be reached ·")
        assert "Nothing has come yet in cs.LG" in screen
        assert "arXiv cannot be reached now." in " ".join(screen.split())
        arxiv.error, arxiv.papers = None, []
        await press(pilot, "r")
        screen = await wait_for(pilot, "Nothing new since the last time.")
        assert "No new papers ·" in screen
        assert "cannot be reached" not in screen


@both_sizes
async def test_what_is_followed_comes_first_with_the_reason_and_what_is_muted_last(
    open_app: Make, arxiv: ArxivStandIn, size: tuple[int, int]
) -> None:
    arxiv.papers = [
        paper("2611.00009", title="A Survey of Trees"),
        paper("2611.00008", title="Trees"),
        paper("2611.00007", title="Deep Gates"),
        paper("2611.00006", title="Roots", authors=("C. Muster",)),
    ]
    async with open_app().run_test(size=size) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "4 new papers")
        listed = [line for line in screen.splitlines() if line.lstrip().startswith("○")]
        assert ["Gates" in listed[0], "Roots" in listed[1]] == [True, True]
        assert "◆ gates" in listed[0]
        assert "◆ Carla Muster" in listed[1]
        assert "muted: survey" in listed[3]
        assert "You follow this: ◆ gates" in screen
        assert "You follow this: ◆ Carla Muster" in await look(pilot, "j")
        assert "muted: survey" in await look(pilot, "j", "j")


async def test_what_is_not_for_the_reader_is_taken_back_with_u(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    async with open_app().run_test(size=WIDE) as pilot:
        await open_triage(pilot)
        assert re.search("↓ j +Looked at: go down by one", await look(pilot, "question_mark"))
        screen = await look(pilot, "escape", "x", "a", "x", "j", "j")
        assert "15 new papers · 5 titles this week" in screen
        # The latest first, whatever kind it is; titles that were passed go together.
        assert "No longer looked at: 2 titles" in await look(pilot, "u")
        assert "17 new papers · 3 titles this week" in await look(pilot)
        assert "No longer looked at: Paper 17" in await look(pilot, "space", "u")
        await press(pilot, "j", "j")
        assert "No longer looked at: 2 titles" in await look(pilot, "u")
        assert "No longer dismissed: Paper 18" in await look(pilot, "u")
        assert "Undone: queueing Paper 19 of the Day" in await look(pilot, "u")
        assert "No longer looked at: Paper 19" in await look(pilot, "u")
        assert "No longer dismissed: Paper 20" in await look(pilot, "u")
        assert "20 new papers · 0 titles this week" in await look(pilot)
        assert "There is nothing to undo" in await look(pilot, "u")
        assert "Done again: queueing" in await look(pilot, "ctrl+r")
        assert "Undone: queueing" in await look(pilot, "u")
        await press(pilot, "j", "x", "j", "q")
        assert " 3 this week" in await look(pilot)
        assert "Undone: 3 scanned titles" in await look(pilot, "u")
        await press(pilot, "r")
        await wait_for(pilot, "20 new papers")
    assert store.reading_log.queue() == []


async def test_x_takes_a_paper_back_too(open_app: Make, store: Store, arxiv: ArxivStandIn) -> None:
    async with open_app().run_test(size=WIDE) as pilot:
        await open_triage(pilot)
        screen = await look(pilot, "x", "k", "x", "q")
        assert "Keep up" in screen
    assert store.reading_log.seen() == {"2611.00020": SeenPaper(TODAY, dismissed=False)}


async def test_a_second_a_takes_a_paper_out_of_the_queue(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    async with open_app().run_test(size=WIDE) as pilot:
        await open_triage(pilot)
        assert "Number 1 in the queue: Paper 20" in await look(pilot, "a")
        assert "Out of the queue: Paper 20" in await look(pilot, "k", "a")
    assert store.reading_log.queue() == []


async def test_the_same_first_pass_twice_asks_first(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    async with open_app().run_test(size=WIDE) as pilot:
        await open_triage(pilot)
        assert "Logged: first pass of Paper 20" in await look(pilot, "1")
        assert "Log it twice?" in await look(pilot, "k", "1")
        await press(pilot, "n")
    assert kinds(store)["pass"] == 1


async def test_a_paper_that_is_a_known_work_stays_that_work(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    store.record(journal.log_pass("he2015deep", 2, TODAY))
    arxiv.papers = [paper("1512.03385", title="Deep Residual Learning for Image Recognition")]
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "1 new paper")
        assert "In your library: read" in screen
        assert "In your library: read, queued" in await look(pilot, "a")
        await press(pilot, "q")
    assert [work for work, _ in store.reading_log.queue()] == ["he2015deep"]
    assert kinds(store) == {"pass": 1, "queued": 1, "papers-seen": 1}


async def test_a_paper_that_is_a_dropped_work_is_marked_as_one(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    store.record(journal.drop("he2015deep", ""))
    arxiv.papers = [paper("1512.03385", title="Deep Residual Learning for Image Recognition")]
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "1 new paper")
        assert "✕ Deep Residual Learning" in screen
        assert "In your library: dropped" in screen


async def test_a_link_to_a_known_work_ends_the_sitting(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    arxiv.papers = [
        paper("1512.03385", title="Deep Residual Learning for Image Recognition"),
        paper("2611.00001"),
    ]
    async with open_app().run_test(size=WIDE) as pilot:
        await press(pilot, "e", "r")
        await wait_for(pilot, "2 new papers")
        screen = await look(pilot, "j", "tab", "right_square_bracket", "enter")
        assert "Kaiming He" in screen
        assert "backspace goes back" in screen
    (event,) = store.events()
    assert event.data["seen"] == ["2611.00001"]


async def test_a_note_on_a_new_paper_makes_it_a_work(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    async with open_app().run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        # A note that is left empty makes it none.
        assert "the paper is no work of yours" in await look(pilot, "n", "escape")
        assert store.names.named("2611.00020") == []
        # It can be written right after a pass was logged.
        assert "Logged: first pass of Paper 20" in await look(pilot, "1")
        assert "Undone: first pass of Paper 20" in await look(pilot, "u")
        assert "Note · Paper 20 of the" in await look(pilot, "n")
        await type_in(pilot, "Why prune at all?")
        screen = await look(pilot, "escape")
        assert "19 new papers · 1 title" in screen
        assert "In your library: to read" in screen
    (work,) = store.names.named("2611.00020")
    (note,) = store.reading_log.work(work).notes
    assert note.body == "Why prune at all?"


async def test_the_page_the_pdf_and_the_link_of_a_paper(
    open_app: Make, arxiv: ArxivStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    async def browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(desktop, "open_in_browser", browser)
    app = open_app()
    async with app.run_test(size=WIDE) as pilot:
        await open_triage(pilot)
        await press(pilot, "o", "O", "y")
        await wait_until(lambda: len(opened) == 2 and bool(app.clipboard))
        # To open a paper is not yet to have looked at it.
        assert "20 new papers · 0 titles this week" in await look(pilot)
    assert opened == ["https://arxiv.org/abs/2611.00020", "https://arxiv.org/pdf/2611.00020"]
    assert app.clipboard == "https://arxiv.org/abs/2611.00020"


async def test_a_search_shows_what_it_finds_with_the_same_keys(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    async with open_app().run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        arxiv.papers = [
            paper("1803.00001", title="Found Once"),
            paper("1803.00002", title="Found Too"),
        ]
        await press(pilot, "slash")
        await type_in(pilot, "au:example found")
        await press(pilot, "enter")
        screen = await wait_for(pilot, "2 papers found: au:example found")
        assert "Found Too" in screen
        assert "Number 1 in the queue: Found Too" in await look(pilot, "a")
        screen = await look(pilot, "j", "escape")
        # What a search finds is not of this week's new papers.
        assert "20 new papers · 0 titles" in screen
        assert "Keep up" in await look(pilot, "escape")
    assert arxiv.searched == ["au:example found"]
    assert store.reading_log.seen() == {}


async def test_a_search_that_fails_leaves_the_line_open_and_escape_ends_one_that_lasts(
    open_app: Make, arxiv: ArxivStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_queue, "LEAVE_DELAY", 0)
    async with open_app().run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        arxiv.error = SourceError("arXiv cannot be reached.")
        await press(pilot, "slash")
        await type_in(pilot, "gates")
        await press(pilot, "enter")
        await wait_for(pilot, "arXiv cannot be reached.")
        arxiv.error, arxiv.papers = None, []
        await press(pilot, "enter")
        await wait_for(pilot, "arXiv finds nothing: esc goes back")
        arxiv.may_answer.clear()
        await press(pilot, "escape", "slash")
        await type_in(pilot, "slow")
        await pilot.press("enter")
        await wait_for(pilot, "One moment")
        # One escape closes the line, the screen stays.
        screen = await look(pilot, "escape")
        arxiv.may_answer.set()
        assert "One moment" not in screen
        assert "20 new papers" in screen


async def test_v_shows_what_was_looked_at_too(open_app: Make, arxiv: ArxivStandIn) -> None:
    async with open_app().run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        await press(pilot, *["space"] * 20, "q", "r")
        screen = await wait_for(pilot, "You have looked at all that came")
        assert "No new papers · 20 titles" in screen
        screen = await look(pilot, "v")
        assert "· Paper 20 of the Day" in screen
        assert "Looked at today" in screen
        assert "You have looked at all" in await look(pilot, "v")


async def test_v_goes_from_what_was_looked_at_to_the_next_new_paper(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    async with open_app().run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        titles = pilot.app.screen.query_one(LibraryTree)
        await press(pilot, *["space"] * 3)
        fourth = titles.row
        await press(pilot, "v", "up", "up", "v")
        assert titles.row == fourth


async def test_a_sitting_that_is_cut_off_is_not_lost(
    open_app: Make, store: Store, arxiv: ArxivStandIn
) -> None:
    app = open_app()
    async with app.run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        await press(pilot, "j", "x")
        await wait_until(lambda: len(store.new_papers.looked_at(["2611.00020", "2611.00019"])) == 2)
        assert store.events() == []
        assert app.save_all()
        (event,) = store.events()
        assert event.data["seen"] == ["2611.00020"]
        assert event.data["dismissed"] == ["2611.00019"]


async def test_a_database_that_takes_nothing_keeps_nobody_here(
    open_app: Make, store: Store, arxiv: ArxivStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def full() -> Iterator[None]:
        raise DatabaseError("The disk is full; nothing was saved.")
        yield

    store.new_papers.keep(papers(1, 3), TODAY)
    app = open_app(Follow())
    async with app.run_test(size=SMALL) as pilot:
        monkeypatch.setattr(store._db, "writing", full)
        assert "3 new papers" in await look(pilot, "e", "r")
        await press(pilot, "j", "x", "q")
        screen = await wait_for(pilot, "The disk is full; nothing was saved.")
        assert "Keep up" in screen
        await press(pilot, "r", "j", "ctrl+q")
        assert app.return_code == 0


async def test_the_abstract_takes_the_keys_and_gives_them_back(
    open_app: Make, arxiv: ArxivStandIn
) -> None:
    long = " ".join(f"word{n}" for n in range(400))
    arxiv.papers = [paper("2611.00001", abstract=f"{long} the end of it.")]
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        assert "the end of it." not in await wait_for(pilot, "1 new paper")
        assert "the end of it." in await look(pilot, "tab", "G")
        assert "Number 1 in the queue" in await look(pilot, "a")
        assert "1 title " in await look(pilot, "escape")
        assert "Keep up" in await look(pilot, "escape")


async def test_formulas_and_accents_read_as_text(open_app: Make, arxiv: ArxivStandIn) -> None:
    title, abstract = r"On $\alpha$-Gates", r"By Erd\H{o}s, of order $n^2$."
    arxiv.papers = [paper("2611.00001", title=title, abstract=abstract)]
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "1 new paper")
        assert "○ On α-Gates" in screen
        assert "By Erdős, of order n²." in screen
        assert "in the queue: On α-Gates" in await look(pilot, "a")


async def test_hostile_text_stays_text(open_app: Make, arxiv: ArxivStandIn) -> None:
    arxiv.papers = [
        paper("2611.00001", title="[@click=app.quit]Odd[/] \x1b[2J", abstract="\x1b]0;x\x07 a\nb")
    ]
    async with open_app().run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "1 new paper")
        assert "[@click=app.quit]Odd[/]" in screen
        assert "\x1b" not in screen_text(pilot.app)


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (40, 10), (99, 24), (100, 24), (200, 60)])
async def test_no_size_of_the_triage_breaks_it(
    open_app: Make, store: Store, arxiv: ArxivStandIn, size: tuple[int, int]
) -> None:
    async with open_app().run_test(size=size) as pilot:
        await press(pilot, "e", "r")
        await wait_for_workers(pilot.app)
        assert len(store.new_papers.fetched()) == 20
        await press(pilot, "j", "x", "u", "tab", "J", "tab", "v", "question_mark", "escape", "q")
    assert set(store.reading_log.seen()) == {"2611.00020"}


async def test_a_database_that_is_locked_loses_no_title(
    open_app: Make, store: Store, arxiv: ArxivStandIn, database: Path
) -> None:
    async with open_app().run_test(size=SMALL) as pilot:
        await open_triage(pilot)
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("begin exclusive")
            await pilot.press("j", "x")
            await wait_for(pilot, "Waiting for another program")
            other.execute("rollback")
        await wait_for(pilot, "18 new papers · 2 titles")
        assert "Keep up" in await look(pilot, "q")
    (event,) = store.events()
    assert event.data["seen"] == ["2611.00020"]
    assert event.data["dismissed"] == ["2611.00019"]


@both_sizes
async def test_a_backlog_is_cleared_at_once_and_comes_back_at_once(
    open_app: Make, store: Store, arxiv: ArxivStandIn, size: tuple[int, int]
) -> None:
    old = TODAY - timedelta(days=4)
    arxiv.papers = [
        *papers(1, 9),
        *(each._replace(categories=("math.CO", "cs.LG")) for each in papers(10, 16)),
        *(each._replace(announced=old) for each in papers(17, 20)),
    ]
    async with open_app().run_test(size=size) as pilot:
        await open_triage(pilot)
        screen = await look(pilot, "space", "c")
        assert "a all 19 · c those of a category · o older ones" in screen
        screen = await look(pilot, "c")
        assert "math.CO 6" in screen
        await type_in(pilot, "hep-th")
        assert "No new paper has hep-th as its first category" in await look(pilot, "enter")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "math")
        screen = await look(pilot, "enter")
        assert "Cleared: 6 new papers, not counted" in screen
        assert "13 new papers · 1 title this week" in screen
        await press(pilot, "c", "o")
        await type_in(pilot, "-3d")
        screen = await look(pilot, "enter")
        assert "9 new papers · 1 title this week" in screen
        assert "No new papers · 1 title" in await look(pilot, "c", "a")
        assert "There is no new paper to clear." in await look(pilot, "c")
        screen = await look(pilot, "u")
        assert "Undone: clearing of 9 new papers" in screen
        assert "9 new papers · 1 title this week" in screen
        await press(pilot, "u", "u", "q")
    assert kinds(store)["papers-seen"] == 4
    assert len(store.reading_log.seen()) == 1
