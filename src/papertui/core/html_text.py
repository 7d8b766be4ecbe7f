"""HTML, JATS and MathML in titles and abstracts to plain text."""

import html
import re

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
_TAG = re.compile(rf"<(?P<end>/)?(?P<name>{_NAME})(?:\s[^<>]*)?(?P<empty>/)?>")
_HEADING = re.compile(r"^\s*<(?:jats:)?title>\s*(?:abstract|summary)\.?\s*</(?:jats:)?title>", re.I)
_BLOCKS = ("p", "br", "sec", "title", "jats:p", "jats:sec", "jats:title", "jats:break")
_MAX_DEPTH = 50
# Of a text that was written in an editor of HTML, where ends of lines are blanks.
_EDITED = re.compile(r"\s*<(?:p|div|h[1-6]|[uo]l|blockquote|pre|table|br)\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"<a\s([^<>]*)>((?:[^<]|<(?!/?a\b))*+)</a>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"'](https?://[^\"'\s]+)[\"']", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>\s*(?:<p\b[^<>]*>\s*)?", re.IGNORECASE)
_LINE = re.compile(r"<(?:br|tr)\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|h[1-6]|[uo]l|hr|blockquote|pre|table)\b[^<>]*>", re.IGNORECASE)
_OTHER_TAG = re.compile(rf"</?(?!(?:{_NAME})\b)[a-z][^<>]*>", re.IGNORECASE)


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
    """Return True if a text begins with the tag of a block, as editors of HTML leave it."""
    return bool(_EDITED.match(text))


def html_to_lines(text: str) -> str:
    """Return an HTML text as plain text, with its lines, the dashes of lists, and its links."""
    text = _ITEM.sub("\n- ", " ".join(_LINK.sub(_with_address, text).split()))
    text = _OTHER_TAG.sub("", _BLOCK.sub("\n\n", _LINE.sub("\n", text)))
    lines = (html_to_text(line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


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
