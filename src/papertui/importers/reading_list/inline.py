"""Spans: stretches of text in one style or link, how they are collected, and marks in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from html import unescape
from itertools import groupby
from typing import NamedTuple

from markdown_it.token import Token

MAX_MARK = 20
MAX_BACK = 40  # characters at the end of a text that may be marks
MAX_TIER = 4
BREAK = "\r"  # ends a line of the text that goes on in the same line of the file
BAR = "\x7f"  # a bar that is a part of the text and separates nothing
# A place in the list itself, or another Markdown file beside it.
_INTERNAL = re.compile(
    r"(?:\./)?#|[^?#/.:]+$|(?:[^?#]*/)?readme\.md#"
    r"|(?P<file>(?![a-z][a-z0-9+.-]*:|//)[^?#]*\.(?:md|markdown)(?:#|$))",
    re.IGNORECASE,
)
# Comments first; an unclosed one takes the rest, so that nothing is read twice.
TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][A-Za-z][^<>]*>|<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"""\b(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,30}\]")
# One or more; signs of proportion, as in 1:2:3, are none.
_SHORTCODES = re.compile(r"(?<![\w:])(?::[a-z0-9_+-]{2,30}:)+")
# Symbols and pictographs; letters, arrows of formulas and box drawings are not marks.
_SIGN = (
    r"(?:[\u203c\u2049\u231a-\u23ff\u25a0-\u27bf\u2b00-\u2bff\u3030\u303d"
    r"\U0001f000-\U0001faff])(?:[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]"
    r"|\u200d[\u2640\u2642\u2600-\u27bf\U0001f000-\U0001faff])*"
)
_MARK = re.compile(rf"({_SIGN})(?:\s*\1)*")
_BLANKS = " \t\n"
_AROUND_MEANING = " \t\n=:-–—,;|/.*`"
_LEGEND = re.compile(r"\s*(?:legend|key|marks|symbols|emojis?|icons?)\s*:", re.IGNORECASE)
_EXPLANATION = re.compile(r"\b(?:marked|marks?|denotes?|indicates?|means?|stands? for)\b")
_TIER = re.compile(r"\W*tier\s*(\d{1,2})\s*\+?\W*", re.IGNORECASE)


# A LABEL names only the type of its target, a FACT is an author, a venue or a year.
Role = Enum("Role", ["TITLE", "LABEL", "FACT", "WORDS"])


class InlineSpan(NamedTuple):
    """A stretch of text in one style and role, with the target of its link as the file has it."""

    text: str
    url: str | None = None
    strong: bool = False
    italic: bool = False
    image: bool = False  # the text is that of a picture with a link, such as a badge
    code: bool = False
    role: Role = Role.WORDS

    @property
    def is_external(self) -> bool:
        """True if the span links out of the list, which may be several Markdown files."""
        return bool(self.url) and not _INTERNAL.match(self.url or "")

    @property
    def is_file(self) -> bool:
        """True if the span links to another Markdown file beside the list."""
        internal = _INTERNAL.match(self.url or "")
        return bool(internal and internal["file"])


Spans = tuple[InlineSpan, ...]


def text_of(spans: Iterable[InlineSpan]) -> str:
    """Return the text of spans without their styles and links."""
    return "".join(span.text for span in spans).replace(BAR, "|")


def coalesced(spans: Iterable[InlineSpan]) -> Iterator[InlineSpan]:
    """Yield spans, joined to those of the same link or style; words in a link hide its pictures."""
    filled = (span for span in spans if span.text)
    for _, neighbours in groupby(filled, lambda span: span.url or span[1:]):
        first, *others = neighbours
        words = [span for span in (first, *others) if not span.image] if others else []
        if words:
            strong, italic = any(x.strong for x in words), any(x.italic for x in words)
            text = "".join(span.text for span in words)
            first = words[0]._replace(text=text, strong=strong, italic=italic)
        yield first


class SpanWriter:
    """Collects text and tags in their order and returns them as spans; `url` is the open link."""

    def __init__(self) -> None:
        self.url: str | None = None
        self._spans: list[InlineSpan] = []
        self._depths = {"strong": 0, "b": 0, "em": 0, "i": 0}

    def write(self, text: str, code: bool = False) -> None:
        """Add text in the current style."""
        text = expand_shortcodes(_FOOTNOTE.sub("", text) if "[^" in text else text)
        strong = self._depths["strong"] + self._depths["b"] > 0
        italic = self._depths["em"] + self._depths["i"] > 0
        self._spans.append(InlineSpan(text, self.url, strong, italic, code=code))

    def add_tag(self, name: str, closing: bool, attributes: Mapping[str, object]) -> None:
        """Apply a tag if it has a meaning; pictures count if they are marks or have a link."""
        if name in self._depths:
            self._depths[name] = max(0, self._depths[name] + (-1 if closing else 1))
        elif name == "br":
            self.write(BREAK)
        elif name == "a":
            self.url = None if closing else str(attributes.get("href", self.url or ""))
        elif name == "img":
            alt = str(attributes.get("alt", "")).strip()
            if alt and not split_marks(expand_shortcodes(alt))[0]:
                self.write(alt)
            elif self.url:
                self._spans.append(InlineSpan(alt or "image", self.url, image=True))

    def add_html(self, tag: re.Match[str]) -> None:
        """Apply a tag that `TAG` has found."""
        values = (
            (name.lower(), unescape(double or single or bare).strip())
            for name, double, single, bare in _ATTRIBUTE.findall(tag[3][:4000])
        )
        self.add_tag(tag[2].lower(), bool(tag[1]), dict(values))

    def finish(self) -> Spans:
        """Return the spans written since the last call."""
        spans, self._spans = tuple(coalesced(self._spans)), []
        return spans


def inline_spans(tokens: list[Token]) -> Spans:
    """Return the spans of the inline tokens of one block."""
    writer = SpanWriter()
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                writer.write("\n")
            case "html_inline":
                for tag in filter(lambda tag: tag[2], TAG.finditer(token.content)):
                    writer.add_html(tag)
            case "text_special" if token.content == "|":
                writer.write(BAR)
            case "text" | "text_special" | "code_inline":
                writer.write(token.content, code=token.type == "code_inline")
            case _:
                writer.add_tag(token.tag, token.nesting < 0, {**token.attrs, "alt": token.content})
    return writer.finish()


def expand_shortcodes(text: str) -> str:
    """Return `text` with shortcodes, such as ``:star:``, as their emoji."""
    if ":" not in text or not _SHORTCODES.search(text):
        return text
    from emoji import emojize  # its table is large, and few lists have a shortcode

    return _SHORTCODES.sub(lambda codes: emojize(codes[0], language="alias"), text)


def split_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` without the marks at its two ends, and those marks in order."""
    text, front, back = text.strip(_BLANKS), [], []
    if text.isascii():
        return text, ()
    while match := _MARK.match(text):
        front.append(_normal_mark(match[0]))
        text = text[match.end() :].lstrip(_BLANKS)
    for match in reversed([*_MARK.finditer(text, max(0, len(text) - MAX_BACK))]):
        if match.end() < len(text):
            break
        back.append(_normal_mark(match[0]))
        text = text[: match.start()].rstrip(_BLANKS)
    return text, tuple(front + back[::-1])


def _normal_mark(mark: str) -> str:
    return "".join(mark.split()).replace("\ufe0e", "")[:MAX_MARK]


def parse_legend(text: str) -> Iterator[tuple[str, str]]:
    """Yield the marks that `text` explains, with their meanings."""
    marks = list(_MARK.finditer(text[:2000]))
    if not marks:
        return
    if len(marks) == 1 and _EXPLANATION.search(text):
        yield _normal_mark(marks[0][0]), " ".join(text.split())
    elif not _LEGEND.sub("", text[: marks[0].start()], count=1).strip(_AROUND_MEANING + "("):
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=True):
            meaning = " ".join(text[mark.end() : end].split()).strip(_AROUND_MEANING + "()")
            if meaning:
                yield _normal_mark(mark[0]), meaning


def parse_tier(text: str) -> int | None:
    """Return the tier from 1 to 4 if `text` names one and nothing else, None otherwise."""
    match = _TIER.fullmatch(text) if len(text) <= 40 else None
    return min(int(match[1]), MAX_TIER) if match and int(match[1]) else None
