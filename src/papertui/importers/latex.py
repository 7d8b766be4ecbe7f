"""LaTeX in BibTeX fields to plain text: titles, names, addresses."""

import html
import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from papertui.core.text import safe_line, shorten

MAX_NAME = 200
MAX_NAMES = 10_000
MAX_ACCENTS = 3
_MARKUP = re.compile(r"[\\{}$~]|--|``|''|[?!]`")
_COMMANDS = re.compile(r"[\\$~&#%]|--|``|''|[?!]`")
_NO_BRACES = str.maketrans("", "", "{}")
_GROUPING = re.compile(r"(?<!\\)[{}$]")
_UNFINISHED = re.compile(r"\\(?:[A-Za-z]+|[\"'`^~=.])$")  # a command that waits for its letter
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[bcdHkrtuv](?![A-Za-z]))|\S")
_PERCENT = re.compile(r"(?<!\\)%")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)|[{}$]", re.DOTALL)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
# The commands that most fields have, and no others; pylatexenc, which knows all, is slow.
_ACCENTED = re.compile(
    r"\\([\"'`^~=.])(?:([A-Za-z]|\\[ij](?![A-Za-z]))|\{([A-Za-z]|\\[ij])\})"
    r"|\\([cvuHkr])(?:\{([A-Za-z])\}| +([A-Za-z])(?![A-Za-z]))"
)
_COMBINING = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328",
    "r": "\u030a",
}  # fmt: skip
_FONT = re.compile(r"\\(?:emph|textit|textbf|textrm|textsc|texttt|mathrm|text|mbox)\s*(?=\{)")
_SIGNS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "textless": "<", "textgreater": ">",
}  # fmt: skip
_SIGN = re.compile(rf"\\({'|'.join(_SIGNS)})(?:\{{\}}|(?![A-Za-z]) *)")
_PLAIN_MATH = re.compile(r"(?<!\\)\$([^$\\{}~&#%`'-]*)\$")
_ESCAPED_SIGN = re.compile(r"\\([&%#$_])")
_DASHES = re.compile(r"(?<![-!])-{2,3}(?!-)")
_MATH = re.compile(r"(?<!\\)\$[^$]*\$|\\\(.*?\\\)", re.DOTALL)
# A raised or lowered number in mathematics, in its own braces and font or not.
_SCRIPT = re.compile(
    r"([_^])\s*(?:\{\s*(?:\\(?:mathrm|textrm|text|rm)\b\s*)?\{?([0-9+\-=()ni]+)\}?\s*\}|([0-9]))"
)
_SCRIPT_COMMAND = re.compile(r"\\text(sub|super)script\s*(?:\{([^{}]*)\}|([^\s{}\\]))")
_DEGREE = re.compile(r"\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![A-Za-z]))")
_SCRIPT_TAG = re.compile(r"<(sub|sup)>([^<>]{0,40})</\1>")
_SUB = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SUP = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|scp|p|jats:\w+)(?:\s[^<>]{0,100})?>")
# Signs of an address after a backslash, or spelt out: \\textless{}, {\\textless}, $<$.
_ESCAPED = re.compile(
    r"\{\\([_%&#~$])\}|\\([_%&#~$^{}])"
    r"|\{?\\(text[a-z]+|lbrace|rbrace)\b(?:\{\}|\}| )?|\$([<>])\$"
)
_SPELT = {
    "textless": "<", "textgreater": ">", "textasciitilde": "~", "textunderscore": "_",
    "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "lbrace": "{",
    "rbrace": "}", "textasciicircum": "^",
}  # fmt: skip
_AND = re.compile(r"[{}]|\s+and(?=\s)", re.IGNORECASE)
_COMMA = re.compile(r"[{},]")
_NAMED_PART = re.compile(r"\b(family|given|prefix|suffix)\s*=\s*([^,]+)")
_ADDRESS = re.compile(r"\\(?:url|href)\s*\{([^{}]*)\}")
# Missing from pylatexenc's own table; Zotero and JabRef write most of these.
_MACROS = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_",
    "textbraceleft": "{", "textbraceright": "}", "textquotedbl": '"', "textasciicircum": "^",
    "copyright": "©", "pounds": "£", "euro": "€", "S": "§", "P": "¶", "url": "%s",
}  # fmt: skip
# It logs every oddity; the reader is told of the important ones among a list's problems.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
_SPECS = [MacroTextSpec(name, simplify_repl=text) for name, text in _MACROS.items()]
_CONTEXT = get_default_latex_context_db()
_CONTEXT.add_context_category("papertui", macros=_SPECS, prepend=True)
_DECODER = LatexNodes2Text(latex_context=_CONTEXT, math_mode="text")


def latex_to_text(latex: str) -> str:
    """Return LaTeX as one safe line of text: accents composed, commands and braces removed."""
    text = latex
    if _MARKUP.search(latex):
        simple = _simplified(latex)
        is_simple = not _has_commands(simple)
        text = _bare(simple) if is_simple else " ".join(map(_decode, _chunks(latex)))
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "<" in text:
        text = _TAG.sub("", _SCRIPT_TAG.sub(lambda tag: _script(tag[1], tag[2]), text))
    return safe_line(text)


def _script(kind: str, text: str) -> str:
    """Return text as small signs above or below the line; as it is if there are none for it."""
    signs = text.strip().translate(_SUB if kind in ("sub", "_") else _SUP)
    return text if any(sign.isascii() for sign in signs) else signs


def _with_scripts(math: str) -> str:
    """Return mathematics with raised and lowered numbers, without its signs $ if it is simple."""
    math = _DEGREE.sub("°", math)
    math = _SCRIPT.sub(lambda found: _math_script(found[0], found[1], found[2] or found[3]), math)
    return _PLAIN_MATH.sub(r"\1", math)


def _math_script(whole: str, kind: str, text: str) -> str:
    signs = _script(kind, text)
    return whole if signs == text else signs


def _chunks(latex: str) -> Iterator[str]:
    """Yield the words of a text; words that share braces, math or a command come as one.

    Most words are plain and many are repeated, so little of a text has to be decoded.
    """
    pending: list[str] = []
    depth, in_math = 0, False
    for word in latex.split():
        if not pending and not _MARKUP.search(word):
            yield word
            continue
        pending.append(word)
        for sign in _GROUPING.findall(word):
            depth = depth + 1 if sign == "{" else max(0, depth - 1) if sign == "}" else depth
            in_math ^= sign == "$"
        if not depth and not in_math and not _UNFINISHED.search(word):
            yield " ".join(pending)
            pending.clear()
    yield " ".join(pending)


def _simplified(latex: str) -> str:
    """Return LaTeX with what is frequent and simple in it decoded."""
    if "$" in latex or "\\(" in latex:
        latex = _MATH.sub(lambda math: _with_scripts(math[0]), latex)
    if "\\" in latex:
        latex = _ACCENTED.sub(_accented, _FONT.sub("", latex))
        latex = _SIGN.sub(lambda sign: _SIGNS[sign[1]], latex)
    return _DASHES.sub(lambda dashes: "–" if len(dashes[0]) == 2 else "—", latex)


def _has_commands(simplified: str) -> bool:
    return bool(_COMMANDS.search(_ESCAPED_SIGN.sub("", simplified)))


def _bare(simplified: str) -> str:
    return _ESCAPED_SIGN.sub(r"\1", simplified).translate(_NO_BRACES)


@lru_cache(maxsize=4096)
def _decode(latex: str) -> str:
    latex = _simplified(latex)
    if not _has_commands(latex):
        return _bare(latex)
    latex = _SCRIPT_COMMAND.sub(lambda c: _script(c[1], c[2] or c[3]), latex)
    if _accent_depth(latex) > MAX_ACCENTS:
        return _COMMAND.sub("", latex)
    try:
        # A percent sign begins a comment in LaTeX, but in a BibTeX field it is a percent sign.
        return str(_DECODER.latex_to_text(_PERCENT.sub(r"\\%", latex)))
    except Exception:  # whatever a hostile field does to the library, its words remain
        return _COMMAND.sub("", latex)


def _accented(accent: re.Match[str]) -> str:
    """Return a letter with its accent, the whole as it is if there is no such letter."""
    letter = (accent[2] or accent[3] or accent[5] or accent[6]).lstrip("\\")
    composed = unicodedata.normalize("NFC", letter + _COMBINING[accent[1] or accent[4]])
    return composed if len(composed) == 1 else accent[0]


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
    latex = latex.strip(" \t\n{}")
    if "\\" in latex or "$" in latex:
        latex = _ESCAPED.sub(_unescaped, latex)
    return html.unescape(latex) if "&lt;" in latex or "&gt;" in latex else latex


def _unescaped(escaped: re.Match[str]) -> str:
    return escaped[1] or escaped[2] or escaped[4] or _SPELT.get(escaped[3], escaped[0])


def split_names(latex: str) -> tuple[list[str], bool]:
    """Return the names in a field, as LaTeX, and True if it says that there are more."""
    names = [name for name in _split(_AND, latex) if name]
    more = bool(names) and names[-1].lower() in ("others", "et al", "et al.")
    return names[:-1] if more else names, more


def _split(between: re.Pattern[str], latex: str) -> Iterator[str]:
    """Yield the parts of LaTeX that something outside of braces separates."""
    depth = start = 0
    for sign in between.finditer(latex):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth = max(0, depth - 1)
        elif not depth:
            yield latex[start : sign.start()].strip()
            start = sign.end()
    yield latex[start:].strip()


def parse_names(latex: str) -> tuple[tuple[str, ...], bool]:
    """Return the names of a field, given names first, and True if there are more."""
    names, more = split_names(latex)
    shown = filter(None, map(_parse_name, islice(names, MAX_NAMES)))
    return tuple(shown), more or len(names) > MAX_NAMES


@lru_cache(maxsize=8192)
def _parse_name(latex: str) -> str:
    """Return a name with its given names first: "First von Last" of "von Last, Jr., First"."""
    latex = latex[: 10 * MAX_NAME]
    family, *others = _split(_COMMA, latex)
    named = dict(_NAMED_PART.findall(latex))  # as biblatex has it: family=Last, given=First
    if "family" in named:
        parts = [named.get(part, "") for part in ("given", "prefix", "family", "suffix")]
    else:
        parts = [*others[1:], family, others[0]] if others[1:] else [*others, family]
    return shorten(latex_to_text(" ".join(parts)), MAX_NAME)
