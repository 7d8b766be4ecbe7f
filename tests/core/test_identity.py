"""When two descriptions are of one work, and the citekey that follows from one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.identity import (
    Rule,
    citekey,
    compare,
    contradictions,
    fuller,
    identity_of,
    parse_new_work,
)
from papertui.errors import Refused

ADAM = {
    "title": "Adam: A Method for Stochastic Optimization",
    "aliases": ["Adam"],
    "authors": ["Diederik P. Kingma", "Jimmy Ba"],
    "year": 2014,
    "arxiv": "1412.6980",
}
BOOK: dict[str, Any] = {"title": "Deep Learning", "authors": ["Ian Goodfellow"], "year": 2016}
PAGE = {"title": "a.org/x", "links": [{"label": "page", "url": "https://a.org/x"}]}


@pytest.mark.parametrize(
    ("given", "known", "rule"),
    [
        ({"title": "ADAM – a method for stochastic optimization"}, ADAM, Rule.TITLE),
        ({"title": "Adam", "arxiv": "1412.6980", "year": 1950}, ADAM, Rule.ID),
        ({"title": "Adam", "doi": "10.48550/arXiv.1412.6980"}, ADAM, Rule.ID),
        ({"title": "arXiv:1412.6980", "arxiv": "1412.6980"}, ADAM, Rule.ID),
        ({"title": "Eve", "arxiv": "1412.6980"}, ADAM, Rule.CONFLICT),
        ({"title": "Adam: A Method", "arxiv": "1412.6980"}, ADAM, Rule.ID),
        ({"title": "A Method for Stochastic Optimization", "arxiv": "1412.6980"}, ADAM, Rule.ID),
        ({"title": f"{ADAM['title']}, and Beyond", "arxiv": "1412.6980"}, ADAM, Rule.ID),
        ({"title": "Optimization", "arxiv": "1412.6980"}, ADAM, Rule.CONFLICT),
        (
            {"title": "Adam: A Methods for Stochastic Optimisation", "arxiv": "1412.6980"},
            ADAM,
            Rule.ID,
        ),
        ({"title": "Adam: A Method"}, {**ADAM, "aliases": []}, None),
        ({"title": "Adam", "arxiv": "1412.6981"}, ADAM, Rule.RIVAL),
        ({"title": "Adam", "year": 2015}, ADAM, Rule.TITLE),
        ({"title": "Adam", "year": 2016}, ADAM, Rule.RIVAL),
        (
            {"title": "Adam", "doi": "10.1/x", "year": 2018, "authors": ["D. Kingma"]},
            ADAM,
            Rule.TITLE,
        ),
        ({"title": "Adam", "doi": "10.1/x", "year": 2018}, ADAM, Rule.RIVAL),
        (
            {"title": "Adam", "doi": "10.1/x", "year": 2020, "authors": ["D. Kingma"]},
            ADAM,
            Rule.RIVAL,
        ),
        ({"title": "Adam", "authors": ["Kingma, D. P."]}, ADAM, Rule.TITLE),
        ({"title": "Adam", "authors": ["Kingma et al."]}, ADAM, Rule.TITLE),
        ({"title": "Adam", "authors": ["D. Ba"]}, ADAM, Rule.RIVAL),
        ({"title": "Eve", "year": 2014}, ADAM, None),
        ({"title": "Deep learning", "authors": ["LeCun, Yann"]}, BOOK, Rule.RIVAL),
        ({"title": "Deep learning", "doi": "10.1/x"}, {**BOOK, "doi": "10.1/y"}, Rule.RIVAL),
        ({"title": "Deep learning", "doi": "10.1/X"}, {**BOOK, "doi": "10.1/x"}, Rule.ID),
        (PAGE, {**PAGE, "title": "A page"}, Rule.ID),
        (
            {"title": "a.org/x", "links": [{"label": "page", "url": "http://a.org/x"}]},
            PAGE,
            Rule.ID,
        ),
        ({**PAGE, "title": "Another page"}, {**PAGE, "title": "A page"}, None),
        ({"title": "🌲"}, {"title": "🌳"}, None),
    ],
)
def test_ids_and_titles_make_works_the_same(
    given: dict[str, Any], known: dict[str, Any], rule: Rule | None
) -> None:
    assert compare(identity_of(given), identity_of(known)) is rule
    assert compare(identity_of(known), identity_of(given)) is rule


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"doi": "10.1/x"}, Rule.RIVAL),
        ({"arxiv": "2401.00001"}, Rule.RIVAL),
        ({"doi": "10.1/x", "authors": ["Goodfellow"]}, Rule.TITLE),
        ({"doi": "10.1/x", "year": BOOK["year"]}, Rule.TITLE),
        ({"title": BOOK["title"] + " by Machines", "doi": "10.1/x"}, Rule.TITLE),
        ({}, Rule.TITLE),
    ],
)
def test_a_title_of_two_words_does_not_tell_what_an_unknown_id_is_of(
    given: dict[str, Any], rule: Rule
) -> None:
    given = {"title": BOOK["title"], **given}
    known = identity_of({**BOOK, "title": given["title"]})
    assert compare(identity_of(given), known) is rule
    assert any(contradictions(identity_of(given), known)) == (rule is Rule.RIVAL)


def test_a_title_is_the_same_with_its_markup_and_without() -> None:
    tex, html = {"title": r"Of $\alpha$ Rays"}, {"title": "Of <i>α</i> Rays"}
    for other in (tex, html, {"title": "Of α rays"}):
        assert compare(identity_of(other), identity_of(tex)) is Rule.TITLE


@pytest.mark.parametrize(
    "typed", ["a.org/x", "www.a.org/x", "http://a.org/x", "https://www.a.org/x/", "a.org/x/"]
)
def test_an_address_is_the_same_with_its_scheme_and_without(typed: str) -> None:
    assert compare(identity_of(parse_new_work(typed).fields), identity_of(PAGE)) is Rule.ID
    titled = parse_new_work(f"Of Trees {typed}").fields
    assert (titled["title"], identity_of(titled).url) == ("Of Trees", "a.org/x")


IDS: dict[str, dict[str, Any]] = {
    "2301.00011": {"arxiv": "2301.00011"},
    "arXiv:2301.00012,": {"arxiv": "2301.00012"},
    "10.48550/arXiv.2301.00012": {"arxiv": "2301.00012"},
    "10.1000/abc1": {"doi": "10.1000/abc1"},
    "https://doi.org/10.1000/abc2": {"doi": "10.1000/abc2"},
    "https://a.org/x": {"links": [{"label": "page", "url": "https://a.org/x"}]},
    "https://a.org/y": {"links": [{"label": "page", "url": "https://a.org/y"}]},
    "(https://a.org/x)": {"links": [{"label": "page", "url": "https://a.org/x"}]},
    "[Tides](https://a.org/y)": {"links": [{"label": "page", "url": "https://a.org/y"}]},
    "<https://doi.org/10.1000/abc2>.": {"doi": "10.1000/abc2"},
    "[10.1000/abc1],": {"doi": "10.1000/abc1"},
    "(doi:10.1000/abc1)": {"doi": "10.1000/abc1"},
}


@given(words=st.lists(st.sampled_from([*IDS, "Foam", "tides"]), min_size=1, max_size=5))
def test_what_is_typed_names_one_work_with_all_its_ids_or_is_refused(words: list[str]) -> None:
    ids = [(name, id_) for word in words for name, id_ in IDS.get(word, {}).items()]
    if any(name == other and id_ != another for name, id_ in ids for other, another in ids):
        with pytest.raises(Refused, match="add them one at a time"):
            parse_new_work(" ".join(words))
    else:
        fields = parse_new_work(" ".join(words)).fields
        assert fields["title"]
        assert fields.items() >= dict(ids).items()
        assert set(fields["title"]).isdisjoint("[]()<>")


@pytest.mark.parametrize("title", ["Servers in ASP.NET/Core", "The U.S./China gap", "and/or"])
def test_a_title_with_a_slash_is_no_address(title: str) -> None:
    assert parse_new_work(title).fields["title"] == title


words = st.text(alphabet="abAé:. ", max_size=8)
described = st.builds(
    lambda title, extra: {"title": title, **{k: v for k, v in extra.items() if v}},
    words.filter(str.strip),
    st.fixed_dictionaries(
        {
            "arxiv": st.sampled_from([None, "1412.6980", "1412.6981"]),
            "doi": st.sampled_from([None, "10.1000/x", "10.1000/y"]),
            "year": st.sampled_from([None, 2014, 2015, 2016]),
            "authors": st.sampled_from([None, ["A. Alpha"], ["Beta, B."]]),
            "links": st.sampled_from([None, [{"label": "page", "url": "https://a.org/x"}]]),
        }
    ),
)


@given(described, described)
def test_only_works_that_may_be_the_same_share_a_citekey(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    rule = compare(identity_of(one), identity_of(other))
    if rule in (Rule.CONFLICT, Rule.RIVAL):
        assert citekey(one) != citekey(other)
    assert rule is compare(identity_of(other), identity_of(one))


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("Toward Tides of the Moon", "Towards tides of the moon", True),
        ("Tides of causal moons", "Tides of casual moons", True),
        ("Convolution of tides", "Convolutional tides", False),
        ("Convolution tides", "Convolutional tides", True),
        ("The behaviour of tides", "The behavior of tides", True),
        ("Tides, part A", "Tides, part B", False),
        ("Tide-2 at sea", "Tide-3 at sea", False),
        ("Tide2 at sea", "Tide3 at sea", False),
        ("Tides of the moon II", "Tides of the moon III", False),
        ("Tides of the moon VIII", "Tides of the moon XIII", False),
        ("Symmetric tides", "Asymmetric tides", False),
        ("Tides of one moon", "Tides of two moons", False),
        ("Tides of the sea", "Tides of the sand", False),
    ],
)
def test_titles_with_one_id_are_of_one_work_if_they_differ_only_in_spelling(
    one: str, other: str, are_one: bool
) -> None:
    works = [identity_of({"title": title, "arxiv": "1901.00001"}) for title in (one, other)]
    assert compare(*works) is compare(*works[::-1])
    assert compare(*works) is (Rule.ID if are_one else Rule.CONFLICT)
    # Without an id they are two.
    assert compare(identity_of({"title": one}), identity_of({"title": other})) is None


def test_a_citekey_depends_neither_on_spelling_nor_on_other_facts() -> None:
    key = citekey({"title": "Adam: a Method", "arxiv": "1412.6980"})
    assert key == citekey({"title": "ADAM, A METHOD!", "arxiv": "1412.6980", "year": 2014})
    assert key == citekey({"title": "Adam: a Method", "doi": "10.48550/arXiv.1412.6980"})
    assert key != citekey({"title": "Adam: a Method", "arxiv": "1412.6981"})
    assert citekey({"title": "🌲"}) != citekey({"title": "🌳"})


def test_a_year_in_brackets_behind_a_typed_title_is_that_of_the_work() -> None:
    fields = parse_new_work("Slow Tides (of Old) [2017]").fields
    assert (fields["title"], fields["year"]) == ("Slow Tides (of Old)", 2017)
    assert "year" not in parse_new_work("2001: A Space Odyssey").fields
    assert parse_new_work("(2017)").fields["title"] == "(2017)"


def test_a_citekey_begins_with_the_title_if_that_is_known() -> None:
    links = [{"url": "https://example.org/tides.pdf"}]
    assert citekey({"title": "Slow Tides", "links": links}).startswith("slow-tides-")
    assert citekey({"title": "Slow Tides", "doi": "10.1000/1"}).startswith("slow-tides-")
    assert citekey({"title": "doi:10.1000/1", "doi": "10.1000/1"}).startswith("doi-10-1000-1-")


@pytest.mark.parametrize("turned", [False, True])
def test_the_authors_of_two_sources_are_those_of_the_one_that_names_them_more_fully(
    turned: bool,
) -> None:
    full = {"title": "Tides", "authors": ["Vera Halm", "Udo Kern"]}
    short = {"title": "Tides", "authors": ["Halm"], "more_authors": True}
    both = fuller(short, full) if turned else fuller(full, short)
    assert (both["authors"], both.get("more_authors")) == (full["authors"], None)
    alone = {**short, "authors": ["Vera Halm"]}
    cut = {key: value for key, value in alone.items() if key != "more_authors"}
    assert fuller(*((alone, cut) if turned else (cut, alone)))["more_authors"]
    cut = {**short, "authors": ["Vera Anna Halm"]}
    assert fuller(cut, {**full, "authors": ["Halm"]})["more_authors"]
