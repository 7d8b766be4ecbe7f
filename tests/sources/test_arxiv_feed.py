"""What arXiv announced, from a real HTTP server."""

from datetime import date

import pytest

from papertui.errors import Refused
from papertui.sources.arxiv_feed import fetch_announced
from papertui.sources.http import HttpClient
from papertui.sources.service import SourceError
from tests.support.services import (
    GATES,
    GOOD,
    OLD,
    OTHER,
    SECOND,
    Paper,
    Server,
    body,
    day_feed,
    item,
    status,
)  # fmt: skip

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
CROSS = Paper("2401.00002", "A Cross List", kind="cross", categories=("stat.ML", "cs.LG"))
REPLACED = Paper("2401.00003", "A Better Version", version=2, kind="replace-cross")


def feed_of(day: date, *papers: Paper) -> bytes:
    return day_feed(day, *(item(paper, day) for paper in papers))


def test_the_feed_gives_papers_as_they_are_announced(server: Server, http: HttpClient) -> None:
    gates = GATES._replace(journal_ref="J. Gates 1 (2025)", categories=("cs.LG", "stat.ML"))
    server.feed = feed_of(FRIDAY, gates, CROSS, REPLACED)
    announced = fetch_announced(["cs.LG", "stat.ML"], None, http)
    assert (announced.until, announced.missing) == (FRIDAY, ())
    assert [paper.announcement for paper in announced.papers] == ["new", "cross", "replace"]
    assert announced.papers[0]._asdict() == {
        "arxiv_id": GOOD,
        "version": 3,
        "title": "Sparse Gates for $O(n)$ Attention",
        "authors": ("Ada Example", "Björn Beispiel"),
        "abstract": "We gate, sparsely, and find that it is enough.",
        "categories": ("cs.LG", "stat.ML"),
        "comment": None,
        "announced": FRIDAY,
        "announcement": "new",
        "doi": "10.1000/gates",
        "journal_ref": "J. Gates 1 (2025)",
        "published": None,
    }
    assert server.paths == ["/rss/cs.LG+stat.ML"]


def test_names_are_parted_without_their_affiliations(server: Server, http: HttpClient) -> None:
    names = [r"J\"org M\"uller (1, Uni A (Dep. B, C))", r"Ada Hajdu\v{s}ek", "D. E."]
    server.feed = feed_of(FRIDAY, GATES._replace(authors=names))
    (paper,) = fetch_announced(["cs.LG"], None, http).papers
    assert paper.authors == ("Jörg Müller", "Ada Hajdušek", "D. E.")


def test_a_days_feed_is_asked_for_once(server: Server, http: HttpClient) -> None:
    for _ in range(3):
        fetch_announced(["cs.LG"], None, http)
    assert len(server.paths) == 1


def test_an_empty_weekend_is_no_fault(server: Server, http: HttpClient) -> None:
    server.feed = day_feed(SATURDAY)
    assert fetch_announced(["cs.LG"], FRIDAY, http) == ((), SATURDAY, ())
    assert len(server.paths) == 1


def test_yesterdays_feed_takes_nothing_back(server: Server, http: HttpClient) -> None:
    server.feed = feed_of(FRIDAY, GATES)
    announced = fetch_announced(["cs.LG"], MONDAY, http)
    assert [paper.announced for paper in announced.papers] == [FRIDAY]
    assert announced.until == MONDAY
    assert len(server.paths) == 1


@pytest.mark.parametrize("day", ["Mon, 31 Dec 9999 00:00:00 -0500", "soon", ""])
def test_a_feed_of_no_day_makes_no_sense(server: Server, http: HttpClient, day: str) -> None:
    feed = day_feed(FRIDAY).decode()
    server.feed = feed.replace("Fri, 20 Nov 2026 00:00:00 -0500", day).encode()
    with pytest.raises(SourceError, match="makes no sense"):
        fetch_announced(["cs.LG"], None, http)


def test_missed_days_are_filled_from_the_api(server: Server, http: HttpClient) -> None:
    server.feed = feed_of(MONDAY, GATES)
    server.found = [
        SECOND._replace(sent="2026-11-19T15:00:00Z"),
        CROSS._replace(sent="2026-11-18T15:00:00Z"),
        GATES._replace(sent="2026-11-18T14:00:00Z"),
    ]
    announced = fetch_announced(["cs.LG"], date(2026, 11, 18), http)
    assert [(p.arxiv_id, p.announced.day, p.announcement) for p in announced.papers] == [
        (GOOD, 23, "new"),
        (OTHER, 20, "new"),
        (CROSS.id, 19, "cross"),
    ]
    assert announced.until == MONDAY
    span = "submittedDate%3A%5B202611171900+TO+202611191900%5D"
    assert span in server.paths[1] or span.replace("+", "%20") in server.paths[1]


def replaced_on(days: str) -> str:
    return f"Revised papers of {days} are missing: arXiv's search does not list them."


def test_missed_days_of_many_papers_are_fetched_page_by_page(
    server: Server, http: HttpClient
) -> None:
    server.feed = day_feed(MONDAY)
    server.found = [
        Paper(f"2611.{number:05}", "A Paper", sent="2026-11-19T15:00:00Z") for number in range(1200)
    ]
    announced = fetch_announced(["cs.LG"], date(2026, 11, 19), http)
    assert (len(announced.papers), announced.missing) == (1200, (replaced_on("2026-11-20"),))
    assert len(server.paths) == 4


def test_too_many_missed_papers_are_said_to_be_missing(server: Server, http: HttpClient) -> None:
    server.feed = day_feed(MONDAY)
    server.found = [
        Paper(f"2611.{number:05}", "A Paper", sent="2026-11-19T15:00:00Z") for number in range(2001)
    ]
    announced = fetch_announced(["cs.LG"], date(2026, 11, 19), http)
    assert len(announced.papers) == 2000
    assert announced.missing == (
        "2,001 papers came from 2026-11-20; the latest 2,000 are here.",
        replaced_on("2026-11-20"),
    )


def test_days_long_ago_are_said_to_be_missing(server: Server, http: HttpClient) -> None:
    announced = fetch_announced(["cs.LG"], date(2025, 1, 1), http)
    assert announced.missing == (
        "Papers from before 2026-10-09 are not fetched.",
        replaced_on("2026-10-09 to 2026-11-19"),
    )


def test_without_a_missed_day_nothing_is_said_of_replaced_papers(
    server: Server, http: HttpClient
) -> None:
    server.feed = day_feed(MONDAY)
    assert fetch_announced(["cs.LG"], FRIDAY, http).missing == ()


def test_a_refusal_in_the_middle_keeps_what_came_and_says_so(
    server: Server, http: HttpClient
) -> None:
    server.feed = feed_of(MONDAY, GATES)
    server.answers_at["api"] = [status(429, Retry_After="3600")]
    announced = fetch_announced(["cs.LG"], date(2026, 11, 19), http)
    assert [paper.arxiv_id for paper in announced.papers] == [GOOD]
    assert "The papers of 2026-11-20 are missing: arXiv is busy" in announced.missing[0]
    assert announced.until == date(2026, 11, 19), "the next call asks for the missed days again"


def test_the_api_stands_in_for_a_feed_that_fails(server: Server, http: HttpClient) -> None:
    server.answers_at["rss"] = [status(404)]
    server.found = [SECOND._replace(sent="2026-11-19T15:00:00Z")]
    announced = fetch_announced(["cs.LG"], date(2026, 11, 19), http)
    assert [paper.arxiv_id for paper in announced.papers] == [OTHER]
    assert announced.missing[0].startswith("arXiv answered 404.")


@pytest.mark.parametrize("since", [None, date(2026, 11, 19)])
def test_a_service_that_has_gone_is_said_in_one_line(
    server: Server, http: HttpClient, since: date | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PAPERTUI_ARXIV", "PAPERTUI_ARXIV_FEED"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with pytest.raises(SourceError, match=r"^arXiv cannot be reached\.$"):
        fetch_announced(["cs.LG"], since, http)


def test_a_feed_of_5000_papers_is_read_and_its_end_reported(
    server: Server, http: HttpClient
) -> None:
    papers = [Paper(f"2611.{number:05}", "A Paper", kind="new") for number in range(5000)]
    server.feed = feed_of(FRIDAY, *papers)
    announced = fetch_announced(["cs.LG"], None, http)
    assert len(announced.papers) == 5000
    assert announced.missing == ("The feed ends after 5,000 papers: follow fewer categories.",)


def test_an_entry_that_cannot_be_read_is_counted(server: Server, http: HttpClient) -> None:
    server.feed = feed_of(FRIDAY, GATES, OLD._replace(authors=[]), OLD._replace(kind="absonly"))
    announced = fetch_announced(["cs.LG"], None, http)
    assert [paper.arxiv_id for paper in announced.papers] == [GOOD]
    assert announced.missing == ("2 papers in arXiv's answer cannot be read.",)


def test_nothing_in_a_feed_steers_a_terminal(server: Server, http: HttpClient) -> None:
    server.feed = feed_of(FRIDAY, GATES._replace(title="a\u009b31m\u202eb", abstract="\u009dc"))
    (paper,) = fetch_announced(["cs.LG"], None, http).papers
    assert (paper.title, paper.abstract) == ("a\ufffd31m\ufffdb", "\ufffdc")


@pytest.mark.parametrize(
    "odd",
    [b"<html>Rate exceeded.</html>", b"<rss/>", b"<rss><channel/></rss>", day_feed(FRIDAY)[:-9]],
)
def test_a_feed_that_is_none_makes_no_sense(server: Server, http: HttpClient, odd: bytes) -> None:
    server.answers = [body(odd)]
    with pytest.raises(SourceError, match="makes no sense"):
        fetch_announced(["cs.LG"], None, http)


def test_a_category_that_arxiv_does_not_know_is_refused(server: Server, http: HttpClient) -> None:
    title = "Feed error for query: cs.XX"
    server.answers = [body(day_feed(FRIDAY, title=title), 400)]
    with pytest.raises(Refused, match=r"arXiv does not know every category of cs\.XX"):
        fetch_announced(["cs.XX"], None, http)


@pytest.mark.parametrize("odd", ["", "cs.LG+x", "../x", "cs LG", "a\x1bb"])
def test_a_category_is_never_a_part_of_an_address(
    server: Server, http: HttpClient, odd: str
) -> None:
    with pytest.raises(Refused, match="is not a category of arXiv"):
        fetch_announced([odd], None, http)
    with pytest.raises(Refused, match="Name a category"):
        fetch_announced([], None, http)
    assert server.paths == []
