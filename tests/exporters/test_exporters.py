import csv as csv_reader
import io
import json
import os
import re
import stat
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
import rispy
import yaml
from citeproc.source.json import CiteProcJSON
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from papertui.cli.main import papertui
from papertui.core import catalog, journal, journal_file
from papertui.core.bib_entry import VENUE_FIELDS, BibEntry
from papertui.core.catalog import Work
from papertui.core.records import Note, Reading, WorkRecord
from papertui.core.text import safe_line, terminal_safe
from papertui.errors import Refused
from papertui.exporters import bibtex, csl_json, csv, markdown, ris
from papertui.exporters.cited_entry import cited_entry
from papertui.exporters.exported_work import ExportedWork
from papertui.exporters.names import parse_name
from papertui.importers import bibtex as bibtex_import
from papertui.importers.csv_table import parse_csv
from papertui.storage.edits import new_section
from papertui.storage.shipped import CATALOG
from papertui.storage.store import Store
from papertui.system import files

RESNET, ATTENTION = "he2015deep", "vaswani2017attention"
DAY = date(2026, 11, 14)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(
    lambda text: terminal_safe(text) if safe_line(text) else "W"
)
markup = st.text(st.sampled_from("""\\{}$%&#_~^"'`-?!<>@=+,;: aé\u0301"""), max_size=60).map(
    lambda text: text if text.strip() else "M"
)
# HTML in a title is taken for what a careless program has left there.
titles = (words | markup).map(lambda text: re.sub(r"&(?=[#\w])|<(?=/?\w)", r"\g<0> ", text))
bodies = st.text(st.characters(exclude_categories=["Cs"]))
works = st.builds(
    lambda *names, **fields: Work(*names, **fields),
    st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    titles,
    kind=st.sampled_from(["paper", "article", "video", "book", "course"]),
    aliases=st.lists(words, max_size=2).map(tuple),
    authors=st.lists(titles, max_size=8).map(tuple),
    more_authors=st.booleans(),
    year=st.none() | st.integers(1600, 2099),
    venue=st.none() | words,
    arxiv=st.none() | st.sampled_from(["1706.03762", "0704.0001", "hep-th/9901001"]),
    doi=st.none() | st.from_regex(r"10\.1000/[a-z0-9_%&#()~:;.\\{}$-]+[a-z0-9\\}]", fullmatch=True),
    summary=st.none() | words,
    insight=st.none() | words,
)
notes = st.tuples(
    st.just("n"),
    st.uuids().map(str),
    st.none() | st.integers(1, 3),
    bodies,
    st.just("2026-11-14T20:30:00.000+00:00"),
    st.integers(-600, 600),
).map(lambda parts: Note(*parts))
readings = st.tuples(
    st.uuids().map(str),
    st.integers(1, 3),
    st.none() | st.dates(date(1990, 1, 1), DAY),
    st.none() | st.integers(1, 300),
    st.just("2026-11-14T20:30:00.000+00:00"),
).map(lambda parts: Reading(*parts))
records = st.tuples(
    st.lists(readings, max_size=3).map(tuple),
    st.lists(notes, max_size=3).map(tuple),
    st.none() | st.floats(0, 1),
    st.sampled_from([None, "parked", "dropped"]),
    st.none() | st.dates(DAY),
    st.none() | bodies,
).map(lambda parts: WorkRecord(*parts))
holdings = st.tuples(works, records, st.lists(words, max_size=2).map(tuple)).map(
    lambda parts: ExportedWork(*parts)
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, ["export", *arguments])


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, Refused), result.output
    return str(result.exception)


@pytest.fixture
def reader(store: Store) -> Store:
    """A store of somebody who has read one work, noted another and added a third."""
    store.record(journal.log_pass(RESNET, 2, DAY, 62))
    store.record(journal.save_note(ATTENTION, "n", "=heads differ"))
    store.record(journal.add_work("mine-00000000", {"title": "Mine", "kind": "paper"}))
    return store


# ── BibTeX ───────────────────────────────────────────────────────────────────


@given(st.lists(works, max_size=3, unique_by=lambda work: work.citekey))
def test_exported_bibtex_imports_unchanged(written: list[Work]) -> None:
    found = bibtex_import.parse_bibtex(bibtex.dumps(written), "x.bib")
    items = {item.citekey: item for item in found.all_items()}
    assert found.problems == () or not written
    for work in written:
        item = items[work.citekey]
        assert item.title == safe_line(work.title)
        assert item.authors == tuple(map(safe_line, work.authors))
        assert (item.arxiv, item.doi) == (work.arxiv, work.doi)
        assert item.year == bibtex.cited_year(work)


def test_the_whole_catalogue_exports_and_imports_unchanged() -> None:
    shipped = catalog.load(CATALOG.read_bytes()).works
    found = bibtex_import.parse_bibtex(bibtex.dumps(shipped.values()), "x.bib")
    assert found.problems == ()
    for item, work in zip(found.all_items(), shipped.values(), strict=True):
        assert (item.citekey, item.title, item.authors) == (work.citekey, work.title, work.authors)
        assert (item.arxiv, item.doi) == (work.arxiv, work.doi)
        assert item.year == bibtex.cited_year(work)
        assert item.more_authors == work.more_authors
        assert (item.kind == "book") == (work.kind == "book")


@pytest.mark.parametrize(
    ("work", "start"),
    [
        (Work("k", "T", venue="NeurIPS 2017", arxiv="1706.03762"), "@inproceedings{k,"),
        (Work("k", "T", venue="Proceedings of the 2nd Workshop on X"), "@inproceedings{k,"),
        (Work("k", "T", venue="Nature 323 (1986)"), "@article{k,"),
        (Work("k", "T", venue="Journal of Y"), "@article{k,"),
        (Work("k", "T", kind="book", venue="MIT Press"), "@book{k,"),
        (Work("k", "T", kind="article", doi="10.1000/x"), "@online{k,"),
        (Work("k", "T", arxiv="1706.03762"), "@online{k,"),
        (Work("k", "T"), "@misc{k,"),
        (Work('odd, "key" {é}', "T"), "@misc{oddkeyé,"),
    ],
)
def test_an_entry_is_of_the_type_that_its_venue_asks_for(work: Work, start: str) -> None:
    assert bibtex.entry(work).startswith(start)


@pytest.mark.parametrize(
    ("year", "venue", "parts"),
    [
        (1986, "Nature 323 (1986)", ("Nature", "323", "")),
        (1991, "Neural Networks 4(2) (1991)", ("Neural Networks", "4", "2")),
        (2022, "TMLR (2023)", ("TMLR", "", "")),
        (2015, "ICLR 2015", ("ICLR 2015", "", "")),
        # The year would be nowhere else.
        (None, "Nature 323 (1986)", ("Nature 323 (1986)", "", "")),
        (2001, "Nature 323 (1986)", ("Nature 323 (1986)", "", "")),
        (2020, "2020 (2020)", ("2020 (2020)", "", "")),
    ],
)
def test_a_journal_is_exported_with_its_volume_apart(
    year: int | None, venue: str, parts: tuple[str, str, str]
) -> None:
    work = Work("k", "T", year=year, venue=venue, doi="10.1000/x")
    assert bibtex.venue_of(work) == parts
    cited = cited_entry(ExportedWork(work, WorkRecord()))
    assert (cited.venue, cited.volume, cited.number) == parts


def test_no_entry_of_the_catalogue_joins_one_year_with_the_venue_of_another() -> None:
    for work in catalog.load(CATALOG.read_bytes()).works.values():
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", bibtex.entry(work), re.MULTILINE))
        for venue in ("booktitle", "journal", "publisher", "organization"):
            named = re.findall(r"\b(?:19|20)\d\d\b", fields.get(venue, ""))
            assert set(named) <= {fields.get("year")}, work.citekey


@pytest.mark.parametrize(
    ("year", "venue", "cited"),
    [
        (2015, "CVPR 2016", 2016),
        (2014, "SE4ML Workshop at NeurIPS 2014", 2014),
        (2015, "Nature", 2015),
        (2015, None, 2015),
        (2022, "NeurIPS 2021", 2022),
        (1998, "Lecture Notes in Computer Science 2030", 1998),
        (None, "ICML 2017", None),
    ],
)
def test_an_entry_is_of_the_year_that_its_venue_names(
    year: int | None, venue: str | None, cited: int | None
) -> None:
    assert bibtex.cited_year(Work("k", "T", year=year, venue=venue)) == cited


def test_characters_special_to_latex_are_escaped() -> None:
    work = Work("k", "50% of A&B_{c} --- \\d ~ ^ #1 $x$", authors=("Simon and Schuster", "K, Jr."))
    entry = bibtex.entry(work)
    assert r"50\% of A\&B\_\textbraceleft{}c\textbraceright{} -{}-{}- \textbackslash{}d" in entry
    assert r"\textasciitilde{} \textasciicircum{} \#1 \$x\$" in entry
    assert "author = {{Simon and Schuster} and {K, Jr.}}" in entry


# ── CSV ──────────────────────────────────────────────────────────────────────


@given(st.lists(holdings, max_size=3))
def test_a_table_has_all_facts_and_no_formulas(held: list[ExportedWork]) -> None:
    rows = list(csv_reader.DictReader(io.StringIO(csv.dumps(held), newline="")))
    for row, holding in zip(rows, held, strict=True):
        work = holding.work
        assert row["title"] == csv.cell(work.title)
        assert row["summary"] == csv.cell(work.summary)
        assert row["reason"] == csv.cell(holding.record.reason)
        assert row["year"] == str(work.year or "")
        assert row["status"] == holding.status
        assert all(note.body.strip() in row["notes"] for note in holding.record.notes)
        assert not [text for text in row.values() if text.startswith(tuple("=+-@\t\r\n"))]


@given(bodies)
def test_a_cell_is_its_text_or_its_text_behind_a_quote(text: str) -> None:
    assert csv.cell(text) == (f"'{text}" if text[:1] in {*"=+-@\t\r\n"} else text)


# ── Markdown ─────────────────────────────────────────────────────────────────


@given(holdings)
def test_front_matter_is_yaml_and_the_notes_follow(holding: ExportedWork) -> None:
    work, record = holding.work, holding.record
    _, front, body = markdown.dumps(holding).split("---\n", 2)
    fields = yaml.safe_load(front)
    assert fields["title"] == work.title
    assert fields["aliases"] == [work.title, *work.aliases]
    assert fields.get("authors", []) == [*work.authors, *["others"][: work.more_authors]]
    for name in ("year", "venue", "kind", "arxiv", "doi"):
        assert fields.get(name) == getattr(work, name)
    assert (fields.get("reason"), fields.get("until")) == (record.reason, record.until)
    assert (fields["status"], fields.get("last_read")) == (holding.status, holding.last_read)
    assert fields.get("passes", []) == holding.passes()
    assert fields["tags"][0] == "papertui"
    assert not [tag for tag in fields["tags"] if re.search(r"\s", tag)]
    for text in (work.summary, work.insight, *(note.body.strip("\n") for note in record.notes)):
        assert (text or "") in body


@given(st.text())
def test_a_file_name_is_safe_on_every_system(citekey: str) -> None:
    name = markdown.file_name(citekey)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}\.md", name)
    assert not PureWindowsPath(name).is_reserved()


@given(st.lists(st.text("aA-./\\é ", max_size=100), unique_by=str.lower))
def test_no_two_keys_share_a_file_on_any_system(keys: list[str]) -> None:
    assert len({markdown.file_name(key).lower() for key in keys}) == len(keys)


@pytest.mark.parametrize("citekey", ["con", "NUL", "com1.x", "../../etc/passwd", ".", "-rf", ""])
def test_hostile_names_are_made_harmless(citekey: str) -> None:
    name = markdown.file_name(citekey)
    assert name != f"{citekey}.md"
    assert "/" not in name
    assert name[0] not in ".-"


@pytest.mark.parametrize("key", [ATTENTION, "Vaswani2017", "VSP17"])
def test_an_ordinary_key_is_the_name(key: str) -> None:
    assert markdown.file_name(key) == f"{key}.md"


# ── RIS and CSL-JSON ─────────────────────────────────────────────────────────


@given(st.lists(holdings, max_size=3))
def test_ris_is_read_by_another_program(written: list[ExportedWork]) -> None:
    read = rispy.loads(ris.dumps(written)) if written else []
    assert len(read) == len(written)
    for reference, exported in zip(read, written, strict=True):
        work = exported.work
        assert reference["id"] == work.citekey
        assert reference["title"] == safe_line(work.title).strip()
        assert len(reference.get("authors", [])) == len(work.authors)
        assert reference.get("doi") == work.doi
        year = bibtex.cited_year(work)
        assert reference.get("year") == (str(year) if year else None)


@given(st.lists(holdings, max_size=3, unique_by=lambda exported: exported.work.citekey))
def test_csl_json_is_read_by_another_program(written: list[ExportedWork]) -> None:
    items = json.loads(csl_json.dumps(written))
    bibliography = CiteProcJSON(items)
    for exported, item in zip(written, items, strict=True):
        reference = bibliography[exported.work.citekey.lower()]
        assert item["title"] == exported.work.title
        assert item.get("DOI") == exported.work.doi
        assert len(item.get("author", [])) == len(exported.authors)
        assert reference.type.replace("_", "-") == item["type"].replace("_", "-")


@pytest.mark.parametrize(
    ("name", "inverted"),
    [
        ("Ashish Vaswani", "Vaswani, Ashish"),
        ("Laurens van der Maaten", "van der Maaten, Laurens"),
        ("OpenAI", "OpenAI"),
        ("The Example Research Team", "The Example Research Team"),
        ("Ada B. Clark-Deen", "Clark-Deen, Ada B."),
    ],
)
def test_family_names_come_first_in_ris(name: str, inverted: str) -> None:
    assert parse_name(name).inverted == inverted


@pytest.mark.parametrize(
    ("name", "bib", "csl"),
    [
        ("Gemini Team", "{Gemini Team}", {"literal": "Gemini Team"}),
        ("Simon and Schuster", "{Simon and Schuster}", {"literal": "Simon and Schuster"}),
        ("OpenAI", "OpenAI", {"literal": "OpenAI"}),
        ("John Smith Jr.", "Smith, Jr., John",
         {"family": "Smith", "given": "John", "suffix": "Jr."}),
        ("Juan de la Cruz", "Juan de la Cruz",
         {"family": "Cruz", "given": "Juan", "non-dropping-particle": "de la"}),
    ],
)  # fmt: skip
def test_all_formats_part_a_name_alike(name: str, bib: str, csl: dict[str, str]) -> None:
    work = Work("k", "T", authors=(name, "Ada Clark"))
    exported = ExportedWork(work, WorkRecord())
    ada = {"family": "Clark", "given": "Ada"}
    assert f"author = {{{bib} and Ada Clark}}" in bibtex.entry(work)
    assert json.loads(csl_json.dumps([exported]))[0]["author"] == [csl, ada]
    as_read = ", ".join(filter(None, map(csl.get, ("family", "given", "suffix"))))
    assert f"{as_read or name}\r\n" in ris.dumps([exported])


def test_an_edit_keeps_the_order_of_an_entry_and_the_names_that_it_has() -> None:
    fields = {"Title": "T", "author": "{Foam Makers} and Halm, Bo", "date": "1998", "note": "N"}
    entry = BibEntry("misc", "halm1998foam", fields, edited=("title", "authors", "year"))
    work = Work("a", "Foam", authors=("Ada Clark", "Foam Makers"), year=1999)
    assert bibtex.kept_entry(entry, work).split("\n")[1:-1] == [
        "  Title = {{Foam}},", "  author = {Ada Clark and {Foam Makers}},", "  note = {N},",
        "  year = {1999},",
    ]  # fmt: skip
    authors = json.loads(csl_json.dumps([ExportedWork(work, WorkRecord(), entry=entry)]))[0]
    assert authors["author"] == [{"family": "Clark", "given": "Ada"}, {"literal": "Foam Makers"}]


ENTRIES = {
    "phdthesis": ("THES", "thesis"),
    "techreport": ("RPRT", "report"),
    "inbook": ("CHAP", "chapter"),
    "conference": ("CONF", "paper-conference"),
    "article": ("JOUR", "article-journal"),
}


@pytest.mark.parametrize("type_", ENTRIES)
def test_references_have_the_type_volume_and_pages_of_their_entry(type_: str) -> None:
    fields = {
        "journal": "Sea {L}etters",
        "volume": "3",
        "number": "1",
        "pages": "10--19",
        "publisher": "Foam \\& Sons",
    }
    entry = BibEntry(type_, "halm1998foam", fields)
    work = Work("a2020b", "T", venue="Sea Letters", year=1998)
    exported = ExportedWork(work, WorkRecord(), entry=entry)
    reference = ris.dumps([exported])
    assert reference.startswith(f"TY  - {ENTRIES[type_][0]}\r\nID  - halm1998foam\r\n")
    for tag in ("VL  - 3", "IS  - 1", "SP  - 10", "EP  - 19", "PY  - 1998"):
        assert f"\r\n{tag}\r\n" in reference
    item = json.loads(csl_json.dumps([exported]))[0]
    assert (item["type"], item["volume"], item["page"]) == (ENTRIES[type_][1], "3", "10-19")


@pytest.mark.parametrize("year", ["", "2015", "2016"])
@pytest.mark.parametrize("booktitle", ["", "CVPR"])
@pytest.mark.parametrize("edited", [(), ("year",), ("venue",)])
@pytest.mark.parametrize("type_", ["inproceedings", "misc"])
def test_all_references_of_a_work_have_one_year_and_the_venue_of_that_year(
    year: str, booktitle: str, edited: tuple[str, ...], type_: str
) -> None:
    work = Work("he2015deep", "T", year=2015, venue="CVPR 2016")
    given = {"title": "T", "year": year, "booktitle": booktitle}
    entry = BibEntry(type_, "he2016", {k: v for k, v in given.items() if v}, edited=edited)
    bib = next(iter(bibtex_import.parse_bibtex(bibtex.kept_entry(entry, work), "a").all_items()))
    exported = ExportedWork(work, WorkRecord(), entry=entry)
    item = json.loads(csl_json.dumps([exported]))[0]
    (record,) = rispy.loads(ris.dumps([exported]))
    venue = item.get("container-title") or item.get("publisher")
    cited = item["issued"]["date-parts"][0][0]
    assert int(record["year"]) == cited
    assert venue in (None, record.get("secondary_title"), record.get("publisher"))
    assert bib.year in (None, cited)
    assert bib.venue in (None, venue)
    if bib.venue is None and venue:
        assert cited == bibtex.cited_year(work)


def test_a_note_that_was_edited_is_exported_with_the_day_on_which_it_was_begun() -> None:
    begun = datetime(2026, 11, 9, 20, tzinfo=UTC)
    note = Note("n", "v", 2, "Heads", "2026-11-14T20:30:00.000+00:00", 0, begun=begun)
    assert "## Note of Mon 9 Nov 2026, second pass" in markdown.note_parts([note], "paper")
    exported = ExportedWork(Work("k", "T"), WorkRecord(notes=(note,)))
    assert "2026-11-09, second pass\nHeads" in csv.dumps([exported])


def test_a_note_keeps_its_lines_in_ris_and_none_of_them_is_another_field() -> None:
    body = "Heads\n\n| a | b |\n\tList<int> x;\nER  - no end\n3 > 2\n"
    note = Note("n", "v", None, body, "2026-11-14T20:30:00.000+00:00", 0)
    exported = ExportedWork(Work("k", "T"), WorkRecord(notes=(note,)))
    lines = ["N1  - Heads", "", "| a | b |", "    List&lt;int> x;", " ER  - no end", "3 > 2"]
    assert "\r\n".join(["", *lines, "ER  - "]) in ris.dumps([exported])


def test_references_have_the_venue_and_kind_that_the_reader_gave_a_work() -> None:
    fields = {"journal": "Old Letters", "volume": "3"}
    entry = BibEntry("article", "halm1998foam", fields, edited=("venue", "kind"))
    work = Work("a2020b", "T", venue="New House", year=1998, kind="book")
    exported = ExportedWork(work, WorkRecord(), entry=entry)
    reference = ris.dumps([exported])
    assert reference.startswith("TY  - BOOK\r\n")
    assert "\r\nPB  - New House\r\n" in reference
    assert "Old Letters" not in reference + csl_json.dumps([exported])


@pytest.mark.parametrize("name", VENUE_FIELDS)
def test_an_edited_venue_takes_the_place_of_the_one_in_the_entry(name: str) -> None:
    entry = BibEntry("misc", "halm1998foam", {name: "Old"}, edited=("venue",))
    assert f"{name} = {{New}}" in (text := bibtex.kept_entry(entry, Work("a", "T", venue="New")))
    assert "Old" not in text
    assert "Old" not in bibtex.kept_entry(entry, Work("a", "T"))


def test_csv_and_markdown_name_a_work_by_the_readers_key() -> None:
    entry = BibEntry("misc", "halm1998foam", {})
    exported = ExportedWork(Work("a2020b", "T"), WorkRecord(), entry=entry)
    assert "\r\nhalm1998foam," in csv.dumps([exported])
    page = markdown.dumps(exported)
    assert 'citekey: "halm1998foam"' in page
    assert markdown.written_citekey(page.encode()) == "a2020b"


def test_the_types_of_references_follow_their_venues() -> None:
    paper = Work("a2020b", "T", authors=("Ada Clark",), year=2020)
    types = {
        paper._replace(venue="Journal of Tests 3", doi="10.1000/x"): ("JOUR", "article-journal"),
        paper._replace(venue="ICXX 2020"): ("CONF", "paper-conference"),
        paper._replace(kind="book", venue="A Press"): ("BOOK", "book"),
        paper._replace(arxiv="2001.00001"): ("UNPB", "article"),
        paper._replace(kind="video"): ("VIDEO", "motion_picture"),
    }
    for work, (ris_type, csl_type) in types.items():
        exported = ExportedWork(work, WorkRecord())
        assert ris.dumps([exported]).startswith(f"TY  - {ris_type}\r\n")
        assert json.loads(csl_json.dumps([exported]))[0]["type"] == csl_type


# ── the command ──────────────────────────────────────────────────────────────


def citekeys(*arguments: str) -> list[str]:
    text = run("--format", "csv", *arguments).stdout
    return [row["citekey"] for row in csv_reader.DictReader(io.StringIO(text, newline=""))]


def test_without_names_the_works_the_reader_dealt_with_are_exported(reader: Store) -> None:
    assert sorted(citekeys()) == [RESNET, "mine-00000000", ATTENTION]
    assert len(citekeys("--all")) == len(reader.works.citekeys())
    assert citekeys("resnet", "1512.03385") == [RESNET]
    reader.undo(reader.last_act())
    assert "mine-00000000" not in citekeys()


def test_lists_and_sections_have_the_names_that_the_reader_sees(
    reader: Store, tmp_path: Path
) -> None:
    made, key = new_section(reader, "Mine")
    reader.record(
        made,
        journal.make_section(f"{key}/Vision", "Vision", 0.0),
        journal.place_work(RESNET, "", None, f"{key}/Vision", 0.0),
        journal.rename_section(f"{key}/Vision", "I/O", "Vision"),
        journal.rename_section(key, "My Lab", "Mine"),
    )
    table = run("--format", "csv", RESNET).stdout
    (row,) = csv_reader.DictReader(io.StringIO(table, newline=""))
    assert row["lists"].split("; ")[-1] == "My Lab/I∕O"
    assert not re.search("-[0-9a-f]{8}|Vision|deep-learning", row["lists"])
    run("--format", "md", "--out", str(tmp_path / "vault"), RESNET)
    page = (tmp_path / "vault" / f"{RESNET}.md").read_text(encoding="utf-8")
    assert "papertui/my-lab/i-o" in page
    # The table says where a work was, and comes back as one list.
    parsed = parse_csv(table, "lab.csv")
    assert [section.title for section in parsed.sections] == ["lab"]
    assert [item.citekey for item in parsed.all_items()] == [RESNET]


def test_notes_on_a_work_that_left_the_catalogue_are_exported(store: Store) -> None:
    store.record(journal.save_note("gone2020work", "n", "my words"))
    assert citekeys() == ["gone2020work"]


@pytest.mark.parametrize("format_", ["bib", "csv", "ris", "csl", "json"])
def test_a_file_is_for_its_owner_alone_and_says_so_on_stderr(
    reader: Store, tmp_path: Path, format_: str
) -> None:
    out = tmp_path / "out"
    result = run("--format", format_, "--out", str(out))
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert str(out) in result.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    printed, written = run("--format", format_).stdout_bytes, out.read_bytes()
    bare = re.compile(rb'\xef\xbb\xbf|"exported".*')
    assert bare.sub(b"", printed) == bare.sub(b"", written)


def test_a_spreadsheet_is_told_that_it_is_utf_8(reader: Store, tmp_path: Path) -> None:
    run("--format", "csv", "--out", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfcitekey")


def test_markdown_is_a_folder_with_a_file_for_each_work(reader: Store, tmp_path: Path) -> None:
    out = tmp_path / "vault"
    assert "name a folder" in run("--format", "md", "--out", str(tmp_path / "all.md")).stderr
    assert "Exported: 3 works" in run("--format", "md", "--out", str(out)).stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert sorted(path.name for path in out.iterdir()) == [
        f"{RESNET}.md",
        "mine-00000000.md",
        f"{ATTENTION}.md",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert "=heads differ" in (out / f"{ATTENTION}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("format_", ["md", "bib", "csv", "json"])
def test_no_file_is_replaced_without_force(reader: Store, tmp_path: Path, format_: str) -> None:
    out = tmp_path / "out"
    there = out / f"{ATTENTION}.md" if format_ == "md" else out
    there.parent.mkdir(exist_ok=True)
    there.write_text("precious", encoding="utf-8")
    assert "--force" in refused("--format", format_, "--out", str(out))
    assert there.read_text(encoding="utf-8") == "precious"
    assert len(list(there.parent.glob("*.md"))) == (format_ == "md")
    assert run("--format", format_, "--out", str(out), "--force").exit_code == 0
    assert there.read_text(encoding="utf-8") != "precious"


def test_a_link_in_the_folder_leads_nowhere_else(reader: Store, tmp_path: Path) -> None:
    other, out = tmp_path / "other", tmp_path / "vault"
    out.mkdir()
    other.write_text("precious", encoding="utf-8")
    (out / f"{ATTENTION}.md").symlink_to(other)
    # --force would not help, so it is not named.
    for force in ([], ["--force"]):
        said = refused("--format", "md", "--out", str(out), *force)
        assert "it is not a plain file" in said
        assert "--force" not in said
    assert other.read_text(encoding="utf-8") == "precious"
    # Nothing is written by halves.
    assert [path.name for path in out.iterdir()] == [f"{ATTENTION}.md"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "md"],
        ["--format", "docx"],
        ["--format", "json", RESNET],
        ["--format", "bib", "--all", RESNET],
        [],
    ],
)
def test_misuse_is_reported(arguments: Sequence[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_failed_write_is_reported_in_one_line(reader: Store, tmp_path: Path) -> None:
    assert "No such file" in refused("--format", "bib", "--out", str(tmp_path / "no" / "x"))
    assert "No such file" in refused("--format", "md", "--out", str(tmp_path / "no" / "x"))
    (tmp_path / "file").touch()
    assert "not a folder" in refused("--format", "md", "--out", str(tmp_path / "file"))
    assert "No work fits" in refused("--format", "bib", "no such work")


def test_a_reader_who_has_done_nothing_gets_an_empty_table() -> None:
    result = run("--format", "csv")
    assert result.stdout.splitlines() == [",".join(csv.COLUMNS)]
    assert "--all" in result.stderr


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / "out"
    out.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="No space left"):
        files.write(out, "new", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert out.read_text(encoding="utf-8") == "old"


def test_a_disk_without_links_is_written_to_and_guarded_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    files.write(tmp_path / "out", "new")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "new"
    with pytest.raises(Refused, match="is there already"):
        files.write(tmp_path / "out", "newer")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "new"


# ── papertui's own format, read ──────────────────────────────────────────────


def change(name: str, value: Any) -> Callable[[str], str]:
    def changed(text: str) -> str:
        data = json.loads(text)
        data["events"][1] |= {name: value}
        return json.dumps(data)

    return changed


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: "", "not JSON"),
        (lambda _: "[1]", "lacks 'papertui'"),
        (lambda _: "[" * 100_000, "nested too deeply"),
        (lambda _: "[" * 5_000_001, "too large"),
        (lambda _: '{"papertui": 2}', "format 1"),
        (lambda _: '{"papertui": 1}', "events: should be a list"),
        (lambda _: '{"papertui": 1, "events": [5]}', "events[0]: should be an object"),
        (lambda text: text.replace('"seq": 2', '"seq": NaN'), "NaN"),
        (lambda text: text[:-20], "not JSON"),
        (change("seq", "2"), "events[1].seq: should be a whole number"),
        (change("seq", True), "events[1].seq"),
        (change("at", 2**63), "events[1].at"),
        (change("at", 1.5), "events[1].at"),
        (change("id", ""), "events[1].id"),
        (change("id", None), "events[1].id"),
        (change("device", "\ud800"), "events[1].device"),
        (change("kind", "\x1b]0;x\x07"), "events[1].kind"),
        (change("work", 5), "events[1].work"),
        (change("wall", "soon"), "events[1].wall"),
        (change("utc_offset", 10**9), "events[1].utc_offset"),
        (change("data", [1]), "events[1].data"),
        (change("data", {"a": [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]}), "events[1].data"),
        (change("\x1b[2J", 1), "is not a known field"),
    ],
)
def test_a_spoiled_export_is_refused_with_its_first_fault(
    reader: Store, spoil: Callable[[str], str], says: str
) -> None:
    text = spoil(run("--format", "json").stdout)
    with pytest.raises(Refused) as caught:
        journal_file.events(text)
    message = str(caught.value)
    assert says in message
    assert message == safe_line(message)
    assert len(message) < 300


def test_an_event_of_an_unknown_kind_is_kept(reader: Store) -> None:
    text = change("kind", "telepathy")(run("--format", "json").stdout)
    assert journal_file.events(text)[1] == reader.events()[1]._replace(kind="telepathy")


def test_settings_of_papertui_itself_stay_here(reader: Store) -> None:
    reader.set_setting("tree", "{}")
    text = run("--format", "json").stdout
    assert '"settings": {"tree": "{}"}' in text
    assert '"works": {"mine-00000000": {"title": "Mine", "kind": "paper"' in text


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_force_replaces_only_a_plain_file(tmp_path: Path, kind: str) -> None:
    precious, out = tmp_path / "precious", tmp_path / "out"
    precious.write_text("mine", encoding="utf-8")
    {"pipe": os.mkfifo, "link": lambda path: path.symlink_to(precious), "folder": Path.mkdir}[kind](
        out
    )
    before = out.lstat()
    with pytest.raises(Refused, match="it is not a plain file"):
        files.write(out, "text", force=True)
    assert os.path.samestat(out.lstat(), before)
    assert precious.read_text(encoding="utf-8") == "mine"
    files.write(precious, "text", force=True)
    assert precious.read_text(encoding="utf-8") == "text"
