"""Keeping up: the tally, the strategy, links, and explaining what one has read."""

import re
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from papertui.core import journal
from papertui.core.catalog import Work
from papertui.core.records import Note
from papertui.exporters.markdown import explanation
from papertui.storage.store import Store
from papertui.storage.up_next import roadmap
from papertui.system import desktop
from papertui.tui.app import PaperTui
from papertui.tui.widgets.page import PagePane
from tests.conftest import TODAY
from tests.support.screen import (
    SMALL,
    WIDE,
    find,
    look,
    press,
    screen_text,
    type_in,
    wait_for_workers,
)

ATTENTION = "vaswani2017attention"
BAHDANAU = "bahdanau2014neural"
Make = Callable[[], PaperTui]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_the_strategy_shows_the_progress_of_this_week(
    make: Make, store: Store, size: tuple[int, int]
) -> None:
    store.record(journal.log_pass(ATTENTION, 3, TODAY))
    async with make().run_test(size=size) as pilot:
        screen = await look(pilot, "e")
        assert "╌ 0 this week · the list advises 10 to 20" in screen
        assert "━ 1 this week · the list advises 1 to 2" in screen
        assert "━ 1 this month · the list advises 1" in screen


async def test_the_readers_own_goal_is_shown_beside_the_lists_advice(
    make: Make, store: Store
) -> None:
    store.record(journal.set_goal("full-reads-a-week", 3, TODAY))
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot, "e")
        assert "╌ 0 this week, goal 3 · the list advises 1 to 2" in screen
        assert "Progress sets goals of your own" in screen
        # Of a category, `follow` would promise something else.
        # Of a category, `follow` would promise something else.
        assert "⏎ open" in await look(pilot, "right_square_bracket")


async def test_sharing_counts_a_work_once_a_week_and_is_no_goal(make: Make, store: Store) -> None:
    store.record(journal.share(ATTENTION, TODAY))
    store.record(journal.share(ATTENTION, TODAY))
    async with make().run_test(size=WIDE) as pilot:
        screen = await look(pilot, "e")
        assert re.search(r"Explain +1 this week\s*\n", screen)
        assert "Optional for most papers" in screen


async def test_titles_looked_at_are_tallied_and_can_be_undone(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        assert " 2 this week" in await look(pilot, "e", "t", "t")
        await press(pilot, "T")
        await type_in(pilot, "9")
        assert " 11 this week" in await look(pilot, "enter")
        assert " 2 this week" in await look(pilot, "u")


@pytest.mark.parametrize("typed", ["-3", "many", "0", "99999999999"])
async def test_a_tally_of_nonsense_is_refused(make: Make, store: Store, typed: str) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "e", "T")
        await type_in(pilot, typed)
        assert "from 1 to 1000" in await look(pilot, "enter")
        assert f"{typed}q1" in await look(pilot, "q", "1")
    assert store.events() == []


async def test_sources_and_categories_open_in_the_browser(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    async def browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(desktop, "open_in_browser", browser)
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "e", "right_square_bracket", "enter", "left_square_bracket", "enter")
        await wait_for_workers(app)
    assert opened == [
        "https://huggingface.co/papers/trending",
        "https://arxiv.org/list/cs.IR/recent",
    ]


async def test_explaining_a_work_copies_it_and_ticks_the_share(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY))
    store.record(journal.save_note(ATTENTION, "n", "Heads look at different things."))
    store.record(journal.save_note(ATTENTION, "p", "Mine alone."))
    store.record(journal.keep_private(ATTENTION, "p", True))
    app = make()
    async with app.run_test(size=WIDE) as pilot:
        screen = await look(pilot, "e")
        assert "Attention Is All You Need" in screen
        await press(pilot, "right_square_bracket", "S")
        await wait_for_workers(app)
        screen = " ".join((await look(pilot)).split())
        assert "counts as explained: Attention Is All You Need" in screen
        assert "1 private note kept back · u takes it back" in screen
        assert "Nothing waits" in screen
        # What has left the page is not selected there any more.
        await press(pilot, "enter")
        assert page_of(pilot).selected not in (None, ATTENTION)
        assert "Keep up" in screen_text(pilot.app)
    assert "Heads look at different things." in app.clipboard
    assert "Mine alone." not in app.clipboard
    assert "**The idea:**" in app.clipboard
    assert store.reading_log.work(ATTENTION).shared == (TODAY,)


def page_of(pilot: Pilot[int]) -> PagePane:
    return pilot.app.screen.query_one("#page", PagePane)


async def test_a_link_leads_to_a_work_and_backspace_comes_back(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "tab", "right_square_bracket", "enter")
        assert "Dzmitry Bahdanau" in screen
        assert "▾ NLP and Language Models" in screen
        # Back on the page, the next link is the one after that.
        assert "Ashish Vaswani" in await look(pilot, "backspace")
        assert "Kaiming He" in await look(pilot, "right_square_bracket", "enter")


@pytest.mark.parametrize("size", [SMALL, (150, 50)])
async def test_the_deciding_facts_need_no_scrolling(make: Make, size: tuple[int, int]) -> None:
    async with make().run_test(size=size) as pilot:
        await find(pilot, "attention is all")
        screen = await look(pilot, "tab")
        for shown in (
            "Advanced",
            "2 works helpful to read first",
            "Insight",
            "Matters",
            "Before",
        ):
            assert shown in screen
        assert "○ Neural Machine Translation by Jointly Learning" in screen


async def test_who_has_gone_elsewhere_comes_back_there_from_the_page_of_a_link(
    make: Make, store: Store
) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY))
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "e", "right_square_bracket", "enter")
        assert "Ashish Vaswani" in screen_text(pilot.app)
        await find(pilot, "adam")
        assert "Keep up" in await look(pilot, "backspace")
        assert "Kingma" in await look(pilot, "escape")


async def test_prerequisites_that_were_read_are_ticked(make: Make, store: Store) -> None:
    store.record(journal.log_pass(BAHDANAU, 2, TODAY))
    async with make().run_test(size=(150, 50)) as pilot:
        await find(pilot, "attention is all")
        screen = screen_text(pilot.app)
        assert "1 of 2 works helpful to read first is left" in screen


@pytest.mark.parametrize(
    ("aside", "sign", "ready"),
    [
        (journal.drop(BAHDANAU, "too long"), "✕", "1 work helpful to read first"),
        (journal.park(BAHDANAU, None), "◌", "2 works helpful to read first"),
    ],
)
async def test_a_page_marks_each_work_that_it_names_by_its_status(
    make: Make, store: Store, aside: journal.Change, sign: str, ready: str
) -> None:
    store.record(aside)
    async with make().run_test(size=(150, 90)) as pilot:
        assert f"{sign} Neural Machine Translation by Jointly" in await look(pilot)
        await find(pilot, "attention is all")
        screen = screen_text(pilot.app)
        assert f"{sign} Neural Machine Translation by Jointly" in screen
        assert ready in screen


async def test_a_list_has_its_purpose_order_marks_and_roadmap(make: Make) -> None:
    async with make().run_test(size=(120, 60)) as pilot:
        screen = await look(pilot)
        assert "Caution" in screen
        assert "Step 1" in screen
        screen = await look(pilot, "G", "h")
        assert "✨ added to the list after 1 April 2024" in screen
        assert "join Elicit" in screen


async def test_the_first_list_has_its_numbers_and_a_table_of_citations(make: Make) -> None:
    async with make().run_test(size=(120, 60)) as pilot:
        screen = await look(pilot, "tab", "end")
        assert "# before the number of the work in the list" in await look(pilot, "home")
        assert "Citations and impact, as listed in early 2026" in screen
        rows = [line for line in screen.splitlines() if re.search(r"\d,000  ", line)]
        assert len(rows) == 10
        assert "210,000  Deep Residual Learning" in rows[0]
        assert "8,000  LoRA" in rows[-1]
        assert "Most cited DL paper" in screen
        await find(pilot, "rumelhart")
        assert re.search(r"Learning representations .* #1\b", screen_text(pilot.app))


async def test_an_unidentified_entry_says_so_and_leads_to_the_nearest(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "secure aggregation")
        screen = screen_text(pilot.app)
        assert "? to read" in screen
        assert "not identified: no published work" in screen
        assert "The nearest real works" in screen
        assert "Privacy-Preserving Aggregation in Federated Learning" in screen


def test_a_roadmap_step_asks_only_for_earlier_works() -> None:
    assert roadmap({"c": ["b"], "b": ["a"], "a": ["elsewhere"], "d": []}) == [
        ["a", "d"],
        ["b"],
        ["c"],
    ]


def test_a_circle_in_a_roadmap_comes_last() -> None:
    assert roadmap({"a": ["b"], "b": ["a"], "c": []}) == [["c"], ["a", "b"]]


def test_an_explanation_reads_well_without_anything_known() -> None:
    assert explanation(Work("w", "A Title"), ()) == "## A Title\n"
    note = Note("n", "v", None, "My words.", "2026-11-20T12:00:00+00:00", 0)
    assert "My words." in explanation(Work("w", "A Title"), (note,))
