"""LaTeX in BibTeX fields to plain text: titles, names, addresses."""

import html
import logging
import re
from collections.abc import Iterator
from functools import lru_cache

from bibtexparser.middlewares import names as bibtex_names
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from papertui.core.identity import MAX_AUTHORS
from papertui.core.text import safe_line, shorten

MAX_NAME = 200
MAX_ACCENTS = 3
_MARKUP = re.compile(r"[\\{}$~]|--|``|''|[?!]`")
_GROUPING = re.compile(r"(?<!\\)[{}$]")
_UNFINISHED = re.compile(r"\\(?:[A-Za-z]+|[\"'`^~=.])$")  # a command that waits for its letter
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[bcdHkrtuv](?![A-Za-z]))|\S")
_ESCAPE = re.compile(r"(\s(?:a|an|and)?)(?=\\)", re.IGNORECASE)
_PERCENT = re.compile(r"(?<!\\)%")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)|[{}$]", re.DOTALL)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|scp|p|jats:\w+)(?:\s[^<>]{0,100})?>")
_ESCAPED = re.compile(r"\\([_%&#~$^{}])|\{\\textasciitilde\}|\\textasciitilde(?:\{\})?")
_ADDRESS = re.compile(r"\\(?:url|href)\s*\{([^{}]*)\}")
# Missing from pylatexenc's own table; Zotero and JabRef write most of these.
_MACROS = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_",
    "textbraceleft": "{", "textbraceright": "}", "textquotedbl": '"', "textasciicircum": "^",
    "copyright": "©", "pounds": "£", "euro": "€", "S": "§", "P": "¶", "url": "%s",
}  # fmt: skip
# Both log every oddity; the reader is told of the important ones among a list's problems.
for _name in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)
_SPECS = [MacroTextSpec(name, simplify_repl=text) for name, text in _MACROS.items()]
_CONTEXT = get_default_latex_context_db()
_CONTEXT.add_context_category("papertui", macros=_SPECS, prepend=True)
_DECODER = LatexNodes2Text(latex_context=_CONTEXT, math_mode="text")


def latex_to_text(latex: str) -> str:
    """Return LaTeX as one safe line of text: accents composed, commands and braces removed."""
    text = " ".join(map(_decode, _chunks(latex))) if _MARKUP.search(latex) else latex
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "<" in text:
        text = _TAG.sub("", text)
    return safe_line(text)


def _chunks(latex: str) -> Iterator[str]:
    """Yield the words of a text; words that share braces, math or a command come as one.

    Most words are plain and many are repeated, so little of a text has to be decoded.
    """
    pending: list[str] = []
    depth, in_math = 0, False
    for word in latex.split():
        pending.append(word)
        for sign in _GROUPING.findall(word):
            depth = depth + 1 if sign == "{" else max(0, depth - 1) if sign == "}" else depth
            in_math ^= sign == "$"
        if not depth and not in_math and not _UNFINISHED.search(word):
            yield " ".join(pending)
            pending.clear()
    yield " ".join(pending)


@lru_cache(maxsize=4096)
def _decode(latex: str) -> str:
    if not _MARKUP.search(latex):
        return latex
    if _accent_depth(latex) > MAX_ACCENTS:
        return _COMMAND.sub("", latex)
    try:
        # A percent sign begins a comment in LaTeX, but in a BibTeX field it is a percent sign.
        return str(_DECODER.latex_to_text(_PERCENT.sub(r"\\%", latex)))
    except Exception:  # whatever a hostile field does to the library, its words remain
        return _COMMAND.sub("", latex)


def _accent_depth(latex: str) -> int:
    """Return the most accents on one letter: each doubles the time and text of pylatexenc."""
    outer, depth, deepest = [0], 0, 0
    for sign in _ACCENT.findall(latex):
        if len(sign) > 1:
            depth += 1
        elif sign == "{":
            outer.append(depth)
        else:
            if sign == "}" and len(outer) > 1:
                outer.pop()
            depth = outer[-1]
        deepest = max(deepest, depth)
    return deepest


def unescape_address(latex: str) -> str:
    """Return an address or id from a field, where LaTeX escapes only a few signs."""
    if command := _ADDRESS.search(latex):
        latex = command[1]
    return _ESCAPED.sub(lambda escaped: escaped[1] or "~", latex).strip(" \t\n{}")


def parse_names(latex: str) -> tuple[tuple[str, ...], bool]:
    """Return the first eight names of a field, given names first, and True if there are more."""
    # bibtexparser 2.1, when it looks for "and", skips escapes unless a brace comes before them.
    parts = bibtex_names.split_multiple_persons_names(_ESCAPE.sub(r"\1{}", latex))
    more = parts[-1:] == ["others"]
    if more:
        parts.pop()
    names = map(_parse_name, parts[:MAX_AUTHORS])
    return tuple(filter(None, names)), more or len(parts) > MAX_AUTHORS


def _parse_name(latex: str) -> str:
    parts = bibtex_names.parse_single_name_into_parts(latex[: 10 * MAX_NAME], strict=False)
    return shorten(latex_to_text(parts.merge_first_name_first), MAX_NAME)
