"""A file to import, read by the reader of its format."""

import re
from dataclasses import replace
from pathlib import Path

from papertui.core import strict_json
from papertui.core.journal import Event
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedList


def read_file(path: Path) -> bytes:
    """Return what a file holds, as far as an import can be long. Raises Refused."""
    try:
        with path.open("rb") as file:
            return file.read(strict_json.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"Cannot read {path}: {reason}.") from error


def found_in(data: bytes, name: str, title: str = "") -> ParsedList | list[Event]:
    """Return the list that a file holds, or the events of one of papertui's own.

    A `title` takes the place of that in the file. Raises Refused for what is
    neither.
    """
    text, notes = text_of(data, name)
    kind = kind_of(text, name)
    if kind == "json":
        from papertui.core import journal_file

        return journal_file.events(text)
    if kind == "bibtex":
        from papertui.importers.bibtex import library as read
    else:
        from papertui.importers.reading_list.parser import reading_list as read
    found: ParsedList = read(text, name)
    return replace(found, title=title or found.title, problems=(*notes, *found.problems))


MAX_BYTES = strict_json.MAX_BYTES
_HEAD = 8192
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BIBTEX = re.compile(r"@[a-z]+\s*[{(]", re.IGNORECASE)
_JSON = re.compile(r"\{|\[\s*[{\"\]]")
_ENDINGS = {"bib": "bibtex", "json": "json", "md": "markdown", "markdown": "markdown"}


def text_of(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    r"""Return the text in `data` with ``\n`` at every line end, and notes of what was repaired.

    UTF-8 is read, with or without a byte order mark, and UTF-16 with one;
    bytes that are neither become U+FFFD and are counted in a note. Raises
    Refused for what is too large and for what is no text.
    """
    if len(data) > MAX_BYTES:
        raise Refused(f"{name} is larger than {MAX_BYTES // 1024**2} MB: split it.")
    if data.startswith(b"%PDF-"):
        raise Refused(f"{name} is a PDF, not a list: add a single paper with 'papertui add'.")
    if data.startswith(_UTF16):
        text = data.decode("utf-16", "replace")
    elif b"\0" in data[:_HEAD]:
        raise Refused(f"{name} is no text file: save it as UTF-8 text and import that.")
    else:
        text = data.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd") - (0 if data.startswith(_UTF16) else data.count(b"\xef\xbf\xbd"))
    notes = (f"{quantity(lost, 'sign')} could not be read as UTF-8",) if lost > 0 else ()
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def kind_of(text: str, name: str) -> str:
    """Return "markdown" (plain text too), "bibtex" or "json": by the name, else by the text."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if known := _ENDINGS.get(ending):
        return known
    first = next((line for line in text.split("\n") if line.strip()[:1] not in ("", "%")), "")
    if _BIBTEX.match(first.strip()):
        return "bibtex"
    return "json" if _JSON.match(text.lstrip()[:_HEAD]) else "markdown"
