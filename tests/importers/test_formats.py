"""Bytes of files: decoding, detection of the format, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.catalog import Work
from papertui.core.records import WorkRecord
from papertui.core.strict_json import MAX_BYTES
from papertui.errors import Refused
from papertui.exporters import csl_json, ris
from papertui.exporters.exported_work import ExportedWork
from papertui.importers.formats import check_is_read, decode, detect_format, parse_file
from papertui.importers.parsed_list import ParsedList
from papertui.importers.reading_list.parser import repair_text

OWN = ExportedWork(Work("a2020b", "One", year=2020), WorkRecord())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf8_and_utf16_are_decoded(encoding: str) -> None:
    assert decode("# Schölkopf ✨\n".encode(encoding), "list.md") == ("# Schölkopf ✨\n", ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_become_line_feeds(end: str) -> None:
    assert decode(f"- a{end}- b{end}".encode(), "list.md")[0] == "- a\n- b\n"


def test_invalid_utf8_is_replaced_and_counted() -> None:
    text, notes = decode("- Schölkopf and Vapnik".encode() + b"\xff\xff", "list.md")
    assert text == "- Schölkopf and Vapnik\ufffd\ufffd"
    assert notes == ("2 signs could not be read as UTF-8",)


def test_lines_that_are_not_utf8_are_windows_1252() -> None:
    text, notes = decode(
        "- Schölkopf\n- ".encode() + b"Sch\xf6lkopf \x96 x\n- \xe9\n- \xe9\n", "list.md"
    )
    assert text == "- Schölkopf\n- Schölkopf – x\n- é\n- é\n"
    assert notes == (
        "Line 2: not in UTF-8, so it was read as Windows-1252; so were 2 other lines.",
    )


@pytest.mark.parametrize(
    ("named", "encoding"),
    [
        ("Cp1252", "cp1252"), ("Cp1250", "cp1250"), ("ISO8859_1", "latin-1"),
        ("ISO-8859-15", "iso8859-15"), ("x-MacRoman", "mac_roman"), ("windows-1251", "cp1251"),
    ],
)  # fmt: skip
def test_a_file_is_read_in_the_encoding_that_jabref_names(named: str, encoding: str) -> None:
    name = "Łuk" if named == "Cp1250" else "Чех" if named == "windows-1251" else "Müller"
    text, notes = decode(f"% Encoding: {named}\n\n{name}".encode(encoding), "x.bib")
    assert text.endswith(name)
    assert len(notes) == 1


def test_a_file_in_utf8_is_read_so_whatever_encoding_it_names() -> None:
    assert decode("% Encoding: Cp1252\nMüller".encode(), "x.bib")[0].endswith("Müller")


def test_an_unknown_encoding_is_passed_over() -> None:
    assert decode(b"% Encoding: cp99999\nM\xfcller", "x.bib")[0].endswith("Müller")


def test_a_replacement_character_in_the_file_itself_is_not_counted() -> None:
    assert decode("- \ufffd".encode(), "list.md") == ("- \ufffd", ())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x7fELF\x02\x01\x01\x00", "not a text file"),
        (b"PK\x03\x04\x14\x00\x00\x00", "not a text file"),
        ("# list".encode("utf-16-le"), "save it as UTF-8"),
        (b"%PDF-1.7\n%", "is a PDF"),
        (b"-" * (MAX_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_other_kinds_of_files_are_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message) as refusal:
        decode(data, "papers.md")
    assert str(refusal.value).startswith("papers.md ")
    assert "\n" not in str(refusal.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data, "x")
    except Refused:
        return
    assert "\r" not in text
    text.encode()


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("@article{a, title={A}}", "library.bib", "bibtex"),
        ('{"version": 1}', "papertui.json", "json"),
        ("# Papers\n```\n@article{a}\n```", "README.md", "markdown"),
        ("@misc{a}", "notes.md", "markdown"),
        ("% Encoding: UTF-8\n\n@Article{a, title={A}}", "-", "bibtex"),
        ('  {"works": {}}', "-", "json"),
        ('[{"title": "A"}]', "data.txt", "json"),
        ("[A paper](https://example.org)", "-", "markdown"),
        ("[1] A. Author. A paper. 2017.", "-", "markdown"),
        ("1. A paper", "list.txt", "markdown"),
        ("", "-", "markdown"),
    ],
)
def test_the_format_follows_from_the_name_or_else_from_the_text(
    text: str, name: str, kind: str
) -> None:
    assert detect_format(text, name) == kind


def test_utf8_read_as_windows_1252_is_repaired_and_its_original_kept() -> None:
    text, originals = repair_text("# å½±æ£®\n- Schölkopf\n- ðŸŒ² SchÃ¶lkopf")
    assert text == "# 影森\n- Schölkopf\n- 🌲 Schölkopf"
    assert originals == {1: "# å½±æ£®", 3: "- ðŸŒ² SchÃ¶lkopf"}


def test_colours_and_control_characters_are_removed_without_changing_line_numbers() -> None:
    text, _ = repair_text("a\x1b[31mred\x1b[0m\n\x1b]0;title\x07b\n\u202ec\x00\n\td")
    assert text == "ared\nb\nc\n\td"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (ris.dumps([OWN]), "RIS"),
        ("Provider: A Press\nContent: text\n\nTY  - JOUR\nTI  - One\nER  - \n", "RIS"),
        ("PMID- 12345678\nOWN - NLM\nTI  - One\n", "nbib"),
        ("%0 Journal Article\n%T One\n%A Doe, Jane\n", "enw"),
        ("FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI One\n", "Web of Science"),
        (csl_json.dumps([OWN]), "CSL-JSON"),
        ('<?xml version="1.0"?><xml><records><record/></records></xml>', "EndNote's XML"),
        ('<?xml version="1.0"?>\n<modsCollection xmlns="a"><mods/></modsCollection>', "MODS"),
        ('<rdf:RDF xmlns:rdf="a"><bib:Article/></rdf:RDF>', "RDF"),
        ('<?xml version="1.0"?>\n<svg xmlns="a"><text>One</text></svg>', "SVG"),
        ('<svg xmlns="a">\n<text>One</text></svg>', "SVG"),
        ('<?xml version="1.0"?><opml version="2.0"/>', "XML"),
        ("{\\rtf1\\ansi One}", "RTF"),
        ("#+TITLE: One\n\n* Two\n", "Org"),
        ("* TODO One of two\n* DONE Two\n", "Org"),
    ],
)
@pytest.mark.parametrize("name", ["list", "list.txt", "list.json"])
def test_a_well_known_format_that_is_not_read_is_refused_by_its_name(
    text: str, named: str, name: str
) -> None:
    with pytest.raises(Refused, match=f"{name} is .*{named}.*: (export|save)"):
        parse_file(f"\ufeff\n{text}".encode(), name)


@pytest.mark.parametrize(
    "text",
    [
        "# TY - a talk\n- TY  - JOUR is a line of RIS\n- One",
        '<?xml version="1.0"?>\n<!DOCTYPE html>\n<html><ul><li>One</ul></html>',
        "% 0 comments\n@article{a, title={One}}",
        "[1] One\n[2] Two",
        "<records> of the sea",
    ],
)
def test_a_list_is_not_taken_for_such_a_format(text: str) -> None:
    check_is_read(text, "list.md")


def test_the_tags_of_a_page_without_a_list_are_no_works() -> None:
    for page in ("<!doctype html><html><body>\nHello\n</body></html>", "<html>Hello"):
        parsed = parse_file(page.encode(), "page.html")
        assert isinstance(parsed, ParsedList)
        assert not parsed.sections
