"""Merged works: what the work that stays takes over, and by which doors it is known."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from papertui.core import journal
from papertui.core.catalog import Link
from papertui.core.identity import NewWork, citekey
from papertui.core.library_tree import TreeQuery
from papertui.core.new_paper import NewPaper
from papertui.core.work_edits import taken_over
from papertui.importers.formats import parse_file
from papertui.importers.parsed_list import ParsedItem, ParsedList
from papertui.importers.plan import plan_import
from papertui.storage.edits import twin, work_edit, work_merge
from papertui.storage.new_papers import work_changes
from papertui.storage.store import Store
from tests.support.parsed_lists import parsed_list

ATTENTION = "vaswani2017attention"
FOAM, ADDRESS = "On the foam of seas", "https://example.org/foam"
FULL = {
    "title": FOAM, "kind": "book", "authors": ["Ann Poe", "Bob Low"], "more_authors": True,
    "year": 2019, "venue": "Sea Press", "arxiv": "1901.00001", "doi": "10.1000/foam",
    "links": [{"label": "page", "url": ADDRESS}],
}  # fmt: skip
DOUBLES: tuple[dict[str, Any], ...] = (
    FULL,
    {"title": FOAM, "kind": "paper", "arxiv": "1901.00001"},
    {"title": "arXiv:1901.00001", "kind": "paper", "arxiv": "1901.00001"},
    {"title": FOAM, "kind": "paper", "doi": "10.1000/Foam"},
    {"title": "example.org/foam", "kind": "article", "links": FULL["links"]},
    {"title": FOAM, "kind": "paper", "authors": ["Ann Poe"], "year": 2019},
)


def plan_of(store: Store, parsed: ParsedList) -> str:
    (match,) = plan_import(parsed, store.works, "list").matches
    return match.work


def answers(store: Store, fields: dict[str, Any]) -> Iterator[str | None]:
    """Yield the work that each door makes of one that comes in with some fields."""
    new = NewWork(citekey(fields), fields, titled=True)
    arxiv, doi = fields.get("arxiv"), fields.get("doi")
    links = tuple(Link(**link) for link in fields.get("links", ()))
    title = "" if fields["title"] in ("arXiv:1901.00001", "example.org/foam") else fields["title"]
    yield store.works.known_as(new)
    for name in filter(None, (arxiv, doi, *(link.url for link in links))):
        yield store.names.resolve(name)
        (leaf,) = store.search.find(name, TreeQuery(date(2026, 11, 20))).leaves
        yield leaf.work
    item = ParsedItem(
        title, 1, links=links, arxiv=arxiv, doi=doi, authors=tuple(fields.get("authors", ())),
        year=fields.get("year"),
    )  # fmt: skip
    yield plan_of(store, parsed_list("Another", A=[item]))
    if title:
        people = " and ".join(fields.get("authors", ()))
        entry = f"@misc{{x, title={{{title}}}, author={{{people}}}, doi={{{doi or ''}}},"
        entry += f" eprint={{{arxiv or ''}}}, archiveprefix={{arXiv}}}}"
        table = f"Title,Authors,DOI,arXiv\n{title},{'; '.join(fields.get('authors', ()))}"
        for name, text in (("x.bib", entry), ("x.csv", f"{table},{doi or ''},{arxiv or ''}\n")):
            parsed = parse_file(text.encode(), name)
            assert isinstance(parsed, ParsedList)
            yield plan_of(store, parsed)
    if arxiv:
        day = date(2026, 11, 20)
        paper = NewPaper(arxiv, 1, FOAM, ("Ann Poe",), "", ("cs.LG",), None, day, "new", doi, None)
        yield work_changes(store.works, paper)[0]


def targets(store: Store) -> Iterator[str]:
    """Yield works to merge others into: a shipped one, an added and an imported one."""
    yield ATTENTION
    store.record(journal.add_work("mine", {"title": "Spray", "kind": "paper", "year": 1999}))
    yield "mine"
    plan = plan_import(parsed_list("T", A=["Tides"]), store.works, "list")
    store.record(plan.change)
    yield plan.matches[0].work


@pytest.mark.parametrize("fields", DOUBLES)
def test_every_door_knows_a_merged_work_as_the_one_it_was_merged_into(
    store: Store, fields: dict[str, Any]
) -> None:
    double = citekey(fields)
    store.record(journal.add_work(double, fields))
    assert {*answers(store, fields)} == {double}
    for target in targets(store):
        before = store.works.work(target)
        store.record(work_merge(store, double, target))
        assert {*answers(store, fields)} == {target}
        others = [{**fields, "title": FOAM}] if fields.get("arxiv") else []
        assert {known for each in others for known in answers(store, each)} <= {target}
        merged = store.works.work(target)
        assert merged is not None and (merged != before or target == ATTENTION)
        store.rebuild()
        assert store.works.work(target) == merged
        store.undo(store.last_act())
        assert store.works.work(target) == before
        assert {*answers(store, fields)} == {double}
        store.redo()
        assert store.works.work(target) == merged
        store.undo(store.last_act())


def test_an_id_is_of_the_work_that_has_it_rather_than_of_one_that_took_a_double_in(
    store: Store,
) -> None:
    known = {"title": FOAM, "kind": "paper", "arxiv": "1901.00001"}
    double = {"title": "Attention is all you need again", "kind": "paper", "arxiv": "1901.00001"}
    store.record(journal.add_work("foam", known), journal.add_work("double", double))
    store.record(work_merge(store, "double", ATTENTION))
    nameless = {"title": "arXiv:1901.00001", "kind": "paper", "arxiv": "1901.00001"}
    assert {*answers(store, nameless)} == {"foam"}
    assert {*answers(store, double)} == {ATTENTION, "foam"}  # the id itself names the other one
    assert twin(store, "foam") is None


def test_a_work_takes_over_what_it_lacks_and_the_readers_edits_hold(store: Store) -> None:
    store.record(journal.add_work("mine", {"title": "Spray", "kind": "paper", "year": 1999}))
    store.record(journal.add_work("double", FULL))
    edit = work_edit(store, "mine", {"venue": "Sand Press"})
    assert edit is not None
    store.record(edit)
    store.record(work_merge(store, "double", "mine"))
    fields = store.works.editable_fields("mine")
    kept = {"title": "Spray", "year": 1999, "venue": "Sand Press"}
    assert fields == {**FULL, **kept, "aliases": [FOAM]}
    assert store.names.named("1901.00001") == store.names.named(FOAM) == ["mine"]
    cleared = work_edit(store, "mine", {"doi": "", "title": "Spray of seas"})
    assert cleared is not None
    store.record(cleared)
    fields = store.works.editable_fields("mine")
    assert "doi" not in fields
    assert fields["aliases"] == ["Spray", FOAM]


def test_a_title_takes_the_place_of_an_id_and_a_known_kind_that_of_a_guess() -> None:
    known = {"title": "arXiv:1901.00001", "kind": "paper", "arxiv": "1901.00001"}
    titled = {"title": FOAM, "kind": "book", "year": 2019}
    assert taken_over(known, {}, [titled]) == {"title": FOAM, "year": 2019}
    assert taken_over({"title": FOAM, "kind": "paper"}, {}, [titled]) == {
        "kind": "book",
        "year": 2019,
    }
    assert (
        taken_over({"title": FOAM, "kind": "paper"}, {"kind": "paper", "year": None}, [titled])
        == {}
    )
    assert taken_over({"title": FOAM, "kind": "paper"}, {}, [known]) == {"arxiv": "1901.00001"}


def test_a_newer_version_of_a_list_keeps_the_title_that_stays(store: Store) -> None:
    parsed = parsed_list("T", A=["Tides of the sea", "Tides of seas"])
    plan = plan_import(parsed, store.works, "list")
    store.record(plan.change)
    first, second = (match.work for match in plan.matches)
    store.record(work_merge(store, first, second))
    newer = parsed_list("T", A=["Tides of the sea", "Tides of seas", "Foam"])
    again = plan_import(newer, store.works, "list")
    assert [match.work for match in again.matches[:2]] == [second, second]
    store.record(again.change)
    assert store.works.title(second) == "Tides of seas"


def test_devices_that_sync_make_the_same_of_a_merge(store: Store, tmp_path: Path) -> None:
    store.record(journal.add_work("mine", {"title": "Spray", "kind": "paper"}))
    store.record(journal.add_work("double", FULL))
    store.record(work_merge(store, "double", "mine"))
    with Store(tmp_path / "other.db") as other:
        events = store.events()
        for event in reversed(events):
            other.merge([event])
        for device in (store, other):
            device.rebuild()
        assert other.works.work("mine") == store.works.work("mine")
        assert other.works.known_as(NewWork("x", FULL, titled=True)) == "mine"
