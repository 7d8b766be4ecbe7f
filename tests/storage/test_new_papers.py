"""New papers in the store: what is kept, what was looked at, and what it counts for."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.core.records import SeenPaper, Triage
from papertui.storage import new_papers
from papertui.storage.new_papers import work_changes
from papertui.storage.store import Store
from tests.conftest import TODAY
from tests.core.test_follow import paper
from tests.support.fresh_database import fresh_database

A, B, C = "2611.00001", "2611.00002", "2611.00003"
MONDAY, YESTERDAY = date(2026, 11, 16), TODAY - timedelta(days=1)


def glance(store: Store, *ids: str, day: date = TODAY, dismissed: bool = False) -> None:
    store.new_papers.glance(dict.fromkeys(ids, SeenPaper(day, dismissed)))


def scanned(store: Store) -> int:
    return store.reading_log.between("scanned", MONDAY, TODAY)


def test_a_paper_is_kept_as_it_came(store: Store) -> None:
    full = paper(A, comment="9 pages", doi="10.1000/x", published=YESTERDAY, version=None)
    assert store.new_papers.keep([full, paper(B)], TODAY) == (2, 0)
    assert store.new_papers.keep([full], TODAY) == (0, 0)
    assert set(store.new_papers.fetched()) == {full, paper(B)}


def test_a_replacement_is_no_new_paper(store: Store) -> None:
    assert store.new_papers.keep([paper(A, announcement="replace")], TODAY) == (0, 0)
    assert store.new_papers.fetched() == []


def test_old_papers_leave_and_those_not_looked_at_are_told(store: Store) -> None:
    old = TODAY - timedelta(days=new_papers.KEPT_DAYS + 1)
    store.new_papers.keep([paper(A, announced=old), paper(B)], old)
    glance(store, B)
    store.finish_triage()
    assert store.new_papers.keep([], TODAY) == (0, 1)
    assert [kept.arxiv_id for kept in store.new_papers.fetched()] == [B]


def test_of_too_many_papers_those_looked_at_leave_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_papers, "MAX_KEPT", 2)
    store.new_papers.keep([paper(A), paper(B)], TODAY)
    glance(store, A)
    store.finish_triage()
    assert store.new_papers.keep([paper(C, announced=YESTERDAY)], TODAY) == (1, 0)
    assert {kept.arxiv_id for kept in store.new_papers.fetched()} == {B, C}
    assert store.new_papers.keep([paper("2611.00004")], TODAY) == (1, 1)


def test_a_sitting_is_one_event_and_undone_as_one(store: Store) -> None:
    glance(store, A, B)
    glance(store, C, dismissed=True)
    assert scanned(store) == 0
    act = store.finish_triage()
    assert act is not None
    assert act.words == "3 scanned titles"
    (event,) = store.events()
    assert event.data == {"day": TODAY.isoformat(), "seen": [A, B], "dismissed": [C]}
    assert scanned(store) == 3
    assert store.finish_triage() is None
    store.undo(store.last_act())
    assert scanned(store) == 0
    assert store.new_papers.looked_at([A, B, C]) == {}
    store.redo()
    assert store.new_papers.looked_at([A, C, "2611.00009"]) == {
        A: SeenPaper(TODAY, dismissed=False),
        C: SeenPaper(TODAY, dismissed=True),
    }


def test_a_sitting_over_the_start_of_a_day_counts_for_both_days(store: Store) -> None:
    glance(store, A, day=YESTERDAY)
    glance(store, B)
    act = store.finish_triage()
    assert act is not None
    assert act.words == "2 scanned titles"
    assert [event.data["day"] for event in store.events("act = ?", act.id)] == [
        YESTERDAY.isoformat(), TODAY.isoformat()
    ]  # fmt: skip
    assert store.reading_log.between("scanned", TODAY, TODAY) == 1


def test_a_sitting_that_was_cut_off_is_still_there(store: Store, database: Path) -> None:
    glance(store, A)
    with Store(database) as other:
        assert other.new_papers.looked_at([A]) == {A: SeenPaper(TODAY, dismissed=False)}
        other.finish_triage()
    assert scanned(store) == 1


def test_a_glance_can_be_taken_back(store: Store) -> None:
    glance(store, A, B)
    store.new_papers.glance({A: None})
    store.finish_triage()
    assert set(store.reading_log.seen()) == {B}


def test_titles_that_were_typed_and_papers_looked_at_are_counted_together(store: Store) -> None:
    store.record(journal.scan(TODAY, 4))
    glance(store, A, B)
    store.finish_triage()
    assert scanned(store) == 6


def test_a_paper_looked_at_on_two_devices_counts_once(store: Store, tmp_path: Path) -> None:
    with Store(fresh_database(tmp_path / "other.db"), clock=store.clock) as other:
        glance(store, A, B)
        glance(other, B, day=YESTERDAY)
        glance(other, C, dismissed=True)
        store.finish_triage()
        other.finish_triage()
        for one, two in ((store, other), (other, store)):
            one.merge(two.events())
        assert store.reading_log.seen() == other.reading_log.seen()
    assert store.reading_log.seen()[B] == SeenPaper(YESTERDAY, dismissed=False)
    assert scanned(store) == 3


def test_papers_that_were_cleared_count_for_nothing_and_do_not_come_again(store: Store) -> None:
    store.new_papers.keep([paper(A), paper(B)], TODAY)
    act = store.record(journal.see_papers(TODAY, (), (), [A, B]))
    assert act.words == "clearing of 2 new papers"
    assert store.new_papers.looked_at([A]) == {A: SeenPaper(TODAY, False, cleared=True)}
    assert (scanned(store), store.reading_log.triage(MONDAY, TODAY)) == (0, Triage(0, 0, 0))
    store.undo(act)
    assert store.new_papers.looked_at([A, B]) == {}


@pytest.mark.parametrize("cleared_first", [True, False])
def test_a_paper_that_was_cleared_and_looked_at_was_looked_at(
    store: Store, cleared_first: bool
) -> None:
    cleared = journal.see_papers(YESTERDAY, (), (), [A, B])
    looked_at = journal.see_papers(TODAY, [A], [B])
    for change in (cleared, looked_at) if cleared_first else (looked_at, cleared):
        store.record(change)
    expected = {A: SeenPaper(TODAY, False), B: SeenPaper(TODAY, True)}
    assert store.reading_log.seen() == expected
    store.rebuild()
    assert store.reading_log.seen() == expected
    assert scanned(store) == 2


def test_what_another_device_sent_meanwhile_is_not_recorded_twice(store: Store) -> None:
    glance(store, A, B)
    store.record(journal.see_papers(TODAY, [A]))
    store.finish_triage()
    assert store.events()[-1].data["seen"] == [B]
    glance(store, A, dismissed=True)
    store.finish_triage()
    assert store.events()[-1].data["dismissed"] == [A]


def test_a_paper_becomes_a_work_with_what_arxiv_says(store: Store) -> None:
    authors = tuple(f"Author {letter}" for letter in "ABCDEFGHIJ")
    citekey, changes = work_changes(store.works, paper(A, authors=authors, doi="10.1000/x"))
    store.record(*changes)
    work = store.works.work(citekey)
    assert work is not None
    assert (work.title, work.arxiv, work.doi, work.year) == (
        f"A Title of {A}",
        A,
        "10.1000/x",
        2026,
    )
    assert (work.authors, work.more_authors) == (authors[:8], True)
    assert work.summary == "We prune, and find that it is enough."
    assert work_changes(store.works, paper(A)) == (citekey, [])


def test_a_work_that_papertui_knows_stays_that_work(store: Store) -> None:
    known = paper("1512.03385", title="Deep Residual Learning for Image Recognition")
    assert work_changes(store.works, known) == ("he2015deep", [])


def test_a_work_of_which_only_the_id_was_known_is_completed(store: Store) -> None:
    store.record(
        journal.add_work("arxiv-2611-00001-0", {"title": f"arXiv:{A}", "kind": "paper", "arxiv": A})
    )
    citekey, changes = work_changes(store.works, paper(A))
    assert citekey == "arxiv-2611-00001-0"
    store.record(*changes)
    assert store.works.title(citekey) == f"A Title of {A}"


def test_the_week_tells_what_became_of_new_papers(store: Store) -> None:
    queued, added = work_changes(store.works, paper(A))
    store.record(*added, journal.queue(queued, 1))
    read, added = work_changes(store.works, paper(B))
    store.record(*added, journal.log_pass(read, 1, TODAY))
    glance(store, A, B, C)
    glance(store, "2611.00004", day=MONDAY - timedelta(days=1))
    store.finish_triage()
    assert store.reading_log.triage(MONDAY, TODAY) == Triage(3, 1, 1)


def test_days_that_were_fetched_are_remembered_by_category(store: Store) -> None:
    store.new_papers.set_fetched_until(["cs.LG", "cs.CL"], YESTERDAY)
    store.new_papers.set_fetched_until(["cs.CL"], TODAY)
    assert store.new_papers.fetched_until() == {"cs.LG": YESTERDAY, "cs.CL": TODAY}
    store.set_setting("new-papers-fetched", "nonsense")
    assert store.new_papers.fetched_until() == {}
    assert "new-papers-fetched" not in store.settings()
