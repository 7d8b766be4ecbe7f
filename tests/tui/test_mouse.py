"""The mouse does what one expects of it: hints, choices, boxes, days, rows, the wheel."""

from collections.abc import Callable

from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.widget import Widget

from papertui.core import journal
from papertui.core.text import cells
from papertui.pages.progress import DAY
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens.progress import ProgressScreen
from papertui.tui.widgets.bars import Chips, KeyBar, key_of_sign
from papertui.tui.widgets.marked_tree import MarkedTree
from papertui.tui.widgets.page import PagePane
from tests.conftest import TODAY
from tests.support.screen import SMALL, WIDE, find, look, press, screen_text

ATTENTION = "vaswani2017attention"
Make = Callable[[], PaperTui]


async def click(pilot: Pilot[int], text: str, within: str = "", times: int = 1) -> str:
    """Click on the last place of a text on the screen, in the line that has `within` too."""
    lines = screen_text(pilot.app).splitlines()
    y, line = next((y, each) for y, each in enumerate(lines) if text in each and within in each)
    await pilot.click(offset=(line.index(text), y), times=times)
    return await look(pilot)


def tree(app: object) -> MarkedTree:
    found: MarkedTree = app.screen.query_one(MarkedTree)  # type: ignore[attr-defined]
    return found


async def test_a_hint_of_the_footer_does_what_its_key_does(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        assert "full reads this week" in await click(pilot, "progress", "help")
        assert "Deep Learning Papers" in await click(pilot, "back", "help")
        assert "What the signs mean" in await click(pilot, "help", "progress")


async def test_of_a_hint_with_several_keys_the_one_under_the_mouse_counts(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Logged: second pass" in await click(pilot, "2 3 log a pass")
        assert store.reading_log.work(ATTENTION).depth == 2


async def test_a_choice_of_a_question_answers_it(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "x")
        assert "Why drop" in await click(pilot, "drop it", "park it")
        await click(pilot, "enter done")
        assert store.reading_log.work(ATTENTION).aside == journal.DROPPED


async def test_a_click_ticks_a_box_of_the_filter_and_the_chip_opens_it_again(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "f")
        assert "[x] to read" in await click(pilot, "[ ] to read")
        assert "[ ] to read" in await click(pilot, "[x] to read")
        await click(pilot, "[ ] to read")
        await press(pilot, "enter")
        assert pilot.app.screen.query_one(Chips).display
        assert "[x] to read" in await click(pilot, "[status: to read]")


async def test_a_click_on_a_day_looks_at_it(make: Make, store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY))
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "p")
        screen = pilot.app.screen
        assert isinstance(screen, ProgressScreen)
        days = [
            (y, line.text[: line.text.index(span.text)], span.target)
            for y, line in enumerate(screen.page._lines)
            for span in line.spans[1:2]
            if (span.target or "").startswith(DAY)
        ]
        y, before, target = days[0]
        corner = screen.page.content_region.offset
        x, y = corner.x + cells(before), corner.y + y - screen.page.scroll_offset.y
        await pilot.click(offset=(x, y))
        await press(pilot)
        assert target == f"{DAY}{screen.looked_at}"


async def test_a_double_click_opens_a_section_and_a_click_on_its_sign_closes_it(
    make: Make,
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "G")
        await press(pilot, "g")
        assert "Adam" in await click(pilot, "Foundations", "0/6", times=2)
        assert "Adam" not in await click(pilot, "▾ Foundations")
        # The cursor is on it: both parts of a double click open it once.
        assert "Adam" in await click(pilot, "Foundations", "0/6", times=2)


async def test_a_double_click_on_a_work_goes_to_its_page(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "j", "l", "j")
        screen = await click(pilot, "Approximation", times=2)
        assert "Approximation capabilities" in screen
        assert "Foundations 0/6" not in screen


async def wheel(pilot: Pilot[int], widget: Widget) -> None:
    """Turn the wheel down over a widget."""
    await pilot._post_mouse_events([MouseScrollDown], widget, offset=(2, 2), button=0)
    await pilot.pause()


async def test_the_wheel_scrolls_what_is_under_it(make: Make) -> None:
    async with make().run_test(size=(120, 20)) as pilot:
        await find(pilot, "attention is all")
        detail = pilot.app.screen.query_one("#detail", PagePane)
        rows, before = tree(pilot.app), tree(pilot.app).scroll_offset.y
        await wheel(pilot, detail)
        assert detail.scroll_offset.y > 0
        assert rows.scroll_offset.y == before
        await wheel(pilot, rows)
        assert rows.scroll_offset.y != before


def test_the_sign_of_a_key_is_the_key() -> None:
    signs = {"^s": "ctrl+s", "[": "left_square_bracket", "←": "left", "esc": "escape", "n": "n"}
    assert {sign: key_of_sign(sign) for sign in signs} == signs


async def test_the_footer_is_clicked_where_it_is_empty_without_harm(make: Make) -> None:
    async with make().run_test(size=(240, 40)) as pilot:
        before = await look(pilot)
        await pilot.click(KeyBar, offset=(238, 0))
        assert await look(pilot) == before
