import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from papertui.cli.main import papertui
from papertui.core import catalog, identifiers
from papertui.core.catalog import Catalog, CatalogError, Section, review
from papertui.core.labels import plain_signs
from papertui.storage.shipped import CATALOG
from papertui.storage.up_next import roadmap

Data = dict[str, Any]
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return catalog.load(CATALOG.read_bytes())


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
        "strategy": [],
        "sources": [],
        "categories": [],
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


def test_every_shipped_work_is_in_a_list(shipped: Catalog) -> None:
    placed = {item.work for entry in shipped.lists for item in items(entry.sections)}
    assert placed == set(shipped.works)


def test_every_mark_of_the_shipped_lists_can_be_drawn_in_ascii(shipped: Catalog) -> None:
    marks = [mark for entry in shipped.lists for mark in entry.marks]
    assert all(plain_signs(mark).isascii() for mark in marks)


def test_five_shipped_works_are_not_identified_and_claim_nothing(shipped: Catalog) -> None:
    unknown = [work for work in shipped.works.values() if work.unidentified]
    assert len(unknown) == 5
    for work in unknown:
        assert work.nearest
        assert not (work.arxiv or work.links or work.authors or work.doi)


def test_every_identified_shipped_work_can_be_opened(shipped: Catalog) -> None:
    for work in shipped.works.values():
        assert work.unidentified or (work.page and identifiers.is_web_address(work.page)), (
            work.citekey
        )


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


def test_every_shipped_work_is_explained_and_graded() -> None:
    assert list(review(json.loads(CATALOG.read_bytes()))) == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the reading lists are not at hand")
def test_no_60_characters_of_prose_are_the_reading_lists_own(shipped: Catalog) -> None:
    def words(text: str) -> str:
        return " ".join(text.split())

    seeds = words(" ".join(path.read_text(encoding="utf-8") for path in SEEDS.iterdir()))
    assert len(seeds) > 10_000
    for work in shipped.works.values():
        for text in map(words, filter(None, (work.summary, work.insight, work.matters))):
            for start in range(max(1, len(text) - 59)):
                assert text[start : start + 60] not in seeds, work.citekey


def test_grades_of_the_first_list_are_its_own_and_the_others_ours(shipped: Catalog) -> None:
    graded = dict.fromkeys(("list", "papertui", None), 0)
    for work in shipped.works.values():
        graded[work.graded_by] += 1
    assert graded == {"list": 22, "papertui": 126, None: 5}


def test_citations_are_dated(shipped: Catalog) -> None:
    cited = [work for work in shipped.works.values() if work.citations]
    assert len(cited) == 10
    assert {work.citations.as_of for work in cited if work.citations} == {"early 2026"}


def test_relations_are_known_at_both_ends(shipped: Catalog) -> None:
    for work in shipped.works.values():
        for other in work.requires:
            assert work.citekey in shipped.works[other].leads_to
        for other in work.see_also:
            back = shipped.works[other]
            assert work.citekey in (*back.see_also, *back.requires, *back.leads_to)


def test_every_work_comes_after_the_works_it_requires(shipped: Catalog) -> None:
    steps = roadmap({key: work.requires for key, work in shipped.works.items()})
    assert sum(map(len, steps)) == 153
    place = {key: number for number, step in enumerate(steps) for key in step}
    for work in shipped.works.values():
        assert all(place[other] < place[work.citekey] for other in work.requires)


def test_the_shipped_sources_say_what_became_of_papers_with_code(shipped: Catalog) -> None:
    assert len(shipped.sources) == 6
    assert any("closed in July 2025" in (source.note or "") for source in shipped.sources)
    assert [found.code for found in shipped.categories] == [
        "cs.LG",
        "cs.CV",
        "cs.CL",
        "cs.AI",
        "cs.IR",
    ]


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (lambda d: d["works"]["a2020"].pop("insight"), "works.a2020: has no insight"),
        (
            lambda d: d["works"]["a2020"].update(summary="A Title: it is about A Title."),
            "works.a2020.summary: repeats the title",
        ),
        (lambda d: d["works"]["b2019"].pop("difficulty"), "works.b2019: has no difficulty"),
        (
            lambda d: d["works"]["b2019"]["links"].append(
                {"label": "x", "url": "https://arxiv.org/abs/latest"}
            ),
            "works.b2019.links[1].url: is an arXiv link without an arXiv id",
        ),
        (
            lambda d: d["works"]["b2019"].update(requires=["a2020"]),
            "works.a2020.requires: goes round in a circle: a2020 → b2019 → a2020",
        ),
        (
            lambda d: d["works"]["b2019"].update(see_also=["nobody"]),
            "works.b2019.see_also[0]: no work has the citekey 'nobody'",
        ),
        (
            lambda d: d["works"]["b2019"].update(see_also=["b2019"]),
            "works.b2019.see_also[0]: a work is not related to itself",
        ),
        (
            lambda d: d["works"]["a2020"].update(arxiv="2001.1"),
            "works.a2020.arxiv: should be an arXiv id without its version, is '2001.1'",
        ),
    ],
)
def test_the_doctor_finds_each_planted_fault(
    small: Data, tmp_path: Path, plant: Callable[[Data], object], says: str
) -> None:
    prose = {"summary": "Does it.", "insight": "Idea.", "matters": "Why."}
    grade = {"difficulty": "Beginner", "graded_by": "papertui"}
    small["works"]["a2020"]["title"] = "A Title"
    for work in small["works"].values():
        work.update(prose, **grade)
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(small), encoding="utf-8")
    arguments = ["doctor", "--catalog", str(file)]
    assert CliRunner().invoke(papertui, arguments).exit_code == 0
    plant(small)
    file.write_text(json.dumps(small), encoding="utf-8")
    result = CliRunner().invoke(papertui, arguments)
    assert result.exit_code == 1
    assert says in result.stdout.splitlines()


def test_the_doctor_finds_nothing_in_the_shipped_catalogue() -> None:
    assert CliRunner().invoke(papertui, ["doctor", "--catalog"]).exit_code == 0


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


def test_all_faults_of_one_work_are_reported() -> None:
    work = {"title": " ", "year": True, "arxiv": "x", "venue": None, "citekey": "k", "new": 1}
    assert [str(fault).split(",")[0] for fault in catalog.work_faults(work)] == [
        "lacks 'kind'",
        "title: should be a text",
        "year: should be a whole number from 1600 to 2100",
        "arxiv: should be an arXiv id without its version",
        "venue: should be a text",
        "citekey: is not a known field",
        "new: is not a known field",
    ]


@pytest.mark.parametrize("levels", [150, 220, 300, 450])
def test_a_deep_list_is_loaded_or_refused(small: Data, levels: int) -> None:
    section: Data = {"title": "A"}
    for _ in range(levels):
        section = {"title": "A", "sections": [section]}
    small["lists"][0]["sections"] = [section]
    try:
        catalog.load(json.dumps(small).encode())
    except CatalogError as error:
        assert "nested too deeply" in str(error)


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
        (b'{"works": {"a": {}, "a": {}}}', "'a' appears twice"),
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
