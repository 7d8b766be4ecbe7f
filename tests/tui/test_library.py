"""Views, filters, search, the queue and what is up next, through keys and below the screen."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import journal, library_tree
from papertui.core.catalog import ReadingList, Section
from papertui.core.library_tree import Branch, Grouping, Leaf, TreeQuery
from papertui.core.reading_session import Session
from papertui.core.replay import list_key
from papertui.storage import up_next
from papertui.storage.database import Busy, Database
from papertui.storage.drafts import Draft
from papertui.storage.edits import new_section
from papertui.storage.shipped import shipped_catalog
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from papertui.tui.screens.library import LibraryScreen
from papertui.tui.screens.library_search import LibrarySearch
from papertui.tui.screens.library_view import GROUPING_KEYS
from papertui.tui.widgets.page import PagePane
from papertui.tui.widgets.tree import LibraryTree
from tests.conftest import TODAY
from tests.support.parsed_lists import import_of
from tests.support.screen import SMALL, WIDE, find, look, press, screen_text, type_in

ATTENTION, ADAM, RESNET = "vaswani2017attention", "kingma2014adam", "he2015deep"
BACKPROP = "rumelhart1986learning"
Make = Callable[[], PaperTui]


def query_of(view: Grouping = Grouping.LISTS, **chosen: str) -> TreeQuery:
    return TreeQuery(TODAY, view, {facet: frozenset({value}) for facet, value in chosen.items()})


def works_in(store: Store, arrangement: TreeQuery) -> dict[str, list[str]]:
    branches = store.tree.branches(arrangement)
    leaves = store.tree.leaves(arrangement, [branch.id for branch in branches])
    return {branch.title: [leaf.work for leaf in leaves.get(branch.id, ())] for branch in branches}


# ── views ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", [Grouping.DIFFICULTY, Grouping.YEAR, Grouping.STATUS])
def test_every_work_is_in_one_group_of_a_grouping(store: Store, view: Grouping) -> None:
    groups = works_in(store, query_of(view))
    works = [work for found in groups.values() for work in found]
    assert len(works) == len(set(works)) == 153


def test_tiers_hold_every_item_under_its_topic(store: Store) -> None:
    tiers = query_of(Grouping.TIERS)
    branches = store.tree.branches(tiers)
    roots = [branch.title for branch in branches if branch.parent is None]
    assert roots == ["Tier 1", "Tier 2", "Tier 3", "Tier 4+", "No tier"]
    leaves = store.tree.leaves(tiers, [branch.id for branch in branches])
    assert sum(map(len, leaves.values())) == 171
    assert {leaf.tier for leaf in leaves[branches[1].id]} == {1}


def test_the_counts_of_a_group_are_those_of_its_works(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY))
    store.record(journal.drop(ADAM, "known by heart"))
    decades = {branch.title: branch for branch in store.tree.branches(query_of(Grouping.YEAR))}
    assert decades["2010s"].done == 1
    assert decades["1980s"].tally == "0/1"
    by_status = {
        branch.title: branch.tally for branch in store.tree.branches(query_of(Grouping.STATUS))
    }
    unknown = {"Not identified": "5"}
    assert by_status == {"To read": "146", "Read": "1", "Dropped": "1", **unknown}


def test_the_works_that_count_are_as_many_however_they_are_grouped(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, TODAY), journal.park(ADAM, None))
    (count,) = {
        sum(
            branch.total
            for branch in store.tree.branches(query_of(view))
            if branch.title not in ("Not graded", "No year", "Dropped", "Not identified")
        )
        for view in (Grouping.DIFFICULTY, Grouping.YEAR, Grouping.STATUS)
    }
    assert count == 153 - 5


def test_a_decade_counts_the_works_of_its_years(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 3, TODAY))
    years = {
        year: (done, total) for year, done, total in store.tree.years(201, query_of(Grouping.YEAR))
    }
    assert years[2017][0] == 1
    assert sum(total for _, total in years.values()) == next(
        branch.total
        for branch in store.tree.branches(query_of(Grouping.YEAR))
        if "2010" in branch.title
    )


async def test_the_work_stays_under_the_cursor_when_the_grouping_changes(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "v view" in screen_text(make_app(pilot))
        for key, group in (("y", "▾ 2010s"), ("d", "▾ Advanced"), ("s", "▾ To read")):
            screen = await look(pilot, "v", key)
            assert group in screen
            assert "Ashish Vaswani" in screen
        screen = await look(pilot, "v", "l")
        assert "▾ NLP and Language Models" in screen
        assert "Ashish Vaswani" in screen


async def test_the_grouping_is_remembered(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "v", "y", "q")
    async with make().run_test(size=WIDE) as pilot:
        assert "▸ 1980s 0/1" in await look(pilot)


async def test_a_group_has_a_page_of_its_own(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "v", "y", "G", "k")
        screen = await look(pilot, "tab")
        assert "how many you have read of each year" in " ".join(screen.split())
        assert "2024" in screen


def make_app(pilot: object) -> PaperTui:
    app = getattr(pilot, "app", None)
    assert isinstance(app, PaperTui)
    return app


# ── filters ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("facet", "value", "works"),
    [
        (library_tree.STATUS, "skimmed", {ADAM}),
        (library_tree.STATUS, "parked", {RESNET}),
        (library_tree.PASS, "1", {ADAM, ATTENTION}),
        (library_tree.NOTES, "yes", {ADAM}),
        (library_tree.QUEUE, "yes", {BACKPROP}),
    ],
)
def test_a_filter_by_the_readers_acts_shows_their_works(
    store: Store, facet: str, value: str, works: set[str]
) -> None:
    store.record(journal.log_pass(ADAM, 1, TODAY))
    store.record(journal.log_pass(ATTENTION, 1, TODAY), journal.log_pass(ATTENTION, 2, TODAY))
    store.record(journal.save_note(ADAM, "n", "Beta one, beta two."))
    store.record(journal.queue(BACKPROP, 1))
    store.record(journal.park(RESNET, None))
    for view in (Grouping.LISTS, Grouping.YEAR, Grouping.STATUS):
        found = works_in(store, query_of(view, **{facet: value}))
        assert {work for group in found.values() for work in group} == works


@pytest.mark.parametrize("arrangement", [query_of(Grouping.TIERS), query_of(kind="paper")])
def test_a_list_imported_between_two_queries_breaks_no_grouping(
    store: Store, arrangement: TreeQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Database.rows

    def rows(self: Database, sql: str, *values: object, **named: object) -> list[object]:
        found = ask(self, sql, *values, **named)
        monkeypatch.setattr(Database, "rows", ask)
        new = import_of("A", {"B": [ADAM]}, {"adam": {"title": "A", "kind": "paper"}})
        with suppress(Busy), Store(store.path, busy_timeout=0) as other:
            other.record(new)
        return found

    order = store.tree.branches(arrangement)
    monkeypatch.setattr(Database, "rows", rows)
    assert store.tree.branches(arrangement) == order


@pytest.mark.parametrize(
    ("chosen", "number"),
    [
        ({"kind": "video"}, 8),
        ({"year": "1980s"}, 1),
        ({"list": "elicit", "tier": "1"}, 12),
        ({"list": "later", "tier": "2"}, 0),
        ({"difficulty": "Expert", "kind": "video"}, 0),
    ],
)
def test_filters_combine(store: Store, chosen: dict[str, str], number: int) -> None:
    lists = dict(store.tree.lists())
    if "list" in chosen:
        chosen = {**chosen, "list": next(key for key in lists if chosen["list"] in key)}
    found = works_in(store, query_of(Grouping.LISTS, **chosen))
    works = {work for group in found.values() for work in group}
    grouped = works_in(store, query_of(Grouping.DIFFICULTY, **chosen))
    assert works == {work for group in grouped.values() for work in group}
    assert len(works) == number


async def test_a_filter_shows_as_a_chip_is_remembered_and_one_key_clears_it(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "f")
        for _ in range(11):
            await press(pilot, "j")
        screen = await look(pilot, "space", "escape")
        assert "[kind: video]" in screen
        assert "Computer Vision" not in screen
        await press(pilot, "q")
    async with make().run_test(size=WIDE) as pilot:
        assert "[kind: video]" in await look(pilot)
        screen = await look(pilot, "F")
        assert "kind: video" not in screen
        assert "Computer Vision" in screen


def test_a_search_stays_within_the_filter(store: Store) -> None:
    videos = store.search.find("attention", query_of(kind="video")).leaves
    assert videos
    assert {leaf.kind for leaf in videos} == {"video"}


def test_a_search_finds_filtered_works_behind_many_hidden_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertui.storage.search.MAX_RANKED", 1)
    hidden, shown_ = store.search.find("learning", query_of()).leaves, query_of(kind="video")
    assert hidden[0].kind != "video"
    assert {leaf.kind for leaf in store.search.find("learning", shown_).leaves} == {"video"}


@given(
    st.lists(
        st.tuples(st.sampled_from(library_tree.NAMES), st.text(min_size=1, max_size=5)), max_size=8
    )
)
def test_a_filter_is_remembered_as_it_is(choices: list[tuple[str, str]]) -> None:
    chosen = library_tree.EVERYTHING
    for facet, value in choices:
        chosen = library_tree.toggle(chosen, facet, value)
    assert library_tree.load_filter(library_tree.dump_filter(chosen)) == dict(chosen)
    for facet, value in reversed(choices):
        chosen = library_tree.toggle(chosen, facet, value)
    assert not chosen


@pytest.mark.parametrize(
    "text", [None, "", "[]", "nonsense", '{"status": "read"}', '{"no": ["x"]}']
)
def test_an_invalid_filter_is_ignored(text: str | None) -> None:
    assert library_tree.load_filter(text) == {}


# ── searching ────────────────────────────────────────────────────────────────


def found(store: Store, query: str) -> list[str]:
    return [leaf.work for leaf in store.search.find(query, query_of()).leaves]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("attention is all", ATTENTION),
        ("ATTENTION   need", ATTENTION),
        ("need attention", ATTENTION),
        ("łukasz aidan", ATTENTION),
        ("lukasz kaiser aidan", ATTENTION),
        ("1706.03762", ATTENTION),
        ("706.037", ATTENTION),
        ("arXiv:1706.03762v2", ATTENTION),
        ("https://arxiv.org/abs/1706.03762", ATTENTION),
        ("resn", RESNET),
    ],
)
def test_the_intended_work_comes_first(store: Store, query: str, first: str) -> None:
    assert found(store, query)[0] == first


def test_a_title_comes_before_a_text_and_says_where_the_words_are(store: Store) -> None:
    store.record(journal.save_note(ADAM, "n", "A remark on backpropagating quokkas"))
    leaves = store.search.find("quokka", query_of()).leaves
    assert [(leaf.work, leaf.extra) for leaf in leaves] == [(ADAM, "in your notes")]
    titled = [bool(leaf.extra) for leaf in store.search.find("attention", query_of()).leaves]
    assert titled == sorted(titled)


def test_a_note_is_found_from_its_save_to_its_removal(store: Store) -> None:
    act = store.record(journal.save_note(ADAM, "n", "zebras"))
    assert found(store, "zebra") == [ADAM]
    store.record(journal.save_note(ADAM, "n", "gnus", bases=act.versions))
    assert (found(store, "zebra"), found(store, "gnu")) == ([], [ADAM])
    store.record(journal.remove_note(ADAM, "n"))
    assert found(store, "gnu") == []
    store.undo(store.last_act())
    assert found(store, "gnu") == [ADAM]
    store.rebuild()
    assert found(store, "gnu") == [ADAM]


def test_scripts_without_spaces_are_found_by_any_character(store: Store) -> None:
    store.record(journal.add_work("mine", {"title": "深層学習の基礎", "kind": "paper"}))
    assert found(store, "学習") == ["mine"]


@pytest.mark.parametrize("query", ["c++", "duesseldorf", "bertbase", "bert base"])
async def test_the_app_finds_and_marks_names_as_readers_type_them(
    make: Make, store: Store, query: str
) -> None:
    title = "BERT-base and C++ in Düsseldorf"
    store.record(journal.add_work("mine", {"title": title, "kind": "paper"}))
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, query)
        screen = await look(pilot)
        assert "1 work found" in screen or query == "bert base"
        assert f"○ {title}" in screen


HOSTILE = ['"', "'", "a AND", "NEAR(a b)", "title:x", "a* OR b", "^x", "(", "-a", "🌲", "\x00", "{"]


@pytest.mark.parametrize("query", [*HOSTILE, "x" * 10_000, "word " * 2_000])
def test_no_query_is_an_error(store: Store, query: str) -> None:
    for thorough in (True, False):
        store.search.find(query, query_of(), thorough)


@pytest.mark.parametrize("query", HOSTILE)
async def test_no_query_breaks_the_screen(make: Make, query: str) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, query)
        screen = screen_text(pilot.app)
        assert "found" in screen or "of many" in screen or not query.isprintable()
        assert "Foundations" in await look(pilot, "escape")


async def test_words_are_marked_only_while_they_are_searched(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "flashattention")
        await press(pilot)
        detail = make_app(pilot).screen.query_one("#detail", PagePane)
        assert "underline" in str(detail.render_line(0)._segments[0].style)
        await press(pilot, "enter")
        await press(pilot)
        assert "underline" not in str(detail.render_line(0)._segments[0].style)


async def test_arrow_keys_of_a_search_go_from_work_to_work(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "attention")
        tree = make_app(pilot).screen.query_one("#outline", LibraryTree)
        works = [row.node for row in tree._rows if isinstance(row.node, Leaf)]
        assert len(works) < len(tree._rows) - 1, "several sections have some"
        for node in [*works[1:], works[-1]]:
            await press(pilot, "down")
            assert tree.row and tree.row.node == node
        for node in [*works[-2::-1], works[0]]:
            await press(pilot, "up")
            assert tree.row and tree.row.node == node


async def test_the_cursor_stays_on_the_picked_match(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "attention")
        await press(pilot, "down", "down", "down")
        picked = make_app(pilot).screen.query_one("#outline").row.node  # type: ignore[attr-defined]
        await type_in(pilot, " ")
        again = make_app(pilot).screen.query_one("#outline").row.node  # type: ignore[attr-defined]
        assert picked.title == again.title


# ── the queue, parking and dropping ──────────────────────────────────────────


async def test_a_pass_takes_no_work_out_of_a_queue_in_which_it_was_not(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "adam")
        assert "It is not in the queue: a puts it there" in await look(pilot, "2", "K")


async def test_the_queue_is_the_readers_own_order(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        for title in ("attention is all", "adam", "deep residual"):
            await find(pilot, title)
            screen = await look(pilot, "a")
        assert "Number 3 in the queue: Deep Residual" in screen
        await press(pilot, "v", "q")
        screen = await look(pilot, "K", "K")
        assert "Number 1 in the queue: Deep Residual" in screen
        assert "u takes it back" in screen
        assert "J K move" in screen
        assert "Already the first in the queue" in await look(pilot, "K")
        # A number logs a pass, as everywhere, and the pass takes the work out.
        says = "Taken out of the queue by the second pass of Deep Residual"
        assert says in await look(pilot, "2", "K")
        await press(pilot, "u")
        screen = await look(pilot)
        assert [work for work, _ in store.reading_log.queue()] == [RESNET, ATTENTION, ADAM]
        assert "Up next: Deep Residual" in screen
        await press(pilot, "J", "u")
        assert [work for work, _ in store.reading_log.queue()] == [RESNET, ATTENTION, ADAM]
        await press(pilot, "a")
        assert [work for work, _ in store.reading_log.queue()] == [ATTENTION, ADAM]
        assert ", out of the queue" in await look(pilot, "g", "j", "1")
        assert [work for work, _ in store.reading_log.queue()] == [ADAM]


async def test_a_view_without_the_work_on_the_page_shows_the_tree_and_leads_back(
    make: Make, store: Store
) -> None:
    store.record(*[journal.queue(work, n) for n, work in enumerate((ATTENTION, ADAM))])
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        assert "Insight" in await look(pilot, "tab")
        screen = await look(pilot, "v", "q")
        assert "Insight" not in screen
        assert "Queue 2" in screen
        assert "Kaiming He" in await look(pilot, "v", "l", "tab")
        # What was done or looked at since is what the reader is at.
        await press(pilot, "v", "q", "g", "j", "asterisk")
        assert "Ashish Vaswani" in await look(pilot, "v", "l", "tab")
        await press(pilot, "escape", "v", "q", "G")
        assert "Kingma" in await look(pilot, "tab")
        assert "Kingma" in await look(pilot, "v", "l")


async def test_a_work_that_an_act_takes_out_of_view_stays_until_the_cursor_leaves_it(
    make: Make, store: Store
) -> None:
    store.record(*[journal.queue(work, n) for n, work in enumerate((ATTENTION, ADAM, RESNET))])
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "v", "q", "G")
        assert "out of the queue" in await look(pilot, "1")
        assert "Note · Deep Residual" in await look(pilot, "n")
        await press(pilot, "escape")
        assert "Log it twice?" in await look(pilot, "1")
        assert "◔ Deep Residual" in await look(pilot, "n")
        assert "◔ Deep Residual" not in await look(pilot, "k")
        # The same key puts it back, and acts on no other work.
        assert "Out of the queue: Adam" in await look(pilot, "a")
        assert "in the queue: Adam" in await look(pilot, "a")
        # The same in a filter.
        await press(pilot, "v", "l", "f", "space", "enter")
        await find(pilot, "u-net")
        assert "Logged: second pass of U-Net" in await look(pilot, "2")
        assert "◑ U-Net" in await look(pilot)
        assert "◑ U-Net" not in await look(pilot, "j")
        assert store.reading_log.work(RESNET).depth == 1


@given(st.permutations("abcdef"), st.sampled_from("abcdef"), st.lists(st.sampled_from((-1, 1))))
def test_moving_in_the_queue_moves_only_that_work(
    order: list[str], work: str, moves: list[int]
) -> None:
    ranks = {each: float(number) for number, each in enumerate(order)}
    expected = list(order)
    for by in moves:
        new = up_next.moved(sorted(ranks.items(), key=lambda pair: pair[1]), work, by)
        # An undo names the work that was moved, however many make room for it.
        assert not new or new[0][0] == work
        ranks.update(new)
        at = expected.index(work)
        if 0 <= at + by < len(expected):
            expected.insert(at + by, expected.pop(at))
    assert sorted(ranks, key=lambda each: ranks[each]) == expected


async def test_x_parks_until_a_day_and_takes_up_again(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Park Attention Is All You Need until when?" in await look(pilot, "x", "p")
        await type_in(pilot, "2w")
        screen = await look(pilot, "enter")
        assert "Parked: Attention Is All You Need, back on Fri 4 Dec" in screen
        assert "its session waits" not in screen
        assert "◌ Attention" in screen
        assert store.reading_log.work(ATTENTION).until == TODAY + timedelta(weeks=2)
        assert "○ Attention" in await look(pilot, "x", "t")


async def test_x_drops_for_a_reason_and_leaves_the_counts(make: Make, store: Store) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Why drop Attention Is All You Need?" in await look(pilot, "x", "d")
        await type_in(pilot, "read it in class")
        screen = await look(pilot, "enter")
        assert "✕ Attention" in screen
        assert "Deep Learning Papers 0/33" in screen
        assert store.reading_log.work(ATTENTION).reason == "read it in class"
        assert "Deep Learning Papers 0/34" in await look(pilot, "u")


async def test_an_invalid_day_is_asked_for_again_and_escape_parks_nothing(
    make: Make, store: Store
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "x", "p")
        await type_in(pilot, "someday")
        assert "'someday' is not a day" in await look(pilot, "enter")
        await press(pilot, "escape")
        assert store.reading_log.work(ATTENTION).aside is None


def test_a_parked_work_comes_back_on_its_day(store: Store) -> None:
    store.record(journal.park(BACKPROP, TODAY + timedelta(days=3)))

    def aside(day: date) -> str | None:
        arrangement = TreeQuery(day)
        holding = store.tree.holding(arrangement, BACKPROP)
        return store.tree.leaves(arrangement, holding[:1])[holding[0]][0].aside

    assert aside(TODAY) == "parked"
    assert aside(TODAY + timedelta(days=3)) is None
    assert next_work(store, TODAY) != BACKPROP
    assert next_work(store, TODAY + timedelta(days=3)) == BACKPROP


@pytest.mark.parametrize("aside", [journal.park(BACKPROP, None), journal.drop(BACKPROP, "known")])
async def test_the_page_of_a_work_that_is_set_aside_says_how_far_it_was_read(
    make: Make, store: Store, aside: journal.Change
) -> None:
    store.record(journal.log_pass(BACKPROP, 2, TODAY), aside)
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "learning representations")
        assert "◑ read · second pass today" in " ".join(screen_text(pilot.app).split())


@pytest.mark.parametrize(
    ("aside", "why"),
    [
        (journal.park(BACKPROP, None), "parked"),
        (journal.park(BACKPROP, TODAY + timedelta(days=3)), "parked until Mon 23 Nov"),
        (journal.drop(BACKPROP, "known"), "dropped"),
    ],
)
async def test_what_up_next_passes_over_is_said_when_queued_and_in_the_queue(
    make: Make, store: Store, aside: journal.Change, why: str
) -> None:
    store.record(aside)
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "learning representations")
        screen = " ".join((await look(pilot, "a")).split())
        assert f"{why.split()[0]}, so up next passes over it · u takes it back" in screen
        screen = await look(pilot, "v", "q")
        assert any(
            line.rstrip("▁▂▃▄▅▆▇█≡ ").endswith(why)
            for line in screen.split("\n")
            if "Learning" in line
        )
    found = store.up_next.next(TODAY)
    assert found
    assert found.work != BACKPROP
    store.record(journal.queue(ATTENTION, 9))
    found = store.up_next.next(TODAY)
    assert found
    assert (found.work, found.reason) == (
        ATTENTION, "first in your queue that can be read now: first pass"
    )  # fmt: skip


@pytest.mark.parametrize("keys", [("p", *"3d", "enter"), ("d", "enter")])
async def test_setting_a_queued_work_aside_says_that_up_next_passes_over_it(
    make: Make, store: Store, keys: tuple[str, ...]
) -> None:
    store.record(journal.queue(BACKPROP, 1))
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "learning representations")
        screen = await look(pilot, "x", *keys)
        assert "up next passes over it in the queue · u takes it back" in " ".join(screen.split())


@pytest.mark.parametrize(
    ("depth", "pass_"), [(0, "first"), (1, "second"), (2, "third"), (3, "third")]
)
def test_the_first_in_the_queue_says_which_pass_it_would_be(
    store: Store, depth: int, pass_: str
) -> None:
    if depth:
        store.record(journal.log_pass(ATTENTION, depth, TODAY))
    store.record(journal.queue(ATTENTION, 1), journal.queue(BACKPROP, 2))
    found = store.up_next.next(TODAY)
    assert found
    assert (found.work, found.reason) == (ATTENTION, f"first in your queue: {pass_} pass")


# ── up next ──────────────────────────────────────────────────────────────────


def next_work(store: Store, today: date = TODAY) -> str:
    found = store.up_next.next(today)
    assert found
    return found.work


def focus(store: Store, title: str) -> Branch:
    branch = next(b for b in store.tree.sections() if b.title == title and b.parent is None)
    store.set_setting("focus", branch.list)
    return branch


def test_the_first_list_is_read_in_order_within_its_sections(store: Store) -> None:
    found = store.up_next.next(TODAY)
    assert found
    assert (found.work, found.reason) == (BACKPROP, "next in Foundations")
    store.record(journal.log_pass(BACKPROP, 2, TODAY))
    assert next_work(store) != BACKPROP


@pytest.mark.parametrize("reading_list", shipped_catalog().lists, ids=lambda each: each.key)
def test_a_shipped_list_is_read_in_the_order_that_its_rule_promises(
    store: Store, reading_list: ReadingList
) -> None:
    """Works by tier, or in list order; a work waits for those required before it or at its rank."""
    works = shipped_catalog().works
    places = [
        ((item.tier or 9,) if reading_list.order == "tier" else (number,), item.work)
        for number, item in enumerate(
            item for section in _all_sections(reading_list.sections) for item in section.items
        )
    ]
    left = sorted(
        [(rank, number, work) for number, (rank, work) in enumerate(places)
         if not works[work].unidentified]
    )  # fmt: skip
    rank_of: dict[str, tuple[int, ...]] = {}
    for rank, _, work in left:
        rank_of.setdefault(work, rank)
    promised: list[str] = []
    while left:
        ready = (
            work
            for rank, _, work in left
            if all(
                need in promised or rank_of.get(need, (99,)) > rank for need in works[work].requires
            )
        )
        promised.append(next(ready, left[0][2]))
        left = [place for place in left if place[2] != promised[-1]]
    store.set_setting("focus", reading_list.key)
    walked = []
    for _ in promised:
        walked.append(next_work(store))
        store.record(journal.log_pass(walked[-1], 2, TODAY))
    assert walked == promised


def _all_sections(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all_sections(section.sections)


def test_works_outside_the_list_or_later_in_it_hold_nothing_back(store: Store) -> None:
    focus(store, "Elicit Machine Learning")
    walked = []
    while "radford2019language" not in walked:
        walked.append(next_work(store))
        store.record(journal.log_pass(walked[-1], 2, TODAY))
    tiers = {leaf.work: leaf.tier for leaf in all_leaves(store)}
    assert {tiers[work] for work in walked} == {1}


def all_leaves(store: Store) -> list[Leaf]:
    query = query_of(list="elicit-machine-learning")
    branches = [branch.id for branch in store.tree.branches(query)]
    return [leaf for leaves in store.tree.leaves(query, branches).values() for leaf in leaves]


def test_after_a_first_pass_the_reason_says_why_another_work_comes_before_the_second(
    store: Store,
) -> None:
    store.record(journal.log_pass(BACKPROP, 1, TODAY))
    found = store.up_next.next(TODAY)
    assert found
    assert found.work != BACKPROP
    assert "first passes come before second ones" in found.reason


def test_a_skimmed_work_waits_until_nothing_is_new(store: Store) -> None:
    candidates = [
        up_next.Candidate("skimmed", "", "", None, 1, True),
        up_next.Candidate("waits", "", "", None, 0, False),
    ]
    fresh = up_next.Candidate("fresh", "", "", None, 0, True)
    assert up_next.choose([*candidates, fresh]) == (fresh, 1, 1)
    assert up_next.choose(candidates) == (candidates[0], 1, 1)
    assert up_next.choose(candidates[1:]) == (candidates[1], 0, 1)
    assert up_next.choose([]) is None


async def test_the_dot_goes_to_the_next_work_and_shows_the_reason(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        assert "Up next: Learning representations" in await look(pilot)
        screen = await look(pilot, "full_stop")
        assert "Up next: Learning representations by back-propagating errors" in screen
        assert "next in Foundations" in screen
        assert "Rumelhart" in screen


async def test_the_dot_goes_to_the_next_work_in_the_list_that_it_comes_from(
    make: Make, store: Store
) -> None:
    store.record(import_of("Team reading", {"Talks": [ADAM]}, {}))
    store.set_setting(up_next.FOCUS, list_key("Team reading"))
    async with make().run_test(size=WIDE) as pilot:
        assert "Up next: Adam" in await look(pilot, "full_stop")
        work = pilot.app.screen.node  # type: ignore[attr-defined]
        lists = {branch.id: branch.list for branch in store.tree.sections()}
        assert lists[work.branch] == list_key("Team reading")


async def test_a_filter_that_hides_the_next_work_is_cleared_with_a_message(
    make: Make, store: Store
) -> None:
    store.set_setting("filter", library_tree.dump_filter({"kind": frozenset({"video"})}))
    async with make().run_test(size=WIDE) as pilot:
        assert "[kind: video]" in await look(pilot)
        screen = await look(pilot, "full_stop")
        assert "the filter hid it and is cleared: F brings it back" in " ".join(screen.split())
        assert "kind: video" not in screen
        assert "hid it" not in await look(pilot, "full_stop")
        assert "[kind: video]" in await look(pilot, "F")
        screen = await look(pilot, "F")
        assert "The filter is cleared · F brings it back" in screen
        assert "kind: video" not in screen


async def test_the_reader_chooses_the_list_in_focus(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        # What changes nothing offers no way back.
        assert "Up next comes from Deep Learning Papers, as before" in await look(pilot, "g", "L")
        await find(pilot, "annotated transformer")
        screen = await look(pilot, "L")
        assert "Up next comes from Elicit Machine Learning · u takes it back" in screen
        words = " ".join((await look(pilot, "L")).split())
        assert "No longer from Elicit Machine Learning; up next comes from Deep Learning" in words
        assert "Papers · u takes it back" in words
        # Acts and lists are taken back in the order in which they came.
        screen = await look(pilot, "a", "L", "asterisk", "u", "u")
        assert "Undone: up next comes from Deep Learning Papers again" in screen
        assert "Undone: queueing" in await look(pilot, "u")
        turns = ("Elicit Machine Learning", "Deep Learning Papers")
        for title in turns:
            assert f"Undone: up next comes from {title} again" in await look(pilot, "u")
        assert "There is nothing to undo" in await look(pilot, "u")
        for title in turns:
            assert f"Done again: up next comes from {title}" in await look(pilot, "ctrl+r")
        assert "Done again: queueing" in await look(pilot, "ctrl+r")
        screen = await look(pilot, "ctrl+r")
        assert "Done again: up next comes from Elicit Machine Learning" in screen
        assert "Done again: " in (screen := await look(pilot, "ctrl+r"))
        assert "up next" not in screen.split("Done again: ")[1]
        await press(pilot, "u", "u", "u")
        # What was done since leaves nothing to bring back.
        assert "Done again: queueing" in await look(pilot, "L", "u", "a", "u", "ctrl+r")
        assert "There is nothing to redo" in await look(pilot, "ctrl+r")
        await press(pilot, "u", "L", "L", "L")
        assert "tier 1 of" in await look(pilot, "full_stop")


async def test_a_list_is_put_off_also_after_an_undo(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "annotated transformer")
        await press(pilot, "L", "g", "L", "u")
        await find(pilot, "annotated transformer")
        words = " ".join((await look(pilot, "L")).split())
        assert "No longer from Elicit Machine Learning; up next comes from Deep Learning" in words


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("a",), "Up next comes from Elicit Machine Learning, after your queue"),
        (("s", "1", "x", "escape"), "Elicit Machine Learning, after the session that waits"),
        (("a", "s", "1", "x", "escape"), "after the session that waits and your queue"),
        (("j", "b", "2", "y"), "Up next comes from Elicit Machine Learning"),
    ],
)
async def test_l_says_what_comes_before_the_list(
    make: Make, keys: tuple[str, ...], said: str
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "annotated transformer")
        assert said in " ".join((await look(pilot, *keys, "L")).split())


async def test_l_says_that_nothing_is_left_in_a_list(make: Make, store: Store) -> None:
    (key,) = [key for key, title in store.tree.lists() if "Elicit" in title]
    works = {candidate.work for candidate in store.up_next.of_list(key, "tier", TODAY)}
    store.record(*[journal.log_pass(work, 2, None) for work in works])
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "annotated transformer")
        screen = await look(pilot, "L")
        assert "Nothing is left to read in Elicit Machine Learning" in screen
        assert "up next goes on with the other lists" in screen


async def test_a_session_under_way_comes_before_all_else(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        await press(pilot, "a", "s", "2", "x", "escape")
        screen = await look(pilot, "full_stop")
        assert "Up next: Attention Is All You Need · second pass under way" in screen


# ── a filter that stays ──────────────────────────────────────────────────────


async def test_a_filter_is_there_after_any_end(make: Make, store: Store) -> None:
    async with make().run_test(size=SMALL) as pilot:
        # The values hide no part of the tree.
        assert "decentralized… 0/24" in await look(pilot, "f")
        await press(pilot, "j", "space")
        # A kill saves nothing more.
        assert library_tree.load_filter(store.setting("filter")) == {"status": {"skimmed"}}
    async with make().run_test(size=SMALL) as pilot:
        assert "[status: skimmed]" in await look(pilot)


async def test_a_waiting_draft_leaves_the_filter_that_hides_its_work(
    make: Make, store: Store
) -> None:
    chosen = {"status": frozenset({"reproduced"})}
    store.set_setting("filter", library_tree.dump_filter(chosen))
    store.record(journal.log_pass(ADAM, 3, TODAY))
    store.drafts.save(Draft("d", ATTENTION, "n", (), "half a thought", Session(2).sit_down(TODAY)))
    store.drafts.close()
    async with make().run_test(size=SMALL) as pilot:
        screen = await look(pilot)
        assert "[status: reproduced]" in screen
        assert "s goes on with it" in screen
        assert "s goes on with it" in await look(pilot, "p", "escape")
        assert "half a thought" in await look(pilot, "s")
    async with make().run_test(size=SMALL) as pilot:
        assert "s goes on with it" in await look(pilot)
        assert "s goes on with it" not in await look(pilot, "j", "k")
        refused = await look(pilot, "g", "s")
        assert "Go to a work first: → opens a section and goes into it" in refused
        assert "Go to a work first: esc goes back to the tree" in await look(pilot, "tab", "s")
        await press(pilot, "escape")
        await press(pilot, "G", "l", "l", "j", "q")
    async with make().run_test(size=SMALL) as pilot:
        assert "s goes on with it" in await look(pilot)
        # Only the key that is offered leads to another work than that under the cursor.
        assert "Note · Adam" in await look(pilot, "n")


async def test_going_to_a_hidden_work_says_that_the_filter_is_cleared(make: Make) -> None:
    cleared = "the filter hid it and is cleared"
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "f", "j", "space", "escape")
        assert cleared in await look(pilot, "full_stop")
        await press(pilot, "f", "j", "space", "escape", "plus")
        await type_in(pilot, "A work of my own about nothing")
        assert cleared in " ".join((await look(pilot, "enter")).split())


@pytest.mark.parametrize("view", GROUPING_KEYS)
async def test_an_empty_result_names_the_key_that_clears_the_filter(make: Make, view: str) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "v", view, "f", "j", "space", "escape")
        screen = await look(pilot)
        assert "Nothing fits the filter." in screen
        assert screen.count("F clears it") == 1
        await press(pilot, "slash")
        await type_in(pilot, "attention")
        assert "Nothing found with this filter" in screen_text(pilot.app)
        assert "Nothing fits" not in await look(pilot, "escape", "F")


@pytest.mark.parametrize(
    ("before", "keys", "why"),
    [
        ("", "v q", "The queue is empty: v leads to the lists"),
        ("a v q", "a", "The queue is empty: v leads to the lists"),
        ("", "f down down down space enter", "Nothing fits the filter."),
    ],
)
async def test_the_page_pane_of_a_small_window_is_never_shown_without_a_page(
    make: Make, before: str, keys: str, why: str
) -> None:
    async with make().run_test(size=SMALL) as pilot:
        assert "Insight" in await look(pilot, *"jlj", *before.split(), "tab")
        assert why in await look(pilot, *keys.split())
        # There is no page to go to, no list and no work to mark.
        for key in ("tab", "L", "V"):
            screen = await look(pilot, key)
            assert (why in screen, "Go to a list" in screen) == (True, False)


async def test_a_filter_changes_no_work_that_is_read_unseen(make: Make, store: Store) -> None:
    store.record(journal.log_pass(BACKPROP, 1, TODAY))
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, *"jlj", "tab")
        assert "[status: to read]" in await look(pilot, "f", "space", "enter")
        await press(pilot, "F", "j", "tab")
        # This work stays, and its page with it.
        shown = await look(pilot, "f", "space", "enter")
        assert "Insight" in shown
        assert "Kurt Hornik" in shown


async def test_the_ways_back_to_a_row_lead_there_whatever_view_or_filter_hides_it(
    make: Make, store: Store
) -> None:
    store.record(journal.log_pass(BACKPROP, 2, TODAY), journal.queue(BACKPROP, 1.0))
    async with make().run_test(size=SMALL) as pilot:
        assert "No link was followed" in await look(pilot, "backspace")
        await find(pilot, "adam")
        await press(pilot, "apostrophe", "m", "a")
        for keys in (["v", "q"], ["v", "s"], ["f", "down", "down", "space", "enter"]):
            await find(pilot, "adam")
            # A link of its page leads elsewhere.
            await press(pilot, "tab", "right_square_bracket", "enter", "escape")
            await press(pilot, *keys)
            screen = await look(pilot, "backspace")
            assert ("the filter hid it and is cleared" in screen) == (keys[0] == "f")
            assert "Logged: first pass of Adam" in await look(pilot, "1")
            await press(pilot, "u", "g")
        await press(pilot, "f", "down", "down", "space", "enter")
        screen = await look(pilot, "apostrophe", "a")
        assert "the filter hid it and is cleared" in screen
        assert "Logged: first pass of Adam" in await look(pilot, "1")


async def test_of_two_drafts_on_a_work_the_key_goes_on_with_the_one_that_is_shown(
    make: Make, store: Store
) -> None:
    for words in ("one", "one two"):
        session = Session(2).sit_down(TODAY)
        store.drafts.save(Draft(words, ADAM, words, (), words, session))
    store.drafts.close()
    async with make().run_test(size=SMALL) as pilot:
        for _ in range(4):
            offered = "2 words" if "2 words" in await look(pilot, "w") else "1 word"
            assert f"· {offered}" in (await look(pilot, "s")).split("\n")[0]
            await press(pilot, "escape")


async def test_clearing_the_filter_leads_back_to_the_work_that_it_hid(make: Make) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await find(pilot, "attention is all")
        assert "Ashish Vaswani" not in await look(pilot, "1", "f", "space", "enter")
        assert "Ashish Vaswani" in await look(pilot, "F")
        # So is a section that it hid.
        await press(pilot, "left")
        tree = make_app(pilot).screen.query_one(LibraryTree)
        section = tree.row
        await press(pilot, "F", "F", "F", "F")
        assert tree.row == section
        await find(pilot, "attention is all")
        # Who has gone elsewhere meanwhile stays there.
        assert "Ashish Vaswani" not in await look(pilot, "F", "G", "F")


async def test_filters_and_views_that_hide_a_work_keep_to_its_section(
    make: Make, store: Store
) -> None:
    store.record(journal.log_pass("goodfellow2014generative", 2, TODAY))
    async with make().run_test(size=SMALL) as pilot:
        tree = make_app(pilot).screen.query_one(LibraryTree)
        await find(pilot, "generative adversarial nets")
        before = tree.row
        await press(pilot, "f", "space", "escape")
        assert before
        assert tree.row
        assert isinstance(before.node, Leaf)
        assert isinstance(tree.row.node, Leaf)
        assert tree.row.node.branch == before.node.branch
        assert tree.row.node.work != before.node.work
        await press(pilot, "h", "v", "t")
        assert tree.row.node.title == "Generative Models"
        # A page counts what the filter hides, too.
        await press(pilot, "v", "l")
        assert "1/6" in await look(pilot, "tab")


async def test_a_view_of_all_works_and_back_keeps_the_row_of_a_list(
    make: Make, store: Store
) -> None:
    made, key = new_section(store, "Mine")
    store.record(made, journal.place_work(ADAM, "", None, key, 0.0), journal.queue(ADAM, 1.0))
    async with make().run_test(size=SMALL) as pilot:
        tree = make_app(pilot).screen.query_one(LibraryTree)
        await press(pilot, "G")
        row = tree.row
        assert row
        assert row.key.endswith(ADAM)
        await press(pilot, "v", "q", "v", "y", "v", "l")
        assert tree.row == row


@pytest.mark.parametrize("seed", range(2))
async def test_views_and_filters_keep_the_cursor_on_the_work_it_was_put_on_wherever_they_show_it(
    make: Make, store: Store, seed: int
) -> None:
    store.record(*[journal.queue(work, at) for at, work in enumerate((RESNET, ADAM, BACKPROP))])
    store.record(journal.log_pass(ADAM, 2, TODAY), journal.queue(ADAM, 5.0))
    views = [["v", letter] for letter in GROUPING_KEYS] + [["F"]] * 6
    random = Random(seed)
    async with make().run_test(size=SMALL) as pilot:
        tree = make_app(pilot).screen.query_one(LibraryTree)

        def at() -> str:
            assert tree.row
            return tree.row.node.work if isinstance(tree.row.node, Leaf) else tree.row.key

        await find(pilot, "resnet")
        await press(pilot, "v", "q", "down", "up", "f", *["down"] * 2, "space", "escape")
        put_on = RESNET
        for keys in random.choices([*views, ["down"], ["up"]], k=60):
            before = at()
            await press(pilot, *keys)
            shown = tree.works_shown | tree.keys_shown
            if keys not in views:
                put_on = at() if at() != before else put_on
            elif put_on in shown:
                assert at() == put_on, keys
            elif before in shown:
                assert at() == before, keys


async def test_a_list_that_is_opened_leaves_a_filter_that_shows_it(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await press(pilot, "f", "space", "escape")
        app = make_app(pilot)
        app.show_list(app.store.tree.lists()[1][0])
        assert "[status: to read]" in await look(pilot)


@pytest.mark.parametrize("view", Grouping)
@pytest.mark.parametrize("chosen", [{}, {"status": "dropped"}, {"year": "none"}])
def test_no_branch_counts_nothing_out_of_nothing(
    store: Store, view: Grouping, chosen: dict[str, str]
) -> None:
    store.record(journal.drop(ADAM, ""), journal.drop(RESNET, ""))
    for branch in store.tree.branches(query_of(view, **chosen)):
        assert branch.tally not in ("0", "0/0")
        assert branch.list or branch.tally


@pytest.mark.parametrize("text", ["a", "tr", "language"])
@pytest.mark.parametrize("keys", [("down", "down", "enter"), ("ctrl+l", "1", "enter")])
async def test_keys_that_follow_a_search_act_on_the_matches_in_their_last_order(
    make: Make, monkeypatch: pytest.MonkeyPatch, store: Store, text: str, keys: tuple[str, ...]
) -> None:
    monkeypatch.setattr("papertui.tui.screens.library_search.RANKING_DELAY", 60.0)
    show_found = LibrarySearch.show_found
    screens = []
    for is_ranked_at_once in (False, True):
        if is_ranked_at_once:
            monkeypatch.setattr(LibrarySearch, "show_found", lambda self, **_: show_found(self))
        app = make()
        async with app.run_test(size=SMALL) as pilot:
            screens.append(await look(pilot, "slash", *text, *keys))
            if keys[0] == "ctrl+l":
                # What is shown in its order later says no more what was found.
                library = app.screen
                assert isinstance(library, LibraryScreen)
                library.catch_up("down")
                assert "Logged: first pass" in await look(pilot)
                store.undo(store.last_act())
    assert screens[0] == screens[1]


async def test_a_page_that_grows_begins_at_its_top_wherever_another_was_read(make: Make) -> None:
    async with make().run_test(size=SMALL) as pilot:
        await find(pilot, "adam")
        await press(pilot, "tab", "G", "escape", "plus")
        await type_in(pilot, "A short page")
        await press(pilot, "enter", "tab", "tab", "n")
        await type_in(pilot, "\n\n".join(f"Paragraph {n}: {'word ' * 30}" for n in range(1, 90)))
        screen = await look(pilot, "escape", "tab")
        assert screen.split("\n")[1].startswith(" A short page")
        assert "Paragraph 1:" in screen
