"""A file's bytes as text: which format it is, what had to be repaired, what is refused."""

import re
from collections.abc import Mapping

from ftfy import fix_encoding

from papertui.core import strict_json
from papertui.core.text import count, without_controls
from papertui.errors import Refused

MAX_BYTES = strict_json.MAX_BYTES
_HEAD = 8192
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BIBTEX = re.compile(r"@[a-z]+\s*[{(]", re.IGNORECASE)
_JSON = re.compile(r"\{|\[\s*[{\"\]]")
# A terminal's colours and titles, with the letters that would be left of them.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?)")
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
    notes = (f"{count(lost, 'sign')} could not be read as UTF-8",) if lost > 0 else ()
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


def repaired(text: str) -> tuple[str, Mapping[int, str]]:
    """Return `text` without control characters and with UTF-8 once read as Windows-1252 put right.

    The second value holds each line that was put right as it had been, by its
    number from 1. Lines are repaired one by one, since a list is often pasted
    together from several sources.
    """
    lines = text.split("\n")
    originals = {}
    for index, line in enumerate(lines):
        if not line.isascii() and (fixed := fix_encoding(line)) != line and "\n" not in fixed:
            originals[index + 1] = line
            lines[index] = fixed
    return without_controls(_ESCAPES.sub("", "\n".join(lines))), originals
