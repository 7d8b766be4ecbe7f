"""A year of reading: its numbers, its words, its picture."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.config import Config
from papertui.core import journal
from papertui.core.library_tree import TreeQuery
from papertui.core.note_templates import template
from papertui.demo import fill
from papertui.errors import Refused
from papertui.exporters import year_picture
from papertui.exporters.year import Insight, Year, dumps, grid, insight, year_of_reading
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.conftest import TODAY
from tests.support.faults import papertui
from tests.support.raw_output import CONTROLS
from tests.support.screen import SMALL, look, press, type_in, wait_for

SVG = "{http://www.w3.org/2000/svg}"
NEVER = Year(2025, date(2025, 12, 31), "mon", 0, 0, 0, 0, 0, [(0, 0, 0)] * 12, {}, [], [], [])


def year_of(store: Store, number: int = 2026) -> Year:
    return year_of_reading(store, Config(), number, TODAY)


def read(store: Store, work: str, depth: int, day: date, minutes: int = 0, note: str = "") -> None:
    changes = [journal.log_pass(work, depth, day, minutes or None)]
    if note:
        changes.append(journal.save_note(work, f"{work}{day}", note, depth=depth))
    store.record(*changes, now=datetime.combine(day, time(12), UTC))


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(picture).iter(f"{SVG}text")]


def test_a_year_counts_works_by_their_deepest_pass_in_a_month(store: Store) -> None:
    read(store, "he2015deep", 1, date(2026, 3, 2), 10)
    read(store, "he2015deep", 2, date(2026, 3, 9), 50)
    read(store, "kingma2014adam", 1, date(2026, 3, 10))
    read(store, "he2015deep", 3, date(2026, 5, 1), 120)
    read(store, "vaswani2017attention", 2, date(2025, 12, 31), 600)
    year = year_of(store)
    assert year.months[2] == (1, 1, 0)
    assert year.months[4] == (0, 0, 1)
    assert (year.works, year.full_reads, year.passes, year.minutes) == (2, 1, 4, 180)
    assert year.levels[date(2026, 5, 1)] == 3
    assert year.returned == [("Deep Residual Learning for Image Recognition", 3)]
    assert year_of(store, 2025).works == 1


def test_the_longest_streak_is_that_of_the_year(store: Store) -> None:
    for number in range(6):
        read(store, "he2015deep", 2, date(2025, 12, 8) + timedelta(weeks=number))
    # The first week of 2026 begins in December.
    assert year_of(store, 2026).longest_streak == 3
    assert year_of(store, 2025).longest_streak == 4


def test_a_list_counts_for_the_year_in_which_its_last_work_was_done(store: Store) -> None:
    root = min((b for b in store.tree.sections() if b.parent is None), key=lambda b: b.total)
    branches = [b.id for b in store.tree.sections() if b.list == root.list]
    leaves = store.tree.leaves(TreeQuery(TODAY), branches).values()
    *works, last = dict.fromkeys(leaf.work for section in leaves for leaf in section)
    store.record(*(journal.log_pass(work, 2, date(2025, 3, 1)) for work in works))
    assert year_of(store, 2025).finished == []
    read(store, last, 2, date(2026, 1, 5))
    assert year_of(store, 2025).finished == []
    assert year_of(store).finished == [root.title]


def test_an_insight_of_a_month_is_from_the_note_on_the_deepest_pass(store: Store) -> None:
    read(store, "kingma2014adam", 3, date(2026, 4, 3), note="It adapts the step to each weight.")
    read(store, "he2015deep", 2, date(2026, 4, 20), note="Identity paths carry the gradient on.")
    read(store, "he2015deep", 2, date(2026, 6, 1), note=template(2, {}))
    insights = year_of(store).insights
    assert [(each.month, each.words) for each in insights] == [
        (4, "It adapts the step to each weight.")
    ]
    # A year is made to be shown: it has no sentence of a private note.
    store.record(journal.keep_private("kingma2014adam", "kingma2014adam2026-04-03", True))
    assert [each.words for each in year_of(store).insights] == [
        "Identity paths carry the gradient on."
    ]


def test_an_edit_leaves_a_sentence_in_the_month_of_its_note(store: Store) -> None:
    read(store, "he2015deep", 2, date(2025, 12, 20), note="Identity paths carry it on.")
    (note,) = store.reading_log.work("he2015deep").notes
    edited = journal.save_note("he2015deep", note.id, "Identity paths carry it.", [note.version])
    store.record(edited, now=datetime(2026, 2, 1, 12, tzinfo=UTC))
    assert [(e.month, e.words) for e in year_of(store, 2025).insights] == [
        (12, "Identity paths carry it.")
    ]
    assert not year_of(store).insights


def test_no_sentence_is_shown_for_two_months(store: Store) -> None:
    again, other = "Read the table of section 4 twice.", "The schedule is half of the gain."
    read(store, "kingma2014adam", 2, date(2026, 3, 2), note=again)
    read(store, "kingma2014adam", 2, date(2026, 4, 2), note=other)
    read(store, "kingma2014adam", 3, date(2026, 4, 3), note=again)
    read(store, "kingma2014adam", 2, date(2026, 5, 3), note=again)
    insights = year_of(store).insights
    assert [(each.month, each.words) for each in insights] == [(3, again), (4, other)]


def test_a_year_that_is_not_over_says_until_when(store: Store) -> None:
    read(store, "kingma2014adam", 2, date(2026, 3, 2))
    read(store, "kingma2014adam", 2, date(2025, 3, 2))
    for number, until in ((2026, f", until {TODAY.day} {TODAY:%B}"), (2025, "")):
        year = year_of(store, number)
        assert dumps(year).startswith(f"# A year of reading: {number}{until}\n")
        assert f"a year of reading{until}" in texts(year_picture.svg(year))


def test_the_months_are_named_above_their_first_days_in_markdown(store: Store) -> None:
    read(store, "kingma2014adam", 2, date(2026, 3, 1))
    months, *rows = dumps(year_of(store)).split("```")[1].strip("\n").split("\n")
    weeks = grid(year_of(store))
    column = next(n for n, week in enumerate(weeks) if date(2026, 3, 1) in week)
    assert months[5 + column :].startswith("Mar")
    assert rows[6][5 + column] != "·"
    assert months.split() == [f"{date(2026, month, 1):%b}" for month in range(1, 13)]


def test_a_list_by_itself_has_the_whole_width(store: Store) -> None:
    title = "A title of so many words that half of the width of the picture is too narrow for it"
    year = replace(NEVER, passes=1, months=[(1, 0, 0)] * 12, returned=[(title, 2)])
    assert title in texts(year_picture.svg(year))
    assert title not in texts(year_picture.svg(replace(year, finished=["A list"])))


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("# A heading of many words here\n\ntoo short\n\nBut *this* says [a thing](https://a.b).",
         "But this says a thing."),
        ("```\ncode is no sentence at all\n```\n", ""),
        ("- one two three\n- one two three four", "one two three four"),
        ("x \x1b[31m y z one two", "x \ufffd[31m y z one two"),
        ("word " * 200, "word " * 79 + "word…"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_insight_is_the_first_line_that_says_something(note: str, words: str) -> None:
    assert insight(note) == words


def test_a_year_to_come_is_refused_and_an_empty_one_says_so(store: Store) -> None:
    with pytest.raises(Refused, match="no year 2027"):
        year_of(store, 2027)
    assert "Nothing was logged in 2025" in dumps(year_of(store, 2025))
    assert "Nothing was logged in 2025." in texts(year_picture.svg(NEVER))


@given(st.integers(1990, 2100), st.sampled_from(["mon", "sat", "sun"]))
def test_the_grid_holds_each_day_of_a_year_once(number: int, week_start: str) -> None:
    weeks = grid(replace(NEVER, number=number, week_start=week_start))
    days = [day for week in weeks for day in week if day]
    assert days == [date(number, 1, 1) + timedelta(days=n) for n in range(len(days))]
    assert days[-1] == date(number, 12, 31)
    assert all(len(week) == 7 for week in weeks)


def test_the_picture_shows_the_numbers_and_the_words(store: Store) -> None:
    fill(store, TODAY)
    year = year_of(store)
    shown = texts(year_picture.svg(year))
    for number, counted in year.numbers:
        assert number in shown
        assert counted in shown
    assert {"Works by month", "Most returned to", "In my own words", "Jan", "Dec"} <= set(shown)
    assert f"“{year.insights[0].words.split()[0]}" in " ".join(shown)
    squares = list(ET.fromstring(year_picture.svg(year)).iter(f"{SVG}rect"))
    assert len(squares) > 324


@pytest.mark.parametrize("theme", year_picture.THEMES)
def test_nothing_in_it_asks_the_network_or_runs(store: Store, theme: str) -> None:
    fill(store, TODAY)
    year = year_of(store)
    for content in (year_picture.svg(year, theme), year_picture.html(year, theme)):
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", content)
        assert not re.search(r"<script|javascript:|@import|url\(|\bon\w+=", content)
        assert ("prefers-color-scheme" in content) is (theme == "auto")


HOSTILE = "\uffff<>&\"'\x1b\x00]]>深 abcdefg\u202e"
hostile = st.text(alphabet=st.sampled_from(HOSTILE), max_size=90)


@given(hostile, hostile)
def test_any_text_stays_text_and_within_the_picture(title: str, words: str) -> None:
    insights = [Insight(month, title, words) for month in range(1, 13)]
    months = [(1, 0, 0)] * 12
    year = replace(NEVER, passes=1, months=months, insights=insights, finished=[title])
    picture = year_picture.svg(year)
    root = ET.fromstring(picture)
    height = float(root.attrib["height"])
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ("svg", "title", "desc", "style", "rect", "text")
        assert float(element.attrib.get("y", 0)) <= height
    assert not CONTROLS.findall(picture.replace("\n", ""))


@pytest.mark.parametrize(
    ("name", "begins"),
    [("y.svg", "<svg "), ("y.HTML", "<!doctype html>"), ("y.md", "# A year of reading: 2026")],
)
def test_the_shell_writes_it_in_the_format_of_the_name(
    store: Store, tmp_path: Path, name: str, begins: str
) -> None:
    read(store, "he2015deep", 2, date(2026, 3, 9), 50)
    path = tmp_path / name
    assert papertui("year", "2026", "--out", str(path)).returncode == 0
    assert path.read_text(encoding="utf-8").startswith(begins)
    assert "is there already" in papertui("year", "2026", "--out", str(path)).stderr
    assert "must end in .svg" in papertui("year", "2026", "--out", f"{path}.png").stderr


async def test_a_key_writes_the_year_that_is_looked_at(
    make: Callable[[], PaperTui], store: Store, tmp_path: Path
) -> None:
    read(store, "he2015deep", 2, date(2026, 3, 9), 50)
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        assert "papertui-2026.html" in await look(pilot, "p", "Y")
        await press(pilot, "ctrl+u")
        await type_in(pilot, str(tmp_path / "mine.png"))
        assert "must end in .svg" in await look(pilot, "enter")
        await press(pilot, "backspace", "backspace", "backspace")
        await type_in(pilot, "svg")
        await press(pilot, "enter")
        await wait_for(pilot, "Written: ")
    assert (tmp_path / "mine.svg").read_text(encoding="utf-8").startswith("<svg ")
