"""The reader's days with new papers, from a real HTTP server that answers as arXiv's feed does."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from papertui.cli.main import papertui
from papertui.config import Config, config_path
from papertui.core import journal
from papertui.core.follow import Follow
from papertui.core.identity import parse_new_work
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.conftest import TODAY
from tests.support.clocks import StillClock
from tests.support.screen import SMALL, WIDE, look, press, wait_for
from tests.support.services import (
    GOOD,
    Answer,
    Paper,
    Server,
    body,
    day_feed,
    item,
    serving,
    status,
)  # fmt: skip

CATEGORIES = ("cs.LG", "cs.CL", "stat.ML")
DAY = 24 * 3600


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(monkeypatch) as served:
        yield served


def feed(day: date, numbers: range) -> bytes:
    """Return a day's feed of papers, every fifth of which is a cross list."""
    papers = [
        Paper(
            f"2611.{number:05}",
            f"Example {number} of Many",
            ["Ada Example", "Björn Beispiel"],
            abstract=f"We do it for the {number}th time.",
            categories=("cs.LG", "stat.ML"),
            kind="cross" if number % 5 == 0 else "new",
        )
        for number in numbers
    ]
    return day_feed(day, *(item(paper, day) for paper in papers))


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([status(429)] * 4, "busy (it answered 429)"),
        ([status(503)] * 4, "busy (it answered 503)"),
        ([body(b"<html>Sorry</html>")] * 4, "makes no sense"),
        ([body(b"<rss><channel>")] * 4, "makes no sense"),
    ],
    ids=["429", "503", "HTML", "half"],
)
async def test_a_refusal_or_half_an_answer_is_one_line_and_takes_nothing_away(
    server: Server, store: Store, clock: StillClock, answers: list[Answer], says: str
) -> None:
    server.feed = feed(TODAY, range(1, 5))
    config = Config(follow=Follow(CATEGORIES))
    async with PaperTui(store, config).run_test(size=SMALL) as pilot:
        await press(pilot, "e", "r")
        await wait_for(pilot, "4 new papers came in.")
        clock.passed += 3 * DAY
        server.answers = [*answers]
        await press(pilot, "r")
        screen = await wait_for(pilot, says)
        assert "4 new papers" in screen
        assert "Example 4 of Many" in screen


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_week_with_new_papers(
    server: Server, store: Store, clock: StillClock, size: tuple[int, int]
) -> None:
    def app() -> PaperTui:
        return PaperTui(store, Config(follow=Follow(CATEGORIES)))

    server.feed = feed(TODAY, range(1, 21))
    async with app().run_test(size=size) as pilot:
        await press(pilot, "e")
        assert server.paths == []
        await press(pilot, "r")
        await wait_for(pilot, "20 new papers")
        assert server.paths == ["/rss/cs.LG+cs.CL+stat.ML"]
        keys = ["space", "j", "a", "x", "x", *["space"] * 4, "a", *["j"] * 4, "1"]
        assert len(keys) == 15
        assert "15 titles" in await look(pilot, *keys)
        screen = " ".join((await look(pilot, "q")).split())
        assert " 15 this week" in screen
        assert "New papers this week: 15 scanned, 2 queued, 1 skimmed." in screen
        screen = await look(pilot, "q", "p")
        assert "15/10 titles scanned" in screen
        assert "New papers this week: 15 scanned, 2 queued, 1 skimmed" in screen
    kinds = Counter(event.kind for event in store.events())
    assert kinds == {"work-added": 3, "queued": 2, "pass": 1, "papers-seen": 1}
    stats = CliRunner().invoke(papertui, ["stats", "--as-of", TODAY.isoformat(), "--json"])
    numbers = json.loads(stats.stdout)
    assert numbers["goals"][0] | {"until": ""} == {
        "name": "titles scanned", "done": 15, "target": 10, "until": ""
    }  # fmt: skip
    assert numbers["new_papers"] == {"scanned": 15, "queued": 2, "skimmed": 1}
    assert numbers["passes"] == {"1": 1, "2": 0, "3": 0}

    clock.passed += 3 * DAY
    monday = TODAY + timedelta(days=3)
    server.feed = feed(monday, range(18, 26))
    async with app().run_test(size=size) as pilot:
        await press(pilot, "e", "r")
        # Five that were left, and five of the eight in the feed.
        screen = await wait_for(pilot, "10 new papers · 0 titles this week")
        assert "Example 24 of Many" in screen

        server.stopped.set()
        server.shutdown()
        server.server_close()
        clock.passed += DAY
        await press(pilot, "r")
        screen = await wait_for(pilot, "arXiv cannot be reached.")
        assert "10 new papers" in screen
        assert "Number 3 in the queue" in await look(pilot, "a")
        assert "9 new papers · 1 title" in await look(pilot)
        await press(pilot, "slash", "a", "enter")
        await wait_for(pilot, "arXiv cannot be reached.")
        await press(pilot, "escape", "escape")
        assert " 1 this week" in await look(pilot)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_works_that_were_added_offline_are_completed_with_the_next_papers(
    server: Server, store: Store, size: tuple[int, int]
) -> None:
    new = parse_new_work(GOOD)
    store.record(journal.add_work(new.citekey, new.fields))
    server.feed = feed(TODAY, range(1, 5))
    async with PaperTui(store, Config(follow=Follow(CATEGORIES))).run_test(size=size) as pilot:
        await press(pilot, "e", "r")
        screen = await wait_for(pilot, "Also done: completing")
        assert "4 new papers came in." in screen
        assert store.works.title(new.citekey) == "Sparse Gates for O(n) Attention"
        await press(pilot, "u")
        assert store.works.title(new.citekey) == f"arXiv:{GOOD}"


def test_papertui_new_completes_works_that_were_added_offline(
    server: Server,
) -> None:
    config_path().write_text('[follow]\ncategories = ["cs.LG"]\n', encoding="utf-8")
    CliRunner().invoke(papertui, ["add", "--offline", GOOD])
    server.feed = feed(TODAY, range(1, 5))
    run = CliRunner().invoke(papertui, ["new"])
    assert "Done: completing Sparse Gates" in run.stderr
