"""Edits of works: what a reader types for a field, and what becomes of the work."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.catalog import work_faults
from papertui.core.identity import identity_of
from papertui.core.text import title_key
from papertui.core.work_edits import (
    FIELDS,
    edited_fields,
    is_sound,
    parse_field,
    shown_value,
    taken_over,
)
from papertui.errors import Refused

BASE = {
    "title": "Folding mpas",
    "kind": "paper",
    "authors": ["Ada One", "Bo Two"],
    "more_authors": True,
    "year": 2020,
    "doi": "10.1000/abc",
    "links": [{"label": "code", "url": "https://example.org/code"}],
    "requires": ["a-work"],
}


def parse(name: str, typed: str, fields: dict[str, Any] = BASE) -> dict[str, Any]:
    return parse_field(name, typed, fields, lambda name: f"key-of-{name}")


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("title", "  Folding \t maps ", "Folding maps"),
        ("year", "2021", 2021),
        ("year", "", None),
        ("venue", "Journal of Maps", "Journal of Maps"),
        ("arxiv", "https://arxiv.org/abs/1706.03762v5", "1706.03762"),
        ("doi", "https://doi.org/10.1000/XYZ", "10.1000/XYZ"),
        ("kind", "vid", "video"),
        ("difficulty", "adv", "Advanced"),
        ("requires", "one; two ; one", ["key-of-one", "key-of-two"]),
        ("requires", " ", None),
    ],
)
def test_what_is_typed_becomes_a_value(name: str, typed: str, value: Any) -> None:
    assert parse(name, typed) == {name: value}


@pytest.mark.parametrize(
    ("typed", "authors"),
    [
        ("One, Ada; Two, B.; Makers, Inc.", ["Ada One", "B. Two", "Makers, Inc."]),
        ("Ada One; Bo Two", ["Ada One", "Bo Two"]),
        ("Ada One, Bo Two", ["Ada One", "Bo Two"]),
        ("Ada One and Bo Two", ["Ada One", "Bo Two"]),
        ("Ada One, Bo Two, and Cy Three & Di Four", ["Ada One", "Bo Two", "Cy Three", "Di Four"]),
        ("Simon and Schuster", ["Simon and Schuster"]),
        ("One, Ada", ["Ada One"]),
        ("One, Ada; Two, Bo", ["Ada One", "Bo Two"]),
        ("One, Ada and Two, Bo", ["Ada One", "Bo Two"]),
        ("One, Ada and Two, Bo, III", ["Ada One", "Bo Two III"]),
        ("One, A., Two, B.-C., & Six, D.", ["A. One", "B.-C. Two", "D. Six"]),
        ("One, A. and Two, B. C.", ["A. One", "B. C. Two"]),
        ("One, Two and Six", ["One", "Two", "Six"]),
        ("One, Two, Six", ["One", "Two", "Six"]),
        ("One & Two", ["One", "Two"]),
        ("One A, Two BC", ["A. One", "B. C. Two"]),
        ("King, Jr., Martin Luther", ["Martin Luther King Jr."]),
        ("Ada One, and", ["Ada One"]),
        ("Ada One; and Bo Two", ["Ada One", "Bo Two"]),
        ("and", None),
        ("One, Jr., Ada; Two, Bo, III; Ox, Inc.", ["Ada One Jr.", "Bo Two III", "Ox, Inc."]),
        ("", None),
    ],
)
def test_names_are_divided_by_semicolons_or_plain_commas_and_given_names_come_first(
    typed: str, authors: list[str] | None
) -> None:
    assert parse("authors", typed) == {"authors": authors, "more_authors": None}


def test_others_are_no_author() -> None:
    expected = {"authors": ["Ada One"], "more_authors": True}
    for typed in (
        "Ada One; others", "Ada One et al.", "One, Ada, et al", "One, Ada and others", "Ada One, …",
    ):  # fmt: skip
        assert parse("authors", typed) == expected


def test_a_link_that_stays_keeps_its_label() -> None:
    for between in (" ", ", ", "; ", ",", ";"):
        typed = f"https://example.org/code{between}https://example.org/new;"
        (code, new) = parse("links", typed)["links"]
        assert (code["label"], new["label"]) == ("code", "page")
        assert new["url"] == "https://example.org/new"


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("doi", "doi: 10.1145/3442188.", "10.1145/3442188"),
        ("year", "June 2017.", 2017),
        ("requires", ";", None),
    ],
)
def test_what_stands_around_a_value_in_a_text_is_no_part_of_it(
    name: str, typed: str, value: object
) -> None:
    assert parse(name, typed) == {name: value}


@pytest.mark.parametrize(
    ("name", "typed", "reason"),
    [
        ("title", "", "needs a title"),
        ("title", "!?", "letter"),
        ("title", "x" * 501, "at most 500"),
        ("year", "soon", "from 1600 to 2100"),
        ("year", "20240", "from 1600 to 2100"),
        ("arxiv", "attention", "such as 1706.03762"),
        ("doi", "11.1/x", "begins with 10."),
        ("links", "example.org", "not a complete http"),
        ("authors", "One, Ada, Bo Two", "Separate the authors by ;"),
        ("authors", "One, Ada, Two, Bo", "Separate the authors by ;"),
        ("kind", "song", "paper, article"),
        ("kind", "", "needs a kind"),
        ("difficulty", "hard", "Beginner"),
    ],
)
def test_a_wrong_answer_is_refused_with_a_reason_in_one_line(
    name: str, typed: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        parse(name, typed)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_stays_as_it_is_shown_is_no_edit(field: Any) -> None:
    assert parse(field.name, shown_value(field.name, BASE)) == {}


@given(st.sampled_from(FIELDS), st.text())
def test_whatever_is_typed_gives_a_sound_work_or_is_refused(field: Any, typed: str) -> None:
    try:
        edits = parse(field.name, typed)
    except Refused:
        return
    assert all(is_sound(name, value) for name, value in edits.items())
    assert not list(work_faults(edited_fields(BASE, edits)))


def test_an_edited_work_is_still_known_by_the_title_that_it_came_with() -> None:
    edited = edited_fields(BASE, {"title": "Folding maps"})
    assert {title_key("Folding mpas"), title_key("Folding maps")} <= identity_of(edited).names


def test_a_title_that_was_only_an_id_is_no_alias() -> None:
    fields = {"title": "doi:10.1000/abc", "kind": "paper", "doi": "10.1000/abc"}
    assert "aliases" not in edited_fields(fields, {"title": "Folding maps"})


def test_a_grade_of_the_readers_own_is_nobody_elses() -> None:
    graded = {**BASE, "difficulty": "Expert", "graded_by": "list"}
    assert "graded_by" not in edited_fields(graded, {"difficulty": "Beginner"})


@pytest.mark.parametrize("name", ["citekey", "leads_to", "unidentified", "odd"])
def test_other_fields_cannot_be_edited(name: str) -> None:
    assert not is_sound(name, "x")


def test_what_a_work_takes_over_comes_in_the_order_of_the_other() -> None:
    # What is stored would differ from run to run by the order of a set.
    other = {
        "title": "Tides", "kind": "paper", "venue": "Seas", "year": 2019, "authors": ["Vera Halm"],
        "doi": "10.1000/a", "arxiv": "1905.00001", "length": "9 pages",
    }  # fmt: skip
    gained = taken_over({"title": "Slow tides", "kind": "paper"}, {}, [other])
    assert [name for name in gained if name in other] == [name for name in other if name in gained]
    assert len(gained) > 5
