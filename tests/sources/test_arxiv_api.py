"""Papers of arXiv's API, from a real HTTP server."""

from datetime import UTC, date, datetime

import pytest

from papertui.core.catalog import work_faults
from papertui.core.new_paper import fields_of_paper
from papertui.errors import Refused
from papertui.sources.arxiv_api import papers_by_id, search_papers, search_terms
from papertui.sources.arxiv_days import announcement_day, announcement_days, submission_span
from papertui.sources.http import HttpClient
from papertui.sources.service import SourceError
from tests.support.services import (
    GATES,
    GOOD,
    OLD,
    OTHER,
    UNKNOWN,
    Paper,
    Server,
    api_feed,
    body,
    entry,
    error_feed,
)  # fmt: skip


def test_a_paper_has_all_that_arxiv_says_of_it(server: Server, http: HttpClient) -> None:
    paper = papers_by_id([GOOD], http)[GOOD]
    assert paper._asdict() == {
        "arxiv_id": GOOD,
        "version": 3,
        "title": "Sparse Gates for $O(n)$ Attention",
        "authors": ("Ada Example", "Björn Beispiel"),
        "abstract": "We gate, sparsely, and find that it is enough.",
        "categories": ("cs.LG",),
        "comment": "9 pages",
        "announced": date(2024, 1, 23),
        "announcement": "new",
        "doi": "10.1000/gates",
        "journal_ref": None,
        "published": date(2024, 1, 22),
    }


def test_a_work_has_title_authors_year_doi_length_and_abstract(
    server: Server, http: HttpClient
) -> None:
    assert fields_of_paper(papers_by_id([GOOD], http)[GOOD]) == {
        "title": "Sparse Gates for $O(n)$ Attention",
        "kind": "paper",
        "arxiv": GOOD,
        "authors": ["Ada Example", "Björn Beispiel"],
        "year": 2024,
        "doi": "10.1000/gates",
        "length": "9 pages",
        "summary": "We gate, sparsely, and find that it is enough.",
    }


def test_eight_authors_of_a_work_are_named_and_the_others_noted(
    server: Server, http: HttpClient
) -> None:
    fields = fields_of_paper(papers_by_id([OTHER], http)[OTHER])
    assert (len(fields["authors"]), fields["more_authors"]) == (8, True)


def test_several_ids_old_and_new_share_one_request(server: Server, http: HttpClient) -> None:
    papers = papers_by_id([OTHER, GOOD, OLD.id, UNKNOWN], http)
    assert set(papers) == {GOOD, OTHER, OLD.id}
    assert papers[OLD.id].title == "Strings & <Branes>"
    assert len(server.requested_ids) == 1


def test_many_ids_need_few_requests(server: Server, http: HttpClient) -> None:
    ids = [f"2301.{number:05}" for number in range(120)] + [GOOD]
    assert set(papers_by_id(ids, http)) == {GOOD}
    assert [len(ids) for ids in server.requested_ids] == [50, 50, 21]


def test_an_id_that_arxiv_refuses_spoils_no_other(server: Server, http: HttpClient) -> None:
    server.answers = [body(error_feed("incorrect id format for no-such/9901001"), 400)]
    assert set(papers_by_id([GOOD, "no-such/9901001", OTHER], http)) == {GOOD, OTHER}
    assert server.requested_ids[1] == [GOOD, OTHER]


def test_an_id_that_is_refused_by_itself_is_unknown(server: Server, http: HttpClient) -> None:
    server.answers = [body(error_feed("incorrect id format for no-such/9901001"), 400)]
    assert papers_by_id(["no-such/9901001"], http) == {}


def test_an_error_about_no_id_is_reported(server: Server, http: HttpClient) -> None:
    server.answers = [body(error_feed("id_list is too long"), 400)]
    with pytest.raises(SourceError, match="id_list is too long"):
        papers_by_id([GOOD], http)


@pytest.mark.parametrize(
    "odd",
    [
        Paper("9999.99999", "No id"),
        Paper(GOOD, ""),
        Paper(GOOD, "No authors", []),
        Paper(GOOD, "T" * 5000),
        Paper(GOOD, "No such year", year=9999),
        Paper(GOOD, "No such day", sent="yesterday"),
    ],
    ids=lambda paper: paper.title[:20],
)
def test_an_invalid_entry_is_ignored(server: Server, odd: Paper, http: HttpClient) -> None:
    server.answers = [body(api_feed(entry(odd), "<entry/>", "<entry><id>x</id></entry>"))]
    assert papers_by_id([GOOD], http) == {}


def test_the_title_zero_is_a_title(server: Server, http: HttpClient) -> None:
    server.papers[GOOD] = Paper(GOOD, "0")
    assert papers_by_id([GOOD], http)[GOOD].title == "0"


def test_nothing_in_an_answer_steers_a_terminal(server: Server, http: HttpClient) -> None:
    server.papers[GOOD] = Paper(GOOD, "a\u009b31m \u202eb [red]c[/]", ["\u009d0;x"])
    paper = papers_by_id([GOOD], http)[GOOD]
    assert paper.title == "a\ufffd31m \ufffdb [red]c[/]"
    assert paper.authors == ("\ufffd0;x",)
    assert not list(work_faults(fields_of_paper(paper)))


@pytest.mark.parametrize(
    "paper",
    [
        Paper(GOOD, "A", comment="This paper has been withdrawn by the author due to an error"),
        Paper(GOOD, "A", comment="Withdrawn because of a gap in lemma 2"),
        Paper(GOOD, "A", comment="", abstract="This paper has been withdrawn."),
        Paper(GOOD, "A", abstract="arXiv admin note: This paper has been withdrawn by arXiv."),
    ],
)
def test_a_withdrawn_paper_begins_with_that(server: Server, http: HttpClient, paper: Paper) -> None:
    server.papers[GOOD] = paper
    assert "withdrawn" in fields_of_paper(papers_by_id([GOOD], http)[GOOD])["summary"][:60].lower()


def test_a_paper_about_withdrawals_is_not_withdrawn(server: Server, http: HttpClient) -> None:
    server.papers[GOOD] = GATES._replace(comment="9 pages; an earlier version was withdrawn")
    assert fields_of_paper(papers_by_id([GOOD], http)[GOOD])["summary"].startswith("We gate")


# ── search ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("sparse gates", "all:sparse AND all:gates"),
        ('ti:"sparse gates" au:Example', 'ti:"sparse gates" AND au:Example'),
        ("cat:cs.LG abs:attention", "cat:cs.LG AND abs:attention"),
        ("cat:hep-th", "cat:hep-th"),
        ('an "open phrase', 'all:an AND all:"open phrase"'),
        ("a) OR submittedDate:[1 TO 2]", "all:a AND all:OR AND all:\"submittedDate 1\" AND all:TO"
         " AND all:2"),
    ],
)  # fmt: skip
def test_a_search_says_what_arxiv_understands(query: str, terms: str) -> None:
    assert search_terms(query) == terms


@pytest.mark.parametrize("query", ["", "  ", "()", '""', "ti:()"])
def test_a_search_without_a_word_is_refused(query: str) -> None:
    with pytest.raises(Refused, match="Type a word"):
        search_terms(query)


def test_a_search_is_asked_for_once(server: Server, http: HttpClient) -> None:
    server.found = [GATES, OLD]
    for _ in range(2):
        assert [paper.arxiv_id for paper in search_papers("gates", http)] == [GOOD, OLD.id]
    assert [paper.arxiv_id for paper in search_papers("gates", http, limit=1)] == [GOOD]
    assert len(server.paths) == 2
    assert "sortOrder=descending" in server.paths[0]


# ── days ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "announced"),
    [
        ("2026-11-16 13:00", "2026-11-17"),  # Monday morning, in the feed of Tuesday
        ("2026-11-16 20:00", "2026-11-18"),  # after the deadline, 14:00 in New York
        ("2026-11-19 18:00", "2026-11-20"),
        ("2026-11-19 20:00", "2026-11-23"),  # Thursday evening, in the feed of Monday
        ("2026-11-20 20:00", "2026-11-24"),  # Friday evening, in the feed of Tuesday
        ("2026-11-22 12:00", "2026-11-24"),
        ("2026-07-06 17:59", "2026-07-07"),  # summer time
        ("2026-07-06 18:00", "2026-07-08"),
    ],
)
def test_a_paper_is_announced_as_arxiv_does(sent: str, announced: str) -> None:
    moment = datetime.fromisoformat(sent).replace(tzinfo=UTC)
    day = date.fromisoformat(announced)
    assert announcement_day(moment) == day
    start, end = submission_span(day, day)
    assert start <= moment < end


def test_no_paper_is_announced_at_a_weekend() -> None:
    days = list(announcement_days(date(2026, 11, 18), date(2026, 11, 25)))
    assert [day.day for day in days] == [19, 20, 23, 24, 25]
