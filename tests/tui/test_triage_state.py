"""The state of the triage, without a screen."""

from datetime import date
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.core import journal
from papertui.core.follow import Follow
from papertui.core.labels import ASCII, Glyphs
from papertui.core.library_tree import Leaf
from papertui.errors import Refused
from papertui.storage.store import Store
from papertui.tui.screens.triage_state import TriageState
from tests.conftest import TODAY
from tests.core.test_follow import paper
from tests.support.fresh_database import fresh_database

A, B, C = "2611.00003", "2611.00002", "2611.00001"


@pytest.fixture
def state(store: Store) -> TriageState:
    """The state of a reader who has three new papers, A, B and C."""
    store.new_papers.keep([paper(C), paper(B), paper(A)], TODAY)
    opened = TriageState(store, Config(follow=Follow(("cs.LG",))), lambda: TODAY)
    opened.load()
    return opened


def shown(state: TriageState) -> str:
    """Return the glyph and the letter of each paper."""
    letters = {A: "A", B: "B", C: "C"}
    leaves = [row.node for row in state.rows(ASCII)]
    return " ".join(
        f"{ASCII.of(leaf.depth, leaf.aside)}{letters[leaf.work]}"
        for leaf in leaves
        if isinstance(leaf, Leaf)
    )


def test_what_was_looked_at_stays_until_the_list_is_opened_again(
    state: TriageState, store: Store
) -> None:
    assert shown(state) == ".A .B .C"
    state.look_at(A)
    state.dismiss(B)
    assert shown(state) == "-A xB .C"
    state.load()
    assert shown(state) == "-A xB .C"
    state.finish()
    again = TriageState(store, Config(), lambda: TODAY)
    again.load()
    assert shown(again) == ".C"
    again.toggle_all()
    assert shown(again) == "-A xB .C"
    with pytest.raises(Refused, match="earlier sitting"):
        again.dismiss(B)
    assert again.dismiss(A)


def taken_back(state: TriageState) -> list[str]:
    return [each.paper.arxiv_id for each in state.take_back()]


def test_the_next_new_paper_is_below_or_else_above(state: TriageState) -> None:
    assert state.next_new(A) == B
    state.look_at(B)
    assert state.next_new(A) == C
    state.look_at(C)
    assert state.next_new(C) == A
    state.look_at(A)
    assert state.next_new(A) is None
    assert state.first == A


def test_a_dismissal_is_taken_back_only_before_another_act(
    state: TriageState, store: Store
) -> None:
    state.dismiss(A)
    act = store.record(journal.scan(TODAY, 1))
    assert taken_back(state) == []
    store.undo(act)
    assert taken_back(state) == [A]
    assert taken_back(state) == []
    assert shown(state) == ".A .B .C"


def test_a_dismissal_of_what_was_passed_leaves_it_passed_when_taken_back(
    state: TriageState,
) -> None:
    state.look_at(A)
    state.dismiss(A)
    assert taken_back(state) == [A]
    assert shown(state) == "-A .B .C"


def test_all_that_was_looked_at_since_is_taken_back_at_once(
    state: TriageState, store: Store
) -> None:
    state.dismiss(A)
    state.look_at(B)
    state.look_at(C)
    assert taken_back(state) == [C, B]
    assert shown(state) == "xA .B .C"
    state.look_at(B)
    store.record(journal.scan(TODAY, 1))
    state.refresh()
    state.look_at(C)
    assert taken_back(state) == [C]
    assert taken_back(state) == []


def test_what_papertui_records_beside_the_reader_keeps_a_dismissal(
    state: TriageState, store: Store
) -> None:
    state.dismiss(A)
    state.record_beside([journal.scan(TODAY, 1)])
    assert taken_back(state) == [A]


def test_clearing_is_an_act_of_its_own_and_ends_the_sitting_before_it(
    state: TriageState, store: Store
) -> None:
    state.look_at(A)
    act = state.clear(state.new_papers)
    state.refresh()
    assert shown(state) == "-A -B -C"
    assert act.words == "clearing of 2 new papers"
    assert state.headline == ("No new papers", "", " · 1 title this week")
    with pytest.raises(Refused, match="no new paper to clear"):
        state.new_papers  # noqa: B018
    store.undo(store.last_act())
    state.refresh()
    assert shown(state) == "-A .B .C"
    state.clear([paper(B)])
    state.refresh()
    state.look_at(B)
    state.finish()
    assert state.headline == ("1 new paper", "", " · 2 titles this week")


def test_the_headline_counts_what_is_not_yet_an_event_once(
    state: TriageState, store: Store, tmp_path: Path
) -> None:
    store.record(journal.scan(TODAY, 2))
    state.look_at(A)
    state.save()
    state.look_at(B)
    assert state.headline == ("1 new paper", "", " · 4 titles this week")
    # Another device has looked at A, and its journal is joined meanwhile.
    with Store(fresh_database(tmp_path / "other.db"), clock=store.clock) as other:
        other.record(journal.see_papers(TODAY, [A]))
        store.merge(other.events())
    assert state.headline[2] == " · 4 titles this week"
    state.finish()
    assert store.events()[-1].data["seen"] == [B]
    assert state.headline == ("1 new paper", "", " · 4 titles this week")


def test_titles_of_last_week_do_not_count(state: TriageState, store: Store) -> None:
    store.record(journal.see_papers(date(2026, 11, 15), [A]))
    state.refresh()
    assert state.headline == ("2 new papers", "", " · 0 titles this week")


def test_rows_that_did_not_change_are_the_same(state: TriageState) -> None:
    before = state.rows(Glyphs())
    state.look_at(B)
    after = state.rows(Glyphs())
    assert [one is two for one, two in zip(before, after, strict=True)] == [True, False, True]
