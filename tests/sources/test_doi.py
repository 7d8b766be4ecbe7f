"""DOIs and ISBNs to catalogue fields, from a real HTTP server."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.catalog import work_faults, work_from
from papertui.sources import doi, open_library
from papertui.sources.doi import work_by_doi
from papertui.sources.http import HttpClient
from papertui.sources.lookup import look_up
from papertui.sources.open_library import work_by_isbn
from papertui.sources.service import SourceError
from tests.support.services import BOOK, ISBN, PERCEPTRONS, Server, body, to_itself

DOI = "10.1000/perceptrons"
NAMES = st.sampled_from([
    "title", "subtitle", "type", "author", "editor", "given", "family", "name", "literal",
    "suffix", "issued", "published", "posted", "date-parts", "container-title", "institution",
    "publisher", "abstract", "page", "DOI", "authors", "publishers", "publish_date",
    "number_of_pages",
])  # fmt: skip


def test_crossref_gives_all_that_it_knows(server: Server, http: HttpClient) -> None:
    assert work_by_doi(DOI, http) == {
        "title": "The Perceptrons of <i>Exempla</i> at H<sub>2</sub>O",
        "kind": "paper",
        "authors": ["Ada Example", "The Example Group"],
        "year": 1986,
        "venue": "Annals of Examples",
        "doi": DOI,
        "length": "4 pages",
        "summary": "<jats:title>Abstract</jats:title><jats:p>We learn.</jats:p>",
    }
    assert server.paths == ["/works/10.1000%2Fperceptrons"]


def test_markup_is_read_as_text(server: Server, http: HttpClient) -> None:
    work = work_from("a", work_by_doi(DOI, http) or {})
    assert (work.title, work.summary) == ("The Perceptrons of Exempla at H₂O", "We learn.")


def test_a_book_has_its_editors_subtitle_and_publisher(server: Server, http: HttpClient) -> None:
    assert work_by_doi("10.1000/9780000000019", http) == {
        "title": "Examples: A History",
        "kind": "book",
        "authors": ["Bea Beispiel"],
        "year": 2019,
        "venue": "Example Press",
        "doi": "10.1000/9780000000019",
    }


def test_doi_org_knows_the_dois_of_others(server: Server, http: HttpClient) -> None:
    assert work_by_doi("10.1000/software.1", http) == {
        "title": "An Example Program",
        "kind": "paper",
        "authors": ["Ada Example"],
        "year": 2019,
        "doi": "10.1000/software.1",
    }
    assert server.paths == ["/works/10.1000%2Fsoftware.1", "/doi/10.1000/software.1"]


def test_a_redirect_is_asked_for_the_same_form(server: Server, http: HttpClient) -> None:
    server.answers_at["doi"] = [to_itself]
    assert work_by_doi("10.1000/software.1", http)
    accepts = [headers["Accept"] for headers in server.headers[1:]]
    assert accepts == ["application/vnd.citationstyles.csl+json"] * 2


def test_an_unknown_doi_is_no_error(server: Server, http: HttpClient) -> None:
    assert work_by_doi("10.1000/none", http) is None


@pytest.mark.parametrize(
    "change",
    [
        {"title": []},
        {"title": "A text"},
        {"title": {"a": 1}},
        {"author": "Ada"},
        {"author": [None, 1, {"family": 3}, {"given": "Only"}]},
        {"issued": None, "published": {"date-parts": [[]]}},
        {"issued": {"date-parts": [["1986"]]}},
        {"issued": {"date-parts": [[99999]]}},
        {"container-title": None},
        {"page": ["1"], "type": 7},
        {"title": ["T" * 5000], "container-title": ["V" * 5000]},
        {"title": ["a\u009b31m\u202eb"], "abstract": "\u009dc"},
        {"author": [{"family": "A"}] * 500},
        {"relation": [], "unknown": {"deep": [[[]]]}},
    ],
    ids=str,
)
def test_a_field_of_a_wrong_type_spoils_no_other(
    server: Server, http: HttpClient, change: dict[str, Any]
) -> None:
    server.crossref[DOI] = {**PERCEPTRONS, **change}
    try:
        fields = work_by_doi(DOI, http)
    except SourceError as error:
        assert not change["title"] or isinstance(change["title"], dict)
        assert str(error) == "Crossref's answer makes no sense."
        return
    assert fields is not None
    assert not list(work_faults(fields))
    assert "\u009b" not in str(fields)
    assert fields["doi"] == DOI


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, json_values))
def test_any_json_is_a_work_or_makes_no_sense(data: dict[str, Any]) -> None:
    def fields_by_crossref() -> dict[str, Any]:
        return doi._fields_of(data, DOI, "A service")

    def fields_by_open_library() -> dict[str, Any]:
        return open_library._fields_of(data, ISBN)

    for parse in (fields_by_crossref, fields_by_open_library):
        try:
            fields = parse()
        except SourceError:
            continue
        assert not list(work_faults(fields))
        assert work_from("a", fields).title


@pytest.mark.parametrize(
    "odd",
    [
        b"[]", b"{", b"Resource not found.", b'{"message": []}', b'{"message": {}}', b"[" * 100_000,
        b'{"message": {"DOI": "10.1000/perceptrons", "title": NaN}}', b"\xff", b"<html></html>",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_makes_no_sense(
    server: Server, http: HttpClient, odd: bytes
) -> None:
    server.answers = [body(odd)]
    with pytest.raises(SourceError, match="Crossref's answer makes no sense"):
        work_by_doi(DOI, http)


# ── books ───────────────────────────────────────────────────────────────────


def test_open_library_gives_a_book(server: Server, http: HttpClient) -> None:
    assert work_by_isbn(ISBN, http) == {
        "title": "Use of Examples: a novel",
        "kind": "book",
        "authors": ["Ida M. Example"],
        "year": 2008,
        "venue": "Example Books",
        "links": [{"label": "Open Library", "url": f"https://openlibrary.org/isbn/{ISBN}"}],
        "length": "480 pages",
    }
    assert work_by_isbn("9780000000026", http) is None


def test_crossref_knows_books_that_open_library_does_not(server: Server, http: HttpClient) -> None:
    link = {"label": "", "url": "https://openlibrary.org/isbn/9780000000033"}
    found = look_up({"a": {"links": [link]}}, http)
    assert found.fields["a"]["title"] == "Examples: A History"
    assert found.fields["a"]["doi"] == "10.1000/9780000000019"


@pytest.mark.parametrize(
    "change",
    [
        {"title": None}, {"authors": [1]}, {"authors": None}, {"publish_date": 1994},
        {"number_of_pages": "many"}, {"number_of_pages": -1}, {"publishers": [{"name": []}]},
    ],
    ids=str,
)  # fmt: skip
def test_a_field_of_a_wrong_type_spoils_no_other_of_a_book(
    server: Server, http: HttpClient, change: dict[str, Any]
) -> None:
    server.answers = [body(json.dumps({f"ISBN:{ISBN}": {**BOOK, **change}}).encode())]
    if "title" in change:
        with pytest.raises(SourceError, match="Open Library's answer makes no sense"):
            work_by_isbn(ISBN, http)
    else:
        fields = work_by_isbn(ISBN, http)
        assert fields
        assert not list(work_faults(fields))


# ── several at once ─────────────────────────────────────────────────────────


def test_one_failure_spoils_no_other_work(server: Server, http: HttpClient) -> None:
    works: dict[str, dict[str, Any]] = {
        "a": {"arxiv": "2401.12345"},
        "b": {"doi": DOI},
        "c": {"doi": "10.1000/software.1"},
        "d": {"links": [{"label": "", "url": f"https://openlibrary.org/isbn/{ISBN}"}]},
    }
    server.answers_at["works"] = [body(b"{")]
    found = look_up(works, http)
    assert found.fields.keys() == {"a", "c", "d"}
    assert found.problems == {"Crossref's answer makes no sense.": {"b"}}
    assert found.problem_of(("b", "a")) == "Crossref's answer makes no sense."
    assert found.problem_of(("a", "c")) == ""


def test_a_service_that_cannot_be_reached_is_asked_once(
    server: Server, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTUI_CROSSREF", "http://127.0.0.1:1")
    works = {str(number): {"doi": f"10.1000/{number}"} for number in range(50)}
    found = look_up(works, http)
    assert found.problems == {"Crossref cannot be reached.": works.keys()}
    assert server.paths == []
