"""Bytes of files: decoding, detection of the format, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.strict_json import MAX_BYTES
from papertui.errors import Refused
from papertui.importers.formats import decode, detect_format
from papertui.importers.reading_list.parser import repair_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf8_and_utf16_are_decoded(encoding: str) -> None:
    assert decode("# Schölkopf ✨\n".encode(encoding), "list.md") == ("# Schölkopf ✨\n", ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_become_line_feeds(end: str) -> None:
    assert decode(f"- a{end}- b{end}".encode(), "list.md")[0] == "- a\n- b\n"


def test_invalid_utf8_is_replaced_and_counted() -> None:
    text, notes = decode(b"- Sch\xf6lkopf and Vapnik\xff", "list.md")
    assert text == "- Sch\ufffdlkopf and Vapnik\ufffd"
    assert notes == ("2 signs could not be read as UTF-8",)


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
