"""Bytes of a file to text, text to its format, and both to the parser of that format."""

import re
from dataclasses import replace
from pathlib import Path

from papertui.core.journal import Event
from papertui.core.strict_json import MAX_BYTES
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedList

_HEAD = 8192
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BIBTEX = re.compile(r"@[a-z]+\s*[{(]", re.IGNORECASE)
_JSON = re.compile(r"\{|\[\s*[{\"\]]")
_ENDINGS = {"bib": "bibtex", "json": "json", "md": "markdown", "markdown": "markdown"}


def read_file(path: Path) -> bytes:
    """Return the bytes of a file, at most one more than an import may have. Raises Refused."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"Cannot read {path}: {reason}.") from error


def parse_file(data: bytes, name: str, title: str = "") -> ParsedList | list[Event]:
    """Return the list in the bytes of a file, or the events of a papertui export.

    A `title` replaces that of the file. Raises Refused if the file is neither.
    """
    text, notes = decode(data, name)
    file_format = detect_format(text, name)
    if file_format == "json":
        from papertui.core import journal_file

        return journal_file.events(text)
    if file_format == "bibtex":
        from papertui.importers.bibtex import parse_bibtex as parse
    else:
        from papertui.importers.reading_list.parser import parse_reading_list as parse
    parsed: ParsedList = parse(text, name)
    return replace(parsed, title=title or parsed.title, problems=(*notes, *parsed.problems))


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    r"""Return `data` as text with ``\n`` at every line end, and notes of repairs.

    Understands UTF-8, with or without a byte order mark, and UTF-16 with one;
    other bytes become U+FFFD and are counted in a note. Raises Refused if the
    data are too large or no text.
    """
    if len(data) > MAX_BYTES:
        raise Refused(f"{name} is larger than {MAX_BYTES // 1024**2} MB: split it.")
    if data.startswith(b"%PDF-"):
        raise Refused(f"{name} is a PDF, not a list: add a single paper with 'papertui add'.")
    if data.startswith(_UTF16):
        text = data.decode("utf-16", "replace")
    elif b"\0" in data[:_HEAD]:
        raise Refused(f"{name} is not a text file: save it as UTF-8 text and import that.")
    else:
        text = data.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd") - (0 if data.startswith(_UTF16) else data.count(b"\xef\xbf\xbd"))
    notes = (f"{quantity(lost, 'sign')} could not be read as UTF-8",) if lost > 0 else ()
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def detect_format(text: str, name: str) -> str:
    """Return "markdown" (plain text too), "bibtex" or "json": by the name, else by the text."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if known := _ENDINGS.get(ending):
        return known
    first = next((line for line in text.split("\n") if line.strip()[:1] not in ("", "%")), "")
    if _BIBTEX.match(first.strip()):
        return "bibtex"
    return "json" if _JSON.match(text.lstrip()[:_HEAD]) else "markdown"
