"""HTML, JATS and MathML in titles and abstracts to plain text."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import count

from papertui.core.tex import sub, sup
from papertui.core.text import terminal_safe

_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_MAX_ESCAPED = 3
_MATHML = (
    "math|semantics|m(?:row|i|n|o|text|sub|sup|subsup|frac|sqrt|root|over|under|underover|style"
    "|space|padded|fenced|table|tr|td|phantom|multiscripts|prescripts)"
)
_NAME = (
    "i|b|em|strong|sub|sup|inf|span|scp?|small|u|tt|p|br|bold|italic|monospace|sec|title"
    f"|inline-formula|tex-math|alternatives|jats:[a-z-]+|(?:mml:)?(?:{_MATHML})"
)
_TAG = re.compile(rf"<(?P<end>/)?(?P<name>{_NAME})(?:\s+[\w:-]+\s*=[^<>]*|\s*)(?P<empty>/)?>")
_HEADING = re.compile(r"^\s*<(?:jats:)?title>\s*(?:abstract|summary)\.?\s*</(?:jats:)?title>", re.I)
_BLOCKS = ("p", "br", "sec", "title", "jats:p", "jats:sec", "jats:title", "jats:break")
_MAX_DEPTH = 50
_BLOCK_NAMES = "p|div|h[1-6]|[uo]l|hr|blockquote|pre|table|html|body"
_ATTRIBUTES = r"(?:\s+[\w:-]+=[^<>]*|\s*/)?\s*"
_HTML_TAG = re.compile(
    rf"<(?:{_BLOCK_NAMES}|li|br){_ATTRIBUTES}>"
    r"|</(?:p|div|h[1-6]|li|[abiu]|em|strong|su[bp]|span|font|code)>",
    re.IGNORECASE,
)
_ALL_HTML = re.compile(
    rf"\s*<(?:{_BLOCK_NAMES}){_ATTRIBUTES}>.*</(?:{_BLOCK_NAMES})>\s*", re.I | re.S
)
_SIGN = r"[ \t]*(?:[-*+>]\s|#{1,6}\s|\d{1,3}[.)]\s|```|\|)"  # of Markdown at the start of a line
_MARKDOWN = re.compile(rf"\n{_SIGN}")
# Ends of lines that are blanks in HTML, and code, in which they are not.
_WRAPPED = re.compile(rf"(<pre\b(?:[^<]|<(?!/?pre\b))*+</pre>)|(?<!\n)\n(?!{_SIGN}|\n)", re.I)
_LINK = re.compile(r"<a\s([^<>]*)>((?:[^<]|<(?!/?a\b))*+)</a>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"'](https?://[^\"'\s]+)[\"']", re.IGNORECASE)
_ITEM = re.compile(r"(?:(?:\s*</p>)?\s*</li>)?\s*<li\b[^<>]*>\s*(?:<p\b[^<>]*>\s*)?", re.IGNORECASE)
_NEXT_CELL = re.compile(
    r"(?:\s*</p>)?\s*</t[dh]>\s*<t[dh]\b[^<>]*>(?:\s*<p\b[^<>]*>)?", re.IGNORECASE
)
_LINE = re.compile(r"<(?:br|tr)\b[^<>]*>[ \t]*\n?", re.IGNORECASE)
_BLOCK = re.compile(rf"\s*</?(?:{_BLOCK_NAMES}){_ATTRIBUTES}>\s*", re.IGNORECASE)
_OTHER_TAG = re.compile(
    rf"<!--[^<>]*-->|</?(?!(?:{_NAME})\b)[a-z][a-z0-9-]*(?::[a-z]+)?(?:\s[^<>]*|/)?>", re.IGNORECASE
)

# What people do not write in angle brackets as a word of their own.
_KNOWN_TAG = re.compile(
    rf"<!--[^<>]*-->|</?(?:a|code|del|font|img|ins|kbd|li|strike|t[dhr]|tbody|thead){_ATTRIBUTES}>",
    re.IGNORECASE,
)
_CODE = re.compile(r"`[^`\n]*`|`")
# Where code is put back, by its number, between signs that no language has.
_CODE_HERE = re.compile("\ue000(\\d+)\ue000")


def html_to_text(text: str) -> str:
    """Return text without the tags that services put into it, which may be escaped twice.

    Sub- and superscripts are kept.
    """
    for _ in range(_MAX_ESCAPED):
        if not _ENTITY.search(text):
            break
        text = _ENTITY.sub(lambda entity: terminal_safe(html.unescape(entity[0])), text)
    return _without_tags(_HEADING.sub("", text)) if "<" in text else text


def is_html(text: str) -> bool:
    """Return True if a text has tags of HTML, and is not Markdown with a few of them in it."""
    has_tags = _HTML_TAG.search(_CODE.sub("", text)) and not _MARKDOWN.search(text)
    return bool(has_tags or _ALL_HTML.fullmatch(text))


def html_to_lines(text: str) -> str:
    """Return an HTML text as plain text, with its lines, the dashes of lists, and its links.

    Only if all of the text is in tags of paragraphs, the ends of lines count as blanks and
    whatever is in angle brackets as a tag; else code in backticks and blanks are kept.
    """
    if _ALL_HTML.fullmatch(text):
        text = _WRAPPED.sub(lambda part: part[1] or " ", _without_blanks(text.split("\n")))
        return _without_blanks(_lines_without_tags(text, _OTHER_TAG))
    code, numbers = _CODE.findall(text), count()
    text = _CODE.sub(lambda _: f"\ue000{next(numbers)}\ue000", text.replace("\ue000", ""))
    text = "\n".join(_lines_without_tags(text, _KNOWN_TAG))
    text = _CODE_HERE.sub(lambda at: "".join(code[int(at[1]) :][:1]), text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _lines_without_tags(text: str, other_tag: re.Pattern[str]) -> Iterator[str]:
    """Yield the lines of a text without tags, with the blanks that each begins with."""
    text = _NEXT_CELL.sub(" ", _ITEM.sub("\n- ", _LINK.sub(_with_address, text)))
    text = other_tag.sub("", _BLOCK.sub("\n\n", _LINE.sub("\n", text)))
    for line in text.split("\n"):
        bare = line.lstrip()
        yield line[: len(line) - len(bare)] + html_to_text(bare)


def _without_blanks(lines: Iterable[str]) -> str:
    """Return the text of lines with one blank between words, and one line between paragraphs."""
    text = "\n".join(" ".join(line.split()) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _with_address(link: re.Match[str]) -> str:
    """Return the words of a link, with its address behind them, if that is not in them."""
    href = _HREF.search(link[1])
    return f"{link[2]} ({href[1]})" if href and href[1] not in link[2] else link[2]


class _Element:
    """An element that is open: its name, and the texts of what is in it."""

    def __init__(self, name: str) -> None:
        self.name = name.removeprefix("mml:").removeprefix("jats:")
        self.is_math = name.startswith("mml:") or self.name == "math"
        self.parts: list[str] = []

    def shown(self) -> str:
        """Return the text of the element."""
        parts = [part for part in self.parts if part.strip()]
        match self.name, parts:
            case "msub" | "munder", [base, low]:
                return base + sub(low)
            case "msup" | "mover", [base, high]:
                return base + sup(high)
            case "msubsup" | "munderover", [base, low, high]:
                return base + sub(low) + sup(high)
            case "mfrac", [above, below]:
                return f"{_factor(above)}/{_factor(below)}"
            case "msqrt", [*inner]:
                return f"√{_factor(''.join(inner))}"
            case "sub" | "inf", _:
                return sub("".join(self.parts))
            case "sup", _:
                return sup("".join(self.parts))
            case "tex-math" | "mprescripts" | "mphantom", _:
                return ""
            case _:
                return "".join(map(str.strip, parts) if self.is_math else self.parts)


def _without_tags(text: str) -> str:
    opened = [_Element("")]
    at = 0
    for tag in _TAG.finditer(text):
        opened[-1].parts.append(text[at : tag.start()])
        at = tag.end()
        name = tag["name"]
        if name in _BLOCKS:
            opened[-1].parts.append(" ")
        elif not tag["end"] and not tag["empty"] and len(opened) < _MAX_DEPTH:
            opened.append(_Element(name))
            opened[-1].is_math |= opened[-2].is_math
        elif tag["end"] and any(element.name == _Element(name).name for element in opened[1:]):
            while len(opened) > 1:
                closed = opened.pop()
                opened[-1].parts.append(closed.shown())
                if closed.name == _Element(name).name:
                    break
    opened[-1].parts.append(text[at:])
    while len(opened) > 1:
        closed = opened.pop()
        opened[-1].parts.append(closed.shown())
    return re.sub(r"\s+", " ", "".join(opened[0].parts)).strip()


def _factor(text: str) -> str:
    text = text.strip()
    return text if all(map(str.isalnum, text)) else f"({text})"
