"""The progress page, laid out for a width."""

from datetime import timedelta

from papertui.config import Config
from papertui.core import journal
from papertui.core.recall import INSIGHT, scheduling
from papertui.pages.layout import Line
from papertui.pages.progress import progress_page
from papertui.pages.progress_summary import LATEST, summarise
from papertui.storage.store import Store
from tests.conftest import FRIDAY, TODAY

ATTENTION, BERT = "vaswani2017attention", "devlin2018bert"


def page(store: Store, width: int, ascii_: bool = False) -> list[Line]:
    return list(progress_page(summarise(store, Config(), TODAY), width, ascii_=ascii_))


def log_of(store: Store) -> None:
    for work, back, minutes in ((ATTENTION, 0, 8), (BERT, 3, 62)):
        passed = journal.log_pass(work, 2, TODAY - timedelta(days=back), minutes)
        store.record(passed, now=FRIDAY - timedelta(days=back))


def test_the_log_has_columns_and_its_titles_have_the_room(store: Store) -> None:
    log_of(store)
    for width in (80, 118, 197):
        entries = [line.text for line in page(store, width) if "second pass  " in line.text]
        attention, bert = entries
        assert attention.index(" 8 min") + len(" 8 min") == bert.index("1 h 2 min") + 9
        assert attention.index("Attention") == bert.index("BERT"), width
        assert "Attention Is All You Need" in attention


def test_a_day_names_the_passes_of_other_days_that_took_its_time(store: Store) -> None:
    thursday = TODAY - timedelta(days=1)
    shared = [(thursday, 17), (TODAY, 3)]
    store.record(journal.log_pass(BERT, 3, TODAY, 20, shared), now=FRIDAY)
    summary = summarise(store, Config(), TODAY, looked_at=thursday)
    texts = [line.text for line in progress_page(summary, 80)]
    assert any("19 Nov 2026: 17 min · third pass of BERT" in text for text in texts)
    store.record(journal.log_pass(ATTENTION, 1, thursday, 33), now=FRIDAY)
    summary = summarise(store, Config(), TODAY, looked_at=thursday)
    texts = [line.text for line in progress_page(summary, 80)]
    head = next(n for n, text in enumerate(texts) if "50 min in all" in text)
    assert "first pass of Attention" in texts[head + 1]
    assert "33 min" in texts[head + 1]
    assert "17 min · third pass of BERT" in texts[head + 2]
    assert ", for today" in texts[head + 2]


def test_a_rating_is_of_its_own_day_though_a_later_pass_is_a_review_too(store: Store) -> None:
    read, rated, read_again = (TODAY - timedelta(days=ago) for ago in (60, 59, 50))
    settings = scheduling((), 0.9).as_json()
    store.record(journal.log_pass(BERT, 2, read), now=FRIDAY)
    store.record(journal.rate_card(BERT, INSIGHT, rated, 2, settings), now=FRIDAY)
    store.record(journal.log_pass(BERT, 3, read_again), now=FRIDAY)
    (asked,) = store.recall.due(TODAY + timedelta(days=999), 9)
    assert asked.card.memory
    assert (asked.card.rated_on, asked.card.memory.reviewed) == (rated, read_again)


def test_bars_in_ascii_are_heights_and_no_numbers(store: Store) -> None:
    log_of(store)
    settings = scheduling((), 0.9).as_json()
    store.record(journal.rate_card(ATTENTION, INSIGHT, TODAY, 3, settings), now=FRIDAY)
    texts = [line.text for line in page(store, 80, ascii_=True)]
    (bars,) = (text.partition("  ")[0] for text in texts if "the next 30 days" in text)
    assert len(bars) == 30
    assert set(bars) <= set("._-=#")
    assert any(". nothing  1  2  3  4 or more" in text for text in texts)


def test_the_log_of_a_wide_page_ends_no_higher_than_what_is_beside_it(store: Store) -> None:
    for ago in range(40):
        store.record(journal.log_pass(BERT, 1, TODAY - timedelta(days=ago)))
    summary = summarise(store, Config(), TODAY, latest=60)
    lines = [line.text for line in progress_page(summary, 197)]
    head = next(number for number, line in enumerate(lines) if "older entries" in line)
    assert all("BERT" in line[120:] for line in lines[head + 1 :])
    entries = [line for line in progress_page(summary, 118) if "first pass  " in line.text]
    assert len(entries) == LATEST
