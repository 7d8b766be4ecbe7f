"""Own lists: what the reader makes, moves and removes, beside imports and shipped lists."""

from datetime import timedelta
from pathlib import Path

import pytest

from papertui.core import journal, replay
from papertui.core.library_tree import Branch
from papertui.core.own_lists import is_own
from papertui.core.reading_session import Session
from papertui.errors import Refused
from papertui.exporters import bibtex
from papertui.importers.parsed_list import ParsedItem, ParsedList
from papertui.importers.plan import ImportPlan, plan_import
from papertui.pages.import_plan import outcome, plan_page
from papertui.storage import edits
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from tests.conftest import TODAY
from tests.support.fresh_database import fresh_database
from tests.support.parsed_lists import import_of, parsed_list

MINE, SHIPPED = "mine-00000001", "he2015deep"
ONE, TWO, THREE = "one-00000001", "two-00000001", "three-00000001"
TITLES = {ONE: "The first work", TWO: "The second work", THREE: "The third work"}
WORKS = {key: {"title": title, "kind": "paper"} for key, title in TITLES.items()}
KEY = str(import_of("A list", {}, {}).data["list"]["key"])
A, B = f"{KEY}/A", f"{KEY}/B"


@pytest.fixture(autouse=True)
def own_works(store: Store) -> None:
    store.record(import_of("A list", {"A": [ONE, TWO], "B": [THREE]}, WORKS))
    store.record(journal.add_work(MINE, {"title": "My own work", "kind": "paper"}))


def tree(store: Store) -> dict[str, list[str]]:
    """Return the works of the sections that are in no shipped list, by their names."""
    names = edits.own_sections(store) | {"added": "Added", "unlisted": "Unlisted"}
    there = {branch.path for branch in store.tree.sections()}
    return {
        name: [work for work, _ in store.own_lists.items(path)]
        for path, name in names.items()
        if path in there
    }


def branch(store: Store, path: str) -> Branch:
    return next(each for each in store.tree.sections() if each.path == path)


def undone_and_done_again(store: Store, before: dict[str, list[str]]) -> None:
    after = tree(store)
    store.undo(store.last_act())
    assert tree(store) == before
    store.redo()
    assert tree(store) == after
    store.rebuild()
    assert tree(store) == after


def test_a_work_moves_to_the_end_of_another_section_and_back_with_an_undo(store: Store) -> None:
    before = tree(store)
    store.record(*edits.placing(store, ONE, B, A))
    assert tree(store) == {
        "A list": [],
        "A list › A": [TWO],
        "A list › B": [THREE, ONE],
        "Added": [MINE],
    }
    assert store.last_act().words == "move of The first work to B"
    undone_and_done_again(store, before)


def test_a_shipped_work_is_copied_and_keeps_its_places(store: Store) -> None:
    places = store.own_lists.paths(SHIPPED)
    store.record(*edits.placing(store, SHIPPED, A, places[0]))
    assert set(store.own_lists.paths(SHIPPED)) == {*places, A}
    assert store.last_act().words.startswith("copy of")
    with pytest.raises(Refused, match="is in A already"):
        edits.placing(store, SHIPPED, A)
    with pytest.raises(Refused, match="stay as they are"):
        edits.taking_out(store, SHIPPED, places[0])
    with pytest.raises(Refused, match="stay as they are"):
        edits.placing(store, ONE, places[0])


def test_an_added_work_moves_out_of_the_list_of_added_works(store: Store) -> None:
    store.record(*edits.placing(store, MINE, A, "added"))
    assert tree(store)["A list › A"] == [ONE, TWO, MINE]
    assert "Added" not in tree(store)


@pytest.mark.parametrize(("work", "path"), [(ONE, A), (MINE, "added")])
def test_a_work_that_nothing_was_done_with_leaves_the_library(
    store: Store, work: str, path: str
) -> None:
    before = tree(store)
    store.record(*edits.taking_out(store, work, path))
    assert store.works.work(work) is None
    assert edits.whereabouts(store, work) == "; it is no longer in the library"
    undone_and_done_again(store, before)


@pytest.mark.parametrize(("work", "path"), [(ONE, A), (MINE, "added")])
def test_passes_and_notes_outlive_the_removal_of_their_work(
    store: Store, work: str, path: str
) -> None:
    store.record(journal.log_pass(work, 2, TODAY), journal.save_note(work, "n", "words"))
    before = tree(store)
    store.record(*edits.taking_out(store, work, path))
    assert tree(store)["Unlisted"] == [work]
    assert "is in Unlisted" in edits.whereabouts(store, work)
    undone_and_done_again(store, before)
    title, between = store.works.title(work), tree(store)
    store.record(*edits.taking_out(store, work, "unlisted"))
    assert "Unlisted" not in tree(store)
    assert "1 pass and 1 note, comes back with it" in edits.whereabouts(store, work)
    # The week that it was read in stays as it was.
    assert store.reading_log.full_reads() == [(TODAY, work)]
    assert store.works.title(work) == title
    undone_and_done_again(store, between)
    store.undo(store.last_act())
    record = store.reading_log.work(work)
    assert (len(record.readings), len(record.notes)) == (1, 1)


def test_a_work_that_leaves_the_library_leaves_the_queue_and_comes_back_to_it(
    store: Store,
) -> None:
    store.record(journal.queue(MINE, 1.0))
    store.record(*edits.taking_out(store, MINE, "added"))
    assert dict(store.reading_log.queue()) == {MINE: 1.0}
    store.record(*edits.taking_out(store, MINE, "unlisted"))
    assert store.reading_log.queue() == []
    store.undo(store.last_act())
    assert dict(store.reading_log.queue()) == {MINE: 1.0}


def test_a_work_whose_note_waits_does_not_leave_the_library(store: Store) -> None:
    assert store.drafts.save(Draft("d", MINE, "n", (), "words"), None)
    store.record(*edits.taking_out(store, MINE, "added"))
    with pytest.raises(Refused, match="waits: finish it first"):
        edits.taking_out(store, MINE, "unlisted")


@pytest.mark.parametrize("path", [KEY, A, B])
@pytest.mark.parametrize("kept", [(), (ONE,), (ONE, TWO, THREE)])
def test_what_leaves_the_library_with_a_section_is_counted_before(
    store: Store, path: str, kept: tuple[str, ...]
) -> None:
    store.record(journal.place_work(MINE, "", None, A, 9.0), *map(journal.star, kept))
    store.record(journal.place_work(TWO, "", None, B, 9.0))
    number = edits.lost_with(store, branch(store, path))
    store.record(edits.removing(branch(store, path)))
    lost = [work for work in (*WORKS, MINE) if store.works.work(work) is None]
    assert number == len(lost)


def tables(store: Store) -> list[object]:
    return [tree(store), [work for work in WORKS if store.works.work(work)]]


@pytest.mark.parametrize("way", ["end", "log", "forget"])
def test_a_work_in_no_list_is_there_as_long_as_its_session(store: Store, way: str) -> None:
    session = Session(1).sit_down(TODAY).read_for(600)
    draft = Draft("d", ONE, "n", (), "words", session)
    store.drafts.save(draft)
    store.record(edits.removing(branch(store, KEY)))

    def agrees() -> bool:
        shown = tables(store)
        store.rebuild()
        return shown == tables(store)

    assert tree(store)["Unlisted"] == [ONE]
    if way == "forget":
        store.forget("d")
        assert store.works.work(ONE) is None
        assert agrees()
        return
    changes = (
        draft.end() if way == "end" else [journal.log_pass(ONE, 1, TODAY, 10, (), draft.made_in)]
    )
    act = store.finish(["d"], *changes)
    assert agrees()
    for _ in range(2):
        store.undo(act)
        assert tree(store)["Unlisted"] == [ONE]
        assert agrees()
        store.redo()
        assert agrees()


def test_an_edited_work_that_is_taken_out_leaves_and_comes_back_edited(store: Store) -> None:
    store.record(journal.edit_work(ONE, {"title": "Another title"}))
    store.record(*edits.taking_out(store, ONE, A))
    assert store.works.work(ONE) is None
    store.undo(store.last_act())
    assert store.works.title(ONE) == "Another title"


def test_a_removed_work_comes_back_if_it_is_added_again(store: Store) -> None:
    store.record(*edits.taking_out(store, MINE, "added"))
    store.record(journal.add_work(MINE, {"title": "My own work", "kind": "paper"}))
    assert tree(store)["Added"] == [MINE]


def test_sections_and_lists_are_made_renamed_moved_and_removed(store: Store) -> None:
    before = tree(store)
    change, key = edits.new_section(store, "Reading group")
    store.record(change)
    undone_and_done_again(store, before)
    change, path = edits.new_section(store, "Optimizers", branch(store, key))
    store.record(change)
    store.record(*edits.placing(store, ONE, path, A))
    before = tree(store)
    assert before["Reading group › Optimizers"] == [ONE]
    store.record(edits.renaming(store, branch(store, key), "Club"))  # type: ignore[arg-type]
    assert tree(store)["Club › Optimizers"] == [ONE]
    assert store.last_act().words == "renaming the list Reading group to Club"
    undone_and_done_again(store, before)
    before = tree(store)
    store.record(*edits.moving_section(store, branch(store, key), -1))
    assert next(iter(tree(store))) == "Club"
    undone_and_done_again(store, before)
    before = tree(store)
    store.record(edits.removing(branch(store, key)))
    assert "Club" not in tree(store)
    assert store.works.work(ONE) is None
    undone_and_done_again(store, before)


def test_works_and_sections_change_places_within_a_list(store: Store) -> None:
    store.record(*edits.reordering(store, ONE, A, 1))
    assert tree(store)["A list › A"] == [TWO, ONE]
    assert edits.reordering(store, ONE, A, 1) == []
    with pytest.raises(Refused, match="is no longer in"):
        edits.reordering(store, "vaswani2017attention", A, 1)
    store.record(*edits.moving_section(store, branch(store, A), 1))
    assert list(tree(store))[:3] == ["A list", "A list › B", "A list › A"]
    assert edits.moving_section(store, branch(store, A), 1) == []
    assert store.last_act().words == "move of the section A behind B"
    store.record(*edits.moving_section(store, branch(store, A), -1))
    assert store.last_act().words == "move of the section A before B"


def test_an_added_work_whose_list_is_removed_stays_in_unlisted(store: Store) -> None:
    store.record(*edits.placing_in_new_list(store, {MINE: "added"}, "Reading group"))
    key = store.own_lists.paths(MINE)[0]
    store.record(edits.removing(branch(store, key)))
    assert tree(store)["Unlisted"] == [MINE]


def test_a_name_with_a_slash_is_a_section_of_the_list_before_it(store: Store) -> None:
    store.record(edits.new_section(store, "Reading group")[0])
    change, path = edits.new_section(store, "reading group/Slow")
    store.record(change)
    assert branch(store, path).title == "Slow"
    assert "Reading group" in tree(store)
    with pytest.raises(Refused, match="called 'Group': make it first"):
        edits.new_section(store, "Group/Slow")


def test_of_sections_that_are_spelt_alike_the_exact_name_means_one(store: Store) -> None:
    store.record(edits.new_section(store, "Reading group")[0])
    lower, _ = edits.new_section(store, "Reading group/week 1")
    store.record(lower)
    # A list that another device made under the same name, in other letters.
    store.record(journal.make_section("group-0123abcd", "reading group", 9.0))
    store.record(journal.make_section("group-0123abcd/week", "Week 1", 1.0))
    assert edits.find_section(store, "reading group/Week 1").path == "group-0123abcd/week"
    with pytest.raises(Refused, match="Several sections fit"):
        edits.find_section(store, "READING GROUP/WEEK 1")


def test_a_list_made_again_under_the_name_of_a_removed_one_is_empty(store: Store) -> None:
    store.record(*edits.placing_in_new_list(store, {MINE: "added"}, "Reading group"))
    store.record(edits.removing(branch(store, store.own_lists.paths(MINE)[0])))
    change, key = edits.new_section(store, "Reading group")
    store.record(change)
    assert store.own_lists.items(key) == []


@pytest.mark.parametrize(
    ("name", "reason"), [("", "at least one letter"), ("?!", "letter"), ("x" * 501, "at most 500")]
)
def test_a_name_that_is_none_is_refused(store: Store, name: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        edits.new_section(store, name)


def test_names_beside_one_another_differ(store: Store) -> None:
    with pytest.raises(Refused, match="there already"):
        edits.new_section(store, "a", branch(store, KEY))
    with pytest.raises(Refused, match="there already"):
        edits.renaming(store, branch(store, A), "B")
    with pytest.raises(Refused, match="there already"):
        edits.new_section(store, "Deep Learning Papers")
    with pytest.raises(Refused, match="there already"):
        edits.new_section(store, "unlisted")
    assert edits.new_section(store, "unlisted", branch(store, KEY))


@pytest.mark.parametrize("path", ["added", "seminal"])
def test_lists_of_papertui_are_neither_renamed_nor_removed(store: Store, path: str) -> None:
    shipped = next(b for b in store.tree.sections() if b.list not in (KEY, "added"))
    of = branch(store, "added") if path == "added" else shipped
    for change in (
        lambda: edits.removing(of),
        lambda: edits.renaming(store, of, "X"),
        lambda: edits.moving_section(store, of, 1),
        lambda: edits.new_section(store, "X", of),
    ):
        with pytest.raises(Refused):
            change()


def test_a_newer_version_of_a_list_leaves_what_the_reader_moved(store: Store) -> None:
    store.record(*edits.placing(store, ONE, B, A))
    store.record(*edits.taking_out(store, TWO, A))
    store.record(edits.renaming(store, branch(store, B), "Beta"))  # type: ignore[arg-type]
    newer = {**WORKS, "four-00000001": {"title": "The fourth work", "kind": "paper"}}
    store.record(import_of("A list", {"A": [ONE, TWO, "four-00000001"], "B": [THREE]}, newer))
    assert tree(store)["A list › A"] == ["four-00000001"]
    assert tree(store)["A list › Beta"] == [THREE, ONE]
    # A section that has left the file stays for what the reader put into it.
    store.record(import_of("A list", {"A": [TWO]}, newer))
    assert tree(store)["A list › Beta"] == [ONE]


def test_works_under_no_heading_are_those_of_the_list_itself(store: Store) -> None:
    flat = import_of("Maps", {"Maps": [ONE, TWO]}, WORKS)
    key = flat.data["list"]["key"]
    store.record(flat)
    assert tree(store)["Maps"] == [ONE, TWO]
    assert "Maps › Maps" not in tree(store)
    store.record(*edits.taking_out(store, TWO, key))
    store.record(*edits.placing(store, MINE, key, "added"))
    # A newer version with headings, and one without, keep what the reader did.
    store.record(import_of("Maps", {"Maps": [ONE, TWO], "More": [THREE]}, WORKS))
    assert tree(store)["Maps"] == [ONE, MINE]
    assert tree(store)["Maps › More"] == [THREE]
    before = tree(store)
    store.record(flat)
    assert tree(store)["Maps"] == [ONE, MINE]
    undone_and_done_again(store, before)


def test_a_section_stays_in_one_of_the_lists_title_if_another_has_its_name(store: Store) -> None:
    nested = import_of("Maps", {"Maps": [], "More": [ONE]}, WORKS)
    items = [{"work": TWO}]
    nested.data["list"]["sections"][0]["sections"] = [{"title": "More", "items": items}]
    store.record(nested)
    assert tree(store)["Maps › More"] == [ONE]
    assert tree(store)["Maps › Maps › More"] == [TWO]


@pytest.mark.parametrize("renamed", [False, True])
def test_what_was_placed_by_the_name_of_such_a_section_stays(store: Store, renamed: bool) -> None:
    store.record(import_of("Maps", {"Maps": [ONE, TWO]}, WORKS))
    key = replay.list_key("Maps")
    old = f"{key}/Maps"
    store.record(journal.place_work(TWO, "", old), journal.place_work(MINE, "", None, old, 5.0))
    if renamed:
        store.record(journal.rename_section(old, "Atlases", "Maps"))
    assert tree(store)["Maps › Atlases" if renamed else "Maps"] == [ONE, MINE]


def test_an_import_says_what_stays_out(store: Store) -> None:
    file = parsed_list("Papers", A=["Folding maps", "Cutting maps"], B=["Painting maps"])

    def plan() -> ImportPlan:
        return plan_import(file, store.works, "papers.md")

    store.record(plan().change)
    folding, cutting, painting = (match.work for match in plan().matches)
    path, other = (store.own_lists.paths(work)[0] for work in (folding, painting))
    store.record(*edits.taking_out(store, folding, path))
    assert [*plan().stays_out.values()] == ["Folding maps"]
    # What the page says of the file is what the list has after it.
    more = ["Folding maps", "Cutting maps", "Tearing maps"]
    file = parsed_list("Papers", A=more, B=["Painting maps"])
    page = "\n".join(line.text for line in plan_page(plan(), 80))
    assert "3 items in 2 sections, 3 works" in page
    assert "A: 2 items\n" in page
    assert "".join(outcome(plan(), log=False)) == "Imported: Papers, 3 works"
    store.record(plan().change)
    assert branch(store, replay.list_key("Papers")).total == 3
    # What was taken out has left the library, and is not new all the same.
    assert not any(matches for rule, matches in plan().by_rule() if rule is None)
    store.record(*edits.placing(store, cutting, other, path))
    assert [*plan().stays_out.values()] == ["Folding maps"]
    store.record(edits.removing(branch(store, other)))
    assert {*plan().stays_out.values()} == {*more, "Painting maps"} - {"Tearing maps"}


def test_what_was_taken_out_stays_out_though_the_file_calls_its_section_otherwise(
    store: Store,
) -> None:
    folding, cutting = ParsedItem("Folding maps", 1, year=2018), ParsedItem("Cutting maps", 2)

    def planned(name: str, *items: ParsedItem) -> ImportPlan:
        sections = {name: [*items, ParsedItem("Tearing maps", 4)]}
        parsed = parsed_list("Papers", B=["Painting maps", "Tearing maps"], **sections)
        return plan_import(parsed, store.works, "papers.md")

    plan = planned("A", folding, cutting)
    store.record(*plan.changes())
    works = {match.title: match.work for match in plan.matches}
    a, b = (f"{replay.list_key('Papers')}/{name}" for name in "AB")
    # One leaves the library, one is moved, one is still in another section of the file.
    store.record(*edits.taking_out(store, works["Folding maps"], a))
    store.record(*edits.placing(store, works["Cutting maps"], b, a))
    store.record(*edits.taking_out(store, works["Tearing maps"], a))
    before = tree(store)
    newer = ParsedItem("Folding maps", 1, year=2019), cutting, ParsedItem("Gluing maps", 3)
    plan = planned("Of paper", *newer)
    assert [*plan.stays_out.values()] == ["Folding maps"]
    assert plan.diff
    assert [change.title for change in plan.diff.new] == ["Gluing maps"]
    store.record(*plan.changes())
    gluing = next(match.work for match in plan.matches if match.title == "Gluing maps")
    in_b = [works[f"{name} maps"] for name in ("Painting", "Tearing", "Cutting")]
    # What is still in the list follows the file.
    assert tree(store)["Papers › Of paper"] == [gluing, works["Tearing maps"]]
    assert tree(store)["Papers › B"] == in_b
    assert store.works.work(works["Folding maps"]) is None
    assert planned("Of paper", *newer).is_known
    assert store.last_act().words == "import of Papers"
    undone_and_done_again(store, before)


def test_the_works_of_a_section_that_was_removed_stay_out_under_another_title(
    store: Store,
) -> None:
    files = [
        parsed_list("Papers", B=["Tearing maps", *more], **{name: ["Folding maps"]})
        for name, more in (("A", []), ("Of paper", ["Gluing maps"]))
    ]
    store.record(*plan_import(files[0], store.works, "papers.md").changes())
    store.record(edits.removing(branch(store, f"{replay.list_key('Papers')}/A")))
    plan = plan_import(files[1], store.works, "papers.md")
    assert [*plan.stays_out.values()] == ["Folding maps"]
    assert plan.diff
    assert [change.title for change in plan.diff.new] == ["Gluing maps"]


def test_a_list_that_was_removed_comes_back_if_it_is_imported_again(store: Store) -> None:
    store.record(edits.removing(branch(store, KEY)))
    assert "A list" not in tree(store)
    store.record(import_of("A list", {"A": [ONE, TWO], "B": [THREE]}, WORKS))
    assert tree(store)["A list › A"] == [ONE, TWO]


def test_a_file_of_the_same_title_joins_a_list_that_was_made(store: Store) -> None:
    change, key = edits.new_section(store, "Reading group")
    store.record(change)
    store.record(*edits.placing(store, MINE, key, "added"))
    made = tree(store)
    store.record(import_of("Reading group", {"C": [ONE]}, WORKS))
    assert tree(store)["Reading group"] == [MINE]
    assert tree(store)["Reading group › C"] == [ONE]
    undone_and_done_again(store, made)


@pytest.mark.parametrize("name", ["Maps/CI/CD", "ci/cd", "maps / ci/cd", "CI", "MAPS/ci/cd"])
def test_a_section_is_found_by_its_title_with_or_without_its_list(store: Store, name: str) -> None:
    change, key = edits.new_section(store, "Maps")
    store.record(change)
    change, path = edits.new_section(store, "CI/CD", branch(store, key))
    store.record(change)
    assert edits.find_section(store, name).path == path


def test_of_two_sections_of_a_name_the_one_around_a_new_one_is_to_be_named(store: Store) -> None:
    for name in ("Lab", "Club", "Lab/Week 1"):
        store.record(edits.new_section(store, name)[0])
    change, _ = edits.new_section(store, "Week 1/Day 2")
    assert change.data["section"].startswith("lab")
    store.record(edits.new_section(store, "Club/Week 1")[0])
    with pytest.raises(Refused, match="Several sections fit 'Week 1'"):
        edits.new_section(store, "Week 1/Day 2")


def test_what_is_removed_is_named_whole_and_a_part_begins_a_word(store: Store) -> None:
    change, key = edits.new_section(store, "Reading weeks")
    store.record(change)
    for name in ("reading", "weeks", "wee"):
        assert edits.find_section(store, name).path == key
        with pytest.raises(Refused, match=r"Name the whole .*: Reading weeks\."):
            edits.find_section(store, name, whole=True)
    with pytest.raises(Refused, match="No list or section"):
        edits.find_section(store, "eek")
    assert edits.find_section(store, "reading WEEKS", whole=True).path == key


def test_a_merged_work_is_taken_out_with_the_one_that_it_is(store: Store) -> None:
    store.record(journal.merge_works(ONE, THREE))
    assert tree(store)["A list › A"] == [THREE, TWO]
    store.record(*edits.reordering(store, THREE, A, 1))
    assert tree(store)["A list › A"] == [TWO, THREE]
    store.record(*edits.taking_out(store, THREE, A))
    assert tree(store)["A list › A"] == [TWO]


def test_a_place_in_a_section_that_another_device_removed_later_goes_with_it(
    store: Store, tmp_path: Path
) -> None:
    with Store(fresh_database(tmp_path / "other.db"), clock=store.clock) as other:
        other.merge(store.events())
        store.record(*edits.placing(store, ONE, B, A))
        later = store.clock() + timedelta(hours=1)
        other.record(edits.removing(branch(other, B)), now=later)
        for one, two in ((store, other), (other, store)):
            one.merge(two.events())
        assert tree(store) == tree(other)
        assert B not in [section.path for section in store.tree.sections()]


def test_a_new_section_comes_last_after_others_were_removed(store: Store) -> None:
    letters = {"A": [ONE], "B": [TWO], "C": [THREE], "Z": [ONE, TWO]}
    store.record(import_of("Letters", letters, WORKS))
    key = next(s.path for s in store.tree.sections() if s.title == "Letters")
    for name in ("A", "B"):
        store.record(edits.removing(branch(store, f"{key}/{name}")))
    for title in ("New", "Newer"):
        store.record(edits.new_section(store, title, branch(store, key))[0])
    inner = [s.title for s in store.tree.sections() if s.path.startswith(f"{key}/")]
    assert inner == ["C", "Z", "New", "Newer"]


def test_a_new_list_comes_last_after_others_were_removed(store: Store) -> None:
    for title in ("List C", "List D", "List E", "List F"):
        store.record(import_of(title, {"One": [ONE]}, WORKS))
    for title in ("List C", "List D"):
        section = next(s for s in store.tree.sections() if s.title == title)
        store.record(edits.removing(section))
    store.record(edits.new_section(store, "The last")[0])
    own = [s.title for s in store.tree.sections() if s.parent is None and is_own(s.path)]
    assert own[-1] == "The last"


def test_lists_are_in_the_order_in_which_they_came_made_or_imported(store: Store) -> None:
    def bring(title: str) -> None:
        if title.startswith("Made"):
            store.record(edits.new_section(store, title)[0])
        else:
            work = f"{title.lower()}-00000001"
            works = {work: {"title": f"Work of {title}", "kind": "paper"}}
            store.record(import_of(title, {"A": [work]}, works))

    def titles() -> list[str]:
        lists = [branch for branch in store.tree.sections() if branch.parent is None]
        return [branch.title for branch in lists if is_own(branch.path)]

    names = ["Made first", "Zebra", "Made then", "Aardvark", "Made last", "Moss"]
    before = titles()
    for name in names:
        bring(name)
    assert [title for title in titles() if title in names] == names
    bring("Zebra")
    assert [title for title in titles() if title in names] == names
    store.undo(store.last_act())
    store.undo(store.last_act())
    assert [title for title in titles() if title in names] == names[:-1]
    store.redo()
    after = titles()
    assert [title for title in after if title in names] == names
    store.rebuild()
    assert titles() == after
    assert [title for title in after if title not in names] == before


def test_a_work_is_taken_out_of_a_section_however_deep_its_import_is(store: Store) -> None:
    change = import_of("Deep", {"Level 0": []}, WORKS)
    section = change.data["list"]["sections"][0]
    for number in range(1, 30):
        inner: dict[str, object] = {"title": f"Level {number}"}
        section["sections"] = [inner]
        section = inner
    section["items"] = [{"work": ONE}]
    store.record(change)
    path = next(path for path in store.own_lists.paths(ONE) if path.endswith("Level 29"))
    store.record(*edits.taking_out(store, ONE, path))
    assert path not in store.own_lists.paths(ONE)


def test_an_entry_of_an_edited_work_is_exported_as_edited(store: Store) -> None:
    works = {ONE: {"title": "Teh work", "kind": "paper", "year": 2020}}
    store.record(import_of("Keys", {"A": [ONE]}, works, {"one2020": ONE}))
    store.record(journal.edit_work(ONE, {"title": "The & work", "year": 2021, "venue": "Maps"}))
    entry = store.bib_entries.first(ONE)
    work = store.works.work(ONE)
    assert entry
    text = bibtex.kept_entry(entry, work)
    assert text.startswith("@misc{one2020,")
    assert "title = {{The \\& work}}" in text
    assert "year = {2021}" in text
    assert "journal = {Maps}" in text
    assert text.count("title =") == 1


def test_a_file_that_comes_unchanged_changes_nothing_whatever_became_of_its_works(
    store: Store,
) -> None:
    nets = ParsedItem("Sparse nets revisited", 1, authors=("Vera Halm",), year=2019)
    tides = ParsedItem("Slow tides of old", 2, authors=("Jan Rieck",), year=2020)
    files = [parsed_list("One", All=[nets]), parsed_list("Two", All=[tides])]

    def plan(file: ParsedList) -> ImportPlan:
        return plan_import(file, store.works, "papers.md")

    for file in files:
        store.record(*plan(file).changes())
    (work,), (into,) = (plan(file).works for file in files)
    store.record(edits.work_merge(store, work, into))
    store.record(journal.edit_work(into, {"title": "Slow tides, edited", "year": 2021}))
    known = store.works.work(into)
    for file in files:
        assert plan(file).is_known
        assert plan(file).changes() == []
    assert store.works.work(into) == known
    # What the file says anew comes in all the same.
    assert not plan(parsed_list("Two", All=[tides, "Foam of the seas"])).is_known
