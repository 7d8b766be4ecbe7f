"""Tags and stars in the shell, and what an export makes of them."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import Work
from papertui.exporters import bibtex


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, arguments)


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1
    return result.stderr or str(result.exception)


@pytest.fixture(autouse=True)
def tagged(indexed: None) -> None:
    assert run("tag", "resnet", "vision", "to-cite").exit_code == 0
    assert run("star", "resnet").exit_code == 0


def test_tags_are_given_printed_and_taken_away() -> None:
    assert run("tag", "resnet").stdout == "to-cite\nvision\n"
    assert run("tag", "adam", "#Vision").exit_code == 0
    assert run("tag").stdout == "    1  to-cite\n    2  vision\n"
    assert json.loads(run("tag", "--json").stdout)[1] == {"tag": "vision", "works": 2}
    done = run("tag", "resnet", "VISION", "--off")
    # As the app says it.
    assert re.match("No longer tagged: Deep Residual .*, #vision[.] ", done.stderr)
    assert run("tag", "resnet").stdout == "to-cite\n"
    run("undo")
    assert json.loads(run("show", "resnet", "--json").stdout)["tags"] == ["to-cite", "vision"]


def test_what_makes_no_sense_is_refused_in_one_line() -> None:
    assert "It has all of these tags already" in refused("tag", "resnet", "vision")
    assert "It has none of these tags" in refused("tag", "resnet", "nlp", "--off")
    assert "is no tag" in refused("tag", "resnet", "2024")
    assert "It is starred already" in refused("star", "resnet")
    assert "It is not starred" in refused("star", "adam", "--off")
    assert run("tag", "resnet", "--off").exit_code == 2


def test_works_are_listed_and_found_by_tags_and_stars() -> None:
    run("tag", "kingma2014adam", "vision")
    assert "Deep Residual" in run("list", "--starred").stdout
    listed = run("list", "--tag", "vision").stdout
    assert "Deep Residual" in listed
    assert "Adam" in listed
    assert "Attention" not in listed
    assert "Adam" not in run("list", "--tag", "to-cite").stdout
    assert "Deep Residual" in run("find", "#vision", "residual").stdout
    assert "No such work has #nobody" in refused("list", "--tag", "nobody")
    assert run("star", "resnet", "--off").stderr.startswith("No longer starred: Deep Residual")
    assert "No such work is starred and has #a, #b." in refused(
        "list", "--starred", "--tag", "a", "--tag", "b"
    )
    assert run("star", "resnet").stderr.startswith("Starred: Deep Residual")


def test_tags_are_columns_keywords_and_tags_of_the_exports(tmp_path: Path) -> None:
    row = next(csv.DictReader(io.StringIO(run("export", "--format", "csv").stdout, newline="")))
    assert (row["tags"], row["starred"]) == ("to-cite; vision", "yes")
    assert "keywords = {starred, to-cite, vision}," in run("export", "--format", "bib").stdout
    assert "KW  - vision" in run("export", "--format", "ris").stdout
    keyword = json.loads(run("export", "--format", "csl").stdout)[0]["keyword"]
    assert keyword == "to read, starred, to-cite, vision"
    run("export", "--format", "md", "--out", str(tmp_path / "vault"))
    (page,) = (tmp_path / "vault").iterdir()
    fields = yaml.safe_load(page.read_text(encoding="utf-8").split("---\n")[1])
    assert fields["tags"][-2:] == ["to-cite", "vision"]
    assert fields["starred"] is True


def test_a_tag_that_is_taken_away_leaves_the_page_and_the_readers_own_stay(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    run("export", "--format", "md", "--out", str(vault))
    (page,) = vault.iterdir()
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("tags:\n", "tags:\n  - mine\n"), encoding="utf-8")
    run("tag", "resnet", "vision", "--off")
    run("export", "--format", "md", "--out", str(vault), "--refresh")
    tags = yaml.safe_load(page.read_text(encoding="utf-8").split("---\n")[1])["tags"]
    assert "mine" in tags
    assert "to-cite" in tags
    assert "vision" not in tags


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "keywords = {a-b, nlp}"),
        ({"keywords": "NLP, other"}, "keywords = {NLP, other, a-b}"),
        ({"Keywords": "one; two"}, "Keywords = {one; two; a-b; nlp}"),
        ({"keywords": ("", "abbr", " x")}, "keywords = abbr # { x, a-b, nlp}"),
        ({"keywords": "nlp, A-B"}, "keywords = {nlp, A-B}"),
    ],
)
def test_keywords_are_only_added(before: dict[str, str | tuple[str, ...]], after: str) -> None:
    kept = BibEntry("misc", "key", {"title": "T", **before}, work="w")
    entry = bibtex.dumps([Work("w", "T")], [kept], {"w": ["a-b", "nlp"]})
    assert f"  {after},\n" in entry


def test_tags_come_back_with_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    run("export", "--format", "json", "--out", str(journal))
    other = str(tmp_path / "other.db")
    run("--db", other, "import", str(journal))
    assert run("--db", other, "tag", "resnet").stdout == "to-cite\nvision\n"
    assert "Deep Residual" in run("--db", other, "list", "--starred").stdout
