"""Edits of works hold, whatever services and imports tell of them later."""

from pathlib import Path

import pytest

from papertui.core import journal
from papertui.core.identity import parse_new_work
from papertui.core.library_tree import TreeQuery
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedItem
from papertui.importers.plan import plan_import
from papertui.storage.edits import FieldRefused, completions, twin, work_edit
from papertui.storage.store import Store
from tests.conftest import TODAY
from tests.support.fresh_database import fresh_database
from tests.support.parsed_lists import import_of, parsed_list

MINE, LISTED, SHIPPED = "mine-00000001", "listed-00000001", "he2015deep"


@pytest.fixture(autouse=True)
def own_works(store: Store) -> None:
    listed = {"title": "Folding mpas", "kind": "paper", "year": 2020, "doi": "10.1000/abc"}
    store.record(import_of("A list", {"One": [LISTED]}, {LISTED: listed}))
    mine = {"title": "doi:10.1000/xyz", "kind": "paper", "doi": "10.1000/xyz"}
    store.record(journal.add_work(MINE, mine))


def edit(store: Store, work: str, **typed: str) -> None:
    change = work_edit(store, work, typed)
    assert change
    store.record(change)


def fields(store: Store, work: str) -> dict[str, object]:
    return store.works.editable_fields(work)


@pytest.mark.parametrize("work", [MINE, LISTED])
def test_an_edit_is_an_act_that_is_undone_and_done_again(store: Store, work: str) -> None:
    before = fields(store, work)
    edit(store, work, title="Folding maps", year="2024", authors="Ada One")
    after = fields(store, work)
    assert after["title"] == "Folding maps"
    assert (after["year"], after["authors"]) == (2024, ["Ada One"])
    assert store.last_act().words == "edit of Folding maps"
    store.undo(store.last_act())
    assert fields(store, work) == before
    store.redo()
    assert fields(store, work) == after


def test_a_shipped_work_stays_as_it_is(store: Store) -> None:
    with pytest.raises(Refused, match="came with papertui"):
        work_edit(store, SHIPPED, {"year": "2020"})
    store.record(journal.edit_work(SHIPPED, {"year": 1999}))
    work = store.works.work(SHIPPED)
    assert work
    assert work.year == 2015


def test_a_name_means_another_work_where_the_work_itself_makes_no_sense(store: Store) -> None:
    store.record(journal.add_work("chairs", {"title": "Folding chairs", "kind": "paper"}))
    assert store.names.resolve("folding", but=LISTED) == "chairs"
    edit(store, LISTED, requires="folding")
    assert fields(store, LISTED)["requires"] == ["chairs"]


def test_a_part_of_a_title_is_the_beginning_of_a_word(store: Store) -> None:
    for key, title in (("million", "A million chairs"), ("lion", "Lion: chairs")):
        store.record(journal.add_work(key, {"title": title, "kind": "paper"}))
    assert store.names.named("lion: ch") == ["lion"]
    assert store.names.named("lion") == ["lion"]
    assert set(store.names.named("chairs")) == {"lion", "million"}
    assert store.names.named("illion cha") == []


def test_a_work_is_not_read_after_itself_even_by_way_of_others(store: Store) -> None:
    edit(store, MINE, requires=LISTED)
    for typed in (LISTED, MINE):
        with pytest.raises(FieldRefused, match="after") as refused:
            work_edit(store, LISTED, {"requires": f"{SHIPPED}; {MINE}" if typed == MINE else typed})
        assert refused.value.name == "requires"


def test_an_edit_that_changes_nothing_is_no_act(store: Store) -> None:
    assert work_edit(store, LISTED, {"title": "Folding mpas", "year": "2020", "venue": ""}) is None


def test_a_newer_version_of_a_list_leaves_edited_fields_alone(store: Store) -> None:
    edit(store, LISTED, title="Folding maps", year="2024")
    newer = {"title": "Folding mpas", "kind": "paper", "year": 2021, "venue": "Maps"}
    store.record(import_of("A list", {"One": [LISTED]}, {LISTED: newer}))
    known = fields(store, LISTED)
    assert (known["title"], known["year"], known["venue"]) == ("Folding maps", 2024, "Maps")
    store.undo(store.last_act())
    store.undo(store.last_act())
    assert fields(store, LISTED)["year"] == 2020


def test_an_edit_outlives_the_list_that_brought_the_work(store: Store) -> None:
    edit(store, LISTED, title="Folding maps")
    listed = {"title": "Another", "kind": "paper"}
    store.record(import_of("A list", {"One": ["other-00000001"]}, {"other-00000001": listed}))
    assert fields(store, LISTED)["title"] == "Folding maps"
    assert [place.titles for place in store.works.places(LISTED)] == [("Unlisted",)]


def test_what_a_service_tells_leaves_edited_fields_alone(store: Store) -> None:
    edit(store, MINE, title="My own title", year="2024", authors="Ada One")
    assert MINE in store.works.incomplete()
    told = {
        "title": "Its title",
        "kind": "paper",
        "authors": ["Bo Two"],
        "year": 2021,
        "venue": "J",
    }
    store.record(*completions(store, {MINE: told}))
    known = fields(store, MINE)
    assert (known["title"], known["year"], known["venue"]) == ("My own title", 2024, "J")
    assert known["authors"] == ["Ada One"]
    # Without the edit it is what the service told.
    edited = next(e for e in store.events("kind = ?", journal.EDITED))
    store.record(journal.Change(journal.UNDO, None, {"act": edited.act}))
    assert fields(store, MINE) == {**told, "doi": "10.1000/xyz"}


def test_an_edited_title_is_found_by_both_titles_and_by_its_citekey(store: Store) -> None:
    edit(store, LISTED, title="Folding maps")
    for name in ("Folding maps", "folding mpas", LISTED):
        assert store.names.resolve(name) == LISTED
    for words in ("folding maps", "folding mpas"):
        assert [leaf.work for leaf in store.search.find(words, TreeQuery(TODAY)).leaves] == [LISTED]


def test_an_import_with_the_old_title_or_the_same_doi_is_the_same_work(store: Store) -> None:
    edit(store, LISTED, title="Folding maps", year="1999", doi="10.1000/right")
    for item in (
        ParsedItem("Folding mpas", 1, year=2020, doi="10.1000/abc"),
        ParsedItem("Folding maps", 1, doi="10.1000/right"),
        ParsedItem("Folding mpas", 1),
    ):
        plan = plan_import(parsed_list("Another list", One=[item]), store.works, "list.md")
        assert [match.work for match in plan.matches] == [LISTED]
    assert store.works.same_as(parse_new_work("Folding mpas").fields) == LISTED


def test_edits_of_two_devices_are_both_kept_and_the_later_one_of_a_field_holds(
    store: Store, tmp_path: Path
) -> None:
    with Store(fresh_database(tmp_path / "other.db"), clock=store.clock) as other:
        other.merge(store.events())
        edit(store, MINE, title="Mine", year="2020")
        edit(other, MINE, year="2021", venue="Maps")
        other.merge(store.events())
        store.merge(other.events())
        assert fields(store, MINE) == fields(other, MINE)
        assert fields(store, MINE)["title"] == "Mine"
        assert fields(store, MINE)["venue"] == "Maps"
        before = fields(store, MINE)
        store.rebuild()
        assert fields(store, MINE) == before


def test_an_id_that_another_work_has_is_noticed(store: Store) -> None:
    assert twin(store, MINE) is None
    edit(store, MINE, doi="10.1000/abc")
    assert twin(store, MINE) == "Folding mpas"
    edit(store, LISTED, doi="")
    assert twin(store, MINE) is None
