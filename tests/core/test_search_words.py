"""What a text is indexed by, what a query asks for, and what is marked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.search_words import (
    Query,
    field_advice,
    has_all,
    indexed_words,
    marked,
    marked_beginnings,
    parse_query,
)
from papertui.core.text import title_key

parts = st.text(st.sampled_from("abegnouxyzäöüßé0123456789"), min_size=1, max_size=6)
names = st.lists(parts, min_size=2, max_size=5)
joiners = st.sampled_from(["-", ".", "'", "’", "_", "&", "\u2010", "\u2011", "–", "·", "\u00ad"])
texts = st.text(st.sampled_from("abenuäöüß学é12 -.'+#*_/\u0308"), max_size=30) | st.text(
    max_size=30
)


def is_found(text: str, query: str) -> bool:
    """Return True if a search for `query`, with its signs, finds a work with that text."""
    words, asked = indexed_words(text), parse_query(query)
    return has_all(words, asked.narrow) or has_all(words, asked.wide)


def is_found_by_beginnings(text: str, query: str) -> bool:
    """Return True if every run of letters and digits of `query` begins one of `text`."""
    runs = title_key(text).split()
    return all(any(run.startswith(word) for run in runs) for word in title_key(query).split())


@given(names, joiners)
def test_a_joined_name_is_found_as_one_by_its_parts_and_as_it_is(
    of: list[str], joiner: str
) -> None:
    text = f"On {joiner.join(of)}, again"
    for query in (*of, "".join(of), joiner.join(of), " ".join(of), "-".join(of), "".join(of[1:])):
        assert is_found(text, query), query
    for pair in pairwise(of):
        assert is_found(text, "".join(pair))
        assert is_found(text, joiner.join(pair))


@given(names, joiners)
def test_a_name_is_found_whichever_way_it_is_written(of: list[str], joiner: str) -> None:
    for text in (joiner.join(of), "-".join(of), " ".join(of)):
        assert is_found(text, joiner.join(of))
    assert is_found("".join(of), joiner.join(of))


@given(st.text("bgklmnrst", min_size=1, max_size=4), st.text("bgklmnrst", min_size=1, max_size=4))
def test_an_umlaut_is_found_however_it_is_written(before: str, after: str) -> None:
    for umlaut, pair, vowel in (("ü", "ue", "u"), ("ö", "oe", "o"), ("ä", "ae", "a")):
        spellings = [f"{before}{each}{after}" for each in (umlaut, f"{vowel}\u0308", pair, vowel)]
        for text in spellings:
            for query in spellings:
                assert is_found(text, query), (text, query)
                assert is_found(f"Neu-{text.capitalize()}er", query)


@given(texts, texts)
def test_a_query_finds_all_that_the_beginnings_of_its_words_find(text: str, other: str) -> None:
    for query in (other, text, text[: len(text) // 2], " ".join(reversed(text.split()))):
        if is_found_by_beginnings(text, query):
            asked: Query | None = parse_query(query)
            found = False
            while asked and not found:
                found = has_all(indexed_words(text), asked.wide)
                asked = asked.unsigned
            assert found


@given(texts)
def test_a_text_is_found_by_itself(text: str) -> None:
    assert is_found(text, text)


@given(st.text("a1-.", max_size=5000))
def test_an_endless_name_is_indexed_in_little_room(text: str) -> None:
    assert len(indexed_words(text)) <= 65 * len(text)


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("Effective C++ for the rest of us", "C++ c++ c cplusplus"),
        ("C++17 explained", "c++ c++17 17"),
        ("Functional programs in F#, C# and Q#", "f# F# c# csharp q# f c"),
        ("The .NET book", ".NET .net net dotnet"),
        ("ASP.NET in Node.js", "asp.net aspnet net node.js nodejs js"),
        ("LoRA+: Efficient Adaptation", "lora+ lora"),
        ("Beyond A* with planning", "a* astar"),
        ("BERT-base and friends", "bert-base bertbase bert base BERT"),
        ("GPT-3.5 in practice", "gpt-3.5 gpt3.5 gpt35 gpt-3 gpt 3.5 3"),
        ("U-Net: Convolutional Networks", "u-net unet net U"),
        ("UNet revisited", "u-net unet"),
        ("node2vec: Feature Learning", "node2vec node vec 2vec node-2-vec"),
        ("Growth of Cu₂O at H₂O/x²", "cu2o Cu2O Cu₂O h2o x2"),
        ("Don’t look", "don't dont don’t"),
        ("Århus and Ørsted", "aarhus arhus århus oersted orsted ørsted"),
        ("Häuser in Duesseldorf", "haeuser hauser häuser düsseldorf dusseldorf duesseldorf"),
        ("Kullback–Leibler", "kullback-leibler kullbackleibler leibler"),
    ],
)
def test_names_are_found_as_readers_type_them(text: str, queries: str) -> None:
    for query in queries.split():
        assert has_all(indexed_words(text), parse_query(query).narrow), query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Convolution and C", "c++"),
        ("C++ only", "c#"),
        ("Networks", ".net"),
        ("Queues of values", "qus"),
        ("Truth", "true"),
    ],
)
def test_a_sign_or_a_vowel_that_belongs_to_a_word_tells_words_apart(text: str, query: str) -> None:
    assert not is_found(text, query)


def test_a_query_with_signs_that_finds_nothing_is_read_without_them() -> None:
    asked = parse_query("important* c++")
    assert asked.narrow == (("important",), ("cplusplus",))
    assert asked.unsigned
    assert asked.unsigned.narrow == (("important",), ("c",))
    assert asked.unsigned.unsigned is None


@pytest.mark.parametrize("query", ["c++", "C#", "f#"])
def test_a_single_letter_is_not_searched_for_instead_of_a_name_with_a_sign(query: str) -> None:
    assert parse_query(query).unsigned is None


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("bertbase", "A BERT-base model", ["BERT", "base"]),
        ("bert-b", "A BERT-base model", ["BERT", "base"]),
        ("base", "A BERT-base model", ["base"]),
        ("vec", "On node2vec", ["node2vec"]),
        ("c++", "C++ and C", ["C"]),
        (".net", "The .NET book", ["NET"]),
        ("duesseldorf", "Aus Düsseldorf", ["Düsseldorf"]),
        ("düsseldorf", "Aus Duesseldorf", ["Duesseldorf"]),
        ("cu2o", "Growth of Cu₂O", ["Cu₂O"]),
        ("att lu 習", "Attention, Łukasz: 学習 at all", ["Attention", "Łukasz", "習"]),
    ],
)
def test_what_was_searched_for_is_marked(query: str, text: str, marks: list[str]) -> None:
    assert [piece for piece, hit in marked(text, marked_beginnings(query)) if hit] == marks


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("note: depth", "what is asked for comes right behind note: without a blank"),
        ("#waves", "no tag of yours begins so"),
        ("tag:nlp", "no tag of yours begins so"),
        ("foam #waves", "without #waves all are searched"),
        ("venue:nature", "fields are author, title, note, tag and year, not venue"),
        ('lecun Journal:"of x"', "fields are author, title, note, tag and year, not Journal"),
        ("year:abc", "a year has four digits, as in year:2017, not abc"),
        ("year:2015-17", "a year has four digits, as in year:2017, not 2015-17"),
        ("year:17", "a year has four digits, as in year:2017; year:17 asks for 1700 to 1799"),
        ("year:2019", "year:201 asks for 2010 to 2019"),
        ("year:2019 lecun", "without year:2019 all are searched"),
        ("Author:lecun year:2019", "without author: the word is looked for everywhere"),
        *(
            (query, "")
            for query in (
                "attention", "venue: nature", "venue:",
                "arXiv:1706.0", "DOI:10.1234/x", "https://papers.example", "re::invent",
            )
        ),
    ],
)  # fmt: skip
def test_a_search_without_a_match_is_advised_about_the_field_that_was_typed(
    query: str, says: str
) -> None:
    assert field_advice(query) == says


@given(texts, texts)
def test_marking_changes_no_text(text: str, query: str) -> None:
    assert "".join(piece for piece, _ in marked(text, marked_beginnings(query))) == text
