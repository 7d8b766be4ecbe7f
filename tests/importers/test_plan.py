"""Imports: matching of items, new versions of lists, merges, hostile events, many items."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import act_words, journal
from papertui.core.catalog import Link, check
from papertui.core.days import week_of
from papertui.core.identity import Rule, parse_new_work
from papertui.core.library_tree import TreeQuery
from papertui.core.own_lists import ListEdits
from papertui.core.replay import import_faults, list_key
from papertui.errors import Refused
from papertui.importers.bibtex import parse_bibtex
from papertui.importers.parsed_list import LeftOut, ParsedItem, ParsedList, ParsedSection
from papertui.importers.plan import ImportPlan, plan_import, title_finder
from papertui.pages.import_plan import outcome, plan_page
from papertui.storage import library_index
from papertui.storage.drafts import Draft
from papertui.storage.edits import new_section, work_merge
from papertui.storage.store import Store
from tests.support.endurance import examples
from tests.support.fresh_database import fresh_database
from tests.support.parsed_lists import import_of, parsed_list

DAY = date(2026, 11, 20)
LISTS = TreeQuery(DAY)
ATTENTION = "vaswani2017attention"


def make_plan(store: Store, parsed: ParsedList) -> ImportPlan:
    return plan_import(parsed, store.works, "list.md")


def run_import(store: Store, parsed: ParsedList) -> ImportPlan:
    plan = make_plan(store, parsed)
    store.record(plan.change)
    return plan


@pytest.mark.parametrize(("number", "shown", "end"), [(5, 5, ""), (6, 6, ""), (7, 5, "and 2 more")])
def test_no_line_counts_a_single_work_that_would_fit_in_it(
    store: Store, number: int, shown: int, end: str
) -> None:
    items = [ParsedItem(f"Foam of the sea {n}", n) for n in range(1, number + 1)]
    page = plan_page(make_plan(store, parsed_list("Seas", One=items)), 80)
    lines = [line.text for line in page]
    assert sum("Foam of the sea" in line for line in lines) == shown
    assert ("and 2 more" in "\n".join(lines)) == bool(end)
    assert "and 1 more" not in "\n".join(lines)


def test_a_preview_names_the_works_whose_texts_are_left_out(store: Store) -> None:
    items = [
        ParsedItem("Attention Is All You Need", 1, summary="Read this twice."),
        ParsedItem("Adam: A Method for Stochastic Optimization", 2),
        ParsedItem("Foam of the sea", 3, summary="Read this once."),
    ]
    plan = make_plan(store, parsed_list("Seas", One=items))
    assert plan.own_texts == ["Attention Is All You Need"]
    assert [work.get("summary") for work in plan.works.values()] == ["Read this once."]
    lines = [line.text for line in plan_page(plan, 80)]
    texts = lines[lines.index(next(filter(_texts, lines))) :]
    assert "  Attention Is All You Need: Read this twice." in texts


def _texts(line: str) -> bool:
    return line.startswith("Texts left out")


def match_of(store: Store, item: ParsedItem) -> tuple[Rule | None, str]:
    """Return the rule that matches an item, and the citekey of its work."""
    (match,) = make_plan(store, parsed_list("T", A=[item])).matches
    return match.rule, match.work


def tree(store: Store) -> list[str]:
    """Return the sections of all lists but the shipped ones, with counts and works."""
    lines = []
    branches = store.tree.sections()
    leaves = store.tree.leaves(LISTS, [branch.id for branch in branches])
    shipped = {"deep-learning-papers", "papers-to-read-later", "elicit-machine-learning"}
    for branch in branches:
        if branch.list not in shipped:
            works = ", ".join(leaf.title for leaf in leaves.get(branch.id, ()))
            lines.append(f"{branch.title} {branch.tally}{works and ': '}{works}")
    return lines


# ── matching ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("item", "rule", "work"),
    [
        (ParsedItem("Attention is all you need!", 1, arxiv="1706.03762v3"), Rule.ID, ATTENTION),
        (ParsedItem("Transformer", 1, doi="10.48550/arXiv.1706.03762"), Rule.ID, ATTENTION),
        (ParsedItem("arXiv:1706.03762", 1, arxiv="1706.03762"), Rule.ID, ATTENTION),
        (ParsedItem("Attention Is All You Need", 1), Rule.TITLE, ATTENTION),
        (ParsedItem("ATTENTION is all you need", 1, ("Vaswani, A.",)), Rule.TITLE, ATTENTION),
        (ParsedItem("Learning representations by back-propagating errors", 1), Rule.TITLE,
         "rumelhart1986learning"),
        (ParsedItem("Attention Is All You Need", 1, year=1999), Rule.RIVAL, None),
        (ParsedItem("Attention Is All You Need", 1, ("Jane Doe",)), Rule.RIVAL, None),
        (ParsedItem("Attention Is All You Need", 1, arxiv="2401.00001"), Rule.RIVAL, None),
        (ParsedItem("Deep residual learning", 1, arxiv="1706.03762"), Rule.CONFLICT, None),
        (ParsedItem("Attention Is All", 1, arxiv="1706.03762"), Rule.ID, ATTENTION),
        (ParsedItem("Something else", 1), None, None),
    ],
)  # fmt: skip
def test_an_item_matches_a_known_work_by_id_and_title_or_by_title(
    store: Store, item: ParsedItem, rule: Rule | None, work: str | None
) -> None:
    actual, citekey = match_of(store, item)
    assert actual is rule
    assert citekey == work if work else store.works.work(citekey) is None


def test_an_address_alone_is_shown_by_the_title_of_its_work(store: Store) -> None:
    bare = ParsedItem("arXiv:1706.03762", 1, arxiv="1706.03762")
    (match,) = make_plan(store, parsed_list("T", A=[bare])).matches
    assert match.title == "Attention Is All You Need"
    new = ParsedItem("arXiv:2401.00001", 1, arxiv="2401.00001")
    (match,) = make_plan(store, parsed_list("T", A=[new])).matches
    assert match.title == "arXiv:2401.00001"


def test_an_id_that_a_shipped_work_does_not_get_is_named(store: Store) -> None:
    title = "Attention Is All You Need"
    items = [
        ParsedItem(title, 1, arxiv="1706.03762"),
        ParsedItem(title, 2, doi="10.1000/parrots"),
        ParsedItem(title, 3, arxiv="1706.03762", doi="10.1000/parrots"),
    ]
    problems = make_plan(store, parsed_list("T", A=items[:1], B=items[1:2], C=items[2:])).problems
    assert problems == (
        "Line 2: an id is left out, as papertui describes the work itself: 10.1000/parrots of"
        f" {title} (and 1 line like it: 3)",
    )


def test_an_item_kept_apart_is_shown_with_the_similar_work(store: Store) -> None:
    plan = make_plan(store, parsed_list("T", A=[ParsedItem("Adam", 7, arxiv="1706.03762")]))
    (match,) = plan.matches
    assert (match.rule, match.known, match.line) == (Rule.CONFLICT, "Attention Is All You Need", 7)
    store.record(plan.change)
    (again,) = make_plan(
        store, parsed_list("T", A=[ParsedItem("Adam", 7, arxiv="1706.03762")])
    ).matches
    assert (again.rule, again.work) == (Rule.ID, match.work)


def test_two_items_of_one_work_are_combined(store: Store) -> None:
    pdf, code = Link("PDF", "https://a.org/x.pdf"), Link("code", "https://b.org/x")
    parsed = parsed_list(
        "T",
        A=[ParsedItem("A title", 1, links=(pdf,)), ParsedItem("A Title.", 2, year=2020)],
        B=[ParsedItem("a title", 3, links=(code, pdf), summary="Short.")],
    )
    plan = run_import(store, parsed)
    (citekey,) = plan.works
    work = store.works.work(citekey)
    assert work is not None
    assert (work.title, work.year, work.summary) == ("A title", 2020, "Short.")
    assert work.links == (pdf, code)
    assert tree(store) == ["T 0/1", "A 0/1: A title", "B 0/1: A title"]
    assert plan.problems == ("Line 2: A Title. is in its section twice.",)
    assert [match.again for match in plan.matches] == [False, True, True]
    assert {rule: len(matches) for rule, matches in plan.by_rule() if matches} == {None: 1}


def test_works_of_one_title_are_distinguished_by_year_author_or_id(store: Store) -> None:
    items = [
        ParsedItem("Editorial", 1, year=2001),
        ParsedItem("Editorial", 2, year=2011),
        ParsedItem("Editorial", 3, ("A. Beta",), 2021),
        ParsedItem("Editorial", 4, ("C. Delta",), 2021),
        ParsedItem("Editorial", 5, doi="10.1000/x", year=2031),
    ]
    assert len(make_plan(store, parsed_list("T", A=items)).works) == 5


def test_a_longer_title_of_a_work_finds_it_beside_the_one_that_it_keeps(store: Store) -> None:
    bare = ParsedItem("", 1, arxiv="2401.12345")
    short = ParsedItem("Deep Foams", 1, arxiv="2401.12345")
    whole = ParsedItem("Simple and Scalable Waves with Deep Foams", 1, arxiv="2401.12345")
    run_import(store, parsed_list("One", A=[bare]))
    run_import(store, parsed_list("Two", A=[short]))
    plan = run_import(store, parsed_list("One", A=[whole]))
    (work,) = plan.works
    assert store.works.title(work) == "Deep Foams"
    assert [leaf.work for leaf in store.search.find("simple scalable", LISTS).leaves] == [work]
    assert make_plan(store, parsed_list("One", A=[whole])).is_known


def test_the_day_of_a_meeting_is_not_the_year_of_a_known_work(store: Store) -> None:
    known = ParsedItem("Segment Anything", 1, year=2026, is_of_day=True)
    (match,) = make_plan(store, parsed_list("T", A=[known])).matches
    assert (match.rule, match.work) == (Rule.TITLE, "kirillov2023segment")
    new = ParsedItem("Foam of the sea", 1, year=2026, is_of_day=True)
    run_import(store, parsed_list("Once", A=[new]))
    plan = run_import(store, parsed_list("Again", A=[replace(new, year=2028)]))
    (work,) = plan.works
    assert store.works.work(work).year == 2026  # type: ignore[union-attr]


@pytest.mark.parametrize("address", [{"doi": "10.1000/x"}, {"arxiv": "2401.12345"}])
@pytest.mark.parametrize("first", [0, 1])
def test_a_list_of_ids_is_as_it_was_once_another_names_its_works(
    store: Store, address: dict[str, Any], first: int
) -> None:
    bare = parsed_list("Bare", A=[ParsedItem("", 1, **address)])
    named = parsed_list("Named", A=[ParsedItem("Foam of the sea", 1, **address)])
    lists = [bare, named][:: 1 - 2 * first]
    works = {work for parsed in lists for work in run_import(store, parsed).works}
    assert {store.works.title(work) for work in works} == {"Foam of the sea"}
    for parsed in lists:
        assert make_plan(store, parsed).is_known


def test_notes_come_in_once_whatever_became_of_them(store: Store) -> None:
    parsed = parsed_list(
        "T",
        A=[
            ParsedItem("Attention Is All You Need", 1, note="Read *twice*."),
            ParsedItem("Foam of the sea", 2, note="Wet."),
            ParsedItem("Foam of the sea", 3, note="Salty."),
        ],
    )
    plan = make_plan(store, parsed)
    store.record(*plan.changes())
    foam = plan.matches[1].work
    bodies = [{note.body for note in store.reading_log.work(w).notes} for w in (ATTENTION, foam)]
    assert bodies == [{"Read *twice*."}, {"Wet.", "Salty."}]
    assert make_plan(store, parsed).changes() == []
    edited, removed = store.reading_log.work(foam).notes
    store.record(
        journal.save_note(foam, edited.id, "Very wet.", [edited.version]),
        journal.remove_note(foam, removed.id, [removed.version]),
    )
    assert make_plan(store, parsed).changes() == []
    # A file that says more later brings that.
    more = parsed_list(
        "T", A=[*parsed.sections[0].items, ParsedItem("Foam of the sea", 4, note="Deep.")]
    )
    act = store.record(*make_plan(store, more).changes())
    assert {note.body for note in store.reading_log.work(foam).notes} == {"Very wet.", "Deep."}
    assert "with 1 note" in act.words
    store.undo(act)
    assert [note.body for note in store.reading_log.work(foam).notes] == ["Very wet."]


def test_a_work_added_by_its_id_only_is_matched(store: Store) -> None:
    new = parse_new_work("2401.12345")
    store.record(journal.add_work(new.citekey, new.fields))
    assert match_of(store, ParsedItem("Its title", 1, arxiv="2401.12345")) == (Rule.ID, new.citekey)


def test_two_devices_give_the_works_of_one_file_the_same_citekeys(
    store: Store, tmp_path: Path
) -> None:
    parsed = parsed_list("T", A=["One", ParsedItem("Two", 2, arxiv="2401.12345"), "🌲", "🌳"])
    with Store(tmp_path / "other.db") as other:
        assert make_plan(store, parsed).change == make_plan(other, parsed).change


def test_the_citekey_in_a_file_decides_between_works_of_one_title(store: Store) -> None:
    run_import(store, parsed_list("T", A=[ParsedItem("Notes", 1, year=y) for y in (2001, 2021)]))
    first, second = (
        match.work
        for match in make_plan(
            store, parsed_list("T", A=[ParsedItem("Notes", 1, year=y) for y in (2001, 2021)])
        ).matches
    )
    assert match_of(store, ParsedItem("Notes", 1)) == (Rule.TITLE, first)
    assert match_of(store, ParsedItem("Notes", 1, citekey=second)) == (Rule.TITLE, second)


def test_values_that_the_catalogue_refuses_are_left_out(store: Store) -> None:
    item = ParsedItem(
        "  A\x1b[31m title\n with <b>  signs ", 1, ("  ", "A. Beta\x07"), year=12345, kind="poem",
        arxiv="nonsense", doi="nonsense", tier=9, marks=("", "✨"),
        links=(Link("", "https://a.org"), Link("x", "javascript:alert(1)"), Link("x", "file:///x")),
    )  # fmt: skip
    plan = make_plan(store, parsed_list("T", A=[item, ParsedItem(" \n", 2), "\ud800"]))
    (fields, _) = plan.works.values()
    assert fields == {
        "title": "A\ufffd[31m title with <b> signs",
        "kind": "paper",
        "authors": ["A. Beta\ufffd"],
        "links": [{"label": "page", "url": "https://a.org"}],
    }
    assert plan.reading_list["sections"][0]["items"][0]["marks"] == ["✨"]
    assert plan.problems == ("Line 2: no work could be made of it (title: should be a text, "
                             "not empty and free of control characters, is '').",)  # fmt: skip


def test_sections_keep_their_order_and_get_distinct_titles(store: Store) -> None:
    inner = ParsedSection("Deep/er", (ParsedItem("Three", 3),))
    parsed = ParsedList(
        "T",
        (
            ParsedSection("Same", (ParsedItem("One", 1, tier=2),), (inner,)),
            ParsedSection("Empty", (), (ParsedSection("Too"),)),
            ParsedSection("Same", (ParsedItem("Two", 2),)),
            ParsedSection(" ", (ParsedItem("Four", 4),)),
        ),
        purpose="Why.",
        marks=(("✨", "must read"),),
    )
    plan = run_import(store, parsed)
    assert tree(store) == [
        "T 0/4", "Same 0/2: One", "Deep/er 0/1: Three", "Same (2) 0/1: Two", "No section 0/1: Four",
    ]  # fmt: skip
    facts = store.works.list_facts(plan.reading_list["key"])
    assert facts is not None
    assert (facts.purpose, facts.reading_order, facts.marks) == (
        "Why.",
        "tier",
        {"✨": "must read"},
    )
    assert facts.origin == "Imported from list.md."


def test_a_file_without_items_or_nested_too_deeply_is_refused(store: Store) -> None:
    with pytest.raises(Refused, match="holds no list"):
        make_plan(store, ParsedList("T", (ParsedSection("A"),)))
    with pytest.raises(Refused, match=r"no item .* Line 1: .* lacks a comma, a brace or a quote"):
        make_plan(store, parse_bibtex("@article{x,\n", "cut.bib"))
    left_out = (LeftOut("a link to another file", (3, 4), "Tides"),)
    with pytest.raises(Refused, match=r"Line 3: a link .* Tides \(and 1 line like it: 4\)"):
        make_plan(store, ParsedList("T", (ParsedSection("A"),), left_out=left_out))
    deep = ParsedSection("A", (ParsedItem("One", 1),))
    for _ in range(5000):
        deep = ParsedSection("A", (), (deep,))
    with pytest.raises(Refused, match="nested too deeply"):
        make_plan(store, ParsedList("T", (deep,)))


odd = st.text(max_size=8)
items = st.builds(
    ParsedItem, odd, st.just(1), st.lists(odd, max_size=2).map(tuple), st.none() | st.integers(),
    odd, odd, odd, odd, st.builds(Link, odd, odd).map(lambda link: (link,)), odd, odd,
    st.none() | st.integers(), st.lists(odd, max_size=2).map(tuple), odd, odd,
)  # fmt: skip
sections = st.recursive(
    st.builds(ParsedSection, odd, st.lists(items, max_size=3).map(tuple)),
    lambda inner: st.builds(
        ParsedSection, odd, st.lists(items, max_size=2).map(tuple), st.lists(inner).map(tuple)
    ),
    max_leaves=4,
)


class NoWorks:
    """Known works that are none."""

    def alike(self, *_: object) -> Iterator[Any]:
        return iter(())

    def touched(self, _: object) -> set[str]:
        return set()

    def named_by(self, *_: object) -> dict[str, Any]:
        return {}

    def listed_beside(self, *_: object) -> dict[str, str]:
        return {}

    def read_to(self, *_: object) -> set[str]:
        return set()

    def saved_notes(self, _: object) -> set[str]:
        return set()

    def last_import(self, _: object) -> None:
        return None

    def work(self, _: str) -> None:
        return None

    def merges(self) -> dict[str, str]:
        return {}

    def list_edits(self) -> ListEdits:
        return ListEdits()


@given(st.builds(ParsedList, odd, st.lists(sections).map(tuple), odd))
def test_any_parsed_list_gives_a_valid_import_or_is_refused(parsed: ParsedList) -> None:
    try:
        plan = plan_import(parsed, NoWorks(), "f")
    except Refused:
        return
    data = plan.change.data
    assert not [*import_faults(data)]
    empty = {"version": 1, "method": {"source": "s", "passes": []}, "strategy": [], "sources": []}
    unexplained = [
        f
        for f in check({**empty, "categories": [], "works": data["works"], "lists": [data["list"]]})
        if "not explained" not in str(f)
    ]
    assert not unexplained


# ── new lists and newer versions ────────────────────────────────────────────


def test_an_imported_list_is_shown_between_the_shipped_lists_and_the_readers_own(
    store: Store,
) -> None:
    store.record(journal.add_work("mine-1", {"title": "Mine", "kind": "paper"}))
    run_import(store, parsed_list("Second, by its name", A=["One"]))
    run_import(store, parsed_list("A list", B=["Two"], C=["Attention is all you need"]))
    run_import(store, parsed_list("Second, by its name", A=["One", "Three"]))
    assert tree(store) == [
        "Second, by its name 0/2", "A 0/2: One, Three",
        "A list 0/2", "B 0/1: Two", "C 0/1: Attention Is All You Need",
        "Added by you 0/1: Mine",
    ]  # fmt: skip
    store.record(journal.log_pass(ATTENTION, 2, DAY))
    assert "C 1/1: Attention Is All You Need" in tree(store)


def test_an_import_is_undone_in_one_step_that_names_it(store: Store) -> None:
    before = tree(store)
    run_import(store, parsed_list("My list", A=["One", "Zebras"]))
    act = store.last_act()
    assert (act.words, act.takes_long) == ("import of My list", True)
    store.undo(act)
    assert tree(store) == before
    assert not store.search.find("zebras", LISTS).leaves
    store.redo()
    assert tree(store) == ["My list 0/2", "A 0/2: One, Zebras"]


def test_a_newer_version_keeps_readings_and_reports_all_differences(
    store: Store,
) -> None:
    first = parsed_list("T", A=["One", "Two", "Three", "Four"], B=["Five", ParsedItem("Six", 6)])
    plan = run_import(store, first)
    assert plan.diff is None
    read = {match.title: match.work for match in plan.matches}
    store.record(journal.log_pass(read["Two"], 2, DAY), journal.log_pass(read["Five"], 1, DAY))
    store.record(journal.save_note(read["Six"], "n", "my words"))
    newer = parsed_list(
        "T",
        A=["Four", "One", ParsedItem("Three", 3, year=2020), "Seven"],
        B=["Two", ParsedItem("Six", 6, tier=1)],
    )
    plan = run_import(store, newer)
    diff = plan.diff
    assert diff is not None
    assert [change.title for change in diff.new] == ["Seven"]
    assert {change.title: change.how for change in diff.moved} == {
        "Four": "in another order", "Two": "from A to B", "Six": "from no tier to tier 1"
    }  # fmt: skip
    assert {change.title: change.how for change in diff.changed} == {"Three": "year"}
    assert {change.title: bool(change.how) for change in diff.gone} == {"Five": True}
    assert tree(store) == [
        "T 1/6", "A 0/4: Four, One, Three, Seven", "B 1/2: Two, Six", "Unlisted 0/1: Five"
    ]  # fmt: skip
    assert store.reading_log.work(read["Six"]).notes[0].body == "my words"
    store.undo(store.last_act())
    assert tree(store) == ["T 1/6", "A 1/4: One, Two, Three, Four", "B 0/2: Five, Six"]


def test_what_a_newer_version_leaves_out_of_a_work_stays_known(store: Store) -> None:
    known = ParsedItem("Three", 1, year=2020, authors=("Ann Roe",), more_authors=True)
    run_import(store, parsed_list("T", A=[known]))
    plan = run_import(store, parsed_list("T", A=["Three", "Four"]))
    assert plan.diff
    assert not plan.diff.changed
    work = store.works.work(plan.matches[0].work)
    assert work
    assert (work.year, work.authors, work.more_authors) == (2020, ("Ann Roe",), True)
    whole = ParsedItem("Three", 1, authors=("Ann Roe", "Bo Lee"))
    plan = run_import(store, parsed_list("T", A=[whole, "Four"]))
    work = store.works.work(plan.matches[0].work)
    assert work
    assert (work.year, work.more_authors) == (2020, False)


def test_importing_the_same_file_again_changes_nothing(store: Store) -> None:
    parsed = parsed_list("T", A=["One", ParsedItem("Two", 2, arxiv="2401.12345", tier=1)])
    run_import(store, parsed)
    again = make_plan(store, parsed)
    assert again.diff is not None
    assert again.diff.same
    assert not (again.diff.new or again.diff.moved or again.diff.changed)


def test_an_untouched_work_that_left_its_list_is_hidden_until_it_is_touched(store: Store) -> None:
    plan = run_import(store, parsed_list("T", A=["One", "Zebras"]))
    gone = plan.matches[1].work
    run_import(store, parsed_list("T", A=["One"]))
    assert store.works.work(gone) is None
    assert not store.search.find("zebras", LISTS).leaves
    # Another device queued it without knowing that it had left the list.
    store.record(journal.queue(gone, 1.0))
    assert tree(store) == ["T 0/1", "A 0/1: One", "Unlisted 0/1: Zebras"]
    store.record(journal.unqueue(gone))
    assert tree(store) == ["T 0/1", "A 0/1: One"]
    store.drafts.save(Draft("d", gone, "n", (), "half a thought"))
    store.rebuild()
    assert tree(store)[-1] == "Unlisted 0/1: Zebras"


def test_a_work_of_two_lists_stays_when_it_leaves_one(store: Store) -> None:
    run_import(store, parsed_list("T", A=[ParsedItem("One", 1, year=2020), "Two"]))
    run_import(store, parsed_list("U", A=[ParsedItem("One", 1, ("A. Beta",), 2021, "X")]))
    (match,) = make_plan(store, parsed_list("U", A=["One"])).matches
    work = store.works.work(match.work)
    assert work is not None
    assert (work.year, work.authors, work.venue) == (2020, ("A. Beta",), "X")
    run_import(store, parsed_list("T", A=["Two"]))
    assert tree(store) == ["T 0/1", "A 0/1: Two", "U 0/1", "A 0/1: One"]


def test_files_of_one_name_without_a_common_work_are_two_lists(store: Store) -> None:
    run_import(store, parsed_list("references", A=["One", "Two"]))
    second = run_import(store, parsed_list("references", A=["Three"]))
    assert second.diff is None
    both = ["references 0/2", "A 0/2: One, Two", "references (2) 0/1", "A 0/1: Three"]
    assert tree(store) == both
    newer = run_import(store, parsed_list("references", A=["Three", "Four"]))
    assert newer.title == "references (2)"
    assert newer.diff is not None
    assert tree(store) == [*both[:2], "references (2) 0/2", "A 0/2: Three, Four"]


def test_an_import_makes_the_list_that_its_plan_names_and_joins_none_of_the_readers(
    store: Store,
) -> None:
    def imports(title: str, *works: str) -> list[str]:
        """Import a list and return what the tree has then, the list under the plan's title."""
        before = tree(store)
        plan = run_import(store, parsed_list(title, A=works))
        own = [f"{plan.title} 0/{len(works)}", f"A 0/{len(works)}: {', '.join(works)}"]
        after = tree(store)
        assert plan.diff or after == [*before, *own]
        assert own == after[(at := after.index(own[0])) : at + 2]
        return after

    own, key = new_section(store, "Gamma")
    store.record(own, journal.place_work(ATTENTION, "", None, key, 0.0))
    made = "Gamma 0/1: Attention Is All You Need"
    assert imports("Gamma", "One", "Two") == [made, "Gamma (2) 0/2", "A 0/2: One, Two"]
    imports("Alpha", "Three")
    store.record(journal.rename_section(list_key("Alpha"), "Beta", "Alpha"))
    store.record(new_section(store, "Alpha")[0])
    # The title that the reader gave a list is that of no other, and stays.
    assert "Alpha (3) 0/1" in imports("Alpha", "Four")
    assert "Beta (2) 0/1" in imports("Beta", "Five")
    assert "Beta 0/2" in imports("Alpha", "Three", "Six")
    assert "Gamma (2) 0/3" in imports("Gamma", "One", "Two", "Seven")
    assert made in tree(store)


def test_a_work_that_the_reader_added_too_stays_when_its_list_goes(store: Store) -> None:
    new = parse_new_work("One")
    store.record(journal.add_work(new.citekey, new.fields))
    act = store.record(make_plan(store, parsed_list("T", A=["One"])).change)
    assert tree(store) == ["T 0/1", "A 0/1: One", "Added by you 0/1: One"]
    store.undo(act)
    assert tree(store) == ["Added by you 0/1: One"]
    store.redo()
    added = next(event for event in store.events() if event.kind == journal.ADDED)
    store.record(journal.Change(journal.UNDO, None, {"act": added.act}))
    assert tree(store) == ["T 0/1", "A 0/1: One"]


def test_sections_keep_their_rows_when_their_list_changes(store: Store) -> None:
    run_import(store, parsed_list("T", A=["One"], B=["Two"]))
    before = {branch.path: branch.id for branch in store.tree.sections()}
    run_import(store, parsed_list("T", C=["Zero"], B=["Two", "Three"], A=["One"]))
    after = {branch.path: branch.id for branch in store.tree.sections()}
    assert {path: after[path] for path in before} == before


def test_a_list_that_was_removed_comes_back_as_the_reader_had_it(store: Store) -> None:
    parsed = parsed_list("T", A=["One of these", "Two of these"], B=["Three of these"])
    one, *_ = run_import(store, parsed).matches
    key = list_key("T")
    store.record(journal.rename_section(key, "Tees", "T"))
    store.record(journal.rename_section(f"{key}/B", "Bees", "B"))
    store.record(journal.place_work(one.work, one.title, f"{key}/A", name="A"))
    store.record(journal.log_pass(one.work, 2, None))
    before = [line for line in tree(store) if "Unlisted" not in line]
    removal = store.record(journal.remove_section(key, "Tees"))
    assert removal.words == "removal of the list Tees"
    plan = run_import(store, parsed)
    assert (plan.title, list(plan.stays_out.values())) == ("Tees", ["One of these"])
    assert [line for line in tree(store) if "Unlisted" not in line] == before
    assert store.reading_log.work(one.work).depth == 2
    assert store.undo(store.last_act()).words == "import of Tees"


@pytest.mark.parametrize("renamed", ["", "My tides"])
def test_a_corrected_title_is_that_of_the_work_unless_the_reader_renamed_it(
    store: Store, renamed: str
) -> None:
    item = ParsedItem("Toward Tides of the Moon", 1, arxiv="1901.00001")
    titles = [item.title, "Towards Tides of the Moon", "Towards Tides of the Moons", item.title]
    (match,) = run_import(store, parsed_list("T", A=[item])).matches
    store.record(journal.log_pass(match.work, 2, DAY))
    if renamed:
        store.record(journal.edit_work(match.work, {"title": renamed}))
    for title in titles[1:]:
        newer = parsed_list("T", A=[replace(item, title=title)])
        plan = run_import(store, newer)
        assert plan.diff
        assert not (plan.diff.new or plan.diff.gone or plan.problems)
        assert [change.how for change in plan.diff.changed] == ["title"]
        assert tree(store) == ["T 1/1", f"A 1/1: {renamed or title}"]
        assert make_plan(store, newer).is_known


def test_another_list_that_spells_a_title_otherwise_gives_the_work_that_name(store: Store) -> None:
    item = ParsedItem("Toward Tides of the Moon", 1, arxiv="1901.00001")
    (match,) = run_import(store, parsed_list("T", A=[item])).matches
    other = parsed_list("O", B=[replace(item, title="Towards Tides of the Moon")])
    assert [m.work for m in run_import(store, other).matches] == [match.work]
    work = store.works.work(match.work)
    assert work
    assert (work.title, work.aliases) == (item.title, ("Towards Tides of the Moon",))
    assert make_plan(store, other).is_known


def test_a_line_without_an_id_stays_the_work_whose_title_another_list_corrects(
    store: Store,
) -> None:
    item = ParsedItem("Toward Tides of the Moon", 1, arxiv="1901.00001")
    (match,) = run_import(store, parsed_list("T", A=[item])).matches
    lines = [replace(item, arxiv=None), ParsedItem("A line", 2)]
    run_import(store, parsed_list("O", B=lines))
    run_import(store, parsed_list("T", A=[replace(item, title="Towards Tides of the Moon")]))
    (again, *_) = run_import(store, parsed_list("O", B=[*lines, "Another line"])).matches
    assert again.work == match.work
    assert tree(store)[-1] == "B 0/3: Towards Tides of the Moon, A line, Another line"


def test_an_import_never_changes_a_shipped_list_of_the_same_name(store: Store) -> None:
    before = store.tree.sections()
    run_import(store, parsed_list("Deep Learning Papers", A=["One"]))
    assert store.tree.sections()[: len(before)] == before
    assert not {key for key, _ in store.tree.lists()[:3]} & {list_key("Deep Learning Papers")}


# ── merged works ────────────────────────────────────────────────────────────


def test_a_newer_version_respects_a_merge_after_a_link_conflict(store: Store) -> None:
    parsed = parsed_list("T", A=[ParsedItem("The transformer paper", 1, arxiv="1706.03762"), "Two"])
    (conflict, _) = run_import(store, parsed).matches
    store.record(journal.log_pass(conflict.work, 2, DAY))
    store.record(journal.save_note(conflict.work, "n", "first"))
    store.record(journal.log_pass(ATTENTION, 1, DAY))
    act = store.record(work_merge(store, conflict.work, ATTENTION))
    assert act.words == "merging The transformer paper into Attention Is All You Need"
    assert tree(store) == ["T 1/2", "A 1/2: Attention Is All You Need, Two"]
    assert {reading.depth for reading in store.reading_log.work(ATTENTION).readings} == {1, 2}
    assert store.names.named(conflict.work) == [ATTENTION]
    store.record(journal.save_note(ATTENTION, "n", "second"))
    assert [note.body for note in store.versions(ATTENTION, "n")] == ["second", "first"]
    again = make_plan(store, parsed)
    assert again.matches[0].work == ATTENTION
    assert again.matches[0].rule is Rule.ID
    store.undo(store.last_act())
    store.undo(act)
    assert tree(store) == ["T 1/2", "A 1/2: The transformer paper, Two"]
    assert [reading.depth for reading in store.reading_log.work(ATTENTION).readings] == [1]


def test_a_merged_work_gives_its_data_to_the_remaining_work(store: Store) -> None:
    items = [ParsedItem("Old title", 1, year=2020), ParsedItem("New title", 2, venue="X")]
    old, new = (match.work for match in run_import(store, parsed_list("T", A=items)).matches)
    store.record(work_merge(store, old, new))
    work = store.works.work(old)
    assert work is not None
    assert (work.citekey, work.title, work.year, work.venue) == (new, "New title", 2020, "X")
    assert tree(store) == ["T 0/1", "A 0/1: New title"]


SPARSE = ParsedItem("Sparse nets revisited", 1, authors=("Foo",), year=2019)


def test_a_newer_version_says_nothing_new_of_a_work_that_was_merged_or_edited(
    store: Store,
) -> None:
    first, other = SPARSE, ParsedItem("Tides of the moon", 2)
    merged, edited = (m.work for m in run_import(store, parsed_list("T", A=[first, other])).matches)
    sparse = ParsedItem("Sparse networks revisited", 1, year=2020, arxiv="2001.00001")
    (match,) = run_import(store, parsed_list("Other", A=[sparse])).matches
    merge = store.record(work_merge(store, merged, match.work))
    store.record(journal.edit_work(edited, {"title": "Tides, edited"}))
    plan = run_import(store, parsed_list("T", A=[first, other, "Three"]))
    assert plan.diff
    assert [change.title for change in plan.diff.new] == ["Three"]
    assert not plan.diff.changed
    work = store.works.work(match.work)
    assert work
    assert (work.title, work.year, work.arxiv) == (sparse.title, 2020, "2001.00001")
    assert "A 0/3: Sparse networks revisited, Tides, edited, Three" in tree(store)
    # The list has its own work again without the merge.
    store.undo(merge)
    assert "A 0/3: Sparse nets revisited, Tides, edited, Three" in tree(store)


# Lines of a list, and a work of another list: four doubles by any two of them.
DOUBLES = [
    ParsedItem("Sparse nets revisited again, part A", 1, year=2018, arxiv="1801.00001"),
    ParsedItem("Sparse nets revisited again, part B", 2, year=2019, arxiv="1901.00001"),
    ParsedItem("Sparse networks, an overview", 3, year=2020),
]
ELSEWHERE = ParsedItem("Sparse networks revisited", 1, year=2021, arxiv="2101.00001")


@given(
    merges=st.lists(st.tuples(st.sampled_from(range(3)), st.sampled_from(range(5))), max_size=3),
    renamed=st.none() | st.sampled_from(range(4)),
)
@examples(usual=25)
def test_a_newer_version_leaves_each_line_the_work_that_it_was_whatever_was_merged(
    merges: list[tuple[int, int]], renamed: int | None
) -> None:
    """Nothing but the line that is new is told, and without the merges all is as in the file."""
    with TemporaryDirectory() as folder, Store(fresh_database(Path(folder) / "p.db")) as store:
        works = [m.work for m in run_import(store, parsed_list("T", A=DOUBLES)).matches]
        works += [m.work for m in run_import(store, parsed_list("O", A=[ELSEWHERE])).matches]
        works.append(ATTENTION)
        acts = []
        for merged, into in merges:
            if store.works.current(works[merged]) != store.works.current(works[into]):
                with suppress(Refused):
                    acts.append(store.record(work_merge(store, works[merged], works[into])))
        if renamed is not None and (work := store.works.work(works[renamed])):
            acts.append(store.record(journal.edit_work(work.citekey, {"title": "My networks"})))
        before = {key: store.works.work(key) for key in works}
        plan = run_import(store, parsed_list("T", A=[*DOUBLES, "A fourth line of the list"]))
        assert plan.diff
        assert [change.title for change in plan.diff.new] == ["A fourth line of the list"]
        assert not (plan.diff.moved or plan.diff.changed or plan.diff.gone)
        assert {key: store.works.work(key) for key in works} == before
        for act in reversed(acts):
            store.undo(act)
        titles = [*(item.title for item in DOUBLES), "A fourth line of the list"]
        assert f"A 0/4: {', '.join(titles)}" in tree(store)
        years = [work.year for work in map(store.works.work, works[:4]) if work]
        assert years == [2018, 2019, 2020, 2021]


def test_a_double_that_left_the_file_changes_nothing_of_the_work_that_took_it_in(
    store: Store,
) -> None:
    first, second = (m.work for m in run_import(store, parsed_list("T", A=DOUBLES[:2])).matches)
    store.record(work_merge(store, first, second))
    before = store.works.work(second)
    plan = run_import(store, parsed_list("T", A=DOUBLES[:1]))
    assert plan.diff
    assert not plan.diff.changed
    assert store.works.work(second) == before


def test_the_order_of_lines_changes_nothing_of_a_work_that_took_two_in(store: Store) -> None:
    lines = DOUBLES[:2]
    works = [m.work for m in run_import(store, parsed_list("T", A=lines)).matches]
    (match,) = run_import(store, parsed_list("O", A=["Sparse networks revisited"])).matches
    for work in works:
        store.record(work_merge(store, work, match.work))
    before = store.works.work(match.work)
    plan = run_import(store, parsed_list("T", A=lines[::-1]))
    assert plan.diff
    assert not plan.diff.changed
    assert store.works.work(match.work) == before


@pytest.mark.parametrize("into", ["another list", "the list", "papertui"])
def test_a_line_of_a_merged_work_whose_year_is_corrected_stays_its_own(
    store: Store, into: str
) -> None:
    tides, graphs = (
        ParsedItem("Tides of the moon", 1, year=2019),
        ParsedItem("Graph kernels for all", 2),
    )
    works = [m.work for m in run_import(store, parsed_list("T", A=[tides, graphs])).matches]
    (match,) = run_import(store, parsed_list("O", A=[ELSEWHERE])).matches
    targets = {"another list": match.work, "the list": works[1], "papertui": ATTENTION}
    merge = store.record(work_merge(store, works[0], targets[into]))
    plan = run_import(store, parsed_list("T", A=[replace(tides, year=2016), graphs]))
    assert not plan.problems
    store.undo(merge)
    assert "A 0/2: Tides of the moon, Graph kernels for all" in tree(store)
    work = store.works.work(works[0])
    assert work
    assert work.year == 2016


@pytest.mark.parametrize("into", ["B", None])
def test_the_preview_knows_where_the_reader_put_a_work_before_it_was_merged(
    store: Store, into: str | None
) -> None:
    parsed, newer = (
        parsed_list("T", A=[DOUBLES[0], "Two", *m], B=["Three"]) for m in ([], ["Four"])
    )
    (double, *_) = (m.work for m in run_import(store, parsed).matches)
    (match,) = run_import(store, parsed_list("O", A=[ELSEWHERE])).matches
    key = list_key("T")
    out, entered = f"{key}/A", into and f"{key}/{into}"
    store.record(journal.log_pass(double, 1, DAY))
    store.record(journal.place_work(double, DOUBLES[0].title, out, entered, 0.0))
    store.record(work_merge(store, double, match.work))
    plan = run_import(store, newer)
    assert plan.diff
    assert [change.title for change in plan.diff.new] == ["Four"]
    assert not (plan.diff.moved or plan.diff.gone)
    assert [*plan.stays_out.values()] == ([] if into else [ELSEWHERE.title])
    assert plan.number == (4 if into else 3)
    holding = [line.split()[0] for line in tree(store) if ELSEWHERE.title in line]
    assert holding == [*filter(None, [into]), "A"]  # the other list has it in its own A


@pytest.mark.parametrize("is_new", [True, False])
def test_the_preview_counts_the_works_that_the_reader_put_into_the_list(
    store: Store, is_new: bool
) -> None:
    first, *_ = run_import(store, parsed_list("T", A=["One", "Two"], B=["Six"])).matches
    key = list_key("T")
    if is_new:
        store.record(journal.place_work(ATTENTION, "Attention", None, f"{key}/A", 9.0))
    store.record(journal.place_work(first.work, "One", f"{key}/A", f"{key}/B", 9.0))
    plan = run_import(store, parsed_list("T", A=["Two"], B=["Six"]))
    number = 4 if is_new else 3
    assert tree(store)[0] == f"T 0/{number}"
    page = "".join(line.text for line in plan_page(plan, 200)[:2])
    assert f"2 items in 2 sections, {number} works, {number - 2} of them put there by you." in page
    assert f", {number} works" in outcome(plan, log=False)[2]


WAVES = ParsedItem("Waves of sand", 1, authors=("Ann Poe",), year=2020, arxiv="2001.00001")


@pytest.mark.parametrize("others", [[], ["A second line of the list"]])
@pytest.mark.parametrize(
    ("newer", "changes"),
    [
        (replace(WAVES, arxiv="2001.00002"), "arxiv"),
        (replace(WAVES, year=1990, arxiv=None), "year"),
        (replace(WAVES, title="Dunes and what moves them"), "title"),
    ],
)
def test_a_line_that_was_corrected_in_a_newer_version_stays_the_work_that_it_was(
    store: Store, newer: ParsedItem, changes: str, others: list[str]
) -> None:
    (match, *_) = run_import(store, parsed_list("T", A=[WAVES, *others])).matches
    store.record(journal.log_pass(match.work, 2, DAY))
    parsed = parsed_list("T", A=[newer, *others], B=[replace(newer, line=9)])
    plan = run_import(store, parsed)
    assert {each.work for each in plan.matches if each.item.title == newer.title} == {match.work}
    assert plan.diff
    assert [(change.work, change.how) for change in plan.diff.changed] == [(match.work, changes)]
    assert not (plan.diff.new or plan.diff.gone)
    work = store.works.work(match.work)
    assert work
    assert (work.title, work.year) == (newer.title, newer.year)
    assert work.arxiv == (newer.arxiv or WAVES.arxiv)
    assert f"A 1/{1 + len(others)}: {', '.join([newer.title, *others])}" in tree(store)
    assert make_plan(store, parsed).is_known
    # Once it is corrected back, the line is as it was.
    run_import(store, parsed_list("T", A=[WAVES, *others]))
    assert f"A 1/{1 + len(others)}: {', '.join([WAVES.title, *others])}" in tree(store)


def test_a_work_with_the_title_that_a_line_had_before_is_another_one(store: Store) -> None:
    slip = ParsedItem("Foam of the sea", 1, arxiv="1901.00001")
    (match, _) = run_import(store, parsed_list("T", A=[slip, "Two"])).matches
    right = replace(slip, title="Tides of the moon")
    run_import(store, parsed_list("T", A=[right, "Two"]))
    real = ParsedItem("Foam of the sea", 3, authors=("Udo Kern",), year=2004)
    plan = run_import(store, parsed_list("T", A=[right, "Two", real]))
    assert [each.work == match.work for each in plan.matches] == [True, False, False]
    assert "A 0/3: Tides of the moon, Two, Foam of the sea" in tree(store)


HALM = ParsedItem("Deep nets of today", 1, authors=("Yann Halm",), year=2015)
KERN = ParsedItem("Deep nets of today", 2, authors=("Ian Kern",), year=2019)


@pytest.mark.parametrize(
    "other",
    [
        replace(HALM, authors=("Ann Poe",), year=2021),
        replace(HALM, authors=("Ann Poe",), arxiv="2001.00001"),
        replace(HALM, year=2021, arxiv="2001.00001"),
    ],
)
def test_a_namesake_that_takes_the_place_of_a_line_is_another_work(
    store: Store, other: ParsedItem
) -> None:
    halm = replace(HALM, arxiv="1501.00001" if other.arxiv else None)
    (match, _) = run_import(store, parsed_list("T", A=[halm, "Two"])).matches
    assert run_import(store, parsed_list("T", A=[other, "Two"])).matches[0].work != match.work


@pytest.mark.parametrize("lines", [(HALM, KERN), (KERN, HALM)])
@pytest.mark.parametrize("year", [2009, 2014, 2016])
def test_of_two_of_one_title_that_of_its_author_is_corrected(
    store: Store, lines: tuple[ParsedItem, ...], year: int
) -> None:
    matches = run_import(store, parsed_list("T", A=[*lines, "Two"])).matches
    works = {match.item: match.work for match in matches}
    plan = run_import(store, parsed_list("T", A=[replace(KERN, year=year), "Two"]))
    assert plan.matches[0].work == works[KERN]


def test_another_title_with_the_doi_of_a_line_is_no_correction(store: Store) -> None:
    chapter = ParsedItem("On sand", 1, doi="10.1000/book")
    (match, _) = run_import(store, parsed_list("T", A=[chapter, "Two"])).matches
    other = replace(chapter, title="About ice and water")
    assert run_import(store, parsed_list("T", A=[other, "Two"])).matches[0].work != match.work


@pytest.mark.parametrize("is_first", [True, False])
def test_a_title_says_more_of_a_corrected_line_than_an_id_that_another_line_gets(
    store: Store, is_first: bool
) -> None:
    (match, _) = run_import(store, parsed_list("T", A=[WAVES, "Two"])).matches
    store.record(journal.log_pass(match.work, 2, DAY))
    ice = ParsedItem("On the ice of lakes", 3, arxiv=WAVES.arxiv)
    corrected = replace(WAVES, arxiv="2001.00009")
    lines = [ice, corrected] if is_first else [corrected, ice]
    plan = run_import(store, parsed_list("T", A=[*lines, "Two"]))
    works = {each.title: each.work for each in plan.matches}
    assert works[WAVES.title] == match.work
    assert works[ice.title] != match.work
    assert [leaf.title for leaf in store.tree.of_works([match.work], DAY)] == [WAVES.title]


def test_another_paper_of_the_same_title_is_no_correction(store: Store) -> None:
    (match, _) = run_import(store, parsed_list("T", A=[WAVES, "Two"])).matches
    other = replace(WAVES, authors=("Ian Kern",), year=2022, arxiv="2201.00001")
    plan = run_import(store, parsed_list("T", A=[other, "Two"]))
    assert plan.matches[0].work != match.work
    assert plan.matches[0].rule is Rule.RIVAL


def test_a_work_that_was_taken_out_stays_out_though_its_line_is_corrected(store: Store) -> None:
    line = ParsedItem("Waves of sand", 1, year=2010)
    (match, _) = run_import(store, parsed_list("T", A=[line, "Two"])).matches
    store.record(journal.place_work(match.work, line.title, f"{list_key('T')}/A"))
    plan = run_import(store, parsed_list("T", A=[replace(line, year=2018), "Two"]))
    assert plan.diff
    assert not plan.diff.new
    assert [*plan.stays_out.values()] == [line.title]


@pytest.mark.parametrize("is_shipped", [True, False])
@pytest.mark.parametrize("is_read", [True, False])
def test_a_line_that_is_a_work_known_elsewhere_once_corrected_tells_how_to_join_the_two(
    store: Store, is_shipped: bool, is_read: bool
) -> None:
    if is_shipped:
        line = ParsedItem("Attention Is All You Need", 3, year=2011)
        newer, other = replace(line, year=2017), ATTENTION
    else:
        line = ParsedItem("Waves of sand", 3, authors=("Udo Kern",))
        newer = replace(line, authors=WAVES.authors)
        (match,) = run_import(store, parsed_list("O", A=[WAVES])).matches
        other = match.work
    (match, _) = run_import(store, parsed_list("T", A=[line, "Two"])).matches
    assert match.work != other
    if is_read:
        store.record(journal.log_pass(match.work, 2, DAY))
    plan = run_import(store, parsed_list("T", A=[newer, "Two"]))
    assert plan.matches[0].work == other
    joins = f"papertui merge {match.work} {other}"
    told = [problem for problem in plan.problems if joins in problem]
    assert len(told) == is_read
    if is_read:
        assert told[0].startswith(f"Line 3: {line.title} is {other!r} now")
        store.record(work_merge(store, match.work, other))
        assert store.reading_log.work(other).depth == 2


def test_a_paper_with_the_id_that_a_line_had_before_takes_nothing_of_its_work(
    store: Store,
) -> None:
    line = ParsedItem("Slow tides", 1, authors=("Ann Halm",), arxiv="1706.11111")
    right = replace(line, arxiv="1806.22222")
    (match, _) = run_import(store, parsed_list("T", A=[line, "Two"])).matches
    store.record(journal.log_pass(match.work, 2, DAY))
    run_import(store, parsed_list("O", A=[right]))
    other = ParsedItem("Foam over rocks", 3, authors=("Udo Kern",), arxiv=line.arxiv)
    plan = run_import(store, parsed_list("T", A=[right, "Two", other]))
    assert match.work not in [each.work for each in plan.matches]
    assert any(f"papertui merge {match.work}" in problem for problem in plan.problems)


def test_a_line_that_is_a_second_one_of_a_listed_work_once_corrected_tells_so(
    store: Store,
) -> None:
    first, line = (
        ParsedItem("Attention Is All You Need", n, year=y) for n, y in ((1, 2017), (2, 2011))
    )
    match = run_import(store, parsed_list("T", A=[first], B=[line])).matches[1]
    store.record(journal.log_pass(match.work, 2, DAY))
    plan = run_import(store, parsed_list("T", A=[first], B=[replace(line, year=2017)]))
    assert any(f"papertui merge {match.work} {ATTENTION}" in each for each in plan.problems)


def test_a_line_of_a_known_work_beside_that_of_its_namesake_is_no_correction(store: Store) -> None:
    line = ParsedItem("Attention Is All You Need", 3, year=2011)
    (match, _) = run_import(store, parsed_list("T", A=[line, "Two"])).matches
    store.record(journal.log_pass(match.work, 2, DAY))
    again = replace(line, year=2017, line=4)
    assert not run_import(store, parsed_list("T", A=[line, again, "Two"])).problems
    # Nor is it once that of its namesake is gone, or corrected itself.
    newer = replace(line, year=2008)
    plan = run_import(store, parsed_list("T", A=[again, newer, "Two"]))
    assert [each.work for each in plan.matches][:2] == [ATTENTION, match.work]
    assert not plan.problems
    assert not run_import(store, parsed_list("T", A=[again, "Two"])).problems


def test_a_line_that_its_section_has_twice_corrects_no_other_that_is_gone(store: Store) -> None:
    line = ParsedItem("Attention Is All You Need", 1, year=2017)
    other = replace(line, year=2011, line=3)
    lines = [line, replace(line, line=2), other]
    match = run_import(store, parsed_list("T", A=lines)).matches[2]
    store.record(journal.log_pass(match.work, 2, DAY))
    problems = run_import(store, parsed_list("T", A=[*lines[:2], "Two"])).problems
    assert not [each for each in problems if "papertui merge" in each]


def test_a_line_that_a_year_speaks_against_corrects_nothing_that_its_author_has(
    store: Store,
) -> None:
    line = ParsedItem("Slow tides of jam", 1, authors=("Ann Halm",), year=2017, arxiv="1706.11111")
    right = replace(line, arxiv="1806.22222")
    (match, _) = run_import(store, parsed_list("T", A=[line, "Two"])).matches
    store.record(journal.log_pass(match.work, 2, DAY))
    run_import(store, parsed_list("O", A=[right]))
    other = ParsedItem(line.title, 3, year=2007)
    plan = run_import(store, parsed_list("T", A=[right, "Two", other]))
    assert match.work not in [each.work for each in plan.matches]
    assert any(f"papertui merge {match.work}" in problem for problem in plan.problems)


def test_two_ids_that_are_exchanged_leave_each_title_its_work(store: Store) -> None:
    ice = ParsedItem("On the ice of lakes", 2, arxiv="2001.00009")
    works = [m.work for m in run_import(store, parsed_list("T", A=[WAVES, ice])).matches]
    lines = [replace(WAVES, arxiv=ice.arxiv), replace(ice, arxiv=WAVES.arxiv)]
    plan = run_import(store, parsed_list("T", A=lines))
    assert [match.work for match in plan.matches] == works
    assert plan.diff
    assert {change.how for change in plan.diff.changed} == {"arxiv"}


def test_a_line_that_has_the_id_of_another_one_is_kept_apart_from_it(store: Store) -> None:
    run_import(store, parsed_list("T", A=[WAVES, "Two"]))
    wrong = ParsedItem("On the ice of lakes", 3, arxiv=WAVES.arxiv)
    plan = run_import(store, parsed_list("T", A=[WAVES, "Two", wrong]))
    assert plan.matches[-1].rule is Rule.CONFLICT
    assert plan.diff
    assert [change.title for change in plan.diff.new] == [wrong.title]
    assert not (plan.diff.changed or plan.diff.gone)


def test_a_name_that_another_line_gives_a_work_is_kept(store: Store) -> None:
    line = ParsedItem("Sparse nets revisited again", 1, arxiv="1901.00001")
    run_import(store, parsed_list("T", A=[line, "Two"]))
    named = replace(line, title="Sparse nets revisited again (SNeRve)", line=3)
    newer = parsed_list("T", A=[line, "Two"], B=[named])
    plan = run_import(store, newer)
    work = store.works.work(plan.matches[0].work)
    assert work
    assert (work.title, work.aliases) == (line.title, (named.title,))
    assert make_plan(store, newer).is_known


def test_the_entry_of_a_merged_work_stays_with_its_list(store: Store) -> None:
    entry, more = (f"@misc{{key{n}, title={{Sparse nets, part {n}}}, year=2019}}\n" for n in (1, 2))
    (merged,) = run_import(store, parse_bibtex(entry, "t")).matches
    sparse = ParsedItem("Sparse networks revisited", 1, year=2020, arxiv="2001.00001")
    (match,) = run_import(store, parsed_list("Other", A=[sparse])).matches
    store.record(work_merge(store, merged.work, match.work))
    before = store.bib_entries.keys_of(match.work)
    plan = run_import(store, parse_bibtex(entry + more, "t"))
    assert plan.diff
    assert not plan.diff.changed
    assert store.bib_entries.keys_of(match.work) == before == ["key1"]
    assert plan.change.data["bibtex"][0]["work"] == merged.work


def test_the_order_of_the_entries_of_merged_works_is_no_change(store: Store) -> None:
    entries = [f"@misc{{key{n}, title={{Sparse nets, part {n}}}, year=2019}}\n" for n in (1, 2)]
    first, second = run_import(store, parse_bibtex("".join(entries), "t")).matches
    store.record(work_merge(store, first.work, second.work))
    plan = make_plan(store, parse_bibtex("".join(entries[::-1]), "t"))
    assert plan.diff
    assert not plan.diff.changed


def test_what_a_newer_version_changes_in_a_merged_work_is_told(store: Store) -> None:
    merged, *_ = (m.work for m in run_import(store, parsed_list("T", A=[SPARSE, "Two"])).matches)
    (match,) = run_import(store, parsed_list("Other", A=["Sparse networks revisited"])).matches
    store.record(work_merge(store, merged, match.work))
    changed = replace(SPARSE, venue="Halm 2019")
    newer = parsed_list("T", A=[changed, "Two"])
    plan = run_import(store, newer)
    assert plan.diff
    assert [change.how for change in plan.diff.changed] == ["venue"]
    work = store.works.work(match.work)
    assert work
    assert (work.title, work.venue) == ("Sparse networks revisited", "Halm 2019")
    assert make_plan(store, newer).is_known
    # What the work has of this one may change, what it has itself does not.
    newer = parsed_list("T", A=[replace(changed, venue="Reef 2020", year=2018), "Two"])
    for own_year, changes in ((None, "year, venue"), (2021, "venue")):
        if own_year:
            store.undo(store.last_act())
            store.record(journal.edit_work(match.work, {"year": own_year}))
        plan = run_import(store, newer)
        assert plan.diff
        assert [change.how for change in plan.diff.changed] == [changes]
        after = store.works.work(match.work)
        assert after
        assert (after.venue, after.year) == ("Reef 2020", own_year or 2018)


def test_impossible_merges_are_refused(store: Store) -> None:
    (match,) = run_import(store, parsed_list("T", A=["One"])).matches
    with pytest.raises(Refused, match="same work"):
        work_merge(store, match.work, match.work)
    with pytest.raises(Refused, match="papertui comes with"):
        work_merge(store, ATTENTION, match.work)
    store.drafts.save(Draft("d", match.work, "n", (), "half"))
    with pytest.raises(Refused, match="waits"):
        work_merge(store, match.work, ATTENTION)


def test_another_device_cannot_merge_a_shipped_work_away(store: Store) -> None:
    store.record(journal.log_pass(ATTENTION, 2, DAY))
    store.record(journal.merge_works(ATTENTION, "he2015deep"))
    assert store.reading_log.work(ATTENTION).depth == 2
    assert store.names.named(ATTENTION) == [ATTENTION]


# ── hostile journals ────────────────────────────────────────────────────────

FIELDS = {"w-00000001": {"title": "W", "kind": "paper"}}
SOUND = dict(import_of("T", {"A": [*FIELDS]}, FIELDS).data)
DEEP: dict[str, Any] = {"title": "A"}
for _ in range(400):
    DEEP = {"title": "A", "sections": [DEEP]}


def spoiled(**changes: Any) -> dict[str, Any]:
    return {**SOUND, "list": {**SOUND["list"], **changes}}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"list": [], "works": {}},
        {"list": SOUND["list"], "works": [1]},
        {"list": SOUND["list"], "works": {"w-00000001": {"title": "W"}}},
        {"works": SOUND["works"]},
        spoiled(key="deep-learning-papers"),
        spoiled(key="added"),
        spoiled(key="a/b-00000000"),
        spoiled(key=None),
        spoiled(title="\x1b[2J"),
        spoiled(order="none"),
        spoiled(sections=[{"title": "A/B"}, {"title": "A∕B"}]),
        spoiled(sections=[{"title": "A", "items": [{"work": "w", "tier": 10**30}]}]),
        spoiled(sections=[DEEP]),
    ],
)
def test_an_invalid_import_event_is_ignored(
    store: Store, database: Path, data: dict[str, Any]
) -> None:
    before = store.tree.sections()
    row = ("e", "elsewhere", 1, 1, "2026-11-20T12:00:00+00:00", 0, "a", "import", None)
    with closing(sqlite3.connect(database)) as other, other:
        other.execute(
            "insert into event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row, json.dumps(data)]
        )
    store.rebuild()
    assert store.tree.sections() == before
    words = act_words.describe(store.events(), store.works.about, week_of)
    assert words.before.startswith("import of ")
    run_import(store, parsed_list("T", A=["One"]))
    assert tree(store) == ["T 0/1", "A 0/1: One"]


def test_half_a_pair_of_surrogates_in_an_import_is_shown_as_a_sign_of_its_own(
    store: Store,
) -> None:
    store.record(import_of("T\ud800", {"A\udfff": [*FIELDS]}, FIELDS))
    store.rebuild()
    titles = [branch.title for branch in store.tree.sections()]
    assert [title.rstrip("�") for title in titles[-2:]] == ["T", "A"]


def test_a_work_that_no_import_describes_is_left_out(store: Store) -> None:
    store.record(import_of("T", {"A": ["nobody-00000001", ATTENTION]}, {}))
    assert tree(store) == ["T 0/1", "A 0/1: Attention Is All You Need"]


def test_an_import_cannot_change_a_shipped_work(store: Store) -> None:
    before = store.works.work(ATTENTION)
    store.record(import_of("T", {"A": [ATTENTION]}, {ATTENTION: {"title": "X", "kind": "book"}}))
    assert store.works.work(ATTENTION) == before
    store.rebuild()
    assert store.works.work(ATTENTION) == before


# ── many items ──────────────────────────────────────────────────────────────


def many(count: int) -> ParsedList:
    return parsed_list("Many", A=[f"Zebra number {number}" for number in range(count)])


def test_a_draft_is_saved_while_an_import_is_being_indexed_for_search(
    store: Store, database: Path
) -> None:
    run_import(store, many(1200))
    with Store(database, busy_timeout=0) as other:
        steps = 0
        for left in store.catch_up():
            assert left <= 1200
            assert other.drafts.save(Draft("d", ATTENTION, "n", (), f"text {steps}"))
            steps += 1
        assert steps > 2
        assert [draft.body for draft in other.drafts.waiting()] == [f"text {steps - 1}"]
    assert not [*database.parent.glob("*.draft-*")]


def test_a_draft_is_saved_while_an_import_is_prepared(
    store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow part of an import runs before the database is locked."""
    with Store(database, busy_timeout=0) as other:
        saved = []

        def meanwhile(*args: Any) -> Any:
            saved.append(other.drafts.save(Draft("d", ATTENTION, "n", (), "text")))
            return rows(*args)

        rows = library_index.import_rows
        monkeypatch.setattr("papertui.storage.projector.import_rows", meanwhile)
        run_import(store, many(3))
        assert saved == [True]


def test_indexing_for_search_resumes_after_an_interruption(store: Store, database: Path) -> None:
    run_import(store, many(600))
    next(store.catch_up())
    assert store.unsearched() == 600
    steps = store.catch_up()
    next(steps), next(steps)
    with Store(database) as later:
        assert 0 < later.unsearched() < 600
        assert [*later.catch_up()]
        assert later.search.find("zebra 599", LISTS).leaves[0].title == "Zebra number 599"
        assert later.unsearched() == 0


def test_an_interrupted_import_leaves_nothing_behind(
    store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(store, many(10))

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("papertui.storage.library_index.ListIndex.write", cut_off)
    with pytest.raises(KeyboardInterrupt):
        store.record(plan.change)
    monkeypatch.undo()
    with Store(database) as later:
        assert later.events() == []
        assert tree(later) == []
        assert later.unsearched() == 0


def test_works_that_are_gone_leave_no_words_in_the_search_index(
    store: Store, database: Path
) -> None:
    run_import(store, many(300))
    for _ in store.catch_up():
        pass
    store.undo(store.last_act())
    run_import(store, parsed_list("Others", A=["Entirely different"]))
    for _ in store.catch_up():
        pass
    assert not store.search.find("zebra number", LISTS).leaves
    assert store.search.find("entirely", LISTS).leaves
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("insert into search (search, rank) values ('integrity-check', 1)")


def test_a_known_title_is_found_word_for_word_if_it_is_long_enough(store: Store) -> None:
    is_title = title_finder(store.works)
    assert is_title("Attention is all you need")
    assert is_title("“Deep Residual Learning for Image Recognition”")
    for words in ("Attention is all we need", "Attention", "Deep learning", "", "a " * 1000):
        assert not is_title(words)


def test_a_short_name_behind_a_known_title_makes_no_other_work(store: Store) -> None:
    run_import(
        store, parsed_list("T", A=[ParsedItem("Folding maps at scale", 1, arxiv="2101.00001")])
    )
    (known,) = make_plan(store, parsed_list("T", A=["Folding maps at scale"])).matches
    nicknamed = ParsedItem("Folding maps at scale (FoldNet)", 1, arxiv="2101.00001")
    plan = make_plan(store, parsed_list("U", A=[nicknamed, "Folding maps at scale (MapNet)"]))
    assert [(match.work, match.title) for match in plan.matches] == [
        (known.work, "Folding maps at scale")
    ] * 2
    assert {fields["title"] for fields in plan.works.values()} == {"Folding maps at scale"}


@pytest.mark.parametrize("behind", ["(Part 2)", "(II)", "(Volume 3)", "(a title of many words)"])
def test_what_is_no_short_name_makes_another_work(store: Store, behind: str) -> None:
    run_import(store, parsed_list("T", A=["Folding maps at scale"]))
    (match,) = make_plan(store, parsed_list("U", A=[f"Folding maps at scale {behind}"])).matches
    assert match.rule is None
