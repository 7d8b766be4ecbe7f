"""LaTeX as it stands in BibTeX fields, read as plain text."""

import html
import logging
import re
from collections.abc import Iterator
from functools import lru_cache

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
)
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from papertui.core.text import safe_line, shorten

MOST_NAMES = 8
MOST_NAME = 200
MOST_STACKED = 3
_MARKS = re.compile(r"[\\{}$~]|--|``|''|[?!]`")
_GROUPING = re.compile(r"(?<!\\)[{}$]")
_UNDONE = re.compile(r"\\(?:[A-Za-z]+|[\"'`^~=.])$")  # a command that waits for its letter
_STACKING = re.compile(r"\\(?:[\"'`^~=.]|[bcdHkrtuv](?![A-Za-z]))|\S")
_AND = re.compile(r"(?<!\\)[{}]|\sand(?=\s)", re.IGNORECASE)
_PERCENT = re.compile(r"(?<!\\)%")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)|[{}$]", re.DOTALL)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|scp|p|jats:\w+)(?:\s[^<>]{0,100})?>")
_ESCAPED = re.compile(r"\\([_%&#~$^{}])|\{\\textasciitilde\}|\\textasciitilde(?:\{\})?")
_ADDRESS = re.compile(r"\\(?:url|href)\s*\{([^{}]*)\}")
# What pylatexenc's own table lacks; Zotero and JabRef write most of these.
_LACKING = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textunderscore": "_",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textquotedbl": '"',
    "textasciicircum": "^",
    "copyright": "©",
    "pounds": "£",
    "euro": "€",
    "S": "§",
    "P": "¶",
    "url": "%s",
}
# Both tell the log of every oddity; what the reader must know is said in the problems.
for _name in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def _decoder() -> LatexNodes2Text:
    context = get_default_latex_context_db()
    specs = [MacroTextSpec(name, simplify_repl=text) for name, text in _LACKING.items()]
    context.add_context_category("papertui", macros=specs, prepend=True)
    return LatexNodes2Text(latex_context=context, math_mode="text")


_DECODER = _decoder()


def plain(latex: str) -> str:
    """Return LaTeX as one safe line of text: accents composed, commands and braces gone."""
    text = " ".join(map(_read, _chunks(latex))) if _MARKS.search(latex) else latex
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        text = _TAG.sub("", text)
    return safe_line(text)


def _chunks(latex: str) -> Iterator[str]:
    """Yield the words of a text, those that LaTeX reads together as one.

    Most are plain, many come again: so little of a text has to be read as LaTeX.
    """
    pending: list[str] = []
    depth, in_math = 0, False
    for word in latex.split():
        pending.append(word)
        for sign in _GROUPING.findall(word):
            depth = depth + 1 if sign == "{" else max(0, depth - 1) if sign == "}" else depth
            in_math ^= sign == "$"
        if not depth and not in_math and not _UNDONE.search(word):
            yield " ".join(pending)
            pending.clear()
    yield " ".join(pending)


@lru_cache(maxsize=4096)
def _read(latex: str) -> str:
    if not _MARKS.search(latex):
        return latex
    if _stacked(latex) > MOST_STACKED:
        return _COMMAND.sub("", latex)
    try:
        # A percent sign begins a comment in LaTeX; in BibTeX fields it is meant as such.
        return str(_DECODER.latex_to_text(_PERCENT.sub(r"\\%", latex)))
    except Exception:  # whatever a hostile field does to the library, its words remain
        return _COMMAND.sub("", latex)


def _stacked(latex: str) -> int:
    """Return how many accents stand on one letter at most: each doubles what pylatexenc makes."""
    around, now, most = [0], 0, 0
    for sign in _STACKING.findall(latex):
        if len(sign) > 1:
            now += 1
        elif sign == "{":
            around.append(now)
        else:
            if sign == "}" and len(around) > 1:
                around.pop()
            now = around[-1]
        most = max(most, now)
    return most


def verbatim(latex: str) -> str:
    """Return an address or id, in which only a few signs are ever escaped."""
    if found := _ADDRESS.search(latex):
        latex = found[1]
    return _ESCAPED.sub(lambda found: found[1] or "~", latex).strip(" \t\n{}")


def names(latex: str) -> tuple[tuple[str, ...], bool]:
    """Return the first eight names in a field, first names first, and whether there are more."""
    found = [name for part in _apart(latex) if (name := part.strip())]
    more = found[-1:] == ["others"]
    found = found[:-1] if more else found
    read = map(_name_of, found[:MOST_NAMES])
    return tuple(filter(None, read)), more or len(found) > MOST_NAMES


def _apart(latex: str) -> Iterator[str]:
    """Yield what the word ``and`` parts outside braces."""
    depth, start = 0, 0
    for sign in _AND.finditer(latex):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth = max(0, depth - 1)
        elif not depth:
            yield latex[start : sign.start()]
            start = sign.end()
    yield latex[start:]


def _name_of(latex: str) -> str:
    parts = parse_single_name_into_parts(latex[: 10 * MOST_NAME], strict=False)
    return shorten(plain(parts.merge_first_name_first), MOST_NAME)
