"""Bytes of a file to text, text to its format, and both to the parser of that format."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from papertui.core.journal import Event
from papertui.core.strict_json import MAX_BYTES
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedList

_HEAD = 8192
MAX_JOURNAL = 256 * 1024 * 1024
# What JabRef writes on top, in Java's names.
_ENCODING = re.compile(
    rb"^%?\s*Encoding:\s*(?:x-)?((?:cp|windows-|iso-?8859[-_]|mac|koi8|s?jis|shift|euc|big5|gb)[\w-]*)",
    re.IGNORECASE | re.MULTILINE,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BIBTEX = re.compile(r"@[a-z]+\s*[{(]", re.IGNORECASE)
_JSON = re.compile(r"\{|\[\s*[{\"\]]")
_INSTEAD = "export the works as BibTeX or CSV instead"
# Well-known formats that no parser reads, each with what its text has near its beginning.
_UNREAD = tuple(
    (named, instead, re.compile(sign, re.IGNORECASE | re.MULTILINE))
    for named, instead, sign in (
        ("RIS", _INSTEAD, r"^TY {1,2}- ?[A-Z]{3,8}[ \t]*$"),
        ("MEDLINE of PubMed (.nbib)", _INSTEAD, r"\APMID ?- ?\d"),
        ("EndNote's text (.enw)", _INSTEAD, r"\A%0 \w.*\n%[A-Z0-9@] "),
        ("text of Web of Science", _INSTEAD, r"\AFN (?:Clarivate|Thomson|ISI)"),
        ("CSL-JSON", _INSTEAD, r"""\A\[\s*\{[^{\[]*"(?:id|type|title)"\s*:"""),
        ("EndNote's XML", _INSTEAD, r"\A(?:<\?xml\b[^>]*>)?\s*(?:<xml>\s*)?<records>\s*<record\b"),
        ("MODS", _INSTEAD, r"\A(?:<\?xml\b[^>]*>)?\s*<(?:mods:)?mods(?:Collection)?\b"),
        ("RDF", _INSTEAD, r"\A(?:<\?xml\b[^>]*>)?\s*<rdf:RDF\b"),
        ("SVG", "save the list in it as text and import that", r"\A(?:<[?!][^>]*>\s*)*<svg\b"),
        ("XML", _INSTEAD, r"\A<\?xml\b(?![\s\S]*<html\b)"),
        ("Org", "export it as Markdown and import that", r"\A\s*#\+\w+:|^\*+ (?:TODO|DONE) \S"),
        ("RTF", "save it as plain text and import that", r"\A\{\\rtf"),
    )
)
_ENDINGS = {
    "bib": "bibtex", "json": "json", "md": "markdown", "markdown": "markdown", "csv": "csv",
    "tsv": "csv",
}  # fmt: skip


def read_file(path: Path) -> bytes:
    """Return the bytes of a file, at most one more than an import may have. Raises Refused."""
    try:
        with path.open("rb") as file:
            return read(file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"Cannot read {path}: {reason}.") from error


def read(file: BinaryIO) -> bytes:
    """Return the bytes of an open file, at most one more than an import may have."""
    start = file.read(_HEAD)
    return start + file.read(_limit(start) + 1 - len(start))


def _limit(data: bytes) -> int:
    """Return how many bytes a file that begins with `data` may have: a journal holds lists."""
    return MAX_JOURNAL if data.lstrip()[:1] == b"{" else MAX_BYTES


def parse_file(
    data: bytes, name: str, title: str = "", is_title: Callable[[str], bool] = lambda _: False
) -> ParsedList | list[Event]:
    """Return the list in the bytes of a file, or the events of a papertui export.

    A `title` replaces that of the file, that of a section with it too. Words are a work if
    `is_title` says that a known work has that title. Raises Refused if the file is neither, or
    of another well-known format.
    """
    text, notes = decode(data, name)
    check_is_read(text, name)
    file_format = detect_format(text, name)
    if file_format == "json":
        from papertui.core import journal_file

        return journal_file.events(text)
    if file_format == "bibtex":
        from papertui.importers.bibtex import parse_bibtex as parse
    elif file_format == "csv":
        from papertui.importers.csv_table import parse_csv as parse
    else:
        from papertui.importers.reading_list.parser import parse_reading_list

        parse = partial(parse_reading_list, is_title=is_title)
    parsed: ParsedList = parse(text, name)
    parsed = replace(parsed, problems=(*notes, *parsed.problems))
    if not title:
        return parsed
    sections = [
        replace(section, title=title) if section.title == parsed.title else section
        for section in parsed.sections
    ]
    return replace(parsed, title=title, sections=tuple(sections))


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    r"""Return `data` as text with ``\n`` at every line end, and notes of repairs.

    Understands UTF-8, with or without a byte order mark, and UTF-16 with one.
    What is not UTF-8 is read in the encoding that the file names, as JabRef's
    do, else line by line as Windows-1252, which a note says. Raises Refused if
    the data are too large or no text.
    """
    if len(data) > _limit(data[:_HEAD]):
        raise Refused(f"{name} is larger than {_limit(data[:_HEAD]) // 1024**2} MB: split it.")
    if data.startswith(b"%PDF-"):
        raise Refused(
            f"{name} is a PDF, not a list",
            ": papertui add adds a single paper.",
            {"add": "adds a single paper"},
        )
    notes: tuple[str, ...] = ()
    if data.startswith(_UTF16):
        text = data.decode("utf-16", "replace")
    elif b"\0" in data[:_HEAD]:
        raise Refused(
            f"{name} is not a text file: save it as UTF-8 text, a spreadsheet as CSV, and import"
            " that."
        )
    else:
        text, notes = _decode_bytes(data)
    lost = text.count("\ufffd") - (0 if data.startswith(_UTF16) else data.count(b"\xef\xbf\xbd"))
    if lost > 0:
        notes = (*notes, f"{quantity(lost, 'sign')} could not be read as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _decode_bytes(data: bytes) -> tuple[str, tuple[str, ...]]:
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig"), ()
    if named := _ENCODING.search(data[:_HEAD]):
        encoding = named[1].decode()
        with suppress(LookupError):
            return data.decode(encoding, "replace"), (f"Read as {encoding}, as the file says.",)
    lines, others = [], []
    for number, line in enumerate(data.removeprefix(BOM_UTF8).split(b"\n"), 1):
        text = line.decode("utf-8", "replace")
        # A line with other signs in UTF-8 has lost bytes; it is in no other encoding.
        if "\ufffd" in text and text.replace("\ufffd", "").isascii():
            text = line.decode("cp1252", "replace")
            others.append(number)
        lines.append(text)
    if not others:
        return "\n".join(lines), ()
    note = f"Line {others[0]}: not in UTF-8, so it was read as Windows-1252"
    further = len(others) - 1
    so_were = f"; so {'was' if further == 1 else 'were'} {quantity(further, 'other line')}"
    more = so_were if further else ""
    return "\n".join(lines), (f"{note}{more}.",)


def check_is_read(text: str, name: str) -> None:
    """Raise Refused, with what to do instead, for text of a known format without a parser."""
    head = text.lstrip()[:_HEAD]
    for named, instead, sign in _UNREAD:
        if sign.search(head):
            raise Refused(f"{name} is {named}, which papertui does not read: {instead}.")


def detect_format(text: str, name: str) -> str:
    """Return "markdown" (plain text too), "bibtex", "json" or "csv", by the name or the text."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if known := _ENDINGS.get(ending):
        return known
    first = next((line for line in text.split("\n") if line.strip()[:1] not in ("", "%")), "")
    if _BIBTEX.match(first.strip()):
        return "bibtex"
    if _JSON.match(text.lstrip()[:_HEAD]):
        return "json"
    from papertui.importers.csv_table import is_csv

    return "csv" if is_csv(text) else "markdown"
