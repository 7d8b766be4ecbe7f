"""The reader's own BibTeX keys, as names of works in the shell and in files."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pybtex.database import parse_string

from papertui.cli.main import papertui
from papertui.core import journal
from papertui.core.recall import INSIGHT
from papertui.errors import Refused
from papertui.storage.edits import work_merge
from papertui.storage.store import Store
from tests.cli.test_completion import offered

LIBRARY = r"""
@article{deen2018examples,
  title = {Made-up {Examples} of Cu$_2$O},
  author = {van der Deen, Ada and {Garc{\'i}a M{\'a}rquez}, Bea and {{Example Consortium}}},
  volume = {12}, year = {2018}, doi = {10.1000/x_1}, eprint = {1801.00001},
}
@inproceedings{Vaswani17,
  title = {Attention is All you Need}, author = {Vaswani, Ashish}, year = {2017},
  note = {My copy}, keywords = {read},
}
@set{both, entryset = {deen2018examples, Vaswani17}}
"""


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(papertui, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def bring_in(tmp_path: Path, source: str, name: str = "mine") -> Result:
    file = tmp_path / f"{name}.bib"
    file.write_text(source, encoding="utf-8")
    return run("import", str(file))


@pytest.fixture
def library(store: Store, tmp_path: Path) -> Store:
    bring_in(tmp_path, LIBRARY)
    return store


def test_a_key_names_its_work(library: Store) -> None:
    assert "Made-up Examples of Cu₂O" in run("show", "deen2018examples").stdout
    shown = run("show", "DEEN2018examples").stdout
    assert "cited as deen2018examples" in shown
    assert "arXiv 1801.00001 · doi 10.1000/x_1 ·" in " ".join(shown.split())
    shown = json.loads(run("show", "Vaswani17", "--json").stdout)
    assert (shown["work"], shown["keys"]) == ("vaswani2017attention", ["Vaswani17"])


def test_a_work_that_is_added_again_is_named_by_its_key(library: Store) -> None:
    assert run("add", "--offline", "1801.00001").stdout == "deen2018examples\n"


def test_a_key_still_names_a_work_that_was_merged(library: Store) -> None:
    work = library.names.resolve("deen2018examples")
    library.record(journal.merge_works(work, "he2015deep"))
    assert library.names.resolve("deen2018examples") == "he2015deep"
    assert library.bib_entries.keys_of("he2015deep") == ["deen2018examples"]


def test_a_merged_work_is_cited_by_the_entry_of_the_work_that_stayed(
    library: Store, tmp_path: Path
) -> None:
    names = "preprint", "published"
    doubles = [
        "@misc{preprint, title={Tides (preprint)}, author={Doe, Jo}, year={2020}}",
        "@article{published, title={Tides of the moon}, author={Doe, Jo}, year={2021},"
        " journal={Sea}, doi={10.1000/tides}}",
    ]
    bring_in(tmp_path, "\n".join(doubles), "doubles")
    merged, stays = map(library.names.resolve, names)
    library.record(journal.merge_works(merged, stays))
    assert library.bib_entries.name(stays) == "published"
    cited = run("export", "published", "--format", "ris").stdout
    assert ("TY  - JOUR" in cited, "ID  - published" in cited, "PY  - 2021" in cited) == (True,) * 3
    # Both entries go out as they came in.
    assert "@misc{preprint," in run("export", "published", "--format", "bib").stdout


@pytest.mark.parametrize("names", [["preprint", "published"], ["published", "preprint"]])
@pytest.mark.parametrize(
    ("known", "cited_by"),
    [
        ({"year": 2020}, "preprint"),
        ({"year": 2021}, "published"),
        # What the work lacks it has from the first that was merged into it.
        ({}, "the first"),
        ({"year": 1999, "doi": "10.1000/other", "arxiv": "1801.00009"}, "the latest"),
    ],
)
def test_a_work_without_an_entry_is_cited_by_the_merged_one_that_fits_it_best(
    library: Store, tmp_path: Path, known: dict[str, object], cited_by: str, names: list[str]
) -> None:
    ids = "eprint={2001.00001}, archiveprefix={arXiv}", "doi={10.1000/tides}"
    bring_in(tmp_path, f"@misc{{preprint, title={{Tides at sea}}, Year={{2020}}, {ids[0]}}}", "1")
    bring_in(
        tmp_path, f"@article{{published, title={{Of tides}}, date={{2021-03}}, {ids[1]}}}", "2"
    )
    library.record(journal.add_work("mine", {"title": "Tides", "kind": "paper", **known}))
    for name in names:
        library.record(work_merge(library, library.names.resolve(name), "mine"))
    key = {"the first": names[0], "the latest": names[1]}.get(cited_by, cited_by)
    assert library.bib_entries.name("mine") == key
    entry = library.bib_entries.first("mine")
    assert entry
    assert entry.key == key


def test_every_command_shows_the_key_if_it_names_one_work(library: Store, tmp_path: Path) -> None:
    assert "[deen2018examples]" in run("find", "made-up examples").stdout
    assert "[deen2018examples]" in run("list", "Entries").stdout
    run("queue", "deen2018examples")
    for command in (["queue"], ["next"]):
        assert "[deen2018examples]" in run(*command).stdout
    library.record(journal.add_work("twin", {"title": "Made-up Examples again", "kind": "paper"}))
    with pytest.raises(Refused, match="\n  deen2018examples  Made-up Examples of"):
        library.names.resolve("made-up ex")
    run("session", "start", "deen2018examples")
    assert "[deen2018examples]" in run("session").stdout
    shown = run("show", "deen2018examples").stdout
    assert "citekey deen2018examples" in shown
    assert library.names.resolve("deen2018examples") not in shown
    library.record(journal.switch_card("vaswani2017attention", INSIGHT, date(2024, 6, 1), on=True))
    assert "[Vaswani17]" in run("recall").stdout
    other = "@book{Deen2018examples, title = {Another Book}, author = {Deen, Ada}, year = 1999}"
    bring_in(tmp_path, other, "other")
    work = library.names.resolve("deen2018examples")
    assert f"[{work}]" in run("find", "made-up examples").stdout


def test_keys_are_completed(library: Store) -> None:
    assert "deen2018examples" in offered("papertui show deen20").stdout


def test_a_line_is_completed_by_the_key_that_its_work_is_listed_by(library: Store) -> None:
    assert "Vaswani17 2" in library.names.completions("attention is all 2")
    assert "vaswani2017attention 2" in library.names.completions("vaswani2017 2")


@pytest.mark.parametrize("words", ["deen2018examples", "vaswani17", "cu2o", "Cu₂O"])
def test_the_search_finds_keys_and_lowered_signs(library: Store, words: str) -> None:
    assert run("find", words).stdout.count("[") == 1


def test_an_undo_takes_keys_back_and_a_redo_brings_them_again(library: Store) -> None:
    before = run("export", "--format", "bib").stdout
    run("undo")
    assert library.names.named("deen2018examples") == []
    run("redo")
    assert run("export", "--format", "bib").stdout == before


def test_keys_go_to_another_machine_with_the_journal(library: Store, tmp_path: Path) -> None:
    journal_file = tmp_path / "journal.json"
    run("export", "--format", "json", "--out", str(journal_file))
    before = run("export", "--format", "bib").stdout
    other = ("--db", str(tmp_path / "other.db"))
    run(*other, "import", str(journal_file))
    assert run(*other, "export", "--format", "bib").stdout == before


def test_a_work_that_papertui_knew_is_exported_as_its_entry_has_it(library: Store) -> None:
    exported = parse_string(run("export", "--format", "bib").stdout, "bibtex")
    assert [*exported.entries] == ["deen2018examples", "Vaswani17", "both"]
    attention = exported.entries["Vaswani17"]
    assert attention.fields["note"] == "My copy"
    assert attention.fields["eprint"] == "1706.03762"
    assert attention.fields["title"] == "Attention is All you Need"


def test_one_work_comes_out_with_the_entries_that_it_refers_to(
    store: Store, tmp_path: Path
) -> None:
    source = (
        LIBRARY
        + """
    @inproceedings{child, title={A Child of Examples}, crossref={Parent}}
    @proceedings{parent, title={Proceedings of Examples}, year=2016}
    """
    )
    bring_in(tmp_path, source)
    exported = run("export", "--format", "bib", "child").stdout
    assert [*parse_string(exported, "bibtex").entries] == ["child", "parent"]


def test_citations_of_every_format_use_the_key(library: Store) -> None:
    (deen, _) = json.loads(run("export", "--format", "csl", "deen2018examples", "Vaswani17").stdout)
    assert deen["id"] == "deen2018examples"
    assert deen["author"] == [
        {"family": "Deen", "given": "Ada", "non-dropping-particle": "van der"},
        {"family": "García Márquez", "given": "Bea"},
        {"literal": "Example Consortium"},
    ]
    ris = run("export", "--format", "ris", "deen2018examples").stdout
    assert "ID  - deen2018examples" in ris
    assert "AU  - García Márquez, Bea" in ris


def test_a_key_of_two_works_is_reported_and_both_come_out(library: Store, tmp_path: Path) -> None:
    other = "@book{Deen2018examples, title = {Another Book}, author = {Deen, Ada}, year = 1999}"
    assert (
        "Line 1: 'Deen2018examples' is the key of Made-up"
        in bring_in(tmp_path, other, "other").stdout
    )
    assert library.works.title(library.names.resolve("Deen2018examples")) == "Another Book"
    assert library.works.title(library.names.resolve("deen2018examples")).startswith("Made-up")
    exported = run("export", "--format", "bib")
    assert "Another Book is 'Deen2018examples-2'" in exported.stderr
    assert len(parse_string(exported.stdout, "bibtex").entries) == 4


def test_two_files_with_one_entry_fill_each_others_gaps(library: Store, tmp_path: Path) -> None:
    again = """@article{deen2018examples, title = {Made-up Examples of Cu2O},
        author = {A. van der Deen}, doi = {10.1000/x_1}, pages = {1--2}}"""
    bring_in(tmp_path, again, "other")
    entry = parse_string(run("export", "--format", "bib").stdout, "bibtex").entries[
        "deen2018examples"
    ]
    assert (entry.fields["volume"], entry.fields["pages"]) == ("12", "1--2")
    assert len(entry.persons["author"]) == 3


def test_full_names_take_the_place_of_surnames(store: Store, tmp_path: Path) -> None:
    bring_in(tmp_path, "@misc{a, title={An Example}, author={Deen and Clark}, year=2018}")
    full = "@misc{b, title={An Example}, author={Deen, Ada and Clark, Bea}, year=2018}"
    bring_in(tmp_path, full, "other")
    work = store.works.work(store.names.resolve("b"))
    assert work is not None
    assert work.authors == ("Ada Deen", "Bea Clark")
    bring_in(tmp_path, "@misc{c, title={An Example}, author={Deen, A.}, year=2018}", "third")
    work = store.works.work(store.names.resolve("c"))
    assert work is not None
    assert work.authors == ("Ada Deen", "Bea Clark")


def test_a_second_import_of_a_file_changes_nothing(library: Store, tmp_path: Path) -> None:
    assert "nothing has changed" in bring_in(tmp_path, LIBRARY).stderr
    changed = bring_in(tmp_path, LIBRARY.replace("My copy", "Their copy"))
    assert "BibTeX entry" in changed.stdout
    assert "Their copy" in run("export", "--format", "bib").stdout
