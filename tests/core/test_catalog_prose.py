"""Laws of the catalogue's prose, prerequisites, numbers and lengths."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from papertui.core import catalog
from papertui.core.catalog import Catalog, Item, ReadingList, Section, Work
from papertui.storage.shipped import CATALOG

MAX_WORDS = 42
FIRST_LIST = "deep-learning-papers"
# One spelling of each; those of titles, aliases and the first list's own words are theirs.
OTHER_SPELLINGS = re.compile(
    r"\bpercent\b|\d ?%|learnt\b|\bpre-train|\bfeed-forward|\bback-prop|\bnon-linear|\bdata sets?\b"
    r"|\w{3,}(?:iz(?:ation|e[drs]?|ing)|yz(?:e[ds]?|ing))\b(?<!\bsize)(?<!\bsizes)|\bcolor|\bbehavior",
    re.IGNORECASE,
)
NO_PREREQUISITE = re.compile(r"\b(?:above|below|as before|previous|basic ML)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return catalog.load(CATALOG.read_bytes())


def works_prose(work: Work) -> Iterator[str]:
    parts = (work.summary, work.insight, work.matters, work.prerequisites, work.replaced_link)
    yield from filter(None, (*parts, *(near.why for near in work.nearest)))


def prose(shipped: Catalog) -> Iterator[tuple[str, str]]:
    """Yield every text of papertui's own, with the name of its place."""
    for key, work in shipped.works.items():
        yield from ((key, text) for text in works_prose(work))
    for entry in shipped.lists:
        for text in (entry.purpose, entry.origin, entry.caution, *entry.marks.values()):
            yield entry.key, text or ""
    for method in shipped.method:
        yield from ((method.name, text) for text in (method.goal, *method.checklist))
    yield from ((advice.name, advice.text) for advice in shipped.strategy)


def items(sections: tuple[Section, ...]) -> Iterator[Item]:
    for section in sections:
        yield from section.items
        yield from items(section.sections)


def first_list(shipped: Catalog) -> ReadingList:
    return next(entry for entry in shipped.lists if entry.key == FIRST_LIST)


def needed(shipped: Catalog, key: str) -> set[str]:
    """Return all works to read before one: those it requires, and those that they require."""
    found: set[str] = set()
    to_do = [key]
    while to_do:
        new = set(shipped.works[to_do.pop()].requires) - found
        found |= new
        to_do += new
    return found


def names_in(text: str, names: dict[str, str]) -> Iterator[str]:
    """Yield the works named in a text; a name within a longer one is not meant.

    A name such as *ZeRO* or *GPT-3* counts in its own capitals only.
    """
    for name in sorted(names, key=len, reverse=True):
        has_own_capitals = any(char.isupper() for char in name[1:]) and " " not in name
        pattern = rf"(?<!\w){re.escape(name)}s?(?!\w)"
        text, count = re.subn(pattern, "·", text, flags=0 if has_own_capitals else re.IGNORECASE)
        if count:
            yield names[name]


def test_no_sentence_of_the_catalogue_is_longer_than_42_words(shipped: Catalog) -> None:
    for place, text in prose(shipped):
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            assert len(sentence.split()) <= MAX_WORDS, (place, sentence)


def test_every_word_of_the_catalogue_has_one_spelling(shipped: Catalog) -> None:
    assert OTHER_SPELLINGS.search("an optimized 5%")
    assert OTHER_SPELLINGS.search("of any size") is None
    for place, text in prose(shipped):
        assert OTHER_SPELLINGS.search(text) is None, (place, text)


def test_prerequisites_say_what_is_needed(shipped: Catalog) -> None:
    for work in shipped.works.values():
        assert not NO_PREREQUISITE.search(work.prerequisites or ""), work.citekey


def test_a_work_that_prerequisites_name_is_linked_from_them(shipped: Catalog) -> None:
    names = {
        name: key for key, work in shipped.works.items() for name in (work.title, *work.aliases)
    }
    assert [*names_in("GPT-3 and The Annotated Transformer", names)] == [
        "rush2018annotated",
        "brown2020language",
    ]
    for key, work in shipped.works.items():
        named = {*names_in(work.prerequisites or "", names)} - {key}
        assert named <= needed(shipped, key), (key, named)


def test_aliases_are_names_without_remarks(shipped: Catalog) -> None:
    for work in shipped.works.values():
        for alias in work.aliases:
            assert not re.search(r"\s\(.*\)$", alias), alias
        assert len({work.title, *work.aliases}) == 1 + len(work.aliases), work.citekey


def test_no_work_is_older_than_its_venue_allows(shipped: Catalog) -> None:
    for work in shipped.works.values():
        named = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", work.venue or "")]
        assert all(year >= (work.year or year) for year in named), work.citekey


def test_the_first_list_has_its_own_numbers_and_bonus_papers(shipped: Catalog) -> None:
    numbered = list(items(first_list(shipped).sections))
    numbers = Counter(item.number for item in numbered)
    assert [*numbers] == [*range(1, 34)]
    assert [number for number, works in numbers.items() if works > 1] == [17]
    assert [item.work for item in numbered if item.number == 17] == [
        "brown2020language",
        "kaplan2020scaling",
    ]
    assert [item.number for item in numbered if item.marks == ("bonus",)] == [31, 32, 33]
    assert numbered[30].signs == "#30"
    assert numbered[-1].signs == "#33 bonus"


def test_the_works_whose_links_were_replaced_say_why(shipped: Catalog) -> None:
    replaced = {key for key, work in shipped.works.items() if work.replaced_link}
    assert replaced == {
        "harlap2018pipedream",
        "shazeer2018mesh",
        "wang2021blockchain",
        "zhang2022opt",
        "tay2022ul2",
        "sculley2014machine",
        "geminiteam2023gemini",
    }


def test_what_the_strategy_gives_no_number_for_is_no_goal(shipped: Catalog) -> None:
    goals = {advice.name: (advice.low, advice.high) for advice in shipped.strategy}
    assert goals == {
        "Stay broad": (10, 20),
        "Go deep": (1, 2),
        "Implement": (1, 1),
        "Explain": (None, None),
    }


def test_the_third_pass_is_optional(shipped: Catalog) -> None:
    assert "Optional for most papers" in shipped.method[2].goal


def test_a_length_is_in_pages_or_for_videos_and_articles_in_minutes(shipped: Catalog) -> None:
    pages = re.compile(r"\d+ pages(?: in print|, \d+ on arXiv| on arXiv)?")
    minutes = re.compile(r"(?:about )?(?:\d h )?\d+ min")
    for work in shipped.works.values():
        is_text = work.kind in ("paper", "book")
        if work.length:
            assert (pages if is_text else minutes).fullmatch(work.length), work.citekey
            assert work.arxiv or "arXiv" not in work.length, work.citekey
        assert work.length or work.kind in ("paper", "article"), work.citekey
    assert sum(bool(work.length) for work in shipped.works.values()) >= 85


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("sani2024future", "up to 7 billion parameters"),
        ("zandieh2025turboquant", "RaBitQ"),
        ("zandieh2025turboquant", "vector search"),
        ("wang2021blockchain", "by six authors"),
        ("rush2018annotated", "rewrite of 2022"),
        ("kleppmann2017designing", "second edition"),
    ],
)
def test_what_was_found_wrong_in_the_catalogue_is_right(
    shipped: Catalog, key: str, known: str
) -> None:
    assert known in " ".join(works_prose(shipped.works[key]))


def test_relations_that_were_found_wrong_are_right(shipped: Catalog) -> None:
    works = shipped.works
    assert "harlap2018pipedream" in works["kim2020torchgpipe"].requires
    assert "simonini2020introduction" in works["finn2017model"].requires
    assert works["solergibert2024deep"].requires == ("alammar2019illustrated",)
    assert "bishop2006pattern" not in works["unidentified-dp-survey"].see_also
    assert works["anon2023turing"].authors == ("Shriyash Kaustubh Upadhyay", "Etan Jacob Ginsberg")
    assert "2018" in works["rush2018annotated"].links[0].url
