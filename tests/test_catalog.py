import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from papertui import catalog, links
from papertui.catalog import Catalog, CatalogError, Section

Data = dict[str, Any]


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return catalog.load(catalog.SHIPPED.read_bytes())


@pytest.fixture
def small() -> Data:
    """A catalogue of two works and a list, right in every part."""
    return {
        "version": 1,
        "works": {
            "a2020": {"title": "A", "kind": "paper", "arxiv": "2001.00001", "requires": ["b2019"]},
            "b2019": {
                "title": "B",
                "kind": "video",
                "links": [{"label": "v", "url": "https://b.org"}],
            },
        },
        "lists": [
            {
                "key": "mine",
                "title": "Mine",
                "origin": "me",
                "order": "list",
                "purpose": "to test",
                "marks": {"!": "new"},
                "sections": [{"title": "One", "items": [{"work": "a2020", "marks": ["!"]}]}],
            }
        ],
        "method": {"source": "x", "passes": []},
    }


def faults(data: Data) -> list[str]:
    with pytest.raises(CatalogError) as error:
        catalog.load(json.dumps(data).encode())
    return [str(fault) for fault in error.value.faults]


def items(sections: tuple[Section, ...]) -> Iterator[catalog.Item]:
    for section in sections:
        yield from section.items
        yield from items(section.sections)


def test_the_shipped_catalogue_holds_the_three_lists(shipped: Catalog) -> None:
    sizes = {entry.key: len(list(items(entry.sections))) for entry in shipped.lists}
    assert sizes == {
        "deep-learning-papers": 34,
        "papers-to-read-later": 49,
        "elicit-machine-learning": 88,
    }
    assert len(shipped.works) == 153


def test_every_shipped_work_stands_in_a_list(shipped: Catalog) -> None:
    placed = {item.work for entry in shipped.lists for item in items(entry.sections)}
    assert placed == set(shipped.works)


def test_five_shipped_works_are_not_identified_and_claim_nothing(shipped: Catalog) -> None:
    unknown = [work for work in shipped.works.values() if work.unidentified]
    assert len(unknown) == 5
    for work in unknown:
        assert work.nearest
        assert not (work.arxiv or work.links or work.authors or work.doi)


def test_every_identified_shipped_work_can_be_opened(shipped: Catalog) -> None:
    for work in shipped.works.values():
        assert work.unidentified or (work.page and links.is_web_address(work.page)), work.citekey


def test_links_the_lists_have_wrong_are_right_here(shipped: Catalog) -> None:
    right = {
        "zhang2022opt": "2205.01068",
        "rae2021scaling": "2112.11446",
        "tay2022ul2": "2205.05131",
        "harlap2018pipedream": "1806.03377",
        "shazeer2018mesh": "1811.02084",
        "conway2024opml": "2401.17555",
        "wang2021blockchain": "2110.02182",
    }
    assert {key: shipped.works[key].arxiv for key in right} == right


def test_no_two_shipped_works_share_an_arxiv_id(shipped: Catalog) -> None:
    ids = [work.arxiv for work in shipped.works.values() if work.arxiv]
    assert len(ids) == len(set(ids))


def test_the_foundations_are_explained(shipped: Catalog) -> None:
    foundations = shipped.lists[0].sections[0]
    assert foundations.title == "Foundations"
    for item in foundations.items:
        work = shipped.works[item.work]
        assert work.summary, work.citekey
        assert work.insight, work.citekey
        assert work.matters, work.citekey
        assert work.difficulty, work.citekey


def test_the_method_has_three_passes_with_span_and_checklist(shipped: Catalog) -> None:
    assert [found.minutes for found in shipped.method] == [(10, 10), (60, 60), (180, 300)]
    assert all(len(found.checklist) >= 3 for found in shipped.method)


def test_a_work_survives_the_way_to_json_and_back(shipped: Catalog) -> None:
    for work in shipped.works.values():
        fields = json.loads(json.dumps(catalog.fields_of(work)))
        assert catalog.work_from(work.citekey, fields) == work


def test_a_right_catalogue_has_no_faults(small: Data) -> None:
    assert catalog.load(json.dumps(small).encode()).works["a2020"].requires == ("b2019",)


def test_all_faults_are_reported_at_once_with_their_places(small: Data) -> None:
    broken = copy.deepcopy(small)
    broken["works"]["a2020"]["year"] = "2020"
    broken["works"]["b2019"]["links"][0]["url"] = "javascript:alert(1)"
    broken["works"]["b2019"]["kind"] = "podcast"
    del broken["lists"][0]["title"]
    assert [fault.split(":")[0] for fault in faults(broken)] == [
        "works.a2020.year",
        "works.b2019.kind",
        "works.b2019.links[0].url",
        "lists[0]",
    ]


def test_an_item_must_name_a_work(small: Data) -> None:
    small["lists"][0]["sections"][0]["items"][0]["work"] = "nobody"
    assert faults(small) == ["lists[0].sections[0].items[0].work: no work has the citekey 'nobody'"]


def test_a_relation_must_name_a_work(small: Data) -> None:
    small["works"]["a2020"]["see_also"] = ["nobody"]
    assert faults(small) == ["works.a2020.see_also[0]: no work has the citekey 'nobody'"]


def test_a_mark_must_be_explained(small: Data) -> None:
    small["lists"][0]["marks"] = {}
    assert faults(small) == ["lists[0].sections[0].items[0].marks: '!' is not explained"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"{", "not JSON (line 1"),
        (b"\xff{}", "not UTF-8"),
        (b'{"works": {"a": {}, "a": {}}}', "'a' stands twice"),
        (b'{"version": NaN}', "NaN"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"version": ' + b"9" * 5000 + b"}", "too long"),
        (b"[]", "should be an object"),
        (b"null", "should be an object"),
        (b'{"works": 3}', "should be an object"),
        (b'{"works": {"a": {"title": "\\ud800", "kind": "paper"}}}', "control characters"),
        (b'{"works": {"a": {"title": "\\u001b[2J", "kind": "paper"}}}', "control characters"),
    ],
)
def test_a_broken_file_is_a_message_in_one_line(source: bytes, says: str) -> None:
    with pytest.raises(CatalogError) as error:
        catalog.load(source, "mine.json")
    message = "; ".join([str(error.value), *map(str, error.value.faults)])
    assert says in message
    assert "mine.json" in message
    assert "\n" not in str(error.value)
